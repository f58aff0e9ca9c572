//! From customer to customer of a filtered list: the list's query goes along in the addresses, so that nothing is kept
//! anywhere and two windows work through two lists.

use uuid::Uuid;

use super::{form::Form, list_query::PARAMETERS, paths};
use crate::domain::agreement::StatusFilter;

/// The place that a customer has in the list, where its id alone does not tell.
const PLACE: &str = "place";

/// The list that a customer's page was reached from: its parameters as they stood in the address; the list judges them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceList {
    query: Vec<(&'static str, String)>,
    place: Option<String>,
}

impl SourceList {
    /// The list whose query an address or a form carries. `None` when it leaves nobody out.
    pub fn of(form: &Form) -> Option<Self> {
        Some(Self::any(form)).filter(Self::is_filtered)
    }

    /// The same, also of a list that leaves nobody out.
    fn any(form: &Form) -> Self {
        let given = |name| Some(form.get_raw(name).to_owned()).filter(|value| !value.is_empty());
        let query = PARAMETERS.into_iter().filter_map(|name| Some((name, given(name)?))).collect();
        Self { query, place: given(PLACE) }
    }

    /// The list of these parameters, at a customer with this place in it.
    pub const fn new(query: Vec<(&'static str, String)>, place: Option<String>) -> Self {
        Self { query, place }
    }

    /// Whether it leaves somebody out.
    pub fn is_filtered(&self) -> bool {
        self.query.iter().any(|(name, _)| *name != "sort")
    }

    /// Whether it may have customers who are blocked.
    pub fn may_be_blocked(&self) -> bool {
        let status = self.query.iter().find(|(name, _)| *name == "status");
        let status = status.and_then(|(_, code)| StatusFilter::from_code(code));
        !matches!(status, Some(StatusFilter::Confirmed | StatusFilter::NotApplicable))
    }

    /// The hidden fields that carry it.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        self.query.iter().cloned().chain(self.place.clone().map(|place| (PLACE, place))).collect()
    }

    /// The page of a customer that was reached from it.
    pub fn on(&self, page: &str) -> String {
        paths::with_query(page, self.fields())
    }

    /// The list itself.
    pub fn list(&self) -> String {
        paths::with_query(paths::CUSTOMERS, self.query.iter().cloned())
    }

    /// The queue of those behind a customer.
    pub fn queue_behind(&self, customer: Uuid) -> String {
        paths::with_query(paths::QUEUE, self.query.iter().cloned().chain([self.behind(customer)]))
    }

    fn behind(&self, customer: Uuid) -> (&'static str, String) {
        let place = self.place.as_ref().map(|place| format!(".{place}")).unwrap_or_default();
        ("after", format!("{customer}{place}"))
    }
}

/// Somebody's way through the blocked customers of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Queue {
    /// The list, at the customer who is shown.
    pub list: SourceList,
    /// The how manieth the customer is, from 1.
    pub at: u32,
    /// How many there were at the beginning, where the kept figures told.
    pub of: Option<u32>,
    /// How many were skipped.
    pub skipped: u32,
}

impl Queue {
    /// The queue that an address or a form carries.
    pub fn of(form: &Form) -> Self {
        let number = |name| form.get_raw(name).parse().ok();
        Self {
            list: SourceList::any(form),
            at: number("at").unwrap_or(0),
            of: number("of"),
            skipped: number("skipped").unwrap_or(0),
        }
    }

    /// The hidden fields that carry it.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let progress = self.progress(self.skipped);
        let place = self.list.place.clone().map(|place| (PLACE, place));
        self.list.query.iter().cloned().chain(progress).chain(place).collect()
    }

    fn progress(&self, skipped: u32) -> impl Iterator<Item = (&'static str, String)> {
        let some = |name, number: u32| (number > 0).then(|| (name, number.to_string()));
        [some("at", self.at), self.of.map(|of| ("of", of.to_string())), some("skipped", skipped)].into_iter().flatten()
    }

    /// The address that leads on behind a customer who was confirmed.
    pub fn onward(&self, customer: Uuid) -> String {
        self.leading_on(customer, self.skipped)
    }

    /// The address that leads on behind a customer who is skipped.
    pub fn skip(&self, customer: Uuid) -> String {
        self.leading_on(customer, self.skipped.saturating_add(1))
    }

    fn leading_on(&self, customer: Uuid, skipped: u32) -> String {
        let query = self.list.query.iter().cloned().chain([self.list.behind(customer)]);
        paths::with_query(paths::QUEUE, query.chain(self.progress(skipped)))
    }

    /// How many were confirmed, once the customer who is shown is dealt with.
    pub const fn confirmed(&self) -> u32 {
        self.at.saturating_sub(self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn only_a_list_that_leaves_somebody_out_is_led_back_to() {
        for pairs in [&[][..], &[("sort", "name")], &[("status", "")], &[("place", "1")], &[("next", "account")]] {
            assert_eq!(SourceList::of(&form(pairs)), None, "{pairs:?}");
        }
        assert!(SourceList::of(&form(&[("country", "NL")])).is_some());
    }

    #[test]
    fn a_list_goes_along_in_addresses() {
        let id = Uuid::from_u128(1);
        let list = SourceList::of(&form(&[("q", "a&b"), ("place", "2"), ("evil", "x"), ("sort", "-name")])).unwrap();
        assert_eq!(list.on("/x?y=1"), "/x?y=1&q=a%26b&sort=-name&place=2");
        assert_eq!(list.list(), "/customers?q=a%26b&sort=-name");
        assert_eq!(list.queue_behind(id), format!("/customers/queue?q=a%26b&sort=-name&after={id}.2"));
    }

    #[test]
    fn a_queue_counts_whom_it_leaves_behind() {
        let id = Uuid::from_u128(1);
        let queue = Queue::of(&form(&[("status", "blocked"), ("at", "7"), ("of", "46"), ("skipped", "1")]));
        assert_eq!(queue.onward(id), format!("/customers/queue?status=blocked&after={id}&at=7&of=46&skipped=1"));
        assert_eq!(queue.skip(id), format!("/customers/queue?status=blocked&after={id}&at=7&of=46&skipped=2"));
        assert_eq!(queue.confirmed(), 6);
        let nonsense = Queue::of(&form(&[("at", "-1"), ("of", "many"), ("skipped", "99999999999")]));
        assert_eq!(nonsense, Queue::default());
        let forged = Queue::of(&form(&[("at", "1"), ("skipped", "4294967295")]));
        assert_eq!((forged.confirmed(), Queue::of(&form(&[("at", "4294967295")])).confirmed()), (0, u32::MAX));
        assert!(forged.skip(id).ends_with("&skipped=4294967295"));
    }
}
