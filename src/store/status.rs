//! What the page of the confirmation status shows: figures from the kept counts, and the few rows that somebody should
//! see first. Every statement reads as much as it shows, however many customers there are.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Error, Read,
    counts::key::ALL_COUNTRIES,
    row::record,
    search::CountryFilter,
    sql::{Sql, Value},
    subscriptions::row::BY_HAND,
};
use crate::domain::{agreement::Channel, audit::Action, country::Country, order::TermDuration};

/// Rows of each list on the page.
pub const LISTED: i64 = 10;

/// More blocked attempts than this are not counted.
pub const BLOCKED_MAX: i64 = 1_000;

/// Whom the page is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only customers in this country.
    pub country: Option<CountryFilter>,
    /// Only what this user did.
    pub agent: Option<Uuid>,
}

impl Filter {
    /// The country as the counts have it.
    fn counted(self, sql: &mut Sql, column: &str) {
        if let Some(country) = self.country {
            sql.push(" AND ");
            sql.push(column);
            sql.push(" = ");
            sql.bind(Value::Text(code(country)));
        }
    }

    /// The country as `customers`, called `c`, has it.
    fn of_customer(self, sql: &mut Sql) {
        match self.country {
            None => {}
            Some(CountryFilter::Is(country)) => {
                sql.push(" AND c.country = ");
                sql.bind(Value::Text(country.code().to_owned()));
            }
            Some(CountryFilter::Unknown) => sql.push(" AND c.country IS NULL"),
        }
    }
}

/// A country as the counts have it.
fn code(country: CountryFilter) -> String {
    match country {
        CountryFilter::Is(country) => country.code().to_owned(),
        CountryFilter::Unknown => String::new(),
    }
}

/// The condition that a customer's gate is closed, of the day that the version of its agreement was published.
fn closed(sql: &mut Sql, published_on: &str, least: Option<NaiveDate>) {
    sql.push(" AND (");
    sql.push(published_on);
    sql.push(" IS NULL");
    if let Some(least) = least {
        sql.push(" OR ");
        sql.push(published_on);
        sql.push(" < ");
        sql.bind(Value::Date(least));
    }
    sql.push(")");
}

record! {
    /// Changes with whatever the figures of an account are made of, its clock aside.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct DataVersion {
        /// The log's last entry: nothing but orders that are being filled in changes without one.
        pub log: i64,
        /// How many orders are being filled in.
        pub orders: i64,
        /// When the last of them was begun, UTC.
        pub last_order: Option<DateTime<Utc>>,
    }
}

/// The stamp of an account's figures.
pub async fn stamp(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<DataVersion, Error> {
    conn.query(
        "SELECT h.seq AS log, count(d.id) AS orders, max(d.created_at) AS last_order FROM audit_head h \
         LEFT JOIN order_drafts d ON d.partner_account_id = $1 AND d.order_id IS NULL GROUP BY h.seq",
    )
    .bind(partner_account_id)
    .one()
    .await
}

record! {
    /// How many customers of a country have an agreement that counts from one user, for one version.
    #[derive(Debug, Clone)]
    pub struct CustomerCount {
        /// The country's code; empty where none is known.
        pub country: String,
        /// The user; nil for nobody.
        pub agent_id: Uuid,
        /// The user's name.
        pub agent_name: Option<String>,
        /// The day the version was published; none for customers without an agreement.
        pub published_on: Option<NaiveDate>,
        /// See [`required_version_date`](crate::domain::agreement::AgreementVersions::required_version_date); the same in
        /// every row.
        pub required_version_date: Option<NaiveDate>,
        /// How many.
        pub customers: i64,
    }
}

/// The customers of an account, with `today` in its time zone.
pub async fn customers(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    today: NaiveDate,
) -> Result<Vec<CustomerCount>, Error> {
    conn.query(
        "SELECT n.country, n.agent_id, COALESCE(u.display_name, p.name) AS agent_name, v.published_on, \
         (SELECT max(m.published_on) FROM agreement_versions m WHERE m.mandatory_from <= $2) AS required_version_date, \
         n.customers FROM customer_counts n \
         LEFT JOIN agreement_versions v ON v.id = n.agreement_version_id LEFT JOIN users u ON u.id = n.agent_id \
         LEFT JOIN api_clients p ON p.id = n.agent_id WHERE n.partner_account_id = $1 AND n.customers > 0",
    )
    .values((partner_account_id, today))
    .all()
    .await
}

record! {
    /// How many confirmations a user recorded in a week, through one channel.
    #[derive(Debug, Clone)]
    pub struct AgreementCount {
        /// The Monday with which the week begins.
        pub week: NaiveDate,
        /// The user; nil where there is none.
        pub agent_id: Uuid,
        /// The user's name.
        pub agent_name: Option<String>,
        /// The channel.
        pub channel: Channel,
        /// Whether the customers accepted directly with Microsoft.
        pub accepted_directly: bool,
        /// How many.
        pub agreements: i64,
    }
}

/// The confirmations recorded from a Monday on.
pub async fn agreements(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    from: NaiveDate,
    filter: Filter,
) -> Result<Vec<AgreementCount>, Error> {
    let mut sql = Sql::new(
        "SELECT n.week, n.agent_id, COALESCE(u.display_name, p.name) AS agent_name, n.channel, n.accepted_directly, n.agreements \
         FROM agreement_counts n LEFT JOIN users u ON u.id = n.agent_id LEFT JOIN api_clients p ON p.id = n.agent_id \
         WHERE n.partner_account_id = ",
    );
    sql.bind(Value::Guid(partner_account_id));
    sql.push(" AND n.country = ");
    sql.bind(Value::Text(filter.country.map_or_else(|| ALL_COUNTRIES.to_owned(), code)));
    sql.push(" AND n.week >= ");
    sql.bind(Value::Date(from));
    sql.push(" AND n.agreements > 0");
    if let Some(agent) = filter.agent {
        sql.push(" AND n.agent_id = ");
        sql.bind(Value::Guid(agent));
    }
    sql.statement(conn).all().await
}

/// How often the gate blocked an order and a licence change since a moment; at most one more than
/// [`BLOCKED_MAX`] each.
pub async fn blocked(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    since: DateTime<Utc>,
    filter: Filter,
) -> Result<(i64, i64), Error> {
    let mut sql = Sql::new("SELECT");
    for (action, after) in [(Action::OrderBlocked, ", "), (Action::QuantityBlocked, "")] {
        sql.push(" (SELECT count(*) FROM (SELECT 1 FROM audit_log e");
        if filter.country.is_some() {
            sql.push(" JOIN customers c ON c.partner_account_id = e.partner_account_id AND c.id = e.customer_id");
        }
        sql.push(" WHERE e.partner_account_id = ");
        sql.bind(Value::Guid(partner_account_id));
        sql.push(" AND e.action = ");
        sql.bind(Value::Text(action.code().to_owned()));
        sql.push(" AND e.at >= ");
        sql.bind(Value::Time(since));
        filter.of_customer(&mut sql);
        sql.push(
            " AND NOT EXISTS (SELECT 1 FROM customers r WHERE r.partner_account_id = e.partner_account_id \
             AND r.id = e.customer_id AND r.removed_at IS NOT NULL)",
        );
        if let Some(agent) = filter.agent {
            sql.push(" AND e.actor_id = ");
            sql.bind(Value::Guid(agent));
        }
        sql.push(" LIMIT ");
        sql.bind(Value::Int(BLOCKED_MAX + 1));
        sql.push(") held)");
        sql.push(after);
    }
    sql.statement(conn).one().await
}

record! {
    /// An order that waits for a confirmation.
    #[derive(Debug, Clone)]
    pub struct Waiting {
        /// The customer's Microsoft ID.
        pub customer_id: Uuid,
        /// The customer's name.
        pub company_name: String,
        /// The day the version of the customer's agreement was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// Who keeps it.
        pub kept_by: String,
        /// Since when, UTC.
        pub since: DateTime<Utc>,
        /// How many wait in all; the same in every row.
        pub all: i64,
    }
}

/// Orders that somebody keeps while the customer's gate is closed, the longest first; at most [`LISTED`].
pub async fn waiting(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    least: Option<NaiveDate>,
    filter: Filter,
) -> Result<Vec<Waiting>, Error> {
    let mut sql = Sql::new(
        "SELECT c.id AS customer_id, c.company_name, c.agreement_published_on, u.display_name AS kept_by, \
         d.created_at AS since, count(*) OVER () AS \"all\" FROM order_drafts d \
         JOIN customers c ON c.partner_account_id = d.partner_account_id AND c.id = d.customer_id \
         JOIN users u ON u.id = d.user_id WHERE d.order_id IS NULL AND c.removed_at IS NULL AND d.partner_account_id = ",
    );
    sql.bind(Value::Guid(partner_account_id));
    closed(&mut sql, "c.agreement_published_on", least);
    filter.of_customer(&mut sql);
    if let Some(agent) = filter.agent {
        sql.push(" AND d.user_id = ");
        sql.bind(Value::Guid(agent));
    }
    sql.push(" ORDER BY d.created_at, d.id LIMIT ");
    sql.bind(Value::Int(LISTED));
    sql.statement(conn).all().await
}

record! {
    /// A customer of whom no confirmation counts.
    #[derive(Debug, Clone)]
    pub struct Unconfirmed {
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// The country, where known.
        pub country: Option<Country>,
        /// Since when the portal knows it, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// The customers without a confirmation that the portal has known the longest; at most [`LISTED`].
pub async fn oldest_unconfirmed(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    filter: Filter,
) -> Result<Vec<Unconfirmed>, Error> {
    let mut sql = Sql::new(
        "SELECT c.id, c.company_name, c.country, c.created_at FROM customers c \
         WHERE c.agreement_id IS NULL AND c.removed_at IS NULL AND c.partner_account_id = ",
    );
    sql.bind(Value::Guid(partner_account_id));
    filter.of_customer(&mut sql);
    sql.push(" ORDER BY c.created_at, c.seq LIMIT ");
    sql.bind(Value::Int(LISTED));
    sql.statement(conn).all().await
}

record! {
    /// How many subscriptions renew by hand whose customers' gates are closed.
    #[derive(Debug, Clone)]
    pub struct RenewalCount {
        /// The last day of the term.
        pub commitment_ends_on: NaiveDate,
        /// How long a term is.
        pub term_duration: TermDuration,
        /// How many.
        pub subscriptions: i64,
    }
}

/// What renews by hand of customers whose gates are closed, of terms that end on a day or earlier.
pub async fn renewals(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    until: NaiveDate,
    least: Option<NaiveDate>,
    filter: Filter,
) -> Result<Vec<RenewalCount>, Error> {
    let mut sql = Sql::new(
        "SELECT n.commitment_ends_on, n.term_duration, CAST(SUM(n.subscriptions) AS BIGINT) AS subscriptions \
         FROM renewal_counts n LEFT JOIN agreement_versions v ON v.id = n.agreement_version_id \
         WHERE n.subscriptions > 0 AND n.partner_account_id = ",
    );
    sql.bind(Value::Guid(partner_account_id));
    sql.push(" AND n.commitment_ends_on <= ");
    sql.bind(Value::Date(until));
    closed(&mut sql, "v.published_on", least);
    filter.counted(&mut sql, "n.country");
    sql.push(" GROUP BY n.commitment_ends_on, n.term_duration");
    sql.statement(conn).all().await
}

record! {
    /// A subscription that nobody can renew before its customer's acceptance is confirmed.
    #[derive(Debug, Clone)]
    pub struct AtRisk {
        /// The customer's Microsoft ID.
        pub customer_id: Uuid,
        /// The customer's name.
        pub company_name: String,
        /// The offer's name.
        pub offer_name: String,
        /// Licences.
        pub quantity: i64,
        /// The last day of its term.
        pub commitment_ends_on: NaiveDate,
        /// How long a term is.
        pub term_duration: TermDuration,
    }
}

/// The subscriptions that [`renewals`] counted, of the given ends of terms; at most [`LISTED`] of each.
pub async fn at_risk(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    ends: &[(NaiveDate, TermDuration)],
    least: Option<NaiveDate>,
    filter: Filter,
) -> Result<Vec<AtRisk>, Error> {
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("");
    for (number, (ends_on, term)) in ends.iter().enumerate() {
        sql.push(if number == 0 { "" } else { " UNION ALL " });
        sql.push(
            "SELECT * FROM (SELECT c.id AS customer_id, c.company_name, s.offer_name, s.quantity, s.commitment_ends_on, \
             s.term_duration FROM subscriptions s JOIN customers c ON c.seq = s.customer_seq WHERE ",
        );
        sql.push(BY_HAND);
        sql.push(" AND s.commitment_ends_on = ");
        sql.bind(Value::Date(*ends_on));
        sql.push(" AND s.term_duration = ");
        sql.bind(Value::Text(term.code().to_owned()));
        sql.push(" AND c.removed_at IS NULL AND c.partner_account_id = ");
        sql.bind(Value::Guid(partner_account_id));
        closed(&mut sql, "c.agreement_published_on", least);
        filter.of_customer(&mut sql);
        sql.push(" ORDER BY c.name_fold, s.id LIMIT ");
        sql.bind(Value::Int(LISTED));
        sql.push(") of_one_end");
    }
    sql.statement(conn).all().await
}
