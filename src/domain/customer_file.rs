//! The list of customers that Partner Center exports.

use super::{
    identifiers::{DomainName, parse_guid},
    invalid::Invalid,
    list_columns::{self, ReadOptions},
    list_file::{self, Cells, ListFile, yes_or_no},
    sheet::Sheet,
    text::required,
};
use chrono::NaiveDate;
use uuid::Uuid;

/// The most Unicode scalar values in a company name.
pub const COMPANY_NAME_MAX: usize = 256;

/// A file of customers, line by line.
pub type CustomerFile = ListFile<Column, CustomerLine>;

/// One line of the file, shown by the company name.
pub type Line = list_file::Line<Column, CustomerLine>;

/// Something wrong with one line, whose id is the Microsoft ID.
pub type LineFault = list_file::LineFault<Column>;

/// Something wrong with the file as a whole.
pub type FileProblem = list_columns::FileProblem<Column>;

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

/// A column of the file that matters; any other is only named.
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

/// Reads a CSV file of customers.
///
/// # Errors
///
/// A [`FileProblem`] when no line can be judged; faults of one line are in that [`Line`].
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<CustomerFile, FileProblem> {
    list_file::read(bytes, options, |cells| customer(cells, options.today), |customer| customer.microsoft_id)
}

/// Judges a table of customers, as [`read`] does.
///
/// # Errors
///
/// Those of [`read`].
pub fn judge(sheet: &Sheet, options: &ReadOptions) -> Result<CustomerFile, FileProblem> {
    list_file::judge(sheet, options, |cells| customer(cells, options.today), |customer| customer.microsoft_id)
}

impl list_columns::Column for Column {
    const KIND: &'static str = "customers";
    const ALL: &'static [(Self, &'static str)] = &[
        (Self::MicrosoftId, "microsoft_id"),
        (Self::CompanyName, "company_name"),
        (Self::PrimaryDomain, "primary_domain"),
        (Self::AcceptedDirectly, "accepted_directly"),
    ];
    const DAYS: &'static [Self] = &[Self::AcceptedDirectly];
    const NEEDED: &'static [Self] = &[Self::MicrosoftId, Self::CompanyName, Self::PrimaryDomain];
    const SHOWN: Self = Self::CompanyName;
}

/// The customer in a line, or every fault of it.
fn customer(cells: &Cells<'_, Column>, today: NaiveDate) -> Result<CustomerLine, Vec<LineFault>> {
    let microsoft_id = cells.parse(Column::MicrosoftId, parse_guid);
    let company_name = cells.parse(Column::CompanyName, |cell| required(cell, COMPANY_NAME_MAX));
    let domain = cells.parse(Column::PrimaryDomain, DomainName::parse);
    let accepted_directly = accepted_directly(cells, today);
    match (microsoft_id, company_name, domain, accepted_directly) {
        (Ok(microsoft_id), Ok(company_name), Ok(domain), Ok(accepted_directly)) => {
            Ok(CustomerLine { microsoft_id, company_name, domain, accepted_directly })
        }
        (microsoft_id, company_name, domain, accepted_directly) => {
            let faults = [microsoft_id.err(), company_name.err(), domain.err(), accepted_directly.err()];
            Err(faults.into_iter().flatten().collect())
        }
    }
}

fn accepted_directly(cells: &Cells<'_, Column>, today: NaiveDate) -> Result<Option<AcceptedDirectly>, LineFault> {
    let column = Column::AcceptedDirectly;
    match cells.parse(column, |cell| Ok(yes_or_no(cell)))? {
        Some(false) => Ok(None),
        Some(true) => Ok(Some(AcceptedDirectly { on: None })),
        None => match cells.day(column)? {
            Some(day) if day > today => Err(LineFault::Cell { column, invalid: Invalid::DateInFuture { today } }),
            on => Ok(Some(AcceptedDirectly { on })),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{invalid::DatePart, sheet::MAX_ROWS};
    use encoding_rs::WINDOWS_1252;

    const ID_1: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const ID_2: &str = "1a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
    const HEADER: &str = "Microsoft ID,Company name,Primary domain name,Relationship";

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn lines(file: impl AsRef<[u8]>) -> Vec<Line> {
        read(file.as_ref(), &ReadOptions::on(today())).unwrap().lines
    }

    fn problem(file: impl AsRef<[u8]>) -> FileProblem {
        read(file.as_ref(), &ReadOptions::on(today())).unwrap_err()
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
            let header = ["Microsoft ID", "\"Company, name;\t\"", "Domain", "Notes"];
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
        assert_eq!(contents[3], Err(vec![LineFault::SameId { earlier: 3 }]));
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
            assert_eq!(problem(header), FileProblem::MissingColumn { column, unused: Vec::new() });
        }
        assert!(matches!(problem("PK\x03\x04\x14\0\x06\0"), FileProblem::Workbook(_)));
        for bytes in [&b"\xef\xbb\xbf\xff"[..], b"\xff\xfe\0\xd8", b"\xff\xfea"] {
            assert!(matches!(problem(bytes), FileProblem::Text(_)), "{bytes:?}");
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
            let _ = read(&bytes, &ReadOptions::on(today()));
        }
    }
}
