//! The server's secret key, and what is made of it: keyed hashes, one-time tokens of forms, sealed texts.

use aes_gcm::{
    Aes256Gcm, KeyInit as _,
    aead::{Aead as _, Payload},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{domain::audit::Hash, store::idempotency::LIFETIME};

/// The key. Every use derives a key of its own from it.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Whom a form's token is bound to.
#[derive(Debug, Clone, Copy)]
pub struct FormScope<'a> {
    /// The user.
    pub user: Uuid,
    /// The partner account.
    pub partner_account: Uuid,
    /// The form, with the object it changes.
    pub form: &'a str,
}

impl Secret {
    /// The secret made of a configured text of at least 32 characters.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.chars().count() >= 32).then(|| Self(Sha256::digest(text.as_bytes()).into()))
    }

    /// A new random secret, as text to keep in a file.
    pub fn random_text() -> String {
        URL_SAFE_NO_PAD.encode(rand::random::<[u8; 48]>())
    }

    /// A keyed hash: what it is of cannot be guessed from it, and it cannot be made without the key.
    pub fn hash(&self, purpose: &str, parts: &[&[u8]]) -> Hash {
        // HMAC fills a key up with zeros to the block of its hash.
        let mut key = [0; 64];
        key[..self.0.len()].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&key.into());
        for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
            mac.update(&u64::try_from(part.len()).expect("a length fits").to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Text that only this server can open again, for one purpose and one object. `None` when the cipher refuses,
    /// which it does only for texts of gigabytes.
    pub fn seal(&self, purpose: &str, object: &[u8], text: &[u8]) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE] = rand::random();
        let mut sealed = nonce.to_vec();
        sealed.extend(self.cipher(purpose).encrypt(&nonce.into(), Payload { msg: text, aad: object }).ok()?);
        Some(sealed)
    }

    /// What was sealed for this purpose and object; `None` for anything else.
    pub fn open(&self, purpose: &str, object: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.cipher(purpose).decrypt(&nonce.into(), Payload { msg: text, aad: object }).ok()
    }

    fn cipher(&self, purpose: &str) -> Aes256Gcm {
        Aes256Gcm::new(&self.hash("seal", &[purpose.as_bytes()]).into())
    }

    /// A fresh one-time token for a form.
    pub fn token(&self, bound: FormScope<'_>, now: DateTime<Utc>) -> String {
        let mut token = rand::random::<[u8; 16]>().to_vec();
        token.extend_from_slice(&now.timestamp().to_be_bytes());
        let mac = self.mac(bound, &token);
        token.extend_from_slice(&mac);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// Whether a token was made here for this user, account and form, within the last 24 hours.
    pub fn verify_form_token(&self, token: &str, bound: FormScope<'_>, now: DateTime<Utc>) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Some((head, mac)) = bytes.split_at_checked(24).filter(|(_, mac)| mac.len() == 32) else { return false };
        let issued = <[u8; 8]>::try_from(&head[16..])
            .map(i64::from_be_bytes)
            .ok()
            .and_then(|at| DateTime::from_timestamp(at, 0));
        let fresh = issued.is_some_and(|issued| issued <= now && now - issued <= LIFETIME);
        let genuine: bool = subtle::ConstantTimeEq::ct_eq(self.mac(bound, head).as_slice(), mac).into();
        fresh && genuine
    }

    fn mac(&self, bound: FormScope<'_>, head: &[u8]) -> Hash {
        self.hash("form", &[bound.user.as_bytes(), bound.partner_account.as_bytes(), bound.form.as_bytes(), head])
    }
}

/// Bytes of a nonce.
const NONCE: usize = 12;

/// A new password of 16 letters and digits that are told apart when read aloud (93 bits), of all three kinds.
pub fn temporary_password() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    // The largest multiple of their number below 256, so that each is as likely as the others.
    let even = 256 - 256 % LETTERS.len();
    loop {
        let password: String = std::iter::repeat_with(rand::random::<u8>)
            .map(usize::from)
            .filter(|byte| *byte < even)
            .map(|byte| char::from(LETTERS[byte % LETTERS.len()]))
            .take(16)
            .collect();
        let has = |kind: fn(&char) -> bool| password.chars().any(|c| kind(&c));
        if has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase) && has(char::is_ascii_digit) {
            return password;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const BOUND: FormScope<'_> =
        FormScope { user: Uuid::from_u128(1), partner_account: Uuid::from_u128(2), form: "company" };

    #[test]
    fn a_token_holds_for_its_user_account_and_form_only() {
        let secret = Secret([7; 32]);
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let token = secret.token(BOUND, now);
        assert!(secret.verify_form_token(&token, BOUND, now));
        assert!(!secret.verify_form_token(&token, FormScope { user: Uuid::nil(), ..BOUND }, now));
        assert!(!secret.verify_form_token(&token, FormScope { partner_account: Uuid::nil(), ..BOUND }, now));
        assert!(!secret.verify_form_token(&token, FormScope { form: "contact", ..BOUND }, now));
        assert!(!Secret([8; 32]).verify_form_token(&token, BOUND, now));
    }

    #[test]
    fn a_token_holds_for_a_day() {
        let secret = Secret([7; 32]);
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let token = secret.token(BOUND, now);
        assert!(secret.verify_form_token(&token, BOUND, now + TimeDelta::hours(24)));
        assert!(!secret.verify_form_token(&token, BOUND, now + TimeDelta::hours(24) + TimeDelta::seconds(1)));
        assert!(!secret.verify_form_token(&token, BOUND, now - TimeDelta::seconds(1)));
    }

    #[test]
    fn no_nonsense_is_a_token() {
        let secret = Secret([7; 32]);
        for nonsense in ["", "x", "AAAA", "\u{0}", &"A".repeat(75), &"A".repeat(1000)] {
            assert!(!secret.verify_form_token(nonsense, BOUND, DateTime::UNIX_EPOCH), "{nonsense:?}");
        }
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_and_object_only() {
        let secret = Secret([7; 32]);
        let sealed = secret.seal("password", b"one", b"text").unwrap();
        assert_eq!(secret.open("password", b"one", &sealed).as_deref(), Some(&b"text"[..]));
        assert_ne!(secret.seal("password", b"one", b"text").unwrap(), sealed);
        assert_eq!(secret.open("other", b"one", &sealed), None);
        assert_eq!(secret.open("password", b"two", &sealed), None);
        assert_eq!(Secret([8; 32]).open("password", b"one", &sealed), None);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(secret.open("password", b"one", &changed), None, "byte {place}");
        }
        assert_eq!(secret.open("password", b"one", &sealed[..11]), None);
    }

    #[test]
    fn a_temporary_password_is_long_mixed_and_never_the_same() {
        let (one, other) = (temporary_password(), temporary_password());
        assert_ne!(one, other);
        assert!(one.len() == 16 && !one.contains(['0', 'O', '1', 'l', 'I']), "{one}");
    }

    #[test]
    fn a_short_text_is_no_secret() {
        assert!(Secret::from_text("changeme").is_none());
        assert!(Secret::from_text(&Secret::random_text()).is_some());
    }
}
