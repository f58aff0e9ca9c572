//! What the database refuses comes up as what it is, with what the driver said.

use std::error::Error as _;

use countersign::store::Error;

use crate::{on_both_databases, support::sql};

on_both_databases! {
    async fn another_row_with_the_same_key_is_a_conflict(portal) {
        for statement in [
            // The primary key, and another key.
            "INSERT INTO memberships SELECT * FROM memberships",
            "INSERT INTO partner_accounts (id, name, partner_type, cloud, environment, country, time_zone, position, \
             created_at, event_id, salt) SELECT event_id, name, partner_type, cloud, environment, country, time_zone, \
             position, created_at, event_id, salt FROM partner_accounts",
        ] {
            let mut tx = portal.db.write().await.expect("a transaction");
            let error = sql(&mut tx, statement).execute().await.expect_err("a conflict");
            assert!(matches!(error, Error::Conflict(_)), "{error:?}");
            assert!(error.source().expect("what the driver said").to_string().to_lowercase().contains("unique"), "{error:?}");
            assert!(!error.is_unavailable());
        }
    }

    async fn what_the_program_does_not_expect_is_no_fault_that_passes(portal) {
        let mut tx = portal.db.write().await.expect("a transaction");
        let error = sql(&mut tx, "SELECT no_such_column FROM users").execute().await.expect_err("an error");
        assert!(matches!(error, Error::Broken(_)), "{error:?}");
        assert!(error.source().expect("what the driver said").to_string().contains("no_such_column"), "{error:?}");
    }

    async fn whoever_only_reads_cannot_write(portal) {
        let mut conn = portal.db.snapshot().await.expect("a snapshot");
        let error = sql(&mut conn, "DELETE FROM sessions").execute().await.expect_err("a refusal");
        assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    }

    async fn a_closed_database_is_not_available(portal) {
        let db = countersign::store::migrate::open(&portal.location, portal.clock.clone()).await.expect("a database");
        db.ping().await.expect("an answer");
        db.close().await;
        for error in [db.read().await.err(), db.snapshot().await.err(), db.write().await.err(), db.maintenance().await.err()] {
            assert!(matches!(error, Some(Error::Unavailable(_))), "{error:?}");
        }
    }
}
