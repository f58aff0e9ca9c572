//! A portal of one's own for each test, and a browser that reads its pages.

pub mod browser;
pub mod direct;
pub mod naughty_strings;
pub mod portal;
pub mod program;
pub mod raw;
pub mod rng;
mod template;
mod timing;

use std::time::{Duration, Instant};

pub use browser::{Browser, Page};
pub use countersign::store::testing::sql;
pub use portal::{Database, Portal, TestDb};

/// Waits until something holds, and no longer than it may take.
pub async fn until(what: &str, most: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let since = Instant::now();
    while !holds().await {
        assert!(since.elapsed() < most, "{what}: not within {most:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Runs a test with a fresh portal over a database of a kind.
pub async fn with_portal(kind: Database, test: impl AsyncFnOnce(&Portal)) {
    let portal = Portal::start(kind).await;
    test(&portal).await;
    portal.stop().await;
}

/// Makes of each function one test on SQLite and one on PostgreSQL, each with a fresh portal: for what the two
/// databases could do differently. The second is ignored unless asked for (see tests/README.md).
///
/// The functions are named, `on_both_databases! { one, other }`, and stand below as `async fn one(portal: &Portal)`.
/// Functions written inside the braces work too, but rustfmt does not format them there.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                $crate::support::with_portal($crate::support::Database::Sqlite, super::$name).await;
            }

            #[tokio::test]
            #[ignore = "needs PostgreSQL"]
            async fn on_postgres() {
                $crate::support::with_portal($crate::support::Database::Postgres, super::$name).await;
            }
        }
    )+};
    ($(async fn $name:ident($portal:ident) $body:block)+) => {
        $(async fn $name($portal: &$crate::support::Portal) $body)+
        $crate::on_both_databases! { $($name),+ }
    };
}

/// The same on SQLite alone: for what has nothing to do with the database.
#[macro_export]
macro_rules! on_sqlite {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn on_sqlite() {
                $crate::support::with_portal($crate::support::Database::Sqlite, super::$name).await;
            }
        }
    )+};
    ($(async fn $name:ident($portal:ident) $body:block)+) => {
        $(async fn $name($portal: &$crate::support::Portal) $body)+
        $crate::on_sqlite! { $($name),+ }
    };
}
