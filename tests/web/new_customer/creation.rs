//! Create customer: everything or nothing, once, and as it was reviewed.

use countersign::domain::audit::Action;
use futures_util::future::join_all;
use serde_json::Value;

use super::{EXCHANGE, created, customers, leads_on, quantity, step_1, to_review, with};
use crate::{
    on_both_databases,
    support::{Page, Portal, direct::Direct, portal::account},
};

/// Someone other than the primary contact.
const WIM: [(&str, &str); 6] = [
    ("accepted", "on"),
    ("acceptor", "other"),
    ("first_name", "Wim"),
    ("last_name", "Bakker"),
    ("email", "wim.bakker@holding.example"),
    ("phone_number", "020 555 01 17"),
];

/// How many rows each table has that a creation writes to, drafts aside.
async fn rows(portal: &Portal) -> Vec<String> {
    let mut direct = Direct::connect(&portal.location).await;
    let mut rows = Vec::new();
    for table in
        ["customers", "agreements", "orders", "order_lines", "subscriptions", "temporary_passwords", "audit_log"]
    {
        rows.push(direct.text(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await);
    }
    rows
}

fn wrong(page: &Page) -> (u16, Vec<String>) {
    (page.status, page.wrong_fields())
}

on_both_databases! {
    async fn whoever_accepted_instead_of_the_contact_is_recorded_found_and_in_the_log(portal) {
        let sales = portal.signed_in("sales").await;
        let (id, page) = created(&sales, &with(step_1(&sales).await, &WIM)).await;
        assert!(page.main().contains("Wim Bakker accepted"), "{}", page.main());
        let agreements = sales.get(&format!("/customers/{id}/agreements")).await.main();
        for part in [
            "Wim Bakker", "wim.bakker@holding.example", "020 555 01 17", "20 November 2026",
            "Microsoft Customer Agreement, January 2020", "Sales, 22 November 2026 10:05 CET", "New customer", "Confirmed",
        ] {
            assert!(agreements.contains(part), "{part} is missing in {agreements}");
        }
        assert!(!agreements.contains("Lotte"), "{agreements}");
        let account = sales.get(&format!("/customers/{id}/account")).await.main();
        assert!(account.contains("Lotte van der Berg") && account.contains("Wim Bakker"), "{account}");
        for q in ["hartog", "banketbakkerij", "lotte", "van%20der%20berg", "lotte@hartog.example", "wim%20bakker", "bakker", "wim.bakker@holding"] {
            let list = sales.get(&format!("/customers?q={q}")).await;
            assert_eq!(list.attributes("tbody th a", "href").len(), 1, "{q}");
        }
        let orders = sales.get(&format!("/customers/{id}/orders")).await.main();
        assert!(orders.contains("Exchange Online (Plan 1)") && orders.contains("25"), "{orders}");
        let subscriptions = sales.get(&format!("/customers/{id}/subscriptions")).await.main();
        assert!(subscriptions.contains("Exchange Online (Plan 1)") && subscriptions.contains("25"), "{subscriptions}");

        let mut direct = Direct::connect(&portal.location).await;
        let log = direct.rows("SELECT action, actor_name, detail FROM audit_log ORDER BY seq").await;
        let log: Vec<_> = log.iter().filter(|row| row[1] == "Sales" && row[0] != "signed_in").collect();
        let actions: Vec<&str> = log.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(actions, ["customer_created", "acceptance_confirmed", "order_placed"]);
        let detail = |place: usize| serde_json::from_str::<Value>(&log[place][2]).expect("JSON");
        assert_eq!(detail(0)["domain"], "hartog.onmicrosoft.com");
        assert_eq!(detail(0)["country"], "NL");
        assert_eq!(detail(1)["channel"], "new_customer");
        assert_eq!(detail(2)["items"][0]["quantity"], 25);
        portal.assert_sound().await;
    }

    async fn one_form_sent_sixteen_times_at_once_is_one_customer(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let form = sales.form(&review).await;
        let answers = join_all((0..16).map(|_| sales.submit(&form))).await;
        for page in &answers {
            assert_eq!((page.status, page.location()), (303, answers[0].location()), "{}", page.main());
        }
        assert_eq!(rows(portal).await[..6], ["1"; 6]);
        // What is sent later still leads there, and so does every step of the draft.
        assert_eq!(sales.submit(&form).await.location(), answers[0].location());
        assert_eq!(sales.submit(&form.clone().with("etag", "99")).await.location(), answers[0].location());
        for step in ["/account", "/subscriptions", "/review"] {
            let page = sales.get(&review.replace("/review", step)).await;
            assert_eq!((page.status, page.location()), (303, answers[0].location()), "{step}");
        }
        let discard = review.replace("/review", "/discard");
        assert_eq!(sales.post(&discard, &[]).await.status, 404, "there is no draft to throw away");
        assert_eq!(customers(portal).await, 1);
    }

    async fn of_eight_drafts_with_one_domain_one_wins_and_every_other_is_still_there(portal) {
        let sales = portal.signed_in("sales").await;
        let mut reviews = Vec::new();
        for _ in 0..8 {
            let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
            reviews.push(sales.form(&review).await);
        }
        let answers = join_all(reviews.iter().map(|form| sales.submit(form))).await;
        let mut statuses: Vec<u16> = answers.iter().map(|page| page.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409, 409, 409, 409, 409, 409, 409]);
        assert_eq!(rows(portal).await[..6], ["1"; 6], "nothing of the others");
        for (page, form) in answers.iter().zip(&reviews).filter(|(page, _)| page.status == 409) {
            assert_eq!(page.errors(), ["A customer with the domain hartog.onmicrosoft.com exists already. Choose another domain"]);
            let page = sales.get(&form.action).await;
            assert_eq!(page.status, 200);
            assert!(page.texts("#company .msg").concat().contains("hartog.onmicrosoft.com exists already"));
            assert!(page.main().contains("25 licences"), "the draft is whole: {}", page.main());
        }
        assert_eq!(sales.get("/customers").await.texts(".drafts li").len(), 7);
    }

    async fn a_domain_taken_between_next_and_create_creates_nothing(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let form = sales.form(&review).await;
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        portal.add_customer_to(&other, "Hartog", None).await;
        assert!(!sales.get(&review).await.main().contains("exists already"), "another account's customers do not count");
        portal.add_customer("Hartog").await;
        let before = rows(portal).await;
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 409);
        assert_eq!(page.errors(), ["A customer with the domain hartog.onmicrosoft.com exists already. Choose another domain"]);
        assert_eq!(rows(portal).await, before, "not even an event");
        let page = sales.submit(&sales.form(&review.replace("/review", "/account")).await).await;
        assert_eq!(wrong(&page), (422, vec!["domain_prefix".to_owned()]));
        assert_eq!(leads_on(&sales, &page.form().with("domain_prefix", "hartog2")).await, review);
        leads_on(&sales, &sales.form(&review).await).await;
    }

    async fn a_version_that_is_new_at_any_step_is_named_and_never_recorded_unseen(portal) {
        let sales = portal.signed_in("sales").await;
        let label = "Microsoft Customer Agreement, November 2026";
        let seen = step_1(&sales).await.with("accepted", "on");
        let unticked = to_review(&sales, &step_1(&sales).await.with("domain_prefix", "hartog2")).await;
        let unticked = sales.form(&unticked).await;
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let old = portal.latest_version().await;
        portal.add_version(label, "2026-11-01", Some("2026-11-02")).await;

        let page = sales.submit(&seen).await;
        assert_eq!(page.status, 409);
        assert!(page.errors()[0].contains(label), "{:?}", page.errors());
        assert_eq!((page.value("city"), page.value("date_agreed")), ("Amsterdam".into(), "20 nov 2026".into()));
        let latest = portal.latest_version().await;
        assert_eq!(page.value("agreement_version"), latest.id.to_string());

        let page = sales.get(&review).await;
        assert!(page.texts("#agreement .msg").concat().contains(label), "{}", page.main());
        let before = rows(portal).await;
        let page = sales.submit(&page.form()).await;
        assert_eq!(page.status, 409);
        assert_eq!(rows(portal).await, before);
        let step = sales.form(&review.replace("/review", "/account")).await;
        assert_eq!(step.get("agreement_version"), latest.id.to_string());
        let tampered = sales.submit(&step.clone().with("agreement_version", &old.id.to_string())).await;
        assert_eq!(tampered.status, 409, "the version before is not taken");
        assert_eq!(leads_on(&sales, &sales.form(&review.replace("/review", "/account")).await).await, review);
        let path = leads_on(&sales, &sales.form(&review).await).await;
        let page = sales.get(&path).await;
        assert!(page.main().contains(label) && page.main().contains("25 licences"), "{}", page.main());
        leads_on(&sales, &unticked).await;
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 1, "an unticked draft waits for no version");
    }

    async fn a_draft_that_is_thrown_away_and_created_at_once_does_one_of_both(portal) {
        let sales = portal.signed_in("sales").await;
        let mut expected = 0;
        for round in 0..6 {
            let form = step_1(&sales).await.with("domain_prefix", &format!("hartog{round}"));
            let review = to_review(&sales, &form).await;
            let (create, discard) = (sales.form(&review).await, review.replace("/review", "/discard"));
            let (create, discard) = tokio::join!(sales.submit(&create), sales.post(&discard, &[]));
            assert!(matches!((create.status, discard.status), (303, 404) | (404, 303)), "{} {}", create.status, discard.status);
            expected += i64::from(create.status == 303);
            assert_eq!(customers(portal).await, expected);
        }
    }

    async fn of_an_offer_that_comes_twice_review_shows_what_is_ordered(portal) {
        let sales = portal.signed_in("sales").await;
        let path = leads_on(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let mut form = quantity(sales.form(&path).await, EXCHANGE, "3");
        form.fields.extend([("offer_id".into(), EXCHANGE.into()), ("quantity".into(), "9000".into())]);
        let review = leads_on(&sales, &form).await;
        let page = sales.get(&review).await;
        assert_eq!(page.texts("#subscriptions dd")[0], "Exchange Online (Plan 1): 3 licences");
        let page = sales.get(&leads_on(&sales, &page.form()).await).await;
        assert!(page.main().contains("Exchange Online (Plan 1): 3 licences") && !page.main().contains("9,000"));
        let mut direct = Direct::connect(&portal.location).await;
        assert_eq!(direct.text("SELECT CAST(SUM(quantity) AS TEXT) FROM order_lines").await, "3");
    }

    async fn a_tampered_offer_is_not_found_and_keeps_what_was_there(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let form = sales.form(&review.replace("/review", "/subscriptions")).await;
        for id in ["no-such-offer", "", " ", &EXCHANGE.to_lowercase(), &format!("{EXCHANGE} "), "' OR 1=1 --"] {
            let mut tampered = form.clone();
            tampered.fields.extend([("offer_id".into(), id.into()), ("quantity".into(), "1".into())]);
            assert_eq!(sales.submit(&tampered).await.status, 404, "{id:?}");
        }
        for typed in ["-5", "٣", "1\u{a0}0\u{2212}", "0x10", "99999999999999999999", "1e3"] {
            let page = sales.submit(&quantity(form.clone(), EXCHANGE, typed)).await;
            assert_eq!(page.status, 422, "{typed}");
        }
        let page = sales.get(&review).await;
        assert_eq!(page.location(), review.replace("/review", "/subscriptions"), "what is wrong is mended first");
        leads_on(&sales, &quantity(form, EXCHANGE, "25")).await;
        leads_on(&sales, &sales.form(&review).await).await;
    }

    async fn a_possible_duplicate_is_one_of_this_account_and_country_or_with_this_number(portal) {
        let sales = portal.signed_in("sales").await;
        let hungary = [("country", "HU"), ("contact_phone_number", "+36 1 555 0117"), ("postal_code", "1037")];
        let number = ("organization_registration_number", "01234567890");
        let (dutch, _) = created(&sales, &step_1(&sales).await).await;
        let form = with(with(step_1(&sales).await, &hungary), &[number, ("domain_prefix", "hartoghu"), ("company_name", "Budapest Kft.")]);
        let (hungarian, _) = created(&sales, &form).await;
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        portal.add_customer_to(&other, "Banketbakkerij Hartog & Zn. B.V.", None).await;

        let lookalikes = async |fields: &[(&str, &str)]| {
            let form = with(step_1(&sales).await, &[("domain_prefix", "hartog3")]);
            let review = sales.get(&to_review(&sales, &with(form, fields)).await).await;
            (review.attributes("#lookalikes a", "href"), review.form())
        };
        let account_of = |id| vec![format!("/customers/{id}/account")];
        assert_eq!(lookalikes(&[("company_name", "bánketbakkerij HARTOG & zn. b.v.")]).await.0, account_of(dutch));
        assert!(lookalikes(&[("country", "BE"), ("postal_code", "1000")]).await.0.is_empty(), "another country");
        assert!(lookalikes(&[("company_name", "Hartog & Zn. B.V.")]).await.0.is_empty(), "another name");
        // Imported, of a country that is not known.
        let twins = [portal.add_customer("Contoso Twin").await, portal.add_customer("CONTÓSO twin").await];
        let mut imported = twins.map(|id| format!("/customers/{id}/account")).to_vec();
        imported.sort_unstable();
        for name in ["contoso TWIN", " Contóso  Twin "] {
            let mut found = lookalikes(&[("company_name", name)]).await.0;
            found.sort_unstable();
            assert_eq!(found, imported, "{name}");
        }
        let again: Vec<(&str, &str)> = hungary.into_iter().chain([("organization_registration_number", "01 234 567 890"), ("company_name", "Debrecen Kft.")]).collect();
        let (found, form) = lookalikes(&again).await;
        assert_eq!(found, account_of(hungarian));
        leads_on(&sales, &form).await;
        assert_eq!(portal.events(Action::CustomerCreated).await, 3, "a hint never stops anybody");
    }

    async fn a_customer_without_subscriptions_is_confirmed_and_one_of_another_country_orders_what_is_sold_there(portal) {
        let sales = portal.signed_in("sales").await;
        let path = leads_on(&sales, &step_1(&sales).await.with("accepted", "on")).await;
        let skip = quantity(sales.form(&path).await, EXCHANGE, "25").with("skip", "on");
        let review = leads_on(&sales, &skip).await;
        assert!(!sales.get(&review).await.main().contains("25 licences"), "Skip orders nothing");
        let path = leads_on(&sales, &sales.form(&review).await).await;
        assert!(sales.get(&path).await.main().contains("Confirmed"));
        assert_eq!((portal.events(Action::AcceptanceConfirmed).await, portal.events(Action::OrderPlaced).await), (1, 0));
        let abroad = [("country", "US"), ("state", "WA"), ("postal_code", "98052"), ("domain_prefix", "hartogus"), ("accepted", "on")];
        let (id, _) = created(&sales, &with(step_1(&sales).await, &abroad)).await;
        let account = sales.get(&format!("/customers/{id}/account")).await.main();
        assert!(account.contains("United States") && account.contains("Washington"), "{account}");
    }
}
