//! Sessions and sign-in attempts.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Error, MaintenanceTx, Read, partner_accounts::Columns, row::record, table::Table};
use crate::domain::{
    actor::{Actor, Principal},
    audit::Hash,
    language::Language,
    role::Role,
};

/// A session ends after this long without a request.
pub const IDLE: TimeDelta = TimeDelta::minutes(30);

/// A session ends this long after signing in, whatever happens.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);

/// How long a failed sign-in counts.
pub const ATTEMPT_WINDOW: TimeDelta = TimeDelta::minutes(15);

record! {
    /// A session with its user, roles and accounts: one row per membership, as one indexed read gives them.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct SessionRow {
        user_id: Uuid,
        /// Kept form entries and the like, JSON.
        #[serde(skip)]
        pub state: String,
        /// When the user signed in, UTC.
        pub signed_in_at: DateTime<Utc>,
        /// When the last request came, UTC; written at most once a minute.
        pub seen_at: DateTime<Utc>,
        current: Uuid,
        display_name: String,
        /// The code of the language the user chose.
        pub language: Option<String>,
        disabled: bool,
        role: Role,
        account: Columns = record,
    }
}

impl SessionRow {
    /// The partner account that is current.
    pub fn current(&self) -> Uuid {
        self.current
    }
}

/// A signed-in user's session.
#[derive(Debug, Clone)]
pub struct Session {
    /// The user in the current account.
    pub actor: Actor,
    /// The language the user chose.
    pub language: Option<Language>,
    /// The user's other accounts: id and name.
    pub other_accounts: Vec<(Uuid, String)>,
}

/// Everything about the session with this hash; empty when there is none.
pub async fn load(conn: &mut dyn Read, key_hash: Hash) -> Result<Vec<SessionRow>, Error> {
    conn.assembled(format!(
        "SELECT s.user_id, s.state, s.signed_in_at, s.seen_at, s.partner_account_id AS current, u.display_name, \
         u.language, u.disabled, m.role, {} \
         FROM sessions s JOIN users u ON u.id = s.user_id JOIN memberships m ON m.user_id = u.id \
         JOIN partner_accounts a ON a.id = m.partner_account_id WHERE s.key_hash = $1 ORDER BY a.position",
        Columns::columns_of("a")
    ))
    .bind(key_hash.to_vec())
    .all()
    .await
}

/// The session that the rows of [`load`] make: none when the user is disabled or has no account left.
pub fn session(mut rows: Vec<SessionRow>) -> Result<Option<Session>, Error> {
    if rows.is_empty() || rows[0].disabled {
        return Ok(None);
    }
    // An account the user was taken out of falls back to the first that is left.
    let current = rows.iter().position(|row| row.account.id == row.current).unwrap_or(0);
    let row = rows.remove(current);
    Ok(Some(Session {
        actor: Actor {
            who: Principal::user(row.user_id, row.display_name),
            role: row.role,
            account: row.account.try_into()?,
        },
        language: row.language.as_deref().and_then(Language::from_code),
        other_accounts: rows.into_iter().map(|other| (other.account.id, other.account.name)).collect(),
    }))
}

/// Starts a session in the user's first account, or in the one given. `false` when the user has none.
pub async fn start(
    tx: &mut MaintenanceTx,
    key_hash: Hash,
    user_id: Uuid,
    partner_account_id: Option<Uuid>,
    state: &str,
    signed_in_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let inserted = tx
        .query(
            "INSERT INTO sessions (key_hash, user_id, partner_account_id, state, signed_in_at, seen_at) \
             SELECT $1, m.user_id, m.partner_account_id, $2, $3, $4 FROM memberships m \
             JOIN partner_accounts a ON a.id = m.partner_account_id WHERE m.user_id = $5 \
             ORDER BY CASE WHEN a.id = $6 THEN 0 ELSE 1 END, a.position LIMIT 1",
        )
        .values((
            key_hash.to_vec(),
            state.to_owned(),
            signed_in_at,
            now,
            user_id,
            partner_account_id.unwrap_or_default(),
        ))
        .execute()
        .await?;
    Ok(inserted == 1)
}

/// Stores what a session remembers.
pub async fn set_state(tx: &mut MaintenanceTx, key_hash: Hash, state: &str) -> Result<(), Error> {
    tx.query("UPDATE sessions SET state = $1 WHERE key_hash = $2")
        .values((state.to_owned(), key_hash.to_vec()))
        .execute()
        .await
        .map(drop)
}

/// Switches a session to another of its user's accounts; nothing happens when the user is not a member.
pub async fn switch(tx: &mut MaintenanceTx, key_hash: Hash, partner_account_id: Uuid) -> Result<(), Error> {
    tx.query(
        "UPDATE sessions SET partner_account_id = $1 WHERE key_hash = $2 AND EXISTS \
             (SELECT 1 FROM memberships m WHERE m.user_id = sessions.user_id AND m.partner_account_id = $1)",
    )
    .values((partner_account_id, key_hash.to_vec()))
    .execute()
    .await
    .map(drop)
}

/// Notes that a session is in use.
pub async fn touch(tx: &mut MaintenanceTx, key_hash: Hash, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("UPDATE sessions SET seen_at = $1 WHERE key_hash = $2")
        .values((now, key_hash.to_vec()))
        .execute()
        .await
        .map(drop)
}

/// Ends one session.
pub async fn end(tx: &mut MaintenanceTx, key_hash: Hash) -> Result<(), Error> {
    tx.query("DELETE FROM sessions WHERE key_hash = $1").bind(key_hash.to_vec()).execute().await.map(drop)
}

/// Ends every session of a user, in the change that disables them or sets their password.
pub async fn end_all_of(tx: &mut super::WriteTx, user_id: Uuid) -> Result<(), Error> {
    tx.query("DELETE FROM sessions WHERE user_id = $1").bind(user_id).execute().await.map(drop)
}

/// Forgets sessions that ended an idle time ago, and old attempts.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    // An ended session is kept a while, so that its user can be told why they were signed out.
    tx.query("DELETE FROM sessions WHERE seen_at < $1").bind(now - LONGEST).execute().await?;
    tx.query("DELETE FROM sign_in_attempts WHERE at < $1").bind(now - ATTEMPT_WINDOW).execute().await.map(drop)
}

/// Puts an attempt to sign in on record before it is judged, so that guesses at the same time all count.
pub async fn begin_attempt(tx: &mut MaintenanceTx, id: Uuid, subject: Hash, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("INSERT INTO sign_in_attempts (id, subject, at) VALUES ($1, $2, $3)")
        .values((id, subject.to_vec(), now))
        .execute()
        .await
        .map(drop)
}

/// Locks the attempts of these subjects until the transaction ends.
pub async fn lock_attempts(tx: &mut MaintenanceTx, mut subjects: [Hash; 2]) -> Result<(), Error> {
    // In one order, so that two attempts cannot wait for each other.
    subjects.sort_unstable();
    for subject in subjects {
        let number = i64::from_be_bytes(std::array::from_fn(|place| subject[place]));
        // The one writer of SQLite is lock enough.
        tx.either("SELECT $1", "SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)").bind(number).execute().await?;
    }
    Ok(())
}

/// The times of a subject's attempts within the window, oldest first.
pub async fn attempts(tx: &mut MaintenanceTx, subject: Hash, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>, Error> {
    let rows: Vec<(DateTime<Utc>,)> = tx
        .query("SELECT at FROM sign_in_attempts WHERE subject = $1 AND at > $2 ORDER BY at, id")
        .values((subject.to_vec(), now - ATTEMPT_WINDOW))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(at,)| at).collect())
}

/// Takes one attempt off the record.
pub async fn forget_attempt(tx: &mut MaintenanceTx, id: Uuid, subject: Hash) -> Result<(), Error> {
    tx.query("DELETE FROM sign_in_attempts WHERE subject = $1 AND id = $2")
        .values((subject.to_vec(), id))
        .execute()
        .await
        .map(drop)
}

/// Takes all attempts of a subject off the record.
pub async fn forget_attempts(tx: &mut MaintenanceTx, subject: Hash) -> Result<(), Error> {
    tx.query("DELETE FROM sign_in_attempts WHERE subject = $1").bind(subject.to_vec()).execute().await.map(drop)
}
