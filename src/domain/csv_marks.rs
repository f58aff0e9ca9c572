//! Apostrophes that keep a spreadsheet from changing what a file of comma-separated values says.
//!
//! A spreadsheet takes some text for a formula or a number. Which separator it splits at depends on its language, so that
//! any part of a cell may become a cell of its own. An apostrophe goes in front of each such text; every import takes the
//! same apostrophes away again.

use std::borrow::Cow;

/// What a spreadsheet takes for the begin of a formula, and the mark itself.
const MARKED: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠', MARK];

/// Keeps a spreadsheet from reading on.
const MARK: char = '\'';

/// Digits from which on a spreadsheet shows a number in another way.
const LONG: usize = 12;

/// The text with a mark before whatever a spreadsheet would take for a formula or for a number with other digits.
pub fn marked(text: &str) -> Cow<'_, str> {
    let formulas = formulas_marked(text);
    if is_changed_number(text) { Cow::Owned(format!("{MARK}{formulas}")) } else { formulas }
}

/// The text without the marks that [`marked`] puts into it.
pub fn unmarked(cell: &str) -> Cow<'_, str> {
    if let Some(number) = cell.strip_prefix(MARK).map(formulas_unmarked).filter(|number| is_changed_number(number)) {
        return number;
    }
    formulas_unmarked(cell)
}

fn formulas_marked(text: &str) -> Cow<'_, str> {
    if !text.contains(MARKED) {
        return Cow::Borrowed(text);
    }
    let mut marked = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for c in text.chars() {
        if begins && MARKED.contains(&c) {
            marked.push(MARK);
        }
        marked.push(c);
        begins = ends_cell(c) || (begins && is_skipped(c));
    }
    Cow::Owned(marked)
}

fn formulas_unmarked(cell: &str) -> Cow<'_, str> {
    if !cell.contains(MARK) {
        return Cow::Borrowed(cell);
    }
    let mut text = String::with_capacity(cell.len());
    let mut begins = true;
    let mut signs = cell.chars().peekable();
    while let Some(c) = signs.next() {
        let c = match signs.peek() {
            Some(next) if begins && c == MARK && MARKED.contains(next) => signs.next().unwrap_or(c),
            _ => c,
        };
        text.push(c);
        begins = ends_cell(c) || (begins && is_skipped(c));
    }
    Cow::Owned(text)
}

/// Whether some spreadsheet begins a new cell or line behind it.
fn ends_cell(c: char) -> bool {
    matches!(c, ',' | ';' | '\t' | '\r' | '\n')
}

/// Whether a spreadsheet looks for a formula behind it, too.
fn is_skipped(c: char) -> bool {
    c == '"' || c.is_whitespace()
}

/// Whether a spreadsheet would take the whole text for a number or a day and give back something else: a telephone
/// number loses its zero or its last digits.
fn is_changed_number(text: &str) -> bool {
    let text = text.trim();
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '(') {
        return false;
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits == text.len() {
        return digits >= LONG || (digits > 1 && text.starts_with('0'));
    }
    let is_power = text.split_once(['e', 'E']).is_some_and(|(number, power)| {
        number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
            && power.trim_start_matches(['+', '-']).bytes().all(|b| b.is_ascii_digit())
    });
    let groups =
        |c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ',' | ':' | '/' | '-' | '(' | ')');
    // A day or time as the portal writes it is meant to be one.
    let is_day = text.len() >= 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    // So long a text is an id, and no spreadsheet reads it as a number.
    let is_id = text.len() > 30;
    digits > 0 && !is_day && !is_id && (is_power || text.chars().all(groups))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first sign of each cell that a spreadsheet with this separator makes of a line, without what it skips.
    fn begins(line: &str, separator: char) -> Vec<char> {
        let cells = line.split([separator, '\r', '\n']);
        cells.filter_map(|cell| cell.trim_start_matches(['"', ' ', '\u{a0}', '\u{3000}']).chars().next()).collect()
    }

    const TEXTS: &[&str] = &[
        "=1+1",
        "+31 20",
        "-",
        "@a",
        "'t Stoepje",
        "''",
        "'",
        "\ta",
        "\ra",
        "a=b",
        " =1",
        "\u{a0}=1",
        "\"=1\"",
        "Foo,=1+1",
        "Foo;=HYPERLINK(\"x\")",
        "Foo; \"=1",
        "a\t=1",
        "a\n-1",
        "＝1+1",
        "x,＋1",
        "Foo, 't Hart",
        "Foo,'=1",
        "'=1",
        "''=1",
        ",,;;==",
        "0612345678",
        "'0612345678",
        "447900900123",
        "4847383",
        "0",
        "00",
        "1E5",
        "3,16E+10",
        "020 555 01 17",
        "06-12345678",
        "(020) 1",
        "1/2",
        "10.11.12",
        "2026-11-22",
        "2026-11-22 10:05:00",
        "12345678-1234-4123-8123-123456789012",
        "1234 AB",
        "3M",
        "",
        " ",
        "' ",
        "',",
        "','",
        "',=",
        "'0",
        "'00",
        "é'=",
        "\"'\"",
    ];

    #[test]
    fn no_cell_begins_a_formula_whatever_the_separator() {
        for text in TEXTS {
            let marked = marked(text);
            for separator in [',', ';', '\t'] {
                let begins = begins(&marked, separator);
                assert!(
                    !begins.iter().any(|c| MARKED[..4].contains(c) || MARKED[6..10].contains(c)),
                    "{text:?} {marked:?}"
                );
            }
        }
    }

    #[test]
    fn every_text_is_read_back_as_it_was() {
        for text in TEXTS {
            assert_eq!(unmarked(&marked(text)), *text, "{text:?}");
        }
        // All texts of six of these signs.
        let signs = ['\'', '=', ',', ' ', '"', '0', '-'];
        for number in 0..7_usize.pow(6) {
            let text: String = (0..6).map(|at| signs[number / 7_usize.pow(at) % 7]).collect();
            assert_eq!(unmarked(&marked(&text)), text, "{text:?}");
        }
    }

    #[test]
    fn digits_that_a_spreadsheet_would_change_are_kept_as_text() {
        for text in [
            "0612345678",
            "00",
            "447900900123",
            "1E5",
            "3,16E+10",
            "020 555 01 17",
            "1/2",
            "10.11.12",
            "1,234",
            "(020) 1",
        ] {
            assert_eq!(marked(text), format!("'{text}"));
        }
        for text in ["4847383", "0", "25", "2026-11-22", "2026-11-22 10:05:00", "3M", "1234 AB", "Contoso 0612345678"] {
            assert_eq!(marked(text), text);
        }
    }
}
