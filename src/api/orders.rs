//! Orders: what a customer has ordered, and placing one.

use super::{
    fault::{Code, Fault},
    gate,
    json::Json,
    operations::{Answer, Call, guid, text},
    wire::{Attributes, Collection, Link, Links, Order, OrderLineItem, OrderLineItemLinks, etag},
};
use crate::{
    actions::{
        Done, Failure,
        place_order::{Items, place_order_at_once},
    },
    domain::{
        audit::Action,
        order::{BillingCycle, Line, Refusal, TermDuration},
    },
    store::{Snapshot, customers::Customer, offers, orders},
};

/// The most line items of an order.
const LINES_MAX: usize = 200;

/// `GET customers/{customer}/orders`: what a customer has ordered, the oldest first.
pub async fn list(call: &Call<'_>) -> Result<Answer, Fault> {
    let mut at = call.api.db.snapshot().await?;
    let customer = call.customer(&mut at).await?;
    let orders = orders::whole(&mut at, customer.seq).await?;
    let items = orders.into_iter().map(|(order, lines)| wire(&customer, order, lines)).collect();
    Answer::ok(&Collection::of(items, format!("/customers/{}/orders", customer.id)))
}

/// `GET customers/{customer}/orders/{order}`: one order.
pub async fn get(call: &Call<'_>) -> Result<Answer, Fault> {
    let mut at = call.api.db.snapshot().await?;
    let customer = call.customer(&mut at).await?;
    let id = guid(call.part("order")).ok_or_else(no_such_order)?;
    let (order, lines) = orders::find(&mut at, customer.seq, id).await?.ok_or_else(no_such_order)?;
    Answer::ok(&wire(&customer, order, lines))
}

/// `POST customers/{customer}/orders`: places an order, unless the gate is closed.
pub async fn place(call: &Call<'_>) -> Result<Answer, Fault> {
    let mut at = call.api.db.reader().await?;
    let customer = call.customer(&mut at).await?;
    let wanted = Wanted::read(&call.json()?, &customer, &mut at).await?;
    drop(at);

    let id = call.api.db.clock.id();
    let (items, submission) = (wanted.items(), call.submission());
    let (db, actor) = (&call.api.db, &call.actor);
    let id = match place_order_at_once(db, actor, customer.id, id, &items, &submission, &id.to_string()).await {
        Ok(Done::Now(())) => id,
        Ok(Done::Before(before)) => before.parse().map_err(|_| Fault::internal("the outcome of an order is no id"))?,
        Err(Failure::Refused(Refusal::GateClosed(standing))) => {
            return Err(gate::closed(call, customer.id, Action::OrderBlocked, standing).await);
        }
        Err(failure) => return Err(Fault::of(failure, |refusal| refused(&refusal, &wanted))),
    };
    let placed = orders::find(&mut call.api.db.snapshot().await?, customer.seq, id).await?;
    let (order, lines) = placed.ok_or_else(|| Fault::internal("an order that was placed is gone"))?;
    Ok(Answer::created(text(&wire(&customer, order, lines))?))
}

fn no_such_order() -> Fault {
    Fault::new(Code::OrderNotFound, "The customer has no such order.")
}

/// An order as a body asks for it.
struct Wanted {
    lines: Vec<Line>,
    billing_cycle: BillingCycle,
    term_duration: TermDuration,
}

/// A line item as it stands in a body.
struct LineItem<'a> {
    number: i64,
    offer: &'a str,
    quantity: i64,
    term_duration: Option<TermDuration>,
}

impl Wanted {
    async fn read(json: &Json, customer: &Customer, at: &mut Snapshot) -> Result<Self, Fault> {
        json.must_be_object("The body")?;
        let reference = json.text("referenceCustomerId", "referenceCustomerId")?;
        if reference.is_some_and(|id| !id.eq_ignore_ascii_case(&customer.id.to_string())) {
            return Err(Fault::property("referenceCustomerId must be the customer of the address, or be left out."));
        }
        let billing_cycle = billing_cycle(json.text("billingCycle", "billingCycle")?, "billingCycle")?;
        let items = line_items(json.array("lineItems", "lineItems")?)?;
        let terms: Vec<TermDuration> = items.iter().filter_map(|item| item.term_duration).collect();
        if terms.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(Fault::property(
                "termDuration must be the same in all lineItems; order the others separately.",
            ));
        }
        let names: Vec<&str> = items.iter().map(|item| item.offer).collect();
        let known = offers::named(at, &names).await?;
        let line = |item: &LineItem<'_>| {
            let found = known.iter().find(|one| one.is_named(item.offer));
            let offer = found.map(|one| one.offer.clone()).ok_or_else(|| {
                let path = format!("lineItems[{}].offerId", item.number);
                Fault::new(Code::InvalidOfferId, format!("{path}: there is no offer '{}'.", item.offer))
            })?;
            Ok(Line { offer, quantity: item.quantity })
        };
        let lines = items.iter().map(line).collect::<Result<Vec<Line>, Fault>>()?;
        let term_duration = terms.first().copied().unwrap_or(TermDuration::Year);
        Ok(Self { lines, billing_cycle, term_duration })
    }

    fn items(&self) -> Items<'_> {
        Items { lines: &self.lines, billing_cycle: self.billing_cycle, term_duration: self.term_duration }
    }

    /// Where a line stands that is about an offer.
    fn place(&self, offer_id: &str) -> String {
        let number = self.lines.iter().position(|line| line.offer.id == offer_id).unwrap_or_default();
        format!("lineItems[{number}]")
    }
}

/// How often something is to be charged; every month where the body does not say.
pub fn billing_cycle(given: Option<&str>, path: &str) -> Result<BillingCycle, Fault> {
    match given.unwrap_or("unknown").to_ascii_lowercase().as_str() {
        "unknown" | "none" | "monthly" => Ok(BillingCycle::Monthly),
        "annual" => Ok(BillingCycle::Annual),
        _ => Err(Fault::property(format!("{path} must be monthly or annual, or be left out."))),
    }
}

/// How long something is to bind, where the body says.
pub fn term_duration(given: Option<&str>, path: &str) -> Result<Option<TermDuration>, Fault> {
    let given = given.filter(|term| !term.is_empty());
    given
        .map(|term| {
            TermDuration::from_code(term).ok_or_else(|| Fault::property(format!("{path} must be P1M, P1Y or P3Y.")))
        })
        .transpose()
}

/// The line items of a body in the order of their numbers, which run from 0 on or are left out.
fn line_items(given: &[Json]) -> Result<Vec<LineItem<'_>>, Fault> {
    if given.len() > LINES_MAX {
        return Err(Fault::property(format!("lineItems has more than {LINES_MAX} items.")));
    }
    let mut items = Vec::with_capacity(given.len());
    for (json, place) in given.iter().zip(0..) {
        let path = |member: &str| format!("lineItems[{place}].{member}");
        json.must_be_object(&format!("lineItems[{place}]"))?;
        if json.get("parentSubscriptionId").is_some() {
            return Err(Fault::argument("ParentSubscriptionId is not supported for this request."));
        }
        let missing = |member: &str| Fault::property(format!("{} is missing.", path(member)));
        items.push(LineItem {
            number: json.integer("lineItemNumber", &path("lineItemNumber"))?.unwrap_or(place),
            offer: json.text("offerId", &path("offerId"))?.ok_or_else(|| missing("offerId"))?,
            quantity: json.integer("quantity", &path("quantity"))?.ok_or_else(|| missing("quantity"))?,
            term_duration: term_duration(json.text("termDuration", &path("termDuration"))?, &path("termDuration"))?,
        });
    }
    items.sort_by_key(|item| item.number);
    if items.iter().zip(0..).any(|(item, place)| item.number != place) {
        let description = "lineItems: lineItemNumber must run from 0 to the number of line items less one.";
        return Err(Fault::new(Code::InvalidLineItemNumbers, description));
    }
    Ok(items)
}

fn refused(refusal: &Refusal, wanted: &Wanted) -> Fault {
    match refusal {
        // The gate is told by itself, because that is recorded.
        Refusal::GateClosed(_) => Fault::new(Code::CustomerAgreementNotAccepted, "The agreement is not accepted."),
        Refusal::Nothing => Fault::property("lineItems is empty."),
        Refusal::NotSold { offer_id } => Fault::new(
            Code::OfferNotInCountry,
            format!("{}: offer '{offer_id}' is not sold in the customer's country.", wanted.place(offer_id)),
        ),
        Refusal::Prerequisite { offer_id } => Fault::new(
            Code::OrderNotProcessable,
            format!("{}: offer '{offer_id}' is an add-on to one the customer lacks.", wanted.place(offer_id)),
        ),
        Refusal::Quantity { offer_id } => {
            let offer = wanted.lines.iter().map(|line| &line.offer).find(|offer| offer.id == *offer_id);
            let (min, max) = offer.map_or((1, 1), |offer| (offer.minimum_quantity, offer.maximum_quantity));
            Fault::new(
                Code::QuantityOutsideLimits,
                format!("{}.quantity must be {min} to {max}.", wanted.place(offer_id)),
            )
        }
    }
}

/// An order as it is answered.
pub fn wire(customer: &Customer, order: orders::Order, lines: Vec<orders::OrderLine>) -> Order {
    let uri = format!("/customers/{}/orders/{}", customer.id, order.id);
    let line_items = lines
        .into_iter()
        .zip(0..)
        .map(|(line, number)| OrderLineItem {
            line_item_number: number,
            offer_id: line.offer_id,
            subscription_id: line.subscription_id,
            term_duration: line.term_duration,
            transaction_type: "New",
            friendly_name: line.offer_name,
            quantity: line.quantity,
            links: OrderLineItemLinks {
                subscription: Link::to(format!("/customers/{}/subscriptions/{}", customer.id, line.subscription_id)),
            },
        })
        .collect();
    Order {
        id: order.id,
        alternate_id: order.id,
        reference_customer_id: customer.id,
        billing_cycle: order.billing_cycle,
        line_items,
        creation_date: order.placed_at,
        status: "completed",
        transaction_type: "UserPurchase",
        links: Links::this(uri),
        // Orders do not change.
        attributes: Attributes { etag: Some(etag(order.id, 1)), object_type: "Order" },
    }
}
