//! Lists as files: CSV and XLSX, row by row, however many rows there are.
//!
//! A row is a list of typed [`Cell`]s. [`Csv`] and [`Xlsx`] write them; [`answer`] reads them where no page waits
//! behind it and hands them to a browser as fast as it takes them. [`answer_lines`] does the same with lines of text.

mod cell;
mod csv;
mod document;
mod format;
mod lines;
mod serve;
mod xlsx;

pub use self::{
    cell::Cell,
    csv::{Csv, Separator},
    document::{Document, ExportView, Format, zoned},
    lines::{Lines, answer_lines, lines_head},
    serve::{Exports, Place, RowSink, Rows, answer, attachment, head},
    xlsx::{MAX_ROWS, Xlsx},
};
