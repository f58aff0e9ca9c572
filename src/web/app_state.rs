//! What every handler may use.

use std::sync::Arc;

use super::{api_operation::Operation, error::Error, export::Exports, record::Fonts, status::Cache};
use crate::{secret::Secret, store::Db};

/// Cheap to clone: one for all workers.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

/// See [`AppState`].
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The server's secret key and what is made of it.
    pub secret: Secret,
    /// How the portal is reached.
    pub address: Address,
    /// How many exports may be written at once.
    pub exports: Exports,
    /// The fonts of the PDFs.
    pub fonts: Fonts,
    /// What programs may ask for.
    pub api: Vec<Operation>,
    /// What the confirmation status said last.
    pub status: Cache,
}

/// How browsers reach the portal.
#[derive(Debug, Clone)]
pub struct Address {
    /// The base address, for example `https://countersign.example`; no slash at the end.
    pub base: String,
    /// Whether browsers come over HTTPS.
    pub https: bool,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(db: Db, secret: Secret, address: Address, fonts: Fonts, api: Vec<Operation>) -> Self {
        let exports = Exports::beside(db.connections());
        Self(Arc::new(Parts { db, secret, address, exports, fonts, api, status: Cache::default() }))
    }

    /// The state that a request is served with.
    ///
    /// # Errors
    ///
    /// [`Error::Fault`] when the server was set up without any.
    pub fn of(request: &actix_web::HttpRequest) -> Result<Self, Error> {
        request.app_data::<Self>().cloned().ok_or_else(|| Error::fault("no application state"))
    }
}

impl std::ops::Deref for AppState {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl actix_web::FromRequest for AppState {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Self::of(request))
    }
}
