//! The list of customers: search, filters, sorting, paging.

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Page,
        portal::{account, day, person},
        rng::SeededRng,
    },
};
use countersign::domain::{
    actor::{Actor, Principal},
    agreement::Channel,
    partner_account::{Cloud, PartnerAccount},
    role::Role,
};

fn names(page: &Page) -> Vec<String> {
    page.texts("tbody th a")
}

on_both_databases! {
    async fn a_customer_is_found_by_everything_it_is_known_by(portal) {
        let id = portal.add_customer("Müller & Söhne Feinbäckerei").await;
        portal.add_customer("Łódź Optics").await;
        portal.add_customer("Bakkerij ’t Stoepje").await;
        portal.confirm(id, &person("Siobhán", "O’Neill", "Siobhan@feinbaeckerei.example"), day("2026-03-12")).await;
        let sales = portal.signed_in("sales").await;
        let contact = sales.form(&format!("/customers/{id}/account/contact")).await;
        let contact = contact
            .with("contact_first_name", "Anna")
            .with("contact_last_name", "van der Berg")
            .with("contact_email", "anna@mueller.example");
        assert_eq!(sales.submit(&contact).await.status, 303);
        for q in [
            "Müller", "muller", "MULLER &", "sohne", "bäck", "mllershnefein", "https://www.MllerShneFeinbckerei.onmicrosoft.com/",
            &id.to_string(), &id.simple().to_string().to_uppercase(), &format!("{{{id}}}"), "siobhan", "o'neill", "o’neill",
            "siobhan@fein", "anna van", "van der b", "ANNA@mueller.example",
        ] {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
            let page = sales.get(&format!("/customers?{query}")).await;
            assert_eq!(names(&page), ["Müller & Söhne Feinbäckerei"], "{q}");
        }
        for (q, found) in [("lodz", "Łódź Optics"), ("'t stoep", "Bakkerij ’t Stoepje"), ("’t stoep", "Bakkerij ’t Stoepje")] {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
            assert_eq!(names(&sales.get(&format!("/customers?{query}")).await), [found], "{q}");
        }
        for q in ["nobody", "%", "_____", "\"", "' OR 1=1 --", "ü%", "ml"] {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", q).finish();
            let page = sales.get(&format!("/customers?{query}")).await;
            let expected: &[&str] = if q == "ml" { &["Müller & Söhne Feinbäckerei"] } else { &[] };
            assert_eq!(names(&page), expected, "{q}");
        }
    }

    async fn an_exact_domain_comes_first_then_a_prefix_then_the_middle_of_a_name(portal) {
        for name in ["Great Contoso", "Contoso Zoo", "Contoso Art"] {
            portal.add_customer(name).await;
        }
        let sales = portal.signed_in("sales").await;
        assert_eq!(names(&sales.get("/customers?q=contoso").await), ["Contoso Art", "Contoso Zoo", "Great Contoso"]);
        let page = sales.get("/customers?q=greatcontoso.onmicrosoft.com").await;
        assert_eq!(names(&page), ["Great Contoso"]);
    }

    async fn standing_and_country_filter_and_the_figures_agree(portal) {
        let confirmed = portal.add_customer("Confirmed").await;
        let again = portal.add_customer("Again").await;
        portal.add_customer("Not").await;
        portal.add_direct_customer("Direct", None).await;
        portal.confirm(again, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        portal.add_version("Newer", "2026-10-01", Some("2026-11-01")).await;
        portal.confirm(confirmed, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-11-12")).await;
        let sales = portal.signed_in("sales").await;
        let company = sales.form(&format!("/customers/{confirmed}/account/company")).await.with("country", "NL");
        assert_eq!(sales.submit(&company).await.status, 303);
        for (confirmation_status, expected) in
            [("not-confirmed", vec!["Not"]), ("confirmed", vec!["Confirmed"]), ("reconfirmation-due", vec!["Again", "Direct"]), ("nonsense", vec!["Again", "Confirmed", "Direct", "Not"])]
        {
            assert_eq!(names(&sales.get(&format!("/customers?status={confirmation_status}")).await), expected, "{confirmation_status}");
        }
        assert_eq!(names(&sales.get("/customers?country=nl").await), ["Confirmed"]);
        assert_eq!(names(&sales.get("/customers?country=unknown").await), ["Again", "Direct", "Not"]);
        assert_eq!(names(&sales.get("/customers?country=unknown&status=not-confirmed&q=no").await), ["Not"]);
        let page = sales.get("/customers").await;
        assert_eq!(page.texts(".views a"), ["All 4", "Blocked 3", "Not confirmed 1", "Reconfirmation due 2", "Confirmed 1"]);
        assert!(page.main().contains("Accepted directly with Microsoft"), "{}", page.main());
    }

    async fn the_filters_leave_exactly_the_customers_they_say_alone_and_together(portal) {
        let mut rng = SeededRng::new(7);
        let mut agents = vec![(String::new(), Actor::command_line(portal.account.clone()))];
        for name in ["anna", "bram"] {
            let id = portal.add_user(name, Role::SalesAgent, std::slice::from_ref(&portal.account)).await;
            let actor = Actor { who: Principal::user(id, name), role: Role::SalesAgent, account: portal.account.clone() };
            agents.push((id.to_string(), actor));
        }
        let days = ["2026-02-28", "2026-03-01", "2026-03-12", "2026-11-01"];
        let channels = [Channel::NewCustomer, Channel::AccountInfo, Channel::OrderPrompt, Channel::Import];
        // Name, agent, channel and day of each: none of the last three for who is not confirmed.
        let mut all = Vec::new();
        for number in 0..40 {
            let name = format!("Customer {number:02}");
            let id = portal.add_customer(&name).await;
            if number % 5 == 0 {
                all.push((name, None));
                continue;
            }
            let ((agent, actor), channel, on) = (&agents[rng.below(3)], channels[rng.below(4)], days[rng.below(4)]);
            portal.confirm_as(actor, channel, id, &person("Anna", "de Vries", "anna@contoso.example"), day(on)).await;
            all.push((name, Some((agent.clone(), channel.code(), on))));
        }
        let sales = portal.signed_in("sales").await;
        for round in 0..60 {
            let pick = |rng: &mut SeededRng, values: &[&str]| values[rng.below(values.len())].to_owned();
            let agent = pick(&mut rng, &["", "", &agents[1].0, &agents[2].0]);
            let channel = pick(&mut rng, &["", "", "new_customer", "account_info", "order_prompt", "import"]);
            let from = pick(&mut rng, &["", "2026-03-01", "2026-03-02"]);
            let to = pick(&mut rng, &["", "2026-03-12", "2026-03-11"]);
            let expected: Vec<&str> = all
                .iter()
                .filter(|(_, recorded)| match recorded {
                    None => [&agent, &channel, &from, &to].iter().all(|filter| filter.is_empty()),
                    Some((by, through, on)) => {
                        (agent.is_empty() || *by == agent)
                            && (channel.is_empty() || *through == channel)
                            && (from.is_empty() || *on >= from.as_str())
                            && (to.is_empty() || *on <= to.as_str())
                    }
                })
                .map(|(name, _)| name.as_str())
                .collect();
            let query = format!("agent={agent}&channel={channel}&agreed_from={from}&agreed_to={to}");
            let page = sales.get(&format!("/customers?{query}")).await;
            assert_eq!(names(&page), expected, "round {round}: {query}");
            let file = sales.get(&format!("/customers/export.csv?{query}&separator=semicolon")).await;
            let exported: Vec<&str> =
                file.body.lines().skip(1).filter_map(|line| line.split(';').next()).collect();
            assert_eq!(exported, expected, "round {round}: the file of {query}");
        }
    }
}

on_sqlite! {
    async fn days_are_typed_as_in_a_form_and_a_filter_that_makes_no_sense_is_named_and_left_out(portal) {
        let customer = portal.add_customer("Contoso").await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        portal.add_customer("Fabrikam").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get("/customers?agreed_from=12-3-2026&agreed_to=12+mrt+2026").await;
        assert_eq!(names(&page), ["Contoso"]);
        assert_eq!(page.attributes("#agreed_from", "value"), ["12 Mar 2026"]);
        assert!(page.main().contains("Accepted from 12 Mar 2026"), "{}", page.main());
        for (query, filter) in [
            ("status=great", "Agreement"), ("country=atlantis", "Country/region"), ("agent=x", "Recorded by"),
            ("agreed_from=31-2-2026", "Accepted from"), ("agreed_to=soon", "Accepted up to"), ("channel=window", "Recorded via"),
        ] {
            let page = sales.get(&format!("/customers?{query}")).await;
            assert_eq!(names(&page), ["Contoso", "Fabrikam"], "{query}");
            assert!(page.main().contains(&format!("so it was not applied: {filter}")), "{query}: {}", page.main());
        }
        let page = sales.get(&format!("/customers?agent={customer}")).await;
        assert_eq!(names(&page), Vec::<String>::new(), "somebody who recorded nothing");
        portal.set_account(&PartnerAccount { cloud: Cloud::Vianet, ..portal.account.clone() }).await;
        assert_eq!(names(&sales.get("/customers?agreed_from=2026-03-12&channel=import").await), ["Contoso", "Fabrikam"]);
    }
}

on_both_databases! {
    async fn every_sort_pages_through_every_customer_once_in_both_directions(portal) {
        let mut all = Vec::new();
        for number in 0..120_u32 {
            // Names that fold the same, days and times that are the same: the key must still be unique.
            let name = format!("{} {:02}", ["Élan", "elan", "Alpine"][number as usize % 3], number % 7);
            let customer = portal.add_customer(&name).await;
            all.push(customer);
            if number % 4 != 0 {
                let on = day(&format!("2026-0{}-11", 1 + number % 5));
                portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), on).await;
            }
            portal.clock.advance(chrono::TimeDelta::seconds(i64::from(number % 3)));
        }
        let sales = portal.signed_in("sales").await;
        for query in ["?", "?sort=name", "?sort=-name", "?sort=agreed", "?sort=-agreed", "?sort=created", "?sort=-created", "?q=elan", "?q=lan", "?q=elan&sort=-agreed"] {
            let mut pages = Vec::new();
            let mut page = sales.get(&format!("/customers{query}")).await;
            loop {
                pages.push(page.attributes("tbody th a", "href"));
                let next = page.attributes(".pager a", "href").into_iter().find(|href| href.contains("after="));
                let Some(next) = next else { break };
                page = sales.get(&next).await;
            }
            let seen: Vec<_> = pages.concat();
            let mut unique = seen.clone();
            unique.sort();
            unique.dedup();
            let expected = if query.contains("q=") { 80 } else { 120 };
            assert_eq!((seen.len(), unique.len()), (expected, expected), "{query}");
            for number in (0..pages.len() - 1).rev() {
                let previous = page.attributes(".pager a", "href").into_iter().find(|href| href.contains("before=")).unwrap();
                page = sales.get(&previous).await;
                assert_eq!(page.attributes("tbody th a", "href"), pages[number], "{query} back to page {number}");
            }
            assert!(page.attributes(".pager a", "href").iter().all(|href| !href.contains("before=")), "{query}: the first page");
        }
        let page = sales.get("/customers?sort=agreed&after=".to_owned().as_str()).await;
        assert_eq!(page.status, 200);
        let dates = |page: &Page| page.texts("tbody tr").iter().map(|row| row.contains("Not confirmed")).collect::<Vec<_>>();
        for sort in ["agreed", "-agreed"] {
            let page = sales.get(&format!("/customers?sort={sort}")).await;
            assert!(dates(&page).iter().all(|without| !without), "{sort}: those without a day come last");
        }
    }
}

on_sqlite! {
    async fn a_cursor_that_makes_no_sense_shows_the_first_page_with_a_note(portal) {
        portal.add_customer("Contoso").await;
        let other = account("Zuidster");
        portal.add_account(&other).await;
        let foreign = portal.add_customer_to(&other, "Foreign", None).await;
        let sales = portal.signed_in("sales").await;
        for cursor in ["x", "00000000-0000-4000-8000-000000000000", &foreign.to_string(), "1.2.3"] {
            let page = sales.get(&format!("/customers?after={cursor}")).await;
            assert_eq!(names(&page), ["Contoso"], "{cursor}");
            assert!(page.main().contains("The list has changed"), "{cursor}");
        }
    }
}

on_both_databases! {
    async fn customers_of_another_account_are_nowhere(portal) {
        let other = account("Zuidster");
        portal.add_account(&other).await;
        let foreign = portal.add_customer_to(&other, "Foreign Foods", None).await;
        portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        for query in ["", "?q=foreign", "?q=eign", "?q=foreignfoods.onmicrosoft.com", "?status=not-confirmed"] {
            let page = sales.get(&format!("/customers{query}")).await;
            assert!(!page.body.contains("Foreign Foods"), "{query}");
        }
        let page = sales.get(&format!("/customers?q={foreign}")).await;
        assert_eq!(names(&page), Vec::<String>::new());
    }
}

on_sqlite! {
    async fn nothing_there_and_nothing_found_say_what_to_do(portal) {
        let sales = portal.signed_in("sales").await;
        assert!(sales.get("/customers").await.main().contains("Add your first customer"));
        portal.add_customer("Contoso").await;
        let page = sales.get("/customers?q=zzz").await;
        assert!(page.main().contains("Nothing found for “zzz”"), "{}", page.main());
        assert!(page.attributes("main a", "href").contains(&"/customers".to_owned()));
    }

    async fn in_a_national_cloud_one_message_stands_for_every_standing(portal) {
        portal.set_account(&PartnerAccount { cloud: Cloud::Vianet, ..portal.account.clone() }).await;
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get("/customers?status=not-confirmed").await;
        assert_eq!(names(&page), ["Contoso"]);
        assert!(page.main().contains("Not applicable: agreement confirmation only exists"), "{}", page.main());
        assert!(page.texts(".badge").is_empty());
        let page = sales.get(&format!("/customers/{customer}/account")).await;
        assert_eq!(page.texts(".badge"), ["Not applicable"]);
        assert!(!page.main().contains("Update"), "{}", page.main());
    }
}

on_both_databases! {
    async fn no_page_asks_more_of_the_database_for_more_rows(portal) {
        let sales = portal.signed_in("sales").await;
        let customer = portal.add_customer("Alpine 00").await;
        let paths = [
            "/customers".to_owned(), "/customers?q=alpine".to_owned(), "/customers?q=lpin".to_owned(),
            format!("/customers/{customer}/account"), format!("/customers/{customer}/agreements"),
            format!("/customers/{customer}/history"), format!("/customers/{customer}/agreements/new"),
        ];
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let few = statements(portal, &sales, &paths).await;
        for number in 0..60 {
            portal.add_customer(&format!("Alpine {number:02}")).await;
            let person = person("Anna", &format!("de Vries {number}"), "anna@contoso.example");
            portal.confirm(customer, &person, day("2026-03-12")).await;
        }
        let many = statements(portal, &sales, &paths).await;
        for ((path, few), many) in paths.iter().zip(few).zip(many) {
            assert!(many <= few + 1 && many <= 6, "{path}: {few} statements with one row, {many} with many");
        }
    }
}

/// How many statements each page takes, its session included.
pub async fn statements(
    portal: &crate::support::Portal,
    sales: &crate::support::Browser,
    paths: &[String],
) -> Vec<u64> {
    let mut counts = Vec::new();
    for path in paths {
        let before = portal.db.statements();
        assert_eq!(sales.get(path).await.status, 200, "{path}");
        counts.push(portal.db.statements() - before);
    }
    counts
}
