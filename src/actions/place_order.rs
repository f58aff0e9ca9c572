//! Placing an order. The gate is decided here, inside the change that writes it.

use serde_json::json;
use uuid::Uuid;

use super::{Done, Failure, sent_before};
use crate::{
    domain::{
        actor::Actor,
        agreement::standing,
        audit::{Action, Event},
        order::{self, BillingCycle, Line, Refusal, TermDuration},
    },
    store::{
        Change, Db, agreements, customers,
        drafts::Owner,
        order_drafts,
        orders::{self, NewOrder},
        submissions::Submission,
        subscriptions,
    },
};

/// Why a draft does not become an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unplaced {
    /// The draft is gone, or never was this user's.
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
    submission: &Submission,
    outcome: &str,
) -> Result<Done<()>, Failure<Unplaced>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let Reviewed { order_id, customer_id, draft_id, revision, items } = reviewed;
    let owner = Owner::of(actor);
    let draft = order_drafts::lock(&mut change, owner, customer_id, draft_id)
        .await?
        .ok_or(Failure::Refused(Unplaced::NoSuchDraft))?;
    if let Some(order_id) = draft.order_id {
        return Err(Failure::Refused(Unplaced::PlacedBefore(order_id)));
    }
    if draft.revision != revision {
        return Err(Failure::Refused(Unplaced::DraftChanged));
    }
    order_drafts::consume(&mut change, draft_id, order_id).await?;
    let event = place_order_within(&mut change, actor, customer_id, order_id, &items)
        .await
        .map_err(|failure| failure.because(Unplaced::Refused))?;
    change.commit(event).await?;
    Ok(Done::Now(()))
}

/// Places an order that was never a draft. `outcome` is what the same request is answered with when it comes again.
pub async fn place_order_at_once(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    order_id: Uuid,
    items: &Items<'_>,
    submission: &Submission,
    outcome: &str,
) -> Result<Done<()>, Failure<Refusal>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let event = place_order_within(&mut change, actor, customer_id, order_id, items).await?;
    change.commit(event).await?;
    Ok(Done::Now(()))
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
    change: &mut Change,
    actor: &Actor,
    customer_id: Uuid,
    order_id: Uuid,
    items: &Items<'_>,
) -> Result<Event, Failure<Refusal>> {
    let customer = customers::lock(change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::hold_versions(change).await?;
    let now = change.clock.now();
    let today = actor.account.today(now);
    let standing = standing(&actor.account, customer.agreement_published_on, versions.least_published_on(today));
    let owned = subscriptions::owned_offers(change, customer.seq).await?;
    let Items { lines, billing_cycle, term_duration } = *items;
    order::place(standing, lines, customer.country(), &owned).map_err(Failure::Refused)?;

    let mut event = Event::by(actor, change.clock.id(), now, Action::OrderPlaced).about(customer_id);
    let new = NewOrder {
        id: order_id,
        customer: &customer,
        billing_cycle,
        term_duration,
        agreement_id: customer.agreement_id().filter(|_| actor.account.agreements_apply()),
        placed_by: &actor.who,
        starts_on: today,
        lines,
    };
    let written = orders::insert(change, &new, event.id).await?;
    let offers: Vec<_> =
        lines.iter().map(|line| json!({ "offer": line.offer.name, "quantity": line.quantity })).collect();
    event = event.with(json!({ "order": order_id, "billing_cycle": billing_cycle, "items": offers }));
    event.seal(&written.order);
    written.lines.iter().for_each(|line| event.seal(line));
    written.subscriptions.iter().for_each(|subscription| event.seal(subscription));
    Ok(event)
}
