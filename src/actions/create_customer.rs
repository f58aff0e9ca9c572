//! Creating a customer. From a draft: the customer, the confirmation, the order with its subscriptions, and the events,
//! or nothing.

use serde_json::json;
use uuid::Uuid;

use super::{
    Failure, Outcome,
    confirm_agreement::confirm_within,
    place_order::{Items, place_order_within},
    replayed,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{self, Channel},
        audit::{Action, Event},
        country::Country,
        new_customer::NewCustomer,
        order,
    },
    store::{
        Db, WriteTx, customers,
        drafts::{self, Owner},
        idempotency::IdempotencyKey,
        partner_accounts, temporary_passwords,
    },
};

/// Why a customer is not created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The draft is gone, or never was this user's.
    NoSuchDraft,
    /// The draft has become a customer already.
    CreatedBefore(Uuid),
    /// The draft was changed since it was reviewed.
    DraftChanged,
    /// Another customer has the domain.
    DomainTaken,
    /// The acceptance cannot be recorded.
    Agreement(agreement::Refusal),
    /// The order cannot be placed.
    Order(order::Refusal),
}

/// A customer to be created, as it was reviewed.
#[derive(Debug)]
pub struct Creation<'a> {
    /// The Microsoft ID that it gets.
    pub id: Uuid,
    /// The draft that it comes from.
    pub draft_id: Uuid,
    /// The state of the draft when it was reviewed.
    pub revision: i64,
    /// What the draft says.
    pub customer: &'a NewCustomer,
    /// What is ordered; may be nothing.
    pub items: Items<'a>,
    /// The administrator's temporary password, sealed.
    pub password: Vec<u8>,
}

/// Creates a customer. `outcome` is what the same form shows when it is sent again.
pub async fn create_customer(
    db: &Db,
    actor: &Actor,
    creation: Creation<'_>,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<Uuid>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let id = creation.id;
    let event = create_within(&mut tx, actor, creation).await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(id))
}

/// Creates a customer that was never a draft. `outcome` is what the same request is answered with when it comes again.
pub async fn create_customer_at_once(
    db: &Db,
    actor: &Actor,
    id: Uuid,
    customer: &NewCustomer,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let event = insert(&mut tx, actor, id, customer).await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}

async fn create_within(tx: &mut WriteTx, actor: &Actor, creation: Creation<'_>) -> Result<Event, Failure<Refusal>> {
    let Creation { id, draft_id, revision, customer, items, password } = creation;
    let draft = drafts::lock(tx, Owner::of(actor), draft_id).await?.ok_or(Failure::Refused(Refusal::NoSuchDraft))?;
    if let Some(customer_id) = draft.customer_id {
        return Err(Failure::Refused(Refusal::CreatedBefore(customer_id)));
    }
    if draft.revision != revision {
        return Err(Failure::Refused(Refusal::DraftChanged));
    }
    drafts::consume(tx, draft_id, id).await?;

    let mut event = insert(tx, actor, id, customer).await?;
    if let Some(attestation) = &customer.attestation {
        let (_, confirmed) = confirm_within(tx, actor, id, attestation, Channel::NewCustomer)
            .await
            .map_err(|failure| failure.because(Refusal::Agreement))?;
        tx.record(std::mem::replace(&mut event, confirmed));
    }
    if !items.lines.is_empty() {
        let order_id = tx.clock.id();
        let ordered = place_order_within(tx, actor, id, order_id, &items)
            .await
            .map_err(|failure| failure.because(Refusal::Order))?;
        tx.record(std::mem::replace(&mut event, ordered));
    }
    temporary_passwords::insert(tx, temporary_passwords::Key::of(actor, id), password).await?;
    Ok(event)
}

async fn insert(tx: &mut WriteTx, actor: &Actor, id: Uuid, customer: &NewCustomer) -> Result<Event, Failure<Refusal>> {
    let account_id = actor.account.id;
    partner_accounts::hold(tx, account_id).await?;
    if customers::has_domain(tx, account_id, customer.domain.as_str()).await? {
        return Err(Failure::Refused(Refusal::DomainTaken));
    }
    let mut event = Event::by(actor, tx.clock.id(), tx.clock.now(), Action::CustomerCreated).about(id).with(json!({
        "company_name": customer.company.name,
        "domain": customer.domain.as_str(),
        "country": customer.company.country.map(Country::code),
    }));
    let new = customers::NewCustomer {
        partner_account_id: account_id,
        id,
        company: &customer.company,
        domain: customer.domain.as_str(),
        contact: &customer.primary_contact(),
        associated_partner_id: customer.associated_partner_id.as_deref(),
    };
    event.attach_digest(&customers::insert(tx, &actor.account, &new, event.id).await?);
    Ok(event)
}
