//! Editing a customer's company or primary contact.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Failure, Outcome, replayed};
use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        country::Country,
        customer::{Company, Contact},
        field::Field,
    },
    store::{
        Db, WriteTx,
        customers::{self, Customer},
        idempotency::IdempotencyKey,
    },
};

/// Why an edit is refused.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// Somebody edited the block since its form was shown; this is how it stands now.
    Stale(Box<Customer>),
}

/// Replaces the company, if it still is what the form showed.
pub async fn edit_company(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    etag: i64,
    company: &Company,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let event = edit_company_within(&mut tx, actor, customer_id, etag, company).await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}

/// The same inside a change that does more; the event is the caller's to commit.
pub async fn edit_company_within(
    tx: &mut WriteTx,
    actor: &Actor,
    customer_id: Uuid,
    etag: i64,
    company: &Company,
) -> Result<Event, Failure<Refusal>> {
    let before = customers::lock(tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let detail = changes(&company_texts(&before.company()), &company_texts(company));
    let mut event =
        Event::by(actor, tx.clock.id(), tx.clock.now(), Action::CompanyEdited).about(customer_id).with(detail);
    match customers::set_company(tx, &before, etag, company, event.id).await? {
        Some(after) => event.attach_digest(&after),
        None => return Err(Failure::Refused(Refusal::Stale(Box::new(before)))),
    }
    Ok(event)
}

/// Replaces the primary contact, if it still is what the form showed.
pub async fn edit_contact(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    etag: i64,
    contact: &Contact,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let event = edit_contact_within(&mut tx, actor, customer_id, etag, contact).await?;
    tx.commit(event).await?;
    Ok(Outcome::Done(()))
}

/// The same inside a change that does more; the event is the caller's to commit.
pub async fn edit_contact_within(
    tx: &mut WriteTx,
    actor: &Actor,
    customer_id: Uuid,
    etag: i64,
    contact: &Contact,
) -> Result<Event, Failure<Refusal>> {
    let before = customers::lock(tx, actor.account.id, customer_id).await?.ok_or(Failure::NoSuchCustomer)?;
    let detail = changes(&contact_texts(&before.contact()), &contact_texts(contact));
    let mut event =
        Event::by(actor, tx.clock.id(), tx.clock.now(), Action::ContactEdited).about(customer_id).with(detail);
    match customers::set_contact(tx, &before, etag, contact, event.id).await? {
        Some(after) => event.attach_digest(&after),
        None => return Err(Failure::Refused(Refusal::Stale(Box::new(before)))),
    }
    Ok(event)
}

/// What is to be of a customer's company and primary contact, with the states that were read; a block that stays as it
/// is, is none.
#[derive(Debug, Clone, Copy)]
pub struct Profile<'a> {
    /// The company, and the state of it that was read.
    pub company: Option<(i64, &'a Company)>,
    /// The primary contact, and the state of it that was read.
    pub contact: Option<(i64, &'a Contact)>,
}

/// Replaces company and contact together, if both still are what was read. `outcome` is what the same request is
/// answered with when it comes again.
pub async fn edit_profile(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    profile: Profile<'_>,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Outcome<()>, Failure<Refusal>> {
    let mut tx = db.write().await?;
    if let Some(outcome) = replayed(&mut tx, submission, outcome).await? {
        return Ok(Outcome::Replayed(outcome));
    }
    let mut events = Vec::with_capacity(2);
    if let Some((etag, company)) = profile.company {
        events.push(edit_company_within(&mut tx, actor, customer_id, etag, company).await?);
    }
    if let Some((etag, contact)) = profile.contact {
        events.push(edit_contact_within(&mut tx, actor, customer_id, etag, contact).await?);
    }
    let Some(last) = events.pop() else { return Ok(Outcome::Done(())) };
    for event in events {
        tx.record(event);
    }
    tx.commit(last).await?;
    Ok(Outcome::Done(()))
}

/// A company's fields with their texts, in the order of the form.
pub fn company_texts(company: &Company) -> Vec<(Field, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        (Field::Country, company.country.map(Country::code).unwrap_or_default().to_owned()),
        (Field::CompanyName, company.name.clone()),
        (Field::AddressLine1, text(&company.address_line1)),
        (Field::AddressLine2, text(&company.address_line2)),
        (Field::City, text(&company.city)),
        (Field::State, text(&company.state)),
        (Field::PostalCode, text(&company.postal_code)),
        (Field::OrganizationRegistrationNumber, text(&company.organization_registration_number)),
        (Field::Culture, text(&company.culture)),
    ]
}

/// A contact's fields with their texts, in the order of the form.
pub fn contact_texts(contact: &Contact) -> Vec<(Field, String)> {
    vec![
        (Field::ContactFirstName, contact.first_name.as_ref().map(ToString::to_string).unwrap_or_default()),
        (Field::ContactLastName, contact.last_name.as_ref().map(ToString::to_string).unwrap_or_default()),
        (Field::ContactEmail, contact.email.as_ref().map(ToString::to_string).unwrap_or_default()),
        (Field::ContactPhoneNumber, contact.phone.as_ref().map(ToString::to_string).unwrap_or_default()),
    ]
}

/// What differs, field by field: `{"changes": [{"field", "from", "to"}]}`.
pub fn changes(before: &[(Field, String)], after: &[(Field, String)]) -> Value {
    let changes: Vec<Value> = before
        .iter()
        .zip(after)
        .filter(|((_, from), (_, to))| from != to)
        .map(|((field, from), (_, to))| json!({ "field": field, "from": from, "to": to }))
        .collect();
    Value::Object(Map::from_iter([("changes".to_owned(), Value::Array(changes))]))
}
