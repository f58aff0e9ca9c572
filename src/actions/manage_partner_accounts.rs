//! Creating and changing partner accounts.

use serde_json::json;
use uuid::Uuid;

use super::Failure;
use crate::{
    domain::{
        actor::Principal,
        audit::{Action, Event},
        partner_account::PartnerAccount,
    },
    store::{self, Db, WriteTx, counts, partner_accounts},
};

/// Why an account is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Another account has that name.
    SameName,
    /// There is no account with that id.
    NoSuchAccount,
}

/// Creates an account.
pub async fn create_partner_account(db: &Db, who: Principal, account: &PartnerAccount) -> Result<(), Failure<Refusal>> {
    let mut tx = db.write().await?;
    let event = put_within(&mut tx, who, account, Action::PartnerAccountCreated).await?;
    tx.commit(event).await?;
    Ok(())
}

/// Changes an account; what `edit` leaves alone stays as it is at that moment.
pub async fn change_partner_account(
    db: &Db,
    who: Principal,
    id: Uuid,
    edit: impl FnOnce(PartnerAccount) -> PartnerAccount,
) -> Result<PartnerAccount, Failure<Refusal>> {
    let mut tx = db.write().await?;
    let before = partner_accounts::lock(&mut tx, id).await?.ok_or(Failure::Refused(Refusal::NoSuchAccount))?;
    let zone = before.time_zone;
    let after = edit(before);
    let event = put_within(&mut tx, who, &after, Action::PartnerAccountChanged).await?;
    if after.time_zone != zone {
        counts::recount_weeks(&mut tx, after.id).await?;
    }
    tx.commit(event).await?;
    Ok(after)
}

/// Writes an account inside a change that does more; `action` says whether it is new, and the event is the
/// caller's to commit.
pub async fn put_within(
    tx: &mut WriteTx,
    who: Principal,
    account: &PartnerAccount,
    action: Action,
) -> Result<Event, Failure<Refusal>> {
    let mut event = Event::new(tx.clock.id(), tx.clock.now(), who, action).within(account.id).with(json!({
        "name": account.name,
        "partner_type": account.partner_type,
        "cloud": account.cloud,
        "environment": account.environment,
        "country": account.country.code(),
        "time_zone": account.time_zone.name(),
        "tenant_id": account.tenant_id,
    }));
    let row = partner_accounts::put(tx, account, event.id).await.map_err(|error| match error {
        store::Error::Conflict(_) => Failure::Refused(Refusal::SameName),
        other => Failure::Store(other),
    })?;
    event.attach_digest(&row);
    Ok(event)
}
