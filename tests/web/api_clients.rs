//! API clients in the pages.

use countersign::{
    actions::manage_api_clients::create_api_client,
    domain::{actor::Principal, audit::Action, role::Role, token::token_hash},
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    on_both_databases, on_sqlite,
    support::{
        Browser, Portal,
        browser::{Form, Page, encode},
        portal::account,
    },
};

const PATH: &str = "/api-clients";

async fn new_client(admin: &Browser) -> Form {
    let page = admin.get(PATH).await;
    page.form_at(PATH).with("client_name", "Billing").with("role", "sales_agent")
}

/// What is shown once: client id, and secret or refresh token.
fn shown(page: &Page) -> (String, String) {
    let texts = page.texts("section[aria-labelledby=made] dd");
    assert_eq!(texts.len(), 2, "{}", page.main());
    (texts[0].clone(), texts[1].clone())
}

/// Asks for tokens as a program does.
async fn token(portal: &Portal, fields: &[(&str, &str)]) -> Value {
    let request = reqwest::Client::new().post(format!("{}/{}/oauth2/token", portal.url, portal.account.id));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(encode(fields));
    let text = request.send().await.expect("an answer").text().await.expect("a text");
    serde_json::from_str(&text).expect("JSON")
}

async fn status(portal: &Portal, token: &Value) -> u16 {
    let token = token["access_token"].as_str().unwrap_or_else(|| panic!("{token}"));
    let request = reqwest::Client::new().get(format!("{}/v1/customers", portal.url)).bearer_auth(token);
    request.send().await.expect("an answer").status().as_u16()
}

on_both_databases! {
    async fn an_admin_creates_a_client_whose_secret_is_shown_once(portal) {
        let admin = portal.signed_in("admin").await;
        let made = admin.submit(&new_client(&admin).await).await;
        assert_eq!(made.status, 200, "{}", made.body);
        assert_eq!(made.header("cache-control"), "no-store");
        let (id, secret) = shown(&made);
        let given = token(portal, &[("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)]).await;
        assert_eq!(status(portal, &given).await, 200);
        let again = admin.get(PATH).await;
        assert!(again.main().contains(&id) && !again.body.contains(&secret), "the list names it without its secret");
        assert_eq!(again.texts("tbody th"), ["Billing"]);
        assert!(again.texts("main dd").contains(&portal.account.id.to_string()), "the tenant is told");
    }

    async fn the_same_form_again_makes_one_client_and_shows_the_same_secret(portal) {
        let admin = portal.signed_in("admin").await;
        let form = new_client(&admin).await;
        let first = shown(&admin.submit(&form).await);
        assert_eq!(shown(&admin.submit(&form).await), first);
        assert_eq!(portal.events(Action::ApiClientCreated).await, 1);
        let other = shown(&admin.submit(&new_client(&admin).await.with("client_name", "Orders")).await);
        assert_ne!(other.1, first.1);
    }
}

on_sqlite! {
    async fn what_is_wrong_with_a_client_is_said_at_its_field_and_what_was_typed_is_kept(portal) {
        let admin = portal.signed_in("admin").await;
        assert_eq!(admin.submit(&new_client(&admin).await).await.status, 200);
        for (form, field, words) in [
            (new_client(&admin).await.with("client_name", " "), "client_name", "Enter a name"),
            (new_client(&admin).await.with("client_name", &"x".repeat(101)), "client_name", "100"),
            (new_client(&admin).await, "client_name", "already"),
            (new_client(&admin).await.with("client_name", "Orders").with("role", "owner"), "role", "Choose a role"),
        ] {
            let page = admin.submit(&form).await;
            assert_eq!((page.status, page.wrong_fields()), (422, vec![field.to_owned()]), "{}", page.main());
            assert!(page.errors()[0].contains(words), "{:?}", page.errors());
            assert_eq!(page.form_at(PATH).get("client_name"), form.get("client_name"));
        }
        let page = admin.submit(&new_client(&admin).await.with("client_name", "Orders").with("submission", "x")).await;
        assert_eq!(page.status, 422);
        assert_eq!(portal.events(Action::ApiClientCreated).await, 1);
    }
}

on_both_databases! {
    async fn a_client_acts_as_whoever_lets_it(portal) {
        let admin = portal.signed_in("admin").await;
        let (id, secret) = shown(&admin.submit(&new_client(&admin).await.with("role", "manager")).await);
        let sales = portal.signed_in("sales").await;
        let page = sales.get(PATH).await;
        let form = page.form_at(&format!("{PATH}/{id}/refresh-token"));
        let (client, refresh) = shown(&sales.submit(&form).await);
        assert_eq!(client, id);
        assert_eq!(shown(&sales.submit(&form).await).1, refresh, "the same form makes one");
        assert_eq!(portal.events(Action::RefreshTokenMade).await, 1);
        let fields = [("grant_type", "refresh_token"), ("client_id", &id), ("client_secret", &secret), ("refresh_token", &refresh)];
        let given = token(portal, &fields).await;
        assert_eq!(status(portal, &given).await, 200);
        let audit = sales.get("/audit").await;
        assert!(audit.main().contains("Sales let the API client Billing act as Sales"), "{}", audit.main());
        let other = portal.signed_in("manager").await.submit(&form).await;
        assert_eq!(other.status, 422, "a form is its user's");
    }

    async fn nothing_is_accepted_from_a_client_that_was_revoked(portal) {
        let admin = portal.signed_in("admin").await;
        let (id, secret) = shown(&admin.submit(&new_client(&admin).await).await);
        let fields = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret)];
        let given = token(portal, &fields).await;
        let stale = admin.get(PATH).await;
        let revoked = admin.follow(admin.post(&format!("{PATH}/{id}/revoke"), &[]).await).await;
        assert!(revoked.main().contains("was revoked") && revoked.main().contains("Revoked"), "{}", revoked.main());
        assert_eq!(status(portal, &given).await, 401);
        assert_eq!(token(portal, &fields).await["error"], "invalid_client");
        // Twice is once; and it acts as nobody any more.
        assert_eq!(admin.post(&format!("{PATH}/{id}/revoke"), &[]).await.status, 303);
        assert_eq!(portal.events(Action::ApiClientRevoked).await, 1);
        let refused = admin.submit(&stale.form_at(&format!("{PATH}/{id}/refresh-token"))).await;
        assert!(refused.status == 422 && refused.errors()[0].contains("Billing was revoked"), "{}", refused.main());
    }

    async fn clients_of_another_account_are_not_there(portal) {
        let other = account("Oosterlicht");
        portal.add_account(&other).await;
        let id = create_api_client(&portal.db, Principal::command_line(), &other, "Theirs", Role::Manager, token_hash("x")).await.expect("a client");
        let admin = portal.signed_in("admin").await;
        assert!(!admin.get(PATH).await.main().contains("Theirs"));
        for id in [id, Uuid::from_u128(1)] {
            for end in ["revoke", "refresh-token"] {
                assert_eq!(admin.post(&format!("{PATH}/{id}/{end}"), &[]).await.status, 404, "{end}");
            }
        }
        assert_eq!(portal.events(Action::ApiClientRevoked).await, 0);
    }

    async fn only_who_administers_creates_and_revokes(portal) {
        let admin = portal.signed_in("admin").await;
        assert_eq!(admin.submit(&new_client(&admin).await).await.status, 200);
        for name in ["sales", "manager"] {
            let page = portal.signed_in(name).await.get(PATH).await;
            assert!(page.texts("button").iter().all(|words| !words.contains("Create") && !words.contains("Revoke")), "{name}: {}", page.main());
            assert!(page.texts("button").iter().any(|words| words.contains("act as me")), "{name}");
        }
    }
}

on_sqlite! {
    async fn everybody_reads_what_programs_may_ask_for(portal) {
        for name in ["manager", "sales", "admin"] {
            let page = portal.signed_in(name).await.get("/help/api").await;
            assert_eq!(page.status, 200);
            let rows = page.texts("tbody tr");
            assert_eq!(rows.len(), countersign::api::operations::OPERATIONS.len());
            let confirm = rows.iter().find(|row| row.contains("POST /v1/customers/{customer}/agreements")).expect("a row");
            assert!(confirm.contains("Sales agent") && !confirm.contains("Admin") && !confirm.contains("Manager"), "{confirm}");
            assert_eq!(page.attributes(".cmds a", "href"), ["/openapi.json"]);
        }
    }
}
