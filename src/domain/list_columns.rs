//! Which column of a file holds what, and in which order its days stand.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{
    csv_file::HEADER_WITHIN,
    encoding::{NamedEncoding, TextProblem},
    file_day::{self, Calendar, DateOrder, FileDay},
    headings::{self, letters},
    sheet::{Row, RowKind, Sheet},
    xlsx_file,
};

/// How many cells a message names.
const NAMED_CELLS: usize = 3;

/// The columns of a list that matter; any other is only named in the report.
pub trait Column: Copy + Eq + std::fmt::Debug + 'static {
    /// What the headings of this list are kept under.
    const KIND: &'static str;
    /// Every one, with the code that its headings are kept under.
    const ALL: &'static [(Self, &'static str)];
    /// Those that the header must have.
    const NEEDED: &'static [Self];
    /// Those that hold days.
    const DAYS: &'static [Self] = &[];
    /// Those of which only one can be there, for both say the same thing.
    const EITHER: &'static [(Self, Self)] = &[];
    /// The one by which a person recognises a line.
    const SHOWN: Self;

    /// The column with this heading, and the place of the heading among those of the column.
    fn named(heading: &str) -> Option<(Self, u8)> {
        let (code, choice) = headings::named(Self::KIND, heading)?;
        Self::ALL.iter().find(|(_, known)| *known == code).map(|&(column, _)| (column, choice))
    }

    /// The code that its headings are kept under.
    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(column, _)| *column == self).map_or("", |&(_, code)| code)
    }
}

/// What somebody says of a file besides the file.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The date in the partner account's time zone.
    pub today: NaiveDate,
    /// That time zone.
    pub zone: Tz,
    /// The order of days in it, where the file does not show it.
    pub dates: Option<DateOrder>,
    /// Its encoding.
    pub encoding: Option<NamedEncoding>,
    /// For columns, by code or heading, the heading that they have in this file.
    pub columns: Vec<(String, String)>,
    /// The sheet of a workbook; none for the first that is visible.
    pub sheet: Option<String>,
}

impl Default for ReadOptions {
    /// Nothing, for a list without days.
    fn default() -> Self {
        Self::on(NaiveDate::default())
    }
}

impl ReadOptions {
    /// Nothing but the day, in UTC.
    pub fn on(today: NaiveDate) -> Self {
        Self { today, zone: Tz::UTC, dates: None, encoding: None, columns: Vec::new(), sheet: None }
    }
}

/// A cell, as a message names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCell {
    /// The number of its line.
    pub line: u64,
    /// What it says.
    pub text: String,
}

/// Something wrong with the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem<C> {
    /// Nothing in it but white space.
    Empty,
    /// Its bytes are no text.
    Text(TextProblem),
    /// It is a workbook that cannot be read.
    Workbook(xlsx_file::Problem),
    /// A sheet was named, and the file is no workbook.
    NoSheets,
    /// No column of the first lines is known.
    NoHeader,
    /// The header lacks a column that is needed.
    MissingColumn {
        /// The column.
        column: C,
        /// The headings that it has and that are not used.
        unused: Vec<String>,
    },
    /// Two columns mean the same.
    TwoColumns {
        /// What they mean.
        column: C,
        /// Their headings.
        headings: [String; 2],
    },
    /// What was said of a column names none that the list has.
    UnknownField(String),
    /// What was said of a column names a heading that the file does not have.
    UnknownHeading(String),
    /// More lines than a file may have.
    TooManyRows {
        /// The most it may have.
        max: usize,
    },
    /// Nothing shows whether the day or the month comes first.
    DaysOpen {
        /// The column.
        column: C,
        /// The first cells that can be read in both orders.
        cells: Vec<NamedCell>,
    },
    /// One cell fits one order only, and another the other.
    DaysMixed {
        /// The column.
        column: C,
        /// A cell whose day can only come first.
        day_first: NamedCell,
        /// A cell whose month can only come first.
        month_first: NamedCell,
    },
    /// A cell does not fit the order that was said.
    DaysNot {
        /// The column.
        column: C,
        /// What was said.
        order: DateOrder,
        /// The cell.
        cell: NamedCell,
    },
}

/// Whether a cell is a heading of this list, or one that somebody named.
pub fn is_known<C: Column>(cell: &str, options: &ReadOptions) -> bool {
    C::named(cell).is_some() || options.columns.iter().any(|(_, heading)| same(heading, cell))
}

fn same(heading: &str, cell: &str) -> bool {
    let (a, b) = (heading.trim(), cell.trim());
    a == b || (!letters(a).is_empty() && letters(a) == letters(b))
}

/// The row with the headings.
#[derive(Debug)]
pub struct Header<'a, C> {
    /// The row.
    pub row: Row<'a>,
    /// What each of its cells names.
    columns: Vec<Option<C>>,
}

/// A row that may be the one with the headings.
struct Candidate<'a, C: Column> {
    /// How many of its cells are known.
    known: usize,
    row: Row<'a>,
    columns: Result<Vec<Option<C>>, FileProblem<C>>,
}

impl<'a, C: Column> Header<'a, C> {
    /// The first row with every column that is needed or, without one, the first with the most known columns.
    ///
    /// # Errors
    ///
    /// A [`FileProblem`] with the columns.
    pub fn find(sheet: &'a Sheet, options: &ReadOptions) -> Result<Self, FileProblem<C>> {
        let named = options.columns.iter().map(|(field, heading)| match field_named(field) {
            Some(column) => Ok((column, heading.as_str())),
            None => Err(FileProblem::UnknownField(field.clone())),
        });
        let named: Vec<(C, &str)> = named.collect::<Result<_, _>>()?;
        let mut best: Option<Candidate<'a, C>> = None;
        let mut any = false;
        for row in sheet.rows().filter(|row| row.kind() == RowKind::Cells).take(HEADER_WITHIN) {
            any = true;
            let known = row.cells().filter(|cell| is_known::<C>(cell, options)).count();
            if known == 0 {
                continue;
            }
            let columns = assign(row, &named);
            let complete = columns.as_ref().is_ok_and(|columns| missing(columns).is_none());
            if complete || best.as_ref().is_none_or(|best| known > best.known) {
                best = Some(Candidate { known, row, columns });
            }
            if complete {
                break;
            }
        }
        let Some(Candidate { row, columns, .. }) = best else {
            let lines = sheet.rows().any(|row| matches!(row.kind(), RowKind::Broken(_)));
            return Err(if any || lines { FileProblem::NoHeader } else { FileProblem::Empty });
        };
        let header = Self { row, columns: columns? };
        if let Some((_, heading)) = named.iter().find(|(column, _)| header.place(*column).is_none()) {
            return Err(FileProblem::UnknownHeading((*heading).to_owned()));
        }
        if let Some(column) = missing(&header.columns) {
            return Err(FileProblem::MissingColumn { column, unused: header.unused() });
        }
        for &(one, other) in C::EITHER {
            if let (Some(a), Some(b)) = (header.place(one), header.place(other)) {
                let headings = [a, b].map(|at| heading(row, at));
                return Err(FileProblem::TwoColumns { column: one, headings });
            }
        }
        Ok(header)
    }

    /// Where a column is.
    pub fn place(&self, column: C) -> Option<usize> {
        self.columns.iter().position(|&one| one == Some(column))
    }

    /// The columns that are used, with their headings.
    pub fn used(&self) -> Vec<(C, String)> {
        let columns = self.columns.iter().enumerate();
        columns.filter_map(|(at, &column)| Some((column?, heading(self.row, at)))).collect()
    }

    /// The headings of the others.
    pub fn unused(&self) -> Vec<String> {
        let columns = self.columns.iter().enumerate().filter(|(_, column)| column.is_none());
        columns.map(|(at, _)| heading(self.row, at)).filter(|heading| !heading.is_empty()).collect()
    }
}

fn heading(row: Row<'_>, at: usize) -> String {
    row.cell(at).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The column that somebody means by its code, or by a heading.
fn field_named<C: Column>(field: &str) -> Option<C> {
    let code = C::ALL.iter().find(|(_, code)| letters(code) == letters(field)).map(|&(column, _)| column);
    code.or_else(|| C::named(field).map(|(column, _)| column))
}

fn missing<C: Column>(columns: &[Option<C>]) -> Option<C> {
    C::NEEDED.iter().copied().find(|&needed| !columns.contains(&Some(needed)))
}

/// What each cell of a header names: as somebody said, else as is known of the headings.
fn assign<C: Column>(row: Row<'_>, named: &[(C, &str)]) -> Result<Vec<Option<C>>, FileProblem<C>> {
    let two = |column, a, b| FileProblem::TwoColumns { column, headings: [heading(row, a), heading(row, b)] };
    let cells: Vec<&str> = row.cells().collect();
    let mut columns = vec![None; cells.len()];
    for &(column, heading) in named {
        // Of two that differ in signs only, the one that was written so.
        let exact = cells.iter().any(|cell| cell.trim() == heading.trim());
        let fits = |cell: &str| if exact { cell.trim() == heading.trim() } else { same(heading, cell) };
        for at in (0..cells.len()).filter(|&at| fits(cells[at])) {
            if let Some(other) = columns.iter().position(|&one| one == Some(column)) {
                return Err(two(column, other, at));
            }
            columns[at] = Some(column);
        }
    }
    let known: Vec<(usize, C, u8)> = (0..cells.len())
        .filter(|&at| columns[at].is_none())
        .filter_map(|at| C::named(cells[at]).map(|(column, choice)| (at, column, choice)))
        .filter(|(_, column, _)| !named.iter().any(|(one, _)| one == column))
        .collect();
    for &(at, column, choice) in &known {
        let others = || known.iter().filter(move |(_, other, _)| *other == column);
        if others().any(|&(_, _, other)| other < choice) {
            continue;
        }
        if let Some(&(other, ..)) = others().find(|&&(other, _, same)| other != at && same == choice) {
            return Err(two(column, at.min(other), at.max(other)));
        }
        columns[at] = Some(column);
    }
    Ok(columns)
}

/// How a column of days was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayColumn {
    /// The order of its numbers; none where no cell needs one.
    pub order: Option<DateOrder>,
    /// The first cell that proves the order; none where somebody said it.
    pub proof: Option<NamedCell>,
    /// How many cells hold a spreadsheet's number for a day.
    pub serials: u64,
}

/// In which order each column of days is to be read.
///
/// # Errors
///
/// A [`FileProblem`] with the cells that leave it open, or say both.
pub fn day_columns<C: Column>(
    header: &Header<'_, C>,
    rows: &[Row<'_>],
    calendar: Calendar,
    said: Option<DateOrder>,
) -> Result<Vec<(C, DayColumn)>, FileProblem<C>> {
    let columns = C::DAYS.iter().filter_map(|&column| Some((column, header.place(column)?)));
    columns.map(|(column, at)| day_column(column, at, header, rows, calendar, said).map(|day| (column, day))).collect()
}

fn day_column<C: Column>(
    column: C,
    at: usize,
    header: &Header<'_, C>,
    rows: &[Row<'_>],
    calendar: Calendar,
    said: Option<DateOrder>,
) -> Result<DayColumn, FileProblem<C>> {
    let (mut day_first, mut month_first, mut open, mut serials) = (None, None, Vec::new(), 0);
    let fits = |row: &&Row<'_>| row.kind() == RowKind::Cells && row.filled() <= header.row.filled();
    for row in rows.iter().filter(fits) {
        let text = row.cell(at).trim();
        let cell = || NamedCell { line: row.number(), text: text.to_owned() };
        let day = file_day::read(text, calendar);
        match day.proves() {
            Some(DateOrder::DayFirst) => _ = day_first.get_or_insert_with(cell),
            Some(DateOrder::MonthFirst) => _ = month_first.get_or_insert_with(cell),
            None if day.is_open() && open.len() < NAMED_CELLS => open.push(cell()),
            None => serials += u64::from(matches!(day, FileDay::Serial(_))),
        }
    }
    let found = |order, proof| Ok(DayColumn { order, proof, serials });
    match (day_first, month_first, said) {
        (Some(day_first), Some(month_first), _) => Err(FileProblem::DaysMixed { column, day_first, month_first }),
        (Some(cell), None, Some(order @ DateOrder::MonthFirst))
        | (None, Some(cell), Some(order @ DateOrder::DayFirst)) => Err(FileProblem::DaysNot { column, order, cell }),
        (Some(cell), None, _) => found(Some(DateOrder::DayFirst), Some(cell)),
        (None, Some(cell), _) => found(Some(DateOrder::MonthFirst), Some(cell)),
        (None, None, None) if !open.is_empty() => Err(FileProblem::DaysOpen { column, cells: open }),
        (None, None, said) => found(said.filter(|_| !open.is_empty()), None),
    }
}
