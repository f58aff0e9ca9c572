//! Workbooks of Excel (`.xlsx`), of which one sheet is read as text.
//!
//! A workbook comes from outside: whatever it says of itself, reading it takes a bounded amount of memory. The parts are
//! read as they are unpacked, nothing is set aside because the file says how much there will be, and all text lies in two
//! buffers of limited size.

mod archive;
mod cells;
mod number;
mod part;
mod problem;
mod strings;
mod styles;
mod workbook;
mod xml;

pub use self::problem::{Limit, MAX_COLUMNS, MAX_FILE, Problem};

use super::sheet::Sheet;

use self::{archive::Archive, strings::SharedStrings, styles::Styles, workbook::Workbook};

/// Which sheet of a workbook was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetNames {
    /// The sheet's name.
    pub read: String,
    /// The names of the other sheets that are visible, which were not read.
    pub others: Vec<String>,
}

/// The sheet that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadSheet {
    /// Its name and those of the others.
    pub names: SheetNames,
    /// Its rows that are not blank, numbered as in the workbook.
    pub sheet: Sheet,
}

/// Whether the bytes are a package, as workbooks are, or one of the files that pass for workbooks: of Excel 97, protected,
/// or a web page.
pub fn is_workbook(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let begins = |tag: &[u8]| text.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    let is_markup = [&b"<html"[..], b"<!doctype", b"<?xml", b"<table", b"<meta", b"<head"].into_iter().any(begins);
    let is_package =
        [&b"PK\x03\x04"[..], b"PK\x05\x06", archive::OLE].into_iter().any(|magic| bytes.starts_with(magic));
    is_package || is_markup
}

/// Reads one sheet: the one with this name, else the first that is visible.
///
/// Formulas are read as the value that they came to, days and times by their format as ISO 8601 (`2026-11-22`,
/// `2026-11-22 10:05:00`), numbers with their digits. A row has as many cells as the widest one before it. Rows that are hidden are read and counted. Of cells that were merged
/// the first has the text.
///
/// # Errors
///
/// A [`Problem`].
pub fn read(bytes: &[u8], sheet: Option<&str>) -> Result<ReadSheet, Problem> {
    let mut archive = Archive::open(bytes)?;
    let workbook = Workbook::read(&mut archive)?;
    let (chosen, others) = workbook.choose(sheet)?;
    let styles = match &workbook.styles {
        Some(part) => Styles::read(&mut archive, part)?,
        None => Styles::default(),
    };
    let strings = match &workbook.shared_strings {
        Some(part) => SharedStrings::read(&mut archive, part)?,
        None => SharedStrings::default(),
    };
    let sheet = cells::Reader::new(&strings, &styles, workbook.date_system).read(&mut archive, &chosen.part)?;
    Ok(ReadSheet { names: SheetNames { read: chosen.name.clone(), others }, sheet })
}

#[cfg(test)]
mod tests;
