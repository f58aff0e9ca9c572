//! A customer's row in the list.

use chrono::NaiveDate;
use i18n_embed_fl::fl;
use uuid::Uuid;

use crate::{
    domain::{agreement::confirmation_status, partner_account::PartnerAccount},
    i18n::{self, Words},
    store::search::Row,
    web::{
        badge::Badge,
        list_query::{ListQuery, place},
        next::Next,
        paths,
        queue::SourceList,
        request_context::RequestContext,
    },
};

/// Words that every row says, looked up once.
pub(super) struct Labels {
    pub(super) country: String,
    pub(super) agreement: String,
    pub(super) accepted_by: String,
    pub(super) not_provided: String,
    pub(super) directly: String,
    pub(super) nobody: String,
    pub(super) confirm: String,
    pub(super) order: String,
}

impl Labels {
    pub(super) fn new(t: &Words) -> Self {
        Self {
            country: fl!(t, "f-country"),
            agreement: fl!(t, "col-agreement"),
            accepted_by: fl!(t, "col-accepted-by"),
            not_provided: fl!(t, "not-provided"),
            directly: fl!(t, "accepted-directly"),
            nobody: fl!(t, "nobody-yet"),
            confirm: fl!(t, "act-update-agreement"),
            order: fl!(t, "act-new-order"),
        }
    }
}

pub(super) struct RowView {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) country: Option<&'static str>,
    pub(super) badge: Badge,
    /// The day of acceptance; with the version, where it is not the latest.
    pub(super) accepted: Option<String>,
    pub(super) accepted_by: AcceptedBy,
    pub(super) href: String,
    /// The form that confirms, where the customer is blocked.
    pub(super) confirm: Option<String>,
    /// A new order, where the gate is open.
    pub(super) order: Option<String>,
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
    pub(super) list_query: &'a ListQuery,
    pub(super) least: Option<NaiveDate>,
    /// The day the latest version was published.
    pub(super) latest: NaiveDate,
    pub(super) may_confirm: bool,
    pub(super) may_order: bool,
}

impl Rows<'_> {
    pub(super) fn view(&self, row: &Row) -> RowView {
        let (t, language) = (self.context.words(), self.context.language);
        let confirmation_status = confirmation_status(self.account, row.agreement_published_on, self.least);
        let place = place(&row.cursor(self.list_query.sort), !self.list_query.q.is_empty());
        let list = SourceList::new(self.list_query.pairs(), place);
        let list = Some(list).filter(SourceList::is_filtered);
        let older = row.agreement_published_on.filter(|published_on| *published_on < self.latest);
        let older = older.map(|day| fl!(t, "version-of", day = i18n::date_short(day, language)));
        let date = row.date_agreed.map(|day| i18n::date_short(day, language));
        let accepted: Vec<String> = date.into_iter().chain(older).collect();
        RowView {
            id: row.id,
            name: row.company_name.clone(),
            domain: row.domain.clone(),
            country: row.country.map(|country| country.name(language)),
            badge: Badge::of(confirmation_status, t),
            accepted: (!accepted.is_empty()).then(|| accepted.join(", ")),
            accepted_by: match (&row.acceptor_name, row.agreement_published_on) {
                (Some(name), _) => AcceptedBy::Person(name.clone()),
                (None, Some(_)) => AcceptedBy::Directly,
                (None, None) => AcceptedBy::Nobody,
            },
            href: list.as_ref().map_or_else(|| paths::account(row.id), |list| list.on(&paths::account(row.id))),
            order: (confirmation_status.gate_is_open() && self.may_order).then(|| paths::new_order(row.id)),
            confirm: (!confirmation_status.gate_is_open() && self.may_confirm)
                .then(|| Next::Account { list }.update(row.id)),
        }
    }
}
