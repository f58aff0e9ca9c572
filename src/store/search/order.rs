//! The order of the list, and where a page of it begins.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    domain::codes::codes,
    store::{
        row::record,
        sql::{Sql, Value},
    },
};

codes! {
    /// How the list is sorted.
    pub enum Sort {
        /// By company name, a to z.
        Name = "name",
        /// By company name, z to a.
        NameDescending = "-name",
        /// By day of acceptance, oldest first.
        Agreed = "agreed",
        /// By day of acceptance, newest first.
        AgreedDescending = "-agreed",
        /// By the time the customer was added, oldest first.
        Created = "created",
        /// By the time the customer was added, newest first.
        CreatedDescending = "-created",
    }
}

/// A place in the list: behind or before a customer, whose rank among the hits of a search is kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The customer's Microsoft ID.
    pub id: Uuid,
    /// Its rank among the hits.
    pub rank: i64,
    /// The day of acceptance that it was listed with; none for that which it has now.
    pub agreed: Option<NaiveDate>,
    /// Whether the page before it is wanted, not the one behind.
    pub backwards: bool,
}

/// Where a cursor points.
pub(super) struct Place {
    pub(super) cursor: Cursor,
    pub(super) at: PlaceRow,
}

record! {
    pub(super) struct PlaceRow {
        seq: i64,
        name_fold: String,
        date_agreed: Option<NaiveDate>,
        created_at: DateTime<Utc>,
    }
}

/// One part of the sort key.
pub(super) struct Key {
    expression: &'static str,
    /// A day that stands in for no day, bound into the expression's place.
    missing: Option<NaiveDate>,
    pub(super) descending: bool,
    /// The cursor's value.
    from: Option<Value>,
}

impl Key {
    pub(super) fn write(&self, sql: &mut Sql) {
        match self.missing {
            None => sql.push(self.expression),
            Some(day) => {
                sql.push("coalesce(");
                sql.push(self.expression);
                sql.push(", ");
                sql.bind(Value::Date(day));
                sql.push(")");
            }
        }
    }
}

/// Days that every real one lies between, in both databases.
pub(super) const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// The day of acceptance that a customer is sorted by, where the list is sorted by it.
pub(super) fn sorted_by_day(sort: Option<Sort>, date_agreed: Option<NaiveDate>) -> Option<NaiveDate> {
    match sort {
        Some(Sort::Agreed) => Some(date_agreed.unwrap_or(LAST_DAY)),
        Some(Sort::AgreedDescending) => Some(date_agreed.unwrap_or(FIRST_DAY)),
        _ => None,
    }
}

/// The sort key; the row number at its end makes it unique. Customers without a day of acceptance come last
/// in both directions.
pub(super) fn keys(sort: Option<Sort>, searching: bool, place: Option<&Place>) -> Vec<Key> {
    let at = place.map(|place| &place.at);
    let key = |expression, descending, from| Key { expression, missing: None, descending, from };
    let name = |descending| key("c.name_fold", descending, at.map(|at| Value::Text(at.name_fold.clone())));
    let seq = |descending| key("c.seq", descending, at.map(|at| Value::Int(at.seq)));
    let agreed = |descending| {
        let missing = if descending { FIRST_DAY } else { LAST_DAY };
        Key {
            expression: "c.date_agreed",
            missing: Some(missing),
            descending,
            from: place.map(|place| Value::Date(place.cursor.agreed.or(place.at.date_agreed).unwrap_or(missing))),
        }
    };
    let created = |descending| key("c.created_at", descending, at.map(|at| Value::Time(at.created_at)));
    match sort {
        None if searching => {
            let rank = key("h.rank", false, place.map(|place| Value::Int(place.cursor.rank)));
            vec![rank, name(false), seq(false)]
        }
        None | Some(Sort::Name) => vec![name(false), seq(false)],
        Some(Sort::NameDescending) => vec![name(true), seq(true)],
        Some(Sort::Agreed) => vec![agreed(false), name(false), seq(false)],
        Some(Sort::AgreedDescending) => vec![agreed(true), name(false), seq(false)],
        Some(Sort::Created) => vec![created(false), seq(false)],
        Some(Sort::CreatedDescending) => vec![created(true), seq(true)],
    }
}

/// Writes that a row lies behind the cursor (before it, when going backwards), so that an index can be used:
/// `k1 >= v1 AND (k1 > v1 OR (k2 >= v2 AND (…)))`.
pub(super) fn write_after(sql: &mut Sql, keys: &[Key], backwards: bool) {
    let Some((key, rest)) = keys.split_first() else { return sql.push("1 = 0") };
    let Some(from) = &key.from else { return sql.push("1 = 1") };
    let (strict, loose) = if key.descending == backwards { (" > ", " >= ") } else { (" < ", " <= ") };
    if rest.is_empty() {
        key.write(sql);
        sql.push(strict);
        sql.bind(from.clone());
        return;
    }
    key.write(sql);
    sql.push(loose);
    sql.bind(from.clone());
    sql.push(" AND (");
    key.write(sql);
    sql.push(strict);
    sql.bind(from.clone());
    sql.push(" OR (");
    write_after(sql, rest, backwards);
    sql.push("))");
}
