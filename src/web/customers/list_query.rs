//! What is asked of the list of customers, as it stands in the address.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    domain::{
        actor::Actor,
        agreement::{Channel, ConfirmationStatus},
        date_input::parse_day,
    },
    store::search::{Cursor, Query, Sort},
    web::{
        country_filter::country_filter,
        form::Form,
        paths,
        queue::{FILTERS, Queue},
    },
};

/// A query as it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) q: String,
    pub(super) confirmation_status: Option<ConfirmationStatus>,
    pub(super) country: Option<String>,
    pub(super) agent: Option<Uuid>,
    pub(super) agreed_from: Option<NaiveDate>,
    pub(super) agreed_to: Option<NaiveDate>,
    pub(super) channel: Option<Channel>,
    pub(super) sort: Option<Sort>,
}

impl Asked {
    /// What an actor asks for: of agreements only where there are any. Days may be typed as in any form.
    pub(super) fn by(actor: &Actor, form: &Form, today: NaiveDate) -> Self {
        let asked = Self {
            q: form.get_raw("q").trim().to_owned(),
            country: Some(form.get_raw("country").to_owned()).filter(|code| country_filter(code).is_some()),
            sort: Sort::from_code(form.get_raw("sort")),
            ..Self::default()
        };
        if !actor.account.agreements_apply() {
            return asked;
        }
        let day = |name| parse_day(form.get_raw(name), today).ok();
        Self {
            confirmation_status: ConfirmationStatus::from_code(form.get_raw("status")),
            agent: Uuid::try_parse(form.get_raw("agent")).ok(),
            agreed_from: day("agreed_from"),
            agreed_to: day("agreed_to"),
            channel: Channel::from_code(form.get_raw("channel")),
            ..asked
        }
    }

    /// The names of the filters whose values make no sense here, which are ignored.
    pub(super) fn ignored(&self, form: &Form) -> Vec<&'static str> {
        let understood = self.pairs();
        FILTERS
            .into_iter()
            // A search is words, and always makes sense.
            .filter(|name| *name != "q")
            .filter(|name| !form.get_raw(name).trim().is_empty() && !understood.iter().any(|(one, _)| one == name))
            .collect()
    }

    /// How many filters are on.
    pub(super) fn filters(&self) -> usize {
        self.pairs().iter().filter(|(name, _)| FILTERS.contains(name) && *name != "q").count()
    }

    /// The parameters that say the same.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        [
            ("q", Some(self.q.clone()).filter(|q| !q.is_empty())),
            ("status", self.confirmation_status.map(|confirmation_status| confirmation_status.code().to_owned())),
            ("country", self.country.clone()),
            ("agent", self.agent.map(|agent| agent.to_string())),
            ("agreed_from", self.agreed_from.map(|day| day.to_string())),
            ("agreed_to", self.agreed_to.map(|day| day.to_string())),
            ("channel", self.channel.map(|channel| channel.code().to_owned())),
            ("sort", self.sort.map(|sort| sort.code().to_owned())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// What the database is asked.
    pub(super) fn query(&self, cursor: Option<Cursor>) -> Query {
        Query {
            q: Some(self.q.clone()).filter(|q| !q.is_empty()),
            confirmation_status: self.confirmation_status,
            country: self.country.as_deref().and_then(country_filter),
            agent: self.agent,
            agreed_from: self.agreed_from,
            agreed_to: self.agreed_to,
            channel: self.channel,
            sort: self.sort,
            cursor,
        }
    }

    /// The way through the list from a customer with this rank among its hits; none where nobody is left out.
    pub(super) fn walk(&self, rank: i64) -> Option<Queue> {
        Queue::listed(self.pairs(), (!self.q.is_empty()).then_some(rank))
    }

    /// The address of the list with these choices and another parameter.
    pub(super) fn href(&self, more: Option<(&'static str, &str)>) -> String {
        let more = more.map(|(name, value)| (name, value.to_owned()));
        paths::with_query(paths::CUSTOMERS, self.pairs().into_iter().chain(more))
    }
}

/// A place in the list as it stands in the address: a Microsoft ID, with its rank among the hits of a search.
pub(super) fn cursor(form: &Form) -> (Option<Cursor>, bool) {
    for (name, backwards) in [("after", false), ("before", true)] {
        let text = form.get_raw(name);
        if text.is_empty() {
            continue;
        }
        let (id, rank) = text.split_once('.').unwrap_or((text, "1"));
        let cursor = Uuid::try_parse(id).ok().zip(rank.parse().ok()).map(|(id, rank)| Cursor { id, rank, backwards });
        return (cursor, cursor.is_none());
    }
    (None, false)
}
