//! What waits for a confirmation, and whom to ask first.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::filter::{Filter, LISTED, closed};
use crate::{
    domain::order::TermDuration,
    store::{
        Error, Read,
        drafts::Entries,
        order_drafts,
        row::record,
        sql::{Sql, Value},
        subscriptions::row::BY_HAND,
    },
};

record! {
    struct WaitingRow {
        id: Uuid,
        customer_id: Uuid,
        company_name: String,
        customer_licences: i64,
        agreement_published_on: Option<NaiveDate>,
        entries: String,
        licences: i64,
        agent: String,
        since: DateTime<Utc>,
        all: i64,
        all_licences: i64,
    }
}

/// An order that waits for a confirmation.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The draft that keeps it.
    pub id: Uuid,
    /// The customer's Microsoft ID.
    pub customer_id: Uuid,
    /// The customer's name.
    pub company_name: String,
    /// Licences that the customer has in use.
    pub customer_licences: i64,
    /// The day the version of the customer's agreement was published.
    pub agreement_published_on: Option<NaiveDate>,
    /// Offers and quantities as typed.
    pub entries: Entries,
    /// Licences that were to be ordered when it was refused.
    pub licences: i64,
    /// Who continued it last.
    pub agent: String,
    /// Since when the gate refuses it, UTC.
    pub since: DateTime<Utc>,
    /// How many wait in all; the same in every row.
    pub all: i64,
    /// How many licences wait in all; the same in every row.
    pub all_licences: i64,
}

/// Orders that the gate refused to place and still refuses, and that somebody continued since a moment, the longest
/// first; at most twice [`LISTED`].
pub async fn waiting(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    least: Option<NaiveDate>,
    filter: Filter,
    changed_since: DateTime<Utc>,
) -> Result<Vec<Waiting>, Error> {
    let mut sql = Sql::new(
        "SELECT d.id, c.id AS customer_id, c.company_name, c.licences AS customer_licences, c.agreement_published_on, \
         d.entries, d.licences, u.display_name AS agent, d.blocked_at AS since, count(*) OVER () AS \"all\", \
         CAST(SUM(d.licences) OVER () AS BIGINT) AS all_licences FROM order_drafts d \
         JOIN customers c ON c.partner_account_id = d.partner_account_id AND c.id = d.customer_id \
         JOIN users u ON u.id = d.user_id WHERE d.order_id IS NULL AND d.blocked_at IS NOT NULL \
         AND c.removed_at IS NULL AND d.partner_account_id = ",
    );
    sql.bind(Value::Guid(partner_account_id));
    sql.push(" AND d.changed_at >= ");
    sql.bind(Value::Time(changed_since));
    closed(&mut sql, "c.agreement_published_on", least);
    // What opened the gate since then ended it, even where a later version has closed it again.
    sql.push(" AND (c.agreement_published_on IS NULL OR c.agreement_published_on < d.blocked_version_date)");
    filter.of_customer(&mut sql);
    if let Some(agent) = filter.agent {
        sql.push(" AND d.user_id = ");
        sql.bind(Value::Guid(agent));
    }
    sql.push(" ORDER BY d.blocked_at, d.id LIMIT ");
    sql.bind(Value::Int(2 * LISTED));
    let rows: Vec<WaitingRow> = sql.statement(conn).all().await?;
    let waiting = rows.into_iter().map(|row| {
        let entries = order_drafts::read(&row.entries, row.id)?;
        let WaitingRow { id, customer_id, company_name, customer_licences, agreement_published_on, .. } = row;
        let WaitingRow { licences, agent, since, all, all_licences, .. } = row;
        Ok(Waiting {
            id,
            customer_id,
            company_name,
            customer_licences,
            agreement_published_on,
            entries,
            licences,
            agent,
            since,
            all,
            all_licences,
        })
    });
    waiting.collect()
}

record! {
    /// A customer whose gate is closed.
    #[derive(Debug, Clone)]
    pub struct Blocked {
        /// The Microsoft ID.
        pub id: Uuid,
        /// The company's name.
        pub company_name: String,
        /// Licences in use.
        pub licences: i64,
        /// The day the version of its agreement was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// Since when the portal knows it, UTC.
        pub created_at: DateTime<Utc>,
    }
}

/// The customers whose gates are closed with the most licences, so many at most. `versions` are those that are not enough.
pub async fn most_licences(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    versions: &[Uuid],
    filter: Filter,
    most: i64,
) -> Result<Vec<Blocked>, Error> {
    let mut sql = Sql::new("SELECT * FROM (");
    for (number, version) in std::iter::once(None).chain(versions.iter().map(Some)).enumerate() {
        sql.push(if number == 0 { "" } else { " UNION ALL " });
        sql.push(
            "SELECT * FROM (SELECT c.id, c.company_name, c.licences, c.agreement_published_on, c.created_at, c.seq \
             FROM customers c WHERE c.removed_at IS NULL AND c.partner_account_id = ",
        );
        sql.bind(Value::Guid(partner_account_id));
        match version {
            None => sql.push(" AND c.agreement_version_id IS NULL"),
            Some(version) => {
                sql.push(" AND c.agreement_version_id = ");
                sql.bind(Value::Guid(*version));
            }
        }
        filter.of_customer(&mut sql);
        sql.push(" ORDER BY c.licences DESC, c.seq LIMIT ");
        sql.bind(Value::Int(most));
        sql.push(") of_version");
    }
    sql.push(") blocked ORDER BY licences DESC, seq LIMIT ");
    sql.bind(Value::Int(most));
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
    /// A customer with subscriptions that nobody can renew before its acceptance is confirmed.
    #[derive(Debug, Clone)]
    pub struct AtRisk {
        /// The customer's Microsoft ID.
        pub customer_id: Uuid,
        /// The customer's name.
        pub company_name: String,
        /// Licences that the customer has in use.
        pub licences: i64,
        /// The day the version of the customer's agreement was published.
        pub agreement_published_on: Option<NaiveDate>,
        /// The name of one of the offers.
        pub offer_name: String,
        /// The last day of their term.
        pub commitment_ends_on: NaiveDate,
        /// How long a term is.
        pub term_duration: TermDuration,
    }
}

/// The customers of the subscriptions that [`renewals`] counted, of the given ends of terms; at most `most` of each.
pub async fn at_risk(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    ends: &[(NaiveDate, TermDuration)],
    least: Option<NaiveDate>,
    filter: Filter,
    most: i64,
) -> Result<Vec<AtRisk>, Error> {
    if ends.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("");
    for (number, (ends_on, term)) in ends.iter().enumerate() {
        sql.push(if number == 0 { "" } else { " UNION ALL " });
        sql.push(
            "SELECT * FROM (SELECT c.id AS customer_id, c.company_name, c.licences, c.agreement_published_on, \
             min(s.offer_name) AS offer_name, s.commitment_ends_on, s.term_duration FROM subscriptions s \
             JOIN customers c ON c.seq = s.customer_seq WHERE ",
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
        if let Some(agent) = filter.agent {
            sql.push(" AND c.agent_id = ");
            sql.bind(Value::Guid(agent));
        }
        sql.push(
            " GROUP BY c.seq, c.id, c.company_name, c.licences, c.agreement_published_on, c.name_fold, \
             s.commitment_ends_on, s.term_duration ORDER BY c.licences DESC, c.name_fold, c.seq LIMIT ",
        );
        sql.bind(Value::Int(most));
        sql.push(") of_one_end");
    }
    sql.statement(conn).all().await
}
