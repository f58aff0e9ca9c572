//! What of a customer renews when.

use actix_web::{HttpResponse, web};
use askama::Template;
use i18n_embed_fl::fl;

use super::{customer_standing, renewal_day};
use crate::{
    domain::order::TermDuration,
    i18n::{self, Words},
    store::subscriptions,
    web::{
        Portal,
        access::{May, ViewCustomers},
        account::{CustomerFrame, Here, customer_id},
        error::Error,
        page::{self, Badge, Frame},
        visit::Visit,
        words,
    },
};

/// The most that are looked at for what renews when.
const RENEWALS: i64 = 200;

#[derive(Template)]
#[template(path = "renewals.html")]
struct RenewalsTemplate {
    frame: Frame,
    t: &'static Words,
    customer: CustomerFrame,
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
    /// Whether the customer's standing would hold it up.
    is_blocked: bool,
}

/// What of a customer renews when, and what of it the customer's standing would hold up.
pub async fn show(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    path: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, visit.words(), visit.language);
    let id = customer_id(&path)?;
    let mut at = portal.db.snapshot().await?;
    let (customer, standing) = customer_standing(&mut at, actor, &visit, id).await?;
    let found = subscriptions::ending(&mut at, customer.seq, RENEWALS).await?;
    drop(at);
    let today = actor.account.today(visit.now);
    let mut found: Vec<_> = found.into_iter().map(|row| (renewal_day(&row, today), row)).collect();
    found.sort_by_key(|(day, _)| *day);
    let frame = CustomerFrame::new(&customer, Here::Below);
    let template = RenewalsTemplate {
        frame: Frame::new(&visit, format!("{} – {}", fl!(t, "h-renewals"), customer.company_name))
            .crumbs(frame.crumbs(fl!(t, "h-renewals"))),
        t,
        badge: Badge::of(standing, t),
        renewals: found
            .iter()
            .map(|(day, row)| Renewal {
                day: day.map(|day| i18n::date_short(day, language)).unwrap_or_default(),
                offer: row.offer_name.clone(),
                quantity: i18n::number(row.quantity, language),
                term: TermDuration::from_code(&row.term_duration)
                    .map(|term| words::term_duration(term, t))
                    .unwrap_or_default(),
                what: match (row.auto_renew, standing.gate_is_open()) {
                    (true, _) => fl!(t, "renews-by-itself"),
                    (false, true) => fl!(t, "renews-by-hand"),
                    (false, false) => fl!(t, "renewal-blocked"),
                },
                is_blocked: !row.auto_renew && !standing.gate_is_open(),
            })
            .collect(),
        customer: frame,
    };
    page::ok(&visit, &template)
}
