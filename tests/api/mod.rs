//! Programs that speak the Partner Center API, through the real server.

mod agreements;
mod audit_records;
mod bulk;
mod carts;
mod catalogue;
mod customers;
mod new_customer;
mod orders;
mod partner;
mod profiles;
mod relationships;
mod snapshots;
mod tokens;
mod wire;

use countersign::{
    actions::manage_api_clients::create_api_client,
    domain::{actor::Principal, partner_account::PartnerAccount, role::Role, token::token_hash},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Portal;

/// The secret of every client in the tests.
const SECRET: &str = "a secret of 43 letters that nobody guesses!";

/// The text of the agreement that the portal begins with.
const TEMPLATE: &str = "117a77b0-9360-443b-8795-c6dedc750cf9";

/// A program with an access token.
pub struct Program {
    url: String,
    http: reqwest::Client,
    /// Its token.
    pub token: String,
    /// Its client id.
    pub id: Uuid,
}

/// What a program is answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {} {:?}", self.status, self.text))
    }

    /// A header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().expect("text")).unwrap_or_default()
    }

    /// Asserts a fault: status, code, and a description that names something.
    #[track_caller]
    pub fn assert_fault(&self, status: u16, code: u32, names: &str) {
        let json = self.json();
        assert_eq!((self.status, &json["code"]), (status, &json!(code)), "{}", self.text);
        let description = json["description"].as_str().expect("a description");
        assert!(description.contains(names) && description.chars().count() <= 1024, "{description}");
        assert_eq!(json["errorMessageExtended"], format!("InternalErrorCode={code}"));
        assert!(json["message"].is_string() && json["errorName"].is_string() && json["isRetryable"].is_boolean());
        assert!(json["parameters"].is_object() && json["data"].is_array() && json["source"].is_string());
        assert!(self.header("content-type").starts_with("application/json"));
    }
}

impl Program {
    /// A program of the portal's account in a role.
    pub async fn of(portal: &Portal, role: Role) -> Self {
        Self::of_account(portal, &portal.account, "Billing", role).await
    }

    /// A program of an account in a role.
    pub async fn of_account(portal: &Portal, account: &PartnerAccount, name: &str, role: Role) -> Self {
        let who = Principal::command_line();
        let id = create_api_client(&portal.db, who, account, name, role, token_hash(SECRET)).await.expect("a client");
        let mut program = Self { url: portal.url.clone(), http: reqwest::Client::new(), token: String::new(), id };
        let answer = program.ask_for_token(account.id, "token", &[("grant_type", "client_credentials")]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["access_token"].as_str().expect("a token").clone_into(&mut program.token);
        program
    }

    /// Gets a token that holds from now on.
    pub async fn renew(&mut self, tenant: Uuid) {
        let answer = self.ask_for_token(tenant, "token", &[("grant_type", "client_credentials")]).await;
        answer.json()["access_token"].as_str().expect("a token").clone_into(&mut self.token);
    }

    /// Asks for a token with the program's own id and secret.
    pub async fn ask_for_token(&self, tenant: impl std::fmt::Display, end: &str, fields: &[(&str, &str)]) -> Answer {
        let id = self.id.to_string();
        let own = [("client_id", id.as_str()), ("client_secret", SECRET)];
        let fields: Vec<_> = own
            .into_iter()
            .filter(|(name, _)| fields.iter().all(|(other, _)| other != name))
            .collect::<Vec<_>>()
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.http.post(format!("{}/{tenant}/oauth2/{end}", self.url));
        answer(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
    }

    /// A request with the program's token.
    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        self.http
            .request(method, format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token))
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request("GET", path)).await
    }

    /// `POST` with JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, &body.to_string()).await
    }

    /// `POST` with whatever.
    pub async fn post_text(&self, path: &str, body: &str) -> Answer {
        answer(self.request("POST", path).header("content-type", "application/json").body(body.to_owned())).await
    }
}

/// What is read, with a member at a path of its own.
pub fn with(mut json: Value, path: &str, value: Value) -> Value {
    *json.pointer_mut(path).unwrap_or_else(|| panic!("{path}")) = value;
    json
}

/// Sends a request.
pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, text: response.text().await.expect("a text") }
}

/// A confirmation as the documentation writes one.
pub fn confirmation() -> Value {
    json!({
        "primaryContact": { "firstName": "Anna", "lastName": "de Vries", "email": "anna@contoso.example", "phoneNumber": "020 555 01 17" },
        "dateAgreed": "2026-11-20T14:30:00Z",
        "templateId": TEMPLATE,
        "type": "MicrosoftCustomerAgreement",
    })
}

/// Where a customer's confirmations are.
pub fn agreements_of(customer: Uuid) -> String {
    format!("/v1/customers/{customer}/agreements")
}
