//! What is said of the partner itself: its profiles, its relationships with other partners, what happened in its account.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{
    agreements::{Agreement, Contact},
    common::{Attributes, Links},
    customers::Address,
};

/// The partner's organization, as far as the portal knows it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationProfile {
    /// The partner's own tenant, or the portal's own id where that is not known.
    pub id: Uuid,
    /// The company's name.
    pub company_name: String,
    /// Where it is: the market country.
    pub default_address: Address,
    /// The partner's own tenant, where it is known.
    pub tenant_id: Option<Uuid>,
    /// Its kind.
    pub profile_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// The partner as a legal person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalBusinessProfile {
    /// The company's name.
    pub company_name: String,
    /// Where it is: the market country.
    pub address: Address,
    /// Its kind.
    pub profile_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// The partner in the Microsoft partner network.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MpnProfile {
    /// The company's name.
    pub partner_name: String,
    /// Not kept here.
    pub mpn_id: Option<String>,
    /// Its kind.
    pub profile_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// Whom the partner's bills are for.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerBillingProfile {
    /// The company's name.
    pub company_name: String,
    /// Where it is: the market country.
    pub address: Address,
    /// Its kind.
    pub profile_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// Where customers get help from the partner.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SupportProfile {
    /// Not kept here.
    pub email: Option<String>,
    /// Not kept here.
    pub telephone: Option<String>,
    /// Not kept here.
    pub website: Option<String>,
    /// Its kind.
    pub profile_type: &'static str,
    /// Where it is.
    pub links: Links,
    /// What it is.
    pub attributes: Attributes,
}

/// Another partner, and what it is to the one who asks.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerRelationship {
    /// The other partner's tenant.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its MPN ID.
    pub mpn_id: String,
    /// What the one who asks is to it.
    pub relationship_type: &'static str,
    /// Always active: relationships that ended are not kept.
    pub state: &'static str,
    /// What it is.
    pub attributes: Attributes,
}

/// Something that happened.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// The partner's own tenant, or the portal's own id where that is not known.
    pub partner_id: Uuid,
    /// The customer it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<Uuid>,
    /// The customer's name now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The name of who did it.
    pub user_principal_name: String,
    /// The API client that did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<Uuid>,
    /// What was changed, as Partner Center calls it; left out for what it has no word for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<&'static str>,
    /// What was done, as Partner Center calls it; left out for what it has no word for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_type: Option<&'static str>,
    /// The details as the log has them: JSON, as text.
    pub resource_new_value: String,
    /// When, UTC.
    pub operation_date: String,
    /// Succeeded or failed.
    pub operation_status: &'static str,
    /// The portal's own code of what was done, and its number in the log.
    pub customized_data: Vec<AuditDatum>,
    /// What it is.
    pub attributes: Attributes,
}

/// A detail of what happened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditDatum {
    /// Its name.
    pub key: &'static str,
    /// Its value.
    pub value: String,
}

/// A page of what is recorded of customers.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerAgreementRecords {
    /// One of each customer, in the order of their ids.
    pub customer_agreement_records: Vec<CustomerAgreementRecord>,
    /// What the next request says to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuation_token: Option<String>,
}

/// What is recorded of a customer.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerAgreementRecord {
    /// The Microsoft ID.
    pub customer_tenant_id: Uuid,
    /// Who accepted; empty texts where nobody is recorded.
    pub last_agreement_primary_contact: Contact,
    /// The day of acceptance, in seconds since 1970; 0 where none is recorded.
    pub last_agreement_date_epoch: i64,
    /// Whether the version that customers accept now is confirmed.
    pub partner_attestation_completed: bool,
}

/// What became of a confirmation of many.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BulkAttestationResult {
    /// The customer, as it was named.
    pub customer_id: String,
    /// recorded, exists or refused.
    pub status: &'static str,
    /// The code of what is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// What is wrong; it names the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Agreement>")]
    pub agreement: Option<serde_json::Value>,
}
