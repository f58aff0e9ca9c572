//! Drafts: whose they are, what becomes of them when a session ends, and that a form makes no more than one.

use chrono::TimeDelta;
use countersign::{
    actions::manage_users,
    app,
    domain::{actor::Principal, audit::Action, role::Role},
};
use futures_util::future::join_all;
use reqwest::Method;
use uuid::Uuid;

use super::{EXCHANGE, HARTOG, created, customers, leads_on, quantity, step_1, to_review};
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        browser::Form,
        direct::Direct,
        portal::{PASSWORD, account, email},
    },
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// What every address of a draft answers.
async fn answers(browser: &Browser, draft: &str) -> Vec<u16> {
    let mut answers = Vec::new();
    for (method, step) in [
        (Method::GET, "account"),
        (Method::HEAD, "account"),
        (Method::POST, "account"),
        (Method::GET, "subscriptions"),
        (Method::HEAD, "subscriptions"),
        (Method::POST, "subscriptions"),
        (Method::GET, "review"),
        (Method::HEAD, "review"),
        (Method::POST, "review"),
        (Method::POST, "discard"),
    ] {
        let body = (method == Method::POST).then(|| b"company_name=Mallory&skip=on&etag=1".to_vec());
        answers.push(browser.send(method, &format!("/customers/new/{draft}/{step}"), body, &[FORM]).await.status);
    }
    answers
}

async fn drafts(portal: &Portal) -> String {
    let mut direct = Direct::connect(&portal.location).await;
    direct.text("SELECT CAST(COUNT(*) AS TEXT) FROM customer_drafts").await
}

/// Signs in on the page that a form came back on, which must have kept it; the page that follows.
async fn signed_in_again(browser: &Browser, page: Page) -> Page {
    assert_eq!(page.status, 401, "{}", page.main());
    let form = page.form().with("email", &email("sales")).with("password", PASSWORD);
    browser.follow(browser.submit(&form).await).await
}

on_both_databases! {
    async fn a_draft_is_of_one_account_and_waits_there(portal) {
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        portal.add_user("both", Role::SalesAgent, &[portal.account.clone(), other.clone()]).await;
        let both = portal.signed_in("both").await;
        let go_to = async |id: Uuid| {
            let id = id.to_string();
            assert_eq!(both.post("/partner-account", &[("partner_account", &id)]).await.status, 303);
        };
        go_to(portal.account.id).await;
        let draft = both.draft().await;
        go_to(other.id).await;
        assert_eq!(answers(&both, &draft).await, [404; 10]);
        assert!(!both.get("/customers").await.main().contains("draft"));
        go_to(portal.account.id).await;
        let page = both.get(&format!("/customers/new/{draft}/account")).await;
        assert_eq!(page.value("company_name"), "Woodgrove B.V.", "nothing got through");
        assert!(both.get("/customers").await.main().contains("1 draft Woodgrove B.V."));
    }

    async fn nobody_reaches_a_draft_that_is_another_users_or_no_draft_at_all(portal) {
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let draft = sales.draft().await;
        assert_eq!(answers(&admin, &draft).await, [404; 10]);
        for unknown in [Uuid::nil().to_string(), Uuid::from_u128(7).to_string(), "x".into(), format!("{draft}0")] {
            assert_eq!(answers(&sales, &unknown).await, [404; 10], "{unknown}");
        }
        let page = sales.get(&format!("/customers/new/{draft}/account")).await;
        assert_eq!(page.value("company_name"), "Woodgrove B.V.");
    }

    async fn whoever_may_only_read_loses_sight_of_the_drafts_until_the_role_is_back(portal) {
        let sales = portal.signed_in("sales").await;
        let draft = sales.draft().await;
        let review = sales.form(&format!("/customers/new/{draft}/subscriptions")).await.with("skip", "on");
        let review = sales.form(&leads_on(&sales, &review).await).await;
        let (id, _) = created(&sales, &step_1(&sales).await).await;
        let set_role = async |role| {
            manage_users::set_role(&portal.db, Principal::command_line(), &email("sales"), &portal.account, role).await.expect("a role");
        };
        set_role(Role::Manager).await;
        assert_eq!(answers(&sales, &draft).await, [403; 10]);
        for path in ["/customers/new", "/customers/new/domain?domain_prefix=hartog", &format!("/customers/{id}/created")] {
            assert_eq!(sales.get(path).await.status, 403, "{path}");
        }
        assert_eq!(sales.post("/customers/new", &HARTOG).await.status, 403);
        assert_eq!(sales.submit(&review).await.status, 403);
        let list = sales.get("/customers").await;
        assert!(!list.main().contains("draft") && !list.body.contains("/customers/new"), "{}", list.main());
        assert_eq!(customers(portal).await, 1);
        set_role(Role::SalesAgent).await;
        leads_on(&sales, &review).await;
    }

    async fn drafts_are_counted_and_the_latest_comes_first(portal) {
        let sales = portal.signed_in("sales").await;
        let first = sales.draft().await;
        portal.clock.advance(TimeDelta::minutes(1));
        let unnamed = sales.submit(&sales.form("/customers/new").await).await.form().action;
        portal.clock.advance(TimeDelta::minutes(1));
        let review = to_review(&sales, &step_1(&sales).await).await;
        let list = sales.get("/customers").await;
        assert_eq!(list.texts(".drafts summary"), ["3 drafts"]);
        assert_eq!(list.texts(".drafts a"), ["Banketbakkerij Hartog & Zn. B.V.", "Without a company name", "Woodgrove B.V."]);
        let mut pages = Vec::new();
        for resume in list.attributes(".drafts a", "href") {
            let mut page = sales.get(&resume).await;
            let mut path = resume;
            while page.is_redirect() {
                path = page.location();
                page = sales.get(&path).await;
            }
            pages.push(path);
        }
        assert_eq!(pages, [review.clone(), unnamed, format!("/customers/new/{first}/subscriptions")], "each where it was left");
        portal.clock.advance(TimeDelta::minutes(1));
        let form = sales.form(&format!("/customers/new/{first}/account")).await;
        leads_on(&sales, &form).await;
        leads_on(&sales, &sales.form(&review).await).await;
        let list = sales.get("/customers").await;
        assert_eq!(list.texts(".drafts a"), ["Woodgrove B.V.", "Without a company name"], "one became a customer");
    }

    async fn sixteen_first_forms_at_once_are_one_draft(portal) {
        let sales = portal.signed_in("sales").await;
        let form = step_1(&sales).await;
        let forms: Vec<Form> = (0..16).map(|number| form.clone().with("city", &format!("City {}", number % 4))).collect();
        let mut locations: Vec<String> = join_all(forms.iter().map(|form| leads_on(&sales, form))).await;
        locations.dedup();
        assert_eq!((locations.len(), drafts(portal).await), (1, "1".to_owned()), "{locations:?}");
        leads_on(&sales, &form.with("city", "Utrecht")).await;
        let page = sales.get(&locations[0].replace("/subscriptions", "/account")).await;
        assert_eq!(page.value("city"), "Utrecht", "the latest counts");
    }

    async fn a_token_of_somebody_else_or_of_another_form_saves_nothing(portal) {
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let account = review.replace("/review", "/account");
        let subscriptions = review.replace("/review", "/subscriptions");
        let before = drafts(portal).await;
        let tokens = [
            step_1(&admin).await.get("submission"),
            sales.form(&format!("/customers/new/{}/account", sales.draft().await)).await.get("submission"),
            String::new(),
        ];
        for token in &tokens {
            let page = sales.submit(&step_1(&sales).await.with("submission", token)).await;
            assert_eq!((page.status, page.value("city")), (422, "Amsterdam".into()));
            let page = sales.submit(&sales.form(&account).await.with("city", "Utrecht").with("submission", token)).await;
            assert_eq!((page.status, page.value("city")), (422, "Utrecht".into()));
            assert_eq!(sales.get(&account).await.value("city"), "Amsterdam", "it is not saved");
            let form = quantity(sales.form(&subscriptions).await, EXCHANGE, "7").with("submission", token);
            let page = sales.submit(&form).await;
            assert_eq!(page.status, 422);
            assert!(page.attributes("input", "value").contains(&"7".to_owned()), "it is kept");
            assert!(!sales.get(&review).await.main().contains("7 licences"), "it is not saved");
            let page = sales.submit(&sales.form(&review).await.with("submission", token)).await;
            assert_eq!(page.status, 422);
            assert!(page.errors()[0].contains("open too long or is not yours"), "{:?}", page.errors());
        }
        assert_eq!((before.as_str(), drafts(portal).await.as_str(), customers(portal).await), ("1", "2", 0));
        // The page that refuses brings a token of its own.
        let page = sales.submit(&sales.form(&review).await.with("submission", "x")).await;
        leads_on(&sales, &page.form()).await;
    }

    async fn a_session_that_ends_at_any_step_loses_nothing(portal) {
        let sales = portal.signed_in("sales").await;
        let subscriptions = leads_on(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let account = subscriptions.replace("/subscriptions", "/account");
        let form = sales.form(&account).await.with("city", "Utrecht").with("acceptor", "other").with("first_name", "Wim");
        portal.clock.advance(TimeDelta::minutes(31));
        let page = signed_in_again(&sales, sales.submit(&form).await).await;
        assert_eq!(page.form().action, account, "{}", page.main());
        for (name, value) in form.fields.iter().filter(|(name, _)| name != "submission") {
            assert_eq!(page.value(name), *value, "{name}");
        }
        assert_eq!(sales.get(&account).await.value("city"), "Amsterdam", "it is filled in, not saved");
        let page = page.form().with("last_name", "Hartog").with("email", "wim@hartog.example");
        assert_eq!(leads_on(&sales, &page).await, subscriptions);

        let form = quantity(sales.form(&subscriptions).await, EXCHANGE, "25").with("billing_cycle", "annual");
        portal.clock.advance(TimeDelta::minutes(31));
        let page = signed_in_again(&sales, sales.submit(&form).await).await;
        assert_eq!((page.form().action, page.value("billing_cycle")), (subscriptions.clone(), "annual".into()));
        let lines = |form: &Form| -> Vec<(String, String)> {
            form.fields.iter().filter(|(name, _)| name == "offer_id" || name == "quantity").cloned().collect()
        };
        assert_eq!(lines(&page.form()), lines(&form));
        let review = leads_on(&sales, &page.form()).await;

        let form = sales.form(&review).await;
        portal.clock.advance(TimeDelta::minutes(31));
        let page = signed_in_again(&sales, sales.submit(&form).await).await;
        assert_eq!(page.form().action, review, "{}", page.main());
        assert_eq!(customers(portal).await, 0, "signing in creates nobody");
        assert!(page.main().contains("Wim Hartog") && page.main().contains("25 licences"), "{}", page.main());
        leads_on(&sales, &page.form()).await;
        assert_eq!((portal.events(Action::CustomerCreated).await, portal.events(Action::OrderPlaced).await), (1, 1));
    }
}

on_sqlite! {
    async fn fields_that_the_wizard_does_not_have_are_never_bound(portal) {
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        let sales = portal.signed_in("sales").await;
        let other = other.id.to_string();
        let extra = [
            ("id", other.as_str()), ("customer", &other), ("customer_id", &other), ("microsoft_id", &other), ("draft", &other),
            ("partner_account", &other), ("partner_account_id", &other), ("user_id", &other), ("role", "admin_agent"),
            ("status", "confirmed"), ("confirmed_at", "2001-01-01"), ("recorded_by", "Admin"), ("channel", "api"),
            ("revision", "99"), ("password", "hunter2"), ("domain", "hostile.example"), ("company_name[]", "Mallory"),
            ("COMPANY_NAME", "Mallory"), ("", "Mallory"),
        ];
        let mut path = "/customers/new".to_owned();
        for step in 1..=3 {
            let form = if step == 1 { step_1(&sales).await } else { sales.form(&path).await };
            // Of a field that comes twice the first counts.
            let twice: Vec<(String, String)> = form.fields.iter().map(|(name, _)| (name.clone(), "Mallory".to_owned())).collect();
            let mut fields = extra.to_vec();
            fields.extend(form.pairs());
            fields.extend(twice.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            let page = sales.post(&form.action, &fields).await;
            assert_eq!(page.status, 303, "{}: {:?}", form.action, page.errors());
            path = page.location();
        }
        let page = sales.get(&path).await;
        assert!(page.main().contains("Customer created") && page.main().contains("Not confirmed"), "{}", page.main());
        let account = sales.get(&path.replace("/created", "/account")).await.main();
        for part in ["Mallory", "hostile", "January 2001", "Jan 2001", &other] {
            assert!(!page.main().contains(part) && !account.contains(part), "{part} was bound: {account}");
        }
        assert!(account.contains("Banketbakkerij Hartog & Zn. B.V.") && account.contains("Ruyschstraat 48"), "{account}");
    }
}

on_both_databases! {
    async fn a_draft_is_kept_for_thirty_days_after_it_was_last_touched(portal) {
        let sales = portal.signed_in("sales").await;
        let (kept, gone) = (sales.draft().await, sales.draft().await);
        portal.clock.advance(TimeDelta::days(20));
        let sales = portal.signed_in("sales").await;
        leads_on(&sales, &sales.form(&format!("/customers/new/{kept}/account")).await).await;
        portal.clock.advance(TimeDelta::days(10) + TimeDelta::seconds(1));
        app::purge(&portal.db).await.expect("a purge");
        let sales = portal.signed_in("sales").await;
        assert_eq!(sales.get(&format!("/customers/new/{kept}/account")).await.status, 200);
        assert_eq!(answers(&sales, &gone).await, [404; 10]);
        portal.clock.advance(TimeDelta::days(20) - TimeDelta::seconds(1));
        app::purge(&portal.db).await.expect("a purge");
        let sales = portal.signed_in("sales").await;
        assert_eq!(sales.get(&format!("/customers/new/{kept}/account")).await.status, 200, "to the second");
        portal.clock.advance(TimeDelta::seconds(1));
        app::purge(&portal.db).await.expect("a purge");
        assert_eq!(sales.get(&format!("/customers/new/{kept}/account")).await.status, 404);
    }
}
