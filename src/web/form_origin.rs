//! Where and when a form was opened. Its page says so in hidden fields, so that a form sent after the user switched to
//! another partner account writes nothing there, and words such as *today* mean the day on which they were typed.

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{
        StatusCode,
        header::{self, ContentType},
    },
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    error::{Error, OtherAccount},
    form::{Form, LIMIT, read_body},
    paths,
    request_context::RequestContext,
    session::OPENED_IN,
};
use crate::domain::field::Field;

/// The hidden field with the day on which the form was shown or, where scripts run, a day was typed into it.
const ENTERED_ON: &str = "entered_on";

/// How old a form can be: as old as a draft.
const OLDEST: TimeDelta = TimeDelta::days(30);

/// The day that the form's page says, when it can be true on `today`.
fn entered_on(form: &Form, today: NaiveDate) -> Option<NaiveDate> {
    let day: NaiveDate = form.get_raw(ENTERED_ON).parse().ok()?;
    (day <= today && today - day <= OLDEST).then_some(day)
}

/// Whether a form was opened in this account, or does not say where.
fn is_opened_in(form: &Form, account: Uuid) -> bool {
    let opened_in = form.get_raw(OPENED_IN);
    opened_in.is_empty() || Uuid::try_parse(opened_in) == Ok(account)
}

/// Turns the words for days of a form into days. Without a session in its account its page alone says which day it was.
pub fn fix_days(form: &mut Form, context: &RequestContext) {
    let account = context.session.session().map(|session| &session.actor.account);
    let day = match account.filter(|account| is_opened_in(form, account.id)) {
        Some(account) => {
            let today = account.today(context.now);
            Some(entered_on(form, today).unwrap_or(today))
        }
        None => entered_on(form, latest_day(context.now)),
    };
    if let Some(day) = day {
        form.fix_days(day, context.language);
    }
}

/// The latest day that it is anywhere.
fn latest_day(now: DateTime<Utc>) -> NaiveDate {
    (now + TimeDelta::hours(14)).date_naive()
}

/// Refuses a form that was opened in another partner account than the current one.
///
/// `page` is where the form is filled in, `status` what the current account makes of the form.
pub fn refuse_other_account(
    form: &Form,
    page: String,
    status: StatusCode,
    context: &RequestContext,
) -> Result<(), Error> {
    let Some(session) = context.session.session() else { return Ok(()) };
    if is_opened_in(form, session.actor.account.id) {
        return Ok(());
    }
    let account = Uuid::try_parse(form.get_raw(OPENED_IN))
        .ok()
        .and_then(|account| session.other_accounts.iter().find(|(id, _)| *id == account).cloned());
    Err(Error::OtherAccount(Box::new(OtherAccount {
        account,
        current: session.actor.account.name.clone(),
        status,
        page,
        fields: typed(form),
    })))
}

/// What an account makes of a form about something of another account: there is no such thing, where the address names
/// one.
pub fn status_elsewhere(path: &str) -> StatusCode {
    let names_object = path.split('/').any(|part| Uuid::try_parse(part).is_ok());
    if names_object { StatusCode::NOT_FOUND } else { StatusCode::CONFLICT }
}

/// What was typed, without passwords.
pub fn typed(form: &Form) -> Vec<(String, String)> {
    form.pairs().iter().filter(|(name, _)| name != Field::Password.code()).cloned().collect()
}

/// Whether a request carries a form as browsers send it.
pub fn is_form(request: &HttpRequest) -> bool {
    let expected = ContentType::form_url_encoded().0;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|value| value.split(';').next().is_some_and(|kind| kind.trim() == expected.essence_str()))
}

impl FromRequest for Form {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = is_form(request);
        let declared = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<usize>().ok());
        let payload = payload.take();
        let (page, status) = (paths::page_of_form(request.path()), status_elsewhere(request.path()));
        let context = RequestContext::of(request);
        Box::pin(async move {
            if declared.is_some_and(|length| length > LIMIT) {
                return Err(Error::TooLarge { limit: LIMIT });
            }
            if !is_form {
                return Err(Error::BadRequest);
            }
            let mut form = read_body(payload, LIMIT).await?;
            fix_days(&mut form, &context);
            refuse_other_account(&form, page, status, &context)?;
            // An error page shows them again.
            context.sent.replace(typed(&form));
            Ok(form)
        })
    }
}
