//! Subscriptions: what a customer has, and changing the number of licences, the status and the renewing.

use uuid::Uuid;

use super::{
    bodies::SubscriptionChange,
    call::{ApiRequest, ApiResponse, Body, PathParameter, guid, text},
    fault::{ApiError, Code},
    gate,
    wire::{Attributes, Collection, Link, Subscription, SubscriptionLinks, etag, read_etag},
};
use crate::{
    actions::{
        Failure,
        change_quantity::{self, change_quantity},
        switch_subscription::{self, Switch, switch_subscription},
    },
    domain::{
        audit::Action,
        order::{Billing, SubscriptionStatus},
    },
    store::{
        self, idempotency, offers,
        subscriptions::{self, State, SubscriptionRow},
    },
};

/// The end of a term that does not end: clients parse the member as a date.
const NEVER: &str = "9999-12-31T00:00:00Z";

/// `GET customers/{customer}/subscriptions`: what a customer has, or what came of one order.
pub async fn list(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let order =
        call.parameter("order_id").map(|id| guid(id).ok_or_else(|| ApiError::argument("order_id must be a GUID.")));
    let order = order.transpose()?;
    if call.parameter("mpn_id").is_some() {
        return Err(ApiError::argument("mpn_id: the partner of a subscription is not kept here."));
    }
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let rows = subscriptions::of_customer(&mut conn, customer.seq).await?;
    let rows = rows.iter().filter(|row| order.is_none() || row.order_id == order);
    let items: Vec<_> = rows.map(|row| wire(customer.id, row, stored(row), row.etag)).collect();
    ApiResponse::ok(&Collection::of(items, format!("/customers/{}/subscriptions", customer.id)))
}

/// `GET customers/{customer}/subscriptions/{subscription}`: one subscription.
pub async fn get(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let row = find(call, &mut conn, customer.seq).await?;
    ApiResponse::ok(&wire(customer.id, &row, stored(&row), row.etag))
}

/// `PATCH customers/{customer}/subscriptions/{subscription}`: the subscription as it was read, with one change.
pub async fn change(call: &ApiRequest<'_>, body: Body<'_, SubscriptionChange>) -> Result<ApiResponse, ApiError> {
    let change = body.read()?;
    let submission = call.submission();
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    // What this very request came to is said again, before it is judged by what it changed itself.
    if let Some(body) = idempotency::outcome(&mut conn, &submission, call.api.db.clock.now()).await? {
        return Ok(ApiResponse::done(body));
    }
    let row = find(call, &mut conn, customer.seq).await?;
    let etag = match call.etag(change.attributes.0.as_ref()) {
        None => row.etag,
        Some(given) => read_etag(given).filter(|(id, _)| *id == row.id).map(|(_, etag)| etag).ok_or_else(stale)?,
    };
    if etag != row.etag {
        return Err(stale());
    }
    let before = stored(&row);
    let Some((wanted, after)) = Wanted::read(&change, &row, before)? else {
        return ApiResponse::ok(&wire(customer.id, &row, before, row.etag));
    };
    if let Wanted::Quantity(quantity) = wanted {
        let (min, max) = offers::limits(&mut conn, &row.offer_id).await?;
        if !(min..=max).contains(&quantity) {
            return Err(ApiError::new(Code::QuantityOutsideLimits, format!("quantity must be {min} to {max}.")));
        }
    }
    drop(conn);

    let body = text(&wire(customer.id, &row, after, row.etag + 1))?;
    let (db, actor) = (&call.api.db, &call.actor);
    let done = match wanted {
        Wanted::Quantity(quantity) => {
            let wanted = change_quantity::Wanted {
                customer_id: customer.id,
                subscription_id: row.id,
                etag,
                quantity,
                reason: None,
            };
            match change_quantity(db, actor, wanted, &submission, &body).await {
                Err(Failure::Refused(change_quantity::Refusal::GateClosed(confirmation_status))) => {
                    return Err(gate::closed(call, customer.id, Action::QuantityBlocked, confirmation_status).await);
                }
                done => done.map_err(|failure| ApiError::of(failure, |refusal| quantity_refused(&refusal)))?,
            }
        }
        Wanted::Switch(switch) => switch_subscription(db, actor, customer.id, row.id, etag, switch, &submission, &body)
            .await
            .map_err(|failure| ApiError::of(failure, |refusal| switch_refused(&refusal)))?,
    };
    Ok(ApiResponse::done(done.outcome(body)))
}

async fn find(
    call: &ApiRequest<'_>,
    conn: &mut dyn store::Read,
    customer_seq: i64,
) -> Result<SubscriptionRow, ApiError> {
    let part = call.part(PathParameter::Subscription);
    let none = || {
        let part: String = part.chars().take(64).collect();
        ApiError::new(Code::SubscriptionNotFound, format!("Subscription with id {part} not found."))
    };
    let id = guid(part).ok_or_else(none)?;
    subscriptions::find(conn, customer_seq, id).await?.ok_or_else(none)
}

fn stored(row: &SubscriptionRow) -> State {
    State { quantity: row.quantity, status: row.status, auto_renew: row.auto_renew }
}

fn ended() -> ApiError {
    ApiError::new(Code::UpdateNotAllowed, "status: the subscription has ended (deleted) and cannot be changed.")
}

fn stale() -> ApiError {
    ApiError::new(Code::StaleEtag, "The subscription was changed since it was read. Read it again, then change it.")
}

/// The one change that a body asks for.
enum Wanted {
    Quantity(i64),
    Switch(Switch),
}

impl Wanted {
    /// The change between a subscription as it is and as a body has it, and the state that it leads to; `None` where
    /// nothing differs. Clients send the full representation, so members that do not differ are ignored.
    fn read(
        change: &SubscriptionChange,
        row: &SubscriptionRow,
        before: State,
    ) -> Result<Option<(Self, State)>, ApiError> {
        Self::refuse_what_stays(change, row)?;
        let mut wanted = Vec::new();
        if let Some(quantity) = change.quantity.filter(|quantity| *quantity != before.quantity) {
            if row.billing != Billing::License {
                let description = "quantity: what is charged by use has no number of licences.";
                return Err(ApiError::new(Code::UpdateNotAllowed, description));
            }
            wanted.push((Self::Quantity(quantity), State { quantity, ..before }));
        }
        if let Some(status) = &change.status {
            let status = SubscriptionStatus::from_code(&status.to_ascii_lowercase())
                .filter(|status| *status == before.status || *status != SubscriptionStatus::Deleted)
                .ok_or_else(|| ApiError::property("status must be active or suspended."))?;
            if status != before.status {
                let switch = Switch::Active(status == SubscriptionStatus::Active);
                wanted.push((Self::Switch(switch), State { status, ..before }));
            }
        }
        if let Some(auto_renew) = change.auto_renew_enabled
            && auto_renew != before.auto_renew
        {
            if row.commitment_ends_on.is_none() {
                let description = "autoRenewEnabled: what is charged by use has no term to renew.";
                return Err(ApiError::new(Code::UpdateNotAllowed, description));
            }
            wanted.push((Self::Switch(Switch::AutoRenew(auto_renew)), State { auto_renew, ..before }));
        }
        if before.status == SubscriptionStatus::Deleted && !wanted.is_empty() {
            return Err(ended());
        }
        if wanted.len() > 1 {
            return Err(ApiError::argument("Change one of quantity, status and autoRenewEnabled at a time."));
        }
        Ok(wanted.pop())
    }

    fn refuse_what_stays(change: &SubscriptionChange, row: &SubscriptionRow) -> Result<(), ApiError> {
        let cycle = change.billing_cycle.as_deref().map(str::to_ascii_lowercase);
        if cycle.is_some_and(|cycle| cycle != row.billing_cycle.code() && cycle != "unknown" && cycle != "none") {
            let description = "billingCycle cannot be changed with the subscription.";
            return Err(ApiError::new(Code::BillingCycleNotChangeable, description));
        }
        let stays = [
            ("friendlyName", &change.friendly_name, row.offer_name.as_str()),
            ("offerId", &change.offer_id, &row.offer_id),
            ("termDuration", &change.term_duration, row.term_duration.code()),
            ("partnerId", &change.partner_id, ""),
        ];
        for (member, given, now) in stays {
            if given.as_ref().is_some_and(|given| !given.eq_ignore_ascii_case(now)) {
                return Err(ApiError::new(Code::UpdateNotAllowed, format!("{member} cannot be changed here.")));
            }
        }
        Ok(())
    }
}

fn quantity_refused(refusal: &change_quantity::Refusal) -> ApiError {
    use change_quantity::Refusal;
    match refusal {
        Refusal::NoSuchSubscription => ApiError::new(Code::SubscriptionNotFound, "The subscription is not there."),
        // The gate is told by itself, because that is recorded.
        Refusal::GateClosed(_) => ApiError::new(Code::CustomerAgreementNotAccepted, "The agreement is not accepted."),
        Refusal::Suspended => ApiError::new(
            Code::SubscriptionSuspended,
            "quantity cannot be changed while the subscription is suspended. Make it active first.",
        ),
        Refusal::Ended => ended(),
        Refusal::Stale(_) => stale(),
    }
}

fn switch_refused(refusal: &switch_subscription::Refusal) -> ApiError {
    match refusal {
        switch_subscription::Refusal::NoSuchSubscription => {
            ApiError::new(Code::SubscriptionNotFound, "The subscription is not there.")
        }
        switch_subscription::Refusal::Ended => ended(),
        switch_subscription::Refusal::Stale => stale(),
    }
}

/// A subscription in a state of it.
fn wire(customer: Uuid, row: &SubscriptionRow, state: State, version: i64) -> Subscription {
    let uri = format!("/customers/{customer}/subscriptions/{}", row.id);
    Subscription {
        id: row.id,
        offer_id: row.offer_id.clone(),
        offer_name: row.offer_name.clone(),
        friendly_name: row.offer_name.clone(),
        quantity: state.quantity,
        unit_type: if row.billing == Billing::License { "Licenses" } else { "Usage" },
        creation_date: row.created_at,
        effective_start_date: row.created_at,
        commitment_end_date: row.commitment_ends_on.map_or_else(|| NEVER.to_owned(), |day| format!("{day}T00:00:00Z")),
        status: state.status.code(),
        auto_renew_enabled: state.auto_renew,
        billing_type: row.billing.code(),
        billing_cycle: row.billing_cycle.code(),
        has_purchasable_addons: false,
        is_trial: false,
        contract_type: "subscription",
        term_duration: row.term_duration.code(),
        order_id: row.order_id,
        links: SubscriptionLinks {
            offer: (!row.offer_id.is_empty()).then(|| Link::to(format!("/offers/{}", row.offer_id))),
            this: Link::to(uri),
        },
        attributes: Attributes { etag: Some(etag(row.id, version)), object_type: "Subscription" },
    }
}
