//! What programs are told of what happened: of their own account, of 90 days, to an Admin agent, and in the log too.

use std::collections::HashSet;

use chrono::TimeDelta;
use countersign::domain::{audit::Action, role::Role};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Program, agreements_of, answer, confirmation};
use crate::{
    on_both_databases,
    support::portal::{account, day, person},
};

/// The records that a query gives.
async fn records(program: &Program, query: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    program.get(&format!("/v1/auditrecords?{query}")).await
}

fn kinds(json: &Value) -> Vec<String> {
    let items = json["items"].as_array().expect("items");
    items.iter().map(|item| item["customizedData"][0]["value"].as_str().expect("an action").to_owned()).collect()
}

on_both_databases! {
    async fn an_admin_agent_reads_what_happened_in_the_own_account(portal) {
        let customer = portal.add_customer("Contoso").await;
        let sales = Program::of_account(portal, &portal.account, "Sales", Role::SalesAgent).await;
        assert_eq!(sales.post(&agreements_of(customer), &confirmation()).await.status, 201);
        let other = account("Oosterlicht");
        portal.add_account(&other).await;
        let theirs = portal.add_customer_to(&other, "Fabrikam", None).await;
        let program = Program::of(portal, Role::AdminAgent).await;
        records(&sales, &[]).await.assert_fault(403, 900_150, "sales_agent");

        let all = records(&program, &[]).await;
        assert_eq!(all.status, 200, "{}", all.text);
        assert!(!all.text.contains(&theirs.to_string()) && !all.text.contains("Fabrikam"), "of the own account only");
        let all = all.json();
        let confirmed = all["items"].as_array().expect("items").iter().find(|item| item["operationType"] == "create_agreement");
        let confirmed = confirmed.expect("the confirmation");
        for (member, value) in [
            ("partnerId", json!(portal.account.tenant_id)), ("customerId", json!(customer)), ("customerName", json!("Contoso")),
            ("userPrincipalName", json!("Sales")), ("applicationId", json!(sales.id)), ("resourceType", json!("agreement")),
            ("operationStatus", json!("succeeded")), ("attributes", json!({ "objectType": "AuditRecord" })),
        ] {
            assert_eq!(confirmed[member], value, "{member}");
        }
        let detail: Value = serde_json::from_str(confirmed["resourceNewValue"].as_str().expect("a text")).expect("JSON");
        assert_eq!(detail["email"], "anna@contoso.example");

        // Reading it is in the log, and the next one reads that.
        assert_eq!(portal.events(Action::Exported).await, 1);
        assert_eq!(kinds(&records(&program, &[]).await.json())[..2], ["exported", "exported"]);
        let audit = portal.signed_in("admin").await.get("/audit").await;
        assert!(audit.main().contains("exported"), "{}", audit.main());
    }

    async fn records_are_filtered_and_paged_and_each_comes_once(portal) {
        let contoso = portal.add_customer("Contoso Bakery").await;
        let program = Program::of(portal, Role::AdminAgent).await;
        for number in 0..7 {
            let other = portal.add_customer(&format!("Fabrikam {number}")).await;
            portal.confirm(other, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
        }
        portal.confirm(contoso, &person("Bob", "Jansen", "bob@contoso.example"), day("2026-03-12")).await;
        let filter = |field: &str, value: &str| json!({ "Field": field, "Value": value }).to_string();
        for (field, value, count) in [
            ("CustomerId", contoso.to_string(), 2), ("CustomerId", Uuid::from_u128(1).to_string(), 0), ("CompanyName", "BAKERY".to_owned(), 2),
            ("CompanyName", "fabrikam".to_owned(), 14), ("ResourceType", "Agreement".to_owned(), 8), ("ResourceType", "third_party_add_on".to_owned(), 0),
        ] {
            let found = records(&program, &[("filter", &filter(field, &value))]).await.json();
            assert_eq!(found["totalCount"], count, "{field} {value}");
        }
        let mut seen: Vec<String> = Vec::new();
        let mut page = records(&program, &[("size", "3"), ("filter", &filter("ResourceType", "agreement"))]).await.json();
        loop {
            seen.extend(page["items"].as_array().expect("items").iter().map(|item| item["customerId"].to_string()));
            let Some(next) = page["links"].get("next").cloned() else { break };
            assert_eq!(next["headers"][0]["value"], page["continuationToken"]);
            let request = program.request("GET", &format!("/v1/{}", next["uri"].as_str().expect("an address")));
            page = answer(request.header("MS-ContinuationToken", next["headers"][0]["value"].as_str().expect("a token"))).await.json();
        }
        assert_eq!((seen.len(), seen.iter().collect::<HashSet<_>>().len()), (8, 8));
        assert_eq!(seen[0], json!(contoso).to_string(), "the newest first");
        for (query, names) in [
            (("filter", "{"), "filter"), (("size", "x"), "size"), (("seekOperation", "Next"), "MS-ContinuationToken"), (("seekOperation", "Last"), "seekOperation"),
            (("startDate", "-262143-01-01"), "startDate"), (("endDate", "-262143-01-01"), "endDate"), (("endDate", "0001-01-01"), "endDate"),
            (("startDate", "yesterday"), "startDate"), (("endDate", "32-1-2026"), "endDate"),
        ] {
            records(&program, &[query]).await.assert_fault(400, 2000, names);
        }
        let odd = program.request("GET", "/v1/auditrecords").header("MS-ContinuationToken", "x");
        answer(odd).await.assert_fault(400, 2000, "MS-ContinuationToken");
    }

    async fn ninety_days_can_be_read_and_thirty_are_where_none_are_named(portal) {
        let customer = portal.add_customer("Contoso").await;
        portal.clock.advance(TimeDelta::days(60));
        let program = Program::of(portal, Role::AdminAgent).await;
        let about = json!({ "Field": "CustomerId", "Value": customer }).to_string();
        let count = async |query: &[(&str, &str)]| {
            let query: Vec<(&str, &str)> = query.iter().copied().chain([("filter", about.as_str())]).collect();
            records(&program, &query).await.json()["totalCount"].clone()
        };
        // It is 21 January 2027; the customer came on 22 November 2026.
        assert_eq!(count(&[]).await, 0);
        for start in ["2026-11-22", "2026-11-22T00:00:00", "11/22/2026", "11/22/2026 12:00:00 AM", "2026-10-23"] {
            assert_eq!(count(&[("startDate", start)]).await, 1, "{start}");
        }
        assert_eq!(count(&[("startDate", "2026-11-23")]).await, 0);
        assert_eq!(count(&[("startDate", "2026-11-01"), ("endDate", "2026-11-22")]).await, 1);
        assert_eq!(count(&[("startDate", "2026-11-01"), ("endDate", "2026-11-21")]).await, 0);
        assert_eq!(count(&[("endDate", "2026-12-01")]).await, 1, "thirty days before it");
        records(&program, &[("startDate", "2026-10-22")]).await.assert_fault(400, 2000, "90 days");
        records(&program, &[("startDate", "2027-01-10"), ("endDate", "2027-01-09")]).await.assert_fault(400, 2000, "endDate");
    }
}
