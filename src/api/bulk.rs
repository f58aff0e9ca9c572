//! What Microsoft's tool for attesting in bulk asks for: what is recorded of every customer, and confirmations of many
//! customers in one request.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::NaiveTime;
use serde_json::Value;
use uuid::Uuid;

use super::{
    agreements::{applies, attestation, confirmed, refused},
    bodies::BulkAttestation,
    call::{ApiRequest, ApiResponse, Body, guid, text},
    fault::{ApiError, Code},
    partner::partner_id,
    wire::{BulkAttestationResult, Collection, Contact, CustomerAgreementRecord, CustomerAgreementRecords},
};
use crate::{
    actions::confirm_agreement::confirm_by_template,
    store::{agreements, customers},
};

/// Records on a page.
const PAGE: i64 = 500;

/// The most confirmations in one request.
const ITEMS_MAX: usize = 1000;

/// `GET partners/customeragreementrecords`: what is recorded of every customer, a page in the order of their ids.
pub async fn records(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    applies(call)?;
    let token = call.parameter("continuation_token").map(str::trim).filter(|token| !token.is_empty());
    let after = token
        .map(|token| {
            let bytes = URL_SAFE_NO_PAD.decode(token).ok();
            let id = bytes.and_then(|bytes| Uuid::from_slice(&bytes).ok());
            id.ok_or_else(|| ApiError::argument("continuation_token is none of this portal's."))
        })
        .transpose()?;
    let mut conn = call.api.db.snapshot().await?;
    let latest = agreements::versions(&mut conn).await?.latest().published_on;
    let mut rows = agreements::last_of_customers(&mut conn, call.actor.account.id, after, PAGE + 1).await?;
    drop(conn);
    let has_more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    if has_more {
        rows.pop();
    }
    let continuation_token =
        rows.last().filter(|_| has_more).map(|last| URL_SAFE_NO_PAD.encode(last.customer_id.as_bytes()));
    let record = |row: agreements::LastOfCustomer| CustomerAgreementRecord {
        customer_tenant_id: row.customer_id,
        last_agreement_primary_contact: Contact {
            first_name: row.first_name.unwrap_or_default(),
            last_name: row.last_name.unwrap_or_default(),
            email: row.email.unwrap_or_default(),
            phone_number: row.phone_number,
        },
        last_agreement_date_epoch: row.date_agreed.map_or(0, |day| day.and_time(NaiveTime::MIN).and_utc().timestamp()),
        partner_attestation_completed: row.agreement_published_on == Some(latest),
    };
    let customer_agreement_records = rows.into_iter().map(record).collect();
    ApiResponse::ok(&CustomerAgreementRecords { customer_agreement_records, continuation_token })
}

/// `POST createbulkreattestation`: confirmations of many customers. Each is judged and recorded by itself, as a request
/// of its own would be, on the day that it names; the answer says of each what became of it.
pub async fn attest(call: &ApiRequest<'_>, body: Body<'_, Vec<BulkAttestation>>) -> Result<ApiResponse, ApiError> {
    applies(call)?;
    let items = body.read_each()?;
    if items.is_empty() {
        return Err(ApiError::property("The body is empty."));
    }
    if items.len() > ITEMS_MAX {
        return Err(ApiError::property(format!("The body has more than {ITEMS_MAX} items.")));
    }
    let mut results = Vec::with_capacity(items.len());
    for (place, (customer_id, item)) in items.into_iter().enumerate() {
        let done = match item {
            Ok(item) => record(call, &item, place).await,
            Err(fault) => Err(fault),
        };
        let result = BulkAttestationResult {
            customer_id: customer_id.unwrap_or_default(),
            status: "recorded",
            code: None,
            description: None,
            agreement: None,
        };
        results.push(match done {
            Ok(agreement) => BulkAttestationResult { agreement: Some(agreement), ..result },
            // The rest will not go better.
            Err(fault) if fault.code.status().is_server_error() => return Err(fault),
            Err(fault) => {
                let exists = fault.code == Code::PartnerConfirmedAgreementAlreadyExists;
                let status = if exists { "exists" } else { "refused" };
                let (code, description) = (Some(fault.code.number()), Some(fault.description));
                BulkAttestationResult { status, code, description, ..result }
            }
        });
    }
    ApiResponse::ok(&Collection::of(results, "/createbulkreattestation".to_owned()))
}

/// Records one of them.
async fn record(call: &ApiRequest<'_>, item: &BulkAttestation, place: usize) -> Result<Value, ApiError> {
    let account = &call.actor.account;
    let partner = item.partner_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
    // Where the partner's own tenant is not known here, any may be it.
    if let Some(partner) = partner {
        let partner = guid(partner).ok_or_else(|| ApiError::property("partnerId must be a GUID."))?;
        if account.tenant_id.is_some() && partner != partner_id(account) && partner != account.id {
            return Err(ApiError::property("partnerId is another partner's."));
        }
    }
    if item.customer_direct_acceptance == Some(true) {
        return Err(ApiError::property(
            "customerDirectAcceptance: what a customer accepted directly with Microsoft is no confirmation by a partner.",
        ));
    }
    let id =
        guid(&item.customer_id).ok_or_else(|| ApiError::new(Code::InvalidCustomerId, "customerId must be a GUID."))?;
    let customer = customers::find(&mut call.api.db.read().await?, account.id, id).await?;
    let customer = customer.ok_or_else(ApiError::no_such_customer)?;
    let attestation = attestation(&item.agreement, &customer, account, call.api.db.clock.now())
        .map_err(|fault| ApiError::new(fault.code, format!("agreement.{}", fault.description)))?;
    let submission = call.submission_of(&format!("item {place}"));
    let body = text(&confirmed(call, &attestation))?;
    let done = confirm_by_template(&call.api.db, &call.actor, id, &attestation, &submission, &body)
        .await
        .map_err(|failure| ApiError::of(failure, |refusal| refused(refusal, &attestation)))?;
    serde_json::from_str(&done.outcome(body)).map_err(|error| ApiError::internal_of(&error))
}
