//! Checking a cart out: all of its orders, or none.

use uuid::Uuid;

use super::{
    Done, Failure,
    place_order::{Items, place_order_within},
    sent_before,
};
use crate::{
    domain::{actor::Actor, order},
    store::{
        Db,
        carts::{self, Key},
        submissions::Submission,
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
    submission: &Submission,
    outcome: &str,
) -> Result<Done<()>, Failure<Refusal>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let cart = carts::lock(&mut change, key).await?.ok_or(Failure::Refused(Refusal::NoSuchCart))?;
    if cart.checked_out {
        return Err(Failure::Refused(Refusal::CheckedOut));
    }
    if cart.revision != revision {
        return Err(Failure::Refused(Refusal::Changed));
    }
    carts::check_out(&mut change, cart.id).await?;
    let mut last = None;
    for (id, items) in orders {
        let event = place_order_within(&mut change, actor, key.customer_id, *id, items)
            .await
            .map_err(|failure| failure.because(Refusal::Order))?;
        if let Some(before) = last.replace(event) {
            change.record(before);
        }
    }
    change.commit(last.ok_or(Failure::Refused(Refusal::NoSuchCart))?).await?;
    Ok(Done::Now(()))
}
