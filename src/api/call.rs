//! What every operation is made of: the request, the response, and what an operation is.

use std::{marker::PhantomData, pin::Pin};

use actix_web::{
    http::{
        Method, StatusCode,
        header::{self, HeaderMap},
    },
    web::{self, Bytes},
};
use schemars::{Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    bodies::Attributes,
    fault::{ApiError, Code},
    json::Json,
    reader,
    state::Api,
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
    /// The answer to a request that went well.
    pub fn ok(body: &impl serde::Serialize) -> Result<Self, ApiError> {
        Ok(Self::done(text(body)?))
    }

    /// The result of a change, made now or when the same request came before.
    pub fn done(body: String) -> Self {
        Self { status: StatusCode::OK, body }
    }

    /// That it is done, without a body.
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

/// The most bytes of a request's body.
pub const BODY_MAX: usize = 256 * 1024;

/// The most bytes of a body that is a list of many.
const LONG_BODY_MAX: usize = 1024 * 1024;

/// A request's body as a whole; `None` when it has more bytes than it may or broke off.
pub async fn read_payload(payload: web::Payload, max: usize) -> Option<Bytes> {
    payload.to_bytes_limited(max).await.ok()?.ok()
}

/// A part of a path that stands for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathParameter {
    /// An availability of a SKU.
    Availability,
    /// A cart.
    Cart,
    /// A country.
    Country,
    /// A customer.
    Customer,
    /// A domain.
    Domain,
    /// An offer.
    Offer,
    /// An order.
    Order,
    /// A product.
    Product,
    /// A SKU of a product.
    Sku,
    /// A subscription.
    Subscription,
    /// A text of the agreement.
    Template,
}

impl PathParameter {
    /// Every parameter, in the order of the enum.
    const ALL: [Self; 11] = [
        Self::Availability,
        Self::Cart,
        Self::Country,
        Self::Customer,
        Self::Domain,
        Self::Offer,
        Self::Order,
        Self::Product,
        Self::Sku,
        Self::Subscription,
        Self::Template,
    ];

    /// The name, as the paths of operations have it between braces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Availability => "availability",
            Self::Cart => "cart",
            Self::Country => "country",
            Self::Customer => "customer",
            Self::Domain => "domain",
            Self::Offer => "offer",
            Self::Order => "order",
            Self::Product => "product",
            Self::Sku => "sku",
            Self::Subscription => "subscription",
            Self::Template => "template",
        }
    }

    /// Whether its values are GUIDs.
    pub const fn is_guid(self) -> bool {
        matches!(self, Self::Cart | Self::Customer | Self::Order | Self::Subscription)
    }

    /// The parameter of a segment such as `{customer}`; none of a segment that stands for itself.
    pub fn of_segment(segment: &str) -> Option<Self> {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(Self::ALL.into_iter().find(|known| known.name() == name).expect("a path names known parameters only"))
    }
}

/// The values of a path's parameters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PathValues<'p>([Option<&'p str>; PathParameter::ALL.len()]);

impl<'p> PathValues<'p> {
    /// Sets a value.
    pub fn set(&mut self, parameter: PathParameter, value: &'p str) {
        self.0[parameter as usize] = Some(value);
    }

    /// A value; none where the path has no such parameter.
    pub fn get(&self, parameter: PathParameter) -> Option<&'p str> {
        self.0[parameter as usize]
    }
}

/// A request whose caller is known.
pub struct ApiRequest<'a> {
    /// The state of the API.
    pub api: &'a Api,
    /// Who calls.
    pub actor: Actor,
    /// The operation that is called.
    pub operation: &'static Operation,
    /// The values of the path's parameters.
    pub path_values: PathValues<'a>,
    /// The parameters of the query, as sent.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
    /// The id that the client gave the request: the same id again means the same request.
    pub request_id: Uuid,
}

impl ApiRequest<'_> {
    /// A parameter of the query, whatever the case of its name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter of the path; empty where the path has no such parameter.
    pub fn part(&self, parameter: PathParameter) -> &str {
        self.path_values.get(parameter).unwrap_or_default()
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The state that a change was made from, of the header or else of the body; none where the client says neither, or
    /// that any will do.
    pub fn etag<'s>(&'s self, attributes: Option<&'s Attributes>) -> Option<&'s str> {
        match self.header(header::IF_MATCH.as_str()).map(str::trim) {
            Some("*") => None,
            Some(etag) => Some(etag),
            None => attributes?.etag.as_deref(),
        }
    }

    /// The id of the customer that the path names.
    pub fn customer_id(&self) -> Result<Uuid, ApiError> {
        guid(self.part(PathParameter::Customer))
            .ok_or_else(|| ApiError::new(Code::InvalidCustomerId, "Tenant Id must be a GUID."))
    }

    /// The customer that the path names, if it is the account's.
    pub async fn customer(&self, conn: &mut dyn Read) -> Result<Customer, ApiError> {
        let id = self.customer_id()?;
        find_customer(conn, self.actor.account.id, id).await?.ok_or_else(ApiError::no_such_customer)
    }

    /// The idempotency key of the request: the same for the same caller, request id, method and path.
    pub fn submission(&self) -> IdempotencyKey {
        self.submission_of("")
    }

    /// The same for one of several effects of a request.
    pub fn submission_of(&self, effect: &str) -> IdempotencyKey {
        let caller = self.actor.who.id.expect("a caller of the API is a client or a user, which have ids");
        let mut token = Sha256::new();
        token.update(b"api\0");
        token.update(self.actor.account.id);
        token.update(caller);
        token.update(self.request_id);
        token.update(self.target());
        token.update(effect);
        IdempotencyKey { token_hash: token.finalize().into(), fields_hash: Sha256::digest(self.body).into() }
    }

    /// Method and path, to which the request's id is bound.
    fn target(&self) -> String {
        let Operation { method, path, .. } = self.operation;
        let values = path.split('/').filter_map(PathParameter::of_segment).map(|parameter| {
            let value = self.part(parameter);
            guid(value).map_or_else(|| value.to_ascii_lowercase(), |id| id.to_string())
        });
        format!("{method} {path} {}", values.collect::<Vec<_>>().join("/"))
    }

    fn json(&self) -> Result<Json, ApiError> {
        let kind = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        // A form of another site could send these without asking.
        if ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
            .iter()
            .any(|simple| kind.trim_start().to_ascii_lowercase().starts_with(simple))
        {
            return Err(ApiError::property("The body must be JSON: Content-Type: application/json"));
        }
        let encoding = self.header(header::CONTENT_ENCODING.as_str()).unwrap_or_default();
        if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity") {
            let encoding: String = encoding.chars().take(64).collect();
            let what =
                format!("Content-Encoding: {encoding} is not supported. Send the body as it is, not compressed.");
            return Err(ApiError::property(what));
        }
        Json::read(self.body)
    }
}

/// The body of a request, which its handler reads when the errors that come first are ruled out.
pub struct Body<'c, T> {
    call: &'c ApiRequest<'c>,
    of: PhantomData<fn() -> T>,
}

impl<'c, T: DeserializeOwned> Body<'c, T> {
    /// The body of a request.
    pub fn of(call: &'c ApiRequest<'c>) -> Self {
        Self { call, of: PhantomData }
    }

    /// Reads the body.
    pub fn read(self) -> Result<T, ApiError> {
        reader::read(&self.call.json()?)
    }
}

/// An item of a list: the member that says which one it is, and the item or what is wrong with it.
pub type ReadItem<T> = (Option<String>, Result<T, ApiError>);

impl<T: DeserializeOwned> Body<'_, Vec<T>> {
    /// Reads the items of a list each by itself; `customerId` says which one it is.
    pub fn read_each(self) -> Result<Vec<ReadItem<T>>, ApiError> {
        let Json::Array(items) = self.call.json()? else {
            return Err(ApiError::property("The body must be an array."));
        };
        let id = |item: &Json| match item.member("customerid") {
            Some(Json::Text(id)) => Some(id.chars().take(64).collect()),
            _ => None,
        };
        let read = |item: &Json| {
            reader::read(item).map_err(|fault: ApiError| {
                ApiError::new(fault.code, fault.description.replacen("The body", "The item", 1))
            })
        };
        Ok(items.iter().map(|item| (id(item), read(item))).collect())
    }
}

/// A GUID in any of the forms that programs write: 32 hexadecimal digits of any case, with hyphens or without, alone, in
/// braces or in parentheses.
pub fn guid(text: &str) -> Option<Uuid> {
    let text = text.trim();
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    Uuid::try_parse(text).ok()
}

/// What runs an operation.
pub type Handler = for<'c> fn(&'c ApiRequest<'c>) -> Pin<Box<dyn Future<Output = Result<ApiResponse, ApiError>> + 'c>>;

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallerKind {
    /// A client, for itself or as a user.
    Either,
    /// The same; but where the portal is configured so, only a client that acts as a user.
    UserIfConfigured,
}

/// A parameter of the query or a header, as it is described.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands: `query` or `header`.
    pub place: &'static str,
    /// Its type: `string` or `integer`.
    pub kind: &'static str,
    /// What it means.
    pub description: &'static str,
}

/// Makes the schema of a type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One operation.
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path behind the version; segments in braces are parameters.
    pub path: &'static str,
    /// What the caller's role must include.
    pub permission: Permission,
    /// Who may call it.
    pub caller: CallerKind,
    /// What it does, in one line.
    pub summary: &'static str,
    /// The parameters of its query and of its headers.
    pub parameters: &'static [Parameter],
    /// What its body is read into, where it has one.
    pub body: Option<SchemaOf>,
    /// The status when it went well.
    pub status: u16,
    /// What it answers with; none is the status alone.
    pub answer: Option<SchemaOf>,
    /// Its handler.
    pub run: Handler,
}

impl Operation {
    /// The most bytes of its body.
    pub fn body_max(&self) -> usize {
        if self.path == "createbulkreattestation" { LONG_BODY_MAX } else { BODY_MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_one_in_every_form_that_programs_write() {
        let id = "0f8fad5b-d9cb-469f-a165-70867728950e".parse().ok();
        for text in [
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "0F8FAD5B-D9CB-469F-A165-70867728950E",
            "0f8fad5bd9cb469fa16570867728950e",
            "{0f8fad5b-d9cb-469f-a165-70867728950e}",
            "(0f8fad5b-d9cb-469f-a165-70867728950e)",
            " 0f8fad5b-d9cb-469f-a165-70867728950e ",
        ] {
            assert_eq!(guid(text), id, "{text}");
        }
        for other in
            ["", "x", "0f8fad5b", "{0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-7086772895"]
        {
            assert_eq!(guid(other), None, "{other}");
        }
    }
}
