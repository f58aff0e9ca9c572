//! Connections are kept, not made anew for each page.

use crate::support::{Database, TestDb};

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn postgres_connections_are_used_again() {
    let test_db = TestDb::prepare(Database::Postgres, Some(1)).await;
    let mut servers = std::collections::HashSet::new();
    for _ in 0..20 {
        let mut conn = test_db.db.read().await.expect("a reader");
        let (server,): (i32,) =
            crate::support::sql(&mut conn, "SELECT pg_backend_pid()").one().await.expect("a number");
        servers.insert(server);
    }
    assert_eq!(servers.len(), 1, "{servers:?}");
    test_db.db.close().await;
}
