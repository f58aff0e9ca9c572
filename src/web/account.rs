//! Account info: company, primary contact and the Microsoft customer agreement of one customer.

use actix_web::HttpResponse;
use askama::Template;
use i18n_embed_fl::fl;

use super::{
    acceptance_view::{AcceptanceView, text_of},
    access::ViewCustomers,
    badge::Badge,
    customer_header::{CustomerHeader, CustomerTab},
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    flash::Flash,
    kept_orders::KeptOrders,
    layout::PageLayout,
    next::Next,
    path_id::CustomerId,
    paths,
    query::Query,
    queue::SourceList,
    respond,
    summary::{SummaryRow, company_facts, contact_facts},
};
use crate::{
    domain::{agreement::ConfirmationStatus, role::Permission},
    i18n::Words,
    store::{
        Read,
        agreements::{self, AccountInfo},
        users,
    },
};

#[derive(Template)]
#[template(path = "account.html")]
struct AccountTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    company: Vec<SummaryRow>,
    microsoft_id: String,
    domain: String,
    contact: Vec<SummaryRow>,
    /// Where the customer was reached from a list: the queue of those behind it.
    next: Option<String>,
    new_order: Option<String>,
    edit_company: Option<String>,
    edit_contact: Option<String>,
    agreement: AgreementBlock,
    kept: Option<KeptOrders>,
}

/// The block *Microsoft customer agreement* in one of its states.
struct AgreementBlock {
    badge: Badge,
    /// What follows from the confirmation status, and the way out; first thing on the page.
    warning: Option<String>,
    accepted: Option<AcceptanceView>,
    /// Why nobody confirms here, or who may.
    notes: Vec<String>,
    update: Option<String>,
    agreements: String,
    /// The record of the confirmation that counts.
    record: Option<String>,
}

/// A customer's address without a page leads to Account info.
pub async fn customer(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId) -> Result<HttpResponse, Error> {
    Ok(respond::see_other(&cx.state, &paths::account(id), None))
}

/// Account info.
pub async fn show(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId, query: Query) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&cx.actor, cx.context.words(), cx.context.language);
    let list = SourceList::of(&query);
    let today = cx.today;
    let mut conn = cx.state.db.snapshot().await?;
    let info = agreements::account_info(&mut conn, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let is_blocked = !info.confirmation_status(&actor.account).gate_is_open();
    let kept = KeptOrders::of(&mut conn, &cx, id, is_blocked).await?;
    let agreement = agreement_block(&mut conn, &cx, &info, list.as_ref()).await?;
    let confirmed = match cx.context.flash {
        Some((Flash::ConfirmationRecorded, about)) if about == id => Some(info.customer.company_name.clone()),
        _ => None,
    };
    drop(conn);

    let customer = CustomerHeader::new(&info.customer, CustomerTab::Account);
    let mut layout = PageLayout::new(&cx.context, format!("{} – {}", fl!(t, "h-account-info"), customer.name))
        .breadcrumbs(customer.breadcrumbs(fl!(t, "h-account-info")))
        .from_list(list.as_ref());
    let flash = cx.context.flash.filter(|(_, about)| *about == id);
    layout.flash = confirmed.map(|company| fl!(t, "ok-saved", company = company)).or_else(|| match flash?.0 {
        Flash::CompanySaved => Some(fl!(t, "ok-company")),
        Flash::ContactSaved => Some(fl!(t, "ok-contact")),
        _ => None,
    });
    let may_edit = actor.role.may(Permission::EditCustomers);
    let qualification = info.customer.qualification;
    let template = AccountTemplate {
        layout,
        t,
        company: company_facts(&info.customer.company(), t, language)
            .into_iter()
            .chain(
                info.customer
                    .associated_partner_id
                    .clone()
                    .map(|mpn| SummaryRow { label: fl!(t, "f-reseller-mpn"), lines: vec![mpn] }),
            )
            .chain(qualification.map(|one| SummaryRow {
                label: fl!(t, "qualification"),
                lines: vec![enum_labels::qualification(Some(one), t)],
            }))
            .collect(),
        microsoft_id: id.to_string(),
        domain: info.customer.domain.clone(),
        contact: contact_facts(&info.customer.contact(), t),
        next: list
            .filter(|list| list.may_be_blocked() && actor.account.confirms())
            .filter(|_| actor.role.may(Permission::ConfirmAcceptance))
            .map(|list| list.queue_behind(id)),
        new_order: actor.role.may(Permission::PlaceOrders).then(|| paths::new_order(id)),
        edit_company: may_edit.then(|| paths::company(id)),
        edit_contact: may_edit.then(|| paths::contact(id)),
        agreement,
        kept,
        customer,
    };
    respond::ok(&cx.context, &template)
}

async fn agreement_block(
    conn: &mut dyn Read,
    cx: &ActorContext,
    info: &AccountInfo,
    list: Option<&SourceList>,
) -> Result<AgreementBlock, Error> {
    let (t, language) = (cx.context.words(), cx.context.language);
    let confirmation_status = info.confirmation_status(&cx.actor.account);
    let confirms = cx.actor.account.confirms();
    let may_confirm = cx.actor.role.may(Permission::ConfirmAcceptance);

    let mut notes = Vec::new();
    if confirmation_status == ConfirmationStatus::NotApplicable {
        notes.push(fl!(t, "na-text", cloud = enum_labels::cloud(cx.actor.account.cloud, t)));
    } else if !confirms {
        notes.push(fl!(t, "reseller-text"));
    } else if !may_confirm {
        let names = users::who_may(conn, cx.actor.account.id, Permission::ConfirmAcceptance).await?;
        notes.push(if names.is_empty() {
            fl!(t, "perm-text-nobody")
        } else {
            fl!(t, "perm-text", names = enum_labels::either(&names, t))
        });
    }
    let accepted = match (&info.agreement, &info.version_label) {
        (Some(agreement), Some(label)) => {
            let mut view = AcceptanceView::new(agreement, label.clone(), cx.actor.account.time_zone, t, language);
            view.text = text_of(conn, &info.customer, agreement.version_id, t, language).await?;
            Some(view)
        }
        _ => None,
    };
    Ok(AgreementBlock {
        badge: Badge::of(confirmation_status, t),
        warning: super::agreements::consequence(confirmation_status, t),
        accepted,
        notes,
        update: (confirms && may_confirm).then(|| Next::Account { list: list.cloned() }.update(info.customer.id)),
        agreements: paths::agreements(info.customer.id),
        record: info.agreement.as_ref().map(|agreement| paths::record(info.customer.id, agreement.id)),
    })
}
