//! The first set-up, by the one-time link from the log.

use chrono::TimeDelta;
use countersign::{app, domain::audit::Action};

use crate::support::{Browser, Database, Portal, browser::Form, portal::PASSWORD};

/// A portal in which there is nothing yet.
async fn empty_portal(kind: Database) -> Portal {
    Portal::start_empty(kind, None, false).await
}

/// A fresh link, without the portal's base address.
async fn link(portal: &Portal) -> String {
    let link = app::setup_link(&portal.db, &portal.url).await.expect("a database").expect("a link");
    link.strip_prefix(&portal.url).expect("the portal's own address").to_owned()
}

/// The form behind a link, filled in.
async fn filled(browser: &Browser, link: &str) -> Form {
    browser
        .form(link)
        .await
        .with("partner_account_name", " Noordster   Cloud ")
        .with("partner_type", "indirect_provider")
        .with("country", "NL")
        .with("time_zone", "Europe/Amsterdam")
        .with("name", "Re\u{301}my van 't Hoff")
        .with("email", "remy@noordster.example")
        .with("password", PASSWORD)
}

#[tokio::test]
async fn the_link_makes_the_first_account_and_its_admin_agent_once_on_sqlite() {
    first_account(Database::Sqlite).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn the_link_makes_the_first_account_and_its_admin_agent_once_on_postgres() {
    first_account(Database::Postgres).await;
}

async fn first_account(kind: Database) {
    let portal = empty_portal(kind).await;
    let browser = portal.browser();
    let page = browser.get("/customers").await;
    assert_eq!(page.location(), "/sign-in?next=/customers");
    let link = link(&portal).await;
    let form = filled(&browser, &link).await;
    let page = browser.submit(&form).await;
    assert_eq!((page.status, page.location().as_str()), (303, "/"), "{:?}", page.errors());
    let page = browser.follow(page).await;
    assert_eq!(page.status, 200, "signed in at once");
    for part in ["Noordster Cloud", "R\u{e9}my van 't Hoff", "Admin agent", "Times in Europe/Amsterdam"] {
        assert!(page.texts("body").join(" ").contains(part), "{part} is missing in {}", page.body);
    }
    assert_eq!(portal.events(Action::PartnerAccountCreated).await, 1);
    assert_eq!(portal.events(Action::UserCreated).await, 1);

    let stranger = portal.browser();
    assert_eq!(stranger.get(&link).await.status, 404, "the link is used up");
    assert_eq!(stranger.post(&link, &form.pairs()).await.status, 404, "the link is used up");
    assert_eq!(app::setup_link(&portal.db, &portal.url).await.expect("a database"), None, "no more links");
    let fields = [("email", "Remy@Noordster.example"), ("password", PASSWORD)];
    assert_eq!(stranger.post("/sign-in", &fields).await.status, 303, "the password is the one typed");
    portal.stop().await;
}

#[tokio::test]
async fn of_two_who_use_the_link_at_once_one_is_set_up_on_sqlite() {
    two_at_once(Database::Sqlite).await;
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn of_two_who_use_the_link_at_once_one_is_set_up_on_postgres() {
    two_at_once(Database::Postgres).await;
}

async fn two_at_once(kind: Database) {
    let portal = empty_portal(kind).await;
    let (one, two) = (portal.browser(), portal.browser());
    let link = link(&portal).await;
    let form = filled(&one, &link).await;
    let other = form.clone().with("email", "eve@noordster.example").with("partner_account_name", "Eve");
    let (first, second) = tokio::join!(one.submit(&form), two.submit(&other));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
    assert_eq!(portal.events(Action::UserCreated).await, 1);
    portal.stop().await;
}

#[tokio::test]
async fn no_other_token_opens_the_door() {
    let portal = empty_portal(Database::Sqlite).await;
    let browser = portal.browser();
    assert_eq!(browser.get("/setup?token=").await.status, 404, "no link was made yet");
    let former = link(&portal).await;
    let latest = link(&portal).await;
    let form = filled(&browser, &latest).await;
    let token = latest.strip_prefix("/setup?token=").expect("a token");
    let cut = format!("/setup?token={}", &token[1..]);
    let swapped = format!("/setup?token={}", token.to_uppercase());
    for link in [
        "/setup",
        "/setup?token=",
        "/setup?token=x",
        "/setup?token=%00",
        "/setup?token=%ff",
        "/setup?token='%20or%201=1",
        "/setup?token[]=x",
        "/setup?TOKEN=x",
        &former,
        &cut,
        &swapped,
        &format!("{latest}x"),
        &format!("{latest}%00"),
    ] {
        let page = browser.get(link).await;
        assert_eq!(page.status, 404, "{link}");
        assert_eq!(browser.post(link, &form.pairs()).await.status, 404, "{link}");
    }
    assert_eq!(portal.events(Action::UserCreated).await, 0);
    portal.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
    assert_eq!(browser.get(&latest).await.status, 200, "a link holds for a day");
    portal.clock.advance(TimeDelta::seconds(1));
    assert_eq!(browser.get(&latest).await.status, 404, "a link holds for a day");
    assert_eq!(browser.submit(&form).await.status, 404, "a link holds for a day");
    assert_eq!(portal.events(Action::UserCreated).await, 0);
    portal.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_each_field_and_the_link_stays() {
    let portal = empty_portal(Database::Sqlite).await;
    let browser = portal.browser();
    let link = link(&portal).await;
    let form = filled(&browser, &link).await;
    let nothing = [
        ("partner_account_name", ""),
        ("country", ""),
        ("time_zone", ""),
        ("name", " "),
        ("email", ""),
        ("password", ""),
    ];
    let empty = nothing.iter().fold(form.clone(), |form, (name, value)| form.with(name, value));
    let page = browser.submit(&empty).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.wrong_fields(), nothing.map(|(name, _)| name));
    assert!(page.title().starts_with("Error:"), "{}", page.title());

    let long = "x".repeat(101);
    let very_long = "x".repeat(1025);
    for (field, value) in [
        ("partner_account_name", long.as_str()),
        ("partner_account_name", "a\u{202e}b"),
        ("partner_type", "reseller_of_everything"),
        ("country", "XX"),
        ("time_zone", "Europe/Atlantis"),
        ("name", &long),
        ("name", "a\0b"),
        ("email", "remy@noordster"),
        ("email", "remy"),
        ("password", "short"),
        ("password", "elevenchars"),
        ("password", &very_long),
    ] {
        let page = browser.submit(&form.clone().with(field, value)).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec![field.to_owned()]), "{field}={value:?}");
        assert!(!page.body.contains(PASSWORD) && page.value("password").is_empty(), "the password never comes back");
        if field != "partner_account_name" {
            assert_eq!(page.value("partner_account_name"), " Noordster   Cloud ", "what was typed is kept");
        }
    }
    for field in ["partner_account_name", "partner_type", "country", "time_zone", "name", "email", "password"] {
        let mut fields = form.clone();
        fields.fields.retain(|(name, _)| name != field);
        let page =
            browser.post_raw(&form.action, format!("{}&{field}=Ren%e9e%20with%20a%20tail", fields.encoded())).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec![field.to_owned()]), "{field} is no UTF-8");
    }
    assert_eq!(portal.events(Action::UserCreated).await, 0);
    assert_eq!(browser.submit(&form).await.status, 303, "the link stays until it is used");
    portal.stop().await;
}

#[tokio::test]
async fn the_page_changes_its_language_and_comes_back() {
    let portal = empty_portal(Database::Sqlite).await;
    let browser = portal.browser();
    let link = link(&portal).await;
    let page = browser.get(&link).await;
    let back = page.attributes("form.lang input[name=return_to]", "value").remove(0);
    let page = browser.post("/preferences", &[("language", "nl"), ("return_to", &back)]).await;
    let page = browser.follow(page).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.attributes("html", "lang"), ["nl"]);
    assert_eq!(page.form().action, link);
    portal.stop().await;
}
