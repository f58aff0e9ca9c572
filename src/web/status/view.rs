//! The figures of the confirmation status in words, each with the list that it counted.

use std::collections::BTreeMap;

use askama::Template;
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    blocked::{self, BlockedNow, Urgent},
    cache::Content,
    chart::{Weeks, weeks_chart},
    counted::Counted,
    deadline::{Deadline, ahead, deadline},
    figures::{OfAgent, OfCountry, StatusCounts},
    headline::{Headline, headline, share_words},
    labels::{agent_name, country_name, weeks},
    list_query::Asked,
    read::Read,
};
use crate::{
    domain::{agreement::ConfirmationStatus, status::Period},
    i18n::{self, Words},
    store::search::CountryFilter,
    web::{country_filter::country_choices, cx::ActorContext, enum_labels, error::Error, rendered::Rendered},
};

/// Countries and agents that are listed one by one.
const LISTED: usize = 12;

/// The figures and what leads through them.
#[derive(Template)]
#[template(path = "status/figures.html")]
struct FiguresTemplate {
    t: &'static Words,
    periods: Vec<(&'static str, String, bool)>,
    countries: Vec<(String, String, bool)>,
    agents: Vec<(String, String, bool)>,
    is_filtered: bool,
    /// The filters in words, for paper.
    filters: String,
    empty: Option<String>,
    headline: Headline,
    /// None where nothing is gated, or there is nobody.
    detail: Option<Detail>,
}

/// What is said where something is gated.
struct Detail {
    deadline: Option<Deadline>,
    weeks: Weeks,
    blocked: BlockedNow,
    urgent: Urgent,
    by_country: Vec<CountryView>,
    all_countries: CountryView,
    by_agent: Vec<AgentView>,
    by_channel: Vec<(String, String)>,
}

struct CountryView {
    name: String,
    status_counts: [Counted; 2],
    all: String,
    share: String,
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
            filters: self.filters(),
            empty: is_empty.then(|| fl!(t, "status-empty")),
            headline: headline(cx, asked, read),
            detail: (applies && !is_empty).then(|| self.detail()),
        };
        Ok(Content {
            is_empty,
            everyone: everyone.then(|| fl!(t, "status-everyone", day = i18n::date_long(self.cx.today, language))),
            figures: Rendered::of(&figures)?,
        })
    }

    fn detail(&self) -> Detail {
        let Self { cx, asked, read } = self;
        let (t, figures) = (cx.context.words(), &read.figures);
        let blocked = blocked::Shown { cx, asked, read };
        let lies_ahead = ahead(cx, read);
        let (listed, others) = figures.countries.split_at(figures.countries.len().min(LISTED));
        let mut by_country: Vec<CountryView> = listed.iter().map(|one| self.country(one)).collect();
        if !others.is_empty() {
            let mut sum = StatusCounts::default();
            for one in others {
                sum += one.status_counts;
            }
            let name = fl!(t, "status-other-countries", count = others.len());
            by_country.push(self.country_row(name, &sum, |_| None));
        }
        Detail {
            deadline: lies_ahead.and_then(|ahead| deadline(cx, read, ahead)),
            weeks: weeks_chart(&cx.context, asked, figures, cx.today, lies_ahead),
            blocked: blocked.blocked_now(),
            urgent: blocked.urgent(),
            by_country,
            all_countries: self.country_row(fl!(t, "all"), &figures.status_counts, |_| None),
            by_agent: figures.agents.iter().take(LISTED).map(|one| self.agent(one)).collect(),
            by_channel: figures
                .channels
                .iter()
                .map(|(channel, recorded)| (enum_labels::channel(*channel, t), self.number(recorded.all())))
                .collect(),
        }
    }

    fn number(&self, number: i64) -> String {
        i18n::number(number, self.cx.context.language)
    }

    fn counted(&self, number: i64, href: impl FnOnce() -> Option<String>) -> Counted {
        Counted::new(number, self.cx.context.language, href)
    }

    fn country(&self, one: &OfCountry) -> CountryView {
        let code = if one.code.is_empty() { "unknown" } else { &one.code };
        let of_country = Asked { country: Some(code.to_owned()), ..self.asked.clone() };
        let name = country_name(&one.code, &self.cx.context);
        self.country_row(name, &one.status_counts, |status| Some(of_country.customers(status)))
    }

    fn country_row(
        &self,
        name: String,
        counts: &StatusCounts,
        href: impl Fn(ConfirmationStatus) -> Option<String>,
    ) -> CountryView {
        let counted = |status: ConfirmationStatus| self.counted(counts.of(status), || href(status));
        CountryView {
            name,
            status_counts: [ConfirmationStatus::NotConfirmed, ConfirmationStatus::ReconfirmationDue].map(counted),
            all: self.number(counts.applicable()),
            share: share_words(counts.closed(), counts.applicable(), self.cx.context.words()).unwrap_or_default(),
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

    /// Whom the page is about, in words.
    fn filters(&self) -> String {
        let t = self.cx.context.words();
        let country = self.asked.country.as_ref().map(|code| country_name(code, &self.cx.context));
        let agent = self.agent_choices().into_iter().find(|(.., chosen)| *chosen).map(|(_, name, _)| name);
        let country = country.unwrap_or_else(|| fl!(t, "status-all-countries"));
        let agent = agent.unwrap_or_else(|| fl!(t, "status-all-agents"));
        format!("{} · {country} · {agent}", weeks(self.asked.period, t))
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
