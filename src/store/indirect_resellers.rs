//! The indirect resellers of an indirect provider's account.

use uuid::Uuid;

use super::{Error, Read, WriteTx, audit::salt, row::record};
use crate::domain::{
    audit::{AuditedRow, CanonicalEncoder},
    fold::fold,
    indirect_reseller::IndirectReseller,
};

record! {
    /// A row of `indirect_resellers`.
    #[derive(Debug, Clone)]
    pub struct Row {
        partner_account_id: Uuid,
        mpn_id: String,
        name: String,
        tenant_id: Uuid,
        agreement_signed: bool,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

impl AuditedRow for Row {
    const TABLE: &'static str = "indirect_resellers";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.partner_account_id);
        encoder.text(&self.mpn_id);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        encoder.text(&self.name);
        encoder.guid(self.tenant_id);
        encoder.flag(self.agreement_signed);
    }
}

impl From<Row> for IndirectReseller {
    fn from(row: Row) -> Self {
        Self { mpn_id: row.mpn_id, name: row.name, tenant_id: row.tenant_id, agreement_signed: row.agreement_signed }
    }
}

const COLUMNS: &str =
    "SELECT partner_account_id, mpn_id, name, tenant_id, agreement_signed, event_id, salt FROM indirect_resellers";

/// Every indirect reseller of an account, by name as people sort it, then by MPN ID.
pub async fn all(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<Vec<IndirectReseller>, Error> {
    let select = conn.assembled(format!("{COLUMNS} WHERE partner_account_id = $1")).bind(partner_account_id).slow();
    let rows: Vec<Row> = select.all().await?;
    let mut resellers: Vec<IndirectReseller> = rows.into_iter().map(Into::into).collect();
    // Here, since the databases sort text each in their own way.
    resellers.sort_by_cached_key(|reseller| (fold(&reseller.name), reseller.mpn_id.clone()));
    Ok(resellers)
}

/// Every row, for the verifier.
pub(super) async fn rows(conn: &mut dyn Read) -> Result<Vec<Row>, Error> {
    conn.assembled(COLUMNS.to_owned()).all().await
}

/// Adds an indirect reseller to an account, or changes the one with its MPN ID. The row is what the event seals.
pub async fn put(
    tx: &mut WriteTx,
    partner_account_id: Uuid,
    reseller: &IndirectReseller,
    event_id: Uuid,
) -> Result<Row, Error> {
    tx.query(
        "INSERT INTO indirect_resellers \
             (partner_account_id, mpn_id, name, tenant_id, agreement_signed, event_id, salt) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (partner_account_id, mpn_id) DO UPDATE SET name = excluded.name, \
             tenant_id = excluded.tenant_id, agreement_signed = excluded.agreement_signed, \
             event_id = excluded.event_id \
             RETURNING partner_account_id, mpn_id, name, tenant_id, agreement_signed, event_id, salt",
    )
    .bind(partner_account_id)
    .bind(reseller.mpn_id.clone())
    .bind(reseller.name.clone())
    .bind(reseller.tenant_id)
    .bind(reseller.agreement_signed)
    .bind(event_id)
    .bind(salt().to_vec())
    .one()
    .await
}
