//! Figures that are kept in the transactions that change what they count, so that a page need not count: customers,
//! confirmations and customers by the week, subscriptions that renew by hand, licences.
//!
//! A [`WriteTx`] gathers by how much they change and writes that last, in the order of the keys, so that two changes
//! cannot wait for each other. [`differences`] counts everything again and says where that gives another figure.

mod check;
pub(super) mod key;
mod weeks;

use chrono::NaiveDate;
use uuid::Uuid;

pub use check::{Difference, differences};
use key::{Counts, Key};
use weeks::{count_agreements, count_customers};

use super::{
    Error, Read, WriteTx,
    agreements::row::AgreementRow,
    customers::row::Customer,
    partner_accounts,
    statement::Handle,
    subscriptions::row::{BY_HAND, renewal},
    table,
};
use crate::domain::{order::TermDuration, partner_account::PartnerAccount};

/// Counts a customer with everything it has, or takes all of that off with -1.
pub(super) async fn customer_with_all(tx: &mut WriteTx, of: &Customer, by: i64) -> Result<(), Error> {
    let account = account_of(tx, of).await?;
    tx.counts.add(of.counted(&account), by);
    for row in agreements_of(tx, of).await? {
        tx.counts.add(row.counted(&account, of), by);
    }
    for (ends_on, term, subscriptions) in renewals_of(tx, of).await? {
        tx.counts.add([renewal(of, ends_on, term)], by * subscriptions);
    }
    Ok(())
}

async fn agreements_of(conn: &mut dyn Read, customer: &Customer) -> Result<Vec<AgreementRow>, Error> {
    table::select::<AgreementRow>(conn, "WHERE customer_seq = $1").bind(customer.seq).all().await
}

/// A customer's account, whose zone decides the week. Takes ROW EXCLUSIVE, which conflicts with the SHARE lock of
/// [`recount_weeks`].
async fn account_of(tx: &mut WriteTx, customer: &Customer) -> Result<PartnerAccount, Error> {
    tx.either("SELECT 1", "LOCK TABLE agreements IN ROW EXCLUSIVE MODE").execute().await?;
    let mut accounts = partner_accounts::all(tx).await?.into_iter();
    let account = accounts.find(|account| account.id == customer.partner_account_id);
    account.ok_or_else(|| Error::Corrupt(format!("account of customer {}", customer.id)))
}

/// How many subscriptions of a customer renew by hand, by the last day and the length of their terms.
async fn renewals_of(conn: &mut dyn Read, customer: &Customer) -> Result<Vec<(NaiveDate, TermDuration, i64)>, Error> {
    conn.assembled(format!(
        "SELECT commitment_ends_on, term_duration, count(*) FROM subscriptions \
         WHERE customer_seq = $1 AND {BY_HAND} GROUP BY commitment_ends_on, term_duration"
    ))
    .bind(customer.seq)
    .all()
    .await
}

/// Counts a customer that may have moved to another country, with what it has.
pub(super) async fn recount_company(tx: &mut WriteTx, before: &Customer, after: &Customer) -> Result<(), Error> {
    if before.country == after.country {
        return Ok(());
    }
    let account = account_of(tx, after).await?;
    recount(tx, &account, before, after).await
}

/// Counts a customer as it is now instead of as it was, with what it has.
pub(super) async fn recount(
    tx: &mut WriteTx,
    account: &PartnerAccount,
    before: &Customer,
    after: &Customer,
) -> Result<(), Error> {
    tx.counts.add(before.counted(account), -1);
    tx.counts.add(after.counted(account), 1);
    let moved = before.country != after.country;
    if moved {
        for row in agreements_of(tx, after).await? {
            tx.counts.add(row.counted(account, before), -1);
            tx.counts.add(row.counted(account, after), 1);
        }
    }
    if moved || before.agreement_version_id != after.agreement_version_id {
        for (ends_on, term, subscriptions) in renewals_of(tx, after).await? {
            tx.counts.add([renewal(before, ends_on, term)], -subscriptions);
            tx.counts.add([renewal(after, ends_on, term)], subscriptions);
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
            Key::Licences { customer_seq } => {
                handle.query("UPDATE customers SET licences = licences + $2 WHERE seq = $1").values((customer_seq,))
            }
            Key::Customers { partner_account_id, country, agent_id, agreement_version_id } => handle
                .query(
                    "INSERT INTO customer_counts (partner_account_id, country, agent_id, agreement_version_id, customers) \
                     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (partner_account_id, country, agent_id, agreement_version_id) \
                     DO UPDATE SET customers = customer_counts.customers + excluded.customers",
                )
                .values((partner_account_id, country, agent_id, agreement_version_id)),
            Key::Agreements { partner_account_id, country, week, agent_id, channel, accepted_directly } => handle
                .query(
                    "INSERT INTO agreement_counts (partner_account_id, country, week, agent_id, channel, accepted_directly, \
                     agreements) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                     ON CONFLICT (partner_account_id, country, week, agent_id, channel, accepted_directly) \
                     DO UPDATE SET agreements = agreement_counts.agreements + excluded.agreements",
                )
                .values((partner_account_id, country, week, agent_id, channel, accepted_directly)),
            Key::CustomerWeeks {
                partner_account_id,
                country,
                week,
                effective,
                agent_id,
                agreement_version_id,
                added_week,
            } => handle
                .query(
                    "INSERT INTO customer_week_counts (partner_account_id, country, week, effective, agent_id, \
                     agreement_version_id, added_week, customers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                     ON CONFLICT (partner_account_id, country, week, effective, agent_id, agreement_version_id, added_week) \
                     DO UPDATE SET customers = customer_week_counts.customers + excluded.customers",
                )
                .values((partner_account_id, country, week, effective, agent_id, agreement_version_id))
                .values((added_week,)),
            Key::Renewals { partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id } => handle
                .query(
                    "INSERT INTO renewal_counts (partner_account_id, commitment_ends_on, term_duration, country, \
                     agreement_version_id, subscriptions) VALUES ($1, $2, $3, $4, $5, $6) \
                     ON CONFLICT (partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id) \
                     DO UPDATE SET subscriptions = renewal_counts.subscriptions + excluded.subscriptions",
                )
                .values((partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id)),
        };
        statement.bind(by).execute().await?;
    }
    Ok(())
}

/// Counts the confirmations and the customers of an account again, whose weeks begin at another moment now.
pub async fn recount_weeks(tx: &mut WriteTx, partner_account_id: Uuid) -> Result<(), Error> {
    // Conflicts with the lock that recording a confirmation takes: see `account_of`.
    tx.either("SELECT 1", "LOCK TABLE agreements IN SHARE MODE").execute().await?;
    tx.query("DELETE FROM agreement_counts WHERE partner_account_id = $1").bind(partner_account_id).execute().await?;
    let delete = "DELETE FROM customer_week_counts WHERE partner_account_id = $1";
    tx.query(delete).bind(partner_account_id).execute().await?;
    let mut counts = count_agreements(tx, Some(partner_account_id)).await?;
    count_customers(tx, Some(partner_account_id), &mut counts).await?;
    add_all(tx.handle(), counts).await
}
