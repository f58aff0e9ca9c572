//! The partner's own profiles, from what its account knows. What the portal does not keep is left empty.

use super::{
    call::{ApiRequest, ApiResponse},
    fault::ApiError,
    wire::{
        Address, Attributes, LegalBusinessProfile, Links, MpnProfile, OrganizationProfile, PartnerBillingProfile,
        SupportProfile,
    },
};
use crate::domain::partner_account::PartnerAccount;

/// `GET profiles/organization`
pub async fn organization(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let account = &call.actor.account;
    ApiResponse::ok(&OrganizationProfile {
        id: partner_id(account),
        company_name: account.name.clone(),
        default_address: address(account),
        tenant_id: account.tenant_id,
        profile_type: "organization_profile",
        links: Links::this("/profiles/organization".to_owned()),
        attributes: Attributes::of("PartnerOrganizationProfile"),
    })
}

/// `GET profiles/legalbusiness`
pub async fn legal_business(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let account = &call.actor.account;
    ApiResponse::ok(&LegalBusinessProfile {
        company_name: account.name.clone(),
        address: address(account),
        profile_type: "legal_business_profile",
        links: Links::this("/profiles/legalbusiness".to_owned()),
        attributes: Attributes::of("PartnerLegalBusinessProfile"),
    })
}

/// `GET profiles/mpn`
pub async fn mpn(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&MpnProfile {
        partner_name: call.actor.account.name.clone(),
        mpn_id: None,
        profile_type: "mpn_profile",
        links: Links::this("/profiles/mpn".to_owned()),
        attributes: Attributes::of("PartnerMpnProfile"),
    })
}

/// `GET profiles/billing`
pub async fn billing(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let account = &call.actor.account;
    ApiResponse::ok(&PartnerBillingProfile {
        company_name: account.name.clone(),
        address: address(account),
        profile_type: "billing_profile",
        links: Links::this("/profiles/billing".to_owned()),
        attributes: Attributes::of("PartnerBillingProfile"),
    })
}

/// `GET profiles/support`
pub async fn support(_: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&SupportProfile {
        email: None,
        telephone: None,
        website: None,
        profile_type: "support_profile",
        links: Links::this("/profiles/support".to_owned()),
        attributes: Attributes::of("PartnerSupportProfile"),
    })
}

/// The partner's own tenant, or the portal's own id where that is not known.
pub fn partner_id(account: &PartnerAccount) -> uuid::Uuid {
    account.tenant_id.unwrap_or(account.id)
}

fn address(account: &PartnerAccount) -> Address {
    Address { country: Some(account.country.code()), ..Address::default() }
}
