//! Account info: company, primary contact and the Microsoft customer agreement of one customer.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    AppState,
    access::{May, ViewCustomers},
    enum_labels,
    error::Error,
    form::Form,
    next::Next,
    page::{self, Badge, Flash, PageLayout},
    paths,
    queue::Queue,
    request_context::RequestContext,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{Acceptance, Agreement, ConfirmationStatus},
        country::Country,
        customer::{Company, Contact},
        person::Name,
        role::Permission,
    },
    i18n::{self, Language, Words},
    store::{
        Read,
        agreements::{self, AccountInfo},
        customers::{self, Customer},
        users,
    },
};

/// A customer's id in an address; what is none is not found.
pub fn customer_id(path: &str) -> Result<Uuid, Error> {
    guid(path)
}

/// A GUID in an address, written as addresses have it; what is none is not found.
pub fn guid(path: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(path).ok().filter(|id| path.len() == 36 && !id.is_nil()).ok_or(Error::NotFound)
}

/// A customer's name above every page about it, and the ways to the others.
pub struct CustomerHeader {
    /// The company's name.
    pub name: String,
    /// Account info.
    pub account: String,
    /// Subscriptions.
    pub subscriptions: String,
    /// Orders.
    pub orders: String,
    /// History.
    pub history: String,
    /// Which of them is shown.
    pub here: CustomerTab,
}

/// A page about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerTab {
    /// Account info.
    Account,
    /// Subscriptions.
    Subscriptions,
    /// Orders.
    Orders,
    /// History.
    History,
    /// A page below one of them.
    Below,
}

impl CustomerHeader {
    /// The frame of a customer's page.
    pub fn new(customer: &Customer, here: CustomerTab) -> Self {
        Self {
            name: customer.company_name.clone(),
            account: paths::account(customer.id),
            subscriptions: paths::subscriptions(customer.id),
            orders: paths::orders(customer.id),
            history: paths::history(customer.id),
            here,
        }
    }

    /// Whether Account info is shown.
    pub fn at_account(&self) -> bool {
        self.here == CustomerTab::Account
    }

    /// Whether Subscriptions is shown.
    pub fn at_subscriptions(&self) -> bool {
        self.here == CustomerTab::Subscriptions
    }

    /// Whether Orders is shown.
    pub fn at_orders(&self) -> bool {
        self.here == CustomerTab::Orders
    }

    /// Whether History is shown.
    pub fn at_history(&self) -> bool {
        self.here == CustomerTab::History
    }

    /// The way from the list to a page of this customer.
    pub fn breadcrumbs(&self, page: String) -> [(String, String); 2] {
        [(self.account.clone(), self.name.clone()), (String::new(), page)]
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountTemplate {
    layout: PageLayout,
    t: &'static Words,
    customer: CustomerHeader,
    company: Vec<SummaryRow>,
    microsoft_id: String,
    domain: String,
    contact: Vec<SummaryRow>,
    /// On the way through a list: what leads on, address and words.
    next: Option<(String, String)>,
    new_order: Option<String>,
    edit_company: Option<String>,
    edit_contact: Option<String>,
    agreement: AgreementBlock,
}

/// A fact about a customer; without a value it is not provided.
pub struct SummaryRow {
    /// What it is.
    pub label: String,
    /// Its lines.
    pub lines: Vec<String>,
}

/// The block *Microsoft customer agreement* in one of its states.
struct AgreementBlock {
    badge: Badge,
    /// What follows from the confirmation status, and the way out; first thing on the page.
    warning: Option<String>,
    accepted: Option<AcceptanceView>,
    /// Why nobody confirms here, or who may.
    notes: Vec<String>,
    update: Option<String>,
    agreements: String,
    /// The record of the confirmation that counts.
    record: Option<String>,
}

/// A recorded acceptance in words.
pub struct AcceptanceView {
    /// The person, and how to reach them; none when the customer accepted directly.
    pub person: Option<(String, Vec<String>)>,
    /// The day of acceptance.
    pub date: Option<String>,
    /// The version.
    pub version: String,
    /// The text of the version: address and words.
    pub text: Option<(String, String)>,
    /// Who recorded it and when.
    pub recorded: String,
    /// by which channel.
    pub channel: String,
}

impl AcceptanceView {
    /// An agreement in words.
    pub fn new(agreement: &Agreement, version: String, zone: chrono_tz::Tz, t: &Words, language: Language) -> Self {
        let person = match &agreement.acceptance {
            Acceptance::By { person, .. } => {
                let phone = person.phone.as_ref().map(ToString::to_string);
                Some((person.full_name(), std::iter::once(person.email.to_string()).chain(phone).collect()))
            }
            Acceptance::Direct { .. } => None,
        };
        Self {
            person,
            date: agreement.acceptance.date().map(|day| i18n::date_long(day, language)),
            version,
            text: None,
            recorded: fl!(
                t,
                "recorded-by-at",
                name = enum_labels::who(agreement.recorded_by.kind, &agreement.recorded_by.name, t),
                time = i18n::time(agreement.recorded_at, zone, language)
            ),
            channel: enum_labels::channel(agreement.channel, t),
        }
    }
}

/// A customer's address without a page leads to Account info.
pub async fn customer(_: May<ViewCustomers>, state: AppState, path: web::Path<String>) -> Result<HttpResponse, Error> {
    Ok(page::see_other(&state, &paths::account(customer_id(&path)?), None))
}

/// Account info.
pub async fn show(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let (actor, t, language) = (&may.0, context.words(), context.language);
    let id = customer_id(request.match_info().query("customer"))?;
    let walk = Queue::of(&Form::decode(request.query_string().as_bytes()));
    let today = actor.account.today(state.db.clock.now());
    let mut conn = state.db.snapshot().await?;
    let info = agreements::account_info(&mut conn, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let agreement = agreement_block(&mut conn, actor, &context, &info, walk.as_ref()).await?;
    let confirmed = match context.flash {
        Some((Flash::ConfirmationRecorded, about)) if about == id => Some(info.customer.company_name.clone()),
        // On the way through a list the page tells of the customer before.
        Some((Flash::ConfirmationRecorded, before)) if walk.is_some() => {
            customers::name_of(&mut conn, actor.account.id, before).await?
        }
        _ => None,
    };
    drop(conn);

    let customer = CustomerHeader::new(&info.customer, CustomerTab::Account);
    let mut layout = PageLayout::new(&context, format!("{} – {}", fl!(t, "h-account-info"), customer.name))
        .breadcrumbs(customer.breadcrumbs(fl!(t, "h-account-info")))
        .walk(walk.as_ref());
    let flash = context.flash.filter(|(_, about)| *about == id);
    layout.flash = confirmed.map(|company| fl!(t, "ok-saved", company = company)).or_else(|| match flash?.0 {
        Flash::CompanySaved => Some(fl!(t, "ok-company")),
        Flash::ContactSaved => Some(fl!(t, "ok-contact")),
        _ => None,
    });
    let may_edit = actor.role.may(Permission::EditCustomers);
    let qualification = info.customer.qualification;
    let template = AccountTemplate {
        layout,
        t,
        company: company_facts(&info.customer.company(), t, language)
            .into_iter()
            .chain(
                info.customer
                    .associated_partner_id
                    .clone()
                    .map(|mpn| SummaryRow { label: fl!(t, "f-reseller-mpn"), lines: vec![mpn] }),
            )
            .chain(qualification.map(|one| SummaryRow {
                label: fl!(t, "qualification"),
                lines: vec![enum_labels::qualification(Some(one), t)],
            }))
            .collect(),
        microsoft_id: id.to_string(),
        domain: info.customer.domain.clone(),
        contact: contact_facts(&info.customer.contact(), t),
        next: walk.map(|walk| (walk.next(id), walk.words(t))),
        new_order: actor.role.may(Permission::PlaceOrders).then(|| paths::new_order(id)),
        edit_company: may_edit.then(|| paths::company(id)),
        edit_contact: may_edit.then(|| paths::contact(id)),
        agreement,
        customer,
    };
    page::ok(&context, &template)
}

/// Address, registration number where there is one, and language.
pub fn company_facts(company: &Company, t: &Words, language: Language) -> Vec<SummaryRow> {
    let country = company.country;
    let place =
        [company.postal_code.as_deref(), company.city.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let state = company.state.as_deref().map(|state| {
        country
            .and_then(|country| country.rules().state(state))
            .map_or_else(|| state.to_owned(), |state| state.name.to_owned())
    });
    let address = [
        company.address_line1.clone(),
        company.address_line2.clone(),
        Some(place),
        state,
        country.map(|country| country.name(language).to_owned()),
    ];
    let culture = company.culture.as_deref().map(|culture| enum_labels::culture(culture, t, language));
    let registration = company.organization_registration_number.clone();
    let mut facts = vec![
        SummaryRow {
            label: fl!(t, "fact-address"),
            lines: address.into_iter().flatten().filter(|line| !line.is_empty()).collect(),
        },
        SummaryRow { label: fl!(t, "fact-language"), lines: culture.into_iter().collect() },
    ];
    if let Some(number) = registration {
        facts.insert(1, SummaryRow { label: fl!(t, "f-registration"), lines: vec![number] });
    }
    facts
}

/// Name, email address and phone number.
pub fn contact_facts(contact: &Contact, t: &Words) -> Vec<SummaryRow> {
    let name: Vec<&str> = [&contact.first_name, &contact.last_name].into_iter().flatten().map(Name::as_str).collect();
    vec![
        SummaryRow {
            label: fl!(t, "fact-name"),
            lines: Some(name.join(" ")).filter(|name| !name.is_empty()).into_iter().collect(),
        },
        SummaryRow { label: fl!(t, "f-email"), lines: contact.email.iter().map(ToString::to_string).collect() },
        SummaryRow { label: fl!(t, "fact-phone"), lines: contact.phone.iter().map(ToString::to_string).collect() },
    ]
}

async fn agreement_block(
    conn: &mut dyn Read,
    actor: &Actor,
    context: &RequestContext,
    info: &AccountInfo,
    walk: Option<&Queue>,
) -> Result<AgreementBlock, Error> {
    let (t, language) = (context.words(), context.language);
    let confirmation_status = info.confirmation_status(&actor.account);
    let confirms = actor.account.confirms();
    let may_confirm = actor.role.may(Permission::ConfirmAcceptance);

    let mut notes = Vec::new();
    if confirmation_status == ConfirmationStatus::NotApplicable {
        notes.push(fl!(t, "na-text", cloud = enum_labels::cloud(actor.account.cloud, t)));
    } else if !confirms {
        notes.push(fl!(t, "reseller-text"));
    } else if !may_confirm {
        let names = users::who_may(conn, actor.account.id, Permission::ConfirmAcceptance).await?;
        notes.push(if names.is_empty() {
            fl!(t, "perm-text-nobody")
        } else {
            fl!(t, "perm-text", names = enum_labels::either(&names, t))
        });
    }
    let accepted = match (&info.agreement, &info.version_label) {
        (Some(agreement), Some(label)) => {
            let mut view = AcceptanceView::new(agreement, label.clone(), actor.account.time_zone, t, language);
            view.text = text_of(conn, &info.customer, agreement.version_id, t, language).await?;
            Some(view)
        }
        _ => None,
    };
    Ok(AgreementBlock {
        badge: Badge::of(confirmation_status, t),
        warning: match confirmation_status {
            ConfirmationStatus::NotConfirmed => Some(fl!(t, "not-confirmed-consequence")),
            ConfirmationStatus::ReconfirmationDue => Some(fl!(t, "reconfirmation-due-consequence")),
            ConfirmationStatus::Confirmed | ConfirmationStatus::NotApplicable => None,
        },
        accepted,
        notes,
        update: (confirms && may_confirm).then(|| Next::Account { walk: walk.cloned() }.update(info.customer.id)),
        agreements: paths::agreements(info.customer.id),
        record: info.agreement.as_ref().map(|agreement| paths::record(info.customer.id, agreement.id)),
    })
}

/// Where a version's text can be read, in the customer's country and language: address and words.
pub async fn text_of(
    conn: &mut dyn Read,
    customer: &Customer,
    version_id: Uuid,
    t: &Words,
    language: Language,
) -> Result<Option<(String, String)>, Error> {
    text_in(conn, version_id, customer.country, customer.culture.as_deref(), t, language).await
}

/// The same for whoever is in a country and reads a language.
pub async fn text_in(
    conn: &mut dyn Read,
    version_id: Uuid,
    country: Option<Country>,
    culture: Option<&str>,
    t: &Words,
    language: Language,
) -> Result<Option<(String, String)>, Error> {
    let wanted = culture.unwrap_or(language.code());
    let culture = country.map_or("en-US", |country| country.document_language(wanted));
    let link = agreements::text_link(conn, version_id, country, culture).await?;
    Ok(link.map(|link| {
        let tongue = (link.language != "*").then(|| enum_labels::culture(&link.language, t, language));
        let place = Country::parse(&link.country).map(|country| country.name(language).to_owned());
        let which = [place, tongue].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let text = if which.is_empty() { fl!(t, "read-text") } else { fl!(t, "read-text-in", which = which) };
        (link.url, text)
    }))
}
