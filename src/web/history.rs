//! What happened to a customer, in sentences, by day.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use i18n_embed_fl::fl;

use super::{
    Portal,
    access::{May, ViewCustomers},
    account::{CustomerFrame, Here, customer_id},
    error::Error,
    events::{Day, Teller},
    form::Form,
    page::{self, Frame},
    paths,
    visit::Visit,
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
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
    days: Vec<Day>,
    older: Option<String>,
}

/// The history of a customer.
pub async fn show(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, visit.words(), visit.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let before = Form::decode(request.query_string().as_bytes()).get_raw("before").parse().ok();
    let mut at = portal.db.snapshot().await?;
    let customer = customers::find(&mut at, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let mut entries = audit::history(&mut at, actor.account.id, id, before, PAGE + 1).await?;
    drop(at);

    let has_older = page::cut(&mut entries, PAGE);
    let older =
        has_older.then(|| entries.last().map(|entry| format!("{}?before={}", paths::history(id), entry.seq))).flatten();

    let names = HashMap::new();
    let teller = Teller { t, language, zone: actor.account.time_zone, names: &names };
    let days = teller.days(entries.iter().map(|entry| (entry, None)));
    let frame = CustomerFrame::new(&customer, Here::History);
    let template = HistoryTemplate {
        frame: Frame::new(&visit, format!("{} – {}", fl!(t, "h-history"), customer.company_name))
            .crumbs(frame.crumbs(fl!(t, "h-history"))),
        t,
        customer: frame,
        days,
        older,
    };
    page::ok(&visit, &template)
}
