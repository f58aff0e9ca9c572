//! What is asked of the list, as SQL.

use chrono::NaiveDate;
use uuid::Uuid;

use super::order::{Cursor, FIRST_DAY, Place, Sort, keys, write_after};
use crate::{
    domain::{
        agreement::{Channel, StatusFilter},
        country::Country,
        fold::fold,
        identifiers::{DomainName, parse_guid},
        text,
    },
    store::sql::{Sql, Value},
};

/// More hits in the middle of a name than this are not listed; the page asks for more letters.
pub const MIDDLE_MAX: i64 = 500;

/// A country to filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountryFilter {
    /// Customers in this country.
    Is(Country),
    /// Customers of whom no country is known.
    Unknown,
}

/// What is asked of the list.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// What a person typed into the search box.
    pub q: Option<String>,
    /// Only customers of this confirmation status.
    pub confirmation_status: Option<StatusFilter>,
    /// Only customers in this country.
    pub country: Option<CountryFilter>,
    /// Only customers whose confirmation that counts this user recorded.
    pub agent: Option<Uuid>,
    /// Only customers who accepted on this day or later.
    pub agreed_from: Option<NaiveDate>,
    /// Only customers who accepted on this day or earlier.
    pub agreed_to: Option<NaiveDate>,
    /// Only customers whose confirmation that counts came through this channel.
    pub channel: Option<Channel>,
    /// The order; by default the best hits first, else by name.
    pub sort: Option<Sort>,
    /// Where the page begins.
    pub cursor: Option<Cursor>,
}

impl Query {
    /// Whether an index gives the rows in the order asked for, and every row of it is asked for.
    pub(super) fn is_in_order(&self) -> bool {
        let all = self.country.is_none() && matches!(self.confirmation_status, None | Some(StatusFilter::NotConfirmed));
        let of_any_agreement =
            self.agent.is_none() && self.agreed_from.is_none() && self.agreed_to.is_none() && self.channel.is_none();
        all && of_any_agreement && !matches!(self.sort, Some(Sort::Agreed | Sort::AgreedDescending))
    }
}

/// What a person typed, ready to be looked for.
pub(super) struct Search {
    term: String,
    id: Option<Uuid>,
}

impl Search {
    /// `None` when nothing can match.
    pub(super) fn new(q: &str) -> Option<Self> {
        let line = text::line(q, 500).ok()??;
        let term = match DomainName::parse(&line) {
            // Names in other scripts are looked for as they are typed, not as a domain spells them.
            Ok(domain) if !line.contains('@') && !domain.as_str().contains("xn--") => domain.as_str().to_owned(),
            _ => fold(&line),
        };
        (!term.is_empty()).then(|| Self { term, id: parse_guid(&line).ok() })
    }

    /// The hits: exact id or domain, then by prefix, then in the middle of a name.
    pub(super) fn write(&self, sql: &mut Sql, is_sqlite: bool, partner_account_id: Uuid) {
        let account = Value::Guid(partner_account_id);
        sql.push("WITH middle AS (");
        if self.term.chars().count() < 3 {
            sql.push("SELECT seq FROM customers WHERE 1 = 0");
        } else if is_sqlite {
            sql.push(
                // A cross join keeps SQLite from asking the index of names once for each customer.
                "SELECT c.seq FROM customer_names CROSS JOIN customers c \
                 WHERE c.seq = customer_names.rowid AND customer_names MATCH ",
            );
            sql.bind(Value::Text(format!("\"{}\"", self.term.replace('"', "\"\""))));
            sql.push(" AND c.removed_at IS NULL AND c.partner_account_id = ");
            sql.bind(account.clone());
        } else {
            sql.push("SELECT seq FROM customers WHERE name_fold LIKE ");
            let pattern = self.term.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            sql.bind(Value::Text(format!("%{pattern}%")));
            sql.push(" AND removed_at IS NULL AND partner_account_id = ");
            sql.bind(account.clone());
        }
        sql.push(" LIMIT ");
        sql.bind(Value::Int(MIDDLE_MAX + 1));
        sql.push("), hits AS (SELECT seq, MIN(rank) AS rank FROM (");
        if let Some(id) = self.id {
            sql.push("SELECT seq, 0 AS rank FROM customers WHERE partner_account_id = ");
            sql.bind(account.clone());
            sql.push(" AND id = ");
            sql.bind(Value::Guid(id));
            sql.push(" UNION ALL ");
        }
        sql.push("SELECT customer_seq AS seq, CASE WHEN kind = 'domain' AND term = ");
        sql.bind(Value::Text(self.term.clone()));
        sql.push(" THEN 0 ELSE 1 END AS rank FROM customer_terms WHERE partner_account_id = ");
        sql.bind(account);
        sql.push(" AND term >= ");
        sql.bind(Value::Text(self.term.clone()));
        sql.push(" AND term < ");
        sql.bind(Value::Text(format!("{}\u{10FFFF}", self.term)));
        sql.push(" UNION ALL SELECT seq, 2 AS rank FROM middle) found GROUP BY seq) ");
    }
}

/// Writes which rows of the customers `c`, and of the hits `h` of a search, are asked for, and in which order.
pub(super) fn filter_and_sort(
    sql: &mut Sql,
    partner_account_id: Uuid,
    query: &Query,
    searching: bool,
    place: Option<&Place>,
    required_version_date: Option<NaiveDate>,
) {
    sql.push(if searching { " WHERE c.seq = h.seq AND " } else { " WHERE " });
    sql.push("c.removed_at IS NULL AND c.partner_account_id = ");
    sql.bind(Value::Guid(partner_account_id));
    let least = required_version_date.unwrap_or(NaiveDate::MIN.max(FIRST_DAY));
    match query.confirmation_status {
        None => {}
        Some(StatusFilter::NotConfirmed) => sql.push(" AND c.agreement_id IS NULL"),
        Some(StatusFilter::Confirmed) => {
            sql.push(" AND c.agreement_published_on >= ");
            sql.bind(Value::Date(least));
        }
        Some(StatusFilter::ReconfirmationDue) => {
            sql.push(" AND c.agreement_published_on < ");
            sql.bind(Value::Date(least));
        }
        Some(StatusFilter::NotApplicable) => sql.push(" AND 1 = 0"),
        Some(StatusFilter::Blocked) => {
            sql.push(" AND (c.agreement_id IS NULL OR c.agreement_published_on < ");
            sql.bind(Value::Date(least));
            sql.push(")");
        }
    }
    match query.country {
        None => {}
        Some(CountryFilter::Unknown) => sql.push(" AND c.country IS NULL"),
        Some(CountryFilter::Is(country)) => {
            sql.push(" AND c.country = ");
            sql.bind(Value::Text(country.code().to_owned()));
        }
    }
    filter_by_agreement(sql, query);

    let backwards = place.is_some_and(|place| place.cursor.backwards);
    let keys = keys(query.sort, searching, place);
    if place.is_some() {
        sql.push(" AND ");
        write_after(sql, &keys, backwards);
    }
    sql.push(" ORDER BY ");
    for (number, key) in keys.iter().enumerate() {
        if number > 0 {
            sql.push(", ");
        }
        key.write(sql);
        sql.push(if key.descending == backwards { " ASC" } else { " DESC" });
    }
}

/// Writes what is asked of the agreement that counts.
fn filter_by_agreement(sql: &mut Sql, query: &Query) {
    if let Some(agent) = query.agent {
        sql.push(" AND c.agent_id = ");
        sql.bind(Value::Guid(agent));
    }
    for (literal, day) in [(" AND c.date_agreed >= ", query.agreed_from), (" AND c.date_agreed <= ", query.agreed_to)] {
        if let Some(day) = day {
            sql.push(literal);
            sql.bind(Value::Date(day));
        }
    }
    if let Some(channel) = query.channel {
        sql.push(" AND EXISTS (SELECT 1 FROM agreements d WHERE d.id = c.agreement_id AND d.channel = ");
        sql.bind(Value::Text(channel.code().to_owned()));
        sql.push(")");
    }
}
