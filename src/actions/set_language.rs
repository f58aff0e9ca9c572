//! The language in which a user reads the pages.

use uuid::Uuid;

use crate::{
    domain::language::Language,
    store::{self, Db, users},
};

/// Remembers a user's language.
pub async fn set_language(db: &Db, user_id: Uuid, language: Language) -> Result<(), store::Error> {
    let mut tx = db.maintenance().await?;
    users::set_language(&mut tx, user_id, language).await?;
    tx.commit().await
}
