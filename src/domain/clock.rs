//! Time and ids as arguments, so that a rule can be tried at any moment.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

/// Where the current time comes from. Times are UTC, cut to milliseconds because the two databases
/// keep different fractions of a second.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that stands still until it is set: milliseconds since 1970.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that shows `at` until it is told otherwise.
    pub fn at(at: DateTime<Utc>) -> Self {
        Self::Set(Arc::new(AtomicI64::new(at.timestamp_millis())))
    }

    /// Moves a set clock; the machine's clock does not move.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Set(millis) = self {
            millis.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        }
    }

    /// Sets a set clock to `at`; the machine's clock stays.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Self::Set(millis) = self {
            millis.store(at.timestamp_millis(), Ordering::SeqCst);
        }
    }

    /// The time now.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => system_now(),
            Self::Set(millis) => {
                DateTime::from_timestamp_millis(millis.load(Ordering::SeqCst)).expect("a set clock holds a time")
            }
        }
    }

    /// A new id (GUID version 7: later ids sort after earlier ones of the same process).
    pub fn id(&self) -> Uuid {
        static CONTEXT: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());
        let now = self.now();
        let context = CONTEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(Timestamp::from_unix(
            &*context,
            u64::try_from(now.timestamp()).expect("the clock is set after 1970"),
            now.timestamp_subsec_nanos(),
        ))
    }
}

/// A new id that tells nothing of when it was made (GUID version 4), as Microsoft's tenants have.
pub fn tenant_id() -> Uuid {
    uuid::Builder::from_random_bytes(rand::random()).into_uuid()
}

#[expect(clippy::disallowed_methods, reason = "the one place where the portal reads the machine's clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(3)
}
