//! The temporary password of a new customer's administrator.

use uuid::Uuid;

use crate::{
    domain::{actor::Actor, identifiers::ONMICROSOFT},
    store::temporary_passwords::{self, Key},
    web::{AppState, error::Error, paths, request_context::RequestContext},
};

/// What a sealed temporary password is sealed for.
pub(super) const SEALED_PASSWORD: &str = "temporary password";

/// The account name of a new customer's administrator.
pub(super) fn administrator(domain: &str) -> Option<String> {
    domain.ends_with(ONMICROSOFT).then(|| format!("admin@{domain}"))
}

/// The password, for the one time that it is shown.
pub(super) async fn take_password(
    state: &AppState,
    context: &RequestContext,
    key: Key,
) -> Result<Option<String>, Error> {
    let mut tx = state.db.maintenance().await?;
    let Some(sealed) = temporary_passwords::take(&mut tx, key, context.now).await? else { return Ok(None) };
    tx.commit().await?;
    let opened = state.secret.open(SEALED_PASSWORD, Uuid::as_bytes(&key.customer_id), &sealed);
    Ok(opened.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// For whoever pressed *Create customer* twice: the browser dropped the first page, with the password on it.
pub(super) async fn show_password_again(
    state: &AppState,
    actor: &Actor,
    context: &RequestContext,
    created: &str,
) -> Result<(), Error> {
    let customer_id = paths::created_customer(created).ok_or(Error::NotFound)?;
    let key = Key::of(actor, customer_id);
    let mut tx = state.db.maintenance().await?;
    temporary_passwords::show_again(&mut tx, key, context.now).await?;
    Ok(tx.commit().await?)
}
