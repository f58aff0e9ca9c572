//! Every order of a customer.

use actix_web::HttpResponse;
use askama::Template;
use i18n_embed_fl::fl;

use super::lines::may_order;
use crate::{
    i18n::{self, Words},
    store::{agreements::account_info, orders},
    web::{
        access::ViewCustomers,
        customer_header::{CustomerHeader, CustomerTab},
        cx::Cx,
        enum_labels,
        error::Error,
        flash::Flash,
        kept_orders::KeptOrders,
        layout::PageLayout,
        path_id::CustomerId,
        paths,
        query::Query,
        respond,
    },
};

/// Orders on a page.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "orders.html")]
struct ListTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    kept: Option<KeptOrders>,
    orders: Vec<Listed>,
    older: Option<String>,
    new_order: Option<String>,
}

struct Listed {
    href: String,
    placed: String,
    what: String,
    quantity: String,
    who: String,
}

/// Every order of a customer, newest first.
pub async fn list(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId, query: Query) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&cx.actor, cx.context.words(), cx.context.language);
    let before = query.parsed("before");
    let mut conn = cx.state.db.snapshot().await?;
    let info = account_info(&mut conn, actor.account.id, id, cx.today).await?.ok_or(Error::NotFound)?;
    let (confirmation_status, customer) = (info.confirmation_status(&actor.account), info.customer);
    let mut found = orders::list(&mut conn, customer.seq, before, PAGE + 1).await?;
    let kept = match before {
        None => KeptOrders::of(&mut conn, &cx, id, !confirmation_status.gate_is_open()).await?,
        Some(_) => None,
    };
    drop(conn);
    let has_older = respond::truncate_page(&mut found, PAGE);

    let layout = CustomerHeader::new(&customer, CustomerTab::Orders);
    let mut page = PageLayout::new(&cx.context, format!("{} – {}", fl!(t, "h-orders"), customer.company_name))
        .breadcrumbs(layout.breadcrumbs(fl!(t, "h-orders")));
    let discarded = cx.context.flash == Some((Flash::OrderDiscarded, id));
    page.flash = discarded.then(|| fl!(t, "ok-order-discarded"));
    let template = ListTemplate {
        layout: page,
        t,
        kept,
        orders: found
            .iter()
            .map(|order| Listed {
                href: paths::order(id, order.id),
                placed: i18n::time(order.placed_at, actor.account.time_zone, language),
                what: match order.lines - 1 {
                    0 => order.first_offer.clone(),
                    more => fl!(t, "order-and-more", offer = order.first_offer.clone(), more = more),
                },
                quantity: i18n::number(order.quantity, language),
                who: enum_labels::who(order.placed_by_kind, &order.placed_by_name, t),
            })
            .collect(),
        older: found.last().filter(|_| has_older).map(|order| format!("{}?before={}", paths::orders(id), order.id)),
        new_order: may_order(actor, id),
        customer: layout,
    };
    respond::ok(&cx.context, &template)
}
