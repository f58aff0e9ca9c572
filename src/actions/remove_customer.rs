//! Removing a customer: out of everything that lists and counts, while what was recorded for it stays.

use uuid::Uuid;

use super::{Done, Failure, sent_before};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        removal::{Refusal, Removal, remove},
    },
    store::{Db, customers, submissions::Submission, subscriptions},
};

/// Removes a customer. `outcome` is what the same request is answered with when it comes again.
pub async fn remove_customer(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    removal: Removal,
    submission: &Submission,
    outcome: &str,
) -> Result<Done<()>, Failure<Refusal>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let before = customers::lock(&mut change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let active = subscriptions::count_active(&mut change, before.seq).await?;
    remove(removal, &actor.account, active).map_err(Failure::Refused)?;
    let action = match removal {
        Removal::Delete => Action::CustomerDeleted,
        Removal::EndRelationship => Action::RelationshipRemoved,
    };
    let mut event = Event::by(actor, change.clock.id(), change.clock.now(), action).about(customer_id);
    event.seal(&customers::remove(&mut change, &before, event.id).await?);
    change.commit(event).await?;
    Ok(Done::Now(()))
}
