//! The confirmation record: everything that is known of one confirmation on one sheet, in the reader's language and in
//! English, with the hash that the log vouches for it by.

mod fonts;
mod json;
mod pdf;
mod sheet;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use askama::Template;
use chrono::{DateTime, Utc};
use i18n_embed_fl::fl;

pub use self::fonts::{FontError, Fonts};
use self::{pdf::Fault, sheet::Sheet};
use super::{
    AppState,
    access::{May, ViewCustomers},
    account::{CustomerHeader, CustomerTab, customer_id, guid},
    error::Error,
    export::attachment,
    page::{self, Badge, PageLayout},
    paths,
    request_context::RequestContext,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{AgreementVersion, ConfirmationStatus, confirmation_status},
        partner_account::PartnerAccount,
        text,
    },
    i18n::Words,
    store::{
        agreements::{self, TextLink, VerifiedAgreement},
        audit::{self, Verification},
        customers::{self, Customer},
    },
};

/// Everything a record is made of, of one moment.
struct Record {
    account: PartnerAccount,
    customer: Customer,
    /// The customer's confirmation status today.
    confirmation_status: ConfirmationStatus,
    proven: VerifiedAgreement,
    version: AgreementVersion,
    text: Option<TextLink>,
    verification: Option<Verification>,
    /// When this was read, UTC.
    made_at: DateTime<Utc>,
}

impl Record {
    async fn load(state: &AppState, actor: &Actor, request: &HttpRequest) -> Result<Self, Error> {
        let [customer, agreement] = ["customer", "agreement"].map(|name| request.match_info().query(name));
        let (customer, agreement) = (customer_id(customer)?, guid(agreement)?);
        let made_at = state.db.clock.now();
        let account = actor.account.clone();
        let mut conn = state.db.snapshot().await?;
        let customer = customers::find(&mut conn, account.id, customer).await?.ok_or(Error::NotFound)?;
        let versions = agreements::versions(&mut conn).await?;
        let proven = agreements::proven(&mut conn, &customer, &versions, agreement).await?.ok_or(Error::NotFound)?;
        let version = versions.find(proven.agreement.version_id).ok_or(Error::NotFound)?.clone();
        let country = customer.country;
        let culture = country
            .map_or("en-US", |country| country.document_language(customer.culture.as_deref().unwrap_or("en-US")));
        let text = agreements::text_link(&mut conn, version.id, country, culture).await?;
        let verification = audit::last_verification(&mut conn).await?;
        let least = versions.required_version_date(account.today(made_at));
        let confirmation_status = confirmation_status(&account, customer.agreement_published_on, least);
        Ok(Self { account, customer, confirmation_status, proven, version, text, verification, made_at })
    }

    fn file_name(&self, extension: &str) -> String {
        format!("confirmation-{}.{extension}", self.proven.agreement.id)
    }
}

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
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let record = Record::load(&state, &may.0, &request).await?;
    page_of(&record, Sheet::of(&record, context.language), &context, StatusCode::OK, None)
}

/// The record as a PDF or, when no font has every character of it, the page to print instead.
pub async fn pdf(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (t, language) = (context.words(), context.language);
    let record = Record::load(&state, &may.0, &request).await?;
    let sheet = Sheet::of(&record, language);
    let (fonts, made_at) = (state.fonts.clone(), record.made_at);
    let drawn = sheet.clone();
    let span = tracing::Span::current();
    let made = tokio::task::spawn_blocking(move || span.in_scope(|| pdf::pdf(&drawn, language, made_at, &fonts))).await;
    match made.map_err(|error| Error::fault_of(&error))? {
        Ok(file) => Ok(attachment("application/pdf", &record.file_name("pdf")).body(file)),
        Err(Fault::Missing(characters)) => {
            let why = fl!(t, "e-record-script", characters = text::shown(&characters));
            page_of(&record, sheet, &context, StatusCode::UNPROCESSABLE_ENTITY, Some(why))
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
    page::render(context, status, &template)
}

/// The same content for machines.
pub async fn json(
    may: May<ViewCustomers>,
    state: AppState,
    _: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let record = Record::load(&state, &may.0, &request).await?;
    Ok(attachment("application/json", &record.file_name("json")).json(json::Document::of(&record)))
}
