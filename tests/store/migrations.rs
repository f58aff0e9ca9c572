//! A database that was made by other migrations is refused, and nothing of it is touched.

use countersign::store::migrate::{self, OpenError};

use crate::{
    on_both_databases,
    support::{Portal, direct::Direct},
};

/// Changes the database, sees that it is refused for that reason, and changes it back.
async fn is_refused(portal: &Portal, change: &str, reason: &str, back: &str) {
    let mut direct = Direct::connect(&portal.location).await;
    direct.execute(change).await;
    match migrate::open(&portal.location, portal.clock.clone()).await.err() {
        Some(OpenError::Schema(why)) => assert!(why.contains(reason), "{change}: {why}"),
        other => panic!("{change}: {other:?}"),
    }
    direct.execute(back).await;
}

on_both_databases! {
    async fn a_schema_of_another_program_is_refused(portal) {
        is_refused(
            portal,
            "UPDATE schema_migrations SET name = 'another' WHERE version = 1",
            "migration 1 (another)",
            "UPDATE schema_migrations SET name = 'first' WHERE version = 1",
        )
        .await;
        is_refused(
            portal,
            "INSERT INTO schema_migrations SELECT 9999, 'the_future', sha256 FROM schema_migrations WHERE version = 1",
            "migration 9999 (the_future), which this program does not know",
            "DELETE FROM schema_migrations WHERE version = 9999",
        )
        .await;
        is_refused(
            portal,
            "CREATE TABLE _sqlx_migrations (version INTEGER)",
            "an earlier build",
            "DROP TABLE _sqlx_migrations",
        )
        .await;
        // Text that is not what it was is told from text that is not there at all.
        let mut direct = Direct::connect(&portal.location).await;
        direct.execute("CREATE TABLE kept AS SELECT * FROM schema_migrations").await;
        is_refused(
            portal,
            "UPDATE schema_migrations SET sha256 = (SELECT salt FROM users LIMIT 1) WHERE version = 1",
            "migration 1 (first) is not the one",
            "UPDATE schema_migrations SET sha256 = (SELECT sha256 FROM kept WHERE kept.version = schema_migrations.version)",
        )
        .await;
        let db = migrate::open(&portal.location, portal.clock.clone()).await.expect("its own database again");
        db.close().await;
    }

    async fn a_portal_that_starts_beside_a_write_does_not_wait_for_it(portal) {
        let _tx = portal.db.write().await.expect("a transaction");
        let since = std::time::Instant::now();
        let db = migrate::open(&portal.location, portal.clock.clone()).await.expect("a database");
        assert!(since.elapsed().as_secs() < 4, "{:?}", since.elapsed());
        db.close().await;
    }
}
