//! What reads from `SQLite`: a few connections of `rusqlite` that serve where they are called.
//!
//! `sqlx` hands every statement and every row from a thread of its own to the caller, which costs several times
//! the work itself. Point reads and short lists take microseconds, so they run on the thread that serves the
//! page; a statement that may take longer is marked [`slow`](super::db::Stmt::slow) and runs on a thread for such work.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Rows, Statement, types::Value};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    Error,
    row::{Reading, Record},
};

/// How long a page waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(10);

/// How long a statement waits for a file that another process has locked whole. Writers do not make readers wait.
const BUSY: Duration = Duration::from_secs(1);

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 256;

/// The connections.
#[derive(Clone)]
pub(super) struct Readers(Arc<Parts>);

struct Parts {
    path: PathBuf,
    connections: usize,
    places: Arc<Semaphore>,
    /// Those that nobody uses; the one used last is taken first, for its cache is warm.
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// At most so many connections, opened when they are needed.
    pub(super) fn new(path: PathBuf, connections: u32) -> Self {
        let connections = usize::try_from(connections).unwrap_or(1);
        let places = Arc::new(Semaphore::new(connections));
        Self(Arc::new(Parts { path, connections, places, idle: Mutex::default() }))
    }

    /// How many there are at most.
    pub(super) fn connections(&self) -> usize {
        self.0.connections
    }

    /// A connection to read with, outside a transaction.
    pub(super) async fn acquire(&self) -> Result<Reader, Error> {
        let place = match Arc::clone(&self.0.places).try_acquire_owned() {
            Ok(place) => place,
            Err(_) => tokio::time::timeout(ACQUIRE, Arc::clone(&self.0.places).acquire_owned())
                .await
                .map_err(|_| Error::Unavailable("no connection became free in time".into()))?
                .map_err(|_| Error::Unavailable("the connections are closed".into()))?,
        };
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.open()?,
        };
        Ok(Reader(Some(Lease { connection: Some(connection), readers: self.clone(), _place: place })))
    }

    /// Closes what nobody uses, and what is used as soon as it is given back.
    pub(super) fn close(&self) {
        self.0.places.close();
        self.idle().clear();
    }

    fn open(&self) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.0.path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection to read with; empty only while a statement has it on another thread.
pub(super) struct Reader(Option<Lease>);

impl Reader {
    /// Begins a transaction, which sees one moment; it ends with the reader.
    pub(super) fn begin(&self) -> Result<(), Error> {
        self.lease()?.run("BEGIN", &[])
    }

    /// All rows of a statement, here and now.
    pub(super) fn all<R: Record>(&self, sql: &str, values: &[Value]) -> Result<Vec<R>, Error> {
        self.lease()?.all(sql, values)
    }

    /// All rows of a statement that may take long.
    pub(super) async fn all_slowly<R: Record>(&mut self, sql: String, values: Vec<Value>) -> Result<Vec<R>, Error> {
        let lease = self.0.take().ok_or(Error::Interrupted)?;
        let span = tracing::Span::current();
        let work = tokio::task::spawn_blocking(move || {
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
        let mut rows = query(&mut statement, values)?;
        while let Some(one) = rows.next()? {
            if !row(R::read(&mut Reading::of(one))?).await {
                break;
            }
        }
        Ok(())
    }

    /// Runs a statement without looking at its rows.
    pub(super) fn run(&self, sql: &str, values: &[Value]) -> Result<(), Error> {
        self.lease()?.run(sql, values)
    }

    fn lease(&self) -> Result<&Lease, Error> {
        self.0.as_ref().ok_or(Error::Interrupted)
    }
}

/// A connection on its way back to the others.
struct Lease {
    connection: Option<Connection>,
    readers: Readers,
    _place: OwnedSemaphorePermit,
}

impl Lease {
    fn all<R: Record>(&self, sql: &str, values: &[Value]) -> Result<Vec<R>, Error> {
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let mut rows = query(&mut statement, values)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(R::read(&mut Reading::of(row))?);
        }
        Ok(all)
    }

    fn run(&self, sql: &str, values: &[Value]) -> Result<(), Error> {
        let mut statement = self.connection()?.prepare_cached(sql)?;
        let mut rows = query(&mut statement, values)?;
        while rows.next()?.is_some() {}
        Ok(())
    }

    fn connection(&self) -> Result<&Connection, Error> {
        self.connection.as_ref().ok_or(Error::Interrupted)
    }
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
        if free && !self.readers.0.places.is_closed() {
            self.readers.idle().push(connection);
        }
    }
}
