//! Recording that a customer accepted the agreement.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Done, Failure, sent_before};
use crate::{
    domain::{
        actor::Actor,
        agreement::{
            self, Acceptance, Agreement, AgreementVersion, AgreementVersions, Attestation, Door, Refusal,
            TemplateAttestation,
        },
        audit::{Action, Event},
        person::Person,
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
    let attested = (&attestation.person, attestation.date_agreed);
    attest(change, actor, customer_id, attested, door, |versions, recorded, today| {
        agreement::confirm(attestation, &actor.account, versions, recorded, today)
    })
    .await
}

/// Records what a program attests. `outcome` is what the same request is answered with when it comes again.
pub async fn confirm_by_template(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    attestation: &TemplateAttestation,
    submission: &Submission,
    outcome: &str,
) -> Result<Done<Uuid>, Failure<Refusal>> {
    let mut change = db.change().await?;
    if let Some(outcome) = sent_before(&mut change, submission, outcome).await? {
        return Ok(Done::Before(outcome));
    }
    let attested = (&attestation.person, attestation.date_agreed);
    let (id, event) = attest(&mut change, actor, customer_id, attested, Door::Api, |versions, recorded, today| {
        agreement::confirm_by_template(attestation, &actor.account, versions, recorded, today)
    })
    .await?;
    change.commit(event).await?;
    Ok(Done::Now(id))
}

/// Records that a person accepted on a day, for the version that the rule decides on.
async fn attest(
    change: &mut Change,
    actor: &Actor,
    customer_id: Uuid,
    (person, date_agreed): (&Person, NaiveDate),
    door: Door,
    rule: impl for<'v> FnOnce(&'v AgreementVersions, &[Agreement], NaiveDate) -> Result<&'v AgreementVersion, Refusal>,
) -> Result<(Uuid, Event), Failure<Refusal>> {
    let customer = customers::lock(change, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::hold_versions(change).await?;
    let recorded = agreements::of_customer(change, customer.seq, &versions).await?;
    let now = change.clock.now();

    let version = rule(&versions, &recorded, actor.account.today(now)).map_err(Failure::Refused)?;
    let acceptance = Acceptance::By { person: person.clone(), on: date_agreed };
    let event = Event::by(actor, change.clock.id(), now, Action::AcceptanceConfirmed).about(customer_id).with(json!({
        "first_name": person.first_name.as_str(),
        "last_name": person.last_name.as_str(),
        "email": person.email.as_str(),
        "date_agreed": date_agreed,
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
    on: Option<NaiveDate>,
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
