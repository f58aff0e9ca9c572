//! Confirmations and customers by the week, counted one by one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::key::{ALL_COUNTRIES, Counts, Key, Weeks, weeks_of};
use crate::{
    domain::{agreement::Channel, partner_account::PartnerAccount, status::week_of},
    store::{Error, Read, partner_accounts, row::record},
};

record! {
    struct Confirmation {
        seq: i64,
        partner_account_id: Uuid,
        country: Option<String>,
        agent_id: Option<Uuid>,
        channel: Channel,
        accepted_directly: bool,
        recorded_at: DateTime<Utc>,
    }
}

impl Confirmation {
    fn keys(self, account: &PartnerAccount) -> [Key; 2] {
        [self.country.unwrap_or_default(), ALL_COUNTRIES.to_owned()].map(|country| Key::Agreements {
            partner_account_id: self.partner_account_id,
            country,
            week: week_of(account.today(self.recorded_at)),
            agent_id: self.agent_id.unwrap_or_default(),
            channel: self.channel,
            accepted_directly: self.accepted_directly,
        })
    }
}

/// Customers that are read at once, with what they have.
const CHUNK: i64 = 1_000;

async fn accounts(conn: &mut dyn Read) -> Result<BTreeMap<Uuid, PartnerAccount>, Error> {
    Ok(partner_accounts::all(conn).await?.into_iter().map(|account| (account.id, account)).collect())
}

/// Counts every confirmation, of one account or of all.
pub(super) async fn count_agreements(conn: &mut dyn Read, only: Option<Uuid>) -> Result<Counts, Error> {
    let accounts = accounts(conn).await?;
    let (mut counts, mut after) = (Counts::default(), 0);
    let last: (Option<i64>,) = conn.query("SELECT max(seq) FROM customers").one().await?;
    while last.0.is_some_and(|last| after < last) {
        let chunk: Vec<Confirmation> = conn
            .query(
                "SELECT c.seq, c.partner_account_id, c.country, g.recorded_by_id AS agent_id, g.channel, \
                 g.email IS NULL AS accepted_directly, g.recorded_at FROM customers c \
                 JOIN agreements g ON g.customer_seq = c.seq WHERE c.seq > $1 AND c.seq <= $2 AND c.removed_at IS NULL",
            )
            .values((after, after + CHUNK))
            .all()
            .await?;
        after += CHUNK;
        for row in chunk.into_iter().filter(|row| only.is_none_or(|only| only == row.partner_account_id)) {
            let account = accounts
                .get(&row.partner_account_id)
                .ok_or_else(|| Error::Corrupt(format!("account of customer {}", row.seq)))?;
            counts.add(row.keys(account), 1);
        }
    }
    Ok(counts)
}

record! {
    struct CustomerOfWeek {
        seq: i64,
        partner_account_id: Uuid,
        country: Option<String>,
        agent_id: Option<Uuid>,
        agreement_version_id: Option<Uuid>,
        created_at: DateTime<Utc>,
        recorded_at: Option<DateTime<Utc>>,
    }
}

/// Counts every customer by its weeks, of one account or of all.
pub(super) async fn count_customers(conn: &mut dyn Read, only: Option<Uuid>, counts: &mut Counts) -> Result<(), Error> {
    let accounts = accounts(conn).await?;
    let mut after = 0;
    let last: (Option<i64>,) = conn.query("SELECT max(seq) FROM customers").one().await?;
    while last.0.is_some_and(|last| after < last) {
        // The agreement's own row says when it was recorded, not the copy that is kept with the customer.
        let chunk: Vec<CustomerOfWeek> = conn
            .query(
                "SELECT c.seq, c.partner_account_id, c.country, c.agent_id, c.agreement_version_id, c.created_at, \
                 g.recorded_at FROM customers c LEFT JOIN agreements g ON g.id = c.agreement_id \
                 WHERE c.seq > $1 AND c.seq <= $2 AND c.removed_at IS NULL",
            )
            .values((after, after + CHUNK))
            .all()
            .await?;
        after += CHUNK;
        for row in chunk.into_iter().filter(|row| only.is_none_or(|only| only == row.partner_account_id)) {
            let account = accounts
                .get(&row.partner_account_id)
                .ok_or_else(|| Error::Corrupt(format!("account of customer {}", row.seq)))?;
            let weeks = Weeks {
                partner_account_id: row.partner_account_id,
                country: row.country.unwrap_or_default(),
                agent_id: row.agent_id,
                agreement_version_id: row.agreement_version_id,
                created_at: row.created_at,
                recorded_at: row.recorded_at,
            };
            counts.add(weeks_of(account, weeks), 1);
        }
    }
    Ok(())
}
