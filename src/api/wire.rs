//! The members of answers, as clients of Partner Center read them. Links begin with the path behind the version.

use serde::Serialize;
use uuid::Uuid;

/// A link.
#[derive(Debug, Serialize)]
pub struct Link {
    uri: String,
    method: &'static str,
    headers: Vec<KeyValue>,
}

#[derive(Debug, Serialize)]
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
#[derive(Debug, Default, Serialize)]
pub struct Links {
    /// The resource itself.
    #[serde(rename = "self", skip_serializing_if = "Option::is_none")]
    pub this: Option<Link>,
    /// The page behind this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Link>,
    /// The page before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Link>,
}

/// What kind of resource it is, and the state it was read in.
#[derive(Debug, Serialize)]
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
            links: Links { this: Some(Link::to(uri)), ..Links::default() },
            continuation_token: None,
            attributes: Attributes::of("Collection"),
        }
    }
}

/// The one type of agreement there is; the cloud agreement before it was retired in 2020.
pub const CUSTOMER_AGREEMENT: &str = "MicrosoftCustomerAgreement";

/// A text that customers accept.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementMetaData {
    /// Microsoft's id of the text.
    pub template_id: String,
    /// The type of agreement.
    pub agreement_type: &'static str,
    /// Where it can be read.
    pub agreement_link: String,
    /// How many versions there have been.
    pub version_rank: usize,
}

/// A person who accepted.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// As typed.
    pub first_name: String,
    /// As typed.
    pub last_name: String,
    /// As typed.
    pub email: String,
    /// As typed; none where none was given.
    pub phone_number: Option<String>,
}

/// A confirmation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Who recorded it; none for the command line.
    pub user_id: Option<Uuid>,
    /// Who accepted.
    pub primary_contact: Contact,
    /// Microsoft's id of the text.
    pub template_id: String,
    /// The day of acceptance, at midnight UTC.
    pub date_agreed: String,
    /// The type of agreement.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Where the text can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement_link: Option<String>,
}

/// Where a text can be read in a country and a language.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreementDocument {
    /// To read it in a browser.
    pub display_uri: String,
    /// To keep it.
    pub download_uri: String,
    /// The language it is in.
    pub language: &'static str,
    /// The country it is for.
    pub country: &'static str,
}

/// Whether a customer accepted with Microsoft itself.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectSignedStatus {
    /// Whether it did.
    pub is_signed: bool,
}

/// An address.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Two letters.
    pub country: Option<&'static str>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// First line.
    pub address_line1: Option<String>,
    /// Second line.
    pub address_line2: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// The contact's.
    pub first_name: Option<String>,
    /// The contact's.
    pub last_name: Option<String>,
    /// The contact's.
    pub phone_number: Option<String>,
}

/// A customer's company.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanyProfile {
    /// The Microsoft ID.
    pub tenant_id: Uuid,
    /// The primary domain.
    pub domain: String,
    /// The company's name.
    pub company_name: String,
    /// The number under which it is registered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_registration_number: Option<String>,
    /// The company's address; only where it is asked for by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The primary contact's address; only where it is asked for by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// Whom a customer's bills are for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BillingProfile {
    /// The Microsoft ID.
    pub id: Uuid,
    /// The primary contact's.
    pub first_name: Option<String>,
    /// The primary contact's.
    pub last_name: Option<String>,
    /// The primary contact's.
    pub email: Option<String>,
    /// The language of documents, for example `nl-NL`.
    pub culture: Option<String>,
    /// Its first two letters.
    pub language: Option<String>,
    /// The company's name.
    pub company_name: String,
    /// The company's address, with the primary contact's name.
    pub default_address: Address,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// A customer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// The Microsoft ID.
    pub id: Uuid,
    /// The same: what the customer buys is kept under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commerce_id: Option<Uuid>,
    /// The company.
    pub company_profile: CompanyProfile,
    /// Whom its bills are for; lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_profile: Option<BillingProfile>,
    /// Always a reseller's.
    pub relationship_to_partner: &'static str,
    /// Lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_delegated_access: Option<bool>,
    /// The MPN ID of the indirect reseller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub associated_partner_id: Option<String>,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}
