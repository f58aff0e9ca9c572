//! Checking the evidence: the chain of the log, and the business rows it vouches for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Db, Error, Snapshot, agreements, audit, customers, indirect_resellers, orders, partner_accounts, row::record,
    subscriptions, users,
};
use crate::domain::audit::{Entry, Hash, RowDigest, Sealed, chain_hash, leaf_hash};

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

record! {
    struct LogRow {
        seq: i64,
        id: Uuid,
        at: DateTime<Utc>,
        partner_account_id: Option<Uuid>,
        actor_kind: String,
        actor_id: Option<Uuid>,
        actor_name: String,
        action: String,
        customer_id: Option<Uuid>,
        detail: String,
        salt: Vec<u8>,
        leaf: Vec<u8>,
        leaf_hash: Vec<u8>,
        prev_hash: Vec<u8>,
        hash: Vec<u8>,
    }
}

/// The last digest the log holds of each row, and the event it came with.
type Vouched = HashMap<(String, Vec<u8>), (Uuid, Hash)>;

/// Walks the log and every business row, as they are at one moment.
pub async fn verify(db: &Db) -> Result<Verdict, Error> {
    let mut at = db.snapshot().await?;
    let mut vouched = Vouched::new();
    let (entries, head) = match walk(&mut at, &mut vouched).await? {
        Ok(end) => end,
        Err(finding) => return Ok(Verdict::Wrong(finding)),
    };
    let rows = vouched.len();
    if let Err(finding) = check_rows(&mut at, &mut vouched).await? {
        return Ok(Verdict::Wrong(finding));
    }
    if let Some(((table, key), _)) = vouched.into_iter().min_by(|one, other| one.0.cmp(&other.0)) {
        return Ok(Verdict::Wrong(Finding::Missing(table, hex(&key))));
    }
    Ok(Verdict::Sound { entries, rows, head })
}

async fn walk(at: &mut Snapshot, vouched: &mut Vouched) -> Result<Result<(i64, Hash), Finding>, Error> {
    let (mut after, mut seq, mut prev) = (i64::MIN, 0, [0; 32]);
    loop {
        let chunk: Vec<LogRow> = at
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
            match check_entry(row, &prev) {
                Some((id, hash, digests)) => {
                    prev = hash;
                    vouched.extend(digests.into_iter().map(|digest| ((digest.table, digest.key), (id, digest.hash))));
                }
                None => return Ok(Err(Finding::Entry(seq))),
            }
        }
    }
    let head: audit::Head = at.query("SELECT seq, hash FROM audit_head WHERE id = 1").one().await?;
    if head.seq != seq || head.hash != prev {
        return Ok(Err(Finding::Head(head.seq)));
    }
    Ok(Ok((seq, prev)))
}

/// The entry's id, hash and digests; nothing when it does not fit.
fn check_entry(row: LogRow, prev: &Hash) -> Option<(Uuid, Hash, Vec<RowDigest>)> {
    let entry = Entry {
        id: row.id,
        at: row.at,
        partner_account_id: row.partner_account_id,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        action: row.action,
        customer_id: row.customer_id,
        detail: row.detail,
        salt: row.salt,
    };
    let leaf_hash = leaf_hash(&row.leaf);
    let hash = chain_hash(row.seq, prev, &leaf_hash);
    (row.prev_hash == prev && row.leaf_hash == leaf_hash && row.hash == hash)
        .then(|| entry.digests(&row.leaf))
        .flatten()
        .map(|digests| (entry.id, hash, digests))
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
async fn check_rows(at: &mut Snapshot, vouched: &mut Vouched) -> Result<Result<(), Finding>, Error> {
    let mut checked = Checked { vouched, finding: None };
    checked.rows(&partner_accounts::rows(at).await?);
    checked.rows(&indirect_resellers::rows(at).await?);
    checked.rows(&users::rows(at).await?);
    checked.rows(&users::membership_rows(at).await?);
    checked.rows_or_seed(&agreements::version_rows(at).await?, &agreements::VersionRow::seeded());
    checked.rows_or_seed(&agreements::link_rows(at).await?, &agreements::LinkRow::seeded());
    in_chunks!(checked, i64::MIN, |after| customers::rows(at, after, CHUNK), |last| last.seq);
    in_chunks!(checked, None, |after| agreements::rows(at, after, CHUNK), |last| Some(last.id()));
    in_chunks!(checked, None, |after| orders::rows(at, after, CHUNK), |last| Some(last.id()));
    in_chunks!(checked, None, |after| orders::line_rows(at, after, CHUNK), |last| Some(last.place()));
    in_chunks!(checked, None, |after| subscriptions::rows(at, after, CHUNK), |last| Some(last.id()));
    Ok(checked.finding.map_or(Ok(()), Err))
}

/// Rows that were held against the log, up to the first that does not fit.
struct Checked<'v> {
    vouched: &'v mut Vouched,
    finding: Option<Finding>,
}

impl Checked<'_> {
    fn rows<R: Sealed>(&mut self, rows: &[R]) {
        for row in rows {
            if self.finding.is_none() {
                self.finding = check(row, self.vouched);
            }
        }
    }

    /// The same where the migrations bring a row, which has no event; only they bring it.
    fn rows_or_seed<R: Sealed>(&mut self, rows: &[R], seed: &R) {
        let is_seed = |row: &R| row.event_id().is_none() && RowDigest::of(row) == RowDigest::of(seed);
        for row in rows.iter().filter(|row| !is_seed(row)) {
            self.rows(std::slice::from_ref(row));
        }
    }
}

/// Holds a row against the log, and takes it off the list of rows that must be there.
fn check<R: Sealed>(row: &R, vouched: &mut Vouched) -> Option<Finding> {
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
