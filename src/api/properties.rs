//! The properties of a customer, as bodies have them: which field of the house each is, and what a program is told when
//! one is wrong.

use super::{
    fault::{ApiError, Code},
    json::Json,
};
use crate::domain::{
    field::{self, Field},
    invalid::Invalid,
};

/// Groups of properties: the path of the object that has them, ending in a dot, and their names there.
pub type Groups = &'static [(&'static str, &'static [(Field, &'static str)])];

/// The properties of an address.
pub const ADDRESS: Groups = &[("", PLACE)];

/// The properties of a billing profile.
pub const BILLING_PROFILE: Groups = &[("", PROFILE), ("defaultAddress.", PLACE), ("defaultAddress.", PERSON)];

/// The properties of a customer to be.
pub const CUSTOMER: Groups = &[
    (
        "",
        &[
            (Field::DomainPrefix, "companyProfile.domain"),
            (Field::OrganizationRegistrationNumber, "companyProfile.organizationRegistrationNumber"),
            (Field::AssociatedPartnerId, "associatedPartnerId"),
        ],
    ),
    ("billingProfile.", PROFILE),
    ("billingProfile.defaultAddress.", PLACE),
    ("billingProfile.defaultAddress.", PERSON),
];

const PROFILE: &[(Field, &str)] =
    &[(Field::CompanyName, "companyName"), (Field::Culture, "culture"), (Field::ContactEmail, "email")];

const PLACE: &[(Field, &str)] = &[
    (Field::Country, "country"),
    (Field::AddressLine1, "addressLine1"),
    (Field::AddressLine2, "addressLine2"),
    (Field::City, "city"),
    (Field::State, "state"),
    (Field::PostalCode, "postalCode"),
];

const PERSON: &[(Field, &str)] = &[
    (Field::ContactFirstName, "firstName"),
    (Field::ContactLastName, "lastName"),
    (Field::ContactPhoneNumber, "phoneNumber"),
];

/// The texts of a body's properties.
pub struct Properties<'j> {
    /// Each with its path; `None` where the body says nothing, a text of nothing where it says `null`.
    all: Vec<(Field, String, Option<&'j str>)>,
}

impl<'j> Properties<'j> {
    /// Reads a body that must be an object.
    pub fn read(json: &'j Json, groups: Groups) -> Result<Self, ApiError> {
        json.must_be_object("The body")?;
        let named = groups.iter().flat_map(|(of, names)| names.iter().map(move |(field, name)| (of, *field, name)));
        let all = named.map(|(of, field, name)| {
            let path = format!("{of}{name}");
            let text = text(json, &path)?;
            Ok((field, path, text))
        });
        Ok(Self { all: all.collect::<Result<_, ApiError>>()? })
    }

    /// A property's text, if the body has the property.
    pub fn given(&self, field: Field) -> Option<&'j str> {
        self.all.iter().find(|(known, ..)| *known == field)?.2
    }

    /// A property's text, empty where the body says nothing.
    pub fn text(&self, field: Field) -> &'j str {
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

/// The text at a path; every part of it before the last is an object or is not there.
fn text<'j>(json: &'j Json, path: &str) -> Result<Option<&'j str>, ApiError> {
    let mut here = json;
    let mut walked = String::new();
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        walked = if walked.is_empty() { part.to_owned() } else { format!("{walked}.{part}") };
        let Some(member) = here.member(part) else { return Ok(None) };
        match (member, parts.peek()) {
            (Json::Null, Some(_)) => return Ok(None),
            (Json::Null, None) => return Ok(Some("")),
            (member, None) => return member.as_text(path).map(Some),
            (Json::Object(_), Some(_)) => here = member,
            (_, Some(_)) => return Err(ApiError::property(format!("{walked} must be an object."))),
        }
    }
    Ok(None)
}

fn code(fault: &field::Fault) -> Code {
    match (fault.field, fault.invalid) {
        (Field::OrganizationRegistrationNumber, Invalid::Missing) => Code::RegistrationNumberMissing,
        (Field::OrganizationRegistrationNumber, Invalid::NotTaken) => Code::RegistrationNumberNotTaken,
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
        Invalid::NotAnEmail => "is no email address.".to_owned(),
        Invalid::PhoneDigits => "must have 5 to 20 digits.".to_owned(),
        Invalid::NotADomainPrefix => "must be 1 to 27 letters and digits before .onmicrosoft.com.".to_owned(),
        Invalid::UnknownCountry => "must be a country of the agreement: two letters of ISO 3166.".to_owned(),
        Invalid::UnknownState => {
            "is none of the country's states: GET /v1/countryvalidationrules/{country} lists them.".to_owned()
        }
        Invalid::UnknownLanguage => "must be a culture such as en-US.".to_owned(),
        Invalid::NotARegistrationNumber { sample } => format!("is not written as in the country, as {sample} is."),
        Invalid::NotTaken => "must be left out: the country demands none.".to_owned(),
        Invalid::UnknownReseller => "is none of the account's indirect resellers.".to_owned(),
        _ => "makes no sense.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn properties(json: &Json) -> Result<Properties<'_>, ApiError> {
        Properties::read(json, BILLING_PROFILE)
    }

    #[test]
    fn what_is_left_out_is_told_from_what_is_emptied() {
        let json = Json::read(br#"{"Email":null,"DefaultAddress":{"city":"Delft"}}"#).unwrap();
        let properties = properties(&json).unwrap();
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
            let json = Json::read(body.as_bytes()).unwrap();
            assert_eq!(properties(&json).err().unwrap().description, path);
        }
    }

    #[test]
    fn every_fault_is_told_and_the_first_gives_the_code() {
        let json = Json::read(b"{}").unwrap();
        let faults = [
            field::Fault { field: Field::ContactPhoneNumber, invalid: Invalid::Missing },
            field::Fault { field: Field::City, invalid: Invalid::Missing },
        ];
        let fault = properties(&json).unwrap().refused(&faults);
        assert_eq!(fault.code, Code::PhoneNumberMissing);
        assert_eq!(fault.description, "defaultAddress.phoneNumber is missing. defaultAddress.city is missing.");
    }
}
