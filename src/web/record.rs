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

pub use self::fonts::{Fonts, Wrong as WrongFonts};
use self::{pdf::Fault, sheet::Sheet};
use super::{
    Portal,
    access::{May, ViewCustomers},
    account::{CustomerFrame, Here, customer_id, guid},
    error::Error,
    export::attachment,
    page::{self, Badge, Frame},
    paths,
    visit::Visit,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{AgreementVersion, Standing, standing},
        partner_account::PartnerAccount,
        text,
    },
    i18n::Words,
    store::{
        agreements::{self, Proven, TextLink},
        audit::{self, Verification},
        customers::{self, Customer},
    },
};

/// Everything a record is made of, of one moment.
struct Record {
    account: PartnerAccount,
    customer: Customer,
    /// The customer's standing today.
    standing: Standing,
    proven: Proven,
    version: AgreementVersion,
    text: Option<TextLink>,
    verification: Option<Verification>,
    /// When this was read, UTC.
    made_at: DateTime<Utc>,
}

impl Record {
    async fn load(portal: &Portal, actor: &Actor, request: &HttpRequest) -> Result<Self, Error> {
        let [customer, agreement] = ["customer", "agreement"].map(|name| request.match_info().query(name));
        let (customer, agreement) = (customer_id(customer)?, guid(agreement)?);
        let made_at = portal.db.clock.now();
        let account = actor.account.clone();
        let mut at = portal.db.snapshot().await?;
        let customer = customers::find(&mut at, account.id, customer).await?.ok_or(Error::NotFound)?;
        let versions = agreements::versions(&mut at).await?;
        let proven = agreements::proven(&mut at, &customer, &versions, agreement).await?.ok_or(Error::NotFound)?;
        let version = versions.find(proven.agreement.version_id).ok_or(Error::NotFound)?.clone();
        let country = customer.country();
        let culture = country
            .map_or("en-US", |country| country.document_language(customer.culture.as_deref().unwrap_or("en-US")));
        let text = agreements::text_link(&mut at, version.id, country, culture).await?;
        let verification = audit::last_verification(&mut at).await?;
        let least = versions.least_published_on(account.today(made_at));
        let standing = standing(&account, customer.agreement_published_on, least);
        Ok(Self { account, customer, standing, proven, version, text, verification, made_at })
    }

    fn file_name(&self, extension: &str) -> String {
        format!("confirmation-{}.{extension}", self.proven.agreement.id)
    }
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordTemplate {
    frame: Frame,
    t: &'static Words,
    sheet: Sheet,
    /// The standing, where this is the confirmation that counts.
    badge: Option<Badge>,
    json: String,
    pdf: String,
    /// Why this page is shown instead of the PDF.
    no_pdf: Option<String>,
}

/// The record as a page, made to be printed.
pub async fn show(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let record = Record::load(&portal, &may.0, &request).await?;
    page_of(&record, Sheet::of(&record, visit.language), &visit, StatusCode::OK, None)
}

/// The record as a PDF or, when no font has every character of it, the page to print instead.
pub async fn pdf(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (t, language) = (visit.words(), visit.language);
    let record = Record::load(&portal, &may.0, &request).await?;
    let sheet = Sheet::of(&record, language);
    let (fonts, made_at) = (portal.fonts.clone(), record.made_at);
    let drawn = sheet.clone();
    let made = tokio::task::spawn_blocking(move || pdf::pdf(&drawn, language, made_at, &fonts)).await;
    match made.map_err(|error| Error::fault(&error.to_string()))? {
        Ok(file) => Ok(attachment("application/pdf", &record.file_name("pdf")).body(file)),
        Err(Fault::Missing(characters)) => {
            let why = fl!(t, "e-record-script", characters = text::shown(&characters));
            page_of(&record, sheet, &visit, StatusCode::UNPROCESSABLE_ENTITY, Some(why))
        }
        Err(Fault::Invalid(error)) => Err(Error::fault(&error)),
    }
}

fn page_of(
    record: &Record,
    sheet: Sheet,
    visit: &Visit,
    status: StatusCode,
    no_pdf: Option<String>,
) -> Result<HttpResponse, Error> {
    let t = visit.words();
    let customer = CustomerFrame::new(&record.customer, Here::Below);
    let agreements = (paths::agreements(record.customer.id), fl!(t, "h-agreements"));
    let [account, here] = customer.crumbs(sheet.title.text.clone());
    let template = RecordTemplate {
        frame: Frame::new(visit, format!("{} – {}", sheet.title.text, customer.name))
            .crumbs([account, agreements, here]),
        t,
        badge: record.proven.counts.then(|| Badge::of(record.standing, t)),
        json: paths::record_json(record.customer.id, record.proven.agreement.id),
        pdf: paths::record_pdf(record.customer.id, record.proven.agreement.id),
        no_pdf,
        sheet,
    };
    page::render(visit, status, &template)
}

/// The same content for machines.
pub async fn json(
    may: May<ViewCustomers>,
    portal: Portal,
    _: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let record = Record::load(&portal, &may.0, &request).await?;
    Ok(attachment("application/json", &record.file_name("json")).json(json::Document::of(&record)))
}
