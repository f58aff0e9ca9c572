//! The Partner Center API, as far as it is built: programs written for Microsoft's speak to this portal when their base
//! address is changed.
//!
//! A request comes in through [`serve`], which knows who calls ([`access`]) and which of the [`operations`] is meant;
//! it is read by [`json`] and answered in the structs of `wire`, or with one of the codes of [`fault`]. Writes are the
//! same functions of `actions` that the pages call.

pub mod access;
pub mod agreements;
pub mod carts;
pub mod catalogue;
pub mod compliance;
pub mod customers;
pub mod fault;
pub mod gate;
pub mod json;
pub mod new_customer;
pub mod openapi;
pub mod operations;
pub mod orders;
pub mod profiles;
pub mod properties;
pub mod qualifications;
pub mod rate;
pub mod relationships;
pub mod serve;
pub mod subscriptions;
pub mod token;
pub mod validations;
pub mod wire;

use std::sync::Arc;

use crate::{secret::Secret, store::Db};

/// What every operation may use. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

/// See [`Api`].
pub struct Parts {
    /// The database.
    pub db: Db,
    /// What access tokens are signed with.
    pub keys: token::Keys,
    /// The server's secret key: what is kept for programs is sealed with it.
    pub secret: Secret,
    /// What describes the API to programs, an OpenAPI document.
    pub openapi: String,
    /// How many requests each client may make.
    pub rate: rate::RateLimit,
    /// Whether agreements are for programs that act as a user only.
    pub users_only: bool,
}

/// What may be set.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The most requests of a client in a minute; 0 is no limit.
    pub requests_per_minute: u32,
    /// Whether agreements are for programs that act as a user only, as Partner Center demanded it.
    pub users_only: bool,
}

impl Api {
    /// Puts the parts together.
    pub fn new(db: Db, keys: token::Keys, secret: Secret, options: Options) -> Self {
        let Options { requests_per_minute, users_only } = options;
        let rate = rate::RateLimit::new(requests_per_minute);
        Self(Arc::new(Parts { db, keys, secret, openapi: openapi::document(), rate, users_only }))
    }
}

impl std::ops::Deref for Api {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
