//! The cells of a sheet.

use quick_xml::events::{BytesStart, Event};

use crate::domain::sheet::{DateSystem, RowKind, Sheet};

use super::{
    archive::Archive,
    number::Format,
    part::Part,
    problem::{Limit, MAX_CELLS, MAX_COLUMNS, MAX_TEXT, Problem},
    strings::{SharedStrings, rich_text},
    styles::Styles,
    xml::{Xml, attribute, is_on},
};

/// Puts the rows of a sheet together.
pub(super) struct Reader<'a> {
    strings: &'a SharedStrings,
    styles: &'a Styles,
    date_system: DateSystem,
    sheet: Sheet,
    /// The number of the row that is being read.
    row: u32,
    /// The text of its cells, one after another, and where each ends.
    text: String,
    ends: Vec<usize>,
    /// Where the column of the next cell without an address is.
    column: usize,
    /// The value of the cell that is being read.
    value: String,
    /// The most cells of a row so far.
    width: usize,
    /// How many cells and bytes the rows before have.
    cells: usize,
    bytes: usize,
}

/// How a cell holds its value.
enum Kind {
    Number,
    Shared,
    Inline,
    Boolean,
    Day,
    /// The text that a formula came to, or an error.
    Text,
}

impl<'a> Reader<'a> {
    pub(super) fn new(strings: &'a SharedStrings, styles: &'a Styles, date_system: DateSystem) -> Self {
        Self {
            strings,
            styles,
            date_system,
            sheet: Sheet::default(),
            row: 0,
            text: String::new(),
            ends: Vec::new(),
            column: 0,
            value: String::new(),
            width: 0,
            cells: 0,
            bytes: 0,
        }
    }

    pub(super) fn read(mut self, archive: &mut Archive<'_>, part: &str) -> Result<Sheet, Problem> {
        archive.read(part, |xml| {
            let mut is_hidden = false;
            let mut is_sheet = false;
            while let Some(event) = xml.next()? {
                match event {
                    Event::Start(tag) => match tag.local_name().as_ref() {
                        "worksheet" => is_sheet = true,
                        "row" => {
                            is_hidden = is_on(&tag, "hidden");
                            let number = attribute(&tag, "r").map(|number| number.parse());
                            self.begin(number.transpose().ok().flatten()).ok_or_else(|| xml.damaged())?;
                        }
                        "c" if self.row > 0 => {
                            let tag = tag.to_owned();
                            self.cell(xml, &tag)?;
                        }
                        _ => {}
                    },
                    Event::End(tag) if tag.local_name().as_ref() == "row" => self.end(is_hidden)?,
                    _ => {}
                }
            }
            if is_sheet { Ok(()) } else { Err(xml.damaged()) }
        })?;
        self.sheet.date_system = self.date_system;
        Ok(self.sheet)
    }

    /// Begins a row; none when its number does not lie behind that of the row before.
    fn begin(&mut self, number: Option<u32>) -> Option<()> {
        let number = number.or_else(|| self.row.checked_add(1))?;
        if number <= self.row {
            return None;
        }
        (self.row, self.column) = (number, 0);
        self.text.clear();
        self.ends.clear();
        Some(())
    }

    /// Ends a row. One without text is left out.
    fn end(&mut self, is_hidden: bool) -> Result<(), Problem> {
        if self.ends.is_empty() {
            return Ok(());
        }
        // A row ends with its last cell that is filled; the list's width is that of the widest row so far.
        self.width = self.width.max(self.ends.len());
        if self.cells + self.width > MAX_CELLS {
            return Err(Problem::TooMuch(Limit::Cells));
        }
        self.ends.resize(self.width, self.text.len());
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let cells = starts.zip(&self.ends).map(|(start, &end)| &self.text[start..end]);
        let number = u64::from(self.row);
        self.sheet.push(number, 1, RowKind::Cells, cells).map_err(|_| Problem::TooMuch(Limit::Rows))?;
        self.sheet.hidden_rows += u64::from(is_hidden);
        self.sheet.lines = number;
        self.cells += self.ends.len();
        self.bytes += self.text.len();
        self.ends.clear();
        self.text.clear();
        Ok(())
    }

    fn cell(&mut self, xml: &mut Xml<'_, Part<'_>>, tag: &BytesStart<'_>) -> Result<(), Problem> {
        let column = match attribute(tag, "r") {
            Some(address) => column(&address).ok_or_else(|| xml.damaged())?,
            None => self.column,
        };
        if column < self.column {
            return Err(xml.damaged());
        }
        self.column = column + 1;
        let kind = match attribute(tag, "t").as_deref() {
            Some("s") => Kind::Shared,
            Some("inlineStr") => Kind::Inline,
            Some("b") => Kind::Boolean,
            Some("d") => Kind::Day,
            Some("str" | "e") => Kind::Text,
            _ => Kind::Number,
        };
        let style = attribute(tag, "s").and_then(|style| style.parse().ok());
        let format = style.map_or(Format::Number, |style| self.styles.format(style));
        let mut value = std::mem::take(&mut self.value);
        let has_value = content(xml, &mut value, column, self.row)?;
        if has_value {
            self.take(xml, column, &kind, format, &value)?;
        }
        self.value = value;
        Ok(())
    }

    fn take(
        &mut self,
        xml: &Xml<'_, Part<'_>>,
        column: usize,
        kind: &Kind,
        format: Format,
        value: &str,
    ) -> Result<(), Problem> {
        match kind {
            Kind::Shared => {
                let number = value.trim().parse::<usize>().ok();
                let text = number.and_then(|number| self.strings.get(number)).ok_or_else(|| xml.damaged())?;
                self.push(column, text)
            }
            Kind::Boolean => {
                let text = match value.trim() {
                    "0" | "false" => "FALSE",
                    "1" | "true" => "TRUE",
                    _ => return Err(xml.damaged()),
                };
                self.push(column, text)
            }
            Kind::Number if value.trim().is_empty() => Ok(()),
            Kind::Number => self.push(column, &format.text(value, self.date_system)),
            Kind::Day => self.push(column, &without_midnight(value)),
            Kind::Inline | Kind::Text => self.push(column, value),
        }
    }

    fn push(&mut self, column: usize, text: &str) -> Result<(), Problem> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(Problem::TooMuch(Limit::Columns));
        }
        if self.cells + column >= MAX_CELLS {
            return Err(Problem::TooMuch(Limit::Cells));
        }
        if self.bytes + self.text.len() + text.len() > MAX_TEXT {
            return Err(Problem::TooMuch(Limit::Text));
        }
        // Cells without text up to this one.
        self.ends.resize(column, self.text.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        Ok(())
    }
}

/// Reads what stands in a cell up to its end; whether it has a value.
fn content(xml: &mut Xml<'_, Part<'_>>, value: &mut String, column: usize, row: u32) -> Result<bool, Problem> {
    value.clear();
    let (mut has_value, mut has_formula, mut in_value) = (false, false, false);
    loop {
        let event = xml.next()?;
        match &event {
            None => return Err(Problem::Damaged { part: "xl/worksheets".to_owned() }),
            Some(Event::Start(tag)) => match tag.local_name().as_ref() {
                "v" => (has_value, in_value) = (true, true),
                "f" => has_formula = true,
                "is" => {
                    has_value = true;
                    rich_text(xml, "is", value)?;
                }
                _ => {}
            },
            Some(Event::End(tag)) => match tag.local_name().as_ref() {
                "v" => in_value = false,
                "c" => break,
                _ => {}
            },
            Some(event) if in_value => Xml::<Part<'_>>::append(event, value)?,
            Some(_) => {}
        }
    }
    if has_formula && !has_value {
        return Err(Problem::NotCalculated { cell: address(column, row) });
    }
    Ok(has_value)
}

/// The column of an address such as `AB12`, from 0.
fn column(address: &str) -> Option<usize> {
    let letters = address.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 || letters.len() == address.len() {
        return None;
    }
    let number = letters.bytes().try_fold(0_usize, |number, letter| {
        letter.is_ascii_alphabetic().then(|| number * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    Some(number - 1)
}

/// The address of a cell.
fn address(column: usize, row: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}

/// A day that is written as ISO 8601, without a time when that is midnight.
fn without_midnight(value: &str) -> String {
    match value.trim().split_once('T') {
        Some((day, time)) if time.chars().all(|c| matches!(c, '0' | ':' | '.')) => day.to_owned(),
        Some((day, time)) => format!("{day} {time}"),
        None => value.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (letters, number) in [("A1", 0), ("z9", 25), ("AA10", 26), ("IV1", 255), ("XFD1048576", 16_383)] {
            assert_eq!(column(letters), Some(number), "{letters}");
        }
        for none in ["", "A", "1", "AAAA1", "É1", "A-1", "$A$1"] {
            assert_eq!(column(none), None, "{none}");
        }
        assert_eq!((address(0, 5), address(25, 1), address(26, 1)), ("A5".into(), "Z1".into(), "AA1".into()));
        assert_eq!(address(16_383, 2), "XFD2");
    }

    #[test]
    fn midnight_is_left_out_of_a_day() {
        for (value, text) in [
            ("2026-11-22T00:00:00", "2026-11-22"),
            ("2026-11-22T00:00:00.000", "2026-11-22"),
            ("2026-11-22T09:30:00", "2026-11-22 09:30:00"),
            ("2026-11-22", "2026-11-22"),
        ] {
            assert_eq!(without_midnight(value), text);
        }
    }
}
