//! What programs may ask for, in a table for people. The operations are told to the portal when it starts, since pages and
//! API know nothing of each other.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;

use super::{
    access::ViewCustomers,
    api_operation::Operation,
    cx::Cx,
    enum_labels,
    error::Error,
    layout::{PageLayout, Section},
    paths, respond,
};
use crate::{domain::role::Role, i18n::Words};

#[derive(Template)]
#[template(path = "api_reference.html")]
struct ReferenceTemplate<'a> {
    layout: PageLayout,
    t: &'static Words,
    /// How a program asks for a token and then for customers, at a shell.
    example: String,
    /// Each with the least role that may.
    operations: Vec<(&'a Operation, String)>,
}

/// The operations.
pub async fn show(cx: Cx<ViewCustomers>) -> Result<HttpResponse, Error> {
    let t = cx.context.words();
    let base = &cx.state.address.base;
    let template = ReferenceTemplate {
        layout: PageLayout::new(&cx.context, fl!(t, "h-api-reference")).below(
            Section::ApiClients,
            [(paths::API_CLIENTS.to_owned(), fl!(t, "nav-api-clients")), (String::new(), fl!(t, "h-api-reference"))],
        ),
        t,
        example: format!(
            "curl {base}/$tenant/oauth2/v2.0/token -d grant_type=client_credentials \\\n  -d client_id=$client \
             --data-urlencode client_secret=$secret\ncurl -H \"Authorization: Bearer $token\" {base}/v1/customers"
        ),
        operations: cx
            .state
            .api
            .iter()
            .map(|operation| {
                let least = Role::with(operation.permission).last();
                (operation, least.map(|role| enum_labels::role(role, t)).unwrap_or_default())
            })
            .collect(),
    };
    respond::render(&cx.context, StatusCode::OK, &template)
}
