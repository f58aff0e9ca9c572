//! Recording that a customer accepted the agreement.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Failure, Outcome, replayed};
use crate::{
    domain::{
        actor::Actor,
        agreement::{
            self, Acceptance, Agreement, AgreementVersion, AgreementVersions, Attestation, Channel, Refusal,
            TemplateAttestation,
        },
        audit::{Action, Event},
        person::Person,
    },
    store::{
        self, Db, WriteTx,
        agreements::{self, AgreementRow},
        customers::{self, Customer},
        idempotency::IdempotencyKey,
    },
};

/// Records an attestation by a person. `outcome` is what the same form shows when it is sent again.
pub async fn confirm_agreement(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    attestation: &Attestation,
    channel: Channel,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<Uuid>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let (id, event) = confirm_within(&mut tx, actor, customer_id, attestation, channel).await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(id))
}

/// The same inside a change that does more; the event is the caller's to commit.
pub async fn confirm_within(
    tx: &mut WriteTx,
    actor: &Actor,
    customer_id: Uuid,
    attestation: &Attestation,
    channel: Channel,
) -> Result<(Uuid, Event), Failure<Refusal>> {
    let attested = (&attestation.person, attestation.date_agreed);
    attest(tx, actor, customer_id, attested, channel, |versions, recorded, today| {
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
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<Uuid>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let attested = (&attestation.person, attestation.date_agreed);
    let (id, event) = attest(&mut tx, actor, customer_id, attested, Channel::Api, |versions, recorded, today| {
        agreement::confirm_by_template(attestation, &actor.account, versions, recorded, today)
    })
    .await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(id))
}

/// Records that a person accepted on a day, for the version that the rule decides on.
async fn attest(
    tx: &mut WriteTx,
    actor: &Actor,
    customer_id: Uuid,
    (person, date_agreed): (&Person, NaiveDate),
    channel: Channel,
    rule: impl for<'v> FnOnce(&'v AgreementVersions, &[Agreement], NaiveDate) -> Result<&'v AgreementVersion, Refusal>,
) -> Result<(Uuid, Event), Failure<Refusal>> {
    let customer = customers::lock(tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::lock_versions_shared(tx).await?;
    let recorded = agreements::of_customer(tx, customer.seq, &versions).await?;
    let now = tx.clock.now();

    let version = rule(&versions, &recorded, actor.account.today(now)).map_err(Failure::Refused)?;
    let acceptance = Acceptance::By { person: person.clone(), on: date_agreed };
    let event = Event::by(actor, tx.clock.id(), now, Action::AcceptanceConfirmed).about(customer_id).with(json!({
        "first_name": person.first_name.as_str(),
        "last_name": person.last_name.as_str(),
        "email": person.email.as_str(),
        "date_agreed": date_agreed,
        "agreement_version": version.label,
        "channel": channel,
    }));
    Ok(write(tx, actor, &customer, recorded, version, acceptance, channel, now, event).await?)
}

/// Records that a customer accepted directly with Microsoft, on a day if it is known, inside a change that
/// does more. `None` when the same is recorded already.
pub async fn accept_directly_within(
    tx: &mut WriteTx,
    actor: &Actor,
    customer_id: Uuid,
    on: Option<NaiveDate>,
    channel: Channel,
) -> Result<Option<Event>, Failure<Refusal>> {
    let customer = customers::lock(tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::lock_versions_shared(tx).await?;
    let recorded = agreements::of_customer(tx, customer.seq, &versions).await?;
    let now = tx.clock.now();

    let Some(version) = agreement::accept_directly(on, &actor.account, &versions, &recorded, actor.account.today(now))
        .map_err(Failure::Refused)?
    else {
        return Ok(None);
    };
    let event = Event::by(actor, tx.clock.id(), now, Action::AcceptedDirectly).about(customer_id).with(json!({
        "date_agreed": on,
        "agreement_version": version.label,
        "channel": channel,
    }));
    let acceptance = Acceptance::Direct { on };
    let (_, event) = write(tx, actor, &customer, recorded, version, acceptance, channel, now, event).await?;
    Ok(Some(event))
}

#[expect(clippy::too_many_arguments, reason = "what both ways of accepting come to, once everything is decided")]
async fn write(
    tx: &mut WriteTx,
    actor: &Actor,
    customer: &Customer,
    mut recorded: Vec<Agreement>,
    version: &AgreementVersion,
    acceptance: Acceptance,
    channel: Channel,
    now: DateTime<Utc>,
    mut event: Event,
) -> Result<(Uuid, Event), store::Error> {
    let agreement = Agreement {
        id: tx.clock.id(),
        agreement_seq: customer.agreement_seq + 1,
        version_id: version.id,
        published_on: version.published_on,
        acceptance,
        channel,
        recorded_by: actor.who.clone(),
        recorded_at: now,
    };
    let row = AgreementRow::new(&agreement, customer.seq, event.id);
    let row = agreements::insert(tx, &actor.account, customer, row).await?;
    event.attach_digest(&row);

    let id = agreement.id;
    recorded.push(agreement);
    if let Some(counting) = agreement::counting(&recorded) {
        let after = customers::set_agreement(tx, customer, counting, event.id).await?;
        event.attach_digest(&after);
    }
    Ok((id, event))
}
