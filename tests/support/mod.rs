//! A portal of one's own for each test, and a browser that reads its pages.

pub mod browser;
pub mod direct;
pub mod naughty_strings;
pub mod portal;
pub mod program;
pub mod raw;
pub mod rng;

use std::time::{Duration, Instant};

pub use browser::{Browser, Page};
pub use portal::{Database, Portal, TestDb};

/// Waits until something holds, and no longer than it may take.
pub async fn until(what: &str, most: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < most, "{what}: not within {most:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Makes of each test one on SQLite and one on PostgreSQL, each with a fresh portal.
#[macro_export]
macro_rules! on_both_databases {
    ($(async fn $name:ident($portal:ident) $body:block)+) => {$(
        async fn $name($portal: &$crate::support::Portal) $body

        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                let portal = $crate::support::Portal::start($crate::support::Database::Sqlite).await;
                super::$name(&portal).await;
                portal.stop().await;
            }

            #[tokio::test]
            async fn on_postgres() {
                if $crate::support::portal::postgres().is_none() {
                    eprintln!("left out: COUNTERSIGN_TEST_POSTGRES is not set");
                    return;
                }
                let portal = $crate::support::Portal::start($crate::support::Database::Postgres).await;
                super::$name(&portal).await;
                portal.stop().await;
            }
        }
    )+};
}
