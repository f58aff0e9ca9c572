//! Step 1, Account info: company, primary contact and the Microsoft customer agreement on one page.

use actix_session::Session;
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web};
use askama::Template;
use chrono::TimeDelta;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{Found, Rules, Step, Steps, find, found, problems};
use crate::{
    domain::{
        actor::Actor,
        country::Country,
        country_rules::{CountryRules, Requirement, States},
        customer::cultures,
        field::{Fault, Field},
        identifiers::parse_domain_prefix,
        invalid::Invalid,
        new_customer::{Acceptor, FIELDS, NewCustomer},
        partner_account::PartnerType,
        text,
    },
    i18n::{self, Words},
    store::{
        customers,
        drafts::{self, Owner},
    },
    web::{
        AppState,
        access::{EditCustomers, May},
        account::text_in,
        agreements, enum_labels,
        error::Error,
        form::{self, Choice, FieldView, Form, Input, Problems},
        page::{self, PageLayout},
        paths,
        request_context::RequestContext,
        session,
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
    company: CompanyFields,
    contact: ContactFields,
    agreement: AgreementPart,
}

/// The fields of the company, some of which only some countries have.
struct CompanyFields {
    country: FieldView,
    company_name: FieldView,
    domain_prefix: FieldView,
    address_line1: FieldView,
    address_line2: FieldView,
    postal_code: FieldView,
    city: FieldView,
    state: Option<FieldView>,
    registration_number: Option<FieldView>,
    culture: FieldView,
    reseller: Option<FieldView>,
}

struct ContactFields {
    first_name: FieldView,
    last_name: FieldView,
    email: FieldView,
    phone_number: FieldView,
}

/// The block *Microsoft customer agreement*.
enum AgreementPart {
    /// Nothing is recorded here, and why.
    Explained(String),
    Asked(Box<AgreementFields>),
}

struct AgreementFields {
    accepted: FieldView,
    version_id: Uuid,
    version: String,
    /// The version's text: address and words.
    text: Option<(String, String)>,
    date_agreed: FieldView,
    older_than_version: Option<FieldView>,
    is_other: bool,
    primary_contact: String,
    first_name: FieldView,
    last_name: FieldView,
    email: FieldView,
    phone_number: FieldView,
}

/// The empty form. `country` in the address is the country that it adapts to.
pub async fn show_new(
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let query = Form::decode(request.query_string().as_bytes());
    let form = session::kept(&session, query.get_raw("kept")).map(|kept| Form::of(kept.fields));
    let form =
        form.unwrap_or_else(|| fresh(Country::parse(query.get(Field::Country)).unwrap_or(may.0.account.country)));
    let page = StepPage { state: &state, actor: &may.0, context: &context, draft_id: None };
    page.answer(StatusCode::OK, &form, &Problems::default()).await
}

/// A form that nobody has typed into.
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
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    session: Session,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let mut conn = state.db.read().await?;
    let draft = match find(&mut conn, &state, &may.0, request.match_info().query("draft")).await? {
        Found::Open(draft) => draft,
        Found::Created(page) => return Ok(page),
    };
    drop(conn);
    let query = Form::decode(request.query_string().as_bytes());
    let form = match session::kept(&session, query.get_raw("kept")) {
        Some(kept) => Form::of(kept.fields),
        None => Form::of_entries(&draft.account),
    };
    let page = StepPage { state: &state, actor: &may.0, context: &context, draft_id: Some(draft.id) };
    page.answer(StatusCode::OK, &form, &Problems::default()).await
}

/// Next, on a form that has no draft yet: it becomes one.
pub async fn save_new(
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    form: Form,
) -> Result<HttpResponse, Error> {
    let page = StepPage { state: &state, actor: &may.0, context: &context, draft_id: None };
    page.save(form).await
}

/// Next, on the form of a draft.
pub async fn save(
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    path: web::Path<String>,
    form: Form,
) -> Result<HttpResponse, Error> {
    let mut conn = state.db.read().await?;
    let draft = match find(&mut conn, &state, &may.0, &path).await? {
        Found::Open(draft) => draft,
        Found::Created(page) => return Ok(page),
    };
    drop(conn);
    let page = StepPage { state: &state, actor: &may.0, context: &context, draft_id: Some(draft.id) };
    page.save(form).await
}

/// Whether a domain is still free, in a sentence for a page that is being filled in. Advice: creating the customer
/// decides.
pub async fn check_domain(
    may: May<EditCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t) = (&may.0, context.words());
    let query = Form::decode(request.query_string().as_bytes());
    let words = match parse_domain_prefix(query.get(Field::DomainPrefix)) {
        Ok(domain) => {
            let mut conn = state.db.read().await?;
            if customers::has_domain(&mut conn, actor.account.id, domain.as_str()).await? {
                fl!(t, "domain-taken", domain = domain.to_string())
            } else {
                fl!(t, "domain-free", domain = domain.to_string())
            }
        }
        Err(Invalid::Missing) => String::new(),
        Err(invalid) => enum_labels::fault(&Fault { field: Field::DomainPrefix, invalid }, t, context.language, None),
    };
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(words))
}

/// The page of this step, for a draft or for what may become one.
struct StepPage<'a> {
    state: &'a AppState,
    actor: &'a Actor,
    context: &'a RequestContext,
    draft_id: Option<Uuid>,
}

impl StepPage<'_> {
    fn action(&self) -> String {
        self.draft_id.map_or_else(|| paths::NEW_CUSTOMER.to_owned(), paths::draft_account)
    }

    /// Saves the step, then judges it.
    async fn save(mut self, form: Form) -> Result<HttpResponse, Error> {
        let t = self.context.words();
        let Some(submission) = form.submission(self.state, self.actor, &self.action()) else {
            let problems = Problems::whole(fl!(t, "e-submission-unknown"));
            return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &form, &problems).await;
        };
        let action = self.action();
        let id = self.draft_id.unwrap_or_else(|| submission.derived_id());
        let saved = match self.keep(id, &form).await {
            Ok(saved) => saved,
            Err(error) => return Err(Error::send_again(error, &action, form)),
        };
        let draft = match found(self.state, saved)? {
            Found::Open(draft) => draft,
            Found::Created(page) => return Ok(page),
        };
        self.draft_id = Some(id);
        if form.get_raw(CHANGE_COUNTRY) == "on" {
            return Ok(page::see_other(self.state, &paths::draft_account(id), None));
        }

        let mut conn = self.state.db.snapshot().await?;
        let rules = Rules::load(&mut conn, self.actor, self.context.now).await?;
        let read = rules.read(self.actor, &form);
        let customer: NewCustomer = match read {
            Ok(customer) => customer,
            Err(faults) => {
                drop(conn);
                let problems = problems(faults, self.actor, self.context);
                return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &form, &problems).await;
            }
        };
        let is_taken = customers::has_domain(&mut conn, self.actor.account.id, customer.domain.as_str()).await?;
        drop(conn);
        if is_taken {
            let fault = Fault { field: Field::DomainPrefix, invalid: Invalid::DomainTaken };
            let problems = problems(vec![fault], self.actor, self.context);
            return self.answer(StatusCode::UNPROCESSABLE_ENTITY, &form, &problems).await;
        }
        if let Some(refusal) = rules.refusal(self.actor, &customer) {
            let (status, problems) = agreements::refused(refusal, self.actor, self.context);
            return self.answer(status, &form, &problems).await;
        }
        let next = if draft.subscriptions_answered { paths::draft_review(id) } else { paths::draft_subscriptions(id) };
        Ok(page::see_other(self.state, &next, None))
    }

    /// Saves the step as typed.
    async fn keep(&self, id: Uuid, form: &Form) -> Result<Option<drafts::Draft>, crate::store::Error> {
        let entries = form.entries(&FIELDS);
        let company_name: String = text::shown(form.get(Field::CompanyName)).chars().take(256).collect();
        let mut tx = self.state.db.maintenance().await?;
        let draft =
            drafts::save_account(&mut tx, Owner::of(self.actor), id, &company_name, &entries, self.context.now).await?;
        tx.commit().await?;
        Ok(draft)
    }

    async fn answer(&self, status: StatusCode, form: &Form, problems: &Problems) -> Result<HttpResponse, Error> {
        let (t, context) = (self.context.words(), self.context);
        let mut conn = self.state.db.snapshot().await?;
        let rules = Rules::load(&mut conn, self.actor, context.now).await?;
        let country = Country::parse(form.get(Field::Country).trim());
        let fields = Fields { form, problems, t, context, country, rules: country.map(Country::rules) };
        let agreement = if !self.actor.account.agreements_apply() {
            AgreementPart::Explained(fl!(t, "na-text", cloud = enum_labels::cloud(self.actor.account.cloud, t)))
        } else if !self.actor.account.confirms() {
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
            submission: form::fresh_token(self.state, self.actor, &self.action()),
            discard: self.draft_id.map(paths::draft_discard),
            company: fields.company(self.actor, &rules),
            contact: fields.contact(),
            agreement,
            steps,
        };
        page::render(context, status, &template)
    }
}

/// The button that adapts the page to another country where scripts do not.
const CHANGE_COUNTRY: &str = "change_country";

/// Makes fields of what was typed, by the rules of the country.
struct Fields<'a> {
    form: &'a Form,
    problems: &'a Problems,
    t: &'static Words,
    context: &'a RequestContext,
    country: Option<Country>,
    rules: Option<CountryRules>,
}

impl Fields<'_> {
    fn field(&self, field: Field, input: Input) -> FieldView {
        FieldView::new(field, enum_labels::label(field, self.t), input, self.form, self.problems)
    }

    fn optional(&self, field: Field, input: Input) -> FieldView {
        FieldView::new(field, enum_labels::optional_label(field, self.t), input, self.form, self.problems)
    }

    fn company(&self, actor: &Actor, rules: &Rules) -> CompanyFields {
        let t = self.t;
        let domain = Input::DomainPrefix { check: paths::NEW_CUSTOMER_DOMAIN };
        CompanyFields {
            country: self.field(Field::Country, Input::Select(self.countries(actor.account.country))),
            company_name: self.field(Field::CompanyName, Input::Text),
            domain_prefix: self.field(Field::DomainPrefix, domain).hint(fl!(t, "f-domain-hint")),
            address_line1: self.field(Field::AddressLine1, Input::Text),
            address_line2: self.optional(Field::AddressLine2, Input::Text),
            postal_code: self.postal_code(),
            city: self.field(Field::City, Input::Text),
            state: self.state(),
            registration_number: self.registration_number(),
            culture: self.field(Field::Culture, Input::Select(self.cultures())),
            reseller: (actor.account.partner_type == PartnerType::IndirectProvider).then(|| self.reseller(rules)),
        }
    }

    /// The account's own country first, then the alphabet.
    fn countries(&self, home: Country) -> Vec<Choice> {
        let language = self.context.language;
        let others = Country::all(language).iter().copied().filter(|country| *country != home);
        let nothing = self.country.is_none().then(|| ("".into(), fl!(self.t, "choose").into()));
        let mut options = Vec::with_capacity(256);
        options.extend(nothing);
        options.extend(
            std::iter::once(home).chain(others).map(|country| (country.code().into(), country.name(language).into())),
        );
        options
    }

    fn postal_code(&self) -> FieldView {
        let is_required = self.rules.is_some_and(|rules| rules.postal_code == Requirement::Required);
        let field = if is_required {
            self.field(Field::PostalCode, Input::PostalCode)
        } else {
            self.optional(Field::PostalCode, Input::PostalCode)
        };
        match self.rules.and_then(|rules| rules.postal_formats) {
            Some(formats) => field.hint(fl!(self.t, "f-example", example = formats.sample)),
            None => field,
        }
    }

    fn state(&self) -> Option<FieldView> {
        match self.rules.map_or(States::Free, |rules| rules.states) {
            States::Listed(states) => {
                let mut options: Vec<Choice> = vec![("".into(), fl!(self.t, "choose").into())];
                options.extend(states.iter().map(|state| (state.code.into(), state.name.into())));
                let mut field = self.field(Field::State, Input::Select(options));
                // What was typed as a name before the country had a list.
                if let Some(state) = self.rules.and_then(|rules| rules.state(&field.value)) {
                    state.code.clone_into(&mut field.value);
                }
                Some(field)
            }
            States::Free => Some(self.optional(Field::State, Input::Text)),
            States::Unused => Some(self.optional(Field::State, Input::Text)).filter(is_in_use),
        }
    }

    fn registration_number(&self) -> Option<FieldView> {
        let field = self.field(Field::OrganizationRegistrationNumber, Input::Text);
        match self.rules.and_then(|rules| rules.registration_number) {
            Some(formats) => Some(field.hint(fl!(self.t, "f-example", example = formats.sample))),
            None => Some(field).filter(is_in_use),
        }
    }

    /// The languages that the country is offered, and the one that is chosen.
    fn cultures(&self) -> Vec<Choice> {
        let chosen =
            cultures().iter().copied().find(|culture| culture.eq_ignore_ascii_case(self.form.get(Field::Culture)));
        let offered: Vec<&str> = self.country.map(|country| country.document_languages().collect()).unwrap_or_default();
        let more = chosen.filter(|chosen| !offered.contains(chosen));
        offered
            .into_iter()
            .chain(more)
            .map(|culture| (culture.into(), enum_labels::culture(culture, self.t, self.context.language).into()))
            .collect()
    }

    fn reseller(&self, rules: &Rules) -> FieldView {
        let mut options: Vec<Choice> = vec![("".into(), fl!(self.t, "no-reseller").into())];
        options.extend(rules.resellers.iter().map(|reseller| {
            let words = if reseller.agreement_signed {
                fl!(self.t, "reseller-option", name = reseller.name.clone(), mpn = reseller.mpn_id.clone())
            } else {
                fl!(self.t, "reseller-option-unsigned", name = reseller.name.clone(), mpn = reseller.mpn_id.clone())
            };
            (reseller.mpn_id.clone().into(), words.into())
        }));
        self.optional(Field::AssociatedPartnerId, Input::Select(options))
    }

    fn contact(&self) -> ContactFields {
        let t = self.t;
        let mut phone = self.field(Field::ContactPhoneNumber, Input::Phone);
        if self.rules.is_some_and(|rules| rules.phone_required) {
            phone.label = fl!(t, "fact-phone");
        }
        if let Some(country) = self.country {
            phone = phone.hint(fl!(t, "f-phone-hint", code = format!("+{}", country.calling_code())));
        }
        ContactFields {
            first_name: self.field(Field::ContactFirstName, Input::Name),
            last_name: self.field(Field::ContactLastName, Input::Name).hint(fl!(t, "f-last-hint")),
            email: self.field(Field::ContactEmail, Input::Email),
            phone_number: phone,
        }
    }

    fn agreement(
        &self,
        version_id: Uuid,
        version: String,
        text: Option<(String, String)>,
        rules: &Rules,
    ) -> AgreementFields {
        let (t, language) = (self.t, self.context.language);
        let older = self.field(Field::OlderThanVersion, Input::Tick);
        let name = [Field::ContactFirstName, Field::ContactLastName].map(|field| self.form.get(field).trim()).join(" ");
        let name = text::shown(&name);
        let day = |days| i18n::date_short(rules.today - TimeDelta::days(days), language);
        let date = Input::Date { today: (fl!(t, "f-today"), day(0)), yesterday: (fl!(t, "f-yesterday"), day(1)) };
        AgreementFields {
            accepted: self.field(Field::Accepted, Input::Tick),
            version_id,
            version,
            text,
            date_agreed: self.field(Field::DateAgreed, date).hint(fl!(t, "f-date-hint")),
            older_than_version: Some(older).filter(is_in_use),
            is_other: self.form.get(Field::Acceptor) == Acceptor::Other.code(),
            primary_contact: if name.is_empty() {
                fl!(t, "acceptor-contact")
            } else {
                fl!(t, "acceptor-contact-name", name = name)
            },
            first_name: self.field(Field::FirstName, Input::Name),
            last_name: self.field(Field::LastName, Input::Name),
            email: self.field(Field::Email, Input::Email),
            phone_number: self.field(Field::PhoneNumber, Input::Phone),
        }
    }
}

/// Whether something is typed into a field, or wrong with it: then it is shown, whatever the country.
fn is_in_use(field: &FieldView) -> bool {
    !field.value.trim().is_empty() || field.error.is_some()
}
