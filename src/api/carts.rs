//! Carts: what a client is about to order for a customer, and checking one out.

use uuid::Uuid;

use super::{
    bodies::{CartContents, LINES_MAX, NewCartLine},
    call::{ApiRequest, ApiResponse, Body, PathParameter, guid, text},
    fault::{ApiError, Code},
    gate, orders,
    wire::{Attributes, Cart, CartCheckoutResult, CartLineItem, Links, Participant, etag, read_etag},
};
use crate::{
    actions::{
        Failure,
        check_out_cart::{Refusal, check_out_cart},
        place_order::Items,
    },
    domain::{
        audit::Action,
        order::{self, BillingCycle, CatalogueItem, Line, TermDuration},
    },
    store::{
        self, Read,
        carts::{self, CartLine, Key},
        customers::Customer,
        offers,
    },
};

/// The participant of a line who is the partner on record.
const TRANSACTION_RESELLER: &str = "transaction_reseller";

/// Whether a participant is the partner on record, in either spelling of enumerations.
fn is_reseller(key: &str) -> bool {
    key.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).eq("transactionreseller".chars())
}

/// `POST customers/{customer}/carts`: makes a cart. The gate is not asked before it is checked out.
pub async fn create(call: &ApiRequest<'_>, body: Body<'_, CartContents>) -> Result<ApiResponse, ApiError> {
    let wanted = body.read()?;
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let lines = read(&wanted.line_items, &customer, &mut conn).await?;
    drop(conn);
    let submission = call.submission();
    let key = Key { id: submission.derived_id(), ..key(call, &customer, Uuid::nil()) };
    let mut tx = call.api.db.maintenance().await?;
    let now = call.api.db.clock.now();
    carts::insert(&mut tx, key, &lines, &submission.fields_hash, &call.actor.who.name, now).await?;
    let cart = carts::find(&mut tx, key).await?.ok_or_else(no_such_cart)?;
    tx.commit().await?;
    if !cart.is_of(&submission.fields_hash) {
        return Err(ApiError::sent_otherwise());
    }
    Ok(ApiResponse::created(text(&wire(&customer, &cart))?))
}

/// `GET customers/{customer}/carts/{cart}`: a cart.
pub async fn get(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let cart = find(call, &mut conn, &customer).await?;
    ApiResponse::ok(&wire(&customer, &cart))
}

/// `PUT customers/{customer}/carts/{cart}`: the cart as it was read, with other line items.
pub async fn put(call: &ApiRequest<'_>, body: Body<'_, CartContents>) -> Result<ApiResponse, ApiError> {
    let wanted = body.read()?;
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let cart = find(call, &mut conn, &customer).await?;
    must_be_open(&cart)?;
    let given = call.etag(wanted.attributes.0.as_ref());
    let lines = read(&wanted.line_items, &customer, &mut conn).await?;
    drop(conn);
    // What is there already was put by the same request, or needs no change.
    if lines == cart.lines {
        return ApiResponse::ok(&wire(&customer, &cart));
    }
    if given.is_some_and(|given| read_etag(given) != Some((cart.id, cart.revision))) {
        return Err(stale());
    }
    let mut tx = call.api.db.maintenance().await?;
    let now = call.api.db.clock.now();
    if !carts::replace(&mut tx, &cart, &lines, &call.actor.who.name, now).await? {
        return Err(stale());
    }
    let cart = find(call, &mut tx, &customer).await?;
    tx.commit().await?;
    ApiResponse::ok(&wire(&customer, &cart))
}

/// `POST customers/{customer}/carts/{cart}/checkout`: places the orders of a cart, all or none. Whatever the body says.
pub async fn check_out(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let submission = call.submission();
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    // What this very request came to is said again.
    if let Some(outcome) = store::idempotency::outcome(&mut conn, &submission, call.api.db.clock.now()).await? {
        return placed(&mut conn, &customer, &outcome).await;
    }
    let cart = find(call, &mut conn, &customer).await?;
    must_be_open(&cart)?;
    let groups = groups(&cart.lines);
    let names: Vec<&str> = cart.lines.iter().map(|line| line.offer_id.as_str()).collect();
    let known = offers::named(&mut conn, &names).await?;
    let mut lines: Vec<(BillingCycle, TermDuration, Vec<Line>)> = Vec::with_capacity(groups.len());
    for (billing_cycle, term_duration, members) in groups {
        let line = |line: &&CartLine| {
            let found = known.iter().find(|item| item.offer.id == line.offer_id);
            let offer = found.map(|item| item.offer.clone());
            offer
                .map(|offer| Line { offer, quantity: line.quantity, label: line.label.clone() })
                .ok_or_else(|| gone(&line.offer_id))
        };
        let members = members.iter().map(line).collect::<Result<Vec<Line>, ApiError>>()?;
        lines.push((billing_cycle, term_duration, members));
    }
    drop(conn);

    let clock = &call.api.db.clock;
    let orders: Vec<(Uuid, Items<'_>)> = lines
        .iter()
        .map(|(billing_cycle, term_duration, lines)| {
            let items = Items { lines, billing_cycle: *billing_cycle, term_duration: *term_duration };
            (clock.id(), items)
        })
        .collect();
    let outcome = orders.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(" ");
    let (db, actor) = (&call.api.db, &call.actor);
    let key = key(call, &customer, cart.id);
    let outcome = match check_out_cart(db, actor, key, cart.revision, &orders, &submission, &outcome).await {
        Ok(done) => done.outcome(outcome),
        Err(Failure::Refused(Refusal::Order(order::Refusal::GateClosed(confirmation_status)))) => {
            return Err(gate::closed(call, customer.id, Action::OrderBlocked, confirmation_status).await);
        }
        Err(failure) => return Err(ApiError::of(failure, |refusal| refused(&refusal))),
    };
    placed(&mut call.api.db.snapshot().await?, &customer, &outcome).await
}

/// The orders that a check-out came to.
async fn placed(conn: &mut dyn Read, customer: &Customer, outcome: &str) -> Result<ApiResponse, ApiError> {
    let mut orders = Vec::new();
    for id in outcome.split(' ') {
        let id = id.parse().map_err(|_| ApiError::internal("the outcome of a check-out is no id"))?;
        let (order, lines) = store::orders::find(conn, customer.seq, id)
            .await?
            .ok_or_else(|| ApiError::internal("an order that was placed is gone"))?;
        orders.push(orders::wire(customer, &order, lines));
    }
    let attributes = Attributes::of("CartCheckoutResult");
    Ok(ApiResponse::created(text(&CartCheckoutResult { orders, attributes })?))
}

/// Lines with the same billing cycle and term: each group becomes an order.
type Group<'l> = (BillingCycle, TermDuration, Vec<&'l CartLine>);

fn groups(lines: &[CartLine]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for line in lines {
        let (cycle, term) = (line.billing_cycle, line.term_duration);
        match groups.iter_mut().find(|(known_cycle, known_term, _)| (*known_cycle, *known_term) == (cycle, term)) {
            Some((_, _, members)) => members.push(line),
            None => groups.push((cycle, term, vec![line])),
        }
    }
    groups
}

/// The line items of a body.
async fn read(items: &[NewCartLine], customer: &Customer, conn: &mut dyn Read) -> Result<Vec<CartLine>, ApiError> {
    if items.is_empty() {
        return Err(ApiError::property("lineItems is empty."));
    }
    if items.len() > LINES_MAX {
        return Err(ApiError::property(format!("lineItems has more than {LINES_MAX} items.")));
    }
    let named: Vec<&str> = items.iter().map(|item| item.catalog_item_id.as_str()).collect();
    let known = offers::named(conn, &named).await?;
    let mut lines = Vec::with_capacity(items.len());
    for (item, place) in items.iter().zip(0..) {
        let path = |member: &str| format!("lineItems[{place}].{member}");
        let wrong = |member: &str, what: &str| ApiError::new(Code::InvalidCartItem, format!("{} {what}", path(member)));
        let found = CatalogueItem::named(&known, &item.catalog_item_id);
        let offer = &found.ok_or_else(|| wrong("catalogItemId", "is none of the catalogue."))?.offer;
        if !offer.is_sold_in(customer.country) {
            return Err(wrong("catalogItemId", "is not sold in the customer's country."));
        }
        let (min, max) = (offer.minimum_quantity, offer.maximum_quantity);
        if !(min..=max).contains(&item.quantity) {
            return Err(wrong("quantity", &format!("must be {min} to {max}.")));
        }
        let cycle = orders::billing_cycle(item.billing_cycle.as_deref(), &path("billingCycle"))?;
        let term = orders::term_duration(item.term_duration.as_deref(), &path("termDuration"))?;
        let partners = item.participants.iter().zip(0..).filter_map(|(one, place)| Some((one.0.as_ref()?, place)));
        let partner = partners
            .filter(|(one, _)| one.key.as_deref().is_some_and(is_reseller))
            .map(|(one, place): (_, usize)| (one.value.as_deref(), path(&format!("participants[{place}].value"))))
            .last();
        let (partner_id, partner_path) = partner.unwrap_or_default();
        let label = orders::label(
            (item.friendly_name.as_deref(), &path("friendlyName")),
            (partner_id, &partner_path),
            &offer.name,
        )?;
        lines.push(CartLine {
            offer_id: offer.id.clone(),
            catalog_item_id: item.catalog_item_id.clone(),
            offer_name: offer.name.clone(),
            quantity: item.quantity,
            billing_cycle: offer.cycle(cycle),
            term_duration: offer.term(term.unwrap_or(TermDuration::Year)),
            label,
        });
    }
    Ok(lines)
}

fn key(call: &ApiRequest<'_>, customer: &Customer, id: Uuid) -> Key {
    Key { id, partner_account_id: call.actor.account.id, customer_id: customer.id }
}

/// The cart that the address names, while it can be checked out or has been.
async fn find(call: &ApiRequest<'_>, conn: &mut dyn Read, customer: &Customer) -> Result<carts::Cart, ApiError> {
    let id = guid(call.part(PathParameter::Cart)).ok_or_else(no_such_cart)?;
    let cart = carts::find(conn, key(call, customer, id)).await?.ok_or_else(no_such_cart)?;
    if !cart.checked_out && cart.expires_at() <= call.api.db.clock.now() {
        return Err(no_such_cart());
    }
    Ok(cart)
}

fn must_be_open(cart: &carts::Cart) -> Result<(), ApiError> {
    if cart.checked_out { Err(submitted()) } else { Ok(()) }
}

fn no_such_cart() -> ApiError {
    ApiError::new(Code::CartNotFound, "The customer has no such cart, or it has expired.")
}

fn submitted() -> ApiError {
    ApiError::new(Code::CartSubmitted, "The cart was checked out already.")
}

fn stale() -> ApiError {
    ApiError::new(Code::StaleEtag, "The cart was changed since it was read. Read it again, then change it.")
}

fn gone(offer_id: &str) -> ApiError {
    ApiError::new(Code::InvalidCartItem, format!("'{offer_id}' is no longer in the catalogue."))
}

fn refused(refusal: &Refusal) -> ApiError {
    match refusal {
        Refusal::NoSuchCart => no_such_cart(),
        Refusal::CheckedOut => submitted(),
        Refusal::Changed => stale(),
        Refusal::Order(refusal) => {
            let what = match refusal {
                order::Refusal::NotSold { offer_id } => format!("'{offer_id}' is not sold in the customer's country."),
                order::Refusal::Prerequisite { offer_id } => {
                    format!("'{offer_id}' is an add-on to one the customer lacks.")
                }
                order::Refusal::Quantity { offer_id } => format!("The quantity of '{offer_id}' is outside its limits."),
                // The gate is told by itself, and an empty cart is none.
                order::Refusal::Nothing | order::Refusal::GateClosed(_) => "Nothing can be ordered.".to_owned(),
            };
            ApiError::new(Code::InvalidCartItem, what)
        }
    }
}

fn wire(customer: &Customer, cart: &carts::Cart) -> Cart {
    let groups = groups(&cart.lines);
    let group = |line: &CartLine| {
        groups.iter().position(|(_, _, members)| members.iter().any(|member| std::ptr::eq(*member, line)))
    };
    let line_items = cart.lines.iter().zip(0..).map(|(line, id)| CartLineItem {
        id,
        catalog_item_id: line.catalog_item_id.clone(),
        friendly_name: line.label.friendly_name.clone().unwrap_or_else(|| line.offer_name.clone()),
        quantity: line.quantity,
        billing_cycle: line.billing_cycle.code(),
        term_duration: line.term_duration.code(),
        order_group: group(line).expect("every line is in a group").to_string(),
        participants: line
            .label
            .partner_id
            .iter()
            .map(|id| Participant { key: TRANSACTION_RESELLER, value: id.clone() })
            .collect(),
    });
    Cart {
        id: cart.id,
        creation_timestamp: cart.created_at,
        last_modified_timestamp: cart.changed_at,
        expiration_timestamp: cart.expires_at(),
        last_modified_user: cart.changed_by.clone(),
        status: if cart.checked_out { "Ordered" } else { "Active" },
        line_items: line_items.collect(),
        links: Links::this(format!("/customers/{}/carts/{}", customer.id, cart.id)),
        attributes: Attributes { etag: Some(etag(cart.id, cart.revision)), object_type: "Cart" },
    }
}
