//! What answers have in common: links, attributes, lists and states.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A link.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Link {
    uri: String,
    method: &'static str,
    headers: Vec<KeyValue>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct KeyValue {
    key: &'static str,
    value: String,
}

impl Link {
    /// The address of what is answered.
    pub fn to(uri: String) -> Self {
        Self { uri, method: "GET", headers: Vec::new() }
    }

    /// Another page of a list. Without a slash at its beginning the clients put it behind the version correctly.
    pub fn page(uri: String, token: &str) -> Self {
        let headers = vec![KeyValue { key: "MS-ContinuationToken", value: token.to_owned() }];
        Self { uri, method: "GET", headers }
    }
}

/// Where a resource is, and the pages beside a page.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Links {
    /// The resource itself.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub this: Option<Link>,
    /// The page behind this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<Link>>,
    /// The page before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Box<Link>>,
}

impl Links {
    /// Where a resource is.
    pub fn this(uri: String) -> Self {
        Self { this: Some(Link::to(uri)), ..Self::default() }
    }
}

/// What kind of resource it is, and the state it was read in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Attributes {
    /// The state; a change may demand that it is still the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The kind.
    #[serde(rename = "objectType")]
    pub object_type: &'static str,
}

impl Attributes {
    /// Of a resource without a state of its own.
    pub fn of(object_type: &'static str) -> Self {
        Self { etag: None, object_type }
    }
}

/// A list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection<T> {
    total_count: usize,
    items: Vec<T>,
    /// The pages beside this one.
    pub links: Links,
    /// What the next request says to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuation_token: Option<String>,
    attributes: Attributes,
}

impl<T> Collection<T> {
    /// All of a list.
    pub fn of(items: Vec<T>, uri: String) -> Self {
        Self {
            total_count: items.len(),
            items,
            links: Links::this(uri),
            continuation_token: None,
            attributes: Attributes::of("Collection"),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Collection<T> {
    /// The plural of what it is of: programs that are made from the description name their classes by it.
    fn schema_name() -> Cow<'static, str> {
        let name = T::schema_name();
        let plural = match name.strip_suffix('y') {
            Some(stem) => format!("{stem}ies"),
            None if name.ends_with("Data") => format!("{name}List"),
            None if name.ends_with('s') => format!("{name}es"),
            None => format!("{name}s"),
        };
        plural.into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A list.",
            "type": "object",
            "required": ["totalCount", "items", "links", "attributes"],
            "properties": {
                "totalCount": {
                    "type": "integer", "format": "uint", "minimum": 0, "description": "How many items this answer has.",
                },
                "items": generator.subschema_for::<Vec<T>>(),
                "links": generator.subschema_for::<Links>(),
                "continuationToken": {
                    "type": "string", "description": "What the header MS-ContinuationToken says to go on.",
                },
                "attributes": generator.subschema_for::<Attributes>(),
            },
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Etag {
    id: Uuid,
    version: i64,
}

/// The state of a resource, as programs carry it without looking into it.
pub fn etag(id: Uuid, version: i64) -> String {
    STANDARD.encode(serde_json::to_vec(&Etag { id, version }).expect("an id and a number are JSON"))
}

/// The resource and the version of a state that a program says back, with the quotes of a header or without.
pub fn read_etag(text: &str) -> Option<(Uuid, i64)> {
    let text = text.trim().trim_start_matches("W/").trim_matches('"');
    let etag: Etag = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
    Some((etag.id, etag.version))
}
