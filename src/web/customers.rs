//! The list of customers.

mod export;
mod list_query;

pub use self::export::{csv as export_csv, xlsx as export_xlsx};
pub use self::list_query::country_filter;
use self::list_query::{Asked, cursor};

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;

use super::{
    AppState,
    access::{May, SignedIn, ViewCustomers},
    enum_labels,
    error::Error,
    export::{ExportView, Separator},
    form::Form,
    next::Next,
    page::{self, Badge, Flash, PageLayout, Section},
    paths,
    request_context::RequestContext,
};
use crate::{
    domain::{
        actor::Actor,
        agreement::{Channel, ConfirmationStatus, confirmation_status},
        country::Country,
        fold::fold,
        identifiers::ONMICROSOFT,
        role::Permission,
    },
    i18n::{self, Language, Words},
    store::{
        agreements,
        customers::{self, Agent, Count},
        drafts::{self, Owner},
        search::{self, MIDDLE_MAX, Row, Sort},
    },
};

/// Where everybody lands: agents among the customers, who only reads at the figures.
pub async fn home(signed_in: SignedIn, state: AppState) -> HttpResponse {
    let works_here = signed_in.0.role.may(Permission::EditCustomers);
    page::see_other(&state, if works_here { paths::CUSTOMERS } else { paths::STATUS }, None)
}

/// Drafts that the list shows: the page stays light. It leads on to all of them.
const DRAFTS_SHOWN: i64 = 10;

/// Drafts that a page shows when it is asked for all: more than anybody fills in within the 30 days that they live.
const DRAFTS_MAX: i64 = 500;

#[derive(Template)]
#[template(path = "customers.html")]
struct ListTemplate {
    layout: PageLayout,
    t: &'static Words,
    may_create: bool,
    /// None where there is nothing to export, or the page does not know it whole.
    export: Option<ExportView>,
    drafts: Option<Drafts>,
    /// None in a national cloud, where there are no status_counts to choose from.
    views: Option<Vec<View>>,
    q: String,
    confirmation_status: String,
    sort: String,
    countries: Vec<(String, String, bool)>,
    agents: Vec<(String, String, bool)>,
    channels: Vec<(&'static str, String, bool)>,
    agreed_from: String,
    agreed_to: String,
    active: usize,
    chips: Vec<Chip>,
    clear: String,
    caption: String,
    heads: Heads,
    labels: Labels,
    rows: Vec<RowView>,
    show_confirmation_status: bool,
    has_acts: bool,
    notes: Vec<String>,
    national_cloud: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    empty: Option<String>,
    position: String,
}

/// The customers that the user is filling in.
struct Drafts {
    count: i64,
    shown: Vec<DraftView>,
    /// Where all of them are, on a page that has only the latest.
    all: Option<String>,
    /// Whether they are what the page was asked for.
    are_open: bool,
}

/// A customer that the user is filling in.
struct DraftView {
    name: String,
    changed: String,
    resume: String,
    discard: String,
}

struct View {
    words: String,
    count: String,
    href: String,
    current: bool,
}

struct Chip {
    words: String,
    remove: String,
}

/// Words that every row says, looked up once.
struct Labels {
    country: String,
    agreement: String,
    accepted_by: String,
    changed: String,
    not_provided: String,
    directly: String,
    nobody: String,
    update: String,
}

impl Labels {
    fn new(t: &Words) -> Self {
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

/// The columns that sort.
struct Heads {
    name: Head,
    agreed: Head,
}

struct Head {
    href: String,
    /// `ascending`, `descending` or empty.
    sorted: &'static str,
}

struct RowView {
    name: String,
    domain: String,
    domain_tail: String,
    country: Option<&'static str>,
    badge: Badge,
    date: Option<String>,
    version: Option<String>,
    accepted_by: AcceptedBy,
    recorded_by: Option<String>,
    changed: String,
    href: String,
    update: Option<String>,
}

enum AcceptedBy {
    Nobody,
    Directly,
    Person(String),
}

/// The list: searched, filtered, sorted and paged by its address.
pub async fn list(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let actor = &may.0;
    let form = Form::decode(request.query_string().as_bytes());
    let today = actor.account.today(state.db.clock.now());
    let asked = Asked::by(actor, &form, today);
    let (cursor, cursor_broken) = cursor(&form);

    let mut conn = state.db.snapshot().await?;
    let counts = customers::counts(&mut conn, actor.account.id, today).await?;
    let least = counts.first().and_then(|count| count.required_version_date);
    let agents = customers::agents(&mut conn, actor.account.id).await?;
    let found = search::list(&mut conn, actor.account.id, &asked.query(cursor), least).await?;
    let most = if form.get_raw("drafts") == "all" { DRAFTS_MAX } else { DRAFTS_SHOWN };
    let (drafts, draft_count) = if actor.role.may(Permission::EditCustomers) {
        drafts::open(&mut conn, Owner::of(actor), most).await?
    } else {
        (Vec::new(), 0)
    };
    let confirmed = match context.flash {
        Some((Flash::ConfirmationRecorded, before)) => customers::name_of(&mut conn, actor.account.id, before).await?,
        _ => None,
    };
    drop(conn);

    let page = Listed {
        actor,
        context: &context,
        asked: &asked,
        ignored: asked.ignored(&form),
        counts: &counts,
        agents: &agents,
        least,
        found,
        drafts,
        draft_count,
        cursor_broken,
        confirmed,
    };
    page::ok(&context, &page.template())
}

/// Leads on to the customer behind another in the list that the address asks for, and back to the list at its end.
pub async fn next(
    may: May<ViewCustomers>,
    state: AppState,
    context: RequestContext,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let actor = &may.0;
    let form = Form::decode(request.query_string().as_bytes());
    let today = actor.account.today(state.db.clock.now());
    let asked = Asked::by(actor, &form, today);
    let (cursor, _) = cursor(&form);
    let mut conn = state.db.snapshot().await?;
    let least = agreements::versions(&mut conn).await?.required_version_date(today);
    let found = search::first(&mut conn, actor.account.id, &asked.query(cursor), least).await?;
    drop(conn);
    if let Some((customer, rank)) = found {
        let account = paths::account(customer);
        let path = asked.walk(rank).map_or(account.clone(), |walk| walk.on(&account));
        return Ok(page::see_other(&state, &path, None));
    }
    // What the confirmation before left to say goes on to the list.
    let ended = (Flash::ListEnded, cursor.map(|cursor| cursor.id).unwrap_or_default());
    Ok(page::see_other(&state, &asked.href(None), context.flash.is_none().then_some(ended)))
}

/// Everything the list's page is made of.
struct Listed<'a> {
    actor: &'a Actor,
    context: &'a RequestContext,
    asked: &'a Asked,
    ignored: Vec<&'static str>,
    counts: &'a [Count],
    agents: &'a [Agent],
    least: Option<chrono::NaiveDate>,
    found: search::Page,
    /// The latest of the user's drafts, or all of them.
    drafts: Vec<drafts::Listed>,
    draft_count: i64,
    cursor_broken: bool,
    /// Whose confirmation the page before recorded, on the way through this list.
    confirmed: Option<String>,
}

impl Listed<'_> {
    fn template(&self) -> ListTemplate {
        let Self { actor, context, asked, found, .. } = self;
        let (t, language) = (context.words(), context.language);
        let mut layout = PageLayout::new(context, fl!(t, "nav-customers")).entry(Section::Customers);
        layout.flash = match context.flash {
            Some((Flash::DraftDiscarded, _)) => Some(fl!(t, "ok-draft-discarded")),
            Some((Flash::ListEnded, _)) => Some(fl!(t, "list-ended")),
            Some((Flash::ConfirmationRecorded, _)) => {
                let saved = self.confirmed.clone().map(|company| fl!(t, "ok-saved", company = company));
                saved.map(|saved| format!("{saved}. {}", fl!(t, "list-ended")))
            }
            _ => None,
        };
        let link = |row: Option<&Row>, name| {
            row.map(|row| {
                let cursor = if asked.q.is_empty() { row.id.to_string() } else { format!("{}.{}", row.id, row.rank) };
                asked.href(Some((name, &cursor)))
            })
        };
        let mut notes = Vec::new();
        if found.cursor_lost || self.cursor_broken {
            notes.push(fl!(t, "list-cursor-lost"));
        }
        notes.extend(self.ignored.iter().map(|name| fl!(t, "filter-ignored", filter = self.filter_name(name))));
        if found.too_many() {
            notes.push(fl!(t, "list-too-many", max = MIDDLE_MAX));
        }
        ListTemplate {
            layout,
            t,
            may_create: actor.role.may(Permission::EditCustomers),
            export: (!found.rows.is_empty() && !found.too_many()).then(|| ExportView {
                csv: paths::CUSTOMERS_CSV,
                xlsx: paths::CUSTOMERS_XLSX,
                query: asked.pairs(),
                separator: Separator::asked("", language).code(),
                columns: true,
            }),
            drafts: self.drafts(),
            views: actor.account.agreements_apply().then(|| self.views()),
            q: asked.q.clone(),
            confirmation_status: asked.confirmation_status.map(ConfirmationStatus::code).unwrap_or_default().to_owned(),
            sort: asked.sort.map(Sort::code).unwrap_or_default().to_owned(),
            countries: country_choices(&self.countries(), asked.country.as_deref(), t, language),
            agents: self.agent_choices(),
            channels: self.door_choices(),
            agreed_from: self.day(asked.agreed_from),
            agreed_to: self.day(asked.agreed_to),
            active: asked.filters(),
            chips: self.chips(),
            clear: Asked { sort: asked.sort, ..Asked::default() }.href(None),
            caption: self.caption(),
            heads: Heads {
                name: self.head(Sort::Name, Sort::NameDescending),
                agreed: self.head(Sort::Agreed, Sort::AgreedDescending),
            },
            labels: Labels::new(t),
            rows: found.rows.iter().map(|row| self.row(row)).collect(),
            show_confirmation_status: actor.account.agreements_apply(),
            has_acts: self.may_confirm(),
            notes,
            national_cloud: (!actor.account.agreements_apply())
                .then(|| fl!(t, "na-text", cloud = enum_labels::cloud(actor.account.cloud, t))),
            previous: link(found.rows.first().filter(|_| found.has_previous), "before"),
            next: link(found.rows.last().filter(|_| found.has_next), "after"),
            empty: found.rows.is_empty().then(|| self.empty()),
            position: self.position(),
        }
    }

    /// The codes of the countries that customers have, each once.
    fn countries(&self) -> Vec<String> {
        let there = self.counts.iter().filter(|count| count.customers > 0);
        there.map(|count| count.country.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn may_confirm(&self) -> bool {
        self.actor.role.may(Permission::ConfirmAcceptance) && self.actor.account.confirms()
    }

    fn total(&self) -> i64 {
        self.counts.iter().map(|count| count.customers).sum()
    }

    fn views(&self) -> Vec<View> {
        let t = self.context.words();
        let of = |wanted: Option<ConfirmationStatus>| -> i64 {
            let status_of = |count: &Count| confirmation_status(&self.actor.account, count.published_on, self.least);
            self.counts
                .iter()
                .filter(|count| wanted.is_none_or(|wanted| status_of(count) == wanted))
                .map(|count| count.customers)
                .sum()
        };
        [
            (None, fl!(t, "view-all")),
            (Some(ConfirmationStatus::NotConfirmed), fl!(t, "st-not-confirmed")),
            (Some(ConfirmationStatus::Confirmed), fl!(t, "st-confirmed")),
            (Some(ConfirmationStatus::ReconfirmationDue), fl!(t, "st-reconfirmation-due")),
        ]
        .into_iter()
        .map(|(wanted, words)| View {
            words,
            count: i18n::number(of(wanted), self.context.language),
            href: Asked { confirmation_status: wanted, ..self.asked.clone() }.href(None),
            current: self.asked.confirmation_status == wanted,
        })
        .collect()
    }

    fn chips(&self) -> Vec<Chip> {
        let (t, asked) = (self.context.words(), self.asked);
        let mut chips = Vec::new();
        if !asked.q.is_empty() {
            let remove = Asked { q: String::new(), ..asked.clone() }.href(None);
            chips.push(Chip { words: fl!(t, "chip-search", q = asked.q.clone()), remove });
        }
        if let Some(code) = &asked.country {
            let name = Country::parse(code)
                .map_or_else(|| fl!(t, "not-provided"), |country| country.name(self.context.language).to_owned());
            let remove = Asked { country: None, ..asked.clone() }.href(None);
            chips.push(Chip { words: fl!(t, "chip-country", country = name), remove });
        }
        if let Some(confirmation_status) = asked.confirmation_status {
            let remove = Asked { confirmation_status: None, ..asked.clone() }.href(None);
            chips.push(Chip {
                words: fl!(t, "chip-agreement", status = Badge::of(confirmation_status, t).word),
                remove,
            });
        }
        if let Some(agent) = asked.agent {
            let known = self.agents.iter().find(|one| one.id == agent);
            let name = known.map_or_else(|| agent.to_string(), |agent| agent.display_name.clone());
            let remove = Asked { agent: None, ..asked.clone() }.href(None);
            chips.push(Chip { words: fl!(t, "chip-agent", name = name), remove });
        }
        if asked.agreed_from.is_some() {
            let remove = Asked { agreed_from: None, ..asked.clone() }.href(None);
            chips.push(Chip { words: fl!(t, "chip-agreed-from", day = self.day(asked.agreed_from)), remove });
        }
        if asked.agreed_to.is_some() {
            let remove = Asked { agreed_to: None, ..asked.clone() }.href(None);
            chips.push(Chip { words: fl!(t, "chip-agreed-to", day = self.day(asked.agreed_to)), remove });
        }
        if let Some(channel) = asked.channel {
            let remove = Asked { channel: None, ..asked.clone() }.href(None);
            chips.push(Chip { words: fl!(t, "chip-channel", channel = enum_labels::channel(channel, t)), remove });
        }
        chips
    }

    /// What the page calls a filter.
    fn filter_name(&self, name: &str) -> String {
        let t = self.context.words();
        match name {
            "country" => fl!(t, "f-country"),
            "agent" => fl!(t, "recorded-by"),
            "agreed_from" => fl!(t, "filter-agreed-from"),
            "agreed_to" => fl!(t, "filter-agreed-to"),
            "channel" => fl!(t, "filter-channel"),
            _ => fl!(t, "col-agreement"),
        }
    }

    /// A day as the page writes it, which it reads as well.
    fn day(&self, day: Option<NaiveDate>) -> String {
        day.map(|day| i18n::date_short(day, self.context.language)).unwrap_or_default()
    }

    /// The users to choose from; also the one who is asked for and recorded nothing that counts.
    fn agent_choices(&self) -> Vec<(String, String, bool)> {
        let chosen = self.asked.agent;
        let choice = |agent: &Agent| (agent.id.to_string(), agent.display_name.clone(), Some(agent.id) == chosen);
        let unknown = chosen.filter(|id| self.agents.iter().all(|agent| agent.id != *id));
        let unknown = unknown.map(|id| (id.to_string(), id.to_string(), true));
        self.agents.iter().map(choice).chain(unknown).collect()
    }

    fn door_choices(&self) -> Vec<(&'static str, String, bool)> {
        let t = self.context.words();
        let choice =
            |channel: Channel| (channel.code(), enum_labels::channel(channel, t), self.asked.channel == Some(channel));
        [Channel::NewCustomer, Channel::AccountInfo, Channel::OrderPrompt, Channel::Import].map(choice).into()
    }

    fn head(&self, ascending: Sort, descending: Sort) -> Head {
        let by_default = self.asked.sort.is_none() && self.asked.q.is_empty() && ascending == Sort::Name;
        let (sorted, next) = match self.asked.sort {
            Some(sort) if sort == descending => ("descending", ascending),
            Some(sort) if sort == ascending => ("ascending", descending),
            _ if by_default => ("ascending", descending),
            _ => ("", ascending),
        };
        Head { href: Asked { sort: Some(next), ..self.asked.clone() }.href(None), sorted }
    }

    fn is_filtered(&self) -> bool {
        !self.asked.q.is_empty() || self.asked.filters() > 0
    }

    fn caption(&self) -> String {
        let (t, language) = (self.context.words(), self.context.language);
        let shown = self.found.rows.len();
        if !self.is_filtered() {
            fl!(t, "list-caption-all", count = self.total(), total = i18n::number(self.total(), language))
        } else if self.found.has_next || self.found.has_previous {
            fl!(t, "list-caption-more", shown = i18n::number(search::PAGE, language))
        } else {
            fl!(t, "list-caption-found", count = shown)
        }
    }

    fn position(&self) -> String {
        let t = self.context.words();
        let shown = i18n::number(self.found.rows.len(), self.context.language);
        if self.is_filtered() {
            fl!(t, "list-shown", shown = shown)
        } else {
            fl!(t, "list-shown-of", shown = shown, total = i18n::number(self.total(), self.context.language))
        }
    }

    fn empty(&self) -> String {
        let t = self.context.words();
        if !self.asked.q.is_empty() {
            fl!(t, "list-no-match", q = self.asked.q.clone())
        } else if self.is_filtered() {
            fl!(t, "list-no-match-filter")
        } else {
            fl!(t, "list-empty")
        }
    }

    fn drafts(&self) -> Option<Drafts> {
        let shown: Vec<_> = self.drafts.iter().map(|draft| self.draft(draft)).collect();
        let are_all = i64::try_from(shown.len()) == Ok(self.draft_count);
        (!shown.is_empty()).then(|| Drafts {
            count: self.draft_count,
            are_open: i64::try_from(shown.len()).is_ok_and(|shown| shown > DRAFTS_SHOWN),
            all: (!are_all).then(|| paths::with_query(paths::CUSTOMERS, [("drafts", "all".to_owned())])),
            shown,
        })
    }

    /// A draft goes on at Review, which leads back to the first step that is not complete.
    fn draft(&self, draft: &drafts::Listed) -> DraftView {
        let t = self.context.words();
        let name = if draft.company_name.is_empty() { fl!(t, "draft-unnamed") } else { draft.company_name.clone() };
        DraftView {
            name,
            changed: i18n::time(draft.changed_at, self.actor.account.time_zone, self.context.language),
            resume: paths::draft_review(draft.id),
            discard: paths::draft_discard(draft.id),
        }
    }

    fn recorded_by(&self, row: &Row) -> Option<String> {
        let t = self.context.words();
        if let Some(agent) = row.agent_id {
            let known = self.agents.iter().find(|one| one.id == agent)?;
            return Some(fl!(t, "recorded-by-name", name = known.display_name.clone()));
        }
        row.recorded_by_kind.is_some().then(|| fl!(t, "recorded-from-command-line"))
    }

    fn row(&self, row: &Row) -> RowView {
        let (t, language) = (self.context.words(), self.context.language);
        let confirmation_status = confirmation_status(&self.actor.account, row.agreement_published_on, self.least);
        let (domain, domain_tail) = match row.domain.strip_suffix(ONMICROSOFT) {
            Some(prefix) => (prefix.to_owned(), ONMICROSOFT.to_owned()),
            None => (row.domain.clone(), String::new()),
        };
        let walk = self.asked.walk(row.rank);
        let changed = row.changed_at.with_timezone(&self.actor.account.time_zone).date_naive();
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
            update: (!confirmation_status.gate_is_open() && self.may_confirm())
                .then(|| Next::Account { walk: walk.clone() }.update(row.id)),
        }
    }
}

/// The countries there are, by name, and the choice among them.
pub fn country_choices(
    codes: &[String],
    chosen: Option<&str>,
    t: &Words,
    language: Language,
) -> Vec<(String, String, bool)> {
    let mut choices: Vec<(String, String, bool)> = codes
        .iter()
        .filter_map(|code| Country::parse(code))
        .map(|country| {
            let chosen = chosen.is_some_and(|chosen| chosen.eq_ignore_ascii_case(country.code()));
            (country.code().to_owned(), country.name(language).to_owned(), chosen)
        })
        .collect();
    choices.sort_by_cached_key(|(_, name, _)| fold(name));
    if codes.iter().any(String::is_empty) {
        choices.push(("unknown".to_owned(), fl!(t, "not-provided"), chosen == Some("unknown")));
    }
    choices
}
