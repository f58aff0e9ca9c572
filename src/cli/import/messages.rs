//! What reports and errors of an import say.

use crate::{
    actions::import::RowOutcome,
    domain::{
        encoding::TextProblem,
        file_day::{DateOrder, DayFault},
        invalid::Invalid,
        list_columns::{self, DayColumn, FileProblem, NamedCell},
        list_file::{LineFault, ReadReport, Skip},
        sheet::{MAX_ROWS, QuoteFault},
        text::shown,
        xlsx_file::{self, Limit, MAX_COLUMNS, MAX_FILE, Problem},
    },
};

/// What a report calls things.
pub(super) struct Words<P, W> {
    /// What a line is about.
    pub(super) noun: &'static str,
    /// A part that changes.
    pub(super) part: fn(P) -> &'static str,
    /// A reason for which a line cannot be used.
    pub(super) reason: fn(&W) -> String,
}

impl<P: Copy, W> Words<P, W> {
    pub(super) fn why(&self, fate: &RowOutcome<P, W>) -> String {
        match fate {
            RowOutcome::New | RowOutcome::Unchanged => String::new(),
            RowOutcome::Changed(parts) => parts.iter().copied().map(self.part).collect::<Vec<_>>().join(", "),
            RowOutcome::Refused(reasons) => reasons.iter().map(self.reason).collect::<Vec<_>>().join("; "),
        }
    }
}

/// A column with the name that it has in messages.
pub(super) trait Column: list_columns::Column {
    /// The one that tells lines apart.
    const ID: Self;

    fn words(self) -> &'static str;

    /// What is said of a cell that should hold a date and holds none.
    fn not_a_date(self) -> &'static str {
        "not a date"
    }
}

pub(super) fn fault_words<C: Column>(fault: LineFault<C>) -> String {
    match fault {
        LineFault::Cell { column, invalid } => format!("{}: {}", column.words(), invalid_words(column, invalid)),
        LineFault::Day { column, fault: DayFault::ShortYear } => {
            format!("{}: the year has two digits, write all four", column.words())
        }
        LineFault::Day { column, fault: DayFault::Relative } => {
            format!("{}: a file cannot say which day that is, write the date", column.words())
        }
        LineFault::Quote(fault) => quote_words(fault),
        LineFault::CellCount { expected, found } => format!("{found} cells where {expected} were expected"),
        LineFault::Repeats { earlier } => format!("the same as line {earlier}"),
        LineFault::SameId { earlier } => format!("the {} of line {earlier}, with other details", C::ID.words()),
    }
}

fn invalid_words<C: Column>(column: C, invalid: Invalid) -> String {
    match invalid {
        Invalid::Missing => "empty".to_owned(),
        Invalid::TooLong { max } => format!("more than {max} characters"),
        Invalid::Unprintable => "contains characters that cannot be shown".to_owned(),
        Invalid::CharacterLost => "a character was lost on the way (U+FFFD); correct it".to_owned(),
        Invalid::SpreadsheetError => "a formula that came to nothing".to_owned(),
        Invalid::PhoneRounded => "a spreadsheet kept a rounded number only; correct it".to_owned(),
        Invalid::NotAGuid => "not a GUID".to_owned(),
        Invalid::NotADomain => "not a domain name".to_owned(),
        Invalid::NotAnMpnId => "not 1 to 20 digits".to_owned(),
        Invalid::NotYesOrNo => "neither yes nor no".to_owned(),
        Invalid::DatePart(_) | Invalid::DateNotReal | Invalid::MonthFirst { .. } | Invalid::WrongWeekday { .. } => {
            column.not_a_date().to_owned()
        }
        Invalid::DateTooEarly => "before the year 2000".to_owned(),
        Invalid::DateInFuture { today } => format!("after today, {today}"),
        Invalid::NotAnOfferId => "not letters, digits and signs without a space".to_owned(),
        Invalid::NotOneOf { codes } => format!("not one of {}", codes.join(", ")),
        Invalid::UnknownCountry => "not * or the codes of countries".to_owned(),
        Invalid::PrerequisiteMissing => "not another offer of the file or the catalogue".to_owned(),
        Invalid::NotAQuantity => "not a whole number of 1 or more".to_owned(),
        Invalid::QuantityLimits { min, max } if min == max => format!("not {min}"),
        Invalid::QuantityLimits { min, max } => format!("not between {min} and {max}"),
        Invalid::NameWithoutLetter
        | Invalid::NotAnEmail
        | Invalid::PhoneDigits
        | Invalid::UnknownState
        | Invalid::UnknownLanguage
        | Invalid::NotADomainPrefix
        | Invalid::DomainTaken
        | Invalid::NotARegistrationNumber { .. }
        | Invalid::LanguageNotOffered
        | Invalid::UnknownReseller
        | Invalid::SameQuantity => "not understood".to_owned(),
    }
}

fn quote_words(fault: QuoteFault) -> String {
    match fault {
        QuoteFault::Unclosed { opened, to } => {
            format!("a quotation mark is opened in line {opened} and not closed (runs to line {to})")
        }
        QuoteFault::TextBehind { opened, to } => format!(
            "a quotation mark is opened in line {opened}, and text follows where it is closed (runs to line {to}); \
             within a cell it is written twice"
        ),
        QuoteFault::OverRows { opened, to } => {
            format!("a quotation mark is opened in line {opened} and runs over other lines of the list (to line {to})")
        }
        QuoteFault::Stray => "a quotation mark within a cell that is not in quotation marks".to_owned(),
    }
}

pub(super) const fn skip_words(why: Skip) -> &'static str {
    match why {
        Skip::Separator => "tells a spreadsheet the delimiter",
        Skip::AboveHeader => "stands above the columns",
        Skip::HeaderAgain => "names the columns again",
        Skip::Total => "a total",
        Skip::EndMark => "the end mark of DOS",
    }
}

/// How the file was understood, in sentences.
pub(super) fn understood<C: Column>(read: &ReadReport<C>, rows: usize) -> Vec<String> {
    let mut said = Vec::new();
    let within = read.read_lines().saturating_sub(rows as u64);
    let within = if within > 0 { format!(" ({within} of them within cells)") } else { String::new() };
    said.push(format!(
        "{} lines in the file: {} with the columns, {} read{within}, {} skipped.",
        read.file_lines,
        read.header_lines,
        read.read_lines(),
        read.skipped_lines()
    ));
    let used = read.used.iter().map(|(column, heading)| {
        let words = column.words();
        if heading == words { words.to_owned() } else { format!("{words} (“{}”)", shown(heading)) }
    });
    said.push(format!("Columns used: {}.", used.collect::<Vec<_>>().join(", ")));
    if !read.unused.is_empty() {
        said.push(format!("Columns not used: {}.", list(&read.unused)));
    }
    for (column, day) in &read.days {
        said.extend(day_words(*column, day));
    }
    if let Some(sheets) = &read.sheets {
        said.push(format!("Read the sheet {}.", cut(&sheets.read)));
        if !sheets.others.is_empty() {
            said.push(format!("Sheets not read: {}. --sheet names another one.", list(&sheets.others)));
        }
    }
    if read.hidden_rows > 0 {
        said.push(format!("{} rows are hidden in the workbook; they were read too.", read.hidden_rows));
    }
    match read.read_as {
        Some(read_as) if read_as.guessed => said.push(format!(
            "Read as {}, which is a guess: look at the names. --encoding names another encoding; CSV UTF-8 needs no guess.",
            read_as.encoding
        )),
        Some(read_as) if read_as.encoding != "UTF-8" => said.push(format!("Read as {}.", read_as.encoding)),
        _ => {}
    }
    said
}

fn day_words<C: Column>(column: C, day: &DayColumn) -> Vec<String> {
    let words = column.words();
    let order = day.order.map(|order| match &day.proof {
        Some(cell) => format!("{words}: read {}, as {} shows.", order_words(order), cell_words(cell)),
        None => format!("{words}: read {}, as --dates says.", order_words(order)),
    });
    let serials = match day.serials {
        0 => None,
        1 => Some(format!("{words}: 1 cell was read as a spreadsheet's number for a day.")),
        many => Some(format!("{words}: {many} cells were read as a spreadsheet's numbers for days.")),
    };
    order.into_iter().chain(serials).collect()
}

const fn order_words(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayFirst => "day first",
        DateOrder::MonthFirst => "month first",
    }
}

fn cell_words(cell: &NamedCell) -> String {
    format!("“{}” in line {}", cut(&cell.text), cell.line)
}

fn list(headings: &[String]) -> String {
    headings.iter().map(|heading| cut(heading)).collect::<Vec<_>>().join(", ")
}

fn cut(text: &str) -> String {
    shown(text).chars().take(100).collect()
}

pub(super) fn problem<C: Column>(problem: FileProblem<C>) -> anyhow::Error {
    const BOTH: &str = "--dates day-first or --dates month-first says which";
    match problem {
        FileProblem::Empty => anyhow::anyhow!("the file is empty"),
        FileProblem::Text(problem) => text_problem(problem),
        FileProblem::Workbook(problem) => anyhow::anyhow!("{}", workbook_words(&problem)),
        FileProblem::NoSheets => anyhow::anyhow!("--sheet names a sheet, but the file is no workbook"),
        FileProblem::NoHeader => {
            let columns = C::NEEDED.iter().map(|column| column.words()).collect::<Vec<_>>().join(", ");
            anyhow::anyhow!("the first line must name the columns: {columns}")
        }
        FileProblem::MissingColumn { column, unused } if unused.is_empty() => {
            anyhow::anyhow!("the file has no column {}", column.words())
        }
        FileProblem::MissingColumn { column, unused } => {
            let words = column.words();
            anyhow::anyhow!(
                "the file has no column {words}; if it is one of {}, name it with --column \"{words}=HEADING\"",
                list(&unused)
            )
        }
        FileProblem::TwoColumns { column, headings: [one, other] } => {
            let words = column.words();
            let (one, other) = (cut(&one), cut(&other));
            anyhow::anyhow!(
                "two columns mean {words}: {one} and {other}; name one with --column \"{words}=HEADING\", or take one out"
            )
        }
        FileProblem::UnknownField(field) => {
            let columns = C::ALL.iter().map(|(column, _)| column.words()).collect::<Vec<_>>().join(", ");
            anyhow::anyhow!("--column names {}, which is none of {columns}", cut(&field))
        }
        FileProblem::UnknownHeading(heading) => {
            anyhow::anyhow!("the file has no column {}, which --column names", cut(&heading))
        }
        FileProblem::TooManyRows { max } => anyhow::anyhow!("the file has more than {max} lines; split it"),
        FileProblem::DaysOpen { column, cells } => {
            let cells = cells.iter().map(cell_words).collect::<Vec<_>>().join(", ");
            anyhow::anyhow!(
                "nothing in {} shows whether the day or the month comes first: {cells}; {BOTH}",
                column.words()
            )
        }
        FileProblem::DaysMixed { column, day_first, month_first } => anyhow::anyhow!(
            "the dates in {} are of two kinds: {} has the day first, {} the month; write them all as 2026-12-31",
            column.words(),
            cell_words(&day_first),
            cell_words(&month_first)
        ),
        FileProblem::DaysNot { column, order, cell } => anyhow::anyhow!(
            "the dates in {} are not {}: {}; leave --dates out or say the other",
            column.words(),
            order.code(),
            cell_words(&cell)
        ),
    }
}

fn workbook_words(problem: &xlsx_file::Problem) -> String {
    match problem {
        Problem::FileTooLarge => format!("the workbook is larger than {} MB; split it", MAX_FILE / 1024 / 1024),
        Problem::Markup => {
            "the file is a web page or other markup; open it in Excel and save it as .xlsx or CSV".to_owned()
        }
        Problem::OldFormat => "the file is a workbook of Excel 97–2003 (.xls); save it as .xlsx or CSV".to_owned(),
        Problem::Encrypted => "the workbook is protected by a password; save it without one".to_owned(),
        Problem::Binary => "the file is a binary workbook (.xlsb); save it as .xlsx or CSV".to_owned(),
        Problem::NotAWorkbook => "the file is no Excel workbook (.xlsx); save the list as .xlsx or CSV".to_owned(),
        Problem::Damaged { part } => {
            format!("the workbook is damaged ({}); open it in Excel and save it again", cut(part))
        }
        Problem::Entities => "the workbook holds a document type or entities, which no workbook needs".to_owned(),
        Problem::Bomb => "the workbook unpacks to many times its size and was not read".to_owned(),
        Problem::TooMuch(Limit::Rows) => format!("the sheet has more than {MAX_ROWS} lines; split it"),
        Problem::TooMuch(Limit::Columns) => format!("the sheet has cells beyond column {MAX_COLUMNS}; delete them"),
        Problem::TooMuch(Limit::Cells | Limit::Text | Limit::SharedStrings) => {
            "the workbook holds too many cells or too much text; split it".to_owned()
        }
        Problem::TooMuch(Limit::Parts | Limit::Formats) => {
            "the workbook has too many parts; copy the list into a new workbook".to_owned()
        }
        Problem::NoSheet => "the workbook has no visible sheet of cells".to_owned(),
        Problem::NoSuchSheet { names } => format!("the workbook has no sheet of that name; it has {}", list(names)),
        Problem::NotCalculated { cell } => {
            format!("the formula in cell {cell} was never calculated; open the workbook in Excel and save it again")
        }
    }
}

fn text_problem(problem: TextProblem) -> anyhow::Error {
    match problem {
        TextProblem::NotText => anyhow::anyhow!("the file is not text; export or save it as CSV"),
        TextProblem::Not { encoding } => anyhow::anyhow!("the file is not {encoding}, or it is damaged"),
        TextProblem::Says { encoding } => {
            anyhow::anyhow!("the file says itself that it is {encoding}; leave --encoding out")
        }
        TextProblem::Unlikely { encoding, line, word } => anyhow::anyhow!(
            "read as {encoding}, line {line} says “{}”, which nobody writes; name the encoding with --encoding \
             (windows-1250, windows-1251, cp850, macintosh, shift_jis …), or save the file as CSV UTF-8",
            cut(&word)
        ),
    }
}
