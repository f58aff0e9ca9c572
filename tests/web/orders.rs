//! Orders, subscriptions and the gate.

use std::fmt::Write as _;

use chrono::TimeDelta;
use countersign::domain::{
    audit::Action,
    partner_account::{Cloud, PartnerAccount, PartnerType},
};
use futures_util::future::join_all;
use uuid::Uuid;

use super::customers::statements;
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        browser::Form,
        direct::Direct,
        portal::{day, person},
    },
};

pub const EXCHANGE: &str = "195416C1-3447-423A-B37B-EE59A99A19C4";
const AZURE: &str = "DZH318Z0BPS6";

/// Sends a form that must lead on; where to.
async fn leads_on(browser: &Browser, form: &Form) -> String {
    let page = browser.submit(form).await;
    assert_eq!(page.status, 303, "{}", page.main());
    page.location()
}

/// A form with a quantity for an offer.
pub fn quantity(mut form: Form, offer: &str, quantity: &str) -> Form {
    let at = form.fields.iter().position(|(name, value)| name == "offer_id" && value == offer).expect("an offer");
    quantity.clone_into(&mut form.fields[at + 1].1);
    form
}

async fn confirmed(portal: &Portal, name: &str) -> Uuid {
    let customer = portal.add_customer(name).await;
    portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
    customer
}

/// The review of a new order of one offer.
async fn review(browser: &Browser, customer: Uuid, offer: &str, number: &str) -> Form {
    let form = browser.form(&format!("/customers/{customer}/orders/new")).await;
    browser.form(&leads_on(browser, &quantity(form, offer, number)).await).await
}

/// Orders 25 licences of Exchange Online; the form that changes their number.
pub async fn subscribed(browser: &Browser, customer: Uuid) -> String {
    leads_on(browser, &review(browser, customer, EXCHANGE, "25").await).await;
    let page = browser.get(&format!("/customers/{customer}/subscriptions")).await;
    page.attributes(".row-acts a", "href").pop().expect("a way to change the number")
}

/// The five fields, filled in.
fn anna(form: Form) -> Form {
    form.with("first_name", "Anna")
        .with("last_name", "de Vries")
        .with("email", "anna@contoso.example")
        .with("date_agreed", "20-11-2026")
}

/// The id of a subscription of a customer who is confirmed for it.
pub async fn a_subscription(portal: &Portal, browser: &Browser, customer: Uuid) -> String {
    portal.confirm(customer, &person("Anna", "Smit", "anna@contoso.example"), day("2026-03-12")).await;
    subscribed(browser, customer).await.split('/').nth(4).expect("an id").to_owned()
}

async fn orders(portal: &Portal) -> i64 {
    let mut conn = portal.db.read().await.expect("a reader");
    let (count,): (i64,) = crate::support::sql(&mut conn, "SELECT COUNT(*) FROM orders").one().await.expect("a count");
    count
}

fn heading(page: &Page) -> String {
    page.texts("main h1").concat()
}

on_both_databases! {
    async fn an_order_goes_from_offers_to_review_to_the_order_and_its_subscriptions(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{customer}/orders/new")).await;
        let form = quantity(quantity(form, EXCHANGE, "2 5"), AZURE, "1").with("billing_cycle", "annual");
        let path = leads_on(&sales, &form).await;
        let page = sales.get(&path).await;
        assert_eq!(
            page.texts("tbody :is(th, td)"),
            ["Exchange Online (Plan 1)", "25", "1 year", "Annual", "Azure plan", "By use", "1 month", "Monthly"]
        );
        assert_eq!(orders(portal).await, 0, "nothing is ordered yet");
        let path = leads_on(&sales, &page.form()).await;
        let page = sales.get(&path).await;
        assert!(page.main().contains("Order placed") && page.main().contains("Sales"), "{}", page.main());

        let list = sales.get(&format!("/customers/{customer}/orders")).await;
        assert_eq!(list.texts("tbody td"), ["Exchange Online (Plan 1) and 1 more", "26", "Sales"]);
        assert_eq!(list.attributes("tbody a", "href"), [path]);
        let subscriptions = sales.get(&format!("/customers/{customer}/subscriptions")).await.main();
        for part in ["Exchange Online (Plan 1)", "25", "Active", "22 Nov 2027", "On", "Azure plan", "By use"] {
            assert!(subscriptions.contains(part), "{part} is missing in {subscriptions}");
        }
        let renewals = sales.get(&format!("/customers/{customer}/renewals")).await.main();
        assert!(renewals.contains("Renews automatically") && !renewals.contains("Azure"), "{renewals}");
        let history = sales.get(&format!("/customers/{customer}/history")).await.main();
        assert!(history.contains("Sales placed an order: Exchange Online (Plan 1), Azure plan."), "{history}");
    }

    async fn whoever_is_not_confirmed_meets_the_prompt_first_and_is_back_in_the_order_afterwards(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{customer}/orders/new")).await;
        assert_eq!((page.status, heading(&page)), (200, "Contoso B.V.Complete the confirmation first".into()));
        assert!(page.main().contains("Save the confirmation and you continue with the order."));
        assert_eq!(page.form().action, format!("/customers/{customer}/agreements"));
        assert_eq!(page.form().get("next"), "order");

        let wrong = sales.submit(&anna(page.form()).with("email", "anna")).await;
        assert_eq!((wrong.status, wrong.wrong_fields()), (422, vec!["email".to_owned()]));
        assert_eq!(heading(&wrong), "Contoso B.V.Complete the confirmation first", "the prompt stays one");
        let path = leads_on(&sales, &wrong.form().with("email", "anna@contoso.example")).await;
        assert_eq!(path, format!("/customers/{customer}/orders/new"));
        let page = sales.get(&path).await;
        assert!(page.main().contains("Confirmation recorded for Contoso B.V.") && page.form().has("offer_id"));
        let account = sales.get(&format!("/customers/{customer}/account")).await.main();
        assert!(account.contains("Recorded via: Order"), "{account}");
    }

    async fn a_confirmation_that_is_lost_meanwhile_brings_the_prompt_and_keeps_every_line(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let seen = sales.form(&format!("/customers/{customer}/orders/new")).await;
        let reviewed = review(&sales, customer, EXCHANGE, "25").await;
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", Some("2026-11-02")).await;
        for form in [quantity(seen, EXCHANGE, "7"), reviewed] {
            let page = sales.submit(&form).await;
            assert_eq!((page.status, heading(&page)), (409, "Contoso B.V.Complete the confirmation first".into()));
            assert!(Uuid::try_parse(&page.form().get("draft")).is_ok(), "the order is kept");
        }
        assert_eq!((orders(portal).await, portal.events(Action::OrderBlocked).await), (0, 2));
        let list = sales.get(&format!("/customers/{customer}/history")).await.main();
        assert!(list.contains("Sales tried to place an order. Blocked: acceptance is not confirmed."), "{list}");

        let prompt = sales.submit(&review_again(&sales, customer).await).await;
        let path = leads_on(&sales, &anna(prompt.form()).with("first_name", "Bea")).await;
        let page = sales.get(&path).await;
        assert!(page.attributes("input", "value").contains(&"31".to_owned()), "the lines are kept: {path}");
        let placed = leads_on(&sales, &sales.form(&leads_on(&sales, &page.form()).await).await).await;
        assert!(sales.get(&placed).await.main().contains("31"));
    }
}

on_sqlite! {
    async fn an_order_is_refused_at_its_lines_and_keeps_them(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{customer}/orders/new")).await;
        for typed in ["0", "-1", "1.5", "1e9", "1.000", "1,000", "10001"] {
            let page = sales.submit(&quantity(form.clone(), EXCHANGE, typed)).await;
            assert_eq!(page.status, 422, "{typed}");
            assert!(page.errors()[0].starts_with("Exchange Online (Plan 1): Enter a"), "{:?}", page.errors());
            assert!(page.attributes("input", "value").contains(&typed.to_owned()), "{typed} is kept");
        }
        assert_eq!(sales.submit(&form).await.errors(), ["Order at least one licence"]);
        let page = sales.submit(&form.clone().with("offer_id", "no-such-offer").with("quantity", "5")).await;
        assert_eq!(page.status, 422, "an offer that is not sold");
        let page = sales.submit(&form.clone().with("submission", "x")).await;
        assert_eq!(page.status, 422);
        let other = portal.add_customer("Fabrikam").await;
        let draft = review(&sales, customer, EXCHANGE, "5").await.get("draft");
        for path in [
            format!("/customers/{other}/orders/new?draft={draft}"),
            format!("/customers/{customer}/orders/new?draft={}", Uuid::from_u128(7)),
        ] {
            assert_eq!(sales.get(&path).await.status, 404, "{path}");
        }
        let admin = portal.signed_in("admin").await;
        let page = admin.get(&format!("/customers/{customer}/orders/new?draft={draft}")).await;
        assert_eq!(page.status, 200, "every agent of the account may continue it");
        assert_eq!(orders(portal).await, 0);
    }
}

on_both_databases! {
    async fn one_order_comes_of_one_draft_however_often_it_is_sent(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let first = review(&sales, customer, EXCHANGE, "25").await;
        let path = format!("/customers/{customer}/orders/new?draft={}&review=on", first.get("draft"));
        let mut forms = vec![first.clone(), first];
        for _ in 0..6 {
            forms.push(sales.form(&path).await);
        }
        let answers = join_all(forms.iter().map(|form| sales.submit(form))).await;
        let mut locations: Vec<String> = answers.iter().map(Page::location).collect();
        locations.dedup();
        assert_eq!((locations.len(), orders(portal).await), (1, 1), "{locations:?}");
        assert_eq!(sales.get(&path).await.location(), locations[0]);
    }

    async fn a_number_of_licences_changes_within_limits_and_a_smaller_one_is_looked_at_once_more(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let path = subscribed(&sales, customer).await;
        for (typed, said) in [
            ("", "Enter a whole number of 1 or more"),
            ("0", "Enter a whole number of 1 or more"),
            ("-1", "Enter a whole number of 1 or more"),
            ("1,000", "Enter a whole number of 1 or more"),
            ("10001", "Enter a number from 1 to 10,000"),
            ("25", "This is already the number of licences"),
        ] {
            let page = sales.submit(&sales.form(&path).await.with("quantity", typed)).await;
            assert_eq!((page.status, page.errors()), (422, vec![said.to_owned()]), "{typed}");
            assert_eq!(page.value("quantity"), typed);
        }
        let list = leads_on(&sales, &sales.form(&path).await.with("quantity", "30")).await;
        let page = sales.get(&list).await;
        assert!(page.main().contains("25 → 30 licences, Exchange Online (Plan 1)"), "{}", page.main());
        let page = sales.submit(&sales.form(&path).await.with("quantity", "10").with("reason", "Fewer people")).await;
        assert_eq!(page.status, 200);
        assert!(page.main().contains("30 → 10 licences, 20 fewer"), "{}", page.main());
        leads_on(&sales, &page.form()).await;
        let history = sales.get(&format!("/customers/{customer}/history")).await.main();
        assert!(history.contains("Sales changed Exchange Online (Plan 1) from 30 to 10 licences."), "{history}");
        assert_eq!(portal.events(Action::QuantityChanged).await, 2);
    }

    async fn one_change_of_a_number_comes_of_one_form_however_often_it_is_sent(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let path = subscribed(&sales, customer).await;
        let form = sales.form(&path).await.with("quantity", "30");
        let mut answers = join_all((0..4).map(|_| sales.submit(&form))).await;
        answers.push(sales.submit(&form).await);
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", Some("2026-11-02")).await;
        answers.push(sales.submit(&form).await);
        for page in &answers {
            assert_eq!((page.status, page.location()), (303, format!("/customers/{customer}/subscriptions")));
        }
        let page = sales.get(&answers[5].location()).await;
        assert!(page.main().contains("25 → 30 licences, Exchange Online (Plan 1)"), "{}", page.main());
        assert_eq!(portal.events(Action::QuantityChanged).await, 1);
        let page = sales.submit(&form.with("quantity", "31")).await;
        assert_eq!(page.status, 409, "another value under the same token is another attempt");
    }

    async fn two_people_changing_one_number_lose_nothing(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let path = subscribed(&sales, customer).await;
        let seen = sales.form(&path).await.with("quantity", "40");
        leads_on(&admin, &admin.form(&path).await.with("quantity", "30")).await;
        let page = sales.submit(&seen).await;
        assert_eq!(page.status, 409);
        assert_eq!((page.value("quantity"), page.texts(".theirs")), ("40".into(), vec!["Recorded now: 30".into()]));
        leads_on(&sales, &page.form()).await;
    }

    async fn a_closed_gate_holds_a_number_of_licences_and_nothing_else(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let path = subscribed(&sales, customer).await;
        let seen = sales.form(&path).await.with("quantity", "30");
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", Some("2026-11-02")).await;
        let list = sales.get(&format!("/customers/{customer}/subscriptions")).await;
        assert!(list.main().contains("you cannot change its licence count until acceptance is confirmed"));
        assert!(!list.main().contains("Change licence count"), "{}", list.main());
        let page = sales.get(&path).await;
        let way_out = page.attributes("a.primary", "href").remove(0);
        assert!(way_out.starts_with(&format!("/customers/{customer}/agreements/new?next=quantity")), "{way_out}");

        let prompt = sales.submit(&seen).await;
        assert_eq!((prompt.status, heading(&prompt)), (409, "Contoso B.V.Complete the confirmation first".into()));
        assert_eq!(portal.events(Action::QuantityBlocked).await, 1);
        let back = leads_on(&sales, &anna(prompt.form()).with("first_name", "Bea")).await;
        assert_eq!(back, format!("{path}?quantity=30"));
        let page = sales.get(&back).await;
        assert_eq!(page.value("quantity"), "30", "exactly this change");
        leads_on(&sales, &page.form()).await;
        assert_eq!(portal.events(Action::QuantityChanged).await, 1);
    }

    async fn suspending_and_auto_renew_are_never_gated(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let path = subscribed(&sales, customer).await;
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", Some("2026-11-02")).await;
        let list = format!("/customers/{customer}/subscriptions");
        let forms = async || {
            let page = sales.get(&list).await;
            let tokens = page.attributes(".row-acts form [name=submission]", "value");
            let etags = page.attributes(".row-acts form [name=etag]", "value");
            (tokens, etags)
        };
        let base = path.trim_end_matches("/quantity").to_owned();
        for (tail, name, value, said) in [
            ("status", "status", "suspended", "Subscription suspended"),
            ("status", "status", "active", "Subscription reactivated"),
            ("auto-renew", "auto_renew", "off", "Auto-renew switched off"),
            ("auto-renew", "auto_renew", "on", "Auto-renew switched on"),
        ] {
            let (tokens, etags) = forms().await;
            let fields = [("submission", tokens[0].as_str()), ("etag", &etags[0]), (name, value)];
            let page = sales.post(&format!("{base}/{tail}"), &fields).await;
            assert_eq!(page.status, 303, "{said}: {}", page.main());
            let page = sales.get(&page.location()).await;
            assert!(page.main().contains(said), "{said}: {}", page.main());
            if value == "off" {
                let renewals = sales.get(&format!("/customers/{customer}/renewals")).await.main();
                assert!(renewals.contains("cannot be renewed until acceptance is confirmed"), "{renewals}");
            }
        }
        let (tokens, _) = forms().await;
        let stale = [("submission", tokens[0].as_str()), ("etag", "1"), ("status", "suspended")];
        assert_eq!(sales.post(&format!("{base}/status"), &stale).await.status, 409);
        let nothing = [("submission", tokens[0].as_str()), ("status", "exploded")];
        assert_eq!(sales.post(&format!("{base}/status"), &nothing).await.status, 422);
    }

    async fn a_page_left_open_switches_each_of_its_subscriptions_once(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        subscribed(&sales, customer).await;
        leads_on(&sales, &review(&sales, customer, AZURE, "1").await).await;
        let page = sales.get(&format!("/customers/{customer}/subscriptions")).await;
        let tokens = page.attributes(".row-acts form [name=submission]", "value");
        let actions = page.attributes(".row-acts form", "action");
        assert_eq!((tokens.len(), actions.len()), (2, 2));
        for (token, action) in tokens.iter().zip(&actions) {
            for once_more in [false, true] {
                let answer = sales.post(action, &[("submission", token), ("etag", "1"), ("status", "suspended")]).await;
                assert_eq!(answer.status, 303, "{action} {once_more}: {}", answer.main());
            }
            let other = sales.post(action, &[("submission", token), ("etag", "2"), ("status", "active")]).await;
            assert_eq!(other.status, 409, "the token of the page has served {action}");
        }
        assert_eq!(portal.events(Action::SubscriptionSuspended).await, 2);
    }

    async fn a_suspended_subscription_keeps_its_number_and_what_is_charged_by_use_has_none(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let path = subscribed(&sales, customer).await;
        let mut direct = Direct::connect(&portal.location).await;
        let form = sales.form(&path).await.with("quantity", "30");
        let page = sales.get(&format!("/customers/{customer}/subscriptions")).await;
        let token = page.attributes(".row-acts form [name=submission]", "value").remove(0);
        let fields = [("submission", token.as_str()), ("etag", "1"), ("status", "suspended")];
        sales.post(&path.replace("/quantity", "/status"), &fields).await;
        let page = sales.submit(&form.with("etag", "2")).await;
        assert_eq!(page.status, 422);
        assert!(page.errors()[0].contains("suspended"), "{:?}", page.errors());
        leads_on(&sales, &review(&sales, customer, AZURE, "1").await).await;
        assert_eq!(direct.text("SELECT CAST(COUNT(*) AS TEXT) FROM subscriptions WHERE billing = 'usage'").await, "1");
        let list = sales.get(&format!("/customers/{customer}/subscriptions")).await;
        assert_eq!(list.attributes(".row-acts a", "href").len(), 1, "one way to change a number, of the licences");
    }
}

on_sqlite! {
    async fn who_may_order_follows_role_cloud_and_partner_type(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let new_order = format!("/customers/{customer}/orders/new");
        let manager = portal.signed_in("manager").await;
        assert_eq!(manager.get(&new_order).await.status, 403);
        for page in ["orders", "subscriptions", "renewals"] {
            let page = manager.get(&format!("/customers/{customer}/{page}")).await;
            assert_eq!(page.status, 200);
            assert!(!page.main().contains("New order"), "{}", page.main());
        }
        let national = PartnerAccount { cloud: Cloud::Vianet, ..portal.account.clone() };
        portal.set_account(&national).await;
        let sales = portal.signed_in("sales").await;
        leads_on(&sales, &review(&sales, customer, EXCHANGE, "5").await).await;
        let reseller = PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() };
        portal.set_account(&reseller).await;
        let page = sales.get(&new_order).await;
        assert!(page.main().contains("Your indirect provider has to confirm it"), "{}", page.main());
        let page = sales.get(&format!("/customers/{customer}/subscriptions")).await;
        assert!(page.main().contains("Its indirect provider confirms"), "{}", page.main());
    }
}

on_both_databases! {
    async fn the_pages_of_orders_and_subscriptions_take_as_many_statements_for_many_rows_as_for_few(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let paths = ["subscriptions", "orders", "renewals"].map(|page| format!("/customers/{customer}/{page}"));
        let mut counts = Vec::new();
        // A second page begins at the 51st.
        for number in 1..=60 {
            leads_on(&sales, &review(&sales, customer, EXCHANGE, "25").await).await;
            if [10, 60].contains(&number) {
                counts.push(statements(portal, &sales, &paths).await);
            }
        }
        assert_eq!(counts[0], counts[1], "statements of {paths:?}");
    }

    async fn what_was_typed_when_the_session_ended_comes_back_in_the_order(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = quantity(sales.form(&format!("/customers/{customer}/orders/new")).await, EXCHANGE, "25");
        portal.clock.advance(TimeDelta::minutes(31));
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 401);
        let sign_in = page.form().with("email", &crate::support::portal::email("sales"));
        let sign_in = sign_in.with("password", crate::support::portal::PASSWORD);
        let page = sales.follow(sales.submit(&sign_in).await).await;
        assert!(page.attributes("input", "value").contains(&"25".to_owned()), "{}", page.body);
    }

    async fn no_order_and_no_licence_passes_a_gate_that_closes_beside_it(portal) {
        let customer = confirmed(portal, "Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let path = subscribed(&sales, customer).await;
        let mut placed = 1;
        let mut blocked = 0;
        for round in 0..12_u32 {
            let mut forms = Vec::new();
            for _ in 0..3 {
                forms.push(review(&sales, customer, EXCHANGE, "5").await);
            }
            forms.push(sales.form(&path).await.with("quantity", &(100 + round).to_string()));
            let mut published = String::new();
            write!(published, "2026-10-{:02}", round + 1).expect("text");
            let label = format!("Version {round}");
            let close = portal.add_version(&label, &published, Some("2026-11-01"));
            let (answers, _) = tokio::join!(join_all(forms.iter().map(|form| sales.submit(form))), close);
            for page in &answers {
                assert!([303, 409].contains(&page.status), "{}", page.main());
            }
            placed += answers[..3].iter().filter(|page| page.status == 303).count();
            blocked += answers.iter().filter(|page| page.status == 409).count();
            portal.confirm(customer, &person("Anna", &format!("Round {round}"), "anna@contoso.example"), day("2026-11-20")).await;
        }
        assert_eq!(orders(portal).await, i64::try_from(placed).expect("a number"));
        assert!(blocked > 0, "the gate never closed in time");
        portal.assert_gate_held().await;
    }
}

/// Fills an order in again, for a customer whose gate is closed: the form that reviews it.
async fn review_again(browser: &Browser, customer: Uuid) -> Form {
    // The page shows the prompt; the offers come as a browser had them open.
    let prompt = browser.get(&format!("/customers/{customer}/orders/new")).await;
    assert_eq!(prompt.form().get("next"), "order");
    let token = portal_token(browser, customer).await;
    Form {
        action: format!("/customers/{customer}/orders/new"),
        fields: vec![
            ("submission".into(), token),
            ("offer_id".into(), EXCHANGE.into()),
            ("quantity".into(), "31".into()),
            ("billing_cycle".into(), "monthly".into()),
            ("term_duration".into(), "P1Y".into()),
        ],
    }
}

/// A token of the order form: a form sent without one brings another.
async fn portal_token(browser: &Browser, customer: Uuid) -> String {
    let path = format!("/customers/{customer}/orders/new");
    let page = browser.post(&path, &[("offer_id", EXCHANGE), ("quantity", "31")]).await;
    assert_eq!(page.status, 422);
    page.form().get("submission")
}
