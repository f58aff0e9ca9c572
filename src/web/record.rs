//! The confirmation record: everything that is known of one confirmation on one sheet, in the reader's language and in
//! English, with the hash that the log vouches for it by.

mod data;
mod fonts;
mod json;
mod pdf;
mod sheet;

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;

pub use self::fonts::{FontError, Fonts};
use self::{data::Record, pdf::Fault, sheet::Sheet};
use super::{
    access::ViewCustomers,
    badge::Badge,
    customer_header::{CustomerHeader, CustomerTab},
    cx::Cx,
    error::Error,
    export::attachment,
    layout::PageLayout,
    path_id::{AgreementId, CustomerId},
    paths,
    request_context::RequestContext,
    respond,
};
use crate::{domain::text, i18n::Words};

#[derive(Template)]
#[template(path = "record.html")]
struct RecordTemplate {
    layout: PageLayout,
    t: &'static Words,
    sheet: Sheet,
    /// The confirmation status, where this is the confirmation that counts.
    badge: Option<Badge>,
    json: String,
    pdf: String,
    /// Why this page is shown instead of the PDF.
    no_pdf: Option<String>,
}

/// The record as a page, made to be printed.
pub async fn show(
    cx: Cx<ViewCustomers>,
    CustomerId(customer): CustomerId,
    AgreementId(agreement): AgreementId,
) -> Result<HttpResponse, Error> {
    let record = Record::load(&cx, customer, agreement).await?;
    page_of(&record, Sheet::of(&record, cx.context.language), &cx.context, StatusCode::OK, None)
}

/// The record as a PDF or, when no font has every character of it, the page to print instead.
pub async fn pdf(
    cx: Cx<ViewCustomers>,
    CustomerId(customer): CustomerId,
    AgreementId(agreement): AgreementId,
) -> Result<HttpResponse, Error> {
    let (t, language) = (cx.context.words(), cx.context.language);
    let record = Record::load(&cx, customer, agreement).await?;
    let sheet = Sheet::of(&record, language);
    let (fonts, made_at) = (cx.state.fonts.clone(), record.made_at);
    let drawn = sheet.clone();
    let span = tracing::Span::current();
    let made = tokio::task::spawn_blocking(move || span.in_scope(|| pdf::pdf(&drawn, language, made_at, &fonts))).await;
    match made.map_err(|error| Error::fault_of(&error))? {
        Ok(file) => Ok(attachment("application/pdf", &record.file_name("pdf")).body(file)),
        Err(Fault::Missing(characters)) => {
            let why = fl!(t, "e-record-script", characters = text::shown(&characters));
            page_of(&record, sheet, &cx.context, StatusCode::UNPROCESSABLE_ENTITY, Some(why))
        }
        Err(Fault::Invalid(error)) => Err(Error::fault(&error)),
    }
}

fn page_of(
    record: &Record,
    sheet: Sheet,
    context: &RequestContext,
    status: StatusCode,
    no_pdf: Option<String>,
) -> Result<HttpResponse, Error> {
    let t = context.words();
    let customer = CustomerHeader::new(&record.customer, CustomerTab::Below);
    let agreements = (paths::agreements(record.customer.id), fl!(t, "h-agreements"));
    let [account, here] = customer.breadcrumbs(sheet.title.text.clone());
    let template = RecordTemplate {
        layout: PageLayout::new(context, format!("{} – {}", sheet.title.text, customer.name))
            .breadcrumbs([account, agreements, here]),
        t,
        badge: record.proven.counts.then(|| Badge::of(record.confirmation_status, t)),
        json: paths::record_json(record.customer.id, record.proven.agreement.id),
        pdf: paths::record_pdf(record.customer.id, record.proven.agreement.id),
        no_pdf,
        sheet,
    };
    respond::render(context, status, &template)
}

/// The same content for machines.
pub async fn json(
    cx: Cx<ViewCustomers>,
    CustomerId(customer): CustomerId,
    AgreementId(agreement): AgreementId,
) -> Result<HttpResponse, Error> {
    let record = Record::load(&cx, customer, agreement).await?;
    Ok(attachment("application/json", &record.file_name("json")).json(json::Document::of(&record)))
}
