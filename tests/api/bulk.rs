//! What Microsoft's tool for attesting in bulk asks for.

use countersign::domain::{
    audit::Action,
    partner_account::{Cloud, PartnerAccount, PartnerType},
    role::Role,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Program, TEMPLATE, agreements_of, answer, confirmation};
use crate::{
    on_both_databases, on_sqlite,
    support::portal::{account, day, person},
};

const BULK: &str = "/v1/CreateBulkReAttestation";

/// An item as the tool writes it.
fn item(customer: Uuid, first_name: &str, date: &str) -> Value {
    json!({
        "partnerId": null,
        "customerId": customer,
        "agreement": {
            "templateId": TEMPLATE,
            "primaryContact": { "firstName": first_name, "lastName": "de Vries", "email": "anna@contoso.example", "phoneNumber": "" },
            "dateAgreed": date,
        },
        "customerDirectAcceptance": false,
    })
}

fn statuses(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["items"].as_array().expect("items").iter().map(|item| item["status"].clone()).collect()
}

on_both_databases! {
    async fn what_is_recorded_of_every_customer_is_told_page_by_page(portal) {
        let direct = portal.add_direct_customer("Litware", None).await;
        let none = portal.add_customer("Fabrikam").await;
        let confirmed = portal.add_customer("Contoso").await;
        portal.confirm(confirmed, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        let other = account("Oosterlicht");
        portal.add_account(&other).await;
        portal.add_customer_to(&other, "Theirs", None).await;
        let program = Program::of(portal, Role::Manager).await;
        let read = async || program.get("/v1/partners/customerAgreementRecords?continuation_token=").await.json();
        let json = read().await;
        let records = json["customerAgreementRecords"].as_array().expect("records").clone();
        assert_eq!((records.len(), json.get("continuationToken")), (3, None));
        let of = |records: &[Value], id: Uuid| records.iter().find(|one| one["customerTenantId"] == json!(id)).expect("a record").clone();
        let expected = json!({
            "customerTenantId": confirmed,
            "lastAgreementPrimaryContact": { "firstName": "Anna", "lastName": "de Vries", "email": "anna@contoso.example", "phoneNumber": null },
            // Midnight of 12 March 2026, UTC.
            "lastAgreementDateEpoch": 1_773_273_600,
            "partnerAttestationCompleted": true,
        });
        assert_eq!(of(&records, confirmed), expected);
        assert_eq!(of(&records, none)["lastAgreementDateEpoch"], 0);
        assert_eq!(of(&records, none)["partnerAttestationCompleted"], false);
        assert_eq!(of(&records, none)["lastAgreementPrimaryContact"]["firstName"], "");
        assert_eq!(of(&records, direct)["partnerAttestationCompleted"], true);
        // A newer version: nobody has confirmed it, mandatory or not.
        portal.add_version("October", "2026-10-01", None).await;
        let json = read().await;
        let records = json["customerAgreementRecords"].as_array().expect("records");
        assert!(records.iter().all(|one| one["partnerAttestationCompleted"] == false), "{json}");
        assert_eq!(of(records, confirmed)["lastAgreementDateEpoch"], 1_773_273_600, "the day of acceptance, still");
        program.get("/v1/partners/customeragreementrecords?continuation_token=x").await.assert_fault(400, 2000, "continuation_token");
    }

    async fn each_of_many_is_recorded_on_its_day_or_refused_by_itself(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let [one, two, three, four] = [portal.add_customer("One").await, portal.add_customer("Two").await, portal.add_customer("Three").await, portal.add_customer("Four").await];
        assert_eq!(program.post(&agreements_of(two), &confirmation()).await.status, 201);
        let with = |mut item: Value, pointer: &str, value: Value| { *item.pointer_mut(pointer).expect("a member") = value; item };
        let same = { let mut same = item(two, "Anna", "2026-11-19T00:00:00Z"); same["agreement"]["primaryContact"] = confirmation()["primaryContact"].clone(); same };
        let body = json!([
            item(one, "Anna", "2026-11-19T08:15:30.1234567Z"),
            same,
            item(Uuid::from_u128(1), "Anna", "2026-11-19"),
            with(item(three, "Anna", "2026-11-19"), "/agreement/dateAgreed", json!("2030-01-01")),
            with(item(three, "Anna", "2026-11-19"), "/agreement/primaryContact/email", json!("anna")),
            with(item(three, "Anna", "2026-11-19"), "/customerDirectAcceptance", json!(true)),
            with(item(three, "Anna", "2026-11-19"), "/partnerId", json!(Uuid::from_u128(9))),
            with(item(three, "Anna", "2026-11-19"), "/customerId", json!("x")),
            with(item(three, "Anna", "2026-11-19"), "/agreement", Value::Null),
            7,
            with(item(four, "Dora", "2026-11-18"), "/partnerId", json!(portal.account.tenant_id)),
        ]);
        let id = "b12260fb-82de-4701-a25f-dcd367690645";
        let send = async || answer(program.request("POST", BULK).header("ms-requestid", id).header("content-type", "application/json").body(body.to_string())).await;
        let given = send().await;
        assert_eq!(statuses(&given), ["recorded", "exists", "refused", "refused", "refused", "refused", "refused", "refused", "refused", "refused", "recorded"]);
        let items = given.json()["items"].clone();
        for (place, code, names) in [
            (1, 600_061, "Anna de Vries"), (2, 60_003, "customer"), (3, 3000, "agreement.dateAgreed must not be in the future"), (4, 3000, "agreement.primaryContact.email"),
            (5, 3000, "customerDirectAcceptance"), (6, 3000, "partnerId"), (7, 900_118, "customerId"), (8, 3000, "agreement is missing"), (9, 3000, "object"),
        ] {
            assert_eq!(items[place]["code"], code, "{}", items[place]);
            assert!(items[place]["description"].as_str().expect("words").contains(names), "{}", items[place]);
        }
        assert_eq!((&items[0]["customerId"], &items[0]["agreement"]["dateAgreed"]), (&json!(one), &json!("2026-11-19T00:00:00Z")));
        for (customer, on) in [(one, "2026-11-19T00:00:00Z"), (four, "2026-11-18T00:00:00Z")] {
            let list = program.get(&agreements_of(customer)).await.json();
            assert_eq!((&list["totalCount"], &list["items"][0]["dateAgreed"]), (&json!(1), &json!(on)), "never the day of the request");
        }
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 3);
        assert_eq!(send().await.text, given.text, "the same request again");
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 3);
        portal.assert_sound().await;
    }
}

on_sqlite! {
    async fn a_batch_of_the_tool_is_recorded_to_the_last_one(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let mut customers = Vec::new();
        for number in 0..501 {
            customers.push(portal.add_customer(&format!("Contoso {number}")).await);
        }
        let body: Vec<Value> = customers.iter().map(|customer| item(*customer, "Anna", "2026-11-19T08:15:30Z")).collect();
        let given = program.post(BULK, &json!(body)).await;
        assert_eq!(statuses(&given), vec![json!("recorded"); 501]);
        let mut seen = 0;
        let mut token = String::new();
        loop {
            let page = program.get(&format!("/v1/partners/customeragreementrecords?continuation_token={token}")).await.json();
            let records = page["customerAgreementRecords"].as_array().expect("records");
            assert!(records.iter().all(|one| one["partnerAttestationCompleted"] == true && one["lastAgreementDateEpoch"] == 1_795_046_400));
            seen += records.len();
            match page.get("continuationToken") {
                Some(next) => next.as_str().expect("a token").clone_into(&mut token),
                None => break,
            }
        }
        assert_eq!(seen, 501);
    }

    async fn what_is_no_list_is_refused_as_a_whole(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        for (body, names) in [("{}", "array"), ("[]", "empty"), ("null", "array"), ("[", "JSON")] {
            program.post_text(BULK, body).await.assert_fault(400, 3000, names);
        }
        let many = vec![item(customer, "Anna", "2026-11-19"); 1001];
        program.post(BULK, &json!(many)).await.assert_fault(400, 3000, "1000 items");
        program.post_text(BULK, &" ".repeat(1024 * 1024 + 1)).await.assert_fault(400, 3000, "1048576 bytes");
        portal.set_account(&PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() }).await;
        let refused = program.post(BULK, &json!([item(customer, "Anna", "2026-11-19")])).await.json();
        assert_eq!((&refused["items"][0]["status"], &refused["items"][0]["code"]), (&json!("refused"), &json!(900_150)));
        portal.set_account(&PartnerAccount { cloud: Cloud::UsGovernment, ..portal.account.clone() }).await;
        program.post(BULK, &json!([item(customer, "Anna", "2026-11-19")])).await.assert_fault(400, 900_127, "environment");
        program.get("/v1/partners/customeragreementrecords").await.assert_fault(400, 900_127, "environment");
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);
    }
}
