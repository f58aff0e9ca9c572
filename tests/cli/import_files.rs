//! Files as programs and people write them: what is recorded, and what is refused with which words.

use super::cli;
use crate::{
    on_sqlite,
    support::{TestDb, direct::Direct, portal::account, program::Ran},
};

const ID: &str = "0a1b2c3d-4e5f-6071-8293-00000000000";
const HEADER: &str = "Microsoft ID,Company name,Primary domain name,Accepted directly";

/// The file of customers with these cells under *Accepted directly*.
fn accepted(cells: &[&str]) -> String {
    let rows = cells.iter().enumerate().map(|(at, cell)| {
        let cell = if cell.contains(',') { format!("\"{cell}\"") } else { (*cell).to_owned() };
        format!("{ID}{at:x},Firm {at},firm{at}.example,{cell}\n")
    });
    format!("{HEADER}\n{}", rows.collect::<String>())
}

/// A file as another program wrote it.
fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/cli/files/{name}.csv", env!("CARGO_MANIFEST_DIR"))).expect(name)
}

async fn import(test_db: &TestDb, kind: &str, file: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let path = test_db.folder().join("list.csv");
    std::fs::write(&path, file).expect("a file");
    let account = current(test_db).await;
    cli(test_db, &[&["import", kind, path.to_str().expect("text"), "--account", &account], more].concat()).await
}

/// What was printed, with single spaces.
fn said(ran: &Ran) -> Vec<String> {
    ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The customers by name, each with the day on which it accepted directly.
async fn customers(test_db: &TestDb) -> Vec<String> {
    let sql = format!(
        "SELECT c.company_name, coalesce(a.date_agreed, '') FROM customers c \
         JOIN partner_accounts p ON p.id = c.partner_account_id LEFT JOIN agreements a ON a.customer_seq = c.seq \
         WHERE p.name = '{}' ORDER BY c.company_name",
        current(test_db).await
    );
    let rows = Direct::connect(&test_db.location).await.rows(&sql).await;
    rows.into_iter().map(|row| row.join(" ").trim().to_owned()).collect()
}

/// Leaves the customers to their account, and goes on with another one that has none.
async fn forget(test_db: &TestDb) {
    let next =
        Direct::connect(&test_db.location).await.text("SELECT CAST(count(*) AS TEXT) FROM partner_accounts").await;
    test_db.add_account(&account(&format!("Office {next:0>3}"))).await;
}

/// The account that was added last.
async fn current(test_db: &TestDb) -> String {
    Direct::connect(&test_db.location).await.text("SELECT max(name) FROM partner_accounts").await
}

on_sqlite! {
    async fn the_order_of_days_is_that_of_the_whole_column(portal) {
        let both = |column: &str| format!("countersign: the dates in {column} are of two kinds: ");
        for (cells, dates, expected) in [
            (&["2/14/2023", "3/4/2023"][..], "", Ok(&["2023-02-14", "2023-03-04"][..])),
            (&["14-2-2023", "3-4-2023"], "", Ok(&["2023-02-14", "2023-04-03"])),
            (&["03.04.2023", "27.03.2023 0:00"], "", Ok(&["2023-04-03", "2023-03-27"])),
            (&["3/4/2023 12:00:00 AM", "2/28/2023 12:00:00 AM"], "", Ok(&["2023-03-04", "2023-02-28"])),
            (&["2023-03-04", "4 mrt 2023", "March 5, 2023", "44992", "yes", ""], "", Ok(&["2023-03-04", "2023-03-04", "2023-03-05", "2023-03-07", "", ""])),
            (&["2/2/2023", "3/3/2023"], "", Ok(&["2023-02-02", "2023-03-03"])),
            (&["2023-02-14T23:30:00Z", "2023-02-14 23:30"], "", Ok(&["2023-02-15", "2023-02-14"])),
            (&["3/4/2023", "5/6/2023"], "day-first", Ok(&["2023-04-03", "2023-06-05"])),
            (&["3/4/2023", "5/6/2023"], "month-first", Ok(&["2023-03-04", "2023-05-06"])),
            (&["3/4/2023", "5/6/2023"], "", Err("countersign: nothing in Accepted directly shows whether the day or the month comes first: “3/4/2023” in line 2, “5/6/2023” in line 3; --dates day-first or --dates month-first says which\n".to_owned())),
            (&["2023-02-14", "3/4/2023"], "", Err("countersign: nothing in Accepted directly shows whether the day or the month comes first: “3/4/2023” in line 3; --dates day-first or --dates month-first says which\n".to_owned())),
            (&["14/2/2023", "2/14/2023"], "", Err(both("Accepted directly") + "“14/2/2023” in line 2 has the day first, “2/14/2023” in line 3 the month; write them all as 2026-12-31\n")),
            (&["14/2/2023", "2/14/2023"], "day-first", Err(both("Accepted directly") + "“14/2/2023” in line 2 has the day first, “2/14/2023” in line 3 the month; write them all as 2026-12-31\n")),
            (&["3/4/2023", "2/14/2023"], "day-first", Err("countersign: the dates in Accepted directly are not day-first: “2/14/2023” in line 3; leave --dates out or say the other\n".to_owned())),
            (&["3/4/2023"], "dmy", Err("countersign: --dates is \"dmy\": it has to be one of day-first, month-first\n".to_owned())),
        ] {
            let flags = ["--apply", "--dates", dates];
            let ran = import(portal, "customers", accepted(cells), if dates.is_empty() { &flags[..1] } else { &flags }).await;
            match expected {
                Ok(days) => {
                    assert_eq!(ran.code, 0, "{cells:?}: {ran:?}");
                    let expected: Vec<String> = days.iter().enumerate().map(|(at, day)| format!("Firm {at} {day}").trim().to_owned()).collect();
                    assert_eq!(customers(portal).await, expected, "{cells:?}");
                }
                Err(why) => {
                    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (1, "", why.as_str()), "{cells:?}");
                    assert!(customers(portal).await.is_empty(), "nothing is written: {cells:?}");
                }
            }
            forget(portal).await;
        }
        let ran = import(portal, "customers", accepted(&["14-2-23", "today", "2023-02-14"]), &["--apply"]).await;
        assert_eq!((ran.code, customers(portal).await), (2, vec!["Firm 2 2023-02-14".to_owned()]));
        let said = said(&ran);
        assert_eq!(said[1], "2 refused Firm 0 Accepted directly: the year has two digits, write all four");
        assert_eq!(said[2], "3 refused Firm 1 Accepted directly: a file cannot say which day that is, write the date");
    }

    async fn an_open_or_stray_quotation_mark_costs_its_own_line_only(portal) {
        let ran = import(portal, "customers", file("open_quotes"), &["--apply"]).await;
        assert_eq!(ran.code, 2, "{ran:?}");
        let said = said(&ran);
        assert!(said.contains(&"4 refused 0a1b2c3d-4e5f-6071-8293-000000000003 a quotation mark is opened in line 4, and text follows where it is closed (runs to line 5); within a cell it is written twice".to_owned()), "{said:#?}");
        assert!(said.contains(&"7 refused 0a1b2c3d-4e5f-6071-8293-000000000006 a quotation mark within a cell that is not in quotation marks".to_owned()), "{said:#?}");
        assert!(said.contains(&"8 new, 0 unchanged, 0 changed, 2 refused.".to_owned()), "{said:#?}");
        assert!(said.contains(&"11 lines in the file: 1 with the columns, 10 read, 0 skipped.".to_owned()), "{said:#?}");
        let names = customers(portal).await;
        assert_eq!(names.len(), 8);
        assert!(names.iter().all(|name| name.starts_with("Firm ")), "{names:?}");
        for (rows, why) in [
            (format!("{ID}1,\"A,a.example,\n{ID}2,B,b.example,\n{ID}3,C\",c.example,\n"), "a quotation mark is opened in line 2 and runs over other lines of the list (to line 4)"),
            (format!("{ID}1,\"A,a.example,\n{ID}2,B,b.example,\n"), "a quotation mark is opened in line 2 and not closed (runs to line 3)"),
        ] {
            forget(portal).await;
            let ran = import(portal, "customers", format!("{HEADER}\n{rows}"), &["--apply"]).await;
            assert!(ran.out.contains(why), "{}", ran.out);
            assert_eq!(customers(portal).await, ["B"]);
        }
    }

    async fn lines_that_are_no_part_of_the_list_are_skipped_by_name(portal) {
        let rows = format!("{ID}1,Firm,firm.example,");
        let quoted = format!("\"{HEADER}\"\r\n\"{ID}1,\"\"Firm, Inc\"\",firm.example,\"\r\n");
        for (text, name, skipped, counted) in [
            (format!("Customers of 1 December 2026\n\n{HEADER}\n{rows}\n"), "Firm", "1 skipped Customers of 1 December 2026 stands above the columns", "4 lines in the file: 1 with the columns, 1 read, 2 skipped."),
            (format!("#TYPE Selected.Customer\r\n{HEADER}\r\n{rows}\r\n"), "Firm", "1 skipped #TYPE Selected.Customer stands above the columns", "3 lines in the file: 1 with the columns, 1 read, 1 skipped."),
            (format!("{HEADER}\n{rows}\nTotal,1,,\n"), "Firm", "3 skipped Total a total", "3 lines in the file: 1 with the columns, 1 read, 1 skipped."),
            (format!("{HEADER}\n{rows}\n\u{1a}"), "Firm", "3 skipped \u{fffd} the end mark of DOS", "3 lines in the file: 1 with the columns, 1 read, 1 skipped."),
            (format!("sep=,\n{HEADER}\n{rows}\n"), "Firm", "1 skipped sep=, tells a spreadsheet the delimiter", "3 lines in the file: 1 with the columns, 1 read, 1 skipped."),
            (format!("{HEADER}\n{rows}\n{HEADER}\n"), "Firm", "3 skipped Company name names the columns again", "3 lines in the file: 1 with the columns, 1 read, 1 skipped."),
            (quoted, "Firm, Inc", "", "2 lines in the file: 1 with the columns, 1 read, 0 skipped."),
            (format!("{HEADER}\n{ID}1,\"Firm\nInc\",firm.example,\n"), "Firm Inc", "", "3 lines in the file: 1 with the columns, 2 read (1 of them within cells), 0 skipped."),
        ] {
            for apply in [&[][..], &["--apply"]] {
                let ran = import(portal, "customers", &text, apply).await;
                assert_eq!(ran.code, 0, "{text}: {ran:?}");
                let said = said(&ran);
                assert!(said.contains(&counted.to_owned()), "{text}: {said:#?}");
                let again = said.iter().any(|line| line == skipped || line.replace("Microsoft ID", "Company name") == skipped);
                assert!(skipped.is_empty() || again, "{text}: {said:#?}");
            }
            assert_eq!(customers(portal).await, [name], "{text}");
            forget(portal).await;
        }
    }

    async fn an_encoding_is_known_said_or_refused(portal) {
        let ran = import(portal, "customers", file("windows_1250"), &["--apply"]).await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        assert!(ran.err.starts_with("countersign: read as windows-1252, line 2 says “Kùò”, which nobody writes; name the encoding with --encoding"), "{}", ran.err);
        assert!(customers(portal).await.is_empty());
        let ran = import(portal, "customers", file("windows_1250"), &["--apply", "--encoding", "windows-1250"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(customers(portal).await, ["Kůň s.r.o.", "Łódź Transport"]);
        assert!(ran.out.contains("\nRead as windows-1250.\n"), "{}", ran.out);
        forget(portal).await;
        let text = format!("{HEADER}\n{ID}1,Caf\u{e9} Zo\u{eb},firm.example,\n");
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin")).collect();
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let dos: Vec<u8> = latin.iter().map(|&byte| match byte { 0xe9 => 0x82, 0xeb => 0x89, byte => byte }).collect();
        let mac: Vec<u8> = latin.iter().map(|&byte| match byte { 0xe9 => 0x8e, 0xeb => 0x91, byte => byte }).collect();
        for (bytes, label, says) in [
            (latin, "", "Read as windows-1252, which is a guess"),
            (utf_16, "", "Read as UTF-16LE."),
            (dos.clone(), "cp850", "Read as cp850."),
            (mac.clone(), "macintosh", "Read as macintosh."),
        ] {
            let flags = ["--apply", "--encoding", label];
            let ran = import(portal, "customers", bytes, if label.is_empty() { &flags[..1] } else { &flags }).await;
            assert!(ran.code == 0 && ran.out.contains(says), "{says}: {ran:?}");
            assert_eq!(customers(portal).await, ["Café Zoë"]);
            forget(portal).await;
        }
        for (bytes, label, why) in [
            (dos, "", "read as windows-1252, line 2 says “Caf‚”, which nobody writes"),
            (mac, "", "read as windows-1252, line 2 says “CafŽ”, which nobody writes"),
            (b"\xef\xbb\xbfx".to_vec(), "cp850", "the file says itself that it is UTF-8; leave --encoding out"),
            (b"caf\xe9".to_vec(), "utf-8", "the file is not UTF-8, or it is damaged"),
            (b"x".to_vec(), "ebcdic", "--encoding is \"ebcdic\", which is not known"),
        ] {
            let flags = ["--apply", "--encoding", label];
            let ran = import(portal, "customers", bytes, if label.is_empty() { &flags[..1] } else { &flags }).await;
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            assert!(ran.err.starts_with(&format!("countersign: {why}")), "{why}: {}", ran.err);
        }
        assert!(customers(portal).await.is_empty());
    }

    async fn columns_that_are_used_and_not_used_are_named(portal) {
        for (name, customer, used, unused) in [
            ("powershell_customers", "Fabrikam GmbH", "Columns used: Microsoft ID (“CustomerId”), Primary domain name (“Domain”), Company name (“Name”).", ""),
            ("tenants", "Fabrikam GmbH", "Columns used: Company name (“displayName”), Primary domain name (“defaultDomainName”), Microsoft ID (“customerId”).", "Columns not used: portal_m365."),
            ("french", "Société Générique", "Columns used: Microsoft ID (“ID Microsoft”), Company name (“Nom de l’entreprise”), Primary domain name (“Nom de domaine principal”).", "Columns not used: Relation."),
            ("accepted_twice", "Fabrikam", "Columns used: Microsoft ID, Company name, Primary domain name.", "Columns not used: Accepted directly on, MCA accepted."),
            ("end_mark", "Fab", "Columns used: Microsoft ID, Company name, Primary domain name.", ""),
        ] {
            for flags in [&[][..], &["--apply"]] {
                let ran = import(portal, "customers", file(name), flags).await;
                assert_eq!(ran.code, 0, "{name}: {ran:?}");
                let said = said(&ran);
                assert!(said.contains(&used.to_owned()), "{name}: {said:#?}");
                let found = said.iter().find(|line| line.starts_with("Columns not used:")).map_or("", String::as_str);
                assert_eq!(found, unused, "{name}");
            }
            assert_eq!(customers(portal).await, [customer], "{name}");
            forget(portal).await;
        }
        let ran = import(portal, "customers", file("accepted_twice"), &["--apply", "--column", "Accepted directly=accepted directly ON"]).await;
        assert_eq!((ran.code, customers(portal).await), (0, vec!["Fabrikam 2025-03-01".to_owned()]), "{ran:?}");
        forget(portal).await;
        let own = format!("Tenant,Klant,Site\n{ID}1,Firm,firm.example\n");
        let columns = ["--column", "microsoft_id=Tenant", "--column", "Company name=Klant", "--column", "Primary domain name=site"];
        let ran = import(portal, "customers", &own, &[&columns[..], &["--apply"]].concat()).await;
        assert_eq!((ran.code, customers(portal).await), (0, vec!["Firm".to_owned()]), "{ran:?}");
        forget(portal).await;
        let two = format!("Microsoft ID,Company,Customer name,Domain\n{ID}1,Partner,Firm,firm.example\n");
        for (text, column, why) in [
            (&two, "", "two columns mean Company name: Company and Customer name; name one with --column \"Company name=HEADING\", or take one out"),
            (&own, "", "the first line must name the columns: Microsoft ID, Company name, Primary domain name"),
            (&two, "Colour=Company", "--column names Colour, which is none of Microsoft ID, Company name, Primary domain name, Accepted directly"),
            (&two, "Company name=Klant", "the file has no column Klant, which --column names"),
            (&two, "Company", "--column is \"Company\": it has to be FIELD=HEADING, such as \"Company name=Klant\""),
        ] {
            let flags = ["--apply", "--column", column];
            let ran = import(portal, "customers", text, if column.is_empty() { &flags[..1] } else { &flags }).await;
            assert_eq!((ran.code, ran.out.as_str(), ran.err), (1, "", format!("countersign: {why}\n")));
        }
        let ran = import(portal, "customers", &two, &["--apply", "--column", "Company name=Customer name"]).await;
        assert_eq!((ran.code, customers(portal).await), (0, vec!["Firm".to_owned()]));
        assert!(ran.out.contains("\nColumns not used: Company.\n"), "{}", ran.out);
        // The dates of this tool are of its last run, and it names no companies.
        let ran = import(portal, "customers", file("agreement_records"), &["--apply"]).await;
        assert_eq!(ran.code, 1);
        assert!(ran.err.starts_with("countersign: the file has no column Company name; if it is one of LastAgreementDate, "), "{}", ran.err);
    }

    async fn subscriptions_of_powershell_say_whether_and_when_they_renew(portal) {
        let row = "0a1b2c3d-4e5f-6071-8293-000000000001,Firm,firm.example,\n";
        assert_eq!(import(portal, "customers", format!("{HEADER}\n{row}"), &["--apply"]).await.code, 0);
        let ran = import(portal, "subscriptions", file("powershell_subscriptions"), &["--apply"]).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        let sql = "SELECT offer_name, CAST(auto_renew AS TEXT), commitment_ends_on FROM subscriptions";
        let mut direct = Direct::connect(&portal.location).await;
        assert_eq!(direct.rows(sql).await, [["Visio", "0", "2027-02-28"]]);
        assert!(ran.out.contains("Commitment end date: read month first, as “2/28/2027 12:00:00 AM” in line 2 shows."), "{}", ran.out);
        let both = "Subscription ID,Subscription,Quantity,Status,Microsoft ID,Renewal date,CommitmentEndDate\n";
        let ran = import(portal, "subscriptions", both, &[]).await;
        assert_eq!(ran.err, "countersign: two columns mean Renewal date: Renewal date and CommitmentEndDate; name one with --column \"Renewal date=HEADING\", or take one out\n");
    }

    async fn a_column_of_every_kind_of_date_is_refused_with_the_cells(portal) {
        let ran = import(portal, "customers", file("dates"), &["--apply"]).await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(ran.err.contains("“14/02/2023 09:30” in line 7 has the day first, “2/14/2023” in line 5 the month"), "{}", ran.err);
        let ran = import(portal, "customers", file("month_first"), &["--apply"]).await;
        assert!(ran.code == 0 && ran.out.contains("Accepted directly: read month first, as “2/14/2023” in line 2 shows."), "{ran:?}");
        assert_eq!(customers(portal).await, ["Fabrikam Inc 2023-02-14", "Litware Inc 2023-03-04"]);
    }
}
