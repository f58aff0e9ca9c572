//! Errors of the API: Partner Center's codes, each with its HTTP status, and the body that reports them.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{actions::Failure, store, telemetry::chain};

macro_rules! faults {
    ($($(#[$meta:meta])* $name:ident = $status:ident $code:literal),+ $(,)?) => {
        /// A code of Partner Center's. The statuses of what stays wrong are those that no client repeats for ever.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[$meta])* $name),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number in the body.
            pub const fn number(self) -> u32 {
                match self { $(Self::$name => $code),+ }
            }

            /// The status of the answer.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// The word for it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}
faults! {
    /// No access token, or one that no longer holds.
    AccessDenied = UNAUTHORIZED 400,
    /// There is no such resource.
    ResourceNotFound = NOT_FOUND 1000,
    /// A query parameter or a header is invalid.
    InvalidArgument = BAD_REQUEST 2000,
    /// A query parameter is missing.
    MissingArgument = BAD_REQUEST 2001,
    /// The number of licences of a suspended subscription does not change.
    SubscriptionSuspended = BAD_REQUEST 2001,
    /// A number of licences lies outside the offer's limits.
    QuantityOutsideLimits = BAD_REQUEST 2002,
    /// An address is none that its country could have.
    AddressValidationFailed = BAD_REQUEST 2007,
    /// The subscription cannot be changed in this way.
    UpdateNotAllowed = BAD_REQUEST 2006,
    /// How often a subscription is charged stays as it was ordered.
    BillingCycleNotChangeable = BAD_REQUEST 2054,
    /// Somebody changed the resource since it was read.
    StaleEtag = BAD_REQUEST 2055,
    /// A property of the body is invalid.
    InvalidProperty = BAD_REQUEST 3000,
    /// The order lacks something.
    OrderNotProcessable = BAD_REQUEST 4018,
    /// Nobody confirmed that the customer accepted the agreement, nor did the customer itself.
    CustomerAgreementNotAccepted = FORBIDDEN 13605,
    /// The operation is for clients that act as a user.
    UserNeeded = FORBIDDEN 2032,
    /// The customer has no such order.
    OrderNotFound = NOT_FOUND 20000,
    /// The customer has no such subscription.
    SubscriptionNotFound = NOT_FOUND 20003,
    /// The account has no such customer.
    TenantNotFound = NOT_FOUND 60003,
    /// The customer has no such cart.
    CartNotFound = NOT_FOUND 800_008,
    /// A line item of a cart cannot be ordered.
    InvalidCartItem = BAD_REQUEST 800_009,
    /// The cart has become orders already.
    CartSubmitted = BAD_REQUEST 800_065,
    /// The account has no indirect reseller with that MPN ID.
    MpnIdNotFound = BAD_REQUEST 2200,
    /// The indirect reseller with that MPN ID has not signed its agreement.
    MpnIdNotSigned = BAD_REQUEST 2203,
    /// The account has no indirect reseller with that tenant.
    ResellerTenantNotFound = BAD_REQUEST 2205,
    /// The indirect reseller with that tenant has not signed its agreement.
    ResellerTenantNotSigned = BAD_REQUEST 2206,
    /// There is no such offer.
    InvalidOfferId = BAD_REQUEST 800_004,
    /// The offer is not sold in the customer's country.
    OfferNotInCountry = BAD_REQUEST 800_070,
    /// Line items are numbered from 0 on, without a gap.
    InvalidLineItemNumbers = BAD_REQUEST 800_071,
    /// The caller's role does not include it.
    RoleLacksRights = FORBIDDEN 900_150,
    /// What stands for the customer in the address is no id of one.
    InvalidCustomerId = BAD_REQUEST 900_118,
    /// The account's cloud does not have this.
    NotSupportedInEnvironment = BAD_REQUEST 900_127,
    /// The company's country demands a registration number.
    RegistrationNumberMissing = BAD_REQUEST 600_049,
    /// The company's registration number is shorter or longer than the country takes.
    RegistrationNumberInvalid = BAD_REQUEST 600_050,
    /// The company's country demands the contact's phone number.
    PhoneNumberMissing = BAD_REQUEST 600_051,
    /// The same person is recorded for the same version already.
    PartnerConfirmedAgreementAlreadyExists = CONFLICT 600_061,
    /// More requests than a client may make in a minute.
    TooManyRequests = TOO_MANY_REQUESTS 429,
    /// The database cannot do it now; nothing was kept, and trying again may help.
    ServiceUnavailable = SERVICE_UNAVAILABLE 503,
    /// The portal's own fault.
    InternalServerError = INTERNAL_SERVER_ERROR 800_003,
}

/// Why a request got no ordinary answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// The code.
    pub code: Code,
    /// What its author should mend, in English; it names the member it is about.
    pub description: String,
    /// In how many seconds the same may go well.
    retry_after: Option<u32>,
    /// Whether an access token came, and does not hold.
    token_does_not_hold: bool,
}

/// The longest description.
const DESCRIPTION_MAX: usize = 1024;

impl ApiError {
    /// A fault with its description.
    pub fn new(code: Code, description: impl Into<String>) -> Self {
        let description: String = description.into();
        Self {
            code,
            description: description.chars().take(DESCRIPTION_MAX).collect(),
            retry_after: None,
            token_does_not_hold: false,
        }
    }

    /// An access token that does not hold.
    pub fn invalid_token(description: impl Into<String>) -> Self {
        Self { token_does_not_hold: true, ..Self::new(Code::AccessDenied, description) }
    }

    /// An invalid query parameter or header.
    pub fn argument(description: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, description)
    }

    /// An invalid property of the body.
    pub fn property(description: impl Into<String>) -> Self {
        Self::new(Code::InvalidProperty, description)
    }

    /// More requests than a client may make in a minute; so many seconds from now the next is taken.
    pub fn too_many_requests(seconds: u32) -> Self {
        let description = format!("Rate limit is exceeded. Try again in {seconds} seconds.");
        Self { retry_after: Some(seconds), ..Self::new(Code::TooManyRequests, description) }
    }

    /// There is no such resource.
    pub fn not_found() -> Self {
        Self::new(Code::ResourceNotFound, "There is no such resource.")
    }

    /// The account has no such customer.
    pub fn no_such_customer() -> Self {
        Self::new(Code::TenantNotFound, "There is no such customer.")
    }

    /// The same request id came with another body.
    pub fn sent_otherwise() -> Self {
        Self::property("MS-RequestId was used within the last 24 hours with another body.")
    }

    /// Why a write did not happen; `refused` tells the reasons of its own rules.
    pub fn of<R: std::fmt::Debug>(failure: Failure<R>, refused: impl FnOnce(R) -> Self) -> Self {
        match failure {
            Failure::NoSuchCustomer => Self::no_such_customer(),
            Failure::IdempotencyMismatch => Self::sent_otherwise(),
            Failure::Refused(refusal) => refused(refusal),
            Failure::Store(error) => error.into(),
        }
    }

    /// A fault of the portal's own, written to the log.
    pub fn internal(what: &str) -> Self {
        tracing::error!(error = what, "internal error");
        Self::internal_server_error()
    }

    /// A fault of the portal's own that an error tells of, written to the log with its causes.
    pub fn internal_of(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "internal error");
        Self::internal_server_error()
    }

    fn internal_server_error() -> Self {
        Self::new(Code::InternalServerError, "Something went wrong here. The log of the portal says what.")
    }

    /// The response that tells it.
    pub fn answer(&self) -> HttpResponse {
        let number = self.code.number();
        let mut response = HttpResponse::build(self.code.status());
        if self.code == Code::AccessDenied {
            let challenge = if self.token_does_not_hold { "Bearer error=\"invalid_token\"" } else { "Bearer" };
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        let body = FaultBody {
            status_code: self.code.status().as_u16(),
            code: number,
            message: &self.description,
            description: &self.description,
            error_name: self.code.name(),
            is_retryable: self.retry_after.is_some(),
            parameters: Map::new(),
            error_message_extended: format!("InternalErrorCode={number}"),
            data: Vec::new(),
            source: "PartnerFD",
        };
        response.content_type("application/json; charset=utf-8").body(json!(body).to_string())
    }
}

/// The body of a fault. It has the members of every shape that is documented.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Fault")]
pub struct FaultBody<'f> {
    /// The status of the answer
    status_code: u16,
    /// Partner Center's code
    code: u32,
    /// The same as the description
    message: &'f str,
    /// What to mend; it names the member
    description: &'f str,
    /// The name of the code
    error_name: &'static str,
    /// Whether the same request may succeed later
    is_retryable: bool,
    /// Always empty
    parameters: Map<String, Value>,
    /// The code again, as older clients look for it
    error_message_extended: String,
    /// Always empty
    data: Vec<String>,
    /// Always the same
    source: &'static str,
}

impl From<store::Error> for ApiError {
    fn from(error: store::Error) -> Self {
        if error.is_unavailable() {
            tracing::error!(error = %chain(&error), "database unavailable");
            let fault = Self::new(Code::ServiceUnavailable, "The database is not available. Try again.");
            return Self { retry_after: Some(5), ..fault };
        }
        Self::internal_of(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_wrong_has_a_status_that_clients_do_not_repeat_for_ever() {
        for &code in Code::ALL {
            let passes = matches!(code, Code::TooManyRequests | Code::ServiceUnavailable | Code::InternalServerError);
            assert!(passes || [400, 401, 403, 404, 409].contains(&code.status().as_u16()), "{code:?}");
        }
    }

    #[test]
    fn a_description_is_never_longer_than_documented() {
        assert_eq!(ApiError::argument("é".repeat(5000)).description.chars().count(), 1024);
    }
}
