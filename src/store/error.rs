//! What can go wrong below a page.

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
