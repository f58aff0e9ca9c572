//! The gate as API clients meet it: orders and changes that the customer's confirmation status blocks.

use super::{
    call::ApiRequest,
    fault::{ApiError, Code},
};
use crate::{
    actions::record_attempt::record_blocked,
    domain::{agreement::ConfirmationStatus, audit::Action},
};

/// The error where the customer's confirmation status blocks an order or a change. It is recorded as the pages record it,
/// once for all retries of a request.
pub async fn closed(
    call: &ApiRequest<'_>,
    customer: uuid::Uuid,
    action: Action,
    confirmation_status: ConfirmationStatus,
) -> ApiError {
    let once = call.submission_of("blocked");
    if let Err(error) =
        record_blocked(&call.api.db, &call.actor, customer, action, confirmation_status, Some(&once)).await
    {
        tracing::error!(error = %crate::telemetry::chain(&error), "recording a blocked order or licence change failed");
    }
    let why = match confirmation_status {
        ConfirmationStatus::ReconfirmationDue => {
            "A newer version of the Microsoft Customer Agreement is mandatory by now."
        }
        _ => {
            "Neither has a partner confirmed that the customer accepted the Microsoft Customer Agreement, nor did the customer accept it directly."
        }
    };
    let confirm = format!("Confirm it with POST /v1/customers/{customer}/agreements.");
    let who = if call.actor.account.confirms() { confirm } else { "The indirect provider confirms it.".to_owned() };
    ApiError::new(Code::CustomerAgreementNotAccepted, format!("{why} {who}"))
}
