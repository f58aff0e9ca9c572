//! The list of customers that Partner Center exports as CSV.
//!
//! The file may have been through a spreadsheet: any usual encoding, delimiter and column order
//! is understood, and every line is judged on its own.

use super::{
    date_input::parse_date,
    fold::fold,
    identifiers::{DomainName, parse_guid},
    invalid::Invalid,
    text::required,
};
use chrono::NaiveDate;
use encoding_rs::{Encoding, WINDOWS_1252};
use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
};
use uuid::Uuid;

/// The most lines with customers in one file.
pub const MAX_ROWS: usize = 100_000;

/// The most Unicode scalar values in a company name.
pub const COMPANY_NAME_MAX: usize = 256;

/// A file of customers, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFile {
    /// Every line that is not blank, in the order of the file.
    pub lines: Vec<Line>,
}

/// One line of the file, which may run over several when a cell holds line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it starts in the file; the first line is 1.
    pub number: u64,
    /// What a person recognises it by: the company name or, without one, the first filled cell.
    pub shown: String,
    /// The customer, or everything that is wrong with the line.
    pub content: Result<CustomerLine, Vec<LineFault>>,
}

/// A customer as a line of the file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerLine {
    /// The customer's tenant.
    pub microsoft_id: Uuid,
    /// 1–256 Unicode scalar values.
    pub company_name: String,
    /// The primary domain.
    pub domain: DomainName,
    /// Set when the customer accepted the agreement with Microsoft itself.
    pub accepted_directly: Option<AcceptedDirectly>,
}

/// An acceptance with Microsoft itself, of which who accepted is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptedDirectly {
    /// The date of acceptance, where it is known.
    pub on: Option<NaiveDate>,
}

/// Something wrong with one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// A cell holds a value that is refused.
    Cell {
        /// The column of the cell.
        column: Column,
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
    /// Has the Microsoft ID of an earlier line, but says something else.
    SameMicrosoftId {
        /// The number of the earlier line.
        earlier: u64,
    },
}

/// A column of the file that matters; any other is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// *Microsoft ID*.
    MicrosoftId,
    /// *Company name*.
    CompanyName,
    /// *Primary domain name*.
    PrimaryDomain,
    /// *Accepted directly*, which may be absent: empty, no, yes or a date.
    AcceptedDirectly,
}

/// Something wrong with the file as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileProblem {
    /// Nothing in it but white space.
    Empty,
    /// Not text: a workbook, a picture, or damaged.
    NotText,
    /// No column of the first line is known.
    NoHeader,
    /// The header lacks a column that is needed.
    MissingColumn(Column),
    /// More lines with customers than a file may have.
    TooManyRows {
        /// The most it may have.
        max: usize,
    },
}

/// Reads a file of customers; `today` is the date in the partner account's time zone.
///
/// # Errors
///
/// A [`FileProblem`] when no line can be judged; faults of one line are in that [`Line`].
pub fn read(bytes: &[u8], today: NaiveDate) -> Result<CustomerFile, FileProblem> {
    let text = decode(bytes)?;
    let mut rows = Rows::new(&text);
    let (_, header) = rows.next().ok_or(FileProblem::Empty)??;
    let layout = Layout::of(&header)?;
    let mut earlier_lines = HashMap::new();
    let mut lines = Vec::new();
    for row in rows {
        if lines.len() == MAX_ROWS {
            return Err(FileProblem::TooManyRows { max: MAX_ROWS });
        }
        let (number, cells) = row?;
        let content =
            layout.customer(&cells, today).and_then(|customer| unless_repeated(customer, number, &mut earlier_lines));
        lines.push(Line { number, shown: layout.shown(&cells), content });
    }
    Ok(CustomerFile { lines })
}

/// The text of the file: as its byte order mark says, else UTF-8, else what Excel on Windows writes.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileProblem> {
    let text = match (Encoding::for_bom(bytes), str::from_utf8(bytes)) {
        (Some((encoding, mark)), _) => encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]),
        (None, Ok(text)) => Some(Cow::Borrowed(text)),
        (None, Err(_)) => Some(WINDOWS_1252.decode_without_bom_handling(bytes).0),
    };
    text.filter(|text| !text.contains('\0')).ok_or(FileProblem::NotText)
}

/// The rows that are not blank, each with the number of the line it starts on.
struct Rows<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    /// Where the reader starts in the text: behind a `sep=;` line.
    start: usize,
    /// Up to where lines were counted, and how many ended before it.
    counted: usize,
    ended: u64,
}

impl<'a> Rows<'a> {
    fn new(text: &'a str) -> Self {
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
    type Item = Result<(u64, Vec<String>), FileProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = csv::StringRecord::new();
        loop {
            let position = self.reader.position().byte();
            match self.reader.read_record(&mut record) {
                Ok(false) => return None,
                Err(_) => return Some(Err(FileProblem::NotText)),
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

impl Column {
    /// The column with this header in Partner Center, in a translation, or by a usual other name.
    fn named(header: &str) -> Option<Self> {
        let name: String = fold(header).chars().filter(|c| c.is_alphanumeric()).collect();
        Some(match name.as_str() {
            "microsoftid" | "customerid" | "tenantid" | "klantid" => Self::MicrosoftId,
            "companyname" | "company" | "customername" | "bedrijfsnaam" | "bedrijf" | "klantnaam" => Self::CompanyName,
            "primarydomainname" | "primarydomain" | "domainname" | "domain" | "primairedomeinnaam"
            | "primairdomein" | "domeinnaam" | "domein" => Self::PrimaryDomain,
            "accepteddirectly" | "rechtstreeksgeaccepteerd" | "directgeaccepteerd" => Self::AcceptedDirectly,
            _ => return None,
        })
    }
}

/// Which cell of a row holds what.
struct Layout {
    cells: usize,
    microsoft_id: usize,
    company_name: usize,
    domain: usize,
    accepted_directly: Option<usize>,
}

impl Layout {
    fn of(header: &[String]) -> Result<Self, FileProblem> {
        let columns: Vec<_> = header.iter().map(|cell| Column::named(cell)).collect();
        if columns.iter().all(Option::is_none) {
            return Err(FileProblem::NoHeader);
        }
        let find = |wanted| columns.iter().position(|&column| column == Some(wanted));
        let need = |wanted| find(wanted).ok_or(FileProblem::MissingColumn(wanted));
        Ok(Self {
            cells: without_blank_end(header).len(),
            microsoft_id: need(Column::MicrosoftId)?,
            company_name: need(Column::CompanyName)?,
            domain: need(Column::PrimaryDomain)?,
            accepted_directly: find(Column::AcceptedDirectly),
        })
    }

    /// The customer in a row, or every fault of it.
    fn customer(&self, row: &[String], today: NaiveDate) -> Result<CustomerLine, Vec<LineFault>> {
        let excess = without_blank_end(row).len() > self.cells;
        if excess || row.len() < self.cells {
            return Err(vec![LineFault::CellCount { expected: self.cells, found: row.len() }]);
        }
        let direct = self.accepted_directly.map_or("", |at| &row[at]);
        let microsoft_id = parse_guid(&row[self.microsoft_id]);
        let company_name = required(&row[self.company_name], COMPANY_NAME_MAX);
        let domain = DomainName::parse(&row[self.domain]);
        let accepted_directly = parse_accepted_directly(direct, today);
        match (microsoft_id, company_name, domain, accepted_directly) {
            (Ok(microsoft_id), Ok(company_name), Ok(domain), Ok(accepted_directly)) => {
                Ok(CustomerLine { microsoft_id, company_name, domain, accepted_directly })
            }
            (microsoft_id, company_name, domain, accepted_directly) => Err([
                (Column::MicrosoftId, microsoft_id.err()),
                (Column::CompanyName, company_name.err()),
                (Column::PrimaryDomain, domain.err()),
                (Column::AcceptedDirectly, accepted_directly.err()),
            ]
            .into_iter()
            .filter_map(|(column, invalid)| invalid.map(|invalid| LineFault::Cell { column, invalid }))
            .collect()),
        }
    }

    /// No more of it than a report has room for.
    fn shown(&self, row: &[String]) -> String {
        let company = row.get(self.company_name);
        company
            .into_iter()
            .chain(row)
            .map(|cell| cell.trim())
            .find(|cell| !cell.is_empty())
            .map(|cell| cell.chars().take(COMPANY_NAME_MAX).collect())
            .unwrap_or_default()
    }
}

fn without_blank_end(row: &[String]) -> &[String] {
    let filled = row.iter().rposition(|cell| !cell.trim().is_empty());
    filled.map_or(&[], |last| &row[..=last])
}

fn parse_accepted_directly(cell: &str, today: NaiveDate) -> Result<Option<AcceptedDirectly>, Invalid> {
    match fold(cell).as_str() {
        "" | "no" | "nee" | "n" | "false" | "onwaar" | "0" => Ok(None),
        "yes" | "ja" | "y" | "j" | "true" | "waar" | "1" | "x" => Ok(Some(AcceptedDirectly { on: None })),
        _ => parse_date(cell, today).map(|date| Some(AcceptedDirectly { on: Some(date) })),
    }
}

/// The customer, unless an earlier good line already named it.
fn unless_repeated(
    customer: CustomerLine,
    number: u64,
    earlier_lines: &mut HashMap<Uuid, (u64, CustomerLine)>,
) -> Result<CustomerLine, Vec<LineFault>> {
    match earlier_lines.entry(customer.microsoft_id) {
        Entry::Vacant(place) => {
            place.insert((number, customer.clone()));
            Ok(customer)
        }
        Entry::Occupied(place) => {
            let (earlier, same) = place.get();
            let earlier = *earlier;
            Err(vec![if *same == customer {
                LineFault::Repeats { earlier }
            } else {
                LineFault::SameMicrosoftId { earlier }
            }])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invalid::DatePart;

    const ID_1: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const ID_2: &str = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const HEADER: &str = "Microsoft ID,Company name,Primary domain name,Relationship";

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn lines(file: impl AsRef<[u8]>) -> Vec<Line> {
        read(file.as_ref(), today()).unwrap().lines
    }

    fn problem(file: impl AsRef<[u8]>) -> FileProblem {
        read(file.as_ref(), today()).unwrap_err()
    }

    fn only(file: impl AsRef<[u8]>) -> CustomerLine {
        let lines = lines(file);
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.into_iter().next().unwrap().content.unwrap()
    }

    fn faults(file: impl AsRef<[u8]>) -> Vec<LineFault> {
        lines(file).pop().unwrap().content.unwrap_err()
    }

    #[test]
    fn the_export_of_partner_center_is_read() {
        let file = format!("{HEADER}\r\n{ID_1},\"Contoso, B.V.\",contoso.onmicrosoft.com,Reseller\r\n");
        let [line] = &lines(file)[..] else { panic!("one line") };
        assert_eq!((line.number, line.shown.as_str()), (2, "Contoso, B.V."));
        let customer = line.content.as_ref().unwrap();
        assert_eq!(customer.microsoft_id.to_string(), ID_1);
        assert_eq!(customer.company_name, "Contoso, B.V.");
        assert_eq!(customer.domain.prefix(), Some("contoso"));
        assert_eq!(customer.accepted_directly, None);
    }

    #[test]
    fn every_usual_encoding_is_understood() {
        let file = format!("{HEADER}\n{ID_1},Café Zoë € B.V.,cafe.nl,Reseller\n");
        let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            [mark, &file.encode_utf16().flat_map(bytes).collect::<Vec<_>>()].concat()
        };
        for bytes in [
            file.clone().into_bytes(),
            [b"\xef\xbb\xbf", file.as_bytes()].concat(),
            utf16(b"\xff\xfe", u16::to_le_bytes),
            utf16(b"\xfe\xff", u16::to_be_bytes),
            WINDOWS_1252.encode(&file).0.into_owned(),
        ] {
            assert_eq!(only(&bytes).company_name, "Café Zoë € B.V.", "{:?}", &bytes[..3]);
        }
    }

    #[test]
    fn every_usual_delimiter_is_understood() {
        for (told, delimiter) in [
            ("", ","),
            ("", ";"),
            ("", "\t"),
            ("sep=;\r\n", ";"),
            ("SEP=,\n", ","),
            ("sep=\t\n", "\t"),
            ("sep=;\n", ","),
        ] {
            let row = |cells: [&str; 4]| cells.join(delimiter);
            let header = ["Microsoft ID", "\"Company, name;\t\"", "Domain", "Company"];
            let file = [told, &row(header), "\n", &row([ID_1, "x", "y", "Contoso"])].concat();
            let lines = lines(file);
            assert_eq!(lines[0].number, if told.is_empty() { 2 } else { 3 });
            assert_eq!(lines[0].shown, "x", "{told:?} {delimiter:?}");
        }
    }

    #[test]
    fn columns_are_found_by_name_in_any_order() {
        for header in [
            "Relationship;Primary domain name;MICROSOFT ID;Company name",
            "Notes;domain;Tenant ID;company",
            "X;Primary Domain;Customer_ID;Bedrijfsnaam",
            ";\"Domein\nnaam\";MicrosoftId;Klantnaam",
        ] {
            let customer = only(format!("{header}\n?;contoso.nl;{ID_1};Contoso"));
            assert_eq!(customer.company_name, "Contoso", "{header}");
            assert_eq!(customer.domain.as_str(), "contoso.nl");
        }
    }

    #[test]
    fn the_number_of_a_line_is_where_it_starts_in_the_file() {
        for end in ["\n", "\r\n", "\r"] {
            let rows = [HEADER, "", ",,,", "a,\"two", "lines\",c,d", "", "", "b,b,c,d", " ", "é,c,c,d"];
            let numbers = |file: String| lines(file).iter().map(|l| l.number).collect::<Vec<_>>();
            assert_eq!(numbers(rows.join(end)), [4, 8, 10], "{end:?}");
            assert_eq!(numbers(format!("{end}{}{end}", rows.join(end))), [5, 9, 11], "{end:?}");
        }
    }

    #[test]
    fn an_apostrophe_against_formulas_is_dropped_once() {
        for (cell, name) in [
            ("'=Contoso", "=Contoso"),
            ("'+1", "+1"),
            ("'-1", "-1"),
            ("'@home", "@home"),
            ("''t Hart", "'t Hart"),
            ("'t Hart", "'t Hart"),
            ("''=x", "'=x"),
        ] {
            assert_eq!(only(format!("{HEADER}\n{ID_1},{cell},a.nl,")).company_name, name);
        }
    }

    #[test]
    fn accepted_directly_is_empty_no_yes_or_a_date() {
        let read = |cell: &str| {
            let file = format!("Microsoft ID,Company,Domain,Accepted directly\n{ID_1},A,a.nl,{cell}");
            lines(file).remove(0).content.map(|customer| customer.accepted_directly)
        };
        for cell in ["", " ", "no", "Nee", "FALSE", "onwaar", "0"] {
            assert_eq!(read(cell), Ok(None), "{cell}");
        }
        for cell in ["yes", "JA", "true", "waar", "X", "1"] {
            assert_eq!(read(cell), Ok(Some(AcceptedDirectly { on: None })), "{cell}");
        }
        let on = NaiveDate::from_ymd_opt(2026, 3, 27);
        for cell in ["2026-03-27", "27 mrt 2026", "27-3-2026"] {
            assert_eq!(read(cell), Ok(Some(AcceptedDirectly { on })), "{cell}");
        }
        for (cell, invalid) in [
            ("maybe", Invalid::DateNotReal),
            ("27-3", Invalid::DatePart(DatePart::Year)),
            ("23-11-2026", Invalid::DateInFuture { today: today() }),
        ] {
            let column = Column::AcceptedDirectly;
            assert_eq!(read(cell), Err(vec![LineFault::Cell { column, invalid }]), "{cell}");
        }
    }

    #[test]
    fn every_fault_of_a_line_is_named() {
        let cell = |column, invalid| LineFault::Cell { column, invalid };
        assert_eq!(
            faults(format!("{HEADER}\ncontoso,,contoso,")),
            [
                cell(Column::MicrosoftId, Invalid::NotAGuid),
                cell(Column::CompanyName, Invalid::Missing),
                cell(Column::PrimaryDomain, Invalid::NotADomain),
            ]
        );
        assert_eq!(
            faults(format!("{HEADER}\n{ID_1},{},a.nl,", "x".repeat(257))),
            [cell(Column::CompanyName, Invalid::TooLong { max: 256 })]
        );
        assert_eq!(
            faults(format!("{HEADER}\n{ID_1},Contoso, B.V.,a.nl,Reseller")),
            [LineFault::CellCount { expected: 4, found: 5 }]
        );
        assert_eq!(faults(format!("{HEADER}\n{ID_1},Contoso")), [LineFault::CellCount { expected: 4, found: 2 }]);
    }

    #[test]
    fn blank_cells_at_the_end_of_a_line_do_not_count() {
        only(format!("{HEADER}\n{ID_1},A,a.nl,Reseller,,"));
        only(format!("{HEADER},,\n{ID_1},A,a.nl,Reseller"));
    }

    #[test]
    fn a_repeated_customer_names_the_earlier_line() {
        let file = format!("{HEADER}\n{ID_1},A,a.nl,\n{ID_2},B,b.nl,\n{{{ID_1}}},  A ,A.nl,\n{ID_2},C,b.nl,\n");
        let contents: Vec<_> = lines(file).into_iter().map(|line| line.content).collect();
        assert!(contents[0].is_ok() && contents[1].is_ok());
        assert_eq!(contents[2], Err(vec![LineFault::Repeats { earlier: 2 }]));
        assert_eq!(contents[3], Err(vec![LineFault::SameMicrosoftId { earlier: 3 }]));
    }

    #[test]
    fn a_line_without_company_name_is_shown_by_its_first_filled_cell() {
        let shown = |row: &str| lines(format!("{HEADER}\n{row}")).remove(0).shown;
        assert_eq!(shown(",,a.nl,Reseller"), "a.nl");
        assert_eq!(shown("abc"), "abc");
        assert_eq!(shown(&format!("a,{},c,d", "x".repeat(9999))).len(), 256);
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        for file in ["", " ", "\r\n\r\n", "\u{feff}", "sep=;", ";;;\n;;;"] {
            assert_eq!(problem(file), FileProblem::Empty, "{file:?}");
        }
        assert_eq!(problem("hello"), FileProblem::NoHeader);
        assert_eq!(problem(format!("{ID_1},Contoso,contoso.nl,Reseller")), FileProblem::NoHeader);
        for (header, column) in [
            ("Company name,Domain", Column::MicrosoftId),
            ("Microsoft ID,Domain", Column::CompanyName),
            ("Microsoft ID,Company name", Column::PrimaryDomain),
        ] {
            assert_eq!(problem(header), FileProblem::MissingColumn(column));
        }
        for bytes in [&b"PK\x03\x04\x14\0\x06\0"[..], b"\xef\xbb\xbf\xff", b"\xff\xfe\0\xd8", b"\xff\xfea"] {
            assert_eq!(problem(bytes), FileProblem::NotText, "{bytes:?}");
        }
        assert_eq!(lines(HEADER), []);
    }

    #[test]
    fn more_lines_than_a_file_may_have_are_refused() {
        let file = format!("{HEADER}\n{}", "a,b,c,d\n".repeat(MAX_ROWS));
        assert_eq!(lines(&file).len(), MAX_ROWS);
        let problem = problem(format!("{file}a,b,c,d"));
        assert_eq!(problem, FileProblem::TooManyRows { max: MAX_ROWS });
    }

    #[test]
    fn no_bytes_make_reading_panic() {
        let good = format!("sep=;\r\n{HEADER}\r\n{ID_1},\"A\r\nB\",é.nl,x\r\n\r\n'=,,,\n").into_bytes();
        let mut state = 1_u32;
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            usize::try_from(state >> 8).unwrap() % below
        };
        let signs = b"\"\r\n,;\t'\0\xff\xfe\xef\xbb\xbfa";
        for _ in 0..20_000 {
            let mut bytes = good.clone();
            for _ in 0..=random(6) {
                let at = random(bytes.len());
                match random(3) {
                    0 => bytes[at] = signs[random(signs.len())],
                    1 => bytes.insert(at, signs[random(signs.len())]),
                    _ => bytes.truncate(at + 1),
                }
            }
            let _ = read(&bytes, today());
        }
    }
}
