//! The parameters of an address.

use std::{
    future::{Ready, ready},
    ops::Deref,
    str::FromStr,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};

use super::{error::Error, form::Form};

/// The parameters of an address, read as forms are: what is not UTF-8 has stand-ins, and nothing is refused.
#[derive(Debug)]
pub struct Query(Form);

impl Query {
    /// A parameter, if it can be read.
    pub fn parsed<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get_raw(name).parse().ok()
    }
}

impl Deref for Query {
    type Target = Form;
    fn deref(&self) -> &Form {
        &self.0
    }
}

impl FromRequest for Query {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(Form::decode(request.query_string().as_bytes()))))
    }
}
