//! Users and their memberships of partner accounts.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Error, MaintenanceTx, Read, WriteTx,
    audit::salt,
    row::record,
    table::{self, table},
};
use crate::domain::{
    language::Language,
    role::{Permission, Role},
};

table! {
    /// A row of `users`, but for the language, which a user changes without an event.
    #[derive(Debug, Clone)]
    pub struct User: audited "users" {
        /// The portal's own id.
        pub id: Uuid = key,
        /// The sign-in name, as typed.
        pub email: String,
        email_fold: String,
        /// The name shown.
        pub display_name: String,
        /// Argon2id, PHC form.
        pub password_hash: String,
        /// Whether signing in is refused.
        pub disabled: bool,
        created_at: DateTime<Utc> = kept,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

table! {
    /// A row of `memberships`.
    #[derive(Debug, Clone)]
    pub struct Membership: audited "memberships" {
        user_id: Uuid = key,
        partner_account_id: Uuid = key,
        role: Role,
        event_id: Uuid,
        salt: Vec<u8>,
    }
}

/// The user with this sign-in name, whatever its case.
pub async fn find(conn: &mut dyn Read, email: &str) -> Result<Option<User>, Error> {
    table::select::<User>(conn, "WHERE email_fold = $1").bind(email.to_lowercase()).optional().await
}

/// Locks the user with this sign-in name until the transaction ends.
pub async fn lock(tx: &mut WriteTx, email: &str) -> Result<Option<User>, Error> {
    let lock = tx.for_update();
    table::select::<User>(tx, &format!("WHERE email_fold = $1{lock}")).bind(email.to_lowercase()).optional().await
}

/// Whether there is any user at all.
pub async fn any(conn: &mut dyn Read) -> Result<bool, Error> {
    let row: Option<(i64,)> = conn.query("SELECT CAST(1 AS BIGINT) FROM users LIMIT 1").optional().await?;
    Ok(row.is_some())
}

record! {
    /// A line of the list of users.
    #[derive(Debug, Clone)]
    pub struct Listed {
        /// The sign-in name.
        pub email: String,
        /// The name shown.
        pub display_name: String,
        /// Whether signing in is refused.
        pub disabled: bool,
        /// The partner account's name; none for a user without a role.
        pub partner_account: Option<String>,
        /// The role there.
        pub role: Option<Role>,
    }
}

/// Who has a role in an account, by name: ids and names.
pub async fn members(conn: &mut dyn Read, partner_account_id: Uuid) -> Result<Vec<(Uuid, String)>, Error> {
    conn.query(
        "SELECT u.id, u.display_name FROM memberships m JOIN users u ON u.id = m.user_id \
         WHERE m.partner_account_id = $1 ORDER BY u.display_name, u.id",
    )
    .bind(partner_account_id)
    .all()
    .await
}

/// Everyone, with a line for each role.
pub async fn list(conn: &mut dyn Read) -> Result<Vec<Listed>, Error> {
    conn.query(
        "SELECT u.email, u.display_name, u.disabled, a.name AS partner_account, m.role FROM users u \
         LEFT JOIN memberships m ON m.user_id = u.id LEFT JOIN partner_accounts a ON a.id = m.partner_account_id \
         ORDER BY u.email_fold, a.position",
    )
    .all()
    .await
}

/// What a new or changed user is to be.
#[derive(Debug, Clone)]
pub struct Put<'a> {
    /// The portal's own id; an existing one is changed.
    pub id: Uuid,
    /// The sign-in name.
    pub email: &'a str,
    /// The name shown.
    pub display_name: &'a str,
    /// Argon2id, PHC form.
    pub password_hash: &'a str,
    /// Whether signing in is refused.
    pub disabled: bool,
}

/// Creates or changes a user. The row is what the event seals.
pub async fn put(tx: &mut WriteTx, user: Put<'_>, event_id: Uuid) -> Result<User, Error> {
    let row = User {
        id: user.id,
        email: user.email.to_owned(),
        email_fold: user.email.to_lowercase(),
        display_name: user.display_name.to_owned(),
        password_hash: user.password_hash.to_owned(),
        disabled: user.disabled,
        created_at: tx.clock.now(),
        event_id,
        salt: salt().to_vec(),
    };
    table::put(tx, row).await
}

/// Gives a user a role in a partner account. The row is what the event seals.
pub async fn put_role(
    tx: &mut WriteTx,
    user_id: Uuid,
    partner_account_id: Uuid,
    role: Role,
    event_id: Uuid,
) -> Result<Membership, Error> {
    table::put(tx, Membership { user_id, partner_account_id, role, event_id, salt: salt().to_vec() }).await
}

/// The names of up to three people who may do something in an account, so that a page can say whom to ask.
pub async fn who_may(
    conn: &mut dyn Read,
    partner_account_id: Uuid,
    permission: Permission,
) -> Result<Vec<String>, Error> {
    let mut roles = Role::with(permission).map(Role::code);
    let [first, second, third] = std::array::from_fn(|_| roles.next().unwrap_or_default());
    let rows: Vec<(String,)> = conn
        .query(
            "SELECT u.display_name FROM memberships m JOIN users u ON u.id = m.user_id \
             WHERE m.partner_account_id = $1 AND m.role IN ($2, $3, $4) AND NOT u.disabled \
             ORDER BY m.role, u.display_name LIMIT 3",
        )
        .values((partner_account_id, first, second, third))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The first Admin agent of the installation, whom somebody who cannot sign in may ask.
pub async fn administrator(conn: &mut dyn Read) -> Result<Option<String>, Error> {
    let row: Option<(String,)> = conn
        .query(
            "SELECT u.display_name FROM users u WHERE NOT u.disabled AND EXISTS \
             (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.role = $1) ORDER BY u.created_at, u.id LIMIT 1",
        )
        .bind(Role::AdminAgent.code())
        .optional()
        .await?;
    Ok(row.map(|(name,)| name))
}

/// Remembers the language a user chose.
pub async fn set_language(tx: &mut MaintenanceTx, user_id: Uuid, language: Language) -> Result<(), Error> {
    tx.query("UPDATE users SET language = $1 WHERE id = $2")
        .values((language.code(), user_id))
        .execute()
        .await
        .map(drop)
}
