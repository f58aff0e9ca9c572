//! What happened to a customer, in sentences, by day.

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;
use i18n_embed_fl::fl;

use super::{
    access::ViewCustomers,
    customer_header::{CustomerHeader, CustomerTab},
    cx::Cx,
    error::Error,
    events::{Day, EventFormatter},
    layout::PageLayout,
    path_id::CustomerId,
    paths,
    query::Query,
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
pub async fn show(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId, query: Query) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&cx.actor, cx.context.words(), cx.context.language);
    let before = query.parsed("before");
    let mut conn = cx.state.db.snapshot().await?;
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
        layout: PageLayout::new(&cx.context, format!("{} – {}", fl!(t, "h-history"), customer.company_name))
            .breadcrumbs(layout.breadcrumbs(fl!(t, "h-history"))),
        t,
        customer: layout,
        days,
        older,
    };
    respond::ok(&cx.context, &template)
}
