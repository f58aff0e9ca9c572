//! What is known of a customer's company and primary contact, and how it may be typed.
//!
//! A file says only a name and a domain. Everything else stays *not provided* until somebody fills it in, and
//! may stay so when a block is edited.

use super::{
    codes::codes,
    country::Country,
    culture::parse_culture,
    field::{Fault, Faults, Field},
    invalid::Invalid,
    language::Language,
    person::{Email, Name, Person, Phone},
    registration_number::given_number,
    text,
};

codes! {
    /// What a customer qualifies for besides commercial offers, in the order in which Partner Center numbers them.
    pub enum Qualification {
        /// Schools and universities.
        Education = "education",
        /// Charities.
        Nonprofit = "nonprofit",
        /// Authorities of the United States.
        GovernmentCommunityCloud = "governmentcommunitycloud",
        /// Companies that a state owns.
        StateOwnedEntity = "stateownedentity",
    }
}

/// A customer's company, but for what never changes (Microsoft ID, primary domain).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// 1–256 characters.
    pub name: String,
    /// Country or region.
    pub country: Option<Country>,
    /// At most 200 characters.
    pub address_line1: Option<String>,
    /// At most 200 characters.
    pub address_line2: Option<String>,
    /// At most 100 characters.
    pub city: Option<String>,
    /// At most 50 characters.
    pub state: Option<String>,
    /// At most 20 characters.
    pub postal_code: Option<String>,
    /// The number under which the company is registered.
    pub organization_registration_number: Option<String>,
    /// The language of documents, for example `nl-NL`.
    pub culture: Option<String>,
}

/// A company as typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypedCompany<'a> {
    /// As typed.
    pub name: &'a str,
    /// A country's code.
    pub country: &'a str,
    /// As typed.
    pub address_line1: &'a str,
    /// As typed.
    pub address_line2: &'a str,
    /// As typed.
    pub city: &'a str,
    /// As typed.
    pub state: &'a str,
    /// As typed.
    pub postal_code: &'a str,
    /// As typed.
    pub organization_registration_number: &'a str,
    /// A culture such as `nl-NL`.
    pub culture: &'a str,
}

impl Company {
    /// A company of which only the name is known.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            country: None,
            address_line1: None,
            address_line2: None,
            city: None,
            state: None,
            postal_code: None,
            organization_registration_number: None,
            culture: None,
        }
    }

    /// Reads a company as typed, or says everything that is wrong with it.
    pub fn parse(typed: TypedCompany<'_>) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let country = match text::trimmed(typed.country) {
            "" => Ok(None),
            code => Country::parse(code).map(Some).ok_or(Invalid::UnknownCountry),
        };
        let culture = match text::trimmed(typed.culture) {
            "" => Ok(None),
            culture => parse_culture(culture).map(Some),
        };
        // In the order of the form, in which the faults are told too.
        let country = faults.take(Field::Country, country);
        let name = faults.take(Field::CompanyName, text::required(typed.name, 256));
        let address_line1 = faults.take(Field::AddressLine1, text::line(typed.address_line1, 200));
        let address_line2 = faults.take(Field::AddressLine2, text::line(typed.address_line2, 200));
        let postal_code = faults.take(Field::PostalCode, text::line(typed.postal_code, 20));
        let city = faults.take(Field::City, text::line(typed.city, 100));
        let state = faults.take(Field::State, text::line(typed.state, 50));
        let registration = faults.take(
            Field::OrganizationRegistrationNumber,
            given_number(typed.organization_registration_number, country.flatten()),
        );
        let culture = faults.take(Field::Culture, culture);
        let whole = (|| {
            Some(Self {
                name: name?,
                country: country?,
                address_line1: address_line1?,
                address_line2: address_line2?,
                city: city?,
                state: state?,
                postal_code: postal_code?,
                organization_registration_number: registration?,
                culture: culture?,
            })
        })();
        faults.finish(whole)
    }
}

impl Company {
    /// Whether the language goes with a country that was another before: one that stayed while the country changed has to
    /// be one that the new country is offered.
    pub fn is_language_offered_after(&self, before: &Self) -> bool {
        match (self.country, &self.culture) {
            (Some(country), Some(culture)) if self.country != before.country && self.culture == before.culture => {
                country.cultures().any(|offered| offered == culture)
            }
            _ => true,
        }
    }
}

/// Every culture that is offered somewhere, `en-US` first, then in the order of their codes.
pub fn cultures() -> &'static [&'static str] {
    static CULTURES: std::sync::LazyLock<Vec<&'static str>> = std::sync::LazyLock::new(|| {
        let offered = |country: &Country| country.cultures().chain(country.document_languages());
        let mut cultures: Vec<_> = Country::all(Language::English).iter().flat_map(offered).collect();
        cultures.sort_unstable_by_key(|culture| (*culture != "en-US", *culture));
        cultures.dedup();
        cultures
    });
    &CULTURES
}

/// A customer's primary contact. Any part may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// First name.
    pub first_name: Option<Name>,
    /// Last name.
    pub last_name: Option<Name>,
    /// Email address.
    pub email: Option<Email>,
    /// Phone number.
    pub phone: Option<Phone>,
}

impl Contact {
    /// The contact as a person who can accept an agreement; none when a name or the email address is missing.
    pub fn person(&self) -> Option<Person> {
        Some(Person {
            first_name: self.first_name.clone()?,
            last_name: self.last_name.clone()?,
            email: self.email.clone()?,
            phone: self.phone.clone(),
        })
    }

    /// Whether this is the same person.
    pub fn is(&self, person: &Person) -> bool {
        self.person().is_some_and(|contact| contact.is_same_as(person))
    }
}

/// A contact as typed.
#[derive(Debug, Clone, Copy, Default)]
pub struct TypedContact<'a> {
    /// As typed.
    pub first_name: &'a str,
    /// As typed.
    pub last_name: &'a str,
    /// As typed.
    pub email: &'a str,
    /// As typed.
    pub phone_number: &'a str,
}

impl Contact {
    /// Reads a contact as typed, or says everything that is wrong with it. `country` resolves a national
    /// phone number.
    pub fn parse(typed: TypedContact<'_>, country: Option<Country>) -> Result<Self, Vec<Fault>> {
        let mut faults = Faults::default();
        let first_name = faults.take(Field::ContactFirstName, optional(Name::parse(typed.first_name)));
        let last_name = faults.take(Field::ContactLastName, optional(Name::parse(typed.last_name)));
        let names = [first_name.as_ref(), last_name.as_ref()].map(|name| name.and_then(Option::as_ref));
        Name::refuse_unspeakable(Field::ContactFirstName, names, &mut faults);
        let email = faults.take(Field::ContactEmail, optional(Email::parse(typed.email)));
        let phone = faults.take(Field::ContactPhoneNumber, Phone::parse(typed.phone_number, country));
        let whole = (|| Some(Self { first_name: first_name?, last_name: last_name?, email: email?, phone: phone? }))();
        faults.finish(whole)
    }
}

/// Leaves a field out that was left empty.
fn optional<T>(read: Result<T, Invalid>) -> Result<Option<T>, Invalid> {
    match read {
        Err(Invalid::Missing) => Ok(None),
        other => other.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_provided_may_stay_so() {
        let company = Company::parse(TypedCompany { name: "Contoso", ..TypedCompany::default() }).unwrap();
        assert_eq!(company.country, None);
        assert_eq!(company.city, None);
        assert_eq!(Contact::parse(TypedContact::default(), None).unwrap(), Contact::default());
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let long = "x".repeat(257);
        let faults = Company::parse(TypedCompany {
            name: &long,
            country: "XX",
            city: "a\u{202e}b",
            culture: "tlh-QO",
            ..TypedCompany::default()
        })
        .unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(fields, [Field::Country, Field::CompanyName, Field::City, Field::Culture]);
    }

    #[test]
    fn a_contact_with_a_wrong_email_says_so_at_the_email() {
        let typed = TypedContact { email: "anna@", ..TypedContact::default() };
        let faults = Contact::parse(typed, None).unwrap_err();
        assert_eq!(faults, [Fault { field: Field::ContactEmail, invalid: Invalid::NotAnEmail }]);
    }
}
