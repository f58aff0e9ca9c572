//! What a program calls a subscription, and the partner on record: what no gate closes.

use serde_json::json;
use uuid::Uuid;

use super::{Failure, Outcome, replayed, switch_subscription::Refusal};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        order::Label,
    },
    store::{Db, customers, idempotency::IdempotencyKey, subscriptions},
};

/// Changes what is said of a subscription. `outcome` is what the same request is answered with when it comes again.
#[expect(clippy::too_many_arguments, reason = "whose subscription, in which state, and what is said of it")]
pub async fn label_subscription(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    subscription_id: Uuid,
    etag: i64,
    label: &Label,
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
    let (action, from, to) = if before.friendly_name == label.friendly_name {
        (Action::SubscriptionPartnerSet, before.partner_id.clone(), label.partner_id.clone())
    } else {
        let name = |name: &Option<String>| Some(name.clone().unwrap_or_else(|| before.offer_name.clone()));
        (Action::SubscriptionRenamed, name(&before.friendly_name), name(&label.friendly_name))
    };
    let mut event = Event::by(actor, tx.clock.id(), tx.clock.now(), action)
        .about(customer_id)
        .with(json!({ "subscription": subscription_id, "offer": before.offer_name, "from": from, "to": to }));
    match subscriptions::set_label(&mut tx, &before, etag, label, event.id).await? {
        Some(after) => event.attach_digest(&after),
        None => return Err(Failure::Refused(Refusal::Stale)),
    }
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}
