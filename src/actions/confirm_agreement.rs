//! Recording that a customer accepted the agreement.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Done, Failure, sent_before};
use crate::{
    domain::{
        actor::Actor,
        agreement::{self, Acceptance, Agreement, AgreementVersion, Attestation, Door, Refusal},
        audit::{Action, Event},
    },
    store::{
        self, Change, Db,
        agreements::{self, AgreementRow},
        customers::{self, Customer},
        submissions::Submission,
    },
};

/// Records an attestation by a person. `outcome` is what the same form shows when it is sent again.
pub async fn confirm_agreement(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    attestation: &Attestation,
    door: Door,
    submission: &Submission,
    outcome: &str,
) -> Result<Done<Uuid>, Failure<Refusal>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let (id, event) = confirm_within(&mut change, actor, customer_id, attestation, door).await?;
    change.commit(event).await?;
    Ok(Done::Now(id))
}

/// The same inside a change that does more; the event is the caller's to commit.
pub async fn confirm_within(
    change: &mut Change,
    actor: &Actor,
    customer_id: Uuid,
    attestation: &Attestation,
    door: Door,
) -> Result<(Uuid, Event), Failure<Refusal>> {
    let customer = customers::lock(change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::hold_versions(change).await?;
    let recorded = agreements::of_customer(change, customer.seq, &versions).await?;
    let now = change.clock.now();

    let version = agreement::confirm(attestation, &actor.account, &versions, &recorded, actor.account.today(now))
        .map_err(Failure::Refused)?;
    let acceptance = Acceptance::By { person: attestation.person.clone(), on: attestation.date_agreed };
    let event = Event::by(actor, change.clock.id(), now, Action::AcceptanceConfirmed).about(customer_id).with(json!({
        "first_name": attestation.person.first_name.as_str(),
        "last_name": attestation.person.last_name.as_str(),
        "email": attestation.person.email.as_str(),
        "date_agreed": attestation.date_agreed,
        "agreement_version": version.label,
        "door": door,
    }));
    Ok(write(change, actor, &customer, recorded, version, acceptance, door, now, event).await?)
}

/// Records that a customer accepted directly with Microsoft, on a day if it is known, inside a change that
/// does more. `None` when the same is recorded already.
pub async fn accept_directly_within(
    change: &mut Change,
    actor: &Actor,
    customer_id: Uuid,
    on: Option<chrono::NaiveDate>,
    door: Door,
) -> Result<Option<Event>, Failure<Refusal>> {
    let customer = customers::lock(change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::hold_versions(change).await?;
    let recorded = agreements::of_customer(change, customer.seq, &versions).await?;
    let now = change.clock.now();

    let Some(version) = agreement::accept_directly(on, &actor.account, &versions, &recorded, actor.account.today(now))
        .map_err(Failure::Refused)?
    else {
        return Ok(None);
    };
    let event = Event::by(actor, change.clock.id(), now, Action::AcceptedDirectly).about(customer_id).with(json!({
        "date_agreed": on,
        "agreement_version": version.label,
        "door": door,
    }));
    let acceptance = Acceptance::Direct { on };
    let (_, event) = write(change, actor, &customer, recorded, version, acceptance, door, now, event).await?;
    Ok(Some(event))
}

#[expect(clippy::too_many_arguments, reason = "what both ways of accepting come to, once everything is decided")]
async fn write(
    change: &mut Change,
    actor: &Actor,
    customer: &Customer,
    mut recorded: Vec<Agreement>,
    version: &AgreementVersion,
    acceptance: Acceptance,
    door: Door,
    now: DateTime<Utc>,
    mut event: Event,
) -> Result<(Uuid, Event), store::Error> {
    let agreement = Agreement {
        id: change.clock.id(),
        gate_seq: customer.gate_seq + 1,
        version_id: version.id,
        published_on: version.published_on,
        acceptance,
        door,
        recorded_by: actor.who.clone(),
        recorded_at: now,
    };
    let row = AgreementRow::new(&agreement, customer.seq, event.id);
    agreements::insert(change, &actor.account, customer, &row).await?;
    event.seal(&row);

    let id = agreement.id;
    recorded.push(agreement);
    if let Some(counting) = agreement::counting(&recorded) {
        let after = customers::set_agreement(change, customer, counting, event.id).await?;
        event.seal(&after);
    }
    Ok((id, event))
}
