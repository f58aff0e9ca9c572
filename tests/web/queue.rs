//! From blocked customer to blocked customer of a filtered list.

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

/// A contact for a customer, typed by somebody.
async fn add_contact(browser: &Browser, customer: uuid::Uuid, first: &str, last: &str, email: &str) {
    let form = browser.form(&format!("/customers/{customer}/account/contact")).await;
    let form = form.with("contact_first_name", first).with("contact_last_name", last).with("contact_email", email);
    assert_eq!(browser.submit(&form).await.status, 303);
}

fn filled(form: Form, number: usize) -> Form {
    form.with("first_name", "Anna")
        .with("last_name", "de Vries")
        .with("email", &format!("anna{number}@contoso.example"))
        .with("date_agreed", "12-3-2026")
}

fn skip(page: &Page) -> String {
    let skip = page.attributes("form.compact .acts a", "href").remove(0);
    assert!(skip.starts_with("/customers/queue?"), "{skip}");
    skip
}

on_both_databases! {
    async fn a_queue_meets_each_blocked_customer_of_the_list_once_in_its_order(portal) {
        populate(portal).await;
        portal.add_version("Microsoft Customer Agreement, 2026", "2026-04-01", Some("2026-05-01")).await;
        let sales = portal.signed_in("sales").await;
        for (query, blocked) in [
            ("status=blocked", "status=blocked"),
            ("status=not-confirmed", "status=not-confirmed"),
            ("status=not-confirmed&sort=-name", "status=not-confirmed&sort=-name"),
            ("status=blocked&sort=created", "status=blocked&sort=created"),
            ("status=blocked&sort=agreed", "status=blocked&sort=agreed"),
            ("status=reconfirmation-due&sort=-agreed", "status=reconfirmation-due&sort=-agreed"),
            ("country=unknown", "country=unknown&status=blocked"),
            ("q=alpine&status=blocked", "q=alpine&status=blocked"),
            ("q=alpine&sort=-created", "q=alpine&sort=-created&status=blocked"),
            ("", "status=blocked"),
        ] {
            let expected = listed(&sales, &format!("/customers?{blocked}")).await;
            assert!(expected.len() > 5, "{query}");
            let mut page = sales.follow(sales.get(&format!("/customers/queue?{query}")).await).await;
            let mut met = Vec::new();
            while page.texts("h1") != ["Customers"] {
                met.push(name(&page));
                assert!(met.len() <= expected.len(), "{query}: {met:?}");
                // The kept figures do not know a search.
                let place = page.texts(".place b").concat();
                let told = format!("{} of {}", met.len(), expected.len());
                assert_eq!(place, if query.contains("q=") { format!("Customer {}", met.len()) } else { told }, "{query}");
                page = sales.follow(sales.get(&skip(&page)).await).await;
            }
            assert_eq!(met, expected, "{query}");
            assert_eq!(page.texts("[role=status]"), [format!("0 confirmed, {} skipped", expected.len())], "{query}");
        }
    }

    async fn an_agent_confirms_one_after_another(portal) {
        let ids = [portal.add_customer("Adatum").await, portal.add_customer("Contoso").await];
        portal.add_customer("Fabrikam").await;
        portal.add_customer("Woodgrove").await;
        let sales = portal.signed_in("sales").await;
        let list = sales.get("/customers?status=not-confirmed").await;
        assert_eq!(list.texts("#commands > a.primary"), ["Confirm one after another"]);
        let begin = list.attributes("#commands > a.primary", "href").remove(0);
        let first = sales.get(&begin).await;
        assert_eq!(
            first.location(),
            format!("/customers/{}/agreements/new?next=queue&status=not-confirmed&at=1&of=4", ids[0])
        );
        let page = sales.follow(first).await;
        assert_eq!(
            page.texts("form.compact .acts > *"),
            ["Save and next", "Save and close", "Skip", "Back to the list"]
        );
        assert_eq!(page.attributes(".crumbs a", "href")[0], "/customers?status=not-confirmed");
        // Wrong first: the way on is kept.
        let wrong = sales.submit(&page.form()).await;
        assert_eq!((wrong.status, wrong.texts(".place b")), (422, vec!["1 of 4".to_owned()]));
        let saved = sales.submit(&filled(wrong.form(), 1)).await;
        assert_eq!(saved.status, 303, "{:?}", saved.errors());
        assert_eq!(saved.location(), format!("/customers/queue?status=not-confirmed&after={}&at=1&of=4", ids[0]));
        let page = sales.follow(saved).await;
        assert_eq!((name(&page), page.texts(".place b").concat()), ("Contoso".to_owned(), "2 of 4".to_owned()));
        assert_eq!(page.texts(".msg[role=status]"), ["Confirmation recorded for Adatum"]);

        let page = sales.follow(sales.get(&skip(&page)).await).await;
        assert_eq!((name(&page), page.texts(".place b").concat()), ("Fabrikam".to_owned(), "3 of 4".to_owned()));
        let page = sales.follow(sales.submit(&filled(page.form(), 2)).await).await;
        assert_eq!(name(&page), "Woodgrove");
        // Sent again, the form leads to the same place.
        let form = filled(page.form(), 3);
        let end = sales.submit(&form).await;
        assert_eq!(sales.submit(&form).await.location(), end.location());
        let page = sales.follow(end).await;
        assert_eq!(page.texts("[role=status]"), ["3 confirmed, 1 skipped"]);
        assert_eq!(page.texts("tbody th a"), ["Contoso"], "the one who was skipped");

        let confirmed = sales.get(&format!("/customers/{}/agreements", ids[0])).await;
        assert!(confirmed.main().contains("Recorded via: Account info"), "{}", confirmed.main());
    }

    async fn who_was_skipped_does_not_return_in_a_list_by_day_of_acceptance(portal) {
        let sales = portal.signed_in("sales").await;
        for (sort, name_of) in [("agreed", "Alfa"), ("-agreed", "Beta")] {
            for number in 1..=3 {
                portal.add_customer(&format!("{name_of} {number}")).await;
            }
            let queue = format!("/customers/queue?q={name_of}&sort={sort}");
            let page = sales.follow(sales.get(&queue).await).await;
            let page = sales.follow(sales.get(&skip(&page)).await).await;
            assert_eq!(name(&page), format!("{name_of} 2"));
            // Its day of acceptance, which the list is sorted by, changes now.
            let page = sales.follow(sales.submit(&filled(page.form(), 1)).await).await;
            assert_eq!(name(&page), format!("{name_of} 3"), "{sort}");
            let page = sales.follow(sales.get(&skip(&page)).await).await;
            assert_eq!(page.texts("[role=status]"), ["1 confirmed, 2 skipped"], "{sort}");
        }
    }

    async fn saving_and_closing_leads_to_the_list_with_what_was_done(portal) {
        portal.add_customer("Adatum").await;
        portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.follow(sales.get("/customers/queue?status=blocked").await).await;
        let saved = sales.submit(&filled(page.form(), 1).with("then", "close")).await;
        assert_eq!(saved.location(), "/customers?status=blocked");
        let page = sales.follow(saved).await;
        assert_eq!(page.texts("[role=status]"), ["1 confirmed, 0 skipped"]);
        assert_eq!(page.texts("tbody th a"), ["Contoso"]);
    }

    async fn the_queue_fills_in_the_person_who_comes_into_question(portal) {
        let ids = [portal.add_customer("Adatum").await, portal.add_customer("Contoso").await, portal.add_customer("Fabrikam").await];
        let sales = portal.signed_in("sales").await;
        for id in ids {
            add_contact(&sales, id, "Noor", "’t Hart", "noor@contoso.example").await;
        }
        portal.confirm(ids[1], &person("Anna", "de Vries", "anna@contoso.example"), day("2020-03-12")).await;
        portal.confirm(ids[2], &person("NOOR", "’t Hart", "Noor@contoso.example"), day("2020-03-12")).await;
        portal.add_version("Microsoft Customer Agreement, 2026", "2026-04-01", Some("2026-05-01")).await;
        let page = sales.follow(sales.get("/customers/queue").await).await;
        let seen = |page: &Page| (page.value("first_name"), page.texts(".prefill button"), page.texts(".filled").concat());
        let check = "Check that this person accepted.".to_owned();
        let contact = || vec!["Primary contact: Noor ’t Hart".to_owned(), "Someone else".to_owned()];
        assert_eq!(seen(&page), ("Noor".to_owned(), contact(), check.clone()), "nothing recorded");
        assert_eq!(page.attributes("[autofocus]", "name"), ["date_agreed"]);
        let page = sales.follow(sales.get(&skip(&page)).await).await;
        let mut both = contact();
        both.insert(1, "Previous confirmation: Anna de Vries".to_owned());
        assert_eq!(seen(&page), (String::new(), both, String::new()), "two people");
        assert_eq!(page.attributes("[autofocus]", "name"), ["first_name"]);

        // Without scripts a button fills in by a load, and what was typed stays.
        let typed = page.form().with("date_agreed", "12-3-2026").with("prefill", "former");
        let page = sales.submit(&typed).await;
        assert_eq!((page.status, page.value("first_name"), page.value("date_agreed")), (200, "Anna".to_owned(), "12-3-2026".to_owned()));
        assert_eq!(page.texts(".place b"), ["2 of 3"]);
        let page = sales.submit(&page.form().with("first_name", "Jan").with("prefill", "primary_contact")).await;
        assert_eq!(page.value("first_name"), "Jan");
        assert!(page.texts(".filled").concat().starts_with("What you typed was kept"), "{:?}", page.texts(".filled"));

        let page = sales.follow(sales.get(&skip(&page)).await).await;
        assert_eq!(seen(&page), ("Noor".to_owned(), contact(), check), "the same person again");
        assert_eq!(portal.events(countersign::domain::audit::Action::AcceptanceConfirmed).await, 2);
    }
}

on_sqlite! {
    async fn a_list_that_leaves_nobody_out_is_not_led_back_to(portal) {
        let id = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        for list in ["/customers", "/customers?sort=-name"] {
            let page = sales.get(list).await;
            assert_eq!(page.attributes("tbody th a", "href"), [format!("/customers/{id}/account")], "{list}");
            assert_eq!(page.texts("#commands > a.primary"), ["New customer"], "{list}");
        }
        let page = sales.get(&format!("/customers/{id}/account?sort=name&evil=1")).await;
        assert_eq!(page.texts("main .head .cmds a"), ["New order"]);
    }

    async fn account_info_leads_into_the_queue_of_its_list(portal) {
        let id = portal.add_customer("Adatum").await;
        let next = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{id}/account?status=not-confirmed")).await;
        assert_eq!(page.texts("main .head .cmds a"), ["New order", "Next unconfirmed customer"]);
        let href = page.attributes("main .head .cmds a", "href").remove(1);
        let onward = sales.get(&href).await;
        assert_eq!(onward.location(), format!("/customers/{next}/agreements/new?next=queue&status=not-confirmed&at=1"));
        for query in ["status=confirmed", "sort=name"] {
            let page = sales.get(&format!("/customers/{id}/account?{query}")).await;
            assert_eq!(page.texts("main .head .cmds a"), ["New order"], "{query}");
        }
        let manager = portal.signed_in("manager").await;
        let page = manager.get(&format!("/customers/{id}/account?status=not-confirmed")).await;
        assert_eq!(page.texts("main .head .cmds a"), Vec::<String>::new());
        assert_eq!(manager.get("/customers/queue").await.status, 403);
    }

    async fn a_place_that_cannot_be_read_begins_with_the_first(portal) {
        let other: PartnerAccount = account("Zuiderzon");
        portal.add_account(&other).await;
        let foreign = portal.add_customer_to(&other, "Geheim", None).await;
        let first = portal.add_customer("Adatum").await;
        portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let form = format!("/customers/{first}/agreements/new?next=queue&status=not-confirmed&at=1");
        for after in ["", "nonsense", "%00", &foreign.to_string(), &format!("{first}.x"), &format!("{first}.1.x")] {
            let page = sales.get(&format!("/customers/queue?status=not-confirmed&after={after}")).await;
            assert!(page.location().starts_with(&form), "{after}: {}", page.location());
        }
        for (query, list) in [
            ("status=confirmed", "/customers?status=confirmed"),
            ("status=confirmed&at=5&skipped=9", "/customers?status=confirmed"),
            ("status=reconfirmation-due", "/customers?status=reconfirmation-due"),
        ] {
            let page = sales.get(&format!("/customers/queue?{query}")).await;
            assert_eq!(page.location(), list, "{query}");
            let page = sales.follow(page).await;
            assert_eq!(page.texts("[role=status]"), ["No customer in this list is blocked."], "{query}");
        }
        let page = sales.get("/customers/queue?status=nonsense&country=XX").await;
        assert_eq!(page.location(), format!("/customers/{first}/agreements/new?next=queue&at=1&of=2"));
        assert_eq!(sales.get("/customers/next?status=not-confirmed").await.status, 404);
    }

    async fn where_nobody_confirms_there_is_no_queue(portal) {
        portal.add_customer("Contoso").await;
        let mut reseller = portal.account.clone();
        reseller.partner_type = countersign::domain::partner_account::PartnerType::IndirectReseller;
        portal.set_account(&reseller).await;
        let sales = portal.signed_in("sales").await;
        assert_eq!(sales.get("/customers?status=blocked").await.texts("#commands > a.primary"), ["New customer"]);
        assert_eq!(sales.get("/customers/queue?status=blocked").await.location(), "/customers?status=blocked");
    }

    async fn the_list_tells_its_place_where_the_kept_figures_know_it(portal) {
        populate(portal).await;
        let sales = portal.signed_in("sales").await;
        let position = |page: &Page| page.texts(".pager p").concat();
        let page = sales.get("/customers").await;
        assert_eq!(position(&page), "1–50 of 60");
        let way = |page: &Page, name: &str| {
            let ways = page.attributes(".pager a", "href");
            ways.into_iter().find(|href| href.contains(name)).expect("a way")
        };
        let next = way(&page, "after=");
        let page = sales.get(&next).await;
        assert_eq!(position(&page), "51–60 of 60");
        let previous = way(&page, "before=");
        assert_eq!(position(&sales.get(&previous).await), "1–50 of 60");
        assert!(!position(&sales.get("/customers?q=alpine").await).contains(" of "));
        for from in ["0", "-1", "99999999999", "4000000000", "x"] {
            let page = sales.get(&next.replace("from=51", &format!("from={from}"))).await;
            assert_eq!(position(&page), "10 on this page", "{from}");
        }
    }
}

on_both_databases! {
    async fn the_list_names_the_version_only_where_it_is_not_the_latest(portal) {
        let id = portal.add_customer("Contoso").await;
        portal.add_direct_customer("Direct", None).await;
        portal.add_customer("Nobody").await;
        let sales = portal.signed_in("sales").await;
        let form = filled(sales.form(&format!("/customers/{id}/agreements/new")).await, 1);
        assert_eq!(sales.submit(&form).await.status, 303);
        let accepted = async || sales.get("/customers").await.texts("tbody td[data-l='Accepted by']");
        assert_eq!(
            accepted().await,
            ["Anna de Vries12 Mar 2026", "Accepted directly with Microsoft", "Nobody yet"]
        );
        portal.add_version("Microsoft Customer Agreement, 2026", "2026-04-01", None).await;
        assert_eq!(
            accepted().await,
            [
                "Anna de Vries12 Mar 2026, version 31 Jan 2020",
                "Accepted directly with Microsoftversion 31 Jan 2020",
                "Nobody yet"
            ]
        );
    }
}

on_sqlite! {
    async fn a_search_that_is_sent_opens_its_only_hit(portal) {
        let id = portal.add_customer("Contoso").await;
        portal.add_customer("Alpine 1").await;
        portal.add_customer("Alpine 2").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get("/customers?open=single&q=contoso").await;
        let account = format!("/customers/{id}/account?q=contoso&place=");
        assert!(page.location().starts_with(&account), "{}", page.location());
        assert_eq!(sales.follow(page).await.status, 200);
        for query in ["q=contoso", "open=single&q=alpine", "open=single&q=", "open=single&q=nobody", "open=yes&q=contoso"] {
            assert_eq!(sales.get(&format!("/customers?{query}")).await.status, 200, "{query}");
        }
        for page in ["/customers", "/status"] {
            assert_eq!(sales.get(page).await.attributes("[role=search] [name=open]", "value"), ["single"], "{page}");
        }
    }

    async fn the_list_is_printed_whole_up_to_five_hundred_rows(portal) {
        for number in 0..501 {
            portal.add_customer(&format!("Alpine {number:03}")).await;
        }
        let sales = portal.signed_in("sales").await;
        let page = sales.get("/customers?status=blocked&print=1").await;
        assert_eq!(page.texts("tbody tr").len(), 500);
        assert!(page.main().contains("500 of 501 customers are on this page. Use Export for all of them."));
        assert_eq!(page.texts(".table-bar, .row-acts, .pick"), Vec::<String>::new());
        let page = sales.get("/customers?q=Alpine%20500&print=1").await;
        assert!(!page.main().contains("Use Export"));
    }
}
