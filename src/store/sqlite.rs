//! `SQLite` by way of `rusqlite`: a few connections that read, and one that writes.
//!
//! Statements take microseconds, so they run on the thread that serves the page; one that may take longer is marked
//! [`slow`](super::statement::Stmt::slow) and runs on a thread for such work, and so does COMMIT, which waits for the disk.
//!
//! **The writer.** Transactions queue for the one connection that writes, and have it in the order in which they came.
//! The queue is bounded in length and in time. A transaction that is dropped is rolled back at once, and the next one
//! has its turn. Callers know only [`Pool::begin`] and [`Session::commit`]: several transactions could share
//! one COMMIT, each behind a savepoint of its own and each told of it after the disk has it, without a change above.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, Rows, Statement, types::Value};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::{Instant, sleep, timeout},
};

use super::{
    Error,
    row::{Reading, Record},
};

/// How long a caller waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// Transactions that may wait for the connection that writes.
pub(super) const QUEUE: usize = 1_000;

/// How long a reader waits for a file that another process has locked whole. Writers do not make readers wait.
const READ_BUSY: Duration = Duration::from_secs(1);

/// How long a write waits for one of another process.
const WRITE_BUSY: Duration = Duration::from_secs(5);

/// The longest pause before the file is tried again.
const PAUSE: Duration = Duration::from_millis(25);

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Read,
    Write,
}

/// Opens a connection that writes, with the settings that evidence needs.
pub(super) fn open_writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(WRITE_BUSY)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // NORMAL loses acknowledged writes when the power goes.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Without it INSERT OR REPLACE would slip past the append-only triggers.
    connection.pragma_update(None, "recursive_triggers", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(READ_BUSY)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Connections to one file.
#[derive(Clone)]
pub(super) struct Pool(Arc<Parts>);

struct Parts {
    path: PathBuf,
    purpose: Purpose,
    connections: usize,
    /// Who may wait.
    queue: usize,
    waiting: AtomicUsize,
    places: Arc<Semaphore>,
    /// Idle connections; the one used last is taken first, for its cache is warm.
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    /// At most so many connections that read, opened when they are needed.
    pub(super) fn readers(path: &Path, connections: usize) -> Self {
        Self::new(path, Purpose::Read, connections, usize::MAX, Vec::new())
    }

    /// The connection that writes, opened by [`open_writer`].
    pub(super) fn writer(path: &Path, connection: Connection) -> rusqlite::Result<Self> {
        // Waiting for another process must not block the thread that serves pages: see `begin`.
        connection.busy_timeout(Duration::ZERO)?;
        Ok(Self::new(path, Purpose::Write, 1, QUEUE, vec![connection]))
    }

    fn new(path: &Path, purpose: Purpose, connections: usize, queue: usize, idle: Vec<Connection>) -> Self {
        Self(Arc::new(Parts {
            path: path.to_owned(),
            purpose,
            connections,
            queue,
            waiting: AtomicUsize::new(0),
            places: Arc::new(Semaphore::new(connections)),
            idle: Mutex::new(idle),
        }))
    }

    /// How many connections there are at most.
    pub(super) fn connections(&self) -> usize {
        self.0.connections
    }

    /// A connection, outside a transaction.
    pub(super) async fn acquire(&self) -> Result<Session, Error> {
        let place = match Arc::clone(&self.0.places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => self.wait().await?,
        };
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        let lease = Lease { connection: Some(connection), in_transaction: false, pool: self.clone(), _place: place };
        Ok(Session(Some(lease)))
    }

    async fn wait(&self) -> Result<OwnedSemaphorePermit, Error> {
        let _waiting = Waiting::enter(&self.0)?;
        timeout(ACQUIRE, Arc::clone(&self.0.places).acquire_owned())
            .await
            .map_err(|_| Error::Unavailable("no connection became free in time".into()))?
            .map_err(|_| Error::Unavailable("the connections are closed".into()))
    }

    /// A transaction that sees one moment.
    pub(super) async fn begin_read(&self) -> Result<Session, Error> {
        let mut session = self.acquire().await?;
        session.run("BEGIN", &[])?;
        session.has_begun();
        Ok(session)
    }

    /// A transaction that writes. It holds the file's lock from the start, so that no statement of it waits for another
    /// process.
    pub(super) async fn begin(&self) -> Result<Session, Error> {
        let mut session = self.acquire().await?;
        let most = Instant::now() + WRITE_BUSY;
        let mut pause = Duration::from_millis(1);
        loop {
            let begun =
                session.lease()?.connection()?.prepare_cached("BEGIN IMMEDIATE").and_then(|mut it| it.execute([]));
            match begun {
                Ok(_) => {
                    session.has_begun();
                    return Ok(session);
                }
                Err(error) if is_busy(&error) && Instant::now() < most => sleep(pause).await,
                Err(error) => return Err(error.into()),
            }
            pause = PAUSE.min(pause * 2);
        }
    }

    /// Closes idle connections at once and others when they are given back; waits for the connection that writes.
    pub(super) async fn close(&self) {
        if self.0.purpose == Purpose::Write {
            // A transaction that takes longer closes the connection when it ends.
            let _last = timeout(ACQUIRE, self.0.places.acquire()).await;
        }
        self.0.places.close();
        self.idle().clear();
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        match self.0.purpose {
            Purpose::Read => open_reader(&self.0.path),
            Purpose::Write => {
                let connection = open_writer(&self.0.path)?;
                connection.busy_timeout(Duration::ZERO)?;
                Ok(connection)
            }
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// A place in the queue.
struct Waiting<'p>(&'p Parts);

impl<'p> Waiting<'p> {
    fn enter(parts: &'p Parts) -> Result<Self, Error> {
        let waiting = Self(parts);
        if parts.waiting.fetch_add(1, Ordering::Relaxed) < parts.queue {
            return Ok(waiting);
        }
        Err(Error::Unavailable("too many wait for a connection already".into()))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection in use; empty only while a statement has it on another thread. Dropping it rolls back what it began.
pub(super) struct Session(Option<Lease>);

impl Session {
    /// All rows of a statement, here and now.
    pub(super) fn all<R: Record>(&self, sql: &str, values: &[Value]) -> Result<Vec<R>, Error> {
        self.lease()?.all(sql, values)
    }

    /// All rows of a statement that may take long.
    pub(super) async fn all_slowly<R: Record>(&mut self, sql: String, values: Vec<Value>) -> Result<Vec<R>, Error> {
        let lease = self.0.take().ok_or(Error::Interrupted)?;
        let span = tracing::Span::current();
        let work = spawn_blocking(move || {
            let _entered = span.enter();
            let rows = lease.all(&sql, &values);
            (lease, rows)
        });
        let (lease, rows) = work.await.map_err(|_| Error::Interrupted)?;
        self.0 = Some(lease);
        rows
    }

    /// Hands on each row of a statement, here and now, until no more are wanted.
    pub(super) async fn each<R: Record>(
        &self,
        sql: &str,
        values: &[Value],
        mut row: impl AsyncFnMut(R) -> bool,
    ) -> Result<(), Error> {
        let mut statement = self.lease()?.connection()?.prepare_cached(sql)?;
        check::<R>(&statement)?;
        let mut rows = query(&mut statement, values)?;
        while let Some(one) = rows.next()? {
            if !row(R::read(&mut Reading::of(one))?).await {
                break;
            }
        }
        Ok(())
    }

    /// Runs a statement without looking at its rows; how many it changed.
    pub(super) fn run(&self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.lease()?.run(sql, values)
    }

    /// Keeps what was written: when this returns well, the disk has it. Nothing cancels it.
    pub(super) async fn commit(self) -> Result<(), Error> {
        let lease = self.0.ok_or(Error::Interrupted)?;
        let span = tracing::Span::current();
        let work = spawn_blocking(move || {
            let _entered = span.enter();
            lease.run("COMMIT", &[]).map(drop)
        });
        work.await.map_err(|_| Error::Interrupted)?
    }

    fn has_begun(&mut self) {
        if let Some(lease) = &mut self.0 {
            lease.in_transaction = true;
        }
    }

    fn lease(&self) -> Result<&Lease, Error> {
        self.0.as_ref().ok_or(Error::Interrupted)
    }
}

/// A connection on its way back to the others.
struct Lease {
    connection: Option<Connection>,
    in_transaction: bool,
    pool: Pool,
    _place: OwnedSemaphorePermit,
}

impl Lease {
    fn all<R: Record>(&self, sql: &str, values: &[Value]) -> Result<Vec<R>, Error> {
        let mut statement = self.connection()?.prepare_cached(sql)?;
        check::<R>(&statement)?;
        let mut rows = query(&mut statement, values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(R::read(&mut Reading::of(row))?);
        }
        Ok(all)
    }

    fn run(&self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = query(&mut statement, values)?;
        while rows.next()?.is_some() {}
        drop(rows);
        // What reads leaves the figure of the statement before it.
        Ok(if statement.readonly() { 0 } else { connection.changes() })
    }

    fn connection(&self) -> Result<&Connection, Error> {
        let connection = self.connection.as_ref().ok_or(Error::Interrupted)?;
        // A full disk rolls a transaction back by itself: what followed would be kept statement by statement.
        if self.in_transaction && connection.is_autocommit() {
            return Err(Error::Unavailable("the database has ended the transaction".into()));
        }
        Ok(connection)
    }
}

fn check<R: Record>(statement: &Statement<'_>) -> Result<(), Error> {
    R::check(&mut (0..statement.column_count()).map(|place| statement.column_name(place).unwrap_or_default()))
}

/// Binds each value where its number stands: to `SQLite` `$2` is a name, and the place of a name is where it
/// stands first in the text.
fn query<'s>(statement: &'s mut Statement<'_>, values: &[Value]) -> Result<Rows<'s>, Error> {
    for place in 1..=statement.parameter_count() {
        let number = statement.parameter_name(place).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| Error::Broken("a statement has a place without a value".into()))?;
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(statement.raw_query())
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // One that cannot leave its transaction is closed.
        let free = connection.is_autocommit()
            || connection.prepare_cached("ROLLBACK").and_then(|mut end| end.execute([])).is_ok();
        if free && !self.pool.0.places.is_closed() {
            self.pool.idle().push(connection);
        }
    }
}
