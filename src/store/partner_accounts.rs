//! Partner accounts.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Change, Error, Snapshot, audit::salt, row::record};
use crate::domain::{
    audit::{Canon, Sealed},
    country::Country,
    partner_account::{Cloud, Environment, PartnerAccount, PartnerType},
};

record! {
    /// A row of `partner_accounts`.
    #[derive(Debug, Clone)]
    pub struct Row {
        id: Uuid,
        name: String,
        partner_type: String,
        cloud: String,
        environment: String,
        country: String,
        time_zone: String,
        created_at: DateTime<Utc>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

impl Sealed for Row {
    const TABLE: &'static str = "partner_accounts";
    fn event_id(&self) -> Option<Uuid> {
        Some(self.event_id)
    }
    fn salt(&self) -> &[u8] {
        &self.salt
    }
    fn key(&self, canon: &mut Canon) {
        canon.guid(self.id);
    }
    fn content(&self, canon: &mut Canon) {
        for text in [&self.name, &self.partner_type, &self.cloud, &self.environment, &self.country, &self.time_zone] {
            canon.text(text);
        }
        canon.time(self.created_at);
    }
}

impl TryFrom<Row> for PartnerAccount {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        read(row.id, row.name, &row.partner_type, &row.cloud, &row.environment, &row.country, &row.time_zone)
    }
}

/// A partner account from its stored parts.
pub(super) fn read(
    id: Uuid,
    name: String,
    partner_type: &str,
    cloud: &str,
    environment: &str,
    country: &str,
    time_zone: &str,
) -> Result<PartnerAccount, Error> {
    let corrupt = |what: &str| Error::Corrupt(format!("{what} of partner account {id}"));
    Ok(PartnerAccount {
        id,
        name,
        partner_type: PartnerType::from_code(partner_type).ok_or_else(|| corrupt("partner type"))?,
        cloud: Cloud::from_code(cloud).ok_or_else(|| corrupt("cloud"))?,
        environment: Environment::from_code(environment).ok_or_else(|| corrupt("environment"))?,
        country: Country::parse(country).ok_or_else(|| corrupt("country"))?,
        time_zone: time_zone.parse::<Tz>().map_err(|_| corrupt("time zone"))?,
    })
}

const COLUMNS: &str = "SELECT id, name, partner_type, cloud, environment, country, time_zone, created_at, event_id, salt FROM partner_accounts";

/// All accounts, in the order of their creation.
pub async fn all(at: &mut Snapshot) -> Result<Vec<PartnerAccount>, Error> {
    let rows: Vec<Row> = at.assembled(format!("{COLUMNS} ORDER BY position, id")).all().await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The account with this name or id.
pub async fn find(at: &mut Snapshot, name_or_id: &str) -> Result<Option<PartnerAccount>, Error> {
    let row: Option<Row> = at
        .assembled(format!("{COLUMNS} WHERE name = $1 OR id = $2"))
        .bind(name_or_id.to_owned())
        .bind(Uuid::try_parse(name_or_id).unwrap_or_default())
        .optional()
        .await?;
    row.map(TryInto::try_into).transpose()
}

/// The account with this id, which nobody else changes until the change ends.
pub async fn lock(change: &mut Change, id: Uuid) -> Result<Option<PartnerAccount>, Error> {
    let sql = format!("{COLUMNS} WHERE id = $1{}", change.for_update());
    let row: Option<Row> = change.assembled(sql).bind(id).optional().await?;
    row.map(TryInto::try_into).transpose()
}

/// Waits until nobody else adds a customer to the account by hand, until the change ends. Whatever only refers to the
/// account goes on.
pub async fn hold(change: &mut Change, id: Uuid) -> Result<(), Error> {
    // The one writer of SQLite is lock enough.
    if !change.is_sqlite() {
        change.query("SELECT id FROM partner_accounts WHERE id = $1 FOR NO KEY UPDATE").bind(id).execute().await?;
    }
    Ok(())
}

/// Every row, for the verifier.
pub(super) async fn rows(at: &mut Snapshot) -> Result<Vec<Row>, Error> {
    at.assembled(COLUMNS.to_owned()).all().await
}

/// Creates an account, or changes the one with its id. The row is what the event seals.
pub async fn put(change: &mut Change, account: &PartnerAccount, event_id: Uuid) -> Result<Row, Error> {
    let now = change.clock.now();
    change
        .query(
            "INSERT INTO partner_accounts \
             (id, name, partner_type, cloud, environment, country, time_zone, position, created_at, event_id, salt) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT count(*) FROM partner_accounts), $8, $9, $10) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, partner_type = excluded.partner_type, \
             cloud = excluded.cloud, environment = excluded.environment, country = excluded.country, \
             time_zone = excluded.time_zone, event_id = excluded.event_id \
             RETURNING id, name, partner_type, cloud, environment, country, time_zone, created_at, event_id, salt",
        )
        .bind(account.id)
        .bind(account.name.clone())
        .bind(account.partner_type.code())
        .bind(account.cloud.code())
        .bind(account.environment.code())
        .bind(account.country.code())
        .bind(account.time_zone.name())
        .bind(now)
        .bind(event_id)
        .bind(salt().to_vec())
        .one()
        .await
}
