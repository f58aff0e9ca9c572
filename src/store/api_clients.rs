//! Programs that speak the Partner Center API, and the refresh tokens with which they act as users.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    Error, MaintenanceTx, Read, Write, WriteTx,
    audit::salt,
    partner_accounts::Columns,
    row::record,
    table::{self, Table, table},
};
use crate::domain::{
    actor::{Actor, Principal},
    audit::Hash,
    role::Role,
};

/// How long a refresh token is valid; each use issues a new one as well.
pub const REFRESH_LIFETIME: TimeDelta = TimeDelta::days(90);

table! {
    /// A row of `api_clients`.
    #[derive(Debug, Clone)]
    pub struct ApiClient: audited "api_clients" {
        /// The portal's own id, a program's `client_id`.
        pub id: Uuid = key,
        /// The account it acts for.
        pub partner_account_id: Uuid,
        /// The name shown, unique in the account.
        pub name: String,
        /// What it may do by itself.
        pub role: Role,
        secret_hash: Vec<u8>,
        /// Whether nothing is accepted from it any more.
        pub revoked: bool,
        created_at: DateTime<Utc>,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

impl ApiClient {
    /// Whether this is the hash of the client's secret. A revoked client has none.
    pub fn has_secret(&self, secret_hash: &Hash) -> bool {
        let same: bool = subtle::ConstantTimeEq::ct_eq(self.secret_hash.as_slice(), secret_hash.as_slice()).into();
        same && !self.revoked
    }
}

/// A client to be.
#[derive(Debug, Clone)]
pub struct Put<'a> {
    /// The portal's own id, a program's `client_id`.
    pub id: Uuid,
    /// The account it acts for.
    pub partner_account_id: Uuid,
    /// The name shown.
    pub name: &'a str,
    /// What it may do by itself.
    pub role: Role,
    /// The hash of its secret.
    pub secret_hash: Hash,
}

/// Creates a client. The row is what the event seals.
pub async fn insert(tx: &mut WriteTx, client: Put<'_>, event_id: Uuid) -> Result<ApiClient, Error> {
    let row = ApiClient {
        id: client.id,
        partner_account_id: client.partner_account_id,
        name: client.name.to_owned(),
        role: client.role,
        secret_hash: client.secret_hash.to_vec(),
        revoked: false,
        created_at: tx.clock.now(),
        event_id,
        salt: salt().to_vec(),
    };
    table::insert(tx, row).await
}

/// Revokes a client, and forgets every refresh token it was given. The row is what the event seals.
pub async fn revoke(tx: &mut WriteTx, id: Uuid, event_id: Uuid) -> Result<ApiClient, Error> {
    tx.query("DELETE FROM refresh_tokens WHERE api_client_id = $1").bind(id).execute().await?;
    let update = table::update::<ApiClient>(tx, "SET revoked = $2, event_id = $3 WHERE id = $1");
    update.values((id, true, event_id)).one().await
}

/// A client of any account.
pub async fn find(conn: &mut dyn Read, id: Uuid) -> Result<Option<ApiClient>, Error> {
    table::select::<ApiClient>(conn, "WHERE id = $1").bind(id).optional().await
}

/// A client of the account by its id or name.
pub async fn find_in(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    id_or_name: &str,
) -> Result<Option<ApiClient>, Error> {
    named(conn, partner_account_id, id_or_name, "").await
}

/// The same, locked until the transaction ends.
pub async fn lock(tx: &mut WriteTx, partner_account_id: Uuid, id_or_name: &str) -> Result<Option<ApiClient>, Error> {
    let lock = tx.for_update();
    named(tx, partner_account_id, id_or_name, lock).await
}

async fn named(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    id_or_name: &str,
    lock: &str,
) -> Result<Option<ApiClient>, Error> {
    let id = Uuid::try_parse(id_or_name).unwrap_or_default();
    table::select::<ApiClient>(conn, &format!("WHERE partner_account_id = $1 AND (id = $2 OR name = $3){lock}"))
        .values((partner_account_id, id, id_or_name.to_owned()))
        .optional()
        .await
}

/// The clients of an account by name, those that were revoked behind the others.
pub async fn of_account(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<Vec<ApiClient>, Error> {
    let select = table::select::<ApiClient>(conn, "WHERE partner_account_id = $1 ORDER BY revoked, name");
    select.bind(partner_account_id).all().await
}

/// The clients of an account, by name: ids and names.
pub async fn names(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<Vec<(Uuid, String)>, Error> {
    conn.query("SELECT id, name FROM api_clients WHERE partner_account_id = $1 ORDER BY name")
        .bind(partner_account_id)
        .all()
        .await
}

record! {
    /// A line of the list of clients.
    #[derive(Debug, Clone)]
    pub struct Listed {
        /// A program's `client_id`.
        pub id: Uuid,
        /// The name shown.
        pub name: String,
        /// What it may do by itself.
        pub role: Role,
        /// Whether nothing is accepted from it any more.
        pub revoked: bool,
        /// The partner account's id, a program's tenant.
        pub partner_account_id: Uuid,
        /// The partner account's name.
        pub partner_account: String,
    }
}

/// Every client there is.
pub async fn list(conn: &mut dyn Read) -> Result<Vec<Listed>, Error> {
    conn.query(
        "SELECT c.id, c.name, c.role, c.revoked, c.partner_account_id, a.name AS partner_account FROM api_clients c \
         JOIN partner_accounts a ON a.id = c.partner_account_id ORDER BY a.position, c.name",
    )
    .all()
    .await
}

record! {
    struct CallerRow {
        client_name: String,
        user_name: Option<String>,
        role: Role,
        account: Columns = record,
    }
}

/// Whoever calls with an access token of a client, by itself or as a user: nobody once the client is revoked, the
/// user disabled or out of the account.
pub async fn caller(conn: &mut dyn Read, client: Uuid, user: Option<Uuid>) -> Result<Option<Actor>, Error> {
    let account = Columns::columns_of("a");
    let row: Option<CallerRow> = match user {
        None => {
            conn.assembled(format!(
                "SELECT c.name AS client_name, NULL AS user_name, c.role, {account} FROM api_clients c \
                 JOIN partner_accounts a ON a.id = c.partner_account_id WHERE c.id = $1 AND c.revoked = $2"
            ))
            .values((client, false))
            .optional()
            .await?
        }
        Some(user) => {
            conn.assembled(format!(
                "SELECT c.name AS client_name, u.display_name AS user_name, m.role, {account} FROM api_clients c \
                 JOIN partner_accounts a ON a.id = c.partner_account_id \
                 JOIN memberships m ON m.partner_account_id = c.partner_account_id JOIN users u ON u.id = m.user_id \
                 WHERE c.id = $1 AND c.revoked = $2 AND u.id = $3 AND u.disabled = $2"
            ))
            .values((client, false, user))
            .optional()
            .await?
        }
    };
    let Some(row) = row else { return Ok(None) };
    let who = match (user, row.user_name) {
        (Some(user), Some(name)) => Principal::user(user, format!("{name} ({})", row.client_name)),
        _ => Principal::api_client(client, row.client_name),
    };
    let account = row.account.try_into()?;
    Ok(Some(Actor { who, role: row.role, account }))
}

/// Keeps a refresh token.
pub async fn put_refresh_token(
    tx: &mut dyn Write,
    token_hash: Hash,
    client: Uuid,
    user: Uuid,
    expires_at: DateTime<Utc>,
) -> Result<(), Error> {
    tx.query("INSERT INTO refresh_tokens (token_hash, api_client_id, user_id, expires_at) VALUES ($1, $2, $3, $4)")
        .values((token_hash.to_vec(), client, user, expires_at))
        .execute()
        .await
        .map(drop)
}

/// The user whom a client's refresh token stands for. None when it has expired, was revoked or never was.
pub async fn user_of(
    conn: &mut dyn Read,
    token_hash: Hash,
    client: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, Error> {
    let row: Option<(Uuid,)> = conn
        .query("SELECT user_id FROM refresh_tokens WHERE token_hash = $1 AND api_client_id = $2 AND expires_at > $3")
        .values((token_hash.to_vec(), client, now))
        .optional()
        .await?;
    Ok(row.map(|(user,)| user))
}

/// Forgets every refresh token that stands for a user.
pub async fn revoke_refresh_tokens_of(tx: &mut WriteTx, user: Uuid) -> Result<(), Error> {
    tx.query("DELETE FROM refresh_tokens WHERE user_id = $1").bind(user).execute().await.map(drop)
}

/// Whether there are refresh tokens that have expired.
pub async fn any_expired(conn: &mut dyn Read, now: DateTime<Utc>) -> Result<bool, Error> {
    let row: Option<(Uuid,)> =
        conn.query("SELECT user_id FROM refresh_tokens WHERE expires_at <= $1 LIMIT 1").bind(now).optional().await?;
    Ok(row.is_some())
}

/// Forgets refresh tokens that have expired.
pub async fn purge(tx: &mut MaintenanceTx, now: DateTime<Utc>) -> Result<(), Error> {
    tx.query("DELETE FROM refresh_tokens WHERE expires_at <= $1").bind(now).execute().await.map(drop)
}
