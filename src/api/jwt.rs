//! Access tokens: JWTs signed with HMAC-SHA-256, which only this portal verifies. Clients may read them, because they look
//! for the expiry. A token names the API client and, where it acts as one, the user; their permissions are read from the
//! database at every request.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use uuid::Uuid;

use crate::domain::audit::Hash;

/// How long an access token is valid.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(60);

/// The audience that clients of Partner Center ask for.
pub const AUDIENCE: &str = "https://api.partnercenter.microsoft.com";

/// The key that signs access tokens.
pub struct Keys {
    mac: Hmac<Sha256>,
    /// The only header that is accepted, encoded. Comparing it as a whole checks `alg`, `typ` and `kid`, and leaves no
    /// choice of algorithm to the sender of a token.
    header: String,
}

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
    /// The key made of 32 secret bytes, which must be derived for this use alone.
    pub fn new(key: &Hash) -> Self {
        // HMAC pads a key with zeros to the block size of its hash.
        let mut block = [0; 64];
        block[..key.len()].copy_from_slice(key);
        let mac = Hmac::<Sha256>::new(&block.into());
        // No signed text can be this one: each has a dot.
        let kid = mac.clone().chain_update(b"kid").finalize().into_bytes();
        let kid = URL_SAFE_NO_PAD.encode(&kid[..8]);
        let header = URL_SAFE_NO_PAD.encode(json!({ "alg": "HS256", "typ": "JWT", "kid": kid }).to_string());
        Self { mac, header }
    }

    /// A token that is valid from `now` on.
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
        let claims = serde_json::to_vec(&claims).expect("a struct of texts and numbers is JSON");
        let signed = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(claims));
        let signature = self.mac.clone().chain_update(&signed).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whom a token names, while it is valid.
    pub fn open(&self, token: &str, now: DateTime<Utc>) -> Option<Bearer> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        if header != self.header {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        self.mac.clone().chain_update(signed).verify_slice(&signature).ok()?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let is_valid = claims.aud == AUDIENCE && now.timestamp() < claims.exp;
        is_valid.then_some(Bearer { client: claims.appid, user: claims.oid })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEARER: Bearer = Bearer { client: Uuid::from_u128(1), user: Some(Uuid::from_u128(2)) };

    fn keys(seed: u8) -> Keys {
        Keys::new(&[seed; 32])
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
        assert_eq!(keys.open(&token, now), Some(BEARER));
        for place in 0..token.len() {
            for other in ["A", "b", "."] {
                let mut changed = token.clone();
                changed.replace_range(place..=place, other);
                assert!(changed == token || keys.open(&changed, now).is_none(), "byte {place}: {changed}");
            }
        }
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

    #[test]
    fn a_header_other_than_ours_is_refused_even_where_the_signature_is_right() {
        let (keys, now) = (keys(1), DateTime::UNIX_EPOCH);
        let token = keys.sign(Uuid::nil(), BEARER, now);
        let claims = token.split('.').nth(1).unwrap();
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let ours: serde_json::Value = serde_json::from_slice(&header).unwrap();
        assert_eq!((&ours["alg"], &ours["typ"]), (&json!("HS256"), &json!("JWT")));
        for (member, other) in [("alg", "HS512"), ("alg", "none"), ("typ", "at+jwt"), ("kid", "AAAAAAAAAAA")] {
            let mut header = ours.clone();
            header[member] = json!(other);
            let signed = format!("{}.{claims}", URL_SAFE_NO_PAD.encode(header.to_string()));
            let signature = keys.mac.clone().chain_update(&signed).finalize().into_bytes();
            let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
            assert_eq!(keys.open(&forged, now), None, "{member}");
        }
    }
}
