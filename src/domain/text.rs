//! Single-line text as people type and paste it.

use super::invalid::Invalid;
use unicode_normalization::UnicodeNormalization;

/// The text as it is stored: ends trimmed, inner runs of white space folded to one space, NFC.
///
/// Empty text is `None`. The rule for text everywhere.
///
/// # Errors
///
/// [`Invalid::Unprintable`] for control, bidi-control and other invisible characters;
/// [`Invalid::TooLong`] for more than `max` Unicode scalar values.
pub fn line(typed: &str, max: usize) -> Result<Option<String>, Invalid> {
    let trimmed = typed.trim_matches(|c: char| c.is_whitespace() || c == BYTE_ORDER_MARK);
    if trimmed.chars().any(is_unprintable) {
        return Err(Invalid::Unprintable);
    }
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

/// Text of unknown origin on one line, with a mark for each character that a reader could not see or that
/// would steer a terminal.
pub fn shown(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    folded.chars().map(|c| if is_unprintable(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Some programs put one in front of what they copy.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Whether a reader could not see the character, or would be misled by it.
///
/// The joiners U+200C and U+200D are fine: names in several scripts need them.
fn is_unprintable(c: char) -> bool {
    match c {
        // Ordinary white space, folded later.
        '\t' | '\n' | '\r' => false,
        '\u{ad}'                      // soft hyphen
        | '\u{61c}'                   // Arabic letter mark
        | '\u{200b}'                  // zero-width space
        | '\u{200e}'..='\u{200f}'     // left-to-right and right-to-left marks
        | '\u{2028}'..='\u{202e}'     // line and paragraph separators, bidi embeddings
        | '\u{2060}'..='\u{206f}'     // word joiner, invisible operators, bidi isolates
        | BYTE_ORDER_MARK
        | '\u{fff9}'..='\u{fffb}'     // interlinear annotation
        | '\u{fdd0}'..='\u{fdef}' => true,
        // The last two code points of every plane are not characters.
        c => c.is_control() || u32::from(c) & 0xfffe == 0xfffe,
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
        ] {
            assert_eq!(line(typed, 50), Ok(Some(stored.to_owned())), "{typed:?}");
        }
    }

    #[test]
    fn nothing_but_white_space_is_empty() {
        for typed in ["", " ", "\t\r\n", "\u{a0}\u{3000}"] {
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
}
