//! The bodies of requests. Each struct is filled by [`super::reader`] and describes the body in `/openapi.json`. Members are
//! read, and what is wrong with them is reported, in the order in which they stand here.

use schemars::{JsonSchema, Schema};
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, Visitor},
};
use serde_json::{Value, json};

use super::{
    reader::{IfObject, Property},
    wire::CUSTOMER_AGREEMENT,
};
use crate::domain::order::FRIENDLY_NAME_MAX;

/// The most line items of an order or a cart.
pub const LINES_MAX: usize = 200;

/// The offer of the examples, Exchange Online (Plan 1).
const EXCHANGE: &str = "195416C1-3447-423A-B37B-EE59A99A19C4";

/// The attributes of a resource as it was read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attributes {
    /// As it was read; or the header If-Match
    pub etag: Option<String>,
}

/// That a person accepted the agreement on a day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(example = agreement())]
pub struct NewAgreement {
    /// From GET agreements
    pub template_id: String,
    /// MicrosoftCustomerAgreement, or left out
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The person who accepted
    pub primary_contact: Contact,
    /// A day or an instant, not in the future
    pub date_agreed: String,
}

/// A person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The person's email address
    pub email: String,
    /// 5 to 20 digits
    pub phone_number: Option<String>,
    /// The person's first name
    pub first_name: String,
    /// The person's last name
    pub last_name: String,
}

fn agreement() -> Value {
    json!({
        "primaryContact": { "firstName": "Anna", "lastName": "de Vries", "email": "anna@contoso.example" },
        "dateAgreed": "2026-11-20T00:00:00Z",
        "templateId": "117a77b0-9360-443b-8795-c6dedc750cf9",
        "type": CUSTOMER_AGREEMENT,
    })
}

/// A confirmation of many, as Microsoft's tool for attesting in bulk sends them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(example = bulk_attestation())]
pub struct BulkAttestation {
    /// The partner's own tenant, or left out
    pub partner_id: Option<String>,
    /// The customer's Microsoft ID
    pub customer_id: String,
    /// false, or left out: what customers accept directly with Microsoft is no confirmation
    pub customer_direct_acceptance: Option<bool>,
    /// Who accepted what on which day
    pub agreement: NewAgreement,
}

fn bulk_attestation() -> Value {
    json!({ "customerId": "0f8fad5b-d9cb-469f-a165-70867728950e", "agreement": agreement() })
}

/// An address, with the name and the phone number of a person.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(example = address())]
pub struct Address {
    /// Two letters of ISO 3166
    #[schemars(with = "String")]
    pub country: Property,
    /// First line
    #[schemars(with = "String", length(max = 200))]
    pub address_line1: Property,
    /// Second line
    #[schemars(with = "Option<String>")]
    pub address_line2: Property,
    /// City
    #[schemars(with = "String", length(max = 100))]
    pub city: Property,
    /// State or province
    #[schemars(with = "Option<String>")]
    pub state: Property,
    /// Postal code
    #[schemars(with = "Option<String>")]
    pub postal_code: Property,
    /// The person's first name
    #[schemars(with = "Option<String>")]
    pub first_name: Property,
    /// The person's last name
    #[schemars(with = "Option<String>")]
    pub last_name: Property,
    /// 5 to 20 digits
    #[schemars(with = "Option<String>")]
    pub phone_number: Property,
}

fn address() -> Value {
    json!({ "country": "NL", "addressLine1": "Markt 1", "city": "Delft", "postalCode": "2611gp" })
}

/// The billing profile as it was read, with changes. What is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BillingProfileChange {
    /// The company's name
    #[schemars(with = "Option<String>", length(max = 256))]
    pub company_name: Property,
    /// The language and country of documents, such as nl-NL
    #[schemars(with = "Option<String>")]
    pub culture: Property,
    /// The primary contact's email address
    #[schemars(with = "Option<String>")]
    pub email: Property,
    /// The company's address, with the primary contact's name
    #[schemars(transform = all_may_be_left_out)]
    pub default_address: Option<Address>,
    /// The state in which the profile was read
    #[schemars(with = "Option<Attributes>")]
    pub attributes: IfObject<Attributes>,
}

fn all_may_be_left_out(schema: &mut Schema) {
    schema.remove("required");
    schema.remove("examples");
}

/// A customer to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(example = customer())]
pub struct NewCustomer {
    /// The company
    #[schemars(required)]
    pub company_profile: Option<NewCompanyProfile>,
    /// The MPN ID of the indirect reseller
    #[schemars(with = "Option<String>")]
    pub associated_partner_id: Property,
    /// Whom bills are for
    #[schemars(required)]
    pub billing_profile: Option<NewBillingProfile>,
}

/// The company of a customer to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewCompanyProfile {
    /// contoso.onmicrosoft.com
    #[schemars(with = "String")]
    pub domain: Property,
    /// Required in some countries: `GET countryvalidationrules/{country}` says where
    #[schemars(with = "Option<String>")]
    pub organization_registration_number: Property,
}

/// Whom the bills of a customer to create are for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewBillingProfile {
    /// The company's name
    #[schemars(with = "String")]
    pub company_name: Property,
    /// The language and country of documents, such as nl-NL
    #[schemars(with = "Option<String>")]
    pub culture: Property,
    /// The primary contact's email address
    #[schemars(with = "String")]
    pub email: Property,
    /// Ignored: it follows from the culture
    #[schemars(with = "Option<String>")]
    pub language: Option<IgnoredAny>,
    /// The company's address, with the primary contact's name
    #[schemars(required)]
    pub default_address: Option<Address>,
}

fn customer() -> Value {
    json!({
        "companyProfile": { "domain": "contosobakery.onmicrosoft.com" },
        "billingProfile": {
            "companyName": "Contoso Bakery", "email": "noor@contoso.example", "culture": "nl-NL", "language": "nl",
            "defaultAddress": {
                "country": "NL", "addressLine1": "Markt 1", "city": "Delft", "postalCode": "2611 GP",
                "firstName": "Noor", "lastName": "Smit", "phoneNumber": "015 555 01 17",
            },
        },
    })
}

/// A customer as it was read, whose relationship ends.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RelationshipChange {
    /// none ends the relationship
    #[schemars(example = &"none")]
    pub relationship_to_partner: Option<String>,
    /// false, as it is
    pub allow_delegated_access: Option<bool>,
}

/// What a customer qualifies for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewQualification {
    /// Education, Nonprofit, GovernmentCommunityCloud or StateOwnedEntity
    #[schemars(example = &"Education")]
    pub qualification: String,
}

/// What a customer qualifies for, as older clients say it.
#[derive(Debug)]
pub enum QualificationCode {
    /// By its name.
    Word(String),
    /// By its number.
    Number(f64),
}

impl<'de> Deserialize<'de> for QualificationCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;

        impl Visitor<'_> for Code {
            type Value = QualificationCode;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("must be a word such as \"education\", or its number.")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<QualificationCode, E> {
                Ok(QualificationCode::Word(word.to_owned()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<QualificationCode, E> {
                Ok(QualificationCode::Number(number))
            }
        }

        deserializer.deserialize_any(Code)
    }
}

impl JsonSchema for QualificationCode {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "QualificationCode".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": ["string", "integer"], "examples": ["education"] })
    }
}

/// An order to place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(example = order())]
pub struct NewOrder {
    /// The customer of the address, or left out
    pub reference_customer_id: Option<String>,
    /// monthly or annual
    pub billing_cycle: Option<String>,
    /// Left out: an order is completed when it is placed
    pub status: Option<String>,
    /// What is ordered
    #[schemars(length(min = 1, max = LINES_MAX))]
    pub line_items: Vec<NewOrderLine>,
}

/// A line item of an order to place.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewOrderLine {
    /// Add-ons cannot be ordered for one subscription: whatever stands here is refused.
    #[schemars(skip)]
    pub parent_subscription_id: Option<IgnoredAny>,
    /// From 0 on, without a gap
    pub line_item_number: Option<i64>,
    /// An offer's id, or product:sku:availability
    pub offer_id: String,
    /// Licences
    pub quantity: i64,
    /// P1M, P1Y or P3Y; the same in all lines
    pub term_duration: Option<String>,
    /// What the subscription is called; the offer's name when left out
    #[schemars(length(max = FRIENDLY_NAME_MAX))]
    pub friendly_name: Option<String>,
    /// The MPN ID of the partner on record
    pub partner_id_on_record: Option<String>,
}

fn order() -> Value {
    json!({
        "billingCycle": "monthly",
        "lineItems": [{ "lineItemNumber": 0, "offerId": EXCHANGE, "quantity": 5, "termDuration": "P1Y" }],
    })
}

/// The contents of a cart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(example = cart())]
pub struct CartContents {
    /// The state in which the cart was read
    #[schemars(with = "Option<Attributes>")]
    pub attributes: IfObject<Attributes>,
    /// What is to be ordered
    #[schemars(length(min = 1, max = LINES_MAX))]
    pub line_items: Vec<NewCartLine>,
}

/// A line item of a cart.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewCartLine {
    /// product:sku:availability, or an offer's id
    pub catalog_item_id: String,
    /// Licences
    pub quantity: i64,
    /// monthly or annual
    pub billing_cycle: Option<String>,
    /// P1M, P1Y or P3Y
    pub term_duration: Option<String>,
    /// What the subscription is called; the offer's name when left out
    #[schemars(length(max = FRIENDLY_NAME_MAX))]
    pub friendly_name: Option<String>,
    /// Partners of the line; the one with the key transaction_reseller is the partner on record
    #[schemars(with = "Option<Vec<NewParticipant>>")]
    pub participants: Vec<IfObject<NewParticipant>>,
}

/// A partner of a line item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewParticipant {
    /// transaction_reseller
    pub key: Option<String>,
    /// The partner's MPN ID
    pub value: Option<String>,
}

fn cart() -> Value {
    json!({
        "lineItems": [{ "catalogItemId": EXCHANGE, "quantity": 5, "billingCycle": "monthly", "termDuration": "P1Y" }],
    })
}

/// A subscription as it was read, with one change.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionChange {
    /// The state in which the subscription was read
    #[schemars(with = "Option<Attributes>")]
    pub attributes: IfObject<Attributes>,
    /// As it is
    pub billing_cycle: Option<String>,
    /// What it is called; empty for the offer's name
    #[schemars(length(max = FRIENDLY_NAME_MAX))]
    pub friendly_name: Option<String>,
    /// As it is
    pub offer_id: Option<String>,
    /// As it is
    pub term_duration: Option<String>,
    /// The MPN ID of the partner on record; empty for none
    pub partner_id: Option<String>,
    /// Licences
    pub quantity: Option<i64>,
    /// active or suspended
    pub status: Option<String>,
    /// Whether it renews by itself
    pub auto_renew_enabled: Option<bool>,
}
