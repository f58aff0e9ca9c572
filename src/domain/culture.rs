//! Cultures: a language and the region in which it is written so, such as `nl-BE`.

use super::{country::Country, invalid::Invalid};

/// Regions of ISO 3166-1 in which the agreement is not offered.
const OTHER_REGIONS: [&str; 7] = ["CN", "CU", "EH", "IR", "KP", "SD", "SY"];

/// Reads a culture in any case and gives it back as it is usually written: `EN-gb` is `en-GB`.
///
/// Any language of two or three letters with a region is one, with a script between them or not (`sr-Latn-RS`).
/// A region is two letters of ISO 3166 or three digits of UN M.49 (`es-419`).
///
/// # Errors
///
/// [`Invalid::UnknownLanguage`] for anything else, also a language without a region.
pub fn parse_culture(typed: &str) -> Result<String, Invalid> {
    let parts: Vec<&str> = typed.trim().split('-').collect();
    let written = match *parts {
        [language, region] => [language_code(language), Some(String::new()), region_code(region)],
        [language, script, region] => [language_code(language), script_code(script), region_code(region)],
        _ => return Err(Invalid::UnknownLanguage),
    };
    let [Some(language), Some(script), Some(region)] = written else { return Err(Invalid::UnknownLanguage) };
    Ok(if script.is_empty() { format!("{language}-{region}") } else { format!("{language}-{script}-{region}") })
}

fn is_letters(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn language_code(part: &str) -> Option<String> {
    (matches!(part.len(), 2 | 3) && is_letters(part)).then(|| part.to_ascii_lowercase())
}

fn script_code(part: &str) -> Option<String> {
    let (first, rest) = part.split_at_checked(1)?;
    (part.len() == 4 && is_letters(part)).then(|| first.to_ascii_uppercase() + &rest.to_ascii_lowercase())
}

fn region_code(part: &str) -> Option<String> {
    let code = part.to_ascii_uppercase();
    let is_region = match code.len() {
        2 => Country::parse(&code).is_some() || OTHER_REGIONS.contains(&code.as_str()),
        3 => code.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    is_region.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn a_culture_is_read_in_any_case() {
        for (typed, written) in [
            ("en-GB", "en-GB"),
            ("EN-gb", "en-GB"),
            (" nl-be ", "nl-BE"),
            ("de-at", "de-AT"),
            ("zh-CN", "zh-CN"),
            ("SR-LATN-rs", "sr-Latn-RS"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("en-001", "en-001"),
            ("fil-PH", "fil-PH"),
            ("GSW-ch", "gsw-CH"),
            ("fy-NL", "fy-NL"),
            ("sq-XK", "sq-XK"),
        ] {
            assert_eq!(parse_culture(typed).as_deref(), Ok(written), "{typed}");
        }
    }

    #[test]
    fn what_is_no_language_and_region_is_refused() {
        for typed in [
            "",
            "nl",
            "dutch",
            "en_GB",
            "en-",
            "-GB",
            "en--GB",
            "e-GB",
            "engl-GB",
            "en-GBR",
            "en-XX",
            "tlh-QO",
            "en-G1",
            "en-41",
            "en-4199",
            "en-Lat-GB",
            "en-GB-oed",
            "en-Latn-GB-x",
            "en GB",
            "én-GB",
            "en-ĠB",
            "１２-GB",
            "en-GB\0",
            "en\u{2010}GB",
        ] {
            assert_eq!(parse_culture(typed), Err(Invalid::UnknownLanguage), "{typed:?}");
        }
    }

    #[test]
    fn every_culture_of_a_country_is_read_as_it_is_written() {
        for &country in Country::all(Language::English) {
            for culture in country.cultures().chain(country.document_languages()) {
                assert_eq!(parse_culture(culture).as_deref(), Ok(culture), "{}", country.code());
            }
        }
    }
}
