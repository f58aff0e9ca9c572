//! Changing the number of licences of a subscription. The gate is decided here, inside the change that writes it.

use serde_json::json;
use uuid::Uuid;

use super::{Failure, Outcome, replayed};
use crate::{
    domain::{
        actor::Actor,
        agreement::{ConfirmationStatus, confirmation_status},
        audit::{Action, Event},
        order::{Billing, SubscriptionStatus},
    },
    store::{
        Db, agreements, customers,
        idempotency::IdempotencyKey,
        subscriptions::{self, State, SubscriptionRow},
    },
};

/// Why a number of licences does not change.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The customer has no such subscription, or it has no number of licences.
    NoSuchSubscription,
    /// The customer's confirmation status closes the gate.
    GateClosed(ConfirmationStatus),
    /// The subscription is suspended.
    Suspended,
    /// The subscription has ended.
    Ended,
    /// Somebody changed it since its form was shown; this is how it stands now.
    Stale(Box<SubscriptionRow>),
}

/// A change as it was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The customer.
    pub customer_id: Uuid,
    /// The subscription.
    pub subscription_id: Uuid,
    /// Its state when the form was shown.
    pub etag: i64,
    /// Licences, within the offer's limits.
    pub quantity: i64,
    /// Why, if somebody said so.
    pub reason: Option<&'a str>,
}

/// Changes a number of licences. `outcome` is what the same form shows when it is sent again.
pub async fn change_quantity(
    db: &Db,
    actor: &Actor,
    wanted: Wanted<'_>,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let Wanted { customer_id, subscription_id, etag, quantity, reason } = wanted;
    let customer = customers::lock(&mut tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::lock_versions_shared(&mut tx).await?;
    let before = subscriptions::find(&mut tx, customer.seq, subscription_id)
        .await?
        .ok_or(Failure::Refused(Refusal::NoSuchSubscription))?;
    if before.billing != Billing::License {
        return Err(Failure::Refused(Refusal::NoSuchSubscription));
    }
    if before.status == SubscriptionStatus::Deleted {
        return Err(Failure::Refused(Refusal::Ended));
    }
    let now = tx.clock.now();
    let today = actor.account.today(now);
    let confirmation_status =
        confirmation_status(&actor.account, customer.agreement_published_on, versions.required_version_date(today));
    if !confirmation_status.gate_is_open() {
        return Err(Failure::Refused(Refusal::GateClosed(confirmation_status)));
    }
    let status = before.status;
    if status == SubscriptionStatus::Suspended {
        return Err(Failure::Refused(Refusal::Suspended));
    }
    let mut event = Event::by(actor, tx.clock.id(), now, Action::QuantityChanged).about(customer_id).with(json!({
        "subscription": subscription_id,
        "offer": before.offer_name,
        "from": before.quantity,
        "to": quantity,
        "reason": reason,
    }));
    let state = State { quantity, status, auto_renew: before.auto_renew };
    match subscriptions::set(&mut tx, &customer, &before, etag, state, event.id).await? {
        Some(after) => event.attach_digest(&after),
        None => return Err(Failure::Refused(Refusal::Stale(Box::new(before)))),
    }
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}
