//! Users: creating them, their roles, their passwords, disabling them.

use serde_json::json;
use uuid::Uuid;

use super::Failure;
use crate::{
    domain::{
        actor::Principal,
        audit::{Action, Event},
        partner_account::PartnerAccount,
        role::Role,
    },
    store::{
        self, Db, WriteTx, api_clients, sessions,
        users::{self, Put, User},
    },
};

/// Why a user is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody signs in with that email address already.
    SameEmail,
    /// Nobody signs in with that email address.
    NoSuchUser,
}

/// A user to be.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// The sign-in name.
    pub email: &'a str,
    /// The name shown.
    pub display_name: &'a str,
    /// Argon2id, PHC form.
    pub password_hash: &'a str,
}

/// Creates a user with a role in each of the accounts.
pub async fn create_user(
    db: &Db,
    who: Principal,
    new: NewUser<'_>,
    accounts: &[PartnerAccount],
    role: Role,
) -> Result<Uuid, Failure<Refusal>> {
    let mut tx = db.write().await?;
    let (id, event) = create_within(&mut tx, who, new, accounts, role).await?;
    tx.commit(event).await?;
    Ok(id)
}

/// The same inside a change that does more; the event is the caller's to commit.
pub async fn create_within(
    tx: &mut WriteTx,
    who: Principal,
    new: NewUser<'_>,
    accounts: &[PartnerAccount],
    role: Role,
) -> Result<(Uuid, Event), Failure<Refusal>> {
    let now = tx.clock.now();
    let id = tx.clock.id();
    let mut event = Event::new(tx.clock.id(), now, who.clone(), Action::UserCreated)
        .with(json!({ "user": id, "email": new.email, "display_name": new.display_name }));
    let put =
        Put { id, email: new.email, display_name: new.display_name, password_hash: new.password_hash, disabled: false };
    let row = users::put(tx, put, event.id).await.map_err(|error| match error {
        store::Error::Conflict(_) => Failure::Refused(Refusal::SameEmail),
        other => Failure::Store(other),
    })?;
    event.attach_digest(&row);
    for account in accounts {
        let event = give_role(tx, who.clone(), id, account, role).await?;
        tx.record(event);
    }
    Ok((id, event))
}

/// Gives a user a role in an account.
pub async fn set_role(
    db: &Db,
    who: Principal,
    email: &str,
    account: &PartnerAccount,
    role: Role,
) -> Result<(), Failure<Refusal>> {
    let mut tx = db.write().await?;
    let user = find(&mut tx, email).await?;
    let event = give_role(&mut tx, who, user.id, account, role).await?;
    tx.commit(event).await?;
    Ok(())
}

async fn give_role(
    tx: &mut WriteTx,
    who: Principal,
    user_id: Uuid,
    account: &PartnerAccount,
    role: Role,
) -> Result<Event, store::Error> {
    let mut event = Event::new(tx.clock.id(), tx.clock.now(), who, Action::UserRoleSet)
        .within(account.id)
        .with(json!({ "user": user_id, "role": role }));
    let row = users::put_role(tx, user_id, account.id, role, event.id).await?;
    event.attach_digest(&row);
    Ok(event)
}

/// Sets a user's password, ends their sessions and forgets the refresh tokens with which programs act as them.
pub async fn set_password(db: &Db, who: Principal, email: &str, password_hash: &str) -> Result<(), Failure<Refusal>> {
    let mut tx = db.write().await?;
    let user = find(&mut tx, email).await?;
    let event = put(&mut tx, who, &user, password_hash, user.disabled, Action::UserPasswordSet).await?;
    sessions::end_all_of(&mut tx, user.id).await?;
    api_clients::revoke_refresh_tokens_of(&mut tx, user.id).await?;
    tx.commit(event).await?;
    Ok(())
}

/// Disables a user, ends their sessions and forgets the refresh tokens with which programs act as them; or enables them
/// again.
pub async fn set_disabled(db: &Db, who: Principal, email: &str, disabled: bool) -> Result<(), Failure<Refusal>> {
    let mut tx = db.write().await?;
    let user = find(&mut tx, email).await?;
    let action = if disabled { Action::UserDisabled } else { Action::UserEnabled };
    let event = put(&mut tx, who, &user, &user.password_hash, disabled, action).await?;
    sessions::end_all_of(&mut tx, user.id).await?;
    api_clients::revoke_refresh_tokens_of(&mut tx, user.id).await?;
    tx.commit(event).await?;
    Ok(())
}

async fn find(tx: &mut WriteTx, email: &str) -> Result<User, Failure<Refusal>> {
    users::lock(tx, email).await?.ok_or(Failure::Refused(Refusal::NoSuchUser))
}

async fn put(
    tx: &mut WriteTx,
    who: Principal,
    user: &User,
    password_hash: &str,
    disabled: bool,
    action: Action,
) -> Result<Event, store::Error> {
    let mut event = Event::new(tx.clock.id(), tx.clock.now(), who, action).with(json!({ "user": user.id }));
    let put = Put { id: user.id, email: &user.email, display_name: &user.display_name, password_hash, disabled };
    let row = users::put(tx, put, event.id).await?;
    event.attach_digest(&row);
    Ok(event)
}
