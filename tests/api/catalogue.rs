//! What programs see of the catalogue.

use countersign::domain::{
    partner_account::{Cloud, PartnerAccount},
    role::Role,
};
use serde_json::{Value, json};

use super::{Program, new_customer};
use crate::{on_both_databases, on_sqlite};

/// Exchange Online (Plan 1).
const EXCHANGE: &str = "195416C1-3447-423A-B37B-EE59A99A19C4";

fn items(json: &Value) -> &Vec<Value> {
    json["items"].as_array().expect("items")
}

on_both_databases! {
    async fn an_offer_says_what_an_order_needs_to_know(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let all = program.get("/v1/offers?country=US").await.json();
        assert!(items(&all).len() > 5 && all["totalCount"] == json!(items(&all).len()));
        let offer = program.get(&format!("/v1/offers/{EXCHANGE}?country=US")).await.json();
        assert_eq!(items(&all)[0], offer);
        assert_eq!((&offer["name"], &offer["minimumQuantity"], &offer["maximumQuantity"]), (&json!("Exchange Online (Plan 1)"), &json!(1), &json!(10_000)));
        assert_eq!((&offer["billing"], &offer["unitType"], &offer["country"]), (&json!("license"), &json!("Licenses"), &json!("US")));
        assert_eq!((&offer["category"]["id"], &offer["isAddOn"], &offer["prerequisiteOffers"]), (&json!("email"), &json!(false), &json!([])));
        assert_eq!(offer["attributes"], json!({ "objectType": "Offer" }));
        let page = program.get("/v1/offers?country=US&offset=1&size=2").await.json();
        assert_eq!(items(&page), &items(&all)[1..3]);
        let email = program.get("/v1/offers?country=US&offer_category_id=Email").await.json();
        assert!(items(&email).iter().all(|offer| offer["category"]["id"] == "email") && items(&email).len() < items(&all).len());
        for (query, names) in [("country=XX", "country"), ("offset=-1", "offset"), ("size=0", "size"), ("size=x", "size")] {
            program.get(&format!("/v1/offers?{query}")).await.assert_fault(400, 2000, names);
        }
        for other in [EXCHANGE.to_lowercase(), EXCHANGE.replace('-', "")] {
            assert_eq!(program.get(&format!("/v1/offers/{other}?country=US")).await.json(), offer, "{other}");
        }
        program.get("/v1/offers/dzh318z0bps6").await.assert_fault(404, 1000, "resource");
    }

    async fn a_product_leads_to_what_a_cart_names_and_every_sku_says_that_it_needs_the_agreement(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let products = program.get("/v1/products?country=NL&targetView=OnlineServicesNCE").await.json();
        let product = items(&products).iter().find(|product| product["id"] == "CFQ7TTC0LH16").expect("Exchange");
        assert_eq!(program.get("/v1/products/CFQ7TTC0LH16?country=NL").await.json(), *product);
        let skus = program.get("/v1/products/CFQ7TTC0LH16/skus?country=NL").await.json();
        assert_eq!(items(&skus)[0]["purchasePrerequisites"], json!(["MicrosoftCustomerAgreement"]));
        let uri = items(&skus)[0]["links"]["availabilities"]["uri"].as_str().expect("an address").to_owned();
        let availabilities = program.get(&format!("/v1{uri}?country=NL")).await.json();
        let availability = &items(&availabilities)[0];
        assert_eq!(availability["catalogItemId"], "CFQ7TTC0LH16:0001:AVAIL1");
        assert_eq!((&availability["product"]["id"], &availability["sku"]["id"]), (&json!("CFQ7TTC0LH16"), &json!("0001")));
        let terms = availability["terms"].as_array().expect("terms");
        assert!(terms.iter().any(|term| term["duration"] == "P1Y" && term["billingCycle"] == "monthly"));
        assert_eq!(program.get(&format!("/v1{uri}/AVAIL1")).await.json()["catalogItemId"], availability["catalogItemId"]);
        for path in ["products/X", "products/X/skus", "products/CFQ7TTC0LH16/skus/9/availabilities", "products/CFQ7TTC0LH16/skus/0001/availabilities/X"] {
            program.get(&format!("/v1/{path}")).await.assert_fault(404, 1000, "resource");
        }
    }

    async fn categories_and_add_ons_are_those_of_the_catalogue(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let offers = program.get("/v1/offers?country=NL").await.json();
        let categories = program.get("/v1/offercategories?country=NL").await.json();
        let mut expected: Vec<&Value> = Vec::new();
        for offer in items(&offers) {
            if !expected.contains(&&offer["category"]) {
                expected.push(&offer["category"]);
            }
        }
        assert_eq!(items(&categories).iter().collect::<Vec<_>>(), expected);
        let add_ons = program.get(&format!("/v1/offers/{EXCHANGE}/addons?country=NL")).await.json();
        let expected: Vec<&Value> = items(&offers).iter().filter(|offer| offer["prerequisiteOffers"] == json!([EXCHANGE])).collect();
        assert_eq!(items(&add_ons).iter().collect::<Vec<_>>(), expected);
        assert_eq!(items(&add_ons).len(), 1);
        assert_eq!(items(&program.get("/v1/offers/DZH318Z0BPS6/addons").await.json()).len(), 0);
        program.get("/v1/offers/none/addons").await.assert_fault(404, 1000, "resource");
        let made = program.post("/v1/customers", &new_customer::customer()).await.json();
        let below = program.get(&format!("/v1/customers/{}/offercategories", made["id"].as_str().expect("an id"))).await.json();
        assert_eq!(items(&below)[0]["country"], "US");
    }

    async fn below_a_customer_the_catalogue_is_that_of_its_country(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let made = program.post("/v1/customers", &new_customer::customer()).await.json();
        let customer = made["id"].as_str().expect("an id");
        let offers = program.get(&format!("/v1/customers/{customer}/offers")).await.json();
        assert_eq!(items(&offers)[0]["country"], "US");
        assert_eq!(items(&offers)[0]["links"]["self"]["uri"], format!("/customers/{customer}/offers/{EXCHANGE}"));
        let sku = program.get(&format!("/v1/customers/{customer}/products/CFQ7TTC0LH16/skus/0001")).await.json();
        assert_eq!(sku["title"], "Exchange Online (Plan 1)");
        program.get("/v1/customers/00000000-0000-4000-8000-000000000000/offers").await.assert_fault(404, 60_003, "customer");
    }
}

on_sqlite! {
    async fn in_a_national_cloud_nothing_needs_the_agreement(portal) {
        portal.set_account(&PartnerAccount { cloud: Cloud::Vianet, ..portal.account.clone() }).await;
        let program = Program::of(portal, Role::Manager).await;
        let sku = program.get("/v1/products/CFQ7TTC0LH16/skus/0001").await.json();
        assert_eq!(sku["purchasePrerequisites"], json!([]));
    }
}
