//! Step 2, Subscriptions: what is ordered with the customer. May be skipped.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::wizard::{Found, Rules, Step, Steps, find, may_order};
use crate::{
    actions::save_draft,
    domain::{new_customer::NewCustomer, order::Offer},
    i18n::Words,
    store::{
        drafts::{Draft, Entries, Owner},
        offers,
    },
    web::{
        access::EditCustomers,
        cx::{ActorContext, Cx},
        error::Error,
        form::Form,
        form_token,
        layout::PageLayout,
        offers::{OfferForm, Typed, entries, faults, sold_in, whole},
        path_id::DraftId,
        paths,
        preserved::Preserved,
        respond,
    },
};

#[derive(Template)]
#[template(path = "new_customer/subscriptions.html")]
struct SubscriptionsTemplate {
    layout: PageLayout,
    t: &'static Words,
    steps: Steps,
    action: String,
    back: String,
    discard: Option<String>,
    submission: String,
    /// Why nothing can be ordered, with the way back where there is one.
    closed: Option<String>,
    offers: OfferForm,
}

/// The step's page.
pub async fn show(
    cx: Cx<EditCustomers>,
    DraftId(draft): DraftId,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    let step = match StepPage::load(&cx, draft).await? {
        Loaded::Step(step) => step,
        Loaded::Elsewhere(page) => return Ok(page),
    };
    let typed = match &kept {
        Some(kept) => Typed::of(kept.pairs()),
        None => Typed::of(&step.draft.subscriptions),
    };
    // What was chosen before the country was another, or before the offer went.
    let gone = typed.names_another(&step.offers).then(|| whole(fl!(cx.context.words(), "e-order-changed")));
    step.answer(StatusCode::OK, &typed, &gone.unwrap_or_default())
}

/// Next or Skip.
pub async fn save(cx: Cx<EditCustomers>, DraftId(draft): DraftId, form: Form) -> Result<HttpResponse, Error> {
    let t = cx.context.words();
    let step = match StepPage::load(&cx, draft).await? {
        Loaded::Step(step) => step,
        Loaded::Elsewhere(page) => return Ok(page),
    };
    let id = step.draft.id;
    let typed = Typed::of(form.pairs());
    if typed.names_another(&step.offers) {
        return Err(Error::NotFound);
    }
    if form.submission(&cx, &paths::draft_subscriptions(id)).is_none() {
        return step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &whole(fl!(t, "e-submission-unknown")));
    }
    let skips = form.get_raw("skip") == "on";
    let lines = if skips { Ok(Vec::new()) } else { typed.lines(&step.offers, &[]) };
    let is_closed = lines.as_ref().is_ok_and(|lines| !lines.is_empty()) && !may_order(&cx.actor, &step.customer);
    let is_answered = lines.is_ok() && !is_closed;
    let entries = if skips { Entries::new() } else { entries(&form) };
    if let Err(error) = step.keep(&entries, is_answered || step.draft.subscriptions_answered).await {
        return Err(Error::send_again(error, &paths::draft_subscriptions(id), form.into_pairs()));
    }
    match lines {
        Err(found) => {
            let faults = faults(found, t, cx.context.language);
            step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &faults)
        }
        Ok(_) if is_closed => step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &whole(fl!(t, "e-order-closed"))),
        Ok(_) => Ok(respond::see_other(&cx.state, &paths::draft_review(id), None)),
    }
}

enum Loaded<'a> {
    Step(Box<StepPage<'a>>),
    /// The step before is missing, or the customer is there already: this page leads on.
    Elsewhere(HttpResponse),
}

struct StepPage<'a> {
    cx: &'a ActorContext,
    draft: Draft,
    customer: NewCustomer,
    /// What is sold to the customer.
    offers: Vec<Offer>,
}

impl<'a> StepPage<'a> {
    async fn load(cx: &'a ActorContext, id: Uuid) -> Result<Loaded<'a>, Error> {
        let mut conn = cx.state.db.snapshot().await?;
        let draft = match find(&mut conn, cx, id).await? {
            Found::Open(draft) => draft,
            Found::Created(page) => return Ok(Loaded::Elsewhere(page)),
        };
        let rules = Rules::load(&mut conn, cx).await?;
        let Ok(customer) = rules.read(&cx.actor, &Form::of_entries(&draft.account)) else {
            return Ok(Loaded::Elsewhere(respond::see_other(&cx.state, &paths::draft_account(draft.id), None)));
        };
        let offers = sold_in(offers::all(&mut conn).await?, customer.company.country);
        Ok(Loaded::Step(Box::new(Self { cx, draft, customer, offers })))
    }

    async fn keep(&self, entries: &Entries, answered: bool) -> Result<(), crate::store::Error> {
        let (owner, now) = (Owner::of(&self.cx.actor), self.cx.context.now);
        save_draft::save_subscriptions(&self.cx.state.db, owner, self.draft.id, entries, answered, now).await
    }

    fn answer(&self, status: StatusCode, typed: &Typed, faults: &[(String, String)]) -> Result<HttpResponse, Error> {
        let t = self.cx.context.words();
        let id = self.draft.id;
        let open = may_order(&self.cx.actor, &self.customer);
        let closed = match (open, self.cx.actor.account.confirms()) {
            (true, _) => None,
            (false, true) => Some(fl!(t, "wizard-order-closed")),
            (false, false) => Some(fl!(t, "wizard-order-provider")),
        };
        let offers: &[Offer] = if open { &self.offers } else { &[] };
        let steps = Steps::new(Step::Subscriptions, t);
        let mut layout = steps.layout(&self.cx.context).return_to(paths::draft_subscriptions(id));
        layout.errors = OfferForm::errors(offers, faults);
        let template = SubscriptionsTemplate {
            layout,
            t,
            action: paths::draft_subscriptions(id),
            back: format!("{}#agreement", paths::draft_account(id)),
            discard: Some(paths::draft_discard(id)),
            submission: form_token::fresh_token(self.cx, &paths::draft_subscriptions(id)),
            closed,
            offers: OfferForm::new(offers, typed, faults, t, self.cx.context.language),
            steps,
        };
        respond::render(&self.cx.context, status, &template)
    }
}
