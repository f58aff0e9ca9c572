//! Forms that are kept while their user signs in again.

use std::future::{Ready, ready};

use actix_session::SessionExt as _;
use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{error::Error, form::Form, session};

/// What was typed before the session ended, when the address names it.
#[derive(Debug)]
pub struct Preserved(pub Option<Form>);

impl FromRequest for Preserved {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let query = Form::decode(request.query_string().as_bytes());
        let kept = session::kept(&request.get_session(), query.get_raw("kept"));
        ready(Ok(Self(kept.map(|kept| Form::of(kept.fields)))))
    }
}
