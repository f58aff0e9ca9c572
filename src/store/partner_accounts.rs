//! Partner accounts.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    audit::salt,
    table::{self, table},
};
use crate::domain::{
    country::Country,
    partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
};

table! {
    /// The columns that a [`PartnerAccount`] is made of.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct Columns: "partner_accounts" {
        /// The portal's own id.
        pub id: Uuid = key,
        /// The company's name.
        pub name: String,
        partner_type: PartnerType,
        cloud: Cloud,
        environment: Environment,
        country: Country,
        time_zone: String,
        tenant_id: Option<Uuid>,
    }
}

table! {
    /// A row of `partner_accounts`.
    #[derive(Debug, Clone)]
    pub struct Row: audited "partner_accounts" {
        id: Uuid = key,
        name: String,
        partner_type: PartnerType,
        cloud: Cloud,
        environment: Environment,
        country: Country,
        time_zone: String,
        tenant_id: Option<Uuid>,
        position: i64 = kept_undigested,
        created_at: DateTime<Utc> = kept,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

impl TryFrom<Columns> for PartnerAccount {
    type Error = Error;

    fn try_from(row: Columns) -> Result<Self, Error> {
        let time_zone = row.time_zone.parse::<Tz>();
        Ok(Self {
            id: row.id,
            name: row.name,
            partner_type: row.partner_type,
            cloud: row.cloud,
            environment: row.environment,
            country: row.country,
            time_zone: time_zone.map_err(|_| Error::Corrupt(format!("time_zone of partner_accounts {}", row.id)))?,
            tenant_id: row.tenant_id,
        })
    }
}

/// All accounts, in the order of their creation.
pub async fn all(conn: &mut dyn Read) -> Result<Vec<PartnerAccount>, Error> {
    let rows: Vec<Columns> = table::select::<Columns>(conn, "ORDER BY position, id").all().await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The account with this name or id.
pub async fn find(conn: &mut dyn Read, name_or_id: &str) -> Result<Option<PartnerAccount>, Error> {
    let id = Uuid::try_parse(name_or_id).unwrap_or_default();
    let select = table::select::<Columns>(conn, "WHERE name = $1 OR id = $2");
    let row: Option<Columns> = select.values((name_or_id.to_owned(), id)).optional().await?;
    row.map(TryInto::try_into).transpose()
}

/// The Microsoft ID of the partner's own tenant, where somebody named it.
pub async fn tenant_id(conn: &mut dyn Read, id: Uuid) -> Result<Option<Uuid>, Error> {
    let row: Option<(Option<Uuid>,)> =
        conn.query("SELECT tenant_id FROM partner_accounts WHERE id = $1").bind(id).optional().await?;
    Ok(row.and_then(|(tenant_id,)| tenant_id))
}

/// Locks the account with this id until the transaction ends.
pub async fn lock(tx: &mut WriteTx, id: Uuid) -> Result<Option<PartnerAccount>, Error> {
    let lock = tx.for_update();
    let select = table::select::<Columns>(tx, &format!("WHERE id = $1{lock}"));
    let row: Option<Columns> = select.bind(id).optional().await?;
    row.map(TryInto::try_into).transpose()
}

/// Waits until nobody else adds a customer to the account by hand, until the change ends. Whatever only refers to the
/// account goes on.
pub async fn hold(tx: &mut WriteTx, id: Uuid) -> Result<(), Error> {
    // The one writer of SQLite is lock enough.
    if !tx.is_sqlite() {
        tx.query("SELECT id FROM partner_accounts WHERE id = $1 FOR NO KEY UPDATE").bind(id).execute().await?;
    }
    Ok(())
}

/// Creates an account, or changes the one with its id. The row is what the event seals.
pub async fn put(tx: &mut WriteTx, account: &PartnerAccount, event_id: Uuid) -> Result<Row, Error> {
    let (position,): (i64,) = tx.query("SELECT count(*) FROM partner_accounts").one().await?;
    let account = account.clone();
    let row = Row {
        id: account.id,
        name: account.name,
        partner_type: account.partner_type,
        cloud: account.cloud,
        environment: account.environment,
        country: account.country,
        time_zone: account.time_zone.name().to_owned(),
        tenant_id: account.tenant_id,
        position,
        created_at: tx.clock.now(),
        event_id,
        salt: salt().to_vec(),
    };
    table::put(tx, row).await
}
