//! What the database itself refuses.

use countersign::{
    actions::record_verification::record_verification,
    domain::actor::Principal,
    store::{migrate::Place, verify},
};

use crate::{
    on_both_databases,
    support::{
        direct::Direct,
        portal::{day, person},
    },
};

on_both_databases! {
    async fn confirmations_verdicts_and_the_log_can_only_be_added_to(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let verdict = verify::verify(&portal.db).await.unwrap();
        record_verification(&portal.db, Principal::command_line(), &verdict, &[]).await.unwrap();
        let is_sqlite = matches!(portal.location.at, Place::Sqlite(_));
        for (sqlite, postgres) in [
            ("UPDATE agreements SET channel = 'x'", "UPDATE agreements SET channel = 'x'"),
            ("UPDATE agreements SET id = id", "UPDATE agreements SET id = id"),
            ("DELETE FROM agreements", "DELETE FROM agreements"),
            ("INSERT OR REPLACE INTO agreements SELECT * FROM agreements", "TRUNCATE agreements CASCADE"),
            ("REPLACE INTO agreements SELECT * FROM agreements LIMIT 1", "TRUNCATE customers CASCADE"),
            (
                "INSERT INTO agreements SELECT * FROM agreements WHERE true ON CONFLICT (id) DO UPDATE SET channel = 'x'",
                "INSERT INTO agreements SELECT * FROM agreements ON CONFLICT (id) DO UPDATE SET channel = 'x'",
            ),
            ("UPDATE audit_log SET detail = '{}'", "UPDATE audit_log SET detail = '{}'"),
            ("UPDATE audit_log SET seq = seq", "UPDATE audit_log SET seq = seq"),
            ("DELETE FROM audit_log", "DELETE FROM audit_log"),
            ("DELETE FROM audit_log WHERE seq = 1", "DELETE FROM audit_log WHERE seq = 1"),
            ("INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log", "TRUNCATE audit_log"),
            (
                "INSERT INTO audit_log SELECT * FROM audit_log WHERE true ON CONFLICT (seq) DO UPDATE SET detail = '{}'",
                "INSERT INTO audit_log SELECT * FROM audit_log ON CONFLICT (seq) DO UPDATE SET detail = '{}'",
            ),
            ("UPDATE audit_verifications SET is_sound = is_sound", "UPDATE audit_verifications SET is_sound = true"),
            ("UPDATE audit_verifications SET entry_hash = NULL", "UPDATE audit_verifications SET entry_hash = NULL"),
            ("DELETE FROM audit_verifications", "DELETE FROM audit_verifications"),
            (
                "INSERT OR REPLACE INTO audit_verifications SELECT * FROM audit_verifications",
                "TRUNCATE audit_verifications",
            ),
            (
                "INSERT INTO audit_verifications SELECT * FROM audit_verifications WHERE true \
                 ON CONFLICT (seq) DO UPDATE SET finding = NULL",
                "INSERT INTO audit_verifications SELECT * FROM audit_verifications ON CONFLICT (seq) DO UPDATE SET finding = NULL",
            ),
        ] {
            let mut tx = portal.db.write().await.unwrap();
            let sql = if is_sqlite { sqlite } else { postgres };
            let refusal = crate::support::sql(&mut tx, sql).execute().await.expect_err(sqlite);
            let refusal = countersign::telemetry::chain(&refusal).to_string();
            assert!(refusal.contains("append-only"), "{sqlite}: {refusal}");
        }
        let mut direct = Direct::connect(&portal.location).await;
        assert_eq!(direct.text("SELECT CAST(count(*) AS TEXT) FROM agreements").await, "1");
        portal.assert_sound().await;
    }
}
