//! The Partner Center API, as far as it is built: programs written for Microsoft's speak to this portal when their base
//! address is changed.
//!
//! A request comes in through [`serve`], which knows who calls ([`access`]) and which of the [`operations`] is meant;
//! it is read by [`json`] and answered in the structs of `wire`, or with one of the codes of [`fault`]. Writes are the
//! same functions of `actions` that the pages call.

pub mod access;
pub mod agreements;
pub mod customers;
pub mod fault;
pub mod json;
pub mod operations;
pub mod serve;
pub mod token;
pub mod wire;

use std::sync::Arc;

use crate::store::Db;

/// What every operation may use. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

/// See [`Api`].
pub struct Parts {
    /// The database.
    pub db: Db,
    /// What access tokens are signed with.
    pub keys: token::Keys,
}

impl Api {
    /// Puts the parts together.
    pub fn new(db: Db, keys: token::Keys) -> Self {
        Self(Arc::new(Parts { db, keys }))
    }
}

impl std::ops::Deref for Api {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
