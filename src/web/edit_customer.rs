//! Editing a customer's company and primary contact. Two people at once lose nothing: the later one sees what
//! the other wrote beside what they typed.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    access::EditCustomers,
    customer_header::{CustomerHeader, CustomerTab},
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    flash::Flash,
    form::{self, FieldView, Form, Input, Problems},
    form_answer::{FormAnswer, SentForm, idempotency_key},
    form_token,
    layout::PageLayout,
    path_id::CustomerId,
    paths,
    preserved::Preserved,
    registration_number_field::registration_number_field,
    respond,
};
use crate::{
    actions::{
        Failure, Outcome,
        edit_customer::{self, Refusal, company_texts, contact_texts},
    },
    domain::{
        audit::Action,
        country::Country,
        culture::parse_culture,
        customer::{Company, Contact, TypedCompany, TypedContact, cultures},
        field::{Fault, Field},
        invalid::Invalid,
    },
    i18n::{self, Language, Words},
    store::{
        audit,
        customers::{self, Customer},
    },
};

/// A block of Account info.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Company,
    Contact,
}

impl Block {
    fn heading(self, t: &Words) -> String {
        match self {
            Self::Company => fl!(t, "h-company"),
            Self::Contact => fl!(t, "h-contact"),
        }
    }

    fn path(self, customer: Uuid) -> String {
        match self {
            Self::Company => paths::company(customer),
            Self::Contact => paths::contact(customer),
        }
    }

    fn flash(self) -> Flash {
        match self {
            Self::Company => Flash::CompanySaved,
            Self::Contact => Flash::ContactSaved,
        }
    }

    fn etag(self, customer: &Customer) -> i64 {
        match self {
            Self::Company => customer.company_etag,
            Self::Contact => customer.contact_etag,
        }
    }

    /// Fields with their texts as they are stored.
    fn texts(self, customer: &Customer) -> Vec<(Field, String)> {
        match self {
            Self::Company => company_texts(&customer.company()),
            Self::Contact => contact_texts(&customer.contact()),
        }
    }

    /// Names the form in its token.
    fn form(self, customer: Uuid) -> String {
        self.path(customer)
    }

    /// The actions in the log that change this block.
    fn actions(self) -> &'static [Action] {
        match self {
            Self::Company => &[Action::CompanyEdited, Action::CustomerUpdatedByImport],
            Self::Contact => &[Action::ContactEdited],
        }
    }
}

#[derive(Template)]
#[template(path = "edit.html")]
struct EditTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    heading: String,
    lead: Option<String>,
    action: String,
    submission: String,
    etag: String,
    fields: Vec<FieldView>,
}

/// The form of the company.
pub async fn show_company(
    cx: Cx<EditCustomers>,
    CustomerId(id): CustomerId,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    show(Block::Company, &cx, id, kept).await
}

/// The form of the primary contact.
pub async fn show_contact(
    cx: Cx<EditCustomers>,
    CustomerId(id): CustomerId,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    show(Block::Contact, &cx, id, kept).await
}

async fn show(block: Block, cx: &ActorContext, id: Uuid, kept: Option<Form>) -> Result<HttpResponse, Error> {
    let customer = find(cx, id).await?;
    let form = kept.unwrap_or_else(|| stored(block, &customer));
    answer(block, cx, StatusCode::OK, &customer, &form, &Problems::default(), None)
}

/// Saves the company.
pub async fn save_company(
    cx: Cx<EditCustomers>,
    CustomerId(id): CustomerId,
    form: Form,
) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let typed = TypedCompany {
        name: form.get(Field::CompanyName),
        country: form.get(Field::Country),
        address_line1: form.get(Field::AddressLine1),
        address_line2: form.get(Field::AddressLine2),
        city: form.get(Field::City),
        state: form.get(Field::State),
        postal_code: form.get(Field::PostalCode),
        organization_registration_number: form.get(Field::OrganizationRegistrationNumber),
        culture: form.get(Field::Culture),
    };
    let saving = Saving::new(Block::Company, &cx, id, &form).await?;
    let parsed = Company::parse(typed);
    let mut faults = parsed.as_ref().err().cloned().unwrap_or_default();
    if parsed.as_ref().is_ok_and(|company| !company.is_language_offered_after(&saving.customer.company())) {
        faults.push(Fault { field: Field::Culture, invalid: Invalid::LanguageNotOffered });
    }
    let faults = form.with_unreadable(faults);
    let company = match parsed {
        Ok(company) if faults.is_empty() => company,
        _ => return saving.refuse(&faults),
    };
    let submission = match idempotency_key(&cx, &form, &Block::Company.form(id)) {
        Ok(submission) => submission,
        Err(problems) => return saving.unknown(&problems),
    };
    let outcome = paths::account(id);
    let done = edit_customer::edit_company(&cx.state.db, actor, id, saving.etag, &company, &submission, &outcome).await;
    saving.answer(done, &outcome).await
}

/// Saves the primary contact.
pub async fn save_contact(
    cx: Cx<EditCustomers>,
    CustomerId(id): CustomerId,
    form: Form,
) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let typed = TypedContact {
        first_name: form.get(Field::ContactFirstName),
        last_name: form.get(Field::ContactLastName),
        email: form.get(Field::ContactEmail),
        phone_number: form.get(Field::ContactPhoneNumber),
    };
    let saving = Saving::new(Block::Contact, &cx, id, &form).await?;
    let contact = match Contact::parse(typed, saving.customer.country) {
        Ok(contact) if form.with_unreadable(Vec::new()).is_empty() => contact,
        parsed => return saving.refuse(&form.with_unreadable(parsed.err().unwrap_or_default())),
    };
    let submission = match idempotency_key(&cx, &form, &Block::Contact.form(id)) {
        Ok(submission) => submission,
        Err(problems) => return saving.unknown(&problems),
    };
    let outcome = paths::account(id);
    let done = edit_customer::edit_contact(&cx.state.db, actor, id, saving.etag, &contact, &submission, &outcome).await;
    saving.answer(done, &outcome).await
}

/// A block on its way to be saved, and every way it can come back.
struct Saving<'a> {
    block: Block,
    cx: &'a ActorContext,
    customer: Customer,
    form: &'a Form,
    etag: i64,
}

impl<'a> Saving<'a> {
    async fn new(block: Block, cx: &'a ActorContext, id: Uuid, form: &'a Form) -> Result<Self, Error> {
        let customer = find(cx, id).await?;
        // What is no number is nobody's etag: the form comes back as stale.
        let etag = form.get(Field::Etag).parse().unwrap_or_default();
        Ok(Self { block, cx, customer, form, etag })
    }

    fn back(&self, status: StatusCode, problems: &Problems, stale: Option<&Customer>) -> Result<HttpResponse, Error> {
        let customer = stale.unwrap_or(&self.customer);
        answer(self.block, self.cx, status, customer, self.form, problems, stale)
    }

    fn refuse(&self, faults: &[crate::domain::field::Fault]) -> Result<HttpResponse, Error> {
        let problems = Problems::of(faults, self.cx.context.words(), self.cx.context.language, None);
        self.back(StatusCode::UNPROCESSABLE_ENTITY, &problems, None)
    }

    fn unknown(&self, problems: &Problems) -> Result<HttpResponse, Error> {
        self.back(StatusCode::UNPROCESSABLE_ENTITY, problems, None)
    }

    async fn answer(&self, done: Result<Outcome<()>, Failure<Refusal>>, outcome: &str) -> Result<HttpResponse, Error> {
        let t = self.cx.words();
        let (flash, action) = (Some((self.block.flash(), self.customer.id)), self.block.path(self.customer.id));
        let sent = SentForm { form: self.form, action: &action, outcome, flash, repeats_flash: true };
        match sent.answer(self.cx, done)? {
            FormAnswer::Answered(response) => Ok(response),
            FormAnswer::Back(status, problems) => self.back(status, &problems, None),
            FormAnswer::Refused(Refusal::Stale(now)) => {
                let last = {
                    let mut conn = self.cx.state.db.read().await?;
                    audit::last_change(&mut conn, self.cx.actor.account.id, now.id, self.block.actions()).await?
                };
                let problems = Problems::whole(match last {
                    Some(last) => {
                        let zone = self.cx.actor.account.time_zone;
                        let day = last.at.with_timezone(&zone).date_naive();
                        let own = last.actor_id.is_some() && last.actor_id == self.cx.actor.who.id;
                        fl!(
                            t,
                            "e-stale",
                            own = if own { "yes" } else { "no" },
                            name = enum_labels::who_code(&last.actor_kind, &last.actor_name, t),
                            day = i18n::date_long(day, self.cx.context.language),
                            time = i18n::time_of_day(last.at, zone)
                        )
                    }
                    None => fl!(t, "e-stale-unknown"),
                });
                self.back(StatusCode::CONFLICT, &problems, Some(&now))
            }
        }
    }
}

async fn find(cx: &ActorContext, id: Uuid) -> Result<Customer, Error> {
    let mut conn = cx.state.db.read().await?;
    customers::find(&mut conn, cx.actor.account.id, id).await?.ok_or(Error::NotFound)
}

/// The block as an untouched form.
fn stored(block: Block, customer: &Customer) -> Form {
    let pairs = block.texts(customer).into_iter().map(|(field, text)| (field.code().to_owned(), text));
    Form::of(pairs.collect())
}

fn answer(
    block: Block,
    cx: &ActorContext,
    status: StatusCode,
    customer: &Customer,
    form: &Form,
    problems: &Problems,
    newer: Option<&Customer>,
) -> Result<HttpResponse, Error> {
    let (t, language) = (cx.context.words(), cx.context.language);
    let mut fields = match block {
        Block::Company => company_fields(form, problems, t, language),
        Block::Contact => contact_fields(form, problems, t),
    };
    if let Some(newer) = newer {
        for (field, text) in block.texts(newer) {
            if let Some(view) = fields.iter_mut().find(|view| view.name == field.code() && view.value.trim() != text) {
                let shown = match &view.input {
                    Input::Select(options) => {
                        options.iter().find(|(value, _)| *value == text).map(|(_, words)| words.to_string())
                    }
                    _ => Some(text).filter(|text| !text.is_empty()),
                };
                view.current_value = Some(shown.unwrap_or_else(|| fl!(t, "not-provided")));
            }
        }
    }
    let heading = block.heading(t);
    let customer_frame = CustomerHeader::new(customer, CustomerTab::Below);
    // A form sent with errors and its etag keeps that etag; a stale one gets the new one.
    let etag = match (newer, form.get(Field::Etag)) {
        (None, typed) if !typed.is_empty() => typed.to_owned(),
        _ => block.etag(customer).to_string(),
    };
    let template = EditTemplate {
        layout: PageLayout::new(&cx.context, format!("{heading} – {}", customer.company_name))
            .breadcrumbs(customer_frame.breadcrumbs(heading.clone()))
            .errors(problems)
            .return_to(block.path(customer.id)),
        t,
        customer: customer_frame,
        heading,
        lead: (block == Block::Company).then(|| fl!(t, "edit-company-lead", domain = customer.domain.clone())),
        action: block.path(customer.id),
        submission: form_token::fresh_token(cx, &block.form(customer.id)),
        etag,
        fields,
    };
    respond::render(&cx.context, status, &template)
}

fn company_fields(form: &Form, problems: &Problems, t: &Words, language: Language) -> Vec<FieldView> {
    let nothing = || -> form::Choice { ("".into(), fl!(t, "not-provided").into()) };
    let country = Country::parse(form.get(Field::Country).trim());
    let countries = std::iter::once(nothing())
        .chain(Country::all(language).iter().map(|country| (country.code().into(), country.name(language).into())))
        .collect();
    // Programs may have chosen a language that is on no list.
    let chosen = parse_culture(form.get(Field::Culture)).ok().filter(|chosen| !cultures().contains(&chosen.as_str()));
    let name = |culture: &str| enum_labels::culture(culture, t, language).into();
    let cultures = std::iter::once(nothing())
        .chain(cultures().iter().map(|culture| ((*culture).into(), name(culture))))
        .chain(chosen.map(|culture| (culture.clone().into(), name(&culture))))
        .collect();
    let optional = |field, input| FieldView::new(field, enum_labels::optional_label(field, t), input, form, problems);
    vec![
        optional(Field::Country, Input::Select(countries)),
        FieldView::new(Field::CompanyName, enum_labels::label(Field::CompanyName, t), Input::Text, form, problems),
        optional(Field::AddressLine1, Input::Text),
        optional(Field::AddressLine2, Input::Text),
        optional(Field::PostalCode, Input::Text),
        optional(Field::City, Input::Text),
        optional(Field::State, Input::Text),
        // Optional here in every country: what was never provided may stay so.
        registration_number_field(country.map(|country| country.registration_number().optional()), form, problems, t),
        optional(Field::Culture, Input::Select(cultures)),
    ]
}

fn contact_fields(form: &Form, problems: &Problems, t: &Words) -> Vec<FieldView> {
    let optional = |field, input| FieldView::new(field, enum_labels::optional_label(field, t), input, form, problems);
    vec![
        optional(Field::ContactFirstName, Input::Name),
        optional(Field::ContactLastName, Input::Name).hint(fl!(t, "f-last-hint")),
        optional(Field::ContactEmail, Input::Email),
        FieldView::new(
            Field::ContactPhoneNumber,
            enum_labels::label(Field::ContactPhoneNumber, t),
            Input::Phone,
            form,
            problems,
        ),
    ]
}
