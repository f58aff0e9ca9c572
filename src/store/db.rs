//! One handle over two databases, and what may be done with it.
//!
//! - A [`ReadConn`] reads with one statement, a [`Snapshot`] with as many as it likes: it sees one moment.
//! - A [`WriteTx`] reads and writes; it commits only with an event for the log.
//! - A [`MaintenanceTx`] writes what is nobody's business: sessions, attempts, preferences. It cannot name a table whose
//!   rows the log vouches for.
//!
//! None of them is another: what only reads takes a [`Read`], as which each of them can be lent. Statements are run in
//! the store and nowhere else.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Error,
    counts::key::Counts,
    postgres,
    row::Record,
    scope::Scope,
    sqlite,
    statement::{Connection, Handle, Stmt},
};
use crate::domain::{audit::Event, clock::Clock};

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
    Sqlite { write: sqlite::Pool, read: sqlite::Pool },
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
        let connection = match &self.pools {
            Pools::Sqlite { read, .. } => Connection::Sqlite(read.begin_read().await?),
            Pools::Postgres(pool) => Connection::PostgresTransaction(postgres::begin(pool, postgres::SNAPSHOT).await?),
        };
        Ok(Snapshot { handle: self.handle(connection, Scope::Read) })
    }

    /// For a page that reads with one statement, which sees one moment by itself.
    pub async fn read(&self) -> Result<ReadConn, Error> {
        let connection = match &self.pools {
            Pools::Sqlite { read, .. } => Connection::Sqlite(read.acquire().await?),
            Pools::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
        };
        Ok(ReadConn { handle: self.handle(connection, Scope::Read) })
    }

    /// A business write. Nothing of it stays unless it is committed with an event.
    pub async fn write(&self) -> Result<WriteTx, Error> {
        let handle = self.begin(Scope::Business).await?;
        Ok(WriteTx { handle, clock: self.clock.clone(), counts: Counts::default(), events: Vec::new() })
    }

    /// A write outside the business tables, committed without an event.
    pub async fn maintenance(&self) -> Result<MaintenanceTx, Error> {
        Ok(MaintenanceTx { handle: self.begin(Scope::Maintenance).await? })
    }

    async fn begin(&self, scope: Scope) -> Result<Handle, Error> {
        let connection = match &self.pools {
            Pools::Sqlite { write, .. } => Connection::Sqlite(write.begin().await?),
            Pools::Postgres(pool) => Connection::PostgresTransaction(postgres::begin(pool, postgres::WRITE).await?),
        };
        Ok(self.handle(connection, scope))
    }

    fn handle(&self, connection: Connection, scope: Scope) -> Handle {
        Handle::new(connection, scope, &self.statements)
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
        self.read().await?.handle.query("SELECT 1").execute().await.map(drop)
    }

    /// Closes every connection: readers first, so that the writer folds the write-ahead log in.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

mod sealed {
    use super::Handle;

    /// What only the store can see of a [`Read`](super::Read).
    pub trait Lend: Send {
        fn handle(&self) -> &Handle;
        fn handle_mut(&mut self) -> &mut Handle;
    }
}

/// Something that can be read from: a connection, a snapshot, or a transaction that also writes.
pub trait Read: sealed::Lend {}

impl dyn Read + '_ {
    /// A statement that both databases understand.
    pub(in crate::store) fn query(&mut self, sql: &'static str) -> Stmt<'_> {
        self.handle_mut().statement(Scope::Read, Cow::Borrowed(sql))
    }

    /// A statement put together from literals of this crate; values are bound, never written into it.
    pub(in crate::store) fn assembled(&mut self, sql: String) -> Stmt<'_> {
        self.handle_mut().statement(Scope::Read, Cow::Owned(sql))
    }

    /// Any statement at all, for tests.
    pub(in crate::store) fn unchecked(&mut self, sql: String) -> Stmt<'_> {
        self.handle_mut().statement(Scope::Business, Cow::Owned(sql))
    }

    /// Whether this is `SQLite`.
    pub(in crate::store) fn is_sqlite(&self) -> bool {
        self.handle().is_sqlite()
    }
}

/// A transaction, whichever it is: for what each kind of them may write.
pub trait Write: Read {}

impl dyn Write + '_ {
    /// A statement that both databases understand.
    pub(in crate::store) fn query(&mut self, sql: &'static str) -> Stmt<'_> {
        self.handle_mut().query(sql)
    }

    /// A statement put together from literals of this crate; values are bound, never written into it.
    pub(in crate::store) fn assembled(&mut self, sql: String) -> Stmt<'_> {
        let handle = self.handle_mut();
        handle.statement(handle.scope(), Cow::Owned(sql))
    }
}

macro_rules! lent {
    ($($kind:ty),+) => {$(
        impl sealed::Lend for $kind {
            fn handle(&self) -> &Handle {
                &self.handle
            }

            fn handle_mut(&mut self) -> &mut Handle {
                &mut self.handle
            }
        }

        impl Read for $kind {}
    )+};
}
lent!(ReadConn, Snapshot, WriteTx, MaintenanceTx);

macro_rules! writing {
    ($($kind:ty),+) => {$(
        impl Write for $kind {}

        impl $kind {
            /// A statement that both databases understand.
            pub(in crate::store) fn query(&mut self, sql: &'static str) -> Stmt<'_> {
                self.handle.query(sql)
            }

            /// A statement where the two differ: the `SQLite` text, the `PostgreSQL` text.
            pub(in crate::store) fn either(&mut self, sqlite: &'static str, postgres: &'static str) -> Stmt<'_> {
                let sql = if self.handle.is_sqlite() { sqlite } else { postgres };
                self.handle.query(sql)
            }

            /// What a `SELECT` ends with that locks its rows until the transaction ends. The one writer of `SQLite` is lock
            /// enough.
            pub(in crate::store) fn for_update(&self) -> &'static str {
                if self.handle.is_sqlite() { "" } else { " FOR UPDATE" }
            }
        }
    )+};
}
writing!(WriteTx, MaintenanceTx);

/// A connection for one statement.
pub struct ReadConn {
    handle: Handle,
}

/// A reading view of one moment of the database. Dropping it ends it.
pub struct Snapshot {
    handle: Handle,
}

impl Snapshot {
    /// Hands on each row of a `SELECT` in turn, until `row` wants no more: none is kept, however many there are. `bind`
    /// binds the values. On `SQLite` the rows are read where this is called, so call it on a thread for such work.
    /// `PostgreSQL` has only so many on the way that a reader who wants no more need not wait for the rest.
    pub(in crate::store) async fn walk<R: Record>(
        &mut self,
        sql: String,
        bind: impl Fn(Stmt<'_>) -> Stmt<'_>,
        row: impl AsyncFnMut(R) -> bool,
    ) -> Result<(), Error> {
        self.handle.walk(sql, bind, row).await
    }

    /// Whether this is `SQLite`.
    pub(in crate::store) fn is_sqlite(&self) -> bool {
        self.handle.is_sqlite()
    }
}

/// A business write under way. Dropping it undoes everything.
pub struct WriteTx {
    handle: Handle,
    /// Gives times and ids to whatever is written.
    pub clock: Clock,
    /// By how much the kept counts change: written last, so that nobody waits for a count while holding one.
    pub(super) counts: Counts,
    events: Vec<Event>,
}

impl WriteTx {
    /// Adds an event to those that will be committed; the last one goes to `WriteTx::commit`.
    pub fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The events so far, to be written before the end.
    pub(super) fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Keeps what was written.
    pub(super) async fn end(self) -> Result<(), Error> {
        commit(self.handle).await
    }

    /// Whether this is `SQLite`.
    pub(in crate::store) fn is_sqlite(&self) -> bool {
        self.handle.is_sqlite()
    }

    /// For what a recount writes as well.
    pub(in crate::store) fn handle(&mut self) -> &mut Handle {
        &mut self.handle
    }
}

/// A write outside the business tables. Dropping it undoes everything.
pub struct MaintenanceTx {
    handle: Handle,
}

impl MaintenanceTx {
    /// A statement put together from literals of this crate; values are bound, never written into it.
    pub(in crate::store) fn assembled(&mut self, sql: String) -> Stmt<'_> {
        self.handle.statement(self.handle.scope(), Cow::Owned(sql))
    }

    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), Error> {
        commit(self.handle).await
    }
}

async fn commit(handle: Handle) -> Result<(), Error> {
    match handle.into_connection() {
        Connection::Sqlite(session) => session.commit().await,
        Connection::PostgresTransaction(transaction) => postgres::commit(transaction).await,
        Connection::Postgres(_) => Ok(()),
    }
}
