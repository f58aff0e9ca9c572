//! A customer's row in the list.

use chrono::NaiveDate;
use i18n_embed_fl::fl;

use super::list_query::Asked;
use crate::{
    domain::{agreement::confirmation_status, identifiers::ONMICROSOFT, partner_account::PartnerAccount},
    i18n::{self, Words},
    store::{customers::Agent, search::Row},
    web::{badge::Badge, next::Next, paths, request_context::RequestContext},
};

/// Words that every row says, looked up once.
pub(super) struct Labels {
    pub(super) country: String,
    pub(super) agreement: String,
    pub(super) accepted_by: String,
    pub(super) changed: String,
    pub(super) not_provided: String,
    pub(super) directly: String,
    pub(super) nobody: String,
    pub(super) update: String,
}

impl Labels {
    pub(super) fn new(t: &Words) -> Self {
        Self {
            country: fl!(t, "f-country"),
            agreement: fl!(t, "col-agreement"),
            accepted_by: fl!(t, "col-accepted-by"),
            changed: fl!(t, "col-changed"),
            not_provided: fl!(t, "not-provided"),
            directly: fl!(t, "accepted-directly"),
            nobody: fl!(t, "nobody-yet"),
            update: fl!(t, "act-update-agreement"),
        }
    }
}

pub(super) struct RowView {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) domain_tail: String,
    pub(super) country: Option<&'static str>,
    pub(super) badge: Badge,
    pub(super) date: Option<String>,
    pub(super) version: Option<String>,
    pub(super) accepted_by: AcceptedBy,
    pub(super) recorded_by: Option<String>,
    pub(super) changed: String,
    pub(super) href: String,
    pub(super) update: Option<String>,
}

pub(super) enum AcceptedBy {
    Nobody,
    Directly,
    Person(String),
}

/// What every row of the list depends on.
pub(super) struct Rows<'a> {
    pub(super) account: &'a PartnerAccount,
    pub(super) context: &'a RequestContext,
    pub(super) asked: &'a Asked,
    pub(super) agents: &'a [Agent],
    pub(super) least: Option<NaiveDate>,
    pub(super) may_confirm: bool,
}

impl Rows<'_> {
    fn recorded_by(&self, row: &Row) -> Option<String> {
        let t = self.context.words();
        if let Some(agent) = row.agent_id {
            let known = self.agents.iter().find(|one| one.id == agent)?;
            return Some(fl!(t, "recorded-by-name", name = known.display_name.clone()));
        }
        row.recorded_by_kind.is_some().then(|| fl!(t, "recorded-from-command-line"))
    }

    pub(super) fn view(&self, row: &Row) -> RowView {
        let (t, language) = (self.context.words(), self.context.language);
        let confirmation_status = confirmation_status(self.account, row.agreement_published_on, self.least);
        let (domain, domain_tail) = match row.domain.strip_suffix(ONMICROSOFT) {
            Some(prefix) => (prefix.to_owned(), ONMICROSOFT.to_owned()),
            None => (row.domain.clone(), String::new()),
        };
        let walk = self.asked.walk(row.rank);
        let changed = row.changed_at.with_timezone(&self.account.time_zone).date_naive();
        RowView {
            name: row.company_name.clone(),
            domain,
            domain_tail,
            country: row.country.map(|country| country.name(language)),
            badge: Badge::of(confirmation_status, t),
            date: row.date_agreed.map(|day| i18n::date_short(day, language)),
            accepted_by: match (&row.acceptor_name, row.agreement_published_on) {
                (Some(name), _) => AcceptedBy::Person(name.clone()),
                (None, Some(_)) => AcceptedBy::Directly,
                (None, None) => AcceptedBy::Nobody,
            },
            version: row.agreement_published_on.map(|day| fl!(t, "version-of", day = i18n::date_short(day, language))),
            recorded_by: self.recorded_by(row),
            changed: i18n::date_short(changed, language),
            href: walk.as_ref().map_or_else(|| paths::account(row.id), |walk| walk.on(&paths::account(row.id))),
            update: (!confirmation_status.gate_is_open() && self.may_confirm)
                .then(|| Next::Account { walk: walk.clone() }.update(row.id)),
        }
    }
}
