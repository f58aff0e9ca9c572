//! One customer of an account.

use uuid::Uuid;

use super::row::Customer;
use crate::store::{Error, Read, WriteTx, table};

/// The condition that a customer is the account's and was not removed.
const PRESENT: &str = "partner_account_id = $1 AND id = $2 AND removed_at IS NULL";

/// The condition that a customer was the account's and was removed.
const REMOVED: &str = "partner_account_id = $1 AND id = $2 AND removed_at IS NOT NULL";

/// Values in one statement.
const CHUNK: usize = 250;

/// A customer of the account.
pub async fn find(conn: &mut dyn Read, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    one(conn, partner_account_id, id, PRESENT, "").await
}

/// The customer that fits a condition on its account and id, locked or not.
async fn one(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    id: Uuid,
    condition: &str,
    lock: &str,
) -> Result<Option<Customer>, Error> {
    let select = table::select::<Customer>(conn, &format!("WHERE {condition}{lock}"));
    select.values((partner_account_id, id)).optional().await
}

/// The company name of a customer of the account.
pub async fn name_of(conn: &mut dyn Read, partner_account_id: Uuid, id: Uuid) -> Result<Option<String>, Error> {
    let row: Option<(String,)> = conn
        .assembled(format!("SELECT company_name FROM customers WHERE {PRESENT}"))
        .values((partner_account_id, id))
        .optional()
        .await?;
    Ok(row.map(|(name,)| name))
}

/// The customers of the account with these ids, in no order.
pub async fn find_all(conn: &mut dyn Read, partner_account_id: Uuid, ids: &[Uuid]) -> Result<Vec<Customer>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let places: Vec<String> = (0..chunk.len()).map(|number| format!("${}", number + 2)).collect();
        let condition = format!("partner_account_id = $1 AND removed_at IS NULL AND id IN ({})", places.join(", "));
        let select = table::select::<Customer>(conn, &format!("WHERE {condition}")).bind(partner_account_id);
        let rows: Vec<Customer> = chunk.iter().fold(select, |select, id| select.bind(*id)).all().await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Locks a customer of the account until the transaction ends: the lock that every change of a
/// customer takes before it reads anything.
pub async fn lock(tx: &mut WriteTx, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    let lock = tx.for_update();
    one(tx, partner_account_id, id, PRESENT, lock).await
}

/// A customer of the account that was removed.
pub async fn find_removed(conn: &mut dyn Read, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    one(conn, partner_account_id, id, REMOVED, "").await
}

/// The same, locked until the transaction ends.
pub async fn lock_removed(tx: &mut WriteTx, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    let lock = tx.for_update();
    one(tx, partner_account_id, id, REMOVED, lock).await
}
