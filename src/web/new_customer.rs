//! The wizard for a new customer: Account info, Subscriptions, Review, Confirmation.
//!
//! A draft is a row that holds each step as typed. A step is saved before it is judged, so that nothing typed is ever
//! lost, and judged again each time somebody goes on, so that no step can be skipped by its address. Saving is
//! idempotent: the first step's draft gets its id from the form's one-time token.

mod account;
mod created;
mod review;
mod subscriptions;

pub use account::{check_domain, save, save_new, show, show_new};
pub use created::show as show_created;
pub use review::{create, show as show_review};
pub use subscriptions::{save as save_subscriptions, show as show_subscriptions};

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    AppState,
    access::{EditCustomers, May},
    account::guid,
    error::Error,
    form::{Form, Problems},
    page::{self, Flash, PageLayout},
    paths,
    request_context::RequestContext,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{self, AgreementVersions},
        field::{Fault, Field},
        indirect_reseller::IndirectReseller,
        new_customer::NewCustomer,
        partner_account::PartnerType,
    },
    i18n::Words,
    store::{
        self, Read,
        drafts::{self, Draft, Owner},
        indirect_resellers,
    },
};

/// The steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Account,
    Subscriptions,
    Review,
    Confirmation,
}

impl Step {
    const ALL: [Self; 4] = [Self::Account, Self::Subscriptions, Self::Review, Self::Confirmation];

    fn words(self, t: &Words) -> String {
        match self {
            Self::Account => fl!(t, "h-account-info"),
            Self::Subscriptions => fl!(t, "h-subscriptions"),
            Self::Review => fl!(t, "h-review"),
            Self::Confirmation => fl!(t, "h-confirmation"),
        }
    }
}

/// The head of a wizard's page: where one is, and what comes.
pub struct Steps {
    /// "New customer, step 2 of 4".
    over: String,
    /// The step's name.
    heading: String,
    /// All steps, and whether each is the one shown.
    all: Vec<(String, bool)>,
}

impl Steps {
    fn new(here: Step, t: &Words) -> Self {
        let number = Step::ALL.iter().take_while(|step| **step != here).count() + 1;
        Self {
            over: fl!(t, "wizard-step", number = number),
            heading: here.words(t),
            all: Step::ALL.iter().map(|step| (step.words(t), *step == here)).collect(),
        }
    }

    /// The frame of the step's page.
    fn layout(&self, context: &RequestContext) -> PageLayout {
        let t = context.words();
        PageLayout::new(context, format!("{} – {}", self.heading, self.over))
            .breadcrumbs([(String::new(), fl!(t, "h-new-customer"))])
    }
}

/// One of the user's drafts, which has not become a customer.
enum Found {
    Open(Draft),
    /// It has: this page tells of it.
    Created(HttpResponse),
}

fn found(state: &AppState, draft: Option<Draft>) -> Result<Found, Error> {
    let draft = draft.ok_or(Error::NotFound)?;
    Ok(match draft.customer_id {
        Some(customer) => Found::Created(page::see_other(state, &paths::created(customer), None)),
        None => Found::Open(draft),
    })
}

async fn find(conn: &mut dyn Read, state: &AppState, actor: &Actor, path: &str) -> Result<Found, Error> {
    found(state, drafts::find(conn, Owner::of(actor), guid(path)?).await?)
}

/// What the first step is judged by.
struct Rules {
    versions: AgreementVersions,
    /// Empty but in an indirect provider's account.
    resellers: Vec<IndirectReseller>,
    today: NaiveDate,
}

impl Rules {
    async fn load(
        conn: &mut dyn Read,
        actor: &Actor,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Self, store::Error> {
        let resellers = match actor.account.partner_type {
            PartnerType::IndirectProvider => indirect_resellers::all(conn, actor.account.id).await?,
            PartnerType::DirectBillPartner | PartnerType::IndirectReseller => Vec::new(),
        };
        Ok(Self { versions: store::agreements::versions(conn).await?, resellers, today: actor.account.today(now) })
    }

    /// The first step as typed, read.
    fn read(&self, actor: &Actor, form: &Form) -> Result<NewCustomer, Vec<Fault>> {
        let resellers: Vec<&str> = self.resellers.iter().map(|reseller| reseller.mpn_id.as_str()).collect();
        let read = NewCustomer::parse(|field| form.get(field), &actor.account, &resellers, self.today);
        match read {
            Ok(customer) if form.with_unreadable(Vec::new()).is_empty() => Ok(customer),
            read => Err(form.with_unreadable(read.err().unwrap_or_default())),
        }
    }

    /// Why the acceptance of a customer to be cannot be recorded.
    fn refusal(&self, actor: &Actor, customer: &NewCustomer) -> Option<agreement::Refusal> {
        let attestation = customer.attestation.as_ref()?;
        agreement::confirm(attestation, &actor.account, &self.versions, &[], self.today).err()
    }
}

/// Whether something could be ordered for a customer to be.
fn may_order(actor: &Actor, customer: &NewCustomer) -> bool {
    !actor.account.agreements_apply() || customer.attestation.is_some()
}

/// Faults in words; nobody typed the version, so what people can mend comes first.
fn problems(mut faults: Vec<Fault>, actor: &Actor, context: &RequestContext) -> Problems {
    let t = context.words();
    if faults.iter().all(|fault| fault.field == Field::AgreementVersion) {
        return Problems::whole(fl!(t, "e-version-unknown"));
    }
    faults.retain(|fault| fault.field != Field::AgreementVersion);
    Problems::of(&faults, t, context.language, Some(actor.account.time_zone))
}

/// Throws a draft away.
pub async fn discard(
    may: May<EditCustomers>,
    state: AppState,
    path: web::Path<String>,
    _: Form,
) -> Result<HttpResponse, Error> {
    let mut tx = state.db.maintenance().await?;
    if !drafts::discard(&mut tx, Owner::of(&may.0), guid(&path)?).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(page::see_other(&state, paths::CUSTOMERS, Some((Flash::DraftDiscarded, Uuid::nil()))))
}
