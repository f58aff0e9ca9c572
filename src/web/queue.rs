//! From customer to customer of a filtered list: the list's query goes along in the addresses, so that nothing is kept
//! anywhere and two windows walk two lists.

use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{form::Form, paths};
use crate::{domain::agreement::ConfirmationStatus, i18n::Words};

/// The parameters of the list that leave customers out.
pub const FILTERS: [&str; 7] = ["q", "status", "country", "agent", "agreed_from", "agreed_to", "channel"];

/// The order of the list, and the rank that a customer has among the hits of a search.
const OTHERS: [&str; 2] = ["sort", "rank"];

/// A filtered list that somebody walks through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The list's parameters as they stood in the address; the list judges them.
    query: Vec<(&'static str, String)>,
}

impl Queue {
    /// The list whose query an address or a form carries. `None` when it leaves nobody out: there is nothing to walk.
    pub fn of(form: &Form) -> Option<Self> {
        let given =
            |name: &'static str| Some((name, form.get_raw(name).to_owned())).filter(|(_, value)| !value.is_empty());
        let query: Vec<_> = FILTERS.into_iter().chain(OTHERS).filter_map(given).collect();
        Self::listed(query, None)
    }

    /// The list of these parameters, at a customer with this rank among the hits, where it is searched.
    pub fn listed(mut query: Vec<(&'static str, String)>, rank: Option<i64>) -> Option<Self> {
        query.extend(rank.map(|rank| ("rank", rank.to_string())));
        query.iter().any(|(name, _)| FILTERS.contains(name)).then_some(Self { query })
    }

    /// The hidden fields that carry it.
    pub fn fields(&self) -> &[(&'static str, String)] {
        &self.query
    }

    /// The page of a customer on the way.
    pub fn on(&self, page: &str) -> String {
        paths::with_query(page, self.fields().iter().map(|(name, value)| (*name, value)))
    }

    /// The list itself.
    pub fn list(&self) -> String {
        paths::with_query(paths::CUSTOMERS, self.unranked())
    }

    /// The address that leads on to the customer behind this one.
    pub fn next(&self, customer: Uuid) -> String {
        let rank = self.fields().iter().find(|(name, _)| *name == "rank");
        let after = rank.map_or_else(|| customer.to_string(), |(_, rank)| format!("{customer}.{rank}"));
        paths::with_query(paths::NEXT_CUSTOMER, self.unranked().chain([("after", after.as_str())]))
    }

    fn unranked(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.fields().iter().filter(|(name, _)| *name != "rank").map(|(name, value)| (*name, value.as_str()))
    }

    /// What leads on: the next who is not confirmed, or just the next.
    pub fn words(&self, t: &Words) -> String {
        if self.is_of_unconfirmed() { fl!(t, "act-next-not-confirmed") } else { fl!(t, "act-next-listed") }
    }

    /// What saves and leads on.
    pub fn save_words(&self, t: &Words) -> String {
        if self.is_of_unconfirmed() { fl!(t, "act-save-next-not-confirmed") } else { fl!(t, "act-save-next-listed") }
    }

    fn is_of_unconfirmed(&self) -> bool {
        self.fields().iter().any(|(name, value)| *name == "status" && value == ConfirmationStatus::NotConfirmed.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Option<Queue> {
        Queue::of(&Form::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()))
    }

    #[test]
    fn only_a_list_that_leaves_somebody_out_is_walked() {
        for pairs in [&[][..], &[("sort", "name")], &[("status", "")], &[("rank", "1")], &[("next", "account")]] {
            assert_eq!(of(pairs), None, "{pairs:?}");
        }
        assert!(of(&[("country", "NL")]).is_some());
    }

    #[test]
    fn it_goes_along_in_addresses() {
        let id = Uuid::from_u128(1);
        let walk = of(&[("q", "a&b"), ("rank", "2"), ("evil", "x"), ("sort", "-name")]).unwrap();
        assert_eq!(walk.on("/x?y=1"), "/x?y=1&q=a%26b&sort=-name&rank=2");
        assert_eq!(walk.list(), "/customers?q=a%26b&sort=-name");
        assert_eq!(walk.next(id), format!("/customers/next?q=a%26b&sort=-name&after={id}.2"));
        let walk = of(&[("status", "not-confirmed")]).unwrap();
        assert_eq!(walk.next(id), format!("/customers/next?status=not-confirmed&after={id}"));
    }
}
