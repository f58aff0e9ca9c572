//! Who accepted the agreement: names, email address and phone number.

use super::{
    country::Country,
    field::{Fault, Faults, Field},
    invalid::Invalid,
    text::{self, line, required},
};
use std::fmt;
use validator::ValidateEmail;

/// A first or last name: 1–50 Unicode scalar values of any script, case as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The most Unicode scalar values in a name.
    pub const MAX: usize = 50;

    /// Reads a name as typed.
    ///
    /// # Errors
    ///
    /// [`Invalid::Missing`], [`Invalid::TooLong`], [`Invalid::CharacterLost`] or [`Invalid::Unprintable`], the last also
    /// for the joiners that other text may hold.
    pub fn parse(typed: &str) -> Result<Self, Invalid> {
        let name = required(typed, Self::MAX)?;
        if name.contains(text::is_joiner) { Err(Invalid::Unprintable) } else { Ok(Self(name)) }
    }

    /// Reads first and last name, which together hold a letter or digit.
    pub fn parse_both(first: (Field, &str), last: (Field, &str), faults: &mut Faults) -> Option<(Self, Self)> {
        let names = (faults.take(first.0, Self::parse(first.1)), faults.take(last.0, Self::parse(last.1)));
        let names = (names.0?, names.1?);
        Self::refuse_unspeakable(first.0, [Some(&names.0), Some(&names.1)], faults);
        Some(names)
    }

    /// Notes at `field` that the names which are known hold no letter or digit.
    pub fn refuse_unspeakable(field: Field, names: [Option<&Self>; 2], faults: &mut Faults) {
        let mut known = names.into_iter().flatten().peekable();
        if known.peek().is_some() && !known.any(|name| text::has_letter_or_digit(&name.0)) {
            faults.push(Fault { field, invalid: Invalid::NameWithoutLetter });
        }
    }

    /// A name that was parsed before it was stored.
    pub const fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// The name as stored and shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both are one name in different case; accents matter.
    fn is_same_as(&self, other: &Self) -> bool {
        caseless::canonical_caseless_match_str(&self.0, &other.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An email address: as typed, with its ASCII form beside it for international domains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    typed: String,
    ascii: String,
}

impl Email {
    /// The most characters in the ASCII form of an address.
    pub const MAX: usize = 254;

    /// Reads an address as typed or pasted; `mailto:a@b.nl`, `<a@b.nl>` and `Name <a@b.nl>` are
    /// understood. Direction marks, zero-width characters and soft hyphens are left out.
    ///
    /// # Errors
    ///
    /// [`Invalid::Missing`], [`Invalid::TooLong`], [`Invalid::CharacterLost`], [`Invalid::Unprintable`] or
    /// [`Invalid::NotAnEmail`], the last also for a domain without a dot.
    pub fn parse(typed: &str) -> Result<Self, Invalid> {
        let pasted = required(&text::without_marks(typed), usize::MAX)?;
        let typed = address_in(&pasted);
        if typed.chars().nth(Self::MAX).is_some() {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(Invalid::NotAnEmail)?;
        let domain = idna::domain_to_ascii(domain).map_err(|_| Invalid::NotAnEmail)?;
        // An address literal such as [192.0.2.1] is the whole domain or none of it.
        let stray_literal = domain.find('[').is_some_and(|at| at > 0);
        if !typed.validate_email() || !local.is_ascii() || !domain.contains('.') || stray_literal {
            return Err(Invalid::NotAnEmail);
        }
        let ascii = format!("{local}@{domain}");
        if ascii.len() > Self::MAX {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        Ok(Self { typed: typed.to_owned(), ascii })
    }

    /// An address that was parsed before it was stored.
    pub const fn from_stored(typed: String, ascii: String) -> Self {
        Self { typed, ascii }
    }

    /// The address as typed, to be shown.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The address with its domain in ASCII, to be sent to.
    pub fn ascii(&self) -> &str {
        &self.ascii
    }

    /// The key under which two spellings of one address are equal.
    pub fn folded(&self) -> String {
        self.ascii.to_ascii_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// The address in what mail programs and web pages put on the clipboard.
fn address_in(pasted: &str) -> &str {
    let address =
        pasted.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')).map_or(pasted, |(_, address)| address).trim();
    match address.split_at_checked("mailto:".len()) {
        Some((scheme, link)) if scheme.eq_ignore_ascii_case("mailto:") => {
            link.split_once('?').map_or(link, |(address, _)| address).trim()
        }
        _ => address,
    }
}

/// A phone number: as typed, and in E.164 where that is known beyond doubt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    typed: String,
    e164: Option<String>,
}

impl Phone {
    /// The most Unicode scalar values in a phone number as typed.
    pub const MAX: usize = 50;

    /// Reads a phone number as typed; `country` is where a national number is dialled.
    ///
    /// Nothing typed is no number. Direction marks, zero-width characters and soft hyphens are left out. Letters and unusual signs never block: the number is kept as
    /// typed and only has no E.164 form. The digits of an extension do not count.
    ///
    /// # Errors
    ///
    /// [`Invalid::PhoneDigits`] for fewer than 5 or more than 20 digits, [`Invalid::TooLong`] or
    /// [`Invalid::Unprintable`].
    pub fn parse(typed: &str, country: Option<Country>) -> Result<Option<Self>, Invalid> {
        let Some(typed) = line(&text::without_marks(typed), Self::MAX)? else {
            return Ok(None);
        };
        let e164 = e164(without_extension(&typed), country);
        let phone = Self { typed, e164 };
        match phone.digits().len() {
            5..=20 => Ok(Some(phone)),
            _ => Err(Invalid::PhoneDigits),
        }
    }

    /// Reads a phone number from a cell of a file.
    ///
    /// # Errors
    ///
    /// Those of [`Phone::parse`], and [`Invalid::PhoneRounded`] for [what a spreadsheet made of
    /// one](Self::is_rounded).
    pub fn parse_cell(cell: &str, country: Option<Country>) -> Result<Option<Self>, Invalid> {
        if is_rounded(text::trimmed(cell)) {
            return Err(Invalid::PhoneRounded);
        }
        Self::parse(cell, country)
    }

    /// Whether a spreadsheet or a program took the number for a quantity, so that digits are gone (`3.16E+10`) or were
    /// added (`31612345678.0`).
    pub fn is_rounded(&self) -> bool {
        is_rounded(&self.typed)
    }

    /// A number that was parsed before it was stored.
    pub const fn from_stored(typed: String, e164: Option<String>) -> Self {
        Self { typed, e164 }
    }

    /// The number as typed, to be shown.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// `+` and 8 to 15 digits, where the country resolved.
    pub fn e164(&self) -> Option<&str> {
        self.e164.as_deref()
    }

    /// The digits as typed, without those of an extension.
    pub fn digits(&self) -> String {
        without_extension(&self.typed).chars().filter_map(digit).collect()
    }

    /// Whether both are one number: by E.164 when both resolve, else by digits.
    pub fn same_number(&self, other: &Self) -> bool {
        match (&self.e164, &other.e164) {
            (Some(one), Some(another)) => one == another,
            _ => self.digits() == other.digits(),
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// Whether both are one number; no phone equals no phone.
pub fn same_phone(a: Option<&Phone>, b: Option<&Phone>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.same_number(b),
        (None, None) => true,
        _ => false,
    }
}

/// See [`Phone::is_rounded`].
fn is_rounded(typed: &str) -> bool {
    let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.trim_start_matches(['+', '-', '\'']);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let number = |part: &str| part.split_once(['.', ',']).map_or(digits(part), |(a, b)| digits(a) && digits(b));
    let scientific = compact.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        number(mantissa) && digits(exponent) && exponent.len() <= 3
    });
    let decimal = compact
        .split_once(['.', ','])
        .is_some_and(|(whole, zeros)| digits(whole) && whole.len() > 5 && matches!(zeros, "0" | "00"));
    scientific || decimal
}

/// The ASCII digit for a decimal digit of the scripts in which phone numbers are typed.
fn digit(c: char) -> Option<char> {
    // ASCII, Arabic-Indic, Persian, Devanagari, full-width.
    ['0', '٠', '۰', '०', '０'].into_iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(zero))?;
        char::from_digit(value, 10)
    })
}

/// Whether the character only groups digits.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}')
}

/// The number before `x 12`, `ext. 12` or `#12`.
fn without_extension(typed: &str) -> &str {
    let marked = typed.trim_end_matches(|c| digit(c).is_some() || is_separator(c) || c == ':');
    ["x", "ext", "#", "toestel"]
        .into_iter()
        .find_map(|mark| strip_suffix_ignoring_case(marked, mark))
        .filter(|number| number.contains(|c| digit(c).is_some()))
        .map_or(typed, |number| number.trim_end_matches([' ', ',', ';']))
}

fn strip_suffix_ignoring_case<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(suffix.len())?)?;
    end.eq_ignore_ascii_case(suffix).then_some(rest)
}

/// The number in E.164; `None` when it holds other signs or could mean several numbers.
fn e164(number: &str, country: Option<Country>) -> Option<String> {
    let compact: String = number
        .chars()
        .filter(|&c| !is_separator(c))
        .map(|c| match c {
            '+' | '(' | ')' => Some(c),
            '＋' => Some('+'),
            c => digit(c),
        })
        .collect::<Option<_>>()?;
    let dialled = compact.replace(['(', ')'], "");
    // The zero of "+31 (0)6" is only for callers inside the country; Italian numbers keep it.
    let from_abroad = compact.replace("(0)", "").replace(['(', ')'], "");
    let international = match after_exit_code(&from_abroad, country) {
        Some(italian) if italian.starts_with("39") => after_exit_code(&dialled, country)?.to_owned(),
        Some(international) => international.to_owned(),
        None => from_national(&dialled, country?)?,
    };
    let plausible = (8..=15).contains(&international.len())
        && international.bytes().all(|b| b.is_ascii_digit())
        && !international.starts_with('0');
    plausible.then(|| format!("+{international}"))
}

/// What follows `+`, `00` or, in North America, `011`.
fn after_exit_code(dialled: &str, country: Option<Country>) -> Option<&str> {
    let north_american = country.is_some_and(|country| country.calling_code() == NORTH_AMERICA);
    dialled
        .strip_prefix('+')
        .or_else(|| dialled.strip_prefix("00"))
        .or_else(|| dialled.strip_prefix("011").filter(|_| north_american))
}

/// The calling code that the countries of the North American Numbering Plan share.
const NORTH_AMERICA: &str = "1";

/// Calling code and national number, without the trunk prefix.
fn from_national(dialled: &str, country: Country) -> Option<String> {
    let code = country.calling_code();
    let number = match country.trunk_prefix() {
        _ if code == NORTH_AMERICA => {
            // A number without area code says too little.
            let number = dialled.strip_prefix('1').unwrap_or(dialled);
            Some(number).filter(|number| number.len() == 10)
        }
        Some(trunk) => {
            let number = dialled.strip_prefix(trunk);
            number.or_else(|| unless_it_may_hold(code, dialled)).filter(|number| !number.starts_with('0'))
        }
        None => unless_it_may_hold(code, dialled),
    };
    number.map(|number| format!("{code}{number}"))
}

/// The number, unless it is so long that it may be an international one that lost its `+`.
fn unless_it_may_hold<'a>(calling_code: &str, dialled: &'a str) -> Option<&'a str> {
    Some(dialled).filter(|number| !number.starts_with(calling_code) || number.len() < 10)
}

/// The person who accepted the agreement for the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// First name.
    pub first_name: Name,
    /// Last name, with what belongs to it ("van der Berg").
    pub last_name: Name,
    /// Email address.
    pub email: Email,
    /// Phone number, where one was given.
    pub phone: Option<Phone>,
}

impl Person {
    /// The person of these parts, when all of them could be read.
    pub fn of(names: Option<(Name, Name)>, email: Option<Email>, phone: Option<Option<Phone>>) -> Option<Self> {
        let (first_name, last_name) = names?;
        Some(Self { first_name, last_name, email: email?, phone: phone? })
    }

    /// First and last name with a space between them.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Whether a confirmation by both would be "the same again".
    ///
    /// Case does not matter in names and email address; accents do.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.first_name.is_same_as(&other.first_name)
            && self.last_name.is_same_as(&other.last_name)
            && self.email.folded() == other.email.folded()
            && same_phone(self.phone.as_ref(), other.phone.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(typed: &str, country: &str) -> Phone {
        Phone::parse(typed, Country::parse(country)).unwrap().unwrap()
    }

    fn person(first: &str, last: &str, email: &str, number: Option<&str>) -> Person {
        Person {
            first_name: Name::parse(first).unwrap(),
            last_name: Name::parse(last).unwrap(),
            email: Email::parse(email).unwrap(),
            phone: number.map(|number| phone(number, "NL")),
        }
    }

    #[test]
    fn names_of_any_shape_are_accepted() {
        for name in ["Anna", "van der Berg", "O'Neill", "’t Hart", "李", "X", "Jean-Luc", "Ñ"] {
            assert_eq!(Name::parse(name).unwrap().to_string(), name);
        }
        assert_eq!(Name::parse("  van   der Berg ").unwrap().as_str(), "van der Berg");
        assert_eq!(Name::parse(&"é".repeat(50)).unwrap().as_str().chars().count(), 50);
    }

    #[test]
    fn names_that_are_empty_too_long_or_invisible_are_refused() {
        assert_eq!(Name::parse(" "), Err(Invalid::Missing));
        assert_eq!(Name::parse(&"a".repeat(51)), Err(Invalid::TooLong { max: 50 }));
        for name in [
            "An\u{202e}na",
            "An\u{200b}na",
            "An\u{ad}na",
            "An\u{200c}na",
            "An\u{200d}na",
            "\u{3164}",
            "\u{2800}\u{e0041}",
        ] {
            assert_eq!(Name::parse(name), Err(Invalid::Unprintable), "{name:?}");
        }
        assert_eq!(Name::parse("\u{200b}\u{200f}"), Err(Invalid::Missing));
        assert_eq!(Name::parse("Ren\u{fffd}"), Err(Invalid::CharacterLost));
        assert_eq!(Name::parse("\u{200e}דנה\u{200e}").unwrap().as_str(), "דנה");
    }

    #[test]
    fn first_and_last_name_together_hold_a_letter_or_digit() {
        let read = |first, last| {
            let mut faults = Faults::default();
            let names = Name::parse_both((Field::FirstName, first), (Field::LastName, last), &mut faults);
            faults.finish(names)
        };
        for (first, last) in [("O", "."), (".", "李"), ("-", "3"), ("Anna", "de Vries")] {
            assert!(read(first, last).is_ok(), "{first} {last}");
        }
        let refused = Err(vec![Fault { field: Field::FirstName, invalid: Invalid::NameWithoutLetter }]);
        for (first, last) in [(".", "."), ("-", "–"), ("😀", "!"), ("\u{301}", "\u{301}")] {
            assert_eq!(read(first, last), refused, "{first} {last}");
        }
        assert_eq!(
            read("", "\u{fffd}"),
            Err(vec![
                Fault { field: Field::FirstName, invalid: Invalid::Missing },
                Fault { field: Field::LastName, invalid: Invalid::CharacterLost }
            ])
        );
    }

    #[test]
    fn marks_around_and_inside_numbers_and_addresses_are_left_out() {
        for typed in [
            "\u{202a}+31 6 12345678\u{202c}",
            "\u{202d}+31\u{202c} 6 12345678",
            "+31\u{200b} 6 12345\u{ad}678\u{feff}",
            "\u{2068}+31 6 \u{200d}12345678\u{2069}",
        ] {
            let read = phone(typed, "NL");
            assert_eq!((read.as_str(), read.e164()), ("+31 6 12345678", Some("+31612345678")), "{typed:?}");
        }
        for typed in
            ["\u{200b}anna@example.com", "an\u{ad}na@exa\u{200b}mple.com\u{200e}", "<\u{200b}anna@example.com>"]
        {
            assert_eq!(Email::parse(typed).unwrap().as_str(), "anna@example.com", "{typed:?}");
        }
        assert_eq!(Phone::parse("06 1234\u{fffd}5678", None), Err(Invalid::CharacterLost));
        assert_eq!(Email::parse("ann\u{fffd}@example.com"), Err(Invalid::CharacterLost));
    }

    #[test]
    fn a_number_that_a_spreadsheet_rounded_is_refused_in_a_cell_only() {
        for typed in [
            "3.16E+10",
            "3,16E+10",
            "3.16e10",
            "3E+1000000",
            "3.1612345678E+10",
            " 4.479E+11 ",
            "'3.16E+10",
            "+3.16E+10",
            "3.16 E+10",
            "\u{202a}3.16E+10\u{202c}",
            "31612345678.0",
            "612345678,00",
        ] {
            let rounded = typed != "3E+1000000";
            assert_eq!(Phone::parse_cell(typed, None) == Err(Invalid::PhoneRounded), rounded, "{typed:?}");
            if let Ok(Some(phone)) = Phone::parse(typed, None) {
                assert_eq!(phone.is_rounded(), rounded, "{typed:?}");
            }
        }
        for typed in ["0612345678", "+31 6 12345678", "06.12.34.56.78", "020 123 4567 ext. 89", "12345,6", "12345E6789"]
        {
            assert!(!Phone::parse_cell(typed, None).unwrap().unwrap().is_rounded(), "{typed:?}");
        }
    }

    #[test]
    fn addresses_are_found_in_what_is_pasted() {
        for (typed, address) in [
            (" anna@example.com ", "anna@example.com"),
            ("mailto:anna@example.com", "anna@example.com"),
            ("MAILTO:anna@example.com?subject=Hi", "anna@example.com"),
            ("<anna@example.com>", "anna@example.com"),
            ("Anna de Vries <Anna@Example.com>", "Anna@Example.com"),
            ("\"Vries, A <de>\" <mailto:anna@example.com>", "anna@example.com"),
            ("anna+mca@mail.example.co.uk", "anna+mca@mail.example.co.uk"),
            ("o'neill@example.com", "o'neill@example.com"),
            ("anna@[192.0.2.1]", "anna@[192.0.2.1]"),
        ] {
            assert_eq!(Email::parse(typed).map(|e| e.to_string()), Ok(address.to_owned()));
        }
    }

    #[test]
    fn international_domains_have_an_ascii_form_beside_them() {
        let email = Email::parse("Anna@müller.example").unwrap();
        assert_eq!(email.as_str(), "Anna@müller.example");
        assert_eq!(email.ascii(), "Anna@xn--mller-kva.example");
        let other = Email::parse("anna@XN--MLLER-KVA.example").unwrap();
        assert_eq!(email.folded(), other.folded());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for typed in [
            "anna",
            "anna@",
            "@example.com",
            "anna@example",
            "anna@@example.com",
            "anna de vries@example.com",
            "ännä@example.com",
            "anna@exam ple.com",
            "anna@example.com.",
            "anna@.example.com",
            "anna@ex..com",
            "mailto:",
            "<>",
            "anna@foo bar[192.0.2.1]",
            "a@b.nl, c@d.nl",
            "anna@[::1]",
            "\u{17f}am@example.com",
            "anna@xn--a.example",
            "anna@-a.example",
        ] {
            assert_eq!(Email::parse(typed), Err(Invalid::NotAnEmail), "{typed:?}");
        }
        assert_eq!(Email::parse("  "), Err(Invalid::Missing));
        assert_eq!(Email::parse("a\0@example.com"), Err(Invalid::Unprintable));
    }

    #[test]
    fn the_lengths_of_an_address_are_limited() {
        let local = |n: usize| "a".repeat(n);
        let address = |n: usize, label: usize| format!("{}@{}.{}.{}.nl", local(n), local(63), local(63), local(label));
        assert!(Email::parse(&address(64, 58)).is_ok());
        assert_eq!(address(64, 58).len(), 254);
        assert_eq!(Email::parse(&address(64, 59)), Err(Invalid::TooLong { max: 254 }));
        assert_eq!(Email::parse(&address(65, 9)), Err(Invalid::NotAnEmail));
        // Short as typed, too long in ASCII.
        let label = "ü".repeat(45);
        let long = format!("{}@{label}.{label}.{label}.{label}.nl", local(64));
        assert_eq!(Email::parse(&long), Err(Invalid::TooLong { max: 254 }));
    }

    #[test]
    fn phone_numbers_become_e164_where_the_country_resolves() {
        for (typed, country, e164) in [
            ("06 12 34 56 78", "NL", Some("+31612345678")),
            ("6 12345678", "NL", Some("+31612345678")),
            ("06-12345678", "", None),
            ("+31 (0)6 12345678", "NL", Some("+31612345678")),
            ("+31 (0)6 12345678", "", Some("+31612345678")),
            ("(+31) 6/12.34.56.78", "US", Some("+31612345678")),
            ("0031 6 12345678", "NL", Some("+31612345678")),
            ("0031 (0)6 12345678", "NL", Some("+31612345678")),
            ("(0)20 123 4567", "NL", Some("+31201234567")),
            ("(020) 123 4567", "NL", Some("+31201234567")),
            ("31612345678", "NL", None),
            ("020 123 4567 ext. 89", "NL", Some("+31201234567")),
            ("020 123 4567 EXT 89", "NL", Some("+31201234567")),
            ("020 123 4567x89", "NL", Some("+31201234567")),
            ("020 123 4567, toestel: 89", "NL", Some("+31201234567")),
            ("020 123 4567 #89", "NL", Some("+31201234567")),
            ("011 31 6 12345678", "US", Some("+31612345678")),
            ("(212) 555-0123", "US", Some("+12125550123")),
            ("1 212 555 0123", "CA", Some("+12125550123")),
            ("555-0123", "BS", None),
            ("02 1234 5678", "IT", Some("+390212345678")),
            ("+39 (0)2 1234 5678", "IT", Some("+390212345678")),
            ("32 12 34 56", "DK", Some("+4532123456")),
            ("45 32 12 34 56", "DK", None),
            ("06 1 234 5678", "HU", Some("+3612345678")),
            ("8 912 345-67-89", "RU", Some("+79123456789")),
            ("8 029 123 45 67", "BY", Some("+375291234567")),
            ("020 7946 0018", "GB", Some("+442079460018")),
            ("０６ １２３４５６７８", "NL", Some("+31612345678")),
            ("06\u{2013}12345678", "NL", Some("+31612345678")),
            ("call 06 12345678", "NL", None),
            ("06 12345678 + 1", "NL", None),
            ("+0612345678", "NL", None),
            ("+1234567", "NL", None),
            ("+1234567890123456", "NL", None),
            ("12345", "NL", None),
        ] {
            assert_eq!(phone(typed, country).e164(), e164, "{typed} {country}");
            assert_eq!(phone(typed, country).as_str(), typed);
        }
    }

    #[test]
    fn only_the_number_of_digits_can_block_a_phone_number() {
        for typed in ["1234", "call me", "1234 x 56789", "123456789012345678901"] {
            assert_eq!(Phone::parse(typed, None), Err(Invalid::PhoneDigits), "{typed}");
        }
        for typed in ["12345", "12345678901234567890", "Felix: 06 12345678", "x12345"] {
            assert!(Phone::parse(typed, None).is_ok(), "{typed}");
        }
        assert_eq!(Phone::parse("  ", None), Ok(None));
        assert_eq!(Phone::parse(&"1 ".repeat(26), None), Err(Invalid::TooLong { max: 50 }));
    }

    #[test]
    fn phone_numbers_are_compared_by_e164_or_else_by_digits() {
        let same = |a: (&str, &str), b: (&str, &str)| phone(a.0, a.1).same_number(&phone(b.0, b.1));
        assert!(same(("06 12345678", "NL"), ("+31 6 1234 5678", "")));
        assert!(same(("06 12345678", ""), ("06-12345678", "NL")));
        assert!(same(("06 12345678 x1", ""), ("0612345678", "")));
        assert!(!same(("06 12345678", ""), ("+31612345678", "")));
        assert!(!same(("06 12345678", "NL"), ("06 12345678", "FR")));
        assert!(same_phone(None, None));
        assert!(!same_phone(Some(&phone("12345", "")), None));
    }

    #[test]
    fn the_same_person_in_other_case_is_the_same() {
        let anna = person("Anna", "de Vries", "anna@example.com", Some("06 12345678"));
        let again = person("ANNA", "De VRIES", "Anna@Example.COM", Some("+31 6 12345678"));
        assert!(anna.is_same_as(&again) && again.is_same_as(&anna));
        assert_eq!(anna.full_name(), "Anna de Vries");
        for other in [
            person("Änna", "de Vries", "anna@example.com", Some("06 12345678")),
            person("Anna", "Vries", "anna@example.com", Some("06 12345678")),
            person("Anna", "de Vries", "a@example.com", Some("06 12345678")),
            person("Anna", "de Vries", "anna@example.com", Some("06 12345679")),
            person("Anna", "de Vries", "anna@example.com", None),
        ] {
            assert!(!anna.is_same_as(&other), "{other:?}");
        }
    }

    #[test]
    fn no_text_makes_parsing_panic() {
        for c in '\0'..='\u{ffff}' {
            for typed in [format!("{c}"), format!("+31{c}6 12345678{c}x{c}1"), format!("a{c}@{c}b.nl>")] {
                let _ = Phone::parse(&typed, Country::parse("NL"));
                let _ = Email::parse(&typed);
            }
        }
    }
}
