//! What every request and every answer has in common.

use chrono::TimeDelta;
use countersign::{
    actions::manage_api_clients::make_refresh_token,
    api::{Options, operations::OPERATIONS},
    domain::{actor::Principal, audit::Action, role::Role, token::token_hash},
};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{Program, answer, carts, orders::subscribed};
use crate::{
    on_sqlite,
    support::{Database, Portal, portal::API},
};

on_sqlite! {
    async fn every_operation_knows_who_may_call_it(portal) {
        let customer = portal.add_direct_customer("Contoso", None).await;
        let sales = Program::of(portal, Role::SalesAgent).await;
        let (path, subscription) = subscribed(&sales, customer).await;
        let subscription_id = path.rsplit('/').next().expect("an id");
        let order_id = subscription["orderId"].as_str().expect("an id");
        for role in [Role::Manager, Role::SalesAgent, Role::AdminAgent] {
            let program = Program::of_account(portal, &portal.account, role.code(), role).await;
            let (_, cart) = carts::made(&sales, customer).await;
            let cart = cart["id"].as_str().expect("an id");
            for operation in OPERATIONS {
                let path = operation.path.replace("{customer}", &customer.to_string()).replace("{template}", super::TEMPLATE);
                let path = path.replace("{country}", "NL").replace("{domain}", "fabrikam.onmicrosoft.com");
                let path = path.replace("{product}", "CFQ7TTC0LH16").replace("{sku}", "0001").replace("{availability}", "AVAIL1");
                let path = path.replace("{offer}", "195416C1-3447-423A-B37B-EE59A99A19C4");
                let path = path.replace("{order}", order_id).replace("{subscription}", subscription_id).replace("{cart}", cart);
                let request = program.request(operation.method.as_str(), &format!("/v1/{path}"));
                let request = request.header("content-type", "application/json").body("{}");
                let status = answer(request).await.status;
                let expected = match (role.may(operation.permission), operation.method.as_str()) {
                    (false, _) => 403,
                    // Without a parameter that it needs.
                    (true, "GET") if operation.path == "compliance/csp/agreementstatus" => 400,
                    (true, "GET") if operation.path == "relationships" => 400,
                    // A cart is replaced as a whole.
                    (true, "PUT") if operation.path.ends_with("{cart}") || operation.path.ends_with("qualification") => 400,
                    (true, "POST") if operation.path.ends_with("checkout") => 201,
                    // Nothing but the relationship changes, and in production nobody is deleted.
                    (true, "PATCH" | "DELETE") if operation.path == "customers/{customer}" => 400,
                    // What is changed in nothing is answered as it stands.
                    (true, "GET" | "PATCH" | "PUT") => 200,
                    // A domain that is free.
                    (true, "HEAD") => 404,
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
            ("PUT", &format!("/v1/customers/{customer}")), ("OPTIONS", "/v1/customers"), ("GET", "/v1/../customers/x/y"),
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

    async fn the_description_of_the_api_is_there_for_whoever_asks(portal) {
        let given = answer(reqwest::Client::new().get(format!("{}/openapi.json", portal.url))).await;
        assert_eq!((given.status, given.header("content-type")), (200, "application/json"));
        let json = given.json();
        assert_eq!((&json["openapi"], &json["servers"][0]["url"]), (&json!("3.1.0"), &json!("/v1")));
        for operation in OPERATIONS {
            let described = &json["paths"][format!("/{}", operation.path)][operation.method.as_str().to_lowercase()];
            assert!(described["summary"].is_string(), "{} {}", operation.method, operation.path);
        }
        let customer = &json["components"]["schemas"]["Customer"]["properties"];
        assert!(customer["companyProfile"].is_object() && customer["relationshipToPartner"].is_object());
    }

    async fn a_body_is_not_waited_for_before_the_token_is_checked(portal) {
        let address = portal.url.strip_prefix("http://").expect("an address");
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
        let head = format!("POST /v1/customers HTTP/1.1\r\nHost: {address}\r\nContent-Length: 200000\r\n\r\n{{");
        stream.write_all(head.as_bytes()).await.expect("a request");
        let mut status = [0; 12];
        let answered = tokio::time::timeout(std::time::Duration::from_secs(20), stream.read_exact(&mut status)).await;
        answered.expect("an answer before the body").expect("an answer");
        assert_eq!(&status, b"HTTP/1.1 401");
        // With a token the whole body counts.
        let program = Program::of(portal, Role::SalesAgent).await;
        program.post_text("/v1/customers", &" ".repeat(256 * 1024 + 1)).await.assert_fault(400, 3000, "262144 bytes");
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

    async fn what_is_refused_for_its_role_is_in_the_log(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::Manager).await;
        program.post(&super::agreements_of(customer), &super::confirmation()).await.assert_fault(403, 900_150, "manager");
        assert_eq!(portal.events(Action::Denied).await, 1);
    }

    async fn more_requests_than_a_minute_has_are_told_when_to_come_again(portal) {
        let options = Options { requests_per_minute: 3, ..API };
        let beside = portal.beside(options).await;
        let program = Program { url: beside.url.clone(), ..Program::of(portal, Role::Manager).await };
        for _ in 0..3 {
            assert_eq!(program.get("/v1/customers").await.status, 200);
        }
        portal.clock.advance(TimeDelta::seconds(20));
        let refused = program.get("/v1/customers").await;
        refused.assert_fault(429, 429, "Try again in 41 seconds.");
        assert_eq!((refused.header("retry-after"), &refused.json()["statusCode"]), ("41", &429.into()));
        portal.clock.advance(TimeDelta::seconds(41));
        assert_eq!(program.get("/v1/customers").await.status, 200);
        beside.stop().await;
    }

    async fn where_a_user_is_demanded_agreements_are_for_nobody_else(portal) {
        let customer = portal.add_customer("Contoso").await;
        let options = Options { users_only: true, ..API };
        let beside = portal.beside(options).await;
        let mut program = Program { url: beside.url.clone(), ..Program::of(portal, Role::AdminAgent).await };
        let path = super::agreements_of(customer);
        program.get(&path).await.assert_fault(403, 2032, "user");
        program.post(&path, &super::confirmation()).await.assert_fault(403, 2032, "user");
        program.get("/v1/agreements").await.assert_fault(403, 2032, "user");
        assert_eq!(program.get("/v1/customers").await.status, 200, "the rest is for both");
        let (who, user, token) = (Principal::command_line(), portal.user("sales").await, token_hash("first"));
        make_refresh_token(&portal.db, who, &portal.account, "Billing", user, token).await.expect("a token");
        let ask = [("grant_type", "refresh_token"), ("refresh_token", "first")];
        let json = program.ask_for_token(portal.account.id, "token", &ask).await.json();
        json["access_token"].as_str().expect("a token").clone_into(&mut program.token);
        assert_eq!(program.post(&path, &super::confirmation()).await.status, 201);
        beside.stop().await;
    }
}

#[tokio::test]
async fn while_the_database_is_gone_programs_are_told_to_try_again() {
    let portal = Portal::start(Database::Sqlite).await;
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
