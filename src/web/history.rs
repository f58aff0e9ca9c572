//! What happened to a customer, in sentences, by day.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use i18n_embed_fl::fl;

use super::{
    AppState,
    access::{May, ViewCustomers},
    customer_header::{CustomerHeader, CustomerTab},
    error::Error,
    events::{Day, EventFormatter},
    form::Form,
    layout::PageLayout,
    path_id::customer_id,
    paths,
    request_context::RequestContext,
    respond,
};
use crate::{
    i18n::Words,
    store::{audit, customers},
};

/// Entries on a page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    days: Vec<Day>,
    older: Option<String>,
}

/// The history of a customer.
pub async fn show(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, context.words(), context.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let before = Form::decode(request.query_string().as_bytes()).get_raw("before").parse().ok();
    let mut conn = state.db.snapshot().await?;
    let customer = customers::find(&mut conn, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let mut entries = audit::history(&mut conn, actor.account.id, id, before, PAGE + 1).await?;
    drop(conn);

    let has_older = respond::truncate_page(&mut entries, PAGE);
    let older =
        has_older.then(|| entries.last().map(|entry| format!("{}?before={}", paths::history(id), entry.seq))).flatten();

    let names = HashMap::new();
    let teller = EventFormatter { t, language, zone: actor.account.time_zone, names: &names };
    let days = teller.days(entries.iter().map(|entry| (entry, None)));
    let layout = CustomerHeader::new(&customer, CustomerTab::History);
    let template = HistoryTemplate {
        layout: PageLayout::new(&context, format!("{} – {}", fl!(t, "h-history"), customer.company_name))
            .breadcrumbs(layout.breadcrumbs(fl!(t, "h-history"))),
        t,
        customer: layout,
        days,
        older,
    };
    respond::ok(&context, &template)
}
