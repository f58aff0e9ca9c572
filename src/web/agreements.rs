//! The form that confirms an acceptance, alone or in front of what a customer's confirmation status blocks.

use actix_web::{HttpResponse, http::StatusCode};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    acceptance_view::{AcceptanceView, text_of},
    access::ConfirmAcceptance,
    badge::Badge,
    customer_header::{CustomerHeader, CustomerTab},
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    flash::Flash,
    form::{FieldView, Form, Input, Problems},
    form_answer::{FormAnswer, SentForm, idempotency_key},
    form_token,
    kept_orders::KeptOrders,
    layout::PageLayout,
    next::Next,
    path_id::CustomerId,
    paths,
    prefill::{KnownPeople, KnownPerson},
    preserved::Preserved,
    query::Query,
    respond,
};
use crate::{
    actions::confirm_agreement::confirm_agreement,
    domain::{
        agreement::{AgreementVersion, AgreementVersions, Attestation, ConfirmationStatus, Refusal},
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
struct UpdateTemplate<'a> {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    heading: String,
    lead: String,
    /// Hidden fields that say where it leads on.
    next: Vec<(&'static str, String)>,
    /// In a queue, the place in it and the ways on.
    queue: Option<QueueView>,
    /// The way back, and its words.
    cancel: (String, String),
    known: &'a [KnownPerson],
    /// Says of the person who is filled in what there is to check.
    filled: Option<String>,
    action: String,
    submission: String,
    agreement_version: Uuid,
    /// The fields of the person, in pairs.
    person: Vec<Vec<FieldView>>,
    fields: Vec<FieldView>,
    badge: Badge,
    recorded: Option<AcceptanceView>,
    /// Whether the version is confirmed for a person, so that the same one is refused.
    must_differ: bool,
    /// In front of what is blocked: what follows from the confirmation status.
    warning: Option<String>,
    /// Orders that wait, in front of a new one.
    kept: Option<KeptOrders>,
    version: String,
    text: Option<(String, String)>,
}

/// Where in a queue the customer stands.
struct QueueView {
    /// For example *7 of 46*.
    place: String,
    /// The part of the queue that is behind, in per cent; none where its length is not known.
    done: Option<u32>,
    skip: String,
    country: Option<&'static str>,
    domain: String,
}

/// The Update form, empty or started from a person already known.
pub async fn show_form(
    cx: Cx<ConfirmAcceptance>,
    CustomerId(id): CustomerId,
    query: Query,
    Preserved(kept): Preserved,
) -> Result<HttpResponse, Error> {
    let next = Next::of(kept.as_ref().unwrap_or(&query));
    let mut shown = Shown::load(&cx, id, &next).await?;
    let form = kept.unwrap_or_else(|| shown.begin(query.get_raw("prefill")));
    if let Some((Flash::ConfirmationRecorded, before)) = cx.context.flash {
        shown.confirmed = customers::name_of(&mut cx.state.db.read().await?, cx.actor.account.id, before).await?;
    }
    shown.focus = true;
    shown.answer(StatusCode::OK, &form, &Problems::default(), &next)
}

/// *Complete the confirmation first*: the same form in front of what the customer's confirmation status blocks.
pub async fn prompt(cx: &ActorContext, customer: Uuid, status: StatusCode, next: &Next) -> Result<HttpResponse, Error> {
    let mut shown = Shown::load(cx, customer, next).await?;
    let form = shown.begin("");
    shown.answer(status, &form, &Problems::default(), next)
}

/// Save and continue. What the form's page shows is read only when the form comes back.
pub async fn save(cx: Cx<ConfirmAcceptance>, CustomerId(id): CustomerId, form: Form) -> Result<HttpResponse, Error> {
    let (actor, t) = (&cx.actor, cx.context.words());
    let customer =
        customers::find(&mut cx.state.db.read().await?, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let next = Next::of(&form);
    let back =
        async |status, problems: Problems| Shown::load(&cx, id, &next).await?.answer(status, &form, &problems, &next);
    if !form.get_raw("prefill").is_empty() {
        let mut shown = Shown::load(&cx, id, &next).await?;
        let form = shown.refill(&form);
        shown.focus = true;
        return shown.answer(StatusCode::OK, &form, &Problems::default(), &next);
    }

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
    let flash = match &next {
        Next::Queue { queue, close: true } => (Flash::QueueEnded, Flash::figures(queue.confirmed(), queue.skipped)),
        _ => (Flash::ConfirmationRecorded, id),
    };
    let flash = Some(flash);
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

/// What follows from a confirmation status that closes the gate.
pub(super) fn consequence(confirmation_status: ConfirmationStatus, t: &Words) -> Option<String> {
    match confirmation_status {
        ConfirmationStatus::NotConfirmed => Some(fl!(t, "not-confirmed-consequence")),
        ConfirmationStatus::ReconfirmationDue => Some(fl!(t, "reconfirmation-due-consequence")),
        ConfirmationStatus::Confirmed | ConfirmationStatus::NotApplicable => None,
    }
}

/// Everything the Update form shows besides what is typed.
struct Shown<'a> {
    cx: &'a ActorContext,
    info: AccountInfo,
    versions: AgreementVersions,
    text: Option<(String, String)>,
    known: KnownPeople,
    /// What is said of how the form was filled in.
    filled: Option<String>,
    /// Whether the page begins in the first field that is left to fill in.
    focus: bool,
    /// Whose confirmation the page before recorded.
    confirmed: Option<String>,
    kept: Option<KeptOrders>,
}

impl<'a> Shown<'a> {
    async fn load(cx: &'a ActorContext, id: Uuid, next: &Next) -> Result<Self, Error> {
        let mut conn: Snapshot = cx.state.db.snapshot().await?;
        let info =
            agreements::account_info(&mut conn, cx.actor.account.id, id, cx.today).await?.ok_or(Error::NotFound)?;
        let versions = agreements::versions(&mut conn).await?;
        let latest = versions.latest().id;
        let text = text_of(&mut conn, &info.customer, latest, cx.context.words(), cx.context.language).await?;
        let former = info.agreement.as_ref().and_then(|agreement| agreement.acceptance.person());
        let known = KnownPeople::new(&info.customer.contact(), former, cx.words());
        let is_blocked = !info.confirmation_status(&cx.actor.account).gate_is_open();
        let kept = match next {
            Next::Order { draft } => {
                let kept = KeptOrders::of(&mut conn, cx, id, is_blocked).await?;
                kept.map(|kept| kept.continued(*draft))
            }
            Next::Queue { .. } => KeptOrders::of(&mut conn, cx, id, is_blocked).await?,
            Next::Account { .. } | Next::Quantity { .. } => None,
        };
        Ok(Self { cx, info, versions, text, known, filled: None, focus: false, confirmed: None, kept })
    }

    /// The form before anything is typed.
    fn begin(&mut self, prefill: &str) -> Form {
        let begun = self.known.begin(prefill, self.info.confirmation_status(&self.cx.actor.account));
        self.filled = begun.has_person.then(|| fl!(self.cx.words(), "prefill-check"));
        begun.form
    }

    /// The form filled in from somebody else.
    fn refill(&mut self, form: &Form) -> Form {
        let Some(refilled) = self.known.refill(form) else { return form.clone() };
        let t = self.cx.words();
        self.filled = if refilled.kept_typed {
            Some(fl!(t, "prefill-kept"))
        } else {
            refilled.has_person.then(|| fl!(t, "prefill-check"))
        };
        refilled.form
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

    fn queue(&self, next: &Next) -> Option<QueueView> {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let queue = next.queue()?;
        let customer = &self.info.customer;
        let at = i18n::number(queue.at, language);
        Some(QueueView {
            place: match queue.of {
                Some(of) => fl!(t, "queue-place-of", at = at, of = i18n::number(of, language)),
                None => fl!(t, "queue-place", at = at),
            },
            done: queue.of.filter(|of| *of > 0).map(|of| queue.at.saturating_sub(1).min(of).saturating_mul(100) / of),
            skip: queue.skip(customer.id),
            country: customer.country.map(|country| country.name(language)),
            domain: customer.domain.clone(),
        })
    }

    fn latest(&self) -> &AgreementVersion {
        self.versions.latest()
    }

    fn answer(self, status: StatusCode, form: &Form, problems: &Problems, next: &Next) -> Result<HttpResponse, Error> {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let account = &self.cx.actor.account;
        let customer = &self.info.customer;
        if status == StatusCode::OK && !account.confirms() {
            return Ok(respond::see_other(&self.cx.state, &paths::account(customer.id), None));
        }
        let confirmation_status = self.info.confirmation_status(account);
        let customer_frame = CustomerHeader::new(customer, CustomerTab::Below);
        let is_prompt = !confirmation_status.gate_is_open();
        let (heading, lead) = match next {
            Next::Order { draft } if is_prompt => {
                let has_lines = self.kept.as_ref().is_some_and(|kept| kept.has(*draft));
                let why = if has_lines { fl!(t, "prompt-why-lines") } else { fl!(t, "prompt-why") };
                (fl!(t, "prompt-order"), why)
            }
            Next::Quantity { .. } if is_prompt => (fl!(t, "prompt-order"), fl!(t, "block-licences")),
            _ if self.info.agreement.is_none() => (fl!(t, "h-confirm"), fl!(t, "update-lead")),
            _ => (fl!(t, "h-update"), fl!(t, "update-lead")),
        };
        let cancel = match next {
            Next::Account { .. } => fl!(t, "act-cancel"),
            Next::Queue { .. } => fl!(t, "act-back-to-list"),
            Next::Order { .. } | Next::Quantity { .. } => fl!(t, "act-back-to-customer"),
        };
        let mut fields = self.fields(form, problems);
        if self.focus {
            let needed = [Field::FirstName, Field::LastName, Field::Email, Field::DateAgreed];
            let left = needed.into_iter().find(|field| form.get(*field).is_empty());
            for field in &mut fields {
                field.autofocus = left.is_some_and(|left| field.name == left.code());
            }
        }
        let rest = fields.split_off(4);
        let emails = fields.split_off(2);
        let mut layout = PageLayout::new(&self.cx.context, format!("{heading} – {}", customer.company_name))
            .breadcrumbs(customer_frame.breadcrumbs(heading.clone()))
            .from_list(next.list())
            .errors(problems)
            .return_to(next.update(customer.id));
        layout.flash = self.confirmed.clone().map(|company| fl!(t, "ok-saved", company = company));
        let template = UpdateTemplate {
            layout,
            t,
            heading,
            lead,
            next: next.fields(),
            queue: self.queue(next),
            cancel: (next.back(customer.id), cancel),
            customer: customer_frame,
            known: self.known.all(),
            filled: self.filled.clone(),
            action: paths::agreements(customer.id),
            submission: form_token::fresh_token(self.cx, &form_name(customer.id)),
            agreement_version: self.latest().id,
            person: vec![fields, emails],
            fields: rest,
            badge: Badge::of(confirmation_status, t),
            recorded: self.info.agreement.as_ref().map(|agreement| {
                let label = self.info.version_label.clone().unwrap_or_default();
                AcceptanceView::new(agreement, label, account.time_zone, t, language)
            }),
            must_differ: self.info.agreement.as_ref().is_some_and(|agreement| {
                agreement.version_id == self.latest().id && agreement.acceptance.person().is_some()
            }),
            warning: match next {
                Next::Order { .. } | Next::Quantity { .. } => consequence(confirmation_status, t),
                Next::Account { .. } | Next::Queue { .. } => None,
            },
            version: self.latest().label.clone(),
            text: self.text.clone(),
            kept: self.kept,
        };
        respond::render(&self.cx.context, status, &template)
    }
}
