//! The pages of a selection.

use std::collections::HashMap;

use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    badge::Badge,
    cx::ActorContext,
    enum_labels,
    form::{FieldView, Form, Input, Problems},
    form_token,
    layout::PageLayout,
    paths,
};
use crate::{
    domain::{
        agreement::{AgreementVersions, ConfirmationStatus, confirmation_status},
        field::Field,
        person::Person,
        selection::{NotConfirmed, Told},
    },
    i18n::{self, Words},
    store::{customers::Customer, selections::Selection},
};

/// A selection with its customers as they are now, and the versions.
pub(super) struct Loaded {
    pub(super) selection: Selection,
    pub(super) customers: HashMap<Uuid, Customer>,
    pub(super) versions: AgreementVersions,
    /// Where the latest version can be read: address and words.
    pub(super) text: Option<(String, String)>,
}

impl Loaded {
    /// Those who were not confirmed, and why.
    pub(super) fn not_confirmed(&self) -> impl Iterator<Item = (Uuid, NotConfirmed, Option<&Customer>)> {
        let told = self.selection.outcome.iter().flatten();
        told.filter_map(|Told { customer, refusal }| Some((*customer, (*refusal)?, self.customers.get(customer))))
    }
}

/// Names the form in its token.
pub(super) fn form_name(selection: Uuid) -> String {
    paths::selection(selection)
}

/// Customers on one page of those to be confirmed: the page stays light.
const PAGE: usize = 100;

/// The page on which a selection is checked.
#[derive(Template)]
#[template(path = "selection.html")]
pub(super) struct CheckView {
    layout: PageLayout,
    t: &'static Words,
    heading: String,
    lead: String,
    selection: Uuid,
    submission: String,
    agreement_version: Uuid,
    fields: Vec<FieldView>,
    submit: String,
    list: String,
    version: String,
    text: Option<(String, String)>,
    left_out: Vec<LeftOutView>,
    left_out_heading: String,
    /// How many of them are not shown.
    more_left_out: Option<String>,
    rows: Vec<RowView>,
    rows_heading: String,
    position: String,
    previous: Option<String>,
    next: Option<String>,
}

/// A customer to be confirmed.
struct RowView {
    name: String,
    href: String,
    person: String,
    email: String,
    badge: Badge,
}

/// A customer who is not or was not confirmed.
struct LeftOutView {
    name: String,
    href: Option<String>,
    why: String,
    /// What to do about it: address and words.
    act: Option<(String, String)>,
}

impl LeftOutView {
    fn new(id: Uuid, reason: NotConfirmed, customer: Option<&Customer>, t: &Words) -> Self {
        let act = match reason {
            NotConfirmed::NoContact => Some((paths::contact(id), fl!(t, "act-edit-contact"))),
            NotConfirmed::ContactChanged | NotConfirmed::DateRefused | NotConfirmed::VersionChanged => {
                Some((paths::update(id), fl!(t, "act-confirm-alone")))
            }
            NotConfirmed::AlreadyRecorded | NotConfirmed::NotFound => None,
        };
        Self {
            name: customer.map_or_else(|| id.to_string(), |customer| customer.company_name.clone()),
            href: customer.map(|customer| paths::account(customer.id)),
            why: enum_labels::not_confirmed(reason, t),
            act: act.filter(|_| customer.is_some()),
        }
    }
}

impl CheckView {
    pub(super) fn new(cx: &ActorContext, loaded: &Loaded, form: &Form, problems: &Problems) -> Self {
        let (t, language) = (cx.context.words(), cx.context.language);
        let number = |count: usize| i18n::number(count, language);
        let mut included: Vec<(&Customer, Person, ConfirmationStatus)> = Vec::new();
        let mut left_out = Vec::new();
        let required = loaded.versions.required_version_date(cx.today);
        for selected in &loaded.selection.customers {
            let customer = loaded.customers.get(&selected.customer);
            let judged = match customer {
                None => Err(NotConfirmed::NotFound),
                Some(customer) => {
                    let status = confirmation_status(&cx.actor.account, customer.agreement_published_on, required);
                    match customer.contact().person() {
                        _ if status.gate_is_open() => Err(NotConfirmed::AlreadyRecorded),
                        _ if selected.contact_etag != Some(customer.contact_etag) => Err(NotConfirmed::ContactChanged),
                        Some(person) => Ok((customer, person, status)),
                        None => Err(NotConfirmed::NoContact),
                    }
                }
            };
            match judged {
                Ok(one) => included.push(one),
                Err(reason) => left_out.push(LeftOutView::new(selected.customer, reason, customer, t)),
            }
        }
        let (count, all) = (included.len(), loaded.selection.customers.len());
        let pages = count.div_ceil(PAGE).max(1);
        let page = form.get_raw("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
        let rows = included.into_iter().skip((page - 1) * PAGE).take(PAGE).map(|(customer, person, status)| RowView {
            name: customer.company_name.clone(),
            href: paths::account(customer.id),
            person: person.full_name(),
            email: person.email.to_string(),
            badge: Badge::of(status, t),
        });
        let rows: Vec<RowView> = rows.collect();
        let href =
            |page: usize| paths::with_query(&paths::selection(loaded.selection.id), [("page", page.to_string())]);
        let heading = fl!(t, "selection-title", count = count, number = number(count));
        let left_out_count = left_out.len();
        left_out.truncate(PAGE);
        Self {
            layout: PageLayout::new(&cx.context, heading.clone())
                .breadcrumbs([(String::new(), fl!(t, "act-confirm-selected"))])
                .list(&loaded.selection.list)
                .errors(problems)
                .return_to(paths::selection(loaded.selection.id)),
            t,
            heading,
            lead: if left_out_count == 0 {
                fl!(t, "selection-lead", all = number(all))
            } else {
                fl!(t, "selection-lead-left-out", all = number(all), count = left_out_count)
            },
            selection: loaded.selection.id,
            submission: form_token::fresh_token(cx, &form_name(loaded.selection.id)),
            agreement_version: loaded.versions.latest().id,
            fields: if count == 0 { Vec::new() } else { fields(cx, form, problems) },
            submit: fl!(t, "act-confirm-count", count = count, number = number(count)),
            list: loaded.selection.list.clone(),
            version: loaded.versions.latest().label.clone(),
            text: loaded.text.clone(),
            left_out_heading: fl!(t, "selection-left-out", count = left_out_count, number = number(left_out_count)),
            more_left_out: (left_out_count > PAGE)
                .then(|| fl!(t, "selection-left-out-more", count = number(left_out_count - PAGE))),
            left_out,
            rows_heading: fl!(t, "selection-included", count = count, number = number(count)),
            position: fl!(
                t,
                "list-shown-of",
                first = number((page - 1) * PAGE + 1),
                last = number((page - 1) * PAGE + rows.len()),
                total = number(count)
            ),
            rows,
            previous: (page > 1).then(|| href(page - 1)),
            next: (page < pages).then(|| href(page + 1)),
        }
    }
}

fn fields(cx: &ActorContext, form: &Form, problems: &Problems) -> Vec<FieldView> {
    let t = cx.context.words();
    let date = Input::date(cx.today, cx.actor.account.time_zone, t);
    let field = |field, label, input| FieldView::new(field, label, input, form, problems);
    vec![
        field(Field::DateAgreed, fl!(t, "f-date-all"), date).hint(fl!(t, "f-date-hint")),
        field(Field::Attest, enum_labels::label(Field::Attest, t), Input::Tick),
    ]
}

/// What came of a selection.
#[derive(Template)]
#[template(path = "selection_result.html")]
pub(super) struct ResultView {
    layout: PageLayout,
    t: &'static Words,
    heading: String,
    list: String,
    csv: String,
    left_out: Vec<LeftOutView>,
    left_out_heading: String,
    more_left_out: Option<String>,
}

impl ResultView {
    pub(super) fn new(cx: &ActorContext, loaded: &Loaded) -> Self {
        let (t, language) = (cx.context.words(), cx.context.language);
        let number = |count: usize| i18n::number(count, language);
        let all = loaded.selection.customers.len();
        let mut left_out: Vec<LeftOutView> =
            loaded.not_confirmed().map(|(id, reason, customer)| LeftOutView::new(id, reason, customer, t)).collect();
        let left_out_count = left_out.len();
        left_out.truncate(PAGE);
        let done = all - left_out_count;
        let heading = fl!(t, "selection-done", count = done, number = number(done), all = number(all));
        Self {
            layout: PageLayout::new(&cx.context, heading.clone())
                .breadcrumbs([(String::new(), fl!(t, "act-confirm-selected"))])
                .list(&loaded.selection.list),
            t,
            heading,
            list: loaded.selection.list.clone(),
            csv: paths::selection_csv(loaded.selection.id),
            left_out_heading: fl!(t, "selection-not-done", count = left_out_count, number = number(left_out_count)),
            more_left_out: (left_out_count > PAGE)
                .then(|| fl!(t, "selection-left-out-more", count = number(left_out_count - PAGE))),
            left_out,
        }
    }
}
