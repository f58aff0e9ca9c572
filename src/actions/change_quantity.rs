//! Changing the number of licences of a subscription. The gate is decided here, inside the change that writes it.

use serde_json::json;
use uuid::Uuid;

use super::{Done, Failure, sent_before};
use crate::{
    domain::{
        actor::Actor,
        agreement::{Standing, standing},
        audit::{Action, Event},
        order::{Billing, SubscriptionStatus},
    },
    store::{
        Db, agreements, customers,
        submissions::Submission,
        subscriptions::{self, State, SubscriptionRow},
    },
};

/// Why a number of licences does not change.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The customer has no such subscription, or it has no number of licences.
    NoSuchSubscription,
    /// The customer's standing closes the gate.
    GateClosed(Standing),
    /// The subscription is suspended.
    Suspended,
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
    submission: &Submission,
    outcome: &str,
) -> Result<Done<()>, Failure<Refusal>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let Wanted { customer_id, subscription_id, etag, quantity, reason } = wanted;
    let customer = customers::lock(&mut change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::hold_versions(&mut change).await?;
    let before = subscriptions::find(&mut change, customer.seq, subscription_id)
        .await?
        .ok_or(Failure::Refused(Refusal::NoSuchSubscription))?;
    if before.billing()? != Billing::License {
        return Err(Failure::Refused(Refusal::NoSuchSubscription));
    }
    let now = change.clock.now();
    let today = actor.account.today(now);
    let standing = standing(&actor.account, customer.agreement_published_on, versions.least_published_on(today));
    if !standing.gate_is_open() {
        return Err(Failure::Refused(Refusal::GateClosed(standing)));
    }
    let status = before.status()?;
    if status == SubscriptionStatus::Suspended {
        return Err(Failure::Refused(Refusal::Suspended));
    }
    let mut event = Event::by(actor, change.clock.id(), now, Action::QuantityChanged).about(customer_id).with(json!({
        "subscription": subscription_id,
        "offer": before.offer_name,
        "from": before.quantity,
        "to": quantity,
        "reason": reason,
    }));
    let state = State { quantity, status, auto_renew: before.auto_renew };
    match subscriptions::set(&mut change, &customer, &before, etag, state, event.id).await? {
        Some(after) => event.seal(&after),
        None => return Err(Failure::Refused(Refusal::Stale(Box::new(before)))),
    }
    change.commit(event).await?;
    Ok(Done::Now(()))
}
