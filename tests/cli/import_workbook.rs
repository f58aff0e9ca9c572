//! Workbooks of Excel, by every import of the command line.

use countersign::store::customers;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::cli;
use crate::{
    on_sqlite,
    support::{TestDb, program::Ran},
    web::export::Download,
};

const IDS: [&str; 3] = [
    "0a1b2c3d-4e5f-6071-8293-000000000001",
    "0a1b2c3d-4e5f-6071-8293-000000000002",
    "0a1b2c3d-4e5f-6071-8293-000000000003",
];

/// Imports a file from the test's folder.
async fn import(test_db: &TestDb, kind: &str, bytes: &[u8], more: &[&str]) -> Ran {
    let path = test_db.folder().join("list.xlsx");
    std::fs::write(&path, bytes).expect("a file");
    let path = path.to_str().expect("text").to_owned();
    cli(test_db, &[&["import", kind, &path, "--account", "Noordster"], more].concat()).await
}

/// A workbook of customers: a title, the columns, three customers, one of them in a row that is hidden; another sheet.
fn customers_workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Cover").expect("a name").set_hidden(true);
    let sheet = book.add_worksheet().set_name("Klanten").expect("a name");
    sheet.write(0, 0, "Customers of today").expect("a cell");
    for (column, heading) in
        (0..).zip(["Microsoft ID", "Company name", "Primary domain name", "Accepted directly", "Notes"])
    {
        sheet.write(1, column, heading).expect("a cell");
    }
    let day = Format::new().set_num_format("m/d/yyyy");
    for (row, id) in (2..).zip(IDS) {
        sheet.write(row, 0, id).expect("a cell");
        sheet.write(row, 1, format!("Firma {row} & Söhne")).expect("a cell");
        sheet.write(row, 2, format!("firm{row}.example")).expect("a cell");
    }
    sheet.write_with_format(2, 3, ExcelDateTime::from_ymd(2023, 3, 4).expect("a day"), &day).expect("a cell");
    sheet.write(3, 3, true).expect("a cell");
    sheet.set_row_hidden(4).expect("a row");
    sheet.set_active(true);
    book.add_worksheet().set_name("Other").expect("a name").write(0, 0, "x").expect("a cell");
    book.save_to_buffer().expect("a workbook")
}

on_sqlite! {
    async fn a_workbook_is_imported_as_its_sheet_says(portal) {
        let ran = import(portal, "customers", &customers_workbook(), &["--apply"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        for said in [
            "3 new, 0 unchanged, 0 changed, 0 refused.",
            "Read the sheet Klanten.",
            "Sheets not read: ",
            "Other",
            "hidden in the workbook",
            "Columns not used: ",
        ] {
            assert!(ran.out.contains(said), "{said}: {}", ran.out);
        }
        let mut conn = portal.db.snapshot().await.expect("a snapshot");
        let first = IDS[0].parse().expect("an id");
        let first = customers::find(&mut conn, portal.account.id, first).await.expect("an answer").expect("a customer");
        assert_eq!((first.company_name.as_str(), first.domain.as_str()), ("Firma 2 & Söhne", "firm2.example"));
        drop(conn);
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{}/account", IDS[0])).await;
        assert!(page.main().contains("4 March 2023"), "{}", page.main());
        let again = import(portal, "customers", &customers_workbook(), &["--sheet", "klanten"]).await;
        assert!(again.out.contains("0 new, 3 unchanged, 0 changed, 0 refused."), "{again:?}");
    }

    async fn what_cannot_be_read_of_a_workbook_is_named(portal) {
        let book = customers_workbook();
        for (bytes, more, why) in [
            (&book[..], &["--sheet", "Nought"][..], "the workbook has no sheet of that name; it has "),
            (&book[..2_000], &[], "the workbook is damaged (package); open it in Excel and save it again"),
            (b"<html><table>", &[], "the file is a web page or other markup; open it in Excel and save it as .xlsx or CSV"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", &[], "the file is a workbook of Excel 97\u{2013}2003 (.xls); save it as .xlsx or CSV"),
            (b"Microsoft ID\n", &["--sheet", "x"], "--sheet names a sheet, but the file is no workbook"),
        ] {
            let ran = import(portal, "customers", bytes, more).await;
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            assert!(ran.err.starts_with(&format!("countersign: {why}")), "{ran:?}");
        }
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in (0..).zip([["Microsoft ID", "Company name", "Primary domain name"], [IDS[0], "#N/A", "a.example"]]) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write(row, column, cell).expect("a cell");
            }
        }
        let ran = import(portal, "customers", &book.save_to_buffer().expect("a workbook"), &["--apply"]).await;
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.out.contains("Company name: a formula that came to nothing"), "{}", ran.out);
    }

    async fn the_portals_own_workbook_is_read_back_to_the_same_values(portal) {
        for name in ["Contoso B.V.", "=1+1", "Firma, '; =2", "0612345678", "'t Stoepje"] {
            portal.add_customer(name).await;
        }
        let cookie = portal.cookie_of("sales").await;
        for path in ["/customers/export.xlsx?columns=all", "/customers/export.csv?columns=all", "/customers/export.csv?columns=all&separator=semicolon"] {
            let file = Download::of(portal, &cookie, path).await.body;
            let ran = import(portal, "customers", &file, &["--apply"]).await;
            assert_eq!(ran.code, 0, "{path}: {ran:?}");
            assert!(ran.out.contains("0 new, 5 unchanged, 0 changed, 0 refused."), "{path}: {}", ran.out);
        }
    }

    async fn every_kind_of_list_comes_as_a_workbook(portal) {
        let customer = portal.add_customer("Contoso").await.to_string();
        let lists: [(&str, &[&[&str]]); 2] = [
            ("subscriptions", &[
                &["Subscription ID", "Subscription", "Quantity", "Status", "Microsoft ID"],
                &[IDS[0], "Visio", "5", "Active", &customer],
            ]),
            ("catalogue", &[
                &["Offer ID", "Offer name", "Category", "Segment", "Billing", "Minimum quantity", "Maximum quantity", "Billing cycles", "Terms"],
                &["A-1", "Something", "email", "commercial", "license", "1", "300", "monthly", "P1Y"],
            ]),
        ];
        for (kind, rows) in lists {
            let mut book = Workbook::new();
            let sheet = book.add_worksheet();
            for (row, cells) in (0..).zip(rows) {
                for (column, cell) in (0..).zip(*cells) {
                    match cell.parse::<u32>() {
                        Ok(number) => sheet.write(row, column, number).expect("a cell"),
                        Err(_) => sheet.write(row, column, *cell).expect("a cell"),
                    };
                }
            }
            let path = portal.folder().join("list.xlsx");
            std::fs::write(&path, book.save_to_buffer().expect("a workbook")).expect("a file");
            let path = path.to_str().expect("text").to_owned();
            let account: &[&str] = if kind == "catalogue" { &[] } else { &["--account", "Noordster"] };
            let ran = cli(portal, &[&["import", kind, &path, "--apply"], account].concat()).await;
            assert_eq!(ran.code, 0, "{kind}: {ran:?}");
            assert!(ran.out.contains("1 new, 0 unchanged"), "{kind}: {}", ran.out);
        }
    }
}
