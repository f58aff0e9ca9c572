//! An entry of the log.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    domain::audit::{self, Entry, Hash, RowDigest},
    store::table::table,
};

table! {
    /// One entry of the log, as it stands there: codes as text, so that it can be read and checked whatever it says.
    #[derive(Debug, Clone)]
    pub struct AuditEntry: "audit_log" {
        /// Its number in the log of the whole installation.
        pub seq: i64 = key,
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
