//! What every form has in common: the day and the account in which it was opened.

use chrono::{NaiveDate, TimeDelta};
use countersign::domain::{partner_account::PartnerAccount, role::Role};
use uuid::Uuid;

use super::confirm::anna;
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page, Portal,
        browser::Form,
        portal::{PASSWORD, account, email},
    },
};

const ZONES: [&str; 3] = ["Europe/Amsterdam", "America/Los_Angeles", "Pacific/Kiritimati"];

/// Moves the account to a zone and the clock to a time there.
async fn at(portal: &Portal, zone: &str, local: &str) {
    let zone: chrono_tz::Tz = zone.parse().expect("a zone");
    portal.set_account(&PartnerAccount { time_zone: zone, ..portal.account.clone() }).await;
    let local: chrono::NaiveDateTime = local.parse().expect("a time");
    portal.clock.set(local.and_local_timezone(zone).unwrap().to_utc());
}

/// The dates of acceptance of a customer's confirmations, newest first.
async fn recorded(portal: &Portal, customer: Uuid) -> Vec<NaiveDate> {
    let mut conn = portal.db.read().await.expect("a reader");
    let query = crate::support::sql(
        &mut conn,
        "SELECT a.date_agreed FROM agreements a JOIN customers c ON c.seq = a.customer_seq WHERE c.id = $1 ORDER BY a.agreement_seq DESC",
    );
    let rows: Vec<(NaiveDate,)> = query.bind(customer).all().await.expect("rows");
    rows.into_iter().map(|(day,)| day).collect()
}

fn december(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).expect("a day")
}

/// Signs in on the page that keeps a form, and comes to the form.
async fn sign_in_again(browser: &Browser, kept: &Page, name: &str) -> Page {
    assert_eq!(kept.status, 401, "{}", kept.body);
    let form = kept.form().with("email", &email(name)).with("password", PASSWORD);
    browser.follow(browser.submit(&form).await).await
}

on_both_databases! {
    async fn a_word_for_a_day_means_the_day_on_which_its_page_was_made_over_midnight(portal) {
        for (number, zone) in ZONES.into_iter().enumerate() {
            for (typed, day) in [("today", 4), ("Vandaag", 4), (" yesterday ", 3), ("gisteren", 3), ("2-12-2026", 2)] {
                let customer = portal.add_customer(&format!("Customer {number} {typed}")).await;
                at(portal, zone, "2026-12-04T23:50:00").await;
                let sales = portal.signed_in("sales").await;
                let form = anna(&sales, customer).await.with("date_agreed", typed);
                portal.clock.advance(TimeDelta::minutes(20));
                let page = sales.submit(&form).await;
                assert_eq!(page.status, 303, "{zone} {typed}: {:?}", page.errors());
                assert_eq!(recorded(portal, customer).await, [december(day)], "{zone} {typed}");
            }
        }
    }

    async fn a_form_kept_over_a_weekend_comes_back_with_the_day_instead_of_the_word(portal) {
        for zone in ZONES {
            for (language, typed, shown, day) in [("en", "today", "4 Dec 2026", 4), ("nl", "gisteren", "3 dec 2026", 3)] {
                portal.set_account(&portal.account).await;
                let customer = portal.add_customer(&format!("Customer {zone} {typed}")).await;
                at(portal, zone, "2026-12-04T16:00:00").await;
                let sales = portal.signed_in("sales").await;
                sales.post("/preferences", &[("language", language), ("return_to", "/")]).await;
                let form = anna(&sales, customer).await.with("date_agreed", typed);
                at(portal, zone, "2026-12-07T09:00:00").await;
                let page = sign_in_again(&sales, &sales.submit(&form).await, "sales").await;
                assert_eq!((page.status, page.value("date_agreed").as_str()), (200, shown), "{zone} {typed}");
                assert_eq!(recorded(portal, customer).await, [], "nothing is saved yet");
                assert_eq!(sales.submit(&page.form()).await.status, 303);
                assert_eq!(recorded(portal, customer).await, [december(day)], "{zone} {typed}");
            }
        }
    }
}

on_sqlite! {
    async fn a_draft_holds_the_day_and_never_the_word(portal) {
        for (zone, prefix) in ZONES.into_iter().zip(["one", "two", "three"]) {
            at(portal, zone, "2026-12-04T16:00:00").await;
            let sales = portal.signed_in("sales").await;
            let fields = [
                ("company_name", "Hartog"), ("domain_prefix", prefix), ("address_line1", "Ruyschstraat 48"), ("postal_code", "1091 CC"),
                ("city", "Amsterdam"), ("contact_first_name", "Lotte"), ("contact_last_name", "Hartog"),
                ("contact_email", "lotte@hartog.example"), ("accepted", "on"), ("date_agreed", "yesterday"),
            ];
            let form = sales.form("/customers/new").await;
            let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
            let path = sales.submit(&form).await.location();
            at(portal, zone, "2026-12-07T09:00:00").await;
            let sales = portal.signed_in("sales").await;
            assert_eq!(sales.form(&path.replace("subscriptions", "account")).await.get("date_agreed"), "3 Dec 2026");
            let review = sales.submit(&sales.form(&path).await.with("skip", "on")).await.location();
            let page = sales.get(&review).await;
            assert!(page.texts("#agreement dd").contains(&"3 December 2026".to_owned()), "{zone}: {}", page.main());
            let created = sales.submit(&page.form()).await.location();
            let id = created.split('/').nth(2).and_then(|id| Uuid::try_parse(id).ok()).expect("a customer");
            assert_eq!(recorded(portal, id).await, [december(3)], "{zone}");
        }
    }

    async fn a_form_that_comes_back_has_the_day_instead_of_the_word(portal) {
        let customer = portal.add_customer("Contoso").await;
        at(portal, "Europe/Amsterdam", "2026-12-04T16:00:00").await;
        let sales = portal.signed_in("sales").await;
        let page = sales.submit(&anna(&sales, customer).await.with("first_name", "").with("date_agreed", "yesterday")).await;
        assert_eq!((page.status, page.value("date_agreed").as_str()), (422, "3 Dec 2026"));
    }

    async fn a_day_without_a_year_comes_back_with_the_latest_one(portal) {
        at(portal, "Europe/Amsterdam", "2026-12-04T16:00:00").await;
        let sales = portal.signed_in("sales").await;
        for (typed, shown) in [
            ("3 dec", "3 Dec 2026"), ("20th November", "20 Nov 2026"), ("vrijdag 20 november", "20 Nov 2026"), ("5 dec", "5 Dec 2025"),
        ] {
            let customer = portal.add_customer(&format!("Customer {typed}")).await;
            let page = sales.submit(&anna(&sales, customer).await.with("date_agreed", typed)).await;
            assert_eq!((page.status, page.errors()), (422, vec!["Agreement acceptance date must include a year".to_owned()]), "{typed}");
            assert_eq!(page.value("date_agreed"), shown, "{typed}");
            assert_eq!(sales.submit(&page.form()).await.status, 303, "{typed}");
        }
    }

    async fn the_day_that_a_page_says_counts_only_where_it_can_be_true(portal) {
        at(portal, "Europe/Amsterdam", "2026-12-04T16:00:00").await;
        let sales = portal.signed_in("sales").await;
        for (said, day) in [
            ("2026-12-04", "2026-12-04"), ("2026-12-03", "2026-12-03"), ("2026-11-04", "2026-11-04"),
            ("2026-11-03", "2026-12-04"), ("2026-12-05", "2026-12-04"), ("", "2026-12-04"), ("9999-99-99", "2026-12-04"),
            ("2026-12-03T00:00:00Z", "2026-12-04"), ("today", "2026-12-04"), ("+262142-12-31", "2026-12-04"), ("-262143-01-01", "2026-12-04"),
        ] {
            let customer = portal.add_customer(&format!("Customer {said}")).await;
            let form = anna(&sales, customer).await.with("date_agreed", "today").with("entered_on", said);
            assert_eq!(sales.submit(&form).await.status, 303, "{said}");
            assert_eq!(recorded(portal, customer).await, [day.parse::<NaiveDate>().unwrap()], "{said}");
        }
    }
}

/// A user of two accounts, with a customer of the first.
async fn two_accounts(portal: &Portal) -> (Browser, PartnerAccount, Uuid) {
    let beta = account("Beta");
    portal.add_account(&beta).await;
    portal.add_user("both", Role::AdminAgent, &[portal.account.clone(), beta.clone()]).await;
    let customer = portal.add_customer("Contoso").await;
    (portal.signed_in("both").await, beta, customer)
}

async fn switch(browser: &Browser, account: &PartnerAccount) {
    let fields = [("partner_account", account.id.to_string()), ("return_to", "/".to_owned())];
    let page = browser.post("/partner-account", &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    assert_eq!(page.status, 303);
}

on_both_databases! {
    async fn a_form_opened_for_another_account_writes_nothing_and_comes_back_filled(portal) {
        let (both, beta, customer) = two_accounts(portal).await;
        // The same tenant is a customer of both.
        portal.add_same_customer_to(&beta, customer, "Contoso there").await;
        let path = format!("/customers/{customer}");
        let forms: Vec<(Form, &str, &str)> = vec![
            (anna(&both, customer).await, "first_name", "Anna"),
            (both.form(&format!("{path}/account/company")).await.with("city", "Delft <b>"), "city", "Delft <b>"),
            (both.form(&format!("{path}/account/contact")).await.with("contact_first_name", "Noor"), "contact_first_name", "Noor"),
            (both.form("/customers/new").await.with("company_name", "Hartog"), "company_name", "Hartog"),
            (both.get("/api-clients").await.form_at("/api-clients").with("client_name", "Reports"), "client_name", "Reports"),
        ];
        for (form, field, value) in forms {
            switch(&both, &beta).await;
            let writes = portal.writes().await;
            let page = both.submit(&form).await;
            assert!([404, 409].contains(&page.status), "{}: {}", form.action, page.status);
            assert_eq!(page.texts("main h1"), ["This form was opened for Noordster, you are in Beta now"], "{}", form.action);
            assert!(page.texts("main dd").contains(&value.to_owned()), "{}: {}", form.action, page.main());
            assert_eq!(portal.writes().await, writes, "{}", form.action);

            let back = page.form();
            assert_eq!(back.action, "/partner-account");
            let page = both.follow(both.submit(&back).await).await;
            assert_eq!((page.status, page.texts(".acct .two").concat().contains("Noordster")), (200, true), "{}", page.main());
            let again = page.form_at(&form.action);
            assert_eq!(again.get(field), value, "{}", form.action);
            assert_eq!(portal.writes().await, writes, "{}: nothing is saved by itself", form.action);
        }
        let page = both.submit(&anna(&both, customer).await).await;
        assert_eq!(page.status, 303);
    }
}

on_sqlite! {
    async fn every_form_that_writes_says_for_which_account_it_was_opened(portal) {
        let (both, beta, customer) = two_accounts(portal).await;
        both.submit(&anna(&both, customer).await).await;
        let draft = both.submit(&both.form("/customers/new").await.with("company_name", "Hartog")).await;
        assert_eq!(draft.status, 422);
        let id = portal.account.id.to_string();
        let mut seen = 0;
        for path in [
            format!("/customers/{customer}/agreements/new"), format!("/customers/{customer}/account/company"),
            format!("/customers/{customer}/account/contact"), format!("/customers/{customer}/orders/new"), "/customers/new".to_owned(),
            "/customers?drafts=all".to_owned(), "/api-clients".to_owned(),
        ] {
            let page = both.get(&path).await;
            let forms = page.attributes("main form[method=post]", "action").len();
            let saying = page.attributes("main form[method=post] > [name=opened_in], main form[method=post] [name=opened_in]", "value");
            assert!(forms > 0 && saying.len() == forms && saying.iter().all(|said| *said == id), "{path}: {forms} forms, {saying:?}");
            seen += forms;
        }
        assert!(seen >= 7, "{seen} forms");
        let discard = both.get("/customers").await;
        let discard = discard.attributes("form[action$=discard]", "action").into_iter().next().expect("a draft");
        switch(&both, &beta).await;
        let page = both.post(&discard, &[("opened_in", &id)]).await;
        assert_eq!(page.texts("main h1"), ["This form was opened for Noordster, you are in Beta now"]);
        for other in ["x", "", &Uuid::nil().to_string()] {
            let page = both.post("/customers/new", &[("opened_in", other), ("company_name", "Hartog")]).await;
            let gone = "This form was opened for another partner account, you are in Beta now";
            assert_eq!(page.texts("main h1") == [gone], !other.is_empty(), "{other}: {}", page.main());
        }
        both.post("/preferences", &[("language", "nl"), ("return_to", "/")]).await;
        let page = both.post(&discard, &[("opened_in", &id)]).await;
        assert_eq!(page.texts("main h1"), ["Dit formulier is geopend voor Noordster, u bent nu in Beta"]);
        assert!(page.main().contains("Terugschakelen naar Noordster"));
    }

    async fn a_form_sent_after_its_session_ended_comes_back_in_its_own_account(portal) {
        let (both, beta, customer) = two_accounts(portal).await;
        let form = anna(&both, customer).await;
        switch(&both, &beta).await;
        portal.clock.advance(TimeDelta::minutes(31));
        let page = sign_in_again(&both, &both.submit(&form).await, "both").await;
        assert_eq!((page.status, page.value("first_name").as_str()), (200, "Anna"), "{}", page.main());
        assert_eq!(both.submit(&page.form()).await.status, 303);
    }

    async fn what_is_not_there_shows_what_was_typed(portal) {
        let sales = portal.signed_in("sales").await;
        let customer = portal.add_customer("Contoso").await;
        let form = anna(&sales, customer).await.with("last_name", "<i>de Vries");
        let gone = form.action.replace(&customer.to_string(), &Uuid::from_u128(7).to_string());
        let page = sales.submit(&Form { action: gone, ..form }).await;
        assert_eq!(page.status, 404);
        for typed in ["Anna", "<i>de Vries", "anna@contoso.example", "12-3-2026"] {
            assert!(page.texts("main dd").contains(&typed.to_owned()), "{typed}: {}", page.main());
        }
        assert!(!page.main().contains(&form_token(&page)), "{}", page.main());
    }

    async fn the_language_follows_the_country_until_another_is_chosen(portal) {
        let us = countersign::domain::country::Country::parse("US").expect("a country");
        for (home, chosen, culture, button, wanted) in [
            // Untouched, with Next and with the button that changes the country.
            ("NL", "GB", None, false, "English (United Kingdom)"),
            ("NL", "GB", None, true, "English (United Kingdom)"),
            ("NL", "BE", None, false, "French (Belgium)"),
            ("US", "NL", None, false, "Dutch (Netherlands)"),
            ("US", "NL", None, true, "Dutch (Netherlands)"),
            // Chosen.
            ("NL", "GB", Some("en-US"), false, "English (United States)"),
            ("NL", "BE", Some("nl-BE"), false, "Dutch (Belgium)"),
            ("NL", "NL", Some("en-US"), true, "English (United States)"),
        ] {
            let country = if home == "US" { us } else { portal.account.country };
            portal.set_account(&PartnerAccount { country, ..portal.account.clone() }).await;
            let sales = portal.signed_in("sales").await;
            let mut form = sales.form("/customers/new").await;
            for (name, value) in [
                ("company_name", "Hartog"), ("domain_prefix", "hartog"), ("address_line1", "High Street 1"), ("postal_code", "1000"),
                ("city", "Leeds"), ("contact_first_name", "Lotte"), ("contact_last_name", "Hartog"), ("contact_email", "lotte@hartog.example"),
                ("state", ""), ("country", chosen),
            ] {
                form = form.with(name, value);
            }
            if let Some(culture) = culture {
                form = form.with("culture", culture);
            }
            let mut page = sales.submit(&if button { form.clone().with("change_country", "on") } else { form }).await;
            if button {
                let path = page.location();
                let adapted = sales.form(&path).await;
                page = sales.submit(&adapted).await;
            }
            assert_eq!(page.status, 303, "{home} {chosen}: {:?}", page.errors());
            let path = page.location();
            let review = sales.submit(&sales.form(&path).await.with("skip", "on")).await.location();
            let facts = sales.get(&review).await.texts("#company dd");
            assert!(facts.contains(&wanted.to_owned()), "{home} {chosen} {culture:?} {button}: {facts:?}");
        }
    }

    async fn a_language_that_the_country_is_not_offered_is_never_taken_over(portal) {
        let sales = portal.signed_in("sales").await;
        let form = sales.form("/customers/new").await.with("country", "GB").with("culture", "de-DE");
        let page = sales.submit(&form).await;
        assert!(page.wrong_fields().contains(&"culture".to_owned()), "{:?}", page.errors());
        let customer = portal.add_customer("Contoso").await;
        let company = async || sales.form(&format!("/customers/{customer}/account/company")).await;
        assert_eq!(sales.submit(&company().await.with("country", "NL").with("culture", "nl-NL")).await.status, 303);
        let page = sales.submit(&company().await.with("country", "GB")).await;
        assert_eq!((page.status, page.wrong_fields()), (422, vec!["culture".to_owned()]));
        assert_eq!(sales.submit(&page.form().with("culture", "en-GB")).await.status, 303);
        assert_eq!(sales.submit(&company().await.with("culture", "de-AT")).await.status, 303, "chosen for itself");
        assert_eq!(sales.submit(&company().await.with("city", "Leeds")).await.status, 303, "and kept");
    }
}

/// The token of a form, where a page shows it.
fn form_token(page: &Page) -> String {
    page.attributes("[name=submission]", "value").pop().unwrap_or_else(|| "submission".to_owned())
}
