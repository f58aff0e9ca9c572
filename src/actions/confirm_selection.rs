//! Confirming a selection of customers with one date, each by its primary contact.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Failure, confirm_agreement::confirm_within, replayed};
use crate::{
    domain::{
        actor::Actor,
        agreement::{self, Attestation, Channel, Refusal},
        selection::{NotConfirmed, Selected, Told},
    },
    store::{
        self, Db, agreements, customers,
        drafts::Owner,
        idempotency::IdempotencyKey,
        selections::{self, Selection},
    },
};

/// Keeps a selection for as long as it takes to check it.
pub async fn keep(db: &Db, actor: &Actor, list: String, customers: Vec<Selected>) -> Result<Uuid, store::Error> {
    let selection = Selection { id: db.clock.id(), list, customers, outcome: None };
    let mut tx = db.maintenance().await?;
    selections::insert(&mut tx, Owner::of(actor), &selection, db.clock.now()).await?;
    tx.commit().await?;
    Ok(selection.id)
}

/// Confirms the customers of a selection one after another, each in a transaction of its own with its own event. What
/// came of each is kept with the selection. Sent again with the same token, it goes on with whoever is left.
pub async fn confirm_selection(
    db: &Db,
    actor: &Actor,
    selection: &Selection,
    date_agreed: NaiveDate,
    version_id: Uuid,
    submission: &IdempotencyKey,
) -> Result<(), Failure<Refusal>> {
    let mut outcome = Vec::with_capacity(selection.customers.len());
    for selected in &selection.customers {
        let submission = submission.about(selected.customer);
        let refusal = match confirm_one(db, actor, *selected, date_agreed, version_id, &submission).await {
            Ok(()) => None,
            Err(Failure::Refused(refusal)) => Some(refusal?),
            Err(Failure::NoSuchCustomer) => Some(NotConfirmed::NotFound),
            // The same form with another date confirmed it before.
            Err(Failure::IdempotencyMismatch) => Some(NotConfirmed::AlreadyRecorded),
            Err(Failure::Store(error)) => return Err(Failure::Store(error)),
        };
        outcome.push(Told { customer: selected.customer, refusal });
    }
    let mut tx = db.maintenance().await?;
    selections::set_outcome(&mut tx, Owner::of(actor), selection.id, &outcome).await?;
    tx.commit().await?;
    Ok(())
}

/// Judges and confirms one customer; what concerns the whole account is an error.
async fn confirm_one(
    db: &Db,
    actor: &Actor,
    selected: Selected,
    date_agreed: NaiveDate,
    version_id: Uuid,
    submission: &IdempotencyKey,
) -> Result<(), Failure<Result<NotConfirmed, Failure<Refusal>>>> {
    let refused = |reason| Err(Failure::Refused(Ok(reason)));
    let mut tx = db.write().await?;
    if replayed(&mut tx, submission, "").await?.is_some() {
        return Ok(());
    }
    let customer = customers::lock(&mut tx, actor.account.id, selected.customer).await?;
    let customer = customer.ok_or(Failure::NoSuchCustomer)?;
    if selected.contact_etag != Some(customer.contact_etag) {
        return refused(NotConfirmed::ContactChanged);
    }
    let versions = agreements::lock_versions_shared(&mut tx).await?;
    let required = versions.required_version_date(actor.account.today(tx.clock.now()));
    let status = agreement::confirmation_status(&actor.account, customer.agreement_published_on, required);
    if status == agreement::ConfirmationStatus::Confirmed {
        return refused(NotConfirmed::AlreadyRecorded);
    }
    let Some(person) = customer.contact().person() else { return refused(NotConfirmed::NoContact) };
    let attestation = Attestation { person, date_agreed, version_id, predates_version_acknowledged: false };
    let confirmed = confirm_within(&mut tx, actor, selected.customer, &attestation, Channel::Selection).await;
    let (_, event) = confirmed
        .map_err(|failure| failure.because(|refusal| NotConfirmed::of(&refusal).ok_or(Failure::Refused(refusal))))?;
    tx.commit(event).await?;
    Ok(())
}
