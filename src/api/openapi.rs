//! The API described for programs: an OpenAPI 3.1 document of every operation, whose answers are described by the very
//! structs of [`wire`] that are answered.

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    operations::{CallerKind, OPERATIONS, Operation},
    wire,
};

/// The document, as text.
pub fn document() -> String {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .for_serialize()
        .into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let Some(described) = describe(operation) else { continue };
        let path = paths.entry(format!("/{}", operation.path)).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = described.value(operation, &mut generator);
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Fault".to_owned(), fault());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Countersign",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The Partner Center API as this portal offers it. Paths fold case and may have doubled slashes; \
                the names of properties fold case in bodies; v1.0 is v1. The same MS-RequestId again within 24 hours is \
                done once.",
        },
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
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Fault" } } },
            } },
            "schemas": schemas,
        },
    })
    .to_string()
}

/// What is said of an operation.
pub struct Description {
    /// In one line.
    pub summary: &'static str,
    query: &'static [Parameter],
    /// The schema of the body, where there is one.
    body: Option<Value>,
    status: u16,
    answer: Option<fn(&mut SchemaGenerator) -> Schema>,
}

impl Description {
    fn ok<T: JsonSchema>(summary: &'static str) -> Self {
        Self { summary, query: &[], body: None, status: 200, answer: Some(SchemaGenerator::subschema_for::<T>) }
    }

    fn created<T: JsonSchema>(summary: &'static str, body: Value) -> Self {
        Self { status: 201, body: Some(body), ..Self::ok::<T>(summary) }
    }

    /// Answered by a status alone.
    fn empty(status: u16, summary: &'static str) -> Self {
        Self { summary, query: &[], body: None, status, answer: None }
    }

    fn query(self, query: &'static [Parameter]) -> Self {
        Self { query, ..self }
    }

    fn body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    fn value(self, operation: &Operation, generator: &mut SchemaGenerator) -> Value {
        let mut responses = Map::new();
        // The answer to HEAD is its status.
        let is_head = operation.method == "HEAD";
        for status in FAULTS {
            let fault = if is_head {
                json!({ "description": if status == 404 { "It is not there." } else { "A fault." } })
            } else {
                json!({ "$ref": "#/components/responses/Fault" })
            };
            responses.insert(status.to_string(), fault);
        }
        let done = match self.answer {
            Some(schema) => {
                let content = json!({ "application/json": { "schema": schema(generator) } });
                json!({ "description": "Done.", "content": content })
            }
            None => json!({ "description": if is_head { "It is there." } else { "Done." } }),
        };
        responses.insert(self.status.to_string(), done);
        let parts = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let mut parameters: Vec<Value> = parts
            .map(|name| {
                let id = matches!(name, "customer" | "order" | "subscription" | "cart");
                let schema =
                    if id { json!({ "type": "string", "format": "uuid" }) } else { json!({ "type": "string" }) };
                json!({ "name": name, "in": "path", "required": true, "schema": schema })
            })
            .collect();
        parameters.extend(self.query.iter().map(|parameter| {
            let Parameter { name, kind, description } = parameter;
            json!({ "name": name, "in": "query", "description": description, "schema": { "type": kind } })
        }));
        if operation.method != "GET" && operation.method != "HEAD" {
            parameters.push(json!({
                "name": "MS-RequestId", "in": "header", "schema": { "type": "string", "format": "uuid" },
                "description": "The same again within 24 hours is the same request, done once.",
            }));
        }
        let callers = match operation.caller {
            CallerKind::Either => "",
            CallerKind::UserIfConfigured => " Where the portal is set so, for programs that act as a user only.",
        };
        let mut value = json!({
            "operationId": operation_id(operation),
            "summary": self.summary,
            "description": format!("Needs a role that may do this: {}.{callers}", operation.permission),
            "parameters": parameters,
            "responses": responses,
        });
        if let Some(schema) = self.body {
            value["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        value
    }
}

/// The offer of the examples, Exchange Online (Plan 1).
const EXCHANGE: &str = "195416C1-3447-423A-B37B-EE59A99A19C4";

/// Statuses of faults that any operation may answer with.
const FAULTS: [u16; 8] = [400, 401, 403, 404, 409, 429, 500, 503];

struct Parameter {
    name: &'static str,
    kind: &'static str,
    description: &'static str,
}

const AGREEMENT_TYPE: &[Parameter] = &[Parameter {
    name: "agreementType",
    kind: "string",
    description: "MicrosoftCustomerAgreement, or * for all. Left out it means the retired MicrosoftCloudAgreement.",
}];

const COUNTRY: &[Parameter] =
    &[Parameter { name: "country", kind: "string", description: "Two letters; left out it is the account's country." }];

const OFFERS: &[Parameter] = &[
    COUNTRY[0].copy(),
    Parameter { name: "offer_category_id", kind: "string", description: "Only offers of this category." },
    Parameter { name: "offset", kind: "integer", description: "How many offers to leave out at the beginning." },
    Parameter { name: "size", kind: "integer", description: "The most offers, up to 1,000." },
];

const CUSTOMERS: &[Parameter] = &[
    Parameter {
        name: "size",
        kind: "integer",
        description: "Customers on a page: 1 to 500, 100 when left out; 0 is up to 10,000.",
    },
    Parameter {
        name: "filter",
        kind: "string",
        description: "JSON: {\"Field\":\"CompanyName\", \"Domain\" or \"IndirectReseller\",\"Value\":…,\"Operator\":\"starts_with\"}",
    },
    Parameter {
        name: "seekOperation",
        kind: "string",
        description: "Next, Previous, First or Last; the header MS-ContinuationToken says from where.",
    },
];

const DOCUMENT: &[Parameter] = &[
    Parameter {
        name: "language",
        kind: "string",
        description: "A culture such as nl-NL; en-US where it is not offered.",
    },
    Parameter { name: "country", kind: "string", description: "Two upper-case letters; US when left out." },
];

const STATUS: &[Parameter] = &[
    Parameter { name: "mpnId", kind: "string", description: "The reseller's MPN ID; or tenantId." },
    Parameter { name: "tenantId", kind: "string", description: "The reseller's tenant; or mpnId." },
];

const SUBSCRIPTIONS: &[Parameter] =
    &[Parameter { name: "order_id", kind: "string", description: "Only what came of this order." }];

impl Parameter {
    const fn copy(&self) -> Self {
        Self { name: self.name, kind: self.kind, description: self.description }
    }
}

/// What is said of an operation; every one is described.
#[expect(clippy::too_many_lines, reason = "a table")]
pub fn describe(operation: &Operation) -> Option<Description> {
    use wire::Collection;
    // The catalogue is the same below a customer.
    let path = operation.path.strip_prefix("customers/{customer}/").unwrap_or(operation.path);
    Some(match (operation.method.as_str(), path) {
        ("GET", "agreements") if path == operation.path => {
            Description::ok::<Collection<wire::AgreementMetaData>>("The text that customers accept now")
                .query(AGREEMENT_TYPE)
        }
        ("GET", "agreements") => {
            Description::ok::<Collection<wire::Agreement>>("What is confirmed for a customer, newest first")
                .query(AGREEMENT_TYPE)
        }
        ("POST", "agreements") => {
            Description::created::<wire::Agreement>("Confirm that a customer accepted the agreement", agreement())
        }
        ("GET", "agreementtemplates/{template}/document") => {
            Description::ok::<wire::AgreementDocument>("Where a text can be read").query(DOCUMENT)
        }
        ("GET", "directsignedmicrosoftcustomeragreementstatus") => {
            Description::ok::<wire::DirectSignedStatus>("Whether a customer accepted with Microsoft itself")
        }
        ("GET", "compliance/csp/agreementstatus") => {
            Description::ok::<wire::AgreementStatus>("Whether an indirect reseller signed its own agreement")
                .query(STATUS)
        }
        ("GET", "customers") => Description::ok::<Collection<wire::Customer>>("A page of customers").query(CUSTOMERS),
        ("POST", "customers") => Description::created::<wire::Customer>(
            "Create a customer; only this answer has the administrator's password",
            customer(),
        ),
        ("GET", "customers/relationshiprequests") => {
            Description::ok::<wire::RelationshipRequest>("Where a customer accepts the partner as its reseller")
        }
        ("DELETE", "customers/{customer}") => {
            Description::empty(204, "Delete a customer of a sandbox; what was recorded for it stays in the audit trail")
        }
        ("GET", "customers/{customer}") => Description::ok::<wire::Customer>("All that is known of a customer"),
        ("PATCH", "customers/{customer}") => {
            Description::ok::<wire::Customer>("End the relationship with a customer who has no active subscription")
                .body(relationship())
        }
        ("GET", "profiles/billing") => Description::ok::<wire::BillingProfile>("Whom a customer's bills are for"),
        ("PUT", "profiles/billing") => {
            Description::ok::<wire::BillingProfile>("Change whom a customer's bills are for; what is left out stays")
                .body(billing_profile())
        }
        ("GET", "profiles/company") => Description::ok::<wire::CompanyProfile>("A customer's company"),
        ("GET", "qualification") => Description::ok::<String>("What a customer qualifies for, as one word"),
        ("PUT", "qualification") => {
            Description::ok::<String>("Say what a customer qualifies for, by a word or its number")
                .body(json!({ "type": ["string", "integer"], "examples": ["education"] }))
        }
        ("GET", "qualifications") => Description::ok::<Vec<wire::Qualification>>("What a customer qualifies for"),
        ("POST", "qualifications") => Description::created::<wire::Qualification>(
            "Say what a customer qualifies for",
            object(&["qualification"], json!({ "qualification": { "type": "string", "examples": ["Education"] } })),
        ),
        ("GET", "orders") => {
            Description::ok::<Collection<wire::Order>>("What a customer has ordered, the oldest first")
        }
        ("POST", "orders") => Description::created::<wire::Order>(
            "Place an order; 403 with code 13605 while the agreement is not accepted",
            order(),
        ),
        ("GET", "orders/{order}") => Description::ok::<wire::Order>("An order"),
        ("POST", "carts") => Description::created::<wire::Cart>("Make a cart", cart()),
        ("GET", "carts/{cart}") => Description::ok::<wire::Cart>("A cart"),
        ("PUT", "carts/{cart}") => Description::ok::<wire::Cart>("Replace the line items of a cart").body(cart()),
        ("POST", "carts/{cart}/checkout") => Description {
            status: 201,
            ..Description::ok::<wire::CartCheckoutResult>(
                "Place the orders of a cart, all or none; 403 with code 13605 while the agreement is not accepted",
            )
        },
        ("GET", "subscriptions") => {
            Description::ok::<Collection<wire::Subscription>>("What a customer has").query(SUBSCRIPTIONS)
        }
        ("GET", "subscriptions/{subscription}") => Description::ok::<wire::Subscription>("A subscription"),
        ("PATCH", "subscriptions/{subscription}") => {
            Description::ok::<wire::Subscription>("Change quantity, status or autoRenewEnabled, one at a time")
                .body(subscription())
        }
        ("GET", "offers") => {
            Description::ok::<Collection<wire::Offer>>("What can be ordered in a country").query(OFFERS)
        }
        ("GET", "offers/{offer}") => Description::ok::<wire::Offer>("An offer").query(COUNTRY),
        ("GET", "products") => {
            Description::ok::<Collection<wire::Product>>("Products sold in a country").query(COUNTRY)
        }
        ("GET", "products/{product}") => Description::ok::<wire::Product>("A product").query(COUNTRY),
        ("GET", "products/{product}/skus") => {
            Description::ok::<Collection<wire::Sku>>("The SKUs of a product").query(COUNTRY)
        }
        ("GET", "products/{product}/skus/{sku}") => Description::ok::<wire::Sku>("A SKU").query(COUNTRY),
        ("GET", "products/{product}/skus/{sku}/availabilities") => {
            Description::ok::<Collection<wire::Availability>>("How a SKU can be bought").query(COUNTRY)
        }
        ("GET", "products/{product}/skus/{sku}/availabilities/{availability}") => {
            Description::ok::<wire::Availability>("A SKU as it can be bought").query(COUNTRY)
        }
        ("GET", "countryvalidationrules/{country}") => {
            Description::ok::<wire::CountryValidationRules>("What a country asks of a company")
        }
        ("HEAD", "domains/{domain}") => {
            Description::empty(200, "Whether a customer has a domain: 200 when one has, 404 when it is free")
        }
        ("POST", "validations/address") => {
            Description::ok::<wire::AddressValidation>("Whether an address could be one of its country").body(address())
        }
        _ => return None,
    })
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

/// A schema with a body that it describes.
fn with_example(mut schema: Value, example: Value) -> Value {
    schema["examples"] = Value::Array(vec![example]);
    schema
}

fn text() -> Value {
    json!({ "type": ["string", "null"] })
}

#[expect(clippy::needless_pass_by_value, reason = "what json! makes is given on")]
fn object(required: &[&str], properties: Value) -> Value {
    json!({ "type": "object", "required": required, "properties": properties })
}

fn agreement() -> Value {
    let schema = object(
        &["primaryContact", "dateAgreed", "templateId"],
        json!({
            "primaryContact": object(
                &["firstName", "lastName", "email"],
                json!({ "firstName": { "type": "string" }, "lastName": { "type": "string" }, "email": { "type": "string" }, "phoneNumber": text() }),
            ),
            "dateAgreed": { "type": "string", "description": "A day or an instant, not in the future" },
            "templateId": { "type": "string", "description": "From GET agreements" },
            "type": text(),
        }),
    );
    with_example(
        schema,
        json!({
            "primaryContact": { "firstName": "Anna", "lastName": "de Vries", "email": "anna@contoso.example" },
            "dateAgreed": "2026-11-20T00:00:00Z",
            "templateId": "117a77b0-9360-443b-8795-c6dedc750cf9",
            "type": wire::CUSTOMER_AGREEMENT,
        }),
    )
}

fn address() -> Value {
    let schema = object(
        &["country", "addressLine1", "city"],
        json!({
            "country": { "type": "string", "description": "Two letters of ISO 3166" },
            "addressLine1": { "type": "string", "maxLength": 200 },
            "addressLine2": text(), "city": { "type": "string", "maxLength": 100 }, "state": text(), "postalCode": text(),
            "firstName": text(), "lastName": text(), "phoneNumber": text(),
        }),
    );
    with_example(
        schema,
        json!({
            "country": "NL", "addressLine1": "Markt 1", "city": "Delft", "postalCode": "2611gp",
        }),
    )
}

fn billing_profile() -> Value {
    object(
        &[],
        json!({
            "companyName": { "type": "string", "maxLength": 256 }, "email": text(), "culture": text(),
            "defaultAddress": { "type": "object", "properties": address()["properties"] },
            "attributes": object(&[], json!({ "etag": { "type": ["string", "null"], "description": "As it was read; or the header If-Match" } })),
        }),
    )
}

fn customer() -> Value {
    let schema = object(
        &["companyProfile", "billingProfile"],
        json!({
            "companyProfile": object(
                &["domain"],
                json!({ "domain": { "type": "string", "description": "contoso.onmicrosoft.com" }, "organizationRegistrationNumber": text() }),
            ),
            "billingProfile": object(
                &["companyName", "email", "defaultAddress"],
                json!({ "companyName": { "type": "string" }, "email": { "type": "string" }, "culture": text(), "language": text(), "defaultAddress": address() }),
            ),
            "associatedPartnerId": { "type": ["string", "null"], "description": "The MPN ID of the indirect reseller" },
        }),
    );
    with_example(
        schema,
        json!({
            "companyProfile": { "domain": "contosobakery.onmicrosoft.com" },
            "billingProfile": {
                "companyName": "Contoso Bakery", "email": "noor@contoso.example", "culture": "nl-NL", "language": "nl",
                "defaultAddress": {
                    "country": "NL", "addressLine1": "Markt 1", "city": "Delft", "postalCode": "2611 GP",
                    "firstName": "Noor", "lastName": "Smit", "phoneNumber": "015 555 01 17",
                },
            },
        }),
    )
}

fn order() -> Value {
    let schema = object(
        &["lineItems"],
        json!({
            "referenceCustomerId": text(),
            "billingCycle": { "type": ["string", "null"], "description": "monthly or annual" },
            "lineItems": { "type": "array", "minItems": 1, "maxItems": 200, "items": object(
                &["offerId", "quantity"],
                json!({
                    "lineItemNumber": { "type": ["integer", "null"], "description": "From 0 on, without a gap" },
                    "offerId": { "type": "string", "description": "An offer's id, or product:sku:availability" },
                    "quantity": { "type": "integer" },
                    "termDuration": { "type": ["string", "null"], "description": "P1M, P1Y or P3Y; the same in all lines" },
                }),
            ) },
        }),
    );
    with_example(
        schema,
        json!({
            "billingCycle": "monthly",
            "lineItems": [{ "lineItemNumber": 0, "offerId": EXCHANGE, "quantity": 5, "termDuration": "P1Y" }],
        }),
    )
}

fn cart() -> Value {
    let schema = object(
        &["lineItems"],
        json!({
            "lineItems": { "type": "array", "minItems": 1, "maxItems": 200, "items": object(
                &["catalogItemId", "quantity"],
                json!({
                    "catalogItemId": { "type": "string", "description": "product:sku:availability, or an offer's id" },
                    "quantity": { "type": "integer" },
                    "billingCycle": { "type": ["string", "null"], "description": "monthly or annual" },
                    "termDuration": { "type": ["string", "null"], "description": "P1M, P1Y or P3Y" },
                }),
            ) },
            "attributes": object(&[], json!({ "etag": { "type": ["string", "null"], "description": "As it was read; or the header If-Match" } })),
        }),
    );
    with_example(
        schema,
        json!({
            "lineItems": [{ "catalogItemId": EXCHANGE, "quantity": 5, "billingCycle": "monthly", "termDuration": "P1Y" }],
        }),
    )
}

fn relationship() -> Value {
    object(
        &[],
        json!({
            "relationshipToPartner": { "type": ["string", "null"], "examples": ["none"], "description": "none ends the relationship" },
            "allowDelegatedAccess": { "type": ["boolean", "null"], "description": "false, as it is" },
        }),
    )
}

fn subscription() -> Value {
    object(
        &[],
        json!({
            "quantity": { "type": "integer" }, "status": text(), "autoRenewEnabled": { "type": ["boolean", "null"] },
            "attributes": object(&[], json!({ "etag": { "type": ["string", "null"], "description": "As it was read; or the header If-Match" } })),
        }),
    )
}

fn fault() -> Value {
    object(
        &["code", "description"],
        json!({
            "statusCode": { "type": "integer" },
            "code": { "type": "integer", "description": "Partner Center's code" },
            "description": { "type": "string", "description": "What to mend; it names the member" },
            "message": { "type": "string" }, "errorName": { "type": "string" }, "isRetryable": { "type": "boolean" },
            "parameters": { "type": "object" }, "errorMessageExtended": { "type": "string" },
            "data": { "type": "array" }, "source": { "type": "string" },
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_described_under_an_id_of_its_own() {
        let mut ids: Vec<String> = OPERATIONS.iter().map(operation_id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), OPERATIONS.len());
        for operation in OPERATIONS {
            assert!(describe(operation).is_some(), "{} {}", operation.method, operation.path);
        }
    }

    #[test]
    fn every_schema_that_is_meant_is_there() {
        let document: Value = serde_json::from_str(&document()).unwrap();
        let text = document.to_string();
        let meant: Vec<&str> =
            text.split("#/components/schemas/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(meant.len() > 50);
        for name in meant {
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
    }
}
