//! What every operation may use.

use std::sync::Arc;

use super::{jwt::Keys, rate::RateLimit};
use crate::{secret::Secret, store::Db};

/// What every operation may use. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Parts>);

/// See [`Api`].
pub struct Parts {
    /// The database.
    pub db: Db,
    /// What access tokens are signed with.
    pub keys: Keys,
    /// The server's secret key: what is kept for API clients is sealed with it.
    pub secret: Secret,
    /// How many requests each client may make.
    pub rate: RateLimit,
    /// Whether agreements are for clients that act as a user only.
    pub users_only: bool,
    /// The address of the portal, without a slash at its end.
    pub base: String,
}

/// What may be set.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The most requests of a client in a minute; 0 is no limit.
    pub requests_per_minute: u32,
    /// Whether agreements are for clients that act as a user only, as Partner Center demanded it.
    pub users_only: bool,
}

impl Api {
    /// Puts the parts together.
    pub fn new(db: Db, keys: Keys, secret: Secret, base: String, options: Options) -> Self {
        let Options { requests_per_minute, users_only } = options;
        Self(Arc::new(Parts { db, keys, secret, rate: RateLimit::new(requests_per_minute), users_only, base }))
    }
}

impl std::ops::Deref for Api {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
