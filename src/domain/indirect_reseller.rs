//! Indirect resellers: the companies that sell what an indirect provider buys.

use uuid::Uuid;

use super::invalid::Invalid;

/// The most digits of an MPN ID.
const MPN_ID_MAX: usize = 20;

/// An indirect reseller of an indirect provider's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndirectReseller {
    /// Its number in the Microsoft partner network, 1–20 digits, unique in the account.
    pub mpn_id: String,
    /// 1–256 Unicode scalar values.
    pub name: String,
    /// Its own tenant.
    pub tenant_id: Uuid,
    /// Whether it signed the Microsoft Partner Agreement.
    pub agreement_signed: bool,
}

/// Reads an MPN ID as typed. Zeros before it count.
///
/// # Errors
///
/// [`Invalid::Missing`] when empty; [`Invalid::NotAnMpnId`] for anything but 1 to 20 digits.
pub fn parse_mpn_id(typed: &str) -> Result<String, Invalid> {
    super::text::refuse_lost(typed)?;
    let typed = super::text::trimmed(typed);
    if typed.is_empty() {
        return Err(Invalid::Missing);
    }
    let is_one = typed.len() <= MPN_ID_MAX && typed.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| typed.to_owned()).ok_or(Invalid::NotAnMpnId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_mpn_id_of_a_reseller_has_1_to_20_digits() {
        for (typed, mpn_id) in [
            ("4847383", "4847383"),
            (" 0\u{a0}", "0"),
            ("007", "007"),
            ("12345678901234567890", "12345678901234567890"),
        ] {
            assert_eq!(parse_mpn_id(typed).as_deref(), Ok(mpn_id), "{typed:?}");
        }
        for typed in ["123456789012345678901", "48 47", "-1", "1.0", "MPN1", "４８４７", "1e6"] {
            assert_eq!(parse_mpn_id(typed), Err(Invalid::NotAnMpnId), "{typed:?}");
        }
        assert_eq!(parse_mpn_id(" "), Err(Invalid::Missing));
    }
}
