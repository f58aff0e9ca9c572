//! One way to answer with a page: its status, language and flash.

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite},
    http::{StatusCode, header},
};
use askama::Template;
use uuid::Uuid;

use super::{
    AppState,
    error::Error,
    flash::{FLASH_COOKIE, Flash},
    request_context::RequestContext,
};

/// Answers with a page.
pub fn render(context: &RequestContext, status: StatusCode, page: &impl Template) -> Result<HttpResponse, Error> {
    let mut body = String::with_capacity(24 * 1024);
    page.render_into(&mut body).map_err(|error| Error::fault_of(&error))?;
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, context.language.code()))
        .insert_header((header::VARY, "Cookie, Accept-Language"));
    if context.flash.is_some() && status.is_success() {
        let mut cookie = Cookie::build(FLASH_COOKIE, "").path("/").finish();
        cookie.make_removal();
        response.cookie(cookie);
    }
    Ok(response.body(body))
}

/// Answers with a page that has what was asked for.
pub fn ok(context: &RequestContext, page: &impl Template) -> Result<HttpResponse, Error> {
    render(context, StatusCode::OK, page)
}

/// Cuts what was found down to a page of `most`, one more than which was asked for. Whether there is more.
pub fn truncate_page<T>(found: &mut Vec<T>, most: i64) -> bool {
    let most = usize::try_from(most).expect("a page has so many rows");
    let has_more = found.len() > most;
    found.truncate(most);
    has_more
}

/// Leads on to another page after a form succeeded.
pub fn see_other(state: &AppState, path: &str, flash: Option<(Flash, Uuid)>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, path));
    if let Some((flash, customer)) = flash {
        response.cookie(small_cookie(state, FLASH_COOKIE, &format!("{}.{customer}", flash.code())));
    }
    response.finish()
}

/// A cookie with nothing secret or personal in it.
pub fn small_cookie(state: &AppState, name: &'static str, value: &str) -> Cookie<'static> {
    Cookie::build(name, value.to_owned())
        .path("/")
        .secure(state.address.https)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}
