//! Lists as files: CSV and XLSX, row by row, however many rows there are.
//!
//! A row is a list of typed [`Cell`]s. [`Csv`] and [`Xlsx`] write them; [`answer`] reads them where no page waits
//! behind it and hands them to a browser as fast as it takes them. [`answer_lines`] does the same with lines of text.

mod csv;
mod lines;
mod serve;
mod xlsx;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound as _, Utc};
use chrono_tz::Tz;
use i18n_embed_fl::fl;

pub use self::{
    csv::{Csv, Separator},
    lines::{Lines, answer_lines, lines_head},
    serve::{Exports, Place, RowSink, Rows, answer, attachment, head},
    xlsx::{MAX_ROWS, Xlsx},
};
use crate::i18n::Words;

/// What stands in one place of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text as it is; no spreadsheet takes it for a formula.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A whole number.
    Number(i64),
    /// A time, UTC; written in the zone of the file, which [`zoned`] names in the header.
    Time(DateTime<Utc>),
}

impl Cell {
    /// Text, if there is any.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A day, if it is known.
    pub fn date(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }

    /// A time, if it is known.
    pub fn time(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::Empty, Self::Time)
    }
}

/// The kinds of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text, as RFC 4180 has it but for the separator.
    Csv(Separator),
    /// A workbook.
    Xlsx,
}

impl Format {
    /// The end of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv(_) => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv(_) => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What a file is before its rows.
#[derive(Debug, Clone)]
pub struct Document {
    /// Which kind.
    pub format: Format,
    /// The list's name: that of the sheet and, in small letters, the begin of the file's name. Letters only.
    pub name: String,
    /// The day in the file's name.
    pub day: NaiveDate,
    /// The words over the columns.
    pub head: Vec<String>,
    /// The zone that times are written in.
    pub zone: Tz,
}

impl Document {
    /// The file's name, which says nothing about whose list it is.
    pub fn file_name(&self) -> String {
        let name: String = self.name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let name = if name.is_empty() { "export" } else { &name };
        format!("{name}-{}.{}", self.day, self.format.extension())
    }
}

/// What the Export control of a list shows; see `templates/components/export.html`.
pub struct ExportView {
    /// Where the list is CSV.
    pub csv: &'static str,
    /// Where it is a workbook.
    pub xlsx: &'static str,
    /// The parameters of the list's address, but for the page.
    pub query: Vec<(&'static str, String)>,
    /// The separator that spreadsheets of the reader's language expect.
    pub separator: &'static str,
    /// Whether there are more columns than those of the page to choose.
    pub columns: bool,
}

/// The words over a column of times, which name the zone.
pub fn zoned(words: &str, zone: Tz, t: &Words) -> String {
    fl!(t, "export-zoned", column = words, zone = zone.name())
}

/// A time as the clocks of a zone show it, to the second.
fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local().trunc_subsecs(0)
}
