//! Orders: what a customer has ordered, and placing one.

use super::{
    bodies::{LINES_MAX, NewOrder, NewOrderLine},
    call::{ApiRequest, ApiResponse, Body, PathParameter, guid, text},
    fault::{ApiError, Code},
    gate,
    properties::words,
    wire::{
        Attributes, Collection, Link, Links, Order, OrderLineItem, OrderLineItemLinks, OrderLineItemProvisioningStatus,
        QuantityProvisioningStatus, etag,
    },
};
use crate::{
    actions::{
        Failure, Outcome,
        place_order::{Items, place_order_at_once},
    },
    domain::{
        audit::Action,
        order::{
            BillingCycle, CatalogueItem, Label, Line, Refusal, TermDuration, parse_friendly_name, parse_partner_id,
        },
    },
    store::{Read, customers::Customer, offers, orders},
};

/// `GET customers/{customer}/orders`: what a customer has ordered, the oldest first.
pub async fn list(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let orders = orders::whole(&mut conn, customer.seq).await?;
    let items = orders.into_iter().map(|(order, lines)| wire(&customer, &order, lines)).collect();
    ApiResponse::ok(&Collection::of(items, format!("/customers/{}/orders", customer.id)))
}

/// `GET customers/{customer}/orders/{order}`: one order.
pub async fn get(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let id = guid(call.part(PathParameter::Order)).ok_or_else(no_such_order)?;
    let (order, lines) = orders::find(&mut conn, customer.seq, id).await?.ok_or_else(no_such_order)?;
    ApiResponse::ok(&wire(&customer, &order, lines))
}

/// `GET customers/{customer}/orders/{order}/provisioningstatus`: what became of the lines of an order. Each became a
/// subscription of this portal when the order was placed.
pub async fn provisioning_status(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    const FULFILLED: &str = "Fulfilled";
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let id = guid(call.part(PathParameter::Order)).ok_or_else(no_such_order)?;
    let (order, lines) = orders::find(&mut conn, customer.seq, id).await?.ok_or_else(no_such_order)?;
    let items = lines.iter().zip(0..).map(|(line, number)| OrderLineItemProvisioningStatus {
        line_item_number: number,
        status: FULFILLED,
        quantity_provisioning_information: vec![QuantityProvisioningStatus {
            quantity: line.quantity,
            status: FULFILLED,
        }],
    });
    let uri = format!("/customers/{}/orders/{}/provisioningstatus", customer.id, order.id);
    ApiResponse::ok(&Collection::of(items.collect(), uri))
}

/// `POST customers/{customer}/orders`: places an order, unless the gate is closed.
pub async fn place(call: &ApiRequest<'_>, body: Body<'_, NewOrder>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.read().await?;
    let customer = call.customer(&mut conn).await?;
    let wanted = Wanted::read(&body.read()?, &customer, &mut conn).await?;
    drop(conn);

    let id = call.api.db.clock.id();
    let (items, submission) = (wanted.items(), call.submission());
    let (db, actor) = (&call.api.db, &call.actor);
    let id = match place_order_at_once(db, actor, customer.id, id, &items, &submission, &id.to_string()).await {
        Ok(Outcome::Done(())) => id,
        Ok(Outcome::Replayed(before)) => {
            before.parse().map_err(|_| ApiError::internal("the outcome of an order is no id"))?
        }
        Err(Failure::Refused(Refusal::GateClosed(confirmation_status))) => {
            return Err(gate::closed(call, customer.id, Action::OrderBlocked, confirmation_status).await);
        }
        Err(failure) => return Err(ApiError::of(failure, |refusal| refused(&refusal, &wanted))),
    };
    let placed = orders::find(&mut call.api.db.snapshot().await?, customer.seq, id).await?;
    let (order, lines) = placed.ok_or_else(|| ApiError::internal("an order that was placed is gone"))?;
    Ok(ApiResponse::created(text(&wire(&customer, &order, lines))?))
}

fn no_such_order() -> ApiError {
    ApiError::new(Code::OrderNotFound, "The customer has no such order.")
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
    friendly_name: Option<&'a str>,
    partner_id: Option<&'a str>,
}

impl Wanted {
    async fn read(order: &NewOrder, customer: &Customer, conn: &mut dyn Read) -> Result<Self, ApiError> {
        let reference = order.reference_customer_id.as_ref();
        if reference.is_some_and(|id| guid(id) != Some(customer.id)) {
            return Err(ApiError::property("referenceCustomerId must be the customer of the address, or be left out."));
        }
        // As .NET and its samples send it: the state of an order that is read.
        let status = order.status.as_deref().unwrap_or_default();
        if !["", "unknown", "completed", "pending"].iter().any(|known| status.eq_ignore_ascii_case(known)) {
            return Err(ApiError::property("status must be left out: an order is completed when it is placed."));
        }
        let billing_cycle = billing_cycle(order.billing_cycle.as_deref(), "billingCycle")?;
        let items = line_items(&order.line_items)?;
        let terms: Vec<TermDuration> = items.iter().filter_map(|item| item.term_duration).collect();
        if terms.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(ApiError::property(
                "termDuration must be the same in all lineItems; order the others separately.",
            ));
        }
        let names: Vec<&str> = items.iter().map(|item| item.offer).collect();
        let known = offers::named(conn, &names).await?;
        let line = |item: &LineItem<'_>| {
            let found = CatalogueItem::named(&known, item.offer);
            let offer = found.map(|one| one.offer.clone()).ok_or_else(|| {
                let path = format!("lineItems[{}].offerId", item.number);
                ApiError::new(Code::InvalidOfferId, format!("{path}: there is no offer '{}'.", item.offer))
            })?;
            let label = label(
                (item.friendly_name, &format!("lineItems[{}].friendlyName", item.number)),
                (item.partner_id, &format!("lineItems[{}].partnerIdOnRecord", item.number)),
                &offer.name,
            )?;
            Ok(Line { offer, quantity: item.quantity, label })
        };
        let lines = items.iter().map(line).collect::<Result<Vec<Line>, ApiError>>()?;
        let term_duration = terms.first().copied().unwrap_or(TermDuration::Year);
        Ok(Self { lines, billing_cycle, term_duration })
    }

    fn items(&self) -> Items<'_> {
        Items { lines: &self.lines, billing_cycle: self.billing_cycle, term_duration: self.term_duration }
    }

    /// Where a line stands that is about an offer.
    fn place(&self, offer_id: &str) -> String {
        let number = self.lines.iter().position(|line| line.offer.id == offer_id);
        let number = number.expect("a refusal names an offer of the order");
        format!("lineItems[{number}]")
    }
}

/// What is said of a line besides what is ordered: a name and the partner on record, each with its path.
pub fn label(
    (friendly_name, name_path): (Option<&str>, &str),
    (partner_id, partner_path): (Option<&str>, &str),
    offer_name: &str,
) -> Result<Label, ApiError> {
    let wrong = |path: &str, invalid| ApiError::property(format!("{path} {}", words(invalid)));
    Ok(Label {
        friendly_name: parse_friendly_name(friendly_name.unwrap_or_default(), offer_name)
            .map_err(|invalid| wrong(name_path, invalid))?,
        partner_id: parse_partner_id(partner_id.unwrap_or_default()).map_err(|invalid| wrong(partner_path, invalid))?,
    })
}

/// How often something is to be charged; every month where the body does not say.
pub fn billing_cycle(given: Option<&str>, path: &str) -> Result<BillingCycle, ApiError> {
    match given.unwrap_or("unknown").to_ascii_lowercase().as_str() {
        "unknown" | "none" | "monthly" => Ok(BillingCycle::Monthly),
        "annual" => Ok(BillingCycle::Annual),
        _ => Err(ApiError::property(format!("{path} must be monthly or annual, or be left out."))),
    }
}

/// How long something is to bind, where the body says.
pub fn term_duration(given: Option<&str>, path: &str) -> Result<Option<TermDuration>, ApiError> {
    let given = given.filter(|term| !term.is_empty());
    given
        .map(|term| {
            TermDuration::from_code(term).ok_or_else(|| ApiError::property(format!("{path} must be P1M, P1Y or P3Y.")))
        })
        .transpose()
}

/// The line items of a body in the order of their numbers, which run from 0 on or are left out.
fn line_items(given: &[NewOrderLine]) -> Result<Vec<LineItem<'_>>, ApiError> {
    if given.len() > LINES_MAX {
        return Err(ApiError::property(format!("lineItems has more than {LINES_MAX} items.")));
    }
    let mut items = Vec::with_capacity(given.len());
    for (item, place) in given.iter().zip(0..) {
        if item.parent_subscription_id.is_some() {
            return Err(ApiError::argument("ParentSubscriptionId is not supported for this request."));
        }
        items.push(LineItem {
            number: item.line_item_number.unwrap_or(place),
            offer: &item.offer_id,
            quantity: item.quantity,
            friendly_name: item.friendly_name.as_deref(),
            partner_id: item.partner_id_on_record.as_deref(),
            term_duration: term_duration(item.term_duration.as_deref(), &format!("lineItems[{place}].termDuration"))?,
        });
    }
    items.sort_by_key(|item| item.number);
    if items.iter().zip(0..).any(|(item, place)| item.number != place) {
        let description = "lineItems: lineItemNumber must run from 0 to the number of line items less one.";
        return Err(ApiError::new(Code::InvalidLineItemNumbers, description));
    }
    Ok(items)
}

fn refused(refusal: &Refusal, wanted: &Wanted) -> ApiError {
    match refusal {
        // The gate is told by itself, because that is recorded.
        Refusal::GateClosed(_) => ApiError::new(Code::CustomerAgreementNotAccepted, "The agreement is not accepted."),
        Refusal::Nothing => ApiError::property("lineItems is empty."),
        Refusal::NotSold { offer_id } => ApiError::new(
            Code::OfferNotInCountry,
            format!("{}: offer '{offer_id}' is not sold in the customer's country.", wanted.place(offer_id)),
        ),
        Refusal::Prerequisite { offer_id } => ApiError::new(
            Code::OrderNotProcessable,
            format!("{}: offer '{offer_id}' is an add-on to one the customer lacks.", wanted.place(offer_id)),
        ),
        Refusal::Quantity { offer_id } => {
            let offer = wanted.lines.iter().map(|line| &line.offer).find(|offer| offer.id == *offer_id);
            let (min, max) = offer.map_or((1, 1), |offer| (offer.minimum_quantity, offer.maximum_quantity));
            ApiError::new(
                Code::QuantityOutsideLimits,
                format!("{}.quantity must be {min} to {max}.", wanted.place(offer_id)),
            )
        }
    }
}

/// An order as it is answered.
pub fn wire(customer: &Customer, order: &orders::Order, lines: Vec<orders::OrderLine>) -> Order {
    let uri = format!("/customers/{}/orders/{}", customer.id, order.id);
    let line_items = lines
        .into_iter()
        .zip(0..)
        .map(|(line, number)| OrderLineItem {
            line_item_number: number,
            offer_id: line.offer_id,
            subscription_id: line.subscription_id,
            term_duration: line.term_duration.code(),
            transaction_type: "New",
            friendly_name: line.friendly_name.unwrap_or(line.offer_name),
            quantity: line.quantity,
            partner_id_on_record: line.partner_id,
            links: OrderLineItemLinks {
                subscription: Link::to(format!("/customers/{}/subscriptions/{}", customer.id, line.subscription_id)),
            },
        })
        .collect();
    Order {
        id: order.id,
        alternate_id: order.id,
        reference_customer_id: customer.id,
        billing_cycle: order.billing_cycle.code(),
        line_items,
        creation_date: order.placed_at,
        status: "completed",
        transaction_type: "UserPurchase",
        links: Links::this(uri),
        // Orders do not change.
        attributes: Attributes { etag: Some(etag(order.id, 1)), object_type: "Order" },
    }
}
