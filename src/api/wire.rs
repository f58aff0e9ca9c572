//! The members of answers, as clients of Partner Center read them. Links begin with the path behind the version.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
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
#[derive(Debug, Serialize, JsonSchema)]
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

/// The one type of agreement there is; the cloud agreement before it was retired in 2020.
pub const CUSTOMER_AGREEMENT: &str = "MicrosoftCustomerAgreement";

/// A text that customers accept.
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DirectSignedStatus {
    /// Whether it did.
    pub is_signed: bool,
}

/// An address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
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
    pub address: Option<Box<Address>>,
    /// The primary contact's address; only where it is asked for by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// Whom a customer's bills are for.
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
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
    pub billing_profile: Option<Box<BillingProfile>>,
    /// `reseller`, or `none` in the answer that ended the relationship.
    pub relationship_to_partner: &'static str,
    /// Lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_delegated_access: Option<bool>,
    /// The MPN ID of the indirect reseller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub associated_partner_id: Option<String>,
    /// The administrator of a tenant that has just been created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_credentials: Option<UserCredentials>,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// How the administrator of a new tenant signs in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserCredentials {
    /// The name before the domain.
    pub user_name: &'static str,
    /// The temporary password.
    pub password: String,
}

/// What a customer qualifies for besides commercial offers.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Qualification {
    /// Education, Nonprofit, GovernmentCommunityCloud or StateOwnedEntity.
    pub qualification: &'static str,
    /// Always approved: nobody vets it here.
    pub vetting_status: &'static str,
}

/// What an address looks like to the portal.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddressValidation {
    /// As it came.
    pub original_address: Address,
    /// As its country writes it, where that differs.
    pub suggested_addresses: Vec<Address>,
    /// Verified, InteractionRequired or NotValidated.
    pub status: &'static str,
    /// What to look at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_message: Option<&'static str>,
    /// What it is.
    pub attributes: Attributes,
}

/// What a country asks of a company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the members that programs read")]
pub struct CountryValidationRules {
    /// Two letters.
    pub iso2_code: &'static str,
    /// The culture to start from.
    pub default_culture: &'static str,
    /// Whether an address needs a state.
    pub is_state_required: bool,
    /// The codes of the states, where the country has a list.
    pub supported_states_list: Vec<&'static str>,
    /// Languages of the agreement.
    pub supported_languages_list: Vec<&'static str>,
    /// Cultures of the agreement.
    pub supported_cultures_list: Vec<&'static str>,
    /// Whether an address needs a postal code.
    pub is_postal_code_required: bool,
    /// How postal codes are written.
    pub postal_code_regex: Option<String>,
    /// Addresses always need a city.
    pub is_city_required: bool,
    /// VAT numbers are not kept here.
    pub is_vat_id_supported: bool,
    /// Tax numbers are not kept here.
    pub tax_id_format: Option<String>,
    /// The same.
    pub tax_id_sample: Option<String>,
    /// The same.
    pub vat_id_regex: Option<String>,
    /// How phone numbers are written, wherever.
    pub phone_number_regex: &'static str,
    /// Tax numbers are not kept here.
    pub is_tax_id_supported: bool,
    /// The same.
    pub is_tax_id_optional: bool,
    /// The digits behind the `+`.
    pub country_calling_codes_list: Vec<&'static str>,
    /// How the company's registration number is written, where the country demands one.
    pub customer_organization_registration_number_regex: Option<String>,
    /// One that fits.
    pub customer_organization_registration_number_sample: Option<&'static str>,
    /// Whether the country demands one.
    pub customer_organization_registration_number_required: bool,
    /// Whether the country demands the contact's phone number.
    pub customer_organization_phone_number_required: bool,
    /// What it is.
    pub attributes: Attributes,
}

/// Whether an indirect reseller signed the Microsoft Partner Agreement.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementStatus {
    /// Whether it did.
    pub is_agreement_signed: bool,
}

/// Where a customer accepts the partner as its reseller.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RelationshipRequest {
    /// A page of Microsoft's, for the customer's administrator.
    pub url: String,
    /// What it is.
    pub attributes: Attributes,
}

/// What an order asked for.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderLineItem {
    /// From 0 on.
    pub line_item_number: i64,
    /// The offer's id.
    pub offer_id: String,
    /// What it became.
    pub subscription_id: Uuid,
    /// How long it binds: an ISO 8601 period.
    pub term_duration: String,
    /// Always a new one.
    pub transaction_type: &'static str,
    /// The offer's name as it was.
    pub friendly_name: String,
    /// Licences.
    pub quantity: i64,
    /// Where what it became is.
    pub links: OrderLineItemLinks,
}

/// Where to look from a line item.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OrderLineItemLinks {
    /// The subscription.
    pub subscription: Link,
}

/// An order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Its id.
    pub id: Uuid,
    /// The same.
    pub alternate_id: Uuid,
    /// The customer.
    pub reference_customer_id: Uuid,
    /// How often it is charged.
    pub billing_cycle: String,
    /// What it asked for.
    pub line_items: Vec<OrderLineItem>,
    /// When it was placed, UTC.
    pub creation_date: DateTime<Utc>,
    /// Always completed: what is placed here is placed.
    pub status: &'static str,
    /// Always a purchase.
    pub transaction_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// A subscription.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id.
    pub id: Uuid,
    /// The offer's id.
    pub offer_id: String,
    /// The offer's name.
    pub offer_name: String,
    /// The same: no other name is kept.
    pub friendly_name: String,
    /// Licences.
    pub quantity: i64,
    /// What the quantity counts.
    pub unit_type: &'static str,
    /// When it began here, UTC.
    pub creation_date: DateTime<Utc>,
    /// The same.
    pub effective_start_date: DateTime<Utc>,
    /// The last day of its term; far away for what is charged by use.
    pub commitment_end_date: String,
    /// Active or suspended.
    pub status: &'static str,
    /// Whether it renews by itself.
    pub auto_renew_enabled: bool,
    /// By licences or by use.
    pub billing_type: &'static str,
    /// How often it is charged.
    pub billing_cycle: String,
    /// Not known here.
    pub has_purchasable_addons: bool,
    /// Trials are not kept here.
    pub is_trial: bool,
    /// Always a subscription.
    pub contract_type: &'static str,
    /// How long it binds: an ISO 8601 period.
    pub term_duration: String,
    /// The order it came from; none for what was ordered elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<Uuid>,
    /// Where it is.
    pub links: SubscriptionLinks,
    /// What it is.
    pub attributes: Attributes,
}

/// Where to look from a subscription.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubscriptionLinks {
    /// The offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<Link>,
    /// The subscription itself.
    #[serde(rename = "self")]
    pub this: Link,
}

/// Something that can be ordered.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "the members that programs read")]
pub struct Offer {
    /// Its id, as orders name it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The same.
    pub description: String,
    /// The fewest licences.
    pub minimum_quantity: i64,
    /// The most licences.
    pub maximum_quantity: i64,
    /// Its place in the catalogue, from 1 on.
    pub rank: usize,
    /// The language of the names.
    pub locale: &'static str,
    /// Where it is sold, of those that were asked for.
    pub country: Option<&'static str>,
    /// Its group.
    pub category: OfferCategory,
    /// What a customer must have or order too.
    pub prerequisite_offers: Vec<String>,
    /// Whether there is such.
    pub is_add_on: bool,
    /// Whether others are add-ons to it.
    pub has_add_ons: bool,
    /// Always: what is not sold is left out.
    pub is_available_for_purchase: bool,
    /// By licences or by use.
    pub billing: &'static str,
    /// How often it may be charged.
    pub supported_billing_cycles: Vec<&'static str>,
    /// Whether it has a term that can begin again.
    pub is_auto_renewable: bool,
    /// Trials are not kept here.
    pub is_trial: bool,
    /// What it is an offer of.
    pub product: OfferProduct,
    /// What the quantity counts.
    pub unit_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// What offers are grouped by.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferCategory {
    /// Its code.
    pub id: &'static str,
    /// The same.
    pub name: &'static str,
    /// They have no order.
    pub rank: usize,
    /// The language of the name.
    pub locale: &'static str,
    /// The country that was asked for.
    pub country: Option<&'static str>,
    /// What it is.
    pub attributes: Attributes,
}

/// What an offer is of.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OfferProduct {
    /// The product's id, or the offer's where that is not known.
    pub id: String,
    /// The offer's name.
    pub name: String,
    /// What the quantity counts.
    pub unit: &'static str,
}

/// A product of the new commerce.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Its id.
    pub id: String,
    /// The name of its first offer.
    pub title: String,
    /// The same.
    pub description: String,
    /// Its kind.
    pub product_type: ItemType,
    /// Nothing else is sold here.
    pub is_microsoft_product: bool,
    /// Whose it is.
    pub publisher_name: &'static str,
    /// Where it is.
    pub links: ProductLinks,
    /// What it is.
    pub attributes: Attributes,
}

/// A kind of product.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemType {
    /// Its code.
    pub id: &'static str,
    /// The same.
    pub display_name: &'static str,
}

/// Where to look from a product.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProductLinks {
    /// Its SKUs.
    pub skus: Link,
    /// The product itself.
    #[serde(rename = "self")]
    pub this: Link,
}

/// A variant of a product.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Sku {
    /// Its id, unique in the product.
    pub id: String,
    /// The product's id.
    pub product_id: String,
    /// The offer's name.
    pub title: String,
    /// The same.
    pub description: String,
    /// The fewest licences.
    pub minimum_quantity: i64,
    /// The most licences.
    pub maximum_quantity: i64,
    /// Trials are not kept here.
    pub is_trial: bool,
    /// How often it may be charged.
    pub supported_billing_cycles: Vec<&'static str>,
    /// What a customer must have accepted before it is ordered.
    pub purchase_prerequisites: Vec<&'static str>,
    /// Nothing has to be asked for.
    pub inventory_variables: [&'static str; 0],
    /// The same.
    pub provisioning_variables: [&'static str; 0],
    /// Where it is.
    pub links: SkuLinks,
    /// What it is.
    pub attributes: Attributes,
}

/// Where to look from a SKU.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SkuLinks {
    /// Its availabilities.
    pub availabilities: Link,
    /// The SKU itself.
    #[serde(rename = "self")]
    pub this: Link,
}

/// A SKU as it can be bought.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Availability {
    /// Its id, unique in the SKU.
    pub id: String,
    /// The product's id.
    pub product_id: String,
    /// The SKU's id.
    pub sku_id: String,
    /// What carts and orders name: product, SKU and availability with colons between.
    pub catalog_item_id: String,
    /// To whom it is sold.
    pub segment: &'static str,
    /// The country that was asked for.
    pub country: Option<&'static str>,
    /// Always: what is not sold is left out.
    pub is_purchasable: bool,
    /// Whether its term can begin again.
    pub is_renewable: bool,
    /// How long and how often.
    pub terms: Vec<AvailabilityTerm>,
    /// The product.
    pub product: Product,
    /// The SKU.
    pub sku: Sku,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// How long something binds and how often it is charged.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityTerm {
    /// Both in one.
    pub id: String,
    /// An ISO 8601 period.
    pub duration: &'static str,
    /// In words.
    pub description: String,
    /// How often it is charged.
    pub billing_cycle: &'static str,
}

/// What a program is about to order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cart {
    /// Its id.
    pub id: Uuid,
    /// When it was made, UTC.
    pub creation_timestamp: DateTime<Utc>,
    /// When it was changed last, UTC.
    pub last_modified_timestamp: DateTime<Utc>,
    /// When it can no longer be checked out, UTC.
    pub expiration_timestamp: DateTime<Utc>,
    /// The name of who changed it last.
    pub last_modified_user: String,
    /// Active or Ordered.
    pub status: &'static str,
    /// What is in it.
    pub line_items: Vec<CartLineItem>,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// A line of a cart.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CartLineItem {
    /// From 0 on.
    pub id: i64,
    /// What is ordered, as the program named it.
    pub catalog_item_id: String,
    /// The offer's name.
    pub friendly_name: String,
    /// Licences.
    pub quantity: i64,
    /// How often it is charged.
    pub billing_cycle: String,
    /// How long it binds: an ISO 8601 period.
    pub term_duration: String,
    /// Lines with the same group become one order.
    pub order_group: String,
    /// Partners of a line are not kept here.
    pub participants: [&'static str; 0],
}

/// What checking a cart out came to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CartCheckoutResult {
    /// All of its orders.
    pub orders: Vec<Order>,
    /// What it is.
    pub attributes: Attributes,
}

#[derive(Debug, Serialize, Deserialize)]
struct Etag {
    id: Uuid,
    version: i64,
}

/// The state of a resource, as programs carry it without looking into it.
pub fn etag(id: Uuid, version: i64) -> String {
    STANDARD.encode(serde_json::to_vec(&Etag { id, version }).unwrap_or_default())
}

/// The resource and the version of a state that a program says back, with the quotes of a header or without.
pub fn read_etag(text: &str) -> Option<(Uuid, i64)> {
    let text = text.trim().trim_start_matches("W/").trim_matches('"');
    let etag: Etag = serde_json::from_slice(&STANDARD.decode(text).ok()?).ok()?;
    Some((etag.id, etag.version))
}
