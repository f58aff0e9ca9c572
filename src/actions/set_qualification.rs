//! What a customer qualifies for besides commercial offers.

use std::convert::Infallible;

use serde_json::json;
use uuid::Uuid;

use super::{Done, Failure, sent_before};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        customer::Qualification,
    },
    store::{Db, customers, submissions::Submission},
};

/// Says what a customer qualifies for. `outcome` is what the same request is answered with when it comes again.
pub async fn set_qualification(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    qualification: Option<Qualification>,
    submission: &Submission,
    outcome: &str,
) -> Result<Done<()>, Failure<Infallible>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let before = customers::lock(&mut change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    if before.qualification()? == qualification {
        return Ok(Done::Now(()));
    }
    let detail = json!({ "from": before.qualification()?, "to": qualification });
    let mut event = Event::by(actor, change.clock.id(), change.clock.now(), Action::QualificationSet)
        .about(customer_id)
        .with(detail);
    event.seal(&customers::set_qualification(&mut change, &before, qualification, event.id).await?);
    change.commit(event).await?;
    Ok(Done::Now(()))
}
