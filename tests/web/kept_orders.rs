//! Orders that are not placed: whoever of the account finds one again may continue or discard it.

use chrono::TimeDelta;
use countersign::domain::role::Role;
use reqwest::Method;
use uuid::Uuid;

use super::orders::{EXCHANGE, quantity};
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        portal::{account, day, person},
    },
};

/// Orders that the gate refused, since a version became mandatory while the forms were filled in.
async fn blocked_orders(portal: &Portal, browser: &Browser, orders: &[(&str, &str)]) -> Vec<(Uuid, Page)> {
    let anna = person("Anna", "de Vries", "anna@contoso.example");
    let mut forms = Vec::new();
    for (name, licences) in orders {
        let customer = portal.add_customer(name).await;
        portal.confirm(customer, &anna, day("2026-03-12")).await;
        let form = browser.form(&format!("/customers/{customer}/orders/new")).await;
        forms.push((customer, quantity(form, EXCHANGE, licences)));
    }
    portal.add_version("Newer", "2026-11-01", Some("2026-11-22")).await;
    let mut refused = Vec::new();
    for (customer, form) in forms {
        let page = browser.submit(&form).await;
        assert_eq!(page.status, 409, "{}", page.main());
        refused.push((customer, page));
        portal.clock.advance(TimeDelta::seconds(1));
    }
    refused
}

/// One of them, and its draft.
async fn blocked_order(portal: &Portal, browser: &Browser) -> (Uuid, Page, String) {
    let (customer, page) = blocked_orders(portal, browser, &[("Contoso", "25")]).await.remove(0);
    let draft = page.form_at(&format!("/customers/{customer}/agreements")).get("draft");
    (customer, page, draft)
}

async fn waiting(browser: &Browser) -> Vec<String> {
    browser.get("/status").await.texts("section[aria-labelledby=blocked] tbody tr")
}

const NOTHING: [&str; 0] = [];

on_both_databases! {
    async fn a_refused_order_is_found_again_wherever_one_looks_for_it(portal) {
        let sales = portal.signed_in("sales").await;
        let manager = portal.signed_in("manager").await;
        let (customer, prompt, draft) = blocked_order(portal, &sales).await;
        assert!(prompt.main().contains("Your order lines are saved."), "{}", prompt.main());
        assert_eq!(prompt.texts(".kept .t"), ["25 × Exchange Online (Plan 1)"]);
        assert!(prompt.texts(".msg.warn").concat().contains("A newer version of the agreement is mandatory."));
        let discard = format!("/customers/{customer}/orders/drafts/{draft}/discard");
        assert_eq!(prompt.attributes(".kept form", "action"), [discard]);
        assert_eq!(prompt.attributes(".kept a", "href"), NOTHING, "the form itself continues it");

        let on = format!("/customers/{customer}/orders/new?draft={draft}");
        for page in ["account", "orders", "orders/new"] {
            let page = sales.get(&format!("/customers/{customer}/{page}")).await;
            assert_eq!(page.texts(".kept .t"), ["25 × Exchange Online (Plan 1)"]);
            assert_eq!(page.attributes(".kept a", "href"), std::slice::from_ref(&on));
            let said = page.texts(".kept .meta").concat();
            assert!(said.starts_with("Blocked: since today · Saved 22 November 2026 10:05 CET by Sales"), "{said}");
        }
        // Whoever may not order sees the lines.
        let page = manager.get(&format!("/customers/{customer}/orders")).await;
        assert_eq!(page.texts(".kept .t"), ["25 × Exchange Online (Plan 1)"]);
        assert_eq!(page.texts(".kept :is(a, form)"), NOTHING);
        let links = "section[aria-labelledby=blocked] td a";
        assert_eq!(manager.get("/status").await.attributes(links, "href"), [format!("/customers/{customer}/orders")]);
        assert_eq!(sales.get("/status").await.attributes(links, "href"), [on]);
    }

    async fn a_colleague_continues_it_and_becomes_its_agent(portal) {
        let sales = portal.signed_in("sales").await;
        let admin = portal.signed_in("admin").await;
        let (customer, _, draft) = blocked_order(portal, &sales).await;
        let path = format!("/customers/{customer}/orders/new?draft={draft}");
        assert_eq!(admin.get(&path).await.status, 200);
        assert!(waiting(&admin).await.concat().contains("Sales"), "looking at it changes nothing");

        portal.confirm(customer, &person("Bea", "Smit", "bea@contoso.example"), day("2026-11-20")).await;
        assert_eq!(waiting(&admin).await, NOTHING, "nothing is blocked any more");
        let account = admin.get(&format!("/customers/{customer}/account")).await;
        assert!(account.texts(".kept .meta").concat().starts_with("Saved"), "{}", account.main());
        let form = admin.form(&path).await;
        let review = admin.form(&admin.submit(&quantity(form, EXCHANGE, "31")).await.location()).await;
        let account = admin.get(&format!("/customers/{customer}/account")).await;
        assert!(account.texts(".kept .meta").concat().ends_with("by Admin"), "{}", account.main());
        let placed = admin.submit(&review).await;
        assert_eq!(placed.status, 303, "{}", placed.main());
        assert_eq!(admin.get(&format!("/customers/{customer}/account")).await.texts(".kept"), NOTHING);
        // The one who left it is led to the order.
        assert_eq!(sales.get(&path).await.location(), placed.location());
    }

    async fn it_is_discarded_by_any_agent_and_only_of_its_own_customer_and_account(portal) {
        let zuiderzon = account("Zuiderzon");
        portal.add_account(&zuiderzon).await;
        portal.add_user("neighbour", Role::AdminAgent, &[zuiderzon]).await;
        let sales = portal.signed_in("sales").await;
        let admin = portal.signed_in("admin").await;
        let manager = portal.signed_in("manager").await;
        let neighbour = portal.signed_in("neighbour").await;
        let refused = blocked_orders(portal, &sales, &[("Contoso", "25"), ("Fabrikam", "7")]).await;
        let (customer, other) = (refused[0].0, refused[1].0);
        let draft = refused[0].1.form_at(&format!("/customers/{customer}/agreements")).get("draft");
        let discard = |customer: Uuid| format!("/customers/{customer}/orders/drafts/{draft}/discard");
        for (browser, customer, status) in [(&manager, customer, 403), (&neighbour, customer, 404), (&admin, other, 404)] {
            assert_eq!(browser.post(&discard(customer), &[]).await.status, status);
        }
        assert_eq!(sales.send(Method::GET, &discard(customer), None, &[]).await.status, 405);
        assert_eq!(waiting(&admin).await.len(), 2);
        let page = admin.post(&discard(customer), &[]).await;
        assert_eq!((page.status, page.location()), (303, format!("/customers/{customer}/orders")));
        let page = admin.follow(page).await;
        assert!(page.texts(".msg.ok").concat().contains("Order discarded") && page.texts(".kept").is_empty(), "{}", page.main());
        assert_eq!(waiting(&admin).await.len(), 1);
        assert_eq!(admin.post(&discard(customer), &[]).await.status, 404, "it is gone");
        assert_eq!(sales.get(&format!("/customers/{customer}/orders/new?draft={draft}")).await.status, 404);
    }

    async fn only_what_somebody_tried_to_place_counts_and_for_fourteen_days(portal) {
        let sales = portal.signed_in("sales").await;
        // An order form that is left at its review while the gate is open.
        let fabrikam = portal.add_customer("Fabrikam").await;
        portal.confirm(fabrikam, &person("Anna", "de Vries", "anna@fabrikam.example"), day("2026-11-20")).await;
        let form = quantity(sales.form(&format!("/customers/{fabrikam}/orders/new")).await, EXCHANGE, "7");
        assert_eq!(sales.submit(&form).await.status, 303);
        let (customer, ..) = blocked_order(portal, &sales).await;
        let rows = waiting(&sales).await;
        assert!(rows.len() == 1 && rows[0].contains("Contoso"), "{rows:?}");
        assert_eq!(sales.get("/status").await.texts("#blocked ~ .meta"), ["1 order waits for a confirmation", "25 licences"]);
        let account = sales.get(&format!("/customers/{fabrikam}/account")).await;
        assert_eq!(account.texts(".kept .t"), ["7 × Exchange Online (Plan 1)"], "but it is found again");

        portal.clock.advance(TimeDelta::days(13));
        let sales = portal.signed_in("sales").await;
        assert!(waiting(&sales).await.concat().contains("13 days"));
        portal.clock.advance(TimeDelta::days(1));
        let sales = portal.signed_in("sales").await;
        assert_eq!(waiting(&sales).await, NOTHING);
        let account = sales.get(&format!("/customers/{customer}/account")).await;
        assert_eq!(account.texts(".kept .t"), ["25 × Exchange Online (Plan 1)"], "it can be continued all the same");
    }

    async fn a_gate_that_was_open_meanwhile_ended_it(portal) {
        let sales = portal.signed_in("sales").await;
        let (customer, ..) = blocked_order(portal, &sales).await;
        assert_eq!(waiting(&sales).await.len(), 1);
        portal.confirm(customer, &person("Bea", "Smit", "bea@contoso.example"), day("2026-11-20")).await;
        assert_eq!(waiting(&sales).await, NOTHING);
        portal.add_version("Newest", "2026-11-02", Some("2026-11-22")).await;
        assert_eq!(waiting(&sales).await, NOTHING, "nobody has tried since");
    }
}

on_sqlite! {
    async fn more_orders_than_the_list_holds_come_first_among_the_most_urgent(portal) {
        let sales = portal.signed_in("sales").await;
        let names: Vec<String> = (0..12).map(|number| format!("Customer {number:02}")).collect();
        let orders: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "3")).collect();
        blocked_orders(portal, &sales, &orders).await;
        portal.add_customer("Without an order").await;
        let page = sales.get("/status").await;
        assert_eq!(page.texts("#blocked ~ .meta"), ["12 orders wait for a confirmation", "36 licences"]);
        assert_eq!(page.texts("section[aria-labelledby=blocked] tbody tr").len(), 10);
        assert_eq!(page.texts("#urgent"), ["Most urgent after these"]);
        let urgent = page.texts("section[aria-labelledby=urgent] tbody th");
        assert_eq!(urgent, ["Customer 10", "Customer 11", "Without an order"]);
        let why = page.texts("section[aria-labelledby=urgent] tbody td:nth-child(2)");
        assert_eq!(why[..2], ["Order blocked: since today", "Order blocked: since today"]);
        assert!(page.body.len() < 50_000, "{} bytes", page.body.len());
    }
}
