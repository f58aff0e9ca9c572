//! Receives requests and sends responses: one route for every operation, with the headers that all responses have.

use std::panic::AssertUnwindSafe;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    web::{self, ServiceConfig},
};
use futures_util::FutureExt as _;
use uuid::Uuid;

use super::{
    access,
    call::{self, ApiRequest, ApiResponse, BODY_MAX},
    fault::ApiError,
    oauth, openapi, operations,
    state::Api,
};
use crate::{domain::clock::Clock, telemetry};

/// The longest header that is returned.
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
                .route(web::post().to(oauth::version_1))
                .default_service(web::to(oauth::other_method)),
        )
        .service(
            web::resource("/{tenant}/oauth2/v2.0/token")
                .route(web::post().to(oauth::version_2))
                .default_service(web::to(oauth::other_method)),
        )
        .service(web::resource("/{tenant}/.well-known/openid-configuration").route(web::get().to(oauth::discovery_1)))
        .service(
            web::resource("/{tenant}/v2.0/.well-known/openid-configuration").route(web::get().to(oauth::discovery_2)),
        )
        .service(web::resource("/{tenant}/oauth2/authorize").to(oauth::authorize))
        .service(web::resource("/{tenant}/oauth2/v2.0/authorize").to(oauth::authorize))
        .service(web::resource("/openapi.json").route(web::get().to(description)))
        .service(web::resource(r"/{slashes:/*}{version:[vV]1(?:\.0)?}{path:(?:/.*)?}").to(operation));
}

/// `GET /openapi.json`: the description of the API; needs no token.
async fn description() -> HttpResponse {
    telemetry::record_route("/openapi.json");
    HttpResponse::Ok().content_type("application/json").body(openapi::document())
}

/// Any operation.
async fn operation(request: HttpRequest, payload: web::Payload, api: web::Data<Api>) -> HttpResponse {
    let headers = request.headers();
    let given = request_id(headers);
    let request_id = given.clone().ok().flatten().unwrap_or_else(|| api.db.clock.id());
    let work = AssertUnwindSafe(async {
        given?;
        run(&api, &request, request_id, payload).await
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
    payload: web::Payload,
) -> Result<ApiResponse, ApiError> {
    let found = operations::find(request.method(), request.match_info().query("path"));
    if let Some((operation, _)) = &found {
        telemetry::record_route(&format!("/v1/{}", operation.path));
    }
    let bearer = access::bearer(api, request.headers())?;
    api.rate.count(bearer.client, request_id, api.db.clock.now()).map_err(ApiError::too_many_requests)?;
    let actor = access::caller(api, bearer).await?;
    telemetry::record_actor(&actor);
    // Nobody without a valid token makes the portal buffer a body.
    let body_max = found.as_ref().map_or(BODY_MAX, |(operation, _)| operation.body_max());
    let body = call::read_payload(payload, body_max).await.ok_or_else(|| {
        ApiError::property(format!("The body did not arrive as a whole, or has more than {body_max} bytes."))
    })?;
    let (operation, path_values) = found.ok_or_else(ApiError::not_found)?;
    access::may(api, &actor, operation).await?;
    let call = ApiRequest {
        api,
        actor,
        operation,
        path_values,
        query: form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect(),
        headers: request.headers(),
        body: &body,
        request_id,
    };
    (operation.run)(&call).await
}

/// The id that a client gave the request.
fn request_id(headers: &HeaderMap) -> Result<Option<Uuid>, ApiError> {
    let Some(value) = headers.get(REQUEST_ID) else { return Ok(None) };
    let id = value.to_str().ok().map(str::trim).filter(|text| text.is_ascii()).and_then(call::guid);
    id.map(Some).ok_or_else(|| ApiError::argument("MS-RequestId must be a GUID."))
}

/// Adds the ids of the request to the response.
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
