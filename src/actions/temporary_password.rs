//! The temporary password of a new customer's administrator, which is shown once.

use chrono::{DateTime, Utc};

use crate::store::{
    self, Db,
    temporary_passwords::{self, Key},
};

/// The sealed password, for the one time that it is shown; `None` when it was shown or is too old.
pub async fn take(db: &Db, key: Key, now: DateTime<Utc>) -> Result<Option<Vec<u8>>, store::Error> {
    let mut tx = db.maintenance().await?;
    let sealed = temporary_passwords::take(&mut tx, key, now).await?;
    if sealed.is_some() {
        tx.commit().await?;
    }
    Ok(sealed)
}

/// Lets the password be shown once more, when the browser dropped the first page.
pub async fn show_again(db: &Db, key: Key, now: DateTime<Utc>) -> Result<(), store::Error> {
    let mut tx = db.maintenance().await?;
    temporary_passwords::show_again(&mut tx, key, now).await?;
    tx.commit().await
}
