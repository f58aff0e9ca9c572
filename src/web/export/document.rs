//! What a file is before its rows, and the control that asks for it.

use chrono::NaiveDate;
use chrono_tz::Tz;
use i18n_embed_fl::fl;

use super::csv::Separator;
use crate::i18n::Words;

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
