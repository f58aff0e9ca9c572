use std::collections::HashMap;

use super::*;
use crate::domain::partner_account::{Cloud, Environment};

fn account() -> PartnerAccount {
    PartnerAccount {
        id: Uuid::from_u128(1),
        name: "Noordster".into(),
        partner_type: PartnerType::DirectBillPartner,
        cloud: Cloud::Public,
        environment: Environment::Production,
        country: Country::parse("NL").unwrap(),
        time_zone: chrono_tz::Europe::Amsterdam,
        tenant_id: None,
    }
}

const VERSION: &str = "117a77b0-9360-443b-8795-c6dedc750cf9";

/// A step that is filled in, with some fields filled in otherwise.
fn parse_in(account: &PartnerAccount, otherwise: &[(Field, &str)]) -> Result<NewCustomer, Vec<Fault>> {
    let mut typed: HashMap<Field, &str> = HashMap::from([
        (Field::Country, "NL"),
        (Field::CompanyName, "Banketbakkerij Hartog B.V."),
        (Field::DomainPrefix, "hartog"),
        (Field::AddressLine1, "Ruyschstraat 48"),
        (Field::PostalCode, "1091cc"),
        (Field::City, "Amsterdam"),
        (Field::Culture, "nl-NL"),
        (Field::ContactFirstName, "Lotte"),
        (Field::ContactLastName, "van der Berg"),
        (Field::ContactEmail, "lotte@hartog.example"),
        (Field::AgreementVersion, VERSION),
    ]);
    typed.extend(otherwise.iter().copied());
    let today = "2026-11-22".parse().unwrap();
    NewCustomer::parse(|field| typed.get(&field).copied().unwrap_or_default(), account, &["4711"], today)
}

fn parse(otherwise: &[(Field, &str)]) -> Result<NewCustomer, Vec<Fault>> {
    parse_in(&account(), otherwise)
}

fn faults(otherwise: &[(Field, &str)]) -> Vec<(Field, Invalid)> {
    parse(otherwise).unwrap_err().into_iter().map(|fault| (fault.field, fault.invalid)).collect()
}

#[test]
fn what_is_typed_becomes_a_customer() {
    let customer = parse(&[]).unwrap();
    assert_eq!(customer.domain.as_str(), "hartog.onmicrosoft.com");
    assert_eq!(customer.company.postal_code.as_deref(), Some("1091 CC"));
    assert_eq!(customer.company.state, None);
    assert_eq!(customer.attestation, None, "not ticked, not confirmed");
    assert!(!customer.has_unusual_postal_code());
}

#[test]
fn everything_that_is_wrong_is_told_in_the_order_of_the_form() {
    let empty = NewCustomer::parse(|_| "", &account(), &[], "2026-11-22".parse().unwrap()).unwrap_err();
    let fields: Vec<Field> = empty.iter().map(|fault| fault.field).collect();
    assert_eq!(
        fields,
        [
            Field::Country,
            Field::CompanyName,
            Field::DomainPrefix,
            Field::AddressLine1,
            Field::City,
            Field::ContactFirstName,
            Field::ContactLastName,
            Field::ContactEmail
        ]
    );
    assert!(empty.iter().all(|fault| fault.invalid == Invalid::Missing));
}

#[test]
fn a_postal_code_that_does_not_fit_is_kept_and_looked_at_again() {
    let customer = parse(&[(Field::PostalCode, " 12  345 ")]).unwrap();
    assert_eq!(customer.company.postal_code.as_deref(), Some("12 345"));
    assert!(customer.has_unusual_postal_code());
    assert_eq!(faults(&[(Field::PostalCode, "")]), [(Field::PostalCode, Invalid::Missing)]);
    assert!(parse(&[(Field::Country, "HK"), (Field::PostalCode, "")]).is_ok());
}

#[test]
fn a_state_is_chosen_where_there_is_a_list() {
    let us = |state| parse(&[(Field::Country, "US"), (Field::PostalCode, "98052"), (Field::State, state)]);
    assert_eq!(us("wa").unwrap().company.state.as_deref(), Some("WA"));
    assert_eq!(us("").unwrap_err(), [Fault { field: Field::State, invalid: Invalid::Missing }]);
    assert_eq!(us("Noord-Holland").unwrap_err(), [Fault { field: Field::State, invalid: Invalid::UnknownState }]);
}

#[test]
fn a_registration_number_and_a_phone_are_demanded_where_the_country_demands_them() {
    let hungary = [(Field::Country, "HU"), (Field::PostalCode, "1037")];
    assert_eq!(
        faults(&hungary),
        [(Field::OrganizationRegistrationNumber, Invalid::Missing), (Field::ContactPhoneNumber, Invalid::Missing)]
    );
    let number = |number| {
        let phone = (Field::ContactPhoneNumber, "+36 1 555 0117");
        parse(&[hungary[0], hungary[1], phone, (Field::OrganizationRegistrationNumber, number)])
    };
    let customer = number("0123 4567-890").unwrap();
    assert_eq!(customer.company.organization_registration_number.as_deref(), Some("01234567890"));
    let sample = Country::parse("HU").unwrap().registration_number().sample;
    let wrong =
        Fault { field: Field::OrganizationRegistrationNumber, invalid: Invalid::NotARegistrationNumber { sample } };
    assert_eq!(number("12").unwrap_err(), [wrong]);
    let elsewhere = parse(&[(Field::OrganizationRegistrationNumber, "12345678")]).unwrap();
    assert_eq!(elsewhere.company.organization_registration_number.as_deref(), Some("12345678"));
}

#[test]
fn the_language_is_the_countrys_own_unless_another_is_chosen() {
    let culture = |otherwise: &[(Field, &str)]| parse(otherwise).unwrap().company.culture.unwrap();
    assert_eq!(culture(&[(Field::Culture, "")]), "nl-NL");
    assert_eq!(culture(&[(Field::Culture, "DE-de")]), "de-DE");
    assert_eq!(culture(&[(Field::Culture, "nl-be")]), "nl-BE");
    assert_eq!(faults(&[(Field::Culture, "tlh-QO")]), [(Field::Culture, Invalid::UnknownLanguage)]);
}

#[test]
fn ticked_demands_a_date_and_a_person() {
    let ticked = (Field::Accepted, "on");
    assert_eq!(faults(&[ticked]), [(Field::DateAgreed, Invalid::Missing)]);
    let dated = (Field::DateAgreed, "20 nov 2026");
    let attestation = parse(&[ticked, dated]).unwrap().attestation.unwrap();
    assert_eq!(attestation.person.full_name(), "Lotte van der Berg");
    assert_eq!(attestation.date_agreed, "2026-11-20".parse().unwrap());

    let other = (Field::Acceptor, "other");
    let fields: Vec<Field> = faults(&[ticked, dated, other]).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, [Field::FirstName, Field::LastName, Field::Email]);
    let wim = [(Field::FirstName, "Wim"), (Field::LastName, "Hartog"), (Field::Email, "wim@hartog.example")];
    let attestation = parse(&[ticked, dated, other, wim[0], wim[1], wim[2]]).unwrap().attestation.unwrap();
    assert_eq!(attestation.person.full_name(), "Wim Hartog");
}

#[test]
fn what_stands_below_someone_else_is_ignored_when_the_primary_contact_accepted() {
    let nonsense = [(Field::FirstName, "\u{202e}"), (Field::Email, "nobody"), (Field::Acceptor, "primary_contact")];
    let customer =
        parse(&[(Field::Accepted, "on"), (Field::DateAgreed, "today"), nonsense[0], nonsense[1], nonsense[2]]).unwrap();
    assert_eq!(customer.attestation.unwrap().person.full_name(), "Lotte van der Berg");
}

#[test]
fn unticked_asks_for_nothing_and_an_account_that_does_not_confirm_ignores_the_block() {
    assert!(parse(&[(Field::DateAgreed, "nonsense"), (Field::Acceptor, "other")]).is_ok());
    for account in [
        PartnerAccount { partner_type: PartnerType::IndirectReseller, ..account() },
        PartnerAccount { cloud: Cloud::Vianet, ..account() },
    ] {
        let customer = parse_in(&account, &[(Field::Accepted, "on")]).unwrap();
        assert_eq!(customer.attestation, None);
    }
}

#[test]
fn an_indirect_provider_chooses_one_of_its_resellers_or_none() {
    let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..account() };
    let chosen = |id| parse_in(&provider, &[(Field::AssociatedPartnerId, id)]).map(|one| one.associated_partner_id);
    assert_eq!(chosen("4711"), Ok(Some("4711".into())));
    assert_eq!(chosen(""), Ok(None));
    assert_eq!(
        chosen("4712"),
        Err(vec![Fault { field: Field::AssociatedPartnerId, invalid: Invalid::UnknownReseller }])
    );
    assert_eq!(parse(&[(Field::AssociatedPartnerId, "4711")]).unwrap().associated_partner_id, None);
}
