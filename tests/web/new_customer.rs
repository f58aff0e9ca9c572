//! The wizard for a new customer.

mod accounts;
mod creation;
mod drafts;
mod fields;
mod passwords;

use chrono::TimeDelta;
use countersign::{
    actions::import_indirect_resellers,
    app,
    domain::{
        actor::Actor,
        audit::Action,
        list_columns::ReadOptions,
        partner_account::{Cloud, PartnerAccount, PartnerType},
        reseller_file,
    },
};
use futures_util::future::join_all;
use reqwest::Method;
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{Browser, Database, Page, Portal, browser::Form, direct::Direct, portal::email},
};

/// Everything that a Dutch customer needs.
const HARTOG: [(&str, &str); 9] = [
    ("company_name", "Banketbakkerij Hartog & Zn. B.V."),
    ("domain_prefix", "hartog"),
    ("address_line1", "Ruyschstraat 48"),
    ("postal_code", "1091cc"),
    ("city", "Amsterdam"),
    ("contact_first_name", "Lotte"),
    ("contact_last_name", "van der Berg"),
    ("contact_email", "lotte@hartog.example"),
    ("date_agreed", "20 nov 2026"),
];

const EXCHANGE: &str = "195416C1-3447-423A-B37B-EE59A99A19C4";

fn with(form: Form, fields: &[(&str, &str)]) -> Form {
    fields.iter().fold(form, |form, (name, value)| form.with(name, value))
}

/// Step 1, filled in but not sent.
async fn step_1(browser: &Browser) -> Form {
    with(browser.form("/customers/new").await, &HARTOG)
}

/// Sends a form that must lead on; where to.
async fn leads_on(browser: &Browser, form: &Form) -> String {
    let page = browser.submit(form).await;
    assert_eq!(page.status, 303, "{}", page.main());
    page.location()
}

/// A form with a quantity for an offer.
fn quantity(mut form: Form, offer: &str, quantity: &str) -> Form {
    let at = form.fields.iter().position(|(name, value)| name == "offer_id" && value == offer).expect("an offer");
    quantity.clone_into(&mut form.fields[at + 1].1);
    form
}

/// From step 1 to Review, with 25 licences of Exchange Online when the acceptance is ticked; Review's address.
async fn to_review(browser: &Browser, step_1: &Form) -> String {
    let path = leads_on(browser, step_1).await;
    let form = browser.form(&path).await;
    let form = if step_1.get("accepted") == "on" { quantity(form, EXCHANGE, "25") } else { form };
    leads_on(browser, &form).await
}

async fn created(browser: &Browser, step_1: &Form) -> (Uuid, Page) {
    let review = to_review(browser, step_1).await;
    let path = leads_on(browser, &browser.form(&review).await).await;
    let id = path.split('/').nth(2).expect("an id").parse().expect("a GUID");
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200, "{path}");
    (id, page)
}

fn password(page: &Page) -> Option<String> {
    page.texts("#temporary-password").pop()
}

async fn customers(portal: &Portal) -> i64 {
    let mut conn = portal.db.read().await.expect("a reader");
    let (count,): (i64,) =
        crate::support::sql(&mut conn, "SELECT COUNT(*) FROM customers").one().await.expect("a count");
    count
}

on_both_databases! {
    async fn an_agent_goes_through_all_steps_and_everything_is_recorded(portal) {
        let sales = portal.signed_in("sales").await;
        let (id, page) = created(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        assert_eq!(page.texts("main h1"), ["Banketbakkerij Hartog & Zn. B.V.Customer created"]);
        for part in [
            &id.to_string(), "hartog.onmicrosoft.com", "admin@hartog.onmicrosoft.com", "Confirmed",
            "Lotte van der Berg accepted Microsoft Customer Agreement, January 2020 on 20 November 2026",
            "Exchange Online (Plan 1): 25 licences",
        ] {
            assert!(page.main().contains(part), "{part} is missing in {}", page.main());
        }
        assert_eq!(id.get_version_num(), 4, "as tenants have it");

        let account = sales.get(&format!("/customers/{id}/account")).await.main();
        for part in [
            "Ruyschstraat 48", "1091 CC Amsterdam", "Netherlands", "Dutch (Netherlands)", "lotte@hartog.example", "Confirmed",
            "20 November 2026", "New customer",
        ] {
            assert!(account.contains(part), "{part} is missing in {account}");
        }
        let history = sales.get(&format!("/customers/{id}/history")).await.main();
        for part in [
            "Sales created the customer.",
            "Sales confirmed that Lotte van der Berg accepted",
            "Sales placed an order: Exchange Online (Plan 1).",
        ] {
            assert!(history.contains(part), "{part} is missing in {history}");
        }
        for action in [Action::CustomerCreated, Action::AcceptanceConfirmed, Action::OrderPlaced] {
            assert_eq!(portal.events(action).await, 1, "{action}");
        }
        for q in ["hartog.onmicrosoft.com", "banketbak", "van der berg", "lotte@hartog", &id.to_string()] {
            let list = sales.get(&format!("/customers?q={}", q.replace(' ', "%20"))).await;
            assert_eq!(list.texts("tbody tr").len(), 1, "{q}");
        }
        assert!(!sales.get("/customers").await.main().contains("draft"));
    }
}

on_sqlite! {
    async fn everything_that_is_missing_is_said_at_its_field_in_the_order_of_the_form(portal) {
        let sales = portal.signed_in("sales").await;
        let form = sales.form("/customers/new").await.with("address_line2", "Achterhuis").with("accepted", "on");
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 422);
        assert!(page.title().starts_with("Error: "), "{}", page.title());
        assert_eq!(
            page.wrong_fields(),
            [
                "company_name", "domain_prefix", "address_line1", "postal_code", "city", "contact_first_name",
                "contact_last_name", "contact_email", "date_agreed"
            ]
        );
        let at_fields: Vec<String> =
            page.texts(".err").iter().map(|words| words.trim_start_matches("Error: ").to_owned()).collect();
        assert_eq!(page.errors(), at_fields, "the same words at the field");
        assert_eq!((page.value("address_line2"), page.value("accepted")), ("Achterhuis".into(), "on".into()));
        assert_eq!(
            page.errors()[..3],
            ["Enter the company name", "Enter a primary domain", "Enter the first line of the address"]
        );

        sales.post("/preferences", &[("language", "nl"), ("return_to", "/")]).await;
        let page = sales.submit(&page.form()).await;
        assert_eq!(page.errors()[0], "Vul de bedrijfsnaam in");
        assert_eq!(page.errors().last().map(String::as_str), Some("Vul de datum van acceptatie in"));
    }

    async fn what_a_country_demands_is_asked_for_there(portal) {
        let sales = portal.signed_in("sales").await;
        let wrong = async |fields: &[(&str, &str)]| {
            let page = sales.submit(&with(step_1(&sales).await, fields)).await;
            assert_eq!(page.status, 422, "{fields:?}");
            page.wrong_fields()
        };
        assert_eq!(
            wrong(&[("country", "HU"), ("postal_code", "1037")]).await,
            ["organization_registration_number", "contact_phone_number"]
        );
        assert_eq!(
            wrong(&[("country", "HU"), ("contact_phone_number", "+36 1 555 0117"), ("organization_registration_number", "1")])
                .await,
            ["organization_registration_number"]
        );
        let brazil = [("country", "BR"), ("state", "SP"), ("postal_code", "06184-280")];
        assert_eq!(wrong(&brazil).await, ["organization_registration_number"]);
        assert_eq!(wrong(&[("country", "US"), ("postal_code", "98052")]).await, ["state"]);
        assert_eq!(wrong(&[("country", "US"), ("state", "Noord-Holland")]).await, ["state"]);
        assert_eq!(wrong(&[("country", "XX")]).await, ["country"]);
        assert_eq!(wrong(&[("culture", "tlh")]).await, ["culture"]);
        for bad in ["con-toso", "contoso.nl", "a b", &"a".repeat(28)] {
            assert_eq!(wrong(&[("domain_prefix", bad)]).await, ["domain_prefix"], "{bad}");
        }
        let page = sales.get("/customers/new?country=US").await;
        assert!(page.form().has("state") && page.form().has("organization_registration_number"));
        assert!(!sales.get("/customers/new").await.form().has("state"), "the Netherlands have none");
        assert!(sales.get("/customers/new?country=HU").await.form().has("organization_registration_number"));
    }

    async fn another_country_brings_the_page_back_with_everything_kept(portal) {
        let sales = portal.signed_in("sales").await;
        let form = step_1(&sales).await.with("country", "US").with("change_country", "on");
        let path = leads_on(&sales, &form).await;
        assert!(path.ends_with("/account"), "{path}");
        let page = sales.get(&path).await;
        assert_eq!(page.value("company_name"), "Banketbakkerij Hartog & Zn. B.V.");
        assert_eq!((page.value("country"), page.value("date_agreed")), ("US".into(), "20 nov 2026".into()));
        assert!(page.attributes("#state option", "value").contains(&"WA".to_owned()));
        let path = leads_on(&sales, &page.form().with("state", "WA").with("postal_code", "98052")).await;
        assert!(path.ends_with("/subscriptions"), "{path}");
    }

    async fn the_acceptance_is_judged_as_everywhere(portal) {
        let sales = portal.signed_in("sales").await;
        let form = step_1(&sales).await.with("accepted", "on");
        let page = sales.submit(&form.clone().with("date_agreed", "1 jan 2099")).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec!["date_agreed".to_owned()]));
        assert!(page.main().contains("Europe/Amsterdam"));
        let page = sales.submit(&form.clone().with("date_agreed", "2 jan 2012")).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec!["older_than_version".to_owned()]));
        let page = sales.submit(&page.form().with("older_than_version", "on")).await;
        assert_eq!(page.status, 303);
        let page = sales.submit(&form.clone().with("acceptor", "other")).await;
        assert_eq!(page.wrong_fields(), ["first_name", "last_name", "email"]);
        let wim = [("first_name", "Wim"), ("last_name", "Hartog"), ("email", "wim@hartog.example")];
        let (_, page) = created(&sales, &with(page.form(), &wim)).await;
        assert!(page.main().contains("Wim Hartog accepted"), "{}", page.main());
    }
}

on_both_databases! {
    async fn unticked_creates_a_customer_who_is_not_confirmed_and_orders_nothing(portal) {
        let sales = portal.signed_in("sales").await;
        let path = leads_on(&sales, &step_1(&sales).await).await;
        let page = sales.get(&path).await;
        assert!(page.main().contains("Nothing can be ordered yet"), "{}", page.main());
        assert!(!page.form().has("offer_id"));
        let tampered = page.form().with("offer_id", EXCHANGE).with("quantity", "5");
        assert_eq!(sales.submit(&tampered).await.status, 422);
        let review = leads_on(&sales, &page.form()).await;
        let page = sales.get(&review).await;
        assert!(page.main().contains("Until this customer’s acceptance is confirmed"), "{}", page.main());
        let path = leads_on(&sales, &page.form()).await;
        let page = sales.get(&path).await;
        assert!(page.main().contains("Not confirmed"), "{}", page.main());
        assert_eq!(portal.events(Action::OrderPlaced).await, 0);
    }

    async fn an_order_in_a_draft_whose_tick_was_taken_away_holds_the_creation_up(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let account = review.replace("/review", "/account");
        let mut form = sales.form(&account).await;
        form.fields.retain(|(name, _)| name != "accepted");
        assert_eq!(leads_on(&sales, &form).await, review, "a change leads back to Review");
        let page = sales.submit(&sales.form(&review).await).await;
        assert_eq!(page.status, 409);
        assert!(page.errors()[0].contains("cannot be ordered"), "{:?}", page.errors());
        assert_eq!(customers(portal).await, 0);
        leads_on(&sales, &sales.form(&account).await.with("accepted", "on")).await;
        leads_on(&sales, &sales.form(&review).await).await;
        assert_eq!(portal.events(Action::OrderPlaced).await, 1, "nothing was lost");
    }
}

on_sqlite! {
    async fn quantities_are_whole_numbers_within_the_limits_of_the_offer(portal) {
        let sales = portal.signed_in("sales").await;
        let path = leads_on(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let form = sales.form(&path).await;
        for (typed, said) in [
            ("0", "Enter a whole number of 1 or more"),
            ("-1", "Enter a whole number of 1 or more"),
            ("1.5", "Enter a whole number of 1 or more"),
            ("1e9", "Enter a whole number of 1 or more"),
            ("1.000", "Enter a whole number of 1 or more"),
            ("1,000", "Enter a whole number of 1 or more"),
            ("10001", "Enter a number from 1 to 10,000"),
        ] {
            let page = sales.submit(&quantity(form.clone(), EXCHANGE, typed)).await;
            assert_eq!(page.status, 422, "{typed}");
            assert_eq!(page.errors(), [format!("Exchange Online (Plan 1): {said}")]);
            assert!(page.attributes("input", "value").contains(&typed.to_owned()), "{typed} is kept");
        }
        let add_on = "A2706F86-868D-4048-989B-0C69E5C76B63";
        let page = sales.submit(&quantity(form.clone(), add_on, "5")).await;
        assert!(page.errors()[0].contains("add-on"), "{:?}", page.errors());
        let both = quantity(quantity(form.clone(), add_on, "5"), EXCHANGE, "1 0");
        assert!(leads_on(&sales, &both).await.ends_with("/review"));
        assert_eq!(sales.submit(&form.clone().with("offer_id", "no-such-offer")).await.status, 404);
        assert!(leads_on(&sales, &form.with("skip", "on")).await.ends_with("/review"));
    }

    async fn a_step_cannot_be_skipped_by_its_address(portal) {
        let sales = portal.signed_in("sales").await;
        let page = sales.submit(&sales.form("/customers/new").await).await;
        assert_eq!(page.status, 422);
        let account = page.form().action;
        for step in ["/subscriptions", "/review"] {
            let page = sales.get(&account.replace("/account", step)).await;
            assert_eq!((page.status, page.location()), (303, account.clone()), "{step}");
        }
        let subscriptions = leads_on(&sales, &with(page.form(), &HARTOG)).await;
        let review = subscriptions.replace("/subscriptions", "/review");
        assert_eq!(sales.get(&review).await.location(), subscriptions);
        assert_eq!(sales.post(&review, &[("submission", "x")]).await.location(), subscriptions);
        assert_eq!(customers(portal).await, 0);
    }
}

on_both_databases! {
    async fn a_draft_is_its_owners_alone(portal) {
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let draft = sales.draft().await;
        for (method, step) in [
            (Method::GET, "account"), (Method::POST, "account"), (Method::GET, "subscriptions"),
            (Method::POST, "subscriptions"), (Method::GET, "review"), (Method::POST, "review"), (Method::POST, "discard"),
        ] {
            let path = format!("/customers/new/{draft}/{step}");
            let body = (method == Method::POST).then(Vec::new);
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let page = admin.send(method.clone(), &path, body, &form).await;
            assert_eq!(page.status, 404, "{method} {path}");
        }
        assert!(!admin.get("/customers").await.main().contains("draft"));
        assert!(sales.get("/customers").await.main().contains("1 draft Woodgrove B.V."));
    }

    async fn drafts_are_listed_resumed_and_discarded_and_outlive_a_session(portal) {
        let sales = portal.signed_in("sales").await;
        let draft = sales.draft().await;
        sales.post("/sign-out", &[]).await;
        let sales = portal.signed_in("sales").await;
        let list = sales.get("/customers").await;
        let resume = list.attributes(".drafts a", "href").remove(0);
        let page = sales.follow(sales.get(&resume).await).await;
        assert_eq!(page.texts("main h1"), ["New customer, step 2 of 4Subscriptions"], "where it was left");
        let page = sales.post(&format!("/customers/new/{draft}/discard"), &[]).await;
        assert_eq!(page.location(), "/customers");
        let page = sales.get("/customers").await;
        assert!(page.main().contains("Draft discarded") && !page.main().contains("Woodgrove"), "{}", page.main());
        assert_eq!(sales.get(&format!("/customers/new/{draft}/account")).await.status, 404);
    }

    async fn of_many_drafts_the_latest_are_listed_and_all_are_a_link_away(portal) {
        let sales = portal.signed_in("sales").await;
        let first = sales.draft().await;
        for _ in 0..11 {
            portal.clock.advance(TimeDelta::seconds(1));
            sales.draft().await;
        }
        let list = sales.get("/customers").await;
        assert_eq!(list.texts(".drafts summary"), ["12 drafts"]);
        assert_eq!(list.texts(".drafts li a").len(), 10);
        assert!(!list.attributes(".drafts li a", "href").iter().any(|href| href.contains(&first)), "the latest come first");
        let all = list.attributes(".drafts p a", "href").remove(0);
        let page = sales.get(&all).await;
        assert_eq!(page.texts(".drafts summary"), ["12 drafts"]);
        let drafts = page.attributes(".drafts li a", "href");
        assert_eq!(drafts.len(), 12);
        assert!(drafts[11].contains(&first));
        assert_eq!(page.attributes(".drafts", "open").len(), 1, "they are what was asked for");
        assert!(page.texts(".drafts p a").is_empty());
    }

    async fn what_was_typed_when_the_session_ended_comes_back_after_signing_in(portal) {
        let sales = portal.signed_in("sales").await;
        let form = step_1(&sales).await;
        portal.clock.advance(TimeDelta::minutes(31));
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 401);
        let sign_in = page.form().with("email", &email("sales")).with("password", crate::support::portal::PASSWORD);
        let page = sales.follow(sales.submit(&sign_in).await).await;
        assert_eq!(page.texts("main h1"), ["New customer, step 1 of 4Account info"]);
        for (name, value) in HARTOG {
            assert_eq!(page.value(name), value);
        }
        assert!(leads_on(&sales, &page.form()).await.ends_with("/subscriptions"));
    }

    async fn the_same_form_sent_twice_is_one_draft(portal) {
        let sales = portal.signed_in("sales").await;
        let form = step_1(&sales).await;
        let once = leads_on(&sales, &form).await;
        assert_eq!(leads_on(&sales, &form).await, once);
        assert_eq!(leads_on(&sales, &form.clone().with("city", "Utrecht")).await, once);
        let page = sales.get(&once.replace("/subscriptions", "/account")).await;
        assert_eq!(page.value("city"), "Utrecht");
        for token in ["", "nonsense", &sales.form(&once).await.get("submission")] {
            let page = sales.submit(&form.clone().with("submission", token)).await;
            assert_eq!((page.status, page.value("company_name")), (422, HARTOG[0].1.to_owned()), "{token}");
        }
        portal.clock.advance(TimeDelta::hours(25));
        let sales = portal.signed_in("sales").await;
        assert_eq!(sales.submit(&form).await.status, 422, "a day old");
    }

    async fn sixteen_creates_of_one_draft_make_one_customer(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let forms: Vec<Form> = join_all((0..16).map(|_| sales.form(&review))).await;
        let answers = join_all(forms.iter().chain(&forms[..4]).map(|form| sales.submit(form))).await;
        let mut locations: Vec<String> = answers
            .iter()
            .map(|page| {
                assert_eq!(page.status, 303, "{}", page.main());
                page.location()
            })
            .collect();
        locations.dedup();
        assert_eq!(locations.len(), 1, "{locations:?}");
        assert_eq!(customers(portal).await, 1);
        for action in [Action::CustomerCreated, Action::AcceptanceConfirmed, Action::OrderPlaced] {
            assert_eq!(portal.events(action).await, 1, "{action}");
        }
        assert_eq!(sales.get(&review).await.location(), locations[0], "the draft's address leads to the customer");
    }

    async fn of_two_drafts_with_one_domain_one_wins_and_the_other_is_kept(portal) {
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let one = to_review(&sales, &step_1(&sales).await).await;
        let two = to_review(&admin, &step_1(&admin).await).await;
        let (one_form, two_form) = (sales.form(&one).await, admin.form(&two).await);
        let (first, second) = tokio::join!(sales.submit(&one_form), admin.submit(&two_form));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        assert_eq!(customers(portal).await, 1);
        let (loser, review, refused) = if first.status == 409 { (&sales, &one, first) } else { (&admin, &two, second) };
        assert!(refused.errors()[0].contains("hartog.onmicrosoft.com"), "{:?}", refused.errors());
        let form = loser.form(&review.replace("/review", "/account")).await;
        let page = loser.submit(&form).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec!["domain_prefix".to_owned()]));
        assert_eq!(leads_on(loser, &page.form().with("domain_prefix", "hartog2")).await, *review);
        leads_on(loser, &loser.form(review).await).await;
    }

    async fn a_draft_changed_in_another_window_is_reviewed_again(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await).await;
        let seen = sales.form(&review).await;
        let form = sales.form(&review.replace("/review", "/account")).await.with("city", "Utrecht");
        leads_on(&sales, &form).await;
        let page = sales.submit(&seen).await;
        assert_eq!(page.status, 409);
        assert!(page.main().contains("Utrecht") && page.errors()[0].contains("another window"));
        leads_on(&sales, &page.form()).await;
    }

    async fn another_version_meanwhile_is_looked_at_again(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", None).await;
        let page = sales.get(&review).await;
        assert!(page.main().contains("Microsoft Customer Agreement, November 2026 became the latest version"));
        let page = sales.submit(&page.form()).await;
        assert_eq!((page.status, customers(portal).await), (409, 0));
        let form = sales.form(&review.replace("/review", "/account")).await;
        assert_eq!(leads_on(&sales, &form).await, review, "saving the step again confirms the new version");
        let path = leads_on(&sales, &sales.form(&review).await).await;
        assert!(sales.get(&path).await.main().contains("accepted Microsoft Customer Agreement, November 2026"));
    }

    async fn the_temporary_password_is_shown_once_to_whoever_created_the_customer(portal) {
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let review = to_review(&sales, &step_1(&sales).await).await;
        let path = leads_on(&sales, &sales.form(&review).await).await;
        assert_eq!(password(&admin.get(&path).await), None, "not to somebody else");
        assert_eq!(sales.send(Method::HEAD, &path, None, &[]).await.status, 200);
        let page = sales.get(&path).await;
        let secret = password(&page).expect("a password");
        assert_eq!(secret.len(), 16);
        assert_eq!(page.header("cache-control"), "no-store");
        for browser in [&sales, &admin] {
            let page = browser.get(&path).await;
            assert_eq!(password(&page), None);
            assert!(page.main().contains("cannot be shown again") && !page.body.contains(&secret));
        }
        let mut direct = Direct::connect(&portal.location).await;
        for (table, column) in [("audit_log", "detail"), ("idempotency_keys", "outcome"), ("customer_drafts", "account_entries")] {
            for row in direct.rows(&format!("SELECT {column} FROM {table}")).await {
                assert!(!row[0].contains(&secret), "{table} knows it");
            }
        }
        let manager = portal.signed_in("manager").await;
        assert_eq!(manager.get(&path).await.status, 403);
    }

    async fn a_button_pressed_twice_loses_no_password(portal) {
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&to_review(&sales, &step_1(&sales).await).await).await;
        let path = leads_on(&sales, &form).await;
        let dropped = password(&sales.get(&path).await);
        assert_eq!(leads_on(&sales, &form).await, path);
        assert_eq!(password(&sales.get(&path).await), dropped, "the page that stays shows it");
        assert_eq!(password(&sales.get(&path).await), None);
        portal.clock.advance(TimeDelta::seconds(11));
        assert_eq!(leads_on(&sales, &form).await, path);
        assert_eq!(password(&sales.get(&path).await), None, "later it stays hidden");
        app::purge(&portal.db).await.expect("a purge");
        let mut direct = Direct::connect(&portal.location).await;
        let sealed = "SELECT CAST(COUNT(*) AS TEXT) FROM temporary_passwords WHERE sealed IS NOT NULL";
        assert_eq!(direct.text(sealed).await, "0");
    }

    async fn a_temporary_password_that_nobody_came_to_see_is_gone_after_ten_minutes(portal) {
        let sales = portal.signed_in("sales").await;
        let form = step_1(&sales).await;
        let late = leads_on(&sales, &sales.form(&to_review(&sales, &form).await).await).await;
        let other = step_1(&sales).await.with("domain_prefix", "hartog2");
        leads_on(&sales, &sales.form(&to_review(&sales, &other).await).await).await;
        let mut direct = Direct::connect(&portal.location).await;
        let sealed = "SELECT CAST(COUNT(*) AS TEXT) FROM temporary_passwords WHERE sealed IS NOT NULL";
        assert_eq!(direct.text(sealed).await, "2");
        portal.clock.advance(TimeDelta::minutes(10));
        assert_eq!(password(&sales.get(&late).await), None);
        app::purge(&portal.db).await.expect("a purge");
        assert_eq!(direct.text(sealed).await, "0");
        sales.draft().await;
        portal.clock.advance(TimeDelta::days(31));
        app::purge(&portal.db).await.expect("a purge");
        assert_eq!(direct.text("SELECT CAST(COUNT(*) AS TEXT) FROM customer_drafts").await, "0");
    }

    async fn a_possible_duplicate_and_an_unusual_postal_code_are_hints(portal) {
        let sales = portal.signed_in("sales").await;
        let (id, _) = created(&sales, &step_1(&sales).await).await;
        let again = [("company_name", "BANKETBAKKERIJ  hartog & zn. b.v."), ("domain_prefix", "hartog2"), ("postal_code", "12345")];
        let review = to_review(&sales, &with(step_1(&sales).await, &again)).await;
        let page = sales.get(&review).await;
        assert_eq!(page.attributes("#lookalikes a", "href"), [format!("/customers/{id}/account")]);
        assert!(page.main().contains("Check the postal code 12345"), "{}", page.main());
        leads_on(&sales, &page.form()).await;
        assert_eq!(customers(portal).await, 2);
    }

    async fn whether_a_domain_is_free_is_said_while_typing(portal) {
        let sales = portal.signed_in("sales").await;
        created(&sales, &step_1(&sales).await).await;
        for (typed, said) in [
            ("hartog", "A customer with the domain hartog.onmicrosoft.com exists already. Choose another domain"),
            ("https%3A%2F%2FHartog2.onmicrosoft.com%2F", "None of your customers uses this domain."),
            ("har-tog", "A primary domain has letters and digits only, at most 27, without accents or hyphens"),
            ("", ""),
        ] {
            let page = sales.get(&format!("/customers/new/domain?domain_prefix={typed}")).await;
            let plain: String = page.body.chars().filter(|c| !('\u{2066}'..='\u{2069}').contains(c)).collect();
            assert_eq!((page.status, plain.as_str()), (200, said), "{typed}");
        }
    }

    async fn an_indirect_provider_chooses_one_of_its_resellers(portal) {
        let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..portal.account.clone() };
        portal.set_account(&provider).await;
        let file = b"Name,MPN ID,Tenant ID,Agreement signed\nKustlijn ICT,4847383,5b0c1a52-3e0f-4f0e-9a3c-6b7f3f2a1c11,yes\n";
        let file = reseller_file::read(file, &ReadOptions::default()).expect("a file");
        import_indirect_resellers::apply(&portal.db, &Actor::command_line(provider), &file).await.expect("an import");
        let sales = portal.signed_in("sales").await;
        let page = sales.submit(&step_1(&sales).await.with("associated_partner_id", "1")).await;
        assert_eq!(page.wrong_fields(), ["associated_partner_id"]);
        let (id, _) = created(&sales, &page.form().with("associated_partner_id", "4847383")).await;
        let account = sales.get(&format!("/customers/{id}/account")).await.main();
        assert!(account.contains("4847383"), "{account}");
    }

    async fn an_indirect_resellers_account_creates_customers_whom_its_provider_confirms(portal) {
        let reseller = PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() };
        portal.set_account(&reseller).await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get("/customers/new").await;
        assert!(page.main().contains("Its indirect provider confirms") && !page.form().has("date_agreed"));
        let (_, page) = created(&sales, &step_1(&sales).await).await;
        assert!(page.main().contains("Not confirmed"), "{}", page.main());
    }
}

on_sqlite! {
    async fn in_a_national_cloud_nothing_is_gated(portal) {
        let national = PartnerAccount { cloud: Cloud::Vianet, ..portal.account.clone() };
        portal.set_account(&national).await;
        let sales = portal.signed_in("sales").await;
        let path = leads_on(&sales, &step_1(&sales).await).await;
        let review = leads_on(&sales, &quantity(sales.form(&path).await, EXCHANGE, "5")).await;
        let page = sales.get(&leads_on(&sales, &sales.form(&review).await).await).await;
        assert!(page.main().contains("Not applicable") && page.main().contains("5 licences"), "{}", page.main());
        assert_eq!(portal.events(Action::OrderPlaced).await, 1);
    }
}

on_both_databases! {
    async fn unusual_people_and_companies_read_back_as_they_were_typed(portal) {
        let sales = portal.signed_in("sales").await;
        let long = "Ä".repeat(200);
        for (number, (company, first, last, address)) in [
            ("Γαλακτοκομεία Α.Ε.", "Ελένη", "Παπαδοπούλου", "Ερμού 1"),
            ("株式会社さくら", "さくら", "山田", "丸の内1-1"),
            ("شركة النور", "ليلى", "حداد", "شارع 1"),
            ("’t Hart & O'Neill B.V.", "Siobhán", "O’Neill", "Kerkstraat 12-2 hs"),
            ("GmbH & Co. KG", "Björk", "Björk", long.as_str()),
            ("<script>alert(1)</script>", "\"Jo\"", "& Sons <b>", "a' OR 1=1 --"),
        ]
        .into_iter()
        .enumerate()
        {
            let domain = format!("unusual{number}");
            let fields = [
                ("company_name", company), ("contact_first_name", first), ("contact_last_name", last),
                ("address_line1", address), ("domain_prefix", &domain), ("accepted", "on"),
            ];
            let (id, page) = created(&sales, &with(step_1(&sales).await, &fields)).await;
            assert!(page.main().contains(&format!("{first} {last} accepted")), "{}", page.main());
            let account = sales.get(&format!("/customers/{id}/account")).await;
            for part in [company, address, &format!("{first} {last}")] {
                assert!(account.main().contains(part), "{part} is missing in {}", account.main());
            }
            assert!(account.attributes("main script", "src").is_empty());
        }
    }
}

#[tokio::test]
async fn a_database_that_cannot_take_a_step_gives_the_form_back() {
    let portal = Portal::start(Database::Sqlite).await;
    let sales = portal.signed_in("sales").await;
    let form = step_1(&sales).await;
    let review = to_review(&sales, &form).await;
    let creation = sales.form(&review).await;
    let mut direct = Direct::connect(&portal.location).await;
    direct.execute("ALTER TABLE customer_drafts RENAME TO away").await;
    // What is broken is a fault, which says so and keeps nothing half made.
    assert_eq!(sales.submit(&form).await.status, 500);
    assert_eq!(sales.submit(&creation).await.status, 500);
    direct.execute("ALTER TABLE away RENAME TO customer_drafts").await;
    assert_eq!(sales.submit(&creation).await.status, 303, "it recovers by itself");
    portal.stop().await;
}
