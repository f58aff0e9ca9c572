//! What is asked of the trail, as it stands in the address.

use chrono::{DateTime, NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::{
    domain::{
        actor::ActorKind, audit::Action, date_input::parse_day, identifiers::parse_guid,
        partner_account::PartnerAccount,
    },
    store::audit::{By, Cursor, Filter},
    web::{form::Form, paths},
};

/// The filters as they stand in the address; what made no sense is beside them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) by: Option<By>,
    pub(super) action: Option<Action>,
    pub(super) customer: Option<Uuid>,
    pub(super) from: Option<NaiveDate>,
    pub(super) to: Option<NaiveDate>,
}

/// A filter that made no sense: its name in the address, and what was given.
pub(super) type Ignored = (&'static str, String);

impl Asked {
    pub(super) fn of(form: &Form, today: NaiveDate) -> (Self, Vec<Ignored>) {
        let mut ignored = Vec::new();
        let asked = Self {
            by: read(form, "actor", &mut ignored, by_code),
            action: read(form, "type", &mut ignored, Action::from_code),
            customer: read(form, "customer", &mut ignored, |typed| parse_guid(typed).ok()),
            from: read(form, "from", &mut ignored, |typed| parse_day(typed, today).ok()),
            to: read(form, "to", &mut ignored, |typed| parse_day(typed, today).ok()),
        };
        (asked, ignored)
    }

    pub(super) fn filter(&self, account: &PartnerAccount) -> Filter {
        Filter {
            by: self.by,
            action: self.action,
            customer_id: self.customer,
            from: self.from.and_then(|day| account.begin_of(day)),
            until: self.to.and_then(|day| day.succ_opt()).and_then(|day| account.begin_of(day)),
        }
    }

    /// Names and values of the filters, as an address has them.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        [
            ("actor", self.by.map(actor_code)),
            ("type", self.action.map(|action| action.code().to_owned())),
            ("customer", self.customer.map(|id| id.to_string())),
            ("from", self.from.map(|day| day.to_string())),
            ("to", self.to.map(|day| day.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// An address with these filters and another parameter.
    pub(super) fn href(&self, path: &str, more: Option<(&'static str, String)>) -> String {
        paths::with_query(path, self.pairs().into_iter().chain(more))
    }
}

/// A filter's value; what is given and makes no sense is put aside.
fn read<T>(
    form: &Form,
    name: &'static str,
    ignored: &mut Vec<Ignored>,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let typed = form.get_raw(name).trim();
    if typed.is_empty() {
        return None;
    }
    let value = parse(typed);
    if value.is_none() {
        ignored.push((name, typed.to_owned()));
    }
    value
}

/// Who is asked for: a user's id, or a kind of actor who is no user.
fn by_code(code: &str) -> Option<By> {
    match ActorKind::from_code(code) {
        Some(ActorKind::User | ActorKind::ApiClient) => None,
        Some(kind) => Some(By::Kind(kind)),
        None => parse_guid(code).ok().map(By::User),
    }
}

/// What [`by_code`] reads.
pub(super) fn actor_code(by: By) -> String {
    match by {
        By::User(id) => id.to_string(),
        By::Kind(kind) => kind.code().to_owned(),
    }
}

/// A place in the trail as it stands in the address: milliseconds since 1970 and the entry's number. Whether it made
/// no sense is beside it.
pub(super) fn cursor(form: &Form) -> (Option<Cursor>, bool) {
    for (name, newer) in [("before", false), ("after", true)] {
        let typed = form.get_raw(name);
        if typed.is_empty() {
            continue;
        }
        let cursor = typed.split_once('.').and_then(|(millis, seq)| {
            let time = DateTime::from_timestamp_millis(millis.parse().ok()?)?;
            // Both databases hold these years.
            let known = DateTime::UNIX_EPOCH <= time && time < DateTime::UNIX_EPOCH + TimeDelta::days(2_900_000);
            known.then_some(Cursor { at: time, seq: seq.parse().ok()?, newer })
        });
        return (cursor, cursor.is_none());
    }
    (None, false)
}
