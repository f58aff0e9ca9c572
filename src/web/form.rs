//! Forms: what was typed, what is wrong with it, and both on their way back to the page.

use std::borrow::Cow;

use actix_web::{
    dev::Payload,
    web::{Bytes, BytesMut},
};
use chrono::NaiveDate;
use chrono_tz::Tz;
use futures_util::StreamExt as _;
use i18n_embed_fl::fl;
use sha2::{Digest as _, Sha256};

use super::{enum_labels, error::Error};
use crate::{
    domain::{
        date_input::{RelativeDay, relative_day},
        field::{Fault, Field},
        invalid::{DatePart, Invalid},
    },
    i18n::{self, Language, Words},
};

/// The most bytes of a form.
pub const LIMIT: usize = 256 * 1024;

/// The most bytes of a form that is kept while its user signs in again.
pub const KEPT_LIMIT: usize = 64 * 1024;

/// The fields that are days on which something happened.
const DAYS: [Field; 1] = [Field::DateAgreed];

/// The field of a form's one-time token.
const SUBMISSION: &str = "submission";

/// Marks a field of a draft that was not sent as text; no field has this name.
const UNREADABLE: &str = "unreadable";

/// What a form brought: names and values in order.
#[derive(Debug, Clone, Default)]
pub struct Form {
    pairs: Vec<(String, String)>,
    /// Names whose value was not UTF-8; the value has stand-ins.
    unreadable: Vec<String>,
    /// Days that were typed without a year; the value has the latest such day.
    assumed_years: Vec<Field>,
}

impl Form {
    /// A form made of names and values.
    pub fn of(pairs: Vec<(String, String)>) -> Self {
        Self { pairs, ..Self::default() }
    }

    /// What a draft kept of a form: see [`Form::entries`].
    pub fn of_entries(entries: &[(String, String)]) -> Self {
        let (marks, pairs): (Vec<_>, Vec<_>) = entries.iter().cloned().partition(|(name, _)| name == UNREADABLE);
        Self { pairs, unreadable: marks.into_iter().map(|(_, name)| name).collect(), ..Self::default() }
    }

    /// The values of these fields, in order, for a draft to keep; with the names of those that were not text, so that
    /// what is refused now is refused at every later step.
    pub fn entries(&self, fields: &[Field]) -> Vec<(String, String)> {
        let is_asked = |name: &str| fields.iter().any(|field| field.code() == name);
        let values = self.pairs.iter().filter(|(name, _)| is_asked(name)).cloned();
        let marks = self.unreadable.iter().filter(|name| is_asked(name));
        values.chain(marks.map(|name| (UNREADABLE.to_owned(), name.clone()))).collect()
    }

    /// Reads `application/x-www-form-urlencoded`.
    pub fn decode(body: &[u8]) -> Self {
        let mut form = Self::default();
        for part in body.split(|byte| *byte == b'&').filter(|part| !part.is_empty()) {
            let equals = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
            let (name, _) = text(&part[..equals]);
            let (value, readable) = text(part.get(equals + 1..).unwrap_or_default());
            if !readable {
                form.unreadable.push(name.clone());
            }
            form.pairs.push((name, value));
        }
        form
    }

    /// A field's value, empty when it was not sent.
    pub fn get(&self, field: Field) -> &str {
        self.get_raw(field.code())
    }

    /// The value with this name, empty when it was not sent.
    pub fn get_raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// Replaces the value of a field that was sent.
    pub fn set(&mut self, field: Field, text: &str) {
        if let Some((_, value)) = self.pairs.iter_mut().find(|(name, _)| name == field.code()) {
            text.clone_into(value);
        }
    }

    /// Turns words such as *yesterday* into the day that they mean on `entered_on`, written in a language. A day without
    /// a year gets one too, which has yet to be looked at: see [`add_assumed_years`](Self::add_assumed_years).
    pub fn fix_days(&mut self, entered_on: NaiveDate, language: Language) {
        for field in DAYS {
            match relative_day(self.get(field), entered_on) {
                Some(RelativeDay::Day(day)) => self.set(field, &i18n::date_short(day, language)),
                Some(RelativeDay::WithoutYear(day)) => {
                    self.set(field, &i18n::date_short(day, language));
                    self.assumed_years.push(field);
                }
                None => {}
            }
        }
    }

    /// Adds the faults of days that were typed without a year, so that the form comes back with the day it would be.
    pub fn add_assumed_years(&self, faults: &mut Vec<Fault>) {
        for &field in &self.assumed_years {
            faults.retain(|fault| fault.field != field);
            faults.push(Fault { field, invalid: Invalid::DatePart(DatePart::Year) });
        }
    }

    /// All names and values.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.pairs
    }

    /// Names and values, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The faults of fields that were not sent as text, to be told instead of what parsing their stand-ins says.
    pub fn with_unreadable(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        for field in self.unreadable.iter().filter_map(|name| Field::from_code(name)) {
            faults.retain(|fault| fault.field != field);
            faults.push(Fault { field, invalid: Invalid::Unprintable });
        }
        faults
    }

    /// Hashes what was typed, without the one-time token.
    pub(super) fn hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        for (name, value) in self.pairs.iter().filter(|(name, _)| name != SUBMISSION) {
            for part in [name, value] {
                hasher.update(u64::try_from(part.len()).expect("a length fits").to_be_bytes());
                hasher.update(part);
            }
        }
        hasher.finalize().into()
    }
}

/// Decoded text, and whether it was UTF-8.
fn text(encoded: &[u8]) -> (String, bool) {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
    match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), false),
    }
}

/// Reads a form's body, up to a limit.
pub async fn read_body(mut payload: Payload, limit: usize) -> Result<Form, Error> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk: Bytes = chunk.map_err(|_| Error::BadRequest)?;
        if body.len() + chunk.len() > limit {
            return Err(Error::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Form::decode(&body))
}

/// What is wrong with a form, in words, each at its field.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The field it is about; none for the form as a whole.
    pub field: Option<Field>,
    /// What to do about it, in the user's language.
    pub words: String,
}

impl Problems {
    /// Puts faults into words.
    pub fn of(faults: &[Fault], words: &Words, language: Language, zone: Option<chrono_tz::Tz>) -> Self {
        Self(
            faults
                .iter()
                .map(|fault| Problem {
                    field: Some(fault.field),
                    words: enum_labels::fault(fault, words, language, zone),
                })
                .collect(),
        )
    }

    /// Something wrong with one field.
    pub fn at(field: Field, words: String) -> Self {
        Self(vec![Problem { field: Some(field), words }])
    }

    /// Something wrong with the form as a whole.
    pub fn whole(words: String) -> Self {
        Self(vec![Problem { field: None, words }])
    }

    /// Adds what is wrong with another field.
    #[must_use]
    pub fn and_at(mut self, field: Field, words: String) -> Self {
        self.0.push(Problem { field: Some(field), words });
        self
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is wrong, for the summary.
    pub fn all(&self) -> &[Problem] {
        &self.0
    }

    /// What is wrong with one field.
    fn of_field(&self, field: Field) -> Option<String> {
        self.0.iter().find(|problem| problem.field == Some(field)).map(|problem| problem.words.clone())
    }
}

/// One of a list: value and words.
pub type Choice = (Cow<'static, str>, Cow<'static, str>);

/// What kind of box a field has.
#[derive(Debug, Clone)]
pub enum Input {
    /// Text.
    Text,
    /// A person's name.
    Name,
    /// Somebody else's email address.
    Email,
    /// A phone number.
    Phone,
    /// A day, with buttons for today and yesterday where scripts run.
    Date(Box<DateBox>),
    /// What stands before `.onmicrosoft.com`; `check` is the address that says whether it is free, where scripts run.
    DomainPrefix {
        /// Asked with the field's name and value.
        check: &'static str,
    },
    /// A postal code, of letters too in some countries.
    PostalCode,
    /// A whole number.
    Number,
    /// One of a list.
    Select(Vec<Choice>),
    /// The user's own sign-in name.
    Username,
    /// The user's own password; never given back.
    Password {
        /// What browsers call it.
        autocomplete: &'static str,
    },
    /// A box to tick.
    Tick,
}

/// What a box for a day needs besides.
#[derive(Debug, Clone)]
pub struct DateBox {
    /// The day on which the page is made, which *today* means unless scripts say on which day it was typed.
    pub entered_on: NaiveDate,
    /// The zone in which it is that day.
    pub zone: &'static str,
    /// The words of the button.
    pub today: String,
    /// The words of the button.
    pub yesterday: String,
}

impl Input {
    /// A box for a day, on the page of a day in a zone.
    pub fn date(today: NaiveDate, zone: Tz, t: &Words) -> Self {
        let (today_words, yesterday) = (fl!(t, "f-today"), fl!(t, "f-yesterday"));
        Self::Date(Box::new(DateBox { entered_on: today, zone: zone.name(), today: today_words, yesterday }))
    }
}

/// A field on its way to the page.
#[derive(Debug, Clone)]
pub struct FieldView {
    /// Its name on the wire, and its id.
    pub name: &'static str,
    /// What it asks for.
    pub label: String,
    /// What helps to fill it in.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What was typed.
    pub value: String,
    /// Its box.
    pub input: Input,
    /// What somebody else wrote there meanwhile.
    pub current_value: Option<String>,
    /// Whether the page begins in it.
    pub autofocus: bool,
}

impl FieldView {
    /// A field with what was typed into it and what is wrong with it.
    pub fn new(field: Field, label: String, input: Input, form: &Form, problems: &Problems) -> Self {
        let value = if matches!(input, Input::Password { .. }) { String::new() } else { form.get(field).to_owned() };
        Self {
            name: field.code(),
            label,
            hint: None,
            error: problems.of_field(field),
            value,
            input,
            current_value: None,
            autofocus: false,
        }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The ids of hint and error, for the box to point to.
    pub fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let current_value = self.current_value.as_ref().map(|_| format!("{}-theirs", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        [hint, current_value, error].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
