//! From customer to customer of a filtered list.

use countersign::domain::partner_account::PartnerAccount;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        browser::Form,
        portal::{account, day, person},
        rng::SeededRng,
    },
};

/// The customers of every page of a list, in its order.
async fn listed(browser: &Browser, path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut page = browser.get(path).await;
    loop {
        names.extend(page.texts("tbody th a"));
        match page.attributes(".pager a", "href").into_iter().find(|href| href.contains("after=")) {
            Some(next) => page = browser.get(&next).await,
            None => return names,
        }
    }
}

fn name(page: &Page) -> String {
    page.texts("h1 .over").concat()
}

fn next(page: &Page) -> Option<String> {
    page.attributes("main .head a", "href").into_iter().find(|href| href.starts_with("/customers/next?"))
}

async fn populate(portal: &Portal) {
    let mut rng = SeededRng::new(5);
    for number in 0..60 {
        let word = ["Alpine", "Bellows", "alpine"][rng.below(3)];
        let id = portal.add_customer(&format!("{word} {number:02}")).await;
        if rng.below(3) == 0 {
            let on = day(&format!("2026-03-{:02}", 10 + rng.below(3)));
            portal.confirm(id, &person("Alpine", "Smit", &format!("anna{number}@contoso.example")), on).await;
        }
    }
}

on_both_databases! {
    async fn a_walk_meets_each_customer_of_the_list_once_in_its_order(portal) {
        populate(portal).await;
        let sales = portal.signed_in("sales").await;
        for query in [
            "status=not-confirmed",
            "status=not-confirmed&sort=-name",
            "status=not-confirmed&sort=created",
            "status=confirmed&sort=-agreed",
            "status=confirmed&sort=agreed",
            "country=unknown&sort=agreed",
            "q=alpine",
            "q=alpine&status=confirmed",
            "q=alpine&sort=-created",
            "agreed_from=11-3-2026",
        ] {
            let expected = listed(&sales, &format!("/customers?{query}")).await;
            assert!(expected.len() > 5, "{query}");
            let first = sales.get(&format!("/customers?{query}")).await.attributes("tbody th a", "href").remove(0);
            let mut page = sales.get(&first).await;
            let mut met = vec![name(&page)];
            let list = loop {
                let onward = sales.get(&next(&page).expect("a way on")).await;
                assert_eq!(onward.status, 303, "{query}");
                page = sales.follow(onward).await;
                if page.texts("h1") == ["Customers"] {
                    break page;
                }
                met.push(name(&page));
                assert!(met.len() <= expected.len(), "{query}: {met:?}");
            };
            assert_eq!(met, expected, "{query}");
            assert_eq!(list.texts("[role=status]"), ["That was the last customer of this list."], "{query}");
            assert_eq!(list.texts("tbody th a"), expected[..expected.len().min(50)], "{query}: the list is the same");
        }
    }

    async fn an_agent_confirms_one_after_the_other(portal) {
        let ids = [portal.add_customer("Contoso").await, portal.add_customer("Fabrikam").await];
        portal.add_customer("Adatum").await;
        let sales = portal.signed_in("sales").await;
        let list = sales.get("/customers?status=not-confirmed").await;
        let update = list.attributes("tbody .row-acts a", "href").remove(1);
        let page = sales.get(&update).await;
        assert_eq!(
            page.texts("main form[method=post] button[type=submit]"),
            ["Save and continue", "Save and next"]
        );
        let form = page.form();
        let filled = |form: Form, number: usize| {
            form.with("first_name", "Anna")
                .with("last_name", "de Vries")
                .with("email", &format!("anna{number}@contoso.example"))
                .with("date_agreed", "12-3-2026")
        };
        // Wrong first: the way on is kept.
        let wrong = sales.submit(&form.clone().with("next", "next-not-confirmed")).await;
        assert_eq!(wrong.status, 422);
        let form = filled(wrong.form(), 1).with("next", "next-not-confirmed");
        let saved = sales.submit(&form).await;
        assert_eq!(saved.status, 303, "{:?}", saved.errors());
        assert_eq!(saved.location(), format!("/customers/next?status=not-confirmed&after={}", ids[0]));
        let page = sales.follow(saved).await;
        assert_eq!(name(&page), "Fabrikam");
        assert_eq!(page.texts("[role=status]"), ["Confirmation recorded for Contoso"]);
        assert_eq!(sales.get(&format!("/customers/{}/account", ids[1])).await.texts("[role=status]"), Vec::<String>::new());

        let update = page.attributes("main .msg a", "href").remove(0);
        let saved = sales.submit(&filled(sales.form(&update).await, 2).with("next", "next-not-confirmed")).await;
        let page = sales.follow(saved).await;
        assert_eq!(
            page.texts("[role=status]"),
            ["Confirmation recorded for Fabrikam. That was the last customer of this list."]
        );
        assert_eq!(page.texts("tbody th a"), ["Adatum"], "it was before the first of them");
    }

    async fn saving_without_going_on_stays_with_the_customer_and_the_list(portal) {
        let id = portal.add_customer("Contoso").await;
        portal.add_customer("Fabrikam").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{id}/account?status=not-confirmed")).await;
        let update = page.attributes("main .msg a", "href").remove(0);
        let form = sales.form(&update).await
            .with("first_name", "Anna")
            .with("last_name", "de Vries")
            .with("email", "anna@contoso.example")
            .with("date_agreed", "12-3-2026")
            .with("next", "account");
        let page = sales.follow(sales.submit(&form).await).await;
        assert_eq!(name(&page), "Contoso");
        assert_eq!(page.texts("[role=status]"), ["Confirmation recorded for Contoso"]);
        assert_eq!(page.texts("main .head .cmds a"), ["New order", "Next unconfirmed customer"]);
        assert_eq!(page.attributes(".crumbs a", "href")[0], "/customers?status=not-confirmed");
    }
}

on_sqlite! {
    async fn a_list_that_leaves_nobody_out_is_not_walked(portal) {
        let id = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        for list in ["/customers", "/customers?sort=-name"] {
            let page = sales.get(list).await;
            assert_eq!(page.attributes("tbody th a", "href"), [format!("/customers/{id}/account")], "{list}");
            assert_eq!(page.attributes("tbody .row-acts a", "href"), [format!("/customers/{id}/agreements/new")]);
        }
        let page = sales.get(&format!("/customers/{id}/account?sort=name&evil=1")).await;
        assert_eq!(page.texts("main .head .cmds a"), ["New order"]);
    }

    async fn a_walk_that_makes_no_sense_begins_with_the_first(portal) {
        let other: PartnerAccount = account("Zuiderzon");
        portal.add_account(&other).await;
        let foreign = portal.add_customer_to(&other, "Geheim", None).await;
        let first = portal.add_customer("Adatum").await;
        portal.add_customer("Contoso").await;
        let manager = portal.signed_in("manager").await;
        for after in ["", "nonsense", "%00", &foreign.to_string(), &format!("{first}.x")] {
            let page = manager.get(&format!("/customers/next?status=not-confirmed&after={after}")).await;
            assert_eq!(page.location(), format!("/customers/{first}/account?status=not-confirmed"), "{after}");
        }
        let page = manager.get("/customers/next?status=confirmed").await;
        assert_eq!(page.location(), "/customers?status=confirmed");
        let page = manager.get("/customers/next?status=nonsense&country=XX").await;
        assert_eq!(page.location(), format!("/customers/{first}/account"));
    }
}

on_both_databases! {
    async fn the_list_names_who_recorded_a_confirmation_and_for_which_version(portal) {
        let id = portal.add_customer("Contoso").await;
        portal.add_direct_customer("Direct", None).await;
        portal.add_customer("Nobody").await;
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{id}/agreements/new")).await
            .with("first_name", "Anna")
            .with("last_name", "de Vries")
            .with("email", "anna@contoso.example")
            .with("date_agreed", "12-3-2026");
        assert_eq!(sales.submit(&form).await.status, 303);
        let page = sales.get("/customers").await;
        assert_eq!(
            page.texts("tbody td:nth-child(4)"),
            ["Anna de Vriesrecorded by Sales", "Accepted directly with Microsoftrecorded by an administrator (command line)", "Nobody yet"]
        );
        assert_eq!(page.texts("tbody td:nth-child(3) .sub"), ["12 Mar 2026version 31 Jan 2020", "version 31 Jan 2020"]);
    }
}
