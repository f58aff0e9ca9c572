//! From settings to a running server: the database, the layers in order, the one route table.

use std::net::{SocketAddr, TcpListener};

use actix_session::{
    SessionMiddleware,
    config::{BrowserSession, CookieContentSecurity, TtlExtensionPolicy},
};
use actix_web::{
    App, HttpServer,
    cookie::{Key, SameSite},
    dev::Server,
    middleware::from_fn,
    web::Data,
};
use chrono::TimeDelta;

use crate::{
    actions::sign_in,
    api::{self, Api, Options, jwt::Keys, operations},
    domain::{
        language::Language,
        token::{random_token, token_hash},
    },
    i18n,
    secret::Secret,
    store::{self, Db, api_clients, carts, drafts, idempotency, order_drafts, selections, temporary_passwords, users},
    telemetry,
    web::{
        Address, AppState, api_operation::Operation, error_pages, headers, origin, paths, record::Fonts,
        routes::routes, session,
    },
};

/// How long the one-time link of the first set-up holds.
const SETUP_LINK: TimeDelta = TimeDelta::hours(24);

/// A portal ready to be served.
pub struct Ready {
    /// The database.
    pub db: Db,
    /// The secret key.
    pub secret: Secret,
    /// How browsers reach it.
    pub address: Address,
    /// The fonts of the PDFs.
    pub fonts: Fonts,
    /// What of the API is set.
    pub api: Options,
    /// Threads that serve requests; one per processor by default.
    pub workers: Option<usize>,
}

/// Starts serving on a listener. The future that comes back ends when the server is told to stop.
pub fn serve(ready: Ready, listener: TcpListener) -> std::io::Result<(Server, SocketAddr)> {
    let Ready { db, secret, address, fonts, api, workers } = ready;
    let at = listener.local_addr()?;
    // What the first page would else pay for.
    for language in Language::ALL {
        i18n::words(language);
    }
    let cookie_key = cookie_key(&secret);
    let api = Api::new(db.clone(), access_keys(&secret), secret.clone(), address.base.clone(), api);
    let state = AppState::new(db.clone(), secret, address.clone(), fonts, api_reference());
    let tidied = db.clone();
    let server = HttpServer::new(move || {
        let cookie = if address.https { "__Host-countersign" } else { "countersign" };
        let lifecycle = BrowserSession::default().state_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges);
        let sessions = SessionMiddleware::builder(session::Store(db.clone()), cookie_key.clone())
            .cookie_name(cookie.to_owned())
            .cookie_secure(address.https)
            .cookie_http_only(true)
            .cookie_same_site(SameSite::Lax)
            .cookie_path("/".to_owned())
            .cookie_content_security(CookieContentSecurity::Signed)
            .session_lifecycle(lifecycle)
            .build();
        // A request passes the layers from the last to the first.
        App::new()
            .app_data(state.clone())
            .app_data(Data::new(db.clone()))
            .app_data(Data::new(address.clone()))
            .configure(|config| api::serve::install(&api, config))
            .configure(|config| routes().install(config))
            .wrap(from_fn(error_pages::show))
            .wrap(sessions)
            .wrap(from_fn(error_pages::last_resort))
            .wrap(from_fn(origin::refuse_cross_site))
            .wrap(from_fn(headers::protect))
            .wrap(from_fn(headers::trace))
    })
    .workers(workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, std::num::NonZero::get)))
    .shutdown_timeout(10)
    .listen(listener)?
    .run();
    tokio::task::spawn_blocking(sign_in::warm_up);
    tokio::spawn(purge_expired(tidied));
    Ok((server, at))
}

/// The operations of the API, for the page that shows them.
fn api_reference() -> Vec<Operation> {
    let row = |operation: &api::call::Operation| Operation {
        method: operation.method.to_string(),
        path: format!("/v1/{}", operation.path),
        summary: operation.summary,
        permission: operation.permission,
    };
    operations::OPERATIONS.iter().map(row).collect()
}

/// What session cookies are signed with.
fn cookie_key(secret: &Secret) -> Key {
    Key::from(&[secret.hash("cookie", &[b"1"]), secret.hash("cookie", &[b"2"])].concat())
}

/// What access tokens are signed with.
pub fn access_keys(secret: &Secret) -> Keys {
    Keys::new(&secret.hash("access token", &[b"HS256"]))
}

/// Once a minute, deletes what has expired: temporary passwords that were not shown, drafts and carts
/// that were not continued.
async fn purge_expired(db: Db) {
    let mut minutes = tokio::time::interval(std::time::Duration::from_mins(1));
    minutes.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        minutes.tick().await;
        if let Err(error) = purge(&db).await {
            tracing::warn!(error = %telemetry::chain(&error), "purging expired rows failed");
        }
    }
}

/// Forgets temporary passwords, drafts, carts and outcomes that are too old.
pub async fn purge(db: &Db) -> Result<(), store::Error> {
    let now = db.clock.now();
    let mut conn = db.read().await?;
    let is_due = temporary_passwords::any_expired(&mut conn, now).await?
        || drafts::any_expired(&mut conn, now).await?
        || order_drafts::any_expired(&mut conn, now).await?
        || carts::any_expired(&mut conn, now).await?
        || selections::any_expired(&mut conn, now).await?
        || idempotency::any_expired(&mut conn, now).await?
        || api_clients::any_expired(&mut conn, now).await?;
    drop(conn);
    if is_due {
        let mut tx = db.maintenance().await?;
        temporary_passwords::purge(&mut tx, now).await?;
        drafts::purge(&mut tx, now).await?;
        order_drafts::purge(&mut tx, now).await?;
        carts::purge(&mut tx, now).await?;
        selections::purge(&mut tx, now).await?;
        idempotency::purge(&mut tx, now).await?;
        api_clients::purge(&mut tx, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A fresh one-time link for the first set-up, when there are no users yet.
pub async fn setup_link(db: &Db, base: &str) -> Result<Option<String>, store::Error> {
    if users::any(&mut db.read().await?).await? {
        return Ok(None);
    }
    let token = random_token();
    let mut tx = db.maintenance().await?;
    idempotency::put_setup_token(&mut tx, token_hash(&token), db.clock.now() + SETUP_LINK).await?;
    tx.commit().await?;
    Ok(Some(paths::setup(base, &token)))
}
