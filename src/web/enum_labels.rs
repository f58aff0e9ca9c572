//! Enums into words: the last moment before a page.

use chrono::{Datelike as _, Weekday};
use chrono_tz::Tz;
use i18n_embed_fl::fl;

pub use super::culture_names::culture;
use crate::{
    domain::{
        actor::ActorKind,
        agreement::{Channel, StatusFilter},
        customer::Qualification,
        field::{Fault, Field},
        invalid::{DatePart, Invalid},
        order::{self, Billing, BillingCycle, Category, Segment, TermDuration},
        partner_account::{Cloud, Environment, PartnerType},
        role::{Permission, Role},
        selection::NotConfirmed,
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

/// What a customer qualifies for.
pub fn qualification(qualification: Option<Qualification>, t: &Words) -> String {
    match qualification {
        None => fl!(t, "qualification-none"),
        Some(Qualification::Education) => fl!(t, "qualification-education"),
        Some(Qualification::Nonprofit) => fl!(t, "qualification-nonprofit"),
        Some(Qualification::GovernmentCommunityCloud) => fl!(t, "qualification-government"),
        Some(Qualification::StateOwnedEntity) => fl!(t, "qualification-state-owned"),
    }
}

/// What a permission lets one do.
pub fn permission(permission: Permission, t: &Words) -> String {
    match permission {
        Permission::ViewCustomers => fl!(t, "may-view-customers"),
        Permission::EditCustomers => fl!(t, "may-edit-customers"),
        Permission::ConfirmAcceptance => fl!(t, "may-confirm"),
        Permission::PlaceOrders => fl!(t, "may-order"),
        Permission::Import => fl!(t, "may-import"),
        Permission::Administer => fl!(t, "may-administer"),
    }
}

/// A partner type.
pub fn partner_type(partner_type: PartnerType, t: &Words) -> String {
    match partner_type {
        PartnerType::DirectBillPartner => fl!(t, "type-direct-bill"),
        PartnerType::IndirectProvider => fl!(t, "type-indirect-provider"),
        PartnerType::IndirectReseller => fl!(t, "type-indirect-reseller"),
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

/// Why a customer of a selection is not confirmed.
pub fn not_confirmed(reason: NotConfirmed, t: &Words) -> String {
    match reason {
        NotConfirmed::NoContact => fl!(t, "selection-no-contact"),
        NotConfirmed::ContactChanged => fl!(t, "selection-contact-changed"),
        NotConfirmed::AlreadyRecorded => fl!(t, "selection-already-recorded"),
        NotConfirmed::DateRefused => fl!(t, "selection-date-refused"),
        NotConfirmed::VersionChanged => fl!(t, "selection-version-changed"),
        NotConfirmed::NotFound => fl!(t, "selection-not-found"),
    }
}

/// A status to filter customers by.
pub fn status_filter(status: StatusFilter, t: &Words) -> String {
    match status {
        StatusFilter::NotConfirmed => fl!(t, "st-not-confirmed"),
        StatusFilter::Confirmed => fl!(t, "st-confirmed"),
        StatusFilter::ReconfirmationDue => fl!(t, "st-reconfirmation-due"),
        StatusFilter::NotApplicable => fl!(t, "st-not-applicable"),
        StatusFilter::Blocked => fl!(t, "st-blocked"),
    }
}

/// A channel, as "through …".
pub fn channel(channel: Channel, t: &Words) -> String {
    match channel {
        Channel::NewCustomer => fl!(t, "channel-new-customer"),
        Channel::AccountInfo => fl!(t, "channel-account-info"),
        Channel::OrderPrompt => fl!(t, "channel-order-prompt"),
        Channel::Selection => fl!(t, "channel-selection"),
        Channel::Import => fl!(t, "channel-import"),
        Channel::Api => fl!(t, "channel-api"),
    }
}

/// Who did something.
pub fn who(kind: ActorKind, name: &str, t: &Words) -> String {
    match kind {
        ActorKind::User | ActorKind::ApiClient => name.to_owned(),
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
        Field::Attest => fl!(t, "f-attest"),
        Field::CompanyName => fl!(t, "f-company-name"),
        Field::Country => fl!(t, "f-country"),
        Field::DomainPrefix => fl!(t, "f-domain"),
        Field::AddressLine1 => fl!(t, "f-address-1"),
        Field::AddressLine2 => fl!(t, "f-address-2"),
        Field::City => fl!(t, "f-city"),
        Field::State => fl!(t, "f-state"),
        Field::PostalCode => fl!(t, "f-postal-code"),
        Field::OrganizationRegistrationNumber => fl!(t, "f-registration"),
        Field::Culture => fl!(t, "f-culture"),
        Field::AssociatedPartnerId => fl!(t, "f-reseller"),
        Field::Accepted => fl!(t, "f-accepted"),
        Field::Acceptor => fl!(t, "f-who"),
        Field::OfferId => fl!(t, "f-offer"),
        Field::Quantity => fl!(t, "f-quantity"),
        Field::BillingCycle => fl!(t, "f-billing-cycle"),
        Field::TermDuration => fl!(t, "f-term-duration"),
        Field::Reason => fl!(t, "f-reason"),
        Field::DecreaseConfirmed => fl!(t, "act-change-number"),
        Field::Password => fl!(t, "f-password"),
        Field::Name => fl!(t, "f-your-name"),
        Field::PartnerAccountName => fl!(t, "f-account-name"),
        Field::PartnerType => fl!(t, "f-partner-type"),
        Field::TimeZone => fl!(t, "f-time-zone"),
        Field::ClientName => fl!(t, "f-client-name"),
        Field::Role => fl!(t, "f-role"),
        Field::IdempotencyKey | Field::Etag => String::new(),
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
        (Field::ClientName, Invalid::Missing) => fl!(t, "e-client-name"),
        (Field::Role, Invalid::Missing) => fl!(t, "e-role"),
        (Field::LastName, Invalid::Missing) => fl!(t, "e-last"),
        (Field::Email, Invalid::Missing) => fl!(t, "e-email-missing"),
        (Field::DateAgreed, Invalid::Missing) => fl!(t, "e-date-missing"),
        (Field::ContactFirstName, Invalid::Missing) => fl!(t, "e-contact-first"),
        (Field::ContactLastName, Invalid::Missing) => fl!(t, "e-contact-last"),
        (Field::ContactEmail, Invalid::Missing) => fl!(t, "e-contact-email"),
        (Field::ContactPhoneNumber, Invalid::Missing) => fl!(t, "e-contact-phone"),
        (Field::CompanyName, Invalid::Missing) => fl!(t, "e-company-name"),
        (Field::DomainPrefix, Invalid::Missing) => fl!(t, "e-domain-missing"),
        (Field::AddressLine1, Invalid::Missing) => fl!(t, "e-address"),
        (Field::PostalCode, Invalid::Missing) => fl!(t, "e-postal-code"),
        (Field::City, Invalid::Missing) => fl!(t, "e-city"),
        (Field::State, Invalid::Missing | Invalid::UnknownState) => fl!(t, "e-state"),
        (Field::OrganizationRegistrationNumber, Invalid::Missing) => fl!(t, "e-registration-missing"),
        (Field::Country, Invalid::Missing) | (_, Invalid::UnknownCountry) => fl!(t, "e-country"),
        (field, Invalid::Missing) => fl!(t, "e-missing", field = label(field, t)),
        (field, Invalid::TooLong { max }) => fl!(t, "e-too-long", field = label(field, t), max = max),
        (field, Invalid::Unprintable) => fl!(t, "e-unprintable", field = label(field, t)),
        (field, Invalid::CharacterLost) => fl!(t, "e-character-lost", field = label(field, t)),
        (_, Invalid::NameWithoutLetter) => fl!(t, "e-name-letter"),
        (_, Invalid::NotAnEmail) => fl!(t, "e-email-form"),
        (_, Invalid::PhoneDigits) => fl!(t, "e-phone"),
        (_, Invalid::PhoneRounded) => fl!(t, "warn-phone-rounded"),
        (_, Invalid::DatePart(part)) => fl!(t, "e-date-part", part = date_part(part, t)),
        (_, Invalid::DateNotReal) => fl!(t, "e-date-real"),
        (_, Invalid::MonthFirst { date }) => fl!(t, "e-date-month-first", date = i18n::date_long(date, language)),
        (_, Invalid::WrongWeekday { date }) => {
            let weekday = weekday(date.weekday(), t);
            fl!(t, "e-date-weekday", date = i18n::date_long(date, language), weekday = weekday)
        }
        (_, Invalid::DateTooEarly) => fl!(t, "e-date-early"),
        (_, Invalid::DateInFuture { today }) => {
            let today = i18n::date_long(today, language);
            let zone = zone.map(Tz::name).unwrap_or_default();
            fl!(t, "e-date-future", today = today, zone = zone)
        }
        (_, Invalid::UnknownLanguage) => fl!(t, "e-culture"),
        (_, Invalid::NotADomainPrefix) => fl!(t, "e-domain-form"),
        (_, Invalid::DomainTaken) => fl!(t, "e-domain-taken"),
        (_, Invalid::LanguageNotOffered) => fl!(t, "e-culture-country"),
        (_, Invalid::NotARegistrationNumber { sample: Some(sample) }) => {
            fl!(t, "e-registration-form", sample = sample)
        }
        (_, Invalid::NotARegistrationNumber { sample: None }) => fl!(t, "e-registration-length"),
        (_, Invalid::UnknownReseller) => fl!(t, "e-reseller"),
        (_, Invalid::SameQuantity) => fl!(t, "e-quantity-same"),
        (_, Invalid::PrerequisiteMissing) => fl!(t, "e-prerequisite"),
        (_, Invalid::NotAQuantity) => fl!(t, "e-quantity"),
        (_, Invalid::QuantityLimits { min, max }) => {
            let number = |number| i18n::number(number, language);
            fl!(t, "e-quantity-limits", min = number(min), max = number(max))
        }
        (
            field,
            Invalid::UnknownState
            | Invalid::NotAGuid
            | Invalid::SpreadsheetError
            | Invalid::NotADomain
            | Invalid::NotAnMpnId
            | Invalid::NotYesOrNo
            | Invalid::NotAnOfferId
            | Invalid::NotOneOf { .. },
        ) => {
            fl!(t, "e-unknown", field = label(field, t))
        }
    }
}

/// What is wrong with a number of licences.
pub fn quantity(invalid: Invalid, t: &Words, language: Language) -> String {
    fault(&Fault { field: Field::Quantity, invalid }, t, language, None)
}

/// A line of an order: what, and how many licences.
pub fn ordered(offer: &str, billing: Billing, quantity: i64, t: &Words, language: Language) -> String {
    match billing {
        Billing::License => {
            let number = i18n::number(quantity, language);
            fl!(t, "ordered-licenses", offer = offer, count = quantity, number = number)
        }
        Billing::Usage => fl!(t, "ordered-usage", offer = offer),
    }
}

/// Why an order is refused.
pub fn order_refusal(refusal: &order::Refusal, t: &Words) -> String {
    match refusal {
        order::Refusal::GateClosed(_) => fl!(t, "warn-lines-closed"),
        order::Refusal::Nothing
        | order::Refusal::NotSold { .. }
        | order::Refusal::Prerequisite { .. }
        | order::Refusal::Quantity { .. } => fl!(t, "e-order-changed"),
    }
}

/// A group of offers.
pub fn category(category: Category, t: &Words) -> String {
    match category {
        Category::Email => fl!(t, "category-email"),
        Category::Microsoft365 => fl!(t, "category-microsoft-365"),
        Category::Security => fl!(t, "category-security"),
        Category::BusinessApps => fl!(t, "category-business-apps"),
        Category::Azure => fl!(t, "category-azure"),
    }
}

/// To whom offers are sold.
pub fn segment(segment: Segment, t: &Words) -> String {
    match segment {
        Segment::Commercial => fl!(t, "segment-commercial"),
        Segment::Education => fl!(t, "segment-education"),
        Segment::Nonprofit => fl!(t, "segment-nonprofit"),
        Segment::Government => fl!(t, "segment-government"),
    }
}

/// How often an order is charged.
pub fn billing_cycle(cycle: BillingCycle, t: &Words) -> String {
    match cycle {
        BillingCycle::Monthly => fl!(t, "cycle-monthly"),
        BillingCycle::Annual => fl!(t, "cycle-annual"),
    }
}

/// How long an order binds.
pub fn term_duration(term: TermDuration, t: &Words) -> String {
    match term {
        TermDuration::Month => fl!(t, "term-month"),
        TermDuration::Year => fl!(t, "term-year"),
        TermDuration::ThreeYears => fl!(t, "term-three-years"),
    }
}

/// A day of the week.
pub fn weekday(day: Weekday, t: &Words) -> String {
    match day {
        Weekday::Mon => fl!(t, "weekday-mon"),
        Weekday::Tue => fl!(t, "weekday-tue"),
        Weekday::Wed => fl!(t, "weekday-wed"),
        Weekday::Thu => fl!(t, "weekday-thu"),
        Weekday::Fri => fl!(t, "weekday-fri"),
        Weekday::Sat => fl!(t, "weekday-sat"),
        Weekday::Sun => fl!(t, "weekday-sun"),
    }
}

fn date_part(part: DatePart, t: &Words) -> String {
    match part {
        DatePart::Day => fl!(t, "part-day"),
        DatePart::Month => fl!(t, "part-month"),
        DatePart::Year => fl!(t, "part-year"),
    }
}
