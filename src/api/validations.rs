//! What a client looks up before it creates a customer: whether a domain is free, whether an address could be one, what
//! a country asks for.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;

use super::{
    bodies,
    call::{ApiRequest, ApiResponse, Body, PathParameter},
    fault::{ApiError, Code},
    properties::Properties,
    reader::Property,
    wire::{self, AddressValidation, Attributes, CountryValidationRules},
};
use crate::{
    domain::{
        country::{Country, language_of},
        country_rules::{Requirement, States},
        field::{Faults, Field},
        identifiers::DomainName,
        new_customer::{Address, required_country},
        registration_number::REGEX,
    },
    store::customers,
};

/// Digits and what people put between them.
const PHONE_NUMBER: &str = r"^\+?[0-9 ()./-]{5,40}$";

/// `HEAD domains/{domain}`: 200 when a customer has the domain, 404 when it is free. Both without a body.
pub async fn domain(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let domain = DomainName::parse(call.part(PathParameter::Domain))
        .map_err(|_| ApiError::argument("The domain is the name of none."))?;
    let mut conn = call.api.db.read().await?;
    let taken = customers::has_domain(&mut conn, call.actor.account.id, domain.as_str()).await?;
    Ok(ApiResponse { status: if taken { StatusCode::OK } else { StatusCode::NOT_FOUND }, body: String::new() })
}

/// `GET countryvalidationrules/{country}`: what a country asks of a company.
pub async fn country_rules(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let country = Country::parse(call.part(PathParameter::Country)).ok_or_else(|| {
        ApiError::new(Code::ResourceNotFound, "The agreement has no such country: two letters of ISO 3166 are needed.")
    })?;
    let (rules, registration) = (country.rules(), country.registration_number());
    let languages: BTreeSet<&str> = country.cultures().map(language_of).collect();
    ApiResponse::ok(&CountryValidationRules {
        iso2_code: country.code(),
        default_culture: country.own_culture(),
        is_state_required: matches!(rules.states, States::Listed(_)),
        supported_states_list: match rules.states {
            States::Listed(states) => states.iter().map(|state| state.code).collect(),
            States::Free | States::Unused => Vec::new(),
        },
        supported_languages_list: languages.into_iter().collect(),
        supported_cultures_list: country.cultures().collect(),
        is_postal_code_required: rules.postal_code == Requirement::Required,
        postal_code_regex: rules.postal_formats.map(|formats| formats.regex()),
        is_city_required: true,
        is_vat_id_supported: false,
        tax_id_format: None,
        tax_id_sample: None,
        vat_id_regex: None,
        phone_number_regex: PHONE_NUMBER,
        is_tax_id_supported: false,
        is_tax_id_optional: true,
        country_calling_codes_list: vec![country.calling_code()],
        customer_organization_registration_number_regex: registration.is_required().then_some(REGEX),
        customer_organization_registration_number_sample: registration.sample,
        customer_organization_registration_number_required: registration.is_required(),
        customer_organization_phone_number_required: rules.phone_required,
        attributes: Attributes::of("CountryValidationRules"),
    })
}

/// `POST validations/address`: whether an address could be one of its country. No list of streets is asked.
pub async fn address(_: &ApiRequest<'_>, body: Body<'_, bodies::Address>) -> Result<ApiResponse, ApiError> {
    let body = body.read()?;
    let properties = Properties::of_address(&body);
    let mut faults = Faults::default();
    let country = faults.take(Field::Country, required_country(properties.text(Field::Country)));
    let rules = country.map(Country::rules);
    let address = Address::parse(&|field| properties.text(field), rules.as_ref(), &mut faults);
    let (country, rules, address) = faults
        .finish((|| Some((country?, rules?, address?)))())
        .map_err(|faults| ApiError::new(Code::AddressValidationFailed, properties.refused(&faults).description))?;

    let given = |field| properties.given(field).map(str::to_owned);
    let named = |text: &Property| text.text().map(str::to_owned);
    let person = wire::Address {
        country: Some(country.code()),
        first_name: named(&body.first_name),
        last_name: named(&body.last_name),
        phone_number: named(&body.phone_number),
        ..wire::Address::default()
    };
    let original = wire::Address {
        city: given(Field::City),
        state: given(Field::State),
        address_line1: given(Field::AddressLine1),
        address_line2: given(Field::AddressLine2),
        postal_code: given(Field::PostalCode),
        ..person.clone()
    };
    let unusual = rules.is_unusual_postal_code(address.postal_code.as_deref());
    let written = wire::Address {
        city: Some(address.city),
        state: address.state.or_else(|| original.state.clone().filter(String::is_empty)),
        address_line1: Some(address.line1),
        address_line2: address.line2.or_else(|| original.address_line2.clone().filter(String::is_empty)),
        postal_code: address.postal_code.or_else(|| original.postal_code.clone().filter(String::is_empty)),
        ..person
    };
    let (status, validation_message) = match (rules.is_exact(), unusual) {
        (_, true) => ("InteractionRequired", Some("postalCode is not written as the country writes them.")),
        (true, false) => ("Verified", None),
        (false, false) => ("NotValidated", Some("What the country asks of an address is not known here.")),
    };
    ApiResponse::ok(&AddressValidation {
        suggested_addresses: if written == original { Vec::new() } else { vec![written] },
        original_address: original,
        status,
        validation_message,
        attributes: Attributes::of("AddressValidationResponse"),
    })
}
