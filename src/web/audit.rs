//! The trail of the current partner account: filtered and paged by its address.

mod export;
mod list_query;

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;
use chrono::NaiveDate;
use chrono_tz::Tz;
use i18n_embed_fl::fl;
use uuid::Uuid;

pub use self::export::{LogLine, jsonl};
use self::list_query::{Asked, Ignored, actor_code, cursor};

use super::{
    access::ViewCustomers,
    cx::{ActorContext, Cx},
    enum_labels,
    error::Error,
    events::{self, Day, EventFormatter},
    form::Form,
    layout::{PageLayout, Section},
    paths,
    query::Query,
    respond,
};
use crate::{
    domain::{actor::ActorKind, audit::Action, text},
    i18n::{self, Language, Words},
    store::{
        api_clients,
        audit::{self, By, Found, Shown},
        users,
        verifications::{self, Verification},
    },
};

/// Entries on a page.
const PAGE: usize = 50;

/// The most letters of a value that a note repeats.
const REPEATED: usize = 60;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditTemplate {
    layout: PageLayout,
    t: &'static Words,
    lead: String,
    /// Code, words and whether it is chosen.
    actors: Vec<(String, String, bool)>,
    kinds: Vec<(&'static str, String, bool)>,
    customer: String,
    from: String,
    to: String,
    chips: Vec<Chip>,
    notes: Vec<String>,
    days: Vec<Day>,
    count: usize,
    newest: Option<String>,
    newer: Option<String>,
    older: Option<String>,
    export: String,
    integrity: Integrity,
}

struct Chip {
    words: String,
    remove: String,
}

/// What is known of whether the log is as it was written.
struct Integrity {
    is_sound: bool,
    lines: Vec<String>,
}

/// The trail.
pub async fn show(cx: Cx<ViewCustomers>, query: Query) -> Result<HttpResponse, Error> {
    let actor = &cx.actor;
    let today = cx.today;
    let (asked, ignored) = Asked::of(&query, today);
    let (cursor, cursor_broken) = cursor(&query);

    let mut conn = cx.state.db.snapshot().await?;
    let found = audit::page(&mut conn, actor.account.id, &asked.filter(&actor.account), cursor, PAGE).await?;
    let mut members = users::members(&mut conn, actor.account.id).await?;
    members.extend(api_clients::names(&mut conn, actor.account.id).await?);
    let verification = verifications::last(&mut conn).await?;
    drop(conn);

    let names = members.iter().cloned().collect();
    let listed = Listed { cx: &cx, form: &query, asked: &asked, found, members, names };
    let mut notes: Vec<String> = ignored.into_iter().map(|ignored| listed.note(ignored)).collect();
    if cursor_broken {
        notes.push(fl!(cx.context.words(), "audit-cursor-lost"));
    }
    respond::ok(&cx.context, &listed.template(notes, verification.as_ref()))
}

/// Where more is said of the customer an entry is about, and the customer's name. One that was removed has no page of
/// its own any more, but its entries.
fn customer(shown: &Shown) -> Option<(String, String)> {
    let (id, name) = shown.logged.customer_id.zip(shown.company_name.clone())?;
    if shown.is_removed {
        return Some((Asked { customer: Some(id), ..Asked::default() }.href(paths::AUDIT, None), name));
    }
    Some((paths::history(id), name))
}

/// Everything the page is made of.
struct Listed<'a> {
    cx: &'a ActorContext,
    form: &'a Form,
    asked: &'a Asked,
    found: Found,
    members: Vec<(Uuid, String)>,
    names: HashMap<Uuid, String>,
}

impl Listed<'_> {
    fn template(&self, notes: Vec<String>, verification: Option<&Verification>) -> AuditTemplate {
        let Self { cx, form, asked, found, .. } = self;
        let (actor, context) = (&cx.actor, &cx.context);
        let (t, language, zone) = (context.words(), context.language, actor.account.time_zone);
        let entries = &found.entries;
        let link = |name, shown: Option<&Shown>| {
            let at = |shown: &Shown| format!("{}.{}", shown.logged.at.timestamp_millis(), shown.logged.seq);
            shown.map(|shown| asked.href(paths::AUDIT, Some((name, at(shown)))))
        };
        let typed = |name| form.get_raw(name).trim().to_owned();
        AuditTemplate {
            layout: PageLayout::new(context, fl!(t, "nav-audit")).entry(Section::Audit),
            t,
            lead: fl!(t, "audit-lead", zone = zone.name()),
            actors: self.actors(),
            kinds: self.kinds(),
            customer: typed("customer"),
            from: typed("from"),
            to: typed("to"),
            chips: self.chips(),
            notes,
            days: EventFormatter { t, language, zone, names: &self.names }
                .days(entries.iter().map(|shown| (&shown.logged, customer(shown)))),
            count: entries.len(),
            newest: found.has_newer.then(|| asked.href(paths::AUDIT, None)),
            newer: link("after", entries.first().filter(|_| found.has_newer)),
            older: link("before", entries.last().filter(|_| found.has_older)),
            export: asked.href(paths::AUDIT_JSONL, None),
            integrity: self.integrity(verification),
        }
    }

    fn label(&self, name: &str) -> String {
        let t = self.cx.context.words();
        match name {
            "actor" => fl!(t, "audit-actor"),
            "type" => fl!(t, "audit-type"),
            "customer" => fl!(t, "audit-customer"),
            "from" => fl!(t, "audit-from"),
            _ => fl!(t, "audit-to"),
        }
    }

    fn note(&self, (name, typed): Ignored) -> String {
        let shown = text::shown(&typed);
        let mut value: String = shown.chars().take(REPEATED).collect();
        if value.len() < shown.len() {
            value.push('…');
        }
        fl!(self.cx.context.words(), "audit-ignored", filter = self.label(name), value = value)
    }

    fn actors(&self) -> Vec<(String, String, bool)> {
        let t = self.cx.context.words();
        let users = self.members.iter().map(|(id, name)| (By::User(*id), id.to_string(), name.clone()));
        let others = ActorKind::ALL.iter().filter(|kind| !matches!(kind, ActorKind::User | ActorKind::ApiClient));
        let others = others.map(|&kind| (By::Kind(kind), kind.code().to_owned(), enum_labels::who(kind, "", t)));
        // Somebody who has no role here any more stays chosen.
        let former = self.asked.by.filter(|by| matches!(by, By::User(id) if !self.names.contains_key(id)));
        let former = former.map(|by| (by, actor_code(by), self.actor_name(by)));
        let all = users.chain(former).chain(others);
        all.map(|(by, code, words)| (code, words, self.asked.by == Some(by))).collect()
    }

    fn actor_name(&self, by: By) -> String {
        match by {
            By::Kind(kind) => enum_labels::who(kind, "", self.cx.context.words()),
            By::User(id) => {
                let then = self.found.entries.iter().find(|shown| shown.logged.actor_id == Some(id));
                let then = then.map(|shown| shown.logged.actor_name.clone());
                self.names.get(&id).cloned().or(then).unwrap_or_else(|| id.to_string())
            }
        }
    }

    fn kinds(&self) -> Vec<(&'static str, String, bool)> {
        let t = self.cx.context.words();
        let kind = |&action: &Action| (action.code(), events::kind(action, t), self.asked.action == Some(action));
        let mut kinds: Vec<_> = Action::ALL.iter().map(kind).collect();
        kinds.sort_by(|one, other| one.1.cmp(&other.1));
        kinds
    }

    fn chips(&self) -> Vec<Chip> {
        let (t, asked, language) = (self.cx.context.words(), self.asked, self.cx.context.language);
        let without = |change: fn(&mut Asked)| {
            let mut rest = asked.clone();
            change(&mut rest);
            rest.href(paths::AUDIT, None)
        };
        let customer = asked.customer.map(|id| {
            let name = self.found.entries.first().and_then(|shown| shown.company_name.clone());
            name.unwrap_or_else(|| id.to_string())
        });
        let day = |day: Option<NaiveDate>| day.map(|day| i18n::date_short(day, language));
        let chips = [
            ("actor", asked.by.map(|by| self.actor_name(by)), without(|asked| asked.by = None)),
            ("type", asked.action.map(|action| events::kind(action, t)), without(|asked| asked.action = None)),
            ("customer", customer, without(|asked| asked.customer = None)),
            ("from", day(asked.from), without(|asked| asked.from = None)),
            ("to", day(asked.to), without(|asked| asked.to = None)),
        ];
        chips
            .into_iter()
            .filter_map(|(name, value, remove)| {
                Some(Chip { words: format!("{}: {}", self.label(name), value?), remove })
            })
            .collect()
    }

    /// What the last verification of the whole log found, and whether the entries of this page fit, which costs the
    /// same however long the log is.
    fn integrity(&self, verification: Option<&Verification>) -> Integrity {
        let (t, language, zone) = (self.cx.context.words(), self.cx.context.language, self.cx.actor.account.time_zone);
        let whole = match verification {
            None => fl!(t, "audit-unverified"),
            Some(verification) => verification_words(verification, t, zone, language),
        };
        let wrong: Vec<String> = self
            .found
            .entries
            .iter()
            .filter(|shown| !shown.fits())
            .map(|shown| i18n::number(shown.logged.seq, language))
            .collect();
        let mut lines = vec![whole];
        if !wrong.is_empty() {
            lines.push(fl!(t, "audit-shown-wrong", list = wrong.join("; ")));
        } else if !self.found.entries.is_empty() {
            lines.push(fl!(t, "audit-shown-fit"));
        }
        let is_sound = verification.is_none_or(|verification| verification.holds() && verification.wrong_at.is_none());
        Integrity { is_sound: is_sound && wrong.is_empty(), lines }
    }
}

/// What the last verification found, and that an earlier one found something wrong, which stays.
pub fn verification_words(verification: &Verification, t: &Words, zone: Tz, language: Language) -> String {
    let time = |at| i18n::time(at, zone, language);
    let at = time(verification.at);
    let Some(last) = verification.entry_seq.filter(|_| verification.holds()) else {
        return fl!(t, "audit-broken", time = at);
    };
    let last = i18n::number(last, language);
    match verification.wrong_at {
        None => fl!(t, "audit-verified", last = last, time = at),
        Some(wrong) => fl!(t, "audit-verified-after-wrong", wrong = time(wrong), last = last, time = at),
    }
}
