//! Creating a customer.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    bodies,
    call::{ApiRequest, ApiResponse, Body, text},
    customers::whole,
    fault::{ApiError, Code},
    properties::Properties,
    wire::UserCredentials,
};
use crate::{
    actions::{
        Outcome,
        create_customer::{Refusal, create_customer_at_once},
    },
    domain::{clock::tenant_id, new_customer::NewCustomer},
    secret::temporary_password,
    store::{customers, indirect_resellers},
};

/// What the password of a new administrator is sealed for, while the same request may come again.
const PASSWORD: &str = "password of a customer created by a program";

/// What stands before the domain in the name of a new administrator.
const ADMINISTRATOR: &str = "admin";

/// `POST customers`: creates a customer. Its answer, and no other, has the administrator's password.
pub async fn create(call: &ApiRequest<'_>, body: Body<'_, bodies::NewCustomer>) -> Result<ApiResponse, ApiError> {
    let customer = read(call, &body.read()?).await?;

    let (id, password, submission) = (tenant_id(), temporary_password(), call.submission());
    let secret = &call.api.secret;
    let sealed = secret.seal(PASSWORD, &submission.token_hash, password.as_bytes());
    let sealed = sealed.ok_or_else(|| ApiError::internal("a password cannot be sealed"))?;
    let outcome = format!("{id} {}", STANDARD_NO_PAD.encode(sealed));
    let done = create_customer_at_once(&call.api.db, &call.actor, id, &customer, &submission, &outcome)
        .await
        .map_err(|failure| ApiError::of(failure, |refusal| refused(&refusal, &customer)))?;
    let (id, password) = match done {
        Outcome::Done(()) => (id, password),
        Outcome::Replayed(outcome) => {
            let (id, sealed) = outcome.split_once(' ').unwrap_or_default();
            let opened = STANDARD_NO_PAD.decode(sealed).ok();
            let opened = opened.and_then(|sealed| secret.open(PASSWORD, &submission.token_hash, &sealed));
            let password = opened.and_then(|text| String::from_utf8(text).ok());
            id.parse().ok().zip(password).ok_or_else(|| ApiError::internal("what a request came to cannot be read"))?
        }
    };
    let created = customers::find(&mut call.api.db.read().await?, call.actor.account.id, id).await?;
    let mut body = whole(&created.ok_or_else(|| ApiError::internal("a customer that was created is gone"))?);
    body.user_credentials = Some(UserCredentials { user_name: ADMINISTRATOR, password });
    Ok(ApiResponse::created(text(&body)?))
}

/// The customer that a body describes.
async fn read(call: &ApiRequest<'_>, given: &bodies::NewCustomer) -> Result<NewCustomer, ApiError> {
    let properties = Properties::of_customer(given);
    let account = &call.actor.account;
    let mut conn = call.api.db.read().await?;
    let resellers = indirect_resellers::all(&mut conn, account.id).await?;
    let resellers: Vec<&str> = resellers.iter().map(|reseller| reseller.mpn_id.as_str()).collect();
    let today = account.today(call.api.db.clock.now());
    NewCustomer::parse(|field| properties.text(field), account, &resellers, today)
        .map_err(|faults| properties.refused(&faults))
}

fn refused(refusal: &Refusal, customer: &NewCustomer) -> ApiError {
    match refusal {
        Refusal::DomainTaken => {
            ApiError::property(format!("companyProfile.domain: {} is another customer's.", customer.domain))
        }
        // No draft, no acceptance and no order came with it.
        Refusal::NoSuchDraft
        | Refusal::CreatedBefore(_)
        | Refusal::DraftChanged
        | Refusal::Agreement(_)
        | Refusal::Order(_) => ApiError::new(Code::InvalidProperty, "The customer cannot be created."),
    }
}
