//! The token endpoint: API clients exchange their secret, or a refresh token, for an access token (OAuth 2.0). Libraries
//! for signing in look for it in a discovery document (OpenID Connect Discovery 1.0).

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    web,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    call::{BODY_MAX, guid, read_payload},
    jwt::{AUDIENCE, Bearer, LIFETIME},
    state::Api,
};
use crate::{
    domain::token::{random_token, token_hash},
    store::{
        self,
        api_clients::{self, ApiClient, REFRESH_LIFETIME},
        partner_accounts,
    },
};

/// What a client asks for a token with.
#[derive(Debug, Default)]
struct Grant {
    kind: String,
    client_id: String,
    client_secret: String,
    refresh_token: String,
    resource: String,
}

impl Grant {
    fn read(body: &[u8]) -> Self {
        let mut grant = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let field = match name.as_ref() {
                "grant_type" => &mut grant.kind,
                "client_id" => &mut grant.client_id,
                "client_secret" => &mut grant.client_secret,
                "refresh_token" => &mut grant.refresh_token,
                "resource" => &mut grant.resource,
                _ => continue,
            };
            *field = value.into_owned();
        }
        grant
    }

    /// Takes the client's id and secret from the header `Authorization: Basic`, where a client signs in by it (RFC 6749,
    /// section 2.3.1).
    fn sign_in_by(&mut self, headers: &HeaderMap) -> Result<(), Refused> {
        let Some((scheme, given)) = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.trim().split_once(' '))
        else {
            return Ok(());
        };
        if !scheme.eq_ignore_ascii_case("basic") {
            return Ok(());
        }
        if !self.client_secret.is_empty() {
            return Err(Refused::InvalidRequest(
                "A client signs in by the header Authorization or in the body, not by both.",
            ));
        }
        let text = STANDARD.decode(given.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or(Refused::InvalidClient)?;
        let (id, secret) = text.split_once(':').ok_or(Refused::InvalidClient)?;
        let decoded = |text: &str| {
            let field = form_urlencoded::parse(text.as_bytes()).next();
            field.map(|(name, _)| name.into_owned()).unwrap_or_default()
        };
        let (id, secret) = (decoded(id), decoded(secret));
        if !self.client_id.is_empty() && guid(&self.client_id) != guid(&id) {
            return Err(Refused::InvalidClient);
        }
        (self.client_id, self.client_secret) = (id, secret);
        Ok(())
    }
}

/// Why no token is given, in the words of OAuth 2.0 (RFC 6749, section 5.2).
#[derive(Debug)]
enum Refused {
    InvalidRequest(&'static str),
    UnsupportedGrantType,
    InvalidClient,
    InvalidGrant,
    Unavailable,
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        tracing::error!(error = %crate::telemetry::chain(&error), "issuing an access token failed");
        Self::Unavailable
    }
}

impl Refused {
    fn answer(&self) -> HttpResponse {
        let (mut response, error, description) = match self {
            Self::InvalidRequest(what) => (HttpResponse::BadRequest(), "invalid_request", *what),
            Self::UnsupportedGrantType => (
                HttpResponse::BadRequest(),
                "unsupported_grant_type",
                "grant_type must be client_credentials or refresh_token.",
            ),
            Self::InvalidClient => (
                HttpResponse::Unauthorized(),
                "invalid_client",
                "client_id and client_secret are not those of an API client, or the tenant in the address is another's.",
            ),
            Self::InvalidGrant => (
                HttpResponse::BadRequest(),
                "invalid_grant",
                "refresh_token has expired, was revoked, or stands for nobody who works in this account.",
            ),
            Self::Unavailable => (
                HttpResponse::ServiceUnavailable(),
                "temporarily_unavailable",
                "The portal cannot give a token now. Try again.",
            ),
        };
        response
            .content_type("application/json; charset=utf-8")
            .body(json!({ "error": error, "error_description": description }).to_string())
    }
}

/// `POST /{tenant}/oauth2/token`, whose numbers are texts.
pub async fn version_1(
    api: web::Data<Api>,
    tenant: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    crate::telemetry::record_route("/{tenant}/oauth2/token");
    respond(&api, &tenant, &request, payload, true).await
}

/// `POST /{tenant}/oauth2/v2.0/token`, whose numbers are numbers.
pub async fn version_2(
    api: web::Data<Api>,
    tenant: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    crate::telemetry::record_route("/{tenant}/oauth2/v2.0/token");
    respond(&api, &tenant, &request, payload, false).await
}

/// Another method at the same address.
pub async fn other_method() -> HttpResponse {
    Refused::InvalidRequest("A token is asked for with POST.").answer()
}

/// `/{tenant}/oauth2/authorize`, which the discovery document has to name: nobody signs in there.
pub async fn authorize() -> HttpResponse {
    crate::telemetry::record_route("/{tenant}/oauth2/authorize");
    let what = "Nobody signs in here. A user makes a refresh token for the API client on the page API clients.";
    Refused::InvalidRequest(what).answer()
}

/// `GET /{tenant}/.well-known/openid-configuration`.
pub async fn discovery_1(api: web::Data<Api>, tenant: web::Path<String>) -> HttpResponse {
    crate::telemetry::record_route("/{tenant}/.well-known/openid-configuration");
    discovery(&api, &tenant, "", "oauth2")
}

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`.
pub async fn discovery_2(api: web::Data<Api>, tenant: web::Path<String>) -> HttpResponse {
    crate::telemetry::record_route("/{tenant}/v2.0/.well-known/openid-configuration");
    discovery(&api, &tenant, "/v2.0", "oauth2/v2.0")
}

/// The most characters in the name of a tenant: those of a domain.
const TENANT_MAX: usize = 253;

/// Where libraries find the token endpoint of a tenant. It says the same of every tenant, so that nobody learns which
/// there are. Libraries compare the issuer with the address that they were given.
fn discovery(api: &Api, tenant: &str, version: &str, end: &str) -> HttpResponse {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if tenant.len() > TENANT_MAX || !tenant.chars().all(is_plain) {
        let body = json!({ "error": "invalid_tenant", "error_description": "The tenant in the address is none." });
        return json_answer(StatusCode::BAD_REQUEST, &body);
    }
    let base = format!("{}/{tenant}", api.base);
    let body = json!({
        "issuer": format!("{base}{version}"),
        "authorization_endpoint": format!("{base}/{end}/authorize"),
        "token_endpoint": format!("{base}/{end}/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "grant_types_supported": ["client_credentials", "refresh_token"],
        "response_types_supported": [],
        "scopes_supported": [format!("{AUDIENCE}/.default")],
    });
    json_answer(StatusCode::OK, &body)
}

fn json_answer(status: StatusCode, body: &serde_json::Value) -> HttpResponse {
    HttpResponse::build(status).content_type("application/json; charset=utf-8").body(body.to_string())
}

async fn respond(
    api: &Api,
    tenant: &str,
    request: &HttpRequest,
    payload: web::Payload,
    is_version_1: bool,
) -> HttpResponse {
    if request.headers().get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Refused::InvalidRequest("Content-Encoding is not supported: send the body as it is.").answer();
    }
    let Some(body) = read_payload(payload, BODY_MAX).await else {
        return Refused::InvalidRequest("The body is too large, or did not arrive as a whole.").answer();
    };
    let mut grant = Grant::read(&body);
    let tokens = match grant.sign_in_by(request.headers()) {
        Ok(()) => give(api, tenant, &grant).await,
        Err(refused) => Err(refused),
    };
    let (access_token, refresh_token) = match tokens {
        Ok(tokens) => tokens,
        Err(refused) => {
            let mut response = refused.answer();
            // A client that signed in by a header is told which one.
            if response.status() == StatusCode::UNAUTHORIZED && request.headers().contains_key(header::AUTHORIZATION) {
                let scheme = HeaderValue::from_static("Basic realm=\"countersign\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
            }
            return response;
        }
    };
    let now = api.db.clock.now();
    let number = |number: i64| if is_version_1 { json!(number.to_string()) } else { json!(number) };
    let mut body = json!({
        "token_type": "Bearer",
        "expires_in": number(LIFETIME.num_seconds()),
        "ext_expires_in": number(LIFETIME.num_seconds()),
        "access_token": access_token,
    });
    if is_version_1 {
        body["expires_on"] = number((now + LIFETIME).timestamp());
        body["not_before"] = number(now.timestamp());
        body["resource"] = json!(if grant.resource.is_empty() { AUDIENCE } else { &grant.resource });
    }
    if let Some(refresh_token) = refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    json_answer(StatusCode::OK, &body)
}

/// An access token, and where a refresh token was used, a newer one. The one that was used stays valid until its own end:
/// programs keep one token in a vault, and several processes of one program share it.
async fn give(api: &Api, tenant: &str, grant: &Grant) -> Result<(String, Option<String>), Refused> {
    let refreshes = match grant.kind.as_str() {
        "client_credentials" => false,
        "refresh_token" => true,
        "" => return Err(Refused::InvalidRequest("grant_type is missing.")),
        _ => return Err(Refused::UnsupportedGrantType),
    };
    let client = client(api, tenant, grant).await?;
    let now = api.db.clock.now();
    let mut bearer = Bearer { client: client.id, user: None };
    let mut next = None;
    if refreshes {
        let mut tx = api.db.maintenance().await?;
        let given = token_hash(&grant.refresh_token);
        let user = api_clients::user_of(&mut tx, given, client.id, now).await?.ok_or(Refused::InvalidGrant)?;
        if api_clients::caller(&mut tx, client.id, Some(user)).await?.is_none() {
            return Err(Refused::InvalidGrant);
        }
        let token = random_token();
        let expires_at = now + REFRESH_LIFETIME;
        api_clients::put_refresh_token(&mut tx, token_hash(&token), client.id, user, expires_at).await?;
        tx.commit().await?;
        bearer.user = Some(user);
        next = Some(token);
    }
    Ok((api.keys.sign(client.partner_account_id, bearer, now), next))
}

/// The client that a program's id and secret are those of. They say which account it is; programs name their tenant in
/// the address by its id, by a domain, or by one of the labels for any, so only the id of another tenant is refused.
async fn client(api: &Api, tenant: &str, grant: &Grant) -> Result<ApiClient, Refused> {
    let id = guid(&grant.client_id).ok_or(Refused::InvalidClient)?;
    let client = api_clients::find(&mut api.db.read().await?, id).await?;
    let client = client.filter(|client| client.has_secret(&token_hash(&grant.client_secret)));
    let client = client.ok_or(Refused::InvalidClient)?;
    let account = client.partner_account_id;
    // By the portal's own id, or by the partner's, which clients knew before.
    match guid(tenant) {
        Some(tenant)
            if tenant != account
                && partner_accounts::tenant_id(&mut api.db.read().await?, account).await? != Some(tenant) =>
        {
            Err(Refused::InvalidClient)
        }
        _ => Ok(client),
    }
}
