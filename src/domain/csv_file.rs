//! Lists that are exported or saved as CSV.
//!
//! The file may have been through a spreadsheet: any usual encoding, delimiter and column order
//! is understood, and every line is judged on its own. What its columns are, and what a line becomes,
//! is for the module of each list to say.

use super::{fold::fold, invalid::Invalid};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

/// The most lines in one file, not counting the header.
pub const MAX_ROWS: usize = 100_000;

/// The most Unicode scalar values by which a line is shown.
const SHOWN_MAX: usize = 256;

/// The columns of a list that matter; any other is ignored.
pub trait Column: Copy + Eq + 'static {
    /// Those that the header must have.
    const NEEDED: &'static [Self];
    /// The one by which a person recognises a line.
    const SHOWN: Self;

    /// The column with this header, of which only the folded letters and digits are given.
    fn named(header: &str) -> Option<Self>;
}

/// One line of the file, which may run over several when a cell holds line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<C, T> {
    /// Where it starts in the file; the first line is 1.
    pub number: u64,
    /// What a person recognises it by: the cell of [`Column::SHOWN`] or, without one, the first filled cell.
    pub shown: String,
    /// What the line says, or everything that is wrong with it.
    pub content: Result<T, Vec<LineFault<C>>>,
}

impl<C, T> Line<C, T> {
    /// Whether it says exactly what an earlier line says, which does no harm.
    pub fn is_repeat(&self) -> bool {
        matches!(&self.content, Err(faults) if matches!(faults.as_slice(), [LineFault::Repeats { .. }]))
    }
}

/// Something wrong with one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault<C> {
    /// A cell holds a value that is refused.
    Cell {
        /// The column of the cell.
        column: C,
        /// Why the value is refused.
        invalid: Invalid,
    },
    /// Not as many cells as the header has.
    CellCount {
        /// Cells in the header.
        expected: usize,
        /// Cells in this line.
        found: usize,
    },
    /// Says exactly what an earlier line says; harmless.
    Repeats {
        /// The number of the earlier line.
        earlier: u64,
    },
    /// Has the id of an earlier line, but says something else.
    SameId {
        /// The number of the earlier line.
        earlier: u64,
    },
}

/// Something wrong with the file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileProblem<C> {
    /// Nothing in it but white space.
    Empty,
    /// Not text: a workbook, a picture, or damaged.
    NotText,
    /// No column of the first line is known.
    NoHeader,
    /// The header lacks a column that is needed.
    MissingColumn(C),
    /// More lines than a file may have.
    TooManyRows {
        /// The most it may have.
        max: usize,
    },
}

/// Reads every line that is not blank, in the order of the file: `parse` says what a line comes to, `id` by
/// what it is told from the others.
///
/// # Errors
///
/// A [`FileProblem`] when no line can be judged; faults of one line are in that [`Line`].
pub fn read<C: Column, T: Clone + PartialEq, I: Eq + Hash>(
    bytes: &[u8],
    parse: impl Fn(&Cells<'_, C>) -> Result<T, Vec<LineFault<C>>>,
    id: impl Fn(&T) -> I,
) -> Result<Vec<Line<C, T>>, FileProblem<C>> {
    let text = decode(bytes).ok_or(FileProblem::NotText)?;
    let mut rows = Rows::new(&text);
    let (_, header) = rows.next().ok_or(FileProblem::Empty)?.map_err(|_| FileProblem::NotText)?;
    let header = Header::of(&header)?;
    let mut earlier_lines = HashMap::new();
    let mut lines = Vec::new();
    for row in rows {
        if lines.len() == MAX_ROWS {
            return Err(FileProblem::TooManyRows { max: MAX_ROWS });
        }
        let (number, row) = row.map_err(|_| FileProblem::NotText)?;
        let cells = Cells { header: &header, row: &row };
        let content = cells
            .fit()
            .and_then(|()| parse(&cells))
            .and_then(|content| unless_repeated(id(&content), content, number, &mut earlier_lines));
        lines.push(Line { number, shown: cells.shown(), content });
    }
    Ok(lines)
}

/// What a cell says that is empty, yes or no; nothing when it says something else.
pub fn yes_or_no(cell: &str) -> Option<bool> {
    match fold(cell).as_str() {
        "" | "no" | "nee" | "n" | "false" | "onwaar" | "0" => Some(false),
        "yes" | "ja" | "y" | "j" | "true" | "waar" | "1" | "x" => Some(true),
        _ => None,
    }
}

/// The folded letters and digits of a header, by which a column is known.
pub(super) fn letters(header: &str) -> String {
    fold(header).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Which column each cell of a row belongs to.
struct Header<C> {
    columns: Vec<Option<C>>,
    /// How many there are, but for blank ones at the end.
    count: usize,
}

impl<C: Column> Header<C> {
    fn of(header: &[String]) -> Result<Self, FileProblem<C>> {
        let columns: Vec<_> = header.iter().map(|cell| C::named(&letters(cell))).collect();
        if columns.iter().all(Option::is_none) {
            return Err(FileProblem::NoHeader);
        }
        if let Some(&missing) = C::NEEDED.iter().find(|&&needed| !columns.contains(&Some(needed))) {
            return Err(FileProblem::MissingColumn(missing));
        }
        Ok(Self { columns, count: without_blank_end(header).len() })
    }
}

/// The cells of one line, by column.
pub struct Cells<'a, C> {
    header: &'a Header<C>,
    row: &'a [String],
}

impl<C: Column> Cells<'_, C> {
    /// What the cell of a column comes to. A column that the file does not have is empty.
    ///
    /// # Errors
    ///
    /// What `parse` has against it, with the column.
    pub fn parse<T>(&self, column: C, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Result<T, LineFault<C>> {
        parse(self.get(column)).map_err(|invalid| LineFault::Cell { column, invalid })
    }

    /// Whether the file has a column.
    pub fn has(&self, column: C) -> bool {
        self.header.columns.contains(&Some(column))
    }

    fn get(&self, column: C) -> &str {
        let at = self.header.columns.iter().position(|&one| one == Some(column));
        at.and_then(|at| self.row.get(at)).map_or("", String::as_str)
    }

    /// Whether there are as many as the header has.
    fn fit(&self) -> Result<(), Vec<LineFault<C>>> {
        let (expected, found) = (self.header.count, self.row.len());
        let fit = found >= expected && without_blank_end(self.row).len() <= expected;
        if fit { Ok(()) } else { Err(vec![LineFault::CellCount { expected, found }]) }
    }

    /// No more of it than a report has room for.
    fn shown(&self) -> String {
        std::iter::once(self.get(C::SHOWN))
            .chain(self.row.iter().map(String::as_str))
            .map(str::trim)
            .find(|cell| !cell.is_empty())
            .map(|cell| cell.chars().take(SHOWN_MAX).collect())
            .unwrap_or_default()
    }
}

/// What a line says, unless an earlier good line already had its id.
fn unless_repeated<C, T: Clone + PartialEq, I: Eq + Hash>(
    id: I,
    content: T,
    number: u64,
    earlier_lines: &mut HashMap<I, (u64, T)>,
) -> Result<T, Vec<LineFault<C>>> {
    match earlier_lines.entry(id) {
        Entry::Vacant(place) => {
            place.insert((number, content.clone()));
            Ok(content)
        }
        Entry::Occupied(place) => {
            let (earlier, same) = place.get();
            let earlier = *earlier;
            Err(vec![if *same == content { LineFault::Repeats { earlier } } else { LineFault::SameId { earlier } }])
        }
    }
}

/// The text of the file, if it is text: as its byte order mark says, else UTF-8, else what Excel on Windows writes.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = match (Encoding::for_bom(bytes), str::from_utf8(bytes)) {
        (Some((encoding, mark)), _) => encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]),
        (None, Ok(text)) => Some(Cow::Borrowed(text)),
        (None, Err(_)) => Some(WINDOWS_1252.decode_without_bom_handling(bytes).0),
    };
    text.filter(|text| !text.contains('\0'))
}

/// The rows that are not blank, each with the number of the line it starts on.
pub(super) struct Rows<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// Where the reader starts in the text: behind a `sep=;` line.
    start: usize,
    /// Up to where lines were counted, and how many ended before it.
    counted: usize,
    ended: u64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let start = separator_line(text);
        let csv = &text[start..];
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter(csv))
            .from_reader(csv.as_bytes());
        Self { text, reader, start, counted: 0, ended: 0 }
    }

    /// The number of the line on which the row read from here starts.
    fn line_number(&mut self, reader_position: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let is_break = |b: &u8| matches!(b, b'\r' | b'\n');
        let at = usize::try_from(reader_position).map_or(bytes.len(), |at| self.start + at);
        // The reader takes the blank lines before a row for a part of it.
        let at = at + bytes.iter().skip(at).take_while(|b| is_break(b)).count();
        let passed = self.counted..at.min(bytes.len());
        self.counted = passed.end;
        let breaks = passed.filter(|&i| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n')));
        self.ended += breaks.map(|_| 1).sum::<u64>();
        self.ended + 1
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<(u64, Vec<String>), csv::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = csv::StringRecord::new();
        loop {
            let position = self.reader.position().byte();
            match self.reader.read_record(&mut record) {
                Ok(false) => return None,
                Err(error) => return Some(Err(error)),
                Ok(true) => {}
            }
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                let cells = record.iter().map(|cell| unescaped(cell).to_owned()).collect();
                return Some(Ok((self.line_number(position), cells)));
            }
        }
    }
}

/// The length of the line by which spreadsheets are told the delimiter, if there is one.
fn separator_line(text: &str) -> usize {
    let line = text.split_inclusive('\n').next().unwrap_or(text);
    let told = fold(line);
    let is_one = told.len() <= "sep=;".len() && told.starts_with("sep=");
    if is_one { line.len() } else { 0 }
}

/// Comma, semicolon or tab: the one that the header has most of, outside quotes.
fn delimiter(csv: &str) -> u8 {
    let mut quoted = false;
    let header = csv.trim_start_matches(['\r', '\n']).bytes();
    let [mut commas, mut semicolons, mut tabs] = [0_usize; 3];
    for byte in header {
        match byte {
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b',' => commas += 1,
            b';' => semicolons += 1,
            b'\t' => tabs += 1,
            b'\r' | b'\n' => break,
            _ => {}
        }
    }
    if commas >= semicolons && commas >= tabs {
        b','
    } else if semicolons >= tabs {
        b';'
    } else {
        b'\t'
    }
}

/// The cell without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn unescaped(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\''])).unwrap_or(cell)
}

fn without_blank_end(row: &[String]) -> &[String] {
    let filled = row.iter().rposition(|cell| !cell.trim().is_empty());
    filled.map_or(&[], |last| &row[..=last])
}
