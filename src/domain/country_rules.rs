//! What each country asks of a company: the parts of its address, a phone number.
//!
//! `country_rules.csv` is exact for the countries in it: those in which Microsoft demands a phone number
//! (AM, AZ, BY, HU, KZ, KG, MD, RU, TJ, UZ, UA) and the larger markets. Every other country of the agreement is
//! met with rules that refuse nothing, and says so ([`CountryRules::is_exact`]). `states.csv` lists the states of
//! the countries that take one of a list.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization as _;

use super::{country::Country, invalid::Invalid, text};

/// Whether a country has something, and asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// It has to be filled in.
    Required,
    /// It may be left out.
    Optional,
    /// The country has none.
    Unused,
}

/// What an address says of a state or province.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum States {
    /// One of these has to be chosen.
    Listed(&'static [State]),
    /// Whatever is customary.
    Free,
    /// Addresses have none.
    Unused,
}

/// A state or province of a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Its code, unique in the country.
    pub code: &'static str,
    /// Its name, in the country's own words.
    pub name: &'static str,
}

/// How something is written, by alternatives: `0` is a digit, `@` a letter, `?` either; the rest stands for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formats {
    patterns: &'static str,
    /// One that fits.
    pub sample: &'static str,
}

impl Formats {
    /// Alternatives with `|` between them, and one text that fits.
    pub(super) const fn new(patterns: &'static str, sample: &'static str) -> Self {
        Self { patterns, sample }
    }

    /// The text as it is written in the country, whatever spaces, hyphens and case it came with. `None` when it
    /// fits no alternative.
    pub fn normalise(&self, typed: &str) -> Option<String> {
        let compact: String = typed
            .nfkc()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '\u{2010}'..='\u{2015}'))
            .collect();
        let compact = compact.to_uppercase();
        self.patterns.split('|').find_map(|pattern| {
            written(pattern, &compact).or_else(|| {
                // "1073" for "LV-1073".
                let prefix: String = pattern.chars().take_while(char::is_ascii_uppercase).collect();
                (!prefix.is_empty()).then(|| written(pattern, &format!("{prefix}{compact}"))).flatten()
            })
        })
    }

    /// A regular expression that takes what [`normalise`](Self::normalise) gives, for programs.
    pub fn regex(&self) -> String {
        let alternatives = self.patterns.split('|').map(|pattern| {
            let places = pattern.chars().map(|place| match place {
                '0' => "[0-9]".to_owned(),
                '@' => "[A-Z]".to_owned(),
                '?' => "[0-9A-Z]".to_owned(),
                c if ".^$*+?()[]{}|\\".contains(c) => format!("\\{c}"),
                c => c.to_string(),
            });
            places.collect::<String>()
        });
        format!("^({})$", alternatives.collect::<Vec<_>>().join("|"))
    }
}

/// The letters and digits of `compact` in the places of a pattern.
fn written(pattern: &str, compact: &str) -> Option<String> {
    let mut given = compact.chars();
    let mut text = String::with_capacity(pattern.len());
    for place in pattern.chars() {
        let fits: fn(char, char) -> bool = match place {
            '0' => |c, _| c.is_ascii_digit(),
            '@' => |c, _| c.is_ascii_uppercase(),
            '?' => |c, _| c.is_ascii_digit() || c.is_ascii_uppercase(),
            'A'..='Z' => |c, place| c == place,
            separator => {
                text.push(separator);
                continue;
            }
        };
        text.push(given.next().filter(|&c| fits(c, place))?);
    }
    given.next().is_none().then_some(text)
}

/// The rules of one country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountryRules {
    /// Whether an address needs a postal code.
    pub postal_code: Requirement,
    /// How postal codes are written, where that is known. One that does not fit is a reason to look again, never
    /// to refuse.
    pub postal_formats: Option<Formats>,
    /// What an address says of a state.
    pub states: States,
    /// Whether the primary contact needs a phone number.
    pub phone_required: bool,
    exact: bool,
}

impl CountryRules {
    /// Whether the rules are those of the country; else they are ones that refuse nothing.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether a postal code is not written as the country writes them: a reason to look again.
    pub fn is_unusual_postal_code(&self, code: Option<&str>) -> bool {
        self.postal_formats.zip(code).is_some_and(|(formats, code)| formats.normalise(code).is_none())
    }

    /// The state of the list that is meant by a code or a name.
    pub fn state(&self, typed: &str) -> Option<State> {
        let States::Listed(states) = self.states else { return None };
        let typed = text::trimmed(typed);
        states
            .iter()
            .find(|state| state.code.eq_ignore_ascii_case(typed) || state.name.to_lowercase() == typed.to_lowercase())
            .copied()
    }

    /// One line of `country_rules.csv` behind the country's code.
    fn read(country: &str, line: &'static str, states: &HashMap<&str, &'static [State]>) -> Option<Self> {
        let mut cells = line.split(',').skip(1);
        let mut cell = || cells.next();
        let formats = |patterns: &'static str, sample| (!patterns.is_empty()).then_some(Formats { patterns, sample });
        let need = |code| match code {
            "required" => Some(Requirement::Required),
            "optional" => Some(Requirement::Optional),
            "unused" => Some(Requirement::Unused),
            _ => None,
        };
        Some(Self {
            postal_code: need(cell()?)?,
            postal_formats: formats(cell()?, cell()?),
            states: match cell()? {
                "list" => States::Listed(states.get(country)?),
                "free" => States::Free,
                "unused" => States::Unused,
                _ => return None,
            },
            phone_required: need(cell()?)? == Requirement::Required,
            exact: true,
        })
    }
}

impl Country {
    /// What this country asks of a company.
    pub fn rules(self) -> CountryRules {
        RULES.get(self.code()).copied().unwrap_or(PERMISSIVE)
    }
}

/// For a country of which nothing is known for sure.
const PERMISSIVE: CountryRules = CountryRules {
    postal_code: Requirement::Optional,
    postal_formats: None,
    states: States::Free,
    phone_required: false,
    exact: false,
};

static RULES: LazyLock<HashMap<&str, CountryRules>> = LazyLock::new(|| {
    let mut listed: HashMap<&str, Vec<State>> = HashMap::new();
    for line in include_str!("states.csv").lines().skip(1) {
        if let Some((country, (code, name))) =
            line.split_once(',').and_then(|(country, rest)| Some((country, rest.split_once(',')?)))
        {
            listed.entry(country).or_default().push(State { code, name });
        }
    }
    // Read once and kept as long as the program runs.
    let states = listed.into_iter().map(|(country, states)| (country, &*states.leak())).collect();
    include_str!("country_rules.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let (code, _) = line.split_once(',')?;
            Some((code, CountryRules::read(code, line, &states)?))
        })
        .collect()
});

/// A postal code as typed: in the country's way of writing where it fits, as typed where it does not.
pub fn postal_code(typed: &str, rules: Option<&CountryRules>) -> Result<Option<String>, Invalid> {
    match (text::line(typed, 20)?, rules) {
        (None, Some(rules)) if rules.postal_code == Requirement::Required => Err(Invalid::Missing),
        (Some(typed), Some(rules)) => {
            Ok(Some(rules.postal_formats.and_then(|formats| formats.normalise(&typed)).unwrap_or(typed)))
        }
        (typed, _) => Ok(typed),
    }
}

/// A state as typed: a code where the country has a list, else whatever was typed.
pub fn state(typed: &str, rules: Option<&CountryRules>) -> Result<Option<String>, Invalid> {
    let typed = text::line(typed, 50)?;
    match (rules, typed) {
        (Some(rules @ CountryRules { states: States::Listed(_), .. }), typed) => {
            let typed = typed.ok_or(Invalid::Missing)?;
            rules.state(&typed).map(|state| Some(state.code.to_owned())).ok_or(Invalid::UnknownState)
        }
        (_, typed) => Ok(typed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn rules(code: &str) -> CountryRules {
        Country::parse(code).expect(code).rules()
    }

    fn postal(code: &str, typed: &str) -> Option<String> {
        rules(code).postal_formats.expect(code).normalise(typed)
    }

    #[test]
    fn every_line_is_read_and_is_of_a_country_of_the_agreement() {
        let lines: Vec<&str> = include_str!("country_rules.csv").lines().skip(1).collect();
        assert_eq!(RULES.len(), lines.len());
        assert!(lines.is_sorted());
        for (code, rules) in RULES.iter() {
            assert!(Country::parse(code).is_some() && rules.is_exact(), "{code}");
        }
        let states = include_str!("states.csv").lines().count() - 1;
        let listed: usize =
            RULES.values().map(|rules| if let States::Listed(states) = rules.states { states.len() } else { 0 }).sum();
        assert_eq!(listed, states);
    }

    #[test]
    fn every_exact_country_accepts_its_own_samples_and_writes_them_as_they_are() {
        for (code, rules) in RULES.iter() {
            if let Some(formats) = rules.postal_formats {
                assert_eq!(formats.normalise(formats.sample).as_deref(), Some(formats.sample), "{code}");
                let pasted = format!(" {} ", formats.sample.to_lowercase().replace([' ', '-'], ""));
                assert_eq!(formats.normalise(&pasted).as_deref(), Some(formats.sample), "{code}");
            }
        }
    }

    #[test]
    fn a_regular_expression_says_how_something_is_written() {
        let regex = |code| rules(code).postal_formats.map(|formats| formats.regex());
        assert_eq!(regex("NL").as_deref(), Some("^([0-9][0-9][0-9][0-9] [A-Z][A-Z])$"));
        assert_eq!(regex("BR").as_deref(), Some("^([0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9])$"));
        assert!(regex("US").is_some_and(|regex| regex.contains('|')));
    }

    #[test]
    fn a_phone_is_demanded_in_eleven_countries_and_no_other() {
        let mut demanding: Vec<&str> = Country::all(Language::English)
            .iter()
            .filter(|country| country.rules().phone_required)
            .map(|country| country.code())
            .collect();
        demanding.sort_unstable();
        assert_eq!(demanding, ["AM", "AZ", "BY", "HU", "KG", "KZ", "MD", "RU", "TJ", "UA", "UZ"]);
    }

    #[test]
    fn the_larger_markets_are_exact_and_the_rest_refuses_nothing() {
        for code in [
            "NL", "BE", "DE", "FR", "GB", "US", "CA", "AU", "AT", "BR", "CH", "CZ", "DK", "ES", "FI", "GR", "HK", "IE",
            "IN", "IT", "JP", "KR", "MX", "NO", "NZ", "PL", "PT", "SE", "SG", "TR", "ZA",
        ] {
            assert!(rules(code).is_exact(), "{code}");
        }
        let unknown: Vec<CountryRules> =
            Country::all(Language::English).iter().map(|country| country.rules()).filter(|r| !r.is_exact()).collect();
        assert!(unknown.len() > 100);
        assert!(unknown.iter().all(|rules| *rules == PERMISSIVE));
    }

    #[test]
    fn what_is_pasted_is_written_as_the_country_writes_it() {
        for (code, typed, written) in [
            ("NL", "1234ab", "1234 AB"),
            ("NL", "1234  AB", "1234 AB"),
            ("GB", "ec1y8sy", "EC1Y 8SY"),
            ("GB", "w1a 1aa", "W1A 1AA"),
            ("CA", "k1a0b1", "K1A 0B1"),
            ("BR", "01310100", "01310-100"),
            ("US", "950141234", "95014-1234"),
            ("JP", "１５４−００２３".replace('−', "-").as_str(), "154-0023"),
            ("LV", "1073", "LV-1073"),
            ("LV", "lv1073", "LV-1073"),
            ("MD", "md2012", "MD-2012"),
            ("MD", "2012", "2012"),
        ] {
            assert_eq!(postal(code, typed).as_deref(), Some(written), "{code} {typed}");
        }
        for (code, typed) in [("NL", "12345"), ("NL", "1234 ABC"), ("US", "9501"), ("DE", "D-10117"), ("NL", "1234 Ä1")]
        {
            assert_eq!(postal(code, typed), None, "{code} {typed}");
        }
    }

    #[test]
    fn a_state_is_found_by_code_or_name() {
        let state = |code, typed| rules(code).state(typed).map(|state| state.code);
        assert_eq!(state("US", "wa"), Some("WA"));
        assert_eq!(state("US", " Washington "), Some("WA"));
        assert_eq!(state("US", "ZZ"), None);
        assert_eq!(state("BR", "são paulo"), Some("SP"));
        assert_eq!(state("NL", "NH"), None);
        assert_eq!(rules("NL").states, States::Unused);
    }
}
