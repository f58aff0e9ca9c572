//! The properties of a customer, as bodies have them: which field of the domain each is, and how a client is told that
//! one is wrong.

use super::{
    bodies::{Address, BillingProfileChange, NewBillingProfile, NewCompanyProfile, NewCustomer},
    fault::{ApiError, Code},
    reader::Property,
};
use crate::domain::{
    field::{self, Field},
    invalid::Invalid,
    registration_number::REGEX,
};

/// Members of a struct: the field of the domain that each is, and its name in the body.
type Members<T> = &'static [(Field, &'static str, fn(&T) -> &Property)];

const COMPANY: Members<NewCompanyProfile> = &[
    (Field::DomainPrefix, "domain", |company| &company.domain),
    (Field::OrganizationRegistrationNumber, "organizationRegistrationNumber", |company| {
        &company.organization_registration_number
    }),
];

const CUSTOMER: Members<NewCustomer> =
    &[(Field::AssociatedPartnerId, "associatedPartnerId", |customer| &customer.associated_partner_id)];

const NEW_PROFILE: Members<NewBillingProfile> = &[
    (Field::CompanyName, "companyName", |profile| &profile.company_name),
    (Field::Culture, "culture", |profile| &profile.culture),
    (Field::ContactEmail, "email", |profile| &profile.email),
];

const PROFILE: Members<BillingProfileChange> = &[
    (Field::CompanyName, "companyName", |profile| &profile.company_name),
    (Field::Culture, "culture", |profile| &profile.culture),
    (Field::ContactEmail, "email", |profile| &profile.email),
];

const PLACE: Members<Address> = &[
    (Field::Country, "country", |address| &address.country),
    (Field::AddressLine1, "addressLine1", |address| &address.address_line1),
    (Field::AddressLine2, "addressLine2", |address| &address.address_line2),
    (Field::City, "city", |address| &address.city),
    (Field::State, "state", |address| &address.state),
    (Field::PostalCode, "postalCode", |address| &address.postal_code),
];

const PERSON: Members<Address> = &[
    (Field::ContactFirstName, "firstName", |address| &address.first_name),
    (Field::ContactLastName, "lastName", |address| &address.last_name),
    (Field::ContactPhoneNumber, "phoneNumber", |address| &address.phone_number),
];

/// The texts of a body's properties.
pub struct Properties<'b> {
    /// Each with its path; `None` where the body leaves it out.
    all: Vec<(Field, String, Option<&'b str>)>,
}

impl<'b> Properties<'b> {
    /// The properties of an address.
    pub fn of_address(address: &'b Address) -> Self {
        Self { all: Vec::new() }.with("", Some(address), PLACE)
    }

    /// The properties of a billing profile.
    pub fn of_billing_profile(profile: &'b BillingProfileChange) -> Self {
        let address = profile.default_address.as_ref();
        Self { all: Vec::new() }.with("", Some(profile), PROFILE).with("defaultAddress.", address, PLACE).with(
            "defaultAddress.",
            address,
            PERSON,
        )
    }

    /// The properties of a customer to create.
    pub fn of_customer(customer: &'b NewCustomer) -> Self {
        let profile = customer.billing_profile.as_ref();
        let address = profile.and_then(|profile| profile.default_address.as_ref());
        Self { all: Vec::new() }
            .with("companyProfile.", customer.company_profile.as_ref(), COMPANY)
            .with("", Some(customer), CUSTOMER)
            .with("billingProfile.", profile, NEW_PROFILE)
            .with("billingProfile.defaultAddress.", address, PLACE)
            .with("billingProfile.defaultAddress.", address, PERSON)
    }

    fn with<T>(mut self, path: &str, object: Option<&'b T>, members: Members<T>) -> Self {
        self.all.extend(members.iter().map(|(field, name, member)| {
            let text = object.and_then(|object| member(object).given());
            (*field, format!("{path}{name}"), text)
        }));
        self
    }

    /// A property's text, if the body has the property.
    pub fn given(&self, field: Field) -> Option<&'b str> {
        self.all.iter().find(|(known, ..)| *known == field)?.2
    }

    /// A property's text, empty where the body says nothing.
    pub fn text(&self, field: Field) -> &'b str {
        self.given(field).unwrap_or_default()
    }

    /// The answer to properties that are wrong: it names each of them, with the code of the first.
    pub fn refused(&self, faults: &[field::Fault]) -> ApiError {
        let sentences: Vec<String> = faults
            .iter()
            .map(|fault| {
                let known = self.all.iter().find(|(field, ..)| *field == fault.field);
                format!("{} {}", known.map_or(fault.field.code(), |(_, path, _)| path), words(fault.invalid))
            })
            .collect();
        ApiError::new(faults.first().map_or(Code::InvalidProperty, code), sentences.join(" "))
    }
}

fn code(fault: &field::Fault) -> Code {
    match (fault.field, fault.invalid) {
        (Field::OrganizationRegistrationNumber, Invalid::Missing) => Code::RegistrationNumberMissing,
        (Field::OrganizationRegistrationNumber, _) => Code::RegistrationNumberInvalid,
        (Field::ContactPhoneNumber, Invalid::Missing) => Code::PhoneNumberMissing,
        _ => Code::InvalidProperty,
    }
}

/// What is wrong with a property, behind its name.
pub fn words(invalid: Invalid) -> String {
    match invalid {
        Invalid::Missing => "is missing.".to_owned(),
        Invalid::TooLong { max } => format!("has more than {max} characters."),
        Invalid::Unprintable => "has characters that cannot be shown.".to_owned(),
        Invalid::CharacterLost => "holds U+FFFD: a character was lost on the way. Send the text again.".to_owned(),
        Invalid::NameWithoutLetter => "and the last name hold no letter or digit.".to_owned(),
        Invalid::NotAnEmail => "is no email address.".to_owned(),
        Invalid::NotAnMpnId => "must be 1 to 20 digits.".to_owned(),
        Invalid::PhoneDigits => "must have 5 to 20 digits.".to_owned(),
        Invalid::NotADomainPrefix => "must be 1 to 27 letters and digits before .onmicrosoft.com.".to_owned(),
        Invalid::UnknownCountry => "must be a country of the agreement: two letters of ISO 3166.".to_owned(),
        Invalid::UnknownState => {
            "is none of the country's states: GET /v1/countryvalidationrules/{country} lists them.".to_owned()
        }
        Invalid::UnknownLanguage => "must be a culture such as en-US.".to_owned(),
        Invalid::NotARegistrationNumber { sample } => {
            let example = sample.map(|sample| format!(", as {sample} is")).unwrap_or_default();
            format!("is not written as in the country{example}: it must match {REGEX}.")
        }
        Invalid::UnknownReseller => "is none of the account's indirect resellers.".to_owned(),
        _ => "makes no sense.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{json::Json, reader},
        *,
    };

    fn profile(body: &str) -> Result<BillingProfileChange, ApiError> {
        reader::read(&Json::read(body.as_bytes()).unwrap())
    }

    #[test]
    fn what_is_left_out_is_told_from_what_is_emptied() {
        let profile = profile(r#"{"Email":null,"DefaultAddress":{"city":"Delft"}}"#).unwrap();
        let properties = Properties::of_billing_profile(&profile);
        assert_eq!(properties.given(Field::ContactEmail), Some(""));
        assert_eq!(properties.given(Field::City), Some("Delft"));
        assert_eq!((properties.given(Field::State), properties.text(Field::State)), (None, ""));
    }

    #[test]
    fn a_property_of_another_kind_is_named() {
        for (body, path) in [
            (r#"{"email":7}"#, "email must be a string."),
            (r#"{"defaultAddress":"x"}"#, "defaultAddress must be an object."),
            (r#"{"defaultAddress":{"city":[]}}"#, "defaultAddress.city must be a string."),
            ("[]", "The body must be an object."),
        ] {
            assert_eq!(profile(body).unwrap_err().description, path);
        }
    }

    #[test]
    fn every_fault_is_told_and_the_first_gives_the_code() {
        let faults = [
            field::Fault { field: Field::ContactPhoneNumber, invalid: Invalid::Missing },
            field::Fault { field: Field::City, invalid: Invalid::Missing },
        ];
        let fault = Properties::of_billing_profile(&profile("{}").unwrap()).refused(&faults);
        assert_eq!(fault.code, Code::PhoneNumberMissing);
        assert_eq!(fault.description, "defaultAddress.phoneNumber is missing. defaultAddress.city is missing.");
    }
}
