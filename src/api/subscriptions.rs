//! Subscriptions: what a customer has, and changing the number of licences, the status, the
//! renewing, the name and the partner on record.

use std::collections::HashSet;

use uuid::Uuid;

use super::{
    bodies::SubscriptionChange,
    call::{ApiRequest, ApiResponse, Body, PathParameter, guid, text},
    fault::{ApiError, Code},
    gate, orders,
    wire::{
        Attributes, Collection, Link, Subscription, SubscriptionLinks, SubscriptionProvisioningStatus, etag, read_etag,
    },
};
use crate::{
    actions::{
        Failure,
        change_quantity::{self, change_quantity},
        label_subscription::label_subscription,
        switch_subscription::{self, Switch, switch_subscription},
    },
    domain::{
        audit::Action,
        order::{Billing, Label, SubscriptionStatus},
    },
    store::{
        self, idempotency, offers,
        subscriptions::{self, SubscriptionRow},
    },
};

/// The end of a term that does not end: clients parse the member as a date.
const NEVER: &str = "9999-12-31T00:00:00Z";

/// `GET customers/{customer}/subscriptions`: what a customer has, or what came of one order.
pub async fn list(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let order =
        call.parameter("order_id").map(|id| guid(id).ok_or_else(|| ApiError::argument("order_id must be a GUID.")));
    let order = order.transpose()?;
    let partner = call.parameter("mpn_id").map(str::trim);
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let rows = subscriptions::of_customer(&mut conn, customer.seq).await?;
    let rows = rows.iter().filter(|row| order.is_none() || row.order_id == order);
    let rows = rows.filter(|row| partner.is_none() || row.partner_id.as_deref() == partner);
    let items: Vec<_> = rows.map(|row| wire(customer.id, row)).collect();
    ApiResponse::ok(&Collection::of(items, format!("/customers/{}/subscriptions", customer.id)))
}

/// `GET customers/{customer}/subscriptions/{subscription}`: one subscription.
pub async fn get(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let row = find(call, &mut conn, customer.seq).await?;
    ApiResponse::ok(&wire(customer.id, &row))
}

/// `GET customers/{customer}/subscriptions/{subscription}/addons`: the customer's subscriptions of add-ons to its offer.
pub async fn add_ons(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let parent = find(call, &mut conn, customer.seq).await?;
    let add_ons: HashSet<String> = offers::all(&mut conn)
        .await?
        .into_iter()
        .filter(|offer| offer.prerequisite_offer_id.as_ref() == Some(&parent.offer_id))
        .map(|offer| offer.id)
        .collect();
    let rows = subscriptions::of_customer(&mut conn, customer.seq).await?;
    let items = rows.iter().filter(|row| add_ons.contains(&row.offer_id)).map(|row| wire(customer.id, row)).collect();
    let uri = format!("/customers/{}/subscriptions/{}/addons", customer.id, parent.id);
    ApiResponse::ok(&Collection::of(items, uri))
}

/// `GET customers/{customer}/subscriptions/{subscription}/provisioningstatus`: what became of it.
pub async fn provisioning_status(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let mut conn = call.api.db.snapshot().await?;
    let customer = call.customer(&mut conn).await?;
    let row = find(call, &mut conn, customer.seq).await?;
    ApiResponse::ok(&SubscriptionProvisioningStatus {
        status: "success",
        quantity: row.quantity,
        end_date: row.commitment_ends_on.map(|day| format!("{day}T00:00:00Z")),
        attributes: Attributes::of("SubscriptionProvisioningStatus"),
    })
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
    let Some((wanted, after)) = Wanted::read(&change, &row)? else {
        return ApiResponse::ok(&wire(customer.id, &row));
    };
    if let Wanted::Quantity(quantity) = wanted {
        let (min, max) = offers::limits(&mut conn, &row.offer_id).await?;
        if !(min..=max).contains(&quantity) {
            return Err(ApiError::new(Code::QuantityOutsideLimits, format!("quantity must be {min} to {max}.")));
        }
    }
    drop(conn);

    let body = text(&wire(customer.id, &SubscriptionRow { etag: row.etag + 1, ..after }))?;
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
        Wanted::Label(label) => label_subscription(db, actor, customer.id, row.id, etag, &label, &submission, &body)
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
    Label(Label),
}

impl Wanted {
    /// The change between a subscription as it is and as a body has it, and the subscription that it leads to; `None` where
    /// nothing differs. Clients send the full representation, so members that do not differ are ignored.
    fn read(change: &SubscriptionChange, row: &SubscriptionRow) -> Result<Option<(Self, SubscriptionRow)>, ApiError> {
        Self::refuse_what_stays(change, row)?;
        let before = || row.clone();
        let mut wanted = Vec::new();
        if let Some(quantity) = change.quantity.filter(|quantity| *quantity != row.quantity) {
            if row.billing != Billing::License {
                let description = "quantity: what is charged by use has no number of licences.";
                return Err(ApiError::new(Code::UpdateNotAllowed, description));
            }
            wanted.push((Self::Quantity(quantity), SubscriptionRow { quantity, ..before() }));
        }
        if let Some(status) = &change.status {
            let status = SubscriptionStatus::from_code(&status.to_ascii_lowercase())
                .filter(|status| *status == row.status || *status != SubscriptionStatus::Deleted)
                .ok_or_else(|| ApiError::property("status must be active or suspended."))?;
            if status != row.status {
                let switch = Switch::Active(status == SubscriptionStatus::Active);
                wanted.push((Self::Switch(switch), SubscriptionRow { status, ..before() }));
            }
        }
        if let Some(auto_renew) = change.auto_renew_enabled
            && auto_renew != row.auto_renew
        {
            if row.commitment_ends_on.is_none() {
                let description = "autoRenewEnabled: what is charged by use has no term to renew.";
                return Err(ApiError::new(Code::UpdateNotAllowed, description));
            }
            wanted.push((Self::Switch(Switch::AutoRenew(auto_renew)), SubscriptionRow { auto_renew, ..before() }));
        }
        let now = Label { friendly_name: row.friendly_name.clone(), partner_id: row.partner_id.clone() };
        let given = orders::label(
            (change.friendly_name.as_deref(), "friendlyName"),
            (change.partner_id.as_deref(), "partnerId"),
            &row.offer_name,
        )?;
        if change.friendly_name.is_some() && given.friendly_name != now.friendly_name {
            let label = Label { friendly_name: given.friendly_name.clone(), ..now.clone() };
            let after = SubscriptionRow { friendly_name: given.friendly_name, ..before() };
            wanted.push((Self::Label(label), after));
        }
        if change.partner_id.is_some() && given.partner_id != now.partner_id {
            let label = Label { partner_id: given.partner_id.clone(), ..now };
            wanted.push((Self::Label(label), SubscriptionRow { partner_id: given.partner_id, ..before() }));
        }
        if row.status == SubscriptionStatus::Deleted && !wanted.is_empty() {
            return Err(ended());
        }
        if wanted.len() > 1 {
            return Err(ApiError::argument(
                "Change one of quantity, status, autoRenewEnabled, friendlyName and partnerId at a time.",
            ));
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
            ("offerId", &change.offer_id, row.offer_id.as_str()),
            ("termDuration", &change.term_duration, row.term_duration.code()),
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

/// A subscription as it is answered.
fn wire(customer: Uuid, row: &SubscriptionRow) -> Subscription {
    let uri = format!("/customers/{customer}/subscriptions/{}", row.id);
    Subscription {
        id: row.id,
        offer_id: row.offer_id.clone(),
        offer_name: row.offer_name.clone(),
        friendly_name: row.friendly_name.clone().unwrap_or_else(|| row.offer_name.clone()),
        quantity: row.quantity,
        unit_type: if row.billing == Billing::License { "Licenses" } else { "Usage" },
        creation_date: row.created_at,
        effective_start_date: row.created_at,
        commitment_end_date: row.commitment_ends_on.map_or_else(|| NEVER.to_owned(), |day| format!("{day}T00:00:00Z")),
        status: row.status.code(),
        auto_renew_enabled: row.auto_renew,
        billing_type: row.billing.code(),
        billing_cycle: row.billing_cycle.code(),
        has_purchasable_addons: false,
        is_trial: false,
        contract_type: "subscription",
        term_duration: row.term_duration.code(),
        order_id: row.order_id,
        partner_id: row.partner_id.clone(),
        links: SubscriptionLinks {
            offer: (!row.offer_id.is_empty()).then(|| Link::to(format!("/offers/{}", row.offer_id))),
            this: Link::to(uri),
        },
        attributes: Attributes { etag: Some(etag(row.id, row.etag)), object_type: "Subscription" },
    }
}
