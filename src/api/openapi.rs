//! The OpenAPI 3.1 document of the API. It falls out of the table of operations and of the structs that bodies are read
//! into and answers are made of.

use std::sync::LazyLock;

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    call::{CallerKind, Operation, PathParameter},
    fault::FaultBody,
    operations::OPERATIONS,
};

/// Statuses of faults that any operation may answer with.
const FAULTS: [u16; 8] = [400, 401, 403, 404, 409, 429, 500, 503];

/// The document, as text. It is the same for the life of the process.
pub fn document() -> &'static str {
    static DOCUMENT: LazyLock<String> = LazyLock::new(build);
    &DOCUMENT
}

/// What makes the schemas.
struct Schemas {
    answers: SchemaGenerator,
    bodies: SchemaGenerator,
}

fn build() -> String {
    let settings =
        || SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut schemas = Schemas {
        answers: settings().for_serialize().into_generator(),
        // A body is described where it is sent, so that it shares no name with an answer.
        bodies: settings().with(|settings| settings.inline_subschemas = true).for_deserialize().into_generator(),
    };
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let path = paths.entry(format!("/{}", operation.path)).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = describe(operation, &mut schemas);
    }
    let fault = schemas.answers.subschema_for::<FaultBody>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Countersign",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The Partner Center API as this portal offers it. Paths fold case and may have doubled slashes; \
                the names of properties fold case in bodies; v1.0 is v1. The same MS-RequestId again within 24 hours is \
                done once.",
            "contact": { "name": "Whoever runs this portal" },
            "license": { "name": "MIT or Apache-2.0", "identifier": env!("CARGO_PKG_LICENSE") },
        },
        "tags": tags(),
        "servers": [{ "url": "/v1" }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "bearer": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "POST /{tenant}/oauth2/token (or /oauth2/v2.0/token) as a form: grant_type=client_credentials \
                    or refresh_token, client_id, client_secret.",
            } },
            "responses": { "Fault": {
                "description": "What is wrong, with Partner Center's code.",
                "content": { "application/json": { "schema": fault } },
            } },
            "schemas": schemas.answers.take_definitions(true),
        },
    })
    .to_string()
}

fn describe(operation: &Operation, schemas: &mut Schemas) -> Value {
    let callers = match operation.caller {
        CallerKind::Either => "",
        CallerKind::UserIfConfigured => " Where the portal is set so, for programs that act as a user only.",
    };
    let mut value = json!({
        "operationId": operation_id(operation),
        "tags": [tag(operation.path)],
        "summary": operation.summary,
        "description": format!("Needs a role that may do this: {}.{callers}", operation.permission),
        "parameters": parameters(operation),
        "responses": responses(operation, schemas),
    });
    if let Some(schema) = operation.body {
        let content = json!({ "application/json": { "schema": schema(&mut schemas.bodies) } });
        value["requestBody"] = json!({ "required": true, "content": content });
    }
    value
}

fn responses(operation: &Operation, schemas: &mut Schemas) -> Map<String, Value> {
    // The answer to HEAD is its status.
    let is_head = operation.method == "HEAD";
    let fault = |status: u16| {
        if is_head {
            json!({ "description": if status == 404 { "It is not there." } else { "A fault." } })
        } else {
            json!({ "$ref": "#/components/responses/Fault" })
        }
    };
    let mut responses: Map<String, Value> =
        FAULTS.into_iter().map(|status| (status.to_string(), fault(status))).collect();
    let done = match operation.answer {
        Some(schema) => {
            let content = json!({ "application/json": { "schema": schema(&mut schemas.answers) } });
            json!({ "description": "Done.", "content": content })
        }
        None => json!({ "description": if is_head { "It is there." } else { "Done." } }),
    };
    responses.insert(operation.status.to_string(), done);
    responses
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let path = operation.path.split('/').filter_map(PathParameter::of_segment).map(|parameter| {
        let schema = if parameter.is_guid() {
            json!({ "type": "string", "format": "uuid" })
        } else {
            json!({ "type": "string" })
        };
        json!({ "name": parameter.name(), "in": "path", "required": true, "schema": schema })
    });
    let named = operation.parameters.iter().map(|parameter| {
        json!({
            "name": parameter.name,
            "in": parameter.place,
            "description": parameter.description,
            "schema": { "type": parameter.kind },
        })
    });
    let request_id = json!({
        "name": "MS-RequestId", "in": "header", "schema": { "type": "string" },
        "description": "A GUID. The same again within 24 hours is the same request, done once.",
    });
    let changes = operation.method != "GET" && operation.method != "HEAD";
    path.chain(named).chain(changes.then_some(request_id)).collect()
}

/// What operations are grouped by: a word, and what it stands for.
const TAGS: [(&str, &str); 8] = [
    ("Agreements", "The agreement's text, and who accepted it for which customer."),
    ("Carts", "What is about to be ordered for a customer."),
    ("Catalogue", "What can be ordered."),
    ("Customers", "Customers and their profiles."),
    ("Orders", "What was ordered for a customer."),
    ("Partner", "The partner itself: its profiles, its relationships, its log."),
    ("Subscriptions", "What a customer has."),
    ("Validation", "What a client looks up before it creates a customer."),
];

fn tags() -> Vec<Value> {
    TAGS.iter().map(|(name, description)| json!({ "name": name, "description": description })).collect()
}

/// The group of an operation.
fn tag(path: &str) -> &'static str {
    let below = path.strip_prefix("customers/{customer}/");
    let first = below.unwrap_or(path).split('/').next().unwrap_or_default();
    match first {
        "agreements"
        | "agreementtemplates"
        | "compliance"
        | "createbulkreattestation"
        | "partners"
        | "directsignedmicrosoftcustomeragreementstatus" => "Agreements",
        "carts" => "Carts",
        "offers" | "offercategories" | "products" => "Catalogue",
        "orders" => "Orders",
        "auditrecords" => "Partner",
        "profiles" | "relationships" if below.is_none() => "Partner",
        "subscriptions" => "Subscriptions",
        "countryvalidationrules" | "domains" | "validations" => "Validation",
        _ => "Customers",
    }
}

/// `getCustomersCustomerOrders` of `GET customers/{customer}/orders`.
fn operation_id(operation: &Operation) -> String {
    let mut id = operation.method.as_str().to_ascii_lowercase();
    for part in operation.path.split('/') {
        let mut letters = part.chars().filter(char::is_ascii_alphanumeric);
        id.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        id.extend(letters);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_an_id_of_its_own() {
        let mut ids: Vec<String> = OPERATIONS.iter().map(operation_id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), OPERATIONS.len());
    }

    #[test]
    fn every_schema_that_is_meant_is_there() {
        let document: Value = serde_json::from_str(document()).unwrap();
        let text = document.to_string();
        let meant: Vec<&str> =
            text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(meant.len() > 50);
        for name in meant {
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }
}
