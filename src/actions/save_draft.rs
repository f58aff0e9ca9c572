//! Drafts of new customers and of orders: entries as typed, which no event records.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::store::{
    self, Db,
    drafts::{self, Draft, Entries, Owner},
    order_drafts::{self, OrderDraft},
};

/// Saves the first step of a new customer; without a draft it becomes one. `None` when the draft is another user's.
pub async fn save_account(
    db: &Db,
    owner: Owner,
    id: Uuid,
    company_name: &str,
    entries: &Entries,
    now: DateTime<Utc>,
) -> Result<Option<Draft>, store::Error> {
    let mut tx = db.maintenance().await?;
    let draft = drafts::save_account(&mut tx, owner, id, company_name, entries, now).await?;
    tx.commit().await?;
    Ok(draft)
}

/// Saves the second step of a new customer; `answered` when nothing is missing in it.
pub async fn save_subscriptions(
    db: &Db,
    owner: Owner,
    id: Uuid,
    entries: &Entries,
    answered: bool,
    now: DateTime<Utc>,
) -> Result<(), store::Error> {
    let mut tx = db.maintenance().await?;
    drafts::save_subscriptions(&mut tx, owner, id, entries, answered, now).await?;
    tx.commit().await
}

/// Deletes the draft of a new customer. Whether there was one.
pub async fn discard(db: &Db, owner: Owner, id: Uuid) -> Result<bool, store::Error> {
    let mut tx = db.maintenance().await?;
    let discarded = drafts::discard(&mut tx, owner, id).await?;
    if discarded {
        tx.commit().await?;
    }
    Ok(discarded)
}

/// Saves a new order as typed; a draft of a colleague becomes the user's. `None` when the draft is another account's or
/// customer's.
pub async fn save_order(
    db: &Db,
    owner: Owner,
    customer_id: Uuid,
    id: Uuid,
    entries: &Entries,
    now: DateTime<Utc>,
) -> Result<Option<OrderDraft>, store::Error> {
    let mut tx = db.maintenance().await?;
    let draft = order_drafts::save(&mut tx, owner, customer_id, id, entries, now).await?;
    tx.commit().await?;
    Ok(draft)
}

/// Deletes the draft of an order. Whether there was one.
pub async fn discard_order(db: &Db, key: order_drafts::Key) -> Result<bool, store::Error> {
    let mut tx = db.maintenance().await?;
    let discarded = order_drafts::discard(&mut tx, key).await?;
    if discarded {
        tx.commit().await?;
    }
    Ok(discarded)
}
