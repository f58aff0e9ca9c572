//! The hash of an entry of the log, as somebody kept it outside the database.

use std::{fmt, str::FromStr};

use super::audit::Hash;

/// The number of an entry and its hash. As text: `SEQ:HASH`, the hash in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptHash {
    /// The entry's number, at least 1.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

/// Why a text is no [`KeptHash`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeptHashError {
    /// There is no colon.
    #[error("write the number of the entry, a colon and its hash, as audit verify prints them")]
    NoColon,
    /// What stands before the colon is not the number of an entry.
    #[error("what stands before the colon is not the number of an entry: a whole number from 1")]
    Number,
    /// What stands behind it is no hash.
    #[error("what stands behind the colon is not a hash: 64 hexadecimal digits")]
    Hash,
}

impl FromStr for KeptHash {
    type Err = KeptHashError;

    /// Spaces do not count: a printed hash has them.
    fn from_str(text: &str) -> Result<Self, KeptHashError> {
        let (seq, hash) = text.split_once(':').ok_or(KeptHashError::NoColon)?;
        let seq = seq.trim();
        if !seq.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(KeptHashError::Number);
        }
        let seq = seq.parse().ok().filter(|seq| *seq > 0).ok_or(KeptHashError::Number)?;
        let digits: Option<Vec<u8>> = hash
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = digits.filter(|digits| digits.len() == 64).ok_or(KeptHashError::Hash)?;
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Ok(Self { seq, hash })
    }
}

impl fmt::Display for KeptHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.seq)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_hash_is_read_as_it_is_printed() {
        let kept = KeptHash { seq: 3857, hash: std::array::from_fn(|place| u8::try_from(place * 8).unwrap()) };
        let text = kept.to_string();
        assert!(text.starts_with("3857:000810"), "{text}");
        let spaced: String =
            text.chars().enumerate().map(|(n, c)| if n % 9 == 8 { format!(" {c}") } else { c.into() }).collect();
        for typed in [text.clone(), text.to_uppercase(), spaced, format!(" {} ", text.replace(':', " : "))] {
            assert_eq!(typed.parse(), Ok(kept), "{typed}");
        }
        let last = KeptHash { seq: i64::MAX, hash: [0xff; 32] };
        assert_eq!(last.to_string().parse(), Ok(last));
    }

    #[test]
    fn anything_else_is_refused_by_what_is_wrong_with_it() {
        let hash = "ab".repeat(32);
        for (typed, why) in [
            (String::new(), KeptHashError::NoColon),
            (hash.clone(), KeptHashError::NoColon),
            (format!("12 {hash}"), KeptHashError::NoColon),
            (format!("12-{hash}"), KeptHashError::NoColon),
            (format!(":{hash}"), KeptHashError::Number),
            (format!("0:{hash}"), KeptHashError::Number),
            (format!("-1:{hash}"), KeptHashError::Number),
            (format!("+1:{hash}"), KeptHashError::Number),
            (format!("1.5:{hash}"), KeptHashError::Number),
            (format!("1 2:{hash}"), KeptHashError::Number),
            (format!("9223372036854775808:{hash}"), KeptHashError::Number),
            (format!("\u{661}:{hash}"), KeptHashError::Number),
            (format!("{hash}:12"), KeptHashError::Number),
            ("12:".into(), KeptHashError::Hash),
            (format!("12:{}", &hash[1..]), KeptHashError::Hash),
            (format!("12:{hash}0"), KeptHashError::Hash),
            (format!("12:0x{}", &hash[2..]), KeptHashError::Hash),
            (format!("12:{}g", &hash[1..]), KeptHashError::Hash),
            (format!("12:{}\u{ff11}", &hash[1..]), KeptHashError::Hash),
            (format!("12:13:{hash}"), KeptHashError::Hash),
        ] {
            assert_eq!(typed.parse::<KeptHash>(), Err(why), "{typed}");
        }
    }
}
