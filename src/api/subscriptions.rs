//! Subscriptions: what a customer has, and changing the number of licences, the status and the renewing.

use uuid::Uuid;

use super::{
    fault::{Code, Fault},
    gate,
    json::Json,
    operations::{Answer, Call, guid, text},
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
        self, offers, submissions,
        subscriptions::{self, State, SubscriptionRow},
    },
};

/// The end of a term that does not end, which programs want to read as a day.
const NEVER: &str = "9999-12-31T00:00:00Z";

/// `GET customers/{customer}/subscriptions`: what a customer has, or what came of one order.
pub async fn list(call: &Call<'_>) -> Result<Answer, Fault> {
    let order =
        call.parameter("order_id").map(|id| guid(id).ok_or_else(|| Fault::argument("order_id must be a GUID.")));
    let order = order.transpose()?;
    if call.parameter("mpn_id").is_some() {
        return Err(Fault::argument("mpn_id: the partner of a subscription is not kept here."));
    }
    let mut at = call.api.db.snapshot().await?;
    let customer = call.customer(&mut at).await?;
    let rows = subscriptions::of_customer(&mut at, customer.seq).await?;
    let rows = rows.iter().filter(|row| order.is_none() || row.order_id == order);
    let items = rows.map(|row| wire(customer.id, row, stored(row)?, row.etag)).collect::<Result<Vec<_>, Fault>>()?;
    Answer::ok(&Collection::of(items, format!("/customers/{}/subscriptions", customer.id)))
}

/// `GET customers/{customer}/subscriptions/{subscription}`: one subscription.
pub async fn get(call: &Call<'_>) -> Result<Answer, Fault> {
    let mut at = call.api.db.snapshot().await?;
    let customer = call.customer(&mut at).await?;
    let row = find(call, &mut at, customer.seq).await?;
    Answer::ok(&wire(customer.id, &row, stored(&row)?, row.etag)?)
}

/// `PATCH customers/{customer}/subscriptions/{subscription}`: the subscription as it was read, with one change.
pub async fn change(call: &Call<'_>) -> Result<Answer, Fault> {
    let json = call.json()?;
    let submission = call.submission();
    let mut at = call.api.db.snapshot().await?;
    let customer = call.customer(&mut at).await?;
    // What this very request came to is said again, before it is judged by what it changed itself.
    if let Some(body) = submissions::outcome(&mut at, &submission, call.api.db.clock.now()).await? {
        return Ok(Answer::done(body));
    }
    let row = find(call, &mut at, customer.seq).await?;
    let etag = match call.etag(&json)? {
        None => row.etag,
        Some(given) => read_etag(given).filter(|(id, _)| *id == row.id()).map(|(_, etag)| etag).ok_or_else(stale)?,
    };
    if etag != row.etag {
        return Err(stale());
    }
    let before = stored(&row)?;
    let Some((wanted, after)) = Wanted::read(&json, &row, before)? else {
        return Answer::ok(&wire(customer.id, &row, before, row.etag)?);
    };
    if let Wanted::Quantity(quantity) = wanted {
        let (min, max) = offers::limits(&mut at, &row.offer_id).await?;
        if !(min..=max).contains(&quantity) {
            return Err(Fault::new(Code::QuantityOutsideLimits, format!("quantity must be {min} to {max}.")));
        }
    }
    drop(at);

    let body = text(&wire(customer.id, &row, after, row.etag + 1)?)?;
    let (db, actor) = (&call.api.db, &call.actor);
    let done = match wanted {
        Wanted::Quantity(quantity) => {
            let wanted = change_quantity::Wanted {
                customer_id: customer.id,
                subscription_id: row.id(),
                etag,
                quantity,
                reason: None,
            };
            match change_quantity(db, actor, wanted, &submission, &body).await {
                Err(Failure::Refused(change_quantity::Refusal::GateClosed(standing))) => {
                    return Err(gate::closed(call, customer.id, Action::QuantityBlocked, standing).await);
                }
                done => done.map_err(|failure| Fault::of(failure, |refusal| quantity_refused(&refusal)))?,
            }
        }
        Wanted::Switch(switch) => {
            switch_subscription(db, actor, customer.id, row.id(), etag, switch, &submission, &body)
                .await
                .map_err(|failure| Fault::of(failure, |refusal| switch_refused(&refusal)))?
        }
    };
    Ok(Answer::done(done.outcome(body)))
}

async fn find(call: &Call<'_>, at: &mut store::Snapshot, customer_seq: i64) -> Result<SubscriptionRow, Fault> {
    let part = call.part("subscription");
    let none = || {
        let part: String = part.chars().take(64).collect();
        Fault::new(Code::SubscriptionNotFound, format!("Subscription with id {part} not found."))
    };
    let id = guid(part).ok_or_else(none)?;
    subscriptions::find(at, customer_seq, id).await?.ok_or_else(none)
}

fn stored(row: &SubscriptionRow) -> Result<State, store::Error> {
    Ok(State { quantity: row.quantity, status: row.status()?, auto_renew: row.auto_renew })
}

fn stale() -> Fault {
    Fault::new(Code::StaleEtag, "The subscription was changed since it was read. Read it again, then change it.")
}

/// The one change that a body asks for.
enum Wanted {
    Quantity(i64),
    Switch(Switch),
}

impl Wanted {
    /// The change between a subscription as it stands and as a body has it, and the state that it leads to; `None`
    /// where nothing differs. Programs say everything that they read, so what does not differ is no wish.
    fn read(json: &Json, row: &SubscriptionRow, before: State) -> Result<Option<(Self, State)>, Fault> {
        json.must_be_object("The body")?;
        Self::refuse_what_stays(json, row)?;
        let mut wanted = Vec::new();
        if let Some(quantity) = json.integer("quantity", "quantity")?.filter(|quantity| *quantity != before.quantity) {
            if row.billing()? != Billing::License {
                let description = "quantity: what is charged by use has no number of licences.";
                return Err(Fault::new(Code::UpdateNotAllowed, description));
            }
            wanted.push((Self::Quantity(quantity), State { quantity, ..before }));
        }
        if let Some(status) = json.text("status", "status")? {
            let status = SubscriptionStatus::from_code(&status.to_ascii_lowercase())
                .ok_or_else(|| Fault::property("status must be active or suspended."))?;
            if status != before.status {
                wanted.push((Self::Switch(Switch::Status(status)), State { status, ..before }));
            }
        }
        if let Some(auto_renew) = json.flag("autoRenewEnabled", "autoRenewEnabled")?
            && auto_renew != before.auto_renew
        {
            if row.commitment_ends_on.is_none() {
                let description = "autoRenewEnabled: what is charged by use has no term to renew.";
                return Err(Fault::new(Code::UpdateNotAllowed, description));
            }
            wanted.push((Self::Switch(Switch::AutoRenew(auto_renew)), State { auto_renew, ..before }));
        }
        if wanted.len() > 1 {
            return Err(Fault::argument("Change one of quantity, status and autoRenewEnabled at a time."));
        }
        Ok(wanted.pop())
    }

    fn refuse_what_stays(json: &Json, row: &SubscriptionRow) -> Result<(), Fault> {
        let cycle = json.text("billingCycle", "billingCycle")?.map(str::to_ascii_lowercase);
        if cycle.is_some_and(|cycle| cycle != row.billing_cycle && cycle != "unknown" && cycle != "none") {
            let description = "billingCycle cannot be changed with the subscription.";
            return Err(Fault::new(Code::BillingCycleNotChangeable, description));
        }
        let stays = [
            ("friendlyName", row.offer_name.as_str()),
            ("offerId", &row.offer_id),
            ("termDuration", &row.term_duration),
            ("partnerId", ""),
        ];
        for (member, now) in stays {
            if json.text(member, member)?.is_some_and(|given| !given.eq_ignore_ascii_case(now)) {
                return Err(Fault::new(Code::UpdateNotAllowed, format!("{member} cannot be changed here.")));
            }
        }
        Ok(())
    }
}

fn quantity_refused(refusal: &change_quantity::Refusal) -> Fault {
    use change_quantity::Refusal;
    match refusal {
        Refusal::NoSuchSubscription => Fault::new(Code::SubscriptionNotFound, "The subscription is not there."),
        // The gate is told by itself, because that is recorded.
        Refusal::GateClosed(_) => Fault::new(Code::CustomerAgreementNotAccepted, "The agreement is not accepted."),
        Refusal::Suspended => Fault::new(
            Code::SubscriptionSuspended,
            "quantity cannot be changed while the subscription is suspended. Make it active first.",
        ),
        Refusal::Stale(_) => stale(),
    }
}

fn switch_refused(refusal: &switch_subscription::Refusal) -> Fault {
    match refusal {
        switch_subscription::Refusal::NoSuchSubscription => {
            Fault::new(Code::SubscriptionNotFound, "The subscription is not there.")
        }
        switch_subscription::Refusal::Stale => stale(),
    }
}

/// A subscription in a state of it.
fn wire(customer: Uuid, row: &SubscriptionRow, state: State, version: i64) -> Result<Subscription, Fault> {
    let billing = row.billing()?;
    let uri = format!("/customers/{customer}/subscriptions/{}", row.id());
    Ok(Subscription {
        id: row.id(),
        offer_id: row.offer_id.clone(),
        offer_name: row.offer_name.clone(),
        friendly_name: row.offer_name.clone(),
        quantity: state.quantity,
        unit_type: if billing == Billing::License { "Licenses" } else { "Usage" },
        creation_date: row.created_at,
        effective_start_date: row.created_at,
        commitment_end_date: row.commitment_ends_on.map_or_else(|| NEVER.to_owned(), |day| format!("{day}T00:00:00Z")),
        status: state.status.code(),
        auto_renew_enabled: state.auto_renew,
        billing_type: billing.code(),
        billing_cycle: row.billing_cycle.clone(),
        has_purchasable_addons: false,
        is_trial: false,
        contract_type: "subscription",
        term_duration: row.term_duration.clone(),
        order_id: row.order_id,
        links: SubscriptionLinks {
            offer: (!row.offer_id.is_empty()).then(|| Link::to(format!("/offers/{}", row.offer_id))),
            this: Link::to(uri),
        },
        attributes: Attributes { etag: Some(etag(row.id(), version)), object_type: "Subscription" },
    })
}
