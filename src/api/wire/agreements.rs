//! What is said of agreements.

use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

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

/// Whether an indirect reseller signed the Microsoft Partner Agreement.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgreementStatus {
    /// Whether it did.
    pub is_agreement_signed: bool,
}
