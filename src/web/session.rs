//! Sessions in the database: the store behind the session cookie, and what a request learns from it.
//!
//! One indexed read tells session, user, role and accounts, so that disabling a user or changing a role holds
//! from the next request in every process. The cookie carries a random key, signed; the database knows only its
//! hash. A session remembers nothing but the entries of a form that was sent after it had ended.

use std::collections::HashMap;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time::Duration;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{error::Error, session_end::SessionEnd};
use crate::{
    domain::token::{random_token, token_hash},
    store::{
        self, Db,
        sessions::{self, IDLE, LONGEST, Session, SessionRow},
    },
    telemetry::chain,
};

/// Keys of a session's values.
mod key {
    /// Set at sign-in: the user's id.
    pub const USER: &str = "user";
    /// Set at sign-in: when.
    pub const SIGNED_IN_AT: &str = "signed_in_at";
    /// Set by the store: what is known of user and accounts.
    pub const ROWS: &str = "rows";
    /// Set by the store: why there is no user.
    pub const ENDED: &str = "ended";
    /// Entries of a form.
    pub const KEPT: &str = "kept";
    /// Set to switch to another account.
    pub const SWITCH: &str = "switch";
    /// Set by the store with [`ENDED`], and kept at sign-in: the account that was current.
    pub const ACCOUNT: &str = "account";
}

/// How long a page waits to note that its session is in use.
const TOUCH: std::time::Duration = std::time::Duration::from_millis(500);

/// What a request's session comes to.
#[derive(Debug, Clone)]
pub enum State {
    /// There is none.
    None,
    /// There was one.
    SessionEnd(SessionEnd),
    /// Somebody is signed in.
    SignedIn(Box<Session>),
}

impl State {
    /// Reads what the store loaded.
    pub fn of(session: &actix_session::Session) -> Self {
        if let Ok(Some(ended)) = session.get::<SessionEnd>(key::ENDED) {
            return Self::SessionEnd(ended);
        }
        match session.get::<Vec<SessionRow>>(key::ROWS) {
            Ok(Some(rows)) => match sessions::session(rows) {
                Ok(Some(session)) => Self::SignedIn(Box::new(session)),
                Ok(None) => Self::SessionEnd(SessionEnd::Revoked),
                Err(error) => {
                    tracing::error!(error = %chain(&error), "reading a session failed");
                    Self::SessionEnd(SessionEnd::Unavailable)
                }
            },
            _ => Self::None,
        }
    }

    /// The session of somebody signed in.
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::SignedIn(session) => Some(session),
            Self::None | Self::SessionEnd(_) => None,
        }
    }
}

/// The entries of a form that was sent without a session, kept until its page shows them again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PreservedForm {
    /// Names these entries in the address of the form's page.
    pub id: String,
    /// Names and values, in order.
    pub fields: Vec<(String, String)>,
}

impl PreservedForm {
    /// The partner account for which the form was opened.
    fn opened_in(&self) -> Option<Uuid> {
        let (_, account) = self.fields.iter().find(|(name, _)| name == OPENED_IN)?;
        Uuid::try_parse(account).ok()
    }
}

/// The hidden field of a form with the partner account for which it was opened.
pub const OPENED_IN: &str = "opened_in";

/// Signs a user in, under a new session key.
pub fn sign_in(
    session: &actix_session::Session,
    user: Uuid,
    now: DateTime<Utc>,
    kept: Option<&PreservedForm>,
) -> Result<(), Error> {
    let ended: Option<Uuid> = session.get(key::ACCOUNT).ok().flatten();
    // The form comes back in the account for which it was opened, if the user still belongs to it.
    let account = kept.and_then(PreservedForm::opened_in).or(ended);
    session.clear();
    session.insert(key::USER, user)?;
    if let Some(account) = account {
        session.insert(key::ACCOUNT, account)?;
    }
    session.insert(key::SIGNED_IN_AT, now)?;
    if let Some(kept) = kept {
        session.insert(key::KEPT, kept)?;
    }
    session.renew();
    Ok(())
}

/// The kept entries with this id.
pub fn kept(session: &actix_session::Session, id: &str) -> Option<PreservedForm> {
    session.get::<PreservedForm>(key::KEPT).ok().flatten().filter(|kept| kept.id == id)
}

/// Switches the session to another partner account, if the user belongs to it; with the entries of a form that was
/// opened there.
pub fn switch(
    session: &actix_session::Session,
    partner_account_id: Uuid,
    kept: Option<&PreservedForm>,
) -> Result<(), Error> {
    if let Some(kept) = kept {
        session.insert(key::KEPT, kept)?;
    }
    Ok(session.insert(key::SWITCH, partner_account_id)?)
}

/// The sessions in the database.
pub struct Store(pub Db);

impl Store {
    async fn read(&self, session_key: &SessionKey) -> Result<Option<HashMap<String, String>>, store::Error> {
        let key_hash = token_hash(session_key.as_ref());
        let rows = sessions::load(&mut self.0.read().await?, key_hash).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let now = self.0.clock.now();
        let ended = if now - first.signed_in_at >= LONGEST {
            Some(SessionEnd::AbsoluteTimeout)
        } else if now - first.seen_at >= IDLE {
            Some(SessionEnd::IdleTimeout)
        } else {
            None
        };
        if let Some(ended) = ended {
            let mut state = said(key::ENDED, &ended);
            state.extend(said(key::ACCOUNT, &first.current()));
            return Ok(Some(state));
        }
        if now - first.seen_at >= TimeDelta::minutes(1) {
            self.touch(key_hash, now).await;
        }
        let mut state: HashMap<String, String> =
            serde_json::from_str(&first.state).map_err(|_| store::Error::Corrupt("state of a session".into()))?;
        state.insert(
            key::SIGNED_IN_AT.to_owned(),
            serde_json::to_string(&first.signed_in_at).expect("a time becomes JSON"),
        );
        state.extend(said(key::ROWS, &rows));
        Ok(Some(state))
    }

    /// Records that a session is in use, if the database can do it at once: a page does not wait for the writer.
    async fn touch(&self, key_hash: crate::domain::audit::Hash, now: DateTime<Utc>) {
        let touch = async {
            let mut tx = self.0.maintenance().await?;
            sessions::touch(&mut tx, key_hash, now).await?;
            tx.commit().await
        };
        match tokio::time::timeout(TOUCH, touch).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(error = %chain(&error), "updating a session's last use failed"),
            Err(_) => tracing::warn!("updating a session's last use failed: timeout"),
        }
    }

    async fn write(&self, session_key: &SessionKey, mut state: HashMap<String, String>) -> Result<(), store::Error> {
        let key_hash = token_hash(session_key.as_ref());
        let mut tx = self.0.maintenance().await?;
        if let Some(account) = state.remove(key::SWITCH).and_then(|account| serde_json::from_str(&account).ok()) {
            sessions::switch(&mut tx, key_hash, account).await?;
        }
        sessions::set_state(&mut tx, key_hash, &remembered(&state)).await?;
        tx.commit().await
    }

    async fn create(&self, state: HashMap<String, String>) -> Result<String, store::Error> {
        let now = self.0.clock.now();
        let read = |key| state.get(key).map(String::as_str).unwrap_or_default();
        let user: Uuid =
            serde_json::from_str(read(key::USER)).map_err(|_| store::Error::Corrupt("user of a session".into()))?;
        let signed_in_at = serde_json::from_str(read(key::SIGNED_IN_AT)).unwrap_or(now);
        let account: Option<Uuid> = serde_json::from_str(read(key::ACCOUNT)).ok();
        let session_key = random_token();
        let mut tx = self.0.maintenance().await?;
        sessions::purge(&mut tx, now).await?;
        sessions::start(&mut tx, token_hash(&session_key), user, account, &remembered(&state), signed_in_at, now)
            .await?;
        tx.commit().await?;
        Ok(session_key)
    }
}

fn said<T: Serialize>(key: &str, value: &T) -> HashMap<String, String> {
    HashMap::from([(key.to_owned(), serde_json::to_string(value).expect("what a session holds becomes JSON"))])
}

/// What of a session's values has no column of its own.
fn remembered(state: &HashMap<String, String>) -> String {
    let kept: HashMap<&str, &String> =
        state.get_key_value(key::KEPT).into_iter().map(|(key, value)| (key.as_str(), value)).collect();
    serde_json::to_string(&kept).expect("text becomes JSON")
}

/// `actix-session` hands a failure on without its cause.
fn log_unsaved(error: &store::Error) {
    tracing::error!(error = %chain(error), "saving a session failed");
}

impl SessionStore for Store {
    async fn load(&self, session_key: &SessionKey) -> Result<Option<HashMap<String, String>>, LoadError> {
        // A database that cannot answer is no reason to drop the session: the pages say so and it lives on.
        Ok(self.read(session_key).await.unwrap_or_else(|error| {
            tracing::error!(error = %chain(&error), "loading a session failed");
            Some(said(key::ENDED, &SessionEnd::Unavailable))
        }))
    }

    async fn save(&self, state: HashMap<String, String>, _: &Duration) -> Result<SessionKey, SaveError> {
        let session_key =
            self.create(state).await.inspect_err(log_unsaved).map_err(|error| SaveError::Other(error.into()))?;
        session_key.try_into().map_err(|error| SaveError::Other(anyhow::Error::new(error)))
    }

    async fn update(
        &self,
        session_key: SessionKey,
        state: HashMap<String, String>,
        _: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.write(&session_key, state)
            .await
            .inspect_err(log_unsaved)
            .map_err(|error| UpdateError::Other(error.into()))?;
        Ok(session_key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &Duration) -> Result<(), anyhow::Error> {
        Ok(())
    }

    async fn delete(&self, session_key: &SessionKey) -> Result<(), anyhow::Error> {
        let mut tx = self.0.maintenance().await?;
        sessions::end(&mut tx, token_hash(session_key.as_ref())).await?;
        Ok(tx.commit().await?)
    }
}
