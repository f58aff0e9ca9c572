//! One way to answer with a page: the frame around it, its status, language and flash.

use std::{borrow::Cow, fmt};

use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite},
    http::{StatusCode, header},
};
use askama::{Template, filters::HtmlSafe};
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    AppState,
    assets::{ASSETS, Assets},
    enum_labels,
    error::Error,
    paths,
    queue::Queue,
    request_context::RequestContext,
};
use crate::{
    domain::{
        agreement::ConfirmationStatus,
        codes::codes,
        partner_account::{Environment, PartnerAccount},
    },
    i18n::{self, Language, Words},
};

/// The cookie that carries a flash.
const FLASH_COOKIE: &str = "countersign-flash";

codes! {
    /// What a page has to say after a form on the page before succeeded.
    pub enum Flash {
        /// A confirmation was recorded.
        ConfirmationRecorded = "confirmation-recorded",
        /// The company was saved.
        CompanySaved = "company-saved",
        /// The primary contact was saved.
        ContactSaved = "contact-saved",
        /// An order was placed.
        OrderPlaced = "order-placed",
        /// The number of licences of a subscription was changed.
        SubscriptionChanged = "subscription-changed",
        /// A subscription was suspended.
        SubscriptionSuspended = "subscription-suspended",
        /// A subscription was reactivated.
        SubscriptionReactivated = "subscription-reactivated",
        /// A subscription renews by itself from now on.
        AutoRenewOn = "auto-renew-on",
        /// A subscription no longer renews by itself.
        AutoRenewOff = "auto-renew-off",
        /// There is nobody behind the customer in the list.
        ListEnded = "list-ended",
        /// A draft of a new customer was thrown away.
        DraftDiscarded = "draft-discarded",
        /// An API client was revoked.
        ApiClientRevoked = "api-client-revoked",
    }
}

impl Flash {
    /// The flash that a request carries, with the customer it is about.
    pub fn of(request: &HttpRequest) -> Option<(Self, Uuid)> {
        let cookie = request.cookie(FLASH_COOKIE)?;
        let (code, customer) = cookie.value().split_once('.')?;
        Some((Self::from_code(code)?, Uuid::try_parse(customer).ok()?))
    }
}

/// A line of the error summary: the id of the box it is about, and what to do.
pub type SummaryLine = (Option<Cow<'static, str>>, String);

/// Everything around a page's content.
pub struct PageLayout {
    /// Words for the templates.
    pub t: &'static Words,
    /// The language of the page.
    pub language: Language,
    /// The title, without the portal's name.
    pub title: String,
    /// Style sheet, script, icons.
    pub assets: &'static Assets,
    /// Bars for somebody signed in.
    pub user: Option<UserBar>,
    /// A local path to come back to after choosing language or account.
    pub return_to: String,
    /// What the page before left to say.
    pub flash: Option<String>,
    /// What is wrong with the form, for the summary: where it is and what to do.
    pub errors: Vec<SummaryLine>,
    /// The way here: address and words.
    pub breadcrumbs: Vec<(String, String)>,
    /// The part of the portal that the page belongs to.
    pub section: Section,
    /// Whether this is the page that the section's link leads to.
    pub on_entry: bool,
}

/// A part of the portal that the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The customers and everything about each.
    Customers,
    /// Who is not confirmed, and what that holds up.
    Status,
    /// The trail of the account.
    Audit,
    /// The programs that act for the account.
    ApiClients,
}

/// A link of the navigation.
pub struct SectionLink {
    /// Where it leads.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// The section's name.
    pub words: String,
    /// What `aria-current` says of it; none for another section than the page's.
    pub current: Option<&'static str>,
}

/// The bars for somebody signed in.
pub struct UserBar {
    /// The user's name.
    pub name: String,
    /// The first letters of it.
    pub initials: String,
    /// The role, in words.
    pub role: String,
    /// The partner account.
    pub account: PartnerAccount,
    /// Cloud and environment, in words.
    pub account_kind: String,
    /// Accounts to switch to.
    pub others: Vec<(Uuid, String)>,
    /// Says on paper when it was printed and by whom.
    pub printed: String,
}

impl UserBar {
    /// Whether the account is a sandbox, which every page marks.
    pub fn is_sandbox(&self) -> bool {
        self.account.environment == Environment::Sandbox
    }
}

impl PageLayout {
    /// The frame for a visitor, with the page's title.
    pub fn new(context: &RequestContext, title: String) -> Self {
        let t = context.words();
        let user = context.session.session().map(|session| UserBar {
            name: session.actor.who.name.clone(),
            initials: initials(&session.actor.who.name),
            role: enum_labels::role(session.actor.role, t),
            account_kind: format!(
                "{} · {}",
                enum_labels::cloud(session.actor.account.cloud, t),
                enum_labels::environment(session.actor.account.environment, t)
            ),
            account: session.actor.account.clone(),
            others: session.other_accounts.clone(),
            printed: fl!(
                t,
                "printed",
                name = session.actor.who.name.clone(),
                time = i18n::time(context.now, session.actor.account.time_zone, context.language)
            ),
        });
        Self {
            t,
            language: context.language,
            title,
            assets: &ASSETS,
            user,
            return_to: context.path_and_query.clone(),
            flash: None,
            errors: Vec::new(),
            breadcrumbs: Vec::new(),
            section: Section::Customers,
            on_entry: false,
        }
    }

    /// The same on the page that a section's link leads to.
    #[must_use]
    pub fn entry(self, section: Section) -> Self {
        Self { section, on_entry: true, ..self }
    }

    /// The navigation.
    pub fn sections(&self) -> Vec<SectionLink> {
        let link = |section, href, icon, words| SectionLink {
            href,
            icon,
            words,
            current: (section == self.section).then_some(if self.on_entry { "page" } else { "true" }),
        };
        vec![
            link(Section::Customers, paths::CUSTOMERS, "people", fl!(self.t, "nav-customers")),
            link(Section::Status, paths::STATUS, "status", fl!(self.t, "nav-status")),
            link(Section::Audit, paths::AUDIT, "clock", fl!(self.t, "nav-audit")),
            link(Section::ApiClients, paths::API_CLIENTS, "key", fl!(self.t, "nav-api-clients")),
        ]
    }

    /// The same with the way here; the last step is the page itself.
    #[must_use]
    pub fn breadcrumbs(mut self, steps: impl IntoIterator<Item = (String, String)>) -> Self {
        self.breadcrumbs.push((paths::CUSTOMERS.to_owned(), fl!(self.t, "nav-customers")));
        self.breadcrumbs.extend(steps);
        self
    }

    /// The same for a page below a section's own, with the way here.
    #[must_use]
    pub fn below(self, section: Section, steps: [(String, String); 2]) -> Self {
        Self { section, breadcrumbs: steps.into(), ..self }
    }

    /// The same on the way through a list, which the way here leads back to.
    #[must_use]
    pub fn walk(mut self, walk: Option<&Queue>) -> Self {
        if let (Some(walk), Some((href, _))) = (walk, self.breadcrumbs.first_mut()) {
            *href = walk.list();
        }
        self
    }

    /// The same for a form with something wrong in it.
    #[must_use]
    pub fn errors(mut self, problems: &super::form::Problems) -> Self {
        self.errors = problems
            .all()
            .iter()
            .map(|problem| (problem.field.map(|field| field.code().into()), problem.words.clone()))
            .collect();
        self
    }

    /// Where the forms of this page come back to after a change of language.
    #[must_use]
    pub fn return_to(self, path: String) -> Self {
        Self { return_to: path, ..self }
    }

    /// The code of another language and its own name, for the choice of language.
    pub fn languages(&self) -> [(Language, &'static str); 2] {
        [(Language::English, "English"), (Language::Dutch, "Nederlands")]
    }

    /// The portal's version.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphabetic()));
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).flat_map(char::to_uppercase).collect()
}

/// A confirmation status as pages show it: icon, word and colour together.
pub struct Badge {
    /// The class that colours it.
    pub class: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// The word.
    pub word: String,
}

impl Badge {
    /// The badge of a confirmation status.
    pub fn of(confirmation_status: ConfirmationStatus, t: &Words) -> Self {
        let (class, icon, word) = match confirmation_status {
            ConfirmationStatus::Confirmed => ("ok", "ok", fl!(t, "st-confirmed")),
            ConfirmationStatus::NotConfirmed => ("warn", "warn", fl!(t, "st-not-confirmed")),
            ConfirmationStatus::ReconfirmationDue => ("warn", "again", fl!(t, "st-reconfirmation-due")),
            ConfirmationStatus::NotApplicable => ("na", "na", fl!(t, "st-not-applicable")),
        };
        Self { class, icon, word }
    }
}

/// Answers with a page.
pub fn render(context: &RequestContext, status: StatusCode, page: &impl Template) -> Result<HttpResponse, Error> {
    let mut body = String::with_capacity(24 * 1024);
    page.render_into(&mut body).map_err(|error| Error::fault_of(&error))?;
    let mut response = HttpResponse::build(status);
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, context.language.code()))
        .insert_header((header::VARY, "Cookie, Accept-Language"));
    if context.flash.is_some() && status.is_success() {
        let mut cookie = Cookie::build(FLASH_COOKIE, "").path("/").finish();
        cookie.make_removal();
        response.cookie(cookie);
    }
    Ok(response.body(body))
}

/// Answers with a page that has what was asked for.
pub fn ok(context: &RequestContext, page: &impl Template) -> Result<HttpResponse, Error> {
    render(context, StatusCode::OK, page)
}

/// A part of a page that was made before the page: what a template has written needs no escaping again. Nothing else
/// makes one.
pub struct Rendered(String);

impl Rendered {
    /// Makes the part.
    pub fn of(part: &impl Template) -> Result<Self, Error> {
        part.render().map(Self).map_err(|error| Error::fault_of(&error))
    }
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Rendered {}

/// Cuts what was found down to a page of `most`, one more than which was asked for. Whether there is more.
pub fn truncate_page<T>(found: &mut Vec<T>, most: i64) -> bool {
    let most = usize::try_from(most).expect("a page has so many rows");
    let has_more = found.len() > most;
    found.truncate(most);
    has_more
}

/// Leads on to another page after a form succeeded.
pub fn see_other(state: &AppState, path: &str, flash: Option<(Flash, Uuid)>) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, path));
    if let Some((flash, customer)) = flash {
        response.cookie(small_cookie(state, FLASH_COOKIE, &format!("{}.{customer}", flash.code())));
    }
    response.finish()
}

/// A cookie with nothing secret or personal in it.
pub fn small_cookie(state: &AppState, name: &'static str, value: &str) -> Cookie<'static> {
    Cookie::build(name, value.to_owned())
        .path("/")
        .secure(state.address.https)
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish()
}
