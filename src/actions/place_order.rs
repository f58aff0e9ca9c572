//! Placing an order. The gate is decided here, inside the change that writes it.

use serde_json::json;
use uuid::Uuid;

use super::Failure;
use crate::{
    domain::{
        actor::Actor,
        agreement::standing,
        audit::{Action, Event},
        order::{self, BillingCycle, Line, Refusal, TermDuration},
    },
    store::{
        Change, agreements, customers,
        orders::{self, NewOrder},
    },
};

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
    items: &Items<'_>,
) -> Result<(Uuid, Event), Failure<Refusal>> {
    let customer = customers::lock(change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::hold_versions(change).await?;
    let now = change.clock.now();
    let today = actor.account.today(now);
    let standing = standing(&actor.account, customer.agreement_published_on, versions.least_published_on(today));
    let owned = orders::owned_offers(change, customer.seq).await?;
    let Items { lines, billing_cycle, term_duration } = *items;
    order::place(standing, lines, customer.country(), &owned).map_err(Failure::Refused)?;

    let mut event = Event::by(actor, change.clock.id(), now, Action::OrderPlaced).about(customer_id);
    let new = NewOrder {
        customer_seq: customer.seq,
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
    event = event.with(json!({ "order": written.order.id(), "billing_cycle": billing_cycle, "items": offers }));
    event.seal(&written.order);
    written.lines.iter().for_each(|line| event.seal(line));
    written.subscriptions.iter().for_each(|subscription| event.seal(subscription));
    Ok((written.order.id(), event))
}
