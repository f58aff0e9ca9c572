//! The countries and regions in which the Microsoft Customer Agreement is offered.

use super::{
    codes::{Code, UnknownCode},
    fold::fold,
    language::Language,
};
use std::sync::LazyLock;

/// A country or region of the agreement, by its ISO 3166-1 alpha-2 code.
///
/// Kosovo (`XK`), Sint Eustatius (`XE`), Jan Mayen (`XJ`) and Saba (`XS`) have codes that Microsoft
/// added to the standard's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub struct Country(u8);

impl Code for Country {
    fn code(self) -> &'static str {
        self.code()
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::parse(code).filter(|country| country.code() == code)
    }
}

impl From<Country> for &'static str {
    fn from(country: Country) -> Self {
        country.code()
    }
}

impl TryFrom<String> for Country {
    type Error = UnknownCode;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Self::from_code(&code).ok_or_else(|| UnknownCode { code, known: "ISO 3166-1 alpha-2".to_owned() })
    }
}

impl Country {
    /// The country with this code, in any case.
    pub fn parse(code: &str) -> Option<Self> {
        let code = code.to_ascii_uppercase();
        let facts = &ATLAS.facts;
        let place = facts.binary_search_by_key(&code.as_str(), |f| f.code).ok()?;
        u8::try_from(place).ok().map(Self)
    }

    /// Every country, in the alphabet of a language's names.
    pub fn all(language: Language) -> &'static [Self] {
        match language {
            Language::English => &ATLAS.by_english_name,
            Language::Dutch => &ATLAS.by_dutch_name,
        }
    }

    /// Two letters, upper case.
    pub fn code(self) -> &'static str {
        self.facts().code
    }

    /// The name as a page in this language shows it.
    pub fn name(self, language: Language) -> &'static str {
        match language {
            Language::English => self.facts().name_en,
            Language::Dutch => self.facts().name_nl,
        }
    }

    /// The digits after the `+` of an international phone number, shared by some countries.
    pub fn calling_code(self) -> &'static str {
        self.facts().calling_code
    }

    /// The digits before a national phone number that an international one leaves out.
    pub fn trunk_prefix(self) -> Option<&'static str> {
        Some(self.facts().trunk_prefix).filter(|prefix| !prefix.is_empty())
    }

    /// The culture (such as `nl-NL`) in which this country is given the agreement's text.
    ///
    /// The wanted one when it is offered here, else another of its language (`nl`, `nl-BE`);
    /// otherwise `en-US`, which is offered everywhere.
    pub fn document_language(self, wanted: &str) -> &'static str {
        let offered = || self.document_languages();
        let language = language_of(wanted);
        offered()
            .find(|culture| culture.eq_ignore_ascii_case(wanted))
            .or_else(|| offered().find(|culture| language_of(culture).eq_ignore_ascii_case(language)))
            .unwrap_or("en-US")
    }

    /// Every culture in which this country is offered the agreement's text, `en-US` first.
    pub fn document_languages(self) -> impl Iterator<Item = &'static str> {
        self.facts().document_languages.split(' ')
    }

    /// The cultures that Partner Center offers a customer of this country, its own first.
    pub fn cultures(self) -> impl Iterator<Item = &'static str> {
        self.facts().cultures.split(' ')
    }

    /// The culture to start from.
    pub fn own_culture(self) -> &'static str {
        self.cultures().next().unwrap_or("en-US")
    }

    fn facts(self) -> &'static Facts {
        &ATLAS.facts[usize::from(self.0)]
    }
}

/// `nl` of `nl-NL`.
pub fn language_of(culture: &str) -> &str {
    culture.split_once('-').map_or(culture, |(language, _)| language)
}

/// One line of `countries.csv`.
struct Facts {
    code: &'static str,
    name_en: &'static str,
    name_nl: &'static str,
    calling_code: &'static str,
    trunk_prefix: &'static str,
    document_languages: &'static str,
    cultures: &'static str,
}

impl Facts {
    /// The cells hold neither quotes nor commas, so that nothing needs to be copied.
    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(',');
        let mut cell = || cells.next();
        Some(Self {
            code: cell()?,
            name_en: cell()?,
            name_nl: cell()?,
            calling_code: cell()?,
            trunk_prefix: cell()?,
            document_languages: cell()?,
            cultures: cell()?,
        })
    }
}

struct CountryTable {
    /// Sorted by code.
    facts: Vec<Facts>,
    by_english_name: Vec<Country>,
    by_dutch_name: Vec<Country>,
}

static ATLAS: LazyLock<CountryTable> = LazyLock::new(|| {
    let lines = include_str!("countries.csv").lines().skip(1);
    let facts: Vec<Facts> = lines.filter_map(Facts::read).collect();
    let sorted_by = |name: fn(&Facts) -> &'static str| {
        let mut sorted: Vec<Country> = (0..=u8::MAX).take(facts.len()).map(Country).collect();
        sorted.sort_by_cached_key(|country| fold(name(&facts[usize::from(country.0)])));
        sorted
    };
    CountryTable {
        by_english_name: sorted_by(|facts| facts.name_en),
        by_dutch_name: sorted_by(|facts| facts.name_nl),
        facts,
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Country {
        Country::parse(code).expect(code)
    }

    #[test]
    fn the_table_is_whole_and_in_order() {
        let lines: Vec<&str> = include_str!("countries.csv").lines().skip(1).collect();
        assert_eq!(lines.len(), 246);
        assert_eq!(ATLAS.facts.len(), lines.len());
        assert!(lines.is_sorted());
        for line in lines {
            assert_eq!(line.split(',').count(), 7, "{line}");
            assert!(!line.contains('"'), "{line}");
        }
    }

    #[test]
    fn every_country_has_sensible_facts() {
        for &country in Country::all(Language::English) {
            let code = country.code();
            assert_eq!(Country::parse(code), Some(country));
            assert!(code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()), "{code}");
            let calling = country.calling_code();
            assert!((1..=3).contains(&calling.len()) && !calling.starts_with('0'), "{code}");
            assert!(calling.bytes().all(|b| b.is_ascii_digit()), "{code}");
            assert_eq!(country.document_languages().next(), Some("en-US"), "{code}");
            for language in Language::ALL {
                let name = country.name(language);
                assert!(name.len() > 3 && name.trim() == name, "{code}");
            }
        }
    }

    #[test]
    fn a_code_is_found_in_any_case() {
        for code in ["NL", "nl", "Nl"] {
            assert_eq!(country(code).code(), "NL");
        }
        for code in ["", "N", "NLD", "ZZ", "ÑL", "31"] {
            assert_eq!(Country::parse(code), None, "{code:?}");
        }
    }

    #[test]
    fn names_and_numbers_are_those_of_the_country() {
        for (code, english, dutch, calling, trunk) in [
            ("NL", "Netherlands", "Nederland", "31", Some("0")),
            ("DE", "Germany", "Duitsland", "49", Some("0")),
            ("US", "United States", "Verenigde Staten", "1", None),
            ("IT", "Italy", "Italië", "39", None),
            ("HU", "Hungary", "Hongarije", "36", Some("06")),
            ("XS", "Saba", "Saba", "599", None),
        ] {
            let country = country(code);
            assert_eq!(country.name(Language::English), english);
            assert_eq!(country.name(Language::Dutch), dutch);
            assert_eq!(country.calling_code(), calling);
            assert_eq!(country.trunk_prefix(), trunk);
        }
    }

    #[test]
    fn the_alphabet_is_that_of_the_language_and_ignores_accents() {
        let place = |language, code| {
            let all = Country::all(language);
            all.iter().position(|&c| c == country(code))
        };
        assert!(place(Language::English, "AX") < place(Language::English, "AL"));
        assert!(place(Language::English, "DE") < place(Language::English, "NL"));
        assert!(place(Language::Dutch, "DE") < place(Language::Dutch, "EG"));
        assert_eq!(Country::all(Language::Dutch).len(), 246);
    }

    #[test]
    fn the_agreement_is_in_the_wanted_language_where_it_is_offered() {
        for (code, wanted, given) in [
            ("NL", "nl-NL", "nl-NL"),
            ("NL", "NL-nl", "nl-NL"),
            ("NL", "nl", "nl-NL"),
            ("NL", "de-DE", "en-US"),
            ("BE", "nl-BE", "nl-NL"),
            ("BE", "fr-BE", "en-US"),
            ("GB", "en-GB", "en-US"),
            ("AT", "de-AT", "de-DE"),
            ("CA", "fr-CA", "fr-FR"),
            ("TW", "zh-TW", "zh-HK"),
            ("RS", "sr-Cyrl-RS", "sr-Latn-RS"),
            ("NL", "", "en-US"),
            ("BE", "fr", "en-US"),
            ("BR", "pt", "pt-BR"),
            ("RS", "sr", "sr-Latn-RS"),
            ("US", "en", "en-US"),
        ] {
            assert_eq!(country(code).document_language(wanted), given, "{code} {wanted}");
        }
    }

    #[test]
    fn a_country_is_offered_its_own_cultures_first() {
        for (code, cultures) in [
            ("NL", "nl-NL en-US"),
            ("GB", "en-GB en-US"),
            ("IE", "en-IE en-US"),
            ("BE", "fr-BE nl-BE en-US"),
            ("AT", "de-AT en-US"),
            ("PT", "pt-PT en-US"),
            ("US", "en-US es-US"),
            ("RS", "sr-Latn-RS sr-Cyrl-RS en-US"),
            ("AQ", "en-US"),
        ] {
            let country = country(code);
            assert_eq!(country.cultures().collect::<Vec<_>>().join(" "), cultures, "{code}");
            assert!(cultures.starts_with(country.own_culture()), "{code}");
        }
    }
}
