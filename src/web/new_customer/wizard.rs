//! What the steps share: where one is, the draft, and what the first step is judged by.

use actix_web::HttpResponse;
use chrono::NaiveDate;
use chrono_tz::Tz;
use i18n_embed_fl::fl;
use uuid::Uuid;

use crate::{
    domain::{
        actor::Actor,
        agreement::{self, AgreementVersions},
        country::Country,
        culture::parse_culture,
        field::{Fault, Field},
        indirect_reseller::IndirectReseller,
        invalid::Invalid,
        new_customer::NewCustomer,
        partner_account::PartnerType,
    },
    i18n::Words,
    store::{
        self, Read,
        drafts::{self, Draft, Owner},
        indirect_resellers,
    },
    web::{
        AppState,
        cx::ActorContext,
        error::Error,
        form::{Form, Problems},
        layout::PageLayout,
        paths,
        request_context::RequestContext,
        respond,
    },
};

/// The steps, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Account,
    Subscriptions,
    Review,
    Confirmation,
}

impl Step {
    const ALL: [Self; 4] = [Self::Account, Self::Subscriptions, Self::Review, Self::Confirmation];

    pub(super) fn words(self, t: &Words) -> String {
        match self {
            Self::Account => fl!(t, "h-account-info"),
            Self::Subscriptions => fl!(t, "h-subscriptions"),
            Self::Review => fl!(t, "h-review"),
            Self::Confirmation => fl!(t, "h-confirmation"),
        }
    }
}

/// The head of a wizard's page: where one is, and what comes.
pub(super) struct Steps {
    /// "New customer, step 2 of 4".
    pub(super) over: String,
    /// The step's name.
    pub(super) heading: String,
    /// All steps, and whether each is the one shown.
    pub(super) all: Vec<(String, bool)>,
}

impl Steps {
    pub(super) fn new(here: Step, t: &Words) -> Self {
        let number = Step::ALL.iter().take_while(|step| **step != here).count() + 1;
        Self {
            over: fl!(t, "wizard-step", number = number),
            heading: here.words(t),
            all: Step::ALL.iter().map(|step| (step.words(t), *step == here)).collect(),
        }
    }

    /// The frame of the step's page.
    pub(super) fn layout(&self, context: &RequestContext) -> PageLayout {
        let t = context.words();
        PageLayout::new(context, format!("{} – {}", self.heading, self.over))
            .breadcrumbs([(String::new(), fl!(t, "h-new-customer"))])
    }
}

/// One of the user's drafts, which has not become a customer.
pub(super) enum Found {
    Open(Draft),
    /// It has: this page tells of it.
    Created(HttpResponse),
}

pub(super) fn found(state: &AppState, draft: Option<Draft>) -> Result<Found, Error> {
    let draft = draft.ok_or(Error::NotFound)?;
    Ok(match draft.customer_id {
        Some(customer) => Found::Created(respond::see_other(state, &paths::created(customer), None)),
        None => Found::Open(draft),
    })
}

pub(super) async fn find(conn: &mut dyn Read, cx: &ActorContext, id: Uuid) -> Result<Found, Error> {
    found(&cx.state, drafts::find(conn, Owner::of(&cx.actor), id).await?)
}

/// What the first step is judged by.
pub(super) struct Rules {
    pub(super) versions: AgreementVersions,
    /// Empty but in an indirect provider's account.
    pub(super) resellers: Vec<IndirectReseller>,
    pub(super) today: NaiveDate,
    /// The zone in which it is that day.
    pub(super) zone: Tz,
}

impl Rules {
    pub(super) async fn load(conn: &mut dyn Read, cx: &ActorContext) -> Result<Self, store::Error> {
        let actor = &cx.actor;
        let resellers = match actor.account.partner_type {
            PartnerType::IndirectProvider => indirect_resellers::all(conn, actor.account.id).await?,
            PartnerType::DirectBillPartner | PartnerType::IndirectReseller => Vec::new(),
        };
        Ok(Self {
            versions: store::agreements::versions(conn).await?,
            resellers,
            today: cx.today,
            zone: actor.account.time_zone,
        })
    }

    /// The first step as typed, read.
    pub(super) fn read(&self, actor: &Actor, form: &Form) -> Result<NewCustomer, Vec<Fault>> {
        let resellers: Vec<&str> = self.resellers.iter().map(|reseller| reseller.mpn_id.as_str()).collect();
        let read = NewCustomer::parse(|field| form.get(field), &actor.account, &resellers, self.today);
        let mut faults = read.as_ref().err().cloned().unwrap_or_default();
        if form.get(Field::Accepted) == "on" {
            form.add_assumed_years(&mut faults);
        }
        if !is_language_offered(form) {
            faults.push(Fault { field: Field::Culture, invalid: Invalid::LanguageNotOffered });
        }
        let faults = form.with_unreadable(faults);
        if faults.is_empty() { read } else { Err(faults) }
    }

    /// Why the acceptance of a customer to be cannot be recorded.
    pub(super) fn refusal(&self, actor: &Actor, customer: &NewCustomer) -> Option<agreement::Refusal> {
        let attestation = customer.attestation.as_ref()?;
        agreement::confirm(attestation, &actor.account, &self.versions, &[], self.today).err()
    }
}

/// Whether the chosen language is one that the chosen country is offered; what is neither is told otherwise.
fn is_language_offered(form: &Form) -> bool {
    let country = Country::parse(form.get(Field::Country).trim());
    match (country, parse_culture(form.get(Field::Culture))) {
        (Some(country), Ok(culture)) => country.cultures().any(|offered| offered == culture),
        _ => true,
    }
}

/// Whether something could be ordered for a customer to be.
pub(super) fn may_order(actor: &Actor, customer: &NewCustomer) -> bool {
    !actor.account.agreements_apply() || customer.attestation.is_some()
}

/// Faults in words; nobody typed the version, so what people can mend comes first.
pub(super) fn problems(mut faults: Vec<Fault>, cx: &ActorContext) -> Problems {
    let t = cx.context.words();
    if faults.iter().all(|fault| fault.field == Field::AgreementVersion) {
        return Problems::whole(fl!(t, "e-version-unknown"));
    }
    faults.retain(|fault| fault.field != Field::AgreementVersion);
    Problems::of(&faults, t, cx.context.language, Some(cx.actor.account.time_zone))
}
