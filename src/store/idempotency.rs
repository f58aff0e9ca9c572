//! What a form that was sent came to, and the one-time link of the first set-up.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Error, MaintenanceTx, Read, WriteTx};
use crate::domain::audit::Hash;

/// How long the outcome of a form or of a program's request is kept, and a form may be sent after it was shown.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// A form's one-time token and what was sent with it, as hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Of the token.
    pub token_hash: Hash,
    /// Of the fields.
    pub fields_hash: Hash,
}

impl IdempotencyKey {
    /// The key of one object of several that a form is about: the form serves each of them once.
    #[must_use]
    pub fn about(&self, object: Uuid) -> Self {
        let token_hash = Sha256::new().chain_update(self.token_hash).chain_update(object).finalize().into();
        Self { token_hash, ..*self }
    }

    /// The id of what a form begins, a draft or a cart: the same for the same form, so that sending it twice begins one.
    pub fn derived_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(std::array::from_fn(|place| self.token_hash[place])).into_uuid()
    }
}

/// What using a token comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The first time: go on. It is used up when the change commits.
    New,
    /// The same form was sent before and this came of it.
    Replay(String),
    /// The token was used with other fields.
    Mismatch,
}

/// Uses a token up. `outcome` is what to answer when the same form is sent again. Takes the token's lock, the
/// first lock of a change: of two submissions at the same time the second waits for the first.
pub async fn claim(tx: &mut WriteTx, submission: &IdempotencyKey, outcome: &str) -> Result<Claim, Error> {
    let now = tx.clock.now();
    let inserted = tx
        .query(
            "INSERT INTO idempotency_keys (token_hash, fields_hash, outcome, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (token_hash) DO UPDATE SET fields_hash = excluded.fields_hash, outcome = excluded.outcome, \
             at = excluded.at WHERE idempotency_keys.at < $5",
        )
        .values((
            submission.token_hash.to_vec(),
            submission.fields_hash.to_vec(),
            outcome.to_owned(),
            now,
            now - LIFETIME,
        ))
        .execute()
        .await?;
    if inserted == 1 {
        return Ok(Claim::New);
    }
    let (fields_hash, outcome): (Vec<u8>, String) = tx
        .query("SELECT fields_hash, outcome FROM idempotency_keys WHERE token_hash = $1")
        .bind(submission.token_hash.to_vec())
        .one()
        .await?;
    Ok(if fields_hash == submission.fields_hash { Claim::Replay(outcome) } else { Claim::Mismatch })
}

/// What came of exactly this form, when it was sent before.
pub async fn outcome(
    conn: &mut dyn Read,
    submission: &IdempotencyKey,
    now: DateTime<Utc>,
) -> Result<Option<String>, Error> {
    let row: Option<(String,)> = conn
        .query("SELECT outcome FROM idempotency_keys WHERE token_hash = $1 AND fields_hash = $2 AND at >= $3")
        .values((submission.token_hash.to_vec(), submission.fields_hash.to_vec(), now - LIFETIME))
        .optional()
        .await?;
    Ok(row.map(|(outcome,)| outcome))
}

/// Whether any outcome has expired.
pub async fn any_expired(conn: &mut dyn Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(DateTime<Utc>,)> =
        conn.query("SELECT at FROM idempotency_keys WHERE at < $1 LIMIT 1").bind(now - LIFETIME).optional().await?;
    Ok(row.is_some())
}

/// Deletes expired outcomes.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("DELETE FROM idempotency_keys WHERE at < $1").bind(now - LIFETIME).execute().await.map(drop)
}

/// Replaces the one-time link of the first set-up.
pub async fn put_setup_token(tx: &mut MaintenanceTx, token_hash: Hash, expires_at: DateTime<Utc>) -> Result<(), Error> {
    tx.query("DELETE FROM setup_tokens").execute().await?;
    tx.query("INSERT INTO setup_tokens (token_hash, expires_at) VALUES ($1, $2)")
        .values((token_hash.to_vec(), expires_at))
        .execute()
        .await
        .map(drop)
}

/// Whether the link of the first set-up still holds.
pub async fn setup_token_holds(conn: &mut dyn Read, token_hash: Hash, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(DateTime<Utc>,)> = conn
        .query("SELECT expires_at FROM setup_tokens WHERE token_hash = $1")
        .bind(token_hash.to_vec())
        .optional()
        .await?;
    Ok(row.is_some_and(|(expires_at,)| now < expires_at))
}

/// Uses the link of the first set-up up; `false` when it was used already.
pub async fn spend_setup_token(tx: &mut WriteTx, token_hash: Hash) -> Result<bool, Error> {
    let deleted =
        tx.query("DELETE FROM setup_tokens WHERE token_hash = $1").bind(token_hash.to_vec()).execute().await?;
    Ok(deleted == 1)
}
