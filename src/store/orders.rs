//! Orders, their lines, and the subscriptions they become. Orders are append-only.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Change, Error, Snapshot, audit::salt, row::record};
use crate::domain::{
    actor::Who,
    audit::{Canon, Sealed},
    order::{Billing, BillingCycle, Line, SubscriptionStatus, TermDuration},
};

record! {
    /// A row of `orders`.
    #[derive(Debug, Clone)]
    pub struct OrderRow {
        id: Uuid,
        customer_seq: i64,
        billing_cycle: String,
        agreement_id: Option<Uuid>,
        placed_by_kind: String,
        placed_by_id: Option<Uuid>,
        placed_by_name: String,
        placed_at: DateTime<Utc>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

const ORDER_COLUMNS: &str = "id, customer_seq, billing_cycle, agreement_id, placed_by_kind, placed_by_id, placed_by_name, \
     placed_at, event_id, salt";

impl Sealed for OrderRow {
    const TABLE: &'static str = "orders";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, canon: &mut Canon) {
        canon.guid(self.id);
    }
    fn content(&self, canon: &mut Canon) {
        canon.int(self.customer_seq);
        canon.text(&self.billing_cycle);
        canon.optional(self.agreement_id, Canon::guid);
        canon.text(&self.placed_by_kind);
        canon.optional(self.placed_by_id, Canon::guid);
        canon.text(&self.placed_by_name);
        canon.time(self.placed_at);
    }
}

record! {
    /// A row of `order_lines`.
    #[derive(Debug, Clone)]
    pub struct LineRow {
        order_id: Uuid,
        line_number: i64,
        offer_id: String,
        offer_name: String,
        quantity: i64,
        term_duration: String,
        subscription_id: Uuid,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

const LINE_COLUMNS: &str =
    "order_id, line_number, offer_id, offer_name, quantity, term_duration, subscription_id, event_id, salt";

impl Sealed for LineRow {
    const TABLE: &'static str = "order_lines";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, canon: &mut Canon) {
        canon.guid(self.order_id);
        canon.int(self.line_number);
    }
    fn content(&self, canon: &mut Canon) {
        canon.text(&self.offer_id);
        canon.text(&self.offer_name);
        canon.int(self.quantity);
        canon.text(&self.term_duration);
        canon.guid(self.subscription_id);
    }
}

record! {
    /// A row of `subscriptions`.
    #[derive(Debug, Clone)]
    pub struct SubscriptionRow {
        id: Uuid,
        customer_seq: i64,
        order_id: Option<Uuid>,
        offer_id: String,
        offer_name: String,
        billing: String,
        quantity: i64,
        status: String,
        auto_renew: bool,
        billing_cycle: String,
        term_duration: String,
        commitment_ends_on: Option<NaiveDate>,
        etag: i64,
        created_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

const SUBSCRIPTION_COLUMNS: &str = "id, customer_seq, order_id, offer_id, offer_name, billing, quantity, status, auto_renew, \
     billing_cycle, term_duration, commitment_ends_on, etag, created_at, changed_at, event_id, salt";

impl Sealed for SubscriptionRow {
    const TABLE: &'static str = "subscriptions";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, canon: &mut Canon) {
        canon.guid(self.id);
    }
    fn content(&self, canon: &mut Canon) {
        canon.int(self.customer_seq);
        canon.optional(self.order_id, Canon::guid);
        for text in
            [&self.offer_id, &self.offer_name, &self.billing, &self.status, &self.billing_cycle, &self.term_duration]
        {
            canon.text(text);
        }
        canon.int(self.quantity);
        canon.flag(self.auto_renew);
        canon.optional(self.commitment_ends_on, Canon::date);
        canon.int(self.etag);
        canon.time(self.created_at);
        canon.time(self.changed_at);
    }
}

/// An order to be.
#[derive(Debug, Clone)]
pub struct NewOrder<'a> {
    /// The customer's row.
    pub customer_seq: i64,
    /// How often it is charged.
    pub billing_cycle: BillingCycle,
    /// How long it binds.
    pub term_duration: TermDuration,
    /// The agreement that opened the gate; none where nothing is gated.
    pub agreement_id: Option<Uuid>,
    /// Who placed it.
    pub placed_by: &'a Who,
    /// The first day of its subscriptions, in the account's time zone.
    pub starts_on: NaiveDate,
    /// What it asks for.
    pub lines: &'a [Line],
}

/// What writing an order wrote; the event seals it.
#[derive(Debug)]
pub struct Written {
    /// The order.
    pub order: OrderRow,
    /// Its lines.
    pub lines: Vec<LineRow>,
    /// The subscriptions they became.
    pub subscriptions: Vec<SubscriptionRow>,
}

/// Writes an order with its lines, and a subscription for each.
pub async fn insert(change: &mut Change, new: &NewOrder<'_>, event_id: Uuid) -> Result<Written, Error> {
    let (id, now) = (change.clock.id(), change.clock.now());
    let order: OrderRow = change
        .assembled(format!(
            "INSERT INTO orders ({ORDER_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {ORDER_COLUMNS}"
        ))
        .bind(id)
        .bind(new.customer_seq)
        .bind(new.billing_cycle.code())
        .bind(new.agreement_id)
        .bind(new.placed_by.kind.code())
        .bind(new.placed_by.id)
        .bind(new.placed_by.name.clone())
        .bind(now)
        .bind(event_id)
        .bind(salt().to_vec())
        .one()
        .await?;
    let mut written = Written { order, lines: Vec::new(), subscriptions: Vec::new() };
    for (line, number) in new.lines.iter().zip(0..) {
        let subscription = insert_subscription(change, new, written.order.id, line, now, event_id).await?;
        let row = change
            .assembled(format!(
                "INSERT INTO order_lines ({LINE_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {LINE_COLUMNS}"
            ))
            .bind(written.order.id)
            .bind(number)
            .bind(line.offer.id.clone())
            .bind(line.offer.name.clone())
            .bind(line.quantity)
            .bind(line.offer.term(new.term_duration).code())
            .bind(subscription.id)
            .bind(event_id)
            .bind(salt().to_vec())
            .one()
            .await?;
        written.lines.push(row);
        written.subscriptions.push(subscription);
    }
    Ok(written)
}

async fn insert_subscription(
    change: &mut Change,
    new: &NewOrder<'_>,
    order_id: Uuid,
    line: &Line,
    now: DateTime<Utc>,
    event_id: Uuid,
) -> Result<SubscriptionRow, Error> {
    let offer = &line.offer;
    let id = change.clock.id();
    let is_license = offer.billing == Billing::License;
    let term = offer.term(new.term_duration);
    change
        .assembled(format!(
            "INSERT INTO subscriptions ({SUBSCRIPTION_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, \
             $13, $13, $14, $15) RETURNING {SUBSCRIPTION_COLUMNS}"
        ))
        .bind(id)
        .bind(new.customer_seq)
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
        .await
}

record! {
    /// A line of an order, to be shown.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Ordered {
        /// The offer's name as it was.
        pub offer_name: String,
        /// Licences.
        pub quantity: i64,
        /// How it is charged, by its code.
        pub billing: String,
    }
}

/// What a customer has ordered, first things first; at most 50 lines.
pub async fn of_customer(at: &mut Snapshot, customer_seq: i64) -> Result<Vec<Ordered>, Error> {
    at.query(
        "SELECT l.offer_name, l.quantity, s.billing FROM orders o JOIN order_lines l ON l.order_id = o.id \
         JOIN subscriptions s ON s.id = l.subscription_id WHERE o.customer_seq = $1 \
         ORDER BY o.placed_at, o.id, l.line_number LIMIT 50",
    )
    .bind(customer_seq)
    .all()
    .await
}

/// Where a chunk of rows begins: at the first id there can be, or behind one.
fn than(after: Option<Uuid>) -> &'static str {
    // The first id there can be is nil, which nothing but `>=` finds.
    if after.is_some() { ">" } else { ">=" }
}

/// The ids of the offers of which a customer has subscriptions.
pub async fn owned_offers(at: &mut Snapshot, customer_seq: i64) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = at
        .query("SELECT DISTINCT offer_id FROM subscriptions WHERE customer_seq = $1")
        .bind(customer_seq)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Orders from the first id on, or after `after`, for the verifier.
pub(super) async fn rows(at: &mut Snapshot, after: Option<Uuid>, limit: i64) -> Result<Vec<OrderRow>, Error> {
    at.assembled(format!("SELECT {ORDER_COLUMNS} FROM orders WHERE id {} $1 ORDER BY id LIMIT $2", than(after)))
        .bind(after.unwrap_or_default())
        .bind(limit)
        .all()
        .await
}

/// Lines from the first order on, or after `after`, for the verifier.
pub(super) async fn line_rows(
    at: &mut Snapshot,
    after: Option<(Uuid, i64)>,
    limit: i64,
) -> Result<Vec<LineRow>, Error> {
    let (order_id, number) = after.unwrap_or((Uuid::nil(), i64::MIN));
    at.assembled(format!(
        "SELECT {LINE_COLUMNS} FROM order_lines WHERE (order_id, line_number) > ($1, $2) \
         ORDER BY order_id, line_number LIMIT $3"
    ))
    .bind(order_id)
    .bind(number)
    .bind(limit)
    .all()
    .await
}

/// Subscriptions from the first id on, or after `after`, for the verifier.
pub(super) async fn subscription_rows(
    at: &mut Snapshot,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<SubscriptionRow>, Error> {
    at.assembled(format!(
        "SELECT {SUBSCRIPTION_COLUMNS} FROM subscriptions WHERE id {} $1 ORDER BY id LIMIT $2",
        than(after)
    ))
    .bind(after.unwrap_or_default())
    .bind(limit)
    .all()
    .await
}

impl LineRow {
    /// Its order and its number there.
    pub(super) fn place(&self) -> (Uuid, i64) {
        (self.order_id, self.line_number)
    }
}

impl SubscriptionRow {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}

impl OrderRow {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}
