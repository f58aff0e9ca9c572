//! The figures of the confirmation status in words, each with the list that it counted.

use std::collections::BTreeMap;

use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    cache::Content,
    chart::{Weeks, weeks_chart},
    counted::Counted,
    figures::{OfAgent, OfCountry, StatusCounts},
    labels::{agent_name, country_name, weeks},
    list_query::Asked,
    read::{BLOCKED_DAYS, Read, blocked_from},
};
use crate::{
    domain::{
        agreement::{ConfirmationStatus, confirmation_status},
        audit::Action,
        status::{Period, RENEWAL_WINDOWS},
    },
    i18n::{self, Words},
    store::{
        search::CountryFilter,
        status::{self, AtRisk, BLOCKED_MAX, Unconfirmed},
    },
    web::{
        badge::Badge, country_filter::country_choices, cx::ActorContext, enum_labels, error::Error, paths,
        rendered::Rendered,
    },
};

/// The figures and what leads through them.
#[derive(Template)]
#[template(path = "status/figures.html")]
struct FiguresTemplate {
    t: &'static Words,
    periods: Vec<(&'static str, String, bool)>,
    countries: Vec<(String, String, bool)>,
    agents: Vec<(String, String, bool)>,
    is_filtered: bool,
    empty: Option<String>,
    figures: Vec<FigureView>,
    /// None where nothing is gated.
    held_up: Option<HeldUp>,
    /// The same where there is nobody to record anything of.
    weeks: Option<Weeks>,
    oldest: Vec<OldestView>,
    all_oldest: Option<(String, String)>,
    renewals: Option<Renewals>,
    by_country: Vec<CountryView>,
    by_agent: Vec<AgentView>,
    by_channel: Vec<(String, String)>,
}

struct FigureView {
    badge: Badge,
    number: String,
    href: String,
    go: String,
}

struct HeldUp {
    /// How many wait now.
    lead: String,
    rows: Vec<WaitingView>,
    since: String,
    attempts: [(String, Option<String>); 2],
}

struct WaitingView {
    name: String,
    href: String,
    kept_by: String,
    since: String,
    badge: Badge,
}

struct OldestView {
    name: String,
    href: String,
    country: Option<&'static str>,
    age: String,
}

struct Renewals {
    windows: Vec<String>,
    rows: Vec<RenewalView>,
}

struct RenewalView {
    name: String,
    href: String,
    offer: String,
    day: String,
    quantity: String,
}

struct CountryView {
    name: String,
    status_counts: [Counted; 3],
}

struct AgentView {
    name: String,
    status_counts: [Counted; 2],
    recorded: String,
}

/// What is read, on its way into words.
pub(super) struct Shown<'a> {
    pub(super) cx: &'a ActorContext,
    pub(super) asked: &'a Asked,
    pub(super) read: &'a Read,
}

impl Shown<'_> {
    /// The figures in words.
    pub(super) fn content(&self) -> Result<Content, Error> {
        let Self { cx, asked, read } = self;
        let (actor, context) = (&cx.actor, &cx.context);
        let (t, language, account) = (context.words(), context.language, &actor.account);
        let applies = account.agreements_apply();
        let status_counts = &read.figures.status_counts;
        let is_empty = read.customers.is_empty();
        let everyone = applies && !is_empty && status_counts.all() > 0 && status_counts.closed() == 0;
        let figures = FiguresTemplate {
            t,
            periods: Period::ALL
                .iter()
                .map(|&period| (period.code(), weeks(period, t), asked.period == period))
                .collect(),
            countries: country_choices(&self.countries(), asked.country.as_deref(), t, language),
            agents: self.agent_choices(),
            is_filtered: !asked.pairs().is_empty(),
            empty: is_empty.then(|| fl!(t, "status-empty")),
            figures: if is_empty { Vec::new() } else { self.figures(status_counts) },
            held_up: (applies && !is_empty).then(|| self.held_up()),
            weeks: (applies && !is_empty).then(|| weeks_chart(&self.cx.context, asked, &read.figures, self.cx.today)),
            oldest: read.oldest.iter().map(|one| self.oldest(one)).collect(),
            all_oldest: (!read.oldest.is_empty()).then(|| {
                let list = asked.customers(ConfirmationStatus::NotConfirmed) + "&sort=created";
                (list, fl!(t, "status-see-all", count = i18n::number(status_counts.not_confirmed, language)))
            }),
            renewals: (applies && !is_empty).then(|| self.renewals()),
            by_country: if applies {
                read.figures.countries.iter().map(|one| self.country(one)).collect()
            } else {
                Vec::new()
            },
            by_agent: read.figures.agents.iter().filter(|_| applies).map(|one| self.agent(one)).collect(),
            by_channel: read
                .figures
                .channels
                .iter()
                .map(|(channel, recorded)| (enum_labels::channel(*channel, t), i18n::number(recorded.all(), language)))
                .collect(),
        };
        Ok(Content {
            is_empty,
            everyone: everyone.then(|| fl!(t, "status-everyone", day = i18n::date_long(self.cx.today, language))),
            figures: Rendered::of(&figures)?,
        })
    }

    fn number(&self, number: i64) -> String {
        i18n::number(number, self.cx.context.language)
    }

    fn counted(&self, number: i64, href: impl FnOnce() -> Option<String>) -> Counted {
        Counted::new(number, self.cx.context.language, href)
    }

    fn figures(&self, status_counts: &StatusCounts) -> Vec<FigureView> {
        let t = self.cx.context.words();
        let shown: &[ConfirmationStatus] = if self.cx.actor.account.agreements_apply() {
            &[
                ConfirmationStatus::NotConfirmed,
                ConfirmationStatus::ReconfirmationDue,
                ConfirmationStatus::Confirmed,
                ConfirmationStatus::NotApplicable,
            ]
        } else {
            &[ConfirmationStatus::NotApplicable]
        };
        let figure = |&confirmation_status: &ConfirmationStatus| FigureView {
            badge: Badge::of(confirmation_status, t),
            number: self.number(status_counts.of(confirmation_status)),
            href: match confirmation_status {
                // There is no such list where agreements apply: the figure is what the page is read for.
                ConfirmationStatus::NotApplicable if self.cx.actor.account.agreements_apply() => String::new(),
                confirmation_status => self.asked.customers(confirmation_status),
            },
            go: match confirmation_status {
                ConfirmationStatus::NotConfirmed => fl!(t, "status-go-not-confirmed"),
                ConfirmationStatus::ReconfirmationDue => fl!(t, "status-go-reconfirmation-due"),
                ConfirmationStatus::Confirmed => fl!(t, "status-go-confirmed"),
                ConfirmationStatus::NotApplicable if status_counts.not_applicable == 0 => fl!(t, "status-go-none"),
                ConfirmationStatus::NotApplicable => fl!(t, "status-go-not-applicable"),
            },
        };
        shown.iter().map(figure).collect()
    }

    fn held_up(&self) -> HeldUp {
        let (t, read) = (self.cx.context.words(), self.read);
        let (zone, language) = (self.cx.actor.account.time_zone, self.cx.context.language);
        let from = blocked_from(self.cx.today);
        let attempts = |number: i64, action: Action, words: fn(&Words, String, i64) -> String| {
            let shown = if number > BLOCKED_MAX {
                fl!(t, "status-more-than", number = self.number(BLOCKED_MAX))
            } else {
                self.number(number)
            };
            let href = if number == 0 { None } else { self.asked.trail(action, from, None) };
            (words(t, shown, number), href)
        };
        let waiting = read.waiting.first().map_or(0, |first| first.all);
        HeldUp {
            lead: fl!(t, "status-waiting", count = waiting, shown = self.number(waiting)),
            rows: read
                .waiting
                .iter()
                .map(|one| WaitingView {
                    name: one.company_name.clone(),
                    href: paths::account(one.customer_id),
                    kept_by: one.kept_by.clone(),
                    since: i18n::time(one.since, zone, language),
                    badge: Badge::of(
                        confirmation_status(&self.cx.actor.account, one.agreement_published_on, read.least),
                        t,
                    ),
                })
                .collect(),
            since: fl!(t, "status-held-up", days = BLOCKED_DAYS),
            attempts: [
                attempts(read.blocked.0, Action::OrderBlocked, |t, shown, count| {
                    fl!(t, "status-held-up-orders", count = count, shown = shown)
                }),
                attempts(read.blocked.1, Action::QuantityBlocked, |t, shown, count| {
                    fl!(t, "status-held-up-licences", count = count, shown = shown)
                }),
            ],
        }
    }

    fn oldest(&self, one: &Unconfirmed) -> OldestView {
        let t = self.cx.context.words();
        let since = self.cx.actor.account.today(one.created_at);
        let days = (self.cx.today - since).num_days().max(0);
        OldestView {
            name: one.company_name.clone(),
            href: paths::account(one.id),
            country: one.country.map(|country| country.name(self.cx.context.language)),
            age: fl!(t, "status-age", days = days, shown = self.number(days)),
        }
    }

    fn renewals(&self) -> Renewals {
        let (t, language, read) = (self.cx.context.words(), self.cx.context.language, self.read);
        let mut rows: Vec<(NaiveDate, &AtRisk)> = read
            .at_risk
            .iter()
            .filter_map(|one| Some((one.term_duration.next_renewal(one.commitment_ends_on, self.cx.today)?, one)))
            .collect();
        rows.sort_by_key(|(day, _)| *day);
        rows.truncate(usize::try_from(status::LISTED).expect("a small number"));
        Renewals {
            windows: RENEWAL_WINDOWS
                .iter()
                .zip(read.figures.at_risk)
                .map(|(&days, count)| fl!(t, "status-renewals-within", days = days, count = self.number(count)))
                .collect(),
            rows: rows
                .into_iter()
                .map(|(day, one)| RenewalView {
                    name: one.company_name.clone(),
                    href: paths::renewals(one.customer_id),
                    offer: one.offer_name.clone(),
                    day: i18n::date_short(day, language),
                    quantity: self.number(one.quantity),
                })
                .collect(),
        }
    }

    fn country(&self, one: &OfCountry) -> CountryView {
        let code = if one.code.is_empty() { "unknown" } else { &one.code };
        let of_country = Asked { country: Some(code.to_owned()), ..self.asked.clone() };
        let counted = |confirmation_status: ConfirmationStatus| {
            self.counted(one.status_counts.of(confirmation_status), || Some(of_country.customers(confirmation_status)))
        };
        CountryView {
            name: country_name(&one.code, &self.cx.context),
            status_counts: [
                ConfirmationStatus::NotConfirmed,
                ConfirmationStatus::ReconfirmationDue,
                ConfirmationStatus::Confirmed,
            ]
            .map(counted),
        }
    }

    fn agent(&self, one: &OfAgent) -> AgentView {
        let of_agent = Asked { agent: Some(one.id), ..self.asked.clone() };
        let counted = |confirmation_status: ConfirmationStatus| {
            // The list can be asked for a user only.
            let is_user = !one.id.is_nil();
            self.counted(one.status_counts.of(confirmation_status), || {
                is_user.then(|| of_agent.customers(confirmation_status))
            })
        };
        AgentView {
            name: agent_name(one, self.cx.context.words()),
            status_counts: [ConfirmationStatus::Confirmed, ConfirmationStatus::ReconfirmationDue].map(counted),
            recorded: self.number(one.recorded.all()),
        }
    }

    /// The codes of the countries that customers have, and of the one that is asked for, each once.
    fn countries(&self) -> Vec<String> {
        let asked = match self.asked.country() {
            Some(CountryFilter::Is(country)) => Some(country.code().to_owned()),
            Some(CountryFilter::Unknown) => Some(String::new()),
            None => None,
        };
        let mut codes: Vec<String> =
            self.read.customers.iter().map(|count| count.country.clone()).chain(asked).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    }

    /// The users to choose from: those whose confirmations count, and the one who is asked for.
    fn agent_choices(&self) -> Vec<(String, String, bool)> {
        let chosen = self.asked.agent;
        let mut names: BTreeMap<Uuid, String> =
            self.read.customers.iter().filter_map(|count| Some((count.agent_id, count.agent_name.clone()?))).collect();
        if let Some(id) = chosen {
            let recorder = self.read.figures.agents.iter().find(|one| one.id == id);
            names
                .entry(id)
                .or_insert_with(|| recorder.and_then(|one| one.name.clone()).unwrap_or_else(|| id.to_string()));
        }
        let mut choices: Vec<_> =
            names.into_iter().map(|(id, name)| (id.to_string(), name, chosen == Some(id))).collect();
        choices.sort_by_cached_key(|(_, name, _)| crate::domain::fold::fold(name));
        choices
    }
}
