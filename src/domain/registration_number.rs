//! The number under which a company is registered in its country.
//!
//! `registration_numbers.csv` names the countries in which Microsoft demands one, and since when (*Registration ID
//! number information* and *Create a customer* of the Partner Center documentation). `advised` marks a country of
//! which Microsoft's pages contradict each other. Everywhere else the number may be left out. How a number is
//! written comes from the countries' own documents: an example for people, never a reason to refuse.

use std::{collections::HashMap, ops::RangeInclusive, sync::LazyLock};

use super::{
    country::Country,
    country_rules::{Formats, Requirement},
    invalid::Invalid,
    text,
};

/// How many characters Microsoft takes where it demands a number.
pub const LENGTH: RangeInclusive<usize> = 5..=22;

/// The same as a regular expression, for programs.
pub const REGEX: &str = "^.{5,22}$";

/// What a country asks of a company's registration number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistrationNumber {
    /// Whether it has to be filled in.
    pub requirement: Requirement,
    /// Whether Microsoft may ask for it although it can be left out.
    pub advised: bool,
    /// What the country calls it, such as *CNPJ*.
    pub name: Option<&'static str>,
    /// One as the country writes it.
    pub sample: Option<&'static str>,
    formats: Option<Formats>,
}

impl RegistrationNumber {
    /// Reads one line of the table behind the country's code.
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(',').skip(1);
        let mut cell = || cells.next();
        let (requirement, advised) = match cell()? {
            "required" => (Requirement::Required, false),
            "advised" => (Requirement::Optional, true),
            _ => return None,
        };
        let filled = |cell: &'static str| Some(cell).filter(|cell| !cell.is_empty());
        let (name, formats, sample) = (filled(cell()?), filled(cell()?), filled(cell()?));
        let formats = formats.map(|patterns| Formats::new(patterns, sample.unwrap_or_default()));
        Some(Self { requirement, advised, name, sample, formats })
    }

    /// Whether it has to be filled in.
    pub fn is_required(&self) -> bool {
        self.requirement == Requirement::Required
    }

    /// The same for a company that may have left the number out.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { requirement: Requirement::Optional, ..self }
    }

    /// The number as the country writes it where it fits, else as typed.
    fn normalise(&self, typed: String) -> String {
        self.formats.and_then(|formats| formats.normalise(&typed)).unwrap_or(typed)
    }
}

impl Country {
    /// What this country asks of a company's registration number.
    pub fn registration_number(self) -> RegistrationNumber {
        NUMBERS.get(self.code()).copied().unwrap_or(OPTIONAL)
    }
}

const OPTIONAL: RegistrationNumber =
    RegistrationNumber { requirement: Requirement::Optional, advised: false, name: None, sample: None, formats: None };

static NUMBERS: LazyLock<HashMap<&str, RegistrationNumber>> = LazyLock::new(|| {
    let lines = include_str!("registration_numbers.csv").lines().skip(1);
    lines.filter_map(|line| Some((line.split_once(',')?.0, RegistrationNumber::read(line)?))).collect()
});

/// A registration number as typed, of a company that may have left it out.
///
/// # Errors
///
/// [`Invalid::NotARegistrationNumber`] in a country that demands one, for one of another length than [`LENGTH`]; those of
/// [`text::line`].
pub fn given_number(typed: &str, country: Option<Country>) -> Result<Option<String>, Invalid> {
    let Some(typed) = text::line(typed, 50)? else { return Ok(None) };
    let Some(rule) = country.map(Country::registration_number) else { return Ok(Some(typed)) };
    if rule.is_required() && !LENGTH.contains(&typed.chars().count()) {
        return Err(Invalid::NotARegistrationNumber { sample: rule.sample });
    }
    Ok(Some(rule.normalise(typed)))
}

/// A registration number as typed, by the rules of the country.
///
/// # Errors
///
/// Those of [`given_number`], and [`Invalid::Missing`] where the country demands one.
pub fn registration_number(typed: &str, country: Option<Country>) -> Result<Option<String>, Invalid> {
    match given_number(typed, country)? {
        None if country.is_some_and(|country| country.registration_number().is_required()) => Err(Invalid::Missing),
        number => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn country(code: &str) -> Country {
        Country::parse(code).expect(code)
    }

    #[test]
    fn a_number_is_demanded_where_microsoft_demands_one_today() {
        let with = |rule: fn(&RegistrationNumber) -> bool| {
            let all = Country::all(Language::English).iter();
            let mut codes: Vec<&str> =
                all.filter(|country| rule(&country.registration_number())).map(|country| country.code()).collect();
            codes.sort_unstable();
            codes.join(" ")
        };
        assert_eq!(
            with(RegistrationNumber::is_required),
            "AE AM AZ BR BY HU IN IQ KG KZ MD MM PL RU SA SS TH TJ TR UA UZ VE VN ZA"
        );
        assert_eq!(with(|rule| rule.advised), "US");
        let lines = include_str!("registration_numbers.csv").lines().skip(1);
        assert_eq!(NUMBERS.len(), lines.clone().count());
        assert!(lines.is_sorted());
    }

    #[test]
    fn a_country_takes_its_own_sample() {
        for (code, rule) in NUMBERS.iter() {
            if let Some(sample) = rule.sample {
                let given = registration_number(sample, Some(country(code)));
                assert_eq!(given, Ok(Some(sample.to_owned())), "{code}");
            }
            if let Some(formats) = rule.formats {
                assert_eq!(formats.normalise(formats.sample).as_deref(), Some(formats.sample), "{code}");
            }
        }
    }

    #[test]
    fn a_number_is_kept_as_its_country_writes_it_or_as_typed() {
        for (code, typed, kept) in [
            ("BR", "12345678000195", "12345678000195"),
            ("BR", "12.345.678/0001-95", "12.345.678/0001-95"),
            // Since July 2026 with letters.
            ("BR", "12.ABC.345/01DE-35", "12.ABC.345/01DE-35"),
            ("HU", "0123 4567-890", "01234567890"),
            ("HU", "12345678-1-23", "12345678123"),
            ("HU", "123 456", "123 456"),
            ("IN", "abcde2345a", "ABCDE2345A"),
            ("VN", "0123456789001", "0123456789-001"),
            ("VN", "MST 0123456789", "MST 0123456789"),
            ("MM", "12345", "12345"),
            ("ZA", "1234567890123456789012", "1234567890123456789012"),
            ("NL", " 12345678 ", "12345678"),
            ("NL", "1", "1"),
            ("US", "12-3456789", "12-3456789"),
            ("DE", "HRB 12345 B", "HRB 12345 B"),
        ] {
            assert_eq!(registration_number(typed, Some(country(code))), Ok(Some(kept.to_owned())), "{code} {typed}");
        }
    }

    #[test]
    fn a_number_is_refused_by_its_length_and_only_where_one_is_demanded() {
        for (code, typed, refused) in [
            ("BR", "", Invalid::Missing),
            ("ZA", " ", Invalid::Missing),
            ("BR", "1234", Invalid::NotARegistrationNumber { sample: Some("01.234.456/5432-10") }),
            ("IQ", "12", Invalid::NotARegistrationNumber { sample: None }),
            ("HU", "12345678901234567890123", Invalid::NotARegistrationNumber { sample: Some("01234567890") }),
            ("NL", "a\u{202e}b", Invalid::Unprintable),
        ] {
            assert_eq!(registration_number(typed, Some(country(code))), Err(refused), "{code} {typed}");
        }
        for code in ["NL", "US", "DE", "XK"] {
            assert_eq!(registration_number("", Some(country(code))), Ok(None), "{code}");
        }
        assert_eq!(given_number("", Some(country("BR"))), Ok(None));
        assert_eq!(registration_number("", None), Ok(None));
    }
}
