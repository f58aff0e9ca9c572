//! What a customer qualifies for besides commercial offers.

use std::convert::Infallible;

use serde_json::json;
use uuid::Uuid;

use super::{Failure, Outcome, replayed};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        customer::Qualification,
    },
    store::{Db, customers, idempotency::IdempotencyKey},
};

/// Says what a customer qualifies for. `outcome` is what the same request is answered with when it comes again.
pub async fn set_qualification(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    qualification: Option<Qualification>,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Infallible>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let before = customers::lock(&mut tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    if before.qualification == qualification {
        return Ok(Outcome::Done(()));
    }
    let detail = json!({ "from": before.qualification, "to": qualification });
    let mut event =
        Event::by(actor, tx.clock.id(), tx.clock.now(), Action::QualificationSet).about(customer_id).with(detail);
    event.attach_digest(&customers::set_qualification(&mut tx, &before, qualification, event.id).await?);
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}
