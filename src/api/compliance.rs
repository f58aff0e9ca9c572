//! Whether an indirect reseller signed its own agreement with Microsoft.

use super::{
    call::{ApiRequest, ApiResponse, guid},
    fault::{ApiError, Code},
    wire::AgreementStatus,
};
use crate::{domain::indirect_reseller::parse_mpn_id, store::indirect_resellers};

/// `GET compliance/csp/agreementstatus`: by the reseller's MPN ID or by its tenant.
pub async fn agreement_status(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let given = (call.parameter("mpnId"), call.parameter("tenantId"));
    let (mpn_id, tenant_id) = match given {
        (None, None) => return Err(ApiError::argument("One of mpnId and tenantId is needed.")),
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
        .find(|reseller| mpn_id.as_ref() == Some(&reseller.mpn_id) || tenant_id == Some(reseller.tenant_id))
        .ok_or_else(|| ApiError::new(Code::ResourceNotFound, "The account has no such indirect reseller."))?;
    ApiResponse::ok(&AgreementStatus { is_agreement_signed: found.agreement_signed })
}
