//! The operations on agreements: what is confirmed by a program, and what a mistake in it is told.

use chrono::TimeDelta;
use countersign::domain::{
    audit::Action,
    partner_account::{Cloud, PartnerAccount, PartnerType},
    role::Role,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Program, TEMPLATE, agreements_of, answer, confirmation};
use crate::{
    on_both_databases, on_sqlite,
    support::portal::{day, person},
};

/// A confirmation with a member put, or taken out where the value is `null`.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = confirmation();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    if value.is_null() {
        parent.remove(name);
    } else {
        parent.insert(name.to_owned(), value);
    }
    body
}

on_both_databases! {
    async fn a_program_confirms_and_the_portal_shows_it(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let answer = program.post(&agreements_of(customer), &confirmation()).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let expected = json!({
            "userId": program.id,
            "primaryContact": { "firstName": "Anna", "lastName": "de Vries", "email": "anna@contoso.example", "phoneNumber": "020 555 01 17" },
            "templateId": TEMPLATE,
            "dateAgreed": "2026-11-20T00:00:00Z",
            "type": "MicrosoftCustomerAgreement",
        });
        assert_eq!(answer.json(), expected);

        let list = program.get(&format!("{}?agreementType=MicrosoftCustomerAgreement", agreements_of(customer))).await.json();
        assert_eq!(list["totalCount"], 1);
        assert_eq!(list["items"][0]["primaryContact"], expected["primaryContact"]);
        assert_eq!(list["items"][0]["dateAgreed"], "2026-11-20T00:00:00Z");

        let sales = portal.signed_in("sales").await;
        let page = sales.get(&format!("/customers/{customer}/agreements")).await;
        assert!(page.main().contains("Billing") && page.main().contains("Recorded via: API"), "{}", page.main());
        let list = sales.get("/customers?status=confirmed&channel=api").await;
        assert!(list.main().contains("Contoso") && list.main().contains("Billing"), "{}", list.main());
        assert!(sales.get("/status").await.main().contains("Billing"));
        let audit = sales.get(&format!("/audit?actor={}", program.id)).await;
        assert!(audit.main().contains("Billing"), "{}", audit.main());
    }

    async fn what_the_portal_confirms_a_program_sees(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let path = format!("{}?agreementType=*", agreements_of(customer));
        assert_eq!(program.get(&path).await.json()["items"], json!([]), "none is no mistake");
        portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        portal.confirm(customer, &person("Bob", "Jansen", "bob@contoso.example"), day("2026-03-13")).await;
        let list = program.get(&path).await.json();
        assert_eq!(list["items"][0]["primaryContact"]["firstName"], "Bob", "the newest first");
        assert_eq!(list["items"][1]["primaryContact"]["phoneNumber"], Value::Null);
        for kind in ["", "?agreementType=", "?AgreementType=MicrosoftCustomerAgreement"] {
            assert_eq!(program.get(&format!("{}{kind}", agreements_of(customer))).await.json(), list, "{kind}");
        }
        let cloud = program.get(&format!("{}?agreementType=MicrosoftCloudAgreement", agreements_of(customer))).await.json();
        assert_eq!(cloud["items"], json!([]), "a type that was retired");
        program.get(&format!("{}?agreementType=Other", agreements_of(customer))).await.assert_fault(400, 3000, "agreementType");
    }
}

on_sqlite! {
    async fn the_text_is_told_once_for_its_type(portal) {
        let program = Program::of(portal, Role::Manager).await;
        for kind in ["*", "%2A", "", "MicrosoftCustomerAgreement", "microsoftcustomeragreement"] {
            let json = program.get(&format!("/v1/agreements?agreementType={kind}")).await.json();
            assert_eq!(json["totalCount"], 1, "{kind}");
            assert_eq!(json["items"][0]["templateId"], TEMPLATE);
            assert_eq!(json["items"][0]["agreementType"], "MicrosoftCustomerAgreement");
            assert_eq!(json["items"][0]["agreementLink"], "https://aka.ms/customeragreement");
            assert_eq!(json["items"][0]["versionRank"], 1);
        }
        assert_eq!(program.get("/v1/agreements").await.json()["totalCount"], 1, "programs look for it among every type");
        assert_eq!(program.get("/v1/agreements?agreementType=MicrosoftCloudAgreement").await.json()["totalCount"], 0);
        let added = portal.add_version("Microsoft Customer Agreement, October 2026", "2026-10-01", None).await;
        let json = program.get("/v1/agreements?agreementType=*").await.json();
        assert_eq!((&json["items"][0]["templateId"], &json["totalCount"]), (&json!(added.template_id), &json!(1)));
        assert_eq!(json["items"][0]["versionRank"], 2);
    }

    async fn a_document_is_in_the_language_asked_for_or_in_the_nearest_there_is(portal) {
        let program = Program::of(portal, Role::Manager).await;
        for (query, country, language) in [
            ("", "US", "en-US"),
            ("?country=NL&language=nl-NL", "NL", "nl-NL"),
            ("?language=de-DE&country=DE", "DE", "de-DE"),
            ("?language=DE-de&country=DE", "DE", "de-DE"),
            ("?language=xx-XX&country=NL", "NL", "en-US"),
            ("?language=nl-NL&country=nl", "US", "en-US"),
            ("?country=ZZ", "US", "en-US"),
        ] {
            let json = program.get(&format!("/v1/agreementtemplates/{TEMPLATE}/document{query}")).await.json();
            assert_eq!((&json["country"], &json["language"]), (&json!(country), &json!(language)), "{query}");
            assert_eq!(json["displayUri"], "https://aka.ms/customeragreement");
            assert!(json["downloadUri"].as_str().expect("a text").starts_with("https://aka.ms/customeragreement?"));
        }
        let download = async || program.get(&format!("/v1/agreementtemplates/{TEMPLATE}/document")).await.json()["downloadUri"].clone();
        assert_ne!(download().await, download().await);
        let upper = TEMPLATE.to_uppercase();
        program.get(&format!("/v1/agreementTemplates/{upper}/document")).await.assert_fault(400, 3000, "templateId");
        program.get("/v1/agreementTemplates/nonsense/document").await.assert_fault(400, 3000, "templateId");
    }
}

on_both_databases! {
    async fn direct_acceptance_is_told_and_is_no_confirmation(portal) {
        let direct = portal.add_direct_customer("Litware", None).await;
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::Manager).await;
        let status = async |customer: Uuid| {
            program.get(&format!("/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus")).await.json()
        };
        assert_eq!(status(direct).await, json!({ "isSigned": true }));
        assert_eq!(status(customer).await, json!({ "isSigned": false }));
        let list = program.get(&format!("{}?agreementType=*", agreements_of(direct))).await.json();
        assert_eq!(list["items"], json!([]));
    }

    async fn the_same_person_again_is_refused_and_anybody_else_is_not(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let path = agreements_of(customer);
        assert_eq!(program.post(&path, &confirmation()).await.status, 201);
        let again = program.post(&path, &with("/dateAgreed", json!("2026-11-21T00:00:00Z"))).await;
        again.assert_fault(409, 600_061, "Anna de Vries");
        assert_eq!(again.json()["errorName"], "PartnerConfirmedAgreementAlreadyExists");
        assert_eq!(program.post(&path, &with("/primaryContact/firstName", json!("Bob"))).await.status, 201);
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 2);
    }

    async fn the_same_request_again_is_answered_the_same_and_done_once(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let path = agreements_of(customer);
        let send = async |id: &str, body: Value| {
            let request = program.request("POST", &path).header("ms-requestid", id).header("ms-correlationid", "0f8fad5b-d9cb-469f-a165-70867728950e");
            answer(request.header("content-type", "application/json; charset=utf-8").body(body.to_string())).await
        };
        let id = "b12260fb-82de-4701-a25f-dcd367690645";
        let first = send(id, confirmation()).await;
        assert_eq!((first.status, first.header("ms-requestid")), (201, id));
        assert_eq!(first.header("ms-correlationid"), "0f8fad5b-d9cb-469f-a165-70867728950e");
        for _ in 0..4 {
            let echo = send(id, confirmation()).await;
            assert_eq!((echo.status, &echo.text), (201, &first.text));
        }
        send(id, with("/primaryContact/firstName", json!("Bob"))).await.assert_fault(400, 3000, "MS-RequestId");
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 1);
        // A refusal changed nothing, so the same request is judged anew.
        let refused = "c12260fb-82de-4701-a25f-dcd367690645";
        send(refused, confirmation()).await.assert_fault(409, 600_061, "Anna");
        send(refused, confirmation()).await.assert_fault(409, 600_061, "Anna");
        for other_form in ["{b12260fb-82de-4701-a25f-dcd367690645}", "B12260FB82DE4701A25FDCD367690645"] {
            let echo = send(other_form, confirmation()).await;
            assert_eq!((echo.status, &echo.text, echo.header("ms-requestid")), (201, &first.text, other_form));
        }
        send("b12260fb", confirmation()).await.assert_fault(400, 2000, "MS-RequestId");
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 1);
        // Another program may choose the same id.
        let other = Program::of_account(portal, &portal.account, "Other", Role::SalesAgent).await;
        let request = other.request("POST", &path).header("ms-requestid", id).header("content-type", "application/json");
        let theirs = answer(request.body(with("/primaryContact/firstName", json!("Cor")).to_string())).await;
        assert_eq!(theirs.status, 201, "{}", theirs.text);
    }

    async fn sixteen_of_the_same_request_at_once_confirm_once(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let path = agreements_of(customer);
        let all = futures_util::future::join_all((0..16).map(|_| {
            let request = program.request("POST", &path).header("ms-requestid", "b12260fb-82de-4701-a25f-dcd367690645");
            answer(request.header("content-type", "application/json").body(confirmation().to_string()))
        }))
        .await;
        for one in &all {
            assert_eq!((one.status, &one.text), (201, &all[0].text));
        }
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 1);
    }

    async fn the_day_of_acceptance_tells_the_version(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let template = json!(portal.add_version("October", "2026-10-01", None).await.template_id);
        portal.add_version("November", "2026-11-01", Some("2026-11-10")).await;
        let confirm = async |first: &str, on: &str| {
            let mut body = with("/dateAgreed", json!(on));
            body["templateId"] = template.clone();
            body["primaryContact"]["firstName"] = json!(first);
            let answer = program.post(&agreements_of(customer), &body).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
        };
        let sales = portal.signed_in("sales").await;
        confirm("Anna", "2026-10-31").await;
        assert!(sales.get(&format!("/customers/{customer}/account")).await.main().contains("Reconfirmation due"));
        confirm("Anna", "2026-11-02").await;
        let page = sales.get(&format!("/customers/{customer}/account")).await;
        assert!(page.main().contains("November"), "the same person for another version: {}", page.main());
        confirm("Dora", "2020-02-02").await;
        let page = sales.get(&format!("/customers/{customer}/agreements")).await;
        assert!(page.main().contains("October"), "the oldest where none was published: {}", page.main());
    }
}

on_sqlite! {
    async fn every_member_that_makes_no_sense_is_named_and_nothing_is_written(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let path = agreements_of(customer);
        let absent = Value::Null;
        for (pointer, value, names) in [
            ("/templateId", absent.clone(), "templateId is missing"),
            ("/templateId", json!(7), "templateId must be a string"),
            ("/templateId", json!("nonsense"), "templateId"),
            ("/templateId", json!("998b88de-aa99-4388-a42c-1b3517d49490"), "no longer supported"),
            ("/templateId", json!("0f8fad5b-d9cb-469f-a165-70867728950e"), "templateId"),
            ("/type", json!("MicrosoftCloudAgreement"), "type"),
            ("/type", json!(1), "type"),
            ("/dateAgreed", absent.clone(), "dateAgreed is missing"),
            ("/dateAgreed", json!("yesterday"), "dateAgreed"),
            ("/dateAgreed", json!("0001-01-01T00:00:00"), "dateAgreed"),
            ("/dateAgreed", json!("-262143-01-01T01:00:00"), "dateAgreed"),
            ("/dateAgreed", json!("/Date(-62135596800000)/"), "dateAgreed"),
            ("/dateAgreed", json!("2026-11-24"), "dateAgreed must not be in the future"),
            ("/dateAgreed", json!(20_261_120), "dateAgreed must be a string"),
            ("/primaryContact", absent.clone(), "primaryContact is missing"),
            ("/primaryContact", json!([]), "primaryContact must be an object"),
            ("/primaryContact/firstName", absent.clone(), "primaryContact.firstName is missing"),
            ("/primaryContact/firstName", json!(" "), "primaryContact.firstName is missing"),
            ("/primaryContact/lastName", json!("a".repeat(51)), "primaryContact.lastName has more than 50"),
            ("/primaryContact/lastName", json!("de\u{0}Vries"), "primaryContact.lastName"),
            ("/primaryContact/email", json!("anna"), "primaryContact.email"),
            ("/primaryContact/email", absent, "primaryContact.email is missing"),
            ("/primaryContact/phoneNumber", json!("12"), "primaryContact.phoneNumber"),
            ("/primaryContact/phoneNumber", json!({}), "primaryContact.phoneNumber must be a string"),
        ] {
            let answer = program.post(&path, &with(pointer, value.clone())).await;
            answer.assert_fault(400, 3000, names);
        }
        let whole = confirmation().to_string();
        let twice = whole.replacen('{', r#"{"TYPE":null,"#, 1);
        for body in ["", "null", "[]", "\"success\"", "{", "nul", &whole[..whole.len() - 1], &twice, &"[".repeat(200_000)] {
            let answer = program.post_text(&path, body).await;
            answer.assert_fault(400, 3000, "");
        }
        let large = format!("{}{}", " ".repeat(300_000), whole);
        program.post_text(&path, &large).await.assert_fault(400, 3000, "bytes");
        let simple = program.request("POST", &path).header("content-type", "text/plain").body(whole);
        answer(simple).await.assert_fault(400, 3000, "Content-Type");
        program.post("/v1/customers/nonsense/agreements", &confirmation()).await.assert_fault(400, 900_118, "GUID");
        for encoding in ["gzip", "br", "x"] {
            let packed = program.request("POST", &path).header("content-type", "application/json").header("content-encoding", encoding);
            answer(packed.body(confirmation().to_string())).await.assert_fault(400, 3000, "Content-Encoding");
        }
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);
    }

    async fn the_answer_says_the_day_that_is_recorded(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        for (zone, table) in [
            // Where it is 10:05 on 22 November.
            ("Europe/Amsterdam", [
                ("2026-11-21T23:30:00Z", Some("2026-11-22")), ("2026-11-20T23:30:00Z", Some("2026-11-21")), ("2026-11-20", Some("2026-11-20")),
                ("2026-11-20T00:00:00+01:00", Some("2026-11-20")), ("2026-11-23", Some("2026-11-22")), ("2026-11-23T09:04:00Z", Some("2026-11-22")),
                ("2026-11-23T09:06:00Z", None), ("2026-11-24", None), ("2026-11-20T10:00Z", Some("2026-11-20")), ("2026-11-20T23:30:00-0500", Some("2026-11-21")),
            ]),
            // Where it is 01:05 on 22 November.
            ("America/Los_Angeles", [
                ("2026-11-22T07:59:00Z", Some("2026-11-21")), ("2026-11-20T23:30:00Z", Some("2026-11-20")), ("2026-11-20", Some("2026-11-20")),
                ("2026-11-20T00:00:00+01:00", Some("2026-11-19")), ("2026-11-23", Some("2026-11-22")), ("2026-11-23T09:04:00Z", Some("2026-11-22")),
                ("2026-11-23T09:06:00Z", None), ("2026-11-24", None), ("2026-11-20T10:00Z", Some("2026-11-20")), ("2026-11-20T23:30:00-0500", Some("2026-11-20")),
            ]),
        ] {
            portal.set_account(&PartnerAccount { time_zone: zone.parse().expect("a zone"), ..portal.account.clone() }).await;
            for (number, (given, recorded)) in table.into_iter().enumerate() {
                let customer = portal.add_customer(&format!("Contoso {number} {}", zone.len())).await;
                let answer = program.post(&agreements_of(customer), &with("/dateAgreed", json!(given))).await;
                let listed = program.get(&agreements_of(customer)).await.json();
                if let Some(day) = recorded {
                    assert_eq!(answer.json()["dateAgreed"], format!("{day}T00:00:00Z"), "{zone} {given}");
                    assert_eq!(listed["items"][0]["dateAgreed"], answer.json()["dateAgreed"], "{zone} {given}");
                } else {
                    answer.assert_fault(400, 3000, "dateAgreed must not be in the future");
                    assert_eq!(listed["totalCount"], 0);
                }
            }
        }
    }

    async fn the_forms_of_every_family_of_clients_are_understood(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let bodies = [
            // .NET: upper case, explicit nulls, an unset type, seven digits of a second.
            format!(r#"{{"UserId":null,"PrimaryContact":{{"FirstName":"Anna","LastName":"de Vries","Email":"anna@contoso.example","PhoneNumber":null}},"TemplateId":"{TEMPLATE}","DateAgreed":"2026-11-21T07:13:59.8636091Z","Type":null,"AgreementLink":null}}"#),
            // Java: no nulls, attributes besides.
            format!(r#"{{"primaryContact":{{"firstName":"Anna","lastName":"de Vries","email":"anna@contoso.example"}},"templateId":"{TEMPLATE}","dateAgreed":"2026-11-21T07:13:59.863Z","type":"MicrosoftCustomerAgreement","attributes":{{"objectType":"Agreement"}}}}"#),
            // PowerShell: the local time with its offset.
            format!(r#"{{"primaryContact":{{"firstName":"Anna","lastName":"de Vries","email":"anna@contoso.example","phoneNumber":""}},"templateId":"{TEMPLATE}","dateAgreed":"2026-11-22T10:05:00.1234567+01:00","type":"MicrosoftCustomerAgreement"}}"#),
            // Java's OffsetDateTime, without seconds; Windows PowerShell's JSON.
            format!(r#"{{"primaryContact":{{"firstName":"Anna","lastName":"de Vries","email":"anna@contoso.example"}},"templateId":"{TEMPLATE}","dateAgreed":"2026-11-21T10:00Z"}}"#),
            format!(r#"{{"primaryContact":{{"firstName":"Anna","lastName":"de Vries","email":"anna@contoso.example"}},"templateId":"{TEMPLATE}","dateAgreed":"\/Date(1795255200000)\/"}}"#),
            // A mark of byte order, which some put before a body.
            format!("\u{feff}{}", confirmation()),
        ];
        for (number, body) in bodies.iter().enumerate() {
            let customer = portal.add_customer(&format!("Contoso {number}")).await;
            let answer = program.post_text(&agreements_of(customer), body).await;
            assert_eq!(answer.status, 201, "{body}: {}", answer.text);
        }
    }

    async fn in_a_national_cloud_agreements_are_not_supported(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::AdminAgent).await;
        portal.set_account(&PartnerAccount { cloud: Cloud::UsGovernment, ..portal.account.clone() }).await;
        for path in [agreements_of(customer), "/v1/agreements?agreementType=*".into(), format!("/v1/agreementtemplates/{TEMPLATE}/document")] {
            program.get(&path).await.assert_fault(400, 900_127, "environment");
        }
        program.post(&agreements_of(customer), &confirmation()).await.assert_fault(400, 900_127, "environment");
        assert_eq!(program.get("/v1/customers").await.status, 200);
    }

    async fn an_indirect_reseller_is_told_who_confirms(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::AdminAgent).await;
        portal.set_account(&PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() }).await;
        program.post(&agreements_of(customer), &confirmation()).await.assert_fault(403, 900_150, "indirect provider");
        assert_eq!(program.get(&agreements_of(customer)).await.status, 200);
    }
}

on_both_databases! {
    async fn a_form_and_a_program_leave_the_same_behind(portal) {
        let by_form = portal.add_customer("Contoso").await;
        let by_program = portal.add_customer("Fabrikam").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let sales = portal.signed_in("sales").await;
        let form = sales.form(&format!("/customers/{by_form}/agreements/new")).await;
        let form = [("first_name", "Anna"), ("last_name", "de Vries"), ("email", "anna@contoso.example"), ("phone_number", "020 555 01 17"), ("date_agreed", "20-11-2026")]
            .into_iter()
            .fold(form, |form, (name, value)| form.with(name, value));
        assert_eq!(sales.submit(&form).await.status, 303);
        portal.clock.advance(TimeDelta::seconds(1));
        assert_eq!(program.post(&agreements_of(by_program), &confirmation()).await.status, 201);

        let mut conn = portal.db.snapshot().await.expect("a snapshot");
        let rows: Vec<(String, String, String)> = crate::support::sql(&mut conn, "SELECT first_name || '|' || last_name || '|' || email || '|' || phone_number || '|' || COALESCE(phone_e164, '-') || '|' || \
                 CAST(date_agreed AS TEXT), channel, recorded_by_kind FROM agreements ORDER BY recorded_at",
            )
            .all()
            .await
            .expect("rows");
        let [form, program] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(form.0, program.0);
        assert_eq!((form.1.as_str(), program.1.as_str()), ("account_info", "api"));
        assert_eq!((form.2.as_str(), program.2.as_str()), ("user", "api_client"));
        let details: Vec<(String,)> =
            crate::support::sql(&mut conn, "SELECT detail FROM audit_log WHERE action = 'acceptance_confirmed' ORDER BY seq").all().await.expect("details");
        let details: Vec<Value> = details.iter().map(|(text,)| {
            let mut detail: Value = serde_json::from_str(text).expect("JSON");
            detail["channel"] = Value::Null;
            detail
        }).collect();
        assert_eq!(details[0], details[1]);
    }
}
