//! What of a customer renews when.

use actix_web::{HttpResponse, web};
use askama::Template;
use i18n_embed_fl::fl;

use super::{customer_status, renewal_day};
use crate::{
    i18n::{self, Words},
    store::subscriptions,
    web::{
        AppState,
        access::{May, ViewCustomers},
        account::{CustomerHeader, CustomerTab, customer_id},
        enum_labels,
        error::Error,
        page::{self, Badge, PageLayout},
        request_context::RequestContext,
    },
};

/// The most that are looked at for what renews when.
const RENEWALS: i64 = 200;

#[derive(Template)]
#[template(path = "renewals.html")]
struct RenewalsTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    badge: Badge,
    renewals: Vec<Renewal>,
}

struct Renewal {
    day: String,
    offer: String,
    quantity: String,
    term: String,
    /// What happens on that day.
    what: String,
    /// Whether the customer's confirmation status would hold it up.
    is_blocked: bool,
}

/// What of a customer renews when, and what of it the customer's confirmation status would hold up.
pub async fn show(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, context.words(), context.language);
    let id = customer_id(&path)?;
    let mut conn = state.db.snapshot().await?;
    let (customer, confirmation_status) = customer_status(&mut conn, actor, &context, id).await?;
    let found = subscriptions::ending(&mut conn, customer.seq, RENEWALS).await?;
    drop(conn);
    let today = actor.account.today(context.now);
    let mut found: Vec<_> = found.into_iter().map(|row| (renewal_day(&row, today), row)).collect();
    found.sort_by_key(|(day, _)| *day);
    let layout = CustomerHeader::new(&customer, CustomerTab::Below);
    let template = RenewalsTemplate {
        layout: PageLayout::new(&context, format!("{} – {}", fl!(t, "h-renewals"), customer.company_name))
            .breadcrumbs(layout.breadcrumbs(fl!(t, "h-renewals"))),
        t,
        badge: Badge::of(confirmation_status, t),
        renewals: found
            .iter()
            .map(|(day, row)| Renewal {
                day: day.map(|day| i18n::date_short(day, language)).unwrap_or_default(),
                offer: row.offer_name.clone(),
                quantity: i18n::number(row.quantity, language),
                term: enum_labels::term_duration(row.term_duration, t),
                what: match (row.auto_renew, confirmation_status.gate_is_open()) {
                    (true, _) => fl!(t, "renews-by-itself"),
                    (false, true) => fl!(t, "renews-by-hand"),
                    (false, false) => fl!(t, "renewal-blocked"),
                },
                is_blocked: !row.auto_renew && !confirmation_status.gate_is_open(),
            })
            .collect(),
        customer: layout,
    };
    page::ok(&context, &template)
}
