//! Step 3, Review: everything on one page, each block with a way back, and the button that creates the customer.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    password::{SEALED_PASSWORD, show_password_again},
    wizard::{Found, Rules, Step, Steps, find, may_order},
};
use crate::{
    actions::{
        Outcome,
        create_customer::{self, Creation, Refusal, create_customer},
        place_order::Items,
    },
    domain::{
        agreement,
        clock::tenant_id,
        field::Field,
        new_customer::NewCustomer,
        order::{BillingCycle, Line, TermDuration},
        partner_account::PartnerType,
    },
    i18n::{self, Words},
    secret::temporary_password,
    store::{
        customers::{self, Lookalike},
        drafts::Draft,
        idempotency, offers,
    },
    web::{
        access::EditCustomers,
        agreements,
        cx::{ActorContext, Cx},
        enum_labels,
        error::Error,
        form::{Form, Problems},
        form_answer::{FormAnswer, SentForm, idempotency_key},
        form_token,
        layout::PageLayout,
        offers::{Typed, sold_in},
        path_id::DraftId,
        paths, respond,
        summary::{SummaryRow, company_facts, contact_facts, phone_lines},
    },
};

#[derive(Template)]
#[template(path = "new_customer/review.html")]
struct ReviewTemplate {
    layout: PageLayout,
    t: &'static Words,
    steps: Steps,
    action: String,
    discard: Option<String>,
    submission: String,
    etag: String,
    /// Customers that may be the same: address, name and domain.
    lookalikes: Vec<(String, String, String)>,
    cards: Vec<Card>,
}

/// One block of the answers.
struct Card {
    id: &'static str,
    heading: String,
    change: String,
    warnings: Vec<String>,
    facts: Vec<SummaryRow>,
}

/// The step's page.
pub async fn show(cx: Cx<EditCustomers>, DraftId(id): DraftId) -> Result<HttpResponse, Error> {
    match Reviewed::load(&cx, id).await? {
        Loaded::Review(review) => review.answer(StatusCode::OK, &Problems::default()),
        Loaded::Elsewhere(page) => Ok(page),
    }
}

/// Create customer.
pub async fn create(cx: Cx<EditCustomers>, DraftId(id): DraftId, form: Form) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let action = paths::draft_review(id);
    let review = match Reviewed::load(&cx, id).await? {
        Loaded::Review(review) => review,
        Loaded::Elsewhere(page) => {
            if let Some(submission) = form.submission(&cx, &action) {
                let before = idempotency::outcome(&mut cx.state.db.read().await?, &submission, cx.context.now).await?;
                if let Some(outcome) = before {
                    show_password_again(&cx, &outcome).await?;
                }
            }
            return Ok(page);
        }
    };
    let draft_id = review.draft.id;
    let submission = match idempotency_key(&cx, &form, &action) {
        Ok(submission) => submission,
        Err(problems) => return review.answer(StatusCode::UNPROCESSABLE_ENTITY, &problems),
    };
    if form.get(Field::Etag) != review.draft.revision.to_string() {
        return review.answer(StatusCode::CONFLICT, &Problems::whole(fl!(t, "e-draft-changed")));
    }

    let customer_id = tenant_id();
    let password = cx.state.secret.seal(SEALED_PASSWORD, customer_id.as_bytes(), temporary_password().as_bytes());
    let Some(password) = password else { return Err(Error::fault("a password cannot be sealed")) };
    let creation = Creation {
        id: customer_id,
        draft_id,
        revision: review.draft.revision,
        customer: &review.customer,
        items: Items { lines: &review.lines, billing_cycle: review.billing_cycle, term_duration: review.term_duration },
        password,
    };
    let outcome = paths::created(customer_id);
    let done = create_customer(&cx.state.db, actor, creation, &submission, &outcome).await;
    if let Ok(Outcome::Replayed(outcome)) = &done {
        show_password_again(&cx, outcome).await?;
    }
    let sent = SentForm { form: &form, action: &action, outcome: &outcome, flash: None, repeats_flash: false };
    match sent.answer(&cx, done)? {
        FormAnswer::Answered(response) => Ok(response),
        FormAnswer::Back(status, problems) => review.answer(status, &problems),
        FormAnswer::Refused(Refusal::NoSuchDraft) => Err(Error::NotFound),
        FormAnswer::Refused(Refusal::CreatedBefore(customer)) => {
            Ok(respond::see_other(&cx.state, &paths::created(customer), None))
        }
        FormAnswer::Refused(refusal) => {
            let problems = refused(refusal, &review);
            // As things are now.
            match Reviewed::load(&cx, id).await? {
                Loaded::Review(review) => review.answer(StatusCode::CONFLICT, &problems),
                Loaded::Elsewhere(page) => Ok(page),
            }
        }
    }
}

fn refused(refusal: create_customer::Refusal, review: &Reviewed<'_>) -> Problems {
    let t = review.cx.context.words();
    match refusal {
        Refusal::DomainTaken => Problems::whole(fl!(t, "domain-taken", domain = review.customer.domain.to_string())),
        Refusal::Agreement(refusal) => agreements::refused(refusal, review.cx).1,
        Refusal::Order(refusal) => Problems::whole(enum_labels::order_refusal(&refusal, t)),
        Refusal::DraftChanged | Refusal::NoSuchDraft | Refusal::CreatedBefore(_) => {
            Problems::whole(fl!(t, "e-draft-changed"))
        }
    }
}

enum Loaded<'a> {
    Review(Box<Reviewed<'a>>),
    /// A step before is missing, or the customer is there already: this page leads on.
    Elsewhere(HttpResponse),
}

/// A draft that went through all steps, and how it looks now.
struct Reviewed<'a> {
    cx: &'a ActorContext,
    draft: Draft,
    customer: NewCustomer,
    reseller: Option<String>,
    lines: Vec<Line>,
    billing_cycle: BillingCycle,
    term_duration: TermDuration,
    version: Option<String>,
    refusal: Option<agreement::Refusal>,
    domain_taken: bool,
    lookalikes: Vec<Lookalike>,
}

impl<'a> Reviewed<'a> {
    async fn load(cx: &'a ActorContext, id: Uuid) -> Result<Loaded<'a>, Error> {
        let mut conn = cx.state.db.snapshot().await?;
        let draft = match find(&mut conn, cx, id).await? {
            Found::Open(draft) => draft,
            Found::Created(page) => return Ok(Loaded::Elsewhere(page)),
        };
        let elsewhere = |path: String| Ok(Loaded::Elsewhere(respond::see_other(&cx.state, &path, None)));
        let rules = Rules::load(&mut conn, cx).await?;
        let Ok(customer) = rules.read(&cx.actor, &Form::of_entries(&draft.account)) else {
            return elsewhere(paths::draft_account(draft.id));
        };
        let typed = Typed::of(&draft.subscriptions);
        let offers = sold_in(offers::all(&mut conn).await?, customer.company.country);
        let lines = match typed.lines(&offers, &[]) {
            Ok(lines) if draft.subscriptions_answered && !typed.names_another(&offers) => lines,
            _ => return elsewhere(paths::draft_subscriptions(draft.id)),
        };
        let domain_taken = customers::has_domain(&mut conn, cx.actor.account.id, customer.domain.as_str()).await?;
        let lookalikes = customers::lookalikes(&mut conn, cx.actor.account.id, &customer.company).await?;
        let version = customer.attestation.as_ref().and_then(|attestation| rules.versions.find(attestation.version_id));
        let reseller = rules
            .resellers
            .iter()
            .find(|reseller| Some(&reseller.mpn_id) == customer.associated_partner_id.as_ref())
            .map(|reseller| reseller.name.clone());
        Ok(Loaded::Review(Box::new(Self {
            cx,
            billing_cycle: typed.billing_cycle,
            term_duration: typed.term_duration,
            version: version.map(|version| version.label.clone()),
            refusal: rules.refusal(&cx.actor, &customer),
            draft,
            customer,
            reseller,
            lines,
            domain_taken,
            lookalikes,
        })))
    }

    fn answer(&self, status: StatusCode, problems: &Problems) -> Result<HttpResponse, Error> {
        let t = self.cx.context.words();
        let id = self.draft.id;
        let action = paths::draft_review(id);
        let steps = Steps::new(Step::Review, t);
        let template = ReviewTemplate {
            layout: steps.layout(&self.cx.context).errors(problems).return_to(action.clone()),
            t,
            submission: form_token::fresh_token(self.cx, &action),
            action,
            discard: Some(paths::draft_discard(id)),
            etag: self.draft.revision.to_string(),
            lookalikes: self
                .lookalikes
                .iter()
                .map(|one| (paths::account(one.id), one.company_name.clone(), one.domain.clone()))
                .collect(),
            cards: vec![self.company(), self.contact(), self.agreement(), self.subscriptions()],
            steps,
        };
        respond::render(&self.cx.context, status, &template)
    }

    /// The way back to a block of the first step.
    fn change(&self, block: &str) -> String {
        format!("{}#{block}", paths::draft_account(self.draft.id))
    }

    fn company(&self) -> Card {
        let t = self.cx.context.words();
        let mut warnings = Vec::new();
        if self.domain_taken {
            warnings.push(fl!(t, "domain-taken", domain = self.customer.domain.to_string()));
        }
        if let (true, Some(code)) = (self.customer.has_unusual_postal_code(), &self.customer.company.postal_code) {
            warnings.push(fl!(t, "warn-postal-code", code = code.clone()));
        }
        let mut facts = vec![
            SummaryRow { label: fl!(t, "f-company-name"), lines: vec![self.customer.company.name.clone()] },
            SummaryRow { label: fl!(t, "f-domain"), lines: vec![self.customer.domain.to_string()] },
        ];
        facts.extend(company_facts(&self.customer.company, t, self.cx.context.language));
        if self.cx.actor.account.partner_type == PartnerType::IndirectProvider {
            facts.push(SummaryRow { label: fl!(t, "f-reseller"), lines: self.reseller.iter().cloned().collect() });
        }
        Card { id: "company", heading: fl!(t, "h-company"), change: self.change("company"), warnings, facts }
    }

    fn contact(&self) -> Card {
        let t = self.cx.context.words();
        let facts = contact_facts(&self.customer.primary_contact(), t);
        Card {
            id: "contact",
            heading: fl!(t, "h-contact"),
            change: self.change("contact"),
            warnings: Vec::new(),
            facts,
        }
    }

    fn agreement(&self) -> Card {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let fact = |label, lines| SummaryRow { label, lines };
        let account = &self.cx.actor.account;
        let mut warnings = Vec::new();
        if let Some(refusal) = &self.refusal {
            let (_, problems) = agreements::refused(refusal.clone(), self.cx);
            warnings.extend(problems.all().iter().map(|problem| problem.words.clone()));
        }
        let facts = match &self.customer.attestation {
            _ if !account.agreements_apply() => {
                vec![fact(
                    fl!(t, "col-agreement"),
                    vec![fl!(t, "na-text", cloud = enum_labels::cloud(account.cloud, t))],
                )]
            }
            _ if !account.confirms() => vec![fact(fl!(t, "col-agreement"), vec![fl!(t, "reseller-text")])],
            None => {
                warnings.push(fl!(t, "not-confirmed-consequence"));
                vec![fact(fl!(t, "col-agreement"), vec![fl!(t, "st-not-confirmed")])]
            }
            Some(attestation) => {
                let person = &attestation.person;
                let phone = person.phone.iter().flat_map(|phone| phone_lines(phone, t));
                let lines = [person.full_name(), person.email.to_string()].into_iter().chain(phone);
                vec![
                    fact(fl!(t, "col-accepted-by"), lines.collect()),
                    fact(fl!(t, "f-date"), vec![i18n::date_long(attestation.date_agreed, language)]),
                    fact(fl!(t, "f-version"), self.version.iter().cloned().collect()),
                ]
            }
        };
        Card { id: "agreement", heading: fl!(t, "h-mca"), change: self.change("agreement"), warnings, facts }
    }

    fn subscriptions(&self) -> Card {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let lines = self
            .lines
            .iter()
            .map(|line| enum_labels::ordered(&line.offer.name, line.offer.billing, line.quantity, t, language));
        let mut facts = vec![SummaryRow { label: fl!(t, "f-lines"), lines: lines.collect() }];
        let mut warnings = Vec::new();
        if !self.lines.is_empty() {
            facts.push(SummaryRow {
                label: fl!(t, "f-billing-cycle"),
                lines: vec![enum_labels::billing_cycle(self.billing_cycle, t)],
            });
            facts.push(SummaryRow {
                label: fl!(t, "f-term-duration"),
                lines: vec![enum_labels::term_duration(self.term_duration, t)],
            });
            if !may_order(&self.cx.actor, &self.customer) {
                warnings.push(fl!(t, "warn-lines-closed"));
            }
        }
        Card {
            id: "subscriptions",
            heading: fl!(t, "h-subscriptions"),
            change: paths::draft_subscriptions(self.draft.id),
            warnings,
            facts,
        }
    }
}
