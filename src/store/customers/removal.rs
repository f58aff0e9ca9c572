//! Customers that were removed: nothing finds, lists or counts them, but what was recorded for them stays.

use uuid::Uuid;

use super::{
    COLUMNS, Customer,
    terms::{add_terms, remove_terms},
};
use crate::{
    domain::fold::fold,
    store::{Change, Error, Snapshot, counts},
};

/// The condition that a customer was the account's and was removed.
const REMOVED: &str = "partner_account_id = $1 AND id = $2 AND removed_at IS NOT NULL";

/// A customer of the account that was removed.
pub async fn find_removed(at: &mut Snapshot, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    let select = at.assembled(format!("SELECT {COLUMNS} FROM customers WHERE {REMOVED}"));
    select.bind(partner_account_id).bind(id).optional().await
}

/// The same, whom nobody else changes until the change ends.
pub async fn lock_removed(change: &mut Change, partner_account_id: Uuid, id: Uuid) -> Result<Option<Customer>, Error> {
    let lock = change.for_update();
    let select = change.assembled(format!("SELECT {COLUMNS} FROM customers WHERE {REMOVED}{lock}"));
    select.bind(partner_account_id).bind(id).optional().await
}

/// Removes a customer that the change has locked. The row is what the event seals.
pub async fn remove(change: &mut Change, before: &Customer, event_id: Uuid) -> Result<Customer, Error> {
    counts::customer_with_all(change, before, -1).await?;
    remove_terms(change, before).await?;
    let now = change.clock.now();
    change
        .assembled(format!(
            "UPDATE customers SET removed_at = $1, changed_at = $1, event_id = $2 WHERE seq = $3 RETURNING {COLUMNS}"
        ))
        .bind(now)
        .bind(event_id)
        .bind(before.seq)
        .one()
        .await
}

/// Brings a customer back that the change has locked, with the name and the domain it has now and everything that was
/// recorded for it. The row is what the event seals.
pub async fn restore(
    change: &mut Change,
    removed: &Customer,
    company_name: &str,
    domain: &str,
    event_id: Uuid,
) -> Result<Customer, Error> {
    let now = change.clock.now();
    let after: Customer = change
        .assembled(format!(
            "UPDATE customers SET removed_at = NULL, company_name = $1, name_fold = $2, domain = $3, \
             company_etag = company_etag + 1, changed_at = $4, event_id = $5 WHERE seq = $6 RETURNING {COLUMNS}"
        ))
        .bind(company_name.to_owned())
        .bind(fold(company_name))
        .bind(domain.to_owned())
        .bind(now)
        .bind(event_id)
        .bind(removed.seq)
        .one()
        .await?;
    add_terms(change, &after).await?;
    counts::customer_with_all(change, &after, 1).await?;
    Ok(after)
}
