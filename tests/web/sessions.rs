//! Signing in and out, and how long and for whom a session holds.

use chrono::TimeDelta;
use countersign::{
    actions::{manage_users, sign_in::hash_password},
    domain::{actor::Principal, audit::Action, partner_account::PartnerAccount, role::Role},
};
use reqwest::{Method, Url};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Portal,
        browser::{Form, Page, encode},
        portal::{PASSWORD, account, email},
    },
};

async fn guess(browser: &Browser, name: &str, password: &str) -> Page {
    browser.post("/sign-in", &[("email", &email(name)), ("password", password)]).await
}

/// What a session, told by its cookie, is answered on a page for signed-in users.
async fn page_of(portal: &Portal, cookie: &str) -> Page {
    portal.browser().send(Method::GET, "/customers", None, &[("cookie", cookie)]).await
}

/// Asserts that a session holds no longer: its pages lead to the sign-in page.
async fn assert_over(portal: &Portal, cookie: &str) {
    let page = page_of(portal, cookie).await;
    assert_eq!(page.status, 303);
    assert!(page.location().starts_with("/sign-in?next=/customers"), "{}", page.location());
}

/// The Update form of a customer, filled in with Anna.
async fn anna(browser: &Browser, customer: Uuid) -> Form {
    browser
        .form(&format!("/customers/{customer}/agreements/new"))
        .await
        .with("first_name", "Anna <b>")
        .with("last_name", "de \"Vries\"")
        .with("email", "anna@contoso.example")
        .with("date_agreed", "12-3-2026")
}

/// Adds a second partner account.
async fn second_account(portal: &Portal) -> PartnerAccount {
    let second = account("Zuiderzon");
    portal.add_account(&second).await;
    second
}

/// The sign-in form of a page with everything on it, filled in for `name`.
fn sign_in_form(page: &Page, name: &str, password: &str) -> Form {
    page.form().with("email", &email(name)).with("password", password)
}

/// Paths that some browser takes for another host's address, or that are no paths at all.
const ELSEWHERE: &[&str] = &[
    "https://hostile.example",
    "http://hostile.example",
    "HTTPS://HOSTILE.EXAMPLE",
    "//hostile.example",
    "///hostile.example",
    "////hostile.example",
    "//hostile.example/customers",
    "//hostile.example:443/",
    "//user@hostile.example",
    "//hostile%E3%80%82example",
    "//[::1]/",
    "/\\hostile.example",
    "/\\/hostile.example",
    "\\/hostile.example",
    "\\\\hostile.example",
    "\\hostile.example",
    "/\\\\hostile.example",
    "//\\hostile.example",
    "\\/\\/hostile.example",
    "/\t/hostile.example",
    "/\n/hostile.example",
    "/\r/hostile.example",
    "/\r\n/hostile.example",
    "\t//hostile.example",
    "\n//hostile.example",
    " //hostile.example",
    "  https://hostile.example",
    "\u{a0}//hostile.example",
    "\u{0}//hostile.example",
    "/\u{0}/hostile.example",
    "\u{1}https://hostile.example",
    "\u{feff}//hostile.example",
    "/\u{200b}/hostile.example",
    "h\ttps://hostile.example",
    "ht\ntps://hostile.example",
    "https:hostile.example",
    "https:/hostile.example",
    "https:\\\\hostile.example",
    "https:///hostile.example",
    "http:hostile.example",
    "https://countersign.test@hostile.example/",
    "https://countersign.test.hostile.example/",
    "https://hostile.example/countersign.test",
    "https://hostile.example?countersign.test",
    "https://hostile.example#countersign.test",
    "https://hostile.example\\@countersign.test",
    "https://0x7f000001/",
    "https://2130706433/",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "javascript://countersign.test/%0aalert(1)",
    "data:text/html,hostile",
    "vbscript:hostile",
    "file:///etc/passwd",
    "ftp://hostile.example/",
    "blob:https://hostile.example/1",
    "about:blank",
    "mailto:eve@hostile.example",
    "\u{2215}\u{2215}hostile.example",
    "\u{ff0f}\u{ff0f}hostile.example",
    "/\u{ff0f}hostile.example",
    "hostile.example",
    "www.hostile.example/",
    "customers",
    "../customers",
    "?next=//hostile.example",
    "#//hostile.example",
    "/customers\r\nLocation: https://hostile.example",
    "/customers\r\nSet-Cookie: countersign=mine",
    "/customers\r\n\r\n<script>alert(1)</script>",
    "/customers\u{2028}x",
    "/caf\u{e9}",
    "",
    " ",
];

/// Local paths, some of them odd; none of them leads away.
const LOCAL: &[&str] = &[
    "/",
    "/customers",
    "/customers?q=a%20b&sort=-name",
    "/%09/hostile.example",
    "/%2f/hostile.example",
    "/%5chostile.example",
    "/.//hostile.example",
    "/..//hostile.example",
    "/@hostile.example",
    "/:80/",
    "/;//hostile.example",
    "/?next=https://hostile.example",
    "/#//hostile.example",
    "/a//b",
    "/javascript:alert(1)",
];

/// Asserts that a redirect stays here.
fn assert_stays(page: &Page, payload: &str) {
    assert_eq!(page.status, 303, "{payload:?}: {}", page.body);
    let location = page.location();
    assert!(location.starts_with('/'), "{payload:?} leads to {location}");
    let base = Url::parse("https://countersign.test/sign-in").expect("an address");
    let led = base.join(&location).expect("an address");
    assert_eq!(led.origin(), base.origin(), "{payload:?} leads to {led}");
    assert!(page.headers.get("set-cookie").is_none_or(|cookie| !cookie.to_str().unwrap_or_default().contains("mine")));
}

on_both_databases! {
    async fn an_unknown_a_disabled_and_a_wrong_one_get_the_same_answer(portal) {
        for name in ["gone5", "wrong"] {
            portal.add_user(name, Role::SalesAgent, std::slice::from_ref(&portal.account)).await;
        }
        manage_users::set_disabled(&portal.db, Principal::command_line(), &email("gone5"), true).await.expect("a disabled user");
        let mut answers = Vec::new();
        for (name, password) in [("wrong", "niet mijn wachtwoord"), ("nobod", PASSWORD), ("gone5", PASSWORD), ("nobod", "x")] {
            let page = guess(&portal.browser(), name, password).await;
            assert_eq!(page.errors(), ["Email address or password is not correct"], "{name}");
            assert!(page.set_cookies().is_empty(), "{name}: {:?}", page.set_cookies());
            let mut headers: Vec<(String, String)> = page
                .headers
                .iter()
                .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
                .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
                .collect();
            headers.sort_unstable();
            answers.push((page.status, headers, page.body.replace(&email(name), "name@test.example")));
        }
        for answer in &answers[1..] {
            assert_eq!(answer, &answers[0]);
        }
        assert_eq!(answers[0].0, 422);
        assert_eq!(portal.events(Action::SignInFailed).await, 4, "each is in the log");
    }
}

on_sqlite! {
    async fn empty_boxes_are_not_judged(portal) {
        let browser = portal.browser();
        for (fields, wrong) in [
            (&[("email", ""), ("password", "")][..], &["email", "password"][..]),
            (&[("email", "  "), ("password", "x")], &["email"]),
            (&[("email", "sales@test.example")], &["password"]),
            (&[], &["email", "password"]),
        ] {
            let page = browser.post("/sign-in", fields).await;
            assert_eq!((page.status, page.wrong_fields()), (422, wrong.iter().map(ToString::to_string).collect()));
            assert_eq!(page.value("password"), "", "a password never comes back");
        }
        assert_eq!(portal.events(Action::SignInFailed).await, 0);
    }
}

on_both_databases! {
    async fn the_session_is_a_new_one_at_every_sign_in(portal) {
        let planted = portal.cookie_of("manager").await;
        for before in [planted.as_str(), "countersign=planted", "countersign="] {
            let fields = encode(&[("email", &email("sales")), ("password", PASSWORD)]).into_bytes();
            let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", before)];
            let page = portal.browser().send(Method::POST, "/sign-in", Some(fields), &headers).await;
            let after = page.session_cookie();
            assert_ne!(after, before);
            assert!(page_of(portal, &after).await.body.contains("Sales agent"));
            assert_over(portal, before).await;
        }
        let page = guess(&portal.browser(), "sales", "wrong").await;
        assert!(page.set_cookies().is_empty(), "a failure starts nothing");
    }

    async fn the_database_holds_no_key_that_opens_a_session(portal) {
        let cookie = portal.cookie_of("sales").await;
        let key = &cookie[cookie.len() - 43..];
        let mut conn = portal.db.read().await.expect("a reader");
        let rows: Vec<(Vec<u8>, String)> = crate::support::sql(&mut conn, "SELECT key_hash, state FROM sessions").all().await.expect("rows");
        drop(conn);
        let [(hash, state)] = &rows[..] else { panic!("one session, not {}", rows.len()) };
        assert_eq!(hash.as_slice(), Sha256::digest(key.as_bytes()).as_slice(), "only the hash of the key is there");
        assert!(!state.contains(key), "{state}");
        let hex = hash.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        let signature = &cookie["countersign=".len()..cookie.len() - 43];
        for forged in [key, &hex, &format!("{signature}{hex}"), &format!("{}{key}", "A".repeat(44)), &cookie[13..]] {
            assert_over(portal, &format!("countersign={forged}")).await;
        }
        assert_eq!(page_of(portal, &cookie).await.status, 200, "the cookie itself holds");
    }

    async fn half_an_hour_without_a_request_ends_a_session(portal) {
        let cookie = portal.cookie_of("sales").await;
        for _ in 0..3 {
            portal.clock.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
            assert_eq!(page_of(portal, &cookie).await.status, 200, "29:59");
        }
        portal.clock.advance(TimeDelta::minutes(30));
        assert_over(portal, &cookie).await;
        let page = page_of(portal, &cookie).await;
        let page = portal.browser().get(&page.location()).await;
        assert_eq!(page.texts("[role=status]"), ["You were signed out because you were away for 30 minutes."]);
        let headers = [("accept-language", "nl")];
        let page = portal.browser().send(Method::GET, "/sign-in?next=/&ended=idle", None, &headers).await;
        assert_eq!(page.texts("[role=status]"), ["U bent afgemeld omdat u 30 minuten weg was."]);
        portal.clock.advance(TimeDelta::minutes(-30));
        portal.clock.advance(TimeDelta::minutes(31));
        assert_over(portal, &cookie).await;
    }

    async fn twelve_hours_end_a_session_however_busy(portal) {
        let cookie = portal.cookie_of("sales").await;
        for _ in 0..24 {
            portal.clock.advance(TimeDelta::minutes(30) - TimeDelta::seconds(1));
            assert_eq!(page_of(portal, &cookie).await.status, 200);
        }
        portal.clock.advance(TimeDelta::seconds(23));
        assert_eq!(page_of(portal, &cookie).await.status, 200, "11:59:59");
        portal.clock.advance(TimeDelta::seconds(1));
        assert_over(portal, &cookie).await;
        let page = page_of(portal, &cookie).await;
        let page = portal.browser().get(&page.location()).await;
        assert_eq!(page.texts("[role=status]"), ["You were signed out because you had been signed in for 12 hours."]);
    }

    async fn signing_out_ends_the_session_on_the_server(portal) {
        let (cookie, other) = (portal.cookie_of("sales").await, portal.cookie_of("sales").await);
        let page = portal.browser().send(Method::POST, "/sign-out", None, &[("cookie", &cookie)]).await;
        assert_eq!((page.status, page.location().as_str()), (303, "/sign-in"));
        assert_eq!(page.header("clear-site-data"), "\"cache\", \"storage\"");
        assert!(page.set_cookies().iter().any(|cookie| cookie.starts_with("countersign=;") && cookie.contains("Max-Age=0")), "{:?}", page.set_cookies());
        assert_over(portal, &cookie).await;
        assert_eq!(page_of(portal, &other).await.status, 200, "another session of the same user goes on");
        let page = portal.browser().send(Method::POST, "/sign-out", None, &[("cookie", &cookie)]).await;
        assert_eq!(page.status, 303, "twice is fine");
        assert_eq!(portal.browser().post("/sign-out", &[]).await.status, 303, "without a session too");
    }

    async fn disabling_a_user_ends_every_session_at_once(portal) {
        let (one, two) = (portal.cookie_of("sales").await, portal.cookie_of("sales").await);
        let disable = async |disabled| {
            manage_users::set_disabled(&portal.db, Principal::command_line(), &email("sales"), disabled).await.expect("a change");
        };
        disable(true).await;
        assert_over(portal, &one).await;
        assert_over(portal, &two).await;
        assert_eq!(guess(&portal.browser(), "sales", PASSWORD).await.status, 422);
        disable(false).await;
        assert_over(portal, &one).await;
        assert_eq!(page_of(portal, &portal.cookie_of("sales").await).await.status, 200, "enabled again, signed in anew");
    }

    async fn a_new_password_ends_every_session_at_once(portal) {
        let (sales, admin) = (portal.cookie_of("sales").await, portal.cookie_of("admin").await);
        let hash = hash_password("een ander lang wachtwoord".into()).await.expect("a hash");
        manage_users::set_password(&portal.db, Principal::command_line(), &email("sales"), &hash).await.expect("a change");
        assert_over(portal, &sales).await;
        assert_eq!(page_of(portal, &admin).await.status, 200);
        assert_eq!(guess(&portal.browser(), "sales", PASSWORD).await.status, 422);
        assert_eq!(guess(&portal.browser(), "sales", "een ander lang wachtwoord").await.status, 303);
    }

    async fn another_role_holds_from_the_next_request(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer).await;
        let role = async |role| {
            manage_users::set_role(&portal.db, Principal::command_line(), &email("sales"), &portal.account, role).await.expect("a role");
        };
        role(Role::Manager).await;
        assert_eq!(sales.submit(&form).await.status, 403);
        assert_eq!(sales.get(&format!("/customers/{customer}/agreements/new")).await.status, 403);
        let page = sales.get(&format!("/customers/{customer}/account")).await;
        assert!(page.body.contains("Manager (read only)") && !page.body.contains("/agreements/new"), "{}", page.body);
        role(Role::SalesAgent).await;
        assert_eq!(sales.submit(&form).await.status, 303);
    }

    async fn after_five_failures_of_one_account_guesses_are_refused_for_a_while(portal) {
        let open = portal.cookie_of("sales").await;
        let browser = portal.browser();
        for number in 1..=5 {
            assert_eq!(guess(&browser, "sales", "wrong").await.status, 422, "guess {number}");
            portal.clock.advance(TimeDelta::minutes(1));
        }
        for (password, name) in [("wrong", "sales"), (PASSWORD, "sales"), (PASSWORD, "SALES")] {
            let page = guess(&browser, name, password).await;
            assert_eq!(page.status, 429, "{name} {password}");
            assert_eq!(page.header("retry-after"), "600");
            assert_eq!(page.errors(), ["Too many attempts. Try again in 10 minutes"]);
            assert!(page.set_cookies().is_empty());
        }
        assert_eq!(portal.events(Action::SignInFailed).await, 5, "what is refused is not judged");
        assert_eq!(page_of(portal, &open).await.status, 200, "an open session is untouched");
        assert_eq!(guess(&browser, "admin", PASSWORD).await.status, 303, "other users sign in");

        // What is refused does not prolong the wait.
        portal.clock.advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
        let page = guess(&browser, "sales", PASSWORD).await;
        assert_eq!((page.status, page.header("retry-after")), (429, "1"));
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(guess(&browser, "sales", PASSWORD).await.status, 303);
        for _ in 0..5 {
            assert_eq!(guess(&browser, "sales", "wrong").await.status, 422, "a success begins the count anew");
        }
        assert_eq!(guess(&browser, "sales", PASSWORD).await.status, 429);
    }

    async fn after_twenty_failures_from_one_address_guesses_are_refused_for_a_while(portal) {
        let open = portal.cookie_of("sales").await;
        let browser = portal.browser();
        let guess_from = async |name: &str, password: &str, address: &str| {
            let body = encode(&[("email", &email(name)), ("password", password)]).into_bytes();
            let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-forwarded-for", address)];
            browser.send(Method::POST, "/sign-in", Some(body), &headers).await
        };
        for number in 0..20 {
            // No proxy is trusted, so what the header says changes nothing.
            let page = guess_from(&format!("nobody{number}"), "wrong", &format!("203.0.113.{number}")).await;
            assert_eq!(page.status, 422, "guess {number}");
        }
        let page = guess_from("sales", PASSWORD, "203.0.113.99").await;
        assert_eq!((page.status, page.header("retry-after")), (429, "900"));
        assert_eq!(page.errors(), ["Too many attempts. Try again in 15 minutes"]);
        assert_eq!(portal.events(Action::SignInFailed).await, 20);
        assert_eq!(page_of(portal, &open).await.status, 200, "an open session is untouched");
        portal.clock.advance(TimeDelta::minutes(15));
        assert_eq!(guess_from("sales", PASSWORD, "203.0.113.99").await.status, 303);
    }

    async fn of_fifty_guesses_at_once_no_more_than_five_are_judged(portal) {
        let browser = portal.browser();
        let guesses = (0..50).map(|number| {
            let browser = &browser;
            async move { guess(browser, "sales", &format!("guess number {number}")).await.status }
        });
        let statuses = futures_util::future::join_all(guesses).await;
        let judged = statuses.iter().filter(|status| **status == 422).count();
        assert!((1..=5).contains(&judged), "{judged} of {statuses:?}");
        assert!(statuses.iter().all(|status| [422, 429].contains(status)), "{statuses:?}");
        assert_eq!(portal.events(Action::SignInFailed).await, i64::try_from(judged).expect("a small number"));
        portal.clock.advance(TimeDelta::minutes(15));
        assert_eq!(guess(&browser, "sales", PASSWORD).await.status, 303, "after a while it works again");
    }
}

on_sqlite! {
    async fn after_signing_in_the_way_leads_on_within_the_portal_and_nowhere_else(portal) {
        assert!(ELSEWHERE.len() >= 60, "only {} payloads", ELSEWHERE.len());
        for payload in ELSEWHERE.iter().chain(LOCAL) {
            let browser = portal.browser();
            let path = format!("/sign-in?{}", encode(&[("next", payload)]));
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{payload:?}");
            let wanted = if LOCAL.contains(payload) { payload } else { "/" };
            assert_eq!(page.value("next"), wanted);
            let form = sign_in_form(&page, "sales", PASSWORD).with("next", payload);
            let page = browser.submit(&form).await;
            assert_stays(&page, payload);
            assert_eq!(page.location(), wanted);
            let page = browser.get(&path).await;
            assert_stays(&page, payload);
        }
    }

    async fn choosing_language_or_account_leads_back_within_the_portal_and_nowhere_else(portal) {
        let sales = portal.signed_in("sales").await;
        let account = portal.account.id.to_string();
        for payload in ELSEWHERE.iter().chain(LOCAL) {
            for browser in [&portal.browser(), &sales] {
                let page = browser.post("/preferences", &[("language", "en"), ("return_to", payload)]).await;
                assert_stays(&page, payload);
            }
            let page = sales.post("/partner-account", &[("partner_account", &account), ("return_to", payload)]).await;
            assert_stays(&page, payload);
        }
        for page in [sales.post("/preferences", &[]).await, sales.post("/partner-account", &[]).await] {
            assert_eq!((page.status, page.location().as_str()), (303, "/"));
        }
    }

    async fn a_stranger_reads_the_language_of_the_browser_or_the_one_chosen(portal) {
        let page_in = async |headers: &[(&str, &str)]| {
            portal.browser().send(Method::GET, "/sign-in", None, headers).await.attributes("html", "lang").remove(0)
        };
        for (accept, language) in [
            ("nl", "nl"),
            ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
            ("NL", "nl"),
            ("en-GB,nl;q=0.5", "en"),
            ("en;q=0.1, nl;q=0.9", "nl"),
            ("de-DE, fr;q=0.9, nl;q=0.1", "nl"),
            ("de", "en"),
            ("nl;q=0", "en"),
            ("nl;q=0, en;q=0.1", "en"),
            ("*", "en"),
            ("", "en"),
            ("nl;q=x;;;,,,", "nl"),
            ("nonsense;q=NaN, -;q=-1", "en"),
        ] {
            assert_eq!(page_in(&[("accept-language", accept)]).await, language, "{accept}");
        }
        let choice = [("cookie", "countersign-language=nl"), ("accept-language", "en")];
        assert_eq!(page_in(&choice).await, "nl", "the choice goes before the browser's");
        assert_eq!(page_in(&[("cookie", "countersign-language=tlh"), ("accept-language", "nl")]).await, "nl");

        let browser = portal.browser();
        let page = browser.post("/preferences", &[("language", "nl"), ("return_to", "/sign-in")]).await;
        assert!(page.set_cookies()[0].contains("Max-Age=31536000"), "{:?}", page.set_cookies());
        assert_eq!(browser.follow(page).await.texts("main h1"), ["Aanmelden"]);
        for other in ["tlh", "", "nl'--"] {
            let page = browser.post("/preferences", &[("language", other)]).await;
            assert!(page.set_cookies().is_empty(), "{other}");
        }
        assert_eq!(browser.get("/sign-in").await.attributes("html", "lang"), ["nl"], "what is unknown changes nothing");
    }
}

on_both_databases! {
    async fn a_users_language_follows_them_to_every_browser(portal) {
        let sales = portal.signed_in("sales").await;
        let page = sales.post("/preferences", &[("language", "nl"), ("return_to", "/customers")]).await;
        assert_eq!(sales.follow(page).await.attributes("html", "lang"), ["nl"]);
        let elsewhere = portal.signed_in("sales").await;
        let headers = [("accept-language", "en")];
        let page = elsewhere.send(Method::GET, "/customers", None, &headers).await;
        assert_eq!(page.attributes("html", "lang"), ["nl"]);
        let admin = portal.signed_in("admin").await;
        assert_eq!(admin.get("/customers").await.attributes("html", "lang"), ["en"], "nobody else's");
    }

    async fn a_user_switches_between_their_own_accounts_only(portal) {
        let second = second_account(portal).await;
        let third = account("Westenwind");
        portal.add_account(&third).await;
        portal.add_user("both", Role::SalesAgent, &[portal.account.clone(), second.clone()]).await;
        manage_users::set_role(&portal.db, Principal::command_line(), &email("both"), &second, Role::Manager).await.expect("a role");
        let here = portal.add_customer("Contoso B.V.").await;
        let there = portal.add_customer_to(&second, "Fabrikam", None).await;
        let both = portal.signed_in("both").await;
        let at_home = async |browser: &Browser| {
            assert!(browser.get("/customers").await.texts(".acct").join(" ").contains("Noordster"));
            assert_eq!(browser.get(&format!("/customers/{here}/account")).await.status, 200);
            assert_eq!(browser.get(&format!("/customers/{there}/account")).await.status, 404);
        };
        at_home(&both).await;
        let form = anna(&both, here).await;
        for other in [third.id.to_string(), Uuid::nil().to_string(), "x".into(), String::new(), "Zuiderzon".into()] {
            assert_eq!(both.post("/partner-account", &[("partner_account", &other)]).await.status, 303);
            at_home(&both).await;
        }

        let back = format!("/customers/{here}/account");
        let page = both.post("/partner-account", &[("partner_account", &second.id.to_string()), ("return_to", &back)]).await;
        assert_eq!(page.location(), "/customers", "a customer's page is not in the other account");
        let page = both.follow(page).await;
        assert!(page.texts("summary").join(" ").contains("Zuiderzon"), "{}", page.body);
        assert!(page.main().contains("Fabrikam") && !page.main().contains("Contoso"), "{}", page.main());
        assert_eq!(both.get(&format!("/customers/{here}/account")).await.status, 404);
        assert_eq!(both.get(&format!("/customers/{there}/account")).await.status, 200);
        assert_eq!(both.get(&format!("/customers/{there}/agreements/new")).await.status, 403, "the role of that account");
        let page = both.submit(&form).await;
        assert_eq!(page.status, 403, "the role of that account");
        assert_eq!(page.texts("main h1"), ["This form was opened for Noordster, you are in Zuiderzon now"]);

        manage_users::set_role(&portal.db, Principal::command_line(), &email("both"), &second, Role::AdminAgent).await.expect("a role");
        assert_eq!(both.submit(&form).await.status, 404, "a form of the first account has no customer here");
        let elsewhere = portal.signed_in("both").await;
        at_home(&elsewhere).await;
    }

    async fn a_form_sent_after_its_session_ended_comes_back_filled_and_not_saved(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let update = anna(&sales, customer).await;
        let company = sales.form(&format!("/customers/{customer}/account/company")).await.with("city", "'s-Gravenhage");
        let contact = sales.form(&format!("/customers/{customer}/account/contact")).await.with("contact_first_name", "<i>Noor");
        for (form, page_of_form, field) in [
            (update, format!("/customers/{customer}/agreements/new"), "first_name"),
            (company, format!("/customers/{customer}/account/company"), "city"),
            (contact, format!("/customers/{customer}/account/contact"), "contact_first_name"),
        ] {
            let sales = portal.signed_in("sales").await;
            let writes = portal.writes().await;
            portal.clock.advance(TimeDelta::minutes(30));
            let page = sales.submit(&form.clone().with("password", "geheim")).await;
            assert_eq!(page.status, 401, "{}", form.action);
            assert_eq!(page.texts("main h1"), ["Sign in"]);
            assert_eq!(
                page.texts("[role=status]"),
                ["You were signed out because you were away for 30 minutes. What you typed is kept: after signing in the \
                  form comes back filled in, not yet saved."]
            );
            for (name, value) in form.fields.iter().filter(|(name, _)| name != "password") {
                assert_eq!(&page.value(&format!("kept.{name}")), value, "{name}");
            }
            assert!(!page.body.contains("geheim"), "a password is never kept");

            let page = sales.submit(&sign_in_form(&page, "sales", "wrong")).await;
            assert_eq!((page.status, page.value(&format!("kept.{field}"))), (422, form.get(field)), "a failure keeps it too");
            let page = sales.submit(&sign_in_form(&page, "sales", PASSWORD)).await;
            assert_eq!(page.status, 303);
            assert!(page.location().starts_with(&format!("{page_of_form}?kept=")), "{}", page.location());
            let page = sales.follow(page).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.value(field), form.get(field));
            assert_eq!(portal.writes().await, writes, "nothing is saved yet");
            let stored = sales.get(&format!("{page_of_form}?kept=nonsense")).await;
            assert_ne!(stored.value(field), form.get(field), "only the address that names them shows the entries");
            let page = sales.submit(&page.form()).await;
            assert_eq!(page.status, 303, "{:?}", page.errors());
            assert_eq!(portal.writes().await, writes + 1);
        }
    }

    async fn a_form_sent_without_any_session_is_kept_as_well(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let form = anna(&portal.signed_in("sales").await, customer).await;
        let browser = portal.browser();
        let page = browser.submit(&form).await;
        assert_eq!(page.status, 401);
        assert_eq!(page.value("kept.first_name"), "Anna <b>");
        let page = browser.submit(&sign_in_form(&page, "admin", PASSWORD)).await;
        let page = browser.follow(page).await;
        assert_eq!(page.value("last_name"), "de \"Vries\"");
        assert_eq!(browser.submit(&page.form()).await.status, 303, "with a token of its own");
    }

    async fn whoever_signs_in_to_a_kept_form_needs_the_right_to_it(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let form = anna(&portal.signed_in("sales").await, customer).await;
        let writes = portal.writes().await;
        let browser = portal.browser();
        let page = browser.submit(&form).await;
        let page = browser.submit(&sign_in_form(&page, "manager", PASSWORD)).await;
        let kept = page.location();
        let page = browser.follow(page).await;
        assert_eq!(page.status, 403);
        assert!(!page.body.contains("de &#34;Vries"), "{}", page.body);
        assert_eq!(portal.writes().await, writes);
        let page = portal.signed_in("sales").await.get(&kept).await;
        assert_eq!((page.status, page.value("first_name")), (200, String::new()), "kept entries are one session's");
    }
}

on_sqlite! {
    async fn a_form_of_more_than_64_kilobytes_is_not_kept(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let form = anna(&portal.signed_in("sales").await, customer).await;
        let browser = portal.browser();
        for (length, kept) in [(60 * 1024, true), (64 * 1024, false), (250 * 1024, false)] {
            let page = browser.submit(&form.clone().with("last_name", &"x".repeat(length))).await;
            assert_eq!(page.status, 401, "{length} bytes");
            assert_eq!(page.value("kept.first_name") == "Anna <b>", kept, "{length} bytes");
            assert_eq!(page.texts("[role=status]").is_empty(), !kept, "{length} bytes");
            assert_eq!(page.value("next"), format!("/customers/{customer}/agreements/new"));
        }
        let page = browser.submit(&form.with("last_name", &"x".repeat(300 * 1024))).await;
        assert_eq!(page.status, 413, "more than any form may have");
        let page = browser.post("/partner-account", &[("partner_account", "x")]).await;
        assert_eq!((page.status, page.value("kept.partner_account")), (401, String::new()), "a choice is not worth keeping");
    }
}
