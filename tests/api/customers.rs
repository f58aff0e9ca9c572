//! The list of customers that programs page through, and one of them.

use std::collections::HashSet;

use countersign::domain::role::Role;
use serde_json::{Value, json};

use super::{Answer, Program, answer};
use crate::{on_both_databases, on_sqlite, support::portal::account};

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// Follows a link the way that the SDKs do: the root, the version, and the link as it is.
async fn follow(program: &Program, link: &Value) -> Answer {
    let mut request = program.request("GET", &format!("/v1/{}", link["uri"].as_str().expect("an address")));
    for header in link["headers"].as_array().expect("headers") {
        request = request.header(header["key"].as_str().expect("a name"), header["value"].as_str().expect("a value"));
    }
    answer(request).await
}

on_both_databases! {
    async fn every_customer_is_on_exactly_one_page(portal) {
        let mut all = HashSet::new();
        for number in 0..7 {
            all.insert(portal.add_customer(&format!("Contoso {number}")).await.to_string());
        }
        let other = account("Oosterlicht");
        portal.add_account(&other).await;
        portal.add_customer_to(&other, "Fabrikam", None).await;
        let program = Program::of(portal, Role::Manager).await;

        let mut page = program.get("/v1/customers?size=3").await.json();
        let first = ids(&page);
        let mut seen = first.clone();
        assert!(page["links"].get("previous").is_none());
        let mut pages = 1;
        while let Some(next) = page["links"].get("next").cloned() {
            assert_eq!(next["headers"][0]["value"], page["continuationToken"]);
            page = follow(&program, &next).await.json();
            seen.extend(ids(&page));
            pages += 1;
        }
        assert_eq!((pages, seen.len()), (3, 7));
        assert_eq!(seen.into_iter().collect::<HashSet<_>>(), all);
        assert_eq!(page["totalCount"], 1, "those of this page");
        assert!(page.get("continuationToken").is_none());

        let last = program.get("/v1/customers?size=3&seekOperation=Last").await.json();
        assert_eq!(last["totalCount"], 3);
        let before = follow(&program, &last["links"]["previous"]).await.json();
        let before = follow(&program, &before["links"]["previous"]).await.json();
        assert_eq!(ids(&before), first[..1], "what is left at the beginning");
        assert!(before["links"].get("previous").is_none() && before["links"].get("next").is_some());
        // The same pages by number of the operation, and with the slash that one of the SDKs doubles.
        let again = program.get("/v1//customers?size=3&seekOperation=2").await.json();
        assert_eq!(ids(&again), first);
        for all in ["/v1/customers?size=0", "/v1/customers", "/v1/customers?size="] {
            assert_eq!(ids(&program.get(all).await.json()).len(), 7, "{all}");
        }
    }

    async fn customers_are_found_by_what_their_name_or_domain_begins_with(portal) {
        for name in ["Contoso", "Contoso Élan", "Fabrikam"] {
            portal.add_customer(name).await;
        }
        let program = Program::of(portal, Role::Manager).await;
        let found = async |filter: &str| {
            let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            ids(&program.get(&format!("/v1/customers?size=0&filter={filter}")).await.json()).len()
        };
        assert_eq!(found(r#"{"Field":"CompanyName","Value":"cont","Operator":"starts_with"}"#).await, 2);
        assert_eq!(found(r#"{"value":"CONTOSO el","field":"CompanyName","fieldType":"String","operator":"StartsWith"}"#).await, 1);
        assert_eq!(found(r#"{"Field":"Domain","Value":"fabri","Operator":"starts_with"}"#).await, 1);
        assert_eq!(found(r#"{"Field":"Domain","Value":"%","Operator":"starts_with"}"#).await, 0);
        for filter in ["{", "[]", r#"{"Field":"CompanyName"}"#, r#"{"Field":"Other","Value":"x"}"#, r#"{"Field":"Domain","Value":"x","Operator":"equals"}"#] {
            let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
            program.get(&format!("/v1/customers?filter={filter}")).await.assert_fault(400, 2000, "filter");
        }
    }
}

on_sqlite! {
    async fn a_page_that_makes_no_sense_is_refused(portal) {
        let program = Program::of(portal, Role::Manager).await;
        for query in ["size=-1", "size=many", "size=1.5"] {
            program.get(&format!("/v1/customers?{query}")).await.assert_fault(400, 2000, "size");
        }
        program.get("/v1/customers?seekOperation=PageIndex").await.assert_fault(400, 2000, "seekOperation");
        program.get("/v1/customers?seekOperation=Next").await.assert_fault(400, 2000, "MS-ContinuationToken");
        for token in ["x", "AAAA", "é"] {
            let request = program.request("GET", "/v1/customers?seekOperation=Next").header("MS-ContinuationToken", token.as_bytes());
            answer(request).await.assert_fault(400, 2000, "MS-ContinuationToken");
        }
        assert_eq!(program.get("/v1/customers").await.json()["items"], json!([]));
    }
}

on_both_databases! {
    async fn a_customer_is_told_with_all_that_is_known(portal) {
        let customer = portal.add_customer("Contoso").await;
        let sales = portal.signed_in("sales").await;
        let company = sales.form(&format!("/customers/{customer}/account/company")).await;
        let company = company.with("country", "NL").with("address_line1", "Kerkstraat 1").with("city", "Amsterdam").with("postal_code", "1017 GC");
        assert_eq!(sales.submit(&company).await.status, 303);
        let contact = sales.form(&format!("/customers/{customer}/account/contact")).await;
        let contact = contact.with("contact_first_name", "Noor").with("contact_last_name", "’t Hart").with("contact_email", "noor@contoso.example");
        assert_eq!(sales.submit(&contact).await.status, 303);

        let program = Program::of(portal, Role::Manager).await;
        let json = program.get(&format!("/v1/customers/{}", customer.to_string().to_uppercase())).await.json();
        for id in [format!("%7B{customer}%7D"), customer.simple().to_string(), format!("({customer})")] {
            assert_eq!(program.get(&format!("/v1/customers/{id}")).await.json(), json, "{id}");
        }
        assert_eq!(json["id"], json!(customer));
        assert_eq!(json["companyProfile"]["tenantId"], json!(customer));
        assert_eq!(json["companyProfile"]["companyName"], "Contoso");
        assert_eq!(json["companyProfile"]["domain"], "Contoso.onmicrosoft.com".to_lowercase());
        assert_eq!(json["relationshipToPartner"], "reseller");
        assert_eq!(json["attributes"], json!({ "objectType": "Customer" }));
        assert_eq!(json["links"]["self"]["uri"], format!("/customers/{customer}"));
        let billing = program.get(&format!("/v1/customers/{customer}/profiles/billing")).await.json();
        assert_eq!(json["billingProfile"], billing);
        assert_eq!(billing["defaultAddress"]["addressLine1"], "Kerkstraat 1");
        assert_eq!((&billing["firstName"], &billing["lastName"]), (&json!("Noor"), &json!("’t Hart")));
        assert!(billing["attributes"]["etag"].as_str().expect("a text").parse::<i64>().is_ok());
        let profile = program.get(&format!("/v1/customers/{customer}/profiles/company")).await.json();
        assert_eq!((&profile["address"]["city"], &profile["email"]), (&json!("Amsterdam"), &json!("noor@contoso.example")));
    }
}
