//! `countersign serve`

use std::{net::TcpListener, process::ExitCode};

use anyhow::Context as _;

use super::data::open;
use crate::{
    app::{self, Ready},
    settings::ServeSettings,
    store::migrate::Place,
    web::Address,
};

pub(super) async fn run(settings: &ServeSettings) -> anyhow::Result<ExitCode> {
    let (base, https) = settings.base()?;
    let fonts = settings.fonts()?;
    let secret = settings.key.secret(&settings.data)?;
    let db = open(&settings.data).await?;
    let address = Address { base: base.clone(), https, trusted_proxies: settings.trusted_proxies.clone() };
    let api = settings.api.options();
    let ready = Ready { db: db.clone(), secret, address, fonts, api, workers: settings.workers };

    let listener =
        TcpListener::bind(settings.listen).with_context(|| format!("cannot listen on {}", settings.listen))?;
    let (server, at) = app::serve(ready, listener)?;
    match settings.data.location()?.at {
        Place::Sqlite(path) => tracing::info!(listen = %at, base, database = %path.display(), "serving"),
        Place::Postgres(_) => tracing::info!(listen = %at, base, database = "PostgreSQL", "serving"),
    }
    if settings.insecure_http {
        tracing::warn!("plain HTTP: passwords and sessions are sent unencrypted; for testing only");
    }
    if let Some(link) = app::setup_link(&db, &base).await? {
        tracing::warn!("no users yet: open this link within 24 hours to create the first: {link}");
    }
    server.await?;
    db.close().await;
    Ok(ExitCode::SUCCESS)
}
