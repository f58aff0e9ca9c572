//! Every confirmation of a customer.

use actix_web::HttpResponse;
use askama::Template;
use i18n_embed_fl::fl;

use super::{
    acceptance_view::AcceptanceView,
    access::ViewCustomers,
    badge::Badge,
    customer_header::{CustomerHeader, CustomerTab},
    cx::Cx,
    error::Error,
    layout::PageLayout,
    path_id::CustomerId,
    paths, respond,
};
use crate::{
    domain::{
        agreement::{confirmation_status, counting},
        role::Permission,
    },
    i18n::Words,
    store::{agreements, customers},
};

#[derive(Template)]
#[template(path = "agreements.html")]
struct AgreementsTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    badge: Badge,
    agreements: Vec<Listed>,
    update: Option<String>,
}

struct Listed {
    view: AcceptanceView,
    counts: bool,
    record: String,
}

/// Every confirmation of a customer, newest first.
pub async fn list(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&cx.actor, cx.context.words(), cx.context.language);
    let today = cx.today;
    let mut conn = cx.state.db.snapshot().await?;
    let customer = customers::find(&mut conn, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let versions = agreements::versions(&mut conn).await?;
    let recorded = agreements::of_customer(&mut conn, customer.seq, &versions).await?;
    drop(conn);

    let in_force = counting(&recorded).map(|agreement| agreement.id);
    let confirmation_status =
        confirmation_status(&actor.account, customer.agreement_published_on, versions.required_version_date(today));
    let may_confirm = actor.account.confirms() && actor.role.may(Permission::ConfirmAcceptance);
    let layout = CustomerHeader::new(&customer, CustomerTab::Below);
    let template = AgreementsTemplate {
        layout: PageLayout::new(&cx.context, format!("{} – {}", fl!(t, "h-agreements"), customer.company_name))
            .breadcrumbs(layout.breadcrumbs(fl!(t, "h-agreements"))),
        t,
        badge: Badge::of(confirmation_status, t),
        agreements: recorded
            .iter()
            .map(|agreement| Listed {
                view: AcceptanceView::new(
                    agreement,
                    versions.find(agreement.version_id).map(|version| version.label.clone()).unwrap_or_default(),
                    actor.account.time_zone,
                    t,
                    language,
                ),
                counts: in_force == Some(agreement.id),
                record: paths::record(customer.id, agreement.id),
            })
            .collect(),
        update: may_confirm.then(|| paths::update(customer.id)),
        customer: layout,
    };
    respond::ok(&cx.context, &template)
}
