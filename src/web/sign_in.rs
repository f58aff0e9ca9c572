//! Signing in and out.

use actix_session::Session;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use askama::Template;
use i18n_embed_fl::fl;
use serde::Deserialize;

use super::{
    AppState,
    access::Anyone,
    enum_labels,
    error::{Error, SignInPage},
    form::{FieldView, Form, Input, Problems},
    layout::PageLayout,
    paths, preserved,
    request_context::{RequestContext, client_address},
    respond, session,
    session_end::SessionEnd,
};
use crate::{
    actions::sign_in::{self, Attempt, PASSWORD_MAX},
    domain::{field::Field, text},
    i18n::Words,
    store::users,
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInTemplate {
    layout: PageLayout,
    t: &'static Words,
    fields: Vec<FieldView>,
    next: String,
    kept: Vec<(String, String)>,
    notice: Option<String>,
    administrator: Option<String>,
}

/// The address of the sign-in page.
#[derive(Debug, Deserialize)]
pub struct Query {
    next: Option<String>,
    ended: Option<String>,
}

/// What the sign-in page's address says about a session that no longer holds.
pub const fn ended_parameter(ended: SessionEnd) -> &'static str {
    match ended {
        SessionEnd::IdleTimeout => "&ended=idle",
        SessionEnd::AbsoluteTimeout => "&ended=longest",
        SessionEnd::Revoked | SessionEnd::Unavailable => "",
    }
}

/// The sign-in page.
pub async fn show(
    _: Anyone,
    state: AppState,
    context: RequestContext,
    query: web::Query<Query>,
) -> Result<HttpResponse, Error> {
    let next = local_or_home(query.next.as_deref());
    if context.session.session().is_some() {
        return Ok(respond::see_other(&state, &next, None));
    }
    let ended = match query.ended.as_deref() {
        Some("idle") => Some(SessionEnd::IdleTimeout),
        Some("longest") => Some(SessionEnd::AbsoluteTimeout),
        _ => None,
    };
    let page = SignInPage { next, fields: Vec::new(), ended };
    answer(&state, &context, StatusCode::OK, &Form::default(), Problems::default(), &page).await
}

/// The sign-in page for a form that was sent without a session, with everything that was typed.
pub async fn page_again(request: &HttpRequest, context: &RequestContext, page: &SignInPage) -> HttpResponse {
    let Some(state) = request.app_data::<AppState>() else {
        return HttpResponse::new(StatusCode::INTERNAL_SERVER_ERROR);
    };
    answer(state, context, StatusCode::UNAUTHORIZED, &Form::default(), Problems::default(), page)
        .await
        .unwrap_or_else(|_| HttpResponse::new(StatusCode::SERVICE_UNAVAILABLE))
}

/// Judges who signs in.
pub async fn sign_in(
    _: Anyone,
    state: AppState,
    context: RequestContext,
    session: Session,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse, Error> {
    let t = context.words();
    let typed = text::without_marks(form.get(Field::Email));
    let (email, password) = (typed.trim(), form.get(Field::Password));
    let fields = preserved::carried_by(&form);
    let page = SignInPage { next: local_or_home(Some(form.get_raw("next"))), fields, ended: None };

    let mut problems = Problems::default();
    if email.is_empty() {
        problems = problems.and_at(Field::Email, fl!(t, "e-sign-in-email"));
    }
    if password.is_empty() {
        problems = problems.and_at(Field::Password, fl!(t, "e-sign-in-password"));
    }
    if !problems.is_empty() {
        return answer(&state, &context, StatusCode::UNPROCESSABLE_ENTITY, &form, problems, &page).await;
    }

    let address = client_address(&request, &state).map(|address| address.to_string()).unwrap_or_default();
    let user_subject = state.secret.hash("sign-in user", &[email.to_lowercase().as_bytes()]);
    let address_subject = state.secret.hash("sign-in address", &[address.as_bytes()]);
    // What cannot be anybody's counts as a guess like any other.
    let guess = if password.len() > PASSWORD_MAX || email.contains('\0') { ("", "") } else { (email, password) };
    match sign_in::attempt(&state.db, guess.0, guess.1, user_subject, address_subject).await? {
        Attempt::Passed(user) => {
            let (kept, path) = preserved::keep(page.fields, &page.next);
            session::sign_in(&session, user, state.db.clock.now(), kept.as_ref())?;
            Ok(respond::see_other(&state, &path, None))
        }
        Attempt::Failed => {
            // One message about both boxes: which of them is wrong is not told.
            let problems = Problems::whole(fl!(t, "e-sign-in-wrong"));
            answer(&state, &context, StatusCode::UNPROCESSABLE_ENTITY, &form, problems, &page).await
        }
        Attempt::TooMany { again_at } => {
            let wait = (again_at - state.db.clock.now()).num_seconds().max(1);
            let minutes = (wait + 59) / 60;
            let problems = Problems::at(Field::Email, fl!(t, "e-sign-in-too-many", minutes = minutes));
            let mut response = answer(&state, &context, StatusCode::TOO_MANY_REQUESTS, &form, problems, &page).await?;
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(wait));
            Ok(response)
        }
    }
}

/// Ends the session.
pub async fn sign_out(_: Anyone, state: AppState, session: Session) -> HttpResponse {
    session.purge();
    let mut response = respond::see_other(&state, paths::SIGN_IN, None);
    let everything = header::HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(header::HeaderName::from_static("clear-site-data"), everything);
    response
}

fn local_or_home(path: Option<&str>) -> String {
    path.and_then(paths::local).unwrap_or(paths::HOME).to_owned()
}

async fn answer(
    state: &AppState,
    context: &RequestContext,
    status: StatusCode,
    form: &Form,
    problems: Problems,
    page: &SignInPage,
) -> Result<HttpResponse, Error> {
    let t = context.words();
    let notice = match page.ended {
        Some(SessionEnd::IdleTimeout) => Some(fl!(t, "sign-in-ended-idle")),
        Some(SessionEnd::AbsoluteTimeout) => Some(fl!(t, "sign-in-ended-longest")),
        Some(SessionEnd::Revoked | SessionEnd::Unavailable) | None => None,
    };
    let kept = preserved::carried(&page.fields);
    let notice = match (notice, kept.is_empty()) {
        (Some(notice), false) => Some(format!("{notice} {}", fl!(t, "sign-in-kept"))),
        (Some(notice), true) => Some(notice),
        (None, false) => Some(fl!(t, "sign-in-kept")),
        (None, true) => None,
    };
    let administrator = match state.db.read().await {
        Ok(mut at) => users::administrator(&mut at).await.unwrap_or_default(),
        Err(_) => None,
    };
    let field = |field, input| FieldView::new(field, enum_labels::label(field, t), input, form, &problems);
    let template = SignInTemplate {
        layout: PageLayout::new(context, fl!(t, "h-sign-in")).errors(&problems).return_to(paths::sign_in(&page.next)),
        t,
        fields: vec![
            field(Field::Email, Input::Username),
            field(Field::Password, Input::Password { autocomplete: "current-password" }),
        ],
        next: page.next.clone(),
        kept,
        notice,
        administrator,
    };
    respond::render(context, status, &template)
}
