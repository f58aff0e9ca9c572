//! Customers that were removed: nothing finds, lists or counts them, but what was recorded for them stays.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    row::Customer,
    search_terms::{add_terms, remove_terms},
};
use crate::store::{Error, WriteTx, counts, table};

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
    table::update::<Customer>(tx, "SET removed_at = $1, changed_at = $2, event_id = $3 WHERE seq = $4")
        .values((removed_at, now, event_id, before.seq))
        .one()
        .await
}
