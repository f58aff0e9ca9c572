//! Partner accounts.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Error, Read, WriteTx,
    audit::salt,
    row::{Cells, Record, record},
};
use crate::domain::{
    audit::{AuditedRow, CanonicalEncoder},
    country::Country,
    partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
};

record! {
    /// The columns that a [`PartnerAccount`] is made of.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub struct Columns {
        /// The portal's own id.
        pub id: Uuid,
        /// The company's name.
        pub name: String,
        partner_type: String,
        cloud: String,
        environment: String,
        country: String,
        time_zone: String,
        tenant_id: Option<Uuid>,
    }
}

/// Those columns, of a table called `a`.
pub(super) const COLUMNS: &str =
    "a.id, a.name, a.partner_type, a.cloud, a.environment, a.country, a.time_zone, a.tenant_id";

/// A row of `partner_accounts`.
#[derive(Debug, Clone)]
pub struct Row {
    account: Columns,
    created_at: DateTime<Utc>,
    event_id: Uuid,
    salt: Vec<u8>,
}

impl Record for Row {
    fn read(cells: &mut impl Cells) -> Result<Self, Error> {
        Ok(Self {
            account: Columns::read(cells)?,
            created_at: cells.next("created_at")?,
            event_id: cells.next("event_id")?,
            salt: cells.next("salt")?,
        })
    }
}

impl AuditedRow for Row {
    const TABLE: &'static str = "partner_accounts";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, encoder: &mut CanonicalEncoder) {
        encoder.guid(self.account.id);
    }
    fn content(&self, encoder: &mut CanonicalEncoder) {
        let Columns { name, partner_type, cloud, environment, country, time_zone, .. } = &self.account;
        for text in [name, partner_type, cloud, environment, country, time_zone] {
            encoder.text(text);
        }
        encoder.time(self.created_at);
        // Added later: by name, and only where it holds something, so that older rows still fit.
        if let Some(tenant_id) = self.account.tenant_id {
            encoder.text("tenant_id");
            encoder.guid(tenant_id);
        }
    }
}

impl TryFrom<Columns> for PartnerAccount {
    type Error = Error;

    fn try_from(row: Columns) -> Result<Self, Error> {
        let corrupt = |what: &str| Error::Corrupt(format!("{what} of partner account {}", row.id));
        Ok(Self {
            id: row.id,
            partner_type: PartnerType::from_code(&row.partner_type).ok_or_else(|| corrupt("partner type"))?,
            cloud: Cloud::from_code(&row.cloud).ok_or_else(|| corrupt("cloud"))?,
            environment: Environment::from_code(&row.environment).ok_or_else(|| corrupt("environment"))?,
            country: Country::parse(&row.country).ok_or_else(|| corrupt("country"))?,
            time_zone: row.time_zone.parse::<Tz>().map_err(|_| corrupt("time zone"))?,
            tenant_id: row.tenant_id,
            name: row.name,
        })
    }
}

/// All accounts, in the order of their creation.
pub async fn all(conn: &mut dyn Read) -> Result<Vec<PartnerAccount>, Error> {
    let rows: Vec<Columns> =
        conn.assembled(format!("SELECT {COLUMNS} FROM partner_accounts a ORDER BY a.position, a.id")).all().await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The account with this name or id.
pub async fn find(conn: &mut dyn Read, name_or_id: &str) -> Result<Option<PartnerAccount>, Error> {
    let row: Option<Columns> = conn
        .assembled(format!("SELECT {COLUMNS} FROM partner_accounts a WHERE a.name = $1 OR a.id = $2"))
        .bind(name_or_id.to_owned())
        .bind(Uuid::try_parse(name_or_id).unwrap_or_default())
        .optional()
        .await?;
    row.map(TryInto::try_into).transpose()
}

/// The Microsoft ID of the partner's own tenant, where somebody named it.
pub async fn tenant_id(conn: &mut dyn Read, id: Uuid) -> Result<Option<Uuid>, Error> {
    let row: Option<(Option<Uuid>,)> =
        conn.query("SELECT tenant_id FROM partner_accounts WHERE id = $1").bind(id).optional().await?;
    Ok(row.and_then(|(tenant_id,)| tenant_id))
}

/// The account with this id, which nobody else changes until the change ends.
pub async fn lock(tx: &mut WriteTx, id: Uuid) -> Result<Option<PartnerAccount>, Error> {
    let lock = tx.for_update();
    let sql = format!("SELECT {COLUMNS} FROM partner_accounts a WHERE a.id = $1{lock}");
    let row: Option<Columns> = tx.assembled(sql).bind(id).optional().await?;
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

/// Every row, for the verifier.
pub(super) async fn rows(conn: &mut dyn Read) -> Result<Vec<Row>, Error> {
    conn.assembled(format!("SELECT {COLUMNS}, a.created_at, a.event_id, a.salt FROM partner_accounts a")).all().await
}

/// Creates an account, or changes the one with its id. The row is what the event seals.
pub async fn put(tx: &mut WriteTx, account: &PartnerAccount, event_id: Uuid) -> Result<Row, Error> {
    let now = tx.clock.now();
    tx
        // Behind RETURNING there is no table called `a`.
        .query(
            "INSERT INTO partner_accounts (id, name, partner_type, cloud, environment, country, time_zone, tenant_id, \
             position, created_at, event_id, salt) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT count(*) FROM partner_accounts), $9, $10, $11) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, partner_type = excluded.partner_type, \
             cloud = excluded.cloud, environment = excluded.environment, country = excluded.country, \
             time_zone = excluded.time_zone, tenant_id = excluded.tenant_id, event_id = excluded.event_id \
             RETURNING id, name, partner_type, cloud, environment, country, time_zone, tenant_id, created_at, event_id, salt",
        )
        .bind(account.id)
        .bind(account.name.clone())
        .bind(account.partner_type.code())
        .bind(account.cloud.code())
        .bind(account.environment.code())
        .bind(account.country.code())
        .bind(account.time_zone.name())
        .bind(account.tenant_id)
        .bind(now)
        .bind(event_id)
        .bind(salt().to_vec())
        .one()
        .await
}
