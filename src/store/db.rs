//! One handle over two databases: the same SQL text, chosen at run time, typed at compile time.
//!
//! - A [`Snapshot`] reads; it sees one moment.
//! - A [`WriteTx`] reads and writes; it commits only with an event for the log.
//! - [`MaintenanceTx`] writes what is nobody's business: sessions, attempts, preferences.
//!
//! **Cancel safety.** A gone client drops the future that serves it. A BEGIN or COMMIT cut off half way can
//! leave a PostgreSQL connection inside a transaction that nobody commits, and what later borrowers of that
//! connection write would vanish. So both run in tasks of their own, which nothing cancels, and a connection
//! found inside a transaction is closed when it is acquired.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::types::Value;
use sqlx::{
    AssertSqlSafe, Postgres, Sqlite, pool::PoolConnection, postgres::PgArguments, query::Query, sqlite::SqliteArguments,
};
use tracing::Instrument as _;

use super::{
    Error,
    counts::{self, Counts},
    reader::{Reader, Readers},
    row::{Column, Reading, Record},
    slow_log::Timer,
};
use crate::domain::{audit::Event, clock::Clock};

/// Rows that [`Snapshot::walk`] has on the way from `PostgreSQL`.
const FETCHED: usize = 1_000;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pools: Pools,
    /// How many statements were run.
    statements: Arc<AtomicU64>,
    /// Gives times and ids to whatever is written.
    pub clock: Clock,
}

/// The connections: `SQLite` has one writer and several readers, `PostgreSQL` one pool.
#[derive(Clone)]
pub(super) enum Pools {
    Sqlite { write: sqlx::SqlitePool, read: Readers },
    Postgres(sqlx::PgPool),
}

impl Db {
    pub(super) fn new(pools: Pools, clock: Clock) -> Self {
        Self { pools, statements: Arc::default(), clock }
    }

    /// The same database by another clock.
    #[must_use]
    pub fn with_clock(&self, clock: Clock) -> Self {
        Self { clock, ..self.clone() }
    }

    /// How many statements were run so far, but for those that begin and end transactions: what pages are held
    /// to a fixed number by.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// One moment of the database, however many statements read it.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        Ok(self.through(match &self.pools {
            Pools::Sqlite { read, .. } => {
                let reader = read.acquire().await?;
                reader.begin()?;
                Connection::SqliteReader(reader)
            }
            Pools::Postgres(pool) => {
                let pool = pool.clone();
                let begin =
                    async move { Ok(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?) };
                Connection::PostgresTransaction(uncancelled(begin).await?)
            }
        }))
    }

    /// For a page that reads with one statement, which sees one moment by itself.
    pub async fn read(&self) -> Result<Snapshot, Error> {
        Ok(self.through(match &self.pools {
            Pools::Sqlite { read, .. } => Connection::SqliteReader(read.acquire().await?),
            Pools::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
        }))
    }

    /// A business write. Nothing of it stays unless it is committed with an event.
    pub async fn write(&self) -> Result<WriteTx, Error> {
        Ok(WriteTx {
            at: self.begin().await?,
            clock: self.clock.clone(),
            counts: Counts::default(),
            events: Vec::new(),
        })
    }

    /// A write outside the business tables, committed without an event.
    pub async fn maintenance(&self) -> Result<MaintenanceTx, Error> {
        Ok(MaintenanceTx(self.begin().await?))
    }

    async fn begin(&self) -> Result<Snapshot, Error> {
        let pools = self.pools.clone();
        let connection = uncancelled(async move {
            Ok(match pools {
                Pools::Sqlite { write, .. } => {
                    Connection::SqliteTransaction(write.begin_with("BEGIN IMMEDIATE").await?)
                }
                Pools::Postgres(pool) => {
                    Connection::PostgresTransaction(pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
                }
            })
        });
        Ok(self.through(connection.await?))
    }

    fn through(&self, connection: Connection) -> Snapshot {
        Snapshot { connection, statements: Arc::clone(&self.statements) }
    }

    /// How many may read at once.
    pub fn connections(&self) -> usize {
        match &self.pools {
            Pools::Sqlite { read, .. } => read.connections(),
            Pools::Postgres(pool) => usize::try_from(pool.options().get_max_connections()).unwrap_or(1),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Error> {
        self.read().await?.query("SELECT 1").execute().await.map(drop)
    }

    /// Closes every connection: readers first, so that the writer folds the write-ahead log in.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close();
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Runs to its end even when the request that asked for it is gone.
async fn uncancelled<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(work.in_current_span()).await.unwrap_or(Err(Error::Interrupted))
}

enum Connection {
    SqliteReader(Reader),
    Postgres(PoolConnection<Postgres>),
    SqliteTransaction(sqlx::Transaction<'static, Sqlite>),
    PostgresTransaction(sqlx::Transaction<'static, Postgres>),
}

/// A reading view of the database. Dropping it ends it.
pub struct Snapshot {
    connection: Connection,
    statements: Arc<AtomicU64>,
}

impl Snapshot {
    /// A statement that both databases understand.
    pub fn query(&mut self, sql: &'static str) -> Stmt<'_> {
        self.either(sql, sql)
    }

    /// A statement where the two differ: the `SQLite` text, the `PostgreSQL` text.
    pub fn either(&mut self, sqlite: &'static str, postgres: &'static str) -> Stmt<'_> {
        let sql = if self.is_sqlite() { sqlite } else { postgres };
        self.statement(Cow::Borrowed(sql))
    }

    /// A statement put together from literals of this crate; values are bound, never written into it.
    pub fn assembled(&mut self, sql: String) -> Stmt<'_> {
        self.statement(Cow::Owned(sql))
    }

    fn statement(&mut self, sql: Cow<'static, str>) -> Stmt<'_> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let timer = Timer::start(sql.clone());
        let bound = match &mut self.connection {
            Connection::SqliteReader(reader) => Bound::SqliteRead { sql, values: Vec::new(), reader, slow: false },
            Connection::SqliteTransaction(transaction) => Bound::Sqlite(sqlx::query(text(sql)), transaction),
            Connection::Postgres(connection) => Bound::Postgres(sqlx::query(text(sql)), connection),
            Connection::PostgresTransaction(transaction) => Bound::Postgres(sqlx::query(text(sql)), transaction),
        };
        Stmt(bound, timer)
    }

    /// Hands on each row of a `SELECT` in turn, until `row` wants no more: none is kept, however many there are. `bind`
    /// binds the values. On `SQLite` the rows are read where this is called, so call it on a thread for such work.
    /// `PostgreSQL` has only so many on the way that a reader who wants no more need not wait for the rest; it needs
    /// a snapshot of [`Db::snapshot`].
    pub async fn walk<R: Record>(
        &mut self,
        sql: String,
        bind: impl Fn(Stmt<'_>) -> Stmt<'_>,
        mut row: impl AsyncFnMut(R) -> bool,
    ) -> Result<(), Error> {
        // Not timed: how long it takes is up to whoever takes the rows.
        let Stmt(bound, _) = bind(self.assembled(sql.clone()));
        if let Bound::SqliteRead { sql, values, reader, .. } = bound {
            return reader.each(&sql, &values, row).await;
        }
        bind(self.assembled(format!("DECLARE walked NO SCROLL CURSOR FOR {sql}"))).execute().await?;
        loop {
            let rows: Vec<R> = self.assembled(format!("FETCH {FETCHED} FROM walked")).once().all().await?;
            if rows.is_empty() {
                return self.query("CLOSE walked").execute().await.map(drop);
            }
            for one in rows {
                if !row(one).await {
                    return Ok(());
                }
            }
        }
    }

    /// Whether this is `SQLite`.
    pub fn is_sqlite(&self) -> bool {
        matches!(self.connection, Connection::SqliteReader(_) | Connection::SqliteTransaction(_))
    }

    /// What a `SELECT` ends with that locks its rows until the change ends. The one writer of `SQLite` is lock enough.
    pub(super) fn for_update(&self) -> &'static str {
        if self.is_sqlite() { "" } else { " FOR UPDATE" }
    }
}

/// Something that can be read from: a snapshot, or a transaction that also writes.
pub trait Read: Send {
    /// The snapshot underneath.
    #[doc(hidden)]
    fn at(&mut self) -> &mut Snapshot;
}

impl dyn Read + '_ {
    /// A statement that both databases understand.
    pub fn query(&mut self, sql: &'static str) -> Stmt<'_> {
        self.at().query(sql)
    }

    /// A statement put together from literals of this crate; values are bound, never written into it.
    pub fn assembled(&mut self, sql: String) -> Stmt<'_> {
        self.at().assembled(sql)
    }

    /// Whether this is `SQLite`.
    pub fn is_sqlite(&mut self) -> bool {
        self.at().is_sqlite()
    }
}

impl Read for Snapshot {
    fn at(&mut self) -> &mut Snapshot {
        self
    }
}

impl Read for WriteTx {
    fn at(&mut self) -> &mut Snapshot {
        &mut self.at
    }
}

impl Read for MaintenanceTx {
    fn at(&mut self) -> &mut Snapshot {
        &mut self.0
    }
}

/// A business write under way. Dropping it undoes everything.
pub struct WriteTx {
    at: Snapshot,
    /// Gives times and ids to whatever is written.
    pub clock: Clock,
    /// By how much the kept counts change: written last, so that nobody waits for a count while holding one.
    pub(super) counts: Counts,
    events: Vec<Event>,
}

impl std::ops::Deref for WriteTx {
    type Target = Snapshot;
    fn deref(&self) -> &Snapshot {
        &self.at
    }
}

impl std::ops::DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut Snapshot {
        &mut self.at
    }
}

impl WriteTx {
    /// Adds an event to those that will be committed; the last one goes to [`WriteTx::commit`].
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Writes the counts, and the events to the log, and commits. The only way to keep what was written.
    pub async fn commit(mut self, event: Event) -> Result<(), Error> {
        self.record(event);
        counts::write(&mut self).await?;
        let events = std::mem::take(&mut self.events);
        super::audit::append(&mut self, events).await?;
        commit(self.at).await
    }
}

/// A write outside the business tables. Dropping it undoes everything.
pub struct MaintenanceTx(Snapshot);

impl std::ops::Deref for MaintenanceTx {
    type Target = Snapshot;
    fn deref(&self) -> &Snapshot {
        &self.0
    }
}

impl std::ops::DerefMut for MaintenanceTx {
    fn deref_mut(&mut self) -> &mut Snapshot {
        &mut self.0
    }
}

impl MaintenanceTx {
    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), Error> {
        commit(self.0).await
    }
}

async fn commit(snapshot: Snapshot) -> Result<(), Error> {
    uncancelled(async move {
        match snapshot.connection {
            Connection::SqliteTransaction(transaction) => transaction.commit().await?,
            Connection::PostgresTransaction(transaction) => {
                transaction.commit().await.map_err(|error| match error.into() {
                    Error::Unavailable(error) => Error::Uncertain(error),
                    other => other,
                })?;
            }
            Connection::SqliteReader(_) | Connection::Postgres(_) => {}
        }
        Ok(())
    })
    .await
}

/// Every text that comes here is of this crate; values are bound.
fn text(sql: Cow<'static, str>) -> AssertSqlSafe<Cow<'static, str>> {
    AssertSqlSafe(sql)
}

/// A statement with its values, bound to a connection.
pub struct Stmt<'t>(Bound<'t>, Timer);

enum Bound<'t> {
    SqliteRead { sql: Cow<'static, str>, values: Vec<Value>, reader: &'t mut Reader, slow: bool },
    Sqlite(Query<'static, Sqlite, SqliteArguments>, &'t mut sqlx::SqliteConnection),
    Postgres(Query<'static, Postgres, PgArguments>, &'t mut sqlx::PgConnection),
}

impl Stmt<'_> {
    /// Binds the next `$n`.
    #[must_use]
    pub fn bind<T: Column>(self, value: T) -> Self {
        let bound = match self.0 {
            Bound::SqliteRead { sql, mut values, reader, slow } => {
                values.push(value.into_value());
                Bound::SqliteRead { sql, values, reader, slow }
            }
            Bound::Sqlite(query, connection) => Bound::Sqlite(query.bind(value), connection),
            Bound::Postgres(query, connection) => Bound::Postgres(query.bind(value), connection),
        };
        Self(bound, self.1)
    }

    /// The same where it may take more than a few hundred microseconds: it runs where no page waits behind it.
    #[must_use]
    pub fn slow(mut self) -> Self {
        if let Bound::SqliteRead { slow, .. } = &mut self.0 {
            *slow = true;
        }
        self
    }

    /// The same where the text of a statement does not tell its columns, so that no later one may be run by its plan.
    #[must_use]
    fn once(self) -> Self {
        let bound = match self.0 {
            Bound::Postgres(query, connection) => Bound::Postgres(query.persistent(false), connection),
            other => other,
        };
        Self(bound, self.1)
    }

    /// Runs it; the number of rows it touched.
    pub async fn execute(self) -> Result<u64, Error> {
        Ok(match self.0 {
            Bound::SqliteRead { sql, values, reader, .. } => {
                reader.run(&sql, &values)?;
                0
            }
            Bound::Sqlite(query, connection) => query.execute(connection).await?.rows_affected(),
            Bound::Postgres(query, connection) => query.execute(connection).await?.rows_affected(),
        })
    }

    /// All rows.
    pub async fn all<R: Record>(self) -> Result<Vec<R>, Error> {
        match self.0 {
            Bound::SqliteRead { sql, values, reader, slow: false } => reader.all(&sql, &values),
            Bound::SqliteRead { sql, values, reader, slow: true } => reader.all_slowly(sql.into_owned(), values).await,
            Bound::Sqlite(query, connection) => {
                let rows = query.fetch_all(connection).await?;
                rows.iter().map(|row| R::read(&mut Reading::of(row))).collect()
            }
            Bound::Postgres(query, connection) => {
                let rows = query.fetch_all(connection).await?;
                rows.iter().map(|row| R::read(&mut Reading::of(row))).collect()
            }
        }
    }

    /// The row, if there is one.
    pub async fn optional<R: Record>(self) -> Result<Option<R>, Error> {
        Ok(self.all().await?.into_iter().next())
    }

    /// The row that must be there.
    pub async fn one<R: Record>(self) -> Result<R, Error> {
        self.optional().await?.ok_or_else(|| Error::Broken("a row is missing".into()))
    }
}
