//! What is asked of the list of customers, as it stands in an address: of the list itself, of its files, of the queue
//! and of a selection.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{country_filter::country_filter, form::Form, paths};
use crate::{
    domain::{
        actor::Actor,
        agreement::{Channel, StatusFilter, confirmation_status},
        date_input::parse_day,
        partner_account::PartnerAccount,
    },
    store::{
        customers::Count,
        search::{CountryFilter, Cursor, Query, Sort},
    },
};

/// The parameters of the list that leave customers out.
pub const FILTERS: [&str; 7] = ["q", "status", "country", "agent", "agreed_from", "agreed_to", "channel"];

/// All parameters of the list that say which customers there are in which order.
pub const PARAMETERS: [&str; 8] = ["q", "status", "country", "agent", "agreed_from", "agreed_to", "channel", "sort"];

/// Which customers are listed, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// What a person typed into the search box.
    pub q: String,
    /// Only customers of this status.
    pub status: Option<StatusFilter>,
    /// Only customers in this country: its code, or `unknown`.
    pub country: Option<String>,
    /// Only customers whose effective confirmation this user recorded.
    pub agent: Option<Uuid>,
    /// Only customers who accepted on this day or later.
    pub agreed_from: Option<NaiveDate>,
    /// Only customers who accepted on this day or earlier.
    pub agreed_to: Option<NaiveDate>,
    /// Only customers whose effective confirmation came through this channel.
    pub channel: Option<Channel>,
    /// The order.
    pub sort: Option<Sort>,
}

impl ListQuery {
    /// What an actor asks for: of agreements only where there are any. Days may be typed as in any form; values that
    /// are not recognised are left out.
    pub fn by(actor: &Actor, form: &Form, today: NaiveDate) -> Self {
        let query = Self {
            q: form.get_raw("q").trim().to_owned(),
            country: Some(form.get_raw("country").to_owned()).filter(|code| country_filter(code).is_some()),
            sort: Sort::from_code(form.get_raw("sort")),
            ..Self::default()
        };
        if !actor.account.agreements_apply() {
            return query;
        }
        let day = |name| parse_day(form.get_raw(name), today).ok();
        Self {
            status: StatusFilter::from_code(form.get_raw("status")),
            agent: Uuid::try_parse(form.get_raw("agent")).ok(),
            agreed_from: day("agreed_from"),
            agreed_to: day("agreed_to"),
            channel: Channel::from_code(form.get_raw("channel")),
            ..query
        }
    }

    /// The names of the filters whose values are not recognised, and so not applied.
    pub fn ignored(&self, form: &Form) -> Vec<&'static str> {
        let understood = self.pairs();
        FILTERS
            .into_iter()
            // A search is words, and always makes sense.
            .filter(|name| *name != "q")
            .filter(|name| !form.get_raw(name).trim().is_empty() && !understood.iter().any(|(one, _)| one == name))
            .collect()
    }

    /// How many filters are on, the search aside.
    pub fn filters(&self) -> usize {
        self.pairs().iter().filter(|(name, _)| FILTERS.contains(name) && *name != "q").count()
    }

    /// Whether somebody is left out.
    pub fn is_filtered(&self) -> bool {
        !self.q.is_empty() || self.filters() > 0
    }

    /// Whether the kept figures say how many customers there are: they know of no search, day or channel.
    pub fn is_counted(&self) -> bool {
        self.q.is_empty() && self.agreed_from.is_none() && self.agreed_to.is_none() && self.channel.is_none()
    }

    /// How many customers there are by figures of all or of the agent asked for.
    pub fn count(&self, counts: &[Count], account: &PartnerAccount) -> i64 {
        let country = self.country.as_deref().and_then(country_filter);
        let in_country = |count: &Count| match country {
            None => true,
            Some(CountryFilter::Unknown) => count.country.is_empty(),
            Some(CountryFilter::Is(country)) => count.country == country.code(),
        };
        let has_status = |count: &Count| {
            let status = confirmation_status(account, count.published_on, count.required_version_date);
            self.status.is_none_or(|wanted| wanted.has(status))
        };
        counts.iter().filter(|count| in_country(count) && has_status(count)).map(|count| count.customers).sum()
    }

    /// The parameters that say the same.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        [
            ("q", Some(self.q.clone()).filter(|q| !q.is_empty())),
            ("status", self.status.map(|status| status.code().to_owned())),
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
    pub fn query(&self, cursor: Option<Cursor>) -> Query {
        Query {
            q: Some(self.q.clone()).filter(|q| !q.is_empty()),
            confirmation_status: self.status,
            country: self.country.as_deref().and_then(country_filter),
            agent: self.agent,
            agreed_from: self.agreed_from,
            agreed_to: self.agreed_to,
            channel: self.channel,
            sort: self.sort,
            cursor,
        }
    }

    /// The address of the list with these choices and others.
    pub fn href(&self, more: impl IntoIterator<Item = (&'static str, String)>) -> String {
        paths::with_query(paths::CUSTOMERS, self.pairs().into_iter().chain(more))
    }
}

/// A place in the list as it stands in an address: a Microsoft ID, with its rank among the hits of a search and, where
/// the list is sorted by it, the day of acceptance that it had then. The flag tells of one that cannot be read.
pub fn cursor(form: &Form) -> (Option<Cursor>, bool) {
    for (name, backwards) in [("after", false), ("before", true)] {
        let text = form.get_raw(name);
        if text.is_empty() {
            continue;
        }
        let cursor = read_cursor(text, backwards);
        return (cursor, cursor.is_none());
    }
    (None, false)
}

/// What stands behind the id of a cursor in an address, where the id alone does not tell the place.
pub fn place(cursor: &Cursor, searching: bool) -> Option<String> {
    let rank = cursor.rank;
    match cursor.agreed {
        Some(day) => Some(format!("{rank}.{day}")),
        None => searching.then(|| rank.to_string()),
    }
}

fn read_cursor(text: &str, backwards: bool) -> Option<Cursor> {
    let mut parts = text.splitn(3, '.');
    let id = Uuid::try_parse(parts.next()?).ok()?;
    let rank = parts.next().unwrap_or("1").parse().ok()?;
    let agreed = parts.next().map(str::parse).transpose().ok()?;
    Some(Cursor { id, rank, agreed, backwards })
}
