//! Orders and subscriptions by programs, and the gate in front of them.

use countersign::domain::{
    audit::Action,
    partner_account::{PartnerAccount, PartnerType},
    role::Role,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Answer, Program, answer};
use crate::{
    on_both_databases, on_sqlite,
    support::{
        Portal,
        portal::{day, person},
    },
};

const EXCHANGE: &str = "195416C1-3447-423A-B37B-EE59A99A19C4";
const AZURE: &str = "DZH318Z0BPS6";

pub fn orders_of(customer: Uuid) -> String {
    format!("/v1/customers/{customer}/orders")
}

/// An order of 25 licences as the documentation writes one.
pub fn order(customer: Uuid) -> Value {
    json!({
        "ReferenceCustomerId": customer,
        "BillingCycle": null,
        "LineItems": [{ "LineItemNumber": 0, "OfferId": EXCHANGE, "Quantity": 25, "FriendlyName": "Mail", "PartnerIdOnRecord": null }],
        "Attributes": { "ObjectType": "Order" },
    })
}

async fn confirmed(portal: &Portal, name: &str) -> Uuid {
    let customer = portal.add_customer(name).await;
    portal.confirm(customer, &person("Anna", "de Vries", "anna@contoso.example"), day("2026-03-12")).await;
    customer
}

/// Places the order of 25 licences: where its subscription is, and the subscription.
pub async fn subscribed(program: &Program, customer: Uuid) -> (String, Value) {
    let placed = program.post(&orders_of(customer), &order(customer)).await;
    assert_eq!(placed.status, 201, "{}", placed.text);
    let id = placed.json()["lineItems"][0]["subscriptionId"].as_str().expect("an id").to_owned();
    let path = format!("/v1/customers/{customer}/subscriptions/{id}");
    let subscription = program.get(&path).await.json();
    (path, subscription)
}

async fn patch(program: &Program, path: &str, body: &Value) -> Answer {
    answer(program.request("PATCH", path).header("content-type", "application/json").body(body.to_string())).await
}

/// A subscription with members put.
fn with(subscription: &Value, members: Value) -> Value {
    let mut changed = subscription.clone();
    let (Value::Object(all), Value::Object(members)) = (&mut changed, members) else { panic!("objects") };
    all.extend(members);
    changed
}

on_both_databases! {
    async fn a_program_orders_for_a_customer_who_is_confirmed(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let placed = program.post(&orders_of(customer), &order(customer)).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
        let placed = placed.json();
        let (id, subscription) = (&placed["id"], &placed["lineItems"][0]["subscriptionId"]);
        assert_eq!(placed["referenceCustomerId"], json!(customer));
        assert_eq!((&placed["billingCycle"], &placed["status"]), (&json!("monthly"), &json!("completed")));
        assert_eq!(placed["creationDate"], "2026-11-22T09:05:00Z");
        let line = &placed["lineItems"][0];
        assert_eq!((&line["lineItemNumber"], &line["offerId"], &line["quantity"]), (&json!(0), &json!(EXCHANGE), &json!(25)));
        assert_eq!(placed["attributes"]["objectType"], "Order");

        let path = format!("{}/{}", orders_of(customer), id.as_str().expect("an id"));
        assert_eq!(program.get(&path).await.json(), placed);
        assert_eq!(program.get(&path.to_uppercase().replace("/V1", "/v1")).await.json(), placed, "ids fold case");
        let list = program.get(&orders_of(customer)).await.json();
        assert_eq!((&list["totalCount"], &list["items"][0]), (&json!(1), &placed));
        let list = program.get(&format!("/v1/customers/{customer}/subscriptions?order_id={}", id.as_str().expect("an id"))).await.json();
        assert_eq!((&list["totalCount"], &list["items"][0]["id"]), (&json!(1), subscription));
        let none = program.get(&format!("/v1/customers/{customer}/subscriptions?order_id={customer}")).await.json();
        assert_eq!(none["totalCount"], 0);

        let page = portal.signed_in("sales").await.get(&format!("/customers/{customer}/orders")).await;
        assert!(page.main().contains("Exchange Online") && page.main().contains("Billing"), "{}", page.main());
    }

    async fn a_closed_gate_answers_13605_and_the_portal_shows_what_it_held_up_once(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let send = async |id: &str| {
            let request = program.request("POST", &orders_of(customer)).header("ms-requestid", id);
            answer(request.header("content-type", "application/json").body(order(customer).to_string())).await
        };
        for _ in 0..5 {
            send("b12260fb-82de-4701-a25f-dcd367690645").await.assert_fault(403, 13605, &format!("/v1/customers/{customer}/agreements"));
        }
        assert_eq!(portal.events(Action::OrderBlocked).await, 1, "the echoes of a client are one attempt");
        send("c12260fb-82de-4701-a25f-dcd367690645").await.assert_fault(403, 13605, "Microsoft Customer Agreement");
        assert_eq!(portal.events(Action::OrderBlocked).await, 2);
        assert_eq!(program.get(&orders_of(customer)).await.json()["totalCount"], 0);

        assert_eq!(program.post(&super::agreements_of(customer), &super::confirmation()).await.status, 201);
        let placed = send("b12260fb-82de-4701-a25f-dcd367690645").await;
        assert_eq!(placed.status, 201, "once confirmed, the same request goes through: {}", placed.text);
        portal.set_account(&PartnerAccount { partner_type: PartnerType::IndirectReseller, ..portal.account.clone() }).await;
        let other = portal.add_customer("Fabrikam").await;
        program.post(&orders_of(other), &order(other)).await.assert_fault(403, 13605, "indirect provider");
    }

    async fn direct_acceptance_opens_the_gate_to_programs_too(portal) {
        let customer = portal.add_direct_customer("Litware", None).await;
        let program = Program::of(portal, Role::SalesAgent).await;
        assert_eq!(program.post(&orders_of(customer), &order(customer)).await.status, 201);
    }

    async fn a_mandatory_version_closes_it_again(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, subscription) = subscribed(&program, customer).await;
        portal.add_version("November", "2026-11-01", Some("2026-11-10")).await;
        program.post(&orders_of(customer), &order(customer)).await.assert_fault(403, 13605, "newer version");
        patch(&program, &path, &with(&subscription, json!({ "quantity": 30 }))).await.assert_fault(403, 13605, "newer version");
        assert_eq!(portal.events(Action::QuantityBlocked).await, 1);
        for members in [json!({ "autoRenewEnabled": false }), json!({ "status": "suspended" })] {
            let body = with(&program.get(&path).await.json(), members);
            assert_eq!(patch(&program, &path, &body).await.status, 200, "what no gate closes: {body}");
        }
    }

    async fn the_same_order_again_is_placed_once(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let all = futures_util::future::join_all((0..8).map(|_| {
            let request = program.request("POST", &orders_of(customer)).header("ms-requestid", "b12260fb-82de-4701-a25f-dcd367690645");
            answer(request.header("content-type", "application/json").body(order(customer).to_string()))
        }))
        .await;
        for one in &all {
            assert_eq!((one.status, &one.text), (201, &all[0].text));
        }
        assert_eq!(portal.events(Action::OrderPlaced).await, 1);
    }
}

on_sqlite! {
    async fn what_is_wrong_with_an_order_is_named_with_the_code_that_is_documented(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let item = |members: Value| json!({ "lineItems": [with(&json!({ "lineItemNumber": 0, "offerId": EXCHANGE, "quantity": 25 }), members)] });
        for (body, code, names) in [
            (json!([]), 3000, "object"),
            (json!({}), 3000, "lineItems is empty"),
            (json!({ "lineItems": {} }), 3000, "lineItems must be an array"),
            (json!({ "lineItems": [7] }), 3000, "lineItems[0] must be an object"),
            (json!({ "lineItems": [], "billingCycle": "weekly" }), 3000, "billingCycle"),
            (json!({ "lineItems": [], "referenceCustomerId": "other" }), 3000, "referenceCustomerId"),
            (item(json!({ "offerId": null })), 3000, "lineItems[0].offerId is missing"),
            (item(json!({ "quantity": null })), 3000, "lineItems[0].quantity is missing"),
            (item(json!({ "quantity": 2.5 })), 3000, "lineItems[0].quantity must be a whole number"),
            (item(json!({ "quantity": "25" })), 3000, "lineItems[0].quantity must be a whole number"),
            (item(json!({ "quantity": 1e300 })), 3000, "lineItems[0].quantity must be a whole number"),
            (item(json!({ "quantity": 0 })), 2002, "lineItems[0].quantity must be 1 to"),
            (item(json!({ "quantity": 9_000_000_000_i64 })), 2002, "lineItems[0].quantity"),
            (item(json!({ "lineItemNumber": 1 })), 800_071, "lineItemNumber"),
            (item(json!({ "lineItemNumber": -1 })), 800_071, "lineItemNumber"),
            (item(json!({ "offerId": "no such offer" })), 800_004, "no such offer"),
            (item(json!({ "offerId": AZURE.to_lowercase() })), 800_004, "offerId"),
            (item(json!({ "friendlyName": "x".repeat(257) })), 3000, "lineItems[0].friendlyName has more than 256"),
            (item(json!({ "friendlyName": "a\u{7}" })), 3000, "lineItems[0].friendlyName"),
            (item(json!({ "friendlyName": 7 })), 3000, "lineItems[0].friendlyName must be a string"),
            (item(json!({ "partnerIdOnRecord": "12a" })), 3000, "lineItems[0].partnerIdOnRecord must be 1 to 20 digits"),
            (json!({ "status": "zzz", "lineItems": [] }), 3000, "status"),
            (item(json!({ "offerId": "::" })), 800_004, "offerId"),
            (item(json!({ "termDuration": "P9Y" })), 3000, "lineItems[0].termDuration"),
            (item(json!({ "parentSubscriptionId": customer })), 2000, "ParentSubscriptionId"),
        ] {
            program.post(&orders_of(customer), &body).await.assert_fault(400, code, names);
        }
        let twice = json!({ "lineItems": [
            { "lineItemNumber": 0, "offerId": EXCHANGE, "quantity": 1 }, { "lineItemNumber": 0, "offerId": EXCHANGE, "quantity": 1 },
        ] });
        program.post(&orders_of(customer), &twice).await.assert_fault(400, 800_071, "lineItemNumber");
        let many: Vec<Value> = (0..201).map(|number| json!({ "lineItemNumber": number, "offerId": EXCHANGE, "quantity": 1 })).collect();
        program.post(&orders_of(customer), &json!({ "lineItems": many })).await.assert_fault(400, 3000, "200");
        assert_eq!(portal.events(Action::OrderPlaced).await, 0);
        let unnumbered = json!({ "lineItems": [{ "offerId": EXCHANGE, "quantity": 1 }, { "offerId": AZURE, "quantity": 1 }] });
        let placed = program.post(&orders_of(customer), &unnumbered).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
        for path in ["nonsense".to_owned(), customer.to_string()] {
            program.get(&format!("{}/{path}", orders_of(customer))).await.assert_fault(404, 20000, "order");
            program.get(&format!("/v1/customers/{customer}/subscriptions/{path}")).await.assert_fault(404, 20003, &path);
        }
        program.get(&format!("/v1/customers/{customer}/subscriptions?order_id=x")).await.assert_fault(400, 2000, "order_id");
    }
}

on_both_databases! {
    async fn what_a_program_calls_a_subscription_is_kept_and_can_be_changed(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let body = json!({ "status": "unknown", "lineItems": [
            { "lineItemNumber": 0, "offerId": EXCHANGE.to_lowercase(), "quantity": 5, "friendlyName": " Sales dept licences ", "partnerIdOnRecord": "4847383" },
            { "lineItemNumber": 1, "offerId": EXCHANGE, "quantity": 6, "friendlyName": "Exchange Online (Plan 1)", "partnerIdOnRecord": "" },
        ] });
        let placed = program.post(&orders_of(customer), &body).await;
        assert_eq!(placed.status, 201, "{}", placed.text);
        let lines = placed.json()["lineItems"].clone();
        assert_eq!((&lines[0]["friendlyName"], &lines[0]["partnerIdOnRecord"], &lines[0]["offerId"]), (&json!("Sales dept licences"), &json!("4847383"), &json!(EXCHANGE)));
        assert_eq!((&lines[1]["friendlyName"], lines[1].get("partnerIdOnRecord")), (&json!("Exchange Online (Plan 1)"), None));
        let order = placed.json()["id"].as_str().expect("an id").to_owned();
        assert_eq!(program.get(&format!("{}/{order}", orders_of(customer))).await.json()["lineItems"], lines);
        let path = format!("/v1/customers/{customer}/subscriptions/{}", lines[0]["subscriptionId"].as_str().expect("an id"));
        let first = program.get(&path).await.json();
        assert_eq!((&first["friendlyName"], &first["offerName"], &first["partnerId"]), (&json!("Sales dept licences"), &json!("Exchange Online (Plan 1)"), &json!("4847383")));
        let of_partner = program.get(&format!("/v1/customers/{customer}/subscriptions?mpn_id=4847383")).await.json();
        assert_eq!((&of_partner["totalCount"], &of_partner["items"][0]), (&json!(1), &first));

        // Neither needs a confirmation.
        portal.add_version("November", "2026-11-01", Some("2026-11-10")).await;
        let change = async |members: Value| patch(&program, &path, &with(&program.get(&path).await.json(), members)).await;
        for (members, name, partner) in [
            (json!({ "friendlyName": "sales dept licences" }), "sales dept licences", json!("4847383")),
            (json!({ "friendlyName": null }), "sales dept licences", json!("4847383")),
            (json!({ "partnerId": "1234567" }), "sales dept licences", json!("1234567")),
            (json!({ "friendlyName": "" }), "Exchange Online (Plan 1)", json!("1234567")),
            (json!({ "partnerId": "" }), "Exchange Online (Plan 1)", Value::Null),
        ] {
            let changed = change(members.clone()).await;
            assert_eq!(changed.status, 200, "{members}: {}", changed.text);
            let json = changed.json();
            assert_eq!((&json["friendlyName"], &json["partnerId"]), (&json!(name), &partner), "{members}");
            assert_eq!(json, program.get(&path).await.json(), "{members}");
        }
        assert_eq!((portal.events(Action::SubscriptionRenamed).await, portal.events(Action::SubscriptionPartnerSet).await), (2, 2));
        change(json!({ "friendlyName": "x", "partnerId": "1" })).await.assert_fault(400, 2000, "at a time");
        change(json!({ "friendlyName": "x".repeat(257) })).await.assert_fault(400, 3000, "friendlyName");
        change(json!({ "partnerId": "x" })).await.assert_fault(400, 3000, "partnerId");
        let old = with(&first, json!({ "friendlyName": "Late" }));
        patch(&program, &path, &old).await.assert_fault(400, 2055, "Read it again");
        let request = program.request("PATCH", &path).header("content-type", "application/json").header("if-match", "*");
        let any = answer(request.body(with(&old, json!({ "partnerId": null })).to_string())).await;
        assert_eq!((any.status, &any.json()["friendlyName"]), (200, &json!("Late")), "{}", any.text);
        let history = portal.signed_in("sales").await.get(&format!("/customers/{customer}/history")).await;
        for sentence in ["renamed the subscription Exchange Online (Plan 1) to “sales dept licences”", "made 1234567 the partner on record", "removed the partner on record"] {
            assert!(history.main().contains(sentence), "{sentence}: {}", history.main());
        }
        portal.assert_sound().await;
    }

    async fn what_became_of_an_order_and_what_is_added_to_a_subscription_is_told(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, subscription) = subscribed(&program, customer).await;
        let add_on = json!({ "lineItems": [{ "lineItemNumber": 0, "offerId": "A2706F86-868D-4048-989B-0C69E5C76B63", "quantity": 3 }] });
        let added = program.post(&orders_of(customer), &add_on).await;
        assert_eq!(added.status, 201, "{}", added.text);
        let add_ons = program.get(&format!("{path}/addons")).await.json();
        assert_eq!((&add_ons["totalCount"], &add_ons["items"][0]["id"]), (&json!(1), &added.json()["lineItems"][0]["subscriptionId"]));
        let status = program.get(&format!("{path}/provisioningStatus")).await.json();
        assert_eq!((&status["status"], &status["quantity"], &status["endDate"]), (&json!("success"), &json!(25), &subscription["commitmentEndDate"]));
        let order = format!("{}/{}", orders_of(customer), subscription["orderId"].as_str().expect("an id"));
        let status = program.get(&format!("{order}/provisioningStatus")).await.json();
        let line = json!({ "lineItemNumber": 0, "status": "Fulfilled", "quantityProvisioningInformation": [{ "quantity": 25, "status": "Fulfilled" }] });
        assert_eq!(status["items"], json!([line]));
        let nowhere = Uuid::from_u128(1);
        program.get(&format!("/v1/customers/{customer}/subscriptions/{nowhere}/addons")).await.assert_fault(404, 20003, "not found");
        program.get(&format!("/v1/customers/{customer}/subscriptions/{nowhere}/provisioningstatus")).await.assert_fault(404, 20003, "not found");
        program.get(&format!("{}/{nowhere}/provisioningstatus", orders_of(customer))).await.assert_fault(404, 20000, "order");
    }

    async fn an_offer_is_named_by_its_product_too(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let mut conn = portal.db.snapshot().await.expect("a snapshot");
        let known: Option<(String, String)> = crate::support::sql(&mut conn, "SELECT id, product_id || ':' || sku_id || ':' || availability_id FROM offers WHERE product_id <> '' AND prerequisite_offer_id IS NULL ORDER BY position LIMIT 1")
            .optional().await.expect("an answer");
        let (id, name) = known.expect("an offer of the new commerce");
        let body = json!({ "lineItems": [{ "lineItemNumber": 0, "offerId": name, "quantity": 1 }] });
        let placed = program.post(&orders_of(customer), &body).await;
        assert_eq!((placed.status, &placed.json()["lineItems"][0]["offerId"]), (201, &json!(id)), "{}", placed.text);
    }

    async fn a_subscription_says_everything_that_clients_read_without_asking(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, subscription) = subscribed(&program, customer).await;
        let expected = json!({
            "quantity": 25, "unitType": "Licenses", "status": "active", "autoRenewEnabled": true, "billingType": "license",
            "billingCycle": "monthly", "contractType": "subscription", "isTrial": false, "offerId": EXCHANGE,
            "creationDate": "2026-11-22T09:05:00Z", "effectiveStartDate": "2026-11-22T09:05:00Z",
        });
        for (member, value) in expected.as_object().expect("members") {
            assert_eq!(&subscription[member], value, "{member}");
        }
        assert_eq!(subscription["commitmentEndDate"], "2027-11-21T00:00:00Z");
        assert_eq!(subscription["links"]["self"]["uri"].as_str().map(|uri| format!("/v1{uri}")), Some(path));
        assert!(subscription["attributes"]["etag"].is_string() && subscription["orderId"].is_string());
        let usage = json!({ "lineItems": [{ "lineItemNumber": 0, "offerId": AZURE, "quantity": 1 }] });
        assert_eq!(program.post(&orders_of(customer), &usage).await.status, 201);
        let list = program.get(&format!("/v1/customers/{customer}/subscriptions")).await.json();
        assert_eq!(list["items"][1]["billingType"], "usage");
        assert_eq!(list["items"][1]["commitmentEndDate"], "9999-12-31T00:00:00Z");
    }

    async fn a_program_changes_one_thing_at_a_time_and_gets_the_next_etag(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, first) = subscribed(&program, customer).await;
        assert_eq!(patch(&program, &path, &first).await.json(), first, "nothing changed");
        let more = patch(&program, &path, &with(&first, json!({ "quantity": 30 }))).await;
        assert_eq!(more.status, 200, "{}", more.text);
        assert_eq!(more.json()["quantity"], 30);
        assert_ne!(more.json()["attributes"]["etag"], first["attributes"]["etag"]);
        assert_eq!(more.json(), program.get(&path).await.json(), "what is answered is what stands");
        patch(&program, &path, &with(&first, json!({ "quantity": 31 }))).await.assert_fault(400, 2055, "Read it again");

        let now = more.json();
        patch(&program, &path, &with(&now, json!({ "quantity": 31, "status": "suspended" }))).await.assert_fault(400, 2000, "at a time");
        let suspended = patch(&program, &path, &with(&now, json!({ "status": "Suspended" }))).await.json();
        assert_eq!(suspended["status"], "suspended");
        patch(&program, &path, &with(&suspended, json!({ "quantity": 31 }))).await.assert_fault(400, 2001, "suspended");
        let active = patch(&program, &path, &with(&suspended, json!({ "status": "active" }))).await.json();
        let by_hand = patch(&program, &path, &with(&active, json!({ "autoRenewEnabled": false }))).await.json();
        assert_eq!((&by_hand["status"], &by_hand["autoRenewEnabled"]), (&json!("active"), &json!(false)));
        for (members, code, names) in [
            (json!({ "billingCycle": "annual" }), 2054, "billingCycle"),
            (json!({ "quantity": 0 }), 2002, "quantity"),
            (json!({ "quantity": 10_000_000 }), 2002, "quantity"),
            (json!({ "quantity": "30" }), 3000, "quantity"),
            (json!({ "status": "deleted" }), 3000, "status"),
            (json!({ "autoRenewEnabled": "no" }), 3000, "autoRenewEnabled"),
            (json!({ "attributes": { "etag": "nonsense" } }), 2055, "Read it again"),
            (json!({ "attributes": { "etag": 7 } }), 3000, "attributes.etag"),
        ] {
            patch(&program, &path, &with(&by_hand, members)).await.assert_fault(400, code, names);
        }
        assert_eq!(program.get(&path).await.json(), by_hand, "nothing of that was done");
    }
}

on_both_databases! {
    async fn what_has_ended_is_shown_as_deleted_and_stays_as_it_is(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, active) = subscribed(&program, customer).await;
        let id = active["id"].as_str().expect("an id");
        let file = format!("Subscription ID,Subscription,Quantity,Status,Microsoft ID\n{id},Exchange,0,Expired,{customer}\n");
        crate::cli::import_subscriptions::imported(portal, file).await;
        let ended = program.get(&path).await.json();
        assert_eq!((&ended["status"], &ended["quantity"]), (&json!("deleted"), &json!(25)));
        assert_eq!(patch(&program, &path, &ended).await.json(), ended, "nothing changed");
        for members in [json!({ "quantity": 30 }), json!({ "status": "active" }), json!({ "status": "suspended" }), json!({ "autoRenewEnabled": false })] {
            patch(&program, &path, &with(&ended, members)).await.assert_fault(400, 2006, "has ended");
        }
        assert_eq!(program.get(&path).await.json(), ended);
    }
}

on_sqlite! {
    async fn an_etag_may_stand_in_the_header_or_nowhere(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, first) = subscribed(&program, customer).await;
        let etag = first["attributes"]["etag"].as_str().expect("an etag").to_owned();
        let send = async |etag: &str, quantity: u32| {
            let request = program.request("PATCH", &path).header("if-match", format!("\"{etag}\""));
            // The header comes first, whatever the body says.
            let body = json!({ "quantity": quantity, "attributes": { "etag": "nonsense" } });
            answer(request.header("content-type", "application/json").body(body.to_string())).await
        };
        assert_eq!(send(&etag, 26).await.status, 200);
        send(&etag, 27).await.assert_fault(400, 2055, "Read it again");
        assert_eq!(patch(&program, &path, &json!({ "Quantity": 28, "Status": null })).await.json()["quantity"], 28);
    }
}

on_both_databases! {
    async fn the_same_change_again_is_made_once(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, first) = subscribed(&program, customer).await;
        let body = with(&first, json!({ "quantity": 30 })).to_string();
        let mut texts = Vec::new();
        for _ in 0..3 {
            let request = program.request("PATCH", &path).header("ms-requestid", "b12260fb-82de-4701-a25f-dcd367690645");
            let answer = answer(request.header("content-type", "application/json").body(body.clone())).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
            texts.push(answer.text);
        }
        texts.dedup();
        assert_eq!((texts.len(), portal.events(Action::QuantityChanged).await), (1, 1));
    }

    async fn what_is_charged_by_use_has_no_number_and_no_term(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let usage = json!({ "lineItems": [{ "lineItemNumber": 0, "offerId": AZURE, "quantity": 1 }] });
        let placed = program.post(&orders_of(customer), &usage).await.json();
        let id = placed["lineItems"][0]["subscriptionId"].as_str().expect("an id");
        let path = format!("/v1/customers/{customer}/subscriptions/{id}");
        patch(&program, &path, &json!({ "quantity": 2 })).await.assert_fault(400, 2006, "quantity");
        patch(&program, &path, &json!({ "autoRenewEnabled": true })).await.assert_fault(400, 2006, "autoRenewEnabled");
        assert_eq!(patch(&program, &path, &json!({ "status": "suspended" })).await.status, 200);
    }

    async fn a_page_and_a_program_leave_the_same_order_behind(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let sales = portal.signed_in("sales").await;
        crate::web::orders::subscribed(&sales, customer).await;
        subscribed(&program, customer).await;
        let mut conn = portal.db.snapshot().await.expect("a snapshot");
        let rows: Vec<(String, i64, String, String)> = crate::support::sql(&mut conn, "SELECT l.offer_name, l.quantity, l.term_duration, o.billing_cycle FROM orders o JOIN order_lines l ON l.order_id = o.id ORDER BY o.placed_at, o.id")
            .all().await.expect("rows");
        assert_eq!((rows.len(), &rows[0]), (2, &rows[1]));
        let details: Vec<(String,)> = crate::support::sql(&mut conn, "SELECT detail FROM audit_log WHERE action = 'order_placed' ORDER BY seq").all().await.expect("details");
        let items: Vec<Value> = details.iter().map(|(text,)| serde_json::from_str::<Value>(text).expect("JSON")["items"].clone()).collect();
        assert_eq!(items[0], items[1]);
    }

    async fn subscriptions_of_another_customer_are_not_there(portal) {
        let customer = confirmed(portal, "Contoso").await;
        let other = confirmed(portal, "Fabrikam").await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let (path, _) = subscribed(&program, customer).await;
        let foreign = path.replace(&customer.to_string(), &other.to_string());
        program.get(&foreign).await.assert_fault(404, 20003, "not found");
        patch(&program, &foreign, &json!({ "quantity": 1 })).await.assert_fault(404, 20003, "not found");
    }
}
