//! Opening a database: connect, refuse what is unsafe for evidence, bring the schema up to date.
//!
//! Migrations are part of the program. A database keeps which of them made it, each with the digest of its text, and one
//! whose migrations are not those of this program is refused.

use std::path::PathBuf;

use rusqlite::{OptionalExtension as _, TransactionBehavior, types::Value};
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, Executor as _, PgConnection};

use super::{
    db::{Db, Pools},
    postgres, sqlite,
};
use crate::domain::clock::Clock;

/// One step of the schema, in the words of both databases.
struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// Every step, in order.
const MIGRATIONS: &[Migration] = &include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// A step that a database was made by.
struct Applied {
    version: i64,
    name: String,
    digest: Vec<u8>,
}

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
    #[error("the database cannot be opened")]
    Connect(#[source] super::Cause),
    /// Its schema cannot be brought up to date.
    #[error("the database's schema cannot be brought up to date")]
    Migrate(#[source] super::Cause),
    /// Its schema is not one that this program makes or changes.
    #[error("the database's schema is not this program's: {0}")]
    Schema(String),
    /// It would lose or damage evidence.
    #[error("the database is not safe for evidence: {0}")]
    Unsafe(String),
}

impl OpenError {
    fn connect(error: impl Into<super::Cause>) -> Self {
        Self::Connect(error.into())
    }

    fn migrate(error: impl Into<super::Cause>) -> Self {
        Self::Migrate(error.into())
    }
}

/// The first `SQLite` without the write-ahead log bug that could damage a database (fixed in March 2026).
const MIN_SQLITE_VERSION: i32 = 3_051_003;

/// The first `PostgreSQL` supported, as it numbers itself.
const LEAST_POSTGRES: i32 = 14_00_00;

/// What starts of the portal lock, so that only one of them changes the schema. Any number would do.
const MIGRATION_LOCK: i64 = 0x0043_6f75_6e74_6572;

/// Opens the database, checks that it is safe and brings its schema up to date.
pub async fn open(location: &Location, clock: Clock) -> Result<Db, OpenError> {
    let pools = match &location.at {
        Place::Sqlite(path) => open_sqlite(path.clone(), location.connections).await?,
        Place::Postgres(url) => open_postgres(url, location.connections).await?,
    };
    Ok(Db::new(pools, clock))
}

fn default_connections() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(processors + processors / 2).unwrap_or(2).max(2)
}

fn digest(text: &str) -> Vec<u8> {
    Sha256::digest(text).to_vec()
}

/// The migrations that a database lacks, unless it was made by others.
fn missing(
    migrations: &'static [Migration],
    applied: &[Applied],
    text: fn(&Migration) -> &'static str,
) -> Result<&'static [Migration], OpenError> {
    for (number, one) in applied.iter().enumerate() {
        let Some(known) = migrations.get(number) else {
            return Err(OpenError::Schema(format!(
                "it was changed by migration {} ({}), which this program does not know; use the version of the program \
                 that made it, or a later one",
                one.version, one.name
            )));
        };
        if (known.version, known.name) != (one.version, one.name.as_str()) {
            return Err(OpenError::Schema(format!(
                "it was changed by migration {} ({}) where this program has migration {} ({})",
                one.version, one.name, known.version, known.name
            )));
        }
        if digest(text(known)) != one.digest {
            return Err(OpenError::Schema(format!(
                "migration {} ({}) is not the one it was made by",
                one.version, one.name
            )));
        }
    }
    Ok(&migrations[applied.len()..])
}

/// What a database says that a build made which kept its migrations in another way.
fn earlier_build() -> OpenError {
    OpenError::Schema(
        "it was made by an earlier build, whose data this one does not read; begin with an empty one".into(),
    )
}

async fn open_sqlite(path: PathBuf, readers: Option<u32>) -> Result<Pools, OpenError> {
    let readers = usize::try_from(readers.unwrap_or_else(default_connections)).unwrap_or(1);
    let work = tokio::task::spawn_blocking(move || {
        let mut first = sqlite::open_writer(&path).map_err(OpenError::connect)?;
        check_sqlite(&first)?;
        migrate_sqlite(&mut first)?;
        let write = sqlite::Pool::writer(&path, first).map_err(OpenError::connect)?;
        Ok(Pools::Sqlite { write, read: sqlite::Pool::readers(&path, readers) })
    });
    work.await.map_err(OpenError::connect)?
}

fn check_sqlite(connection: &rusqlite::Connection) -> Result<(), OpenError> {
    if rusqlite::version_number() < MIN_SQLITE_VERSION {
        return Err(OpenError::Unsafe(format!(
            "SQLite {} has a bug that can damage the file; 3.51.3 or later is needed",
            rusqlite::version()
        )));
    }
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, Value>(0));
    let journal = pragma("journal_mode").map_err(OpenError::connect)?;
    if journal != Value::Text("wal".to_owned()) {
        return Err(OpenError::Unsafe(format!(
            "its journal mode is {journal:?}, not WAL; put the data folder on a local disk"
        )));
    }
    let synchronous = pragma("synchronous").map_err(OpenError::connect)?;
    if synchronous != Value::Integer(2) {
        return Err(OpenError::Unsafe("synchronous is not FULL".into()));
    }
    Ok(())
}

fn migrate_sqlite(connection: &mut rusqlite::Connection) -> Result<(), OpenError> {
    // A portal that has nothing to change does not wait for whoever writes.
    if missing(MIGRATIONS, &applied_sqlite(connection)?, |migration| migration.sqlite)?.is_empty() {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(OpenError::migrate)?;
    let missing = missing(MIGRATIONS, &applied_sqlite(&transaction)?, |migration| migration.sqlite)?;
    let run = || -> rusqlite::Result<()> {
        transaction.execute_batch(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
             sha256 BLOB NOT NULL) STRICT",
        )?;
        for migration in missing {
            transaction.execute_batch(migration.sqlite)?;
            transaction.execute(
                "INSERT INTO schema_migrations (version, name, sha256) VALUES (?1, ?2, ?3)",
                (migration.version, migration.name, digest(migration.sqlite)),
            )?;
        }
        Ok(())
    };
    run().map_err(OpenError::migrate)?;
    transaction.commit().map_err(OpenError::migrate)
}

fn applied_sqlite(connection: &rusqlite::Connection) -> Result<Vec<Applied>, OpenError> {
    let read = || -> rusqlite::Result<Option<Vec<Applied>>> {
        let exists = |table: &str| {
            let found = connection.query_row("SELECT 1 FROM sqlite_schema WHERE name = ?1", [table], |_| Ok(()));
            found.optional().map(|found| found.is_some())
        };
        if exists("_sqlx_migrations")? {
            return Ok(None);
        }
        if !exists("schema_migrations")? {
            return Ok(Some(Vec::new()));
        }
        let mut statement =
            connection.prepare("SELECT version, name, sha256 FROM schema_migrations ORDER BY version")?;
        let rows = statement
            .query_map([], |row| Ok(Applied { version: row.get(0)?, name: row.get(1)?, digest: row.get(2)? }))?;
        rows.collect::<Result<_, _>>().map(Some)
    };
    read().map_err(OpenError::migrate)?.ok_or_else(earlier_build)
}

async fn open_postgres(url: &str, connections: Option<u32>) -> Result<Pools, OpenError> {
    let options = postgres::options(url).map_err(OpenError::connect)?;
    let mut first = PgConnection::connect_with(&options).await.map_err(OpenError::connect)?;
    check_postgres(&mut first).await?;
    migrate_postgres(&mut first).await?;
    first.close().await.map_err(OpenError::connect)?;
    Ok(Pools::Postgres(postgres::pool(options, connections.unwrap_or_else(|| default_connections() * 4))))
}

async fn check_postgres(connection: &mut PgConnection) -> Result<(), OpenError> {
    let version: i32 = sqlx::query_scalar("SELECT CAST(current_setting('server_version_num') AS INT)")
        .fetch_one(&mut *connection)
        .await
        .map_err(OpenError::connect)?;
    if version < LEAST_POSTGRES {
        return Err(OpenError::Unsafe(format!("PostgreSQL 14 or later is needed; this is {}", version / 10_000)));
    }
    for (setting, safe) in [
        ("fsync", ["on"].as_slice()),
        ("full_page_writes", &["on"]),
        ("synchronous_commit", &["on", "remote_apply", "remote_write"]),
    ] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut *connection)
            .await
            .map_err(OpenError::connect)?;
        if !safe.contains(&value.as_str()) {
            return Err(OpenError::Unsafe(format!(
                "PostgreSQL runs with {setting} = {value}; acknowledged confirmations could be lost. Set it to {}",
                safe[0]
            )));
        }
    }
    Ok(())
}

async fn migrate_postgres(connection: &mut PgConnection) -> Result<(), OpenError> {
    if missing(MIGRATIONS, &applied_postgres(connection).await?, |migration| migration.postgres)?.is_empty() {
        return Ok(());
    }
    let mut transaction = connection.begin().await.map_err(OpenError::migrate)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *transaction)
        .await
        .map_err(OpenError::migrate)?;
    let missing = missing(MIGRATIONS, &applied_postgres(&mut transaction).await?, |migration| migration.postgres)?;
    transaction
        .execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, \
             sha256 BYTEA NOT NULL)",
        )
        .await
        .map_err(OpenError::migrate)?;
    for migration in missing {
        transaction.execute(sqlx::raw_sql(migration.postgres)).await.map_err(OpenError::migrate)?;
        sqlx::query("INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)")
            .bind(migration.version)
            .bind(migration.name)
            .bind(digest(migration.postgres))
            .execute(&mut *transaction)
            .await
            .map_err(OpenError::migrate)?;
    }
    transaction.commit().await.map_err(OpenError::migrate)
}

async fn applied_postgres(connection: &mut PgConnection) -> Result<Vec<Applied>, OpenError> {
    let (earlier, here): (bool, bool) = sqlx::query_as(
        "SELECT to_regclass('_sqlx_migrations') IS NOT NULL, to_regclass('schema_migrations') IS NOT NULL",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(OpenError::migrate)?;
    if earlier {
        return Err(earlier_build());
    }
    if !here {
        return Ok(Vec::new());
    }
    let rows: Vec<(i64, String, Vec<u8>)> =
        sqlx::query_as("SELECT version, name, sha256 FROM schema_migrations ORDER BY version")
            .fetch_all(connection)
            .await
            .map_err(OpenError::migrate)?;
    Ok(rows.into_iter().map(|(version, name, digest)| Applied { version, name, digest }).collect())
}

#[cfg(test)]
mod tests {
    use super::{Applied, MIGRATIONS, Migration, digest, missing};

    const TWO: &[Migration] = &[
        Migration { version: 1, name: "first", sqlite: "a", postgres: "b" },
        Migration { version: 2, name: "second", sqlite: "c", postgres: "d" },
    ];

    fn applied(version: i64, name: &str, text: &str) -> Applied {
        Applied { version, name: name.to_owned(), digest: digest(text) }
    }

    fn outcome(applied: &[Applied]) -> Result<usize, String> {
        missing(TWO, applied, |migration| migration.sqlite).map(<[_]>::len).map_err(|error| error.to_string())
    }

    #[test]
    fn only_what_is_missing_is_run() {
        assert_eq!(outcome(&[]), Ok(2));
        assert_eq!(outcome(&[applied(1, "first", "a")]), Ok(1));
        assert_eq!(outcome(&[applied(1, "first", "a"), applied(2, "second", "c")]), Ok(0));
    }

    #[test]
    fn a_migration_that_is_changed_or_not_known_is_refused_by_name() {
        let first = || applied(1, "first", "a");
        for (found, word) in [
            (vec![applied(1, "first", "A")], "migration 1 (first) is not the one"),
            (vec![first(), applied(2, "other", "c")], "migration 2 (other)"),
            (vec![applied(2, "second", "c")], "migration 2 (second)"),
            (vec![first(), applied(2, "second", "c"), applied(3, "third", "e")], "migration 3 (third)"),
        ] {
            let refusal = outcome(&found).unwrap_err();
            assert!(refusal.contains(word), "{refusal}");
        }
    }

    #[test]
    fn migrations_are_numbered_from_one() {
        let versions: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        assert_eq!(versions, (1..).take(MIGRATIONS.len()).collect::<Vec<i64>>());
        assert!(MIGRATIONS.iter().all(|migration| !migration.sqlite.is_empty() && !migration.postgres.is_empty()));
    }
}
