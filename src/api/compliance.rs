//! Whether an indirect reseller signed its own agreement with Microsoft.

use super::{
    fault::{Code, Fault},
    operations::{Answer, Call, guid},
    wire::AgreementStatus,
};
use crate::{domain::indirect_reseller::parse_mpn_id, store::indirect_resellers};

/// `GET compliance/csp/agreementstatus`: by the reseller's MPN ID or by its tenant.
pub async fn agreement_status(call: &Call<'_>) -> Result<Answer, Fault> {
    let given = (call.parameter("mpnId"), call.parameter("tenantId"));
    let (mpn_id, tenant_id) = match given {
        (None, None) => return Err(Fault::argument("One of mpnId and tenantId is needed.")),
        (Some(_), Some(_)) => return Err(Fault::argument("Only one of mpnId and tenantId is taken.")),
        (Some(text), None) => {
            (Some(parse_mpn_id(text).map_err(|_| Fault::argument("mpnId must be 1 to 20 digits."))?), None)
        }
        (None, Some(text)) => (None, Some(guid(text).ok_or_else(|| Fault::argument("tenantId must be a GUID."))?)),
    };
    let mut at = call.api.db.reader().await?;
    let resellers = indirect_resellers::all(&mut at, call.actor.account.id).await?;
    let found = resellers
        .iter()
        .find(|reseller| mpn_id.as_ref() == Some(&reseller.mpn_id) || tenant_id == Some(reseller.tenant_id))
        .ok_or_else(|| Fault::new(Code::ResourceNotFound, "The account has no such indirect reseller."))?;
    Answer::ok(&AgreementStatus { is_agreement_signed: found.agreement_signed })
}
