//! Signing in: the password, and how often one may guess.
//!
//! An unknown user costs the same time and gets the same answer as a wrong password. Guesses are counted per
//! user and per network address before they are judged, so that many at once do not slip through; a refused
//! one does not count, so that guessing does not keep the rightful user out for longer.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self, CustomizedPasswordHasher, PasswordHasher, PasswordVerifier,
        phc::{Output, PasswordHash, Salt},
    },
};
use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    domain::{
        actor::Principal,
        audit::{Action, Event, Hash},
    },
    store::{self, Db, sessions, users},
};

/// Failed sign-ins of one user within [`sessions::ATTEMPT_WINDOW`] before more are refused.
pub const PER_USER: usize = 5;

/// Failed sign-ins from one network address within [`sessions::ATTEMPT_WINDOW`] before more are refused.
pub const PER_ADDRESS: usize = 20;

/// The least characters of a password.
pub const PASSWORD_MIN: usize = 12;

/// The most bytes of a password.
pub const PASSWORD_MAX: usize = 1024;

/// A password hash takes 19 MiB and a while: no more than two at once, so that pages stay quick.
static HASH_PERMITS: Semaphore = Semaphore::const_new(2);

/// What an attempt comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The user is who they say.
    Passed(Uuid),
    /// User or password are wrong.
    Failed,
    /// Too many attempts; the next is judged from this time, UTC.
    TooMany {
        /// When to try again.
        again_at: DateTime<Utc>,
    },
}

/// Judges an attempt. The subjects are keyed hashes of the user's email and of the network address.
pub async fn attempt(
    db: &Db,
    email: &str,
    password: &str,
    user_subject: Hash,
    address_subject: Hash,
) -> Result<Attempt, store::Error> {
    let now = db.clock.now();
    let id = db.clock.id();
    let subjects = [(user_subject, PER_USER), (address_subject, PER_ADDRESS)];

    let mut tx = db.maintenance().await?;
    sessions::lock_attempts(&mut tx, subjects.map(|(subject, _)| subject)).await?;
    let mut again_at = None;
    for (subject, most) in subjects {
        let before = sessions::attempts(&mut tx, subject, now).await?;
        if before.len() >= most {
            again_at = again_at.max(Some(before[before.len() - most] + sessions::ATTEMPT_WINDOW));
        }
    }
    if let Some(again_at) = again_at {
        return Ok(Attempt::TooMany { again_at });
    }
    for (subject, _) in subjects {
        sessions::begin_attempt(&mut tx, id, subject, now).await?;
    }
    tx.commit().await?;

    let user = users::find(&mut db.read().await?, email).await?;
    let known = user.as_ref().filter(|user| !user.disabled);
    let hash = known.map_or_else(|| DUMMY_HASH.clone(), |user| user.password_hash.clone());
    let matches = verify_password(password.to_owned(), hash).await? && known.is_some();

    let tx = db.write().await?;
    let who =
        user.as_ref().map_or_else(Principal::anonymous, |user| Principal::user(user.id, user.display_name.clone()));
    let action = if matches { Action::SignedIn } else { Action::SignInFailed };
    let event = Event::new(tx.clock.id(), now, who, action).with(json!({}));
    tx.commit(event).await?;
    let Some(user) = user.filter(|_| matches) else { return Ok(Attempt::Failed) };

    let mut tx = db.maintenance().await?;
    sessions::forget_attempts(&mut tx, user_subject).await?;
    sessions::forget_attempt(&mut tx, id, address_subject).await?;
    tx.commit().await?;
    Ok(Attempt::Passed(user.id))
}

/// Dummy hash: unknown users cost the same time as known ones.
static DUMMY_HASH: LazyLock<String> =
    LazyLock::new(|| hash_now(&crate::store::verify::hex(&rand::random::<[u8; 16]>())));

/// Makes the hash for unknown users, so that the first of them costs no more than the next.
pub fn warm_up() {
    LazyLock::force(&DUMMY_HASH);
}

/// Hashes a password with Argon2id (19 MiB, two passes) and a fresh salt.
pub async fn hash_password(password: String) -> Result<String, store::Error> {
    in_background(move || hash_now(&password)).await
}

fn hash_now(password: &str) -> String {
    LowRetentionArgon2.hash_password(password.as_bytes()).expect("Argon2 hashes any password of a form").to_string()
}

/// Argon2id whose memory goes back to the system at once.
///
/// What the GNU allocator hands out in one piece it keeps for later when the piece is freed, unless that was larger
/// than 32 MiB. So a larger piece is asked for; only what is used of it is ever backed by memory.
struct LowRetentionArgon2;

/// Above the GNU allocator's largest threshold for memory of its own mapping.
const MMAP_THRESHOLD: usize = 33 * 1024 * 1024;

impl CustomizedPasswordHasher<PasswordHash> for LowRetentionArgon2 {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
        let mut memory = Vec::with_capacity((MMAP_THRESHOLD / Block::SIZE).max(params.block_count()));
        memory.resize(params.block_count(), Block::new());
        Argon2::new(algorithm, version, params.clone()).hash_password_into_with_memory(
            password,
            salt,
            &mut output,
            &mut memory,
        )?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: (&params).try_into()?,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(&output)?),
        })
    }
}

impl PasswordHasher<PasswordHash> for LowRetentionArgon2 {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
        self.hash_password_customized(password, salt, None, None, Params::default())
    }
}

async fn verify_password(password: String, hash: String) -> Result<bool, store::Error> {
    in_background(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| LowRetentionArgon2.verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, store::Error> {
    let _permit = HASH_PERMITS.acquire().await.map_err(|_| store::Error::Interrupted)?;
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await.map_err(|_| store::Error::Interrupted)
}
