//! Customers that were removed: nothing finds, lists or counts them, but what was recorded for them stays.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    COLUMNS, Customer, one,
    search_terms::{add_terms, remove_terms},
};
use crate::store::{Error, Read, WriteTx, counts};

/// The condition that a customer was the account's and was removed.
const REMOVED: &str = "partner_account_id = $1 AND id = $2 AND removed_at IS NOT NULL";

/// A customer of the account that was removed.
pub async fn find_removed(conn: &mut dyn Read, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    one(conn, partner_account_id, id, REMOVED, "").await
}

/// The same, whom nobody else changes until the change ends.
pub async fn lock_removed(tx: &mut WriteTx, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    let lock = tx.for_update();
    one(tx, partner_account_id, id, REMOVED, lock).await
}

/// Removes a customer that the change has locked. The row is what the event seals.
pub async fn remove(tx: &mut WriteTx, before: &Customer, event_id: Uuid) -> Result<Customer, Error> {
    counts::customer_with_all(tx, before, -1).await?;
    remove_terms(tx, before).await?;
    let now = tx.clock.now();
    mark(tx, before, Some(now), event_id).await
}

/// Brings a customer back that the change has locked, with everything that was recorded for it. The row is what the
/// event seals.
pub async fn restore(tx: &mut WriteTx, removed: &Customer, event_id: Uuid) -> Result<Customer, Error> {
    let after = mark(tx, removed, None, event_id).await?;
    add_terms(tx, &after).await?;
    counts::customer_with_all(tx, &after, 1).await?;
    Ok(after)
}

async fn mark(
    tx: &mut WriteTx,
    before: &Customer,
    removed_at: Option<DateTime<Utc>>,
    event_id: Uuid,
) -> Result<Customer, Error> {
    let now = tx.clock.now();
    tx.assembled(format!(
        "UPDATE customers SET removed_at = $1, changed_at = $2, event_id = $3 WHERE seq = $4 RETURNING {COLUMNS}"
    ))
    .bind(removed_at)
    .bind(now)
    .bind(event_id)
    .bind(before.seq)
    .one()
    .await
}
