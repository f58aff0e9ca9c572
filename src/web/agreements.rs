//! The Update form, and every confirmation of a customer.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    acceptance_view::{AcceptanceView, text_of},
    access::{ConfirmAcceptance, ViewCustomers},
    badge::Badge,
    customer_header::{CustomerHeader, CustomerTab},
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    flash::Flash,
    form::{FieldView, Form, Input, Problems},
    form_answer::{FormAnswer, SentForm, idempotency_key},
    form_token,
    layout::PageLayout,
    next::Next,
    path_id::CustomerId,
    paths,
    preserved::Preserved,
    query::Query,
    respond,
};
use crate::{
    actions::confirm_agreement::confirm_agreement,
    domain::{
        agreement::{AgreementVersion, AgreementVersions, Attestation, Refusal, confirmation_status},
        country::Country,
        date_input::parse_date,
        field::{Fault, Faults, Field},
        invalid::Invalid,
        person::{Email, Name, Person, Phone},
    },
    i18n::{self, Words},
    store::{
        Snapshot,
        agreements::{self, AccountInfo},
        customers,
    },
};

#[derive(Template)]
#[template(path = "update.html")]
struct UpdateTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    heading: String,
    lead: String,
    /// Hidden fields that say where it leads on, or the list that somebody walks through.
    next: Vec<(&'static str, String)>,
    /// Words of the button that saves and leads on in that list; then each button says where it leads.
    save_next: Option<String>,
    /// The way back, and its words.
    cancel: (String, String),
    prefills: Vec<Prefill>,
    prefill_action: String,
    action: String,
    submission: String,
    agreement_version: Uuid,
    fields: Vec<FieldView>,
    badge: Badge,
    recorded: Option<AcceptanceView>,
    version: String,
    text: Option<(String, String)>,
}

/// A person already known, to start from.
struct Prefill {
    value: &'static str,
    words: String,
}

#[derive(Template)]
#[template(path = "agreements.html")]
struct AgreementsTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    badge: Badge,
    agreements: Vec<Listed>,
    update: Option<String>,
}

struct Listed {
    view: AcceptanceView,
    counts: bool,
    record: String,
}

/// Every confirmation of a customer, newest first.
pub async fn list(cx: Cx<ViewCustomers>, CustomerId(id): CustomerId) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&cx.actor, cx.context.words(), cx.context.language);
    let today = cx.today;
    let mut conn = cx.state.db.snapshot().await?;
    let customer = customers::find(&mut conn, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let versions = agreements::versions(&mut conn).await?;
    let recorded = agreements::of_customer(&mut conn, customer.seq, &versions).await?;
    drop(conn);

    let counting = crate::domain::agreement::counting(&recorded).map(|agreement| agreement.id);
    let confirmation_status =
        confirmation_status(&actor.account, customer.agreement_published_on, versions.required_version_date(today));
    let may_confirm = actor.account.confirms() && actor.role.may(crate::domain::role::Permission::ConfirmAcceptance);
    let layout = CustomerHeader::new(&customer, CustomerTab::Below);
    let template = AgreementsTemplate {
        layout: PageLayout::new(&cx.context, format!("{} – {}", fl!(t, "h-agreements"), customer.company_name))
            .breadcrumbs(layout.breadcrumbs(fl!(t, "h-agreements"))),
        t,
        badge: Badge::of(confirmation_status, t),
        agreements: recorded
            .iter()
            .map(|agreement| Listed {
                view: AcceptanceView::new(
                    agreement,
                    versions.find(agreement.version_id).map(|version| version.label.clone()).unwrap_or_default(),
                    actor.account.time_zone,
                    t,
                    language,
                ),
                counts: counting == Some(agreement.id),
                record: paths::record(customer.id, agreement.id),
            })
            .collect(),
        update: may_confirm.then(|| paths::update(customer.id)),
        customer: layout,
    };
    respond::ok(&cx.context, &template)
}

/// The Update form, empty or started from a person already known.
pub async fn show_form(
    cx: Cx<ConfirmAcceptance>,
    CustomerId(id): CustomerId,
    query: Query,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    let shown = Shown::load(&cx, id).await?;
    let (form, next) = match kept {
        Some(form) => {
            let next = Next::of(&form);
            (form, next)
        }
        None => (shown.prefilled(query.get_raw("prefill")), Next::of(&query)),
    };
    shown.answer(StatusCode::OK, &form, &Problems::default(), &next)
}

/// *Complete the confirmation first*: the same form in front of what the customer's confirmation status blocks.
pub async fn prompt(cx: &ActorContext, customer: Uuid, status: StatusCode, next: &Next) -> Result<HttpResponse, Error> {
    let shown = Shown::load(cx, customer).await?;
    shown.answer(status, &Form::default(), &Problems::default(), next)
}

/// Save and continue. What the form's page shows is read only when the form comes back.
pub async fn save(cx: Cx<ConfirmAcceptance>, CustomerId(id): CustomerId, form: Form) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let customer =
        customers::find(&mut cx.state.db.read().await?, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let next = Next::of(&form);
    let back = async |status, problems: Problems| Shown::load(&cx, id).await?.answer(status, &form, &problems, &next);

    let attestation = match parse(&form, customer.country, cx.today) {
        Ok(attestation) => attestation,
        Err(faults) if faults.iter().all(|fault| fault.field == Field::AgreementVersion) => {
            let problems = Problems::whole(fl!(t, "e-version-unknown"));
            return back(StatusCode::UNPROCESSABLE_ENTITY, problems).await;
        }
        Err(mut faults) => {
            // Nobody typed the version: what people can mend comes first.
            faults.retain(|fault| fault.field != Field::AgreementVersion);
            let problems = Problems::of(&faults, t, cx.context.language, Some(actor.account.time_zone));
            return back(StatusCode::UNPROCESSABLE_ENTITY, problems).await;
        }
    };
    let submission = match idempotency_key(&cx, &form, &form_name(id)) {
        Ok(submission) => submission,
        Err(problems) => return back(StatusCode::UNPROCESSABLE_ENTITY, problems).await,
    };

    let outcome = next.path(id);
    let flash = Some((Flash::ConfirmationRecorded, id));
    let channel = next.channel();
    let done = confirm_agreement(&cx.state.db, actor, id, &attestation, channel, &submission, &outcome).await;
    let sent = SentForm { form: &form, action: &paths::agreements(id), outcome: &outcome, flash, repeats_flash: true };
    match sent.answer(&cx, done)? {
        FormAnswer::Answered(response) => Ok(response),
        FormAnswer::Back(status, problems) => back(status, problems).await,
        FormAnswer::Refused(refusal) => {
            let (status, problems) = refused(refusal, &cx);
            back(status, problems).await
        }
    }
}

/// Names the form in its token.
fn form_name(customer: Uuid) -> String {
    paths::agreements(customer)
}

fn parse(form: &Form, country: Option<Country>, today: chrono::NaiveDate) -> Result<Attestation, Vec<Fault>> {
    let mut faults = Faults::default();
    let [first_name, last_name] = [Field::FirstName, Field::LastName].map(|field| (field, form.get(field)));
    let names = Name::parse_both(first_name, last_name, &mut faults);
    let email = faults.take(Field::Email, Email::parse(form.get(Field::Email)));
    let phone = faults.take(Field::PhoneNumber, Phone::parse(form.get(Field::PhoneNumber), country));
    let date_agreed = faults.take(Field::DateAgreed, parse_date(form.get(Field::DateAgreed), today));
    let version_id = faults.take(
        Field::AgreementVersion,
        Uuid::try_parse(form.get(Field::AgreementVersion)).map_err(|_| Invalid::NotAGuid),
    );
    let whole = (|| {
        Some(Attestation {
            person: Person::of(names, email, phone)?,
            date_agreed: date_agreed?,
            version_id: version_id?,
            predates_version_acknowledged: form.get(Field::OlderThanVersion) == "on",
        })
    })();
    let parsed = faults.finish(whole);
    let mut faults = parsed.as_ref().err().cloned().unwrap_or_default();
    form.add_assumed_years(&mut faults);
    let faults = form.with_unreadable(faults);
    if faults.is_empty() { parsed } else { Err(faults) }
}

/// A refusal as status and words.
pub(super) fn refused(refusal: Refusal, cx: &ActorContext) -> (StatusCode, Problems) {
    let (t, language) = (cx.context.words(), cx.context.language);
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    match refusal {
        Refusal::NotApplicable => {
            let cloud = enum_labels::cloud(cx.actor.account.cloud, t);
            (StatusCode::CONFLICT, Problems::whole(fl!(t, "na-text", cloud = cloud)))
        }
        Refusal::ProviderConfirms => (StatusCode::CONFLICT, Problems::whole(fl!(t, "reseller-text"))),
        Refusal::UnknownVersion => (unprocessable, Problems::whole(fl!(t, "e-version-unknown"))),
        Refusal::StaleVersion { latest } => {
            (StatusCode::CONFLICT, Problems::whole(fl!(t, "e-version-stale", label = latest.label)))
        }
        Refusal::InTheFuture { today } => {
            let fault = Fault { field: Field::DateAgreed, invalid: Invalid::DateInFuture { today } };
            (unprocessable, Problems::of(&[fault], t, language, Some(cx.actor.account.time_zone)))
        }
        Refusal::OlderThanVersion { published_on } => {
            let published = i18n::date_long(published_on, language);
            (unprocessable, Problems::at(Field::OlderThanVersion, fl!(t, "e-older", published = published)))
        }
        Refusal::SameAgain { on, by } => {
            let date = on.map(|day| i18n::date_long(day, language)).unwrap_or_default();
            (unprocessable, Problems::at(Field::FirstName, fl!(t, "e-same", date = date, name = by)))
        }
    }
}

/// Everything the Update form shows besides what is typed.
struct Shown<'a> {
    cx: &'a ActorContext,
    info: AccountInfo,
    versions: AgreementVersions,
    text: Option<(String, String)>,
}

impl<'a> Shown<'a> {
    async fn load(cx: &'a ActorContext, id: Uuid) -> Result<Self, Error> {
        let mut conn: Snapshot = cx.state.db.snapshot().await?;
        let info =
            agreements::account_info(&mut conn, cx.actor.account.id, id, cx.today).await?.ok_or(Error::NotFound)?;
        let versions = agreements::versions(&mut conn).await?;
        let latest = versions.latest().id;
        let text = text_of(&mut conn, &info.customer, latest, cx.context.words(), cx.context.language).await?;
        Ok(Self { cx, info, versions, text })
    }

    fn former(&self) -> Option<&Person> {
        self.info.agreement.as_ref().and_then(|agreement| agreement.acceptance.person())
    }

    /// The form started from a person already known.
    fn prefilled(&self, from: &str) -> Form {
        let contact = self.info.customer.contact();
        let text = |part: Option<String>| part.unwrap_or_default();
        let [first, last, email, phone] = match from {
            "primary_contact" => [
                text(contact.first_name.map(|name| name.to_string())),
                text(contact.last_name.map(|name| name.to_string())),
                text(contact.email.map(|email| email.to_string())),
                text(contact.phone.map(|phone| phone.to_string())),
            ],
            "former" => match self.former() {
                Some(person) => [
                    person.first_name.to_string(),
                    person.last_name.to_string(),
                    person.email.to_string(),
                    text(person.phone.as_ref().map(ToString::to_string)),
                ],
                None => return Form::default(),
            },
            _ => return Form::default(),
        };
        let fields =
            [(Field::FirstName, first), (Field::LastName, last), (Field::Email, email), (Field::PhoneNumber, phone)];
        Form::of(fields.into_iter().map(|(field, text)| (field.code().to_owned(), text)).collect())
    }

    fn fields(&self, form: &Form, problems: &Problems) -> Vec<FieldView> {
        let t = self.cx.context.words();
        let field = |field, input| FieldView::new(field, enum_labels::label(field, t), input, form, problems);
        let date = Input::date(self.cx.today, self.cx.actor.account.time_zone, t);
        let mut fields = vec![
            field(Field::FirstName, Input::Name),
            field(Field::LastName, Input::Name).hint(fl!(t, "f-last-hint")),
            field(Field::Email, Input::Email),
            field(Field::PhoneNumber, Input::Phone),
            field(Field::DateAgreed, date).hint(fl!(t, "f-date-hint")),
        ];
        let older = field(Field::OlderThanVersion, Input::Tick);
        if older.error.is_some() || !older.value.is_empty() {
            fields.push(older);
        }
        fields
    }

    fn prefills(&self) -> Vec<Prefill> {
        let t = self.cx.context.words();
        let contact = self.info.customer.contact();
        let name: Vec<&str> =
            [&contact.first_name, &contact.last_name].into_iter().flatten().map(Name::as_str).collect();
        let contact = (!name.is_empty())
            .then(|| Prefill { value: "primary_contact", words: fl!(t, "prefill-contact", name = name.join(" ")) });
        let former = self
            .former()
            .map(|person| Prefill { value: "former", words: fl!(t, "prefill-former", name = person.full_name()) });
        contact.into_iter().chain(former).collect()
    }

    fn latest(&self) -> &AgreementVersion {
        self.versions.latest()
    }

    fn answer(&self, status: StatusCode, form: &Form, problems: &Problems, next: &Next) -> Result<HttpResponse, Error> {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let account = &self.cx.actor.account;
        let customer = &self.info.customer;
        if status == StatusCode::OK && !account.confirms() {
            return Ok(respond::see_other(&self.cx.state, &paths::account(customer.id), None));
        }
        let confirmation_status = self.info.confirmation_status(account);
        let customer_frame = CustomerHeader::new(customer, CustomerTab::Below);
        let company = customer.company_name.clone();
        let is_prompt = !confirmation_status.gate_is_open();
        let (heading, lead) = match next {
            Next::Order { .. } if is_prompt => (fl!(t, "prompt-order"), fl!(t, "prompt-why", company = company)),
            Next::Quantity { .. } if is_prompt => (fl!(t, "prompt-order"), fl!(t, "block-licences")),
            _ => (fl!(t, "h-update"), fl!(t, "update-lead")),
        };
        let cancel = match next {
            Next::Account { .. } | Next::NotConfirmed { .. } => fl!(t, "act-cancel"),
            Next::Order { .. } | Next::Quantity { .. } => fl!(t, "act-back-to-customer"),
        };
        let template = UpdateTemplate {
            layout: PageLayout::new(&self.cx.context, format!("{heading} – {}", customer.company_name))
                .breadcrumbs(customer_frame.breadcrumbs(heading.clone()))
                .walk(next.walk())
                .errors(problems)
                .return_to(next.update(customer.id)),
            t,
            heading,
            lead,
            next: match next.walk() {
                Some(walk) => walk.fields().to_vec(),
                None => next.fields(),
            },
            save_next: next.walk().map(|walk| walk.save_words(t)),
            cancel: (next.back(customer.id), cancel),
            customer: customer_frame,
            prefills: self.prefills(),
            prefill_action: paths::update(customer.id),
            action: paths::agreements(customer.id),
            submission: form_token::fresh_token(self.cx, &form_name(customer.id)),
            agreement_version: self.latest().id,
            fields: self.fields(form, problems),
            badge: Badge::of(confirmation_status, t),
            recorded: self.info.agreement.as_ref().map(|agreement| {
                let label = self.info.version_label.clone().unwrap_or_default();
                AcceptanceView::new(agreement, label, account.time_zone, t, language)
            }),
            version: self.latest().label.clone(),
            text: self.text.clone(),
        };
        respond::render(&self.cx.context, status, &template)
    }
}
