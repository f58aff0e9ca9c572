//! Workbooks with one sheet.

use std::io::{Seek, Write};

use chrono::{Datelike as _, NaiveDate};
use chrono_tz::Tz;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::cell::{Cell, local};

/// The most rows under the header; a sheet has room for 48,575 more.
pub const MAX_ROWS: u32 = 1_000_000;

/// The most UTF-16 units in a cell, by Excel's rule.
const CELL_MAX: usize = 32_767;

/// Excel counts its days from here.
const FIRST_YEAR: i32 = 1900;

/// Rows in a sheet: days, times and numbers typed, text as it is, the header frozen and with filters. A row goes
/// to a temporary file as soon as the next one comes.
pub struct Xlsx {
    book: Workbook,
    day: Format,
    time: Format,
    zone: Tz,
    columns: u16,
    rows: u32,
}

impl Xlsx {
    /// A sheet that begins with the words over its columns.
    pub fn new(name: &str, zone: Tz, head: &[String]) -> Result<Self, XlsxError> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet_with_constant_memory();
        let sheet = sheet?.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, words) in (0..).zip(head) {
            let width = u16::try_from(words.chars().count()).unwrap_or(u16::MAX).clamp(16, 40);
            sheet.set_column_width(column, width + 2)?.write_string_with_format(0, column, words, &bold)?;
        }
        Ok(Self {
            book,
            // A word for the month in the reader's language: 3/12 means two days.
            day: Format::new().set_num_format("d mmm yyyy"),
            time: Format::new().set_num_format("d mmm yyyy hh:mm:ss"),
            zone,
            columns: u16::try_from(head.len()).expect("a sheet has few columns"),
            rows: 0,
        })
    }

    /// Appends a row.
    ///
    /// # Errors
    ///
    /// [`XlsxError::RowColumnLimitError`] for more rows than [`MAX_ROWS`]; others when the disk is full.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.rows == MAX_ROWS {
            return Err(XlsxError::RowColumnLimitError);
        }
        self.rows += 1;
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                Cell::Text(text) => sheet.write_string(self.rows, column, fitting(text))?,
                Cell::Date(day) if in_range(*day) => sheet.write_with_format(self.rows, column, day, &self.day)?,
                Cell::Date(day) => sheet.write_string(self.rows, column, day.to_string())?,
                #[expect(clippy::cast_precision_loss, reason = "a sheet has no other numbers")]
                Cell::Number(number) => sheet.write_number(self.rows, column, *number as f64)?,
                Cell::Time(at) => {
                    let at = local(*at, self.zone);
                    if in_range(at.date()) {
                        sheet.write_with_format(self.rows, column, &at, &self.time)?
                    } else {
                        sheet.write_string(self.rows, column, at.to_string())?
                    }
                }
            };
        }
        Ok(())
    }

    /// Writes the whole file.
    pub fn finish(mut self, file: impl Write + Seek + Send) -> Result<(), XlsxError> {
        let last = self.columns.saturating_sub(1);
        self.book.worksheet_from_index(0)?.autofilter(0, 0, self.rows, last)?;
        self.book.save_to_writer(file)
    }
}

fn in_range(day: NaiveDate) -> bool {
    (FIRST_YEAR..=9999).contains(&day.year())
}

/// As much of a text as a cell takes.
fn fitting(text: &str) -> &str {
    if text.len() <= CELL_MAX {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > CELL_MAX
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader as _, Xlsx as Book};

    use super::*;

    fn read(rows: &[Vec<Cell>]) -> Vec<Vec<Data>> {
        let mut xlsx = Xlsx::new("Sheet", Tz::Europe__Amsterdam, &["A".into(), "B (zone)".into()]).unwrap();
        for row in rows {
            xlsx.row(row).unwrap();
        }
        let mut file = tempfile::tempfile().unwrap();
        xlsx.finish(&file).unwrap();
        file.rewind().unwrap();
        let mut book = Book::new(std::io::BufReader::new(file)).unwrap();
        book.worksheet_range("Sheet").unwrap().rows().map(<[Data]>::to_vec).collect()
    }

    #[test]
    fn days_times_and_numbers_are_typed_and_text_is_as_it_is() {
        let day = "2026-03-12".parse().unwrap();
        let at = "2026-11-22T09:05:07.9Z".parse().unwrap();
        let rows = [
            vec![Cell::Date(day), Cell::Time(at)],
            vec![Cell::Number(-5), Cell::Text("=1+1".into())],
            vec![Cell::Text("'t _x0041_ <&> \u{1f600}".into()), Cell::Empty],
            vec![Cell::Date("0999-12-31".parse().unwrap()), Cell::Text("007".into())],
        ];
        let read = read(&rows);
        let texts = |row: usize| read[row].iter().map(|cell| format!("{cell}")).collect::<Vec<_>>();
        assert_eq!(texts(0), ["A", "B (zone)"]);
        let [Data::DateTime(date), Data::DateTime(time)] = &read[1][..] else { panic!("{:?}", read[1]) };
        assert_eq!(date.to_ymd_hms_milli(), (2026, 3, 12, 0, 0, 0, 0));
        assert_eq!(time.to_ymd_hms_milli(), (2026, 11, 22, 10, 5, 7, 0));
        assert_eq!(read[2], [Data::Float(-5.0), Data::String("=1+1".into())]);
        assert_eq!(texts(3), ["'t _x0041_ <&> \u{1f600}", ""]);
        assert_eq!(texts(4), ["0999-12-31", "007"]);
    }

    #[test]
    fn a_sheet_without_rows_has_its_header() {
        assert_eq!(read(&[]).len(), 1);
    }

    #[test]
    fn a_cell_takes_no_more_than_excel_reads() {
        let read = read(&[vec![Cell::Text("\u{1f600}".repeat(20_000))]]);
        assert_eq!(read[1][0].to_string().chars().count(), CELL_MAX / 2);
    }
}
