//! Who may call, with what, and until when.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use countersign::{
    actions::{
        manage_api_clients::{make_refresh_token, revoke_api_client},
        manage_users::{set_disabled, set_password, set_role},
    },
    domain::{actor::Principal, audit::Action, partner_account::PartnerAccount, role::Role, token::token_hash},
};
use serde_json::Value;
use uuid::Uuid;

use super::{Program, agreements_of, answer, confirmation};
use crate::{
    on_both_databases, on_sqlite,
    support::portal::{account, email},
};

on_sqlite! {
    async fn a_client_gets_a_token_in_the_form_that_each_end_point_has(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let ask = [("grant_type", "client_credentials"), ("resource", "https://api.partnercenter.microsoft.com")];
        let json = program.ask_for_token(portal.account.id, "token", &ask).await.json();
        assert_eq!(json["token_type"], "Bearer");
        assert_eq!(json["expires_in"], "3600", "texts in version 1");
        assert_eq!(json["resource"], "https://api.partnercenter.microsoft.com");
        assert!(json["expires_on"].as_str().expect("a text").parse::<i64>().is_ok());
        assert_eq!(json.get("refresh_token"), None);
        let json = program.ask_for_token(portal.account.id, "v2.0/token", &ask).await.json();
        assert_eq!(json["expires_in"], 3600, "numbers in version 2");
    }
}

on_both_databases! {
    async fn a_program_may_go_on_naming_the_tenant_of_its_partner(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let tenant = portal.account.tenant_id.expect("a tenant");
        let ask = [("grant_type", "client_credentials")];
        assert_eq!(program.ask_for_token(tenant, "token", &ask).await.status, 200);
        portal.set_account(&PartnerAccount { tenant_id: None, ..portal.account.clone() }).await;
        assert_eq!(program.ask_for_token(tenant, "token", &ask).await.status, 401);
        assert_eq!(program.ask_for_token(portal.account.id, "token", &ask).await.status, 200);
    }
}

on_both_databases! {
    async fn the_tenant_in_the_address_is_the_accounts_a_domain_or_any_label(portal) {
        let other = account("Oosterlicht");
        portal.add_account(&other).await;
        let program = Program::of(portal, Role::SalesAgent).await;
        let tenant = portal.account.tenant_id.expect("a tenant");
        let ask = [("grant_type", "client_credentials")];
        for (named, status) in [
            (portal.account.id.to_string(), 200),
            (tenant.to_string().to_uppercase(), 200),
            (tenant.simple().to_string(), 200),
            ("noordster.onmicrosoft.com".to_owned(), 200),
            ("noordster.nl".to_owned(), 200),
            ("organizations".to_owned(), 200),
            ("common".to_owned(), 200),
            (other.id.to_string(), 401),
            (Uuid::from_u128(7).to_string(), 401),
        ] {
            for end in ["token", "v2.0/token"] {
                assert_eq!(program.ask_for_token(&named, end, &ask).await.status, status, "{named} {end}");
            }
        }
    }
}

on_sqlite! {
    async fn sign_in_libraries_find_the_token_endpoint_by_discovery(portal) {
        for tenant in [portal.account.id.to_string(), "noordster.onmicrosoft.com".into(), "organizations".into(), "common".into()] {
            let base = format!("{}/{tenant}", portal.url);
            for (version, issuer, end) in [("/v2.0", "/v2.0", "oauth2/v2.0"), ("", "", "oauth2")] {
                let request = reqwest::Client::new().get(format!("{base}{version}/.well-known/openid-configuration"));
                let given = answer(request).await;
                let json = given.json();
                assert_eq!((given.status, &json["issuer"]), (200, &Value::from(format!("{base}{issuer}"))));
                assert_eq!(json["token_endpoint"], format!("{base}/{end}/token"));
                assert_eq!(json["authorization_endpoint"], format!("{base}/{end}/authorize"));
                let authorize = answer(reqwest::Client::new().get(format!("{base}/{end}/authorize"))).await;
                assert_eq!((authorize.status, &authorize.json()["error"]), (400, &Value::from("invalid_request")));
            }
        }
        let odd = answer(reqwest::Client::new().get(format!("{}/a%20b/v2.0/.well-known/openid-configuration", portal.url))).await;
        assert_eq!((odd.status, &odd.json()["error"]), (400, &Value::from("invalid_tenant")));
    }

    async fn a_client_may_sign_in_by_a_header(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let ask = async |header: String, body: &str| {
            let request = reqwest::Client::new().post(format!("{}/common/oauth2/v2.0/token", portal.url));
            let request = request.header("authorization", header).header("content-type", "application/x-www-form-urlencoded");
            answer(request.body(body.to_owned())).await
        };
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (program.id, encode(super::SECRET));
        let grant = "grant_type=client_credentials";
        assert_eq!(ask(basic(&format!("{id}:{secret}")), grant).await.status, 200);
        assert_eq!(ask(basic(&format!("{id}:{secret}")).replace("Basic", "basic"), &format!("{grant}&client_id={id}")).await.status, 200);
        for wrong in [basic(&format!("{id}:wrong")), basic(&format!("{id}:")), basic("nothing"), "Basic !".to_owned(), "Basic".to_owned(), "Bearer x".to_owned()] {
            let refused = ask(wrong.clone(), grant).await;
            assert_eq!((refused.status, &refused.json()["error"]), (401, &Value::from("invalid_client")), "{wrong}");
            assert!(refused.header("www-authenticate").starts_with("Basic"), "{wrong}");
        }
        let both = ask(basic(&format!("{id}:{secret}")), &format!("{grant}&client_id={id}&client_secret={secret}")).await;
        assert_eq!((both.status, &both.json()["error"]), (400, &Value::from("invalid_request")));
        let other = ask(basic(&format!("{id}:{secret}")), &format!("{grant}&client_id={}", Uuid::from_u128(1))).await;
        assert_eq!(other.status, 401);
    }

    async fn what_is_wrong_gets_no_token_and_does_not_say_which_part(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let own = portal.account.id;
        let credentials = ("grant_type", "client_credentials");
        let mut texts = Vec::new();
        for (tenant, fields) in [
            (own, vec![credentials, ("client_secret", "wrong")]),
            (own, vec![credentials, ("client_secret", "")]),
            (own, vec![credentials, ("client_id", "0f8fad5b-d9cb-469f-a165-70867728950e")]),
            (own, vec![credentials, ("client_id", "no id")]),
            (Uuid::from_u128(7), vec![credentials]),
        ] {
            let answer = program.ask_for_token(tenant, "token", &fields).await;
            assert_eq!((answer.status, &answer.json()["error"]), (401, &Value::from("invalid_client")), "{fields:?}");
            texts.push(answer.text);
        }
        texts.dedup();
        assert_eq!(texts.len(), 1);
        for (kind, error) in [
            ("password", "unsupported_grant_type"), ("authorization_code", "unsupported_grant_type"),
            ("jwt_token", "unsupported_grant_type"), ("", "invalid_request"), ("refresh_token", "invalid_grant"),
        ] {
            let answer = program.ask_for_token(own, "token", &[("grant_type", kind)]).await;
            assert_eq!((answer.status, &answer.json()["error"]), (400, &Value::from(error)), "{kind}");
        }
    }

    async fn without_a_token_that_holds_nothing_is_answered(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        let page = portal.browser().get("/v1/customers").await;
        assert_eq!(page.status, 401, "a session's cookie is none either");
        let agent = portal.signed_in("sales").await;
        assert_eq!(agent.get("/v1/customers").await.status, 401);
        for header in ["", "Bearer", "Bearer ", "Bearer x.y.z", "Basic YTpi", &format!("Bearer {}x", program.token)] {
            let request = reqwest::Client::new().get(format!("{}/v1/customers", portal.url)).header("authorization", header);
            let answer = answer(request).await;
            answer.assert_fault(401, 400, "token");
            let is_bearer = header.starts_with("Bearer ") && header.len() > "Bearer ".len();
            let challenge = if is_bearer { "Bearer error=\"invalid_token\"" } else { "Bearer" };
            assert_eq!(answer.header("www-authenticate"), challenge, "{header}");
        }
        assert_eq!(program.get("/v1/customers").await.status, 200);
        portal.clock.advance(TimeDelta::minutes(60));
        program.get("/v1/customers").await.assert_fault(401, 400, "expired");
    }
}

on_both_databases! {
    async fn a_revoked_client_is_refused_at_the_next_request(portal) {
        let program = Program::of(portal, Role::SalesAgent).await;
        assert_eq!(program.get("/v1/customers").await.status, 200);
        revoke_api_client(&portal.db, Principal::command_line(), &portal.account, "Billing").await.expect("a client");
        program.get("/v1/customers").await.assert_fault(401, 400, "revoked");
        let again = program.ask_for_token(portal.account.id, "token", &[("grant_type", "client_credentials")]).await;
        assert_eq!(again.status, 401);
        let audit = portal.signed_in("admin").await.get("/audit").await;
        assert!(audit.main().contains("revoked the API client Billing"), "{}", audit.main());
    }

    async fn a_manager_s_program_reads_and_confirms_nothing(portal) {
        let customer = portal.add_customer("Contoso").await;
        let program = Program::of(portal, Role::Manager).await;
        assert_eq!(program.get(&agreements_of(customer)).await.status, 200);
        let answer = program.post(&agreements_of(customer), &confirmation()).await;
        answer.assert_fault(403, 900_150, "manager");
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);
    }

    async fn with_a_refresh_token_a_program_acts_as_a_user_and_gets_a_newer_one(portal) {
        let customer = portal.add_customer("Contoso").await;
        let mut program = Program::of(portal, Role::Manager).await;
        let who = Principal::command_line();
        let sales = portal.user("sales").await;
        make_refresh_token(&portal.db, who, &portal.account, "Billing", sales, token_hash("first")).await.expect("a token");
        let with = |token: &str| [("grant_type", "refresh_token".to_owned()), ("refresh_token", token.to_owned())];
        let ask = async |token: &str| {
            let fields = with(token);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            program.ask_for_token(portal.account.id, "token", &fields).await
        };
        let json = ask("first").await.json();
        let next = json["refresh_token"].as_str().expect("the next").to_owned();
        // Several processes share one token, and a program that lost the answer has only the old one.
        let all = futures_util::future::join_all((0..4).map(|_| ask("first"))).await;
        assert!(all.iter().all(|answer| answer.status == 200), "the one that was used holds on");
        assert_eq!(ask(&next).await.status, 200);

        json["access_token"].as_str().expect("a token").clone_into(&mut program.token);
        let confirmed = program.post(&agreements_of(customer), &confirmation()).await;
        assert_eq!(confirmed.status, 201, "the user's role counts: {}", confirmed.text);
        let page = portal.signed_in("manager").await.get(&format!("/customers/{customer}/agreements")).await;
        assert!(page.main().contains("Sales (Billing)") && page.main().contains("Recorded via: API"), "{}", page.main());

        let users = [email("sales")];
        set_role(&portal.db, Principal::command_line(), &users[0], &portal.account, Role::Manager).await.expect("a role");
        program.post(&agreements_of(customer), &confirmation()).await.assert_fault(403, 900_150, "manager");
        set_disabled(&portal.db, Principal::command_line(), &users[0], true).await.expect("a user");
        program.get(&agreements_of(customer)).await.assert_fault(401, 400, "user");
    }

    async fn a_refresh_token_holds_for_ninety_days_and_for_its_client_only(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let other = Program::of_account(portal, &portal.account, "Other", Role::Manager).await;
        let who = Principal::command_line();
        let sales = portal.user("sales").await;
        make_refresh_token(&portal.db, who, &portal.account, "Billing", sales, token_hash("first")).await.expect("a token");
        let ask = [("grant_type", "refresh_token"), ("refresh_token", "first")];
        assert_eq!(other.ask_for_token(portal.account.id, "token", &ask).await.status, 400);
        portal.clock.advance(TimeDelta::days(89));
        let next = program.ask_for_token(portal.account.id, "token", &ask).await.json();
        let next = next["refresh_token"].as_str().expect("the next").to_owned();
        portal.clock.advance(TimeDelta::days(1));
        assert_eq!(program.ask_for_token(portal.account.id, "token", &ask).await.status, 400, "using it does not prolong it");
        let ask = [("grant_type", "refresh_token"), ("refresh_token", next.as_str())];
        assert_eq!(program.ask_for_token(portal.account.id, "token", &ask).await.status, 200);
    }

    async fn a_refresh_token_ends_with_the_password_and_the_work_of_its_user(portal) {
        let program = Program::of(portal, Role::Manager).await;
        let sales = portal.user("sales").await;
        let users = email("sales");
        let make = async |token: &str| {
            let who = Principal::command_line();
            make_refresh_token(&portal.db, who, &portal.account, "Billing", sales, token_hash(token)).await.expect("a token");
        };
        let ask = async |token: &str| {
            let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
            program.ask_for_token(portal.account.id, "token", &fields).await
        };
        make("first").await;
        let next = ask("first").await.json()["refresh_token"].as_str().expect("the next").to_owned();
        set_password(&portal.db, Principal::command_line(), &users, "no hash at all").await.expect("a user");
        for token in ["first", &next] {
            assert_eq!(ask(token).await.json()["error"], "invalid_grant", "after a new password");
        }
        make("second").await;
        set_disabled(&portal.db, Principal::command_line(), &users, true).await.expect("a user");
        assert_eq!(ask("second").await.json()["error"], "invalid_grant", "while disabled");
        set_disabled(&portal.db, Principal::command_line(), &users, false).await.expect("a user");
        assert_eq!(ask("second").await.json()["error"], "invalid_grant", "enabled again");
        make("third").await;
        assert_eq!(ask("third").await.status, 200);
        revoke_api_client(&portal.db, Principal::command_line(), &portal.account, "Billing").await.expect("a client");
        assert_eq!(ask("third").await.status, 401);
    }

    async fn a_program_sees_the_customers_of_its_account_only(portal) {
        let customer = portal.add_customer("Contoso").await;
        let other = account("Oosterlicht");
        portal.add_account(&other).await;
        let theirs = portal.add_customer_to(&other, "Fabrikam", None).await;
        let program = Program::of(portal, Role::AdminAgent).await;
        let stranger = Program::of_account(portal, &other, "Billing", Role::AdminAgent).await;
        for (program, own, foreign) in [(&program, customer, theirs), (&stranger, theirs, customer)] {
            assert_eq!(program.get(&format!("/v1/customers/{own}")).await.status, 200);
            for path in ["", "/agreements", "/profiles/billing", "/profiles/company", "/directSignedMicrosoftCustomerAgreementStatus"] {
                program.get(&format!("/v1/customers/{foreign}{path}")).await.assert_fault(404, 60003, "customer");
            }
            program.post(&agreements_of(foreign), &confirmation()).await.assert_fault(404, 60003, "customer");
        }
        assert_eq!(portal.events(Action::AcceptanceConfirmed).await, 0);
    }
}
