//! Orders and their lines. Append-only.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    audit::salt,
    customers::Customer,
    row::record,
    subscriptions::{self, NewSubscription, State, SubscriptionRow},
    table::{self, table},
};
use crate::domain::{
    actor::{ActorKind, Principal},
    order::{Billing, BillingCycle, Line, SubscriptionStatus, TermDuration},
};

table! {
    /// A row of `orders`.
    #[derive(Debug, Clone)]
    pub struct OrderRow: audited "orders" {
        /// Its id.
        pub id: Uuid = key,
        customer_seq: i64,
        billing_cycle: BillingCycle,
        agreement_id: Option<Uuid>,
        placed_by_kind: ActorKind,
        placed_by_id: Option<Uuid>,
        placed_by_name: String,
        placed_at: DateTime<Utc>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

table! {
    /// A row of `order_lines`.
    #[derive(Debug, Clone)]
    pub struct LineRow: audited "order_lines" {
        pub(super) order_id: Uuid = key,
        pub(super) line_number: i64 = key,
        offer_id: String,
        offer_name: String,
        quantity: i64,
        term_duration: TermDuration,
        friendly_name: Option<String>,
        partner_id: Option<String>,
        subscription_id: Uuid,
        event_id: Uuid,
        salt: Vec<u8>,
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
    let order = OrderRow {
        id: new.id,
        customer_seq: new.customer.seq,
        billing_cycle: new.billing_cycle,
        agreement_id: new.agreement_id,
        placed_by_kind: new.placed_by.kind,
        placed_by_id: new.placed_by.id,
        placed_by_name: new.placed_by.name.clone(),
        placed_at: tx.clock.now(),
        event_id,
        salt: salt().to_vec(),
    };
    let order = table::insert(tx, order).await?;
    let mut written = Written { order, lines: Vec::new(), subscriptions: Vec::new() };
    for (line, line_number) in new.lines.iter().zip(0..) {
        let offer = &line.offer;
        let is_license = offer.billing == Billing::License;
        let term_duration = offer.term(new.term_duration);
        let subscription = NewSubscription {
            id: tx.clock.id(),
            customer: new.customer,
            order_id: Some(new.id),
            offer_id: &offer.id,
            offer_name: &offer.name,
            billing: offer.billing,
            state: State { quantity: line.quantity, status: SubscriptionStatus::Active, auto_renew: is_license },
            billing_cycle: offer.cycle(new.billing_cycle),
            term_duration,
            commitment_ends_on: is_license.then(|| term_duration.last_day(new.starts_on)),
            label: line.label.clone(),
        };
        let subscription = subscriptions::insert(tx, &subscription, event_id).await?;
        let row = LineRow {
            order_id: new.id,
            line_number,
            offer_id: offer.id.clone(),
            offer_name: offer.name.clone(),
            quantity: line.quantity,
            term_duration,
            friendly_name: line.label.friendly_name.clone(),
            partner_id: line.label.partner_id.clone(),
            subscription_id: subscription.id,
            event_id,
            salt: salt().to_vec(),
        };
        written.lines.push(table::insert(tx, row).await?);
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
        /// How it is charged.
        pub billing: Billing,
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
        /// The kind of actor who placed it.
        pub placed_by_kind: ActorKind,
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
    .values((customer_seq, before.unwrap_or(Uuid::max()), limit))
    .all()
    .await
}

table! {
    /// One order, but for its lines.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Order: "orders" {
        /// Its id.
        pub id: Uuid = key,
        /// How often it is charged.
        pub billing_cycle: BillingCycle,
        /// The agreement that opened the gate.
        pub agreement_id: Option<Uuid>,
        /// The kind of actor who placed it.
        pub placed_by_kind: ActorKind,
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
        /// How it is charged.
        pub billing: Billing,
        /// Licences.
        pub quantity: i64,
        /// How long it binds.
        pub term_duration: TermDuration,
        /// How often it is charged.
        pub billing_cycle: BillingCycle,
        /// The subscription that it became.
        pub subscription_id: Uuid,
        /// What the program that ordered it called it; none for the offer's name.
        pub friendly_name: Option<String>,
        /// The MPN ID of the partner on record.
        pub partner_id: Option<String>,
    }
}

/// An order of a customer, with its lines.
pub async fn find(conn: &mut dyn Read, customer_seq: i64, id: Uuid) -> Result<Option<(Order, Vec<OrderLine>)>, Error> {
    let select = table::select::<Order>(conn, "WHERE id = $1 AND customer_seq = $2");
    let order: Option<Order> = select.values((id, customer_seq)).optional().await?;
    let Some(order) = order else { return Ok(None) };
    let lines = conn
        .query(
            "SELECT l.offer_id, l.offer_name, s.billing, l.quantity, l.term_duration, s.billing_cycle, \
             l.subscription_id, l.friendly_name, l.partner_id FROM order_lines l JOIN subscriptions s ON s.id = l.subscription_id \
             WHERE l.order_id = $1 ORDER BY l.line_number",
        )
        .bind(id)
        .all()
        .await?;
    Ok(Some((order, lines)))
}

/// Every order of a customer with its lines, the oldest first.
pub async fn whole(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<(Order, Vec<OrderLine>)>, Error> {
    let select = table::select::<Order>(conn, "WHERE customer_seq = $1 ORDER BY id");
    let orders: Vec<Order> = select.bind(customer_seq).all().await?;
    let lines: Vec<LineOfOrder> = conn
        .query(
            "SELECT l.order_id, l.offer_id, l.offer_name, s.billing, l.quantity, l.term_duration, s.billing_cycle, \
             l.subscription_id, l.friendly_name, l.partner_id FROM orders o JOIN order_lines l ON l.order_id = o.id \
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

record! {
    struct LineOfOrder {
        order_id: Uuid,
        line: OrderLine = record,
    }
}
