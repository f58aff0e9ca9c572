//! Customers who leave: those of a sandbox are deleted, with all others the relationship ends. Either way nothing finds
//! them any more.

use uuid::Uuid;

use super::{
    customers::whole,
    fault::{Code, Fault},
    operations::{Answer, Call, text},
    wire::Customer,
};
use crate::{
    actions::{Done, Failure, remove_customer::remove_customer},
    domain::removal::{Refusal, Removal},
    store::submissions,
};

/// The relationship with a customer who left.
const NONE: &str = "none";

/// `DELETE customers/{customer}`: deletes a customer of a sandbox.
pub async fn delete(call: &Call<'_>) -> Result<Answer, Fault> {
    remove(call, call.customer_id()?, Removal::Delete, "").await?;
    Ok(Answer::no_content())
}

/// `PATCH customers/{customer}`: ends the relationship, which is all of a customer that changes in this way.
pub async fn change(call: &Call<'_>) -> Result<Answer, Fault> {
    let json = call.json()?;
    json.must_be_object("The body")?;
    let mut at = call.api.db.reader().await?;
    // What this very request came to is said again: the customer is there no longer.
    if let Some(body) = submissions::outcome(&mut at, &call.submission(), call.api.db.clock.now()).await? {
        return Ok(Answer::done(body));
    }
    let customer = whole(&call.customer(&mut at).await?);
    drop(at);
    match json.text("relationshipToPartner", "relationshipToPartner")? {
        Some(wanted) if wanted.eq_ignore_ascii_case(NONE) => {
            let body = text(&Customer { relationship_to_partner: NONE, ..customer })?;
            let done = remove(call, call.customer_id()?, Removal::EndRelationship, &body).await?;
            Ok(Answer::done(done.outcome(body)))
        }
        Some(wanted) if wanted.eq_ignore_ascii_case(customer.relationship_to_partner) => Answer::ok(&customer),
        Some(_) => Err(Fault::property("relationshipToPartner must be none, which ends the relationship.")),
        None => match json.flag("allowDelegatedAccess", "allowDelegatedAccess")? {
            Some(false) => Answer::ok(&customer),
            Some(true) => {
                let description = "allowDelegatedAccess: only the customer grants that, and not here.";
                Err(Fault::new(Code::UpdateNotAllowed, description))
            }
            None => Err(Fault::property("relationshipToPartner is missing.")),
        },
    }
}

async fn remove(call: &Call<'_>, customer: Uuid, removal: Removal, outcome: &str) -> Result<Done<()>, Fault> {
    let removed = remove_customer(&call.api.db, &call.actor, customer, removal, &call.submission(), outcome).await;
    removed.map_err(|failure: Failure<Refusal>| Fault::of(failure, |refusal| refused(&refusal)))
}

fn refused(refusal: &Refusal) -> Fault {
    match refusal {
        Refusal::NotASandbox => Fault::new(
            Code::NotSupportedInEnvironment,
            "Only customers of a sandbox are deleted. PATCH with relationshipToPartner none ends the relationship.",
        ),
        Refusal::IndirectReseller => {
            Fault::new(Code::RoleLacksRights, "The relationship is the indirect provider's, who ends it.")
        }
        Refusal::ActiveSubscriptions(count) => Fault::new(
            Code::UpdateNotAllowed,
            format!("relationshipToPartner: active subscriptions must be suspended first; the customer has {count}."),
        ),
    }
}
