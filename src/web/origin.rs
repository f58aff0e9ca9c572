//! Refusing what another site makes a browser send.

use actix_web::{
    Error as ActixError,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web::Data,
};

use super::{Address, error::Error, paths};

/// Refuses a write that another site caused: when `Sec-Fetch-Site` is neither `same-origin` nor `none`, or, where
/// it is absent, when `Origin` is not the portal's. A request with neither is no browser's and passes,
/// and so does what is for programs: no cookie opens it.
pub async fn refuse_cross_site<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, ActixError> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || paths::is_api_path(request.path()) || is_own(&request) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let response = super::error_pages::plain_page(request.request(), &Error::CrossSite);
    Ok(request.into_response(response).map_into_right_body())
}

fn is_own(request: &ServiceRequest) -> bool {
    let text = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => request.app_data::<Data<Address>>().is_some_and(|address| address.base == origin),
        (None, None) => true,
    }
}
