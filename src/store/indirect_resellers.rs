//! The indirect resellers of an indirect provider's account.

use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    audit::salt,
    table::{self, table},
};
use crate::domain::{fold::fold, indirect_reseller::IndirectReseller};

table! {
    /// A row of `indirect_resellers`.
    #[derive(Debug, Clone)]
    pub struct Row: audited "indirect_resellers" {
        partner_account_id: Uuid = key,
        mpn_id: String = key,
        name: String,
        tenant_id: Uuid,
        agreement_signed: bool,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

impl From<Row> for IndirectReseller {
    fn from(row: Row) -> Self {
        Self { mpn_id: row.mpn_id, name: row.name, tenant_id: row.tenant_id, agreement_signed: row.agreement_signed }
    }
}

/// Every indirect reseller of an account, by name as people sort it, then by MPN ID.
pub async fn all(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<Vec<IndirectReseller>, Error> {
    let select = table::select::<Row>(conn, "WHERE partner_account_id = $1").bind(partner_account_id);
    let rows: Vec<Row> = select.slow().all().await?;
    let mut resellers: Vec<IndirectReseller> = rows.into_iter().map(Into::into).collect();
    // Here, since the databases sort text each in their own way.
    resellers.sort_by_cached_key(|reseller| (fold(&reseller.name), reseller.mpn_id.clone()));
    Ok(resellers)
}

/// Adds an indirect reseller to an account, or changes the one with its MPN ID. The row is what the event seals.
pub async fn put(
    tx: &mut WriteTx,
    partner_account_id: Uuid,
    reseller: &IndirectReseller,
    event_id: Uuid,
) -> Result<Row, Error> {
    let IndirectReseller { mpn_id, name, tenant_id, agreement_signed } = reseller.clone();
    let salt = salt().to_vec();
    table::put(tx, Row { partner_account_id, mpn_id, name, tenant_id, agreement_signed, event_id, salt }).await
}
