//! Flow 2: find a customer, update the confirmation, see the proof.

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser,
        browser::Form,
        portal::{day, person},
    },
};
use uuid::Uuid;

/// The Update form of a customer, filled in with Anna who accepted on 12 March 2026.
pub async fn anna(browser: &Browser, customer: Uuid) -> Form {
    browser
        .form(&format!("/customers/{customer}/agreements/new"))
        .await
        .with("first_name", "Anna")
        .with("last_name", "de Vries")
        .with("email", "anna@contoso.example")
        .with("date_agreed", "12-3-2026")
}

on_both_databases! {
    async fn a_confirmation_is_shown_on_account_info_with_who_when_which_and_by_whom(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{customer}/account")).await;
        assert!(page.main().contains("Not confirmed"), "{}", page.main());

        let form = anna(&sales, customer).await.with("phone_number", "020 555 01 17");
        let page = sales.submit(&form).await;
        assert_eq!((page.status, page.location()), (303, format!("/customers/{customer}/account")));
        let page = sales.follow(page).await;
        assert_eq!(page.texts("[role=status]"), ["Confirmation recorded for Contoso B.V."]);
        let main = page.main();
        for part in [
            "Confirmed", "Anna de Vries", "anna@contoso.example", "020 555 01 17", "12 March 2026",
            "Microsoft Customer Agreement, January 2020", "Sales, 22 November 2026 10:05 CET", "Account info",
        ] {
            assert!(main.contains(part), "{part} is missing in {main}");
        }
        assert!(!main.contains("Not confirmed"), "{main}");
        let again = sales.get(&format!("/customers/{customer}/account")).await;
        assert!(again.texts("[role=status]").is_empty(), "the message is shown once");
    }
}

on_sqlite! {
    async fn what_is_wrong_is_said_at_each_field_with_everything_typed_kept(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer)
            .await
            .with("last_name", "  ")
            .with("email", "anna@contoso")
            .with("phone_number", "1234")
            .with("date_agreed", "31 Feb 2026");
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.wrong_fields(), ["last_name", "email", "phone_number", "date_agreed"]);
        assert_eq!(page.errors()[0], "Enter the last name of the person who accepted");
        assert_eq!(page.errors()[3], "Agreement acceptance date must be a real date");
        assert!(page.title().starts_with("Error:"), "{}", page.title());
        for (field, value) in [
            ("first_name", "Anna"), ("last_name", "  "), ("email", "anna@contoso"), ("phone_number", "1234"),
            ("date_agreed", "31 Feb 2026"),
        ] {
            assert_eq!(page.value(field), value, "{field}");
        }
        let corrected = page.form().with("last_name", "de Vries").with("email", "anna@contoso.example");
        let corrected = corrected.with("phone_number", "").with("date_agreed", "28 Feb 2026");
        assert_eq!(sales.submit(&corrected).await.status, 303);
    }

    async fn a_future_date_is_refused_by_the_accounts_zone_also_at_half_past_midnight(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        // 00:30 on the 23rd in Amsterdam, still the 22nd in UTC.
        portal.clock.set("2026-11-22T23:30:00Z".parse().unwrap());
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer).await;
        let page = sales.submit(&form.clone().with("date_agreed", "24-11-2026")).await;
        assert_eq!(page.status, 422);
        assert_eq!(
            page.errors(),
            ["Agreement acceptance date must be today or in the past. Today is 23 November 2026 in Europe/Amsterdam"]
        );
        assert_eq!(sales.submit(&form.with("date_agreed", "23-11-2026")).await.status, 303);
    }
}

on_both_databases! {
    async fn the_same_again_is_refused_whatever_its_date_case_or_way_of_writing_a_number(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer).await.with("phone_number", "+31 20 555 0117");
        assert_eq!(sales.submit(&form).await.status, 303);
        let again = anna(&sales, customer)
            .await
            .with("first_name", "ANNA")
            .with("email", "Anna@Contoso.Example")
            .with("phone_number", "0031 (0)20-5550117")
            .with("date_agreed", "13-3-2026");
        let page = sales.submit(&again).await;
        assert_eq!(page.status, 422);
        assert_eq!(
            page.errors(),
            ["Already recorded: Anna de Vries accepted this version on 12 March 2026. Change the name, email address or \
              phone number to record a new confirmation"]
        );
        assert_eq!(sales.submit(&page.form().with("phone_number", "")).await.status, 303, "another phone is another person");
    }

    async fn update_adds_one_that_supersedes_and_the_former_stays_in_the_history(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        sales.submit(&anna(&sales, customer).await).await;
        let form = anna(&sales, customer).await.with("first_name", "Pieter").with("date_agreed", "13 mrt 2026");
        assert_eq!(sales.submit(&form).await.status, 303);
        let page = sales.get(&format!("/customers/{customer}/agreements")).await;
        let cards = page.texts("main section");
        assert_eq!(cards.len(), 2);
        assert!(cards[0].contains("Pieter de Vries") && cards[0].contains("Confirmed"), "{cards:?}");
        assert!(cards[1].contains("Anna de Vries") && cards[1].contains("Superseded"), "{cards:?}");
    }

    async fn the_one_with_the_later_day_counts_whatever_the_order_of_recording(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-05-02")).await;
        portal.confirm(customer, &person("Pieter", "Smit", "pieter@contoso.example"), day("2026-05-01")).await;
        let page = portal.signed_in("manager").await.get(&format!("/customers/{customer}/account")).await;
        assert!(page.main().contains("Anna de Vries"), "{}", page.main());
        assert!(!page.main().contains("Pieter Smit"), "{}", page.main());
    }

    async fn a_newer_mandatory_version_asks_to_confirm_again_from_its_day_on(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", Some("2026-11-23")).await;
        let path = format!("/customers/{customer}/account");
        let sales = portal.signed_in("sales").await;
        assert!(sales.get(&path).await.texts(".badge").contains(&"Confirmed".to_owned()));
        // Midnight in Amsterdam, an hour before midnight in UTC.
        portal.clock.set("2026-11-22T23:00:00Z".parse().unwrap());
        let sales = portal.signed_in("sales").await;
        assert!(sales.get(&path).await.texts(".badge").contains(&"Reconfirmation due".to_owned()));
        assert_eq!(sales.submit(&anna(&sales, customer).await.with("date_agreed", "vandaag")).await.status, 303);
        let page = sales.get(&path).await;
        assert!(page.texts(".badge").contains(&"Confirmed".to_owned()));
        assert!(page.main().contains("23 November 2026"), "{}", page.main());
    }

    async fn a_form_that_shows_a_version_which_is_no_longer_the_latest_comes_back_and_names_the_new_one(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer).await;
        portal.add_version("Microsoft Customer Agreement, November 2026", "2026-11-01", None).await;
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 409);
        assert!(page.errors()[0].contains("Microsoft Customer Agreement, November 2026"), "{:?}", page.errors());
        assert_eq!(page.value("first_name"), "Anna");
        let page = sales.submit(&page.form()).await;
        assert_eq!(page.wrong_fields(), ["older_than_version"], "a day before publication is asked about");
        assert_eq!(sales.submit(&page.form().with("older_than_version", "on")).await.status, 303);
    }

    async fn an_unknown_version_is_refused(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        for version in ["", "x", "00000000-0000-4000-8000-000000000000"] {
            let page = sales.submit(&anna(&sales, customer).await.with("agreement_version", version)).await;
            assert_eq!(page.status, 422, "{version:?}");
            assert_eq!(page.value("first_name"), "Anna");
        }
    }

    async fn a_form_sent_twice_has_its_effect_once_and_shows_the_same(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer).await;
        let (one, two) = tokio::join!(sales.submit(&form), sales.submit(&form));
        assert_eq!((one.status, one.location()), (two.status, two.location()));
        assert_eq!(sales.submit(&form).await.status, 303, "a retry later");
        let page = sales.get(&format!("/customers/{customer}/agreements")).await;
        assert_eq!(page.texts("main section").len(), 1);
    }

    async fn the_same_form_with_other_values_is_never_dropped_in_silence(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer).await;
        sales.submit(&form).await;
        let page = sales.submit(&form.with("first_name", "Pieter")).await;
        assert_eq!(page.status, 409);
        assert_eq!(page.value("first_name"), "Pieter");
        assert_eq!(sales.submit(&page.form()).await.status, 303, "with its fresh token it is a new attempt");
    }

    async fn a_token_that_is_unknown_foreign_or_a_day_old_brings_the_form_back(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let other = portal.add_customer("Fabrikam").await;
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let foreign = anna(&admin, customer).await.get("submission");
        let elsewhere = anna(&sales, other).await.get("submission");
        let form = anna(&sales, customer).await;
        for token in ["", "nonsense", &foreign, &elsewhere] {
            let page = sales.submit(&form.clone().with("submission", token)).await;
            assert_eq!(page.status, 422, "{token}");
            assert_eq!(page.value("last_name"), "de Vries");
            assert_ne!(page.value("submission"), token);
        }
        portal.clock.advance(chrono::TimeDelta::hours(24) + chrono::TimeDelta::seconds(1));
        let sales = portal.signed_in("sales").await;
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 422);
        assert_eq!(sales.submit(&page.form()).await.status, 303);
    }

    async fn two_agents_with_different_people_are_both_recorded_and_the_later_one_counts(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        let one = anna(&sales, customer).await;
        let two = anna(&admin, customer).await.with("first_name", "Pieter");
        let (one, two) = tokio::join!(sales.submit(&one), admin.submit(&two));
        assert_eq!((one.status, two.status), (303, 303));
        let page = sales.get(&format!("/customers/{customer}/agreements")).await;
        assert_eq!(page.texts("main section").len(), 2);
        let newest = page.texts("main section").remove(0);
        assert!(newest.contains("Confirmed"), "{newest}");
    }

    async fn sixteen_agents_with_the_same_person_record_one(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let mut forms = Vec::new();
        for _ in 0..16 {
            forms.push(anna(&sales, customer).await);
        }
        let answers = futures_util::future::join_all(forms.iter().map(|form| sales.submit(form))).await;
        let recorded = answers.iter().filter(|page| page.status == 303).count();
        assert_eq!(recorded, 1, "{:?}", answers.iter().map(|page| page.status).collect::<Vec<_>>());
        assert!(answers.iter().all(|page| [303, 422].contains(&page.status)));
    }

    async fn prefill_starts_from_the_primary_contact_or_the_person_recorded_before(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let contact = sales.form(&format!("/customers/{customer}/account/contact")).await;
        let contact = contact
            .with("contact_first_name", "Noor")
            .with("contact_last_name", "’t Hart")
            .with("contact_email", "noor@contoso.example");
        assert_eq!(sales.submit(&contact).await.status, 303);
        sales.submit(&anna(&sales, customer).await).await;
        let path = format!("/customers/{customer}/agreements/new");
        let page = sales.get(&path).await;
        assert_eq!(page.value("first_name"), "", "nothing chosen: empty fields");
        assert_eq!(
            page.texts(".prefill button"),
            ["Primary contact: Noor ’t Hart", "Previous confirmation: Anna de Vries", "Someone else"]
        );
        let page = sales.get(&format!("{path}?prefill=primary_contact")).await;
        assert_eq!((page.value("first_name"), page.value("email")), ("Noor".into(), "noor@contoso.example".into()));
        let page = sales.get(&format!("{path}?prefill=former")).await;
        assert_eq!(page.value("first_name"), "Anna");
    }

    async fn a_date_is_read_back_in_words(portal) {
        let sales = portal.signed_in("sales").await;
        for (value, answer) in [
            ("3-4-2026", r#"{"date":"2026-04-03","words":"Friday 3 April 2026"}"#),
            ("today", r#"{"date":"2026-11-22","words":"Sunday 22 November 2026"}"#),
            ("31-2-2026", r#"{"error":"Agreement acceptance date must be a real date"}"#),
        ] {
            let page = sales.get(&format!("/dates?value={value}")).await;
            assert_eq!((page.status, page.body.as_str()), (200, answer), "{value}");
        }
        let dutch = sales.send(reqwest::Method::GET, "/dates?value=3%20april%202026", None, &[("accept-language", "nl")]).await;
        assert!(dutch.body.contains("vrijdag 3 april 2026"), "{}", dutch.body);
        for value in ["", "%00", "23-11-2026", "x", "%FF", "1-1-1999"] {
            let page = sales.get(&format!("/dates?value={value}")).await;
            assert!(page.status == 200 && page.body.starts_with("{\"error\":\""), "{value}: {}", page.body);
        }
    }

    async fn changing_the_primary_contact_never_changes_a_confirmation(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        sales.submit(&anna(&sales, customer).await).await;
        let contact = sales.form(&format!("/customers/{customer}/account/contact")).await;
        let contact = contact.with("contact_first_name", "Zoë").with("contact_email", "zoe@contoso.example");
        assert_eq!(sales.submit(&contact).await.status, 303);
        let page = sales.get(&format!("/customers/{customer}/agreements")).await;
        assert!(page.main().contains("Anna de Vries") && !page.main().contains("Zoë"), "{}", page.main());
    }

    async fn the_history_tells_what_happened_in_sentences(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        sales.submit(&anna(&sales, customer).await).await;
        let page = sales.get(&format!("/customers/{customer}/history")).await;
        let main = page.main();
        for part in [
            "An administrator (command line) added the customer from a file.",
            "Sales confirmed that Anna de Vries accepted Microsoft Customer Agreement, January 2020 on 12 March 2026. \
             Recorded via: Account info.",
            "22 November 2026", "10:05 CET",
        ] {
            assert!(main.contains(part), "{part} is missing in {main}");
        }
    }
}
