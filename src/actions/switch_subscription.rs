//! Suspending and reactivating a subscription, and its renewing by itself: what no gate closes.

use serde_json::json;
use uuid::Uuid;

use super::{Failure, Outcome, replayed};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        order::SubscriptionStatus,
    },
    store::{
        Db, customers,
        idempotency::IdempotencyKey,
        subscriptions::{self, State},
    },
};

/// What is switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Whether the subscription is in use, or suspended.
    Active(bool),
    /// Whether it renews by itself.
    AutoRenew(bool),
}

/// Why nothing is switched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The customer has no such subscription, or it does not renew at all.
    NoSuchSubscription,
    /// The subscription has ended.
    Ended,
    /// Somebody changed it since its page was shown.
    Stale,
}

/// Switches a subscription. `outcome` is what the same form shows when it is sent again.
#[expect(clippy::too_many_arguments, reason = "whose subscription, in which state, and to which one")]
pub async fn switch_subscription(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    subscription_id: Uuid,
    etag: i64,
    switch: Switch,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let customer = customers::lock(&mut tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let before = subscriptions::find(&mut tx, customer.seq, subscription_id)
        .await?
        .ok_or(Failure::Refused(Refusal::NoSuchSubscription))?;
    if before.status == SubscriptionStatus::Deleted {
        return Err(Failure::Refused(Refusal::Ended));
    }
    let state = State { quantity: before.quantity, status: before.status, auto_renew: before.auto_renew };
    let (action, state) = match switch {
        Switch::Active(true) => {
            (Action::SubscriptionReactivated, State { status: SubscriptionStatus::Active, ..state })
        }
        Switch::Active(false) => {
            (Action::SubscriptionSuspended, State { status: SubscriptionStatus::Suspended, ..state })
        }
        // What is charged by use has no term that could be renewed.
        Switch::AutoRenew(_) if before.commitment_ends_on.is_none() => {
            return Err(Failure::Refused(Refusal::NoSuchSubscription));
        }
        Switch::AutoRenew(true) => (Action::AutoRenewSwitchedOn, State { auto_renew: true, ..state }),
        Switch::AutoRenew(false) => (Action::AutoRenewSwitchedOff, State { auto_renew: false, ..state }),
    };
    let mut event = Event::by(actor, tx.clock.id(), tx.clock.now(), action)
        .about(customer_id)
        .with(json!({ "subscription": subscription_id, "offer": before.offer_name }));
    match subscriptions::set(&mut tx, &customer, &before, etag, state, event.id).await? {
        Some(after) => event.attach_digest(&after),
        None => return Err(Failure::Refused(Refusal::Stale)),
    }
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}
