//! Forms that are too large, no forms at all, or full of what nobody asked for.

use std::fmt::Write as _;

use countersign::{
    actions::manage_api_clients::{create_api_client, revoke_api_client},
    domain::{actor::Principal, role::Role, token::token_hash},
    web::{
        form::LIMIT,
        paths::pattern,
        routes::{Verb, routes},
        upload,
    },
};
use reqwest::Method;

use super::confirm::anna;
use crate::{on_sqlite, support::raw};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

on_sqlite! {
    async fn a_form_over_its_limit_is_refused_on_a_page_that_names_the_limit(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        // Who may send every form there is.
        let admin = portal.signed_in("admin").await;
        let draft = admin.draft().await;
        let subscription = super::orders::a_subscription(portal, &admin, customer).await;
        let who = Principal::command_line();
        let client = create_api_client(&portal.db, who, &portal.account, "Billing", Role::Manager, token_hash("secret"));
        let client = client.await.expect("a client").to_string();
        // Revoking asks for no field; twice is once.
        revoke_api_client(&portal.db, Principal::command_line(), &portal.account, "Billing").await.expect("a client");
        let cookie = portal.cookie_of("admin").await;
        let writes = portal.writes().await;
        let browser = portal.browser();
        for entry in routes().entries().filter(|entry| entry.method == Verb::Post) {
            // Signing out reads no form; there is no set-up any more.
            if [pattern::SIGN_OUT, pattern::SETUP].contains(&entry.path) {
                continue;
            }
            let path = entry.path.replace("{customer}", &customer.to_string()).replace("{draft}", &draft).replace("{subscription}", &subscription).replace("{client}", &client);
            // A form that brings a file may be longer.
            let (limit, told) = match entry.path {
                pattern::STATUS_CHECK | pattern::STATUS_CHECK_CSV => (upload::LIMIT, "at most 4 MB"),
                _ => (LIMIT, "at most 256 kB"),
            };
            for length in [limit + 1, 2 * limit] {
                let headers = [FORM, ("cookie", &cookie)];
                let page = browser.send(Method::POST, &path, Some(vec![b'a'; length]), &headers).await;
                assert_eq!(page.status, 413, "{length} bytes to {path}");
                assert!(page.main().contains(told), "{path}: {}", page.main());
            }
            let headers = [FORM, ("cookie", &cookie), ("accept-language", "nl")];
            let page = browser.send(Method::POST, &path, Some(vec![b'a'; limit]), &headers).await;
            // There is no kept order; of any other the form is looked at.
            let expected: &[u16] = if entry.path == pattern::ORDER_DRAFT_DISCARD { &[404] } else { &[303, 422] };
            assert!(expected.contains(&page.status), "a form at the limit to {path}: {}", page.status);
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
    }

    async fn no_way_of_framing_a_body_gets_past_the_limit(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let cookie = portal.cookie_of("sales").await;
        let writes = portal.writes().await;
        let head = format!(
            "POST /customers/{customer}/agreements HTTP/1.1\r\nHost: countersign.test\r\nConnection: close\r\n\
             Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        );
        let field = format!("first_name={}", "a".repeat(64 * 1024));
        let chunk = format!("{:x}\r\n{field}\r\n", field.len());
        for (what, framed, status) in [
            ("chunks over the limit", format!("Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", chunk.repeat(5)), 413),
            ("endless chunks", format!("Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(5)), 413),
            ("chunks within the limit", format!("Transfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", chunk.repeat(3)), 422),
            ("a length that never comes", "Content-Length: 300000\r\n\r\nfirst_name=Anna".into(), 413),
            ("a length beyond any", "Content-Length: 99999999999999999\r\n\r\nfirst_name=Anna".into(), 413),
            ("a length that is no number", "Content-Length: many\r\n\r\nfirst_name=Anna".into(), 400),
            ("a length below zero", "Content-Length: -1\r\n\r\nfirst_name=Anna".into(), 400),
            ("a length with a sign", "Content-Length: +15\r\n\r\nfirst_name=Anna".into(), 400),
            ("two lengths", "Content-Length: 5\r\nContent-Length: 15\r\n\r\nfirst_name=Anna".into(), 400),
            ("a length and chunks", format!("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n"), 400),
            ("less than what comes", "Content-Length: 15\r\n\r\nfirst_name=Anna&last_name=x&email=a@b.nl".into(), 422),
        ] {
            let page = raw::exchange(&portal.url, format!("{head}{framed}")).await;
            assert_eq!(page.status, status, "{what}: {}", page.body);
            assert!(status != 413 || page.main().contains("at most 256 kB"), "{what}: {}", page.main());
            assert!(status != 422 || page.errors().len() > 2, "{what}: {:?}", page.errors());
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
    }

    async fn what_is_no_form_is_refused_and_changes_nothing(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer).await;
        let writes = portal.writes().await;
        for kind in [
            None,
            Some("text/plain"),
            Some("application/json"),
            Some("text/html"),
            Some("multipart/form-data; boundary=x"),
            Some("application/x-www-form-urlencoded-too"),
            Some("x/y; application/x-www-form-urlencoded"),
            Some(""),
        ] {
            let headers: Vec<_> = kind.iter().map(|kind| ("content-type", *kind)).collect();
            for body in [form.encoded(), r#"{"first_name":"Anna"}"#.to_owned(), "[".repeat(200_000)] {
                let page = sales.send(Method::POST, &form.action, Some(body.into_bytes()), &headers).await;
                assert_eq!(page.status, 400, "{kind:?}");
                assert_eq!(page.texts("main h1"), ["That could not be read"], "{kind:?}");
            }
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
        let headers = [("content-type", "application/x-www-form-urlencoded; charset=UTF-8")];
        let page = sales.send(Method::POST, &form.action, Some(form.encoded().into_bytes()), &headers).await;
        assert_eq!(page.status, 303, "the form itself was right");
    }

    async fn fields_that_the_form_does_not_have_are_never_bound(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let other = portal.add_customer("Fabrikam").await;
        let sales = portal.signed_in("sales").await;
        let other = other.to_string();
        let extra = [
            ("role", "admin_agent"),
            ("user", "admin"),
            ("id", &other),
            ("seq", "1"),
            ("customer", &other),
            ("customer_id", &other),
            ("microsoft_id", &other),
            ("domain", "hostile.example"),
            ("domain_prefix", "hostile"),
            ("partner_account", &other),
            ("partner_account_id", &other),
            ("status", "confirmed"),
            ("recorded_by", "Admin"),
            ("recorded_at", "2001-01-01T00:00:00Z"),
            ("confirmed_at", "2001-01-01"),
            ("channel", "api"),
            ("event_id", &other),
            ("disabled", "1"),
            ("admin", "true"),
            ("__proto__", "x"),
            ("first_name[]", "Mallory"),
            ("first_name[0]", "Mallory"),
            ("person[first_name]", "Mallory"),
            ("FIRST_NAME", "Mallory"),
            (" first_name", "Mallory"),
            ("", "Mallory"),
        ];
        let company = sales.form(&format!("/customers/{customer}/account/company")).await.with("city", "Utrecht");
        let contact = sales.form(&format!("/customers/{customer}/account/contact")).await;
        let contact = contact.with("contact_first_name", "Noor");
        for form in [company, contact, anna(&sales, customer).await] {
            let mut fields: Vec<(&str, &str)> = extra[..].to_vec();
            fields.extend(form.pairs());
            // Of a field that comes twice the first counts.
            let twice: Vec<(String, String)> =
                form.fields.iter().map(|(name, _)| (name.clone(), "Mallory".to_owned())).collect();
            fields.extend(twice.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let page = sales.post(&form.action, &fields).await;
            assert_eq!(page.status, 303, "{}: {:?}", form.action, page.errors());
        }
        let page = sales.get(&format!("/customers/{customer}/account")).await;
        let main = page.main();
        for part in ["Contoso B.V.", "Contoso", "Utrecht", "Noor", "Anna de Vries", "Sales, 22 November 2026", "Account info"] {
            assert!(main.contains(part), "{part} is missing in {main}");
        }
        for part in ["Mallory", "hostile", "Admin", "2001", "API"] {
            assert!(!main.contains(part), "{part} was bound: {main}");
        }
        assert!(page.body.contains("Sales agent") && !page.body.contains("Admin agent"), "the role is what it was");
        let page = sales.get(&format!("/customers/{other}/account")).await;
        assert!(page.main().contains("Not confirmed") && page.main().contains("Fabrikam"), "{}", page.main());
        for (path, fields) in [("/preferences", extra), ("/partner-account", extra)] {
            assert_eq!(sales.post(path, &fields).await.status, 303, "{path}");
        }
        let page = sales.get("/customers").await;
        assert!(page.body.contains("Sales agent") && !page.body.contains("Admin agent"), "the role is what it was");
    }

    async fn thousands_of_fields_and_deep_junk_are_only_junk(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let room = LIMIT - 2_000;
        let numbered = {
            let mut fields = String::new();
            for number in 0.. {
                if fields.len() > room {
                    break;
                }
                write!(fields, "&f{number}=v").expect("a field");
            }
            fields
        };
        for (number, (what, junk)) in [
            ("many fields", numbered),
            ("many times one field", "&x=y".repeat(room / 4)),
            ("nothing but separators", "&".repeat(room)),
            ("nothing but equals signs", "&=".repeat(room / 2)),
            ("deep names", format!("&a{}=1", "[b]".repeat(room / 3 - 10))),
            ("a very long name", format!("&{}=1", "n".repeat(room - 10))),
            ("a very long value", format!("&n={}", "v".repeat(room - 10))),
            ("broken escapes", "&%=%zz%2&%%%".repeat(room / 12)),
            ("bytes that are no text", "&%ff=%fe".repeat(room / 8)),
            ("semicolons", ";first_name=Mallory".repeat(room / 19)),
        ]
        .into_iter()
        .enumerate()
        {
            let form = anna(&sales, customer).await.with("email", &format!("anna{number}@contoso.example"));
            let body = format!("{}&last=1{junk}", form.encoded());
            assert!(body.len() <= LIMIT, "{what} fits");
            let page = sales.post_raw(&form.action, body).await;
            assert_eq!(page.status, 303, "{what}: {:?}", page.errors());
        }
        let unreadable = "&email=%ff".repeat(room / 10);
        let form = anna(&sales, customer).await;
        let page = sales.post_raw(&form.action, format!("{}{unreadable}", form.encoded())).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec!["email".to_owned()]));
        let page = sales.get(&format!("/customers/{customer}/agreements")).await;
        assert!(!page.body.contains("Mallory"), "{}", page.main());
        assert_eq!(page.texts("main section").len(), 10);
    }

    async fn a_body_of_many_megabytes_is_told_its_limit_too(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.post_raw(&format!("/customers/{customer}/agreements"), vec![b'a'; 8 << 20]).await;
        assert_eq!(page.status, 413);
        assert_eq!(sales.get("/customers").await.status, 200);
    }
}
