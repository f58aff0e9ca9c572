//! The order check: who of a list can be ordered for today.

use countersign::domain::{
    audit::Action,
    partner_account::{Cloud, PartnerAccount},
    preflight::MAX_LINES,
    role::Role,
};

use super::export::Download;
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, naughty_strings,
        portal::{account, day, person},
    },
};

const CHECK: &str = "/status/check";

async fn check(browser: &Browser, lines: &str) -> Page {
    browser.post(CHECK, &[("lines", lines)]).await
}

/// Sends what a browser sends with a chosen file.
async fn upload(browser: &Browser, path: &str, lines: &str, name: &str, file: &[u8]) -> Page {
    let mut body = format!(
        "--limit\r\nContent-Disposition: form-data; name=\"lines\"\r\n\r\n{lines}\r\n--limit\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=limit")];
    browser.send(reqwest::Method::POST, path, Some(body), &headers).await
}

/// Line, what was typed, customer, answer.
fn answers(page: &Page) -> Vec<[String; 4]> {
    let column = |selector: &str| page.texts(&format!("tbody tr > :nth-child({selector})"));
    let [lines, typed, customers, answers] = ["2", "1", "3", "4"].map(column);
    lines.into_iter().zip(typed).zip(customers).zip(answers).map(|(((a, b), c), d)| [a, b, c, d]).collect()
}

on_both_databases! {
    async fn each_line_is_answered_by_id_domain_or_name(portal) {
        let confirmed = portal.add_customer("Contoso B.V.").await;
        let again = portal.add_customer("Müller & Söhne").await;
        let not = portal.add_customer("Fabrikam").await;
        portal.confirm(again, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        portal.add_version("Newer", "2026-10-01", Some("2026-11-01")).await;
        portal.confirm(confirmed, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-11-12")).await;
        let sales = portal.signed_in("sales").await;
        let list = format!(
            "{not}\n\n{{{}}}\r\n https://contosobv.onmicrosoft.com \nMULLER & SOHNE\nNobody Ltd\n\u{7}\n",
            confirmed.to_string().to_uppercase()
        );
        let page = check(&sales, &list).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.texts(".messages .msg"), ["You can order for 2 of 6 today."]);
        let unknown = "Not known as a customer of this partner account";
        assert_eq!(
            answers(&page),
            [
                ["1", &not.to_string(), "Fabrikam", "No, the acceptance is not confirmed Not confirmed"],
                ["5", "MULLER & SOHNE", "Müller & Söhne", "No, a later version of the agreement must be confirmed Reconfirmation due"],
                ["6", "Nobody Ltd", "–", unknown],
                ["7", "\u{fffd}", "–", unknown],
                ["3", &format!("{{{}}}", confirmed.to_string().to_uppercase()), "Contoso B.V.", "Yes Confirmed"],
                ["4", "https://contosobv.onmicrosoft.com", "Contoso B.V.", "Yes Confirmed"],
            ]
        );
        assert_eq!(
            page.attributes("tbody .row-acts a", "href"),
            [not, again].map(|id| format!("/customers/{id}/agreements/new"))
        );
        assert_eq!(page.texts("#lines").concat().lines().count(), 1, "the list stays in its box");

        let manager = portal.signed_in("manager").await;
        let page = check(&manager, &list).await;
        assert_eq!(answers(&page).len(), 6);
        assert!(page.attributes("tbody .row-acts a", "href").is_empty(), "a manager confirms nothing");
    }

    async fn a_name_that_several_have_is_not_guessed(portal) {
        portal.add_customer("Contoso").await;
        portal.add_customer("CONTOSO").await;
        let sales = portal.signed_in("sales").await;
        let page = check(&sales, "contoso").await;
        assert_eq!(answers(&page), [["1", "contoso", "–", "2 customers have this name"]]);
        let list = page.attributes("tbody .row-acts a", "href").remove(0);
        assert_eq!(sales.get(&list).await.texts("tbody th a").len(), 2);
    }
}

on_both_databases! {
    async fn a_name_that_begins_several_says_how_many(portal) {
        for name in ["Contoso Nederland", "CONTOSO België", "Contosa", "Fabrikam One", "FC Köln", "1. FC Union"] {
            portal.add_customer(name).await;
        }
        let sales = portal.signed_in("sales").await;
        let page = check(&sales, "contoso\n- Fabrikam\n1. FC Köln\n1. FC Union\nc\nContosos\n50%_").await;
        let unknown = "Not known as a customer of this partner account";
        let mut found = answers(&page);
        found.sort();
        assert_eq!(
            found,
            [
                ["1", "contoso", "–", "No customer has this name; the names of 2 begin with it"],
                ["2", "- Fabrikam", "–", "No customer has this name; the name of one begins with it"],
                ["3", "1. FC Köln", "FC Köln", "No, the acceptance is not confirmed Not confirmed"],
                ["4", "1. FC Union", "1. FC Union", "No, the acceptance is not confirmed Not confirmed"],
                ["5", "c", "–", unknown],
                ["6", "Contosos", "–", unknown],
                ["7", "50%_", "–", unknown],
            ]
        );
        let lists = page.attributes("tbody .row-acts a", "href");
        let lists: Vec<_> = lists.iter().filter(|href| href.starts_with("/customers?")).collect();
        assert_eq!(lists, ["/customers?q=contoso", "/customers?q=Fabrikam"]);
        assert_eq!(sales.get(lists[0]).await.texts("tbody th a").len(), 2);
    }

    async fn addresses_several_ids_and_email_addresses_are_understood(portal) {
        let contoso = portal.add_customer("Contoso B.V.").await;
        let fabrikam = portal.add_customer("Fabrikam").await;
        let sales = portal.signed_in("sales").await;
        let list = format!(
            "https://partner.microsoft.com/dashboard/v2/customers/{contoso}/account\n{contoso}, {fabrikam}\n\
             * anna@fabrikam.onmicrosoft.com"
        );
        let page = check(&sales, &list).await;
        let found: Vec<_> = answers(&page).into_iter().map(|row| (row[0].clone(), row[2].clone())).collect();
        let expected = [("1", "Contoso B.V."), ("2", "Contoso B.V."), ("2", "Fabrikam"), ("3", "Fabrikam")];
        assert_eq!(found, expected.map(|(line, name)| (line.to_owned(), name.to_owned())));
    }
}

on_sqlite! {
    async fn a_workbook_is_read_as_a_list_and_says_what_of_it_was_read(portal) {
        for name in ["Contoso B.V.", "Fabrikam", "Trey Research"] {
            portal.add_customer(name).await;
        }
        let sales = portal.signed_in("sales").await;
        let cookie = portal.cookie_of("sales").await;
        let own = Download::of(portal, &cookie, "/customers/export.xlsx?columns=all").await.body;
        let page = upload(&sales, CHECK, "", "customers.xlsx", &own).await;
        let found: Vec<String> = answers(&page).into_iter().map(|row| row[2].clone()).collect();
        assert_eq!(found, ["Contoso B.V.", "Fabrikam", "Trey Research"], "the portal's own export is read back");
        assert_eq!(page.texts(".messages .msg").len(), 1, "nothing of it was hidden or left out");

        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet().set_name("Klanten").expect("a name");
        for (row, name) in (0..).zip(["Fabrikam", "Contoso B.V.", "Nobody"]) {
            sheet.write(row, 2, name).expect("a cell");
        }
        sheet.set_row_hidden(1).expect("a row");
        book.add_worksheet().set_name("Notes").expect("a name");
        let bytes = book.save_to_buffer().expect("a workbook");
        let page = upload(&sales, CHECK, "", "list.xlsx", &bytes).await;
        let mut found: Vec<_> = answers(&page).into_iter().map(|row| (row[0].clone(), row[2].clone())).collect();
        found.sort();
        let expected = [("1", "Fabrikam"), ("2", "Contoso B.V."), ("3", "–")];
        assert_eq!(found, expected.map(|(line, name)| (line.to_owned(), name.to_owned())));
        assert_eq!(page.texts(".messages .msg")[1..], [
            "Only the sheet Klanten was read, not: Notes",
            "One row of the sheet Klanten is hidden. It was checked too.",
        ]);
        for (file, words) in [
            (&b"<html><table><tr><td>Contoso"[..], "This file is a web page under the name of a workbook. Open it in Excel and save it as .xlsx or CSV"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "This is a workbook of Excel 97–2003 (.xls). Save it as .xlsx or CSV"),
        ] {
            let page = upload(&sales, CHECK, "", "list.xlsx", file).await;
            assert_eq!((page.status, page.errors(), page.wrong_fields()), (422, vec![words.to_owned()], vec!["file".to_owned()]));
        }
    }

    async fn a_file_is_read_by_its_columns_or_line_by_line(portal) {
        let contoso = portal.add_customer("Contoso").await;
        portal.add_customer("Fabrikam").await;
        let sales = portal.signed_in("sales").await;
        let csv = format!("Company name;Microsoft ID\r\nAnything;{contoso}\r\nFabrikam;\r\n");
        let page = upload(&sales, CHECK, "Nobody", "customers.csv", csv.as_bytes()).await;
        let found: Vec<[String; 4]> = answers(&page);
        let named: Vec<(&str, &str)> = found.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect();
        assert_eq!(named, [("1", "–"), ("2", "Contoso"), ("3", "Fabrikam")]);
        assert_eq!(page.texts("#lines"), [format!("Nobody {contoso} Fabrikam")], "the file's lines are kept as text");

        let page = upload(&sales, CHECK, "", "", b"").await;
        assert_eq!((page.status, page.errors()), (422, vec!["Enter at least one customer, or choose a file".to_owned()]));
        let page = upload(&sales, CHECK, "Contoso", "book.xlsx", b"PK\x03\x04\0\0\0").await;
        assert_eq!(page.status, 422);
        assert_eq!(page.errors(), ["This workbook is damaged (package). Open it in Excel and save it again"]);
        assert_eq!(page.texts("#lines"), ["Contoso"], "what was typed stays");
        let page = upload(&sales, CHECK, "", "empty.csv", b"\r\n\r\n").await;
        assert_eq!(page.errors(), ["This file names no customer. Choose a CSV or text file with one customer a line"]);
    }

    async fn twenty_thousand_lines_are_refused_with_the_limit_and_kept(portal) {
        portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let list = "contoso.onmicrosoft.com\n".repeat(20_000);
        let page = check(&sales, &list).await;
        assert_eq!(page.status, 422);
        assert_eq!(
            page.errors(),
            ["This list has 20,000 lines; at most 5,000 can be checked at once. Check it in parts"]
        );
        assert_eq!(page.wrong_fields(), ["lines"]);
        assert!(page.body.contains(&list), "everything typed is kept");
        let most = "contoso.onmicrosoft.com\n".repeat(MAX_LINES);
        let page = check(&sales, &most).await;
        assert_eq!(page.texts(".messages .msg"), ["You can order for 0 of 5,000 today."]);
        assert_eq!(page.texts("tbody tr").len(), MAX_LINES);
        let page = upload(&sales, CHECK, "Contoso", "many.txt", most.as_bytes()).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec!["file".to_owned()]));
        let page = upload(&sales, CHECK, "", "huge.txt", &vec![b'x'; 5 * 1024 * 1024]).await;
        assert_eq!(page.status, 413);
    }
}

on_both_databases! {
    async fn a_list_costs_few_statements_however_it_is_mixed(portal) {
        let mut list = String::new();
        for number in 0..60 {
            let id = portal.add_customer(&format!("Customer {number}")).await;
            list.push_str(&[id.to_string(), format!("customer{number}.onmicrosoft.com"), format!("Customer {number}")][number % 3]);
            list.push('\n');
        }
        let sales = portal.signed_in("sales").await;
        let before = portal.db.statements();
        check(&sales, "Customer 1").await;
        let between = portal.db.statements();
        assert_eq!(answers(&check(&sales, &list).await).len(), 60);
        let (few, many) = (between - before, portal.db.statements() - between);
        assert!(many <= few + 2, "{few} statements for one line, {many} for sixty");
    }

    async fn the_answer_leaves_as_csv_in_the_order_of_the_list_and_the_log_says_so(portal) {
        let contoso = portal.add_customer("Contoso").await;
        portal.confirm(contoso, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let fabrikam = portal.add_customer("=Fabrikam").await;
        let manager = portal.signed_in("manager").await;
        let fields = [("lines", "=Fabrikam\nNobody\n\nContoso\n"), ("separator", "semicolon")];
        let file = manager.post("/status/check/export.csv", &fields).await;
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"ordercheck-2026-11-22.csv\"");
        assert_eq!(
            file.body.trim_start_matches('\u{feff}'),
            format!(
                "Line;In your list;Company;Primary domain;Microsoft ID;Agreement;Can you order?\r\n\
                 1;'=Fabrikam;'=Fabrikam;fabrikam.onmicrosoft.com;{fabrikam};Not confirmed;No, the acceptance is not confirmed\r\n\
                 2;Nobody;;;;;Not known as a customer of this partner account\r\n\
                 4;Contoso;Contoso;contoso.onmicrosoft.com;{contoso};Confirmed;Yes\r\n"
            )
        );
        assert_eq!(portal.events(Action::Exported).await, 1);
        let wrong = manager.post("/status/check/export.csv", &[("lines", "")]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(portal.events(Action::Exported).await, 1);
    }

    async fn customers_of_another_account_are_not_known_and_nothing_is_needed_in_a_national_cloud(portal) {
        let vianet = PartnerAccount { cloud: Cloud::Vianet, ..account("Vianet") };
        portal.add_account(&vianet).await;
        let there = portal.add_customer_to(&vianet, "Elsewhere", None).await;
        let sales = portal.signed_in("sales").await;
        let page = check(&sales, &format!("{there}\nElsewhere\nelsewhere.onmicrosoft.com")).await;
        assert!(answers(&page).iter().all(|row| row[3] == "Not known as a customer of this partner account"));
        portal.add_user("vera", Role::SalesAgent, std::slice::from_ref(&vianet)).await;
        let vera = portal.signed_in("vera").await;
        let page = check(&vera, "Elsewhere").await;
        assert_eq!(answers(&page), [["1", "Elsewhere", "Elsewhere", "Yes, no confirmation is needed here Not applicable"]]);
    }
}

on_sqlite! {
    async fn whatever_is_pasted_is_answered(portal) {
        portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let before = portal.writes().await;
        for typed in naughty_strings::all().filter(|typed| typed.len() < 2_000) {
            let page = check(&sales, &format!("{typed}\nContoso")).await;
            assert_eq!(page.status, 200, "{typed:?}");
            assert!(answers(&page).iter().any(|row| row[2] == "Contoso"), "{typed:?}");
            let page = upload(&sales, CHECK, "", "x.csv", format!("{typed}\nContoso\n").as_bytes()).await;
            assert!([200, 422].contains(&page.status), "{typed:?}: {}", page.status);
        }
        for body in ["", "--limit", "--limit\r\n\r\n\r\n", "--limit\r\nContent-Disposition: form-data\r\n\r\nx\r\n--limit--"] {
            let headers = [("content-type", "multipart/form-data; boundary=limit")];
            let page = sales.send(reqwest::Method::POST, CHECK, Some(body.into()), &headers).await;
            assert!([400, 422].contains(&page.status), "{body:?}: {}", page.status);
        }
        assert_eq!(portal.writes().await, before, "a check writes nothing");
    }
}
