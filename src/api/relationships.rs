//! The relationship with customers: where one begins is Microsoft's page; it ends here, or a customer of a sandbox is
//! deleted. Either way nothing finds that customer any more. And the relationship with other partners.

use uuid::Uuid;

use super::{
    bodies::RelationshipChange,
    call::{ApiRequest, ApiResponse, Body, text},
    customers::whole,
    fault::{ApiError, Code},
    wire::{Attributes, Collection, Customer, PartnerRelationship, RelationshipRequest},
};
use crate::{
    actions::{Failure, Outcome, remove_customer::remove_customer},
    domain::{
        indirect_reseller::IndirectReseller,
        partner_account::Cloud,
        removal::{Refusal, Removal},
    },
    store::{idempotency, indirect_resellers},
};

/// The relationship with a customer who left.
const NONE: &str = "none";

/// `GET customers/relationshiprequests`: where a customer accepts the partner as its reseller.
pub async fn request(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let account = &call.actor.account;
    if account.cloud != Cloud::Public {
        return Err(ApiError::new(
            Code::NotSupportedInEnvironment,
            "The account's cloud has an invitation of its own.",
        ));
    }
    // A link that names others but not them would make another relationship than was asked for.
    for parameter in ["indirectCloudSolutionProviderId", "indirectResellerId", "dualRoleIndirectRelationship"] {
        if call.parameter(parameter).is_some() {
            return Err(ApiError::argument(format!(
                "{parameter} is not taken: an invitation names this account alone."
            )));
        }
    }
    let tenant = account.tenant_id.ok_or_else(|| {
        let description = "The partner's own tenant is not known here: countersign account set --tenant-id names it.";
        ApiError::new(Code::ResourceNotFound, description)
    })?;
    // Without delegated administration, which this portal has no part in.
    let url = format!(
        "https://admin.microsoft.com/Adminportal/Home?invType=ResellerRelationship&partnerId={tenant}&msppId=0&DAP=false\
         #/BillingAccounts/partner-invitation"
    );
    ApiResponse::ok(&RelationshipRequest { url, attributes: Attributes::of("RelationshipRequest") })
}

/// `GET relationships`: the partners with whom the account has a relationship of the kind that is asked for. Whose
/// customers an indirect reseller sells to is not known here, so it has none.
pub async fn of_partner(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    if call.parameter("filter").is_some_and(|filter| !filter.trim().is_empty()) {
        return Err(ApiError::argument("filter is not supported here. All relationships are one page."));
    }
    let kind: String = call.parameter("relationship_type").unwrap_or_default().chars().filter(|c| *c != '_').collect();
    let resellers = match kind.trim().to_ascii_lowercase().as_str() {
        "isindirectcloudsolutionproviderof" => {
            indirect_resellers::all(&mut call.api.db.read().await?, call.actor.account.id).await?
        }
        "isindirectresellerof" => Vec::new(),
        _ => {
            return Err(ApiError::argument(
                "relationship_type must be IsIndirectCloudSolutionProviderOf or IsIndirectResellerOf.",
            ));
        }
    };
    let items = resellers.into_iter().map(relationship).collect();
    ApiResponse::ok(&Collection::of(items, "/relationships".to_owned()))
}

/// `GET customers/{customer}/relationships`: the indirect reseller who sells to the customer.
pub async fn of_customer(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let mut resellers = indirect_resellers::all(&mut conn, call.actor.account.id).await?;
    resellers.retain(|reseller| customer.associated_partner_id.as_ref() == Some(&reseller.mpn_id));
    let items = resellers.into_iter().map(relationship).collect();
    ApiResponse::ok(&Collection::of(items, format!("/customers/{}/relationships", customer.id)))
}

fn relationship(reseller: IndirectReseller) -> PartnerRelationship {
    PartnerRelationship {
        id: reseller.tenant_id,
        name: reseller.name,
        mpn_id: reseller.mpn_id,
        relationship_type: "is_indirect_cloud_solution_provider_of",
        state: "active",
        attributes: Attributes::of("PartnerRelationship"),
    }
}

/// `DELETE customers/{customer}`: deletes a customer of a sandbox.
pub async fn delete(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    remove(call, call.customer_id()?, Removal::Delete, "").await?;
    Ok(ApiResponse::no_content())
}

/// `PATCH customers/{customer}`: ends the relationship, which is all of a customer that changes in this way.
pub async fn change(call: &ApiRequest<'_>, body: Body<'_, RelationshipChange>) -> Result<ApiResponse, ApiError> {
    let change = body.read()?;
    let mut conn = call.api.db.read().await?;
    // What this very request came to is said again: the customer is there no longer.
    if let Some(body) = idempotency::outcome(&mut conn, &call.submission(), call.api.db.clock.now()).await? {
        return Ok(ApiResponse::done(body));
    }
    let customer = whole(&call.customer(&mut conn).await?);
    drop(conn);
    match change.relationship_to_partner {
        Some(wanted) if wanted.eq_ignore_ascii_case(NONE) => {
            let body = text(&Customer { relationship_to_partner: NONE, ..customer })?;
            let done = remove(call, call.customer_id()?, Removal::EndRelationship, &body).await?;
            Ok(ApiResponse::done(done.outcome(body)))
        }
        Some(wanted) if wanted.eq_ignore_ascii_case(customer.relationship_to_partner) => ApiResponse::ok(&customer),
        Some(_) => Err(ApiError::property("relationshipToPartner must be none, which ends the relationship.")),
        None => match change.allow_delegated_access {
            Some(false) => ApiResponse::ok(&customer),
            Some(true) => {
                let description = "allowDelegatedAccess: only the customer grants that, and not here.";
                Err(ApiError::new(Code::UpdateNotAllowed, description))
            }
            None => Err(ApiError::property("relationshipToPartner is missing.")),
        },
    }
}

async fn remove(
    call: &ApiRequest<'_>,
    customer: Uuid,
    removal: Removal,
    outcome: &str,
) -> Result<Outcome<()>, ApiError> {
    let removed = remove_customer(&call.api.db, &call.actor, customer, removal, &call.submission(), outcome).await;
    removed.map_err(|failure: Failure<Refusal>| ApiError::of(failure, |refusal| refused(&refusal)))
}

fn refused(refusal: &Refusal) -> ApiError {
    match refusal {
        Refusal::NotASandbox => ApiError::new(
            Code::NotSupportedInEnvironment,
            "Only customers of a sandbox are deleted. PATCH with relationshipToPartner none ends the relationship.",
        ),
        Refusal::IndirectReseller => {
            ApiError::new(Code::RoleLacksRights, "The relationship is the indirect provider's, who ends it.")
        }
        Refusal::ActiveSubscriptions(count) => ApiError::new(
            Code::UpdateNotAllowed,
            format!("relationshipToPartner: active subscriptions must be suspended first; the customer has {count}."),
        ),
    }
}
