//! A connection that goes around the portal, as the owner of the database has one.

use countersign::store::migrate::{Location, Place};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _};

/// A connection of its own. Without the foreign keys that hold the portal back.
pub enum Direct {
    /// To a file.
    Sqlite(rusqlite::Connection),
    /// To a server, as a superuser.
    Postgres(PgConnection),
}

/// What a database refused.
pub type Refusal = Box<dyn std::error::Error>;

impl Direct {
    /// Connects.
    pub async fn connect(location: &Location) -> Self {
        match &location.at {
            Place::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).expect("a connection");
                connection.pragma_update(None, "foreign_keys", false).expect("a setting");
                Self::Sqlite(connection)
            }
            Place::Postgres(url) => {
                let mut connection = PgConnection::connect(url).await.expect("a connection");
                connection.execute("SET session_replication_role = replica").await.expect("a superuser");
                Self::Postgres(connection)
            }
        }
    }

    /// Connects as somebody for whom the database refuses nothing.
    pub async fn as_owner(location: &Location) -> Self {
        let mut direct = Self::connect(location).await;
        let triggers = if direct.is_sqlite() {
            "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE '%_refuse_%'"
        } else {
            "SELECT DISTINCT 'DROP TRIGGER ' || tgname || ' ON ' || tgrelid::regclass FROM pg_trigger \
             WHERE tgname LIKE '%_refuse_%'"
        };
        let triggers = direct.rows(triggers).await;
        assert_eq!(triggers.len(), 10);
        for trigger in triggers.into_iter().flatten() {
            direct.execute(&trigger).await;
        }
        direct
    }

    /// Whether this is `SQLite`.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Runs a statement; the number of rows it touched.
    pub async fn try_execute(&mut self, sql: &str) -> Result<u64, Refusal> {
        Ok(match self {
            Self::Sqlite(connection) => {
                connection.execute_batch(sql)?;
                connection.changes()
            }
            Self::Postgres(connection) => connection.execute(AssertSqlSafe(sql.to_owned())).await?.rows_affected(),
        })
    }

    /// Runs a statement that must succeed; the number of rows it touched.
    pub async fn execute(&mut self, sql: &str) -> u64 {
        self.try_execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The rows of a statement whose columns are all text.
    pub async fn rows(&mut self, sql: &str) -> Vec<Vec<String>> {
        self.try_rows(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    async fn try_rows(&mut self, sql: &str) -> Result<Vec<Vec<String>>, Refusal> {
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(sql)?;
                let columns = statement.column_count();
                let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect())?;
                Ok(rows.collect::<Result<_, _>>()?)
            }
            Self::Postgres(connection) => {
                let rows = connection.fetch_all(AssertSqlSafe(sql.to_owned())).await?;
                let texts = rows.iter().map(|row| (0..row.len()).map(|column| row.try_get(column)).collect());
                Ok(texts.collect::<Result<_, _>>()?)
            }
        }
    }

    /// The one text that a statement reads.
    pub async fn text(&mut self, sql: &str) -> String {
        self.rows(sql).await.remove(0).remove(0)
    }
}
