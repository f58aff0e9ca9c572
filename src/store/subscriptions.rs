//! Subscriptions: what customers have, ordered here or elsewhere.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    audit::salt,
    counts,
    customers::Customer,
    orders::{NewOrder, after_operator},
    row::record,
};
use crate::domain::{
    audit::{AuditedRow, CanonicalEncoder},
    order::{Billing, BillingCycle, Line, SubscriptionStatus, TermDuration},
};

record! {
    /// A row of `subscriptions`.
    #[derive(Debug, Clone)]
    pub struct SubscriptionRow {
        id: Uuid,
        customer_seq: i64,
        /// The order it came from; none for what was ordered elsewhere.
        pub order_id: Option<Uuid>,
        /// The offer's id.
        pub offer_id: String,
        /// The offer's name.
        pub offer_name: String,
        billing: String,
        /// Licences.
        pub quantity: i64,
        status: String,
        /// Whether it renews by itself.
        pub auto_renew: bool,
        /// How often it is charged, by its code.
        pub billing_cycle: String,
        /// How long it binds, by its code.
        pub term_duration: String,
        /// The last day of its term; none for what is charged by use.
        pub commitment_ends_on: Option<NaiveDate>,
        /// Counts its changes.
        pub etag: i64,
        /// When it began here, UTC.
        pub created_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

const COLUMNS: &str = "id, customer_seq, order_id, offer_id, offer_name, billing, quantity, status, auto_renew, \
     billing_cycle, term_duration, commitment_ends_on, etag, created_at, changed_at, event_id, salt";

impl AuditedRow for SubscriptionRow {
    const TABLE: &'static str = "subscriptions";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.id);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        encoder.int(self.customer_seq);
        encoder.optional(self.order_id, CanonicalEncoder::guid);
        for text in
            [&self.offer_id, &self.offer_name, &self.billing, &self.status, &self.billing_cycle, &self.term_duration]
        {
            encoder.text(text);
        }
        encoder.int(self.quantity);
        encoder.flag(self.auto_renew);
        encoder.optional(self.commitment_ends_on, CanonicalEncoder::date);
        encoder.int(self.etag);
        encoder.time(self.created_at);
        encoder.time(self.changed_at);
    }
}

impl SubscriptionRow {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// How it is charged.
    pub fn billing(&self) -> Result<Billing, Error> {
        billing(self.id, &self.billing)
    }

    /// Whether it is in use.
    pub fn status(&self) -> Result<SubscriptionStatus, Error> {
        status(self.id, &self.status)
    }

    /// The last day of its term, if it goes on only when somebody renews it: see [`BY_HAND`].
    pub(super) fn renews_by_hand(&self) -> Option<NaiveDate> {
        let by_hand = self.status == SubscriptionStatus::Active.code()
            && !self.auto_renew
            && self.billing == Billing::License.code();
        self.commitment_ends_on.filter(|_| by_hand)
    }
}

/// The condition that a subscription goes on only when somebody renews it, as the indexes of such have it.
pub(super) const BY_HAND: &str =
    "status = 'active' AND NOT auto_renew AND billing = 'license' AND commitment_ends_on IS NOT NULL";

record! {
    /// What lists show of a subscription.
    #[derive(Debug, Clone)]
    pub struct Listed {
        /// Its id.
        pub id: Uuid,
        /// The order it came from; none for what was ordered elsewhere.
        pub order_id: Option<Uuid>,
        /// The offer's name.
        pub offer_name: String,
        billing: String,
        /// Licences.
        pub quantity: i64,
        status: String,
        /// Whether it renews by itself.
        pub auto_renew: bool,
        /// How long it binds, by its code.
        pub term_duration: String,
        /// The last day of its term; none for what is charged by use.
        pub commitment_ends_on: Option<NaiveDate>,
        /// Counts its changes.
        pub etag: i64,
    }
}

const LISTED: &str =
    "id, order_id, offer_name, billing, quantity, status, auto_renew, term_duration, commitment_ends_on, etag";

impl Listed {
    /// How it is charged.
    pub fn billing(&self) -> Result<Billing, Error> {
        billing(self.id, &self.billing)
    }

    /// Whether it is in use.
    pub fn status(&self) -> Result<SubscriptionStatus, Error> {
        status(self.id, &self.status)
    }
}

fn billing(id: Uuid, code: &str) -> Result<Billing, Error> {
    Billing::from_code(code).ok_or_else(|| Error::Corrupt(format!("billing of subscription {id}")))
}

fn status(id: Uuid, code: &str) -> Result<SubscriptionStatus, Error> {
    SubscriptionStatus::from_code(code).ok_or_else(|| Error::Corrupt(format!("status of subscription {id}")))
}

/// Writes the subscription that a line of an order becomes.
pub async fn insert(
    tx: &mut WriteTx,
    new: &NewOrder<'_>,
    order_id: Uuid,
    line: &Line,
    event_id: Uuid,
) -> Result<SubscriptionRow, Error> {
    let offer = &line.offer;
    let (id, now) = (tx.clock.id(), tx.clock.now());
    let is_license = offer.billing == Billing::License;
    let term = offer.term(new.term_duration);
    let row: SubscriptionRow = tx
        .assembled(format!(
            "INSERT INTO subscriptions ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, \
             $13, $13, $14, $15) RETURNING {COLUMNS}"
        ))
        .bind(id)
        .bind(new.customer.seq)
        .bind(order_id)
        .bind(offer.id.clone())
        .bind(offer.name.clone())
        .bind(offer.billing.code())
        .bind(line.quantity)
        .bind(SubscriptionStatus::Active.code())
        .bind(is_license)
        .bind(offer.cycle(new.billing_cycle).code())
        .bind(term.code())
        .bind(is_license.then(|| term.last_day(new.starts_on)))
        .bind(now)
        .bind(event_id)
        .bind(salt().to_vec())
        .one()
        .await?;
    counts::subscription(&mut tx.counts, new.customer, &row, 1);
    Ok(row)
}

/// How many subscriptions a customer has in use.
pub async fn count_active(conn: &mut dyn Read, customer_seq: i64) -> Result<i64, Error> {
    let (count,): (i64,) = conn
        .query("SELECT count(*) FROM subscriptions WHERE customer_seq = $1 AND status = $2")
        .bind(customer_seq)
        .bind(SubscriptionStatus::Active.code())
        .one()
        .await?;
    Ok(count)
}

/// The ids of the offers of which a customer has subscriptions.
pub async fn owned_offers(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = conn
        .query("SELECT DISTINCT offer_id FROM subscriptions WHERE customer_seq = $1")
        .bind(customer_seq)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Every subscription of a customer, in the order of their ids.
pub async fn of_customer(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<SubscriptionRow>, Error> {
    conn.assembled(format!("SELECT {COLUMNS} FROM subscriptions WHERE customer_seq = $1 ORDER BY id"))
        .bind(customer_seq)
        .all()
        .await
}

/// The subscriptions of a customer in the order of their ids: at most `limit`, after the subscription `after`.
pub async fn list(
    conn: &mut dyn Read,
    customer_seq: i64,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    conn.assembled(format!(
        "SELECT {LISTED} FROM subscriptions WHERE customer_seq = $1 AND id {} $2 ORDER BY id LIMIT $3",
        after_operator(after)
    ))
    .bind(customer_seq)
    .bind(after.unwrap_or_default())
    .bind(limit)
    .all()
    .await
}

/// The subscriptions of a customer that are in use and whose term ends, the first to end first; at most `limit`.
pub async fn ending(conn: &mut dyn Read, customer_seq: i64, limit: i64) -> Result<Vec<Listed>, Error> {
    conn.assembled(format!(
        "SELECT {LISTED} FROM subscriptions WHERE customer_seq = $1 AND commitment_ends_on IS NOT NULL AND status = $2 \
         ORDER BY commitment_ends_on, id LIMIT $3"
    ))
    .bind(customer_seq)
    .bind(SubscriptionStatus::Active.code())
    .bind(limit)
    .all()
    .await
}

/// A subscription of a customer.
pub async fn find(conn: &mut dyn Read, customer_seq: i64, id: Uuid) -> Result<Option<SubscriptionRow>, Error> {
    conn.assembled(format!("SELECT {COLUMNS} FROM subscriptions WHERE id = $1 AND customer_seq = $2"))
        .bind(id)
        .bind(customer_seq)
        .optional()
        .await
}

/// What of a subscription can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Licences.
    pub quantity: i64,
    /// Whether it is in use.
    pub status: SubscriptionStatus,
    /// Whether it renews by itself.
    pub auto_renew: bool,
}

/// Changes a subscription of a customer who is locked, if nobody has since `etag` was read. `None` when somebody has.
/// The row is what the event seals.
pub async fn set(
    tx: &mut WriteTx,
    customer: &Customer,
    before: &SubscriptionRow,
    etag: i64,
    state: State,
    event_id: Uuid,
) -> Result<Option<SubscriptionRow>, Error> {
    let now = tx.clock.now();
    let after: Option<SubscriptionRow> = tx
        .assembled(format!(
            "UPDATE subscriptions SET quantity = $1, status = $2, auto_renew = $3, etag = etag + 1, changed_at = $4, \
             event_id = $5 WHERE id = $6 AND etag = $7 RETURNING {COLUMNS}"
        ))
        .bind(state.quantity)
        .bind(state.status.code())
        .bind(state.auto_renew)
        .bind(now)
        .bind(event_id)
        .bind(before.id)
        .bind(etag)
        .optional()
        .await?;
    if let Some(after) = &after {
        recount(tx, customer, before, after);
    }
    Ok(after)
}

fn recount(tx: &mut WriteTx, customer: &Customer, before: &SubscriptionRow, after: &SubscriptionRow) {
    counts::subscription(&mut tx.counts, customer, before, -1);
    counts::subscription(&mut tx.counts, customer, after, 1);
}

/// A subscription that was ordered elsewhere, to be.
#[derive(Debug, Clone)]
pub struct NewImported<'a> {
    /// Its id.
    pub id: Uuid,
    /// The customer.
    pub customer: &'a Customer,
    /// The offer's id; empty where it is not known.
    pub offer_id: &'a str,
    /// The offer's name.
    pub offer_name: &'a str,
    /// How it is charged.
    pub billing: Billing,
    /// What of it can be changed.
    pub state: State,
    /// How often it is charged.
    pub billing_cycle: BillingCycle,
    /// How long it binds.
    pub term_duration: TermDuration,
    /// The last day of its term, where it is known.
    pub commitment_ends_on: Option<NaiveDate>,
}

/// Writes a subscription that was ordered elsewhere. The row is what the event seals.
pub async fn insert_imported(
    tx: &mut WriteTx,
    new: &NewImported<'_>,
    event_id: Uuid,
) -> Result<SubscriptionRow, Error> {
    let now = tx.clock.now();
    let row: SubscriptionRow = tx
        .assembled(format!(
            "INSERT INTO subscriptions ({COLUMNS}) VALUES ($1, $2, NULL, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, \
             $12, $12, $13, $14) RETURNING {COLUMNS}"
        ))
        .bind(new.id)
        .bind(new.customer.seq)
        .bind(new.offer_id.to_owned())
        .bind(new.offer_name.to_owned())
        .bind(new.billing.code())
        .bind(new.state.quantity)
        .bind(new.state.status.code())
        .bind(new.state.auto_renew)
        .bind(new.billing_cycle.code())
        .bind(new.term_duration.code())
        .bind(new.commitment_ends_on)
        .bind(now)
        .bind(event_id)
        .bind(salt().to_vec())
        .one()
        .await?;
    counts::subscription(&mut tx.counts, new.customer, &row, 1);
    Ok(row)
}

/// Changes a subscription of a customer who is locked to what a file says. The row is what the event seals.
pub async fn set_imported(
    tx: &mut WriteTx,
    customer: &Customer,
    before: &SubscriptionRow,
    offer_name: &str,
    state: State,
    commitment_ends_on: Option<NaiveDate>,
    event_id: Uuid,
) -> Result<SubscriptionRow, Error> {
    let now = tx.clock.now();
    let after: SubscriptionRow = tx
        .assembled(format!(
            "UPDATE subscriptions SET offer_name = $1, quantity = $2, status = $3, auto_renew = $4, \
             commitment_ends_on = $5, etag = etag + 1, changed_at = $6, event_id = $7 WHERE id = $8 RETURNING {COLUMNS}"
        ))
        .bind(offer_name.to_owned())
        .bind(state.quantity)
        .bind(state.status.code())
        .bind(state.auto_renew)
        .bind(commitment_ends_on)
        .bind(now)
        .bind(event_id)
        .bind(before.id)
        .one()
        .await?;
    recount(tx, customer, before, &after);
    Ok(after)
}

/// Whether any customer of any account has a subscription with this id.
pub async fn is_known(conn: &mut dyn Read, id: Uuid) -> Result<bool, Error> {
    let row: Option<(i64,)> =
        conn.query("SELECT customer_seq FROM subscriptions WHERE id = $1").bind(id).optional().await?;
    Ok(row.is_some())
}

/// Subscriptions from the first id on, or after `after`, for the verifier.
pub(super) async fn rows(conn: &mut dyn Read, after: Option<Uuid>, limit: i64) -> Result<Vec<SubscriptionRow>, Error> {
    conn.assembled(format!(
        "SELECT {COLUMNS} FROM subscriptions WHERE id {} $1 ORDER BY id LIMIT $2",
        after_operator(after)
    ))
    .bind(after.unwrap_or_default())
    .bind(limit)
    .all()
    .await
}
