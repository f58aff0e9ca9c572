//! Language, and switching between partner accounts.

use actix_session::Session;
use actix_web::{HttpResponse, cookie::time::Duration};
use uuid::Uuid;

use super::{
    AppState,
    access::{Anyone, SignedIn},
    error::Error,
    form::Form,
    paths, preserved,
    request_context::{LANGUAGE_COOKIE, RequestContext},
    respond, session,
};
use crate::{actions::set_language::set_language, i18n::Language};

/// Remembers the language: with the user when signed in, else in a cookie.
pub async fn set(_: Anyone, state: AppState, context: RequestContext, form: Form) -> Result<HttpResponse, Error> {
    let mut response = respond::see_other(&state, return_to(&form), None);
    if let Some(language) = Language::from_code(form.get_raw("language")) {
        if let Some(user) = context.session.session().and_then(|session| session.actor.who.id) {
            set_language(&state.db, user, language).await?;
        }
        let mut cookie = respond::small_cookie(&state, LANGUAGE_COOKIE, language.code());
        cookie.set_max_age(Duration::days(365));
        response.add_cookie(&cookie).map_err(|error| Error::fault_of(&error))?;
    }
    Ok(response)
}

/// Switches to another partner account of the user. A page of one customer does not exist in the other account,
/// so the way leads to the list; but a form that was opened in the account switched to comes back with its entries.
pub async fn switch_account(_: SignedIn, state: AppState, session: Session, form: Form) -> Result<HttpResponse, Error> {
    let path = return_to(&form);
    let (kept, kept_path) = preserved::keep(preserved::carried_by(&form), path);
    if let Ok(account) = Uuid::try_parse(form.get_raw("partner_account")) {
        session::switch(&session, account, kept.as_ref())?;
    }
    let path = match kept {
        Some(_) => kept_path.as_str(),
        None if path.starts_with("/customers/") => paths::CUSTOMERS,
        None => path,
    };
    Ok(respond::see_other(&state, path, None))
}

fn return_to(form: &Form) -> &str {
    paths::local(form.get_raw("return_to")).unwrap_or(paths::HOME)
}
