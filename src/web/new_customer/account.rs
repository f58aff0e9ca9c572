//! Step 1, Account info: company, primary contact and the Microsoft customer agreement on one page.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    account_fields::{AgreementFields, CompanyFields, ContactFields, Fields},
    wizard::{Found, Rules, Step, Steps, find, found, problems},
};
use crate::{
    actions::save_draft,
    domain::{
        country::Country,
        field::{Fault, Field},
        identifiers::parse_domain_prefix,
        invalid::Invalid,
        new_customer::{Acceptor, FIELDS, NewCustomer},
        text,
    },
    i18n::Words,
    store::{
        customers,
        drafts::{self, Owner},
    },
    web::{
        acceptance_view::text_in,
        access::EditCustomers,
        agreements,
        cx::{ActorContext, Cx},
        enum_labels,
        error::Error,
        form::{Form, Input, Problems},
        form_answer::idempotency_key,
        form_token,
        layout::PageLayout,
        path_id::DraftId,
        paths,
        preserved::Preserved,
        query::Query,
        respond,
    },
};

#[derive(Template)]
#[template(path = "new_customer/account.html")]
struct AccountTemplate {
    layout: PageLayout,
    t: &'static Words,
    steps: Steps,
    action: String,
    submission: String,
    discard: Option<String>,
    /// The country that the page is adapted to.
    country_shown: &'static str,
    /// The language that it chooses by itself.
    own_culture: &'static str,
    company: CompanyFields,
    contact: ContactFields,
    agreement: AgreementPart,
}

/// The block *Microsoft customer agreement*.
enum AgreementPart {
    /// Nothing is recorded here, and why.
    Explained(String),
    Asked(Box<AgreementFields>),
}

/// The empty form. `country` in the address is the country that it adapts to.
pub async fn show_new(cx: Cx<EditCustomers>, query: Query, Preserved(kept): Preserved) -> Result<HttpResponse, Error> {
    let page = StepPage { cx: &cx, draft_id: None };
    let country = || Country::parse(query.get(Field::Country)).unwrap_or(cx.actor.account.country);
    let form = kept.map_or_else(|| fresh(country()), |kept| page.follow_country(kept));
    page.answer(StatusCode::OK, &form, &Problems::default()).await
}

/// An untouched form.
fn fresh(country: Country) -> Form {
    let fields = [
        (Field::Country, country.code()),
        (Field::Culture, country.own_culture()),
        (Field::Acceptor, Acceptor::PrimaryContact.code()),
    ];
    Form::of(fields.map(|(field, text)| (field.code().to_owned(), text.to_owned())).to_vec())
}

/// The form of a draft, filled in.
pub async fn show(
    cx: Cx<EditCustomers>,
    DraftId(id): DraftId,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    let mut conn = cx.state.db.read().await?;
    let draft = match find(&mut conn, &cx, id).await? {
        Found::Open(draft) => draft,
        Found::Created(page) => return Ok(page),
    };
    drop(conn);
    let page = StepPage { cx: &cx, draft_id: Some(draft.id) };
    let form = kept.map_or_else(|| Form::of_entries(&draft.account), |kept| page.follow_country(kept));
    page.answer(StatusCode::OK, &form, &Problems::default()).await
}

/// Next, on a form that has no draft yet: it becomes one.
pub async fn save_new(cx: Cx<EditCustomers>, form: Form) -> Result<HttpResponse, Error> {
    let page = StepPage { cx: &cx, draft_id: None };
    page.save(form).await
}

/// Next, on the form of a draft.
pub async fn save(cx: Cx<EditCustomers>, DraftId(id): DraftId, form: Form) -> Result<HttpResponse, Error> {
    let mut conn = cx.state.db.read().await?;
    let draft = match find(&mut conn, &cx, id).await? {
        Found::Open(draft) => draft,
        Found::Created(page) => return Ok(page),
    };
    drop(conn);
    let page = StepPage { cx: &cx, draft_id: Some(draft.id) };
    page.save(form).await
}

/// Whether a domain is still free, in a sentence for a page that is being filled in. Advice: creating the customer
/// decides.
pub async fn check_domain(cx: Cx<EditCustomers>, query: Query) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let words = match parse_domain_prefix(query.get(Field::DomainPrefix)) {
        Ok(domain) => {
            let mut conn = cx.state.db.read().await?;
            if customers::has_domain(&mut conn, actor.account.id, domain.as_str()).await? {
                fl!(t, "domain-taken", domain = domain.to_string())
            } else {
                fl!(t, "domain-free")
            }
        }
        Err(Invalid::Missing) => String::new(),
        Err(invalid) => {
            enum_labels::fault(&Fault { field: Field::DomainPrefix, invalid }, t, cx.context.language, None)
        }
    };
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(words))
}

/// The page of this step, for a draft or for what may become one.
struct StepPage<'a> {
    cx: &'a ActorContext,
    draft_id: Option<Uuid>,
}

impl StepPage<'_> {
    fn action(&self) -> String {
        self.draft_id.map_or_else(|| paths::NEW_CUSTOMER.to_owned(), paths::draft_account)
    }

    /// Saves the step, then judges it.
    async fn save(mut self, form: Form) -> Result<HttpResponse, Error> {
        let form = self.follow_country(form);
        let submission = match idempotency_key(self.cx, &form, &self.action()) {
            Ok(submission) => submission,
            Err(problems) => return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &form, &problems).await,
        };
        let action = self.action();
        let id = self.draft_id.unwrap_or_else(|| submission.derived_id());
        let saved = match self.keep(id, &form).await {
            Ok(saved) => saved,
            Err(error) => return Err(Error::send_again(error, &action, form.into_pairs())),
        };
        let draft = match found(&self.cx.state, saved)? {
            Found::Open(draft) => draft,
            Found::Created(page) => return Ok(page),
        };
        self.draft_id = Some(id);
        if form.get_raw(CHANGE_COUNTRY) == "on" {
            return Ok(respond::see_other(&self.cx.state, &paths::draft_account(id), None));
        }

        let mut conn = self.cx.state.db.snapshot().await?;
        let rules = Rules::load(&mut conn, self.cx).await?;
        let read = rules.read(&self.cx.actor, &form);
        let customer: NewCustomer = match read {
            Ok(customer) => customer,
            Err(faults) => {
                drop(conn);
                let problems = problems(faults, self.cx);
                return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &form, &problems).await;
            }
        };
        let is_taken = customers::has_domain(&mut conn, self.cx.actor.account.id, customer.domain.as_str()).await?;
        drop(conn);
        if is_taken {
            let fault = Fault { field: Field::DomainPrefix, invalid: Invalid::DomainTaken };
            let problems = problems(vec![fault], self.cx);
            return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &form, &problems).await;
        }
        if let Some(refusal) = rules.refusal(&self.cx.actor, &customer) {
            let (status, problems) = agreements::refused(refusal, self.cx);
            return self.answer(status, &form, &problems).await;
        }
        let next = if draft.subscriptions_answered { paths::draft_review(id) } else { paths::draft_subscriptions(id) };
        Ok(respond::see_other(&self.cx.state, &next, None))
    }

    /// The form with the language of the chosen country, where the language is still the one that the page for another
    /// country had chosen by itself.
    fn follow_country(&self, mut form: Form) -> Form {
        let shown = Country::parse(form.get_raw(COUNTRY_SHOWN)).unwrap_or(self.cx.actor.account.country);
        let Some(country) = Country::parse(form.get(Field::Country).trim()) else { return form };
        if country != shown && form.get(Field::Culture).trim().eq_ignore_ascii_case(shown.own_culture()) {
            form.set(Field::Culture, country.own_culture());
        }
        form
    }

    /// Saves the step as typed.
    async fn keep(&self, id: Uuid, form: &Form) -> Result<Option<drafts::Draft>, crate::store::Error> {
        let entries = form.entries(&FIELDS);
        let company_name: String = text::shown(form.get(Field::CompanyName)).chars().take(256).collect();
        let (owner, now) = (Owner::of(&self.cx.actor), self.cx.context.now);
        save_draft::save_account(&self.cx.state.db, owner, id, &company_name, &entries, now).await
    }

    async fn answer(&self, status: StatusCode, form: &Form, problems: &Problems) -> Result<HttpResponse, Error> {
        let (t, context) = (self.cx.context.words(), &self.cx.context);
        let mut conn = self.cx.state.db.snapshot().await?;
        let rules = Rules::load(&mut conn, self.cx).await?;
        let country = Country::parse(form.get(Field::Country).trim());
        let fields = Fields { form, problems, t, context, country, rules: country.map(Country::rules) };
        let agreement = if !self.cx.actor.account.agreements_apply() {
            AgreementPart::Explained(fl!(t, "na-text", cloud = enum_labels::cloud(self.cx.actor.account.cloud, t)))
        } else if !self.cx.actor.account.confirms() {
            AgreementPart::Explained(fl!(t, "reseller-text"))
        } else {
            let latest = rules.versions.latest();
            let culture = Some(form.get(Field::Culture)).filter(|culture| !culture.is_empty());
            let text = text_in(&mut conn, latest.id, country, culture, t, context.language).await?;
            AgreementPart::Asked(Box::new(fields.agreement(latest.id, latest.label.clone(), text, &rules)))
        };
        drop(conn);
        let steps = Steps::new(Step::Account, t);
        let template = AccountTemplate {
            layout: steps.layout(context).errors(problems).return_to(self.action()),
            t,
            action: self.action(),
            submission: form_token::fresh_token(self.cx, &self.action()),
            discard: self.draft_id.map(paths::draft_discard),
            country_shown: country.map(Country::code).unwrap_or_default(),
            own_culture: country.map(Country::own_culture).unwrap_or_default(),
            company: fields.company(&self.cx.actor, &rules),
            contact: fields.contact(),
            agreement,
            steps,
        };
        respond::render(context, status, &template)
    }
}

/// The hidden field that says for which country the page was shown.
const COUNTRY_SHOWN: &str = "country_shown";

/// The button that adapts the page to another country where scripts do not.
const CHANGE_COUNTRY: &str = "change_country";
