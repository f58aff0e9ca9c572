//! Where *Save and continue* leads after a confirmation: one of a fixed list.

use uuid::Uuid;

use super::{form::Form, paths, queue::Queue};
use crate::domain::agreement::Channel;

/// The value that means Account info, and the one that means the next customer of a list.
pub const ACCOUNT: &str = "account";
/// See [`ACCOUNT`].
pub const NOT_CONFIRMED: &str = "next-not-confirmed";

/// What goes on once the acceptance is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: back to Account info.
    Account {
        /// The list that somebody walks through.
        walk: Option<Queue>,
    },
    /// The next customer of the list that somebody walks through.
    NotConfirmed {
        /// The list.
        walk: Queue,
    },
    /// A new order, with what was filled in of it.
    Order {
        /// The kept order.
        draft: Option<Uuid>,
    },
    /// A change of a number of licences.
    Quantity {
        /// The subscription.
        subscription: Uuid,
        /// The number as typed.
        quantity: String,
    },
}

impl Next {
    /// Reads it from the fields of a form or a query; anything else than what is listed means Account info.
    pub fn of(form: &Form) -> Self {
        let account = || Self::Account { walk: Queue::of(form) };
        let guid = |name: &str| Uuid::try_parse(form.get_raw(name)).ok();
        match form.get_raw("next") {
            "order" => Self::Order { draft: guid("draft") },
            "quantity" => match guid("subscription") {
                Some(subscription) => Self::Quantity { subscription, quantity: form.get_raw("quantity").to_owned() },
                None => account(),
            },
            NOT_CONFIRMED => Queue::of(form).map_or_else(account, |walk| Self::NotConfirmed { walk }),
            _ => account(),
        }
    }

    /// The hidden fields that carry it.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Account { walk } => {
                let walk = walk.iter().flat_map(Queue::fields).cloned();
                std::iter::once(("next", ACCOUNT.to_owned())).chain(walk).collect()
            }
            Self::NotConfirmed { walk } => {
                std::iter::once(("next", NOT_CONFIRMED.to_owned())).chain(walk.fields().iter().cloned()).collect()
            }
            Self::Order { draft } => {
                let draft = draft.map(|draft| ("draft", draft.to_string()));
                std::iter::once(("next", "order".to_owned())).chain(draft).collect()
            }
            Self::Quantity { subscription, quantity } => vec![
                ("next", "quantity".to_owned()),
                ("subscription", subscription.to_string()),
                ("quantity", quantity.clone()),
            ],
        }
    }

    /// The Update form that leads on to it.
    pub fn update(&self, customer: Uuid) -> String {
        match self {
            Self::Account { walk: None } => paths::update(customer),
            _ => paths::with_query(&paths::update(customer), self.fields()),
        }
    }

    /// The page it leads on to.
    pub fn path(&self, customer: Uuid) -> String {
        match self {
            Self::Account { walk } => account(customer, walk.as_ref()),
            Self::NotConfirmed { walk } => walk.next(customer),
            Self::Order { draft: None } => paths::new_order(customer),
            Self::Order { draft: Some(draft) } => paths::kept_order(customer, *draft),
            Self::Quantity { subscription, quantity } => {
                let path = paths::quantity(customer, *subscription);
                if quantity.is_empty() { path } else { format!("{path}?quantity={}", paths::encode(quantity)) }
            }
        }
    }

    /// The page for leaving without saving.
    pub fn back(&self, customer: Uuid) -> String {
        match self {
            Self::Account { .. } | Self::NotConfirmed { .. } => account(customer, self.walk()),
            Self::Order { .. } => paths::account(customer),
            Self::Quantity { .. } => paths::subscriptions(customer),
        }
    }

    /// The list that somebody walks through.
    pub fn walk(&self) -> Option<&Queue> {
        match self {
            Self::Account { walk } => walk.as_ref(),
            Self::NotConfirmed { walk } => Some(walk),
            Self::Order { .. } | Self::Quantity { .. } => None,
        }
    }

    /// The channel through which the confirmation comes in.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Account { .. } | Self::NotConfirmed { .. } => Channel::AccountInfo,
            Self::Order { .. } | Self::Quantity { .. } => Channel::OrderPrompt,
        }
    }
}

/// Account info, of a list that somebody walks through.
fn account(customer: Uuid, walk: Option<&Queue>) -> String {
    let account = paths::account(customer);
    walk.map_or(account.clone(), |walk| walk.on(&account))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Next {
        Next::of(&Form::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()))
    }

    #[test]
    fn it_leads_only_where_the_list_says() {
        let (customer, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let id = other.to_string();
        for pairs in [
            &[][..],
            &[("next", "account")],
            &[("next", "https://evil.example")],
            &[("next", "/customers")],
            &[("next", "quantity")],
            &[("next", "quantity"), ("subscription", "../..")],
            &[("next", "next-not-confirmed")],
            &[("next", "next-not-confirmed"), ("sort", "name")],
        ] {
            assert_eq!(of(pairs), Next::Account { walk: None }, "{pairs:?}");
        }
        let walk = of(&[("next", "next-not-confirmed"), ("status", "not-confirmed"), ("path", "//evil")]);
        assert_eq!(walk.path(customer), format!("/customers/next?status=not-confirmed&after={customer}"));
        assert_eq!(walk.back(customer), format!("/customers/{customer}/account?status=not-confirmed"));
        assert_eq!(of(&[("next", "order"), ("draft", "//evil")]), Next::Order { draft: None });
        let order = of(&[("next", "order"), ("draft", &id)]);
        assert_eq!(order.path(customer), format!("/customers/{customer}/orders/new?draft={other}"));
        let quantity = of(&[("next", "quantity"), ("subscription", &id), ("quantity", "3 0&x=1")]);
        assert_eq!(
            quantity.path(customer),
            format!("/customers/{customer}/subscriptions/{other}/quantity?quantity=3%200%26x%3D1")
        );
    }

    #[test]
    fn its_fields_read_back_as_itself() {
        let id = Uuid::from_u128(7);
        let walk = Queue::listed(vec![("q", "a b&c".to_owned()), ("sort", "-name".to_owned())], Some(2));
        for next in [
            Next::Account { walk: None },
            Next::Account { walk: walk.clone() },
            Next::NotConfirmed { walk: walk.expect("a list") },
            Next::Order { draft: None },
            Next::Order { draft: Some(id) },
            Next::Quantity { subscription: id, quantity: "3 0".into() },
        ] {
            let fields = next.fields();
            let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(of(&pairs), next);
        }
    }
}
