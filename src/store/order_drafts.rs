//! Orders that somebody is filling in, as typed: kept while the customer's acceptance is confirmed first, or until the
//! order is placed. Placing it uses the draft up inside that change; the order's id stays behind.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Error, MaintenanceTx, Read, WriteTx,
    drafts::{self, Entries, LIFETIME, Owner},
    table::{self, table},
};

table! {
    struct Row: "order_drafts" {
        id: Uuid = key,
        entries: String,
        revision: i64,
        order_id: Option<Uuid>,
    }
}

/// The condition that a draft is the user's, of this customer.
const OURS: &str = "id = $1 AND partner_account_id = $2 AND user_id = $3 AND customer_id = $4";

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
        let entries =
            drafts::read(&row.entries).ok_or_else(|| Error::Corrupt(format!("entries of order draft {}", row.id)))?;
        Ok(Self { id: row.id, entries, revision: row.revision, order_id: row.order_id })
    }
}

/// A draft of a user, for a customer.
pub async fn find(conn: &mut dyn Read, owner: Owner, customer_id: Uuid, id: Uuid) -> Result<Option<OrderDraft>, Error> {
    ours(conn, owner, customer_id, id, "").await
}

/// Locks a draft of the user until the transaction ends.
pub async fn lock(tx: &mut WriteTx, owner: Owner, customer_id: Uuid, id: Uuid) -> Result<Option<OrderDraft>, Error> {
    let lock = tx.for_update();
    ours(tx, owner, customer_id, id, lock).await
}

async fn ours(
    conn: &mut dyn Read,
    owner: Owner,
    customer_id: Uuid,
    id: Uuid,
    lock: &str,
) -> Result<Option<OrderDraft>, Error> {
    let select = table::select::<Row>(conn, &format!("WHERE {OURS}{lock}"));
    let key = (id, owner.partner_account_id, owner.user_id, customer_id);
    let row: Option<Row> = select.values(key).optional().await?;
    row.map(TryInto::try_into).transpose()
}

/// Saves a new draft, or one of the user's. `None` when a draft with this id is somebody else's or another
/// customer's; one that has become an order stays as it is.
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
             ON CONFLICT (id) DO UPDATE SET entries = excluded.entries, revision = order_drafts.revision + 1, \
             changed_at = excluded.changed_at WHERE order_drafts.partner_account_id = excluded.partner_account_id \
             AND order_drafts.user_id = excluded.user_id AND order_drafts.customer_id = excluded.customer_id \
             AND order_drafts.order_id IS NULL",
        )
        .values((id, owner.partner_account_id, owner.user_id, customer_id, drafts::text(entries), now))
        .execute()
        .await?;
    find(tx, owner, customer_id, id).await
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
