//! Who reaches what: every route for everybody, with customers of their own account, of another and of none.

use countersign::{
    actions::manage_users,
    domain::actor::Principal,
    domain::{
        audit::Action,
        partner_account::PartnerAccount,
        role::{Permission, Role},
    },
    web::{
        access::Access,
        assets::ASSETS,
        paths::pattern,
        routes::{Entry, Verb, routes},
    },
};
use reqwest::Method;
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Portal,
        browser::Page,
        portal::{account, email},
        raw,
    },
};

/// Somebody who asks for pages.
struct Visitor {
    name: &'static str,
    cookie: Option<String>,
    /// The role and the account of it; none for somebody who is not signed in (any more).
    role: Option<(Role, Uuid)>,
}

/// Whose customer is asked for.
struct Customer {
    name: &'static str,
    id: Uuid,
    account: Option<Uuid>,
}

struct Fixture {
    visitors: Vec<Visitor>,
    customers: Vec<Customer>,
}

async fn fixture(portal: &Portal) -> Fixture {
    let other: PartnerAccount = account("Zuiderzon");
    portal.add_account(&other).await;
    for name in ["alex", "bo", "chris", "dana"] {
        portal.add_user(name, Role::SalesAgent, std::slice::from_ref(&portal.account)).await;
    }
    portal.add_user("gone", Role::AdminAgent, std::slice::from_ref(&portal.account)).await;
    portal.add_user("neighbour", Role::AdminAgent, std::slice::from_ref(&other)).await;
    let own = portal.add_customer("Contoso B.V.").await;
    let others = portal.add_customer_to(&other, "Fabrikam Geheim", None).await;

    let here = portal.account.id;
    let mut visitors = vec![Visitor { name: "nobody", cookie: None, role: None }];
    for (name, role) in [
        ("manager", Some((Role::Manager, here))),
        ("sales", Some((Role::SalesAgent, here))),
        ("admin", Some((Role::AdminAgent, here))),
        ("gone", None),
        ("neighbour", Some((Role::AdminAgent, other.id))),
    ] {
        visitors.push(Visitor { name, cookie: Some(portal.cookie_of(name).await), role });
    }
    manage_users::set_disabled(&portal.db, Principal::command_line(), &email("gone"), true)
        .await
        .expect("a disabled user");
    let customers = vec![
        Customer { name: "own", id: own, account: Some(here) },
        Customer { name: "other", id: others, account: Some(other.id) },
        Customer { name: "missing", id: Uuid::from_u128(0xdead_beef), account: None },
    ];
    Fixture { visitors, customers }
}

/// What somebody who may is answered. A route that is not listed here has no business in the table.
fn answer(entry: Entry, signed_in: bool) -> u16 {
    match (entry.path, entry.method) {
        (pattern::SIGN_IN, Verb::Get) => {
            if signed_in {
                303
            } else {
                200
            }
        }
        (pattern::SIGN_OUT | pattern::PREFERENCES | pattern::PARTNER_ACCOUNT, Verb::Post)
        | (pattern::HOME | pattern::CUSTOMER | pattern::QUEUE | pattern::CONFIRM, Verb::Get) => 303,
        (
            pattern::HEALTHZ
            | pattern::READYZ
            | pattern::STATIC
            | pattern::CUSTOMERS
            | pattern::CUSTOMERS_CSV
            | pattern::CUSTOMERS_XLSX
            | pattern::NEW_CUSTOMER
            | pattern::NEW_CUSTOMER_DOMAIN
            | pattern::ACCOUNT
            | pattern::COMPANY
            | pattern::CONTACT
            | pattern::AGREEMENTS
            | pattern::UPDATE
            | pattern::SUBSCRIPTIONS
            | pattern::RENEWALS
            | pattern::ORDERS
            | pattern::NEW_ORDER
            | pattern::HISTORY
            | pattern::API_CLIENTS
            | pattern::API_REFERENCE
            | pattern::AUDIT
            | pattern::AUDIT_JSONL
            | pattern::DATES
            | pattern::STATUS
            | pattern::STATUS_CSV
            | pattern::STATUS_XLSX
            | pattern::STATUS_CHECK,
            Verb::Get,
        ) => 200,
        // There are users; nobody has a draft, subscription, order, confirmation or API client with these ids, and none of these customers was
        // created by hand.
        (
            pattern::SETUP
            | pattern::DRAFT_ACCOUNT
            | pattern::DRAFT_SUBSCRIPTIONS
            | pattern::DRAFT_REVIEW
            | pattern::QUANTITY,
            Verb::Get | Verb::Post,
        )
        | (
            pattern::DRAFT_DISCARD
            | pattern::ORDER_DRAFT_DISCARD
            | pattern::SUBSCRIPTION_STATUS
            | pattern::AUTO_RENEW
            | pattern::API_CLIENT_REVOKE
            | pattern::API_CLIENT_REFRESH_TOKEN,
            Verb::Post,
        )
        | (
            pattern::CREATED
            | pattern::CONFIRM_CSV
            | pattern::ORDER
            | pattern::RECORD
            | pattern::RECORD_PDF
            | pattern::RECORD_JSON,
            Verb::Get,
        ) => 404,
        // Forms without an entry or without a token.
        (
            pattern::NEW_CUSTOMER
            | pattern::NEW_ORDER
            | pattern::SIGN_IN
            | pattern::API_CLIENTS
            | pattern::STATUS_CHECK
            | pattern::STATUS_CHECK_CSV
            | pattern::COMPANY
            | pattern::CONTACT
            | pattern::AGREEMENTS
            | pattern::CONFIRM,
            Verb::Post,
        ) => 422,
        (path, method) => panic!("nothing is said here of {method:?} {path}"),
    }
}

/// The status that a visitor must get, from the guard of the route and the customer.
fn expected(entry: Entry, visitor: &Visitor, customer: &Customer) -> u16 {
    let allowed = answer(entry, visitor.role.is_some());
    let guarded = match (entry.access, visitor.role) {
        (Access::Anyone, _) => return allowed,
        (_, None) => return if entry.method == Verb::Get { 303 } else { 401 },
        (Access::SignedIn, Some((_, account))) => account,
        (Access::May(permission), Some((role, account))) => {
            if !role.may(permission) {
                return 403;
            }
            account
        }
    };
    // The address without a page leads on whoever's the customer is, so it tells nothing.
    let looks = entry.path.contains("{customer}") && entry.path != pattern::CUSTOMER;
    if looks && customer.account != Some(guarded) { 404 } else { allowed }
}

fn address(entry: Entry, customer: Uuid) -> String {
    match entry.path {
        pattern::STATIC => ASSETS.css.path.to_owned(),
        path => path
            .replace("{customer}", &customer.to_string())
            .replace("{draft}", &customer.to_string())
            .replace("{subscription}", &customer.to_string())
            .replace("{order}", &customer.to_string())
            .replace("{client}", &customer.to_string())
            .replace("{agreement}", &customer.to_string()),
    }
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
    }
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn ask(browser: &Browser, method: Method, path: &str, cookie: Option<&str>) -> Page {
    let mut headers = vec![FORM];
    headers.extend(cookie.map(|cookie| ("cookie", cookie)));
    let body = (method == Method::POST).then(|| b"company_name=Taken&first_name=Mallory".to_vec());
    browser.send(method, path, body, &headers).await
}

fn role_words(role: Role) -> &'static str {
    match role {
        Role::Manager => "Manager (read only)",
        Role::SalesAgent => "Sales agent",
        Role::AdminAgent => "Admin agent",
    }
}

fn assert_says_what_is_missing(page: &Page, permission: Permission, at: &str) {
    let main = page.main();
    for role in Role::with(permission) {
        assert!(main.contains(role_words(role)), "{at}: {} is not named in {main}", role_words(role));
    }
    let names = main.split("Ask ").nth(1).unwrap_or_else(|| panic!("{at}: nobody is named in {main}"));
    let known = ["Admin", "Alex", "Bo", "Chris", "Dana", "Sales"];
    let count = known.iter().filter(|name| names.contains(**name)).count();
    assert!((1..=3).contains(&count), "{at}: {count} people are named in {names}");
}

on_both_databases! {
    async fn every_route_answers_everybody_as_its_guard_and_the_customer_say(portal) {
        let fixture = fixture(portal).await;
        let browser = portal.browser();
        let (writes, mut denials) = (portal.writes().await, portal.events(Action::Denied).await);
        let mut asked = 0;
        for entry in routes().entries() {
            for visitor in &fixture.visitors {
                let mut not_found: Vec<Page> = Vec::new();
                for customer in &fixture.customers {
                    let path = address(entry, customer.id);
                    let at = format!("{} {path} ({}) as {}", method(entry.method), customer.name, visitor.name);
                    // Signing out would end the session for the rest.
                    let cookie = match &visitor.cookie {
                        Some(_) if entry.path == pattern::SIGN_OUT && visitor.role.is_some() => {
                            Some(portal.cookie_of(visitor.name).await)
                        }
                        cookie => cookie.clone(),
                    };
                    let page = ask(&browser, method(entry.method), &path, cookie.as_deref()).await;
                    let status = expected(entry, visitor, customer);
                    assert_eq!(page.status, status, "{at}: {}", page.body);
                    asked += 1;
                    let guarded = entry.access != Access::Anyone;
                    match (status, entry.access) {
                        (303, _) if guarded && visitor.role.is_none() => {
                            assert!(page.location().starts_with("/sign-in?next=%2F") || page.location().starts_with("/sign-in?next=/"), "{at}: {}", page.location());
                        }
                        (401, _) => assert_eq!(page.texts("main h1"), ["Sign in"], "{at}"),
                        (403, Access::May(permission)) => {
                            assert_says_what_is_missing(&page, permission, &at);
                            denials += 1;
                            assert_eq!(portal.events(Action::Denied).await, denials, "{at} is not in the log");
                        }
                        (404, _) if guarded => {
                            assert!(!page.body.contains("Geheim") && !page.body.contains("Contoso"), "{at}");
                            not_found.push(page);
                        }
                        _ => {}
                    }
                }
                for pair in not_found.windows(2) {
                    assert_eq!(pair[0].body, pair[1].body, "{} as {}", entry.path, visitor.name);
                }
            }
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
        assert!(asked >= 22 * 6 * 3, "only {asked} requests");
    }

    async fn a_customer_of_another_account_ends_as_not_found_also_where_its_address_leads_on(portal) {
        let fixture = fixture(portal).await;
        let sales = portal.signed_in("sales").await;
        for customer in &fixture.customers {
            let page = sales.get(&format!("/customers/{}", customer.id)).await;
            let page = sales.follow(page).await;
            assert_eq!(page.status, if customer.name == "own" { 200 } else { 404 }, "{}", customer.name);
        }
    }
}

on_sqlite! {
    async fn head_answers_like_get_without_a_body(portal) {
        let fixture = fixture(portal).await;
        let browser = portal.browser();
        for entry in routes().entries().filter(|entry| entry.method == Verb::Get) {
            for visitor in &fixture.visitors {
                let path = address(entry, fixture.customers[0].id);
                let get = ask(&browser, Method::GET, &path, visitor.cookie.as_deref()).await;
                let head = ask(&browser, Method::HEAD, &path, visitor.cookie.as_deref()).await;
                let at = format!("{path} as {}", visitor.name);
                assert_eq!(head.status, get.status, "{at}");
                assert_eq!(head.body, "", "{at}");
                for name in ["content-type", "location", "cache-control", "content-security-policy"] {
                    assert_eq!(head.header(name), get.header(name), "{name} of {at}");
                }
            }
        }
    }

    async fn a_method_that_an_address_does_not_have_is_refused_with_those_it_has(portal) {
        let fixture = fixture(portal).await;
        let browser = portal.browser();
        let entries: Vec<Entry> = routes().entries().collect();
        let writes = portal.writes().await;
        for entry in &entries {
            let verbs: Vec<Verb> = entries.iter().filter(|one| one.path == entry.path).map(|one| one.method).collect();
            let allow: Vec<&str> =
                verbs.iter().map(|verb| if *verb == Verb::Get { "GET, HEAD" } else { "POST" }).collect();
            let path = address(*entry, fixture.customers[0].id);
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"] {
                let declared = match method {
                    "GET" | "HEAD" => verbs.contains(&Verb::Get),
                    "POST" => verbs.contains(&Verb::Post),
                    _ => false,
                };
                if declared {
                    continue;
                }
                let method = Method::from_bytes(method.as_bytes()).expect("a method");
                for visitor in [&fixture.visitors[0], &fixture.visitors[1], &fixture.visitors[3]] {
                    let page = ask(&browser, method.clone(), &path, visitor.cookie.as_deref()).await;
                    let at = format!("{method} {path} as {}", visitor.name);
                    assert_eq!(page.status, 405, "{at}");
                    assert_eq!(page.header("allow"), allow.join(", "), "{at}");
                    if method != Method::HEAD {
                        assert_eq!(page.texts("main h1"), ["This page cannot do that"], "{at}");
                    }
                }
            }
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
    }

    async fn no_way_of_writing_an_address_reaches_a_page_that_the_role_lacks(portal) {
        let fixture = fixture(portal).await;
        let own = fixture.customers[0].id;
        let upper = own.to_string().to_uppercase();
        let tricks = [
            format!("/customers/{own}/account/company"),
            format!("/customers/{own}/account/company/"),
            format!("/customers/{own}/account/company//"),
            format!("/customers/{own}/account//company"),
            format!("//customers/{own}/account/company"),
            format!("/customers//{own}/account/company"),
            format!("/customers/{own}/history/../account/company"),
            format!("/customers/{own}/history/%2e%2e/account/company"),
            format!("/customers/{own}/history/%2E%2E/account/company"),
            format!("/customers/{own}/account/./company"),
            format!("/customers/{own}/account/%2e/company"),
            format!("/customers/{own}/account%2Fcompany"),
            format!("/customers/{own}/account%2fcompany"),
            format!("/customers/{own}/account%252fcompany"),
            format!("/customers/{own}/account%5ccompany"),
            format!("/customers/{own}/account\\company"),
            format!("/customers/{own}/account/Company"),
            format!("/CUSTOMERS/{own}/account/company"),
            format!("/customers/{upper}/account/company"),
            format!("/customers/{own}/account/c%6fmpany"),
            format!("/%63ustomers/{own}/account/company"),
            format!("/customers/{own}/account/company;x=1"),
            format!("/customers;x=1/{own}/account/company"),
            format!("/customers/{own}/account/company%00"),
            format!("/customers/{own}/account/company%20"),
            format!("/customers/{own}/account/company.html"),
            format!("/customers/{own}/account/company?x=/healthz"),
            format!("/healthz/../customers/{own}/account/company"),
            format!("/healthz/%2e%2e/customers/{own}/account/company"),
            format!("/healthz?/../customers/{own}/account/company"),
            format!("/static/x/../../customers/{own}/account/company"),
            format!("/static/x/..%2f..%2fcustomers%2f{own}%2faccount%2fcompany"),
            format!("/customers/{own}/agreements/new"),
            format!("/customers/{own}/agreements/new/"),
            format!("/customers/{own}/agreements/NEW"),
            format!("/customers/{own}/agreements%2fnew"),
            format!("/customers/{own}/history/%2e%2e/agreements/new"),
            format!("http://countersign.test/customers/{own}/account/company"),
            format!("http://hostile.example/customers/{own}/agreements/new"),
        ];
        let manager = fixture.visitors[1].cookie.clone().expect("a session");
        let overrides: [&[(&str, &str)]; 6] = [
            &[],
            &[("x-http-method-override", "GET")],
            &[("x-http-method-override", "POST"), ("x-method-override", "POST"), ("x-http-method", "POST")],
            &[("x-original-url", "/healthz"), ("x-rewrite-url", "/healthz")],
            &[("x-forwarded-host", "hostile.example"), ("x-forwarded-proto", "https"), ("forwarded", "host=hostile.example")],
            &[("x-forwarded-for", "127.0.0.1"), ("x-real-ip", "127.0.0.1"), ("x-forwarded-user", "admin@test.example")],
        ];
        for path in &tricks {
            for more in overrides {
                let mut headers = more.to_vec();
                let page = raw::get(&portal.url, path, &headers).await;
                let at = format!("{path} with {more:?}");
                let is_health = path.starts_with("/healthz?");
                if !is_health {
                    assert!([303, 400, 404].contains(&page.status), "{at} as nobody: {}", page.status);
                }
                assert!(page.status != 303 || page.location().starts_with("/sign-in?next="), "{at}: {}", page.location());
                headers.push(("cookie", &manager));
                let page = raw::get(&portal.url, path, &headers).await;
                if !is_health {
                    assert!([400, 403, 404].contains(&page.status), "{at} as manager: {}", page.status);
                }
                assert!(!page.body.contains("name=\"submission\""), "{at} as manager reaches the form");
            }
        }
    }

    async fn a_header_or_field_that_names_another_method_changes_nothing(portal) {
        let fixture = fixture(portal).await;
        let own = fixture.customers[0].id;
        let writes = portal.writes().await;
        let manager = fixture.visitors[1].cookie.as_deref().expect("a session");
        let sales = fixture.visitors[2].cookie.as_deref().expect("a session");
        let browser = portal.browser();
        for header in ["x-http-method-override", "x-method-override", "x-http-method"] {
            let path = format!("/customers/{own}/agreements");
            let headers = [FORM, ("cookie", manager), (header, "GET")];
            let page = browser.send(Method::POST, &path, Some(b"_method=GET".to_vec()), &headers).await;
            assert_eq!(page.status, 403, "{header}: a manager's POST stays one");
            let page = browser.send(Method::GET, &path, None, &[("cookie", sales), (header, "POST")]).await;
            assert_eq!(page.status, 200, "{header}: a GET stays one");
            let page = browser.send(Method::GET, "/sign-out", None, &[("cookie", sales), (header, "POST")]).await;
            assert_eq!(page.status, 405, "{header}: nobody is signed out by a link");
        }
        assert_eq!(portal.writes().await, writes, "nothing was written");
    }
}
