//! The text of a file, whatever encoding it is in.
//!
//! UTF-8 and UTF-16 are known by what they are. Every other encoding is a guess unless somebody names it: the guess is
//! Windows-1252, and [`unlikely`] says whether the text that comes of it can be meant.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use oem_cp::{code_table::DECODING_TABLE_CP850, decode_string_complete_table};

use super::{likely_text::unlikely, sheet::ReadAs};

/// An encoding that somebody named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedEncoding {
    /// One of those that browsers know.
    Web(&'static Encoding),
    /// The code page of DOS in Western Europe.
    Cp850,
}

impl NamedEncoding {
    /// The one with a label of the WHATWG, such as `windows-1250`, `macintosh` or `shift_jis`, or `cp850`.
    pub fn parse(label: &str) -> Option<Self> {
        match label.trim().to_ascii_lowercase().as_str() {
            "cp850" | "ibm850" | "850" => Some(Self::Cp850),
            label => Encoding::for_label_no_replacement(label.as_bytes()).map(Self::Web),
        }
    }

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Web(encoding) => encoding.name(),
            Self::Cp850 => "cp850",
        }
    }
}

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a> {
    /// What it says.
    pub text: Cow<'a, str>,
    /// How it was read.
    pub read_as: ReadAs,
}

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextProblem {
    /// Not text: a workbook, a picture, or damaged.
    NotText,
    /// Bytes that the encoding does not have, which was named or which the file names itself.
    Not {
        /// The encoding.
        encoding: &'static str,
    },
    /// The file says itself that it is in another encoding than was named.
    Says {
        /// The encoding that it says.
        encoding: &'static str,
    },
    /// Read by the guess, it holds what nobody writes.
    Unlikely {
        /// The guess.
        encoding: &'static str,
        /// The line.
        line: u64,
        /// What stands there.
        word: String,
    },
}

/// Reads the bytes of a file as the encoding that is `named`, or as what they look like.
///
/// # Errors
///
/// A [`TextProblem`].
pub fn text(bytes: &[u8], named: Option<NamedEncoding>) -> Result<Text<'_>, TextProblem> {
    let mark = Encoding::for_bom(bytes);
    let read = match (named, mark) {
        (Some(named), Some((encoding, _))) if !agree(named, encoding) => {
            return Err(TextProblem::Says { encoding: encoding.name() });
        }
        (_, Some((encoding, mark))) => strict(&bytes[mark..], encoding)?,
        (Some(NamedEncoding::Cp850), None) => {
            let text = decode_string_complete_table(bytes, &DECODING_TABLE_CP850);
            Text { text: Cow::Owned(text), read_as: ReadAs { encoding: "cp850", guessed: false } }
        }
        (Some(NamedEncoding::Web(encoding)), None) => strict(bytes, encoding)?,
        (None, None) => match str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => known(text, UTF_8),
            _ => match utf_16(bytes) {
                Some(encoding) => strict(without_end_mark(bytes), encoding)?,
                None => guessed(bytes)?,
            },
        },
    };
    if read.text.contains('\0') { Err(TextProblem::NotText) } else { Ok(read) }
}

/// Whether a file whose mark says one encoding can be in the one that was named.
fn agree(named: NamedEncoding, marked: &'static Encoding) -> bool {
    // The label `utf-16` means the little-endian one, whichever the file is in.
    matches!(named, NamedEncoding::Web(named) if named == marked || (named == UTF_16LE && marked == UTF_16BE))
}

fn known<'a>(text: impl Into<Cow<'a, str>>, encoding: &'static Encoding) -> Text<'a> {
    Text { text: text.into(), read_as: ReadAs { encoding: encoding.name(), guessed: false } }
}

fn strict<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Result<Text<'a>, TextProblem> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.map(|text| known(text, encoding)).ok_or(TextProblem::Not { encoding: encoding.name() })
}

/// The byte order of UTF-16 without a mark, by where the zeros of its Latin letters and digits stand.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    const ZIP: &[u8] = b"PK\x03\x04";
    let bytes = without_end_mark(bytes);
    let (pairs, odd) = bytes.as_chunks::<2>();
    if pairs.is_empty() || !odd.is_empty() || bytes.starts_with(ZIP) {
        return None;
    }
    let plain = |byte: u8| matches!(byte, b'\t' | b'\r' | b'\n' | b' '..=b'~');
    let little = pairs.iter().filter(|pair| plain(pair[0]) && pair[1] == 0).count();
    let big = pairs.iter().filter(|pair| pair[0] == 0 && plain(pair[1])).count();
    // A quarter at least: ids, delimiters and line ends, whatever script the names are in.
    let enough = |count: usize| count * 4 >= pairs.len();
    match (enough(little), enough(big)) {
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        _ => None,
    }
}

/// The bytes without the single one by which a program of DOS ended a text of pairs of bytes.
fn without_end_mark(bytes: &[u8]) -> &[u8] {
    match bytes {
        [text @ .., 0x1a] if bytes.len() % 2 == 1 => text,
        _ => bytes,
    }
}

fn guessed(bytes: &[u8]) -> Result<Text<'_>, TextProblem> {
    if bytes.contains(&0) {
        return Err(TextProblem::NotText);
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let encoding = WINDOWS_1252.name();
    match unlikely(&text) {
        Some((line, word)) => Err(TextProblem::Unlikely { encoding, line, word }),
        None => Ok(Text { text, read_as: ReadAs { encoding, guessed: true } }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1251};

    fn outcome(bytes: &[u8], label: Option<&str>) -> Result<(String, &'static str, bool), TextProblem> {
        let named = label.map(|label| NamedEncoding::parse(label).expect(label));
        text(bytes, named).map(|text| (text.text.into_owned(), text.read_as.encoding, text.read_as.guessed))
    }

    #[test]
    fn what_a_file_is_in_is_known_guessed_or_named() {
        let said = "Microsoft ID;Company name\r\n1;Café Zoë\r\n";
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| said.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let cp850 = |text: &str| text.replace('é', "\u{1}").replace('ë', "\u{2}").into_bytes();
        let cp850: Vec<u8> = cp850(said)
            .into_iter()
            .map(|b| {
                if b == 1 {
                    0x82
                } else if b == 2 {
                    0x89
                } else {
                    b
                }
            })
            .collect();
        for (bytes, label, encoding, guessed) in [
            (said.as_bytes().to_vec(), None, "UTF-8", false),
            ([b"\xef\xbb\xbf", said.as_bytes()].concat(), None, "UTF-8", false),
            ([b"\xef\xbb\xbf", said.as_bytes()].concat(), Some("utf8"), "UTF-8", false),
            ([b"\xff\xfe".to_vec(), utf_16(u16::to_le_bytes)].concat(), None, "UTF-16LE", false),
            ([b"\xfe\xff".to_vec(), utf_16(u16::to_be_bytes)].concat(), Some("utf-16"), "UTF-16BE", false),
            (utf_16(u16::to_le_bytes), None, "UTF-16LE", false),
            (utf_16(u16::to_be_bytes), None, "UTF-16BE", false),
            ([utf_16(u16::to_le_bytes), vec![0x1a]].concat(), None, "UTF-16LE", false),
            (WINDOWS_1252.encode(said).0.into_owned(), None, "windows-1252", true),
            (WINDOWS_1252.encode(said).0.into_owned(), Some("latin1"), "windows-1252", false),
            (WINDOWS_1250.encode(said).0.into_owned(), Some("windows-1250"), "windows-1250", false),
            (MACINTOSH.encode(said).0.into_owned(), Some("macintosh"), "macintosh", false),
            (cp850.clone(), Some("cp850"), "cp850", false),
            (cp850, Some("IBM850"), "cp850", false),
        ] {
            assert_eq!(outcome(&bytes, label), Ok((said.to_owned(), encoding, guessed)), "{encoding} {label:?}");
        }
        let russian = "ООО Ромашка";
        assert_eq!(
            outcome(&WINDOWS_1251.encode(russian).0, Some("windows-1251")).unwrap(),
            (russian.to_owned(), "windows-1251", false)
        );
        assert_eq!(outcome(&SHIFT_JIS.encode("株式会社").0, Some("shift_jis")).unwrap().0, "株式会社");
    }

    #[test]
    fn what_is_no_text_of_its_encoding_is_refused() {
        let not = |encoding| Err(TextProblem::Not { encoding });
        for (bytes, label, expected) in [
            (&b"PK\x03\x04\x14\0\x06\0"[..], None, Err(TextProblem::NotText)),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0", None, Err(TextProblem::NotText)),
            (b"\xef\xbb\xbf\xff", None, not("UTF-8")),
            (b"\xff\xfe\0\xd8", None, not("UTF-16LE")),
            (b"\xff\xfea", None, not("UTF-16LE")),
            (b"\xff\xfea\0\0\0", None, Err(TextProblem::NotText)),
            (b"caf\xe9", Some("utf-8"), not("UTF-8")),
            (b"\x82\xff", Some("shift_jis"), not("Shift_JIS")),
            (b"\xef\xbb\xbfx", Some("windows-1250"), Err(TextProblem::Says { encoding: "UTF-8" })),
        ] {
            assert_eq!(outcome(bytes, label), expected, "{bytes:?} {label:?}");
        }
        for label in ["", "windows-9999", "replacement", "hz-gb-2312"] {
            assert_eq!(NamedEncoding::parse(label), None, "{label}");
        }
    }
}
