//! The figures of the confirmation status in words, each with the list that it counted.

use std::collections::BTreeMap;

use askama::Template;
use chrono::{Datelike as _, Days, NaiveDate};
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    Asked, BLOCKED_DAYS, Read, agent_name, blocked_from,
    cache::Content,
    country_name,
    figures::{OfAgent, OfCountry, Recorded, StatusCounts},
    weeks,
};
use crate::{
    domain::{
        actor::Actor,
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
        customers::country_choices,
        enum_labels,
        error::Error,
        page::{Badge, Rendered},
        paths,
        request_context::RequestContext,
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

struct Weeks {
    lead: String,
    summary: String,
    bars: Vec<Bar>,
    rows: Vec<WeekView>,
}

/// A week in the chart, in percent of its width and pixels of its height.
struct Bar {
    x: String,
    width: String,
    middle: String,
    y: i64,
    height: i64,
    /// Over the bar; none where there is no room for it.
    number: Option<String>,
    number_y: i64,
    /// Under the bar.
    week: Option<u32>,
    /// Whether there is no room for the words on a narrow screen.
    is_alternate: bool,
    is_now: bool,
}

struct WeekView {
    week: u32,
    monday: String,
    by_person: Counted,
    directly: Counted,
    all: String,
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

/// A number, and the list that it counted.
struct Counted {
    number: String,
    href: Option<String>,
}

/// What is read, on its way into words.
pub(super) struct Shown<'a> {
    pub(super) actor: &'a Actor,
    pub(super) context: &'a RequestContext,
    pub(super) asked: &'a Asked,
    pub(super) read: &'a Read,
    pub(super) today: NaiveDate,
}

impl Shown<'_> {
    /// The figures in words.
    pub(super) fn content(&self) -> Result<Content, Error> {
        let Self { actor, context, asked, read, .. } = self;
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
            weeks: (applies && !is_empty).then(|| self.weeks()),
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
            everyone: everyone.then(|| fl!(t, "status-everyone", day = i18n::date_long(self.today, language))),
            figures: Rendered::of(&figures)?,
        })
    }

    fn number(&self, number: i64) -> String {
        i18n::number(number, self.context.language)
    }

    /// A number of customers with the list of them; nothing is listed of none.
    fn counted(&self, number: i64, href: impl FnOnce() -> Option<String>) -> Counted {
        Counted { number: self.number(number), href: if number == 0 { None } else { href() } }
    }

    fn figures(&self, status_counts: &StatusCounts) -> Vec<FigureView> {
        let t = self.context.words();
        let shown: &[ConfirmationStatus] = if self.actor.account.agreements_apply() {
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
                ConfirmationStatus::NotApplicable if self.actor.account.agreements_apply() => String::new(),
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
        let (t, read) = (self.context.words(), self.read);
        let (zone, language) = (self.actor.account.time_zone, self.context.language);
        let from = blocked_from(self.today);
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
                        confirmation_status(&self.actor.account, one.agreement_published_on, read.least),
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

    fn weeks(&self) -> Weeks {
        let (t, language) = (self.context.words(), self.context.language);
        let weeks = &self.read.figures.weeks;
        let day = |monday: NaiveDate| i18n::date_short(monday, language);
        let most = weeks.iter().max_by_key(|(_, recorded)| recorded.all()).copied();
        let (most_week, most) = most.map_or((self.today, 0), |(monday, recorded)| (monday, recorded.all()));
        let now = weeks.last().map_or(0, |(_, recorded)| recorded.all());
        Weeks {
            lead: fl!(
                t,
                "status-weeks-lead",
                weeks = weeks.len(),
                from = weeks.first().map_or_else(String::new, |first| day(first.0))
            ),
            summary: if most == 0 {
                fl!(t, "status-nothing-recorded")
            } else {
                fl!(
                    t,
                    "status-weeks-summary",
                    all = self.number(self.read.figures.recorded().all()),
                    most = self.number(most),
                    week = day(most_week),
                    now = self.number(now)
                )
            },
            bars: bars(weeks, language),
            rows: weeks.iter().rev().map(|(monday, recorded)| self.week(*monday, *recorded)).collect(),
        }
    }

    fn week(&self, monday: NaiveDate, recorded: Recorded) -> WeekView {
        let sunday = monday.checked_add_days(Days::new(6));
        WeekView {
            week: monday.iso_week().week(),
            monday: i18n::date_short(monday, self.context.language),
            by_person: self
                .counted(recorded.by_person, || self.asked.trail(Action::AcceptanceConfirmed, monday, sunday)),
            directly: self.counted(recorded.directly, || self.asked.trail(Action::AcceptedDirectly, monday, sunday)),
            all: self.number(recorded.all()),
        }
    }

    fn oldest(&self, one: &Unconfirmed) -> OldestView {
        let t = self.context.words();
        let since = self.actor.account.today(one.created_at);
        let days = (self.today - since).num_days().max(0);
        OldestView {
            name: one.company_name.clone(),
            href: paths::account(one.id),
            country: one.country.map(|country| country.name(self.context.language)),
            age: fl!(t, "status-age", days = days, shown = self.number(days)),
        }
    }

    fn renewals(&self) -> Renewals {
        let (t, language, read) = (self.context.words(), self.context.language, self.read);
        let mut rows: Vec<(NaiveDate, &AtRisk)> = read
            .at_risk
            .iter()
            .filter_map(|one| Some((one.term_duration.next_renewal(one.commitment_ends_on, self.today)?, one)))
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
            name: country_name(&one.code, self.context),
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
            name: agent_name(one, self.context.words()),
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

/// The chart: its bars stand on a line, and the highest of them leaves room for its number.
fn bars(weeks: &[(NaiveDate, Recorded)], language: i18n::Language) -> Vec<Bar> {
    const FOOT: i64 = 172;
    const HIGHEST: i64 = 150;
    let (count, most) = (weeks.len(), weeks.iter().map(|(_, recorded)| recorded.all()).max().unwrap_or(0).max(1));
    // Of many weeks only some have room for words.
    let step = count.div_ceil(13).max(1);
    let percent = |numerator: usize, denominator: usize| {
        // Hundredths of a percent, so that no float is written.
        let hundredths = numerator * 10_000 / denominator.max(1);
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    };
    weeks
        .iter()
        .enumerate()
        .map(|(place, (monday, recorded))| {
            let all = recorded.all();
            // What is there at all can be seen.
            let height = (all * HIGHEST / most).max(i64::from(all > 0) * 2);
            let from_last = count - 1 - place;
            let has_words = from_last.is_multiple_of(step);
            Bar {
                x: percent(place * 6 + 1, count * 6),
                width: percent(4, count * 6),
                middle: percent(place * 2 + 1, count * 2),
                y: FOOT - height,
                height,
                number: (count <= 26 && all > 0).then(|| i18n::number(all, language)),
                number_y: FOOT - height - 6,
                week: has_words.then(|| monday.iso_week().week()),
                is_alternate: !(from_last / step).is_multiple_of(2) || (count > 13 && !has_words),
                is_now: from_last == 0,
            }
        })
        .collect()
}
