//! Checking the evidence: the chain of the log, and the business rows it vouches for.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Db, Error, Read, agreements, api_clients,
    audit::{self, AuditEntry},
    customers, indirect_resellers, orders, partner_accounts, subscriptions, users,
};
use crate::domain::audit::{AuditedRow, Hash, RowDigest};

const CHUNK: i64 = 1000;

/// What the verifier found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything fits.
    Sound {
        /// Entries of the log.
        entries: i64,
        /// Business rows checked.
        rows: usize,
        /// The hash of the last entry.
        head: Hash,
    },
    /// Something was changed behind the portal's back.
    Wrong(Finding),
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// An entry is missing, or one too many: this number was expected.
    Gap(i64),
    /// An entry does not fit the hash before it, its leaf or its own hash.
    Entry(i64),
    /// The log does not end where its head says.
    Head(i64),
    /// A row is not what the log says of it: table and key.
    Row(&'static str, String),
    /// A row that the log says was written is gone: table and key.
    Missing(String, String),
}

/// The last digest the log holds of each row, and the event it came with.
type RecordedDigests = HashMap<(String, Vec<u8>), (Uuid, Hash)>;

/// Walks the log and every business row, as they are at one moment.
pub async fn verify(db: &Db) -> Result<Verdict, Error> {
    let mut conn = db.snapshot().await?;
    let mut vouched = RecordedDigests::new();
    let (entries, head) = match walk(&mut conn, &mut vouched).await? {
        Ok(end) => end,
        Err(finding) => return Ok(Verdict::Wrong(finding)),
    };
    let rows = vouched.len();
    if let Err(finding) = check_rows(&mut conn, &mut vouched).await? {
        return Ok(Verdict::Wrong(finding));
    }
    if let Some(((table, key), _)) = vouched.into_iter().min_by(|one, other| one.0.cmp(&other.0)) {
        return Ok(Verdict::Wrong(Finding::Missing(table, hex(&key))));
    }
    Ok(Verdict::Sound { entries, rows, head })
}

/// Keeps what the verifier found, for [`audit::last_verification`].
pub async fn keep(db: &Db, verdict: &Verdict) -> Result<(), Error> {
    let (seq, hash) = match verdict {
        Verdict::Sound { entries, head, .. } => (*entries, head.to_vec()),
        Verdict::Wrong(_) => (0, Vec::new()),
    };
    let now = db.clock.now();
    let mut tx = db.maintenance().await?;
    tx.query(
        "INSERT INTO audit_verification (id, at, seq, hash, is_sound) VALUES (1, $1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET at = excluded.at, seq = excluded.seq, hash = excluded.hash, \
             is_sound = excluded.is_sound",
    )
    .bind(now)
    .bind(seq)
    .bind(hash)
    .bind(matches!(verdict, Verdict::Sound { .. }))
    .execute()
    .await?;
    tx.commit().await
}

async fn walk(conn: &mut dyn Read, vouched: &mut RecordedDigests) -> Result<Result<(i64, Hash), Finding>, Error> {
    let (mut after, mut seq, mut prev) = (i64::MIN, 0, [0; 32]);
    loop {
        let chunk: Vec<AuditEntry> = conn
            .query(
                "SELECT seq, id, at, partner_account_id, actor_kind, actor_id, actor_name, action, customer_id, detail, salt, \
                 leaf, leaf_hash, prev_hash, hash FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2",
            )
            .bind(after)
            .bind(CHUNK)
            .all()
            .await?;
        if chunk.is_empty() {
            break;
        }
        for row in chunk {
            if row.seq != seq + 1 {
                return Ok(Err(Finding::Gap(seq + 1)));
            }
            seq = row.seq;
            after = seq;
            match row.check(&prev) {
                Some((hash, digests)) => {
                    prev = hash;
                    let id = row.id;
                    vouched.extend(digests.into_iter().map(|digest| ((digest.table, digest.key), (id, digest.hash))));
                }
                None => return Ok(Err(Finding::Entry(seq))),
            }
        }
    }
    let head: audit::Head = conn.query("SELECT seq, hash FROM audit_head WHERE id = 1").one().await?;
    if head.seq != seq || head.hash != prev {
        return Ok(Err(Finding::Head(head.seq)));
    }
    Ok(Ok((seq, prev)))
}

/// Checks a table of any length, chunk by chunk, as long as nothing is wrong.
macro_rules! in_chunks {
    ($checked:ident, $start:expr, |$after:ident| $rows:expr, |$last:ident| $key:expr) => {
        let mut next = $start;
        while $checked.finding.is_none() {
            let $after = next;
            let chunk = $rows.await?;
            let Some($last) = chunk.last() else { break };
            next = $key;
            $checked.rows(&chunk);
        }
    };
}
async fn check_rows(conn: &mut dyn Read, vouched: &mut RecordedDigests) -> Result<Result<(), Finding>, Error> {
    let mut checked = Checked { vouched, finding: None };
    checked.rows(&partner_accounts::rows(conn).await?);
    checked.rows(&indirect_resellers::rows(conn).await?);
    checked.rows(&users::rows(conn).await?);
    checked.rows(&users::membership_rows(conn).await?);
    checked.rows(&api_clients::rows(conn).await?);
    checked.rows_or_seed(&agreements::version_rows(conn).await?, &agreements::VersionRow::seeded());
    checked.rows_or_seed(&agreements::link_rows(conn).await?, &agreements::LinkRow::seeded());
    in_chunks!(checked, i64::MIN, |after| customers::rows(conn, after, CHUNK), |last| last.seq);
    in_chunks!(checked, None, |after| agreements::rows(conn, after, CHUNK), |last| Some(last.id()));
    in_chunks!(checked, None, |after| orders::rows(conn, after, CHUNK), |last| Some(last.id()));
    in_chunks!(checked, None, |after| orders::line_rows(conn, after, CHUNK), |last| Some(last.place()));
    in_chunks!(checked, None, |after| subscriptions::rows(conn, after, CHUNK), |last| Some(last.id()));
    Ok(checked.finding.map_or(Ok(()), Err))
}

/// Rows that were held against the log, up to the first that does not fit.
struct Checked<'v> {
    vouched: &'v mut RecordedDigests,
    finding: Option<Finding>,
}

impl Checked<'_> {
    fn rows<R: AuditedRow>(&mut self, rows: &[R]) {
        for row in rows {
            if self.finding.is_none() {
                self.finding = check(row, self.vouched);
            }
        }
    }

    /// The same where the migrations bring a row, which has no event; only they bring it.
    fn rows_or_seed<R: AuditedRow>(&mut self, rows: &[R], seed: &R) {
        let is_seed = |row: &R| row.event_id().is_none() && RowDigest::of(row) == RowDigest::of(seed);
        for row in rows.iter().filter(|row| !is_seed(row)) {
            self.rows(std::slice::from_ref(row));
        }
    }
}

/// Holds a row against the log, and takes it off the list of rows that must be there.
fn check<R: AuditedRow>(row: &R, vouched: &mut RecordedDigests) -> Option<Finding> {
    let digest = RowDigest::of(row);
    let expected = vouched.remove(&(digest.table.clone(), digest.key.clone()));
    let fits = expected.is_some_and(|(event_id, hash)| hash == digest.hash && row.event_id() == Some(event_id));
    (!fits).then(|| Finding::Row(R::TABLE, hex(&digest.key)))
}

/// Bytes as text.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
