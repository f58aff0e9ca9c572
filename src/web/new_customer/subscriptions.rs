//! Step 2, Subscriptions: what is ordered with the customer. May be skipped.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use askama::Template;
use i18n_embed_fl::fl;

use super::wizard::{Found, Rules, Step, Steps, find, may_order};
use crate::{
    domain::{actor::Actor, new_customer::NewCustomer, order::Offer},
    i18n::Words,
    store::{
        drafts::{self, Draft, Entries, Owner},
        offers,
    },
    web::{
        AppState,
        access::{EditCustomers, May},
        error::Error,
        form::Form,
        form_token,
        layout::PageLayout,
        offers::{OfferForm, Typed, entries, faults, sold_in, whole},
        paths,
        request_context::RequestContext,
        respond, session,
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
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let step = match StepPage::load(&state, &may.0, &context, request.match_info().query("draft")).await? {
        Loaded::Step(step) => step,
        Loaded::Elsewhere(page) => return Ok(page),
    };
    let query = Form::decode(request.query_string().as_bytes());
    let typed = match session::kept(&session, query.get_raw("kept")) {
        Some(kept) => Typed::of(&kept.fields),
        None => Typed::of(&step.draft.subscriptions),
    };
    // What was chosen before the country was another, or before the offer went.
    let gone = typed.names_another(&step.offers).then(|| whole(fl!(context.words(), "e-order-changed")));
    step.answer(StatusCode::OK, &typed, &gone.unwrap_or_default())
}

/// Next or Skip.
pub async fn save(
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let t = context.words();
    let step = match StepPage::load(&state, &may.0, &context, &path).await? {
        Loaded::Step(step) => step,
        Loaded::Elsewhere(page) => return Ok(page),
    };
    let id = step.draft.id;
    let typed = Typed::of(form.pairs());
    if typed.names_another(&step.offers) {
        return Err(Error::NotFound);
    }
    if form.submission(&state, &may.0, &paths::draft_subscriptions(id)).is_none() {
        return step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &whole(fl!(t, "e-submission-unknown")));
    }
    let skips = form.get_raw("skip") == "on";
    let lines = if skips { Ok(Vec::new()) } else { typed.lines(&step.offers, &[]) };
    let is_closed = lines.as_ref().is_ok_and(|lines| !lines.is_empty()) && !may_order(&may.0, &step.customer);
    let is_answered = lines.is_ok() && !is_closed;
    let entries = if skips { Entries::new() } else { entries(&form) };
    if let Err(error) = step.keep(&entries, is_answered || step.draft.subscriptions_answered).await {
        return Err(Error::send_again(error, &paths::draft_subscriptions(id), form.into_pairs()));
    }
    match lines {
        Err(found) => {
            let faults = faults(found, t, context.language);
            step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &faults)
        }
        Ok(_) if is_closed => step.answer(StatusCode::UNPROCESSABLE_ENTITY, &typed, &whole(fl!(t, "e-order-closed"))),
        Ok(_) => Ok(respond::see_other(&state, &paths::draft_review(id), None)),
    }
}

enum Loaded<'a> {
    Step(Box<StepPage<'a>>),
    /// The step before is missing, or the customer is there already: this page leads on.
    Elsewhere(HttpResponse),
}

struct StepPage<'a> {
    state: &'a AppState,
    actor: &'a Actor,
    context: &'a RequestContext,
    draft: Draft,
    customer: NewCustomer,
    /// What is sold to the customer.
    offers: Vec<Offer>,
}

impl<'a> StepPage<'a> {
    async fn load(
        state: &'a AppState,
        actor: &'a Actor,
        context: &'a RequestContext,
        path: &str,
    ) -> Result<Loaded<'a>, Error> {
        let mut conn = state.db.snapshot().await?;
        let draft = match find(&mut conn, state, actor, path).await? {
            Found::Open(draft) => draft,
            Found::Created(page) => return Ok(Loaded::Elsewhere(page)),
        };
        let rules = Rules::load(&mut conn, actor, context.now).await?;
        let Ok(customer) = rules.read(actor, &Form::of_entries(&draft.account)) else {
            return Ok(Loaded::Elsewhere(respond::see_other(state, &paths::draft_account(draft.id), None)));
        };
        let offers = sold_in(offers::all(&mut conn).await?, customer.company.country);
        Ok(Loaded::Step(Box::new(Self { state, actor, context, draft, customer, offers })))
    }

    async fn keep(&self, entries: &Entries, answered: bool) -> Result<(), crate::store::Error> {
        let mut tx = self.state.db.maintenance().await?;
        let (owner, now) = (Owner::of(self.actor), self.context.now);
        drafts::save_subscriptions(&mut tx, owner, self.draft.id, entries, answered, now).await?;
        tx.commit().await
    }

    fn answer(&self, status: StatusCode, typed: &Typed, faults: &[(String, String)]) -> Result<HttpResponse, Error> {
        let t = self.context.words();
        let id = self.draft.id;
        let open = may_order(self.actor, &self.customer);
        let closed = match (open, self.actor.account.confirms()) {
            (true, _) => None,
            (false, true) => Some(fl!(t, "wizard-order-closed")),
            (false, false) => Some(fl!(t, "wizard-order-provider")),
        };
        let offers: &[Offer] = if open { &self.offers } else { &[] };
        let steps = Steps::new(Step::Subscriptions, t);
        let mut layout = steps.layout(self.context).return_to(paths::draft_subscriptions(id));
        layout.errors = OfferForm::errors(offers, faults);
        let template = SubscriptionsTemplate {
            layout,
            t,
            action: paths::draft_subscriptions(id),
            back: format!("{}#agreement", paths::draft_account(id)),
            discard: Some(paths::draft_discard(id)),
            submission: form_token::fresh_token(self.state, self.actor, &paths::draft_subscriptions(id)),
            closed,
            offers: OfferForm::new(offers, typed, faults, t, self.context.language),
            steps,
        };
        respond::render(self.context, status, &template)
    }
}
