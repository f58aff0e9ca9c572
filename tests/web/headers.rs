//! What every answer tells browsers, and what pages are made of.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use countersign::store::migrate;
use reqwest::Method;
use scraper::{Html, Selector};
use sha2::{Digest as _, Sha384};

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Database, Portal,
        browser::{Page, encode},
        portal::{PASSWORD, day, email, person, serve},
        raw,
    },
};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// An answer, and which request it is one to.
struct Answer {
    to: String,
    page: Page,
}

/// One answer of every kind there is.
async fn answers(portal: &Portal) -> Vec<Answer> {
    let customer = portal.add_customer("Contoso B.V.").await;
    let (sales, manager) = (portal.cookie_of("sales").await, portal.cookie_of("manager").await);
    let browser = portal.browser();
    let form = async |path: &str, cookie: &str| {
        let page = browser.send(Method::GET, path, None, &[("cookie", cookie)]).await;
        assert_eq!(page.status, 200, "{path}");
        page.form()
    };
    let agreements = format!("/customers/{customer}/agreements");
    let update = form(&format!("{agreements}/new"), &sales)
        .await
        .with("first_name", "Anna")
        .with("last_name", "de Vries")
        .with("email", "anna@contoso.example")
        .with("date_agreed", "12-3-2026");
    let company = form(&format!("/customers/{customer}/account/company"), &sales).await.with("etag", "999").encoded();
    let sign_in = encode(&[("email", &email("sales")), ("password", PASSWORD)]);
    let wrong = encode(&[("email", &email("sales")), ("password", "wrong")]);

    let mut requests = vec![
        (200, Method::GET, "/sign-in".to_owned(), None, None),
        (200, Method::GET, "/healthz".into(), None, None),
        (200, Method::GET, "/readyz".into(), None, None),
        (200, Method::GET, asset("css"), None, None),
        (200, Method::GET, asset("js"), None, None),
        (200, Method::GET, asset("icons"), None, None),
        (200, Method::GET, "/customers".into(), Some(&sales), None),
        (200, Method::GET, format!("/customers/{customer}/account"), Some(&sales), None),
        (200, Method::GET, format!("/customers/{customer}/history"), Some(&sales), None),
        (200, Method::HEAD, "/customers".into(), Some(&sales), None),
        (303, Method::GET, "/".into(), None, None),
        (303, Method::GET, "/".into(), Some(&sales), None),
        (303, Method::POST, "/sign-in".into(), None, Some(sign_in)),
        (303, Method::POST, agreements.clone(), Some(&sales), Some(update.encoded())),
        (400, Method::POST, agreements.clone(), Some(&sales), None),
        (401, Method::POST, agreements.clone(), None, Some(update.encoded())),
        (403, Method::POST, agreements.clone(), Some(&manager), Some(update.encoded())),
        (404, Method::GET, "/nowhere".into(), None, None),
        (404, Method::GET, "/static/0/app.css".into(), None, None),
        (404, Method::GET, "/customers/00000000-0000-0000-0000-000000000000/account".into(), Some(&sales), None),
        (405, Method::DELETE, "/customers".into(), Some(&sales), None),
        (409, Method::POST, format!("/customers/{customer}/account/company"), Some(&sales), Some(company)),
        (413, Method::POST, agreements.clone(), Some(&sales), Some("x".repeat(257 * 1024))),
        (422, Method::POST, agreements, Some(&sales), Some(update.with("email", "anna").encoded())),
        (422, Method::POST, "/sign-in".into(), None, Some(String::new())),
    ];
    for _ in 0..5 {
        requests.push((422, Method::POST, "/sign-in".into(), None, Some(wrong.clone())));
    }
    requests.push((429, Method::POST, "/sign-in".into(), None, Some(wrong)));

    let mut answers = Vec::new();
    for (status, method, path, cookie, body) in requests {
        let mut headers: Vec<(&str, &str)> = body.iter().map(|_| FORM).collect();
        headers.extend(cookie.map(|cookie: &String| ("cookie", cookie.as_str())));
        let to = format!("{method} {path}");
        // A fresh browser each time: no cookie but the one given.
        let page = portal.browser().send(method, &path, body.map(String::into_bytes), &headers).await;
        assert_eq!(page.status, status, "{to}: {}", page.body);
        answers.push(Answer { to, page });
    }
    let cross = [FORM, ("sec-fetch-site", "cross-site")];
    let page = browser.send(Method::POST, "/sign-out", None, &cross).await;
    assert_eq!(page.status, 403);
    answers.push(Answer { to: "a cross-site POST".into(), page });
    answers
}

fn asset(kind: &str) -> String {
    let assets = &countersign::web::assets::ASSETS;
    match kind {
        "css" => assets.css.path,
        "js" => assets.js.path,
        _ => assets.icons.path,
    }
    .to_owned()
}

fn assert_protected(answer: &Answer, https: bool) {
    let Answer { to, page } = answer;
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", if https { "max-age=63072000; includeSubDomains" } else { "" }),
        ("server", ""),
        ("x-powered-by", ""),
        ("access-control-allow-origin", ""),
    ] {
        assert_eq!(page.header(name), value, "{name} of {to}");
        assert!(page.headers.get_all(name).iter().count() <= 1, "{name} stands twice in {to}");
    }
    let is_asset = to.starts_with("GET /static/") && page.status == 200;
    let kept = if is_asset { "public, max-age=31536000, immutable" } else { "no-store" };
    assert_eq!(page.header("cache-control"), kept, "{to}");
    assert_eq!(page.header("x-request-id").len(), 32, "{to}");
    let policy = page.header("permissions-policy");
    for feature in ["camera", "microphone", "geolocation", "payment", "usb", "clipboard-read"] {
        assert!(policy.contains(&format!("{feature}=()")), "{feature} in {policy} of {to}");
    }
    let granted: Vec<&str> = policy.split(", ").filter(|feature| !feature.ends_with("=()")).collect();
    assert_eq!(granted, ["clipboard-write=(self)"], "{to}");
    for cookie in page.set_cookies() {
        assert_cookie(cookie, https, to);
    }
    if page.header("content-type").starts_with("text/html") {
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{to}");
        assert!(page.body.len() <= 50 * 1024, "{to} has {} bytes", page.body.len());
        if !to.starts_with("HEAD") {
            assert_static(page, to);
        }
    }
}

/// A cookie that stays must be out of reach of scripts and other sites; one that is taken away may say less.
fn assert_cookie(cookie: &str, https: bool, to: &str) {
    assert!(cookie.len() < 4096, "{to}: {} bytes", cookie.len());
    let parts: Vec<&str> = cookie.split("; ").collect();
    assert!(parts.contains(&"Path=/"), "{to}: {cookie}");
    assert!(!cookie.contains("Domain="), "{to}: {cookie}");
    if parts.contains(&"Max-Age=0") {
        return;
    }
    assert!(parts.contains(&"HttpOnly") && parts.contains(&"SameSite=Lax"), "{to}: {cookie}");
    assert_eq!(parts.contains(&"Secure"), https, "{to}: {cookie}");
}

/// Nothing runs or styles a page but the files of the portal, and those are checked by their hash.
fn assert_static(page: &Page, to: &str) {
    let document = Html::parse_document(&page.body);
    let all = Selector::parse("*").expect("a selector");
    let mut files = 0;
    for element in document.select(&all) {
        let name = element.value().name();
        for (attribute, value) in element.value().attrs() {
            assert!(!attribute.starts_with("on") && attribute != "style", "{to}: <{name} {attribute}={value:?}>");
            let is_address = ["href", "src", "action", "formaction"].contains(&attribute);
            assert!(
                !is_address
                    || value.starts_with(['/', '#']) && !value.starts_with("//")
                    || value.starts_with("https://"),
                "{to}: <{name} {attribute}={value:?}>"
            );
        }
        let address = match name {
            "script" => element.value().attr("src").unwrap_or_else(|| panic!("{to}: a script in the page")),
            "link" if element.value().attr("rel") == Some("stylesheet") => {
                element.value().attr("href").unwrap_or_default()
            }
            "style" | "base" | "iframe" | "object" | "embed" => panic!("{to}: a <{name}>"),
            _ => continue,
        };
        assert!(address.starts_with("/static/"), "{to}: {address}");
        let integrity = element.value().attr("integrity").unwrap_or_default();
        assert!(integrity.starts_with("sha384-"), "{to}: {address} has integrity {integrity:?}");
        files += 1;
    }
    assert_eq!(files, 2, "{to}: one script and one style sheet");
}

/// Asks a portal whose database is gone.
async fn assert_protected_without_a_database(portal: &Portal, https: bool) {
    let cookie = portal.cookie_of("admin").await;
    let db = migrate::open(&portal.location, portal.clock.clone()).await.expect("the same database");
    let (url, handle, thread) = serve(db.clone(), https);
    db.close().await;
    let browser = crate::support::Browser::new(&url);
    let customer = uuid::Uuid::from_u128(5);
    let sign_in = encode(&[("email", &email("sales")), ("password", PASSWORD)]).into_bytes();
    for (method, path, cookie, body) in [
        (Method::GET, "/readyz".to_owned(), None, None),
        (Method::GET, "/customers".into(), Some(cookie.as_str()), None),
        (Method::GET, format!("/customers/{customer}/account"), Some(&cookie), None),
        (Method::POST, format!("/customers/{customer}/agreements"), Some(&cookie), Some(b"first_name=Anna".to_vec())),
        (Method::POST, "/sign-in".into(), None, Some(sign_in)),
        (Method::POST, "/sign-out".into(), Some(&cookie), None),
    ] {
        let mut headers = vec![FORM];
        headers.extend(cookie.map(|cookie| ("cookie", cookie)));
        let to = format!("{method} {path} without a database");
        let page = browser.send(method, &path, body, &headers).await;
        assert_eq!(page.status, 503, "{to}: {}", page.body);
        if path != "/readyz" {
            assert_eq!(page.texts("main h1"), ["Countersign cannot reach its database"], "{to}");
            assert_eq!(page.header("retry-after"), "5", "{to}");
        }
        assert_protected(&Answer { to, page }, https);
    }
    handle.stop(true).await;
    tokio::task::spawn_blocking(move || thread.join()).await.expect("a thread").expect("a server that ends well");
}

on_sqlite! {
    async fn every_answer_is_protected(portal) {
        for answer in answers(portal).await {
            assert_protected(&answer, false);
        }
    }
}

on_both_databases! {
    async fn an_answer_that_the_database_is_gone_is_protected_too(portal) {
        assert_protected_without_a_database(portal, false).await;
    }
}

on_sqlite! {
    async fn full_pages_are_small(portal) {
        let mut last = None;
        for number in 0..51 {
            let name = format!("{number:02} {}", "Vereniging van Eigenaars ".repeat(4));
            let customer = portal.add_customer(&name).await;
            portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
            last = Some(customer);
        }
        let customer = last.expect("a customer");
        let sales = portal.signed_in("sales").await;
        for path in [
            "/customers".to_owned(),
            "/customers?q=Eigenaars".to_owned(),
            format!("/customers/{customer}/account"),
            format!("/customers/{customer}/account/company"),
            format!("/customers/{customer}/account/contact"),
            format!("/customers/{customer}/agreements"),
            format!("/customers/{customer}/agreements/new"),
            format!("/customers/{customer}/history"),
        ] {
            let page = sales.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert_protected(&Answer { to: path, page }, false);
        }
    }
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there_and_cookies_do_not_leave_it() {
    let portal = Portal::start_with(Database::Sqlite, None, true).await;
    for answer in answers(&portal).await {
        assert_protected(&answer, true);
    }
    assert_protected_without_a_database(&portal, true).await;

    let page = portal.browser().post("/sign-in", &[("email", &email("admin")), ("password", PASSWORD)]).await;
    let [cookie] = page.set_cookies()[..] else { panic!("one cookie, not {:?}", page.set_cookies()) };
    assert!(cookie.starts_with("__Host-countersign="), "{cookie}");
    let mut attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);

    let page = portal.browser().post("/preferences", &[("language", "nl")]).await;
    let [cookie] = page.set_cookies()[..] else { panic!("one cookie, not {:?}", page.set_cookies()) };
    assert!(cookie.starts_with("countersign-language=nl;"), "{cookie}");
    portal.stop().await;
}

#[tokio::test]
async fn a_session_of_plain_http_is_none_over_https() {
    let portal = Portal::start_with(Database::Sqlite, None, true).await;
    let cookie = portal.cookie_of("sales").await;
    let browser = portal.browser();
    let page = browser.send(Method::GET, "/customers", None, &[("cookie", &cookie)]).await;
    assert_eq!(page.status, 200);
    let plain = cookie.trim_start_matches("__Host-");
    let page = browser.send(Method::GET, "/customers", None, &[("cookie", plain)]).await;
    assert_eq!(page.status, 303);
    portal.stop().await;
}

#[tokio::test]
async fn files_are_named_by_their_content_and_come_compressed() {
    let portal = Portal::start(Database::Sqlite).await;
    let browser = portal.browser();
    let page = browser.get("/sign-in").await;
    let files = [
        (
            page.attributes("script", "src").remove(0),
            page.attributes("script", "integrity").remove(0),
            "text/javascript",
        ),
        (
            page.attributes("link[rel=stylesheet]", "href").remove(0),
            page.attributes("link[rel=stylesheet]", "integrity").remove(0),
            "text/css",
        ),
        (page.attributes("link[rel=icon]", "href").remove(0), String::new(), "image/svg+xml"),
    ];
    for (path, integrity, kind) in files {
        let plain = browser.get(&path).await;
        assert_eq!(plain.status, 200, "{path}");
        assert!(plain.header("content-type").starts_with(kind), "{path}: {}", plain.header("content-type"));
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        assert_eq!(plain.header("vary"), "Accept-Encoding", "{path}");
        let hash = format!("sha384-{}", STANDARD.encode(Sha384::digest(plain.body.as_bytes())));
        assert!(integrity.is_empty() || integrity == hash, "{path} has {hash}, the page says {integrity}");

        let accept = [("accept-encoding", "gzip, br;q=0.9")];
        let small = browser.send(Method::GET, &path, None, &accept).await;
        assert_eq!(small.header("content-encoding"), "br", "{path}");
        let length: usize = small.header("content-length").parse().expect("a length");
        assert!(length * 2 < plain.body.len(), "{path}: {length} of {} bytes", plain.body.len());
        let gzip = browser.send(Method::GET, &path, None, &[("accept-encoding", "gzip")]).await;
        assert_eq!(gzip.body, plain.body, "{path}");

        let (folder, name) = path.rsplit_once('/').expect("a folder");
        for other in [format!("/static/0000/{name}"), format!("{folder}/other.css"), format!("{folder}/../{name}")] {
            let page = raw::get(&portal.url, &other, &[]).await;
            assert_eq!((page.status, page.header("cache-control")), (404, "no-store"), "{other}");
        }
    }
    portal.stop().await;
}
