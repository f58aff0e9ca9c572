//! Customers that somebody is filling in: the entries of each step as typed, in a row of their own.
//!
//! Saving a step is nobody's business but the user's, so it goes without an event. Creating the customer uses the
//! draft up inside that change; the customer's id stays behind for whoever sends the draft again.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Error, MaintenanceTx, Read, WriteTx,
    table::{self, table},
};
use crate::domain::actor::Actor;

/// How long an untouched draft is kept.
pub const LIFETIME: TimeDelta = TimeDelta::days(30);

/// Names and values of a form, in order.
pub type Entries = Vec<(String, String)>;

table! {
    struct Row: "customer_drafts" {
        id: Uuid = key,
        account_entries: String,
        subscription_entries: String,
        subscriptions_answered: bool,
        revision: i64,
        customer_id: Option<Uuid>,
    }
}

/// The condition that a draft is the user's.
const OURS: &str = "id = $1 AND partner_account_id = $2 AND user_id = $3";

/// A customer that somebody is filling in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// What the step *Account info* holds, as typed.
    pub account: Entries,
    /// What the step *Subscriptions* holds, as typed.
    pub subscriptions: Entries,
    /// Whether that step was gone through or skipped.
    pub subscriptions_answered: bool,
    /// Counts the changes.
    pub revision: i64,
    /// The customer it became.
    pub customer_id: Option<Uuid>,
}

impl TryFrom<Row> for Draft {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let read = |entries| read(entries).ok_or_else(|| Error::Corrupt(format!("entries of draft {}", row.id)));
        Ok(Self {
            id: row.id,
            account: read(&row.account_entries)?,
            subscriptions: read(&row.subscription_entries)?,
            subscriptions_answered: row.subscriptions_answered,
            revision: row.revision,
            customer_id: row.customer_id,
        })
    }
}

/// Whose drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// The partner account.
    pub partner_account_id: Uuid,
    /// The user.
    pub user_id: Uuid,
}

impl Owner {
    /// Whoever acts for an account.
    pub fn of(actor: &Actor) -> Self {
        Self { partner_account_id: actor.account.id, user_id: actor.who.id.unwrap_or_default() }
    }
}

/// A draft as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// The company's name as typed so far; may be empty.
    pub company_name: String,
    /// When it was last saved, UTC.
    pub changed_at: DateTime<Utc>,
}

/// The drafts of a user that have not become customers, the latest first and at most so many, and how many there are.
pub async fn open(conn: &mut dyn Read, owner: Owner, most: i64) -> Result<(Vec<Listed>, i64), Error> {
    let rows: Vec<(Uuid, String, DateTime<Utc>, i64)> = conn
        .query(
            "SELECT id, company_name, changed_at, COUNT(*) OVER () FROM customer_drafts \
             WHERE partner_account_id = $1 AND user_id = $2 AND customer_id IS NULL ORDER BY changed_at DESC, id LIMIT $3",
        )
        .values((owner.partner_account_id, owner.user_id, most))
        .all()
        .await?;
    let count = rows.first().map_or(0, |(.., count)| *count);
    let listed =
        rows.into_iter().map(|(id, company_name, changed_at, _)| Listed { id, company_name, changed_at }).collect();
    Ok((listed, count))
}

/// A draft of a user.
pub async fn find(conn: &mut dyn Read, owner: Owner, id: Uuid) -> Result<Option<Draft>, Error> {
    ours(conn, owner, id, "").await
}

/// Locks a draft of the user until the transaction ends.
pub async fn lock(tx: &mut WriteTx, owner: Owner, id: Uuid) -> Result<Option<Draft>, Error> {
    let lock = tx.for_update();
    ours(tx, owner, id, lock).await
}

async fn ours(conn: &mut dyn Read, owner: Owner, id: Uuid, lock: &str) -> Result<Option<Draft>, Error> {
    let select = table::select::<Row>(conn, &format!("WHERE {OURS}{lock}"));
    let row: Option<Row> = select.values((id, owner.partner_account_id, owner.user_id)).optional().await?;
    row.map(TryInto::try_into).transpose()
}

/// Saves the step *Account info*, of a new draft or of one of the user's. `None` when a draft with this id is
/// somebody else's; a draft that has become a customer stays as it is.
pub async fn save_account(
    tx: &mut MaintenanceTx,
    owner: Owner,
    id: Uuid,
    company_name: &str,
    entries: &Entries,
    now: DateTime<Utc>,
) -> Result<Option<Draft>, Error> {
    tx.query(
        "INSERT INTO customer_drafts (id, partner_account_id, user_id, company_name, account_entries, \
             subscription_entries, subscriptions_answered, revision, created_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, '', $6, 1, $7, $7) \
             ON CONFLICT (id) DO UPDATE SET company_name = excluded.company_name, \
             account_entries = excluded.account_entries, revision = customer_drafts.revision + 1, \
             changed_at = excluded.changed_at \
             WHERE customer_drafts.partner_account_id = excluded.partner_account_id \
             AND customer_drafts.user_id = excluded.user_id AND customer_drafts.customer_id IS NULL",
    )
    .values((id, owner.partner_account_id, owner.user_id, company_name.to_owned(), text(entries), false, now))
    .execute()
    .await?;
    find(tx, owner, id).await
}

/// Saves the step *Subscriptions* of one of the user's drafts. A draft that has become a customer stays as it is.
pub async fn save_subscriptions(
    tx: &mut MaintenanceTx,
    owner: Owner,
    id: Uuid,
    entries: &Entries,
    answered: bool,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    tx.query(
        "UPDATE customer_drafts SET subscription_entries = $1, subscriptions_answered = $2, revision = revision + 1, \
             changed_at = $3 WHERE id = $4 AND partner_account_id = $5 AND user_id = $6 AND customer_id IS NULL",
    )
    .values((text(entries), answered, now, id, owner.partner_account_id, owner.user_id))
    .execute()
    .await
    .map(drop)
}

/// Throws one of the user's drafts away. Whether there was one that had not become a customer.
pub async fn discard(tx: &mut MaintenanceTx, owner: Owner, id: Uuid) -> Result<bool, Error> {
    let deleted = tx
        .query(
            "DELETE FROM customer_drafts WHERE id = $1 AND partner_account_id = $2 AND user_id = $3 AND customer_id IS NULL",
        )
        .values((id, owner.partner_account_id, owner.user_id))
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Uses a draft up: only the customer's id is left of it.
pub async fn consume(tx: &mut WriteTx, id: Uuid, customer_id: Uuid) -> Result<(), Error> {
    tx.query(
        "UPDATE customer_drafts SET company_name = '', account_entries = '', subscription_entries = '', \
             customer_id = $1, revision = revision + 1 WHERE id = $2",
    )
    .values((customer_id, id))
    .execute()
    .await
    .map(drop)
}

/// Whether any draft has expired.
pub async fn any_expired(conn: &mut dyn Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(Uuid,)> = conn
        .query("SELECT id FROM customer_drafts WHERE changed_at < $1 LIMIT 1")
        .bind(now - LIFETIME)
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Deletes expired drafts.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("DELETE FROM customer_drafts WHERE changed_at < $1").bind(now - LIFETIME).execute().await.map(drop)
}

/// Entries as they are stored.
pub(super) fn text(entries: &Entries) -> String {
    serde_json::to_string(entries).unwrap_or_default()
}

/// Entries as they were stored; nothing is stored of a draft that is used up. `None` for what no version writes.
pub(super) fn read(stored: &str) -> Option<Entries> {
    if stored.is_empty() { Some(Entries::new()) } else { serde_json::from_str(stored).ok() }
}
