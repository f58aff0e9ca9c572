//! The temporary password of a new customer's administrator.

use uuid::Uuid;

use crate::{
    actions::temporary_password,
    domain::identifiers::ONMICROSOFT,
    store::temporary_passwords::Key,
    web::{cx::ActorContext, error::Error, paths},
};

/// What a sealed temporary password is sealed for.
pub(super) const SEALED_PASSWORD: &str = "temporary password";

/// The account name of a new customer's administrator.
pub(super) fn administrator(domain: &str) -> Option<String> {
    domain.ends_with(ONMICROSOFT).then(|| format!("admin@{domain}"))
}

/// The password, for the one time that it is shown.
pub(super) async fn take_password(cx: &ActorContext, key: Key) -> Result<Option<String>, Error> {
    let Some(sealed) = temporary_password::take(&cx.state.db, key, cx.context.now).await? else { return Ok(None) };
    let opened = cx.state.secret.open(SEALED_PASSWORD, Uuid::as_bytes(&key.customer_id), &sealed);
    Ok(opened.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// For whoever pressed *Create customer* twice: the browser dropped the first page, with the password on it.
pub(super) async fn show_password_again(cx: &ActorContext, created: &str) -> Result<(), Error> {
    let customer_id = paths::created_customer(created).ok_or(Error::NotFound)?;
    let key = Key::of(&cx.actor, customer_id);
    Ok(temporary_password::show_again(&cx.state.db, key, cx.context.now).await?)
}
