//! API clients: creating and revoking them, and letting one act as a user.

use serde_json::json;
use uuid::Uuid;

use super::Failure;
use crate::{
    domain::{
        actor::Principal,
        audit::{Action, Event, Hash},
        partner_account::PartnerAccount,
        role::Role,
    },
    store::{
        self, Db, WriteTx,
        api_clients::{self, ApiClient, Put, REFRESH_LIFETIME},
    },
};

/// Why it is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The account has a client of that name already.
    SameName,
    /// The account has no such client, or it was revoked.
    NoSuchClient,
    /// There is no such user, or not in this account.
    NoSuchUser,
    /// This very token was made before.
    SameToken,
}

/// Creates a client that acts for the account in a role.
pub async fn create_api_client(
    db: &Db,
    who: Principal,
    account: &PartnerAccount,
    name: &str,
    role: Role,
    secret_hash: Hash,
) -> Result<Uuid, Failure<Refusal>> {
    let mut tx = db.write().await?;
    let id = tx.clock.id();
    let mut event = Event::new(tx.clock.id(), tx.clock.now(), who, Action::ApiClientCreated)
        .within(account.id)
        .with(json!({ "api_client": id, "name": name, "role": role }));
    let put = Put { id, partner_account_id: account.id, name, role, secret_hash };
    let row = api_clients::insert(&mut tx, put, event.id).await.map_err(|error| match error {
        store::Error::Conflict(_) => Failure::Refused(Refusal::SameName),
        other => Failure::Store(other),
    })?;
    event.attach_digest(&row);
    tx.commit(event).await?;
    Ok(id)
}

/// Revokes a client by its id or name: from the next request on nothing is accepted from it.
pub async fn revoke_api_client(
    db: &Db,
    who: Principal,
    account: &PartnerAccount,
    id_or_name: &str,
) -> Result<ApiClient, Failure<Refusal>> {
    let mut tx = db.write().await?;
    let client = find(&mut tx, account, id_or_name).await?;
    let mut event = Event::new(tx.clock.id(), tx.clock.now(), who, Action::ApiClientRevoked)
        .within(account.id)
        .with(json!({ "api_client": client.id, "name": client.name }));
    let row = api_clients::revoke(&mut tx, client.id, event.id).await?;
    event.attach_digest(&row);
    tx.commit(event).await?;
    Ok(row)
}

/// Lets a client act as a user of its account, with a refresh token of which only the hash is kept.
pub async fn make_refresh_token(
    db: &Db,
    who: Principal,
    account: &PartnerAccount,
    id_or_name: &str,
    user: Uuid,
    token_hash: Hash,
) -> Result<ApiClient, Failure<Refusal>> {
    let mut tx = db.write().await?;
    let client = find(&mut tx, account, id_or_name).await?;
    if api_clients::caller(&mut tx, client.id, Some(user)).await?.is_none() {
        return Err(Failure::Refused(Refusal::NoSuchUser));
    }
    let now = tx.clock.now();
    api_clients::put_refresh_token(&mut tx, token_hash, client.id, user, now + REFRESH_LIFETIME).await.map_err(
        |error| match error {
            store::Error::Conflict(_) => Failure::Refused(Refusal::SameToken),
            other => Failure::Store(other),
        },
    )?;
    let event = Event::new(tx.clock.id(), now, who, Action::RefreshTokenMade)
        .within(account.id)
        .with(json!({ "api_client": client.id, "name": client.name, "user": user }));
    tx.commit(event).await?;
    Ok(client)
}

async fn find(tx: &mut WriteTx, account: &PartnerAccount, id_or_name: &str) -> Result<ApiClient, Failure<Refusal>> {
    let client = api_clients::lock(tx, account.id, id_or_name).await?;
    client.filter(|client| !client.revoked).ok_or(Failure::Refused(Refusal::NoSuchClient))
}
