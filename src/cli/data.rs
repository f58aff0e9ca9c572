//! The database that a command works on, and the account it acts for.

use anyhow::Context as _;

use crate::{
    domain::{actor::Actor, clock::Clock, partner_account::PartnerAccount},
    settings::DataSettings,
    store::{Db, migrate, partner_accounts},
};

pub(super) async fn open(data: &DataSettings) -> anyhow::Result<Db> {
    Ok(migrate::open(&data.location()?, Clock::System).await?)
}

/// The account with this name or id; without one, the only account there is.
pub(super) async fn find_account(db: &Db, name_or_id: Option<&str>) -> anyhow::Result<PartnerAccount> {
    let mut conn = db.snapshot().await?;
    if let Some(name_or_id) = name_or_id {
        return partner_accounts::find(&mut conn, name_or_id)
            .await?
            .with_context(|| format!("there is no partner account {name_or_id:?}; see countersign account list"));
    }
    let mut accounts = partner_accounts::all(&mut conn).await?;
    match accounts.len() {
        0 => anyhow::bail!("there is no partner account yet; see countersign account create --help"),
        1 => Ok(accounts.remove(0)),
        _ => anyhow::bail!("there are several partner accounts; say which with --account"),
    }
}

/// Somebody at the command line, acting for an account.
pub(super) async fn actor(db: &Db, name_or_id: Option<&str>) -> anyhow::Result<Actor> {
    Ok(Actor::command_line(find_account(db, name_or_id).await?))
}
