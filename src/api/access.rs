//! Who calls: an API client, by itself or as one of the account's users.

use actix_web::http::header::{self, HeaderMap};

use super::{
    Api,
    fault::{Code, Fault},
};
use crate::{
    domain::{actor::Actor, role::Permission},
    store::api_clients,
};

/// The caller that a request's access token names. Client, user and role are read at every request, so that revoking
/// the one or disabling the other holds from the next.
pub async fn caller(api: &Api, headers: &HeaderMap) -> Result<Actor, Fault> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| denied("An access token is needed: Authorization: Bearer …"))?;
    let bearer = api
        .keys
        .open(token, api.db.clock.now())
        .ok_or_else(|| denied("The access token is none of this portal's, or has expired."))?;
    api_clients::caller(&mut api.db.reader().await?, bearer.client, bearer.user)
        .await?
        .ok_or_else(|| denied("The API client was revoked, or its user no longer works in this account."))
}

/// Refuses a caller whose role does not include something.
pub fn may(actor: &Actor, permission: Permission) -> Result<(), Fault> {
    if actor.role.may(permission) {
        return Ok(());
    }
    let role = actor.role;
    Err(Fault::new(Code::RoleLacksRights, format!("The role {role} does not include this: {permission}.")))
}

fn denied(description: &str) -> Fault {
    Fault::new(Code::AccessDenied, description)
}
