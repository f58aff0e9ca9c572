//! CSV for spreadsheets and for programs.

use chrono_tz::Tz;

use super::cell::{Cell, local};
use crate::{domain::csv_marks::marked, i18n::Language};

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// As RFC 4180 has it.
    Comma,
    /// As spreadsheets expect it where numbers have a decimal comma.
    Semicolon,
}

impl Separator {
    /// What is asked for by name, or else what spreadsheets of the language expect.
    pub fn asked(code: &str, language: Language) -> Self {
        match (code, language) {
            ("comma", _) => Self::Comma,
            ("semicolon", _) | (_, Language::Dutch) => Self::Semicolon,
            (_, Language::English) => Self::Comma,
        }
    }

    /// Its name in an address.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
        }
    }

    const fn character(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
        }
    }
}

/// Rows as text: UTF-8 with a byte order mark, lines that end with CR LF, and before text that a spreadsheet would
/// take for a formula, or for a number with other digits, an apostrophe that every import of the portal takes away
/// again. Days are written as
/// 2026-11-22, times as 2026-11-22 10:05:00.
pub struct Csv {
    separator: char,
    zone: Tz,
    text: String,
}

impl Csv {
    /// A file that begins with the words over its columns.
    pub fn new(separator: Separator, zone: Tz, head: &[String]) -> Self {
        let mut csv = Self { separator: separator.character(), zone, text: String::from('\u{feff}') };
        csv.row(&head.iter().cloned().map(Cell::Text).collect::<Vec<_>>());
        csv
    }

    /// Appends a row.
    pub fn row(&mut self, cells: &[Cell]) {
        for (number, cell) in cells.iter().enumerate() {
            if number > 0 {
                self.text.push(self.separator);
            }
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => self.push(text),
                Cell::Date(day) => self.text.push_str(&day.to_string()),
                Cell::Number(number) => self.text.push_str(&number.to_string()),
                Cell::Time(at) => {
                    self.text.push_str(&local(*at, self.zone).format("%Y-%m-%d %H:%M:%S").to_string());
                }
            }
        }
        self.text.push_str("\r\n");
    }

    fn push(&mut self, text: &str) {
        let text = marked(text);
        let quoted = text.contains([self.separator, '"', '\r', '\n']);
        if quoted {
            self.text.push('"');
        }
        if quoted {
            self.text.push_str(&text.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&text);
        }
    }

    /// How many bytes wait to be taken.
    pub fn waiting(&self) -> usize {
        self.text.len()
    }

    /// Takes what was written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(separator: Separator, cells: &[Cell]) -> String {
        let mut csv = Csv::new(separator, Tz::Europe__Amsterdam, &["A".into(), "B".into()]);
        csv.row(cells);
        let text = String::from_utf8(csv.take()).unwrap();
        let begin = format!("\u{feff}A{}B\r\n", separator.character());
        text.strip_prefix(&begin).unwrap_or_else(|| panic!("{text:?}")).to_owned()
    }

    fn text(text: &str) -> String {
        written(Separator::Comma, &[Cell::Text(text.into())])
    }

    #[test]
    fn every_kind_of_cell_has_one_form() {
        let cells = [
            Cell::Empty,
            Cell::Text("Contoso".into()),
            Cell::Date("2026-03-12".parse().unwrap()),
            Cell::Number(-5),
            Cell::Time("2026-11-22T09:05:07.9Z".parse().unwrap()),
        ];
        assert_eq!(written(Separator::Semicolon, &cells), ";Contoso;2026-03-12;-5;2026-11-22 10:05:07\r\n");
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        for (plain, expected) in [
            ("a;b", "a;b\r\n"),
            ("a,b", "\"a,b\"\r\n"),
            ("a\"b", "\"a\"\"b\"\r\n"),
            ("a\nb", "\"a\nb\"\r\n"),
            (" a ", " a \r\n"),
        ] {
            assert_eq!(text(plain), expected, "{plain:?}");
        }
        assert_eq!(written(Separator::Semicolon, &[Cell::Text("a;b".into())]), "\"a;b\"\r\n");
        assert_eq!(written(Separator::Semicolon, &[Cell::Text("a,b".into())]), "a,b\r\n");
    }

    #[test]
    fn what_looks_like_a_formula_gets_one_apostrophe() {
        for (plain, expected) in [
            ("=1+1", "'=1+1"),
            ("+31 20", "'+31 20"),
            ("-", "'-"),
            ("@a", "'@a"),
            ("'t Stoepje", "''t Stoepje"),
            ("''", "'''"),
            ("\ta", "'\ta"),
            ("\ra", "\"'\ra\""),
            ("a=b", "a=b"),
            (" =1", " '=1"),
            ("＝1", "'＝1"),
            ("a;=1", "a;'=1"),
            ("0612345678", "'0612345678"),
            ("447900900123", "'447900900123"),
            ("4847383", "4847383"),
        ] {
            assert_eq!(text(plain), format!("{expected}\r\n"), "{plain:?}");
        }
    }

    #[test]
    fn the_separator_is_that_of_the_language_unless_one_is_named() {
        for (code, english, dutch) in [
            ("", Separator::Comma, Separator::Semicolon),
            ("nonsense", Separator::Comma, Separator::Semicolon),
            ("comma", Separator::Comma, Separator::Comma),
            ("semicolon", Separator::Semicolon, Separator::Semicolon),
        ] {
            assert_eq!(Separator::asked(code, Language::English), english, "{code}");
            assert_eq!(Separator::asked(code, Language::Dutch), dutch, "{code}");
        }
    }
}
