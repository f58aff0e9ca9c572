//! Customers who are selected in the list and confirmed with one date.

use chrono::TimeDelta;
use countersign::domain::{audit::Action, role::Role};
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        browser::Form,
        portal::{account, day, person},
    },
};

/// A customer with a primary contact of this first name.
async fn with_contact(portal: &Portal, browser: &Browser, name: &str, first: &str) -> Uuid {
    let id = portal.add_customer(name).await;
    set_contact(browser, id, first).await;
    id
}

async fn set_contact(browser: &Browser, id: Uuid, first: &str) {
    let form = browser.form(&format!("/customers/{id}/account/contact")).await;
    let form = form
        .with("contact_first_name", first)
        .with("contact_last_name", "Smit")
        .with("contact_email", &format!("{}@contoso.example", first.to_lowercase()));
    assert_eq!(browser.submit(&form).await.status, 303);
}

/// Takes customers to the check page.
async fn select(browser: &Browser, ids: &[Uuid]) -> Page {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let ticked = ids.iter().map(|id| ("customer", id.as_str()));
    let fields: Vec<_> = [("step", "check"), ("status", "blocked")].into_iter().chain(ticked).collect();
    let answer = browser.post("/customers/confirm", &fields).await;
    assert_eq!(answer.status, 303, "{:?}", answer.errors());
    assert!(answer.location().starts_with("/customers/confirm?selection="), "{}", answer.location());
    browser.follow(answer).await
}

fn attested(page: &Page) -> Form {
    page.form().with("date_agreed", "12-3-2026").with("attest", "on")
}

/// The rows of the table with this heading: company, and why.
fn left_out(page: &Page) -> Vec<(String, String)> {
    let section = "section[aria-labelledby=h-left-out] tbody";
    let names = page.texts(&format!("{section} th"));
    names.into_iter().zip(page.texts(&format!("{section} td:nth-child(2)"))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, why)| ((*name).to_owned(), (*why).to_owned())).collect()
}

const NO_CONTACT: &str = "The primary contact has no first name, last name or email address.";
const ALREADY: &str = "Acceptance is already confirmed.";
const CHANGED: &str = "The primary contact was changed after you selected this customer.";
const NOT_FOUND: &str = "This customer does not exist in this account.";

on_both_databases! {
    async fn selected_customers_are_confirmed_each_by_its_primary_contact(portal) {
        let sales = portal.signed_in("sales").await;
        let adatum = with_contact(portal, &sales, "Adatum", "Anna").await;
        let contoso = with_contact(portal, &sales, "Contoso", "Bo").await;
        let fabrikam = portal.add_customer("Fabrikam").await;
        let confirmed = with_contact(portal, &sales, "Woodgrove", "Cas").await;
        portal.confirm(confirmed, &person("Dee", "Smit", "dee@contoso.example"), day("2026-03-01")).await;
        let other = account("Zuiderzon");
        portal.add_account(&other).await;
        let foreign = portal.add_customer_to(&other, "Geheim", None).await;
        let (events, writes) = (portal.events(Action::AcceptanceConfirmed).await, portal.writes().await);

        let check = select(&sales, &[adatum, contoso, fabrikam, confirmed, foreign, adatum]).await;
        assert_eq!(portal.writes().await, writes, "nothing is recorded yet");
        assert_eq!(check.texts("h1"), ["Confirm 2 customers with one date"]);
        assert_eq!(check.texts(".lead"), ["5 selected. 3 customers are not included."]);
        assert_eq!(check.texts("section[aria-labelledby=h-rows] th a"), ["Adatum", "Contoso"]);
        assert_eq!(
            check.texts("section[aria-labelledby=h-rows] td:nth-child(2)"),
            ["Anna Smitanna@contoso.example", "Bo Smitbo@contoso.example"]
        );
        let expected = pairs(&[("Fabrikam", NO_CONTACT), ("Woodgrove", ALREADY), (&foreign.to_string(), NOT_FOUND)]);
        assert_eq!(left_out(&check), expected);
        assert!(!check.body.contains("Geheim"));
        assert_eq!(check.texts("form.compact button"), ["Confirm 2 customers"]);

        let form = attested(&check);
        let done = sales.submit(&form).await;
        assert_eq!((done.status, portal.events(Action::AcceptanceConfirmed).await), (303, events + 2));
        // Sent again, it is done once and shows the same.
        let again = sales.submit(&form).await;
        assert_eq!((again.location(), portal.events(Action::AcceptanceConfirmed).await), (done.location(), events + 2));
        let result = sales.follow(done).await;
        assert_eq!(result.texts("h1"), ["2 of 5 customers confirmed"]);
        assert_eq!(left_out(&result), expected);
        assert_eq!(result.attributes(".cmds a.primary", "href"), ["/customers?status=blocked"]);
        let csv = sales.get(&result.attributes(".cmds a:not(.primary)", "href").remove(0)).await;
        assert_eq!(csv.status, 200);
        for part in ["no-contact", "already-recorded", "not-found", "Fabrikam", &foreign.to_string()] {
            assert!(csv.body.contains(part), "{part}: {}", csv.body);
        }

        let record = sales.get(&format!("/customers/{adatum}/agreements")).await;
        for part in ["Anna Smit", "12 March 2026", "through a selection", "Sales"] {
            assert!(record.main().contains(part), "{part}: {}", record.main());
        }
        let list = sales.get("/customers?status=blocked").await;
        assert_eq!(list.texts("tbody th a"), ["Fabrikam"]);
        assert_eq!(sales.get("/customers?channel=selection").await.texts("tbody th a"), ["Adatum", "Contoso"]);
    }

    async fn what_changed_meanwhile_is_judged_for_each_customer(portal) {
        let sales = portal.signed_in("sales").await;
        let mut ids = Vec::new();
        for (name, first) in [("Adatum", "Anna"), ("Contoso", "Bo"), ("Fabrikam", "Cas"), ("Woodgrove", "Dee")] {
            ids.push(with_contact(portal, &sales, name, first).await);
        }
        let check = select(&sales, &ids).await;
        set_contact(&sales, ids[1], "Eva").await;
        // Somebody else confirmed one.
        portal.confirm(ids[2], &person("Fay", "Smit", "fay@contoso.example"), day("2026-03-01")).await;
        let result = sales.follow(sales.submit(&attested(&check)).await).await;
        assert_eq!(result.texts("h1"), ["2 of 4 customers confirmed"]);
        assert_eq!(left_out(&result), pairs(&[("Contoso", CHANGED), ("Fabrikam", ALREADY)]));
        let contoso = sales.get(&format!("/customers/{}/agreements", ids[1])).await;
        assert!(!contoso.main().contains("Bo Smit"), "{}", contoso.main());
    }

    async fn another_latest_version_is_shown_before_anything_is_recorded(portal) {
        let sales = portal.signed_in("sales").await;
        let id = with_contact(portal, &sales, "Adatum", "Anna").await;
        let check = select(&sales, &[id]).await;
        portal.add_version("Microsoft Customer Agreement, 2026", "2026-02-01", None).await;
        let stale = sales.submit(&attested(&check)).await;
        assert_eq!((stale.status, stale.value("date_agreed").as_str()), (409, "12-3-2026"));
        assert!(stale.errors().concat().contains("Microsoft Customer Agreement, 2026"), "{:?}", stale.errors());
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);
        let result = sales.follow(sales.submit(&attested(&stale)).await).await;
        assert_eq!(result.texts("h1"), ["1 of 1 customers confirmed"]);
        assert!(sales.get(&format!("/customers/{id}/agreements")).await.main().contains("Agreement, 2026"));
    }

    async fn everybody_of_a_list_is_selected_at_once(portal) {
        let sales = portal.signed_in("sales").await;
        with_contact(portal, &sales, "Alpine 1", "Anna").await;
        with_contact(portal, &sales, "Alpine 2", "Bo").await;
        with_contact(portal, &sales, "Bellows", "Cas").await;
        let done = with_contact(portal, &sales, "Alpine 3", "Dee").await;
        portal.confirm(done, &person("Dee", "Smit", "dee@contoso.example"), day("2026-03-01")).await;
        for (query, expected) in [
            (&[("q", "alpine")][..], &["Alpine 1", "Alpine 2"][..]),
            (&[("status", "blocked"), ("sort", "-name")][..], &["Bellows", "Alpine 2", "Alpine 1"][..]),
            (&[][..], &["Alpine 1", "Alpine 2", "Bellows"][..]),
        ] {
            let fields: Vec<_> = [("step", "check"), ("all", "on")].into_iter().chain(query.iter().copied()).collect();
            let page = sales.follow(sales.post("/customers/confirm", &fields).await).await;
            assert_eq!(page.texts("section[aria-labelledby=h-rows] th a"), expected, "{query:?}");
        }
    }
}

on_sqlite! {
    async fn what_is_wrong_is_told_and_everything_typed_is_kept(portal) {
        let sales = portal.signed_in("sales").await;
        let id = with_contact(portal, &sales, "Adatum", "Anna").await;
        let form = select(&sales, &[id]).await.form();
        let tick = "Tick the box once you have checked that each person listed below accepted";
        for (date, attest, told) in [
            ("", "", vec!["Enter the agreement acceptance date", tick]),
            ("12-3-2026", "", vec![tick]),
            ("12-3-2026", "yes", vec![tick]),
            ("31-2-2026", "on", vec!["Agreement acceptance date must be a real date"]),
            (
                "23-11-2026",
                "on",
                vec!["Agreement acceptance date must be today or in the past. Today is 22 November 2026 in Europe/Amsterdam"],
            ),
            (
                "1-1-2020",
                "on",
                vec![
                    "This version was published on 31 January 2020, after the date you entered. Correct the date, or confirm these \
                     customers one after another",
                ],
            ),
        ] {
            let page = sales.submit(&form.clone().with("date_agreed", date).with("attest", attest)).await;
            assert_eq!((page.status, page.errors()), (422, told.into_iter().map(str::to_owned).collect()), "{date:?} {attest:?}");
            assert_eq!(page.value("date_agreed"), date);
        }
        let forged = form.clone().with("date_agreed", "today").with("attest", "on");
        for (field, value, status) in [
            ("agreement_version", "x", 422),
            ("submission", "x", 422),
            ("selection", "x", 404),
            ("selection", "0197f3a0-0000-7000-8000-000000000000", 404),
        ] {
            assert_eq!(sales.submit(&forged.clone().with(field, value)).await.status, status, "{field}");
        }
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);

        let nobody = "Select at least one customer who is blocked";
        for fields in [
            &[][..],
            &[("step", "check")],
            &[("step", "check"), ("customer", "x")],
            &[("step", "check"), ("all", "on"), ("status", "confirmed")],
            &[("step", "check"), ("all", "on"), ("q", "nobody is called so")],
        ] {
            let page = sales.post("/customers/confirm", fields).await;
            assert_eq!((page.status, page.errors()), (422, vec![nobody.to_owned()]), "{fields:?}");
            assert_eq!(page.texts("h1"), ["Customers"]);
        }
    }

    async fn a_selection_is_its_users_for_a_day(portal) {
        let sales = portal.signed_in("sales").await;
        portal.add_user("bo", Role::SalesAgent, std::slice::from_ref(&portal.account)).await;
        let id = with_contact(portal, &sales, "Adatum", "Anna").await;
        let check = select(&sales, &[id]).await;
        let form = attested(&check);
        let address = format!("/customers/confirm?selection={}", form.get("selection"));
        let other = portal.signed_in("bo").await;
        assert_eq!((other.get(&address).await.status, other.submit(&form).await.status), (404, 404));
        assert_eq!(portal.signed_in("manager").await.get(&address).await.status, 403);
        assert_eq!(sales.get(&address).await.status, 200);
        portal.clock.advance(TimeDelta::hours(24) + TimeDelta::minutes(1));
        let sales = portal.signed_in("sales").await;
        assert_eq!((sales.get(&address).await.status, sales.submit(&form).await.status), (404, 404));
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);
        assert_eq!(sales.get("/customers/confirm").await.location(), "/customers?status=blocked");
    }

    async fn more_than_five_hundred_are_refused_and_five_hundred_fit_on_light_pages(portal) {
        let sales = portal.signed_in("sales").await;
        for number in 0..500 {
            portal.add_customer(&format!("Alpine {number:03}")).await;
        }
        let all = [("step", "check"), ("all", "on"), ("status", "blocked")];
        let page = sales.follow(sales.post("/customers/confirm", &all).await).await;
        assert_eq!(page.texts(".lead"), ["500 selected. 500 customers are not included."]);
        assert!(page.body.len() <= 50_000, "{} bytes", page.body.len());
        assert!(page.texts("form.compact").is_empty(), "nobody can be confirmed");
        portal.add_customer("Woodgrove").await;
        let page = sales.post("/customers/confirm", &all).await;
        let told = "At most 500 customers can be confirmed at once. Narrow the list down with filters";
        assert_eq!((page.status, page.errors()), (422, vec![told.to_owned()]));
    }

    async fn the_list_offers_a_selection_of_those_who_are_blocked(portal) {
        let sales = portal.signed_in("sales").await;
        let id = with_contact(portal, &sales, "Adatum", "Anna").await;
        let done = portal.add_customer("Contoso").await;
        portal.confirm(done, &person("Dee", "Smit", "dee@contoso.example"), day("2026-03-01")).await;
        let list = sales.get("/customers?status=blocked").await;
        assert_eq!(list.texts(".table-bar button"), ["Confirm with one date", "Confirm all 1 with one date"]);
        assert_eq!(list.attributes("input[name=customer]", "value"), [id.to_string()]);
        for (who, query) in [("sales", ""), ("sales", "?status=confirmed"), ("manager", "?status=blocked")] {
            let page = portal.signed_in(who).await.get(&format!("/customers{query}")).await;
            assert!(page.texts(".table-bar").is_empty(), "{who} {query}");
        }
        let filtered = sales.get("/customers?country=unknown").await;
        assert_eq!(filtered.attributes("input[name=customer]", "value"), [id.to_string()], "only who is blocked");
        assert_eq!(filtered.texts(".row-acts a"), ["Confirm", "New order"]);
    }
}
