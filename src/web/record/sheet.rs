//! What the record says, section by section, for the page and for the PDF.

use chrono_tz::Tz;
use i18n_embed_fl::fl;

use super::data::Record;
use crate::{
    domain::agreement::{Acceptance, ConfirmationStatus},
    i18n::{self, Language, Words},
    store::verify::hex,
    web::{audit, enum_labels},
};

/// Words in the reader's language, and in English where those differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Both {
    pub(super) text: String,
    pub(super) english: Option<String>,
}

impl Both {
    fn of(text: String, english: String) -> Self {
        let english = Some(english).filter(|english| *english != text);
        Self { text, english }
    }
}

/// One thing that the record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) label: Both,
    pub(super) values: Vec<Both>,
    /// Whether the values are to be compared character by character.
    pub(super) is_code: bool,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) heading: Both,
    pub(super) lines: Vec<Line>,
}

/// A record in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Which partner account states it: its name; its type, cloud and environment.
    pub(super) partner: [Both; 2],
    pub(super) title: Both,
    pub(super) company: String,
    /// Whether it counts.
    pub(super) state: Both,
    pub(super) sections: Vec<Section>,
    /// When the sheet was made.
    pub(super) made: Both,
}

impl Sheet {
    /// The record in a language and in English.
    pub(super) fn of(record: &Record, language: Language) -> Self {
        let (said, english) = (Said::of(record, language), Said::of(record, Language::English));
        let sections = said.sections.into_iter().zip(english.sections).map(|(said, english)| Section {
            heading: Both::of(said.heading, english.heading),
            lines: said.lines.into_iter().zip(english.lines).map(|(said, english)| said.both(english)).collect(),
        });
        let [partner, place] = said.partner;
        let [partner_english, place_english] = english.partner;
        Self {
            partner: [Both::of(partner, partner_english), Both::of(place, place_english)],
            title: Both::of(said.title, english.title),
            company: record.customer.company_name.clone(),
            state: Both::of(said.state, english.state),
            sections: sections.collect(),
            made: Both::of(said.made, english.made),
        }
    }
}

/// A record in one language.
struct Said {
    partner: [String; 2],
    title: String,
    state: String,
    sections: Vec<SaidSection>,
    made: String,
}

struct SaidSection {
    heading: String,
    lines: Vec<SaidLine>,
}

struct SaidLine {
    label: String,
    values: Vec<String>,
    is_code: bool,
}

impl SaidLine {
    fn both(self, english: Self) -> Line {
        let values = self.values.into_iter().zip(english.values).map(|(text, english)| Both::of(text, english));
        Line { label: Both::of(self.label, english.label), values: values.collect(), is_code: self.is_code }
    }
}

fn line(label: String, values: impl IntoIterator<Item = String>) -> SaidLine {
    SaidLine { label, values: values.into_iter().collect(), is_code: false }
}

fn code(label: String, value: String) -> SaidLine {
    SaidLine { label, values: vec![value], is_code: true }
}

impl Said {
    fn of(record: &Record, language: Language) -> Self {
        let t = i18n::words(language);
        let account = &record.account;
        let sections = [
            (fl!(t, "record-h-customer"), customer(record, t)),
            (fl!(t, "record-h-acceptance"), acceptance(record, t, language)),
            (fl!(t, "record-h-recorded"), recorded(record, t, language)),
            (fl!(t, "record-h-proof"), proof(record, t, language)),
        ];
        Self {
            partner: [
                account.name.clone(),
                [
                    enum_labels::partner_type(account.partner_type, t),
                    enum_labels::cloud(account.cloud, t),
                    enum_labels::environment(account.environment, t),
                ]
                .join(" · "),
            ],
            title: fl!(t, "record-title"),
            state: match record.confirmation_status {
                _ if !record.proven.counts => fl!(t, "record-superseded"),
                ConfirmationStatus::ReconfirmationDue => fl!(t, "record-again"),
                _ => fl!(t, "record-counts"),
            },
            sections: sections.into_iter().map(|(heading, lines)| SaidSection { heading, lines }).collect(),
            made: fl!(t, "record-made", time = zoned(record.made_at, account.time_zone, language)),
        }
    }
}

fn customer(record: &Record, t: &Words) -> Vec<SaidLine> {
    vec![
        line(fl!(t, "f-company-name"), [record.customer.company_name.clone()]),
        line(fl!(t, "f-domain"), [record.customer.domain.clone()]),
        code(fl!(t, "microsoft-id"), record.customer.id.to_string()),
    ]
}

fn acceptance(record: &Record, t: &Words, language: Language) -> Vec<SaidLine> {
    let accepted = &record.proven.agreement.acceptance;
    let date = accepted.date().map_or_else(|| fl!(t, "not-known"), |day| i18n::date_long(day, language));
    let mut lines = match accepted {
        Acceptance::By { person, .. } => {
            let phone = person.phone.as_ref().map_or_else(|| fl!(t, "not-provided"), ToString::to_string);
            vec![
                line(fl!(t, "col-accepted-by"), [person.full_name()]),
                line(fl!(t, "f-email"), [person.email.to_string()]),
                line(fl!(t, "fact-phone"), [phone]),
            ]
        }
        Acceptance::Direct { on: None } => vec![line(fl!(t, "col-accepted-by"), [fl!(t, "accepted-directly-text")])],
        Acceptance::Direct { on: Some(_) } => {
            vec![line(fl!(t, "col-accepted-by"), [fl!(t, "accepted-directly-on-text")])]
        }
    };
    let version = &record.version;
    let published = i18n::date_long(version.published_on, language);
    let label = fl!(t, "record-version", label = version.label.clone(), day = published);
    lines.push(line(fl!(t, "f-date"), [date]));
    lines.push(line(fl!(t, "f-version"), [label].into_iter().chain(record.text.as_ref().map(|text| text.url.clone()))));
    lines.push(code(fl!(t, "record-template"), version.template_id.to_string()));
    lines
}

fn recorded(record: &Record, t: &Words, language: Language) -> Vec<SaidLine> {
    let agreement = &record.proven.agreement;
    let by = &agreement.recorded_by;
    vec![
        line(fl!(t, "recorded-by"), [enum_labels::who(by.kind, &by.name, t)]),
        line(fl!(t, "record-channel"), [enum_labels::channel(agreement.channel, t)]),
        line(fl!(t, "record-time-here"), [zoned(agreement.recorded_at, record.account.time_zone, language)]),
        line(fl!(t, "record-time-utc"), [i18n::time(agreement.recorded_at, Tz::UTC, language)]),
    ]
}

fn proof(record: &Record, t: &Words, language: Language) -> Vec<SaidLine> {
    let proven = &record.proven;
    let mut lines = vec![
        code(fl!(t, "record-id"), proven.agreement.id.to_string()),
        code(fl!(t, "record-hash"), grouped(&proven.digest.hash)),
    ];
    let fits = if proven.holds() { fl!(t, "record-fits") } else { fl!(t, "record-broken") };
    let Some(entry) = &proven.entry else {
        lines.push(line(fl!(t, "record-place"), [fits]));
        return lines;
    };
    let number = i18n::number(entry.seq, language);
    lines.push(code(fl!(t, "record-entry-hash"), grouped(&entry.hash)));
    lines.push(code(fl!(t, "record-prev-hash"), grouped(&entry.prev_hash)));
    let zone = record.account.time_zone;
    let verified = record.verification.as_ref().map(|found| audit::verification_words(found, t, zone, language));
    let place = fl!(t, "record-entry", number = number);
    lines.push(line(fl!(t, "record-place"), [format!("{place} {fits}")].into_iter().chain(verified)));
    lines
        .push(line(fl!(t, "record-verify"), [fl!(t, "record-verify-how", number = i18n::number(entry.seq, language))]));
    lines
}

/// A time with its zone, which is named as well.
fn zoned(at: chrono::DateTime<chrono::Utc>, zone: Tz, language: Language) -> String {
    format!("{} ({})", i18n::time(at, zone, language), zone.name())
}

/// A hash in groups of eight digits, as people compare them.
fn grouped(hash: &[u8]) -> String {
    hash.chunks(4).map(hex).collect::<Vec<_>>().join(" ")
}
