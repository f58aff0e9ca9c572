//! Whether an indirect reseller signed its own agreement with Microsoft.

use super::{
    call::{ApiRequest, ApiResponse, guid},
    fault::{ApiError, Code},
    wire::AgreementStatus,
};
use crate::{domain::indirect_reseller::parse_mpn_id, store::indirect_resellers};

/// `GET compliance/csp/agreementstatus`: by the reseller's MPN ID or by its tenant.
pub async fn agreement_status(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let given = |name| call.parameter(name).map(str::trim).filter(|text| !text.is_empty());
    let given = (given("mpnId"), given("tenantId"));
    let (mpn_id, tenant_id) = match given {
        (None, None) => {
            return Err(ApiError::new(Code::MissingArgument, "One of mpnId and tenantId is needed."));
        }
        (Some(_), Some(_)) => return Err(ApiError::argument("Only one of mpnId and tenantId is taken.")),
        (Some(text), None) => {
            (Some(parse_mpn_id(text).map_err(|_| ApiError::argument("mpnId must be 1 to 20 digits."))?), None)
        }
        (None, Some(text)) => (None, Some(guid(text).ok_or_else(|| ApiError::argument("tenantId must be a GUID."))?)),
    };
    let mut conn = call.api.db.read().await?;
    let resellers = indirect_resellers::all(&mut conn, call.actor.account.id).await?;
    let found = resellers
        .iter()
        .find(|reseller| mpn_id.as_ref() == Some(&reseller.mpn_id) || tenant_id == Some(reseller.tenant_id));
    let by_mpn_id = mpn_id.is_some();
    match found {
        Some(reseller) if reseller.agreement_signed => ApiResponse::ok(&AgreementStatus { is_agreement_signed: true }),
        Some(reseller) => Err(ApiError::new(
            if by_mpn_id { Code::MpnIdNotSigned } else { Code::ResellerTenantNotSigned },
            format!("{} has not signed the Microsoft Partner Agreement.", reseller.name),
        )),
        None => Err(ApiError::new(
            if by_mpn_id { Code::MpnIdNotFound } else { Code::ResellerTenantNotFound },
            "The account has no such indirect reseller.",
        )),
    }
}
