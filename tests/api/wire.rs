//! What every request and every answer has in common.

use countersign::{api::operations::OPERATIONS, domain::role::Role};

use super::{Program, answer};
use crate::{
    on_both_databases,
    support::{Kind, Portal},
};

on_both_databases! {
    async fn every_operation_knows_who_may_call_it(portal) {
        let customer = portal.add_customer("Contoso").await.to_string();
        for role in [Role::Manager, Role::SalesAgent, Role::AdminAgent] {
            let program = Program::of_account(portal, &portal.account, role.code(), role).await;
            for operation in OPERATIONS {
                let path = operation.path.replace("{customer}", &customer).replace("{template}", super::TEMPLATE);
                let request = program.request(operation.method.as_str(), &format!("/v1/{path}"));
                let request = request.header("content-type", "application/json").body("{}");
                let status = answer(request).await.status;
                let expected = match (role.may(operation.permission), operation.method.as_str()) {
                    (false, _) => 403,
                    (true, "GET") => 200,
                    (true, _) => 400,
                };
                assert_eq!(status, expected, "{role} {} {path}", operation.method);
                let request = reqwest::Client::new().request(operation.method.as_str().parse().expect("a method"), format!("{}/v1/{path}", portal.url));
                assert_eq!(answer(request).await.status, 401, "{path} without a token");
            }
        }
    }

    async fn addresses_fold_case_and_slashes_and_have_two_versions(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::Manager).await;
        for path in [
            "/v1/customers", "/v1.0/customers", "/V1/Customers/", "//v1//customers", "/v1//customers//",
            &format!("/v1/CUSTOMERS/{customer}/Agreements/"), &format!("//V1.0//customers/{customer}//agreements"),
        ] {
            assert_eq!(program.get(path).await.status, 200, "{path}");
        }
        for (method, path) in [
            ("GET", "/v1"), ("GET", "/v1/"), ("GET", "/v1/devices"), ("DELETE", "/v1/agreements"), ("PUT", "/v1/customers"),
            ("PATCH", &format!("/v1/customers/{customer}")), ("OPTIONS", "/v1/customers"), ("GET", "/v1/../customers/x/y"),
        ] {
            let answer = answer(program.request(method, path)).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            if !path.contains("..") {
                answer.assert_fault(404, 1000, "");
            }
        }
        // HEAD has no body in either direction.
        assert_eq!(answer(program.request("HEAD", "/v1/customers")).await.status, 404);
        assert_eq!(program.get("/v2/customers").await.status, 404);
    }

    async fn the_ids_of_a_request_are_said_back(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let request = program.request("GET", "/v1/customers").header("MS-RequestId", "B12260FB-82de-4701-a25f-dcd367690645");
        let given = answer(request.header("MS-CorrelationId", "0f8fad5b-d9cb-469f-a165-70867728950e").header("MS-CV", "abc.1")).await;
        assert_eq!(given.header("ms-requestid"), "B12260FB-82de-4701-a25f-dcd367690645");
        assert_eq!(given.header("ms-correlationid"), "0f8fad5b-d9cb-469f-a165-70867728950e");
        assert_eq!((given.header("ms-cv"), given.header("ms-serverid")), ("abc.1", "countersign"));
        let made = program.get("/v1/nothing").await;
        assert!(uuid::Uuid::try_parse(made.header("ms-requestid")).is_ok(), "also of what is not found");
        assert!(uuid::Uuid::try_parse(made.header("ms-correlationid")).is_ok());
        assert_eq!(made.header("cache-control"), "no-store");
        assert_eq!(made.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn while_the_database_is_gone_programs_are_told_to_try_again() {
    let portal = Portal::start(Kind::Sqlite).await;
    let customer = portal.add_customer("Contoso").await;
    let program = Program::of(&portal, Role::SalesAgent).await;
    let mut direct = crate::support::direct::Direct::connect(&portal.location).await;
    direct.execute("BEGIN IMMEDIATE").await;
    let refused = program.post(&super::agreements_of(customer), &super::confirmation()).await;
    refused.assert_fault(503, 503, "Try again");
    assert_eq!(refused.header("retry-after"), "5");
    direct.execute("ROLLBACK").await;
    assert_eq!(program.post(&super::agreements_of(customer), &super::confirmation()).await.status, 201);
    portal.stop().await;
}
