//! Carts of programs: what they are about to order. Checking one out uses it up inside the change that places its orders.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Error, MaintenanceTx, Read, WriteTx,
    table::{self, table},
};
use crate::domain::{
    audit::Hash,
    order::{BillingCycle, Label, TermDuration},
};

/// How long a cart can be checked out after it was changed last.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// How long a cart is kept after it was changed last, so that the same request finds what it made.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// A line of a cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// The offer's id.
    pub offer_id: String,
    /// What the program named.
    pub catalog_item_id: String,
    /// The offer's name.
    pub offer_name: String,
    /// Licences.
    pub quantity: i64,
    /// How often it is charged.
    pub billing_cycle: BillingCycle,
    /// How long it binds.
    pub term_duration: TermDuration,
    /// What is said of it besides.
    pub label: Label,
}

table! {
    struct Row: "carts" {
        id: Uuid = key,
        partner_account_id: Uuid,
        customer_id: Uuid,
        line_items: String,
        body_hash: Vec<u8>,
        revision: i64,
        checked_out: bool,
        changed_by: String,
        created_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
    }
}

/// A cart.
#[derive(Debug, Clone)]
pub struct Cart {
    /// Its id.
    pub id: Uuid,
    /// What is in it, in order.
    pub lines: Vec<CartLine>,
    body_hash: Vec<u8>,
    /// Counts the changes.
    pub revision: i64,
    /// Whether it has become orders.
    pub checked_out: bool,
    /// The name of who changed it last.
    pub changed_by: String,
    /// When it was made, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was changed last, UTC.
    pub changed_at: DateTime<Utc>,
}

impl Cart {
    /// When it can no longer be checked out, UTC.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.changed_at + LIFETIME
    }

    /// Whether it was made by a request with this body.
    pub fn is_of(&self, body_hash: &Hash) -> bool {
        self.body_hash == body_hash
    }
}

impl TryFrom<Row> for Cart {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let lines = serde_json::from_str(&row.line_items);
        Ok(Self {
            id: row.id,
            lines: lines.map_err(|_| Error::Corrupt(format!("line items of cart {}", row.id)))?,
            body_hash: row.body_hash,
            revision: row.revision,
            checked_out: row.checked_out,
            changed_by: row.changed_by,
            created_at: row.created_at,
            changed_at: row.changed_at,
        })
    }
}

/// The condition that a cart is the account's, for this customer.
const OURS: &str = "id = $1 AND partner_account_id = $2 AND customer_id = $3";

/// Whose cart it is.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The cart.
    pub id: Uuid,
    /// The account that made it.
    pub partner_account_id: Uuid,
    /// The customer it is for.
    pub customer_id: Uuid,
}

/// A cart of the account, for a customer.
pub async fn find(conn: &mut dyn Read, key: Key) -> Result<Option<Cart>, Error> {
    ours(conn, key, "").await
}

/// The same, locked until the transaction ends.
pub async fn lock(tx: &mut WriteTx, key: Key) -> Result<Option<Cart>, Error> {
    let lock = tx.for_update();
    ours(tx, key, lock).await
}

async fn ours(conn: &mut dyn Read, key: Key, lock: &str) -> Result<Option<Cart>, Error> {
    let select = table::select::<Row>(conn, &format!("WHERE {OURS}{lock}"));
    let row: Option<Row> = select.values((key.id, key.partner_account_id, key.customer_id)).optional().await?;
    row.map(TryInto::try_into).transpose()
}

/// Makes a cart; one with its id stays as it is.
pub async fn insert(
    tx: &mut MaintenanceTx,
    key: Key,
    lines: &[CartLine],
    body_hash: &Hash,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let row = Row {
        id: key.id,
        partner_account_id: key.partner_account_id,
        customer_id: key.customer_id,
        line_items: text(lines),
        body_hash: body_hash.to_vec(),
        revision: 1,
        checked_out: false,
        changed_by: by.to_owned(),
        created_at: now,
        changed_at: now,
    };
    table::add(tx, row, "ON CONFLICT DO NOTHING").execute().await.map(drop)
}

/// Replaces what is in a cart, if nobody has changed it since and it was not checked out; `false` when somebody has.
pub async fn replace(
    tx: &mut MaintenanceTx,
    cart: &Cart,
    lines: &[CartLine],
    by: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let changed = tx
        .query(
            "UPDATE carts SET line_items = $1, revision = revision + 1, changed_by = $2, changed_at = $3 \
             WHERE id = $4 AND revision = $5 AND checked_out = $6",
        )
        .values((text(lines), by.to_owned(), now, cart.id, cart.revision, false))
        .execute()
        .await?;
    Ok(changed == 1)
}

/// Uses a cart up.
pub async fn check_out(tx: &mut WriteTx, id: Uuid) -> Result<(), Error> {
    tx.query("UPDATE carts SET checked_out = $1, revision = revision + 1 WHERE id = $2")
        .values((true, id))
        .execute()
        .await
        .map(drop)
}

fn text(lines: &[CartLine]) -> String {
    serde_json::to_string(lines).unwrap_or_default()
}

/// Whether any cart has expired.
pub async fn any_expired(conn: &mut dyn Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(Uuid,)> =
        conn.query("SELECT id FROM carts WHERE changed_at < $1 LIMIT 1").bind(now - KEPT).optional().await?;
    Ok(row.is_some())
}

/// Deletes expired carts.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("DELETE FROM carts WHERE changed_at < $1").bind(now - KEPT).execute().await.map(drop)
}
