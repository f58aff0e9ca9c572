//! The log's table: appending to the chain, reading it.

mod trail;

pub use trail::{By, Cursor, Filter, Found, Shown, export, page};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Error, Read, WriteTx, row::record};
use crate::domain::audit::{self, Entry, Event, Hash, RowDigest, Salt};

record! {
    /// Where the chain stands.
    pub(super) struct Head {
        pub seq: i64,
        pub hash: Vec<u8>,
    }
}

/// Appends the events of a change. Takes the lock on the head of the chain, the last lock of a change.
pub(super) async fn append(tx: &mut WriteTx, events: Vec<Event>) -> Result<(), Error> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let head: Head =
        tx.query("UPDATE audit_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash").bind(count).one().await?;
    let mut prev = hash(head.hash)?;
    for (event, seq) in events.into_iter().zip(head.seq - count + 1..) {
        prev = insert(tx, event, seq, &prev).await?;
    }
    tx.query("UPDATE audit_head SET hash = $1 WHERE id = 1").bind(prev.to_vec()).execute().await?;
    Ok(())
}

async fn insert(tx: &mut WriteTx, event: Event, seq: i64, prev: &Hash) -> Result<Hash, Error> {
    let entry = Entry {
        id: event.id,
        at: event.at,
        partner_account_id: event.partner_account_id,
        actor_kind: event.who.kind.code().to_owned(),
        actor_id: event.who.id,
        actor_name: event.who.name,
        action: event.action.code().to_owned(),
        customer_id: event.customer_id,
        detail: event.detail.to_string(),
        salt: salt().to_vec(),
    };
    let leaf = entry.leaf(&event.digests);
    let leaf_hash = audit::leaf_hash(&leaf);
    let hash = audit::chain_hash(seq, prev, &leaf_hash);
    tx.query(
        "INSERT INTO audit_log (seq, id, at, partner_account_id, actor_kind, actor_id, actor_name, action, \
             customer_id, detail, salt, leaf, leaf_hash, prev_hash, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(seq)
    .bind(entry.id)
    .bind(entry.at)
    .bind(entry.partner_account_id)
    .bind(entry.actor_kind)
    .bind(entry.actor_id)
    .bind(entry.actor_name)
    .bind(entry.action)
    .bind(entry.customer_id)
    .bind(entry.detail)
    .bind(entry.salt)
    .bind(leaf)
    .bind(leaf_hash.to_vec())
    .bind(prev.to_vec())
    .bind(hash.to_vec())
    .execute()
    .await?;
    Ok(hash)
}

/// Fresh random bytes for a row.
pub fn salt() -> Salt {
    rand::random()
}

/// A stored hash, refused when it has the wrong length.
pub(super) fn hash(bytes: Vec<u8>) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| Error::Corrupt("a hash of the log has the wrong length".into()))
}

record! {
    /// One entry of the log, as it stands there.
    #[derive(Debug, Clone)]
    pub struct AuditEntry {
        /// Its number in the log of the whole installation.
        pub seq: i64,
        /// The event's id.
        pub id: Uuid,
        /// When, UTC.
        pub at: DateTime<Utc>,
        /// For which partner account.
        pub partner_account_id: Option<Uuid>,
        /// The code of the actor's kind.
        pub actor_kind: String,
        /// The actor's id.
        pub actor_id: Option<Uuid>,
        /// The actor's name as it was then.
        pub actor_name: String,
        /// The code of the action.
        pub action: String,
        /// About which customer.
        pub customer_id: Option<Uuid>,
        /// Details, JSON.
        pub detail: String,
        /// Salts the hash of name and details.
        pub salt: Vec<u8>,
        /// Canonical bytes: who did what when, and digests of the rows it wrote.
        pub leaf: Vec<u8>,
        /// The hash of the leaf.
        pub leaf_hash: Vec<u8>,
        /// The hash of the entry before.
        pub prev_hash: Vec<u8>,
        /// The entry's hash.
        pub hash: Vec<u8>,
    }
}

/// The columns of [`AuditEntry`], of the log as `e`.
const LOGGED: &str = "e.seq, e.id, e.at, e.partner_account_id, e.actor_kind, e.actor_id, e.actor_name, e.action, \
    e.customer_id, e.detail, e.salt, e.leaf, e.leaf_hash, e.prev_hash, e.hash";

impl AuditEntry {
    /// The entry's hash and the digests of the rows it wrote; nothing when its parts do not fit each other, or it does
    /// not follow the entry with the hash `prev`.
    pub fn check(&self, prev: &[u8]) -> Option<(Hash, Vec<RowDigest>)> {
        let leaf_hash = audit::leaf_hash(&self.leaf);
        let hash = audit::chain_hash(self.seq, prev.try_into().ok()?, &leaf_hash);
        let fits = self.prev_hash == prev && self.leaf_hash == leaf_hash && self.hash == hash;
        fits.then(|| self.digests()).flatten().map(|digests| (hash, digests))
    }

    /// The digests of the rows it wrote; nothing when its leaf is not its own.
    pub fn digests(&self) -> Option<Vec<RowDigest>> {
        let entry = Entry {
            id: self.id,
            at: self.at,
            partner_account_id: self.partner_account_id,
            actor_kind: self.actor_kind.clone(),
            actor_id: self.actor_id,
            actor_name: self.actor_name.clone(),
            action: self.action.clone(),
            customer_id: self.customer_id,
            detail: self.detail.clone(),
            salt: self.salt.clone(),
        };
        entry.digests(&self.leaf)
    }
}

record! {
    /// When the whole log was verified last, and what came of it.
    #[derive(Debug, Clone)]
    pub struct Verification {
        /// When, UTC.
        pub at: DateTime<Utc>,
        /// The number of the last entry that was checked.
        pub seq: i64,
        /// Its hash then.
        pub hash: Vec<u8>,
        /// Whether everything fitted.
        pub is_sound: bool,
        /// Its hash now; none when it is gone.
        pub hash_now: Option<Vec<u8>>,
    }
}

impl Verification {
    /// Whether everything fitted then, and the last entry still has the hash it had.
    pub fn holds(&self) -> bool {
        self.is_sound && self.hash_now.as_deref().unwrap_or(&[0; 32]) == self.hash
    }
}

/// What [`verify`](super::verify::verify) found last, if anybody kept it.
pub async fn last_verification(conn: &mut dyn Read) -> Result<Option<Verification>, Error> {
    conn.query(
        "SELECT v.at, v.seq, v.hash, v.is_sound, (SELECT e.hash FROM audit_log e WHERE e.seq = v.seq) AS hash_now \
         FROM audit_verification v WHERE v.id = 1",
    )
    .optional()
    .await
}

/// The entry of an event.
pub async fn entry(conn: &mut dyn Read, event_id: Uuid) -> Result<Option<AuditEntry>, Error> {
    conn.assembled(format!("SELECT {LOGGED} FROM audit_log e WHERE e.id = $1")).bind(event_id).optional().await
}

/// What happened to a customer, newest first: at most `limit` entries, older than entry number `before`.
pub async fn history(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    customer_id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditEntry>, Error> {
    conn.assembled(format!(
        "SELECT {LOGGED} FROM audit_log e WHERE e.partner_account_id = $1 AND e.customer_id = $2 AND e.seq < $3 \
         ORDER BY e.seq DESC LIMIT $4"
    ))
    .bind(partner_account_id)
    .bind(customer_id)
    .bind(before.unwrap_or(i64::MAX))
    .bind(limit)
    .all()
    .await
}

/// Who last did one of these things to a customer, and when.
pub async fn last_change(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    customer_id: Uuid,
    actions: &[audit::Action],
) -> Result<Option<AuditEntry>, Error> {
    let places: Vec<String> = (3..).zip(actions).map(|(place, _)| format!("${place}")).collect();
    let select = conn
        .assembled(format!(
            "SELECT {LOGGED} FROM audit_log e \
             WHERE e.partner_account_id = $1 AND e.customer_id = $2 AND e.action IN ({}) ORDER BY e.seq DESC LIMIT 1",
            places.join(", ")
        ))
        .bind(partner_account_id)
        .bind(customer_id);
    actions.iter().fold(select, |select, action| select.bind(action.code())).optional().await
}
