//! One order.

use actix_web::HttpResponse;
use askama::Template;
use i18n_embed_fl::fl;

use super::lines::{LineView, may_order, quantity_words};
use crate::{
    i18n::{self, Words},
    store::{customers, orders},
    web::{
        access::ViewCustomers,
        customer_header::{CustomerHeader, CustomerTab},
        cx::Cx,
        enum_labels,
        error::Error,
        flash::Flash,
        layout::PageLayout,
        path_id::{CustomerId, OrderId},
        respond,
        summary::SummaryRow,
    },
};

#[derive(Template)]
#[template(path = "order.html")]
struct OrderTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    facts: Vec<SummaryRow>,
    lines: Vec<LineView>,
    new_order: Option<String>,
}

/// One order.
pub async fn show(
    cx: Cx<ViewCustomers>,
    CustomerId(id): CustomerId,
    OrderId(order_id): OrderId,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&cx.actor, cx.context.words(), cx.context.language);
    let mut conn = cx.state.db.snapshot().await?;
    let customer = customers::find(&mut conn, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let (order, lines) = orders::find(&mut conn, customer.seq, order_id).await?.ok_or(Error::NotFound)?;
    drop(conn);
    let layout = CustomerHeader::new(&customer, CustomerTab::Below);
    let heading = fl!(t, "h-order");
    let mut page = PageLayout::new(&cx.context, format!("{heading} – {}", customer.company_name))
        .breadcrumbs(layout.breadcrumbs(heading));
    let placed = cx.context.flash.is_some_and(|flash| flash == (Flash::OrderPlaced, order_id));
    page.flash = placed.then(|| fl!(t, "ok-order"));
    let template = OrderTemplate {
        layout: page,
        t,
        facts: vec![
            SummaryRow {
                label: fl!(t, "fact-placed"),
                lines: vec![i18n::time(order.placed_at, actor.account.time_zone, language)],
            },
            SummaryRow {
                label: fl!(t, "fact-placed-by"),
                lines: vec![enum_labels::who(order.placed_by_kind, &order.placed_by_name, t)],
            },
            SummaryRow { label: fl!(t, "fact-order-id"), lines: vec![order.id.to_string()] },
        ],
        lines: lines
            .iter()
            .map(|line| LineView {
                offer: line.offer_name.clone(),
                quantity: quantity_words(line.billing, line.quantity, &cx.context),
                term: enum_labels::term_duration(line.term_duration, t),
                cycle: enum_labels::billing_cycle(line.billing_cycle, t),
            })
            .collect(),
        new_order: may_order(actor, id),
        customer: layout,
    };
    respond::ok(&cx.context, &template)
}
