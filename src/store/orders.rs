//! Orders and their lines. Append-only.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    audit::salt,
    customers::Customer,
    row::{Cells, Record, record},
    subscriptions::{self, SubscriptionRow},
};
use crate::domain::{
    actor::Principal,
    audit::{AuditedRow, CanonicalEncoder},
    order::{BillingCycle, Line, TermDuration},
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

impl AuditedRow for OrderRow {
    const TABLE: &'static str = "orders";
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
        encoder.text(&self.billing_cycle);
        encoder.optional(self.agreement_id, CanonicalEncoder::guid);
        encoder.text(&self.placed_by_kind);
        encoder.optional(self.placed_by_id, CanonicalEncoder::guid);
        encoder.text(&self.placed_by_name);
        encoder.time(self.placed_at);
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

impl AuditedRow for LineRow {
    const TABLE: &'static str = "order_lines";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.order_id);
        encoder.int(self.line_number);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        encoder.text(&self.offer_id);
        encoder.text(&self.offer_name);
        encoder.int(self.quantity);
        encoder.text(&self.term_duration);
        encoder.guid(self.subscription_id);
    }
}

/// An order to be.
#[derive(Debug, Clone)]
pub struct NewOrder<'a> {
    /// Its id.
    pub id: Uuid,
    /// The customer.
    pub customer: &'a Customer,
    /// How often it is charged.
    pub billing_cycle: BillingCycle,
    /// How long it binds.
    pub term_duration: TermDuration,
    /// The agreement that opened the gate; none where nothing is gated.
    pub agreement_id: Option<Uuid>,
    /// Who placed it.
    pub placed_by: &'a Principal,
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
pub async fn insert(tx: &mut WriteTx, new: &NewOrder<'_>, event_id: Uuid) -> Result<Written, Error> {
    let now = tx.clock.now();
    let order: OrderRow = tx
        .assembled(format!(
            "INSERT INTO orders ({ORDER_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {ORDER_COLUMNS}"
        ))
        .bind(new.id)
        .bind(new.customer.seq)
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
        let subscription = subscriptions::insert(tx, new, written.order.id, line, event_id).await?;
        let row = tx
            .assembled(format!(
                "INSERT INTO order_lines ({LINE_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING {LINE_COLUMNS}"
            ))
            .bind(written.order.id)
            .bind(number)
            .bind(line.offer.id.clone())
            .bind(line.offer.name.clone())
            .bind(line.quantity)
            .bind(line.offer.term(new.term_duration).code())
            .bind(subscription.id())
            .bind(event_id)
            .bind(salt().to_vec())
            .one()
            .await?;
        written.lines.push(row);
        written.subscriptions.push(subscription);
    }
    Ok(written)
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
pub async fn of_customer(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<Ordered>, Error> {
    conn.query(
        "SELECT l.offer_name, l.quantity, s.billing FROM orders o JOIN order_lines l ON l.order_id = o.id \
         JOIN subscriptions s ON s.id = l.subscription_id WHERE o.customer_seq = $1 \
         ORDER BY o.placed_at, o.id, l.line_number LIMIT 50",
    )
    .bind(customer_seq)
    .all()
    .await
}

record! {
    /// An order in a list.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Listed {
        /// Its id.
        pub id: Uuid,
        /// When it was placed, UTC.
        pub placed_at: DateTime<Utc>,
        /// The code of the kind of actor who placed it.
        pub placed_by_kind: String,
        /// The actor's name as it was then.
        pub placed_by_name: String,
        /// How many lines it has.
        pub lines: i64,
        /// Licences in all.
        pub quantity: i64,
        /// The name of the first line's offer.
        pub first_offer: String,
    }
}

/// The orders of a customer, newest first: at most `limit`, older than the order `before`.
pub async fn list(
    conn: &mut dyn Read,
    customer_seq: i64,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    conn.query(
        "SELECT o.id, o.placed_at, o.placed_by_kind, o.placed_by_name, COUNT(*) AS lines, \
         CAST(SUM(l.quantity) AS BIGINT) AS quantity, MIN(CASE l.line_number WHEN 0 THEN l.offer_name END) AS first_offer \
         FROM (SELECT id, placed_at, placed_by_kind, placed_by_name FROM orders \
         WHERE customer_seq = $1 AND id < $2 ORDER BY id DESC LIMIT $3) o \
         JOIN order_lines l ON l.order_id = o.id \
         GROUP BY o.id, o.placed_at, o.placed_by_kind, o.placed_by_name ORDER BY o.id DESC",
    )
    .bind(customer_seq)
    .bind(before.unwrap_or(Uuid::max()))
    .bind(limit)
    .all()
    .await
}

record! {
    /// One order, but for its lines.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Order {
        /// Its id.
        pub id: Uuid,
        /// The code of its billing cycle.
        pub billing_cycle: String,
        /// The agreement that opened the gate.
        pub agreement_id: Option<Uuid>,
        /// The code of the kind of actor who placed it.
        pub placed_by_kind: String,
        /// The actor's name as it was then.
        pub placed_by_name: String,
        /// When, UTC.
        pub placed_at: DateTime<Utc>,
    }
}

record! {
    /// A line of an order.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct OrderLine {
        /// The offer's id.
        pub offer_id: String,
        /// The offer's name as it was.
        pub offer_name: String,
        /// How it is charged, by its code.
        pub billing: String,
        /// Licences.
        pub quantity: i64,
        /// How long it binds, by its code.
        pub term_duration: String,
        /// How often it is charged, by its code.
        pub billing_cycle: String,
        /// The subscription that it became.
        pub subscription_id: Uuid,
    }
}

/// An order of a customer, with its lines.
pub async fn find(conn: &mut dyn Read, customer_seq: i64, id: Uuid) -> Result<Option<(Order, Vec<OrderLine>)>, Error> {
    let order: Option<Order> = conn
        .query(
            "SELECT id, billing_cycle, agreement_id, placed_by_kind, placed_by_name, placed_at FROM orders \
             WHERE id = $1 AND customer_seq = $2",
        )
        .bind(id)
        .bind(customer_seq)
        .optional()
        .await?;
    let Some(order) = order else { return Ok(None) };
    let lines = conn
        .query(
            "SELECT l.offer_id, l.offer_name, s.billing, l.quantity, l.term_duration, s.billing_cycle, \
             l.subscription_id FROM order_lines l JOIN subscriptions s ON s.id = l.subscription_id \
             WHERE l.order_id = $1 ORDER BY l.line_number",
        )
        .bind(id)
        .all()
        .await?;
    Ok(Some((order, lines)))
}

/// Every order of a customer with its lines, the oldest first.
pub async fn whole(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<(Order, Vec<OrderLine>)>, Error> {
    let orders: Vec<Order> = conn
        .query(
            "SELECT id, billing_cycle, agreement_id, placed_by_kind, placed_by_name, placed_at FROM orders \
             WHERE customer_seq = $1 ORDER BY id",
        )
        .bind(customer_seq)
        .all()
        .await?;
    let lines: Vec<LineOfOrder> = conn
        .query(
            "SELECT l.order_id, l.offer_id, l.offer_name, s.billing, l.quantity, l.term_duration, s.billing_cycle, \
             l.subscription_id FROM orders o JOIN order_lines l ON l.order_id = o.id \
             JOIN subscriptions s ON s.id = l.subscription_id \
             WHERE o.customer_seq = $1 ORDER BY l.order_id, l.line_number",
        )
        .bind(customer_seq)
        .all()
        .await?;
    let mut lines = lines.into_iter().peekable();
    let with_lines = |order: Order| {
        let own = std::iter::from_fn(|| lines.next_if(|row| row.order_id == order.id)).map(|row| row.line).collect();
        (order, own)
    };
    Ok(orders.into_iter().map(with_lines).collect())
}

struct LineOfOrder {
    order_id: Uuid,
    line: OrderLine,
}

impl Record for LineOfOrder {
    fn read(cells: &mut impl Cells) -> Result<Self, Error> {
        Ok(Self { order_id: cells.next("order_id")?, line: OrderLine::read(cells)? })
    }
}

/// Where a chunk of rows begins: at the first id there can be, or behind one.
pub(super) fn after_operator(after: Option<Uuid>) -> &'static str {
    // The first id there can be is nil, which nothing but `>=` finds.
    if after.is_some() { ">" } else { ">=" }
}

/// Orders from the first id on, or after `after`, for the verifier.
pub(super) async fn rows(conn: &mut dyn Read, after: Option<Uuid>, limit: i64) -> Result<Vec<OrderRow>, Error> {
    conn.assembled(format!(
        "SELECT {ORDER_COLUMNS} FROM orders WHERE id {} $1 ORDER BY id LIMIT $2",
        after_operator(after)
    ))
    .bind(after.unwrap_or_default())
    .bind(limit)
    .all()
    .await
}

/// Lines from the first order on, or after `after`, for the verifier.
pub(super) async fn line_rows(
    conn: &mut dyn Read,
    after: Option<(Uuid, i64)>,
    limit: i64,
) -> Result<Vec<LineRow>, Error> {
    let (order_id, number) = after.unwrap_or((Uuid::nil(), i64::MIN));
    conn.assembled(format!(
        "SELECT {LINE_COLUMNS} FROM order_lines WHERE (order_id, line_number) > ($1, $2) \
         ORDER BY order_id, line_number LIMIT $3"
    ))
    .bind(order_id)
    .bind(number)
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

impl OrderRow {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }
}
