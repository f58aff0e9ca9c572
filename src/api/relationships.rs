//! The relationship with customers: where one begins is Microsoft's page; it ends here, or a customer of a sandbox is
//! deleted. Either way nothing finds that customer any more.

use uuid::Uuid;

use super::{
    customers::whole,
    fault::{Code, Fault},
    operations::{Answer, Call, text},
    wire::{Attributes, Customer, RelationshipRequest},
};
use crate::{
    actions::{Done, Failure, remove_customer::remove_customer},
    domain::{
        partner_account::Cloud,
        removal::{Refusal, Removal},
    },
    store::submissions,
};

/// The relationship with a customer who left.
const NONE: &str = "none";

/// `GET customers/relationshiprequests`: where a customer accepts the partner as its reseller.
pub async fn request(call: &Call<'_>) -> Result<Answer, Fault> {
    let account = &call.actor.account;
    if account.cloud != Cloud::Public {
        return Err(Fault::new(Code::NotSupportedInEnvironment, "The account's cloud has an invitation of its own."));
    }
    // A link that names others but not them would make another relationship than was asked for.
    for parameter in ["indirectCloudSolutionProviderId", "indirectResellerId", "dualRoleIndirectRelationship"] {
        if call.parameter(parameter).is_some() {
            return Err(Fault::argument(format!("{parameter} is not taken: an invitation names this account alone.")));
        }
    }
    let tenant = account.tenant_id.ok_or_else(|| {
        let description = "The partner's own tenant is not known here: countersign account set --tenant-id names it.";
        Fault::new(Code::ResourceNotFound, description)
    })?;
    // Without delegated administration, which this portal has no part in.
    let url = format!(
        "https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship&partnerId={tenant}&msppId=0&DAP=false\
         #/BillingAccounts/partner-invitation"
    );
    Answer::ok(&RelationshipRequest { url, attributes: Attributes::of("RelationshipRequest") })
}

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
