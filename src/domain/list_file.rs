//! Lists that are exported or saved as files.
//!
//! The file may have been through a spreadsheet: the header is found by its headings, in any order and under a title, and
//! every line is judged on its own. What its columns are, and what a line becomes, is for the module of each list to say.
//! Nothing is dropped in silence: the [`ReadReport`] says which lines were skipped and which columns were not used.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

use chrono::{Datelike, NaiveDate};

use super::{
    csv_file, encoding,
    file_day::{self, Calendar, DateOrder, DayFault, FileDay},
    fold::fold,
    invalid::Invalid,
    list_columns::{Column, DayColumn, FileProblem, Header, ReadOptions, day_columns, is_known},
    sheet::{MAX_ROWS, QuoteFault, ReadAs, Row, RowKind, Sheet},
    text,
    xlsx_file::{self, SheetNames},
};

/// The most Unicode scalar values by which a line is shown.
const SHOWN_MAX: usize = 256;

/// A list, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile<C, T> {
    /// Every line that is neither blank nor skipped, in the order of the file.
    pub lines: Vec<Line<C, T>>,
    /// How the file was understood.
    pub report: ReadReport<C>,
}

/// How a file was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadReport<C> {
    /// All lines of the file.
    pub file_lines: u64,
    /// Those with the columns' headings.
    pub header_lines: u64,
    /// Those that hold nothing.
    pub blank_lines: u64,
    /// Those that are no part of the list.
    pub skipped: Vec<SkippedLine>,
    /// Rows that a person does not see in the workbook, which were read all the same.
    pub hidden_rows: u64,
    /// How bytes were read as text.
    pub read_as: Option<ReadAs>,
    /// Of a workbook, which sheet was read.
    pub sheets: Option<SheetNames>,
    /// The headings of the columns that were used.
    pub used: Vec<(C, String)>,
    /// The headings of the others.
    pub unused: Vec<String>,
    /// How each column of days was read.
    pub days: Vec<(C, DayColumn)>,
}

impl<C> ReadReport<C> {
    /// The lines that were skipped, blank ones among them.
    pub fn skipped_lines(&self) -> u64 {
        self.blank_lines + self.skipped.iter().map(|line| line.lines).sum::<u64>()
    }

    /// The lines with the list.
    pub fn read_lines(&self) -> u64 {
        self.file_lines.saturating_sub(self.header_lines + self.skipped_lines())
    }
}

/// A line that is no part of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedLine {
    /// Its number.
    pub number: u64,
    /// How many lines of the file it takes.
    pub lines: u64,
    /// What a person recognises it by.
    pub shown: String,
    /// Why it was skipped.
    pub why: Skip,
}

/// Why a line is no part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skip {
    /// It tells a spreadsheet the delimiter.
    Separator,
    /// It stands above the header: a title, or a program's note.
    AboveHeader,
    /// It says the header once more.
    HeaderAgain,
    /// It holds a total.
    Total,
    /// It is the mark by which DOS ends a text.
    EndMark,
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
    /// A cell holds a day that a file cannot say so.
    Day {
        /// The column of the cell.
        column: C,
        /// Why.
        fault: DayFault,
    },
    /// Not as many cells as the header has.
    CellCount {
        /// Cells in the header.
        expected: usize,
        /// Cells in this line.
        found: usize,
    },
    /// The quotation marks do not fit.
    Quote(QuoteFault),
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

/// Reads every line of a CSV file or a workbook, in the order of the file: `parse` says what a line comes to, `id` by what it is told from
/// the others.
///
/// # Errors
///
/// A [`FileProblem`] when no line can be judged; faults of one line are in that [`Line`].
pub fn read<C: Column, T: Clone + PartialEq, I: Eq + Hash>(
    bytes: &[u8],
    options: &ReadOptions,
    parse: impl Fn(&Cells<'_, C>) -> Result<T, Vec<LineFault<C>>>,
    id: impl Fn(&T) -> I,
) -> Result<ListFile<C, T>, FileProblem<C>> {
    if xlsx_file::is_workbook(bytes) {
        let read = xlsx_file::read(bytes, options.sheet.as_deref()).map_err(FileProblem::Workbook)?;
        let mut file = judge(&read.sheet, options, parse, id)?;
        file.report.sheets = Some(read.names);
        return Ok(file);
    }
    if options.sheet.is_some() {
        return Err(FileProblem::NoSheets);
    }
    let text = encoding::text(bytes, options.encoding).map_err(FileProblem::Text)?;
    let known = |cell: &str| is_known::<C>(cell, options);
    let mut sheet = csv_file::sheet(&text.text, known).map_err(|_| FileProblem::TooManyRows { max: MAX_ROWS })?;
    sheet.read_as = Some(text.read_as);
    judge(&sheet, options, parse, id)
}

/// Judges every line of a table, as [`read`] does.
///
/// # Errors
///
/// Those of [`read`].
pub fn judge<C: Column, T: Clone + PartialEq, I: Eq + Hash>(
    sheet: &Sheet,
    options: &ReadOptions,
    parse: impl Fn(&Cells<'_, C>) -> Result<T, Vec<LineFault<C>>>,
    id: impl Fn(&T) -> I,
) -> Result<ListFile<C, T>, FileProblem<C>> {
    let header = Header::find(sheet, options)?;
    let mut skipped = Vec::new();
    let mut rows = Vec::new();
    let last = sheet.rows().filter(|row| row.kind() == RowKind::Cells).last().map(Row::number);
    for row in sheet.rows().filter(|row| row.number() != header.row.number()) {
        match skip(row, &header, Some(row.number()) == last) {
            Some(why) => {
                let shown = shown(row.cells());
                skipped.push(SkippedLine { number: row.number(), lines: row.lines(), shown, why });
            }
            None => rows.push(row),
        }
    }
    if rows.len() > MAX_ROWS {
        return Err(FileProblem::TooManyRows { max: MAX_ROWS });
    }
    let calendar = Calendar { today: options.today, zone: options.zone, system: sheet.date_system };
    let days = day_columns(&header, &rows, calendar, options.dates)?;
    let taken: u64 = sheet.rows().map(Row::lines).sum();
    let report = ReadReport {
        file_lines: sheet.lines,
        header_lines: header.row.lines(),
        blank_lines: sheet.lines.saturating_sub(taken),
        skipped,
        hidden_rows: sheet.hidden_rows,
        read_as: sheet.read_as,
        sheets: None,
        used: header.used(),
        unused: header.unused(),
        days,
    };
    let mut earlier_lines = HashMap::new();
    let lines = rows.into_iter().map(|row| {
        let cells = Cells { header: &header, row, days: &report.days, calendar };
        let content = cells
            .fit()
            .and_then(|()| parse(&cells))
            .and_then(|content| unless_repeated(id(&content), content, row.number(), &mut earlier_lines));
        Line { number: row.number(), shown: cells.shown(), content }
    });
    let lines = lines.collect();
    Ok(ListFile { lines, report })
}

/// What a cell says that is empty, yes or no; nothing when it says something else.
pub fn yes_or_no(cell: &str) -> Option<bool> {
    match fold(text::trimmed(cell)).as_str() {
        "" | "no" | "nee" | "n" | "false" | "onwaar" | "0" | "nein" | "falsch" | "non" | "faux" | "falso" => {
            Some(false)
        }
        "yes" | "ja" | "y" | "j" | "true" | "waar" | "1" | "x" | "wahr" | "oui" | "vrai" | "si" | "verdadero" => {
            Some(true)
        }
        _ => None,
    }
}

/// Why a row is no part of the list, if it is none.
fn skip<C: Column>(row: Row<'_>, header: &Header<'_, C>, last: bool) -> Option<Skip> {
    match row.kind() {
        RowKind::Separator => return Some(Skip::Separator),
        RowKind::EndMark => return Some(Skip::EndMark),
        _ if row.number() < header.row.number() => return Some(Skip::AboveHeader),
        RowKind::Broken(_) => return None,
        RowKind::Cells => {}
    }
    if row.filled() == header.row.filled() && row.cells().zip(header.row.cells()).all(|(a, b)| a.trim() == b.trim()) {
        return Some(Skip::HeaderAgain);
    }
    (last && is_total(row)).then_some(Skip::Total)
}

/// Whether a row says nothing but a total: the word, and numbers.
fn is_total(row: Row<'_>) -> bool {
    const WORDS: &str = "total totals totaal totalen gesamt summe gesamtsumme somme totale totali suma totaux subtotal \
                         subtotaal count aantal anzahl";
    let text = row.cells().collect::<Vec<_>>().join(" ");
    let folded = fold(&text);
    let mut words =
        folded.split(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '(' | ')')).filter(|word| !word.is_empty());
    words.next().is_some_and(|word| WORDS.split_whitespace().any(|total| total == word))
        && words.all(|word| word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')))
}

/// Whether a spreadsheet writes this where a formula came to nothing, in English, Dutch or German.
fn is_error(cell: &str) -> bool {
    const ERRORS: &str = "#N/A #NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #SPILL! #CALC! #GETTING_DATA #N/B #LEEG! #DEEL/0! \
                          #WAARDE! #VERW! #NAAM? #GETAL! #NV #NULL! #WERT! #BEZUG! #ZAHL!";
    let cell = cell.trim();
    cell.starts_with('#') && ERRORS.split_whitespace().any(|error| error == cell)
}

/// The cells of one line, by column.
pub struct Cells<'a, C> {
    header: &'a Header<'a, C>,
    row: Row<'a>,
    days: &'a [(C, DayColumn)],
    calendar: Calendar,
}

impl<C: Column> Cells<'_, C> {
    /// What the cell of a column comes to. A column that the file does not have is empty.
    ///
    /// # Errors
    ///
    /// What `parse` has against it, with the column.
    pub fn parse<T>(&self, column: C, parse: impl FnOnce(&str) -> Result<T, Invalid>) -> Result<T, LineFault<C>> {
        let cell = self.get(column);
        if is_error(cell) {
            return Err(LineFault::Cell { column, invalid: Invalid::SpreadsheetError });
        }
        parse(cell).map_err(|invalid| LineFault::Cell { column, invalid })
    }

    /// The day in the cell of a column; none where it is empty.
    ///
    /// # Errors
    ///
    /// Why it is no day.
    pub fn day(&self, column: C) -> Result<Option<NaiveDate>, LineFault<C>> {
        let cell = self.get(column);
        if cell.trim().is_empty() {
            return Ok(None);
        }
        let invalid = |invalid| Err(LineFault::Cell { column, invalid });
        let order = self.days.iter().find(|(one, _)| *one == column).and_then(|(_, day)| day.order);
        let day = match file_day::read(cell, self.calendar) {
            FileDay::Day(day) | FileDay::Serial(day) => Some(day),
            FileDay::Ordered { day_first, month_first } => match order {
                Some(DateOrder::DayFirst) => day_first,
                Some(DateOrder::MonthFirst) => month_first,
                // The same day in both orders.
                None => day_first.or(month_first),
            },
            FileDay::ShortYear => return Err(LineFault::Day { column, fault: DayFault::ShortYear }),
            FileDay::Relative => return Err(LineFault::Day { column, fault: DayFault::Relative }),
            FileDay::Not(reason) => return invalid(reason),
        };
        match day {
            None => invalid(Invalid::DateNotReal),
            Some(day) if day.year() < 2000 => invalid(Invalid::DateTooEarly),
            Some(day) => Ok(Some(day)),
        }
    }

    /// Whether the file has a column.
    pub fn has(&self, column: C) -> bool {
        self.header.place(column).is_some()
    }

    fn get(&self, column: C) -> &str {
        self.header.place(column).map_or("", |at| self.row.cell(at))
    }

    /// Whether the quotation marks fit, and there are as many cells as the header has.
    fn fit(&self) -> Result<(), Vec<LineFault<C>>> {
        if let RowKind::Broken(fault) = self.row.kind() {
            return Err(vec![LineFault::Quote(fault)]);
        }
        let (expected, found) = (self.header.row.filled(), self.row.count());
        let fit = found >= expected && self.row.filled() <= expected;
        if fit { Ok(()) } else { Err(vec![LineFault::CellCount { expected, found }]) }
    }

    fn shown(&self) -> String {
        // The cells of a broken row may be anywhere.
        let own = if self.row.kind() == RowKind::Cells { self.get(C::SHOWN) } else { "" };
        shown(std::iter::once(own).chain(self.row.cells()))
    }
}

/// The first filled cell, no more of it than a report has room for.
fn shown<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut filled = cells.map(str::trim).filter(|cell| !cell.is_empty());
    filled.next().map(|cell| cell.chars().take(SHOWN_MAX).collect()).unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::customer_file::{self, CustomerFile};

    const HEADER: &str = "Microsoft ID,Company name,Primary domain name,Accepted directly";
    const ID: &str = "0a1b2c3d-4e5f-6071-8293-00000000000";

    fn read(text: &str) -> CustomerFile {
        customer_file::read(text.as_bytes(), &ReadOptions::on("2026-11-22".parse().unwrap())).unwrap()
    }

    #[test]
    fn every_line_of_a_file_is_accounted_for() {
        let row = format!("{ID}1,Firm,firm.example,");
        for (text, file, header, read_lines, skipped) in [
            (format!("{HEADER}\n{row}\n"), 2, 1, 1, 0),
            (format!("\n\nA title\n{HEADER}\n\n{row}\n;\n,,,\n"), 8, 1, 2, 5),
            (format!("sep=,\r\n{HEADER}\r\n{row}\r\nTotal: 1,,,\r\n\u{1a}"), 5, 1, 1, 3),
            (format!("{HEADER}\n{ID}1,\"Fi\nrm\",firm.example,\n"), 3, 1, 2, 0),
            (format!("\"Microsoft\nID\",Company name,Domain\n{ID}1,Firm,firm.example\n"), 3, 2, 1, 0),
            (format!("{HEADER}\n{ID}1,\"Fi\n{row}\n"), 3, 1, 2, 0),
            (HEADER.to_owned(), 1, 1, 0, 0),
        ] {
            let report = read(&text).report;
            let counted = (report.file_lines, report.header_lines, report.read_lines(), report.skipped_lines());
            assert_eq!(counted, (file, header, read_lines, skipped), "{text:?}");
        }
    }

    #[test]
    fn only_what_holds_nothing_but_a_total_is_skipped() {
        let skipped = |last: &str| {
            let file = read(&format!("{HEADER}\n{ID}1,Firm,firm.example,\n{last}\n"));
            file.report.skipped.first().map(|line| line.why)
        };
        for last in ["Total", "Totaal:,2,,", ",Total (1),,", "Summe,,1,", "Count = 1,,,"] {
            assert_eq!(skipped(last), Some(Skip::Total), "{last}");
        }
        let total_energies = format!("{ID}2,Total,total.example,");
        for last in [total_energies.as_str(), ",Total Energies,total.example,", "Totally,,,", "1,2,3,4"] {
            assert_eq!(skipped(last), None, "{last}");
        }
    }

    /// What a column comes to, by trying each order on every cell.
    fn model(cells: &[String]) -> Option<Vec<Option<NaiveDate>>> {
        let read =
            |order: &str| cells.iter().map(|cell| NaiveDate::parse_from_str(cell, order).ok()).collect::<Vec<_>>();
        let (day, month) = (read("%d/%m/%Y"), read("%m/%d/%Y"));
        let either = |at: usize| day[at].is_some() || month[at].is_some();
        let only = |one: &[Option<NaiveDate>], other: &[Option<NaiveDate>]| {
            (0..cells.len()).any(|at| one[at].is_some() && other[at].is_none())
        };
        let same = (0..cells.len()).all(|at| day[at] == month[at] || !either(at));
        match (only(&day, &month), only(&month, &day)) {
            (true, true) => None,
            (true, false) => Some(day),
            (false, true) => Some(month),
            (false, false) => same.then_some(day),
        }
    }

    #[test]
    fn a_column_of_days_comes_to_what_the_model_says() {
        let mut state = 7_u32;
        let mut throw = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % most
        };
        let (mut open, mut read_right) = (0, 0);
        for _ in 0..3_000 {
            // Mostly small numbers, so that every case comes up.
            let most = [12, 13, 31][usize::try_from(throw(3)).unwrap()];
            let cells: Vec<String> =
                (0..=throw(4)).map(|_| format!("{}/{}/2023", 1 + throw(most), 1 + throw(most.min(14)))).collect();
            let rows = cells.iter().enumerate().map(|(at, cell)| format!("{ID}{at:x},F,f.example,{cell}\n"));
            let text = format!("{HEADER}\n{}", rows.collect::<String>());
            let file = customer_file::read(text.as_bytes(), &ReadOptions::on("2026-11-22".parse().unwrap()));
            match model(&cells) {
                None => {
                    open += 1;
                    assert!(
                        matches!(file, Err(FileProblem::DaysOpen { .. } | FileProblem::DaysMixed { .. })),
                        "{cells:?}"
                    );
                }
                Some(days) => {
                    read_right += 1;
                    let found: Vec<Option<NaiveDate>> = file
                        .unwrap()
                        .lines
                        .into_iter()
                        .map(|line| line.content.ok().and_then(|line| line.accepted_directly?.on))
                        .collect();
                    assert_eq!(found, days, "{cells:?}");
                }
            }
        }
        assert!(open > 300 && read_right > 300, "{open} {read_right}");
    }
}
