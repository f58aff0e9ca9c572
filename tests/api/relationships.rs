//! Customers who come, by an invitation, and who leave: deleted in a sandbox, or no longer the partner's.

use chrono::TimeDelta;
use countersign::{
    actions::import_customers,
    domain::{
        actor::Actor,
        audit::Action,
        customer_file,
        list_columns::ReadOptions,
        partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
        role::Role,
    },
    store::status,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Answer, Program, agreements_of, answer, confirmation,
    orders::{order, orders_of, subscribed},
};
use crate::{
    on_both_databases,
    support::{
        Portal,
        portal::{account, day, person},
    },
    web::orders::quantity,
};

/// Its name and domain; nothing else in a portal has these letters.
const NAME: &str = "Fabrikam";

fn path(customer: Uuid) -> String {
    format!("/v1/customers/{customer}")
}

async fn delete(program: &Program, customer: Uuid) -> Answer {
    answer(program.request("DELETE", &path(customer))).await
}

async fn patch(program: &Program, customer: Uuid, body: &Value) -> Answer {
    let request = program.request("PATCH", &path(customer)).header("content-type", "application/json");
    answer(request.body(body.to_string())).await
}

fn ended() -> Value {
    json!({ "RelationshipToPartner": "None", "Attributes": { "ObjectType": "Customer" } })
}

async fn confirmed(portal: &Portal, name: &str) -> Uuid {
    let customer = portal.add_customer(name).await;
    portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
    customer
}

async fn in_a_sandbox(portal: &Portal) {
    portal.set_account(&PartnerAccount { environment: Environment::Sandbox, ..portal.account.clone() }).await;
}

/// How many orders and changes of licences the confirmation status says were held up.
async fn held_up(portal: &Portal) -> (i64, i64) {
    let (mut at, since) = (portal.db.read().await.expect("a reader"), portal.clock.now() - TimeDelta::days(1));
    status::blocked(&mut at, portal.account.id, since, status::Filter::default()).await.expect("figures")
}

/// Imports a line for a customer: what became of it.
async fn import(portal: &Portal, customer: Uuid, name: &str) -> import_customers::RowOutcome {
    let file = format!("Microsoft ID,Company name,Primary domain name\n{customer},{name},fabrikam.onmicrosoft.com\n");
    let file = customer_file::read(file.as_bytes(), &ReadOptions::on(day("2026-11-22"))).expect("a file");
    let actor = Actor::command_line(portal.account.clone());
    let mut planned = import_customers::apply(&portal.db, &actor, &file).await.expect("an import");
    planned.remove(0).fate
}

on_both_databases! {
    async fn a_customer_of_a_sandbox_is_deleted_and_nothing_but_the_trail_tells_of_it(portal) {
        in_a_sandbox(portal).await;
        let other = confirmed(portal, "Contoso").await;
        let customer = portal.add_customer(NAME).await;
        let mut program = Program::of(portal, Role::SalesAgent).await;
        assert_eq!(program.post(&agreements_of(customer), &confirmation()).await.status, 201);
        let (subscription, read) = subscribed(&program, customer).await;
        let by_hand = json!({ "autoRenewEnabled": false, "attributes": read["attributes"] });
        let request = program.request("PATCH", &subscription).header("content-type", "application/json");
        assert_eq!(answer(request.body(by_hand.to_string())).await.status, 200);
        // Somebody is ordering for it near the end of its term, when it has to be confirmed again.
        portal.clock.advance(TimeDelta::days(350));
        program.renew(portal.account.id).await;
        let form = portal.signed_in("sales").await.form(&format!("/customers/{customer}/orders/new")).await;
        let kept = portal.signed_in("sales").await.submit(&quantity(form, "195416C1-3447-423A-B37B-EE59A99A19C4", "5")).await;
        assert!(kept.is_redirect(), "{}", kept.main());
        portal.add_version("Newer", "2027-10-01", Some("2027-10-02")).await;
        program.post(&orders_of(customer), &order(customer)).await.assert_fault(403, 13605, "agreements");
        let manager = portal.signed_in("manager").await;

        let lists = [
            "/customers".to_owned(), "/customers?q=fabrikam".to_owned(), "/customers?q=brik".to_owned(), format!("/customers?q={customer}"),
            "/customers?q=fabrikam.onmicrosoft.com".to_owned(), "/customers?status=confirm_again".to_owned(), "/customers/export.csv".to_owned(),
            "/status".to_owned(), "/v1/customers".to_owned(),
            "/v1/customers?filter=%7B%22Field%22:%22CompanyName%22,%22Value%22:%22fab%22%7D".to_owned(),
            "/v1/customers?filter=%7B%22Field%22:%22Domain%22,%22Value%22:%22fab%22%7D".to_owned(),
        ];
        let telling = async |program: &Program| {
            let mut telling = Vec::new();
            for list in &lists {
                let text = if list.starts_with("/v1") {
                    program.get(list).await.text
                } else {
                    let page = manager.get(list).await;
                    assert_eq!(page.status, 200, "{list}");
                    page.body
                };
                if text.contains(NAME) || text.contains(&format!("/customers/{customer}/")) {
                    telling.push(list.clone());
                }
            }
            telling
        };
        assert_eq!(telling(&program).await, lists, "each of them tells of it now");

        assert_eq!(held_up(portal).await, (1, 0));

        let gone = delete(&program, customer).await;
        assert_eq!((gone.status, gone.text.as_str(), gone.header("content-type")), (204, "", ""));

        assert_eq!(telling(&program).await, Vec::<String>::new());
        assert_eq!(held_up(portal).await, (0, 0));
        program.get(&path(customer)).await.assert_fault(404, 60003, "no such customer");
        for below in ["agreements?agreementType=*", "orders", "subscriptions", "profiles/billing", "profiles/company", "qualification"] {
            program.get(&format!("{}/{below}", path(customer))).await.assert_fault(404, 60003, "no such customer");
        }
        program.post(&agreements_of(customer), &confirmation()).await.assert_fault(404, 60003, "no such customer");
        program.post(&orders_of(customer), &order(customer)).await.assert_fault(404, 60003, "no such customer");
        let sales = portal.signed_in("sales").await;
        for below in ["/account", "/account/company", "/agreements", "/agreements/new", "/subscriptions", "/orders", "/orders/new", "/renewals", "/history", "/created"] {
            assert_eq!(sales.get(&format!("/customers/{customer}{below}")).await.status, 404, "{below}");
        }
        let checked = sales.post("/status/check", &[("lines", &format!("{NAME}\n{customer}\nfabrikam.onmicrosoft.com\n{other}"))]).await;
        assert_eq!(checked.texts("tbody tr > :nth-child(3)"), ["–", "–", "–", "Contoso"], "{}", checked.main());
        assert_eq!(answer(program.request("HEAD", "/v1/domains/fabrikam.onmicrosoft.com")).await.status, 404, "the domain is free");

        // The trail keeps it, and leads to what else there is of it.
        let audit = manager.get("/audit").await;
        assert!(audit.main().contains("Billing deleted the customer."), "{}", audit.main());
        let trail = format!("/audit?customer={customer}");
        assert!(audit.attributes("a", "href").contains(&trail));
        assert!(manager.get(&trail).await.main().contains("confirmed"));
        assert_eq!((portal.events(Action::CustomerDeleted).await, portal.events(Action::AcceptanceConfirmed).await), (1, 2));
        portal.assert_sound().await;
    }

    async fn an_invitation_names_the_tenant_of_the_account(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let path = "/v1/Customers/RelationshipRequests";
        let tenant = portal.account.tenant_id.expect("a tenant");
        let given = program.get(path).await.json();
        let url = given["url"].as_str().expect("an address");
        assert!(url.starts_with("https://admin.microsoft.com/") && url.contains(&format!("&partnerId={tenant}&")), "{url}");
        assert_eq!(given["attributes"]["objectType"], "RelationshipRequest");
        program.get(&format!("{path}?indirectResellerId={tenant}")).await.assert_fault(400, 2000, "indirectResellerId");
        portal.set_account(&PartnerAccount { cloud: Cloud::Germany, ..portal.account.clone() }).await;
        program.get(path).await.assert_fault(400, 900_127, "cloud");
        portal.set_account(&PartnerAccount { tenant_id: None, ..portal.account.clone() }).await;
        program.get(path).await.assert_fault(404, 1000, "--tenant-id");
    }

    async fn a_customer_is_deleted_in_a_sandbox_only_and_of_the_own_account_only(portal) {
        let customer = portal.add_customer(NAME).await;
        let program = Program::of(portal, Role::AdminAgent).await;
        delete(&program, customer).await.assert_fault(400, 900_127, "sandbox");
        let sandbox = PartnerAccount { environment: Environment::Sandbox, ..account("Oosterlicht") };
        portal.add_account(&sandbox).await;
        let other = Program::of_account(portal, &sandbox, "Other", Role::AdminAgent).await;
        delete(&other, customer).await.assert_fault(404, 60003, "no such customer");
        answer(other.request("DELETE", "/v1/customers/x")).await.assert_fault(400, 900_118, "GUID");
        assert_eq!(program.get(&path(customer)).await.status, 200);
        assert_eq!(portal.events(Action::CustomerDeleted).await, 0);
    }

    async fn the_same_request_deletes_once_and_another_finds_nothing(portal) {
        in_a_sandbox(portal).await;
        let customer = portal.add_customer(NAME).await;
        let program = Program::of(portal, Role::SalesAgent).await;
        for _ in 0..5 {
            let request = program.request("DELETE", &path(customer)).header("MS-RequestId", "b12260fb-82de-4701-a25f-dcd367690645");
            assert_eq!(answer(request).await.status, 204);
        }
        delete(&program, customer).await.assert_fault(404, 60003, "no such customer");
        assert_eq!(portal.events(Action::CustomerDeleted).await, 1);
        portal.assert_sound().await;
    }

    async fn a_relationship_ends_once_no_subscription_is_active(portal) {
        let customer = confirmed(portal, NAME).await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (subscription, read) = subscribed(&program, customer).await;
        patch(&program, customer, &ended()).await.assert_fault(400, 2006, "the customer has 1");
        let suspended = json!({ "status": "suspended", "attributes": read["attributes"] });
        let request = program.request("PATCH", &subscription).header("content-type", "application/json");
        assert_eq!(answer(request.body(suspended.to_string())).await.status, 200);

        // A program that reads the customer and changes the one member.
        let mut whole = program.get(&path(customer)).await.json();
        assert_eq!(whole["relationshipToPartner"], "reseller");
        assert_eq!(patch(&program, customer, &whole).await.json(), whole, "what stays the same is no change");
        whole["relationshipToPartner"] = json!("none");
        for _ in 0..5 {
            let request = program.request("PATCH", &path(customer)).header("content-type", "application/json");
            let request = request.header("MS-RequestId", "b12260fb-82de-4701-a25f-dcd367690645").body(whole.to_string());
            let given = answer(request).await;
            assert_eq!((given.status, given.json()), (200, whole.clone()));
        }
        program.get(&path(customer)).await.assert_fault(404, 60003, "no such customer");
        patch(&program, customer, &ended()).await.assert_fault(404, 60003, "no such customer");
        assert_eq!(portal.events(Action::RelationshipRemoved).await, 1);
        let audit = portal.signed_in("manager").await.get("/audit").await;
        assert!(audit.main().contains("Billing ended the relationship with the customer."), "{}", audit.main());
        portal.assert_sound().await;
    }

    async fn nothing_else_of_a_customer_changes_in_this_way(portal) {
        let customer = portal.add_customer(NAME).await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let before = program.get(&path(customer)).await.json();
        patch(&program, customer, &json!({})).await.assert_fault(400, 3000, "relationshipToPartner is missing");
        patch(&program, customer, &json!([])).await.assert_fault(400, 3000, "object");
        patch(&program, customer, &json!({ "relationshipToPartner": "advisor" })).await.assert_fault(400, 3000, "must be none");
        patch(&program, customer, &json!({ "relationshipToPartner": 5 })).await.assert_fault(400, 3000, "relationshipToPartner");
        patch(&program, customer, &json!({ "allowDelegatedAccess": true })).await.assert_fault(400, 2006, "allowDelegatedAccess");
        assert_eq!(patch(&program, customer, &json!({ "AllowDelegatedAccess": false })).await.json(), before);
        portal.set_account(&PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() }).await;
        patch(&program, customer, &ended()).await.assert_fault(403, 900_150, "indirect provider");
        assert_eq!(program.get(&path(customer)).await.json(), before);
    }

    async fn a_customer_who_comes_back_brings_what_was_recorded(portal) {
        let customer = confirmed(portal, NAME).await;
        let program = Program::of(portal, Role::SalesAgent).await;
        assert_eq!(patch(&program, customer, &ended()).await.status, 200);
        assert_eq!(import(portal, customer, "Fabrikam Again").await, import_customers::RowOutcome::New);
        let read = program.get(&path(customer)).await.json();
        assert_eq!(read["companyProfile"]["companyName"], "Fabrikam Again");
        let agreements = program.get(&format!("{}?agreementType=*", agreements_of(customer))).await.json();
        assert_eq!(agreements["totalCount"], 1);
        assert_eq!(program.post(&orders_of(customer), &order(customer)).await.status, 201, "the confirmation counts");
        let manager = portal.signed_in("manager").await;
        for found in ["/customers?q=fabrikam+again", "/customers?q=fabrikam.onmicrosoft.com", "/customers?q=anna%40contoso.example", "/customers?q=brikam"] {
            assert!(manager.get(found).await.main().contains("Fabrikam Again"), "{found}");
        }
        assert_eq!(import(portal, customer, "Fabrikam Again").await, import_customers::RowOutcome::Unchanged);
        portal.assert_sound().await;
    }

    async fn who_leaves_while_others_confirm_and_order_leaves_once_and_nothing_comes_after(portal) {
        in_a_sandbox(portal).await;
        let customer = confirmed(portal, NAME).await;
        let program = &Program::of(portal, Role::SalesAgent).await;
        let work = (0..60).map(async |number| match number % 3 {
            0 => delete(program, customer).await.status,
            1 => program.post(&orders_of(customer), &order(customer)).await.status,
            _ => {
                let mut body = confirmation();
                body["primaryContact"]["email"] = json!(format!("anna{number}@contoso.example"));
                program.post(&agreements_of(customer), &body).await.status
            }
        });
        let statuses = futures_util::future::join_all(work).await;
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1);
        assert!(statuses.iter().all(|status| [201, 204, 404].contains(status)), "{statuses:?}");
        let mut conn = portal.db.read().await.expect("a reader");
        let last: (String,) = crate::support::sql(&mut conn, "SELECT action FROM audit_log ORDER BY seq DESC LIMIT 1").one().await.expect("an entry");
        assert_eq!(last.0, Action::CustomerDeleted.code());
        drop(conn);
        portal.assert_sound().await;
    }
}
