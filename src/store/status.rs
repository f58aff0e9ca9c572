//! What the page of the confirmation status shows: figures from the kept counts, and the few rows that somebody should
//! see first. Every statement reads as much as it shows, however many customers there are.

mod filter;
mod urgent;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use self::filter::code;
pub use self::filter::{Filter, LISTED};
pub use self::urgent::{AtRisk, Blocked, RenewalCount, Waiting, at_risk, most_licences, renewals, waiting};
use super::{
    Error, Read,
    counts::key::ALL_COUNTRIES,
    row::record,
    sql::{Sql, Value},
};
use crate::domain::{agreement::Channel, audit::Action};

/// More blocked attempts than this are not counted.
pub const BLOCKED_MAX: i64 = 1_000;

record! {
    /// Changes with whatever the figures of an account are made of, its clock aside.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct DataVersion {
        /// The log's last entry: nothing but orders that are being filled in changes without one.
        pub log: i64,
        /// How many orders are being filled in.
        pub orders: i64,
        /// When one of them was saved last, UTC.
        pub last_order: Option<DateTime<Utc>>,
    }
}

/// The stamp of an account's figures.
pub async fn stamp(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<DataVersion, Error> {
    conn.query(
        "SELECT h.seq AS log, count(d.id) AS orders, max(d.changed_at) AS last_order FROM audit_head h \
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
        /// How many.
        pub customers: i64,
    }
}

/// The customers of an account.
pub async fn customers(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<Vec<CustomerCount>, Error> {
    conn.query(
        "SELECT n.country, n.agent_id, COALESCE(u.display_name, p.name) AS agent_name, v.published_on, \
         n.customers FROM customer_counts n \
         LEFT JOIN agreement_versions v ON v.id = n.agreement_version_id LEFT JOIN users u ON u.id = n.agent_id \
         LEFT JOIN api_clients p ON p.id = n.agent_id WHERE n.partner_account_id = $1 AND n.customers > 0",
    )
    .bind(partner_account_id)
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
    /// What happened in a week to what is left to confirm, for one version.
    #[derive(Debug, Clone)]
    pub struct WeekCount {
        /// The Monday with which the week begins.
        pub week: NaiveDate,
        /// Whether customers are counted whose agreement that counts was recorded in it, not those added in it.
        pub effective: bool,
        /// The day the version of that agreement was published.
        pub published_on: Option<NaiveDate>,
        /// How many.
        pub customers: i64,
    }
}

/// The customers added from a Monday on, and those whose agreement that counts was recorded from then on.
pub async fn progress(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    from: NaiveDate,
    filter: Filter,
) -> Result<Vec<WeekCount>, Error> {
    let mut sql = Sql::new(
        "SELECT n.week, n.effective, v.published_on, CAST(SUM(n.customers) AS BIGINT) AS customers \
         FROM customer_week_counts n LEFT JOIN agreement_versions v ON v.id = n.agreement_version_id \
         WHERE n.partner_account_id = ",
    );
    sql.bind(Value::Guid(partner_account_id));
    sql.push(" AND n.country = ");
    let country = filter.country.map_or_else(|| ALL_COUNTRIES.to_owned(), code);
    sql.bind(Value::Text(country.clone()));
    sql.push(" AND n.week >= ");
    sql.bind(Value::Date(from));
    if let Some(agent) = filter.agent {
        sql.push(" AND n.agent_id = ");
        sql.bind(Value::Guid(agent));
    }
    sql.push(" GROUP BY n.week, n.effective, v.published_on");
    // Whoever is added has no agent yet: of an agent's customers the confirmation that counts knows when they were.
    if let Some(agent) = filter.agent {
        sql.push(
            " UNION ALL SELECT n.added_week, NOT n.effective, CAST(NULL AS DATE), CAST(SUM(n.customers) AS BIGINT) \
             FROM customer_week_counts n WHERE n.effective AND n.partner_account_id = ",
        );
        sql.bind(Value::Guid(partner_account_id));
        sql.push(" AND n.country = ");
        sql.bind(Value::Text(country));
        // Nobody is confirmed before being added.
        sql.push(" AND n.week >= ");
        sql.bind(Value::Date(from));
        sql.push(" AND n.added_week >= ");
        sql.bind(Value::Date(from));
        sql.push(" AND n.agent_id = ");
        sql.bind(Value::Guid(agent));
        sql.push(" GROUP BY n.added_week, n.effective");
    }
    sql.statement(conn).all().await
}
