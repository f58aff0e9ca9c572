//! Every operation there is: method, path and what a caller's role must include. What is not here is not there.

use std::pin::Pin;

use actix_web::http::{
    Method,
    header::{self, HeaderMap},
};
use uuid::Uuid;

use super::{
    Api, agreements, customers,
    fault::{Code, Fault},
    json::Json,
};
use crate::domain::{actor::Actor, role::Permission};

/// What an operation answers with.
#[derive(Debug)]
pub struct Answer {
    /// Whether something was created.
    pub created: bool,
    /// The body, JSON.
    pub body: String,
}

impl Answer {
    /// What was asked for.
    pub fn ok(body: &impl serde::Serialize) -> Result<Self, Fault> {
        Ok(Self { created: false, body: text(body)? })
    }

    /// What was created.
    pub fn created(body: String) -> Self {
        Self { created: true, body }
    }
}

/// A body as text.
pub fn text(body: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(body).map_err(|error| Fault::internal(&error.to_string()))
}

/// A request whose caller is known.
pub struct Call<'a> {
    /// Where it came in.
    pub api: &'a Api,
    /// Who calls.
    pub actor: Actor,
    /// The parts of the path that stand for something, in their order.
    pub parts: Vec<String>,
    /// The parameters of the address, as sent.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
    /// The id that the program gave the request: the same again means the same request.
    pub request_id: Uuid,
    /// Method and path, as the request's id is bound to them.
    pub target: String,
}

impl Call<'_> {
    /// A parameter of the address, whatever the case of its name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The customer that the path names.
    pub fn customer(&self) -> Result<Uuid, Fault> {
        let part = self.parts.first().map(String::as_str).unwrap_or_default();
        guid(part).ok_or_else(|| Fault::new(Code::InvalidCustomerId, "Tenant Id must be a GUID."))
    }

    /// The body, as JSON.
    pub fn json(&self) -> Result<Json, Fault> {
        let kind = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        // A form of another site could send these without asking.
        if ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
            .iter()
            .any(|simple| kind.trim_start().to_ascii_lowercase().starts_with(simple))
        {
            return Err(Fault::property("The body must be JSON: Content-Type: application/json"));
        }
        Json::read(self.body)
    }
}

/// A GUID as Partner Center writes them: 32 hexadecimal digits of any case with hyphens, no braces.
pub fn guid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// An operation at work.
pub type Run = for<'c> fn(&'c Call<'c>) -> Pin<Box<dyn Future<Output = Result<Answer, Fault>> + 'c>>;

/// One operation.
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path behind the version; parts in braces stand for something.
    pub path: &'static str,
    /// What the caller's role must include.
    pub permission: Permission,
    /// What it does.
    pub run: Run,
}

macro_rules! operations {
    ($($method:ident $path:literal $permission:ident $handler:path;)+) => {
        /// Every operation.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            method: Method::$method,
            path: $path,
            permission: Permission::$permission,
            run: |call| Box::pin($handler(call)),
        }),+];
    };
}
operations! {
    GET "agreements" ViewCustomers agreements::metadata;
    GET "agreementtemplates/{template}/document" ViewCustomers agreements::document;
    GET "customers" ViewCustomers customers::list;
    GET "customers/{customer}" ViewCustomers customers::get;
    GET "customers/{customer}/agreements" ViewCustomers agreements::list;
    POST "customers/{customer}/agreements" ConfirmAcceptance agreements::confirm;
    GET "customers/{customer}/directsignedmicrosoftcustomeragreementstatus" ViewCustomers agreements::direct_status;
    GET "customers/{customer}/profiles/billing" ViewCustomers customers::billing_profile;
    GET "customers/{customer}/profiles/company" ViewCustomers customers::company_profile;
}

/// The operation that a method and a path mean, with what the path's parts stand for. Words fold case, and slashes may
/// be doubled or stand at the end.
pub fn find(method: &Method, path: &str) -> Option<(&'static Operation, Vec<String>)> {
    let given: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    OPERATIONS.iter().filter(|operation| operation.method == *method).find_map(|operation| {
        let known: Vec<&str> = operation.path.split('/').collect();
        let fits = known.len() == given.len()
            && known.iter().zip(&given).all(|(known, given)| is_open(known) || known.eq_ignore_ascii_case(given));
        fits.then(|| {
            let parts = known.iter().zip(&given).filter(|(known, _)| is_open(known));
            (operation, parts.map(|(_, given)| (*given).to_owned()).collect())
        })
    })
}

fn is_open(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_in_any_case_and_with_any_slashes() {
        let id = "0F8FAD5B-D9CB-469F-A165-70867728950E";
        for path in [
            format!("customers/{id}/agreements"),
            format!("/Customers/{id}/AGREEMENTS"),
            format!("//customers//{id}/agreements/"),
        ] {
            let (operation, parts) = find(&Method::GET, &path).unwrap();
            assert_eq!((operation.path, parts), ("customers/{customer}/agreements", vec![id.to_owned()]), "{path}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for (method, path) in [
            (Method::GET, ""),
            (Method::GET, "customers/1/agreements/2"),
            (Method::DELETE, "agreements"),
            (Method::HEAD, "agreements"),
            (Method::GET, "devices"),
        ] {
            assert!(find(&method, path).is_none(), "{method} {path}");
        }
    }

    #[test]
    fn a_guid_has_hyphens_and_no_braces() {
        assert!(guid("0f8fad5b-d9cb-469f-a165-70867728950e").is_some());
        for other in ["{0f8fad5b-d9cb-469f-a165-70867728950e}", "0f8fad5bd9cb469fa16570867728950e", "", "x"] {
            assert!(guid(other).is_none(), "{other}");
        }
    }
}
