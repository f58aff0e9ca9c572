//! What is said of customers, and of what would be one.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::common::{Attributes, Links};

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
    /// What the company's registration number has to match, where the country demands one.
    pub customer_organization_registration_number_regex: Option<&'static str>,
    /// One as the country writes it.
    pub customer_organization_registration_number_sample: Option<&'static str>,
    /// Whether the country demands one.
    pub customer_organization_registration_number_required: bool,
    /// Whether the country demands the contact's phone number.
    pub customer_organization_phone_number_required: bool,
    /// What it is.
    pub attributes: Attributes,
}

/// Where a customer accepts the partner as its reseller.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RelationshipRequest {
    /// A page of Microsoft's, for the customer's administrator.
    pub url: String,
    /// What it is.
    pub attributes: Attributes,
}
