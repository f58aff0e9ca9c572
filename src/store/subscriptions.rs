//! Subscriptions: what customers have, ordered here or elsewhere.

pub(super) mod row;

use chrono::NaiveDate;
use uuid::Uuid;

pub use row::SubscriptionRow;

use super::{
    Error, Read, WriteTx,
    audit::salt,
    counts::key::Key,
    customers::Customer,
    table::{self, after_operator, table},
};
use crate::domain::order::{Billing, BillingCycle, Label, SubscriptionStatus, TermDuration};

table! {
    /// What lists show of a subscription.
    #[derive(Debug, Clone)]
    pub struct Listed: "subscriptions" {
        /// Its id.
        pub id: Uuid = key,
        /// The order it came from; none for what was ordered elsewhere.
        pub order_id: Option<Uuid>,
        /// The offer's name.
        pub offer_name: String,
        /// How it is charged.
        pub billing: Billing,
        /// Licences.
        pub quantity: i64,
        /// Whether it is in use.
        pub status: SubscriptionStatus,
        /// Whether it renews by itself.
        pub auto_renew: bool,
        /// How long it binds.
        pub term_duration: TermDuration,
        /// The last day of its term; none for what is charged by use.
        pub commitment_ends_on: Option<NaiveDate>,
        /// Counts its changes.
        pub etag: i64,
    }
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

/// A subscription to be.
#[derive(Debug, Clone)]
pub struct NewSubscription<'a> {
    /// Its id.
    pub id: Uuid,
    /// The customer.
    pub customer: &'a Customer,
    /// The order it comes from; none for what was ordered elsewhere.
    pub order_id: Option<Uuid>,
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
    /// What is said of it besides.
    pub label: Label,
}

/// Writes a subscription. The row is what the event seals.
pub async fn insert(tx: &mut WriteTx, new: &NewSubscription<'_>, event_id: Uuid) -> Result<SubscriptionRow, Error> {
    let now = tx.clock.now();
    let row = SubscriptionRow {
        id: new.id,
        customer_seq: new.customer.seq,
        order_id: new.order_id,
        offer_id: new.offer_id.to_owned(),
        offer_name: new.offer_name.to_owned(),
        billing: new.billing,
        quantity: new.state.quantity,
        status: new.state.status,
        auto_renew: new.state.auto_renew,
        billing_cycle: new.billing_cycle,
        term_duration: new.term_duration,
        commitment_ends_on: new.commitment_ends_on,
        friendly_name: new.label.friendly_name.clone(),
        partner_id: new.label.partner_id.clone(),
        etag: 1,
        created_at: now,
        changed_at: now,
        event_id,
        salt: salt().to_vec(),
    };
    let row = table::insert(tx, row).await?;
    tx.counts.add(row.counted(new.customer), 1);
    tx.counts.add([Key::Licences { customer_seq: row.customer_seq }], row.licences());
    Ok(row)
}

/// How many subscriptions a customer has in use.
pub async fn count_active(conn: &mut dyn Read, customer_seq: i64) -> Result<i64, Error> {
    let (count,): (i64,) = conn
        .query("SELECT count(*) FROM subscriptions WHERE customer_seq = $1 AND status = $2")
        .values((customer_seq, SubscriptionStatus::Active))
        .one()
        .await?;
    Ok(count)
}

/// The ids of the offers of which a customer has subscriptions that have not ended.
pub async fn owned_offers(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<String>, Error> {
    let rows: Vec<(String,)> = conn
        .query("SELECT DISTINCT offer_id FROM subscriptions WHERE customer_seq = $1 AND status <> $2")
        .values((customer_seq, SubscriptionStatus::Deleted))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Every subscription of a customer, in the order of their ids.
pub async fn of_customer(conn: &mut dyn Read, customer_seq: i64) -> Result<Vec<SubscriptionRow>, Error> {
    table::select::<SubscriptionRow>(conn, "WHERE customer_seq = $1 ORDER BY id").bind(customer_seq).all().await
}

/// The subscriptions of a customer in the order of their ids: at most `limit`, after the subscription `after`.
pub async fn list(
    conn: &mut dyn Read,
    customer_seq: i64,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Listed>, Error> {
    let operator = after_operator(after);
    table::select::<Listed>(conn, &format!("WHERE customer_seq = $1 AND id {operator} $2 ORDER BY id LIMIT $3"))
        .values((customer_seq, after.unwrap_or_default(), limit))
        .all()
        .await
}

/// The subscriptions of a customer that are in use and whose term ends, the first to end first; at most `limit`.
pub async fn ending(conn: &mut dyn Read, customer_seq: i64, limit: i64) -> Result<Vec<Listed>, Error> {
    let select = table::select::<Listed>(
        conn,
        "WHERE customer_seq = $1 AND commitment_ends_on IS NOT NULL AND status = $2 \
         ORDER BY commitment_ends_on, id LIMIT $3",
    );
    select.values((customer_seq, SubscriptionStatus::Active, limit)).all().await
}

/// A subscription of a customer.
pub async fn find(conn: &mut dyn Read, customer_seq: i64, id: Uuid) -> Result<Option<SubscriptionRow>, Error> {
    let select = table::select::<SubscriptionRow>(conn, "WHERE id = $1 AND customer_seq = $2");
    select.values((id, customer_seq)).optional().await
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
    let update = table::update::<SubscriptionRow>(
        tx,
        "SET quantity = $1, status = $2, auto_renew = $3, etag = etag + 1, changed_at = $4, event_id = $5 \
         WHERE id = $6 AND etag = $7",
    );
    let after: Option<SubscriptionRow> = update
        .values((state.quantity, state.status, state.auto_renew, now, event_id, before.id, etag))
        .optional()
        .await?;
    if let Some(after) = &after {
        recount(tx, customer, before, after);
    }
    Ok(after)
}

/// Changes what is said of a subscription of a customer who is locked, if nobody has changed it since `etag` was read.
/// `None` when somebody has. The row is what the event seals.
pub async fn set_label(
    tx: &mut WriteTx,
    before: &SubscriptionRow,
    etag: i64,
    label: &Label,
    event_id: Uuid,
) -> Result<Option<SubscriptionRow>, Error> {
    let now = tx.clock.now();
    let update = table::update::<SubscriptionRow>(
        tx,
        "SET friendly_name = $1, partner_id = $2, etag = etag + 1, changed_at = $3, event_id = $4 \
         WHERE id = $5 AND etag = $6",
    );
    let Label { friendly_name, partner_id } = label.clone();
    update.values((friendly_name, partner_id, now, event_id, before.id, etag)).optional().await
}

fn recount(tx: &mut WriteTx, customer: &Customer, before: &SubscriptionRow, after: &SubscriptionRow) {
    tx.counts.add(before.counted(customer), -1);
    tx.counts.add(after.counted(customer), 1);
    let licences = after.licences() - before.licences();
    tx.counts.add([Key::Licences { customer_seq: customer.seq }], licences);
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
    let update = table::update::<SubscriptionRow>(
        tx,
        "SET offer_name = $1, quantity = $2, status = $3, auto_renew = $4, commitment_ends_on = $5, etag = etag + 1, \
         changed_at = $6, event_id = $7 WHERE id = $8",
    );
    let after: SubscriptionRow = update
        .values((offer_name.to_owned(), state.quantity, state.status, state.auto_renew, commitment_ends_on))
        .values((now, event_id, before.id))
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
