//! Confirmation status: who is not confirmed, what that holds up, and who records confirmations. It reads, and every
//! figure leads to the list that it counted.

mod cache;
mod check;
mod export;
mod figures;
mod view;

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use i18n_embed_fl::fl;
use uuid::Uuid;

pub use self::cache::Cache;
use self::cache::{Content, Key, MadeOf};
pub use self::check::{check, export_csv as export_check_csv, form as check_form};
pub use self::export::{csv as export_csv, xlsx as export_xlsx};
use self::figures::{Figures, OfAgent, Recorded, Standings};
use self::view::Shown;
use super::{
    Portal,
    access::{May, ViewCustomers},
    customers::country_filter,
    error::Error,
    export::{ExportView, Separator},
    form::Form,
    page::{self, Frame, Section},
    paths,
    visit::Visit,
    words,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{Door, Standing},
        audit::Action,
        country::Country,
        status::{Period, RENEWAL_WINDOWS},
    },
    i18n::{self, Words},
    store::{
        self, Snapshot,
        search::CountryFilter,
        status::{self, AtRisk, CustomerCount, Filter, Unconfirmed, Waiting},
    },
};

/// How many days back what was held up is counted, today among them.
const BLOCKED_DAYS: i64 = 30;

/// The filters as they stand in the address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    period: Period,
    /// A country's code, or `unknown`.
    country: Option<String>,
    agent: Option<Uuid>,
}

impl Asked {
    /// What an address asks for; beside it the filters that made no sense, which are ignored.
    fn of(form: &Form) -> (Self, Vec<&'static str>) {
        let mut ignored = Vec::new();
        let mut read = |name: &'static str, is_known: &dyn Fn(&str) -> bool| {
            let typed = form.get_raw(name).trim();
            if !typed.is_empty() && !is_known(typed) {
                ignored.push(name);
            }
            Some(typed.to_owned()).filter(|typed| is_known(typed))
        };
        let period = read("period", &|code| Period::from_code(code).is_some());
        let country = read("country", &|code| country_filter(code).is_some());
        let agent = read("agent", &|id| Uuid::try_parse(id).is_ok());
        let asked = Self {
            period: period.and_then(|code| Period::from_code(&code)).unwrap_or(Period::Year),
            country,
            agent: agent.and_then(|id| Uuid::try_parse(&id).ok()),
        };
        (asked, ignored)
    }

    fn country(&self) -> Option<CountryFilter> {
        self.country.as_deref().and_then(country_filter)
    }

    fn filter(&self) -> Filter {
        Filter { country: self.country(), agent: self.agent }
    }

    /// Whether customers of a country, whose agreement a user recorded, are asked for.
    fn has(&self, country: &str, agent: Uuid) -> bool {
        let in_country = match self.country() {
            None => true,
            Some(CountryFilter::Unknown) => country.is_empty(),
            Some(CountryFilter::Is(asked)) => country == asked.code(),
        };
        in_country && self.agent.is_none_or(|asked| asked == agent)
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let period = Some(self.period).filter(|period| *period != Period::Year);
        [
            ("period", period.map(|period| period.code().to_owned())),
            ("country", self.country.clone()),
            ("agent", self.agent.map(|agent| agent.to_string())),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
    }

    /// The customers of a standing whom the page counts.
    fn customers(&self, standing: Standing) -> String {
        // Nobody has a standing in a national cloud, and the list knows no such filter there.
        let standing = (standing != Standing::NotApplicable).then(|| ("standing", standing.code().to_owned()));
        let others = self.pairs().into_iter().filter(|(name, _)| *name != "period");
        paths::with_query(paths::CUSTOMERS, standing.into_iter().chain(others))
    }

    /// The entries of the trail that the page counts, of days from the first to the last; none where a country is
    /// asked for, which the trail does not know.
    fn trail(&self, action: Action, from: NaiveDate, to: Option<NaiveDate>) -> Option<String> {
        let pairs = [
            ("type", Some(action.code().to_owned())),
            ("actor", self.agent.map(|agent| agent.to_string())),
            ("from", Some(from.to_string())),
            ("to", to.map(|to| to.to_string())),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
        self.country.is_none().then(|| paths::with_query(paths::AUDIT, pairs))
    }
}

/// Everything the page is made of, of one moment.
struct Read {
    figures: Figures,
    customers: Vec<CustomerCount>,
    least: Option<NaiveDate>,
    waiting: Vec<Waiting>,
    /// Orders and changes of licences that were held up.
    blocked: (i64, i64),
    oldest: Vec<Unconfirmed>,
    at_risk: Vec<AtRisk>,
}

impl Read {
    async fn of(at: &mut Snapshot, actor: &Actor, asked: &Asked, visit: &Visit) -> Result<Self, store::Error> {
        let (account, filter) = (&actor.account, asked.filter());
        let today = account.today(visit.now);
        let customers = status::customers(at, account.id, today).await?;
        let least = customers.first().and_then(|count| count.least_published_on);
        let applies = account.agreements_apply();
        let from = asked.period.mondays(today).first().copied().unwrap_or(today);
        let window = RENEWAL_WINDOWS.iter().max().copied().unwrap_or_default();
        let until = today.checked_add_signed(TimeDelta::days(window)).unwrap_or(today);
        let (mut agreements, mut renewals) = (Vec::new(), Vec::new());
        if applies {
            agreements = status::agreements(at, account.id, from, filter).await?;
            renewals = status::renewals(at, account.id, until, least, filter).await?;
        }
        let figures = Figures::of(account, asked, today, visit.language, &customers, &agreements, &renewals);
        let mut read = Self {
            figures,
            customers,
            least,
            waiting: Vec::new(),
            blocked: (0, 0),
            oldest: Vec::new(),
            at_risk: Vec::new(),
        };
        if applies {
            read.waiting = status::waiting(at, account.id, least, filter).await?;
            let since = account.begin_of(blocked_from(today)).unwrap_or(visit.now - TimeDelta::days(BLOCKED_DAYS));
            read.blocked = status::blocked(at, account.id, since, filter).await?;
            // Nobody recorded anything of these, so that no user has any.
            if asked.agent.is_none() {
                read.oldest = status::oldest_unconfirmed(at, account.id, filter).await?;
            }
            read.at_risk = status::at_risk(at, account.id, &read.figures.first_ends, least, filter).await?;
        }
        Ok(read)
    }
}

/// The first day on which what was held up is counted.
fn blocked_from(today: NaiveDate) -> NaiveDate {
    today - TimeDelta::days(BLOCKED_DAYS - 1)
}

/// The page: what changes from one visit to the next, around what need not.
#[derive(Template)]
#[template(path = "status.html")]
struct StatusTemplate {
    frame: Frame,
    t: &'static Words,
    as_of: String,
    export: Option<ExportView>,
    notes: Vec<String>,
    national_cloud: Option<String>,
    provider_confirms: bool,
    content: Arc<Content>,
}

/// The page.
pub async fn show(
    may: May<ViewCustomers>,
    portal: Portal,
    visit: Visit,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let actor = &may.0;
    let (asked, ignored) = Asked::of(&Form::decode(request.query_string().as_bytes()));
    let content = content(&portal, actor, &asked, &visit).await?;
    let (t, account) = (visit.words(), &actor.account);
    let applies = account.agreements_apply();
    let page = StatusTemplate {
        frame: Frame::new(&visit, fl!(t, "nav-status")).entry(Section::Status),
        t,
        as_of: as_of(visit.now, actor, &visit),
        export: (!content.is_empty).then(|| ExportView {
            csv: paths::STATUS_CSV,
            xlsx: paths::STATUS_XLSX,
            query: asked.pairs(),
            separator: Separator::asked("", visit.language).code(),
            columns: false,
        }),
        notes: ignored.iter().map(|name| fl!(t, "filter-ignored", filter = filter_name(name, t))).collect(),
        national_cloud: (!applies).then(|| fl!(t, "na-text", cloud = words::cloud(account.cloud, t))),
        provider_confirms: applies && !account.confirms(),
        content,
    };
    page::ok(&visit, &page)
}

/// What the page says, made anew only when something changed since it was last made.
async fn content(portal: &Portal, actor: &Actor, asked: &Asked, visit: &Visit) -> Result<Arc<Content>, Error> {
    let account = &actor.account;
    let today = account.today(visit.now);
    let key = Key { partner_account_id: account.id, language: visit.language, asked: asked.clone() };
    let mut at = portal.db.snapshot().await?;
    let stamp = status::stamp(&mut at, account.id).await?;
    let made_of = MadeOf { today, account: account.clone(), stamp };
    if let Some(content) = portal.status.get(&key, &made_of) {
        return Ok(content);
    }
    let read = Read::of(&mut at, actor, asked, visit).await?;
    drop(at);
    let content = Arc::new(Shown { actor, visit, asked, read: &read, today }.content()?);
    portal.status.put(key, made_of, Arc::clone(&content));
    Ok(content)
}

fn as_of(now: DateTime<Utc>, actor: &Actor, visit: &Visit) -> String {
    let zone = actor.account.time_zone;
    let time = i18n::time(now, zone, visit.language);
    fl!(visit.words(), "status-as-of", time = time, zone = zone.name())
}

fn weeks(period: Period, t: &Words) -> String {
    fl!(t, "status-period", weeks = period.weeks())
}

fn filter_name(name: &str, t: &Words) -> String {
    match name {
        "country" => fl!(t, "f-country"),
        "agent" => fl!(t, "recorded-by"),
        _ => fl!(t, "status-period-label"),
    }
}

fn country_name(code: &str, visit: &Visit) -> String {
    let known = Country::parse(code).map(|country| country.name(visit.language).to_owned());
    known.unwrap_or_else(|| fl!(visit.words(), "not-provided"))
}

fn agent_name(one: &OfAgent, t: &Words) -> String {
    one.name.clone().unwrap_or_else(|| fl!(t, "status-no-user"))
}

fn door_name(code: &str, t: &Words) -> String {
    Door::from_code(code).map_or_else(|| code.to_owned(), |door| words::door(door, t))
}
