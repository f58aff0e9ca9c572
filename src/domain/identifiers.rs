//! Microsoft IDs and domain names as people paste them.

use super::{
    invalid::Invalid,
    text::{refuse_lost, trimmed},
};
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::fmt;
use uuid::Uuid;

/// Reads a Microsoft ID in any of the usual forms of a GUID: with or without hyphens, in braces
/// or parentheses, as a URN, in any case.
///
/// # Errors
///
/// [`Invalid::Missing`] when empty; [`Invalid::NotAGuid`] otherwise, also for only zeros, which
/// stands for no customer.
pub fn parse_guid(typed: &str) -> Result<Uuid, Invalid> {
    refuse_lost(typed)?;
    let typed = trimmed(typed).to_ascii_lowercase();
    if typed.is_empty() {
        return Err(Invalid::Missing);
    }
    let bare = inside(&typed, '{', '}').or_else(|| inside(&typed, '(', ')')).unwrap_or(&typed);
    match Uuid::try_parse(bare) {
        Ok(guid) if !guid.is_nil() => Ok(guid),
        _ => Err(Invalid::NotAGuid),
    }
}

fn inside(text: &str, open: char, close: char) -> Option<&str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

/// The name of an internet domain in lower case ASCII, such as `contoso.onmicrosoft.com`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// Reads a domain name as typed, or as copied from an address bar.
    ///
    /// # Errors
    ///
    /// [`Invalid::Missing`] when empty; [`Invalid::NotADomain`] for what is no host name with a
    /// dot, of at most 253 characters in ASCII.
    pub fn parse(typed: &str) -> Result<Self, Invalid> {
        refuse_lost(typed)?;
        let typed = trimmed(typed).to_lowercase();
        if typed.is_empty() {
            return Err(Invalid::Missing);
        }
        let address = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed);
        let host = address.split('/').next().unwrap_or(address);
        let host = host.strip_suffix('.').unwrap_or(host);
        let ascii = Uts46::new()
            .to_ascii(host.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Verify)
            .map_err(|_| Invalid::NotADomain)?;
        let name = ascii.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(&ascii);
        // The last label of an IP address is a number; that of a domain never is.
        let is_domain = name.rsplit_once('.').is_some_and(|(_, top)| !top.bytes().all(|b| b.is_ascii_digit()));
        is_domain.then(|| Self(name.to_owned())).ok_or(Invalid::NotADomain)
    }

    /// A domain name that was parsed before it was stored.
    pub const fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// The name, lower case and ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before `.onmicrosoft.com`, when the domain is one of Microsoft's.
    pub fn prefix(&self) -> Option<&str> {
        self.0.strip_suffix(ONMICROSOFT)
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The domain `prefix.onmicrosoft.com`, from its prefix as typed or from an address that was pasted.
///
/// # Errors
///
/// [`Invalid::Missing`] when empty; [`Invalid::NotADomainPrefix`] for anything but 1 to 27 letters and digits.
pub fn parse_domain_prefix(typed: &str) -> Result<DomainName, Invalid> {
    refuse_lost(typed)?;
    let typed = trimmed(typed).to_lowercase();
    let address = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://")).unwrap_or(&typed);
    let host = address.split('/').next().unwrap_or(address);
    let host = host.strip_prefix("www.").unwrap_or(host);
    let prefix = host.strip_suffix(ONMICROSOFT).unwrap_or(host);
    match prefix {
        "" if typed.is_empty() => Err(Invalid::Missing),
        prefix if (1..=27).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Ok(DomainName(format!("{prefix}{ONMICROSOFT}")))
        }
        _ => Err(Invalid::NotADomainPrefix),
    }
}

/// What Microsoft's own domains end with.
pub const ONMICROSOFT: &str = ".onmicrosoft.com";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_read_in_any_usual_form() {
        for typed in [
            "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
            "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}",
            "(0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9)",
            "URN:UUID:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
            "\t 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9 \n",
            "\u{200b}\u{202a}0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9\u{202c}\u{feff}",
        ] {
            let guid = parse_guid(typed).map(|guid| guid.to_string());
            assert_eq!(guid.as_deref(), Ok("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"), "{typed}");
        }
    }

    #[test]
    fn what_is_no_guid_is_refused() {
        for typed in [
            "contoso",
            "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f",
            "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f99",
            "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8fg",
            "{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
            "00000000-0000-0000-0000-000000000000",
            "{}",
            "é",
        ] {
            assert_eq!(parse_guid(typed), Err(Invalid::NotAGuid), "{typed}");
        }
        assert_eq!(parse_guid("  "), Err(Invalid::Missing));
        assert_eq!(parse_guid("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f\u{fffd}"), Err(Invalid::CharacterLost));
    }

    #[test]
    fn a_domain_is_found_in_what_is_pasted() {
        for (typed, name) in [
            ("contoso.onmicrosoft.com", "contoso.onmicrosoft.com"),
            (" Contoso.OnMicrosoft.com ", "contoso.onmicrosoft.com"),
            ("\u{200e}contoso.nl\u{200b}", "contoso.nl"),
            ("https://www.contoso.nl/over-ons?x=1", "contoso.nl"),
            ("HTTP://contoso.nl/", "contoso.nl"),
            ("www.contoso.nl.", "contoso.nl"),
            ("www.nl", "www.nl"),
            ("müller.example", "xn--mller-kva.example"),
            ("XN--MLLER-KVA.example", "xn--mller-kva.example"),
            ("3com.com", "3com.com"),
        ] {
            assert_eq!(DomainName::parse(typed).map(|d| d.to_string()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn what_is_no_domain_is_refused() {
        let long_label = format!("{}.nl", "a".repeat(64));
        let long_name = format!("{}nl", "abcdefg.".repeat(32));
        for typed in [
            "contoso",
            "https://",
            ".",
            "..",
            "a..nl",
            ".nl",
            "-a.nl",
            "a-.nl",
            "a b.nl",
            "a_b.nl",
            "anna@contoso.nl",
            "192.0.2.1",
            "contoso.nl:443",
            "xn--a.nl",
            "a\0.nl",
            "💥",
            &long_label,
            &long_name,
        ] {
            assert_eq!(DomainName::parse(typed), Err(Invalid::NotADomain), "{typed}");
        }
        assert_eq!(DomainName::parse(" "), Err(Invalid::Missing));
        assert_eq!(DomainName::parse("m\u{fffd}ller.nl"), Err(Invalid::CharacterLost));
    }

    #[test]
    fn a_name_of_253_characters_is_the_longest() {
        let name = |n: usize| format!("{}{}", "abcdefg.".repeat(31), "a".repeat(n));
        assert_eq!(name(5).len(), 253);
        assert!(DomainName::parse(&name(5)).is_ok());
        assert_eq!(DomainName::parse(&name(6)), Err(Invalid::NotADomain));
    }

    #[test]
    fn the_prefix_is_that_of_microsofts_domain() {
        let prefix = |typed| DomainName::parse(typed).unwrap().prefix().map(str::to_owned);
        assert_eq!(prefix("contoso.onmicrosoft.com").as_deref(), Some("contoso"));
        assert_eq!(prefix("contoso.nl"), None);
        assert_eq!(prefix("onmicrosoft.com"), None);
    }

    #[test]
    fn a_prefix_is_found_in_what_is_pasted() {
        for typed in [
            "contoso",
            " Contoso ",
            "\u{202d}contoso\u{202c}",
            "contoso.onmicrosoft.com",
            "https://www.contoso.onmicrosoft.com/",
            "HTTP://contoso.onmicrosoft.com/x?y=z",
            "www.contoso.onmicrosoft.com",
        ] {
            assert_eq!(parse_domain_prefix(typed).unwrap().as_str(), "contoso.onmicrosoft.com", "{typed}");
        }
        assert!(parse_domain_prefix(&"a".repeat(27)).is_ok());
        assert_eq!(parse_domain_prefix(" "), Err(Invalid::Missing));
        for typed in [
            "con-toso",
            "contoso.nl",
            "contoso b.v.",
            "contós",
            "https://",
            ".onmicrosoft.com",
            "a\0b",
            &"a".repeat(28),
            "anna@contoso",
        ] {
            assert_eq!(parse_domain_prefix(typed), Err(Invalid::NotADomainPrefix), "{typed}");
        }
    }

    #[test]
    fn a_parsed_name_parses_to_itself() {
        for c in '\0'..='\u{ffff}' {
            if let Ok(name) = DomainName::parse(&format!("a{c}b.nl")) {
                assert_eq!(DomainName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
