//! Pages. A request comes in through the layers of [`serve`](crate::app), meets a guard ([`access`]), is parsed
//! by [`form`] into domain values, reads from `store` or writes through one function of `actions`, and leaves as
//! a [`page`].

pub mod access;
pub mod account;
pub mod agreements;
pub mod api_clients;
pub mod api_reference;
pub mod assets;
pub mod audit;
pub mod customers;
pub mod edit_customer;
mod enum_labels;
pub mod error;
mod events;
pub mod export;
pub mod form;
pub mod headers;
pub mod health;
pub mod history;
pub mod new_customer;
pub mod next;
pub mod offers;
pub mod orders;
pub mod origin;
pub mod page;
pub mod paths;
pub mod preferences;
pub mod queue;
pub mod record;
pub mod request_context;
pub mod routes;
pub mod session;
pub mod setup;
pub mod sign_in;
pub mod status;
pub mod subscriptions;
pub mod upload;

use std::sync::Arc;

use crate::{secret::Secret, store::Db};

/// What every handler may use.
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
    pub exports: export::Exports,
    /// The fonts of the PDFs.
    pub fonts: record::Fonts,
    /// What programs may ask for.
    pub api: Vec<api_reference::Operation>,
    /// What the confirmation status said last.
    pub status: status::Cache,
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
    pub fn new(
        db: Db,
        secret: Secret,
        address: Address,
        fonts: record::Fonts,
        api: Vec<api_reference::Operation>,
    ) -> Self {
        let exports = export::Exports::beside(db.connections());
        Self(Arc::new(Parts { db, secret, address, exports, fonts, api, status: status::Cache::default() }))
    }
}

impl std::ops::Deref for AppState {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl actix_web::FromRequest for AppState {
    type Error = error::Error;
    type Future = std::future::Ready<Result<Self, error::Error>>;

    fn from_request(request: &actix_web::HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(request.app_data::<Self>().cloned().ok_or_else(|| error::Error::fault("no portal")))
    }
}
