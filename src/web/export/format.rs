//! Which kind of file an address asks for.

use std::{
    future::{Ready, ready},
    path::Path,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{csv::Separator, document::Format};
use crate::web::{error::Error, form::Form, request_context::RequestContext};

impl FromRequest for Format {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(if Path::new(request.path()).extension().is_some_and(|extension| extension == "xlsx") {
            Self::Xlsx
        } else {
            let query = Form::decode(request.query_string().as_bytes());
            Self::Csv(Separator::asked(query.get_raw("separator"), RequestContext::of(request).language))
        }))
    }
}
