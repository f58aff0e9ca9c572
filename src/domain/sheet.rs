//! A table as it stands in a file, before anybody says what its columns are.
//!
//! Whatever the file is, a reader of its format makes a [`Sheet`] of it, which is then judged line by line. All cells lie
//! in one text, so that a large file takes little more memory than its text.

/// The most rows in one file, not counting the header and what stands above it.
pub const MAX_ROWS: usize = 100_000;

/// The rows that a file may have besides.
const MORE_ROWS: usize = 100;

/// The most cells of a row that are kept; the others are only counted.
const CELLS_MAX: usize = 1_000;

/// The rows of a table, but for blank ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Every line of the file, the blank ones too.
    pub lines: u64,
    /// How its bytes were read as text; none for a workbook, which says it.
    pub read_as: Option<ReadAs>,
    /// What a bare number means that stands for a day.
    pub date_system: DateSystem,
    /// Rows that a person does not see in the workbook; they are in the sheet all the same.
    pub hidden_rows: u64,
    text: String,
    /// Where each cell ends in the text.
    ends: Vec<usize>,
    rows: Vec<Place>,
}

/// How bytes were read as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadAs {
    /// The encoding's usual name.
    pub encoding: &'static str,
    /// Whether nothing in the file proves it, and nobody named it.
    pub guessed: bool,
}

/// From which day a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateSystem {
    /// From 1900, as Excel does unless a workbook says otherwise.
    #[default]
    From1900,
    /// From 1904, as Excel for the Mac once did.
    From1904,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Cells.
    Cells,
    /// The line that tells a spreadsheet the delimiter.
    Separator,
    /// The mark by which DOS ends a text.
    EndMark,
    /// A row whose quotation marks do not fit; its cells are only there to recognise it by.
    Broken(QuoteFault),
}

/// What is wrong with the quotation marks of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteFault {
    /// One that opens is not closed before the end of the file.
    Unclosed {
        /// The line where it opens.
        opened: u64,
        /// The last line of the file.
        to: u64,
    },
    /// Text follows the one that closes.
    TextBehind {
        /// The line where it opens.
        opened: u64,
        /// The line where it closes.
        to: u64,
    },
    /// One opens and closes properly, but has what looks like other rows between.
    OverRows {
        /// The line where it opens.
        opened: u64,
        /// The line where it closes.
        to: u64,
    },
    /// One stands within a cell that does not begin with one.
    Stray,
}

/// More rows than [`MAX_ROWS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyRows;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    number: u64,
    lines: u64,
    kind: RowKind,
    /// Its first cell in `ends`.
    first: usize,
    /// All its cells, also those that are not kept.
    count: usize,
}

impl Sheet {
    /// An empty one for a file of so many lines.
    pub fn of_lines(lines: u64) -> Self {
        Self { lines, ..Self::default() }
    }

    /// Adds a row that starts on the line `number` and takes so many `lines`. A row of blank cells is left out: what of
    /// [`Sheet::lines`] is in no row counts as blank.
    ///
    /// # Errors
    ///
    /// [`TooManyRows`] when it is full.
    pub fn push<'a>(
        &mut self,
        number: u64,
        lines: u64,
        kind: RowKind,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), TooManyRows> {
        let (first, start) = (self.ends.len(), self.text.len());
        let mut count = 0;
        for cell in cells {
            if count < CELLS_MAX {
                self.text.push_str(cell);
                self.ends.push(self.text.len());
            }
            count += 1;
        }
        if kind == RowKind::Cells && self.text[start..].trim().is_empty() {
            self.text.truncate(start);
            self.ends.truncate(first);
            return Ok(());
        }
        if self.rows.len() == MAX_ROWS + MORE_ROWS {
            return Err(TooManyRows);
        }
        self.rows.push(Place { number, lines, kind, first, count });
        Ok(())
    }

    /// The rows in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|place| Row { sheet: self, place })
    }
}

/// A row of a [`Sheet`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    sheet: &'a Sheet,
    place: &'a Place,
}

impl<'a> Row<'a> {
    /// Where it starts in the file; the first line is 1.
    pub fn number(self) -> u64 {
        self.place.number
    }

    /// How many lines of the file it takes: more than one where a cell holds line breaks.
    pub fn lines(self) -> u64 {
        self.place.lines
    }

    /// What it is.
    pub fn kind(self) -> RowKind {
        self.place.kind
    }

    /// How many cells it has.
    pub fn count(self) -> usize {
        self.place.count
    }

    /// The cell at a place from 0; empty where it has none.
    pub fn cell(self, at: usize) -> &'a str {
        if at >= self.place.count.min(CELLS_MAX) {
            return "";
        }
        let ends = &self.sheet.ends;
        let at = self.place.first + at;
        let start = if at == 0 { 0 } else { ends[at - 1] };
        &self.sheet.text[start..ends[at]]
    }

    /// Its cells.
    pub fn cells(self) -> impl Iterator<Item = &'a str> {
        (0..self.place.count.min(CELLS_MAX)).map(move |at| self.cell(at))
    }

    /// How many cells it has, but for blank ones at the end.
    pub fn filled(self) -> usize {
        if self.place.count > CELLS_MAX {
            return self.place.count;
        }
        (0..self.place.count).rev().find(|&at| !self.cell(at).trim().is_empty()).map_or(0, |at| at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_added() {
        let mut sheet = Sheet::default();
        sheet.push(1, 1, RowKind::Separator, ["sep=;"]).unwrap();
        sheet.push(2, 1, RowKind::Cells, ["", " "]).unwrap();
        sheet.push(3, 2, RowKind::Cells, ["a\nb", "", "c", ""]).unwrap();
        let rows: Vec<(u64, u64, usize, usize, Vec<&str>)> = sheet
            .rows()
            .map(|row| (row.number(), row.lines(), row.count(), row.filled(), row.cells().collect()))
            .collect();
        assert_eq!(rows, [(1, 1, 1, 1, vec!["sep=;"]), (3, 2, 4, 3, vec!["a\nb", "", "c", ""])]);
        assert_eq!(sheet.rows().nth(1).unwrap().cell(9), "");
    }

    #[test]
    fn more_cells_than_are_kept_are_counted() {
        let mut sheet = Sheet::default();
        sheet.push(1, 1, RowKind::Cells, std::iter::repeat_n("x", CELLS_MAX + 5)).unwrap();
        sheet.push(2, 1, RowKind::Cells, ["y"]).unwrap();
        let rows: Vec<(usize, usize, &str, &str)> =
            sheet.rows().map(|row| (row.count(), row.filled(), row.cell(0), row.cell(CELLS_MAX))).collect();
        assert_eq!(rows, [(CELLS_MAX + 5, CELLS_MAX + 5, "x", ""), (1, 1, "y", "")]);
    }

    #[test]
    fn a_full_sheet_takes_no_more() {
        let mut sheet = Sheet::default();
        for number in 0..(MAX_ROWS + MORE_ROWS) as u64 {
            sheet.push(number, 1, RowKind::Cells, ["x"]).unwrap();
        }
        assert_eq!(sheet.push(0, 1, RowKind::Cells, ["x"]), Err(TooManyRows));
    }
}
