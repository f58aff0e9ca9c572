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
use self::cache::{CacheTag, Content, Key};
pub use self::check::{check, export_csv as export_check_csv, form as check_form};
pub use self::export::{csv as export_csv, xlsx as export_xlsx};
use self::figures::{Figures, OfAgent, Recorded, StatusCounts};
use self::view::Shown;
use super::{
    AppState,
    access::{May, ViewCustomers},
    customers::country_filter,
    enum_labels,
    error::Error,
    export::{ExportView, Separator},
    form::Form,
    page::{self, PageLayout, Section},
    paths,
    request_context::RequestContext,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::ConfirmationStatus,
        audit::Action,
        country::Country,
        status::{Period, RENEWAL_WINDOWS},
    },
    i18n::{self, Words},
    store::{
        self,
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

    /// The customers of a confirmation status whom the page counts.
    fn customers(&self, confirmation_status: ConfirmationStatus) -> String {
        // Nobody has a confirmation status in a national cloud, and the list knows no such filter there.
        let confirmation_status = (confirmation_status != ConfirmationStatus::NotApplicable)
            .then(|| ("status", confirmation_status.code().to_owned()));
        let others = self.pairs().into_iter().filter(|(name, _)| *name != "period");
        paths::with_query(paths::CUSTOMERS, confirmation_status.into_iter().chain(others))
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
    async fn of(
        conn: &mut dyn store::Read,
        actor: &Actor,
        asked: &Asked,
        context: &RequestContext,
    ) -> Result<Self, store::Error> {
        let (account, filter) = (&actor.account, asked.filter());
        let today = account.today(context.now);
        let customers = status::customers(conn, account.id, today).await?;
        let least = customers.first().and_then(|count| count.required_version_date);
        let applies = account.agreements_apply();
        let from = asked.period.mondays(today).first().copied().expect("a period has weeks");
        let window = RENEWAL_WINDOWS.iter().max().copied().expect("there are windows");
        let until = today + TimeDelta::days(window);
        let (mut agreements, mut renewals) = (Vec::new(), Vec::new());
        if applies {
            agreements = status::agreements(conn, account.id, from, filter).await?;
            renewals = status::renewals(conn, account.id, until, least, filter).await?;
        }
        let figures = Figures::of(account, asked, today, context.language, &customers, &agreements, &renewals);
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
            read.waiting = status::waiting(conn, account.id, least, filter).await?;
            let since = account.begin_of(blocked_from(today)).unwrap_or(context.now - TimeDelta::days(BLOCKED_DAYS));
            read.blocked = status::blocked(conn, account.id, since, filter).await?;
            // Nobody recorded anything of these, so that no user has any.
            if asked.agent.is_none() {
                read.oldest = status::oldest_unconfirmed(conn, account.id, filter).await?;
            }
            read.at_risk = status::at_risk(conn, account.id, &read.figures.first_ends, least, filter).await?;
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
    layout: PageLayout,
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
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let actor = &may.0;
    let (asked, ignored) = Asked::of(&Form::decode(request.query_string().as_bytes()));
    let figures = content(&state, actor, &asked, &context).await?;
    let (t, account) = (context.words(), &actor.account);
    let applies = account.agreements_apply();
    let page = StatusTemplate {
        layout: PageLayout::new(&context, fl!(t, "nav-status")).entry(Section::Status),
        t,
        as_of: as_of(context.now, actor, &context),
        export: (!figures.is_empty).then(|| ExportView {
            csv: paths::STATUS_CSV,
            xlsx: paths::STATUS_XLSX,
            query: asked.pairs(),
            separator: Separator::asked("", context.language).code(),
            columns: false,
        }),
        notes: ignored.iter().map(|name| fl!(t, "filter-ignored", filter = filter_name(name, t))).collect(),
        national_cloud: (!applies).then(|| fl!(t, "na-text", cloud = enum_labels::cloud(account.cloud, t))),
        provider_confirms: applies && !account.confirms(),
        content: figures,
    };
    page::ok(&context, &page)
}

/// What the page says, made anew only when something changed since it was last made.
async fn content(
    state: &AppState,
    actor: &Actor,
    asked: &Asked,
    context: &RequestContext,
) -> Result<Arc<Content>, Error> {
    let account = &actor.account;
    let today = account.today(context.now);
    let key = Key { partner_account_id: account.id, language: context.language, asked: asked.clone() };
    let mut conn = state.db.snapshot().await?;
    let stamp = status::stamp(&mut conn, account.id).await?;
    let made_of = CacheTag { today, account: account.clone(), stamp };
    if let Some(kept) = state.status.get(&key, &made_of) {
        return Ok(kept);
    }
    let read = Read::of(&mut conn, actor, asked, context).await?;
    drop(conn);
    let made = Arc::new(Shown { actor, context, asked, read: &read, today }.content()?);
    state.status.put(key, made_of, Arc::clone(&made));
    Ok(made)
}

fn as_of(now: DateTime<Utc>, actor: &Actor, context: &RequestContext) -> String {
    let zone = actor.account.time_zone;
    let time = i18n::time(now, zone, context.language);
    fl!(context.words(), "status-as-of", time = time, zone = zone.name())
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

fn country_name(code: &str, context: &RequestContext) -> String {
    let known = Country::parse(code).map(|country| country.name(context.language).to_owned());
    known.unwrap_or_else(|| fl!(context.words(), "not-provided"))
}

fn agent_name(one: &OfAgent, t: &Words) -> String {
    one.name.clone().unwrap_or_else(|| fl!(t, "status-no-user"))
}
