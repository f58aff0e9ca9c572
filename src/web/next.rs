//! Where *Save and continue* leads after a confirmation: one of a fixed list.

use uuid::Uuid;

use super::{
    form::Form,
    paths,
    queue::{Queue, SourceList},
};
use crate::domain::agreement::Channel;

/// The value that means Account info, and the one that means the next customer of a queue.
pub const ACCOUNT: &str = "account";
/// See [`ACCOUNT`].
pub const QUEUE: &str = "queue";

/// The name and the value of the button that saves and leaves the queue.
pub const CLOSE: (&str, &str) = ("then", "close");

/// What goes on once the acceptance is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: back to Account info.
    Account {
        /// The list that the customer was reached from.
        list: Option<SourceList>,
    },
    /// The next customer of a queue.
    Queue {
        /// The queue, at this customer.
        queue: Queue,
        /// Whether to leave the queue for its list instead.
        close: bool,
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
        let account = || Self::Account { list: SourceList::of(form) };
        let guid = |name: &str| Uuid::try_parse(form.get_raw(name)).ok();
        match form.get_raw("next") {
            "order" => Self::Order { draft: guid("draft") },
            "quantity" => match guid("subscription") {
                Some(subscription) => Self::Quantity { subscription, quantity: form.get_raw("quantity").to_owned() },
                None => account(),
            },
            QUEUE => Self::Queue { queue: Queue::of(form), close: form.get_raw(CLOSE.0) == CLOSE.1 },
            _ => account(),
        }
    }

    /// The hidden fields that carry it.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Account { list } => {
                let list = list.iter().flat_map(SourceList::fields);
                std::iter::once(("next", ACCOUNT.to_owned())).chain(list).collect()
            }
            Self::Queue { queue, .. } => std::iter::once(("next", QUEUE.to_owned())).chain(queue.fields()).collect(),
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
            // Account info needs no saying: a list of such addresses stays light.
            Self::Account { list } => {
                let form = paths::update(customer);
                list.as_ref().map_or(form.clone(), |list| list.on(&form))
            }
            _ => paths::with_query(&paths::update(customer), self.fields()),
        }
    }

    /// The page it leads on to.
    pub fn path(&self, customer: Uuid) -> String {
        match self {
            Self::Account { list } => account(customer, list.as_ref()),
            Self::Queue { queue, close: true } => queue.list.list(),
            Self::Queue { queue, close: false } => queue.onward(customer),
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
            Self::Account { list } => account(customer, list.as_ref()),
            Self::Queue { queue, .. } => queue.list.list(),
            Self::Order { .. } => paths::account(customer),
            Self::Quantity { .. } => paths::subscriptions(customer),
        }
    }

    /// The list that the customer was reached from.
    pub fn list(&self) -> Option<&SourceList> {
        match self {
            Self::Account { list } => list.as_ref(),
            Self::Queue { queue, .. } => Some(&queue.list),
            Self::Order { .. } | Self::Quantity { .. } => None,
        }
    }

    /// The queue that the customer is in.
    pub fn queue(&self) -> Option<&Queue> {
        match self {
            Self::Queue { queue, .. } => Some(queue),
            Self::Account { .. } | Self::Order { .. } | Self::Quantity { .. } => None,
        }
    }

    /// The channel through which the confirmation comes in.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Account { .. } | Self::Queue { .. } => Channel::AccountInfo,
            Self::Order { .. } | Self::Quantity { .. } => Channel::OrderPrompt,
        }
    }
}

/// Account info, reached from a list.
fn account(customer: Uuid, list: Option<&SourceList>) -> String {
    let account = paths::account(customer);
    list.map_or(account.clone(), |list| list.on(&account))
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
            &[("next", "queue/../..")],
        ] {
            assert_eq!(of(pairs), Next::Account { list: None }, "{pairs:?}");
        }
        let queue = [("next", "queue"), ("status", "not-confirmed"), ("path", "//evil"), ("at", "2"), ("of", "9")];
        assert_eq!(
            of(&queue).path(customer),
            format!("/customers/queue?status=not-confirmed&after={customer}&at=2&of=9")
        );
        assert_eq!(of(&queue).back(customer), "/customers?status=not-confirmed");
        let closed: Vec<_> = queue.into_iter().chain([CLOSE]).collect();
        assert_eq!(of(&closed).path(customer), "/customers?status=not-confirmed");
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
        let query = vec![("q", "a b&c".to_owned()), ("sort", "-agreed".to_owned())];
        let list = SourceList::new(query, Some("2.2026-03-12".to_owned()));
        let queue = Queue { list: list.clone(), at: 3, of: Some(7), skipped: 1 };
        for next in [
            Next::Account { list: None },
            Next::Account { list: Some(list) },
            Next::Queue { queue, close: false },
            Next::Queue { queue: Queue::default(), close: false },
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
