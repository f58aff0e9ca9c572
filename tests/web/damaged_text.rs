//! Text that was damaged on its way, and text of nothing that can be seen.

use serde_json::json;

use super::confirm::anna;
use crate::{
    api::{Program, agreements_of, confirmation},
    on_both_databases, on_sqlite,
};
use countersign::domain::role::Role;

/// A field of the Update form, its name in the API, what is typed, and the words that refuse it.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("first_name", "firstName", "Ren\u{fffd}", "First name: a character was lost on the way. Correct it"),
    ("last_name", "lastName", "M\u{fffd}ller", "Last name: a character was lost on the way. Correct it"),
    ("email", "email", "ann\u{fffd}@contoso.example", "Email address: a character was lost on the way. Correct it"),
    (
        "phone_number",
        "phoneNumber",
        "020\u{fffd}555 01 17",
        "Phone number (optional): a character was lost on the way. Correct it",
    ),
    ("first_name", "firstName", "\u{3164}", "First name: contains characters that cannot be shown. Type it again"),
    (
        "last_name",
        "lastName",
        "\u{2800}\u{e0041}",
        "Last name: contains characters that cannot be shown. Type it again",
    ),
    ("first_name", "firstName", "An\u{200b}na", "First name: contains characters that cannot be shown. Type it again"),
    ("last_name", "lastName", "de\u{ad}Vries", "Last name: contains characters that cannot be shown. Type it again"),
    ("first_name", "firstName", "An\u{200d}na", "First name: contains characters that cannot be shown. Type it again"),
    ("first_name", "firstName", "\u{200e}\u{200b}", "Enter the first name of the person who accepted"),
];

on_sqlite! {
    async fn damaged_and_invisible_text_is_refused_at_its_field_on_the_page_and_in_the_api(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        for (field, member, typed, words) in REFUSED {
            let page = sales.submit(&anna(&sales, customer).await.with(field, typed)).await;
            assert_eq!((page.status, page.errors()), (422, vec![(*words).to_owned()]), "{typed:?}");
            assert_eq!((page.wrong_fields(), page.value(field)), (vec![(*field).to_owned()], (*typed).to_owned()));
            let mut body = confirmation();
            body["primaryContact"][*member] = json!(typed);
            let answer = program.post(&agreements_of(customer), &body).await;
            answer.assert_fault(400, 3000, &format!("primaryContact.{member} "));
        }
        let nobody = anna(&sales, customer).await.with("first_name", ".").with("last_name", "–");
        let page = sales.submit(&nobody).await;
        let words = "Enter a name: first and last name together need a letter or digit";
        assert_eq!((page.status, page.errors()), (422, vec![words.to_owned()]));
        let mut body = confirmation();
        body["primaryContact"]["firstName"] = json!(".");
        body["primaryContact"]["lastName"] = json!("-");
        program.post(&agreements_of(customer), &body).await.assert_fault(400, 3000, "no letter or digit");
        let page = sales.get(&format!("/customers/{customer}/account")).await;
        assert!(page.main().contains("Not confirmed"), "nothing was recorded: {}", page.main());
    }
}

on_both_databases! {
    async fn marks_around_what_is_pasted_are_left_out(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let form = anna(&sales, customer)
            .await
            .with("first_name", "\u{200f}דנה\u{200e}")
            .with("last_name", "\u{2068}de Vries\u{2069}\u{ad}")
            .with("email", "\u{200b}anna@con\u{ad}toso.example")
            .with("phone_number", "\u{202a}+31 6\u{200b} 12345678\u{202c}")
            .with("date_agreed", "\u{202d}12-3-2026\u{202c}");
        assert_eq!(sales.submit(&form).await.status, 303);
        let main = sales.get(&format!("/customers/{customer}/account")).await.main();
        for part in ["דנה de Vries", "anna@contoso.example", "+31 6 12345678", "12 March 2026"] {
            assert!(main.contains(part), "{part} is missing in {main}");
        }
        for mark in ['\u{200b}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202c}', '\u{ad}'] {
            assert!(!main.contains(mark), "{mark:?} is in {main}");
        }
    }
}

on_sqlite! {
    async fn a_rounded_phone_number_is_recorded_with_a_warning(portal) {
        let customer = portal.add_customer("Contoso B.V.").await;
        let sales = portal.signed_in("sales").await;
        let warning = "This looks like a number that a spreadsheet rounded";
        for (typed, warned) in [("3.16E+10", true), ("3,16E+10", true), ("31612345678.0", true), ("0612345678", false)] {
            // Another person each time: with the same digits it would be the same again.
            let form = anna(&sales, customer).await.with("phone_number", typed).with("last_name", typed);
            assert_eq!(sales.submit(&form).await.status, 303, "{typed}");
            let main = sales.get(&format!("/customers/{customer}/account")).await.main();
            assert!(main.contains(typed), "{typed} is missing in {main}");
            assert_eq!(main.contains(warning), warned, "{typed}: {main}");
        }
    }
}
