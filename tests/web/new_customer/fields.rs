//! What each field of the first step takes, and what it says where it takes something else.

use super::{leads_on, step_1, to_review, with};
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Page,
        browser::{Form, encode},
    },
};

/// What is typed instead of what a good form holds; the field that refuses it; its words in English and Dutch.
type Refused = (&'static [(&'static str, &'static str)], &'static str, &'static str, &'static str);

const WRONG: &[Refused] = &[
    (&[("country", "")], "country", "Choose a country or region from the list", "Kies een land of regio uit de lijst"),
    (
        &[("country", "XX")],
        "country",
        "Choose a country or region from the list",
        "Kies een land of regio uit de lijst",
    ),
    (&[("company_name", " ")], "company_name", "Enter the company name", "Vul de bedrijfsnaam in"),
    (
        &[("company_name", "Hart\u{202e}og")],
        "company_name",
        "Company name: contains characters that cannot be shown. Type it again",
        "Bedrijfsnaam: bevat tekens die niet kunnen worden getoond. Typ het opnieuw",
    ),
    (&[("domain_prefix", "")], "domain_prefix", "Enter a primary domain", "Vul een primair domein in"),
    (
        &[("domain_prefix", "har-tog")],
        "domain_prefix",
        "A primary domain has letters and digits only, at most 27, without accents or hyphens",
        "Een primair domein bestaat uit hoogstens 27 letters en cijfers, zonder accenten of streepjes",
    ),
    (&[("address_line1", "")], "address_line1", "Enter the first line of the address", "Vul de eerste adresregel in"),
    (&[("postal_code", "")], "postal_code", "Enter the postal code", "Vul de postcode in"),
    (&[("city", "")], "city", "Enter the city", "Vul de plaats in"),
    (
        &[("country", "US"), ("state", "")],
        "state",
        "Choose a state or province from the list",
        "Kies een staat of provincie uit de lijst",
    ),
    (
        &[("country", "US"), ("state", "Drenthe")],
        "state",
        "Choose a state or province from the list",
        "Kies een staat of provincie uit de lijst",
    ),
    (
        &[("country", "HU"), ("contact_phone_number", "+36 1 555 0117")],
        "organization_registration_number",
        "Enter the registration number; this country requires one",
        "Vul het registratienummer in; in dit land is dat verplicht",
    ),
    (
        &[("country", "HU"), ("contact_phone_number", "+36 1 555 0117"), ("organization_registration_number", "12")],
        "organization_registration_number",
        "Enter the registration number as this country writes it, for example 01234567890",
        "Vul het registratienummer in zoals dit land het schrijft, bijvoorbeeld 01234567890",
    ),
    (
        &[("country", "IQ"), ("state", "X"), ("organization_registration_number", "1234")],
        "organization_registration_number",
        "Enter a registration number of 5 to 22 characters",
        "Vul een registratienummer van 5 tot 22 tekens in",
    ),
    (
        &[("culture", "de-DE")],
        "culture",
        "This country is not offered that language. Choose one from the list",
        "Deze taal wordt in dit land niet aangeboden. Kies een taal uit de lijst",
    ),
    (&[("culture", "tlh")], "culture", "Choose a language from the list", "Kies een taal uit de lijst"),
    (
        &[("contact_first_name", "")],
        "contact_first_name",
        "Enter the first name of the primary contact",
        "Vul de voornaam van de primaire contactpersoon in",
    ),
    (
        &[("contact_last_name", "")],
        "contact_last_name",
        "Enter the last name of the primary contact",
        "Vul de achternaam van de primaire contactpersoon in",
    ),
    (
        &[("contact_email", "")],
        "contact_email",
        "Enter the email address of the primary contact",
        "Vul het e-mailadres van de primaire contactpersoon in",
    ),
    (
        &[("contact_email", "lotte@hartog")],
        "contact_email",
        "Enter an email address in the correct format, like name@example.com",
        "Vul een volledig e-mailadres in, zoals naam@voorbeeld.nl",
    ),
    (
        &[("country", "HU"), ("organization_registration_number", "12345678")],
        "contact_phone_number",
        "Enter a phone number of the primary contact; this country requires one",
        "Vul een telefoonnummer van de primaire contactpersoon in; in dit land is dat verplicht",
    ),
    (
        &[("contact_phone_number", "1234")],
        "contact_phone_number",
        "A phone number has 5 to 20 digits. Correct it or leave it empty",
        "Een telefoonnummer heeft 5 tot 20 cijfers. Verbeter het of laat het leeg",
    ),
    (&[("date_agreed", "")], "date_agreed", "Enter the agreement acceptance date", "Vul de datum van acceptatie in"),
    (
        &[("date_agreed", "27 mrt")],
        "date_agreed",
        "Agreement acceptance date must include a year",
        "Vul bij de datum van acceptatie ook het jaar in",
    ),
    (
        &[("date_agreed", "31 feb 2026")],
        "date_agreed",
        "Agreement acceptance date must be a real date",
        "Deze datum bestaat niet: controleer dag, maand en jaar",
    ),
    (
        &[("date_agreed", "11/20/2026")],
        "date_agreed",
        "Type the day first: did you mean 20 November 2026?",
        "Typ eerst de dag: bedoelt u 20 november 2026?",
    ),
    (
        &[("date_agreed", "Thursday, November 20, 2026")],
        "date_agreed",
        "20 November 2026 is a Friday. Correct the day of the week or the date",
        "20 november 2026 is een vrijdag. Verbeter de dag van de week of de datum",
    ),
    (
        &[("date_agreed", "31-12-1999")],
        "date_agreed",
        "Agreement acceptance date must be 1 January 2000 or later",
        "De datum van acceptatie moet 1 januari 2000 of later zijn",
    ),
    (
        &[("date_agreed", "23-11-2026")],
        "date_agreed",
        "Agreement acceptance date must be today or in the past. Today is 22 November 2026 in Europe/Amsterdam",
        "De datum van acceptatie moet vandaag of eerder zijn. Vandaag is het 22 november 2026 in Europe/Amsterdam",
    ),
    (
        &[("acceptor", "other"), ("first_name", ""), ("last_name", "Hartog"), ("email", "wim@hartog.example")],
        "first_name",
        "Enter the first name of the person who accepted",
        "Vul de voornaam in van degene die de overeenkomst heeft geaccepteerd",
    ),
    (
        &[("acceptor", "other"), ("first_name", "Wim"), ("last_name", ""), ("email", "wim@hartog.example")],
        "last_name",
        "Enter the last name of the person who accepted",
        "Vul de achternaam in van degene die de overeenkomst heeft geaccepteerd",
    ),
    (
        &[("acceptor", "other"), ("first_name", "Wim"), ("last_name", "Hartog"), ("email", "")],
        "email",
        "Enter the email address of the person who accepted",
        "Vul het e-mailadres in van degene die de overeenkomst heeft geaccepteerd",
    ),
    (
        &[("acceptor", "other"), ("first_name", "Wim"), ("last_name", "Hartog"), ("email", "wim")],
        "email",
        "Enter an email address in the correct format, like name@example.com",
        "Vul een volledig e-mailadres in, zoals naam@voorbeeld.nl",
    ),
    (
        &[
            ("acceptor", "other"),
            ("first_name", "Wim"),
            ("last_name", "Hartog"),
            ("email", "wim@hartog.example"),
            ("phone_number", "12"),
        ],
        "phone_number",
        "A phone number has 5 to 20 digits. Correct it or leave it empty",
        "Een telefoonnummer heeft 5 tot 20 cijfers. Verbeter het of laat het leeg",
    ),
];

/// A field, the most it holds, and its name in English and Dutch.
const LIMITS: &[(&str, usize, &str, &str)] = &[
    ("company_name", 256, "Company name", "Bedrijfsnaam"),
    ("address_line1", 200, "Address line 1", "Adresregel 1"),
    ("address_line2", 200, "Address line 2", "Adresregel 2"),
    ("postal_code", 20, "Postal code", "Postcode"),
    ("city", 100, "City", "Plaats"),
    ("state", 50, "State or province", "Staat of provincie"),
    ("contact_first_name", 50, "First name", "Voornaam"),
    ("contact_last_name", 50, "Last name", "Achternaam"),
];

/// Asserts that one field is refused, in the same words in the summary and at the field, and that all is kept.
fn assert_refused(page: &Page, sent: &Form, field: &str, words: &str) {
    assert_eq!((page.status, page.wrong_fields()), (422, vec![field.to_owned()]), "{words}: {:?}", page.errors());
    assert_eq!(page.errors(), [words]);
    let at_field = page.texts(&format!("#{field}-error")).concat();
    assert!(at_field.ends_with(words), "{field} says {at_field}");
    assert_kept(page, sent, field);
}

/// What stands in the fields that are shown, but for the one that is wrong: a list cannot hold what is not on it.
fn assert_kept(page: &Page, sent: &Form, wrong: &str) {
    let back = page.form();
    // The language and the country that it came with follow the country.
    let follows = ["submission", "country_shown", "culture"];
    for (name, value) in sent.fields.iter().filter(|(name, _)| !follows.contains(&name.as_str()) && name != wrong) {
        assert_eq!(back.get(name), *value, "{name} when {wrong} is wrong");
    }
}

/// Sends the first step with bytes for the value of one field.
async fn with_bytes(browser: &Browser, form: &Form, field: &str, bytes: &str) -> Page {
    let pairs = form.fields.iter().map(|(name, value)| {
        if name == field { format!("{name}={bytes}") } else { encode(&[(name.as_str(), value.as_str())]) }
    });
    browser.post_raw(&form.action, pairs.collect::<Vec<_>>().join("&")).await
}

on_sqlite! {
    async fn each_wrong_value_has_words_of_its_own_at_its_field_in_both_languages(portal) {
        let (english, dutch) = (portal.signed_in("sales").await, portal.signed_in("admin").await);
        dutch.post("/preferences", &[("language", "nl"), ("return_to", "/")]).await;
        for (browser, is_english) in [(&english, true), (&dutch, false)] {
            let good = step_1(browser).await.with("accepted", "on").with("address_line2", "Achterhuis");
            for (typed, field, said, gezegd) in WRONG {
                let sent = with(good.clone(), typed);
                assert_refused(&browser.submit(&sent).await, &sent, field, if is_english { said } else { gezegd });
            }
            for (field, max, label, naam) in LIMITS {
                let sent = good.clone().with(field, &"é".repeat(max + 1));
                let said = format!("{label}: use at most {max} characters");
                let gezegd = format!("{naam}: gebruik hoogstens {max} tekens");
                assert_refused(&browser.submit(&sent).await, &sent, field, if is_english { &said } else { &gezegd });
                assert_eq!(browser.submit(&good.clone().with(field, &"é".repeat(*max))).await.status, 303, "{field}");
            }
        }
        assert_eq!(super::customers(portal).await, 0);
    }

    async fn every_country_that_demands_a_registration_number_takes_one_and_a_phone(portal) {
        let sales = portal.signed_in("sales").await;
        let form = step_1(&sales).await;
        for (country, number) in [
            ("AM", "01234567"), ("AZ", "0123456789"), ("BY", "012345678"), ("HU", "01234567890"), ("KG", ""), ("KZ", ""),
            ("MD", ""), ("RU", ""), ("TJ", ""), ("UA", ""), ("UZ", ""),
        ] {
            let page = sales.submit(&form.clone().with("country", country).with("state", "X")).await;
            assert_eq!(page.wrong_fields(), ["organization_registration_number", "contact_phone_number"], "{country}");
            let sample = page.texts("#organization_registration_number-hint").concat();
            let sample = sample.trim_start_matches("For example ");
            assert!(number.is_empty() || sample == number, "{country}: {sample}");
            let filled = page.form().with("organization_registration_number", sample).with("contact_phone_number", "+36 1 555 0117");
            assert!(leads_on(&sales, &filled).await.ends_with("/subscriptions"), "{country}");
        }
    }

    async fn what_is_pasted_is_read_as_it_is_meant_and_shown_on_review(portal) {
        let sales = portal.signed_in("sales").await;
        for (field, typed, card, shown) in [
            ("domain_prefix", "https://www.HarTog.onmicrosoft.com/", "company", "hartog.onmicrosoft.com"),
            ("company_name", "  Hartog \t &   Zn. ", "company", "Hartog & Zn."),
            ("company_name", "Cafe\u{301} B.V.", "company", "Café B.V."),
            ("postal_code", "1091 cC", "company", "1091 CC"),
            ("contact_email", "Lotte van der Berg <lotte@hartog.example>", "contact", "lotte@hartog.example"),
            ("contact_email", " mailto:lotte@hartog.example", "contact", "lotte@hartog.example"),
            ("contact_phone_number", "06 12 34 56 78", "contact", "06 12 34 56 78"),
            ("date_agreed", "vandaag", "agreement", "22 November 2026"),
            ("date_agreed", "Yesterday", "agreement", "21 November 2026"),
            ("date_agreed", "3/4/26", "agreement", "3 April 2026"),
            ("date_agreed", "2026-03-27", "agreement", "27 March 2026"),
            ("date_agreed", "vrijdag 20 november 2026", "agreement", "20 November 2026"),
            ("date_agreed", "Friday, November 20, 2026", "agreement", "20 November 2026"),
            ("date_agreed", "20th of November 2026", "agreement", "20 November 2026"),
            ("date_agreed", "20–11–2026", "agreement", "20 November 2026"),
            ("organization_registration_number", " 12345678 ", "company", "12345678"),
        ] {
            let form = step_1(&sales).await.with("accepted", "on").with(field, typed);
            let page = sales.get(&to_review(&sales, &form).await).await;
            let facts = page.texts(&format!("#{card} dd"));
            assert!(facts.iter().any(|fact| fact.contains(shown)), "{typed}: {facts:?}");
            let account = page.attributes("#company header a", "href").concat();
            let held = match typed {
                "vandaag" => "22 Nov 2026",
                "Yesterday" => "21 Nov 2026",
                typed => typed,
            };
            assert_eq!(sales.get(&account).await.value(field), held, "the step still holds what was typed, or the day it meant");
        }
    }

    async fn what_was_left_out_is_said_on_review(portal) {
        let sales = portal.signed_in("sales").await;
        let review = to_review(&sales, &step_1(&sales).await).await;
        let page = sales.get(&review).await;
        assert!(page.texts("#contact dd").contains(&"Not provided".to_owned()), "{:?}", page.texts("#contact dd"));
        assert_eq!(page.texts("#subscriptions dd"), ["Not provided"]);
        assert_eq!(page.texts("#agreement dd"), ["Not confirmed"]);
        assert!(page.main().contains("Nothing is created until you select Create customer."), "{}", page.main());
        let ways_back = page.attributes("section header a", "href");
        let step = review.replace("/review", "/account");
        let expected = [
            format!("{step}#company"), format!("{step}#contact"), format!("{step}#agreement"),
            review.replace("/review", "/subscriptions"),
        ];
        assert_eq!(ways_back, expected);
        sales.post("/preferences", &[("language", "nl"), ("return_to", "/")]).await;
        assert_eq!(sales.get(&review).await.texts("#subscriptions dd"), ["Niet ingevuld"]);
    }
}

on_both_databases! {
    async fn a_domain_that_another_customer_has_is_refused_at_its_field_however_it_is_written(portal) {
        portal.add_customer("Hartog").await;
        let sales = portal.signed_in("sales").await;
        for typed in ["hartog", "HARTOG", "https://hartog.onmicrosoft.com"] {
            let sent = step_1(&sales).await.with("domain_prefix", typed);
            let page = sales.submit(&sent).await;
            assert_eq!((page.status, page.wrong_fields()), (422, vec!["domain_prefix".to_owned()]), "{typed}");
            assert_eq!(page.errors(), ["A customer with this domain exists already. Choose another domain"]);
            assert_kept(&page, &sent, "");
        }
    }
}

on_sqlite! {
    async fn bytes_that_are_no_text_are_refused_and_stay_refused_at_the_next_steps(portal) {
        let sales = portal.signed_in("sales").await;
        let good = step_1(&sales).await.with("accepted", "on");
        for field in ["company_name", "address_line1", "city", "contact_first_name", "contact_last_name", "date_agreed"] {
            for bytes in ["Ren%e9e", "%ff", "a%00b"] {
                let page = with_bytes(&sales, &good, field, bytes).await;
                assert_eq!((page.status, page.wrong_fields()), (422, vec![field.to_owned()]), "{field}={bytes}");
                // Nobody gets on by the next step's address.
                let account = page.form().action;
                for step in ["/subscriptions", "/review"] {
                    let page = sales.get(&account.replace("/account", step)).await;
                    assert_eq!(page.status, 303, "{field}={bytes} and {step}: {}", page.main());
                    assert_eq!(page.location(), account, "{field}={bytes} and {step}");
                }
            }
        }
    }
}
