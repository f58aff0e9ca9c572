//! The log of everything that happened, chained by hash so that a later change of it shows.
//!
//! Each [`Event`] becomes one *leaf*: canonical bytes of who did what when, with a digest of every business
//! row it wrote. The entry's hash covers its number, the hash before it and its leaf, so nothing can be
//! changed, dropped or moved without breaking the chain. Personal text is in a leaf only as salted hashes.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    actor::{Actor, Principal},
    codes::{Code, codes},
};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Random bytes kept beside a row, so that its hash gives nothing away.
pub type Salt = [u8; 16];

/// The layout of leaves written today, their first byte.
const LEAF_VERSION: u8 = 1;

codes! {
    /// What happened.
    pub enum Action {
        /// A user signed in.
        SignedIn = "signed_in",
        /// A sign-in failed.
        SignInFailed = "sign_in_failed",
        /// A user was refused something their role does not include.
        Denied = "denied",
        /// A list was exported, or was on its way when it was cut off.
        Exported = "exported",
        /// The whole log was verified.
        LogVerified = "log_verified",
        /// A customer was created.
        CustomerCreated = "customer_created",
        /// An order was placed.
        OrderPlaced = "order_placed",
        /// An order was blocked by the customer's confirmation status.
        OrderBlocked = "order_blocked",
        /// The number of licences of a subscription was changed.
        QuantityChanged = "quantity_changed",
        /// A licence change was blocked by the customer's confirmation status.
        QuantityBlocked = "quantity_blocked",
        /// A subscription was suspended.
        SubscriptionSuspended = "subscription_suspended",
        /// A subscription was reactivated.
        SubscriptionReactivated = "subscription_reactivated",
        /// A subscription renews by itself from now on.
        AutoRenewSwitchedOn = "auto_renew_switched_on",
        /// A subscription no longer renews by itself.
        AutoRenewSwitchedOff = "auto_renew_switched_off",
        /// What a program calls a subscription was changed.
        SubscriptionRenamed = "subscription_renamed",
        /// The partner on record of a subscription was changed.
        SubscriptionPartnerSet = "subscription_partner_set",
        /// A customer was added from a file.
        CustomerImported = "customer_imported",
        /// A customer's name or domain was changed by a file.
        CustomerUpdatedByImport = "customer_updated_by_import",
        /// A file of customers was imported.
        CustomersImported = "customers_imported",
        /// A file of indirect resellers was imported.
        IndirectResellersImported = "indirect_resellers_imported",
        /// A file of offers was imported.
        CatalogueImported = "catalogue_imported",
        /// A customer's subscriptions were added or changed from a file.
        SubscriptionsImported = "subscriptions_imported",
        /// A customer's company was edited.
        CompanyEdited = "company_edited",
        /// A customer's primary contact was edited.
        ContactEdited = "contact_edited",
        /// A customer of a sandbox was deleted.
        CustomerDeleted = "customer_deleted",
        /// A company became the partner's customer no longer.
        RelationshipRemoved = "relationship_removed",
        /// What a customer qualifies for was set.
        QualificationSet = "qualification_set",
        /// A customer's acceptance was confirmed.
        AcceptanceConfirmed = "acceptance_confirmed",
        /// A customer was recorded as having accepted directly with Microsoft.
        AcceptedDirectly = "accepted_directly",
        /// An agreement version was added.
        AgreementVersionAdded = "agreement_version_added",
        /// A partner account was created.
        PartnerAccountCreated = "partner_account_created",
        /// A partner account was changed.
        PartnerAccountChanged = "partner_account_changed",
        /// A user was created.
        UserCreated = "user_created",
        /// A user's role in an account was set.
        UserRoleSet = "user_role_set",
        /// A user's password was set.
        UserPasswordSet = "user_password_set",
        /// A user was disabled.
        UserDisabled = "user_disabled",
        /// A user was enabled again.
        UserEnabled = "user_enabled",
        /// An API client was created.
        ApiClientCreated = "api_client_created",
        /// An API client was revoked.
        ApiClientRevoked = "api_client_revoked",
        /// A user let an API client act as them.
        RefreshTokenMade = "refresh_token_made",
    }
}

/// Something that happened, on its way into the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id; business rows it writes carry it too.
    pub id: Uuid,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// For which partner account.
    pub partner_account_id: Option<Uuid>,
    /// Who did it.
    pub who: Principal,
    /// What.
    pub action: Action,
    /// About which customer (Microsoft ID).
    pub customer_id: Option<Uuid>,
    /// What a reader wants to know besides: raw values, an object.
    pub detail: Value,
    /// Digests of the rows it wrote.
    pub digests: Vec<RowDigest>,
}

impl Event {
    /// An event of nobody's account yet.
    pub fn new(id: Uuid, at: DateTime<Utc>, who: Principal, action: Action) -> Self {
        Self {
            id,
            at,
            partner_account_id: None,
            who,
            action,
            customer_id: None,
            detail: Value::Object(serde_json::Map::new()),
            digests: Vec::new(),
        }
    }

    /// What an actor did for the account acted for.
    pub fn by(actor: &Actor, id: Uuid, at: DateTime<Utc>, action: Action) -> Self {
        Self { partner_account_id: Some(actor.account.id), ..Self::new(id, at, actor.who.clone(), action) }
    }

    /// The same event, about a customer.
    #[must_use]
    pub fn about(self, customer_id: Uuid) -> Self {
        Self { customer_id: Some(customer_id), ..self }
    }

    /// The same event in a partner account.
    #[must_use]
    pub fn within(self, partner_account_id: Uuid) -> Self {
        Self { partner_account_id: Some(partner_account_id), ..self }
    }

    /// The same event with details.
    #[must_use]
    pub fn with(self, detail: Value) -> Self {
        Self { detail, ..self }
    }

    /// Puts a row that this event wrote under the event's hash.
    pub fn attach_digest(&mut self, row: &impl AuditedRow) {
        self.digests.push(RowDigest::of(row));
    }
}

/// A business row whose content the log vouches for.
pub trait AuditedRow {
    /// The table it stands in.
    const TABLE: &'static str;
    /// The event that wrote it last; none for what the migrations bring.
    fn event_id(&self) -> Option<Uuid>;
    /// The row's salt.
    fn salt(&self) -> &[u8];
    /// What tells the row from others of the table.
    fn key(&self, encoder: &mut CanonicalEncoder);
    /// Everything else that matters.
    fn content(&self, encoder: &mut CanonicalEncoder);
}

/// The hash of one row's content at the time of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDigest {
    /// The table.
    pub table: String,
    /// The row's key, canonical bytes.
    pub key: Vec<u8>,
    /// The salted hash of key and content.
    pub hash: Hash,
}

impl RowDigest {
    /// The digest of a row as it is.
    pub fn of<R: AuditedRow>(row: &R) -> Self {
        let mut key = CanonicalEncoder::default();
        row.key(&mut key);
        let mut whole = CanonicalEncoder::default();
        whole.bytes(row.salt());
        whole.text(R::TABLE);
        whole.bytes(&key.0);
        row.content(&mut whole);
        Self { table: R::TABLE.to_owned(), key: key.0, hash: Sha256::digest(&whole.0).into() }
    }
}

/// A value with one canonical form.
pub trait Canonical {
    /// Appends the form.
    fn encode(&self, encoder: &mut CanonicalEncoder);
}

macro_rules! canonical {
    ($($kind:ty: |$encoder:ident, $value:ident| $put:expr;)+) => {$(
        impl Canonical for $kind {
            fn encode(&self, $encoder: &mut CanonicalEncoder) {
                let $value = self;
                $put;
            }
        }
    )+};
}
canonical! {
    i64: |encoder, int| encoder.int(*int);
    bool: |encoder, flag| encoder.flag(*flag);
    String: |encoder, text| encoder.text(text);
    Vec<u8>: |encoder, bytes| encoder.bytes(bytes);
    Uuid: |encoder, guid| encoder.guid(*guid);
    NaiveDate: |encoder, date| encoder.date(*date);
    DateTime<Utc>: |encoder, time| encoder.time(*time);
}

impl<T: Code> Canonical for T {
    fn encode(&self, encoder: &mut CanonicalEncoder) {
        encoder.text(self.code());
    }
}

impl<T: Canonical> Canonical for Option<T> {
    fn encode(&self, encoder: &mut CanonicalEncoder) {
        encoder.optional(self.as_ref(), |encoder, value| value.encode(encoder));
    }
}

/// Canonical bytes: every value has one form only, and no two lists of values share a form.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct CanonicalEncoder(Vec<u8>);

impl CanonicalEncoder {
    /// A value that knows its own form.
    pub fn value(&mut self, value: &impl Canonical) {
        value.encode(self);
    }

    /// Bytes with their length before them.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&u32::try_from(bytes.len()).expect("a value is smaller than 4 GiB").to_be_bytes());
        self.0.extend_from_slice(bytes);
    }

    /// Text in UTF-8.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A whole number.
    pub fn int(&mut self, int: i64) {
        self.0.extend_from_slice(&int.to_be_bytes());
    }

    /// Yes or no.
    pub fn flag(&mut self, flag: bool) {
        self.0.push(u8::from(flag));
    }

    /// A GUID.
    pub fn guid(&mut self, guid: Uuid) {
        self.0.extend_from_slice(guid.as_bytes());
    }

    /// A time, in milliseconds.
    pub fn time(&mut self, time: DateTime<Utc>) {
        self.int(time.timestamp_millis());
    }

    /// A day.
    pub fn date(&mut self, date: NaiveDate) {
        self.int(i64::from(date.num_days_from_ce()));
    }

    /// A value that may be absent.
    pub fn optional<T>(&mut self, value: Option<T>, put: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            put(self, value);
        }
    }
}

/// An entry of the log as it is stored, but for its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
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
    /// The details, JSON.
    pub detail: String,
    /// Salts the hash of name and details.
    pub salt: Vec<u8>,
}

impl Entry {
    /// The leaf's bytes: this entry, then the digests of the rows it wrote.
    pub fn leaf(&self, digests: &[RowDigest]) -> Vec<u8> {
        let mut encoder = self.head();
        encoder.int(i64::try_from(digests.len()).expect("a count fits"));
        for digest in digests {
            encoder.text(&digest.table);
            encoder.bytes(&digest.key);
            encoder.0.extend_from_slice(&digest.hash);
        }
        encoder.0
    }

    /// The digests in a stored leaf, or `None` when the leaf does not belong to this entry.
    pub fn digests(&self, leaf: &[u8]) -> Option<Vec<RowDigest>> {
        let mut rest = Reader(leaf.strip_prefix(self.head().0.as_slice())?);
        let count = rest.int()?;
        let mut digests = Vec::new();
        for _ in 0..count {
            digests.push(RowDigest {
                table: String::from_utf8(rest.bytes()?.to_vec()).ok()?,
                key: rest.bytes()?.to_vec(),
                hash: rest.take(32)?.try_into().ok()?,
            });
        }
        rest.0.is_empty().then_some(digests)
    }

    fn head(&self) -> CanonicalEncoder {
        let mut private = CanonicalEncoder::default();
        private.bytes(&self.salt);
        private.text(&self.actor_name);
        private.text(&self.detail);

        let mut encoder = CanonicalEncoder(vec![LEAF_VERSION]);
        encoder.guid(self.id);
        encoder.time(self.at);
        encoder.optional(self.partner_account_id, CanonicalEncoder::guid);
        encoder.text(&self.actor_kind);
        encoder.optional(self.actor_id, CanonicalEncoder::guid);
        encoder.text(&self.action);
        encoder.optional(self.customer_id, CanonicalEncoder::guid);
        encoder.0.extend_from_slice(&Sha256::digest(&private.0));
        encoder
    }
}

/// Reads canonical bytes back.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn int(&mut self) -> Option<i64> {
        Some(i64::from_be_bytes(self.take(8)?.try_into().ok()?))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_be_bytes(self.take(4)?.try_into().ok()?);
        self.take(usize::try_from(length).ok()?)
    }
}

/// The hash of a leaf, as RFC 6962 makes it, so that no leaf can pass for an inner node of a tree of hashes.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// The hash of entry number `seq`, which follows the entry with hash `prev`.
pub fn chain_hash(seq: i64, prev: &Hash, leaf_hash: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"countersign-audit-v1\0");
    hasher.update(seq.to_be_bytes());
    hasher.update(prev);
    hasher.update(leaf_hash);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            id: Uuid::from_u128(7),
            at: DateTime::UNIX_EPOCH,
            partner_account_id: Some(Uuid::from_u128(1)),
            actor_kind: "user".into(),
            actor_id: None,
            actor_name: "Anna".into(),
            action: "signed_in".into(),
            customer_id: None,
            detail: "{}".into(),
            salt: vec![9; 16],
        }
    }

    fn digest() -> RowDigest {
        RowDigest { table: "customers".into(), key: vec![1, 2, 3], hash: [5; 32] }
    }

    #[test]
    fn a_leaf_gives_back_the_digests_it_was_made_of() {
        let leaf = entry().leaf(&[digest(), digest()]);
        assert_eq!(entry().digests(&leaf), Some(vec![digest(), digest()]));
    }

    #[test]
    fn a_leaf_belongs_to_no_other_entry() {
        let leaf = entry().leaf(&[digest()]);
        let changes: [fn(&mut Entry); 8] = [
            |e| e.id = Uuid::from_u128(8),
            |e| e.at += chrono::TimeDelta::milliseconds(1),
            |e| e.partner_account_id = None,
            |e| e.actor_id = Some(Uuid::nil()),
            |e| e.actor_name = "Anne".into(),
            |e| e.action = "denied".into(),
            |e| e.detail = "{ }".into(),
            |e| e.salt[0] ^= 1,
        ];
        for (number, change) in changes.iter().enumerate() {
            let mut other = entry();
            change(&mut other);
            assert_eq!(other.digests(&leaf), None, "change {number}");
        }
    }

    #[test]
    fn a_cut_or_longer_leaf_is_nobodys() {
        let leaf = entry().leaf(&[digest()]);
        for length in 0..leaf.len() {
            assert_eq!(entry().digests(&leaf[..length]), None, "{length} bytes");
        }
        assert_eq!(entry().digests(&[leaf, vec![0]].concat()), None);
    }

    #[test]
    fn the_chain_depends_on_number_predecessor_and_leaf() {
        let hash = chain_hash(2, &[1; 32], &[2; 32]);
        assert_ne!(hash, chain_hash(3, &[1; 32], &[2; 32]));
        assert_ne!(hash, chain_hash(2, &[3; 32], &[2; 32]));
        assert_ne!(hash, chain_hash(2, &[1; 32], &[4; 32]));
    }
}
