//! What a workbook may be, and what is wrong with it.

/// The most bytes of a file.
pub const MAX_FILE: usize = 10 * 1024 * 1024;

/// The last column in which anything may stand.
pub const MAX_COLUMNS: usize = 256;

/// The most cells, blank ones before the last of a row included.
pub(super) const MAX_CELLS: usize = 1_500_000;

/// The most bytes of the text of a sheet.
pub(super) const MAX_TEXT: usize = 20 * 1024 * 1024;

/// The most bytes of one cell. A cell of Excel holds 32,767 characters.
pub(super) const MAX_CELL: usize = 128 * 1024;

/// What makes a file no workbook that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The file is larger than [`MAX_FILE`].
    FileTooLarge,
    /// A web page or other markup under the name of a workbook.
    Markup,
    /// A workbook of Excel 97 (`.xls`).
    OldFormat,
    /// Protected by a password.
    Encrypted,
    /// A binary workbook (`.xlsb`).
    Binary,
    /// A package of something else: a document, a presentation, a workbook of another program.
    NotAWorkbook,
    /// A part is missing or broken; which.
    Damaged {
        /// The part's name in the package.
        part: String,
    },
    /// A document type or an entity, which no workbook needs.
    Entities,
    /// Unpacked, it is many times as large as it may be.
    Bomb,
    /// More of something than a workbook may have.
    TooMuch(Limit),
    /// No sheet that is visible has cells.
    NoSheet,
    /// No sheet has the name that was asked for.
    NoSuchSheet {
        /// Those that there are.
        names: Vec<String>,
    },
    /// A formula without the value that it came to; where.
    NotCalculated {
        /// For example `C5`.
        cell: String,
    },
}

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Parts of the package.
    Parts,
    /// Rows: [`MAX_ROWS`](crate::domain::sheet::MAX_ROWS).
    Rows,
    /// Columns: [`MAX_COLUMNS`].
    Columns,
    /// Cells.
    Cells,
    /// Text, in one cell or in all.
    Text,
    /// Texts that cells share.
    SharedStrings,
    /// Formats of cells.
    Formats,
}
