//! Checking a cart out: all of its orders, or none.

use uuid::Uuid;

use super::{
    Failure, Outcome,
    place_order::{Items, place_order_within},
    replayed,
};
use crate::{
    domain::{actor::Actor, order},
    store::{
        Db,
        carts::{self, Key},
        idempotency::IdempotencyKey,
    },
};

/// Why a cart does not become orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such cart, or nothing in it.
    NoSuchCart,
    /// It has become orders already.
    CheckedOut,
    /// It was changed since it was read.
    Changed,
    /// An order is refused.
    Order(order::Refusal),
}

/// Places the orders of a cart as it was read, each with the id that it gets. `outcome` is what the same request is
/// answered with when it comes again.
pub async fn check_out_cart(
    db: &Db,
    actor: &Actor,
    key: Key,
    revision: i64,
    orders: &[(Uuid, Items<'_>)],
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let cart = carts::lock(&mut tx, key).await?.ok_or(Failure::Refused(Refusal::NoSuchCart))?;
    if cart.checked_out {
        return Err(Failure::Refused(Refusal::CheckedOut));
    }
    if cart.revision != revision {
        return Err(Failure::Refused(Refusal::Changed));
    }
    carts::check_out(&mut tx, cart.id).await?;
    let mut last = None;
    for (id, items) in orders {
        let event = place_order_within(&mut tx, actor, key.customer_id, *id, items)
            .await
            .map_err(|failure| failure.because(Refusal::Order))?;
        if let Some(before) = last.replace(event) {
            tx.record(before);
        }
    }
    tx.commit(last.ok_or(Failure::Refused(Refusal::NoSuchCart))?).await?;
    Ok(Outcome::Done(()))
}
