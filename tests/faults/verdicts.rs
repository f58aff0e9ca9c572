//! Verdicts on the log, which somebody who owns the database would like to be others.

use countersign::{
    actions::record_verification::record_verification,
    domain::{
        actor::Principal,
        audit::{self, Action, Hash, RowDigest},
        kept_hash::KeptHash,
    },
    store::{
        agreements, customers,
        verdict::{Finding, Verdict, Witness},
        verifications, verify,
    },
};
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Portal,
        direct::Direct,
        portal::{day, person},
    },
};

on_both_databases! {
    async fn a_history_that_was_written_anew_is_wrong_once_it_was_verified(portal) {
        let (customer, agreement) = confirmed(portal).await;
        let mut direct = Direct::as_owner(&portal.location).await;
        // What this cannot show: nobody has seen the log as it was.
        forge(portal, &mut direct, customer, agreement, "Mallory").await;
        portal.assert_sound().await;

        let kept = sound(portal.verify_and_record().await);
        let at = portal.clock.now();
        portal.add_customer("Fabrikam").await;
        forge(portal, &mut direct, customer, agreement, "Anna").await;
        let rewritten = Verdict::Wrong(Finding::Rewritten(kept.seq, Witness::Verification(at)));
        assert_eq!(portal.verify_and_record().await, rewritten);
        assert_eq!(portal.verify_and_record().await, rewritten, "however often");
        assert_eq!(expecting(portal, kept).await, rewritten);

        // Its own words taken back, all of them, so that the log that was verified is there again.
        direct.execute("DELETE FROM audit_log WHERE action = 'log_verified' AND detail LIKE '%wrong%'").await;
        direct.execute("DELETE FROM audit_verifications WHERE finding IS NOT NULL").await;
        forge(portal, &mut direct, customer, agreement, "Mallory").await;
        portal.assert_sound().await;
        assert!(matches!(expecting(portal, kept).await, Verdict::Sound { .. }));
    }

    async fn entries_that_are_cut_off_are_missed_once_they_were_verified(portal) {
        confirmed(portal).await;
        let sales = portal.signed_in("sales").await;
        assert_eq!(sales.get("/customers").await.status, 200);
        let mut direct = Direct::as_owner(&portal.location).await;
        let kept = sound(portal.verify_and_record().await);
        // The last of these is a sign-in, which no row depends on.
        cut(&mut direct, kept.seq - 1).await;
        let gone = Verdict::Wrong(Finding::Gone(kept.seq, Witness::Verification(portal.clock.now())));
        assert_eq!(verify::verify(&portal.db).await.expect("a verdict"), gone);
        assert_eq!(expecting(portal, kept).await, gone);

        // Others grow in their place.
        portal.signed_in("admin").await;
        portal.signed_in("manager").await;
        let rewritten = Verdict::Wrong(Finding::Rewritten(kept.seq, Witness::Verification(portal.clock.now())));
        assert_eq!(portal.verify_and_record().await, rewritten);

        // An owner who takes the verdicts away as well is found by a hash kept elsewhere, and by that only.
        direct.execute("DELETE FROM audit_verifications").await;
        cut(&mut direct, kept.seq - 1).await;
        portal.assert_sound().await;
        assert_eq!(expecting(portal, kept).await, Verdict::Wrong(Finding::Gone(kept.seq, Witness::Expected(kept))));
        portal.signed_in("admin").await;
        assert_eq!(expecting(portal, kept).await, Verdict::Wrong(Finding::Rewritten(kept.seq, Witness::Expected(kept))));
        portal.assert_sound().await;
    }

    async fn a_verdict_covers_the_log_before_it_and_an_empty_log_has_one(portal) {
        let before = portal.events(Action::LogVerified).await;
        assert_eq!(before, 0);
        let first = sound(portal.verify_and_record().await);
        let second = sound(portal.verify_and_record().await);
        assert_eq!(second.seq, first.seq + 1, "the verdict is an entry that the next one covers");
        assert_eq!(portal.events(Action::LogVerified).await, 2);
        let verdict = Verdict::Sound { entries: 0, rows: 0, head: [0; 32] };
        record_verification(&portal.db, Principal::command_line(), &verdict, &[]).await.expect("recorded");
        let last = verifications::last(&mut portal.db.read().await.expect("a reader")).await.expect("a verdict");
        assert!(last.expect("a verdict").holds());
        portal.assert_sound().await;
    }

    async fn a_wrong_verdict_is_kept_even_by_a_log_that_takes_no_entry(portal) {
        let mut direct = Direct::as_owner(&portal.location).await;
        direct.execute("CREATE TABLE kept AS SELECT * FROM audit_head").await;
        for damage in [
            "DELETE FROM audit_head",
            "UPDATE audit_head SET seq = 0",
            "UPDATE audit_head SET hash = short.salt FROM (SELECT salt FROM audit_log LIMIT 1) AS short",
        ] {
            let events = portal.events(Action::LogVerified).await;
            direct.execute(damage).await;
            assert!(matches!(portal.verify_and_record().await, Verdict::Wrong(Finding::Head(_))), "{damage}");
            assert_eq!(portal.events(Action::LogVerified).await, events, "{damage}");
            direct.execute("DELETE FROM audit_head").await;
            direct.execute("INSERT INTO audit_head SELECT * FROM kept").await;
            let last = verifications::last(&mut portal.db.read().await.expect("a reader")).await.expect("a verdict");
            assert!(!last.expect("a verdict").is_sound, "{damage}");
            portal.assert_sound().await;
        }
        direct.execute("DROP TABLE kept").await;
        portal.verify_and_record().await;
        let last = verifications::last(&mut portal.db.read().await.expect("a reader")).await.expect("a verdict");
        let last = last.expect("a verdict");
        assert!(last.holds() && last.wrong_at.is_some(), "{last:?}");
    }
}

// The columns of PostgreSQL take no such value.
on_sqlite! {
    async fn a_value_that_makes_no_sense_is_wrong_and_no_failure(portal) {
        portal.verify_and_record().await;
        let mut direct = Direct::as_owner(&portal.location).await;
        for (table, column) in [("audit_verifications", "at"), ("audit_log", "at"), ("users", "created_at")] {
            let condition = format!("rowid = (SELECT min(rowid) FROM {table})");
            let before = direct.text(&format!("SELECT {column} FROM {table} WHERE {condition}")).await;
            direct.execute(&format!("UPDATE {table} SET {column} = 'once' WHERE {condition}")).await;
            let verdict = verify::verify(&portal.db).await.expect("a verdict");
            assert!(matches!(verdict, Verdict::Wrong(Finding::Row(name, _)) if name == table), "{table}: {verdict:?}");
            direct.execute(&format!("UPDATE {table} SET {column} = '{before}' WHERE {condition}")).await;
        }
    }
}

/// A confirmed customer and the confirmation.
async fn confirmed(portal: &Portal) -> (Uuid, Uuid) {
    let customer = portal.add_customer("Contoso B.V.").await;
    portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
    let mut conn = portal.db.snapshot().await.expect("a snapshot");
    let row = customers::find(&mut conn, portal.account.id, customer).await.expect("a customer").expect("a customer");
    (customer, row.agreement_id.expect("a confirmation"))
}

/// The entry up to which a log was found sound.
fn sound(verdict: Verdict) -> KeptHash {
    match verdict {
        Verdict::Sound { entries, head, .. } => KeptHash { seq: entries, hash: head },
        Verdict::Wrong(finding) => panic!("{finding}"),
    }
}

async fn expecting(portal: &Portal, kept: KeptHash) -> Verdict {
    verify::verify_expecting(&portal.db, &[kept]).await.expect("a verdict")
}

/// Gives a confirmation another first name, and changes the log until it fits.
async fn forge(portal: &Portal, direct: &mut Direct, customer: Uuid, agreement: Uuid, first_name: &str) {
    let before = digest(portal, customer, agreement).await;
    assert_eq!(direct.execute(&format!("UPDATE agreements SET first_name = '{first_name}'")).await, 1);
    let after = digest(portal, customer, agreement).await;
    let mut replaced = 0;
    for (seq, leaf) in leaves(direct).await {
        if let Some(at) = leaf.windows(32).position(|part| part == before.hash) {
            let forged = [&leaf[..at], &after.hash, &leaf[at + 32..]].concat();
            let forged = literal(direct, &forged);
            direct.execute(&format!("UPDATE audit_log SET leaf = {forged} WHERE seq = {seq}")).await;
            replaced += 1;
        }
    }
    assert_eq!(replaced, 1, "one entry vouches for the confirmation");
    recompute(direct).await;
}

async fn digest(portal: &Portal, customer: Uuid, agreement: Uuid) -> RowDigest {
    let mut conn = portal.db.snapshot().await.expect("a snapshot");
    let customer =
        customers::find(&mut conn, portal.account.id, customer).await.expect("a customer").expect("a customer");
    let versions = agreements::versions(&mut conn).await.expect("versions");
    let proven = agreements::proven(&mut conn, &customer, &versions, agreement).await.expect("a confirmation");
    proven.expect("a confirmation").digest
}

/// Removes the entries behind one, and moves the head back to it.
async fn cut(direct: &mut Direct, last: i64) {
    assert!(direct.execute(&format!("DELETE FROM audit_log WHERE seq > {last}")).await > 1);
    recompute(direct).await;
}

/// Computes every hash anew from the leaves, and the head.
async fn recompute(direct: &mut Direct) {
    let (mut seq, mut prev): (i64, Hash) = (0, [0; 32]);
    for (at, leaf) in leaves(direct).await {
        seq = at;
        let leaf_hash = audit::leaf_hash(&leaf);
        let hash = audit::chain_hash(seq, &prev, &leaf_hash);
        let [before, of_leaf, own] = [prev, leaf_hash, hash].map(|hash| literal(direct, &hash));
        direct
            .execute(&format!(
                "UPDATE audit_log SET leaf_hash = {of_leaf}, prev_hash = {before}, hash = {own} WHERE seq = {seq}"
            ))
            .await;
        prev = hash;
    }
    let hash = literal(direct, &prev);
    direct.execute(&format!("UPDATE audit_head SET seq = {seq}, hash = {hash}")).await;
}

async fn leaves(direct: &mut Direct) -> Vec<(i64, Vec<u8>)> {
    let hex = if direct.is_sqlite() { "hex(leaf)" } else { "encode(leaf, 'hex')" };
    let rows = direct.rows(&format!("SELECT CAST(seq AS TEXT), {hex} FROM audit_log ORDER BY audit_log.seq")).await;
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("digits"), 16).expect("digits");
    rows.iter()
        .map(|row| (row[0].parse().expect("a number"), row[1].as_bytes().chunks(2).map(byte).collect()))
        .collect()
}

fn literal(direct: &Direct, bytes: &[u8]) -> String {
    let digits = verify::hex(bytes);
    if direct.is_sqlite() { format!("X'{digits}'") } else { format!("'\\x{digits}'::bytea") }
}
