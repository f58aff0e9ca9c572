//! Removing a customer: out of everything that lists and counts, while what was recorded for it stays.

use uuid::Uuid;

use super::{Failure, Outcome, replayed};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        removal::{Refusal, Removal, remove},
    },
    store::{Db, customers, idempotency::IdempotencyKey, subscriptions},
};

/// Removes a customer. `outcome` is what the same request is answered with when it comes again.
pub async fn remove_customer(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    removal: Removal,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let before = customers::lock(&mut tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let active = subscriptions::count_active(&mut tx, before.seq).await?;
    remove(removal, &actor.account, active).map_err(Failure::Refused)?;
    let action = match removal {
        Removal::Delete => Action::CustomerDeleted,
        Removal::EndRelationship => Action::RelationshipRemoved,
    };
    let mut event = Event::by(actor, tx.clock.id(), tx.clock.now(), action).about(customer_id);
    event.attach_digest(&customers::remove(&mut tx, &before, event.id).await?);
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}
