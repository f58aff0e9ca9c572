//! Access tokens: signed with Ed25519 and readable by whoever holds one, because clients look for their end. They name
//! the API client and, where it acts as one, the user; what these may do is read anew at every request.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use actix_web::{HttpResponse, web};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use ring::signature::{self, Ed25519KeyPair, KeyPair as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Api, serve};
use crate::{
    domain::{
        audit::Hash,
        token::{random_token, token_hash},
    },
    store::{
        self,
        api_clients::{self, ApiClient, REFRESH_LIFETIME},
        partner_accounts,
    },
};

/// How long an access token holds.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(60);

/// Whom tokens are for: what clients of Partner Center ask for.
const AUDIENCE: &str = "https://api.partnercenter.microsoft.com";

/// What access tokens are signed with.
pub struct Keys {
    pair: Ed25519KeyPair,
    /// The one header that tokens have. It is compared as it stands, so that nobody else chooses how one is checked.
    header: String,
    /// Tokens whose signature was found right, by their hashes, with when they end: checking one costs more than
    /// everything else about a small request. What else revokes a token is asked of the database each time.
    known: Mutex<HashMap<Hash, (Bearer, i64)>>,
}

/// Tokens that are remembered at once.
const KNOWN: usize = 1_024;

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    /// The partner account.
    tid: Uuid,
    /// The API client.
    appid: Uuid,
    /// The user it acts as.
    #[serde(skip_serializing_if = "Option::is_none")]
    oid: Option<Uuid>,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Whom a token names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The API client.
    pub client: Uuid,
    /// The user it acts as; none where it acts for itself.
    pub user: Option<Uuid>,
}

impl Keys {
    /// The keys made of 32 secret bytes.
    pub fn new(seed: &Hash) -> Option<Self> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
        let kid = URL_SAFE_NO_PAD.encode(&pair.public_key().as_ref()[..8]);
        let header = URL_SAFE_NO_PAD.encode(json!({ "alg": "EdDSA", "typ": "JWT", "kid": kid }).to_string());
        Some(Self { pair, header, known: Mutex::default() })
    }

    /// A token that holds from `now` on.
    pub fn sign(&self, account: Uuid, bearer: Bearer, now: DateTime<Utc>) -> String {
        let claims = Claims {
            iss: "countersign".to_owned(),
            aud: AUDIENCE.to_owned(),
            tid: account,
            appid: bearer.client,
            oid: bearer.user,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
        };
        let claims = serde_json::to_vec(&claims).expect("claims become JSON");
        let signed = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.pair.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// Whom a token names, while it holds.
    pub fn open(&self, token: &str, now: DateTime<Utc>) -> Option<Bearer> {
        let (hash, now) = (Hash::from(Sha256::digest(token)), now.timestamp());
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&hash).copied();
        let (bearer, ends) = known.or_else(|| self.verify(token))?;
        if now >= ends {
            return None;
        }
        if known.is_none() {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= KNOWN {
                known.retain(|_, (_, ends)| now < *ends);
            }
            if known.len() >= KNOWN {
                known.clear();
            }
            known.insert(hash, (bearer, ends));
        }
        Some(bearer)
    }

    /// Whom a token of this portal's names, and when it ends.
    fn verify(&self, token: &str) -> Option<(Bearer, i64)> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = signature::UnparsedPublicKey::new(&signature::ED25519, self.pair.public_key());
        key.verify(signed.as_bytes(), &signature).ok()?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let is_ours = header == self.header && claims.aud == AUDIENCE;
        is_ours.then_some((Bearer { client: claims.appid, user: claims.oid }, claims.exp))
    }
}

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
    let Some(body) = serve::body(payload).await else {
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
    // By the portal's own id, or by the partner's, which programs knew before.
    let tenant = Uuid::try_parse(tenant).map_err(|_| Refused::InvalidClient)?;
    let account = client.partner_account_id;
    if tenant == account || partner_accounts::tenant_id(&mut api.db.read().await?, account).await? == Some(tenant) {
        return Ok(client);
    }
    Err(Refused::InvalidClient)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEARER: Bearer = Bearer { client: Uuid::from_u128(1), user: Some(Uuid::from_u128(2)) };

    fn keys(seed: u8) -> Keys {
        Keys::new(&[seed; 32]).unwrap()
    }

    #[test]
    fn a_token_names_its_bearer_until_it_ends() {
        let (keys, now) = (keys(1), DateTime::UNIX_EPOCH);
        let token = keys.sign(Uuid::nil(), BEARER, now);
        assert_eq!(keys.open(&token, now), Some(BEARER));
        assert_eq!(keys.open(&token, now + LIFETIME - TimeDelta::seconds(1)), Some(BEARER));
        assert_eq!(keys.open(&token, now + LIFETIME), None);
    }

    #[test]
    fn a_token_says_when_it_ends_to_whoever_reads_it() {
        let token = keys(1).sign(Uuid::nil(), BEARER, DateTime::UNIX_EPOCH);
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["exp"], 3600);
    }

    #[test]
    fn a_token_changed_at_any_byte_is_none() {
        let (keys, now) = (keys(1), DateTime::UNIX_EPOCH);
        let token = keys.sign(Uuid::nil(), BEARER, now);
        assert_eq!(keys.open(&token, now), Some(BEARER), "so that it is remembered");
        for place in 0..token.len() {
            for other in ["A", "b", "."] {
                let mut changed = token.clone();
                changed.replace_range(place..=place, other);
                assert!(changed == token || keys.open(&changed, now).is_none(), "byte {place}: {changed}");
            }
        }
    }

    #[test]
    fn no_more_tokens_are_remembered_than_there_is_room_for_and_all_of_them_hold() {
        let (keys, now) = (keys(1), DateTime::UNIX_EPOCH);
        let of = |client: u128| Bearer { client: Uuid::from_u128(client), user: None };
        let tokens: Vec<String> = (0..1_100).map(|client| keys.sign(Uuid::nil(), of(client), now)).collect();
        for _ in 0..2 {
            for (token, client) in tokens.iter().zip(0..) {
                assert_eq!(keys.open(token, now), Some(of(client)));
            }
        }
        assert!(keys.known.lock().unwrap().len() <= KNOWN);
        // Those that ended make room.
        let later = now + LIFETIME;
        let token = keys.sign(Uuid::nil(), BEARER, later);
        assert_eq!((keys.open(&tokens[0], later), keys.open(&token, later)), (None, Some(BEARER)));
    }

    #[test]
    fn a_token_of_another_key_or_of_no_algorithm_is_none() {
        let now = DateTime::UNIX_EPOCH;
        let token = keys(1).sign(Uuid::nil(), BEARER, now);
        assert_eq!(keys(2).open(&token, now), None);
        let claims = token.split('.').nth(1).unwrap();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        for token in [format!("{none}.{claims}."), format!("{none}.{claims}"), "..".into(), String::new()] {
            assert_eq!(keys(1).open(&token, now), None, "{token}");
        }
    }
}
