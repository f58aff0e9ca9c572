//! Checking the evidence: the chain of the log, and the business rows it vouches for.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Db, Error, Snapshot, agreements, audit, customers, partner_accounts, row::record, users};
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

async fn check_rows(at: &mut Snapshot, vouched: &mut Vouched) -> Result<Result<(), Finding>, Error> {
    for row in partner_accounts::rows(at).await? {
        if let Some(finding) = check(&row, vouched) {
            return Ok(Err(finding));
        }
    }
    for row in users::rows(at).await? {
        if let Some(finding) = check(&row, vouched) {
            return Ok(Err(finding));
        }
    }
    for row in users::membership_rows(at).await? {
        if let Some(finding) = check(&row, vouched) {
            return Ok(Err(finding));
        }
    }
    for row in agreements::version_rows(at).await? {
        // What the migrations bring has no event; only they bring it.
        if row.event_id().is_none() && RowDigest::of(&row) == RowDigest::of(&agreements::VersionRow::seeded()) {
            continue;
        }
        if let Some(finding) = check(&row, vouched) {
            return Ok(Err(finding));
        }
    }
    for row in agreements::link_rows(at).await? {
        if row.event_id().is_none() && RowDigest::of(&row) == RowDigest::of(&agreements::LinkRow::seeded()) {
            continue;
        }
        if let Some(finding) = check(&row, vouched) {
            return Ok(Err(finding));
        }
    }
    let mut after = i64::MIN;
    loop {
        let chunk = customers::rows(at, after, CHUNK).await?;
        let Some(last) = chunk.last() else { break };
        after = last.seq;
        for row in &chunk {
            if let Some(finding) = check(row, vouched) {
                return Ok(Err(finding));
            }
        }
    }
    let mut after = None;
    loop {
        let chunk = agreements::rows(at, after, CHUNK).await?;
        let Some(last) = chunk.last() else { break };
        after = Some(last.id());
        for row in &chunk {
            if let Some(finding) = check(row, vouched) {
                return Ok(Err(finding));
            }
        }
    }
    Ok(Ok(()))
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
