//! `PostgreSQL` by way of `sqlx`.
//!
//! **Cancel safety.** A gone client drops the future that serves it. A BEGIN or COMMIT cut off half way can leave a
//! connection inside a transaction that nobody commits, and what later borrowers of that connection write would
//! vanish. So both run in tasks of their own, which nothing cancels, and a connection found inside a transaction is
//! closed when it is acquired.

use std::{str::FromStr as _, time::Duration};

use sqlx::{
    ConnectOptions as _, Executor as _, PgPool, Postgres, Row as _, Transaction,
    pool::PoolOptions,
    postgres::{PgConnectOptions, PgConnection},
};
use tracing::Instrument as _;

use super::Error;

/// One moment, however many statements read it.
pub(super) const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A write.
pub(super) const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// How to connect.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    Ok(PgConnectOptions::from_str(url)?
        .application_name("countersign")
        // A longer wait for a lock is refused; a lock whose client is gone is released.
        .options([("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "60s")])
        // A plan made while a table was empty would read all of it for every line of a large import.
        .options([("plan_cache_mode", "force_custom_plan")])
        .statement_cache_capacity(256)
        .disable_statement_logging())
}

/// The connections, made when they are needed.
pub(super) fn pool(options: PgConnectOptions, connections: u32) -> PgPool {
    PoolOptions::<Postgres>::new()
        .max_connections(connections)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(10))
        .before_acquire(|connection, _| Box::pin(async move { Ok(is_free(connection).await) }))
        .connect_lazy_with(options)
}

/// Outside a transaction the two clocks agree. A connection that somebody left inside one is closed, so that nothing is
/// written into a transaction that nobody commits; one that is gone is replaced. Only a simple query keeps the clocks
/// together: a prepared one begins its transaction before its statement.
async fn is_free(connection: &mut PgConnection) -> bool {
    let clocks = connection.fetch_one(sqlx::raw_sql("SELECT transaction_timestamp() = statement_timestamp()"));
    clocks.await.and_then(|row| row.try_get(0)).unwrap_or(false)
}

/// Begins a transaction.
pub(super) async fn begin(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>, Error> {
    let pool = pool.clone();
    uncancelled(async move { Ok(pool.begin_with(statement).await?) }).await
}

/// Keeps what was written.
pub(super) async fn commit(transaction: Transaction<'static, Postgres>) -> Result<(), Error> {
    uncancelled(async move {
        transaction.commit().await.map_err(|error| match error.into() {
            Error::Unavailable(error) => Error::Uncertain(error),
            other => other,
        })
    })
    .await
}

/// Runs to its end even when the request that asked for it is gone.
async fn uncancelled<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(work.in_current_span()).await.unwrap_or(Err(Error::Interrupted))
}
