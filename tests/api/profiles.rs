//! Programs that change whom a customer's bills are for.

use countersign::domain::{audit::Action, role::Role};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Program, answer, with};
use crate::{on_both_databases, on_sqlite};

fn path(customer: Uuid) -> String {
    format!("/v1/customers/{customer}/profiles/billing")
}

async fn put(program: &Program, customer: Uuid, body: &Value) -> Answer {
    let request = program.request("PUT", &path(customer)).header("content-type", "application/json");
    answer(request.body(body.to_string())).await
}

/// The profile with everything that it can have.
fn filled(read: &Value) -> Value {
    let mut profile = read.clone();
    profile["email"] = json!("noor@contoso.example");
    profile["culture"] = json!("nl-NL");
    profile["defaultAddress"] = json!({
        "country": "NL", "city": "Delft", "addressLine1": "Markt 1", "addressLine2": "2e verdieping", "postalCode": "2611 GP",
        "firstName": "Noor", "lastName": "’t Hart", "phoneNumber": "015 555 01 17",
    });
    profile
}

on_both_databases! {
    async fn a_profile_is_changed_as_a_whole_and_both_blocks_are_in_the_history(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let read = program.get(&path(customer)).await.json();
        let changed = put(&program, customer, &filled(&read)).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        let changed = changed.json();
        assert_eq!((&changed["email"], &changed["firstName"]), (&json!("noor@contoso.example"), &json!("Noor")));
        assert_eq!(changed["defaultAddress"]["addressLine1"], "Markt 1");
        assert_ne!(changed["attributes"]["etag"], read["attributes"]["etag"]);
        assert_eq!(program.get(&path(customer)).await.json(), changed);
        assert_eq!((portal.events(Action::CompanyEdited).await, portal.events(Action::ContactEdited).await), (1, 1));
        // Only what differs is a change.
        let renamed = put(&program, customer, &with(changed.clone(), "/companyName", json!("Contoso BV"))).await.json();
        assert_eq!(renamed["companyName"], "Contoso BV");
        assert_eq!((portal.events(Action::CompanyEdited).await, portal.events(Action::ContactEdited).await), (2, 1));
        let same = put(&program, customer, &renamed).await.json();
        assert_eq!(same, renamed);
        assert_eq!(portal.events(Action::CompanyEdited).await, 2);
        portal.assert_sound().await;
    }

    async fn a_profile_that_somebody_changed_meanwhile_is_not_overwritten(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let read = program.get(&path(customer)).await.json();
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{customer}/account/company")).await.with("company_name", "Contoso BV");
        assert_eq!(sales.submit(&form).await.status, 303);
        put(&program, customer, &filled(&read)).await.assert_fault(400, 2055, "Read it again");
        let etag = read["attributes"]["etag"].as_str().expect("an etag");
        let header = program.request("PUT", &path(customer)).header("if-match", format!("\"{etag}\""));
        let fresh = program.get(&path(customer)).await.json();
        let header = header.header("content-type", "application/json").body(fresh.to_string());
        answer(header).await.assert_fault(400, 2055, "profile");
        assert_eq!(program.get(&path(customer)).await.json()["companyName"], "Contoso BV");
        // A client whose model has no attributes is taken at its word.
        let mut without = filled(&fresh);
        without.as_object_mut().expect("an object").remove("attributes");
        assert_eq!(put(&program, customer, &without).await.status, 200);
    }

    async fn the_same_request_changes_a_profile_once(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let read = program.get(&path(customer)).await.json();
        for _ in 0..5 {
            let request = program.request("PUT", &path(customer)).header("content-type", "application/json");
            let request = request.header("MS-RequestId", "b12260fb-82de-4701-a25f-dcd367690645");
            let given = answer(request.body(filled(&read).to_string())).await;
            assert_eq!((given.status, &given.json()["email"]), (200, &json!("noor@contoso.example")));
        }
        assert_eq!(portal.events(Action::ContactEdited).await, 1);
    }
}

on_sqlite! {
    async fn what_a_body_leaves_out_stays_and_null_empties_it(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let read = program.get(&path(customer)).await.json();
        let whole = put(&program, customer, &filled(&read)).await.json();
        let part = put(&program, customer, &json!({ "companyName": "Contoso NV", "defaultAddress": { "AddressLine2": null } })).await.json();
        assert_eq!(part["defaultAddress"]["addressLine2"], Value::Null);
        assert_eq!((&part["companyName"], &part["email"]), (&json!("Contoso NV"), &whole["email"]));
        assert_eq!(part["defaultAddress"]["postalCode"], "2611 GP");
    }

    async fn what_is_wrong_with_a_profile_is_named_and_nothing_is_written(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let profile = filled(&program.get(&path(customer)).await.json());
        for (member, value, names) in [
            ("/companyName", json!(""), "companyName is missing"), ("/email", json!("noor@"), "email is no email address"),
            ("/defaultAddress/country", json!("XX"), "defaultAddress.country"), ("/defaultAddress", json!("x"), "defaultAddress must be an object"),
            ("/defaultAddress/phoneNumber", json!("1"), "defaultAddress.phoneNumber"), ("/attributes/etag", json!(1), "attributes.etag"),
        ] {
            put(&program, customer, &with(profile.clone(), member, value)).await.assert_fault(400, 3000, names);
        }
        put(&program, Uuid::from_u128(1), &profile).await.assert_fault(404, 60_003, "customer");
        assert_eq!(portal.events(Action::CompanyEdited).await, 0);
    }
}

on_both_databases! {
    async fn what_a_customer_qualifies_for_is_said_in_both_ways_and_in_the_history(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let one = format!("/v1/customers/{customer}/qualification");
        let put = async |body: &str| answer(program.request("PUT", &one).header("content-type", "application/json").body(body.to_owned())).await;
        assert_eq!((program.get(&one).await.text, program.get(&format!("{one}s")).await.text), ("\"none\"".to_owned(), "[]".to_owned()));
        for (body, word) in [("\"Education\"", "education"), ("2", "nonprofit"), ("\"government_community_cloud\"", "governmentcommunitycloud"), ("0", "none"), ("4", "stateownedentity")] {
            let given = put(body).await;
            assert_eq!((given.status, given.json()), (200, json!(word)), "{body}");
            assert_eq!(program.get(&one).await.json(), word);
        }
        assert_eq!(portal.events(Action::QualificationSet).await, 5);
        assert_eq!(put("\"StateOwnedEntity\"").await.status, 200);
        assert_eq!(portal.events(Action::QualificationSet).await, 5, "what is so already is no change");
        let added = program.post(&format!("{one}s"), &json!({ "Qualification": "Education", "VettingStatus": null })).await;
        assert_eq!((added.status, added.json()), (201, json!({ "qualification": "Education", "vettingStatus": "Approved" })));
        assert_eq!(program.get(&format!("{one}s")).await.json(), json!([added.json()]));
        for body in ["5", "-1", "1.5", "\"x\"", "{}", "null", "[1]"] {
            put(body).await.assert_fault(400, 3000, "body");
        }
        program.post(&format!("{one}s"), &json!({})).await.assert_fault(400, 3000, "qualification is missing");
        program.post(&format!("{one}s"), &json!({ "qualification": "none" })).await.assert_fault(400, 3000, "qualification must be one of");
        let sales = portal.signed_in("sales").await;
        let history = sales.get(&format!("/customers/{customer}/history")).await.main();
        assert!(history.contains("Billing set what the customer qualifies for: Education."), "{history}");
        let account = sales.get(&format!("/customers/{customer}/account")).await.main();
        assert!(account.contains("Qualification") && account.contains("Education"), "{account}");
    }
}
