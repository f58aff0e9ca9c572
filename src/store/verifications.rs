//! What each verification of the log found. The log has to fit all of them: a row is never changed or removed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Db, Error, Read, WriteTx,
    audit::salt,
    row::record,
    table::{self, table},
    verdict::{Finding, Verdict, Witness},
};
use crate::domain::{audit::Hash, kept_hash::KeptHash};

table! {
    /// A row of `audit_verifications`.
    #[derive(Debug, Clone)]
    pub struct VerificationRow: audited "audit_verifications" {
        seq: i64 = made,
        id: Uuid = key,
        at: DateTime<Utc>,
        pub(super) is_sound: bool,
        entry_seq: Option<i64>,
        entry_hash: Option<Vec<u8>>,
        finding: Option<String>,
        pub(super) event_id: Option<Uuid>,
        salt: Vec<u8>,
    }
}

impl VerificationRow {
    /// The row that keeps a verdict.
    pub fn new(id: Uuid, at: DateTime<Utc>, verdict: &Verdict) -> Self {
        let (entry_seq, entry_hash, finding) = match verdict {
            Verdict::Sound { entries, head, .. } => (Some(*entries), Some(head.to_vec()), None),
            Verdict::Wrong(finding) => (None, None, Some(finding.to_string())),
        };
        let (is_sound, seq, salt) = (finding.is_none(), table::UNNUMBERED, salt().to_vec());
        Self { seq, id, at, is_sound, entry_seq, entry_hash, finding, event_id: None, salt }
    }
}

/// Keeps a verdict. The row is what the event seals.
pub async fn insert(tx: &mut WriteTx, row: VerificationRow, event_id: Uuid) -> Result<VerificationRow, Error> {
    table::insert(tx, VerificationRow { event_id: Some(event_id), ..row }).await
}

/// Keeps a verdict on a log that takes no event any more. The one write of evidence without an event.
pub async fn insert_without_event(db: &Db, row: VerificationRow) -> Result<(), Error> {
    let mut tx = db.write().await?;
    table::insert(&mut tx, row).await?;
    tx.end().await
}

record! {
    /// When the whole log was verified last, and what came of it.
    #[derive(Debug, Clone)]
    pub struct Verification {
        /// When, UTC.
        pub at: DateTime<Utc>,
        /// Whether everything fitted.
        pub is_sound: bool,
        /// The number of the last entry that was checked, where everything fitted.
        pub entry_seq: Option<i64>,
        /// Its hash then.
        pub entry_hash: Option<Vec<u8>>,
        /// Its hash now; none when it is gone.
        pub hash_now: Option<Vec<u8>>,
        /// When a verification found something wrong, the last time that one did.
        pub wrong_at: Option<DateTime<Utc>>,
    }
}

impl Verification {
    /// Whether everything fitted then, and the last entry still has the hash it had.
    pub fn holds(&self) -> bool {
        // A log without entries ends with the hash that the first one follows.
        let now = if self.entry_seq == Some(0) { Some([0; 32].as_slice()) } else { self.hash_now.as_deref() };
        self.is_sound && self.entry_hash.is_some() && self.entry_hash.as_deref() == now
    }
}

/// What the last verification found.
pub async fn last(conn: &mut dyn Read) -> Result<Option<Verification>, Error> {
    conn.query(
        "SELECT v.at, v.is_sound, v.entry_seq, v.entry_hash, \
         (SELECT e.hash FROM audit_log e WHERE e.seq = v.entry_seq) AS hash_now, \
         (SELECT w.at FROM audit_verifications w WHERE NOT w.is_sound ORDER BY w.seq DESC LIMIT 1) AS wrong_at \
         FROM audit_verifications v ORDER BY v.seq DESC LIMIT 1",
    )
    .optional()
    .await
}

record! {
    struct Contradiction {
        seq: i64,
        at: DateTime<Utc>,
        is_there: bool,
    }
}

/// The first entry of the log that is not what an earlier verification saw, or than what somebody kept elsewhere says.
pub(super) async fn contradiction(conn: &mut dyn Read, expected: &[KeptHash]) -> Result<Option<Finding>, Error> {
    let contradiction: Option<Contradiction> = conn
        .query(
            "SELECT v.entry_seq AS seq, v.at, e.hash IS NOT NULL AS is_there \
             FROM audit_verifications v LEFT JOIN audit_log e ON e.seq = v.entry_seq \
             WHERE v.is_sound AND v.entry_seq > 0 AND (e.hash IS NULL OR e.hash <> v.entry_hash) \
             ORDER BY v.entry_seq, v.seq LIMIT 1",
        )
        .slow()
        .optional()
        .await?;
    if let Some(Contradiction { seq, at, is_there }) = contradiction {
        return Ok(Some(finding(seq, is_there, Witness::Verification(at))));
    }
    for &kept in expected {
        let select = conn.query("SELECT hash FROM audit_log WHERE seq = $1").bind(kept.seq);
        let now: Option<(Vec<u8>,)> = select.optional().await?;
        let now: Option<Vec<u8>> = now.map(|(hash,)| hash);
        if now.as_deref() != Some(Hash::as_slice(&kept.hash)) {
            return Ok(Some(finding(kept.seq, now.is_some(), Witness::Expected(kept))));
        }
    }
    Ok(None)
}

fn finding(seq: i64, is_there: bool, witness: Witness) -> Finding {
    if is_there { Finding::Rewritten(seq, witness) } else { Finding::Gone(seq, witness) }
}
