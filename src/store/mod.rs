//! The database. Its drivers live here and nowhere else, one for each database: `rusqlite` for `SQLite`, `sqlx` for
//! `PostgreSQL`. Above them, one file per noun: free functions over whatever can be [`Read`], a [`WriteTx`] or a
//! [`MaintenanceTx`].
//!
//! SQL is portable: `$1` placeholders, `ON CONFLICT`, `RETURNING`, window functions; never `now()`,
//! `random()`, `ILIKE`, arrays, JSON operators or `OFFSET`. The partner account stands in the SQL, never in a
//! check afterwards.
//!
//! **Lock order**, the same everywhere: a submission's token; a draft; the partner account's row (by whoever creates a
//! customer, so that a domain is taken once); the customer's row; the version set; the counts in the order of their keys; the head of the log last.
//! Whoever imports the catalogue locks that first, and of these only the head of the log.

pub mod agreements;
pub mod api_clients;
pub mod audit;
pub mod carts;
pub mod counts;
pub mod customers;
mod db;
pub mod drafts;
pub mod idempotency;
pub mod indirect_resellers;
pub mod migrate;
pub mod offers;
pub mod order_drafts;
pub mod orders;
pub mod partner_accounts;
mod postgres;
pub mod preflight;
mod row;
mod scope;
pub mod search;
pub mod sessions;
mod slow_log;
mod sqlite;
mod statement;
pub mod status;
pub mod subscriptions;
pub mod temporary_passwords;
#[doc(hidden)]
pub mod testing;
pub mod users;
pub mod verify;

pub use db::{Db, MaintenanceTx, Read, ReadConn, Snapshot, WriteTx};

/// What a driver said.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What can go wrong below a page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Busy, full, gone or unreachable: nothing was kept, and trying again may help.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The connection was lost while committing: whether it was kept is not known, and trying again is safe.
    #[error("it is not known whether the change was kept")]
    Uncertain(#[source] Cause),
    /// Another row has the same key.
    #[error("the row exists already")]
    Conflict(#[source] Cause),
    /// The database said something the program does not expect.
    #[error("the database and the program disagree")]
    Broken(#[source] Cause),
    /// A row holds what no version of the program writes.
    #[error("a stored value makes no sense: {0}")]
    Corrupt(String),
    /// The program is shutting down.
    #[error("interrupted by shutdown")]
    Interrupted,
}

impl Error {
    /// Whether trying again may help.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Uncertain(_) | Self::Interrupted)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => Self::Conflict(error.into()),
            sqlx::Error::Database(database) if is_passing(database.code().as_deref()) => {
                Self::Unavailable(error.into())
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable(error.into()),
            _ => Self::Broken(error.into()),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error().map(|error| error.extended_code) {
            Some(SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_UNIQUE) => Self::Conflict(error.into()),
            Some(code) if SQLITE_PASSING.contains(&(code & 0xff)) => Self::Unavailable(error.into()),
            _ => Self::Broken(error.into()),
        }
    }
}

/// Codes of `SQLite` for another row with the same key.
const SQLITE_CONSTRAINT_PRIMARYKEY: i32 = 1555;
const SQLITE_CONSTRAINT_UNIQUE: i32 = 2067;

/// Codes of `SQLite` for faults that pass: busy, locked, read-only, input/output, full, cannot open. The primary code is
/// the low byte.
const SQLITE_PASSING: [i32; 6] = [5, 6, 8, 10, 13, 14];

/// Whether a fault of `PostgreSQL` passes. Classes: connection 08, rolled back 40, resources 53, operator 57, system 58;
/// read-only 25006, lock not had in time 55P03.
fn is_passing(code: Option<&str>) -> bool {
    let classes = ["08", "40", "53", "57", "58"];
    code.is_some_and(|code| classes.iter().any(|class| code.starts_with(class)) || ["25006", "55P03"].contains(&code))
}
