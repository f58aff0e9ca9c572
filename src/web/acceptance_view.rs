//! Recorded acceptances in words, and where the accepted text can be read.

use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{enum_labels, error::Error, summary::phone_lines};
use crate::{
    domain::{
        agreement::{Acceptance, Agreement},
        country::Country,
    },
    i18n::{self, Language, Words},
    store::{Read, agreements, customers::Customer},
};

/// A recorded acceptance in words.
pub struct AcceptanceView {
    /// The person, and how to reach them; none when the customer accepted directly.
    pub person: Option<(String, Vec<String>)>,
    /// The day of acceptance.
    pub date: Option<String>,
    /// The version.
    pub version: String,
    /// The text of the version: address and words.
    pub text: Option<(String, String)>,
    /// Who recorded it and when.
    pub recorded: String,
    /// by which channel.
    pub channel: String,
}

impl AcceptanceView {
    /// An agreement in words.
    pub fn new(agreement: &Agreement, version: String, zone: chrono_tz::Tz, t: &Words, language: Language) -> Self {
        let person = match &agreement.acceptance {
            Acceptance::By { person, .. } => {
                let phone = person.phone.iter().flat_map(|phone| phone_lines(phone, t));
                Some((person.full_name(), std::iter::once(person.email.to_string()).chain(phone).collect()))
            }
            Acceptance::Direct { .. } => None,
        };
        Self {
            person,
            date: agreement.acceptance.date().map(|day| i18n::date_long(day, language)),
            version,
            text: None,
            recorded: fl!(
                t,
                "recorded-by-at",
                name = enum_labels::who(agreement.recorded_by.kind, &agreement.recorded_by.name, t),
                time = i18n::time(agreement.recorded_at, zone, language)
            ),
            channel: fl!(t, "recorded-via", channel = enum_labels::channel(agreement.channel, t)),
        }
    }
}

/// Where a version's text can be read, in the customer's country and language: address and words.
pub async fn text_of(
    conn: &mut dyn Read,
    customer: &Customer,
    version_id: Uuid,
    t: &Words,
    language: Language,
) -> Result<Option<(String, String)>, Error> {
    text_in(conn, version_id, customer.country, customer.culture.as_deref(), t, language).await
}

/// The same for whoever is in a country and reads a language.
pub async fn text_in(
    conn: &mut dyn Read,
    version_id: Uuid,
    country: Option<Country>,
    culture: Option<&str>,
    t: &Words,
    language: Language,
) -> Result<Option<(String, String)>, Error> {
    let wanted = culture.unwrap_or(language.code());
    let culture = country.map_or("en-US", |country| country.document_language(wanted));
    let link = agreements::text_link(conn, version_id, country, culture).await?;
    Ok(link.map(|link| {
        let tongue = (link.language != "*").then(|| enum_labels::culture(&link.language, t, language));
        let place = Country::parse(&link.country).map(|country| country.name(language).to_owned());
        let which = [place, tongue].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let text = if which.is_empty() { fl!(t, "read-text") } else { fl!(t, "read-text-in", which = which) };
        (link.url, text)
    }))
}
