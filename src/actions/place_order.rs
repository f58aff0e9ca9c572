//! Placing an order. The gate is decided here, inside the change that writes it.

use serde_json::json;
use uuid::Uuid;

use super::{Failure, Outcome, replayed};
use crate::{
    domain::{
        actor::Actor,
        agreement::confirmation_status,
        audit::{Action, Event},
        order::{self, BillingCycle, Line, Refusal, TermDuration},
    },
    store::{
        Db, WriteTx, agreements, customers,
        idempotency::IdempotencyKey,
        order_drafts,
        orders::{self, NewOrder},
        subscriptions,
    },
};

/// Why a draft does not become an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceOrderRefusal {
    /// The draft is gone, or never was this account's.
    NoSuchDraft,
    /// The draft has become an order already.
    PlacedBefore(Uuid),
    /// The draft was changed since it was reviewed.
    DraftChanged,
    /// The order is refused.
    Refused(Refusal),
}

/// A draft as it was reviewed.
#[derive(Debug, Clone, Copy)]
pub struct Reviewed<'a> {
    /// The id that the order gets.
    pub order_id: Uuid,
    /// The customer.
    pub customer_id: Uuid,
    /// The draft.
    pub draft_id: Uuid,
    /// The state of the draft when it was reviewed.
    pub revision: i64,
    /// What it says.
    pub items: Items<'a>,
}

/// Places the order of a draft. `outcome` is what the same form shows when it is sent again.
pub async fn place_order(
    db: &Db,
    actor: &Actor,
    reviewed: Reviewed<'_>,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<PlaceOrderRefusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let Reviewed { order_id, customer_id, draft_id, revision, items } = reviewed;
    let key = order_drafts::Key { partner_account_id: actor.account.id, customer_id, id: draft_id };
    let draft = order_drafts::lock(&mut tx, key).await?.ok_or(Failure::Refused(PlaceOrderRefusal::NoSuchDraft))?;
    if let Some(order_id) = draft.order_id {
        return Err(Failure::Refused(PlaceOrderRefusal::PlacedBefore(order_id)));
    }
    if draft.revision != revision {
        return Err(Failure::Refused(PlaceOrderRefusal::DraftChanged));
    }
    order_drafts::consume(&mut tx, draft_id, order_id).await?;
    let event = place_order_within(&mut tx, actor, customer_id, order_id, &items)
        .await
        .map_err(|failure| failure.because(PlaceOrderRefusal::Refused))?;
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}

/// Places an order that was never a draft. `outcome` is what the same request is answered with when it comes again.
pub async fn place_order_at_once(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    order_id: Uuid,
    items: &Items<'_>,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let event = place_order_within(&mut tx, actor, customer_id, order_id, items).await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}

/// What is ordered.
#[derive(Debug, Clone, Copy)]
pub struct Items<'a> {
    /// Offers and how many licences of each.
    pub lines: &'a [Line],
    /// How often they are charged, where they support it.
    pub billing_cycle: BillingCycle,
    /// How long they bind, where they support it.
    pub term_duration: TermDuration,
}

/// Places an order inside a change that does more; the event is the caller's to commit.
pub async fn place_order_within(
    tx: &mut WriteTx,
    actor: &Actor,
    customer_id: Uuid,
    order_id: Uuid,
    items: &Items<'_>,
) -> Result<Event, Failure<Refusal>> {
    let customer = customers::lock(tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::lock_versions_shared(tx).await?;
    let now = tx.clock.now();
    let today = actor.account.today(now);
    let confirmation_status =
        confirmation_status(&actor.account, customer.agreement_published_on, versions.required_version_date(today));
    let owned = subscriptions::owned_offers(tx, customer.seq).await?;
    let Items { lines, billing_cycle, term_duration } = *items;
    order::place(confirmation_status, lines, customer.country, &owned).map_err(Failure::Refused)?;

    let mut event = Event::by(actor, tx.clock.id(), now, Action::OrderPlaced).about(customer_id);
    let new = NewOrder {
        id: order_id,
        customer: &customer,
        billing_cycle,
        term_duration,
        agreement_id: customer.agreement_id.filter(|_| actor.account.agreements_apply()),
        placed_by: &actor.who,
        starts_on: today,
        lines,
    };
    let written = orders::insert(tx, &new, event.id).await?;
    let offers: Vec<_> =
        lines.iter().map(|line| json!({ "offer": line.offer.name, "quantity": line.quantity })).collect();
    event = event.with(json!({ "order": order_id, "billing_cycle": billing_cycle, "items": offers }));
    event.attach_digest(&written.order);
    written.lines.iter().for_each(|line| event.attach_digest(line));
    written.subscriptions.iter().for_each(|subscription| event.attach_digest(subscription));
    Ok(event)
}
