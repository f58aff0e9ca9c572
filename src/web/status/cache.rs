//! The figures as the page had them last, kept in memory while nothing changed that they are made of.
//!
//! Whether something changed is asked of the database each time, inside the snapshot that would read the figures: an
//! import beside the portal, or another portal on the same database, counts as much as a form of this one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;

use super::list_query::Asked;
use crate::{
    domain::partner_account::PartnerAccount, i18n::Language, store::status::DataVersion, web::rendered::Rendered,
};

/// Pages that are kept at once; each has some ten thousand bytes.
const KEPT: usize = 64;

/// What a page is about, and for whom it is worded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) partner_account_id: uuid::Uuid,
    pub(super) language: Language,
    pub(super) asked: Asked,
    /// Whether blocked orders lead to where they are continued.
    pub(super) continues_orders: bool,
}

/// What a page's figures were made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CacheTag {
    /// The account's day: a version becomes mandatory, and a renewal near, at midnight.
    pub(super) today: NaiveDate,
    pub(super) account: PartnerAccount,
    pub(super) stamp: DataVersion,
}

/// The part of a page that is the same for everybody of an account until something changes.
pub(super) struct Content {
    /// Whether the account has no customers.
    pub(super) is_empty: bool,
    /// Good news, if there are.
    pub(super) everyone: Option<String>,
    /// The figures.
    pub(super) figures: Rendered,
}

/// The contents of pages.
#[derive(Default)]
pub struct Cache(Mutex<HashMap<Key, (CacheTag, Arc<Content>)>>);

impl Cache {
    /// The content that is still what the database says.
    pub(super) fn get(&self, key: &Key, made_of: &CacheTag) -> Option<Arc<Content>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(of, _)| of == made_of).map(|(_, content)| Arc::clone(content))
    }

    /// Keeps a content; of too many all others go.
    pub(super) fn put(&self, key: Key, made_of: CacheTag, content: Arc<Content>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&key) {
            kept.clear();
        }
        kept.insert(key, (made_of, content));
    }
}
