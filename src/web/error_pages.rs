//! The pages that say what went wrong, with a way onward, and the layers that answer with them.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError as _,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::Next,
};
use askama::Template;
use futures_util::FutureExt as _;
use i18n_embed_fl::fl;

use super::{
    AppState, enum_labels, error::Error, headers, layout::PageLayout, paths, preserved,
    request_context::RequestContext, respond, sign_in,
};
use crate::{
    actions::record_attempt,
    domain::{
        field::Field,
        role::{Permission, Role},
    },
    i18n::{self, Words},
    store::{self, users},
    telemetry::{self, chain},
};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    layout: PageLayout,
    t: &'static Words,
    lines: Vec<String>,
    request_id: Option<String>,
    search: bool,
    /// What was typed into the form, by its fields.
    typed: Vec<(String, String)>,
    again: Option<Again>,
}

/// A form that goes on with what was typed.
struct Again {
    action: String,
    fields: Vec<(String, String)>,
    words: String,
}

/// Turns errors into pages, inside the layer that knows the session.
pub async fn show<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let context = RequestContext::of(request.request());
    let response = next.call(request).await?;
    let Some(error) = response.response().error() else { return Ok(response.map_into_left_body()) };
    let others;
    let error = match error.as_error::<Error>() {
        Some(error) => error,
        None if response.status().is_client_error() => &Error::BadRequest,
        None => {
            others = Error::fault(&error.to_string());
            &others
        }
    };
    let page = error_page(response.request(), &context, error).await;
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, page).map_into_right_body())
}

/// Stands around each route, behind the routing: names the route in the log, and turns a panic of a handler into an
/// error. A request may be held on to only from there.
pub async fn catch_panic<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    if let Some(route) = request.match_pattern() {
        telemetry::record_route(&route);
    }
    let kept = request.request().clone();
    match std::panic::AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(response) => Ok(response?.map_into_left_body()),
        Err(_) => Ok(ServiceResponse::from_err(Error::fault("a handler panicked"), kept).map_into_right_body()),
    }
}

/// For faults outside the pages, when a session cannot be kept: a page that says to try again.
pub async fn last_resort<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let context = RequestContext::anonymous(request.request());
    let https = headers::is_https(&request);
    next.call(request).await.map_err(|error| {
        tracing::error!(%error, "request failed: its session cannot be loaded or saved");
        // The layers outside pass an error on untouched, so this answer brings its own headers.
        let mut page = framed(&context, &Error::Unavailable, &[]);
        headers::protect_headers(page.headers_mut(), https);
        headers::name_request(page.headers_mut(), &context.request_id);
        InternalError::from_response(error, page).into()
    })
}

/// An error page for somebody of whom nothing is known.
pub fn plain_page(request: &HttpRequest, error: &Error) -> HttpResponse {
    let context = RequestContext::anonymous(request);
    framed(&context, error, &[])
}

async fn error_page(request: &HttpRequest, context: &RequestContext, error: &Error) -> HttpResponse {
    match error {
        Error::SignIn { next, ended } => {
            let mut location = paths::sign_in(next);
            if let Some(ended) = ended {
                location.push_str(sign_in::ended_parameter(*ended));
            }
            HttpResponse::SeeOther().insert_header((header::LOCATION, location)).finish()
        }
        Error::SignInAgain(page) => sign_in::page_again(request, context, page).await,
        Error::Forbidden(permission) => {
            let helpers = helpers(request, context, *permission).await;
            framed(context, error, &helpers)
        }
        _ => framed(context, error, &[]),
    }
}

/// Who can help somebody whose role does not include a permission. The denial goes to the log.
async fn helpers(request: &HttpRequest, context: &RequestContext, permission: Permission) -> Vec<String> {
    let (Some(state), Some(session)) = (request.app_data::<AppState>(), context.session.session()) else {
        return Vec::new();
    };
    if let Err(error) = record_attempt::record_denial(&state.db, &session.actor, permission).await {
        tracing::error!(error = %chain(&error), "recording a denial failed");
    }
    let names = async {
        let mut conn = state.db.read().await?;
        users::who_may(&mut conn, session.actor.account.id, permission).await
    };
    names.await.unwrap_or_else(|error: store::Error| {
        tracing::error!(error = %chain(&error), "reading who can help failed");
        Vec::new()
    })
}

fn framed(context: &RequestContext, error: &Error, helpers: &[String]) -> HttpResponse {
    let t = context.words();
    let (title, lines) = describe(context, error, helpers);
    let page = ErrorPage {
        layout: PageLayout::new(context, title).return_to(paths::HOME.to_owned()),
        t,
        lines,
        request_id: matches!(error, Error::Fault | Error::Unavailable | Error::SendAgain(_))
            .then(|| context.request_id.clone()),
        search: matches!(error, Error::NotFound) && context.session.session().is_some(),
        typed: match error {
            Error::OtherAccount(other) => typed(&other.fields, t),
            Error::NotFound => typed(&context.sent.borrow(), t),
            _ => Vec::new(),
        },
        again: again(error, t),
    };
    let mut response = respond::render(context, error.status_code(), &page)
        .unwrap_or_else(|_| HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR));
    let extra = match error {
        Error::MethodNotAllowed { allow } => Some((header::ALLOW, allow.clone())),
        Error::Unavailable | Error::SendAgain(_) => Some((header::RETRY_AFTER, "5".to_owned())),
        Error::ExportsBusy => Some((header::RETRY_AFTER, "30".to_owned())),
        _ => None,
    };
    if let Some((name, value)) = extra
        && let Ok(value) = value.parse()
    {
        response.headers_mut().insert(name, value);
    }
    response
}

/// The form that an error page goes on with.
fn again(error: &Error, t: &Words) -> Option<Again> {
    match error {
        Error::SendAgain(again) => {
            Some(Again { action: again.action.clone(), fields: again.fields.clone(), words: fl!(t, "act-send-again") })
        }
        Error::OtherAccount(other) => other.account.as_ref().map(|(id, name)| {
            let mut fields =
                vec![("partner_account".to_owned(), id.to_string()), ("return_to".to_owned(), other.page.clone())];
            fields.extend(preserved::carried(&other.fields));
            let words = fl!(t, "act-switch-back", account = name.clone());
            Again { action: paths::PARTNER_ACCOUNT.to_owned(), fields, words }
        }),
        _ => None,
    }
}

/// What somebody typed into fields that have a name on the page.
fn typed(fields: &[(String, String)], t: &Words) -> Vec<(String, String)> {
    let hidden = [Field::AgreementVersion, Field::IdempotencyKey, Field::Etag];
    let entries = fields.iter().filter(|(_, value)| !value.trim().is_empty() && value != "on");
    entries
        .filter_map(|(name, value)| {
            let field = Field::from_code(name).filter(|field| !hidden.contains(field))?;
            Some((enum_labels::label(field, t), value.clone()))
        })
        .collect()
}

/// Title and text of an error page.
fn describe(context: &RequestContext, error: &Error, helpers: &[String]) -> (String, Vec<String>) {
    let t = context.words();
    match error {
        Error::NotFound => (fl!(t, "err-not-found"), vec![fl!(t, "err-not-found-text")]),
        Error::Forbidden(permission) => {
            let roles: Vec<String> = Role::with(*permission).map(|role| enum_labels::role(role, t)).collect();
            let roles = enum_labels::either(&roles, t);
            let mut lines = vec![fl!(t, "err-forbidden-text", roles = roles)];
            if !helpers.is_empty() {
                lines.push(fl!(t, "err-forbidden-ask", names = enum_labels::either(helpers, t)));
            }
            (fl!(t, "err-forbidden"), lines)
        }
        Error::OtherAccount(other) => {
            let current = other.current.clone();
            let Some((_, account)) = &other.account else {
                return (fl!(t, "err-account-gone", current = current), vec![fl!(t, "err-account-gone-text")]);
            };
            let text = fl!(t, "err-account-text", account = account.clone());
            (fl!(t, "err-account", account = account.clone(), current = current), vec![text])
        }
        Error::CrossSite => (fl!(t, "err-cross-site"), vec![fl!(t, "err-cross-site-text")]),
        Error::MethodNotAllowed { .. } => (fl!(t, "err-method"), vec![fl!(t, "err-method-text")]),
        Error::TooLarge { limit } => {
            const MEBIBYTE: usize = 1024 * 1024;
            let (kind, limit) = if *limit >= MEBIBYTE { ("file", limit / MEBIBYTE) } else { ("form", limit / 1024) };
            let limit = i18n::number(limit, context.language);
            (fl!(t, "err-too-large", kind = kind), vec![fl!(t, "err-too-large-text", kind = kind, limit = limit)])
        }
        Error::ExportsBusy => (fl!(t, "err-exports-busy"), vec![fl!(t, "err-exports-busy-text")]),
        Error::TooManyRows { max } => {
            let max = i18n::number(i64::from(*max), context.language);
            (fl!(t, "err-too-many-rows"), vec![fl!(t, "err-too-many-rows-text", max = max)])
        }
        Error::SearchTooWide { max } => {
            let max = i18n::number(*max, context.language);
            (fl!(t, "err-search-too-wide"), vec![fl!(t, "list-too-many", max = max)])
        }
        Error::BadRequest | Error::SignIn { .. } | Error::SignInAgain(_) => {
            (fl!(t, "err-bad-request"), vec![fl!(t, "err-bad-request-text")])
        }
        Error::SendAgain(again) if again.uncertain => (fl!(t, "err-unavailable"), vec![fl!(t, "err-uncertain-text")]),
        Error::Unavailable | Error::SendAgain(_) => (fl!(t, "err-unavailable"), vec![fl!(t, "err-unavailable-text")]),
        Error::Fault => (fl!(t, "err-fault"), vec![fl!(t, "err-fault-text")]),
    }
}
