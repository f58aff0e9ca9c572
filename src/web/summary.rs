//! Summaries of what was filled in: labels with their lines.

use i18n_embed_fl::fl;

use super::enum_labels;
use crate::{
    domain::{
        customer::{Company, Contact},
        person::{Name, Phone},
    },
    i18n::{Language, Words},
};

/// A fact about a customer; without a value it is not provided.
pub struct SummaryRow {
    /// What it is.
    pub label: String,
    /// Its lines.
    pub lines: Vec<String>,
}

/// Address, registration number where there is one, and language.
pub fn company_facts(company: &Company, t: &Words, language: Language) -> Vec<SummaryRow> {
    let country = company.country;
    let place =
        [company.postal_code.as_deref(), company.city.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let state = company.state.as_deref().map(|state| {
        country
            .and_then(|country| country.rules().state(state))
            .map_or_else(|| state.to_owned(), |state| state.name.to_owned())
    });
    let address = [
        company.address_line1.clone(),
        company.address_line2.clone(),
        Some(place),
        state,
        country.map(|country| country.name(language).to_owned()),
    ];
    let culture = company.culture.as_deref().map(|culture| enum_labels::culture(culture, t, language));
    let registration = company.organization_registration_number.clone();
    let mut facts = vec![
        SummaryRow {
            label: fl!(t, "fact-address"),
            lines: address.into_iter().flatten().filter(|line| !line.is_empty()).collect(),
        },
        SummaryRow { label: fl!(t, "fact-language"), lines: culture.into_iter().collect() },
    ];
    if let Some(number) = registration {
        facts.insert(1, SummaryRow { label: fl!(t, "f-registration"), lines: vec![number] });
    }
    facts
}

/// Name, email address and phone number.
pub fn contact_facts(contact: &Contact, t: &Words) -> Vec<SummaryRow> {
    let name: Vec<&str> = [&contact.first_name, &contact.last_name].into_iter().flatten().map(Name::as_str).collect();
    vec![
        SummaryRow {
            label: fl!(t, "fact-name"),
            lines: Some(name.join(" ")).filter(|name| !name.is_empty()).into_iter().collect(),
        },
        SummaryRow { label: fl!(t, "f-email"), lines: contact.email.iter().map(ToString::to_string).collect() },
        SummaryRow {
            label: fl!(t, "fact-phone"),
            lines: contact.phone.iter().flat_map(|phone| phone_lines(phone, t)).collect(),
        },
    ]
}

/// A phone number, with a warning below one that a spreadsheet rounded.
pub fn phone_lines(phone: &Phone, t: &Words) -> impl Iterator<Item = String> {
    let warning = phone.is_rounded().then(|| fl!(t, "warn-phone-rounded"));
    std::iter::once(phone.to_string()).chain(warning)
}
