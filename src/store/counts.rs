//! Figures that are kept in the transactions that change what they count, so that a page need not count: customers,
//! confirmations by the week, subscriptions that renew by hand.
//!
//! A [`WriteTx`] gathers by how much they change and writes that last, in the order of the keys, so that two changes
//! cannot wait for each other. [`differences`] counts everything again and says where that gives another figure.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    agreements::AgreementRow,
    customers::Customer,
    partner_accounts,
    row::record,
    statement::Handle,
    subscriptions::{BY_HAND, SubscriptionRow},
};
use crate::domain::{partner_account::PartnerAccount, status::week_of};

/// What confirmations of all countries are counted under.
pub(super) const ALL_COUNTRIES: &str = "*";

/// What something is counted under. Nobody, no version and no country are nil, nil and empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Customers {
        partner_account_id: Uuid,
        country: String,
        agent_id: Uuid,
        agreement_version_id: Uuid,
    },
    /// For each country, and for all of them.
    Agreements {
        partner_account_id: Uuid,
        country: String,
        week: NaiveDate,
        agent_id: Uuid,
        channel: String,
        accepted_directly: bool,
    },
    Renewals {
        partner_account_id: Uuid,
        commitment_ends_on: NaiveDate,
        term_duration: String,
        country: String,
        agreement_version_id: Uuid,
    },
}

/// By how much counts change, or what they are.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<Key, i64>);

impl Counts {
    fn add(&mut self, key: Key, by: i64) {
        *self.0.entry(key).or_default() += by;
    }
}

/// Counts a customer, or takes it off with -1.
pub(super) fn customer(counts: &mut Counts, customer: &Customer, by: i64) {
    let key = Key::Customers {
        partner_account_id: customer.partner_account_id,
        country: customer.country_code().to_owned(),
        agent_id: customer.agent_id().unwrap_or_default(),
        agreement_version_id: customer.agreement_version_id().unwrap_or_default(),
    };
    counts.add(key, by);
}

/// Counts a confirmation of a customer of the account, or takes it off with -1.
pub(super) fn agreement(
    counts: &mut Counts,
    account: &PartnerAccount,
    customer: &Customer,
    row: &AgreementRow,
    by: i64,
) {
    for country in [customer.country_code(), ALL_COUNTRIES] {
        let key = Key::Agreements {
            partner_account_id: customer.partner_account_id,
            country: country.to_owned(),
            week: week_of(account.today(row.recorded_at())),
            agent_id: row.recorded_by_id().unwrap_or_default(),
            channel: row.channel().to_owned(),
            accepted_directly: row.is_direct(),
        };
        counts.add(key, by);
    }
}

/// Counts a subscription of a customer if it renews by hand, or takes it off with -1.
pub(super) fn subscription(counts: &mut Counts, customer: &Customer, row: &SubscriptionRow, by: i64) {
    if let Some(commitment_ends_on) = row.renews_by_hand() {
        counts.add(renewal(customer, commitment_ends_on, &row.term_duration), by);
    }
}

fn renewal(customer: &Customer, commitment_ends_on: NaiveDate, term_duration: &str) -> Key {
    Key::Renewals {
        partner_account_id: customer.partner_account_id,
        commitment_ends_on,
        term_duration: term_duration.to_owned(),
        country: customer.country_code().to_owned(),
        agreement_version_id: customer.agreement_version_id().unwrap_or_default(),
    }
}

/// Counts a customer with everything it has, or takes all of that off with -1.
pub(super) async fn customer_with_all(tx: &mut WriteTx, of: &Customer, by: i64) -> Result<(), Error> {
    customer(&mut tx.counts, of, by);
    let account = account_of(tx, of).await?;
    for row in super::agreements::rows_of_customer(tx, of.seq).await? {
        agreement(&mut tx.counts, &account, of, &row, by);
    }
    for (ends_on, term, subscriptions) in renewals_of(tx, of).await? {
        tx.counts.add(renewal(of, ends_on, &term), by * subscriptions);
    }
    Ok(())
}

/// A customer's account, whose zone decides the week. Whoever counts the weeks again is waited for, and waits.
async fn account_of(tx: &mut WriteTx, customer: &Customer) -> Result<PartnerAccount, Error> {
    tx.either("SELECT 1", "LOCK TABLE agreements IN ROW EXCLUSIVE MODE").execute().await?;
    let mut accounts = partner_accounts::all(tx).await?.into_iter();
    let account = accounts.find(|account| account.id == customer.partner_account_id);
    account.ok_or_else(|| Error::Corrupt(format!("account of customer {}", customer.id)))
}

/// How many subscriptions of a customer renew by hand, by the last day and the length of their terms.
async fn renewals_of(conn: &mut dyn Read, customer: &Customer) -> Result<Vec<(NaiveDate, String, i64)>, Error> {
    conn.assembled(format!(
        "SELECT commitment_ends_on, term_duration, count(*) FROM subscriptions \
         WHERE customer_seq = $1 AND {BY_HAND} GROUP BY commitment_ends_on, term_duration"
    ))
    .bind(customer.seq)
    .all()
    .await
}

/// Counts a customer as it is now instead of as it was, with what it has.
pub(super) async fn recount(tx: &mut WriteTx, before: &Customer, after: &Customer) -> Result<(), Error> {
    customer(&mut tx.counts, before, -1);
    customer(&mut tx.counts, after, 1);
    let moved = before.country_code() != after.country_code();
    if moved {
        let account = account_of(tx, after).await?;
        for row in super::agreements::rows_of_customer(tx, after.seq).await? {
            agreement(&mut tx.counts, &account, before, &row, -1);
            agreement(&mut tx.counts, &account, after, &row, 1);
        }
    }
    if moved || before.agreement_version_id() != after.agreement_version_id() {
        for (ends_on, term, subscriptions) in renewals_of(tx, after).await? {
            tx.counts.add(renewal(before, ends_on, &term), -subscriptions);
            tx.counts.add(renewal(after, ends_on, &term), subscriptions);
        }
    }
    Ok(())
}

/// Writes what a change counted.
pub(super) async fn write(tx: &mut WriteTx) -> Result<(), Error> {
    let counts = std::mem::take(&mut tx.counts);
    add_all(tx.handle(), counts).await
}

async fn add_all(handle: &mut Handle, counts: Counts) -> Result<(), Error> {
    for (key, by) in counts.0 {
        if by == 0 {
            continue;
        }
        let statement = match key {
            Key::Customers { partner_account_id, country, agent_id, agreement_version_id } => handle
                .query(
                    "INSERT INTO customer_counts (partner_account_id, country, agent_id, agreement_version_id, customers) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partner_account_id, country, agent_id, agreement_version_id) \
                     DO UPDATE SET customers = customer_counts.customers + excluded.customers",
                )
                .bind(partner_account_id)
                .bind(country)
                .bind(agent_id)
                .bind(agreement_version_id),
            Key::Agreements { partner_account_id, country, week, agent_id, channel, accepted_directly } => handle
                .query(
                    "INSERT INTO agreement_counts (partner_account_id, country, week, agent_id, channel, accepted_directly, \
                     agreements) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                     ON CONFLICT (partner_account_id, country, week, agent_id, channel, accepted_directly) \
                     DO UPDATE SET agreements = agreement_counts.agreements + excluded.agreements",
                )
                .bind(partner_account_id)
                .bind(country)
                .bind(week)
                .bind(agent_id)
                .bind(channel)
                .bind(accepted_directly),
            Key::Renewals { partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id } => handle
                .query(
                    "INSERT INTO renewal_counts (partner_account_id, commitment_ends_on, term_duration, country, \
                     agreement_version_id, subscriptions) VALUES ($1, $2, $3, $4, $5, $6) \
                     ON CONFLICT (partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id) \
                     DO UPDATE SET subscriptions = renewal_counts.subscriptions + excluded.subscriptions",
                )
                .bind(partner_account_id)
                .bind(commitment_ends_on)
                .bind(term_duration)
                .bind(country)
                .bind(agreement_version_id),
        };
        statement.bind(by).execute().await?;
    }
    Ok(())
}

record! {
    struct Confirmation {
        seq: i64,
        partner_account_id: Uuid,
        country: Option<String>,
        agent_id: Option<Uuid>,
        channel: String,
        accepted_directly: bool,
        recorded_at: DateTime<Utc>,
    }
}

/// Counts every confirmation, of one account or of all.
async fn count_agreements(conn: &mut dyn Read, only: Option<Uuid>) -> Result<Counts, Error> {
    /// Customers whose confirmations are read at once.
    const CHUNK: i64 = 1_000;
    let accounts: BTreeMap<Uuid, PartnerAccount> =
        partner_accounts::all(conn).await?.into_iter().map(|account| (account.id, account)).collect();
    let (mut counts, mut after) = (Counts::default(), 0);
    let last: (Option<i64>,) = conn.query("SELECT max(seq) FROM customers").one().await?;
    while last.0.is_some_and(|last| after < last) {
        let chunk: Vec<Confirmation> = conn
            .query(
                "SELECT c.seq, c.partner_account_id, c.country, g.recorded_by_id AS agent_id, g.channel, \
                 g.email IS NULL AS accepted_directly, g.recorded_at FROM customers c \
                 JOIN agreements g ON g.customer_seq = c.seq WHERE c.seq > $1 AND c.seq <= $2 AND c.removed_at IS NULL",
            )
            .bind(after)
            .bind(after + CHUNK)
            .all()
            .await?;
        after += CHUNK;
        for row in chunk.into_iter().filter(|row| only.is_none_or(|only| only == row.partner_account_id)) {
            let account = accounts
                .get(&row.partner_account_id)
                .ok_or_else(|| Error::Corrupt(format!("account of customer {}", row.seq)))?;
            for country in [row.country.as_deref().unwrap_or_default(), ALL_COUNTRIES] {
                let key = Key::Agreements {
                    partner_account_id: row.partner_account_id,
                    country: country.to_owned(),
                    week: week_of(account.today(row.recorded_at)),
                    agent_id: row.agent_id.unwrap_or_default(),
                    channel: row.channel.clone(),
                    accepted_directly: row.accepted_directly,
                };
                counts.add(key, 1);
            }
        }
    }
    Ok(counts)
}

/// Counts the confirmations of an account again, whose weeks begin at another moment now.
pub async fn recount_weeks(tx: &mut WriteTx, partner_account_id: Uuid) -> Result<(), Error> {
    // Whoever records one now is waited for, and waits.
    tx.either("SELECT 1", "LOCK TABLE agreements IN SHARE MODE").execute().await?;
    tx.query("DELETE FROM agreement_counts WHERE partner_account_id = $1").bind(partner_account_id).execute().await?;
    let counts = count_agreements(tx, Some(partner_account_id)).await?;
    add_all(tx.handle(), counts).await
}

/// Counts the confirmations that were recorded before anybody counted them: the weeks of an account's zone are
/// nothing that a migration could know.
pub(super) async fn complete(db: &super::Db) -> Result<(), Error> {
    let mut conn = db.read().await?;
    let conn: &mut dyn Read = &mut conn;
    let missing: Option<(i64,)> = conn
        .query(
            "SELECT c.seq FROM customers c WHERE c.agreement_id IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM agreement_counts) LIMIT 1",
        )
        .optional()
        .await?;
    if missing.is_none() {
        return Ok(());
    }
    let mut tx = db.recount().await?;
    // Whoever starts at the same time waits here, and finds it done.
    tx.handle().query("UPDATE agreement_version_set SET revision = revision WHERE id = 1").execute().await?;
    tx.handle().query("DELETE FROM agreement_counts").execute().await?;
    let counts = count_agreements(&mut tx, None).await?;
    add_all(tx.handle(), counts).await?;
    tx.commit().await
}

/// A figure that is not what counting gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is counted, and under what.
    pub what: String,
    /// The figure that is kept.
    pub kept: i64,
    /// What counting gives.
    pub counted: i64,
}

/// Counts everything again: how many figures are kept, and which of them are wrong.
pub async fn differences(conn: &mut dyn Read) -> Result<(usize, Vec<Difference>), Error> {
    let (kept, counted) = (kept(conn).await?, counted(conn).await?);
    let figures = kept.0.values().filter(|count| **count != 0).count();
    let mut both: BTreeMap<Key, (i64, i64)> = kept.0.into_iter().map(|(key, kept)| (key, (kept, 0))).collect();
    for (key, counted) in counted.0 {
        both.entry(key).or_default().1 = counted;
    }
    let wrong = both.into_iter().filter(|(_, (kept, counted))| kept != counted);
    let wrong = wrong.map(|(key, (kept, counted))| Difference { what: format!("{key:?}"), kept, counted });
    Ok((figures, wrong.collect()))
}

async fn kept(conn: &mut dyn Read) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    let customers: Vec<CustomersOfKey> = conn
        .query("SELECT partner_account_id, country, agent_id, agreement_version_id, customers AS count FROM customer_counts")
        .all()
        .await?;
    for row in customers {
        row.count(&mut counts);
    }
    let weeks: Vec<(Uuid, String, NaiveDate, Uuid, String, bool, i64)> = conn
        .query(
            "SELECT partner_account_id, country, week, agent_id, channel, accepted_directly, agreements FROM agreement_counts",
        )
        .all()
        .await?;
    for (partner_account_id, country, week, agent_id, channel, accepted_directly, by) in weeks {
        counts.add(Key::Agreements { partner_account_id, country, week, agent_id, channel, accepted_directly }, by);
    }
    let renewals: Vec<RenewalsOfKey> = conn
        .query(
            "SELECT partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id, \
             subscriptions AS count FROM renewal_counts",
        )
        .all()
        .await?;
    for row in renewals {
        row.count(&mut counts);
    }
    Ok(counts)
}

async fn counted(conn: &mut dyn Read) -> Result<Counts, Error> {
    let mut counts = count_agreements(conn, None).await?;
    let customers: Vec<CustomersOfKey> = conn
        .query(
            "SELECT partner_account_id, country, agent_id, agreement_version_id, count(*) AS count FROM customers \
             WHERE removed_at IS NULL GROUP BY partner_account_id, country, agent_id, agreement_version_id",
        )
        .all()
        .await?;
    for row in customers {
        row.count(&mut counts);
    }
    let renewals: Vec<RenewalsOfKey> = conn
        .assembled(format!(
            "SELECT c.partner_account_id, s.commitment_ends_on, s.term_duration, c.country, c.agreement_version_id, \
             count(*) AS count FROM subscriptions s JOIN customers c ON c.seq = s.customer_seq \
             WHERE c.removed_at IS NULL AND {BY_HAND} \
             GROUP BY c.partner_account_id, s.commitment_ends_on, s.term_duration, c.country, c.agreement_version_id"
        ))
        .all()
        .await?;
    for row in renewals {
        row.count(&mut counts);
    }
    Ok(counts)
}

record! {
    struct CustomersOfKey {
        partner_account_id: Uuid,
        country: Option<String>,
        agent_id: Option<Uuid>,
        agreement_version_id: Option<Uuid>,
        count: i64,
    }
}

impl CustomersOfKey {
    fn count(self, counts: &mut Counts) {
        let key = Key::Customers {
            partner_account_id: self.partner_account_id,
            country: self.country.unwrap_or_default(),
            agent_id: self.agent_id.unwrap_or_default(),
            agreement_version_id: self.agreement_version_id.unwrap_or_default(),
        };
        counts.add(key, self.count);
    }
}

record! {
    struct RenewalsOfKey {
        partner_account_id: Uuid,
        commitment_ends_on: NaiveDate,
        term_duration: String,
        country: Option<String>,
        agreement_version_id: Option<Uuid>,
        count: i64,
    }
}

impl RenewalsOfKey {
    fn count(self, counts: &mut Counts) {
        let key = Key::Renewals {
            partner_account_id: self.partner_account_id,
            commitment_ends_on: self.commitment_ends_on,
            term_duration: self.term_duration,
            country: self.country.unwrap_or_default(),
            agreement_version_id: self.agreement_version_id.unwrap_or_default(),
        };
        counts.add(key, self.count);
    }
}
