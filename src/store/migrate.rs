//! Opening a database: connect, refuse what is unsafe for evidence, bring the schema up to date.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, Connection as _, PgPool, Row as _, SqlitePool,
    migrate::Migrator,
    pool::PoolOptions,
    postgres::{PgConnectOptions, PgConnection},
    sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous},
};

use super::{
    counts,
    db::{Db, Pools},
    reader::Readers,
};
use crate::domain::clock::Clock;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Which database, and how many connections to it.
#[derive(Debug, Clone)]
pub struct Location {
    /// Where it is.
    pub at: Place,
    /// Connections to `PostgreSQL`, or readers of `SQLite`; one and a half per processor by default.
    pub connections: Option<u32>,
}

/// Where the database is.
#[derive(Debug, Clone)]
pub enum Place {
    /// A file beside the portal.
    Sqlite(PathBuf),
    /// A `postgres://` address.
    Postgres(String),
}

/// Why a database is not used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached or read.
    #[error("the database cannot be opened: {0}")]
    Connect(#[from] sqlx::Error),
    /// Its schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// What it holds cannot be counted.
    #[error("what the database holds cannot be counted")]
    Count(#[source] super::Error),
    /// It would lose or damage evidence.
    #[error("the database is not safe for evidence: {0}")]
    Unsafe(String),
}

/// The first `SQLite` without the write-ahead log bug that could damage a database (fixed in March 2026).
const MIN_SQLITE_VERSION: [u32; 3] = [3, 51, 3];

/// The first `PostgreSQL` supported, as it numbers itself.
const LEAST_POSTGRES: i32 = 14_00_00;

/// Opens the database, checks that it is safe and brings its schema up to date.
pub async fn open(location: &Location, clock: Clock) -> Result<Db, OpenError> {
    let pools = match &location.at {
        Place::Sqlite(path) => open_sqlite(path, location.connections).await?,
        Place::Postgres(url) => open_postgres(url, location.connections).await?,
    };
    let db = Db::new(pools, clock);
    counts::complete(&db).await.map_err(OpenError::Count)?;
    Ok(db)
}

fn default_connections() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(processors + processors / 2).unwrap_or(2).max(2)
}

async fn open_sqlite(path: &std::path::Path, readers: Option<u32>) -> Result<Pools, OpenError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL loses acknowledged writes when the power goes.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // Without it INSERT OR REPLACE would slip past the append-only triggers.
        .pragma("recursive_triggers", "ON")
        .statement_cache_capacity(256)
        .disable_statement_logging();

    let mut first = SqliteConnection::connect_with(&options).await?;
    check_sqlite(&mut first).await?;
    SQLITE.run(&mut first).await?;
    first.close().await?;

    let write: SqlitePool = PoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(|connection, _| {
            Box::pin(async move {
                let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(connection).await?;
                if synchronous == 2 { Ok(()) } else { Err(sqlx::Error::Protocol("synchronous is not FULL".into())) }
            })
        })
        .connect_lazy_with(options);
    let read = Readers::new(path.to_owned(), readers.unwrap_or_else(default_connections));
    Ok(Pools::Sqlite { write, read })
}

async fn check_sqlite(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut *connection).await?;
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < MIN_SQLITE_VERSION.as_slice() {
        return Err(OpenError::Unsafe(format!(
            "SQLite {version} has a bug that can damage the file; 3.51.3 or later is needed"
        )));
    }
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    if journal != "wal" {
        return Err(OpenError::Unsafe(format!(
            "its journal mode is {journal}, not WAL; put the data folder on a local disk"
        )));
    }
    Ok(())
}

async fn open_postgres(url: &str, connections: Option<u32>) -> Result<Pools, OpenError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("countersign")
        // Whoever waits longer for a lock is told to try again; whoever holds one and is gone, lets go.
        .options([("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "60s")])
        // A plan made while a table was empty would read all of it for every line of a large import.
        .options([("plan_cache_mode", "force_custom_plan")])
        .statement_cache_capacity(256)
        .disable_statement_logging();

    let mut first = PgConnection::connect_with(&options).await?;
    check_postgres(&mut first).await?;
    POSTGRES.run(&mut first).await?;
    first.close().await?;

    let pool: PgPool = PoolOptions::<sqlx::Postgres>::new()
        .max_connections(connections.unwrap_or_else(|| default_connections() * 4))
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        // Outside a transaction the two clocks agree. A connection that somebody left inside one is closed, so
        // that nothing is written into a transaction that nobody commits; one that is gone is replaced. Only a
        // simple query keeps the clocks together: a prepared one begins its transaction before its statement.
        .before_acquire(|connection, _| {
            Box::pin(async move {
                let clocks = sqlx::raw_sql("SELECT transaction_timestamp() = statement_timestamp()");
                let free = clocks.fetch_one(connection).await.and_then(|row| row.try_get::<bool, _>(0));
                Ok(free.unwrap_or(false))
            })
        })
        .connect_lazy_with(options);
    Ok(Pools::Postgres(pool))
}

async fn check_postgres(connection: &mut PgConnection) -> Result<(), OpenError> {
    let version: i32 = sqlx::query_scalar("SELECT CAST(current_setting('server_version_num') AS INT)")
        .fetch_one(&mut *connection)
        .await?;
    if version < LEAST_POSTGRES {
        return Err(OpenError::Unsafe(format!("PostgreSQL 14 or later is needed; this is {}", version / 10_000)));
    }
    for (setting, safe) in [
        ("fsync", ["on"].as_slice()),
        ("full_page_writes", &["on"]),
        ("synchronous_commit", &["on", "remote_apply", "remote_write"]),
    ] {
        let value: String =
            sqlx::query_scalar("SELECT current_setting($1)").bind(setting).fetch_one(&mut *connection).await?;
        if !safe.contains(&value.as_str()) {
            return Err(OpenError::Unsafe(format!(
                "PostgreSQL runs with {setting} = {value}; acknowledged confirmations could be lost. Set it to {}",
                safe[0]
            )));
        }
    }
    Ok(())
}
