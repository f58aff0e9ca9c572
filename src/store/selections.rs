//! Customers that somebody selected to confirm with one date. Selecting is nobody's business but the user's, so it goes
//! without an event; the confirmations have theirs.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Error, MaintenanceTx, Read, drafts::Owner, table::table};
use crate::domain::selection::{Selected, Told};

/// How long a selection is kept.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

table! {
    struct Row: "selections" {
        id: Uuid = key,
        list: String,
        customers: String,
        outcome: Option<String>,
    }
}

/// Customers that somebody selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Its id.
    pub id: Uuid,
    /// The address of the list that they were selected in.
    pub list: String,
    /// The customers, in the order of the list.
    pub customers: Vec<Selected>,
    /// What came of each; none before they were confirmed.
    pub outcome: Option<Vec<Told>>,
}

impl TryFrom<Row> for Selection {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let corrupt = || Error::Corrupt(format!("selection {}", row.id));
        Ok(Self {
            id: row.id,
            customers: serde_json::from_str(&row.customers).map_err(|_| corrupt())?,
            outcome: row.outcome.as_deref().map(serde_json::from_str).transpose().map_err(|_| corrupt())?,
            list: row.list,
        })
    }
}

/// Keeps a selection.
pub async fn insert(
    tx: &mut MaintenanceTx,
    owner: Owner,
    selection: &Selection,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    tx.query(
        "INSERT INTO selections (id, partner_account_id, user_id, list, customers, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .values((selection.id, owner.partner_account_id, owner.user_id))
    .values((selection.list.clone(), text(&selection.customers), now))
    .execute()
    .await
    .map(drop)
}

/// A selection of a user that is not too old.
pub async fn find(conn: &mut dyn Read, owner: Owner, id: Uuid, now: DateTime<Utc>) -> Result<Option<Selection>, Error> {
    let row: Option<Row> = conn
        .query(
            "SELECT id, list, customers, outcome FROM selections \
             WHERE id = $1 AND partner_account_id = $2 AND user_id = $3 AND created_at >= $4",
        )
        .values((id, owner.partner_account_id, owner.user_id, now - LIFETIME))
        .optional()
        .await?;
    row.map(TryInto::try_into).transpose()
}

/// Keeps what came of a selection; of two that came to an end the first stays.
pub async fn set_outcome(tx: &mut MaintenanceTx, owner: Owner, id: Uuid, outcome: &[Told]) -> Result<(), Error> {
    tx.query(
        "UPDATE selections SET outcome = $1 \
         WHERE id = $2 AND partner_account_id = $3 AND user_id = $4 AND outcome IS NULL",
    )
    .values((text(outcome), id, owner.partner_account_id, owner.user_id))
    .execute()
    .await
    .map(drop)
}

/// Whether any selection has expired.
pub async fn any_expired(conn: &mut dyn Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(Uuid,)> =
        conn.query("SELECT id FROM selections WHERE created_at < $1 LIMIT 1").bind(now - LIFETIME).optional().await?;
    Ok(row.is_some())
}

/// Deletes expired selections.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("DELETE FROM selections WHERE created_at < $1").bind(now - LIFETIME).execute().await.map(drop)
}

fn text<T: serde::Serialize + ?Sized>(entries: &T) -> String {
    serde_json::to_string(entries).unwrap_or_default()
}
