//! The passwords of new customers' administrators: sealed under the server's key until they were shown once, and
//! not longer than ten minutes.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Error, MaintenanceTx, Read, WriteTx};
use crate::domain::actor::Actor;

/// How long a password is kept before it was shown.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// How long a password that was shown is kept for whoever pressed the button twice: the first answer never came up.
const AGAIN: TimeDelta = TimeDelta::seconds(10);

/// Whose password, and who may see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The partner account.
    pub partner_account_id: Uuid,
    /// The customer.
    pub customer_id: Uuid,
    /// The user who created the customer.
    pub user_id: Uuid,
}

impl Key {
    /// The password of a customer as it concerns whoever acts for the account.
    pub fn of(actor: &Actor, customer_id: Uuid) -> Self {
        let user_id = actor.who.id.unwrap_or_default();
        Self { partner_account_id: actor.account.id, customer_id, user_id }
    }
}

/// Keeps a sealed password with the customer it is for.
pub async fn insert(tx: &mut WriteTx, key: Key, sealed: Vec<u8>) -> Result<(), Error> {
    let expires_at = tx.clock.now() + LIFETIME;
    tx.query(
        "INSERT INTO temporary_passwords (partner_account_id, customer_id, user_id, sealed, expires_at) \
             VALUES ($1, $2, $3, $4, $5)",
    )
    .values((key.partner_account_id, key.customer_id, key.user_id, sealed, expires_at))
    .execute()
    .await
    .map(drop)
}

/// Whether the customer was created here with a password, shown by now or not.
pub async fn was_made(conn: &mut dyn Read, key: Key) -> Result<bool, Error> {
    let row: Option<(bool,)> = conn
        .query("SELECT sealed IS NOT NULL FROM temporary_passwords WHERE partner_account_id = $1 AND customer_id = $2")
        .values((key.partner_account_id, key.customer_id))
        .optional()
        .await?;
    Ok(row.is_some())
}

/// The sealed password, for the one time that it is shown. `None` when it was shown, is too old, or is another user's
/// to see.
pub async fn take(tx: &mut MaintenanceTx, key: Key, now: DateTime<Utc>) -> Result<Option<Vec<u8>>, Error> {
    let condition =
        "partner_account_id = $1 AND customer_id = $2 AND user_id = $3 AND sealed IS NOT NULL AND shown_at IS NULL";
    let lock = tx.for_update();
    let row: Option<(Vec<u8>, DateTime<Utc>)> = tx
        .assembled(format!("SELECT sealed, expires_at FROM temporary_passwords WHERE {condition}{lock}"))
        .values((key.partner_account_id, key.customer_id, key.user_id))
        .optional()
        .await?;
    let Some((sealed, expires_at)) = row else { return Ok(None) };
    tx.assembled(format!("UPDATE temporary_passwords SET shown_at = $4 WHERE {condition}"))
        .values((key.partner_account_id, key.customer_id, key.user_id, now))
        .execute()
        .await?;
    Ok((now < expires_at).then_some(sealed))
}

/// Lets the password be shown once more to the user whose form was sent twice, if it was shown a moment ago: a browser
/// drops the page of the first time for that of the second.
pub async fn show_again(tx: &mut MaintenanceTx, key: Key, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query(
        "UPDATE temporary_passwords SET shown_at = NULL WHERE partner_account_id = $1 AND customer_id = $2 \
             AND user_id = $3 AND sealed IS NOT NULL AND shown_at > $4",
    )
    .values((key.partner_account_id, key.customer_id, key.user_id, now - AGAIN))
    .execute()
    .await
    .map(drop)
}

/// Whether there is a password that is not to be shown any more.
pub async fn any_expired(conn: &mut dyn Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(Uuid,)> = conn
        .query("SELECT customer_id FROM temporary_passwords WHERE sealed IS NOT NULL AND (expires_at <= $1 OR shown_at <= $2) LIMIT 1")
        .values((now, now - AGAIN))
        .optional()
        .await?;
    Ok(row.is_some())
}

/// Forgets passwords that were shown, or are too old to be.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    tx
        .query("UPDATE temporary_passwords SET sealed = NULL WHERE sealed IS NOT NULL AND (expires_at <= $1 OR shown_at <= $2)")
        .values((now, now - AGAIN))
        .execute()
        .await
        .map(drop)
}
