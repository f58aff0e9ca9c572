//! The confirmation record: one sheet, in the reader's language and in English, that the log vouches for.

use std::{io::Write as _, process::Command};

use countersign::{
    actions::record_verification::record_verification,
    domain::actor::Principal,
    store::verdict::{Finding, Verdict},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        direct::Direct,
        portal::{account, day, person, with_phone},
    },
};

/// The address of the record of the confirmation that counts.
async fn record_of(browser: &Browser, customer: Uuid) -> String {
    let page = browser.get(&format!("/customers/{customer}/account")).await;
    let links = page.attributes("section[aria-labelledby=h-mca] .acts a", "href");
    links.into_iter().find(|href| href.contains("/agreements/") && !href.ends_with("/new")).expect("a record")
}

/// What the page says, line by line: label and values.
fn said(page: &Page) -> Vec<(String, String)> {
    page.texts(".paper dt").into_iter().zip(page.texts(".paper dd")).collect()
}

fn value(page: &Page, label: &str) -> String {
    said(page).into_iter().find(|(one, _)| one == label).map(|(_, value)| value).unwrap_or_default()
}

async fn confirmed(portal: &Portal) -> Uuid {
    let id = portal.add_customer("Bakkerij De Gouden Korst B.V.").await;
    let anna = with_phone(&person("Anna", "de Vries", "anna@korst.example"), "020 555 01 23");
    portal.confirm(id, &anna, day("2026-03-12")).await;
    id
}

/// Takes the hash apart from its groups.
fn digits(grouped: &str) -> String {
    grouped.replace(' ', "")
}

on_both_databases! {
    async fn the_record_says_everything_about_one_confirmation(portal) {
        let id = confirmed(portal).await;
        for role in ["manager", "sales", "admin"] {
            let browser = portal.signed_in(role).await;
            let page = browser.get(&record_of(&browser, id).await).await;
            assert_eq!(page.status, 200);
            let version = portal.latest_version().await;
            for (label, expected) in [
                ("Company name", "Bakkerij De Gouden Korst B.V."),
                ("Primary domain", "bakkerijdegoudenkorstbv.onmicrosoft.com"),
                ("Microsoft ID", &id.to_string()),
                ("Accepted by", "Anna de Vries"),
                ("Email address", "anna@korst.example"),
                ("Phone number", "020 555 01 23"),
                ("Agreement acceptance date", "12 March 2026"),
                ("Agreement version", &format!("{}, published 31 January 2020https://aka.ms/customeragreement", version.label)),
                ("Template ID", &version.template_id.to_string()),
                ("Recorded by", "An administrator (command line)"),
                ("Recorded via", "Account info"),
                ("Local time", "22 November 2026 10:05 CET (Europe/Amsterdam)"),
                ("Time in UTC", "22 November 2026 09:05 UTC"),
            ] {
                assert_eq!(value(&page, label), expected, "{label}");
            }
            assert!(page.texts(".state").concat().ends_with("This is the confirmation in force."));
        }
    }
}

on_sqlite! {
    async fn a_dutch_reader_has_every_word_in_english_too(portal) {
        let id = confirmed(portal).await;
        let manager = portal.signed_in("manager").await;
        let address = record_of(&manager, id).await;
        let english = manager.get(&address).await;
        assert_eq!(manager.post("/preferences", &[("language", "nl"), ("return_to", &address)]).await.status, 303);
        let dutch = manager.get(&address).await;
        assert_eq!(value(&dutch, "Geaccepteerd doorAccepted by"), "Anna de Vries");
        assert_eq!(value(&dutch, "Datum van acceptatieAgreement acceptance date"), "12 maart 202612 March 2026");
        let said_in_english: Vec<String> = english.texts(".paper dt, .paper dd > p, .paper h2, .paper .over");
        let both: Vec<String> = dutch.texts(".paper dt, .paper dd > p, .paper h2, .paper .over");
        assert_eq!(said_in_english.len(), both.len());
        for (english, both) in said_in_english.iter().zip(&both) {
            assert!(both.ends_with(english.as_str()), "{both} does not say {english}");
        }
        assert!(english.texts(".paper [lang=en]").is_empty(), "an English reader has it once");
    }
}

on_both_databases! {
    async fn the_hashes_are_those_of_the_log(portal) {
        let id = confirmed(portal).await;
        let manager = portal.signed_in("manager").await;
        let address = record_of(&manager, id).await;
        let page = manager.get(&address).await;
        let lines = manager.get("/audit/export.jsonl?type=acceptance_confirmed").await;
        let entry: Value = serde_json::from_str(lines.body.trim()).expect("one entry");
        assert_eq!(digits(&value(&page, "Record hash (SHA-256)")), entry["rows"].as_array().unwrap().iter()
            .find(|row| row["table"] == "agreements").expect("the row")["hash"].as_str().unwrap());
        assert_eq!(digits(&value(&page, "Hash of the log’s entry")), entry["hash"].as_str().unwrap());
        assert_eq!(digits(&value(&page, "Hash of the entry before")), entry["prev_hash"].as_str().unwrap());
        let place = value(&page, "Place in the chain");
        assert!(place.starts_with(&format!("Entry {}. The record matches its log entry", entry["seq"])), "{place}");
        assert!(value(&page, "How to verify").contains(&format!("with entry {} of the audit export", entry["seq"])));
        assert!(!place.contains("Chain verified"), "nobody verified it yet");

        portal.assert_sound().await;
        let json: Value = serde_json::from_str(&manager.get(&format!("{address}.json")).await.body).expect("JSON");
        assert_eq!(json["proof"]["entry"], entry, "the same entry");
        assert_eq!(json["proof"]["fits"], true);
        assert_eq!(digits(&value(&page, "Record hash (SHA-256)")), json["proof"]["row_hash"].as_str().unwrap());
    }
}

on_sqlite! {
    async fn the_record_says_when_the_log_was_verified_and_ever_wrong(portal) {
        let id = confirmed(portal).await;
        let manager = portal.signed_in("manager").await;
        let address = record_of(&manager, id).await;
        let verified = async || {
            let json: Value = serde_json::from_str(&manager.get(&format!("{address}.json")).await.body).expect("JSON");
            (json["proof"]["verified"].clone(), value(&manager.get(&address).await, "Place in the chain"))
        };
        assert_eq!(verified().await.0, Value::Null);
        let Verdict::Sound { entries, .. } = portal.verify_and_record().await else { panic!("wrong") };
        let at = "2026-11-22T09:05:00.000Z";
        let (json, place) = verified().await;
        assert_eq!(json, serde_json::json!({ "at": at, "seq": entries, "holds": true, "wrong_at": null }));
        assert!(place.contains("Chain verified 1–") && !place.contains("WRONG"), "{place}");

        let wrong = Verdict::Wrong(Finding::Gap(1));
        record_verification(&portal.db, Principal::command_line(), &wrong, &[]).await.expect("recorded");
        let (json, place) = verified().await;
        assert_eq!(json, serde_json::json!({ "at": at, "seq": null, "holds": false, "wrong_at": at }));
        assert!(place.contains("The log was altered outside Countersign"), "{place}");
        portal.verify_and_record().await;
        let (json, place) = verified().await;
        assert_eq!((&json["holds"], &json["wrong_at"]), (&Value::Bool(true), &at.into()));
        assert!(place.contains("(WRONG)"), "{place}");
    }

    async fn the_json_has_the_same_content(portal) {
        let id = confirmed(portal).await;
        let sales = portal.signed_in("sales").await;
        let address = record_of(&sales, id).await;
        let answer = sales.get(&format!("{address}.json")).await;
        let agreement = address.rsplit('/').next().unwrap();
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"confirmation-{agreement}.json\""));
        assert_eq!(answer.header("cache-control"), "no-store");
        let json: Value = serde_json::from_str(&answer.body).expect("JSON");
        for (pointer, expected) in [
            ("/id", agreement),
            ("/confirmation_status", "confirmed"),
            ("/customer/microsoft_id", &id.to_string()),
            ("/customer/company_name", "Bakkerij De Gouden Korst B.V."),
            ("/acceptance/first_name", "Anna"),
            ("/acceptance/last_name", "de Vries"),
            ("/acceptance/email", "anna@korst.example"),
            ("/acceptance/phone_number", "020 555 01 23"),
            ("/acceptance/date_agreed", "2026-03-12"),
            ("/agreement_version/published_on", "2020-01-31"),
            ("/agreement_version/text", "https://aka.ms/customeragreement"),
            ("/recorded/by_kind", "command_line"),
            ("/recorded/channel", "account_info"),
            ("/recorded/at", "2026-11-22T09:05:00.000Z"),
            ("/recorded/time_zone", "Europe/Amsterdam"),
        ] {
            assert_eq!(json.pointer(pointer).and_then(Value::as_str), Some(expected), "{pointer}");
        }
        assert_eq!((json["counts"].as_bool(), json["acceptance"]["accepted_directly"].as_bool()), (Some(true), Some(false)));
    }
}

on_both_databases! {
    async fn a_confirmation_that_was_superseded_says_so_and_a_direct_one_names_nobody(portal) {
        let id = portal.add_direct_customer("Contoso", Some(day("2026-02-01"))).await;
        portal.confirm(id, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let manager = portal.signed_in("manager").await;
        let page = manager.get(&format!("/customers/{id}/agreements")).await;
        let records: Vec<String> =
            page.attributes("section .acts a", "href").into_iter().filter(|href| href.contains("/agreements/")).collect();
        let [later, direct] = &records[..] else { panic!("two records: {records:?}") };
        assert!(manager.get(later).await.texts(".state").concat().contains("This is the confirmation in force."));
        let page = manager.get(direct).await;
        assert_eq!(page.texts(".state"), ["A later confirmation is in force."]);
        assert_eq!(value(&page, "Accepted by"), "accepted directly with Microsoft; who is not known here");
        assert_eq!(value(&page, "Agreement acceptance date"), "1 February 2026");
        assert_eq!(value(&page, "Email address"), "");
        let json: Value = serde_json::from_str(&manager.get(&format!("{direct}.json")).await.body).expect("JSON");
        assert_eq!(json["counts"], false);
        assert_eq!(json["acceptance"]["accepted_directly"], true);
        assert_eq!(json["acceptance"]["email"], Value::Null);
    }

    async fn a_row_that_was_changed_behind_the_portals_back_does_not_fit(portal) {
        let id = confirmed(portal).await;
        let manager = portal.signed_in("manager").await;
        let address = record_of(&manager, id).await;
        let mut direct = Direct::as_owner(&portal.location).await;
        direct.execute("UPDATE agreements SET last_name = 'Jansen'").await;
        let page = manager.get(&address).await;
        assert_eq!(page.status, 200);
        let place = value(&page, "Place in the chain");
        assert!(place.contains("does not match its log entry"), "{place}");
        let json: Value = serde_json::from_str(&manager.get(&format!("{address}.json")).await.body).expect("JSON");
        assert_eq!(json["proof"]["fits"], false);
        direct.execute("UPDATE agreements SET last_name = 'de Vries'").await;
    }

    async fn a_record_of_another_customer_or_account_is_not_found(portal) {
        let id = confirmed(portal).await;
        let other = portal.add_customer("Other").await;
        let manager = portal.signed_in("manager").await;
        let address = record_of(&manager, id).await;
        let zuid = account("Zuiderzon");
        portal.add_account(&zuid).await;
        portal.add_user("neighbour", countersign::domain::role::Role::AdminAgent, std::slice::from_ref(&zuid)).await;
        let neighbour = portal.signed_in("neighbour").await;
        for end in ["", ".json", ".pdf"] {
            assert_eq!(manager.get(&format!("{address}{end}")).await.status, 200);
            assert_eq!(neighbour.get(&format!("{address}{end}")).await.status, 404);
            let swapped = address.replace(&id.to_string(), &other.to_string());
            assert_eq!(manager.get(&format!("{swapped}{end}")).await.status, 404);
        }
        for nonsense in ["nonsense", "00000000-0000-0000-0000-000000000000", "%00"] {
            assert_eq!(manager.get(&format!("/customers/{id}/agreements/{nonsense}")).await.status, 404, "{nonsense}");
            assert_eq!(manager.get(&format!("/customers/{id}/agreements/{nonsense}.json")).await.status, 404, "{nonsense}");
        }
    }
}

/// The text of a PDF as poppler reads it, page by page; none where poppler is not there.
fn read_back(pdf: &[u8]) -> Option<String> {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(pdf).expect("written");
    match Command::new("pdftotext").args(["-layout"]).arg(file.path()).arg("-").output() {
        Ok(read) => {
            assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
            Some(String::from_utf8(read.stdout).expect("UTF-8"))
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "pdftotext: {error}");
            eprintln!("left out: pdftotext is not here");
            None
        }
    }
}

/// Without the breaks between words that the layout made.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn download(portal: &Portal, browser: &Browser, path: &str, cookie: &str) -> Vec<u8> {
    assert_eq!(browser.get(path).await.header("content-type"), "application/pdf", "{path}");
    let client = reqwest::Client::new();
    let answer = client.get(format!("{}{path}", portal.url)).header("cookie", cookie).send().await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    answer.bytes().await.expect("a file").to_vec()
}

on_sqlite! {
    async fn the_pdf_reads_back_as_the_page_in_both_languages(portal) {
        let id = portal.add_customer("Łódź Ωmega Жуков Coöperatie U.A.").await;
        portal.confirm(id, &person("Siobhán", "O’Neill", "siobhan@lodz.example"), day("2026-03-12")).await;
        let manager = portal.signed_in("manager").await;
        let cookie = portal.cookie_of("manager").await;
        let address = record_of(&manager, id).await;
        for language in ["en", "nl"] {
            let chosen = [("language", language), ("return_to", "/customers")];
            assert_eq!(manager.post("/preferences", &chosen).await.status, 303);
            let page = manager.get(&address).await;
            let pdf = download(portal, &manager, &format!("{address}.pdf"), &cookie).await;
            assert!(pdf.starts_with(b"%PDF-1.7"));
            let whole = String::from_utf8_lossy(&pdf);
            assert!(whole.contains("<pdfuaid:part>1</pdfuaid:part>"), "it says that it is PDF/UA-1");
            assert!(whole.contains("/StructTreeRoot") && whole.contains(&format!("/Lang({language})")));
            let Some(text) = read_back(&pdf) else { return };
            assert_eq!(text.matches('\u{c}').count(), 1, "one page");
            let text = words(&text);
            assert!(text.contains("Łódź Ωmega Жуков Coöperatie U.A."));
            if language == "en" {
                // Columns stand beside each other, so that a value that goes on over a line is read in parts.
                let said = page.texts(".paper h2, .paper dt, .paper dd p");
                assert!(said.len() > 40);
                for (part, value) in said.iter().flat_map(|value| value.split(' ').map(move |part| (part, value))) {
                    assert!(text.contains(part), "{part} of {value} is not in {text}");
                }
            } else {
                for both in [
                    "Bevestigingsbewijs / Confirmation record",
                    "Klant / Customer",
                    "Geaccepteerd door / Accepted by Siobhán O’Neill",
                    "12 maart 2026 / 12 March 2026",
                    "Accountgegevens / Account info",
                    "22 november 2026 09:05 UTC / 22 November 2026 09:05 UTC",
                    "Deze bevestiging geldt. / This is the confirmation in force.",
                ] {
                    assert!(text.contains(both), "{both} is not in {text}");
                }
            }
        }
    }

    async fn names_in_another_script_need_a_font_that_has_it(portal) {
        let manager = portal.signed_in("manager").await;
        let hebrew = portal.add_customer("Hebrew").await;
        portal.confirm(hebrew, &person("נועה", "לוי", "noa@example.com"), day("2026-03-12")).await;
        let cookie = portal.cookie_of("manager").await;
        let pdf = download(portal, &manager, &format!("{}.pdf", record_of(&manager, hebrew).await), &cookie).await;
        if let Some(text) = read_back(&pdf) {
            assert!(text.contains("נועה") && text.contains("לוי"), "{text}");
        }

        let chinese = portal.add_customer("Chinese").await;
        portal.confirm(chinese, &person("雅婷", "陈", "yating@example.com"), day("2026-03-12")).await;
        let address = record_of(&manager, chinese).await;
        let page = manager.get(&format!("{address}.pdf")).await;
        assert_eq!(page.status, 422);
        assert!(page.texts(".messages .msg").concat().starts_with("The PDF’s fonts lack these characters: 雅婷陈."));
        assert_eq!(value(&page, "Accepted by"), "雅婷 陈", "the page to print is the way out");
        assert_eq!(manager.get(&address).await.status, 200);
    }

    async fn a_record_of_very_long_names_goes_on_over_more_pages(portal) {
        let id = portal.add_customer(&"Verylongnamewithoutanybreak".repeat(9)).await;
        let name = "W".repeat(50);
        portal.confirm(id, &person(&name, &name, &format!("{}@{}.example", "w".repeat(60), "w".repeat(60))), day("2026-03-12")).await;
        let manager = portal.signed_in("manager").await;
        let cookie = portal.cookie_of("manager").await;
        let pdf = download(portal, &manager, &format!("{}.pdf", record_of(&manager, id).await), &cookie).await;
        if let Some(text) = read_back(&pdf) {
            let solid: String = text.split_whitespace().collect();
            assert!(solid.contains(&"Verylongnamewithoutanybreak".repeat(9)), "{text}");
            assert!(solid.contains("Howtoverify"), "the end is there: {text}");
        }
    }
}
