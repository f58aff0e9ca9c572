//! What of a customer renews when.

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;

use super::status::customer_status;
use crate::{
    i18n::{self, Words},
    store::subscriptions::{self, Listed},
    web::{
        access::ViewCustomers,
        badge::Badge,
        customer_header::{CustomerHeader, CustomerTab},
        cx::Cx,
        enum_labels,
        error::Error,
        layout::PageLayout,
        path_id::CustomerId,
        respond,
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
    /// Whether the customer's confirmation status would block it.
    is_blocked: bool,
}

/// When subscriptions of a customer renew, and which of them the confirmation status would block.
pub async fn show(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId) -> Result<HttpResponse, Error> {
    let (t, language) = (cx.context.words(), cx.context.language);
    let mut conn = cx.state.db.snapshot().await?;
    let (customer, confirmation_status) = customer_status(&mut conn, &cx, id).await?;
    let found = subscriptions::ending(&mut conn, customer.seq, RENEWALS).await?;
    drop(conn);
    let today = cx.today;
    let mut found: Vec<_> = found.into_iter().map(|row| (renewal_day(&row, today), row)).collect();
    found.sort_by_key(|(day, _)| *day);
    let layout = CustomerHeader::new(&customer, CustomerTab::Below);
    let template = RenewalsTemplate {
        layout: PageLayout::new(&cx.context, format!("{} – {}", fl!(t, "h-renewals"), customer.company_name))
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
    respond::ok(&cx.context, &template)
}

/// The day on which it renews next by itself, or ends.
pub(super) fn renewal_day(row: &Listed, today: NaiveDate) -> Option<NaiveDate> {
    let last = row.commitment_ends_on?;
    if row.auto_renew { row.term_duration.next_renewal(last, today) } else { last.succ_opt() }
}
