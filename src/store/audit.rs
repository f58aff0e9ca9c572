//! The log's table: appending to the chain, reading it.

pub(super) mod row;
mod trail;

pub use row::AuditEntry;
pub use trail::{By, Cursor, Filter, Found, Shown, export, page};

use uuid::Uuid;

use super::{Error, Read, WriteTx, row::record, table};
use crate::domain::audit::{self, Entry, Event, Hash, Salt};

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
    let row = AuditEntry {
        seq,
        id: entry.id,
        at: entry.at,
        partner_account_id: entry.partner_account_id,
        actor_kind: entry.actor_kind,
        actor_id: entry.actor_id,
        actor_name: entry.actor_name,
        action: entry.action,
        customer_id: entry.customer_id,
        detail: entry.detail,
        salt: entry.salt,
        leaf,
        leaf_hash: leaf_hash.to_vec(),
        prev_hash: prev.to_vec(),
        hash: hash.to_vec(),
    };
    table::add(tx, row, "").execute().await?;
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

/// The entry of an event.
pub async fn entry(conn: &mut dyn Read, event_id: Uuid) -> Result<Option<AuditEntry>, Error> {
    table::select::<AuditEntry>(conn, "WHERE id = $1").bind(event_id).optional().await
}

/// What happened to a customer, newest first: at most `limit` entries, older than entry number `before`.
pub async fn history(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    customer_id: Uuid,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<AuditEntry>, Error> {
    let select = table::select::<AuditEntry>(
        conn,
        "WHERE partner_account_id = $1 AND customer_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4",
    );
    select.values((partner_account_id, customer_id, before.unwrap_or(i64::MAX), limit)).all().await
}

/// Who last did one of these things to a customer, and when.
pub async fn last_change(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    customer_id: Uuid,
    actions: &[audit::Action],
) -> Result<Option<AuditEntry>, Error> {
    let places: Vec<String> = (3..).zip(actions).map(|(place, _)| format!("${place}")).collect();
    let of_these = format!(
        "WHERE partner_account_id = $1 AND customer_id = $2 AND action IN ({}) ORDER BY seq DESC LIMIT 1",
        places.join(", ")
    );
    let select = table::select::<AuditEntry>(conn, &of_these).values((partner_account_id, customer_id));
    actions.iter().fold(select, |select, action| select.bind(*action)).optional().await
}
