//! The token endpoint: API clients exchange their secret, or a refresh token, for an access token (OAuth 2.0).

use actix_web::{HttpResponse, web};
use serde_json::json;
use uuid::Uuid;

use super::{
    call::read_payload,
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
                "client_id, client_secret and the tenant in the address are not those of an API client.",
            ),
            Self::InvalidGrant => (
                HttpResponse::BadRequest(),
                "invalid_grant",
                "refresh_token was used before, has expired, or stands for nobody who works in this account.",
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
pub async fn version_1(api: web::Data<Api>, tenant: web::Path<String>, payload: web::Payload) -> HttpResponse {
    crate::telemetry::record_route("/{tenant}/oauth2/token");
    respond(&api, &tenant, payload, true).await
}

/// `POST /{tenant}/oauth2/v2.0/token`, whose numbers are numbers.
pub async fn version_2(api: web::Data<Api>, tenant: web::Path<String>, payload: web::Payload) -> HttpResponse {
    crate::telemetry::record_route("/{tenant}/oauth2/v2.0/token");
    respond(&api, &tenant, payload, false).await
}

/// Another method at the same address.
pub async fn other_method() -> HttpResponse {
    Refused::InvalidRequest("A token is asked for with POST.").answer()
}

async fn respond(api: &Api, tenant: &str, payload: web::Payload, is_version_1: bool) -> HttpResponse {
    let Some(body) = read_payload(payload).await else {
        return Refused::InvalidRequest("The body is too large, or did not arrive as a whole.").answer();
    };
    let grant = Grant::read(&body);
    let (access_token, refresh_token) = match give(api, tenant, &grant).await {
        Ok(tokens) => tokens,
        Err(refused) => return refused.answer(),
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
    HttpResponse::Ok().content_type("application/json; charset=utf-8").body(body.to_string())
}

/// An access token, and the refresh token that replaces the one that was used.
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
        let spent = token_hash(&grant.refresh_token);
        let user =
            api_clients::spend_refresh_token(&mut tx, spent, client.id, now).await?.ok_or(Refused::InvalidGrant)?;
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

async fn client(api: &Api, tenant: &str, grant: &Grant) -> Result<ApiClient, Refused> {
    let id = Uuid::try_parse(&grant.client_id).map_err(|_| Refused::InvalidClient)?;
    let client = api_clients::find(&mut api.db.read().await?, id).await?;
    let client = client.filter(|client| client.has_secret(&token_hash(&grant.client_secret)));
    let client = client.ok_or(Refused::InvalidClient)?;
    // By the portal's own id, or by the partner's, which clients knew before.
    let tenant = Uuid::try_parse(tenant).map_err(|_| Refused::InvalidClient)?;
    let account = client.partner_account_id;
    if tenant == account || partner_accounts::tenant_id(&mut api.db.read().await?, account).await? == Some(tenant) {
        return Ok(client);
    }
    Err(Refused::InvalidClient)
}
