//! Orders that somebody is filling in, as typed: kept while the customer's acceptance is confirmed first, or until the
//! order is placed. Every agent of the account may continue or discard one. Placing it uses the draft up inside that
//! change; the order's id stays behind.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Error, MaintenanceTx, Read, WriteTx,
    drafts::{self, Entries, LIFETIME, Owner},
    row::record,
    table::{self, table},
};

/// After so many days an order that nobody continued no longer counts as blocked.
pub const BLOCKED_DAYS: i64 = 14;

/// Kept orders of a customer that are listed.
const LISTED: i64 = 10;

table! {
    struct Row: "order_drafts" {
        id: Uuid = key,
        entries: String,
        revision: i64,
        order_id: Option<Uuid>,
    }
}

/// Which draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The partner account.
    pub partner_account_id: Uuid,
    /// The customer.
    pub customer_id: Uuid,
    /// Its id.
    pub id: Uuid,
}

/// The condition that a draft is the account's, of this customer.
const OURS: &str = "id = $1 AND partner_account_id = $2 AND customer_id = $3";

/// An order that somebody is filling in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDraft {
    /// Its id.
    pub id: Uuid,
    /// Offers, quantities, billing cycle and term as typed.
    pub entries: Entries,
    /// Counts the changes.
    pub revision: i64,
    /// The order it became.
    pub order_id: Option<Uuid>,
}

impl TryFrom<Row> for OrderDraft {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self { id: row.id, entries: read(&row.entries, row.id)?, revision: row.revision, order_id: row.order_id })
    }
}

/// A draft of the account, for a customer.
pub async fn find(conn: &mut dyn Read, key: Key) -> Result<Option<OrderDraft>, Error> {
    ours(conn, key, "").await
}

/// Locks a draft until the transaction ends.
pub async fn lock(tx: &mut WriteTx, key: Key) -> Result<Option<OrderDraft>, Error> {
    let lock = tx.for_update();
    ours(tx, key, lock).await
}

async fn ours(conn: &mut dyn Read, key: Key, lock: &str) -> Result<Option<OrderDraft>, Error> {
    let select = table::select::<Row>(conn, &format!("WHERE {OURS}{lock}"));
    let row: Option<Row> = select.values((key.id, key.partner_account_id, key.customer_id)).optional().await?;
    row.map(TryInto::try_into).transpose()
}

record! {
    struct KeptRow {
        id: Uuid,
        entries: String,
        agent: String,
        blocked_at: Option<DateTime<Utc>>,
        changed_at: DateTime<Utc>,
    }
}

/// An order of a customer that is not placed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// Offers, quantities, billing cycle and term as typed.
    pub entries: Entries,
    /// Who continued it last.
    pub agent: String,
    /// Since when the gate refuses it, UTC; none where nobody tried to place it.
    pub blocked_at: Option<DateTime<Utc>>,
    /// When it was saved last, UTC.
    pub changed_at: DateTime<Utc>,
}

/// The orders of a customer that are not placed yet, the one saved last first; at most ten.
pub async fn of_customer(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    customer_id: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Kept>, Error> {
    let rows: Vec<KeptRow> = conn
        .query(
            "SELECT d.id, d.entries, u.display_name AS agent, d.blocked_at, d.changed_at FROM order_drafts d \
             JOIN users u ON u.id = d.user_id WHERE d.partner_account_id = $1 AND d.customer_id = $2 \
             AND d.order_id IS NULL AND d.changed_at >= $3 ORDER BY d.changed_at DESC, d.id LIMIT $4",
        )
        .values((partner_account_id, customer_id, now - LIFETIME, LISTED))
        .all()
        .await?;
    let kept = rows.into_iter().map(|KeptRow { id, entries, agent, blocked_at, changed_at }| {
        let entries = read(&entries, id)?;
        Ok(Kept { id, entries, agent, blocked_at, changed_at })
    });
    kept.collect()
}

/// The entries of a draft as they were stored.
pub(super) fn read(entries: &str, id: Uuid) -> Result<Entries, Error> {
    drafts::read(entries).ok_or_else(|| Error::Corrupt(format!("entries of order draft {id}")))
}

/// Saves a new draft, or one of the account's, which becomes the user's. `None` when a draft with this id is of another
/// account or customer; one that has become an order stays as it is.
pub async fn save(
    tx: &mut MaintenanceTx,
    owner: Owner,
    customer_id: Uuid,
    id: Uuid,
    entries: &Entries,
    now: DateTime<Utc>,
) -> Result<Option<OrderDraft>, Error> {
    tx
        .query(
            "INSERT INTO order_drafts (id, partner_account_id, user_id, customer_id, entries, revision, created_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, 1, $6, $6) \
             ON CONFLICT (id) DO UPDATE SET entries = excluded.entries, user_id = excluded.user_id, \
             revision = order_drafts.revision + 1, changed_at = excluded.changed_at \
             WHERE order_drafts.partner_account_id = excluded.partner_account_id \
             AND order_drafts.customer_id = excluded.customer_id AND order_drafts.order_id IS NULL",
        )
        .values((id, owner.partner_account_id, owner.user_id, customer_id, drafts::text(entries), now))
        .execute()
        .await?;
    find(tx, Key { partner_account_id: owner.partner_account_id, customer_id, id }).await
}

/// Marks that the gate refused to place an order of so many licences, when the customer's agreement had to reach
/// `required`. It is blocked since the first time, unless the gate was open between.
pub async fn set_blocked(
    tx: &mut WriteTx,
    key: Key,
    licences: i64,
    required: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    tx.query(
        "UPDATE order_drafts SET licences = $4, blocked_version_date = $5, blocked_at = CASE \
         WHEN blocked_at IS NOT NULL AND EXISTS (SELECT 1 FROM customers c \
         WHERE c.partner_account_id = order_drafts.partner_account_id AND c.id = order_drafts.customer_id AND c.removed_at IS NULL \
         AND (c.agreement_published_on IS NULL OR c.agreement_published_on < order_drafts.blocked_version_date)) \
         THEN blocked_at ELSE $6 END \
         WHERE id = $1 AND partner_account_id = $2 AND customer_id = $3 AND order_id IS NULL",
    )
    .values((key.id, key.partner_account_id, key.customer_id, licences, required, now))
    .execute()
    .await
    .map(drop)
}

/// Throws a draft away. Whether there was one that had not become an order.
pub async fn discard(tx: &mut MaintenanceTx, key: Key) -> Result<bool, Error> {
    let deleted = tx
        .query(
            "DELETE FROM order_drafts WHERE id = $1 AND partner_account_id = $2 AND customer_id = $3 AND order_id IS NULL",
        )
        .values((key.id, key.partner_account_id, key.customer_id))
        .execute()
        .await?;
    Ok(deleted == 1)
}

/// Uses a draft up: only the order's id is left of it.
pub async fn consume(tx: &mut WriteTx, id: Uuid, order_id: Uuid) -> Result<(), Error> {
    tx.query("UPDATE order_drafts SET entries = '', order_id = $1, revision = revision + 1 WHERE id = $2")
        .values((order_id, id))
        .execute()
        .await
        .map(drop)
}

/// Whether any draft has expired.
pub async fn any_expired(conn: &mut dyn Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(Uuid,)> =
        conn.query("SELECT id FROM order_drafts WHERE changed_at < $1 LIMIT 1").bind(now - LIFETIME).optional().await?;
    Ok(row.is_some())
}

/// Deletes expired drafts.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("DELETE FROM order_drafts WHERE changed_at < $1").bind(now - LIFETIME).execute().await.map(drop)
}
