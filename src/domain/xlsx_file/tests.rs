use std::io::{Cursor, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook as Written};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{number::Format, *};
use crate::domain::sheet::{DateSystem, MAX_ROWS};

const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A package of these parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    package_with(parts, CompressionMethod::Deflated)
}

fn package_with(parts: &[(&str, &str)], method: CompressionMethod) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // As spreadsheets pack.
    let level = (method == CompressionMethod::Deflated).then_some(6);
    let options = SimpleFileOptions::default().compression_method(method).compression_level(level);
    for (name, text) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const RELS: (&str, &str) = (
    "_rels/.rels",
    r#"<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
);

const WORKBOOK: (&str, &str) =
    ("xl/workbook.xml", r#"<workbook><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>"#);

const WORKBOOK_RELS: (&str, &str) = (
    "xl/_rels/workbook.xml.rels",
    r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
    <Relationship Id="rId2" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/>
    <Relationship Id="rId3" Type="x/styles" Target="styles.xml"/></Relationships>"#,
);

const STRINGS: (&str, &str) = (
    "xl/sharedStrings.xml",
    r#"<sst count="9" uniqueCount="4294967295"><si><t>Contoso</t></si><si><r><t>Fab</t></r><r><t xml:space="preserve">rikam </t></r><rPh><t>reading</t></rPh></si><si><t>a &amp; b&#233;_x000D_</t></si></sst>"#,
);

const STYLES: (&str, &str) = (
    "xl/styles.xml",
    r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0000000000"/><numFmt numFmtId="165" formatCode="dd-mm-yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>"#,
);

/// A workbook with one sheet of this content.
fn with_sheet(data: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{data}</sheetData></worksheet>");
    package(&[RELS, WORKBOOK, WORKBOOK_RELS, STRINGS, STYLES, ("xl/worksheets/sheet1.xml", &sheet)])
}

/// What is read of a workbook with one sheet of this content.
fn rows(data: &str) -> Vec<(u64, Vec<String>)> {
    all(&read(&with_sheet(data), None).unwrap())
}

fn all(read: &ReadSheet) -> Vec<(u64, Vec<String>)> {
    read.sheet.rows().map(|row| (row.number(), row.cells().map(str::to_owned).collect())).collect()
}

fn problem(data: &str) -> Problem {
    read(&with_sheet(data), None).unwrap_err()
}

fn sheet_damaged() -> Problem {
    Problem::Damaged { part: "xl/worksheets/sheet1.xml".into() }
}

#[test]
fn every_kind_of_cell_is_read_as_text() {
    for (cell, text) in [
        (r#"<c r="A1" t="s"><v>0</v></c>"#, "Contoso"),
        (r#"<c r="A1" t="s"><v>1</v></c>"#, "Fabrikam "),
        (r#"<c r="A1" t="s"><v>2</v></c>"#, "a & bé\r"),
        (r#"<c r="A1" t="inlineStr"><is><t>In</t><r><t>line</t></r></is></c>"#, "Inline"),
        (r#"<c r="A1" t="str"><f>A2&amp;A3</f><v>So &lt;it&gt; is</v></c>"#, "So <it> is"),
        (r#"<c r="A1"><f>1+1</f><v>2</v></c>"#, "2"),
        (r#"<c r="A1" t="n"><v>31612345678</v></c>"#, "31612345678"),
        (r#"<c r="A1"><v>3.1612345678E10</v></c>"#, "31612345678"),
        (r#"<c r="A1" t="b"><v>1</v></c>"#, "TRUE"),
        (r#"<c r="A1" t="e"><v>#N/A</v></c>"#, "#N/A"),
        (r#"<c r="A1" s="1"><v>44971</v></c>"#, "2023-02-14"),
        (r#"<c r="A1" s="3"><v>44971.39583333333</v></c>"#, "2023-02-14 09:30:00"),
        (r#"<c r="A1" s="2"><v>612345678</v></c>"#, "0612345678"),
        (r#"<c r="A1" s="99"><v>7</v></c>"#, "7"),
        (r#"<c r="A1" t="d"><v>2026-11-22T00:00:00</v></c>"#, "2026-11-22"),
        (r#"<c t="inlineStr"><is><t><![CDATA[<raw>]]></t></is></c>"#, "<raw>"),
    ] {
        assert_eq!(rows(&format!("<row r=\"1\">{cell}</row>")), [(1, vec![text.to_owned()])], "{cell}");
    }
}

#[test]
fn rows_and_cells_without_an_address_follow_each_other() {
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let data = format!(
        "<row>{}{}</row><row r=\"5\"><c r=\"C5\" t=\"s\"><v>0</v></c>{}</row><row/><row><c r=\"B7\"/></row><row>{}</row>",
        text("a"),
        text("b"),
        text("d"),
        text("z")
    );
    let cells = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
    assert_eq!(
        rows(&data),
        [(1, cells(&["a", "b"])), (5, cells(&["", "", "Contoso", "d"])), (8, cells(&["z", "", "", ""]))]
    );
}

#[test]
fn hidden_rows_are_read_and_counted() {
    let row = |number: u32, hidden: &str| format!("<row r=\"{number}\"{hidden}><c t=\"s\"><v>0</v></c></row>");
    let data = [row(1, ""), row(2, " hidden=\"1\""), row(3, " hidden=\"true\""), row(4, " hidden=\"0\"")].concat();
    let empty = "<row r=\"9\" hidden=\"1\"></row>";
    let sheet = read(&with_sheet(&(data + empty)), None).unwrap().sheet;
    assert_eq!((sheet.rows().count(), sheet.hidden_rows), (4, 2));
}

/// A workbook as Excel's own files are, with days, a formula, a hidden sheet and two visible ones.
fn real() -> Vec<u8> {
    let mut written = Written::new();
    let secret = written.add_worksheet().set_name("Secret").unwrap();
    secret.write(0, 0, "hidden").unwrap();
    secret.set_hidden(true);
    let day = CellFormat::new().set_num_format("dd/mm/yyyy");
    let sheet = written.add_worksheet().set_name("Klanten").unwrap();
    sheet.write(0, 0, "Microsoft ID").unwrap();
    sheet.write(0, 1, "Datum").unwrap();
    sheet.write(1, 0, "Größe & <Söhne> 🏢").unwrap();
    sheet.write_with_format(1, 1, ExcelDateTime::from_ymd(2023, 2, 14).unwrap(), &day).unwrap();
    sheet.write(2, 0, 31_612_345_678.0).unwrap();
    sheet.write_formula(2, 1, Formula::new("=A1&\"x\"").set_result("Microsoft IDx")).unwrap();
    sheet.set_active(true);
    written.add_worksheet().set_name("Notes").unwrap().write(0, 0, "n").unwrap();
    written.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_as_a_spreadsheet_shows_it() {
    let cells = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
    let sheet = read(&real(), None).unwrap();
    assert_eq!((sheet.names.read.as_str(), sheet.names.others.as_slice()), ("Klanten", &["Notes".to_owned()][..]));
    assert_eq!(
        all(&sheet),
        [
            (1, cells(&["Microsoft ID", "Datum"])),
            (2, cells(&["Größe & <Söhne> 🏢", "2023-02-14"])),
            (3, cells(&["31612345678", "Microsoft IDx"])),
        ]
    );
    for (name, first) in [("Notes", "n"), ("notes", "n"), ("Secret", "hidden")] {
        let sheet = read(&real(), Some(name)).unwrap();
        assert_eq!(all(&sheet)[0].1, [first], "{name}");
    }
    let names = vec!["Klanten".to_owned(), "Notes".to_owned()];
    assert_eq!(read(&real(), Some("Other")), Err(Problem::NoSuchSheet { names }));
}

#[test]
fn another_reader_finds_the_same_cells() {
    use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
    let bytes = real();
    let mut other: Xlsx<_> = open_workbook_from_rs(Cursor::new(&bytes[..])).unwrap();
    let range = other.worksheet_range("Klanten").unwrap();
    let theirs: Vec<Vec<String>> = range
        .rows()
        .map(|row| {
            let text = |cell: &Data| match cell {
                Data::DateTime(at) => Format::Day.text(&at.as_f64().to_string(), DateSystem::From1900),
                cell => cell.to_string(),
            };
            row.iter().map(text).collect()
        })
        .collect();
    let ours: Vec<Vec<String>> = all(&read(&bytes, None).unwrap()).into_iter().map(|(_, cells)| cells).collect();
    assert_eq!(ours, theirs);
}

#[test]
fn days_are_counted_from_1904_where_the_workbook_says_so() {
    let workbook =
        r#"<workbook><workbookPr date1904="1"/><sheets><sheet name="Data" r:id="rId1"/></sheets></workbook>"#;
    let sheet = r#"<worksheet><sheetData><row><c s="1"><v>43509</v></c></row></sheetData></worksheet>"#;
    let parts =
        [RELS, ("xl/workbook.xml", workbook), WORKBOOK_RELS, STRINGS, STYLES, ("xl/worksheets/sheet1.xml", sheet)];
    assert_eq!(all(&read(&package(&parts), None).unwrap()), [(1, vec!["2023-02-14".to_owned()])]);
}

#[test]
fn prefixes_of_names_do_not_matter() {
    let workbook = format!(
        r#"<x:workbook xmlns:x="m" xmlns:rel="{TYPES}"><x:sheets><x:sheet name="D" rel:id="rId1"/></x:sheets></x:workbook>"#
    );
    let sheet = r#"<x:worksheet><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>ok</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"#;
    let parts = [RELS, ("xl/workbook.xml", &workbook), WORKBOOK_RELS, ("xl/worksheets/sheet1.xml", sheet)];
    // Neither shared texts nor formats are there, and no cell needs them.
    let with_strings = [&parts[..], &[STRINGS, STYLES]].concat();
    assert_eq!(all(&read(&package(&with_strings), None).unwrap()), [(1, vec!["ok".to_owned()])]);
}

#[test]
fn what_is_no_workbook_is_refused_by_name() {
    let ole = |name: &str| {
        [archive::OLE, &[0; 600], &name.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()[..]].concat()
    };
    let document = RELS.1.replace("xl/workbook.xml", "word/document.xml");
    for (bytes, expected) in [
        (b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), Problem::Markup),
        (b"\xef\xbb\xbf \r\n<?xml version='1.0'?><Workbook/>".to_vec(), Problem::Markup),
        (ole("Workbook"), Problem::OldFormat),
        (ole("EncryptedPackage"), Problem::Encrypted),
        (package(&[RELS, ("xl/workbook.bin", "")]), Problem::Binary),
        (
            package(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<a/>")]),
            Problem::NotAWorkbook,
        ),
        (package(&[("_rels/.rels", &document), ("word/document.xml", "<document/>")]), Problem::NotAWorkbook),
        (package(&[]), Problem::NotAWorkbook),
        (Vec::new(), Problem::Damaged { part: "package".into() }),
        (b"PK\x03\x04 and no more".to_vec(), Problem::Damaged { part: "package".into() }),
        (real()[..3_000].to_vec(), Problem::Damaged { part: "package".into() }),
        (vec![b'P'; MAX_FILE + 1], Problem::FileTooLarge),
        (package(&[RELS, WORKBOOK, WORKBOOK_RELS]), Problem::Damaged { part: "xl/sharedStrings.xml".into() }),
        (package(&[RELS, WORKBOOK, WORKBOOK_RELS, STRINGS]), sheet_damaged()),
        (package(&[RELS, ("xl/workbook.xml", "<workbook/>"), WORKBOOK_RELS]), Problem::NoSheet),
    ] {
        assert_eq!(read(&bytes, None), Err(expected), "{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(80)]));
    }
}

#[test]
fn what_is_broken_or_hostile_inside_a_sheet_is_refused_by_name() {
    let text = |text: &str| format!("<row><c t=\"inlineStr\"><is><t>{text}</t></is></c></row>");
    let deep = "<a>".repeat(100);
    let long = "x".repeat(200_000);
    let many = "&#65;".repeat(140_000);
    let wide = "<row><c r=\"IW1\" t=\"s\"><v>0</v></c></row>".to_owned();
    for (data, expected) in [
        (text("&bomb;"), Problem::Entities),
        ("<row><c><f>1+1</f></c></row>".to_owned(), Problem::NotCalculated { cell: "A1".into() }),
        (
            "<row r=\"3\"><c r=\"AB3\"><f>X1</f><v></v></c></row>".to_owned(),
            Problem::NotCalculated { cell: String::new() },
        ),
        ("<row><c t=\"s\"><v>3</v></c></row>".to_owned(), sheet_damaged()),
        ("<row><c t=\"s\"><v>-1</v></c></row>".to_owned(), sheet_damaged()),
        ("<row><c t=\"b\"><v>2</v></c></row>".to_owned(), sheet_damaged()),
        ("<row r=\"2\"></row><row r=\"1\"></row>".to_owned(), sheet_damaged()),
        ("<row r=\"99999999999\"></row><row r=\"1\"></row><row r=\"1\"></row>".to_owned(), sheet_damaged()),
        ("<row><c r=\"B1\"/><c r=\"A1\"/></row>".to_owned(), sheet_damaged()),
        ("<row><c r=\"1A\"/></row>".to_owned(), sheet_damaged()),
        ("<row><c></row>".to_owned(), sheet_damaged()),
        (deep, sheet_damaged()),
        (text(&long), Problem::TooMuch(Limit::Text)),
        (text(&many), Problem::TooMuch(Limit::Text)),
        (wide, Problem::TooMuch(Limit::Columns)),
    ] {
        if expected == (Problem::NotCalculated { cell: String::new() }) {
            assert_eq!(rows(&data), [], "a formula that came to nothing");
            continue;
        }
        assert_eq!(problem(&data), expected, "{}", &data[..data.len().min(80)]);
    }
    let sheet = "<!DOCTYPE a [<!ENTITY a \"b\">]><worksheet/>";
    let parts = [RELS, WORKBOOK, WORKBOOK_RELS, STRINGS, STYLES, ("xl/worksheets/sheet1.xml", sheet)];
    assert_eq!(read(&package(&parts), None), Err(Problem::Entities));
}

#[test]
fn what_is_too_much_is_refused_before_it_takes_memory() {
    // Blank rows and cells count for nothing.
    let blank = "<row><c s=\"1\"/></row>".repeat(MAX_ROWS + 5);
    assert_eq!(rows(&blank), []);
    let row = "<row><c><v>1</v></c></row>";
    assert_eq!(rows(&row.repeat(MAX_ROWS)).len(), MAX_ROWS);
    assert_eq!(problem(&row.repeat(MAX_ROWS + 101)), Problem::TooMuch(Limit::Rows));
    assert_eq!(rows("<row><c/><c r=\"IV1\"><v>1</v></c></row>")[0].1.len(), MAX_COLUMNS);
    let far = (1..=8_000).map(|number| format!("<row r=\"{number}\"><c r=\"IV{number}\"><v>1</v></c></row>"));
    assert_eq!(problem(&far.collect::<String>()), Problem::TooMuch(Limit::Cells));
    let filled = format!("<row><c t=\"str\"><v>{}</v></c></row>", "é".repeat(60_000));
    // Which limit comes first depends on how closely it was packed.
    assert!(matches!(problem(&filled.repeat(200)), Problem::Bomb | Problem::TooMuch(Limit::Text)));
    let spaces = format!("<row/>{}", " ".repeat(1_000_000));
    assert_eq!(problem(&spaces.repeat(50)), Problem::Bomb);
    // A shared text may stand in every cell.
    let strings = format!("<sst><si><t>{}</t></si></sst>", "y".repeat(120_000));
    let sheet = "<row><c t=\"s\"><v>0</v></c></row>".repeat(400);
    let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
    let parts = [
        RELS,
        WORKBOOK,
        WORKBOOK_RELS,
        ("xl/sharedStrings.xml", strings.as_str()),
        STYLES,
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
    ];
    assert_eq!(read(&package(&parts), None), Err(Problem::TooMuch(Limit::Text)));
    let many = format!("<sst>{}</sst>", "<si/>".repeat(1_000_001));
    let parts = [RELS, WORKBOOK, WORKBOOK_RELS, ("xl/sharedStrings.xml", many.as_str()), STYLES];
    let refused = read(&package(&parts), None).unwrap_err();
    assert!(matches!(refused, Problem::Bomb | Problem::TooMuch(Limit::SharedStrings)), "{refused:?}");
}

#[test]
fn a_tag_or_text_without_an_end_is_not_kept() {
    for endless in [format!("<row><c a=\"{}", noise(3_000_000)), format!("<!--{}", noise(3_000_000))] {
        let sheet = format!("<worksheet><sheetData>{endless}");
        let parts = [RELS, WORKBOOK, WORKBOOK_RELS, STRINGS, STYLES, ("xl/worksheets/sheet1.xml", sheet.as_str())];
        assert_eq!(read(&package(&parts), None), Err(Problem::TooMuch(Limit::Text)));
    }
}

#[test]
fn an_end_record_that_lies_is_refused() {
    let mut bytes = with_sheet("<row><c><v>1</v></c></row>");
    let end = bytes.len() - 22;
    bytes[end + 8..end + 12].copy_from_slice(&[0xff, 0x7f, 0xff, 0x7f]);
    assert_eq!(read(&bytes, None), Err(Problem::TooMuch(Limit::Parts)));
    bytes[end + 8..end + 12].copy_from_slice(&[0xff; 4]);
    assert_eq!(read(&bytes, None), Err(Problem::TooMuch(Limit::Parts)));
    let names: Vec<String> = (0..1_200).map(|number| format!("{number}")).collect();
    let parts: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(read(&package(&parts), None), Err(Problem::TooMuch(Limit::Parts)));
}

#[test]
fn parts_outside_the_package_are_not_looked_for() {
    let rels = WORKBOOK_RELS.1.replace("worksheets/sheet1.xml", "../../../etc/passwd");
    let parts = [RELS, WORKBOOK, ("xl/_rels/workbook.xml.rels", rels.as_str()), STRINGS, STYLES];
    assert_eq!(read(&package(&parts), None), Err(Problem::NoSheet));
    let rels = WORKBOOK_RELS.1.replace("Target=\"worksheets", "TargetMode=\"External\" Target=\"https://x.example");
    let parts = [RELS, WORKBOOK, ("xl/_rels/workbook.xml.rels", rels.as_str()), STRINGS, STYLES];
    assert_eq!(read(&package(&parts), None), Err(Problem::NoSheet));
}

/// Text that does not pack, of digits and letters.
fn noise(length: usize) -> String {
    let mut seeded = Seeded(7);
    (0..length).map(|_| char::from(b"0123456789abcdefghijklmnopqrstuv"[seeded.below(32)])).collect()
}

/// Numbers that look random and are the same in every run.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}

#[test]
fn no_mutation_of_a_workbook_makes_reading_panic() {
    let sheet = r#"<worksheet><cols><col hidden="1"/></cols><sheetData><row r="1" hidden="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>44971.5</v></c></row><row r="2"><c t="inlineStr"><is><t>x &amp; y</t></is></c><c t="str"><f>A1</f><v>z</v></c><c t="b"><v>1</v></c><c s="3"><v>61</v></c></row></sheetData></worksheet>"#;
    let parts = [RELS, WORKBOOK, WORKBOOK_RELS, STRINGS, STYLES, ("xl/worksheets/sheet1.xml", sheet)];
    let pieces = [
        "<",
        ">",
        "/",
        "\"",
        "&",
        "&#x0;",
        "&#x110000;",
        "]]>",
        "<![CDATA[",
        "<!--",
        "-->",
        "<?",
        "\0",
        "é",
        "_x0000_",
        "-1",
        "1e999",
        "99999999999999999999",
        "<row>",
        "</row>",
        "<c>",
        "</c>",
        "<v>",
        "<is>",
        "</si>",
        "<si>",
        "r=\"A1\"",
    ];
    let mut seeded = Seeded(20_261_201);
    let whole = package(&parts);
    let (mut read_well, mut refused) = (0, 0);
    for round in 0..3_000 {
        let bytes = if round % 2 == 0 {
            // A part is changed, and packed well.
            let mut changed: Vec<(&str, String)> =
                parts.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
            for _ in 0..=seeded.below(3) {
                let part = seeded.below(changed.len());
                let text = &mut changed[part].1;
                let at = (0..=text.len())
                    .rev()
                    .filter(|&at| text.is_char_boundary(at))
                    .nth(seeded.below(text.len()) / 2)
                    .unwrap_or(0);
                match seeded.below(3) {
                    0 => text.insert_str(at, pieces[seeded.below(pieces.len())]),
                    1 => text.truncate(at),
                    _ => {
                        let end = (at + seeded.below(30)).min(text.len());
                        if text.is_char_boundary(end) {
                            text.replace_range(at..end, "");
                        }
                    }
                }
            }
            let changed: Vec<(&str, &str)> = changed.iter().map(|(name, text)| (*name, text.as_str())).collect();
            package_with(&changed, CompressionMethod::Stored)
        } else {
            // The package itself is changed.
            let mut bytes = whole.clone();
            for _ in 0..=seeded.below(8) {
                let at = seeded.below(bytes.len());
                bytes[at] = u8::try_from(seeded.below(256)).unwrap();
            }
            bytes.truncate(bytes.len() - seeded.below(3) * seeded.below(40));
            bytes
        };
        match read(&bytes, None) {
            Ok(sheet) => {
                read_well += 1;
                assert!(sheet.sheet.rows().all(|row| row.count() <= MAX_COLUMNS));
            }
            Err(_) => refused += 1,
        }
    }
    assert!(read_well > 100 && refused > 100, "{read_well} {refused}");
}
