//! A customer to be: what the first step of the wizard asks, read all at once.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    agreement::Attestation,
    codes::codes,
    country::Country,
    country_rules::{CountryRules, postal_code, state},
    culture::parse_culture,
    customer::{Company, Contact},
    date_input::parse_date,
    field::{Fault, Faults, Field},
    identifiers::{DomainName, parse_domain_prefix},
    invalid::Invalid,
    partner_account::{PartnerAccount, PartnerType},
    person::{Email, Name, Person, Phone},
    registration_number::registration_number,
    text,
};

codes! {
    /// Who accepted the agreement for a customer to be.
    pub enum Acceptor {
        /// The primary contact.
        PrimaryContact = "primary_contact",
        /// Another person.
        Other = "other",
    }
}

/// A customer to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCustomer {
    /// The company; its country is known.
    pub company: Company,
    /// The primary domain, which never changes.
    pub domain: DomainName,
    /// The MPN ID of the indirect reseller, in an indirect provider's account.
    pub associated_partner_id: Option<String>,
    /// The primary contact.
    pub contact: Person,
    /// That the customer accepted the agreement, when that was ticked.
    pub attestation: Option<Attestation>,
}

/// The fields of the first step, in the order of the form.
pub const FIELDS: [Field; 24] = [
    Field::Country,
    Field::CompanyName,
    Field::DomainPrefix,
    Field::AddressLine1,
    Field::AddressLine2,
    Field::PostalCode,
    Field::City,
    Field::State,
    Field::OrganizationRegistrationNumber,
    Field::Culture,
    Field::AssociatedPartnerId,
    Field::ContactFirstName,
    Field::ContactLastName,
    Field::ContactEmail,
    Field::ContactPhoneNumber,
    Field::Accepted,
    Field::DateAgreed,
    Field::OlderThanVersion,
    Field::Acceptor,
    Field::FirstName,
    Field::LastName,
    Field::Email,
    Field::PhoneNumber,
    Field::AgreementVersion,
];

impl NewCustomer {
    /// Reads the first step as typed, or says everything that is wrong with it.
    ///
    /// `typed` gives the text of a field, empty where there is none; `resellers` are the MPN IDs that may be
    /// chosen; `today` is the day in the account's time zone. Whether the acceptance may be recorded is decided by
    /// [`agreement::confirm`](super::agreement::confirm).
    pub fn parse<'t>(
        typed: impl Fn(Field) -> &'t str,
        account: &PartnerAccount,
        resellers: &[&str],
        today: NaiveDate,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let country = faults.take(Field::Country, required_country(typed(Field::Country)));
        let rules = country.map(Country::rules);
        let name = faults.take(Field::CompanyName, text::required(typed(Field::CompanyName), 256));
        let domain = faults.take(Field::DomainPrefix, parse_domain_prefix(typed(Field::DomainPrefix)));
        let address = Address::parse(&typed, rules.as_ref(), &mut faults);
        let registration = faults.take(
            Field::OrganizationRegistrationNumber,
            registration_number(typed(Field::OrganizationRegistrationNumber), country),
        );
        let culture = faults.take(Field::Culture, culture(typed(Field::Culture), country));
        let associated_partner_id =
            faults.take(Field::AssociatedPartnerId, reseller(typed(Field::AssociatedPartnerId), account, resellers));
        let [first_name, last_name] =
            [Field::ContactFirstName, Field::ContactLastName].map(|field| (field, typed(field)));
        let names = Name::parse_both(first_name, last_name, &mut faults);
        let email = faults.take(Field::ContactEmail, Email::parse(typed(Field::ContactEmail)));
        let phone = Phone::parse(typed(Field::ContactPhoneNumber), country);
        let phone = match phone {
            Ok(None) if rules.is_some_and(|rules| rules.phone_required) => Err(Invalid::Missing),
            other => other,
        };
        let phone = faults.take(Field::ContactPhoneNumber, phone);
        let contact = Person::of(names, email, phone);
        let attestation = (account.confirms() && typed(Field::Accepted) == "on")
            .then(|| attestation(&typed, &mut faults, contact.as_ref(), country, today));
        let whole = (|| {
            let address = address?;
            Some(Self {
                company: Company {
                    name: name?,
                    country: Some(country?),
                    address_line1: Some(address.line1),
                    address_line2: address.line2,
                    city: Some(address.city),
                    state: address.state,
                    postal_code: address.postal_code,
                    organization_registration_number: registration?,
                    culture: Some(culture?),
                },
                domain: domain?,
                associated_partner_id: associated_partner_id?,
                contact: contact?,
                attestation: match attestation {
                    Some(attestation) => Some(attestation?),
                    None => None,
                },
            })
        })();
        faults.finish(whole)
    }

    /// The primary contact as customers have it, where any part may be unknown.
    pub fn primary_contact(&self) -> Contact {
        let Person { first_name, last_name, email, phone } = self.contact.clone();
        Contact { first_name: Some(first_name), last_name: Some(last_name), email: Some(email), phone }
    }

    /// Whether the postal code is not written as its country writes them: a reason to look again.
    pub fn has_unusual_postal_code(&self) -> bool {
        let code = self.company.postal_code.as_deref();
        self.company.country.is_some_and(|country| country.rules().is_unusual_postal_code(code))
    }
}

/// An address within a country, as the country writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// First line.
    pub line1: String,
    /// Second line.
    pub line2: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// City.
    pub city: String,
    /// State or province: its code where the country has a list.
    pub state: Option<String>,
}

impl Address {
    /// Reads the fields of an address by the rules of its country, as far as that is known.
    pub fn parse<'t>(
        typed: &impl Fn(Field) -> &'t str,
        rules: Option<&CountryRules>,
        faults: &mut Faults,
    ) -> Option<Self> {
        let line1 = faults.take(Field::AddressLine1, text::required(typed(Field::AddressLine1), 200));
        let line2 = faults.take(Field::AddressLine2, text::line(typed(Field::AddressLine2), 200));
        let postal_code = faults.take(Field::PostalCode, postal_code(typed(Field::PostalCode), rules));
        let city = faults.take(Field::City, text::required(typed(Field::City), 100));
        let state = faults.take(Field::State, state(typed(Field::State), rules));
        Some(Self { line1: line1?, line2: line2?, postal_code: postal_code?, city: city?, state: state? })
    }
}

/// A country that has to be chosen.
pub fn required_country(typed: &str) -> Result<Country, Invalid> {
    match text::trimmed(typed) {
        "" => Err(Invalid::Missing),
        code => Country::parse(code).ok_or(Invalid::UnknownCountry),
    }
}

/// Nothing chosen is the country's own language.
fn culture(typed: &str, country: Option<Country>) -> Result<String, Invalid> {
    match text::trimmed(typed) {
        "" => Ok(country.map_or("en-US", Country::own_culture).to_owned()),
        typed => parse_culture(typed),
    }
}

fn reseller(typed: &str, account: &PartnerAccount, resellers: &[&str]) -> Result<Option<String>, Invalid> {
    match text::trimmed(typed) {
        _ if account.partner_type != PartnerType::IndirectProvider => Ok(None),
        "" => Ok(None),
        typed => resellers.contains(&typed).then(|| Some(typed.to_owned())).ok_or(Invalid::UnknownReseller),
    }
}

fn attestation<'t>(
    typed: &impl Fn(Field) -> &'t str,
    faults: &mut Faults,
    contact: Option<&Person>,
    country: Option<Country>,
    today: NaiveDate,
) -> Option<Attestation> {
    let date_agreed = faults.take(Field::DateAgreed, parse_date(typed(Field::DateAgreed), today));
    let person = match Acceptor::from_code(typed(Field::Acceptor)) {
        Some(Acceptor::Other) => {
            let [first_name, last_name] = [Field::FirstName, Field::LastName].map(|field| (field, typed(field)));
            let names = Name::parse_both(first_name, last_name, faults);
            let email = faults.take(Field::Email, Email::parse(typed(Field::Email)));
            let phone = faults.take(Field::PhoneNumber, Phone::parse(typed(Field::PhoneNumber), country));
            Person::of(names, email, phone)
        }
        _ => contact.cloned(),
    };
    let version_id = faults
        .take(Field::AgreementVersion, Uuid::try_parse(typed(Field::AgreementVersion)).map_err(|_| Invalid::NotAGuid));
    Some(Attestation {
        person: person?,
        date_agreed: date_agreed?,
        version_id: version_id?,
        predates_version_acknowledged: typed(Field::OlderThanVersion) == "on",
    })
}

#[cfg(test)]
mod tests;
