//! Who calls: an API client, by itself or as one of the account's users.

use actix_web::http::header::{self, HeaderMap};

use super::{
    call::{CallerKind, Operation},
    fault::{ApiError, Code},
    jwt::Bearer,
    state::Api,
};
use crate::{
    actions::record_attempt::record_denial,
    domain::actor::{Actor, ActorKind},
    store::api_clients,
};

/// Whom a request's access token names.
pub fn bearer(api: &Api, headers: &HeaderMap) -> Result<Bearer, ApiError> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| !token.is_empty())
        .ok_or_else(|| ApiError::new(Code::AccessDenied, "An access token is needed: Authorization: Bearer …"))?;
    api.keys
        .open(token, api.db.clock.now())
        .ok_or_else(|| ApiError::invalid_token("The access token is none of this portal's, or has expired."))
}

/// The caller behind a token. Client, user and role are read at every request, so that revoking the one or disabling
/// the other holds from the next.
pub async fn caller(api: &Api, bearer: Bearer) -> Result<Actor, ApiError> {
    api_clients::caller(&mut api.db.read().await?, bearer.client, bearer.user).await?.ok_or_else(|| {
        ApiError::invalid_token("The API client was revoked, or its user no longer works in this account.")
    })
}

/// Refuses a caller whose role does not include what an operation needs, and records that, as the pages do; and one
/// who is no user, where an operation demands one.
pub async fn may(api: &Api, actor: &Actor, operation: &Operation) -> Result<(), ApiError> {
    if operation.caller == CallerKind::UserIfConfigured && api.users_only && actor.who.kind != ActorKind::User {
        let description = "This needs an access token of a user: ask for it with a refresh token that the user made.";
        return Err(ApiError::new(Code::UserNeeded, description));
    }
    let permission = operation.permission;
    if actor.role.may(permission) {
        return Ok(());
    }
    if let Err(error) = record_denial(&api.db, actor, permission).await {
        tracing::error!(error = %crate::telemetry::chain(&error), "recording a denial failed");
    }
    let role = actor.role;
    Err(ApiError::new(Code::RoleLacksRights, format!("The role {role} does not include this: {permission}.")))
}
