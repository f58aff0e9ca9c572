//! Forms that are kept while their user signs in again, or goes back to another partner account.

use std::future::{Ready, ready};

use actix_session::SessionExt as _;
use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{
    error::Error,
    form::{Form, KEPT_LIMIT},
    form_origin,
    request_context::RequestContext,
    session::{self, PreservedForm},
};
use crate::domain::token::random_token;

/// Entries travel through another form under their own names with this before them.
const PREFIX: &str = "kept.";

/// The hidden fields that carry entries through another form.
pub fn carried(fields: &[(String, String)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| (format!("{PREFIX}{name}"), value.clone())).collect()
}

/// The entries that a form carried.
pub fn carried_by(form: &Form) -> Vec<(String, String)> {
    let carried = form.pairs().iter();
    carried.filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone()))).collect()
}

/// Entries as a session keeps them, and the address at which `page` shows them again. Too many are not kept.
pub fn keep(fields: Vec<(String, String)>, page: &str) -> (Option<PreservedForm>, String) {
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if fields.is_empty() || size > KEPT_LIMIT {
        return (None, page.to_owned());
    }
    let kept = PreservedForm { id: random_token(), fields };
    let path = format!("{page}{}kept={}", if page.contains('?') { '&' } else { '?' }, kept.id);
    (Some(kept), path)
}

/// What was typed before the session ended, when the address names it.
#[derive(Debug)]
pub struct Preserved(pub Option<Form>);

impl FromRequest for Preserved {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = Form::decode(request.query_string().as_bytes());
        let Some(kept) = session::kept(&request.get_session(), query.get_raw("kept")) else {
            return ready(Ok(Self(None)));
        };
        let (mut form, context) = (Form::of(kept.fields), RequestContext::of(request));
        form_origin::fix_days(&mut form, &context);
        let (page, status) = (request.path().to_owned(), form_origin::status_elsewhere(request.path()));
        ready(form_origin::refuse_other_account(&form, page, status, &context).map(|()| Self(Some(form))))
    }
}
