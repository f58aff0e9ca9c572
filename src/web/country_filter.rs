//! The filter by country that lists share.

use i18n_embed_fl::fl;

use crate::{
    domain::{country::Country, fold::fold},
    i18n::{Language, Words},
    store::search::CountryFilter,
};

/// A country as it stands in an address: its code, or `unknown`.
pub fn country_filter(code: &str) -> Option<CountryFilter> {
    match code {
        "unknown" => Some(CountryFilter::Unknown),
        code => Country::parse(code).map(CountryFilter::Is),
    }
}

/// The countries there are, by name, and the choice among them.
pub fn country_choices(
    codes: &[String],
    chosen: Option<&str>,
    t: &Words,
    language: Language,
) -> Vec<(String, String, bool)> {
    let mut choices: Vec<(String, String, bool)> = codes
        .iter()
        .filter_map(|code| Country::parse(code))
        .map(|country| {
            let chosen = chosen.is_some_and(|chosen| chosen.eq_ignore_ascii_case(country.code()));
            (country.code().to_owned(), country.name(language).to_owned(), chosen)
        })
        .collect();
    choices.sort_by_cached_key(|(_, name, _)| fold(name));
    if codes.iter().any(String::is_empty) {
        choices.push(("unknown".to_owned(), fl!(t, "not-provided"), chosen == Some("unknown")));
    }
    choices
}
