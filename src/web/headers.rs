//! Headers of every answer, the span of the request, and its last line in the log.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use tracing::Instrument as _;

use super::{Address, request_id::RequestId};
use crate::{store::Db, telemetry};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), clipboard-write=(self), \
     display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
     screen-wake-lock=(), serial=(), sync-xhr=(), usb=(), web-share=(), xr-spatial-tracking=()";

/// Tells browsers what they may do with an answer. Pages are nobody else's to keep; assets say otherwise.
pub async fn protect(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let https = is_https(&request);
    let mut response = next.call(request).await?;
    protect_headers(response.headers_mut(), https);
    Ok(response)
}

/// Whether browsers come over HTTPS.
pub fn is_https(request: &ServiceRequest) -> bool {
    request.app_data::<Data<Address>>().is_some_and(|address| address.https)
}

/// Sets the headers of [`protect`].
pub fn protect_headers(headers: &mut HeaderMap, https: bool) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
        (header::CROSS_ORIGIN_EMBEDDER_POLICY, "require-corp"),
        (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
        (header::PERMISSIONS_POLICY, PERMISSIONS_POLICY),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if https {
        let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Gives the request its id, and a span for everything that it logs; writes one line about it at its end. Ids only, no
/// personal data, no query.
pub async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let db = request.app_data::<Data<Db>>().expect("the server is given its database");
    let id = db.clock.id().simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = telemetry::request_span(&id, request.method().as_str());
    let traced = async move {
        let mut response = next.call(request).await.inspect_err(|error| {
            let status = error.as_response_error().status_code().as_u16();
            tracing::info!(status, micros = micros_since(began), "request");
        })?;
        // What matches no route may be any text.
        let is_route = response.request().match_pattern().is_some();
        let path = is_route.then(|| response.request().path());
        tracing::info!(path, status = response.status().as_u16(), micros = micros_since(began), "request");
        name_request(response.headers_mut(), &id);
        Ok(response)
    };
    traced.instrument(span).await
}

/// Tells the id of a request, by which the log names it.
pub fn name_request(headers: &mut HeaderMap, id: &str) {
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

fn micros_since(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}
