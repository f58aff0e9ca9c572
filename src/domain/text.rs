//! Single-line text as people type and paste it.

use std::borrow::Cow;

use icu_properties::{
    CodePointSetData,
    props::{DefaultIgnorableCodePoint, VariationSelector},
};
use unicode_normalization::UnicodeNormalization;

use super::invalid::Invalid;

/// The text as it is stored: ends trimmed, inner runs of white space folded to one space, NFC.
///
/// Empty text is `None`. The rule for text everywhere. Invisible marks at the ends (see [`trimmed`]) are no part of it.
///
/// # Errors
///
/// [`Invalid::CharacterLost`] for the character that stands for one that could not be read;
/// [`Invalid::Unprintable`] for control, bidi-control and other invisible characters;
/// [`Invalid::TooLong`] for more than `max` Unicode scalar values.
pub fn line(typed: &str, max: usize) -> Result<Option<String>, Invalid> {
    let trimmed = trimmed(typed);
    refuse_hidden(trimmed)?;
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    let line: String = words.join(" ").nfc().collect();
    if line.chars().nth(max).is_some() {
        return Err(Invalid::TooLong { max });
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// As [`line()`], for a field that must be filled in.
///
/// # Errors
///
/// Those of [`line()`], and [`Invalid::Missing`] for empty text.
pub fn required(typed: &str, max: usize) -> Result<String, Invalid> {
    line(typed, max)?.ok_or(Invalid::Missing)
}

/// The text without white space and without the marks that programs put around what they copy: direction marks,
/// zero-width characters, soft hyphens and byte order marks.
pub fn trimmed(typed: &str) -> &str {
    typed.trim_matches(|c: char| c.is_whitespace() || is_mark(c))
}

/// The text without these marks anywhere, for what never holds one, such as a phone number.
pub fn without_marks(typed: &str) -> Cow<'_, str> {
    if typed.contains(is_mark) {
        Cow::Owned(typed.chars().filter(|&c| !is_mark(c)).collect())
    } else {
        Cow::Borrowed(typed)
    }
}

/// Refuses a short value, such as an id or a day, in which a character was lost.
///
/// # Errors
///
/// [`Invalid::CharacterLost`].
pub fn refuse_lost(typed: &str) -> Result<(), Invalid> {
    if typed.contains(char::REPLACEMENT_CHARACTER) { Err(Invalid::CharacterLost) } else { Ok(()) }
}

/// Whether a reader sees a letter or a digit in it.
pub fn has_letter_or_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && !is_hidden(c))
}

/// Text of unknown origin on one line, with a mark for each character that a reader could not see or that
/// would steer a terminal.
pub fn shown(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.chars().map(|c| if is_hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// U+200C and U+200D, by which several scripts join or separate letters.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether programs put the character around text that they copy or wrap: it has no look of its own.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'                      // soft hyphen
        | '\u{61c}'                   // Arabic letter mark
        | '\u{180e}'                  // Mongolian vowel separator, once a zero-width space
        | '\u{200b}'..='\u{200f}'     // zero-width space and joiners, left-to-right and right-to-left marks
        | '\u{202a}'..='\u{202e}'     // bidi embeddings and overrides
        | '\u{2060}'..='\u{206f}'     // word joiner, invisible operators, bidi isolates
        | '\u{feff}'                  // byte order mark
    )
}

/// Refuses text with a character that a reader could not see, or would be misled by.
fn refuse_hidden(text: &str) -> Result<(), Invalid> {
    refuse_lost(text)?;
    // Joiners and variation selectors change the look of the character before them.
    let mut has_base = false;
    for c in text.chars() {
        let modifies = is_joiner(c) || CodePointSetData::new::<VariationSelector>().contains(c);
        if is_hidden(c) || (modifies && !has_base) {
            return Err(Invalid::Unprintable);
        }
        has_base = !c.is_whitespace();
    }
    Ok(())
}

/// Whether a reader could not see the character, or would be misled by it.
fn is_hidden(c: char) -> bool {
    match c {
        // Ordinary white space, folded later.
        '\t' | '\n' | '\r' => false,
        '\u{2028}' | '\u{2029}'       // line and paragraph separators
        | '\u{2800}'                  // signs that are blank: of Braille,
        | '\u{13441}'..='\u{13442}'   // of Egyptian hieroglyphs
        | '\u{1d159}'                 // and of music
        | '\u{fff9}'..='\u{fffc}'     // annotations, and what stands for an object that was left behind
        | '\u{fdd0}'..='\u{fdef}' => true,
        c if is_joiner(c) || CodePointSetData::new::<VariationSelector>().contains(c) => false,
        // The last two code points of every plane are not characters.
        c => {
            c.is_control()
                || u32::from(c) & 0xfffe == 0xfffe
                || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_shown_as_a_mark() {
        assert_eq!(shown(" Café\r\nde\tLinde "), "Café de Linde");
        assert_eq!(shown("a\u{1b}[2Jb\u{202e}c\u{7}"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}");
    }

    #[test]
    fn white_space_is_trimmed_and_folded() {
        for (typed, stored) in [
            ("Anna", "Anna"),
            ("  van  der\u{a0}\u{2003} Berg ", "van der Berg"),
            ("a\tb\r\nc", "a b c"),
            ("\u{feff}Anna\u{2028}", "Anna"),
            ("O’Neill", "O’Neill"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("葛\u{e0100}城 ❤\u{fe0f}", "葛\u{e0100}城 ❤\u{fe0f}"),
            ("\u{202a}\u{2068}+31 6\u{2069}\u{202c}", "+31 6"),
            ("\u{200f}\u{ad} \u{200b}Anna\u{200d}\u{2060} \u{200e}", "Anna"),
        ] {
            assert_eq!(line(typed, 50), Ok(Some(stored.to_owned())), "{typed:?}");
        }
    }

    #[test]
    fn nothing_but_white_space_is_empty() {
        for typed in ["", " ", "\t\r\n", "\u{a0}\u{3000}", "\u{200b}", "\u{202a}\u{202c}", "\u{ad} \u{feff}"] {
            assert_eq!(line(typed, 50), Ok(None));
            assert_eq!(required(typed, 50), Err(Invalid::Missing));
        }
    }

    #[test]
    fn text_is_composed_before_it_is_counted() {
        assert_eq!(line("e\u{301}", 1), Ok(Some("é".to_owned())));
        assert_eq!(line(&"é".repeat(50), 50), Ok(Some("é".repeat(50))));
        assert_eq!(line(&"é".repeat(51), 50), Err(Invalid::TooLong { max: 50 }));
        assert_eq!(line(&"𠮷".repeat(50), 50), Ok(Some("𠮷".repeat(50))));
    }

    #[test]
    fn characters_that_cannot_be_seen_are_refused() {
        for c in [
            '\0',
            '\u{7}',
            '\u{b}',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9f}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2028}',
            '\u{2029}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{fdd0}',
            '\u{fffe}',
            '\u{10ffff}',
            // Blank letters and signs, tags, and marks without a look.
            '\u{34f}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180e}',
            '\u{2800}',
            '\u{3164}',
            '\u{ffa0}',
            '\u{fff0}',
            '\u{fffc}',
            '\u{1d159}',
            '\u{1d173}',
            '\u{e0041}',
            '\u{e0fff}',
        ] {
            assert_eq!(line(&format!("a{c}b"), 50), Err(Invalid::Unprintable), "{c:?}");
        }
    }

    #[test]
    fn a_stored_line_is_stored_unchanged_again() {
        for c in '\0'..='\u{1ffff}' {
            if let Ok(Some(once)) = line(&format!("a {c}e\u{301}"), 50) {
                assert_eq!(line(&once, 50), Ok(Some(once.clone())), "{c:?}");
            }
        }
    }

    #[test]
    fn text_of_nothing_that_is_seen_is_refused_or_empty() {
        let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
        for c in ('\0'..=char::MAX).filter(|&c| ignorable.contains(c)) {
            for typed in [format!("{c}"), format!("{c} {c}"), format!(" {c}{c}")] {
                assert!(matches!(line(&typed, 50), Ok(None) | Err(Invalid::Unprintable)), "{c:?}");
            }
        }
    }

    #[test]
    fn a_lost_character_is_told_from_one_that_cannot_be_seen() {
        for typed in ["Ren\u{fffd}", "\u{fffd}", "M\u{fffd}\u{fffd}ller\u{7}", " \u{fffd} "] {
            assert_eq!(line(typed, 50), Err(Invalid::CharacterLost), "{typed:?}");
        }
    }

    #[test]
    fn letters_and_digits_of_any_script_count() {
        for text in ["A", "李", "3", "٣", "अ", "-Ж-", "Ⅷ"] {
            assert!(has_letter_or_digit(text), "{text}");
        }
        for text in ["", ".", "- –", "!?", "\u{3164}", "\u{115f}", "\u{301}", "😀"] {
            assert!(!has_letter_or_digit(text), "{text}");
        }
    }
}
