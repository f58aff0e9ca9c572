//! A list of customers of whom somebody asks whether they can be ordered for: pasted, or as a file.

use uuid::Uuid;

use super::{
    csv_file::{self, HEADER_WITHIN},
    customer_file::Column,
    encoding::{self, TextProblem},
    fold::fold,
    identifiers::{DomainName, parse_guid},
    list_columns::Column as _,
    sheet::RowKind,
    text,
};

/// The most customers that are asked about at once.
pub const MAX_LINES: usize = 5_000;

/// The most Unicode scalar values of what a customer is called by.
const CALLED_MAX: usize = 500;

/// What a customer is looked for by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Wanted {
    /// The Microsoft ID.
    Id(Uuid),
    /// The primary domain, as it is stored.
    Domain(String),
    /// The company name, folded.
    Name(String),
}

impl Wanted {
    /// What a text names: an id, else a domain, else a company. `None` for what can be none of them.
    pub fn of(typed: &str) -> Option<Self> {
        let line = text::line(typed, CALLED_MAX).ok()??;
        if let Ok(id) = parse_guid(&line) {
            return Some(Self::Id(id));
        }
        if line.contains('.')
            && !line.contains(char::is_whitespace)
            && let Ok(domain) = DomainName::parse(&line)
        {
            return Some(Self::Domain(domain.as_str().to_owned()));
        }
        Some(fold(&line)).filter(|name| !name.is_empty()).map(Self::Name)
    }

    /// How surely it names one customer only.
    fn rank(&self) -> u8 {
        match self {
            Self::Id(_) => 0,
            Self::Domain(_) => 1,
            Self::Name(_) => 2,
        }
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the list, from 1; blank lines count too.
    pub number: u64,
    /// The part of it that names the customer.
    pub typed: String,
    /// What that is; none for what names nobody.
    pub wanted: Option<Wanted>,
}

/// What is wrong with a list as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It names nobody.
    Empty,
    /// It has more lines than [`MAX_LINES`].
    TooMany {
        /// How many.
        lines: usize,
    },
    /// It is no text: a workbook, a picture, or damaged.
    NotText,
    /// It is text in an encoding that nobody can tell: what stands in a line cannot be meant.
    Encoding {
        /// The line.
        line: u64,
    },
    /// A quotation mark is where none can be.
    Quote {
        /// The line.
        line: u64,
    },
}

/// Reads what was pasted, one customer a line. Of cells, as a spreadsheet pastes them, the one counts that names a
/// customer most surely.
///
/// # Errors
///
/// A [`Problem`] with the whole.
pub fn pasted(text: &str) -> Result<Vec<Line>, Problem> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    few(lines.map(|(number, line)| named(number, line.split('\t'))))
}

/// Reads a file: the columns of Partner Center's *Export customers* where a header names any of them, else one customer
/// a line.
///
/// # Errors
///
/// A [`Problem`] with the whole.
pub fn file(bytes: &[u8]) -> Result<Vec<Line>, Problem> {
    let text = encoding::text(bytes, None)
        .map_err(|problem| match problem {
            TextProblem::Unlikely { line, .. } => Problem::Encoding { line },
            TextProblem::NotText | TextProblem::Not { .. } | TextProblem::Says { .. } => Problem::NotText,
        })?
        .text;
    let lines = text.lines().count();
    let is_known = |cell: &str| Column::named(cell).is_some();
    let sheet = csv_file::sheet(&text, is_known).map_err(|_| Problem::TooMany { lines })?;
    // Titles may stand above the header; a list of names may hold a name that is a heading.
    let mut first = sheet.rows().take(HEADER_WITHIN).enumerate();
    let header =
        first.find(|(at, row)| row.cells().filter(|cell| is_known(cell)).count() >= if *at == 0 { 1 } else { 2 });
    let Some((_, header)) = header else {
        let lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim_matches(|c: char| c.is_whitespace() || c == '\u{1a}').is_empty());
        return few(lines.map(|(number, line)| named(number, line.split(['\t', ';']).map(unquoted))));
    };
    // Of several headings that mean the same, the one that means nothing else.
    let at = |column| {
        let named = header.cells().enumerate().filter_map(|(at, cell)| Some((at, Column::named(cell)?)));
        named.filter(|(_, (one, _))| *one == column).min_by_key(|&(at, (_, choice))| (choice, at)).map(|(at, _)| at)
    };
    let known = [at(Column::MicrosoftId), at(Column::PrimaryDomain), at(Column::CompanyName)];
    let below = || sheet.rows().filter(|row| row.number() > header.number());
    if let Some(broken) = below().find(|row| matches!(row.kind(), RowKind::Broken(_))) {
        return Err(Problem::Quote { line: broken.number() });
    }
    few(below()
        .filter(|row| row.kind() == RowKind::Cells)
        .map(|row| named(row.number(), known.iter().flatten().map(|&at| row.cell(at)))))
}

fn few(lines: impl Iterator<Item = Line>) -> Result<Vec<Line>, Problem> {
    let mut lines = lines.peekable();
    let kept: Vec<Line> = lines.by_ref().take(MAX_LINES).collect();
    match (kept.len(), lines.count()) {
        (0, _) => Err(Problem::Empty),
        (_, 0) => Ok(kept),
        (kept, more) => Err(Problem::TooMany { lines: kept + more }),
    }
}

/// The line of these cells.
fn named<'a>(number: u64, cells: impl Iterator<Item = &'a str>) -> Line {
    let cells: Vec<&str> = cells.map(str::trim).filter(|cell| !cell.is_empty()).collect();
    let surest =
        cells.iter().filter_map(|cell| Some((*cell, Wanted::of(cell)?))).min_by_key(|(_, wanted)| wanted.rank());
    match surest {
        Some((typed, wanted)) => Line { number, typed: typed.to_owned(), wanted: Some(wanted) },
        None => Line { number, typed: text::shown(&cells.join(" ")).chars().take(CALLED_MAX).collect(), wanted: None },
    }
}

fn unquoted(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(lines: &[Line]) -> Vec<(u64, &str, u8)> {
        lines
            .iter()
            .map(|line| (line.number, line.typed.as_str(), line.wanted.as_ref().map_or(9, Wanted::rank)))
            .collect()
    }

    const ID: &str = "5d2f7c1e-0b64-4a8e-9c1d-7e2f90a4b6c3";

    #[test]
    fn a_line_is_an_id_a_domain_or_a_name() {
        let text = format!(
            "{ID}\r\n\n{{{ID}}}\n https://www.Contoso.onmicrosoft.com/ \nContoso B.V.\nInc.\n\u{7}\nSt. Jansdal\n"
        );
        let lines = pasted(&text).unwrap();
        assert_eq!(
            wanted(&lines),
            [
                (1, ID, 0),
                (3, &*format!("{{{ID}}}"), 0),
                (4, "https://www.Contoso.onmicrosoft.com/", 1),
                (5, "Contoso B.V.", 2),
                (6, "Inc.", 2),
                (7, "\u{fffd}", 9),
                (8, "St. Jansdal", 2),
            ]
        );
        assert_eq!(lines[2].wanted, Some(Wanted::Domain("contoso.onmicrosoft.com".into())));
        assert_eq!(lines[3].wanted, Some(Wanted::Name(fold("contoso b.v."))));
    }

    #[test]
    fn of_pasted_cells_the_surest_counts() {
        let text = format!("Contoso\tcontoso.onmicrosoft.com\t{ID}\nContoso\tcontoso.onmicrosoft.com\n\tContoso\t\n");
        let lines = pasted(&text).unwrap();
        assert_eq!(wanted(&lines), [(1, ID, 0), (2, "contoso.onmicrosoft.com", 1), (3, "Contoso", 2)]);
    }

    #[test]
    fn a_file_with_a_header_is_read_by_its_columns() {
        let csv = format!(
            "\u{feff}Company name;Relationship;Primary domain name;Microsoft ID\r\n\"Contoso; B.V.\";x.example;contoso.onmicrosoft.com;{ID}\r\nFabrikam;y;fabrikam.onmicrosoft.com;\r\nOnly a name;z;;\r\n;;;\r\n"
        );
        let lines = file(csv.as_bytes()).unwrap();
        assert_eq!(wanted(&lines), [(2, ID, 0), (3, "fabrikam.onmicrosoft.com", 1), (4, "Only a name", 2)]);
    }

    #[test]
    fn a_file_without_one_is_read_line_by_line() {
        let lines = file(b"Contoso, Inc\n\"Fabrikam\"\nTrey;trey.onmicrosoft.com\n").unwrap();
        assert_eq!(wanted(&lines), [(1, "Contoso, Inc", 2), (2, "Fabrikam", 2), (3, "trey.onmicrosoft.com", 1)]);
        let latin = file(b"M\xfcller\n").unwrap();
        assert_eq!(latin[0].wanted, Some(Wanted::Name("muller".into())));
    }

    #[test]
    fn headings_of_other_programs_are_known_and_what_cannot_be_read_is_named() {
        let powershell =
            format!("#TYPE X\r\n\"CustomerId\",\"Domain\",\"Name\"\r\n\"{ID}\",\"a.example\",\"A\"\r\n\u{1a}");
        assert_eq!(wanted(&file(powershell.as_bytes()).unwrap()), [(3, ID, 0)]);
        let utf_16: Vec<u8> = "Firmenname;Status\r\nKöln AG;x\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(wanted(&file(&utf_16).unwrap()), [(2, "Köln AG", 2)]);
        assert_eq!(wanted(&file(b"Contoso\nName\nDomain\n").unwrap()).len(), 3, "names that are headings too");
        assert_eq!(file(b"Fabrikam\nK\xf9\xf2 s.r.o.\n"), Err(Problem::Encoding { line: 2 }));
        let open = "Company name,Domain\nA,a.example\n\"B,b.example\nC\",c.example\n";
        assert_eq!(file(open.as_bytes()), Err(Problem::Quote { line: 3 }));
    }

    #[test]
    fn what_is_no_list_is_named() {
        for empty in ["", " \n\t\n"] {
            assert_eq!(pasted(empty), Err(Problem::Empty));
            assert_eq!(file(empty.as_bytes()), Err(Problem::Empty));
        }
        assert_eq!(file(b"Company name,Microsoft ID\n"), Err(Problem::Empty));
        assert_eq!(file(b"PK\x03\x04\0\0"), Err(Problem::NotText));
        let most = "x\n".repeat(MAX_LINES);
        assert_eq!(pasted(&most).unwrap().len(), MAX_LINES);
        assert_eq!(pasted(&"x\n".repeat(20_000)), Err(Problem::TooMany { lines: 20_000 }));
        assert_eq!(file(&b"y\r\n".repeat(5_001)), Err(Problem::TooMany { lines: 5_001 }));
    }
}
