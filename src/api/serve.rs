//! How requests come in and answers go out: one address for every operation, whose headers are the same everywhere.

use std::panic::AssertUnwindSafe;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    web::{self, Bytes, ServiceConfig},
};
use futures_util::FutureExt as _;
use uuid::Uuid;

use super::{
    Api, access,
    fault::ApiError,
    operations::{self, ApiRequest, ApiResponse},
    token,
};
use crate::{domain::clock::Clock, telemetry};

/// The most bytes of a request's body.
const BODY_MAX: usize = 256 * 1024;

/// The longest header that is said back.
const ECHO_MAX: usize = 128;

const REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");
const VECTOR: HeaderName = HeaderName::from_static("ms-cv");
const SERVER_ID: HeaderName = HeaderName::from_static("ms-serverid");

/// Puts the API where clients look for it: versions `v1` and `v1.0`, with any slashes before them.
pub fn install(api: &Api, config: &mut ServiceConfig) {
    config
        .app_data(web::Data::new(api.clone()))
        .service(
            web::resource("/{tenant}/oauth2/token")
                .route(web::post().to(token::version_1))
                .default_service(web::to(token::other_method)),
        )
        .service(
            web::resource("/{tenant}/oauth2/v2.0/token")
                .route(web::post().to(token::version_2))
                .default_service(web::to(token::other_method)),
        )
        .service(web::resource("/openapi.json").route(web::get().to(openapi)))
        .service(web::resource(r"/{slashes:/*}{version:[vV]1(?:\.0)?}{path:(?:/.*)?}").to(operation));
}

/// A request's body as a whole; `None` when it is too large or broke off.
pub async fn body(payload: web::Payload) -> Option<Bytes> {
    payload.to_bytes_limited(BODY_MAX).await.ok()?.ok()
}

/// `GET /openapi.json`: what there is, for whoever asks.
async fn openapi(api: web::Data<Api>) -> HttpResponse {
    telemetry::record_route("/openapi.json");
    HttpResponse::Ok().content_type("application/json").body(api.openapi.clone())
}

/// Any operation.
async fn operation(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    let headers = request.headers();
    let given = request_id(headers);
    let request_id = given.clone().ok().flatten().unwrap_or_else(|| api.db.clock.id());
    let work = AssertUnwindSafe(async {
        given?;
        let body = body(payload).await.ok_or_else(|| {
            ApiError::property(format!("The body did not arrive as a whole, or has more than {BODY_MAX} bytes."))
        });
        run(&api, &request, request_id, body).await
    });
    let answer = match work.catch_unwind().await {
        Ok(answer) => answer,
        Err(_) => Err(ApiError::internal("an operation panicked")),
    };
    let mut response = match answer {
        Ok(ApiResponse { status: StatusCode::NO_CONTENT, .. }) => HttpResponse::NoContent().finish(),
        Ok(ApiResponse { status, body }) => {
            HttpResponse::build(status).content_type("application/json; charset=utf-8").body(body)
        }
        Err(fault) => fault.answer(),
    };
    echo(headers, request_id, &api.db.clock, response.headers_mut());
    response
}

async fn run(
    api: &Api,
    request: &HttpRequest,
    request_id: Uuid,
    body: Result<Bytes, ApiError>,
) -> Result<ApiResponse, ApiError> {
    let found = operations::find(request.method(), request.match_info().query("path"));
    if let Some((operation, _)) = &found {
        telemetry::record_route(&format!("/v1/{}", operation.path));
    }
    let bearer = access::bearer(api, request.headers())?;
    api.rate.count(bearer.client, request_id, api.db.clock.now()).map_err(ApiError::too_many_requests)?;
    let actor = access::caller(api, bearer).await?;
    telemetry::record_actor(&actor);
    let body = body?;
    let (operation, parts) = found.ok_or_else(ApiError::not_found)?;
    access::may(api, &actor, operation).await?;
    let call = ApiRequest {
        api,
        actor,
        operation,
        query: form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect(),
        headers: request.headers(),
        body: &body,
        request_id,
        target: format!("{} {} {}", operation.method, operation.path, parts.join("/").to_ascii_lowercase()),
        parts,
    };
    (operation.run)(&call).await
}

/// The id that a program gave the request.
fn request_id(headers: &HeaderMap) -> Result<Option<Uuid>, ApiError> {
    let Some(value) = headers.get(REQUEST_ID) else { return Ok(None) };
    let id = value.to_str().ok().map(str::trim).filter(|text| text.is_ascii()).and_then(operations::guid);
    id.map(Some).ok_or_else(|| ApiError::argument("MS-RequestId must be a GUID."))
}

/// Says back by what the program and the portal know the request.
fn echo(request: &HeaderMap, request_id: Uuid, clock: &Clock, answer: &mut HeaderMap) {
    let mut put = |name: HeaderName, text: String| {
        if let Ok(value) = HeaderValue::try_from(text) {
            answer.insert(name, value);
        }
    };
    let given = |name: HeaderName| {
        let text = request.get(name)?.to_str().ok()?;
        (text.len() <= ECHO_MAX).then(|| text.to_owned())
    };
    put(REQUEST_ID, given(REQUEST_ID).unwrap_or_else(|| request_id.to_string()));
    put(CORRELATION_ID, given(CORRELATION_ID).unwrap_or_else(|| clock.id().to_string()));
    if let Some(vector) = given(VECTOR) {
        put(VECTOR, vector);
    }
    put(SERVER_ID, "countersign".to_owned());
}
