//! Enums into words: the last moment before a page.

use chrono_tz::Tz;
use i18n_embed_fl::fl;

use crate::{
    domain::{
        actor::ActorKind,
        agreement::Door,
        field::{Fault, Field},
        invalid::{DatePart, Invalid},
        partner_account::{Cloud, Environment},
        role::Role,
    },
    i18n::{self, Language, Words},
};

/// A role.
pub fn role(role: Role, t: &Words) -> String {
    match role {
        Role::Manager => fl!(t, "role-manager"),
        Role::SalesAgent => fl!(t, "role-sales-agent"),
        Role::AdminAgent => fl!(t, "role-admin-agent"),
    }
}

/// A cloud.
pub fn cloud(cloud: Cloud, t: &Words) -> String {
    match cloud {
        Cloud::Public => fl!(t, "cloud-public"),
        Cloud::Vianet => fl!(t, "cloud-21vianet"),
        Cloud::Germany => fl!(t, "cloud-germany"),
        Cloud::UsGovernment => fl!(t, "cloud-us-government"),
    }
}

/// An environment.
pub fn environment(environment: Environment, t: &Words) -> String {
    match environment {
        Environment::Production => fl!(t, "environment-production"),
        Environment::Sandbox => fl!(t, "environment-sandbox"),
    }
}

/// A door, as "through …".
pub fn door(door: Door, t: &Words) -> String {
    match door {
        Door::NewCustomer => fl!(t, "door-new-customer"),
        Door::AccountInfo => fl!(t, "door-account-info"),
        Door::OrderPrompt => fl!(t, "door-order-prompt"),
        Door::Import => fl!(t, "door-import"),
        Door::Api => fl!(t, "door-api"),
    }
}

/// Who did something.
pub fn who(kind: ActorKind, name: &str, t: &Words) -> String {
    match kind {
        ActorKind::User => name.to_owned(),
        ActorKind::CommandLine => fl!(t, "who-command-line"),
        ActorKind::Anonymous => fl!(t, "who-anonymous"),
    }
}

/// Who did something, by the code of the kind.
pub fn who_code(kind: &str, name: &str, t: &Words) -> String {
    ActorKind::from_code(kind).map_or_else(|| name.to_owned(), |kind| who(kind, name, t))
}

/// One of several: "A, B or C".
pub fn either(items: &[String], t: &Words) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => fl!(t, "list-or", first = rest.join(", "), last = last.clone()),
    }
}

/// The label of a field.
pub fn label(field: Field, t: &Words) -> String {
    match field {
        Field::FirstName | Field::ContactFirstName => fl!(t, "f-first-name"),
        Field::LastName | Field::ContactLastName => fl!(t, "f-last-name"),
        Field::Email | Field::ContactEmail => fl!(t, "f-email"),
        Field::PhoneNumber | Field::ContactPhoneNumber => fl!(t, "f-phone"),
        Field::DateAgreed => fl!(t, "f-date"),
        Field::AgreementVersion => fl!(t, "f-version"),
        Field::OlderThanVersion => fl!(t, "f-older"),
        Field::CompanyName => fl!(t, "f-company-name"),
        Field::Country => fl!(t, "f-country"),
        Field::DomainPrefix => fl!(t, "f-domain"),
        Field::AddressLine1 => fl!(t, "f-address-1"),
        Field::AddressLine2 => fl!(t, "f-address-2"),
        Field::City => fl!(t, "f-city"),
        Field::State => fl!(t, "f-state"),
        Field::PostalCode => fl!(t, "f-postal-code"),
        Field::Culture => fl!(t, "f-culture"),
        Field::Password => fl!(t, "f-password"),
        Field::Name => fl!(t, "f-your-name"),
        Field::PartnerAccountName => fl!(t, "f-account-name"),
        Field::PartnerType => fl!(t, "f-partner-type"),
        Field::TimeZone => fl!(t, "f-time-zone"),
        Field::Submission | Field::Etag => String::new(),
    }
}

/// The label of a field that may stay empty.
pub fn optional_label(field: Field, t: &Words) -> String {
    fl!(t, "f-optional", label = label(field, t))
}

/// What is wrong with a field, and what to do about it.
pub fn fault(fault: &Fault, t: &Words, language: Language, zone: Option<Tz>) -> String {
    match (fault.field, fault.invalid) {
        (Field::FirstName, Invalid::Missing) => fl!(t, "e-first"),
        (Field::LastName, Invalid::Missing) => fl!(t, "e-last"),
        (Field::Email, Invalid::Missing) => fl!(t, "e-email-missing"),
        (Field::DateAgreed, Invalid::Missing) => fl!(t, "e-date-missing"),
        (field, Invalid::Missing) => fl!(t, "e-missing", field = label(field, t)),
        (field, Invalid::TooLong { max }) => fl!(t, "e-too-long", field = label(field, t), max = max),
        (field, Invalid::Unprintable) => fl!(t, "e-unprintable", field = label(field, t)),
        (_, Invalid::NotAnEmail) => fl!(t, "e-email-form"),
        (_, Invalid::PhoneDigits) => fl!(t, "e-phone"),
        (_, Invalid::DatePart(part)) => fl!(t, "e-date-part", part = date_part(part, t)),
        (_, Invalid::DateNotReal) => fl!(t, "e-date-real"),
        (_, Invalid::DateTooEarly) => fl!(t, "e-date-early"),
        (_, Invalid::DateInFuture { today }) => {
            let today = i18n::date_long(today, language);
            let zone = zone.map(Tz::name).unwrap_or_default();
            fl!(t, "e-date-future", today = today, zone = zone)
        }
        (_, Invalid::UnknownCountry) => fl!(t, "e-country"),
        (_, Invalid::UnknownLanguage) => fl!(t, "e-culture"),
        (field, Invalid::UnknownState | Invalid::NotAGuid | Invalid::NotADomain) => {
            fl!(t, "e-unknown", field = label(field, t))
        }
    }
}

fn date_part(part: DatePart, t: &Words) -> String {
    match part {
        DatePart::Day => fl!(t, "part-day"),
        DatePart::Month => fl!(t, "part-month"),
        DatePart::Year => fl!(t, "part-year"),
    }
}

/// The name of a culture such as `nl-NL`: "Dutch (Netherlands)".
pub fn culture(culture: &str, t: &Words, language: Language) -> String {
    let (tongue, country) = culture.split_once('-').unwrap_or((culture, ""));
    let tongue = tongue_name(tongue, t).unwrap_or_else(|| tongue.to_owned());
    match crate::domain::country::Country::parse(country) {
        Some(country) => format!("{tongue} ({})", country.name(language)),
        None => tongue,
    }
}

fn tongue_name(code: &str, t: &Words) -> Option<String> {
    Some(match code {
        "ar" => fl!(t, "lang-ar"),
        "bg" => fl!(t, "lang-bg"),
        "cs" => fl!(t, "lang-cs"),
        "da" => fl!(t, "lang-da"),
        "de" => fl!(t, "lang-de"),
        "el" => fl!(t, "lang-el"),
        "en" => fl!(t, "lang-en"),
        "es" => fl!(t, "lang-es"),
        "et" => fl!(t, "lang-et"),
        "fi" => fl!(t, "lang-fi"),
        "fr" => fl!(t, "lang-fr"),
        "he" => fl!(t, "lang-he"),
        "hi" => fl!(t, "lang-hi"),
        "hr" => fl!(t, "lang-hr"),
        "hu" => fl!(t, "lang-hu"),
        "id" => fl!(t, "lang-id"),
        "it" => fl!(t, "lang-it"),
        "ja" => fl!(t, "lang-ja"),
        "kk" => fl!(t, "lang-kk"),
        "ko" => fl!(t, "lang-ko"),
        "lt" => fl!(t, "lang-lt"),
        "lv" => fl!(t, "lang-lv"),
        "ms" => fl!(t, "lang-ms"),
        "nb" | "no" => fl!(t, "lang-nb"),
        "nl" => fl!(t, "lang-nl"),
        "pl" => fl!(t, "lang-pl"),
        "pt" => fl!(t, "lang-pt"),
        "ro" => fl!(t, "lang-ro"),
        "ru" => fl!(t, "lang-ru"),
        "sk" => fl!(t, "lang-sk"),
        "sl" => fl!(t, "lang-sl"),
        "sr" => fl!(t, "lang-sr"),
        "sv" => fl!(t, "lang-sv"),
        "th" => fl!(t, "lang-th"),
        "tr" => fl!(t, "lang-tr"),
        "uk" => fl!(t, "lang-uk"),
        "vi" => fl!(t, "lang-vi"),
        "zh" => fl!(t, "lang-zh"),
        _ => return None,
    })
}
