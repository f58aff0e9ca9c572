//! Programs that fill a cart for a customer, and check it out.

use chrono::TimeDelta;
use countersign::domain::{audit::Action, role::Role};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Program, agreements_of, answer, confirmation, with};
use crate::{on_both_databases, on_sqlite, support::Portal};

/// Exchange Online (Plan 1), as carts name it.
const EXCHANGE: &str = "CFQ7TTC0LH16:0001:AVAIL1";

/// Microsoft 365 Business Basic.
const BASIC: &str = "CFQ7TTC0LH18:0001:AVAIL3";

fn carts_of(customer: Uuid) -> String {
    format!("/v1/customers/{customer}/carts")
}

/// A cart as the SDKs write one, with the members that they never fill.
fn cart() -> Value {
    json!({ "Id": null, "CreationTimestamp": null, "ExpirationTimestamp": "0001-01-01T00:00:00", "LastModifiedUser": null, "LineItems": [
        { "Id": 0, "CatalogItemId": EXCHANGE, "FriendlyName": null, "Quantity": 25, "CurrencyCode": null, "BillingCycle": "monthly", "TermDuration": "P1Y" },
        { "Id": 1, "CatalogItemId": BASIC, "Quantity": 5, "BillingCycle": "annual", "TermDuration": "P3Y" },
        { "Id": 2, "CatalogItemId": BASIC, "Quantity": 7, "BillingCycle": "unknown", "TermDuration": null },
    ] })
}

async fn check_out(program: &Program, path: &str) -> Answer {
    program.post_text(&format!("{path}/checkout"), "\"success\"").await
}

async fn put(program: &Program, path: &str, body: &Value) -> Answer {
    let request = program.request("PUT", path).header("content-type", "application/json");
    answer(request.body(body.to_string())).await
}

/// A customer who is confirmed, with a program that may order.
async fn confirmed(portal: &Portal) -> (Uuid, Program) {
    let customer = portal.add_customer("Contoso").await;
    let program = Program::of(portal, Role::SalesAgent).await;
    assert_eq!(program.post(&agreements_of(customer), &confirmation()).await.status, 201);
    (customer, program)
}

/// Makes a cart: where it is, and the cart.
pub async fn made(program: &Program, customer: Uuid) -> (String, Value) {
    let made = program.post(&carts_of(customer), &cart()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let json = made.json();
    (format!("{}/{}", carts_of(customer), json["id"].as_str().expect("an id")), json)
}

on_both_databases! {
    async fn a_cart_is_made_changed_and_checked_out_into_an_order_for_each_group(portal) {
        let (customer, program) = confirmed(portal).await;
        let (path, json) = made(&program, customer).await;
        assert_eq!((&json["status"], &json["lastModifiedUser"]), (&json!("Active"), &json!("Billing")));
        let groups: Vec<&Value> = json["lineItems"].as_array().expect("lines").iter().map(|line| &line["orderGroup"]).collect();
        assert_eq!(groups, ["0", "1", "0"]);
        assert_eq!(json["lineItems"][2]["billingCycle"], "monthly");
        assert_eq!(program.get(&path).await.json(), json);

        let changed = put(&program, &path, &with(json.clone(), "/lineItems/0/quantity", json!(30))).await;
        assert_eq!((changed.status, &changed.json()["lineItems"][0]["quantity"]), (200, &json!(30)), "{}", changed.text);
        put(&program, &path, &json).await.assert_fault(400, 2055, "Read it again");
        let again = put(&program, &path, &with(json.clone(), "/lineItems/0/quantity", json!(30))).await;
        assert_eq!((again.status, again.json()), (200, changed.json()), "the same request once more");

        let result = check_out(&program, &path).await;
        assert_eq!(result.status, 201, "{}", result.text);
        let result = result.json();
        let orders = result["orders"].as_array().expect("orders");
        assert_eq!(orders.len(), 2);
        assert_eq!((&orders[0]["billingCycle"], &orders[0]["lineItems"][0]["quantity"]), (&json!("monthly"), &json!(30)));
        assert_eq!((&orders[1]["billingCycle"], &orders[1]["lineItems"][0]["termDuration"]), (&json!("annual"), &json!("P3Y")));
        let all = program.get(&format!("/v1/customers/{customer}/orders")).await.json();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(2));
        assert_eq!(program.get(&path).await.json()["status"], "Ordered");
        check_out(&program, &path).await.assert_fault(400, 800_065, "already");
        put(&program, &path, &cart()).await.assert_fault(400, 800_065, "already");
        assert_eq!(portal.events(Action::OrderPlaced).await, 2);
        portal.assert_sound().await;
    }

    async fn the_gate_is_asked_when_a_cart_is_checked_out_and_the_cart_stays(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, _) = made(&program, customer).await;
        check_out(&program, &path).await.assert_fault(403, 13605, "Confirm it with POST");
        assert_eq!((portal.events(Action::OrderBlocked).await, portal.events(Action::OrderPlaced).await), (1, 0));
        assert_eq!(program.post(&agreements_of(customer), &confirmation()).await.status, 201);
        assert_eq!(check_out(&program, &path).await.status, 201);
        portal.assert_gate_held().await;
    }

    async fn the_same_request_makes_one_cart_and_checks_it_out_once(portal) {
        let (customer, program) = confirmed(portal).await;
        let send = async |path: &str, body: &str| {
            let request = program.request("POST", path).header("content-type", "application/json");
            answer(request.header("MS-RequestId", "b12260fb-82de-4701-a25f-dcd367690645").body(body.to_owned())).await
        };
        let first = send(&carts_of(customer), &cart().to_string()).await;
        assert_eq!(send(&carts_of(customer), &cart().to_string()).await.json(), first.json());
        let other = with(cart(), "/LineItems/0/Quantity", json!(1)).to_string();
        send(&carts_of(customer), &other).await.assert_fault(400, 3000, "MS-RequestId");
        let path = format!("{}/{}/checkout", carts_of(customer), first.json()["id"].as_str().expect("an id"));
        let ordered = send(&path, "\"success\"").await;
        for _ in 0..4 {
            let again = send(&path, "\"success\"").await;
            assert_eq!((again.status, again.json()), (201, ordered.json()));
        }
        assert_eq!(portal.events(Action::OrderPlaced).await, 2);
    }

    async fn the_name_and_the_partner_of_a_line_come_through_the_check_out(portal) {
        let (customer, program) = confirmed(portal).await;
        let body = json!({ "lineItems": [
            { "id": 0, "catalogItemId": EXCHANGE, "quantity": 5, "friendlyName": "Sales dept licences",
              "participants": [{ "key": "TransactionReseller", "value": "4847383" }, { "key": "additional_transaction_reseller", "value": "1" }, 7] },
            { "id": 1, "catalogItemId": BASIC, "quantity": 5, "participants": [] },
        ] });
        let made = program.post(&carts_of(customer), &body).await.json();
        assert_eq!(made["lineItems"][0]["friendlyName"], "Sales dept licences");
        assert_eq!(made["lineItems"][0]["participants"], json!([{ "key": "transaction_reseller", "value": "4847383" }]));
        assert_eq!(made["lineItems"][1]["participants"], json!([]));
        let path = format!("{}/{}", carts_of(customer), made["id"].as_str().expect("an id"));
        assert_eq!(program.get(&path).await.json(), made);
        let renamed = put(&program, &path, &with(made, "/lineItems/0/friendlyName", json!("Renamed"))).await.json();
        assert_eq!(renamed["lineItems"][0]["friendlyName"], "Renamed");
        let placed = check_out(&program, &path).await.json();
        let lines = &placed["orders"][0]["lineItems"];
        assert_eq!((&lines[0]["friendlyName"], &lines[0]["partnerIdOnRecord"]), (&json!("Renamed"), &json!("4847383")));
        let subscription = format!("/v1/customers/{customer}/subscriptions/{}", lines[0]["subscriptionId"].as_str().expect("an id"));
        assert_eq!(program.get(&subscription).await.json()["friendlyName"], "Renamed");
        let wrong = json!({ "lineItems": [{ "catalogItemId": EXCHANGE, "quantity": 5, "participants": [{ "key": "transaction_reseller", "value": "x" }] }] });
        program.post(&carts_of(customer), &wrong).await.assert_fault(400, 3000, "lineItems[0].participants[0].value");
    }

    async fn of_many_check_outs_at_once_one_places_the_orders(portal) {
        let (customer, program) = confirmed(portal).await;
        let (path, _) = made(&program, customer).await;
        let answers = futures_util::future::join_all((0..8).map(|_| check_out(&program, &path))).await;
        let (placed, refused): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((placed.len(), refused.len()), (1, 7));
        for answer in &refused {
            answer.assert_fault(400, 800_065, "already");
        }
        assert_eq!(portal.events(Action::OrderPlaced).await, 2);
    }

    async fn a_cart_expires_and_is_its_customers_only(portal) {
        let (customer, program) = confirmed(portal).await;
        let other = portal.add_customer("Fabrikam").await;
        let (path, json) = made(&program, customer).await;
        let id = json["id"].as_str().expect("an id");
        for path in [format!("{}/{id}", carts_of(other)), format!("{}/x", carts_of(customer)), format!("{}/{}", carts_of(customer), Uuid::from_u128(1))] {
            program.get(&path).await.assert_fault(404, 800_008, "cart");
            check_out(&program, &path).await.assert_fault(404, 800_008, "cart");
        }
        portal.clock.advance(TimeDelta::minutes(15));
        program.get(&path).await.assert_fault(404, 800_008, "expired");
        check_out(&program, &path).await.assert_fault(404, 800_008, "expired");
        portal.clock.advance(TimeDelta::hours(24));
        countersign::app::purge(&portal.db).await.expect("a purge");
        let left: (i64,) = crate::support::sql(&mut portal.db.read().await.expect("a reader"), "SELECT COUNT(*) FROM carts").one().await.expect("a count");
        assert_eq!(left.0, 0, "what expired is forgotten");
    }
}

on_sqlite! {
    async fn what_is_wrong_with_a_cart_is_named_and_nothing_is_written(portal) {
        let (customer, program) = confirmed(portal).await;
        let line = "/LineItems/0";
        for (body, code, names) in [
            (json!([]), 3000, "object"),
            (json!({}), 3000, "lineItems is empty"),
            (json!({ "lineItems": [1] }), 3000, "lineItems[0] must be an object"),
            (json!({ "lineItems": "x" }), 3000, "lineItems"),
            (with(cart(), &format!("{line}/CatalogItemId"), Value::Null), 3000, "lineItems[0].catalogItemId is missing"),
            (with(cart(), &format!("{line}/CatalogItemId"), json!("X:0001:Y")), 800_009, "lineItems[0].catalogItemId"),
            (with(cart(), &format!("{line}/CatalogItemId"), json!("a\u{0}")), 3000, "lineItems[0].catalogItemId"),
            (with(cart(), &format!("{line}/Quantity"), Value::Null), 3000, "lineItems[0].quantity is missing"),
            (with(cart(), &format!("{line}/Quantity"), json!(0)), 800_009, "lineItems[0].quantity must be 1 to 10000"),
            (with(cart(), &format!("{line}/Quantity"), json!(1.5)), 3000, "lineItems[0].quantity must be a whole number"),
            (with(cart(), &format!("{line}/BillingCycle"), json!("weekly")), 3000, "lineItems[0].billingCycle"),
            (with(cart(), &format!("{line}/TermDuration"), json!("P9Y")), 3000, "lineItems[0].termDuration"),
            (json!({ "lineItems": vec![json!({ "catalogItemId": EXCHANGE, "quantity": 1 }); 201] }), 3000, "200"),
        ] {
            program.post(&carts_of(customer), &body).await.assert_fault(400, code, names);
        }
        program.post(&carts_of(Uuid::from_u128(1)), &cart()).await.assert_fault(404, 60_003, "customer");
        let left: (i64,) = crate::support::sql(&mut portal.db.read().await.expect("a reader"), "SELECT COUNT(*) FROM carts").one().await.expect("a count");
        assert_eq!(left.0, 0);
    }
}
