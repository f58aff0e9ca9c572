//! A customer's profiles: its company, and whom its bills are for.

use uuid::Uuid;

use super::{
    bodies::BillingProfileChange,
    call::{ApiRequest, ApiResponse, Body},
    fault::{ApiError, Code},
    properties::Properties,
    wire::{Address, Attributes, BillingProfile, CompanyProfile, Links},
};
use crate::{
    actions::edit_customer::{Profile, Refusal, edit_profile},
    domain::{
        country::{Country, language_of},
        customer::{Company, Contact, TypedCompany, TypedContact},
        field::{self, Field},
    },
    store::{customers::Customer, idempotency},
};

/// `GET customers/{customer}/profiles/company`: the customer's company.
pub async fn get_company(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let customer = call.customer(&mut call.api.db.read().await?).await?;
    let (name, domain) = (customer.company_name.clone(), customer.domain.clone());
    ApiResponse::ok(&CompanyProfile {
        organization_registration_number: customer.organization_registration_number.clone(),
        address: Some(Box::new(address(&customer))),
        email: customer.contact().email.map(|email| email.to_string()),
        ..company(customer.id, name, domain)
    })
}

/// `GET customers/{customer}/profiles/billing`: whom the customer's bills are for.
pub async fn get_billing(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let customer = call.customer(&mut call.api.db.read().await?).await?;
    ApiResponse::ok(&billing(&customer))
}

/// `PUT customers/{customer}/profiles/billing`: the profile as it was read, with changes. What the body leaves out stays.
pub async fn put_billing(call: &ApiRequest<'_>, body: Body<'_, BillingProfileChange>) -> Result<ApiResponse, ApiError> {
    let change = body.read()?;
    let properties = Properties::of_billing_profile(&change);
    let submission = call.submission();
    let mut conn = call.api.db.snapshot().await?;
    let before = call.customer(&mut conn).await?;
    // What this very request came to is not judged by what it changed itself.
    if idempotency::outcome(&mut conn, &submission, call.api.db.clock.now()).await?.is_some() {
        return ApiResponse::ok(&billing(&before));
    }
    drop(conn);
    if call.etag(change.attributes.0.as_ref()).is_some_and(|etag| etag.trim().trim_matches('"') != state(&before)) {
        return Err(stale());
    }
    let (company, contact) = read(&before, &properties).map_err(|faults| properties.refused(&faults))?;
    let profile = Profile {
        company: (company != before.company()).then_some((before.company_etag, &company)),
        contact: (contact != before.contact()).then_some((before.contact_etag, &contact)),
    };
    edit_profile(&call.api.db, &call.actor, before.id, profile, &submission, "")
        .await
        .map_err(|failure| ApiError::of(failure, |Refusal::Stale(_)| stale()))?;
    let after = call.customer(&mut call.api.db.read().await?).await?;
    ApiResponse::ok(&billing(&after))
}

fn stale() -> ApiError {
    ApiError::new(Code::StaleEtag, "The profile was changed since it was read. Read it again, then change it.")
}

/// A customer's company and contact as a body wants them.
fn read(before: &Customer, wanted: &Properties<'_>) -> Result<(Company, Contact), Vec<field::Fault>> {
    let (company, contact) = (before.company(), before.contact());
    let now = |text: &Option<String>| text.clone().unwrap_or_default();
    let or = |field, now: String| wanted.given(field).map_or(now, str::to_owned);
    let company = Company::parse(TypedCompany {
        name: &or(Field::CompanyName, company.name),
        country: &or(Field::Country, company.country.map(Country::code).unwrap_or_default().to_owned()),
        address_line1: &or(Field::AddressLine1, now(&company.address_line1)),
        address_line2: &or(Field::AddressLine2, now(&company.address_line2)),
        city: &or(Field::City, now(&company.city)),
        state: &or(Field::State, now(&company.state)),
        postal_code: &or(Field::PostalCode, now(&company.postal_code)),
        organization_registration_number: &now(&company.organization_registration_number),
        culture: &or(Field::Culture, now(&company.culture)),
    });
    let text = |known: Option<String>| known.unwrap_or_default();
    let country = company.as_ref().ok().and_then(|company| company.country);
    let typed = TypedContact {
        first_name: &or(Field::ContactFirstName, text(contact.first_name.as_ref().map(ToString::to_string))),
        last_name: &or(Field::ContactLastName, text(contact.last_name.as_ref().map(ToString::to_string))),
        email: &or(Field::ContactEmail, text(contact.email.as_ref().map(ToString::to_string))),
        phone_number: &or(Field::ContactPhoneNumber, text(contact.phone.as_ref().map(ToString::to_string))),
    };
    match (company, Contact::parse(typed, country)) {
        (Ok(company), Ok(contact)) => Ok((company, contact)),
        (company, contact) => Err([company.err(), contact.err()].into_iter().flatten().flatten().collect()),
    }
}

/// A company without what is told only where it is asked for by itself.
pub fn company(id: Uuid, company_name: String, domain: String) -> CompanyProfile {
    CompanyProfile {
        tenant_id: id,
        domain,
        company_name,
        organization_registration_number: None,
        address: None,
        email: None,
        links: Links::this(format!("/customers/{id}/profiles/company")),
        attributes: Attributes::of("CustomerCompanyProfile"),
    }
}

/// Whom a customer's bills are for.
pub fn billing(customer: &Customer) -> BillingProfile {
    let contact = customer.contact();
    BillingProfile {
        id: customer.id,
        first_name: contact.first_name.map(|name| name.to_string()),
        last_name: contact.last_name.map(|name| name.to_string()),
        email: contact.email.map(|email| email.to_string()),
        culture: customer.culture.clone(),
        language: customer.culture.as_deref().map(|culture| language_of(culture).to_owned()),
        company_name: customer.company_name.clone(),
        default_address: address(customer),
        links: Links::this(format!("/customers/{}/profiles/billing", customer.id)),
        attributes: Attributes { etag: Some(state(customer)), object_type: "CustomerBillingProfile" },
    }
}

/// The state of the billing profile: the pages edit in two blocks what is one profile here.
fn state(customer: &Customer) -> String {
    (customer.company_etag + customer.contact_etag).to_string()
}

fn address(customer: &Customer) -> Address {
    let contact = customer.contact();
    Address {
        country: customer.country.map(Country::code),
        city: customer.city.clone(),
        state: customer.state.clone(),
        address_line1: customer.address_line1.clone(),
        address_line2: customer.address_line2.clone(),
        postal_code: customer.postal_code.clone(),
        first_name: contact.first_name.map(|name| name.to_string()),
        last_name: contact.last_name.map(|name| name.to_string()),
        phone_number: contact.phone.map(|phone| phone.to_string()),
    }
}
