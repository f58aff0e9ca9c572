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
        Db, WriteTx,
        agreements::{self, AgreementRow},
        customers,
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
    let acceptance = by(&attestation.person, attestation.date_agreed);
    record(tx, actor, customer_id, acceptance, channel, |versions, recorded, today| {
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
    let acceptance = by(&attestation.person, attestation.date_agreed);
    let (id, event) = record(&mut tx, actor, customer_id, acceptance, Channel::Api, |versions, recorded, today| {
        agreement::confirm_by_template(attestation, &actor.account, versions, recorded, today)
    })
    .await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(id))
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
    let acceptance = Acceptance::Direct { on };
    let recorded = record(tx, actor, customer_id, acceptance, channel, |versions, recorded, today| {
        agreement::accept_directly(on, &actor.account, versions, recorded, today).map_err(Some)?.ok_or(None)
    })
    .await;
    match recorded {
        Ok((_, event)) => Ok(Some(event)),
        Err(Failure::Refused(None)) => Ok(None),
        Err(Failure::Refused(Some(refusal))) => Err(Failure::Refused(refusal)),
        Err(Failure::NoSuchCustomer) => Err(Failure::NoSuchCustomer),
        Err(Failure::IdempotencyMismatch) => Err(Failure::IdempotencyMismatch),
        Err(Failure::Store(error)) => Err(Failure::Store(error)),
    }
}

fn by(person: &Person, on: NaiveDate) -> Acceptance {
    Acceptance::By { person: person.clone(), on }
}

/// Records an acceptance for the version that the rule decides on: locks the customer and the versions, asks the rule,
/// writes the confirmation and what follows from it.
async fn record<R: std::fmt::Debug>(
    tx: &mut WriteTx,
    actor: &Actor,
    customer_id: Uuid,
    acceptance: Acceptance,
    channel: Channel,
    rule: impl for<'v> FnOnce(&'v AgreementVersions, &[Agreement], NaiveDate) -> Result<&'v AgreementVersion, R>,
) -> Result<(Uuid, Event), Failure<R>> {
    let customer = customers::lock(tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let versions = agreements::lock_versions_shared(tx).await?;
    let mut recorded = agreements::of_customer(tx, customer.seq, &versions).await?;
    let now = tx.clock.now();

    let version = rule(&versions, &recorded, actor.account.today(now)).map_err(Failure::Refused)?;
    let mut event = event(tx, actor, &acceptance, version, channel, now).about(customer_id);
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
    let row = agreements::insert(tx, &actor.account, &customer, row).await?;
    event.attach_digest(&row);

    let id = agreement.id;
    recorded.push(agreement);
    if let Some(counting) = agreement::counting(&recorded) {
        let after = customers::set_agreement(tx, &actor.account, &customer, counting, event.id).await?;
        event.attach_digest(&after);
    }
    Ok((id, event))
}

fn event(
    tx: &WriteTx,
    actor: &Actor,
    acceptance: &Acceptance,
    version: &AgreementVersion,
    channel: Channel,
    now: DateTime<Utc>,
) -> Event {
    let (action, detail) = match acceptance {
        Acceptance::By { person, on } => (
            Action::AcceptanceConfirmed,
            json!({
                "first_name": person.first_name.as_str(),
                "last_name": person.last_name.as_str(),
                "email": person.email.as_str(),
                "date_agreed": on,
                "agreement_version": version.label,
                "channel": channel,
            }),
        ),
        Acceptance::Direct { on } => (
            Action::AcceptedDirectly,
            json!({ "date_agreed": on, "agreement_version": version.label, "channel": channel }),
        ),
    };
    Event::by(actor, tx.clock.id(), now, action).with(detail)
}
