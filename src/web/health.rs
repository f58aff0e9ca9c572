//! Health checks for monitoring.

use actix_web::HttpResponse;

use super::{AppState, access::Anyone};

/// The process lives.
pub async fn healthz(_: Anyone) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// The database answers too.
pub async fn readyz(_: Anyone, state: AppState) -> HttpResponse {
    let (mut response, body) = match state.db.ping().await {
        Ok(()) => (HttpResponse::Ok(), "ok\n"),
        Err(error) => {
            tracing::error!(error = %crate::telemetry::chain(&error), "readiness check failed: database unavailable");
            (HttpResponse::ServiceUnavailable(), "the database does not answer\n")
        }
    };
    response.content_type("text/plain; charset=utf-8").body(body)
}
