//! Partner Center's list of customers.

use super::{cli, done};
use crate::{
    on_both_databases, on_sqlite,
    support::{TestDb, direct::Direct, program::Ran},
};

/// Three customers as Partner Center writes them, with the column that says who accepted directly.
const FILE: &str = "\
Microsoft ID,Company name,Primary domain name,Relationship,Accepted directly
11111111-1111-4111-8111-111111111111,Contoso B.V.,contoso.onmicrosoft.com,Cloud Reseller,
22222222-2222-4222-8222-222222222222,\"Bakker, Smit & Zn.\",bakkersmit.onmicrosoft.com,Cloud Reseller,yes
33333333-3333-4333-8333-333333333333,Café de Linde,delinde.onmicrosoft.com,Cloud Reseller,2024-05-06
";

on_both_databases! {
    async fn a_dry_run_shows_what_would_happen_and_changes_nothing(portal) {
        let before = state(portal).await;
        let ran = import(portal, FILE, false).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        let lines: Vec<Vec<&str>> = ran.out.lines().map(|line| line.split("  ").filter(|cell| !cell.is_empty()).map(str::trim).collect()).collect();
        assert_eq!(lines[0], ["Line", "Result", "Customer", "Why"]);
        assert_eq!(lines[1], ["2", "new", "Contoso B.V."]);
        assert_eq!(lines[2], ["3", "new", "Bakker, Smit & Zn."]);
        assert_eq!(lines[3], ["4", "new", "Café de Linde"]);
        assert!(ran.out.contains("\n3 new, 0 unchanged, 0 changed, 0 refused.\n"), "{}", ran.out);
        assert!(ran.out.ends_with("Nothing was written. Run again with --apply to write this to Noordster.\n"), "{}", ran.out);
        assert_eq!(state(portal).await, before);
    }

    async fn what_is_applied_is_there_at_the_next_request_and_again_changes_nothing(portal) {
        let sales = portal.signed_in("sales").await;
        let ran = import(portal, FILE, true).await;
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.ends_with("Written to Noordster.\n"), "{}", ran.out);
        let page = sales.get("/customers").await;
        let rows = page.texts("tbody tr");
        assert_eq!(rows.len(), 3, "{rows:?}");
        let row = |name: &str| rows.iter().find(|row| row.starts_with(name)).expect("a row");
        assert!(row("Contoso B.V.").contains("Not confirmed"), "{rows:?}");
        assert!(row("Bakker, Smit & Zn.").contains("Accepted directly"), "{rows:?}");
        assert!(row("Café de Linde").contains("2024"), "{rows:?}");

        let after = state(portal).await;
        let ran = import(portal, FILE, true).await;
        assert!(ran.out.contains("0 new, 3 unchanged, 0 changed, 0 refused."), "{}", ran.out);
        assert!(!ran.out.contains("Contoso"), "{}", ran.out);
        assert_eq!((ran.code, state(portal).await), (0, after), "nothing was written, nor an event added");
    }
}

on_sqlite! {
    async fn every_usual_way_of_writing_the_file_says_the_same(portal) {
        import(portal, FILE, true).await;
        let after = state(portal).await;
        let quoted = FILE.replace("Café de Linde", "\"Café\r\nde Linde\"").replace("Cloud Reseller", "\"Cloud\nReseller\"");
        let utf16: Vec<u8> = std::iter::once(0xfeff).chain(FILE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let windows = FILE.replace('é', "\u{1}").into_bytes().into_iter().map(|byte| if byte == 1 { 0xe9 } else { byte });
        let swapped = "Extra;Bedrijfsnaam;Primaire domeinnaam;Microsoft-ID\n\
                       x;Contoso B.V.;CONTOSO.onmicrosoft.com;{11111111-1111-4111-8111-111111111111}\n";
        for (name, bytes) in [
            ("a byte order mark", format!("\u{feff}{FILE}").into_bytes()),
            ("semicolons", FILE.replace(',', ";").replace("Bakker; ", "Bakker, ").into_bytes()),
            ("tabs", FILE.replace(',', "\t").replace("Bakker\t ", "Bakker, ").into_bytes()),
            ("line ends of Windows", FILE.replace('\n', "\r\n").into_bytes()),
            ("line breaks in cells", quoted.into_bytes()),
            ("UTF-16", utf16),
            ("Windows-1252", windows.collect()),
            ("blank lines", FILE.replace('\n', "\n\n").into_bytes()),
            ("a repeated line", [FILE, FILE.lines().nth(1).unwrap()].concat().into_bytes()),
            ("other columns", swapped.as_bytes().to_vec()),
        ] {
            let ran = import(portal, bytes, true).await;
            assert_eq!(ran.code, 0, "{name}: {ran:?}");
            assert!(ran.out.contains("0 new, ") && ran.out.contains(" 0 changed, 0 refused."), "{name}: {}", ran.out);
            assert_eq!(state(portal).await, after, "{name}");
        }
    }
}

on_both_databases! {
    async fn what_differs_is_changed_and_said(portal) {
        import(portal, FILE, true).await;
        let file = FILE
            .replace("Contoso B.V.", "Contoso Holding")
            .replace("delinde.onmicrosoft.com", "linde.onmicrosoft.com")
            .replace("Cloud Reseller,\n", "Cloud Reseller,2025-01-02\n");
        for apply in [false, true] {
            let ran = import(portal, &file, apply).await;
            let lines: Vec<String> = ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            assert!(lines.contains(&"2 changed Contoso Holding company name, accepted directly".to_owned()) || lines.contains(&"2 changed Contoso Holding accepted directly, company name".to_owned()), "{lines:?}");
            assert!(lines.contains(&"4 changed Café de Linde primary domain".to_owned()), "{lines:?}");
            assert!(lines.contains(&"0 new, 1 unchanged, 2 changed, 0 refused.".to_owned()), "{lines:?}");
        }
        let page = portal.signed_in("manager").await.get("/customers?q=contoso+holding").await;
        assert_eq!(page.texts("tbody tr").len(), 1);
        assert!(page.main().contains("Accepted directly"), "{}", page.main());
        assert!(import(portal, &file, true).await.out.contains("0 new, 3 unchanged, 0 changed, 0 refused."));
    }
}

on_sqlite! {
    async fn broken_lines_are_named_with_the_reason_and_the_others_are_written(portal) {
        let file = "\
Microsoft ID,Company name,Primary domain name,Accepted directly
not-a-guid,Litware,litware.onmicrosoft.com,
44444444-4444-4444-8444-444444444444,,nameless.onmicrosoft.com,
55555555-5555-4555-8555-555555555555,Tailspin,not a domain,
66666666-6666-4666-8666-666666666666,Wingtip,wingtip.onmicrosoft.com,2999-01-01
77777777-7777-4777-8777-777777777777,Adatum,adatum.onmicrosoft.com,perhaps
88888888-8888-4888-8888-888888888888,Too few
99999999-9999-4999-8999-999999999999,\"Two
lines\",two.onmicrosoft.com,
99999999-9999-4999-8999-999999999999,Other,other.onmicrosoft.com,
aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa,Bell\u{7},bell.onmicrosoft.com,
";
        let reasons = [
            "2 refused Litware Microsoft ID: not a GUID",
            "3 refused 44444444-4444-4444-8444-444444444444 Company name: empty",
            "4 refused Tailspin Primary domain name: not a domain name",
            "6 refused Adatum Accepted directly: neither yes, no nor a date",
            "7 refused Too few 2 cells where 4 were expected",
            "8 new Two lines",
            "10 refused Other the Microsoft ID of line 8, with other details",
            "1 new, 0 unchanged, 0 changed, 8 refused.",
        ];
        for apply in [false, true] {
            let ran = import(portal, file, apply).await;
            assert_eq!(ran.code, 2, "{ran:?}");
            let said: Vec<String> = ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            for reason in reasons {
                assert!(said.iter().any(|line| line == reason), "{reason}: {}", ran.out);
            }
            assert!(said.iter().any(|line| line.starts_with("5 refused Wingtip Accepted directly: after today, ")), "{said:?}");
            assert!(said.iter().any(|line| line.starts_with("11 refused") && line.ends_with("cannot be shown")), "{said:?}");
            assert!(!ran.out.contains('\u{7}'), "what cannot be shown is not shown: {:?}", ran.out);
        }
        let page = portal.signed_in("manager").await.get("/customers").await;
        assert_eq!(page.texts("tbody tr").len(), 1);
        assert!(page.main().contains("Two lines"), "{}", page.main());
        let again = import(portal, file, true).await;
        assert_eq!(again.code, 2);
        assert!(again.out.contains("0 new, 1 unchanged, 0 changed, 8 refused."), "{}", again.out);
    }

    async fn a_file_that_is_none_is_refused_as_a_whole(portal) {
        let before = state(portal).await;
        let header = "the first line must name the columns: Microsoft ID, Company name, Primary domain name";
        for (file, why) in [
            (&b""[..], "the file is empty"),
            (b" \r\n\r\n", "the file is empty"),
            (b"PK\x03\x04\0\0\0\0\xff\xfe", "the workbook is damaged (package); open it in Excel and save it again"),
            (b"\x89PNG\0\0\0\0\xff\xfe", "the file is not text; export or save it as CSV"),
            (b"a,b,c\n1,2,3\n", header),
            (b"Microsoft ID,Company name\n", "the file has no column Primary domain name"),
            (b"Microsoft ID,Primary domain name\n", "the file has no column Company name"),
            (b"Company name,Primary domain name\n", "the file has no column Microsoft ID"),
        ] {
            let ran = import(portal, file, true).await;
            assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
            assert!(ran.err.ends_with(&format!("countersign: {why}\n")), "{ran:?}");
        }
        let ran = cli(portal, &["import", "customers", "/nowhere.csv"]).await;
        assert_eq!(ran.code, 1);
        assert!(ran.err.starts_with("countersign: cannot read /nowhere.csv: "), "{ran:?}");
        assert_eq!(state(portal).await, before);
    }
}

on_both_databases! {
    async fn the_account_is_named_where_there_are_several(portal) {
        done(portal, &["account", "create", "Zuidster", "--country", "NL", "--time-zone", "Europe/Amsterdam"]).await;
        let path = written(portal, FILE);
        let ran = cli(portal, &["import", "customers", &path, "--apply"]).await;
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert_eq!(ran.err, "countersign: there are several partner accounts; say which with --account\n");
        done(portal, &["import", "customers", &path, "--apply", "--account", "Zuidster"]).await;
        assert!(portal.signed_in("sales").await.get("/customers").await.texts("tbody tr").is_empty());
    }
}

/// Writes a file into the test's folder; its path.
fn written(test_db: &TestDb, file: impl AsRef<[u8]>) -> String {
    let path = test_db.folder().join("customers.csv");
    std::fs::write(&path, file).expect("a file");
    path.to_str().expect("text").to_owned()
}

async fn import(test_db: &TestDb, file: impl AsRef<[u8]>, apply: bool) -> Ran {
    let path = written(test_db, file);
    let args: &[&str] =
        if apply { &["import", "customers", &path, "--apply"] } else { &["import", "customers", &path] };
    cli(test_db, args).await
}

/// How many customers, confirmations and entries of the log there are.
async fn state(test_db: &TestDb) -> [String; 3] {
    let mut direct = Direct::connect(&test_db.location).await;
    [
        direct.text("SELECT CAST(count(*) AS TEXT) FROM customers").await,
        direct.text("SELECT CAST(count(*) AS TEXT) FROM agreements").await,
        direct.text("SELECT CAST(max(seq) AS TEXT) FROM audit_log").await,
    ]
}
