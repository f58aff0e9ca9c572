//! Account info in every state, and editing its blocks.

use crate::{
    on_both_databases, on_sqlite,
    support::portal::{PASSWORD, account, day, person},
};
use countersign::domain::{
    partner_account::{Environment, PartnerAccount, PartnerType},
    role::Role,
};

on_sqlite! {
    async fn a_customer_who_is_not_confirmed_shows_the_consequence_and_the_way_out(portal) {
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{customer}/account")).await;
        assert!(page.main().contains("no new order can be created and the number of licences"), "{}", page.main());
        assert!(page.attributes("main .msg a.primary", "href").contains(&format!("/customers/{customer}/agreements/new")));
        assert!(page.main().contains("Not provided"), "what no file said");
        let page = sales.get(&format!("/customers/{customer}")).await;
        assert_eq!((page.status, page.location()), (303, format!("/customers/{customer}/account")));
    }

    async fn accepted_directly_is_a_sentence_instead_of_empty_fields(portal) {
        let dated = portal.add_direct_customer("Dated", Some(day("2026-05-04"))).await;
        let undated = portal.add_direct_customer("Undated", None).await;
        let sales = portal.signed_in("sales").await;
        for (customer, date, what) in [(dated, "4 May 2026", "who"), (undated, "Not known", "who and when")] {
            let page = sales.get(&format!("/customers/{customer}/account")).await;
            let main = page.main();
            let sentence = format!("accepted directly with Microsoft; {what} is not known here");
            assert!(main.contains(&sentence), "{main}");
            assert!(main.contains("Confirmed") && main.contains(date), "{main}");
        }
    }

    async fn a_manager_sees_everything_and_who_may_confirm_but_no_way_to(portal) {
        let customer = portal.add_customer("Contoso").await;
        let manager = portal.signed_in("manager").await;
        let page = manager.get(&format!("/customers/{customer}/account")).await;
        assert!(page.main().contains("Recording a confirmation needs the role Admin agent or Sales agent. Ask Admin or Sales"), "{}", page.main());
        for word in ["Update", "Edit"] {
            assert!(!page.texts("main a").iter().any(|link| link.starts_with(word)), "{word}");
        }
    }

    async fn an_indirect_resellers_account_explains_that_its_provider_confirms(portal) {
        portal.set_account(&PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() }).await;
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let path = format!("/customers/{customer}/account");
        let page = sales.get(&path).await;
        assert!(page.main().contains("Its indirect provider confirms"), "{}", page.main());
        assert!(!page.texts("main a").iter().any(|link| link.starts_with("Update")));
        let page = sales.get(&format!("/customers/{customer}/agreements/new")).await;
        assert_eq!((page.status, page.location()), (303, path), "there is no form to fill in in vain");
    }

    async fn a_sandbox_is_marked_on_every_page(portal) {
        portal.set_account(&PartnerAccount { environment: Environment::Sandbox, ..portal.account.clone() }).await;
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        for path in ["/customers", "/nowhere", &format!("/customers/{customer}/account"), &format!("/customers/{customer}/history")] {
            assert_eq!(sales.get(path).await.texts(".strip"), ["Sandbox – not production"], "{path}");
        }
    }
}

on_both_databases! {
    async fn the_same_tenant_may_be_a_customer_of_two_accounts_and_they_never_mix(portal) {
        let other = account("Zuidster");
        portal.add_account(&other).await;
        portal.add_user("both", Role::SalesAgent, &[portal.account.clone(), other.clone()]).await;
        let customer = portal.add_customer("Contoso here").await;
        portal.add_same_customer_to(&other, customer, "Contoso there").await;
        let both = portal.signed_in("both").await;
        let path = format!("/customers/{customer}/account");
        let form = both.form(&format!("/customers/{customer}/agreements/new")).await;
        let form = form
            .with("first_name", "Anna")
            .with("last_name", "de Vries")
            .with("email", "anna@contoso.example")
            .with("date_agreed", "today");
        assert_eq!(both.submit(&form).await.status, 303);
        assert!(both.get(&path).await.main().contains("Contoso here"));
        let switched = both.post("/partner-account", &[("partner_account", &other.id.to_string()), ("return_to", &path)]).await;
        assert_eq!((switched.status, switched.location()), (303, "/customers".to_owned()));
        let page = both.get(&path).await;
        assert!(page.main().contains("Contoso there") && page.main().contains("Not confirmed"), "{}", page.main());
    }

    async fn signing_in_again_comes_back_to_the_account_one_was_in(portal) {
        let other = account("Zuidster");
        portal.add_account(&other).await;
        portal.add_user("both", Role::SalesAgent, &[portal.account.clone(), other.clone()]).await;
        let customer = portal.add_customer_to(&other, "Contoso there", None).await;
        let both = portal.signed_in("both").await;
        both.post("/partner-account", &[("partner_account", &other.id.to_string()), ("return_to", "/")]).await;
        let form = both.form(&format!("/customers/{customer}/account/company")).await.with("city", "Delft");
        portal.clock.advance(chrono::TimeDelta::minutes(31));
        let page = both.submit(&form).await;
        assert_eq!(page.status, 401);
        let page = both.submit(&page.form().with("email", "both@test.example").with("password", PASSWORD)).await;
        let page = both.follow(page).await;
        assert_eq!((page.status, page.value("city")), (200, "Delft".to_owned()), "{}", page.main());
    }
}

on_sqlite! {
    async fn what_was_saved_is_told_on_the_page_of_its_customer_only(portal) {
        let (one, other) = (portal.add_customer("Contoso").await, portal.add_customer("Fabrikam").await);
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{one}/account/company")).await;
        assert_eq!(sales.submit(&form.with("city", "Delft")).await.status, 303);
        let page = sales.get(&format!("/customers/{other}/account")).await;
        assert!(page.texts("[role=status]").is_empty(), "{:?}", page.texts("[role=status]"));
    }
}

on_both_databases! {
    async fn a_company_is_edited_and_the_history_shows_old_and_new(portal) {
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{customer}/account/company")).await;
        let form = form
            .with("company_name", "  Contoso   Nederland B.V. ")
            .with("country", "NL")
            .with("address_line1", "Kerkstraat 12-2 hs")
            .with("postal_code", "1017 GC")
            .with("city", "Amsterdam")
            .with("culture", "nl-NL");
        let page = sales.submit(&form).await;
        assert_eq!(page.status, 303, "{:?}", page.errors());
        let page = sales.follow(page).await;
        assert_eq!(page.texts("[role=status]"), ["Company saved"]);
        for part in ["Contoso Nederland B.V.", "Kerkstraat 12-2 hs", "1017 GC Amsterdam", "Netherlands", "Dutch (Netherlands)"] {
            assert!(page.main().contains(part), "{part} in {}", page.main());
        }
        let history = sales.get(&format!("/customers/{customer}/history")).await.main();
        for part in ["Sales edited the company.", "Contoso Nederland B.V.", "Not provided", "Kerkstraat 12-2 hs"] {
            assert!(history.contains(part), "{part} in {history}");
        }
    }

    async fn two_people_editing_at_once_lose_nothing(portal) {
        let customer = portal.add_customer("Contoso").await;
        let (sales, admin) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        for (block, field) in [("company", "city"), ("contact", "contact_first_name")] {
            let path = format!("/customers/{customer}/account/{block}");
            let (one, two) = (sales.form(&path).await, admin.form(&path).await);
            assert_eq!(sales.submit(&one.with(field, "Delft")).await.status, 303);
            let page = admin.submit(&two.with(field, "Gouda")).await;
            assert_eq!(page.status, 409, "{block}");
            assert!(page.errors()[0].starts_with("Sales changed this customer on 22 November 2026 at 10:05 CET"), "{:?}", page.errors());
            assert_eq!(page.value(field), "Gouda", "what was typed stays");
            assert_eq!(page.texts(".theirs strong"), ["Delft"], "beside what the other wrote");
            assert_eq!(admin.submit(&page.form()).await.status, 303, "a second look is enough");
            assert_eq!(admin.form(&path).await.get(field), "Gouda");
        }
    }

    async fn editing_one_block_does_not_stand_in_the_way_of_the_other_or_of_confirming(portal) {
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let company = sales.form(&format!("/customers/{customer}/account/company")).await;
        let contact = sales.form(&format!("/customers/{customer}/account/contact")).await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        assert_eq!(sales.submit(&contact.with("contact_first_name", "Noor")).await.status, 303);
        assert_eq!(sales.submit(&company.with("city", "Delft")).await.status, 303);
    }
}

on_sqlite! {
    async fn a_wrong_field_of_a_block_is_said_at_the_field(portal) {
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let company = sales.form(&format!("/customers/{customer}/account/company")).await;
        let page = sales.submit(&company.with("company_name", "").with("country", "XX").with("city", "Delft")).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec!["country".to_owned(), "company_name".to_owned()]));
        assert_eq!(page.value("city"), "Delft");
        let contact = sales.form(&format!("/customers/{customer}/account/contact")).await;
        let page = sales.submit(&contact.with("contact_email", "anna@").with("contact_phone_number", "1234")).await;
        assert_eq!(page.wrong_fields(), ["contact_email", "contact_phone_number"]);
    }

    async fn both_languages_are_complete_on_every_page(portal) {
        let customer = portal.add_customer("Contoso").await;
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let sales = portal.signed_in("sales").await;
        let dutch = sales.post("/preferences", &[("language", "nl"), ("return_to", "/customers?q=con")]).await;
        assert_eq!((dutch.status, dutch.location()), (303, "/customers?q=con".to_owned()));
        for (path, word) in [
            ("/customers".to_owned(), "Klanten"),
            (format!("/customers/{customer}/account"), "Bevestigd"),
            (format!("/customers/{customer}/account/company"), "Bedrijfsnaam"),
            (format!("/customers/{customer}/account/contact"), "Voornaam (optioneel)"),
            (format!("/customers/{customer}/agreements"), "Datum van acceptatie"),
            (format!("/customers/{customer}/agreements/new"), "Opslaan en doorgaan"),
            (format!("/customers/{customer}/history"), "Geschiedenis"),
            ("/nowhere".to_owned(), "Pagina niet gevonden"),
        ] {
            let page = sales.get(&path).await;
            assert_eq!(page.attributes("html", "lang"), ["nl"], "{path}");
            assert!(page.main().contains(word), "{word} on {path}: {}", page.main());
            // A message that is missing shows as its key.
            let raw = page.main().split(' ').filter(|word| word.starts_with("No localization")).count();
            assert_eq!(raw, 0, "{path}");
        }
        let page = portal.signed_in("sales").await.get("/customers").await;
        assert_eq!(page.attributes("html", "lang"), ["nl"], "the language goes with the user");
    }
}
