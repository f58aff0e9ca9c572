//! Everything around a page's content.

use std::borrow::Cow;

use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    assets::{ASSETS, Assets},
    enum_labels,
    form::Problems,
    paths,
    queue::SourceList,
    request_context::RequestContext,
};
use crate::{
    domain::partner_account::{Environment, PartnerAccount},
    i18n::{self, Language, Words},
};

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
    /// Whether the top bar has the search for customers.
    pub has_search: bool,
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
    /// Who is not confirmed, and what that blocks.
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
            has_search: true,
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

    /// The same for a page that was reached from a filtered list, which the way here leads back to.
    #[must_use]
    pub fn from_list(self, list: Option<&SourceList>) -> Self {
        match list {
            Some(list) => self.list(&list.list()),
            None => self,
        }
    }

    /// The same for a page whose way here leads through a list at this address.
    #[must_use]
    pub fn list(mut self, address: &str) -> Self {
        if let Some((href, _)) = self.breadcrumbs.first_mut() {
            address.clone_into(href);
        }
        self
    }

    /// The same for a form with something wrong in it.
    #[must_use]
    pub fn errors(mut self, problems: &Problems) -> Self {
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
