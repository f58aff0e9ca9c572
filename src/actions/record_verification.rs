//! Keeping what a verification of the log found, with an entry in the log. The entry comes after those that were verified:
//! a verdict is about the log before it.

use serde_json::{Value, json};

use crate::{
    domain::{
        actor::Principal,
        audit::{Action, Event},
        kept_hash::KeptHash,
    },
    store::{
        Db, Error,
        verdict::Verdict,
        verifications::{self, VerificationRow},
        verify::hex,
    },
};

/// Keeps a verdict for ever. A log that was damaged may be unable to take an entry; then the verdict that says so is
/// kept alone.
pub async fn record_verification(
    db: &Db,
    who: Principal,
    verdict: &Verdict,
    expected: &[KeptHash],
) -> Result<(), Error> {
    let row = VerificationRow::new(db.clock.id(), db.clock.now(), verdict);
    match record(db, who, verdict, expected, row.clone()).await {
        Err(error) if matches!(verdict, Verdict::Wrong(_)) && !error.is_unavailable() => {
            verifications::insert_without_event(db, row).await
        }
        recorded => recorded,
    }
}

async fn record(
    db: &Db,
    who: Principal,
    verdict: &Verdict,
    expected: &[KeptHash],
    row: VerificationRow,
) -> Result<(), Error> {
    let mut tx = db.write().await?;
    let mut event = Event::new(tx.clock.id(), tx.clock.now(), who, Action::LogVerified);
    let row = verifications::insert(&mut tx, row, event.id).await?;
    event.attach_digest(&row);
    tx.commit(event.with(detail(verdict, expected))).await
}

fn detail(verdict: &Verdict, expected: &[KeptHash]) -> Value {
    let mut detail = match verdict {
        Verdict::Sound { entries, rows, head } => {
            json!({ "result": "ok", "entries": entries, "rows": rows, "hash": hex(head) })
        }
        Verdict::Wrong(finding) => json!({ "result": "wrong", "finding": finding.to_string() }),
    };
    if !expected.is_empty() {
        detail["expected"] = expected.iter().map(ToString::to_string).collect();
    }
    detail
}
