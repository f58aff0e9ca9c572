//! Tables as CSV.
//!
//! The file may have been through a spreadsheet: comma, semicolon and tab are understood, a line that tells the delimiter,
//! and whole lines in quotes. Quotation marks are taken strictly: one that does not fit would join lines that belong
//! apart, so its line is kept as broken and the next one is read on its own.

use std::borrow::Cow;

use super::{
    csv_marks::unmarked,
    fold::fold,
    identifiers::parse_guid,
    sheet::{QuoteFault, RowKind, Sheet, TooManyRows},
};

/// Among how many rows the header is looked for.
pub const HEADER_WITHIN: usize = 20;

const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads a text as a table. Of several delimiters the one counts by which a row has the most `known` cells, else the one
/// that the first line has most of.
///
/// # Errors
///
/// [`TooManyRows`].
pub fn sheet(text: &str, known: impl Fn(&str) -> bool) -> Result<Sheet, TooManyRows> {
    let (body, ended) = without_end_mark(text);
    let mut sheet = Sheet::of_lines(count_lines(body) + u64::from(ended));
    let start = separator_line(body);
    if start > 0 {
        sheet.push(1, 1, RowKind::Separator, [body[..start].trim_end()])?;
    }
    let form = Form::of(&body[start..], known);
    let mut scanner = Scanner { text: body, at: start, line: 1 + u64::from(start > 0), form };
    while let Some(row) = scanner.next_row() {
        match (row.fault, whole_line(&row.cells, form)) {
            (Some(fault), _) => {
                let cells = row.cells.iter().map(|cell| cell.text.as_ref());
                sheet.push(row.number, row.lines, RowKind::Broken(fault), cells)?;
            }
            (None, Some(inner)) => {
                let cells: Vec<_> = inner.iter().map(|cell| unmarked(&cell.text)).collect();
                sheet.push(row.number, row.lines, RowKind::Cells, cells.iter().map(AsRef::as_ref))?;
            }
            (None, None) => {
                let cells: Vec<_> = row.cells.iter().map(|cell| unmarked(&cell.text)).collect();
                sheet.push(row.number, row.lines, RowKind::Cells, cells.iter().map(AsRef::as_ref))?;
            }
        }
    }
    if ended {
        sheet.push(sheet.lines, 1, RowKind::EndMark, ["\u{1a}"])?;
    }
    Ok(sheet)
}

/// The text before the mark by which DOS ends one, and whether that stood on a line of its own.
fn without_end_mark(text: &str) -> (&str, bool) {
    let end = text.trim_end_matches(|c: char| c == '\u{1a}' || c.is_whitespace()).len();
    match text[end..].find('\u{1a}') {
        None => (text, false),
        Some(mark) => {
            let body = &text[..end + mark];
            (body, body.is_empty() || body.ends_with(['\r', '\n']))
        }
    }
}

/// How many lines a text has: what follows the last line end is one if there is anything.
fn count_lines(text: &str) -> u64 {
    line_ends(text) + u64::from(!text.is_empty() && !text.ends_with(['\r', '\n']))
}

fn line_ends(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = (0..bytes.len()).filter(|&at| match bytes[at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    ends.map(|_| 1).sum()
}

/// The length of the line by which spreadsheets are told the delimiter, if there is one.
fn separator_line(text: &str) -> usize {
    let line = &text[..text.len().min(line_end(text.as_bytes(), 0))];
    let told = fold(line.trim().trim_matches('"'));
    if told.len() <= "sep=;".len() && told.starts_with("sep=") { line.len() } else { 0 }
}

/// Where the line at a place ends, behind its line end.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let end = bytes[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n')).map_or(bytes.len(), |end| at + end);
    match bytes.get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        Some([_, ..]) => end + 1,
        _ => end,
    }
}

/// How the rows of a text are written.
#[derive(Debug, Clone, Copy)]
struct Form {
    delimiter: u8,
    /// The cells of the header; none while it is looked for.
    columns: Option<usize>,
}

impl Form {
    fn of(text: &str, known: impl Fn(&str) -> bool) -> Self {
        let mut best = (0, Self { delimiter: delimiter(text), columns: None });
        for delimiter in DELIMITERS {
            let form = Self { delimiter, columns: None };
            let mut scanner = Scanner { text, at: 0, line: 1, form };
            let mut rows = 0;
            while rows < HEADER_WITHIN
                && let Some(row) = scanner.next_row()
            {
                if row.fault.is_some() || row.cells.iter().all(|cell| cell.text.trim().is_empty()) {
                    continue;
                }
                rows += 1;
                let cells = whole_line(&row.cells, form).unwrap_or(row.cells);
                let found = cells.iter().filter(|cell| known(&cell.text)).count();
                if found > best.0 {
                    let columns = cells.iter().rposition(|cell| !cell.text.trim().is_empty()).map(|last| last + 1);
                    best = (found, Self { columns, ..form });
                }
            }
        }
        best.1
    }
}

/// Comma, semicolon or tab: the one that the first line with text has most of, outside quotes.
fn delimiter(text: &str) -> u8 {
    let line = text.trim_start_matches(['\r', '\n']);
    let line = &line.as_bytes()[..line_end(line.as_bytes(), 0)];
    let mut quoted = false;
    let outside = line.iter().copied().filter(|&byte| {
        quoted ^= byte == b'"';
        !quoted
    });
    let mut counts = [0_usize; 256];
    for byte in outside {
        counts[usize::from(byte)] += 1;
    }
    // The last of the greatest.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| counts[usize::from(delimiter)]).unwrap_or(b',')
}

/// A cell as it is written.
#[derive(Debug, Clone)]
struct Cell<'a> {
    text: Cow<'a, str>,
    quoted: bool,
}

struct ScannedRow<'a> {
    number: u64,
    lines: u64,
    cells: Vec<Cell<'a>>,
    fault: Option<QuoteFault>,
}

/// The rows of a text, from top to bottom.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The number of the line that is there.
    line: u64,
    form: Form,
}

impl<'a> Scanner<'a> {
    fn next_row(&mut self) -> Option<ScannedRow<'a>> {
        if self.at >= self.text.len() {
            return None;
        }
        let (start, number) = (self.at, self.line);
        let scanned = self.cells(start);
        let (cells, end, fault) = match scanned {
            Ok((cells, end)) => {
                let fault = self.joined(&cells, &self.text[start..end], number);
                (cells, end, fault)
            }
            Err(fault) => (Vec::new(), start, Some(fault)),
        };
        if fault.is_none() {
            self.at = end;
            let lines = count_lines(&self.text[start..end]).max(1);
            self.line += lines;
            return Some(ScannedRow { number, lines, cells, fault });
        }
        // The next line is read on its own.
        let end = line_end(self.text.as_bytes(), start);
        self.at = end;
        self.line += 1;
        let line = self.text[start..end].trim_end_matches(['\r', '\n']);
        let shown = line.split(char::from(self.form.delimiter));
        let cells =
            shown.map(|cell| Cell { text: Cow::Borrowed(cell.trim_matches(['"', ' '])), quoted: false }).collect();
        Some(ScannedRow { number, lines: 1, cells, fault })
    }

    /// The cells of the row at a place, and where the next row starts.
    fn cells(&self, start: usize) -> Result<(Vec<Cell<'a>>, usize), QuoteFault> {
        let bytes = self.text.as_bytes();
        let line_of = |at: usize| self.line + line_ends(&self.text[start..at]);
        let mut cells = Vec::new();
        let mut at = start;
        loop {
            let opens = at + bytes[at..].iter().take_while(|&&byte| byte == b' ').count();
            let end = if bytes.get(opens) == Some(&b'"') {
                let (text, closed) = quoted(self.text, opens + 1).ok_or_else(|| {
                    let last = self.text.trim_end().len();
                    QuoteFault::Unclosed { opened: line_of(opens), to: line_of(last.max(opens)) }
                })?;
                let end = closed + bytes[closed..].iter().take_while(|&&byte| byte == b' ').count();
                if !self.ends_cell(end) {
                    return Err(QuoteFault::TextBehind { opened: line_of(opens), to: line_of(closed) });
                }
                cells.push(Cell { text, quoted: true });
                end
            } else {
                let end = (at..bytes.len()).find(|&at| self.ends_cell(at)).unwrap_or(bytes.len());
                let text = &self.text[at..end];
                if text.contains('"') {
                    return Err(QuoteFault::Stray);
                }
                cells.push(Cell { text: Cow::Borrowed(text), quoted: false });
                end
            };
            if bytes.get(end) == Some(&self.form.delimiter) {
                at = end + 1;
            } else {
                return Ok((cells, line_end(bytes, end)));
            }
        }
    }

    /// Whether a cell ends before what is at a place.
    fn ends_cell(&self, at: usize) -> bool {
        self.text.as_bytes().get(at).is_none_or(|&byte| byte == self.form.delimiter || matches!(byte, b'\r' | b'\n'))
    }

    /// What is wrong with a row that takes several lines, as far as one can see: a mark that is missing at the end of one
    /// cell and another that stands at the end of a later one make one row of several.
    fn joined(&self, cells: &[Cell<'_>], written: &str, number: u64) -> Option<QuoteFault> {
        let columns = self.form.columns?;
        let lines = count_lines(written);
        if lines < 2 {
            return None;
        }
        let filled = cells.iter().rposition(|cell| !cell.text.trim().is_empty()).map_or(0, |last| last + 1);
        let fits = cells.len() >= columns && filled <= columns;
        let delimiter = char::from(self.form.delimiter);
        let several = |cell: &Cell<'_>| {
            cell.text.split_once(['\r', '\n']).is_some_and(|(_, rest)| {
                cell.text.matches(delimiter).count() >= columns.saturating_sub(1) || has_id(rest)
            })
        };
        let over = !fits || cells.iter().any(several);
        over.then_some(QuoteFault::OverRows { opened: number, to: number + lines - 1 })
    }
}

/// Whether there is a GUID in a text, by which a row of most lists begins.
fn has_id(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_hexdigit() && c != '-').any(|word| word.len() == 36 && parse_guid(word).is_ok())
}

/// What a quoted cell says whose text starts at a place, and where it is closed.
fn quoted(text: &str, start: usize) -> Option<(Cow<'_, str>, usize)> {
    let mut said = Cow::Borrowed("");
    let mut from = start;
    loop {
        let end = from + text[from..].find('"')?;
        if said.is_empty() {
            said = Cow::Borrowed(&text[from..end]);
        } else {
            said.to_mut().push_str(&text[from..end]);
        }
        if text.as_bytes().get(end + 1) != Some(&b'"') {
            return Some((said, end + 1));
        }
        said.to_mut().push('"');
        from = end + 2;
    }
}

/// The cells of a row that a spreadsheet took for one cell and put in quotes.
fn whole_line<'a>(cells: &[Cell<'_>], form: Form) -> Option<Vec<Cell<'a>>> {
    let (first, others) = cells.split_first()?;
    let alone = first.quoted && others.iter().all(|cell| cell.text.trim().is_empty());
    if !alone || form.columns == Some(1) || !first.text.as_bytes().contains(&form.delimiter) {
        return None;
    }
    let inner = Form { columns: None, ..form };
    let scanner = Scanner { text: &first.text, at: 0, line: 1, form: inner };
    let (cells, end) = scanner.cells(0).ok()?;
    let owned = |cell: Cell<'_>| Cell { text: Cow::Owned(cell.text.into_owned()), quoted: cell.quoted };
    (end == first.text.len() && cells.len() > 1).then(|| cells.into_iter().map(owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "id,name,place";
    const ID: &str = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

    fn read(text: &str) -> Sheet {
        sheet(text, |cell| ["id", "name", "place"].contains(&cell.trim())).unwrap()
    }

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let sheet = read(text);
        sheet.rows().map(|row| (row.number(), row.cells().map(str::to_owned).collect())).collect()
    }

    fn faults(text: &str) -> Vec<(u64, QuoteFault)> {
        let sheet = read(text);
        let broken = |kind| if let RowKind::Broken(fault) = kind { Some(fault) } else { None };
        sheet.rows().filter_map(|row| Some((row.number(), broken(row.kind())?))).collect()
    }

    #[test]
    fn a_mark_that_does_not_fit_breaks_its_own_line_only() {
        use QuoteFault::{OverRows, Stray, TextBehind, Unclosed};
        for (body, expected) in [
            ("1,\"a,x\n2,b,y\n3,c,z\n", vec![(2, Unclosed { opened: 2, to: 4 })]),
            ("1,\"a,x\n2,\"b\",y\n", vec![(2, TextBehind { opened: 2, to: 3 })]),
            ("1,a\"b,x\n2,b,y\n", vec![(2, Stray)]),
            ("1,\"a\"b,x\n2,b,y\n", vec![(2, TextBehind { opened: 2, to: 2 })]),
            ("1,\"a \\\"b\\\" c\",x\n", vec![(2, TextBehind { opened: 2, to: 2 })]),
            // The second mark closes what the first one opened.
            ("1,\"a,x\n2,b,y\n3,c\",z\n", vec![(2, OverRows { opened: 2, to: 4 }), (4, Stray)]),
            ("1,\"a\nb,x\n", vec![(2, Unclosed { opened: 2, to: 3 })]),
            ("1,\"a\nb\",x,more\n", vec![(2, OverRows { opened: 2, to: 3 }), (3, Stray)]),
            ("1,\"a\nb\",x\n", vec![]),
            ("1, \"a, b\" ,x\n", vec![]),
            ("1,\"say \"\"a\"\"\",x\n", vec![]),
            ("1,\"\",\"\"\"\"\n", vec![]),
        ] {
            assert_eq!(faults(&format!("{HEADER}\n{body}")), expected, "{body:?}");
        }
        let joined = format!("{HEADER}\n1,\"a\n{ID},b\",x\n");
        assert_eq!(faults(&joined)[0], (2, OverRows { opened: 2, to: 3 }), "an id is within the cell");
    }

    #[test]
    fn whole_lines_in_quotes_are_taken_apart() {
        let text = "\"id,name,place\"\n1,a,x\n\"2,\"\"b, c\"\",y\"\n\"3,c,z\";;\n";
        let texts: Vec<Vec<String>> = rows(text).into_iter().map(|(_, cells)| cells).collect();
        assert_eq!(texts[..3], [["id", "name", "place"], ["1", "a", "x"], ["2", "b, c", "y"]]);
        assert_eq!(rows("name\n\"a, b\"\n")[1].1, ["a, b"], "a list of one column");
    }

    #[test]
    fn the_delimiter_is_that_of_the_header() {
        for text in [
            "Customers; of 1 December; and more; and more\nid,name,place\n1,a,x\n",
            "sep=;\nid,name,place\n1,a,x\n",
            "id;name;place\n1;a;x\n",
            "id\tname\tplace\n1\ta\tx\n",
        ] {
            assert_eq!(rows(text).last().unwrap().1, ["1", "a", "x"], "{text:?}");
        }
    }

    #[test]
    fn every_line_is_counted() {
        for (text, lines) in [
            ("", 0),
            ("a", 1),
            ("a\n", 1),
            ("a\r\n\r\nb", 3),
            ("a\rb\r", 2),
            ("a\n\u{1a}", 2),
            ("a\u{1a}", 1),
            ("a\n\u{1a}\u{1a}\r\n", 2),
        ] {
            assert_eq!(read(text).lines, lines, "{text:?}");
        }
        let kinds: Vec<RowKind> =
            read("sep=,\nid,name\n1,a\n\u{1a}").rows().map(super::super::sheet::Row::kind).collect();
        assert_eq!(kinds, [RowKind::Separator, RowKind::Cells, RowKind::Cells, RowKind::EndMark]);
    }

    /// A slow reader of one well-formed text, letter by letter, as RFC 4180 describes it.
    fn model(text: &str) -> Vec<Vec<String>> {
        let mut rows = vec![vec![String::new()]];
        let mut letters = text.chars().peekable();
        let mut within = false;
        while let Some(letter) = letters.next() {
            let row = rows.last_mut().unwrap();
            match letter {
                '"' if within && letters.peek() == Some(&'"') => {
                    letters.next();
                    row.last_mut().unwrap().push('"');
                }
                '"' => within = !within,
                ',' if !within => row.push(String::new()),
                '\n' if !within => rows.push(vec![String::new()]),
                letter => row.last_mut().unwrap().push(letter),
            }
        }
        rows.into_iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).collect()
    }

    /// Numbers below `most`, the same in every run.
    fn throws(seed: u64) -> impl FnMut(usize) -> usize {
        let mut state = seed;
        move |most| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % most
        }
    }

    #[test]
    fn what_is_written_properly_is_read_as_the_model_reads_it() {
        let mut throw = throws(1);
        for _ in 0..5_000 {
            let mut text = format!("{HEADER}\n");
            for _ in 0..throw(6) {
                let cells: Vec<String> = (0..3)
                    .map(|_| {
                        let cell: String = (0..throw(5)).map(|_| ['a', 'é', ' ', '"', '\n', 'b'][throw(6)]).collect();
                        let quote = cell.contains(['"', '\n']) || throw(2) == 0;
                        if quote { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
                    })
                    .collect();
                text += &(cells.join(",") + "\n");
            }
            let read: Vec<Vec<String>> = rows(&text).into_iter().map(|(_, cells)| cells).collect();
            assert_eq!(read, model(&text), "{text:?}");
            assert_eq!(faults(&text), [], "{text:?}");
        }
    }

    #[test]
    fn whatever_is_damaged_no_line_is_lost_or_counted_twice() {
        let mut throw = throws(2);
        let good = format!("{HEADER}\n{ID},\"a, b\",x\n2,\"b\nc\",y\n3,\"say \"\"c\"\"\",z\n4,d,w\n5,e,v\n");
        for _ in 0..20_000 {
            let mut bytes = good.clone().into_bytes();
            for _ in 0..=throw(5) {
                let at = HEADER.len() + 1 + throw(bytes.len() - HEADER.len() - 1);
                let sign = b"\"\r\n,;\t' \x1a"[throw(9)];
                match throw(3) {
                    0 => bytes[at] = sign,
                    1 => bytes.insert(at, sign),
                    _ => drop(bytes.remove(at)),
                }
            }
            let text = String::from_utf8(bytes).unwrap();
            let sheet = read(&text);
            let mut next = 1;
            for row in sheet.rows() {
                assert!(row.number() >= next, "{text:?}");
                next = row.number() + row.lines();
            }
            assert!(next <= sheet.lines + 1, "{text:?}");
            // No row of the list vanishes into another one.
            for row in sheet.rows().filter(|row| row.kind() == RowKind::Cells) {
                let joined = |cell: &str| cell.split_once('\n').is_some_and(|(_, rest)| rest.contains(ID));
                assert!(!row.cells().any(joined), "{text:?}");
            }
        }
    }
}
