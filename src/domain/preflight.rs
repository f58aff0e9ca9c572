//! A list of customers of whom somebody asks whether they can be ordered for: pasted, or as a file.

use uuid::Uuid;

use super::{
    csv_file::{self, HEADER_WITHIN},
    customer_file::Column,
    encoding::{self, TextProblem},
    fold::fold,
    identifiers::{DomainName, parse_guid},
    list_columns::Column as _,
    person::Email,
    sheet::{RowKind, Sheet},
    text,
    xlsx_file::{self, ReadSheet, SheetNames},
};

/// The most customers that are asked about at once.
pub const MAX_LINES: usize = 5_000;

/// The most Unicode scalar values of what a customer is called by.
const CALLED_MAX: usize = 500;

/// The most of a line in which ids are looked for: addresses are longer than names, and several ids may stand on a line.
const LINE_MAX: usize = 50_000;

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
    /// What a text names: an id, else a domain or that of an email address, else a company. `None` for what can be none
    /// of them.
    pub fn of(typed: &str) -> Option<Self> {
        let line = text::line(typed, CALLED_MAX).ok()??;
        let surer = Self::id_or_domain(&line).or_else(|| Self::id_or_domain(without_bullet(&line)));
        surer.or_else(|| Some(fold(&line)).filter(|name| !name.is_empty()).map(Self::Name))
    }

    /// The id or domain that a text is.
    fn id_or_domain(line: &str) -> Option<Self> {
        if let Ok(id) = parse_guid(line) {
            return Some(Self::Id(id));
        }
        if line.contains('@') {
            let email = Email::parse(line).ok()?;
            let domain = DomainName::parse(email.ascii().rsplit_once('@')?.1).ok()?;
            return Some(Self::Domain(domain.as_str().to_owned()));
        }
        if line.contains('.')
            && !line.contains(char::is_whitespace)
            && let Ok(domain) = DomainName::parse(line)
        {
            return Some(Self::Domain(domain.as_str().to_owned()));
        }
        None
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

/// A name without the bullet or number before it, as lists in mails and documents have them: `- Contoso`, `3) Contoso`,
/// `[ ] Contoso`.
pub fn without_bullet(line: &str) -> &str {
    let line = line.trim();
    let is_bullet = |c: char| {
        matches!(c, '-' | '*' | '+' | '>' | '#' | '·' | '•' | '‣' | '◦' | '▪' | '●' | '○' | '■' | '□')
            || matches!(c, '–' | '—' | '→' | '☐' | '☑' | '☒' | '✓' | '✔' | '\u{f0b7}')
    };
    let mut rest = line.trim_start_matches(|c: char| is_bullet(c) || c.is_whitespace());
    for tick in ["[ ]", "[x]", "[X]"] {
        rest = rest.strip_prefix(tick).unwrap_or(rest).trim_start();
    }
    let opened = rest.strip_prefix('(').unwrap_or(rest);
    let behind = opened.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = opened.len() - behind.len();
    let numbered = behind.strip_prefix([')', '.', ':']).filter(|_| (1..=4).contains(&digits));
    // "3.5 Design" is no numbered "5 Design".
    let numbered = numbered.filter(|name| !name.starts_with(|c: char| c.is_ascii_digit()));
    let name = numbered.unwrap_or(rest).trim_start();
    if name.is_empty() { line } else { name }
}

/// The ids in a text, in their order: of an address those that it names as a customer's or tenant's, where it does.
fn ids(text: &str) -> Vec<Uuid> {
    if text.bytes().filter(|b| *b == b'-').count() < 4 {
        return Vec::new();
    }
    // In an address inside another one, the signs are written as numbers.
    let plain = text.to_ascii_lowercase().replace("%2f", "/").replace("%3d", "=").replace("%3a", ":");
    let mut all = Vec::new();
    let mut of_customers = Vec::new();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    for piece in plain.split_whitespace() {
        let is_address = piece.contains("://") || piece.contains('/') || piece.contains('?');
        let mut before = "";
        for part in piece.split(|c: char| !is_part(c)) {
            let id = part.trim_matches(['-', '_']);
            let Some(id) = Some(id).filter(|part| part.len() == 36).and_then(|part| parse_guid(part).ok()) else {
                before = part;
                continue;
            };
            let names_customer =
                matches!(before, "customers" | "customer" | "customerid" | "tenantid" | "tenant" | "tid" | "ctid");
            if is_address && names_customer && !of_customers.contains(&id) {
                of_customers.push(id);
            } else if !is_address && !of_customers.contains(&id) {
                // What stands by itself is meant, whatever addresses stand beside it.
                of_customers.push(id);
            }
            if !all.contains(&id) {
                all.push(id);
            }
            before = part;
        }
    }
    if of_customers.is_empty() { all } else { of_customers }
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
    /// The name without the bullet or number before it, for where no customer has the name as it stands.
    pub without_bullet: Option<Wanted>,
}

/// What is wrong with a list as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It names nobody.
    Empty,
    /// It has more lines than [`MAX_LINES`].
    TooMany {
        /// How many.
        lines: usize,
    },
    /// It is no text: a picture, or damaged.
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
    /// It is a workbook that cannot be read.
    Workbook(xlsx_file::Problem),
}

/// What a file lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileList {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Of a workbook, what was read of it.
    pub sheet: Option<SheetRead>,
}

/// What was read of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRead {
    /// Which sheet.
    pub names: SheetNames,
    /// Rows that were read though they are hidden.
    pub hidden_rows: u64,
}

/// Reads what was pasted, one customer a line. Of cells, as a spreadsheet pastes them, the one counts that names a
/// customer most surely.
///
/// # Errors
///
/// A [`Problem`] with the whole.
pub fn pasted(text: &str) -> Result<Vec<Line>, Problem> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    few(lines, |(number, line)| named(number, line.split('\t')))
}

/// Reads a file, text or a workbook: the columns of Partner Center's *Export customers* where a header names any of them,
/// else one customer a line.
///
/// # Errors
///
/// A [`Problem`] with the whole.
pub fn file(bytes: &[u8]) -> Result<FileList, Problem> {
    if xlsx_file::is_workbook(bytes) {
        let ReadSheet { names, sheet } = xlsx_file::read(bytes, None).map_err(Problem::Workbook)?;
        let lines = match by_columns(&sheet) {
            Some(lines) => lines?,
            None => few(sheet.rows(), |row| named(row.number(), row.cells()))?,
        };
        return Ok(FileList { lines, sheet: Some(SheetRead { names, hidden_rows: sheet.hidden_rows }) });
    }
    let text = encoding::text(bytes, None)
        .map_err(|problem| match problem {
            TextProblem::Unlikely { line, .. } => Problem::Encoding { line },
            TextProblem::NotText | TextProblem::Not { .. } | TextProblem::Says { .. } => Problem::NotText,
        })?
        .text;
    let lines = text.lines().count();
    let sheet = csv_file::sheet(&text, is_known).map_err(|_| Problem::TooMany { lines })?;
    let lines = if let Some(lines) = by_columns(&sheet) {
        lines?
    } else {
        let lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim_matches(|c: char| c.is_whitespace() || c == '\u{1a}').is_empty());
        few(lines, |(number, line)| named(number, line.split(['\t', ';']).map(unquoted)))?
    };
    Ok(FileList { lines, sheet: None })
}

fn is_known(cell: &str) -> bool {
    Column::named(cell).is_some()
}

/// The lines of a table whose header names a column; none of one without such a header.
fn by_columns(sheet: &Sheet) -> Option<Result<Vec<Line>, Problem>> {
    // Titles may stand above the header; a list of names may hold a name that is a heading.
    let mut first = sheet.rows().take(HEADER_WITHIN).enumerate();
    let (_, header) =
        first.find(|(at, row)| row.cells().filter(|cell| is_known(cell)).count() >= if *at == 0 { 1 } else { 2 })?;
    // Of several headings that mean the same, the one that means nothing else.
    let at = |column| {
        let named = header.cells().enumerate().filter_map(|(at, cell)| Some((at, Column::named(cell)?)));
        named.filter(|(_, (one, _))| *one == column).min_by_key(|&(at, (_, choice))| (choice, at)).map(|(at, _)| at)
    };
    let known = [at(Column::MicrosoftId), at(Column::PrimaryDomain), at(Column::CompanyName)];
    let below = || sheet.rows().filter(|row| row.number() > header.number());
    if let Some(broken) = below().find(|row| matches!(row.kind(), RowKind::Broken(_))) {
        return Some(Err(Problem::Quote { line: broken.number() }));
    }
    let rows = below().filter(|row| row.kind() == RowKind::Cells);
    Some(few(rows, |row| named(row.number(), known.iter().flatten().map(|&at| row.cell(at)))))
}

/// The lines of a list, of which those beyond the limit are only counted.
fn few<T>(list: impl Iterator<Item = T>, lines_of: impl Fn(T) -> Vec<Line>) -> Result<Vec<Line>, Problem> {
    let mut list = list;
    let mut kept = Vec::new();
    while let Some(one) = list.next() {
        kept.extend(lines_of(one));
        if kept.len() > MAX_LINES {
            return Err(Problem::TooMany { lines: kept.len() + list.count() });
        }
    }
    if kept.is_empty() { Err(Problem::Empty) } else { Ok(kept) }
}

/// The lines of these cells: one, or one for each id where there are several, and for each domain where a cell lists
/// nothing else.
fn named<'a>(number: u64, cells: impl Iterator<Item = &'a str>) -> Vec<Line> {
    let cells: Vec<&str> = cells.map(text::trimmed).filter(|cell| !cell.is_empty()).collect();
    let readable = cells.iter().filter(|cell| cell.len() <= LINE_MAX && text::line(cell, LINE_MAX).is_ok());
    let several: Vec<(Uuid, &str)> =
        readable.clone().flat_map(|cell| ids(cell).into_iter().map(move |id| (id, *cell))).collect();
    let line = |typed: &str, wanted| Line { number, typed: typed.to_owned(), wanted, without_bullet: None };
    match several.as_slice() {
        [] => {}
        // As it was typed, so that it is found again in the list.
        [(id, cell)] => return vec![line(&called(cell), Some(Wanted::Id(*id)))],
        several => {
            return several.iter().map(|(id, _)| line(&id.to_string(), Some(Wanted::Id(*id)))).collect();
        }
    }
    if let Some(listed) = readable.clone().find_map(|cell| listed(cell)) {
        return listed.into_iter().map(|(typed, wanted)| line(typed, Some(wanted))).collect();
    }
    let surest =
        cells.iter().filter_map(|cell| Some((*cell, Wanted::of(cell)?))).min_by_key(|(_, wanted)| wanted.rank());
    vec![match surest {
        Some((typed, wanted)) => {
            let bare = without_bullet(typed);
            let is_name = matches!(wanted, Wanted::Name(_));
            let without_bullet = (is_name && bare != typed).then(|| Wanted::of(bare)).flatten();
            Line { number, typed: typed.to_owned(), wanted: Some(wanted), without_bullet }
        }
        None => line(&called(&cells.join(" ")), None),
    }]
}

/// The domains, addresses and ids that a cell lists, where it lists several and nothing else.
fn listed(cell: &str) -> Option<Vec<(&str, Wanted)>> {
    let pieces =
        cell.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|')).filter(|piece| !piece.is_empty());
    let pieces: Vec<&str> = pieces.collect();
    // Words of a name end the look early: each of a list is an id or a domain.
    let wanted: Option<Vec<_>> = pieces.iter().map(|piece| Some((*piece, Wanted::id_or_domain(piece)?))).collect();
    wanted.filter(|wanted| wanted.len() > 1)
}

/// Text as a line is called by.
fn called(text: &str) -> String {
    text::shown(text).chars().take(CALLED_MAX).collect()
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
        let lines = file(csv.as_bytes()).unwrap().lines;
        assert_eq!(wanted(&lines), [(2, ID, 0), (3, "fabrikam.onmicrosoft.com", 1), (4, "Only a name", 2)]);
    }

    #[test]
    fn a_file_without_one_is_read_line_by_line() {
        let lines = file(b"Contoso, Inc\n\"Fabrikam\"\nTrey;trey.onmicrosoft.com\n").unwrap().lines;
        assert_eq!(wanted(&lines), [(1, "Contoso, Inc", 2), (2, "Fabrikam", 2), (3, "trey.onmicrosoft.com", 1)]);
        let latin = file(b"M\xfcller\n").unwrap().lines;
        assert_eq!(latin[0].wanted, Some(Wanted::Name("muller".into())));
    }

    #[test]
    fn headings_of_other_programs_are_known_and_what_cannot_be_read_is_named() {
        let powershell =
            format!("#TYPE X\r\n\"CustomerId\",\"Domain\",\"Name\"\r\n\"{ID}\",\"a.example\",\"A\"\r\n\u{1a}");
        assert_eq!(wanted(&file(powershell.as_bytes()).unwrap().lines), [(3, ID, 0)]);
        let utf_16: Vec<u8> = "Firmenname;Status\r\nKöln AG;x\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(wanted(&file(&utf_16).unwrap().lines), [(2, "Köln AG", 2)]);
        assert_eq!(wanted(&file(b"Contoso\nName\nDomain\n").unwrap().lines).len(), 3, "names that are headings too");
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
        assert_eq!(file(b"\x89PNG\0\0"), Err(Problem::NotText));
        let damaged = xlsx_file::Problem::Damaged { part: "package".into() };
        assert_eq!(file(b"PK\x03\x04\0\0"), Err(Problem::Workbook(damaged)));
        assert_eq!(file(b" <html><td>Contoso"), Err(Problem::Workbook(xlsx_file::Problem::Markup)));
        let most = "x\n".repeat(MAX_LINES);
        assert_eq!(pasted(&most).unwrap().len(), MAX_LINES);
        assert_eq!(pasted(&"x\n".repeat(20_000)), Err(Problem::TooMany { lines: 20_000 }));
        assert_eq!(file(&b"y\r\n".repeat(5_001)), Err(Problem::TooMany { lines: 5_001 }));
    }

    #[test]
    fn the_id_in_an_address_is_that_of_the_customer() {
        let other = "11111111-2222-4333-8444-555555555555";
        for typed in [
            format!("https://partner.microsoft.com/dashboard/v2/customers/{ID}/account"),
            format!("https://partner.microsoft.com/commerce/customers/{}/subscriptions/{other}", ID.to_uppercase()),
            format!("https://portal.example/customers/{ID}/agreements/{other}/record?x={other}"),
            format!("/customers/{ID}/orders/{other}"),
            format!("https://admin.microsoft.com/Partner/BeginClientSession.aspx?CTID={ID}&CSDEST=o365admincenter"),
            format!("https://x.example/{other}?tenantId={ID}"),
            format!("https://login.example/?next=https%3A%2F%2Fportal.example%2Fcustomers%2F{ID}%2Faccount"),
            format!("https://entra.microsoft.com/{ID}/"),
            format!("See <https://portal.example/customers/{ID}/account>."),
            format!("Contoso B.V. ({ID})"),
            format!("1. {ID}"),
            format!("- {{{ID}}}"),
            format!("\u{200b}{ID}\u{202c}"),
        ] {
            let lines = pasted(&typed).unwrap();
            let found: Vec<_> = lines.iter().map(|line| line.wanted.clone()).collect();
            assert_eq!(found, [Some(Wanted::Id(ID.parse().unwrap()))], "{typed}");
        }
    }

    #[test]
    fn several_ids_or_domains_on_a_line_are_a_line_each() {
        let other = "11111111-2222-4333-8444-555555555555";
        for between in [", ", ";", " ", "\t", " | ", ","] {
            let text = format!("{ID}{between}{other}\nFabrikam");
            let lines = pasted(&text).unwrap();
            assert_eq!(wanted(&lines), [(1, ID, 0), (1, other, 0), (2, "Fabrikam", 2)], "{between:?}");
        }
        let lines = pasted(&format!("{ID} {ID}")).unwrap();
        assert_eq!(lines.len(), 1, "the same id once more is no other customer");
        let lines = pasted("a.onmicrosoft.com; anna@b.nl, c.nl").unwrap();
        assert_eq!(wanted(&lines), [(1, "a.onmicrosoft.com", 1), (1, "anna@b.nl", 1), (1, "c.nl", 1)]);
        assert_eq!(wanted(&pasted("Contoso, Inc. b.nl").unwrap()), [(1, "Contoso, Inc. b.nl", 2)]);
    }

    #[test]
    fn an_email_address_stands_for_its_domain() {
        for typed in [
            "anna@Contoso.NL",
            "mailto:anna@contoso.nl",
            "Anna de Vries <anna@contoso.nl>",
            "<anna@contoso.nl>",
            "• anna@contoso.nl",
            "2) Anna <anna@contoso.nl>",
        ] {
            let lines = pasted(typed).unwrap();
            assert_eq!(lines[0].wanted, Some(Wanted::Domain("contoso.nl".into())), "{typed}");
        }
        assert_eq!(pasted("anna@").unwrap()[0].wanted, Some(Wanted::Name("anna@".into())));
    }

    #[test]
    fn bullets_and_numbers_before_a_name_are_left_out_where_nobody_is_called_so() {
        for typed in [
            "- Contoso",
            "* Contoso",
            "• Contoso",
            "•\tContoso",
            "– Contoso",
            "1. Contoso",
            "12) Contoso",
            "(3) Contoso",
            "3: Contoso",
            "[ ] Contoso",
            "- [x] Contoso",
            "→ 1. Contoso",
            "\u{f0b7} Contoso",
            "> Contoso",
        ] {
            assert_eq!(without_bullet(typed), "Contoso", "{typed}");
        }
        let lines = pasted("1. FC Köln\n3M\n3.5 Design\n2020. \n-\nContoso").unwrap();
        let found: Vec<_> = lines.iter().map(|line| (line.wanted.clone(), line.without_bullet.clone())).collect();
        let name = |name: &str| Some(Wanted::Name(name.into()));
        assert_eq!(
            found,
            [
                (name("1. fc koln"), name("fc koln")),
                (name("3m"), None),
                (name("3.5 design"), None),
                (name("2020."), None),
                (name("-"), None),
                (name("contoso"), None),
            ]
        );
        assert_eq!(pasted("- contoso.nl").unwrap()[0].wanted, Some(Wanted::Domain("contoso.nl".into())));
    }

    #[test]
    fn no_line_makes_reading_panic() {
        for c in '\0'..='\u{ffff}' {
            let _ = pasted(&format!("{c}1{c}. {c}{ID}{c}@{c}a.nl{c}\t({c}"));
            without_bullet(&format!("[{c}(1{c}.{c}"));
        }
    }
}
