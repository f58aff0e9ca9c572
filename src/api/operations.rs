//! Every operation there is: method, path and what a caller's role must include. What is not here is not there.

use std::pin::Pin;

use actix_web::http::{
    Method, StatusCode,
    header::{self, HeaderMap},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    Api, agreements, carts, catalogue, compliance, customers,
    fault::{ApiError, Code},
    json::Json,
    new_customer, orders, profiles, qualifications, relationships, subscriptions, validations,
};
use crate::{
    domain::{actor::Actor, role::Permission},
    store::{
        Read,
        customers::{Customer, find as find_customer},
        idempotency::IdempotencyKey,
    },
};

/// What an operation answers with.
#[derive(Debug)]
pub struct ApiResponse {
    /// How it went.
    pub status: StatusCode,
    /// The body, JSON.
    pub body: String,
}

impl ApiResponse {
    /// What was asked for.
    pub fn ok(body: &impl serde::Serialize) -> Result<Self, ApiError> {
        Ok(Self::done(text(body)?))
    }

    /// What a change came to, now or when the same was asked for before.
    pub fn done(body: String) -> Self {
        Self { status: StatusCode::OK, body }
    }

    /// That it is done, of which there is nothing to say.
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: String::new() }
    }

    /// What was created.
    pub fn created(body: String) -> Self {
        Self { status: StatusCode::CREATED, body }
    }
}

/// A body as text.
pub fn text(body: &impl serde::Serialize) -> Result<String, ApiError> {
    serde_json::to_string(body).map_err(|error| ApiError::internal_of(&error))
}

/// A request whose caller is known.
pub struct ApiRequest<'a> {
    /// Where it came in.
    pub api: &'a Api,
    /// Who calls.
    pub actor: Actor,
    /// What is asked for.
    pub operation: &'static Operation,
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

impl ApiRequest<'_> {
    /// A parameter of the address, whatever the case of its name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// What a part of the operation's path stands for here, by its name; empty where the path has no such part.
    pub fn part(&self, name: &str) -> &str {
        let mut names = self.operation.path.split('/').filter(|part| is_open(part));
        let place = names.position(|part| part.trim_matches(['{', '}']) == name);
        place.and_then(|place| self.parts.get(place)).map(String::as_str).unwrap_or_default()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The state that a change was made from, of the header or else of the body; none where a program says neither.
    pub fn etag<'s>(&'s self, json: &'s Json) -> Result<Option<&'s str>, ApiError> {
        match (self.header(header::IF_MATCH.as_str()), json.get("attributes")) {
            (Some(etag), _) => Ok(Some(etag)),
            (None, Some(attributes)) => attributes.text("etag", "attributes.etag"),
            (None, None) => Ok(None),
        }
    }

    /// The id of the customer that the path names.
    pub fn customer_id(&self) -> Result<Uuid, ApiError> {
        guid(self.part("customer")).ok_or_else(|| ApiError::new(Code::InvalidCustomerId, "Tenant Id must be a GUID."))
    }

    /// The customer that the path names, if it is the account's.
    pub async fn customer(&self, conn: &mut dyn Read) -> Result<Customer, ApiError> {
        let id = self.customer_id()?;
        find_customer(conn, self.actor.account.id, id).await?.ok_or_else(ApiError::no_such_customer)
    }

    /// What the same request of the same caller is known by when it comes again.
    pub fn submission(&self) -> IdempotencyKey {
        self.submission_of("")
    }

    /// The same for one of several things that a request comes to.
    pub fn submission_of(&self, part: &str) -> IdempotencyKey {
        let mut token = Sha256::new();
        token.update(b"api\0");
        token.update(self.actor.account.id);
        token.update(self.actor.who.id.expect("a caller of the API has an id"));
        token.update(self.request_id);
        token.update(&self.target);
        token.update(part);
        IdempotencyKey { token_hash: token.finalize().into(), fields_hash: Sha256::digest(self.body).into() }
    }

    /// The body, as JSON.
    pub fn json(&self) -> Result<Json, ApiError> {
        let kind = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        // A form of another site could send these without asking.
        if ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
            .iter()
            .any(|simple| kind.trim_start().to_ascii_lowercase().starts_with(simple))
        {
            return Err(ApiError::property("The body must be JSON: Content-Type: application/json"));
        }
        Json::read(self.body)
    }
}

/// A GUID as Partner Center writes them: 32 hexadecimal digits of any case with hyphens, no braces.
pub fn guid(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

/// An operation at work.
pub type Handler = for<'c> fn(&'c ApiRequest<'c>) -> Pin<Box<dyn Future<Output = Result<ApiResponse, ApiError>> + 'c>>;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    /// A program, for itself or as a user.
    Either,
    /// The same, but where the portal is set so only a program that acts as a user.
    UserIfConfigured,
}

/// One operation.
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path behind the version; parts in braces stand for something.
    pub path: &'static str,
    /// What the caller's role must include.
    pub permission: Permission,
    /// Who may call it.
    pub caller: CallerKind,
    /// What it does.
    pub run: Handler,
}

macro_rules! operations {
    ($($method:ident $path:literal $permission:ident $caller:ident $handler:path;)+) => {
        /// Every operation.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            method: Method::$method,
            path: $path,
            permission: Permission::$permission,
            caller: CallerKind::$caller,
            run: |call| Box::pin($handler(call)),
        }),+];
    };
}
operations! {
    GET "agreements" ViewCustomers UserIfConfigured agreements::metadata;
    GET "agreementtemplates/{template}/document" ViewCustomers UserIfConfigured agreements::document;
    GET "compliance/csp/agreementstatus" ViewCustomers Either compliance::agreement_status;
    GET "countryvalidationrules/{country}" ViewCustomers Either validations::country_rules;
    GET "customers" ViewCustomers Either customers::list;
    POST "customers" EditCustomers Either new_customer::create;
    GET "customers/relationshiprequests" ViewCustomers Either relationships::request;
    DELETE "customers/{customer}" EditCustomers Either relationships::delete;
    GET "customers/{customer}" ViewCustomers Either customers::get;
    PATCH "customers/{customer}" EditCustomers Either relationships::change;
    GET "customers/{customer}/agreements" ViewCustomers UserIfConfigured agreements::list;
    POST "customers/{customer}/agreements" ConfirmAcceptance UserIfConfigured agreements::confirm;
    POST "customers/{customer}/carts" PlaceOrders Either carts::create;
    GET "customers/{customer}/carts/{cart}" ViewCustomers Either carts::get;
    PUT "customers/{customer}/carts/{cart}" PlaceOrders Either carts::put;
    POST "customers/{customer}/carts/{cart}/checkout" PlaceOrders Either carts::check_out;
    GET "customers/{customer}/directsignedmicrosoftcustomeragreementstatus" ViewCustomers UserIfConfigured agreements::direct_status;
    GET "customers/{customer}/offers" ViewCustomers Either catalogue::list_offers;
    GET "customers/{customer}/offers/{offer}" ViewCustomers Either catalogue::get_offer;
    GET "customers/{customer}/orders" ViewCustomers Either orders::list;
    POST "customers/{customer}/orders" PlaceOrders Either orders::place;
    GET "customers/{customer}/orders/{order}" ViewCustomers Either orders::get;
    GET "customers/{customer}/products" ViewCustomers Either catalogue::list_products;
    GET "customers/{customer}/products/{product}" ViewCustomers Either catalogue::get_product;
    GET "customers/{customer}/products/{product}/skus" ViewCustomers Either catalogue::list_skus;
    GET "customers/{customer}/products/{product}/skus/{sku}" ViewCustomers Either catalogue::get_sku;
    GET "customers/{customer}/products/{product}/skus/{sku}/availabilities" ViewCustomers Either catalogue::list_availabilities;
    GET "customers/{customer}/products/{product}/skus/{sku}/availabilities/{availability}" ViewCustomers Either catalogue::get_availability;
    GET "customers/{customer}/profiles/billing" ViewCustomers Either profiles::get_billing;
    PUT "customers/{customer}/profiles/billing" EditCustomers Either profiles::put_billing;
    GET "customers/{customer}/profiles/company" ViewCustomers Either profiles::get_company;
    GET "customers/{customer}/qualification" ViewCustomers Either qualifications::get;
    PUT "customers/{customer}/qualification" EditCustomers Either qualifications::put;
    GET "customers/{customer}/qualifications" ViewCustomers Either qualifications::list;
    POST "customers/{customer}/qualifications" EditCustomers Either qualifications::create;
    GET "customers/{customer}/subscriptions" ViewCustomers Either subscriptions::list;
    GET "customers/{customer}/subscriptions/{subscription}" ViewCustomers Either subscriptions::get;
    PATCH "customers/{customer}/subscriptions/{subscription}" PlaceOrders Either subscriptions::change;
    HEAD "domains/{domain}" ViewCustomers Either validations::domain;
    GET "offers" ViewCustomers Either catalogue::list_offers;
    GET "offers/{offer}" ViewCustomers Either catalogue::get_offer;
    GET "products" ViewCustomers Either catalogue::list_products;
    GET "products/{product}" ViewCustomers Either catalogue::get_product;
    GET "products/{product}/skus" ViewCustomers Either catalogue::list_skus;
    GET "products/{product}/skus/{sku}" ViewCustomers Either catalogue::get_sku;
    GET "products/{product}/skus/{sku}/availabilities" ViewCustomers Either catalogue::list_availabilities;
    GET "products/{product}/skus/{sku}/availabilities/{availability}" ViewCustomers Either catalogue::get_availability;
    POST "validations/address" ViewCustomers Either validations::address;
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
