//! Creating and changing partner accounts.

use serde_json::json;
use uuid::Uuid;

use super::Failure;
use crate::{
    domain::{
        actor::Who,
        audit::{Action, Event},
        partner_account::PartnerAccount,
    },
    store::{self, Change, Db, counts, partner_accounts},
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
pub async fn create_partner_account(db: &Db, who: Who, account: &PartnerAccount) -> Result<(), Failure<Refusal>> {
    let mut change = db.change().await?;
    let event = put_within(&mut change, who, account, Action::PartnerAccountCreated).await?;
    change.commit(event).await?;
    Ok(())
}

/// Changes an account; what `edit` leaves alone stays as it is at that moment.
pub async fn change_partner_account(
    db: &Db,
    who: Who,
    id: Uuid,
    edit: impl FnOnce(PartnerAccount) -> PartnerAccount,
) -> Result<PartnerAccount, Failure<Refusal>> {
    let mut change = db.change().await?;
    let before = partner_accounts::lock(&mut change, id).await?.ok_or(Failure::Refused(Refusal::NoSuchAccount))?;
    let zone = before.time_zone;
    let after = edit(before);
    let event = put_within(&mut change, who, &after, Action::PartnerAccountChanged).await?;
    if after.time_zone != zone {
        counts::recount_weeks(&mut change, after.id).await?;
    }
    change.commit(event).await?;
    Ok(after)
}

/// Writes an account inside a change that does more; `action` says whether it is new, and the event is the
/// caller's to commit.
pub async fn put_within(
    change: &mut Change,
    who: Who,
    account: &PartnerAccount,
    action: Action,
) -> Result<Event, Failure<Refusal>> {
    let mut event = Event::new(change.clock.id(), change.clock.now(), who, action).within(account.id).with(json!({
        "name": account.name,
        "partner_type": account.partner_type,
        "cloud": account.cloud,
        "environment": account.environment,
        "country": account.country.code(),
        "time_zone": account.time_zone.name(),
        "tenant_id": account.tenant_id,
    }));
    let row = partner_accounts::put(change, account, event.id).await.map_err(|error| match error {
        store::Error::Conflict(_) => Failure::Refused(Refusal::SameName),
        other => Failure::Store(other),
    })?;
    event.seal(&row);
    Ok(event)
}
