//! A statement on its way to one of the two drivers: the same SQL text, chosen at run time, typed at compile time.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use rusqlite::types::Value;
use sqlx::{
    AssertSqlSafe, PgConnection, Postgres, Row as _, Transaction, pool::PoolConnection, postgres::PgArguments,
    query::Query,
};
use tokio::task::coop::consume_budget;

use super::{
    Error,
    row::{Column, Reading, Record},
    scope::Scope,
    slow_log::Timer,
    sqlite::Session,
};

/// Rows that [`Handle::walk`] has on the way from `PostgreSQL`.
const FETCHED: usize = 1_000;

/// A connection of one of the drivers.
pub(super) enum Connection {
    Sqlite(Session),
    Postgres(PoolConnection<Postgres>),
    PostgresTransaction(Transaction<'static, Postgres>),
}

/// What every reader and every transaction has underneath.
pub struct Handle {
    connection: Connection,
    scope: Scope,
    statements: Arc<AtomicU64>,
}

impl Handle {
    pub(super) fn new(connection: Connection, scope: Scope, statements: &Arc<AtomicU64>) -> Self {
        Self { connection, scope, statements: Arc::clone(statements) }
    }

    /// The connection, to commit what was written.
    pub(super) fn into_connection(self) -> Connection {
        self.connection
    }

    /// What the opener of this may do.
    pub(super) fn scope(&self) -> Scope {
        self.scope
    }

    /// A statement that both databases understand.
    pub(super) fn query(&mut self, sql: &'static str) -> Stmt<'_> {
        self.statement(self.scope, Cow::Borrowed(sql))
    }

    /// Every statement of the portal is made here.
    pub(super) fn statement(&mut self, scope: Scope, sql: Cow<'static, str>) -> Stmt<'_> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let timer = Timer::start(sql.clone());
        if let Some(table) = scope.refuses(&sql) {
            return Stmt(Bound::Refused(format!("{scope:?} must not write {table}: {sql}")), timer);
        }
        let bound = match &mut self.connection {
            Connection::Sqlite(session) => Bound::Sqlite { sql, values: Vec::new(), session, slow: false },
            Connection::Postgres(connection) => Bound::Postgres(sqlx::query(text(sql)), connection),
            Connection::PostgresTransaction(transaction) => Bound::Postgres(sqlx::query(text(sql)), transaction),
        };
        Stmt(bound, timer)
    }

    /// Hands on each row of a `SELECT` in turn: see [`Snapshot::walk`](super::Snapshot::walk).
    pub(super) async fn walk<R: Record>(
        &mut self,
        sql: String,
        bind: impl Fn(Stmt<'_>) -> Stmt<'_>,
        mut row: impl AsyncFnMut(R) -> bool,
    ) -> Result<(), Error> {
        let scope = self.scope;
        if self.is_sqlite() {
            // Not timed: how long it takes is up to whoever takes the rows.
            let Stmt(bound, _) = bind(self.statement(scope, Cow::Owned(sql)));
            return match bound {
                Bound::Sqlite { sql, values, session, .. } => session.each(&sql, &values, row).await,
                Bound::Refused(why) => Err(Error::Broken(why.into())),
                Bound::Postgres(..) => Ok(()),
            };
        }
        let declare = format!("DECLARE walked NO SCROLL CURSOR FOR {sql}");
        bind(self.statement(scope, Cow::Owned(declare))).execute().await?;
        loop {
            let fetch = format!("FETCH {FETCHED} FROM walked");
            let rows: Vec<R> = self.statement(scope, Cow::Owned(fetch)).once().all().await?;
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
    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self.connection, Connection::Sqlite(_))
    }
}

/// Every text that comes here is of this crate; values are bound.
fn text(sql: Cow<'static, str>) -> AssertSqlSafe<Cow<'static, str>> {
    AssertSqlSafe(sql)
}

/// A statement with its values, bound to a connection.
pub struct Stmt<'t>(Bound<'t>, Timer);

enum Bound<'t> {
    Sqlite { sql: Cow<'static, str>, values: Vec<Value>, session: &'t mut Session, slow: bool },
    Postgres(Query<'static, Postgres, PgArguments>, &'t mut PgConnection),
    Refused(String),
}

impl Stmt<'_> {
    /// Binds the next `$n`.
    #[must_use]
    pub fn bind<T: Column>(self, value: T) -> Self {
        let bound = match self.0 {
            Bound::Sqlite { sql, mut values, session, slow } => {
                values.push(value.into_value());
                Bound::Sqlite { sql, values, session, slow }
            }
            Bound::Postgres(query, connection) => Bound::Postgres(query.bind(value), connection),
            refused @ Bound::Refused(_) => refused,
        };
        Self(bound, self.1)
    }

    /// The same where it may take more than a few hundred microseconds: it runs where no page waits behind it.
    #[must_use]
    pub fn slow(mut self) -> Self {
        if let Bound::Sqlite { slow, .. } = &mut self.0 {
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
        match self.0 {
            Bound::Sqlite { sql, values, session, .. } => {
                let changed = session.run(&sql, &values)?;
                // A long series of writes yields to other tasks of this thread.
                consume_budget().await;
                Ok(changed)
            }
            Bound::Postgres(query, connection) => Ok(query.execute(connection).await?.rows_affected()),
            Bound::Refused(why) => Err(Error::Broken(why.into())),
        }
    }

    /// All rows.
    pub async fn all<R: Record>(self) -> Result<Vec<R>, Error> {
        match self.0 {
            Bound::Sqlite { sql, values, session, slow: false } => session.all(&sql, &values),
            Bound::Sqlite { sql, values, session, slow: true } => session.all_slowly(sql.into_owned(), values).await,
            Bound::Postgres(query, connection) => {
                let rows = query.fetch_all(connection).await?;
                if let Some(row) = rows.first() {
                    R::check(&mut row.columns().iter().map(sqlx::Column::name))?;
                }
                rows.iter().map(|row| R::read(&mut Reading::of(row))).collect()
            }
            Bound::Refused(why) => Err(Error::Broken(why.into())),
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
