//! What goes wrong in front of a user; [`error_pages`](super::error_pages) says it.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use uuid::Uuid;

use super::session_end::SessionEnd;
use crate::{domain::role::Permission, store, telemetry::chain};

/// Why a request got no ordinary answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such page, or no such thing in this account.
    #[error("not found")]
    NotFound,
    /// The role does not include this.
    #[error("forbidden: {0}")]
    Forbidden(Permission),
    /// A page for signed-in users.
    #[error("sign in first")]
    SignIn {
        /// The page to come back to.
        next: String,
        /// Why an earlier session no longer holds.
        ended: Option<SessionEnd>,
    },
    /// A form sent without a session: nothing typed is lost.
    #[error("sign in again")]
    SignInAgain(Box<SignInPage>),
    /// A form that was opened in another partner account than the current one: nothing of it was written.
    #[error("form of another account")]
    OtherAccount(Box<OtherAccount>),
    /// The address has no such method.
    #[error("method not allowed")]
    MethodNotAllowed {
        /// The methods it has.
        allow: String,
    },
    /// The form is larger than it may be.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The most bytes.
        limit: usize,
    },
    /// What came is no form.
    #[error("bad request")]
    BadRequest,
    /// Another site caused it.
    #[error("cross-site request")]
    CrossSite,
    /// As many exports are written as may be at once.
    #[error("too many exports at once")]
    ExportsBusy,
    /// An export with more rows than its kind of file can hold.
    #[error("more than {max} rows")]
    TooManyRows {
        /// The most rows.
        max: u32,
    },
    /// A search whose hits are not all listed, so that its export would not be all of them either.
    #[error("more than {max} hits")]
    SearchTooWide {
        /// The most hits that are listed.
        max: i64,
    },
    /// The database cannot do it now; nothing was kept.
    #[error("unavailable")]
    Unavailable,
    /// The database could not take a form now; it can be sent again as it is.
    #[error("send again")]
    SendAgain(Box<SendAgain>),
    /// The portal's own fault.
    #[error("fault")]
    Fault,
}

/// What the sign-in page needs to bring a form back.
#[derive(Debug, Default)]
pub struct SignInPage {
    /// The page to go to.
    pub next: String,
    /// What was typed.
    pub fields: Vec<(String, String)>,
    /// Why the session no longer holds.
    pub ended: Option<SessionEnd>,
}

/// A form that was opened in another partner account.
#[derive(Debug)]
pub struct OtherAccount {
    /// That account, if the user still belongs to it.
    pub account: Option<(Uuid, String)>,
    /// The name of the current account.
    pub current: String,
    /// What the current account makes of it.
    pub status: StatusCode,
    /// Where the form is filled in.
    pub page: String,
    /// What was typed.
    pub fields: Vec<(String, String)>,
}

/// A form that the database could not take.
#[derive(Debug)]
pub struct SendAgain {
    /// Where it goes.
    pub action: String,
    /// What was typed, with its one-time token.
    pub fields: Vec<(String, String)>,
    /// It is not known whether it was saved.
    pub uncertain: bool,
}

impl Error {
    /// What a form comes to when the database could not take it.
    pub fn send_again(error: store::Error, action: &str, fields: Vec<(String, String)>) -> Self {
        if !error.is_unavailable() {
            return error.into();
        }
        tracing::error!(error = %chain(&error), "saving a form failed: database unavailable");
        let uncertain = matches!(error, store::Error::Uncertain(_));
        Self::SendAgain(Box::new(SendAgain { action: action.to_owned(), fields, uncertain }))
    }

    /// A fault, written to the log.
    pub fn fault(what: &str) -> Self {
        tracing::error!(error = what, "internal error");
        Self::Fault
    }

    /// A fault that an error tells of, written to the log with its causes.
    pub fn fault_of(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "internal error");
        Self::Fault
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        if error.is_unavailable() {
            tracing::error!(error = %chain(&error), "database unavailable");
            Self::Unavailable
        } else {
            Self::fault_of(&error)
        }
    }
}

impl From<actix_session::SessionInsertError> for Error {
    fn from(error: actix_session::SessionInsertError) -> Self {
        Self::fault_of(&error)
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::SignInAgain(_) => StatusCode::UNAUTHORIZED,
            Self::OtherAccount(other) => other.status,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooManyRows { .. } | Self::SearchTooWide { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::ExportsBusy | Self::Unavailable | Self::SendAgain(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The bare status; [`error_pages::show`](super::error_pages::show) puts the page around it.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
