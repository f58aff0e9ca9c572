//! The log's table: appending to the chain, reading a customer's history.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Change, Error, Snapshot, row::record};
use crate::domain::audit::{self, Entry, Event, Hash, Salt};

record! {
    /// Where the chain stands.
    pub(super) struct Head {
        pub seq: i64,
        pub hash: Vec<u8>,
    }
}

/// Appends the events of a change. Takes the lock on the head of the chain, the last lock of a change.
pub(super) async fn append(change: &mut Change, events: Vec<Event>) -> Result<(), Error> {
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let head: Head =
        change.query("UPDATE audit_head SET seq = seq + $1 WHERE id = 1 RETURNING seq, hash").bind(count).one().await?;
    let mut prev = hash(head.hash)?;
    for (event, seq) in events.into_iter().zip(head.seq - count + 1..) {
        prev = insert(change, event, seq, &prev).await?;
    }
    change.query("UPDATE audit_head SET hash = $1 WHERE id = 1").bind(prev.to_vec()).execute().await?;
    Ok(())
}

async fn insert(change: &mut Change, event: Event, seq: i64, prev: &Hash) -> Result<Hash, Error> {
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
    change
        .query(
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
    /// One entry of a customer's history.
    #[derive(Debug, Clone)]
    pub struct HistoryEntry {
        /// Its number in the log of the whole installation.
        pub seq: i64,
        /// When, UTC.
        pub at: DateTime<Utc>,
        /// The code of the actor's kind.
        pub actor_kind: String,
        /// The actor's name as it was then.
        pub actor_name: String,
        /// The code of the action.
        pub action: String,
        /// Details, JSON.
        pub detail: String,
    }
}

/// What happened to a customer, newest first: at most `limit` entries, older than entry number `before`.
pub async fn history(
    at: &mut Snapshot,
    partner_account_id: Uuid,
    customer_id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<HistoryEntry>, Error> {
    at.query(
        "SELECT seq, at, actor_kind, actor_name, action, detail FROM audit_log \
         WHERE partner_account_id = $1 AND customer_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4",
    )
    .bind(partner_account_id)
    .bind(customer_id)
    .bind(before.unwrap_or(i64::MAX))
    .bind(limit)
    .all()
    .await
}

/// Who last did one of these things to a customer, and when.
pub async fn last_change(
    at: &mut Snapshot,
    partner_account_id: Uuid,
    customer_id: Uuid,
    actions: &[audit::Action],
) -> Result<Option<HistoryEntry>, Error> {
    let places: Vec<String> = (3..).zip(actions).map(|(place, _)| format!("${place}")).collect();
    let select = at
        .assembled(format!(
            "SELECT seq, at, actor_kind, actor_name, action, detail FROM audit_log \
             WHERE partner_account_id = $1 AND customer_id = $2 AND action IN ({}) ORDER BY seq DESC LIMIT 1",
            places.join(", ")
        ))
        .bind(partner_account_id)
        .bind(customer_id);
    actions.iter().fold(select, |select, action| select.bind(action.code())).optional().await
}
