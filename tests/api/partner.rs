//! What programs are told of the partner itself and of its relationships with other partners.

use countersign::{
    actions::import_indirect_resellers,
    domain::{
        actor::Actor,
        list_columns::ReadOptions,
        partner_account::{PartnerAccount, PartnerType},
        reseller_file,
        role::Role,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Program, new_customer};
use crate::{on_both_databases, on_sqlite};

on_sqlite! {
    async fn the_profiles_of_the_partner_say_what_the_account_knows_and_nothing_else(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let account = &portal.account;
        let organization = program.get("/v1/profiles/organization").await.json();
        assert_eq!((&organization["id"], &organization["tenantId"]), (&json!(account.tenant_id), &json!(account.tenant_id)));
        assert_eq!((&organization["companyName"], &organization["defaultAddress"]["country"]), (&json!(account.name), &json!("NL")));
        assert_eq!(organization["defaultAddress"]["city"], Value::Null, "not known");
        for (end, name) in [("legalbusiness", "companyName"), ("billing", "companyName"), ("mpn", "partnerName")] {
            assert_eq!(program.get(&format!("/v1/profiles/{end}")).await.json()[name], json!(account.name), "{end}");
        }
        assert_eq!(program.get("/v1/profiles/mpn").await.json()["mpnId"], Value::Null);
        let support = program.get("/v1/profiles/support").await.json();
        assert_eq!((&support["email"], &support["telephone"], &support["website"]), (&Value::Null, &Value::Null, &Value::Null));
        portal.set_account(&PartnerAccount { tenant_id: None, ..account.clone() }).await;
        let organization = program.get("/v1/profiles/organization").await.json();
        assert_eq!((&organization["id"], &organization["tenantId"]), (&json!(account.id), &Value::Null));
    }
}

on_both_databases! {
    async fn relationships_are_those_with_indirect_resellers(portal) {
        let provider = PartnerAccount { partner_type: PartnerType::IndirectProvider, ..portal.account.clone() };
        portal.set_account(&provider).await;
        let tenant = Uuid::from_u128(7);
        let resellers = format!("Name,MPN ID,Tenant ID,Agreement signed\nWingtip Toys,1234567,{tenant},yes\nFourth Coffee,7654321,{},no\n", Uuid::from_u128(8));
        let resellers = reseller_file::read(resellers.as_bytes(), &ReadOptions::default()).expect("a file");
        import_indirect_resellers::apply(&portal.db, &Actor::command_line(provider), &resellers).await.expect("an import");
        let program = Program::of(portal, Role::SalesAgent).await;
        for kind in ["IsIndirectCloudSolutionProviderOf", "is_indirect_cloud_solution_provider_of"] {
            let found = program.get(&format!("/v1/relationships?relationship_type={kind}")).await.json();
            let names: Vec<&Value> = found["items"].as_array().expect("items").iter().map(|item| &item["name"]).collect();
            assert_eq!(names, ["Fourth Coffee", "Wingtip Toys"], "{kind}");
            let expected = json!({
                "id": tenant, "name": "Wingtip Toys", "mpnId": "1234567", "state": "active",
                "relationshipType": "is_indirect_cloud_solution_provider_of", "attributes": { "objectType": "PartnerRelationship" },
            });
            assert_eq!(found["items"][1], expected);
        }
        assert_eq!(program.get("/v1/relationships?relationship_type=is_indirect_reseller_of").await.json()["totalCount"], 0);
        for (query, names) in [("", "relationship_type"), ("?relationship_type=x", "relationship_type"), ("?relationship_type=IsIndirectResellerOf&filter=x", "filter")] {
            program.get(&format!("/v1/relationships{query}")).await.assert_fault(400, 2000, names);
        }

        let mut sold = new_customer::customer();
        sold["associatedPartnerId"] = json!("1234567");
        let sold = program.post("/v1/customers", &sold).await.json();
        let of = async |customer: &str| program.get(&format!("/v1/customers/{customer}/relationships")).await.json();
        let found = of(sold["id"].as_str().expect("an id")).await;
        assert_eq!((&found["totalCount"], &found["items"][0]["mpnId"]), (&json!(1), &json!("1234567")));
        assert_eq!(of(&portal.add_customer("Fabrikam").await.to_string()).await["totalCount"], 0);
        program.get(&format!("/v1/customers/{}/relationships", Uuid::from_u128(1))).await.assert_fault(404, 60003, "customer");
    }
}
