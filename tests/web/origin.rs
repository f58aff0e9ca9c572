//! Forms that another site sends from a user's browser.

use countersign::{
    actions::manage_api_clients::create_api_client,
    domain::{actor::Principal, audit::Action, role::Role, token::token_hash},
    web::{
        paths::pattern,
        routes::{Verb, routes},
    },
};
use reqwest::Method;

use crate::{
    on_sqlite,
    support::{
        Portal,
        browser::{Browser, encode},
        portal::{PASSWORD, email},
    },
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// `Sec-Fetch-Site`, and whether a request with it is the portal's own; none where `Origin` decides.
const SITES: [(Option<&str>, Option<bool>); 9] = [
    (None, None),
    (Some("same-origin"), Some(true)),
    (Some("none"), Some(true)),
    (Some("same-site"), Some(false)),
    (Some("cross-site"), Some(false)),
    (Some("SAME-ORIGIN"), Some(false)),
    (Some("same-origin, cross-site"), Some(false)),
    (Some(""), Some(false)),
    (Some("nonsense"), Some(false)),
];

/// `Origin`, and whether it is the portal's.
fn origins(url: &str) -> Vec<(Option<String>, bool)> {
    let other_port = format!("{}1", url.trim_end_matches(|c: char| c.is_ascii_digit()));
    vec![
        (None, true),
        (Some(url.to_owned()), true),
        (Some("null".into()), false),
        (Some("https://hostile.example".into()), false),
        (Some(url.replace("http:", "https:")), false),
        (Some(other_port), false),
        (Some(format!("{url}.hostile.example")), false),
        (Some(format!("{url}/")), false),
        (Some(String::new()), false),
    ]
}

/// Every route that writes, with a body that would write something.
async fn forms(portal: &Portal, sales: &Browser) -> Vec<(String, String)> {
    let customer = portal.add_customer("Contoso B.V.").await;
    let subscription = super::orders::a_subscription(portal, sales, customer).await;
    let who = Principal::command_line();
    let client = create_api_client(&portal.db, who, &portal.account, "Billing", Role::Manager, token_hash("secret"));
    let client = client.await.expect("a client").to_string();
    let mut forms = Vec::new();
    for entry in routes().entries().filter(|entry| entry.method == Verb::Post) {
        // A draft of its own for each step, since each changes it.
        let draft = sales.draft().await;
        let path = |pattern: &str| {
            pattern
                .replace("{customer}", &customer.to_string())
                .replace("{draft}", &draft)
                .replace("{subscription}", &subscription)
                .replace("{client}", &client)
        };
        let body = match entry.path {
            pattern::SIGN_IN => encode(&[("email", &email("manager")), ("password", PASSWORD)]),
            pattern::SIGN_OUT
            | pattern::SETUP
            | pattern::DRAFT_DISCARD
            | pattern::ORDER_DRAFT_DISCARD
            | pattern::API_CLIENT_REVOKE => String::new(),
            pattern::PREFERENCES => encode(&[("language", "nl")]),
            pattern::PARTNER_ACCOUNT => encode(&[("partner_account", &portal.account.id.to_string())]),
            pattern::COMPANY => sales.form(&path(pattern::COMPANY)).await.with("company_name", "Hostile").encoded(),
            pattern::CONTACT => {
                sales.form(&path(pattern::CONTACT)).await.with("contact_last_name", "Hostile").encoded()
            }
            pattern::CONFIRM => encode(&[("step", "check"), ("customer", &customer.to_string())]),
            pattern::AGREEMENTS => sales
                .form(&path(pattern::UPDATE))
                .await
                .with("first_name", "Anna")
                .with("last_name", "de Vries")
                .with("email", "anna@contoso.example")
                .with("date_agreed", "12-3-2026")
                .encoded(),
            pattern::NEW_CUSTOMER => {
                let filled_in = sales.form(&path(pattern::DRAFT_ACCOUNT)).await;
                let token = sales.form(pattern::NEW_CUSTOMER).await.get("submission");
                filled_in.with("submission", &token).encoded()
            }
            pattern::DRAFT_ACCOUNT | pattern::DRAFT_SUBSCRIPTIONS => sales.form(&path(entry.path)).await.encoded(),
            pattern::DRAFT_REVIEW => {
                let skipped = sales.form(&path(pattern::DRAFT_SUBSCRIPTIONS)).await.with("skip", "on");
                assert_eq!(sales.submit(&skipped).await.status, 303);
                sales.form(&path(pattern::DRAFT_REVIEW)).await.encoded()
            }
            pattern::NEW_ORDER => {
                let form = sales.form(&path(pattern::NEW_ORDER)).await;
                super::orders::quantity(form, super::orders::EXCHANGE, "5").encoded()
            }
            pattern::QUANTITY => sales.form(&path(pattern::QUANTITY)).await.with("quantity", "30").encoded(),
            // Which of the forms comes first decides whether the others' state still is what it was.
            pattern::SUBSCRIPTION_STATUS | pattern::AUTO_RENEW => {
                let page = sales.get(&path(pattern::SUBSCRIPTIONS)).await;
                let place = usize::from(entry.path == pattern::AUTO_RENEW);
                let token = page.attributes(".row-acts form [name=submission]", "value").remove(0);
                let etag = (2 + place).to_string();
                let (name, value) = if place == 0 { ("status", "suspended") } else { ("auto_renew", "off") };
                encode(&[("submission", &token), ("etag", &etag), (name, value)])
            }
            pattern::API_CLIENTS => {
                let form = sales.get(pattern::API_CLIENTS).await.form_at(pattern::API_CLIENTS);
                form.with("client_name", "Hostile").with("role", "admin_agent").encoded()
            }
            pattern::API_CLIENT_REFRESH_TOKEN => {
                sales.get(pattern::API_CLIENTS).await.form_at(&path(entry.path)).encoded()
            }
            pattern::STATUS_CHECK | pattern::STATUS_CHECK_CSV => encode(&[("lines", "Contoso B.V.")]),
            path => panic!("nothing is said here of POST {path}"),
        };
        forms.push((path(entry.path), body));
    }
    forms
}

on_sqlite! {
    async fn a_form_from_another_site_is_refused_and_changes_nothing(portal) {
        // Who may send every form there is.
        let admin = portal.signed_in("admin").await;
        let cookie = portal.cookie_of("admin").await;
        let stranger = portal.browser();
        let forms = forms(portal, &admin).await;
        let (writes, sign_ins) = (portal.writes().await, portal.events(Action::SignedIn).await);
        for (path, body) in &forms {
            for (site, is_own) in SITES {
                for (origin, is_ours) in origins(&portal.url) {
                    let mut headers = vec![FORM];
                    headers.extend(site.map(|site| ("sec-fetch-site", site)));
                    headers.extend(origin.as_deref().map(|origin| ("origin", origin)));
                    let at = format!("POST {path} with {headers:?}");
                    if is_own.unwrap_or(is_ours) {
                        // Without a session and entries, so that the next request finds all as it was.
                        let page = stranger.send(Method::POST, path, Some(Vec::new()), &headers).await;
                        assert!([303, 401, 404, 422].contains(&page.status), "{at}: {}", page.status);
                    } else {
                        headers.push(("cookie", &cookie));
                        let page = stranger.send(Method::POST, path, Some(body.clone().into_bytes()), &headers).await;
                        assert_eq!(page.status, 403, "{at}");
                        assert_eq!(page.texts("main h1"), ["This form came from another site"], "{at}");
                        assert!(page.set_cookies().is_empty(), "{at}: {:?}", page.set_cookies());
                    }
                }
            }
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
        assert_eq!(portal.events(Action::SignedIn).await, sign_ins, "nobody was signed in");
        let page = stranger.send(Method::GET, "/customers", None, &[("cookie", &cookie)]).await;
        assert_eq!(page.status, 200, "nobody was signed out");
        assert_eq!(page.attributes("html", "lang"), ["en"], "the language is what it was");

        // The very same forms from the portal itself.
        for (path, body) in &forms {
            let headers = [FORM, ("sec-fetch-site", "same-origin"), ("origin", &portal.url), ("cookie", &cookie)];
            let page = stranger.send(Method::POST, path, Some(body.clone().into_bytes()), &headers).await;
            let wanted = match path.as_str() {
                pattern::SETUP => 404,
                // What only reads, and what is shown once, answers at once. The client is revoked by then.
                pattern::STATUS_CHECK | pattern::STATUS_CHECK_CSV | pattern::API_CLIENTS => 200,
                path if path.ends_with("/refresh-token") => 422,
                _ => 303,
            };
            // Signing in gives a cookie of its own and ends the session of this one.
            let is_over = page.status == 401;
            assert!(page.status == wanted || is_over, "POST {path}: {}", page.status);
        }
    }

    async fn other_writing_methods_are_refused_from_another_site_before_anything_is_looked_at(portal) {
        let browser = portal.browser();
        for method in ["PUT", "PATCH", "DELETE", "PROPFIND"] {
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            for path in ["/customers", "/nowhere", "/sign-out"] {
                let page = browser.send(method.clone(), path, None, &[("sec-fetch-site", "cross-site")]).await;
                assert_eq!(page.status, 403, "{method} {path}");
            }
        }
    }

    async fn a_link_from_another_site_is_followed(portal) {
        let cookie = portal.cookie_of("sales").await;
        for method in [Method::GET, Method::HEAD] {
            let headers = [("sec-fetch-site", "cross-site"), ("origin", "https://hostile.example"), ("cookie", &cookie)];
            let page = portal.browser().send(method.clone(), "/customers", None, &headers).await;
            assert_eq!(page.status, 200, "{method}");
        }
    }
}
