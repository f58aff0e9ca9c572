//! The wire as it is: what every operation answers in one run through the API, compared with `snapshots.json`. Ids, etags
//! and what else is new in each run are numbered in the order in which they come up. A change that is meant is written
//! with `COUNTERSIGN_SNAPSHOTS=write cargo test --test portal -- api::snapshots`.

use std::{collections::HashMap, fs, sync::LazyLock};

use countersign::{
    api::operations::OPERATIONS,
    domain::{
        partner_account::{Environment, PartnerAccount},
        role::Role,
    },
};
use serde_json::{Map, Value, json};

use super::{Answer, Program, TEMPLATE, answer, confirmation, new_customer, with};
use crate::on_both_databases;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/snapshots.json");

/// Whether answers are written instead of compared.
static WRITE: LazyLock<bool> =
    LazyLock::new(|| std::env::var("COUNTERSIGN_SNAPSHOTS").is_ok_and(|what| what == "write"));

/// A run through the API.
struct Run<'p> {
    program: &'p Program,
    numbers: HashMap<String, usize>,
    seen: Vec<String>,
    answers: Map<String, Value>,
}

impl Run<'_> {
    /// Asks, keeps what came back, and gives it.
    async fn ask(
        &mut self,
        method: &str,
        template: &str,
        query: &str,
        body: Option<Value>,
        parts: &[(&str, &str)],
    ) -> Value {
        let mut path = template.to_owned();
        for (name, value) in parts {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        let mut request = self.program.request(method, &format!("/v1/{path}{query}"));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let given: Answer = answer(request).await;
        let json = if given.text.is_empty() { Value::Null } else { given.json() };
        self.seen.push(format!("{method} {template}"));
        let mut kept = json.clone();
        self.number(&mut kept);
        self.answers.insert(format!("{method} {template}{query}"), json!({ "status": given.status, "body": kept }));
        json
    }

    /// Puts numbers in the place of what is new in each run.
    fn number(&mut self, json: &mut Value) {
        match json {
            Value::Array(items) => items.iter_mut().for_each(|item| self.number(item)),
            Value::Object(members) => {
                for (name, value) in members {
                    match (name.as_str(), &value) {
                        ("password", Value::String(_)) => *value = json!("<password>"),
                        // Ids, dates and names in the one order that the log has them.
                        ("resourceNewValue", Value::String(_)) => *value = json!("<detail>"),
                        ("etag", Value::String(text)) if text.len() > 30 => {
                            *value = json!(self.name("etag", &text.clone()));
                        }
                        _ => self.number(value),
                    }
                }
            }
            Value::String(text) => *text = self.numbered(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn name(&mut self, kind: &str, text: &str) -> String {
        let next = self.numbers.len() + 1;
        format!("<{kind} {}>", self.numbers.entry(text.to_owned()).or_insert(next))
    }

    /// A text with its ids numbered.
    fn numbered(&mut self, text: &str) -> String {
        let is_id = |part: &str| uuid::Uuid::try_parse(part).is_ok() && part != TEMPLATE;
        let mut all = String::new();
        for part in text.split_inclusive(['/', '=', '?', '&']) {
            let end = part.trim_end_matches(['/', '=', '?', '&']).len();
            let (bare, separator) = part.split_at(end);
            all += &if is_id(bare) { self.name("id", bare) } else { bare.to_owned() };
            all += separator;
        }
        all
    }
}

on_both_databases! {
    async fn every_operation_answers_as_it_did(portal) {
        let program = &Program::of(portal, Role::AdminAgent).await;
        let mut run = Run { program, numbers: HashMap::new(), seen: Vec::new(), answers: Map::new() };
        let none: &[(&str, &str)] = &[];

        run.ask("HEAD", "domains/{domain}", "", None, &[("domain", "contoso.onmicrosoft.com")]).await;
        run.ask("GET", "countryvalidationrules/{country}", "", None, &[("country", "NL")]).await;
        let address = new_customer::customer()["billingProfile"]["defaultAddress"].clone();
        run.ask("POST", "validations/address", "", Some(address), none).await;
        run.ask("GET", "compliance/csp/agreementstatus", "?mpnId=1", None, none).await;
        let customer = run.ask("POST", "customers", "", Some(new_customer::customer()), none).await;
        let customer = customer["id"].as_str().expect("an id");
        let one = ("customer", customer);
        run.ask("GET", "customers", "?size=1", None, none).await;
        run.ask("GET", "customers/{customer}", "", None, &[one]).await;
        run.ask("GET", "customers/{customer}/profiles/company", "", None, &[one]).await;
        let billing = run.ask("GET", "customers/{customer}/profiles/billing", "", None, &[one]).await;
        let billing = with(billing, "/companyName", json!("Contoso Ltd"));
        run.ask("PUT", "customers/{customer}/profiles/billing", "", Some(billing), &[one]).await;

        run.ask("PUT", "customers/{customer}/qualification", "", Some(json!("education")), &[one]).await;
        run.ask("GET", "customers/{customer}/qualification", "", None, &[one]).await;
        run.ask("POST", "customers/{customer}/qualifications", "", Some(json!({ "qualification": "Nonprofit" })), &[one]).await;
        run.ask("GET", "customers/{customer}/qualifications", "", None, &[one]).await;

        run.ask("GET", "agreements", "?agreementType=*", None, none).await;
        let document = run.ask("GET", "agreementtemplates/{template}/document", "?language=nl-NL&country=NL", None, &[("template", TEMPLATE)]).await;
        assert!(document["downloadUri"].is_string());
        let direct = "customers/{customer}/directsignedmicrosoftcustomeragreementstatus";
        run.ask("GET", direct, "", None, &[one]).await;
        let exchange = json!({ "offerId": "195416C1-3447-423A-B37B-EE59A99A19C4", "catalogItemId": "CFQ7TTC0LH16:0001:AVAIL1", "quantity": 25 });
        let order = json!({ "lineItems": [exchange] });
        let blocked = answer(program.request("POST", &format!("/v1/customers/{customer}/orders")).header("content-type", "application/json").body(order.to_string())).await;
        blocked.assert_fault(403, 13605, "agreements");
        run.ask("POST", "customers/{customer}/agreements", "", Some(confirmation()), &[one]).await;
        run.ask("GET", "customers/{customer}/agreements", "?agreementType=*", None, &[one]).await;

        for base in ["", "customers/{customer}/"] {
            let named = [one, ("offer", "195416C1-3447-423A-B37B-EE59A99A19C4"), ("product", "CFQ7TTC0LH16"), ("sku", "0001"), ("availability", "AVAIL1")];
            for (path, query) in [
                ("offers", "?size=2"), ("offers/{offer}", ""), ("products", ""), ("products/{product}", ""), ("products/{product}/skus", ""),
                ("products/{product}/skus/{sku}", ""), ("products/{product}/skus/{sku}/availabilities", ""),
                ("products/{product}/skus/{sku}/availabilities/{availability}", ""),
            ] {
                run.ask("GET", &format!("{base}{path}"), query, None, &named).await;
            }
        }

        let cart = run.ask("POST", "customers/{customer}/carts", "", Some(order.clone()), &[one]).await;
        let parts = [one, ("cart", cart["id"].as_str().expect("an id"))];
        run.ask("GET", "customers/{customer}/carts/{cart}", "", None, &parts).await;
        run.ask("PUT", "customers/{customer}/carts/{cart}", "", Some(with(cart.clone(), "/lineItems/0/quantity", json!(5))), &parts).await;
        run.ask("POST", "customers/{customer}/carts/{cart}/checkout", "", Some(json!("success")), &parts).await;
        let placed = run.ask("POST", "customers/{customer}/orders", "", Some(order), &[one]).await;
        let parts = [one, ("order", placed["id"].as_str().expect("an id")), ("subscription", placed["lineItems"][0]["subscriptionId"].as_str().expect("an id"))];
        run.ask("GET", "customers/{customer}/orders", "", None, &[one]).await;
        run.ask("GET", "customers/{customer}/orders/{order}", "", None, &parts).await;
        run.ask("GET", "customers/{customer}/subscriptions", "", None, &[one]).await;
        let subscription = run.ask("GET", "customers/{customer}/subscriptions/{subscription}", "", None, &parts).await;
        let fewer = with(subscription, "/quantity", json!(20));
        run.ask("PATCH", "customers/{customer}/subscriptions/{subscription}", "", Some(fewer), &parts).await;

        for (end, query) in [("addons", ""), ("provisioningstatus", "")] {
            run.ask("GET", &format!("customers/{{customer}}/subscriptions/{{subscription}}/{end}"), query, None, &parts).await;
        }
        run.ask("GET", "customers/{customer}/orders/{order}/provisioningstatus", "", None, &parts).await;
        run.ask("GET", "customers/{customer}/relationships", "", None, &[one]).await;
        run.ask("GET", "relationships", "?relationship_type=IsIndirectCloudSolutionProviderOf", None, none).await;
        run.ask("GET", "offers/{offer}/addons", "?country=NL", None, &[("offer", "195416C1-3447-423A-B37B-EE59A99A19C4")]).await;
        run.ask("GET", "offercategories", "?country=NL", None, none).await;
        run.ask("GET", "customers/{customer}/offercategories", "", None, &[one]).await;
        for end in ["organization", "legalbusiness", "mpn", "billing", "support"] {
            run.ask("GET", &format!("profiles/{end}"), "", None, none).await;
        }
        run.ask("GET", "partners/customeragreementrecords", "", None, none).await;
        let many = json!([{ "customerId": customer, "agreement": confirmation() }, { "customerId": "x", "agreement": confirmation() }]);
        run.ask("POST", "createbulkreattestation", "", Some(many), none).await;
        run.ask("GET", "auditrecords", "?filter=%7B%22Field%22:%22ResourceType%22,%22Value%22:%22agreement%22%7D", None, none).await;

        run.ask("GET", "customers/relationshiprequests", "", None, &[]).await;
        let leaving = [portal.add_customer("Fabrikam").await.to_string(), portal.add_customer("Litware").await.to_string()];
        let none = json!({ "relationshipToPartner": "none" });
        run.ask("PATCH", "customers/{customer}", "", Some(none), &[("customer", &leaving[0])]).await;
        portal.set_account(&PartnerAccount { environment: Environment::Sandbox, ..portal.account.clone() }).await;
        run.ask("DELETE", "customers/{customer}", "", None, &[("customer", &leaving[1])]).await;

        for operation in OPERATIONS {
            let asked = format!("{} {}", operation.method, operation.path);
            assert!(run.seen.contains(&asked), "{asked} is not asked here");
        }
        let answers = Value::Object(run.answers);
        if *WRITE {
            fs::write(FILE, serde_json::to_string_pretty(&answers).expect("a text") + "\n").expect("a file");
        }
        let kept: Value = serde_json::from_str(&fs::read_to_string(FILE).expect("a file")).expect("JSON");
        for (asked, given) in answers.as_object().expect("answers") {
            assert_eq!(kept.get(asked), Some(given), "{asked}");
        }
        assert_eq!(kept.as_object().map(Map::len), answers.as_object().map(Map::len));
    }
}
