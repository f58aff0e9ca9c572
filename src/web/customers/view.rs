//! The list's page.

use std::collections::BTreeSet;

use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;

use super::row_view::{AcceptedBy, Labels, RowView, Rows};
use crate::{
    domain::{
        agreement::{Channel, StatusFilter},
        role::Permission,
    },
    i18n::{self, Words},
    store::{
        customers::{Agent, Count},
        drafts,
        search::{self, MIDDLE_MAX, Row, Sort},
    },
    web::{
        country_filter::country_choices,
        cx::ActorContext,
        enum_labels,
        export::{ExportView, Separator},
        flash::Flash,
        form::Problems,
        layout::{PageLayout, Section},
        list_query::{ListQuery, place},
        paths,
    },
};

/// Rows of a list that is made to be printed.
pub(super) const PRINTED_MAX: usize = 500;

/// Drafts that the list shows: the page stays light. It leads on to all of them.
pub(super) const DRAFTS_SHOWN: i64 = 10;

/// The statuses to filter by, in the order of the tabs.
const STATUSES: [StatusFilter; 4] =
    [StatusFilter::Blocked, StatusFilter::NotConfirmed, StatusFilter::ReconfirmationDue, StatusFilter::Confirmed];

#[derive(Template)]
#[template(path = "customers.html")]
#[expect(clippy::struct_excessive_bools, reason = "parts of the page that are shown or not, independently")]
pub(super) struct ListTemplate {
    layout: PageLayout,
    t: &'static Words,
    may_create: bool,
    /// None where there is nothing to export, or the page does not know it whole.
    export: Option<ExportView>,
    /// Where one begins to confirm the customers of this list one after another.
    queue: Option<String>,
    drafts: Option<Drafts>,
    /// None in a national cloud, where there are no status_counts to choose from.
    views: Option<Vec<View>>,
    q: String,
    /// Code, words, whether it is chosen.
    statuses: Vec<(&'static str, String, bool)>,
    sort: String,
    countries: Vec<(String, String, bool)>,
    agents: Vec<(String, String, bool)>,
    channels: Vec<(&'static str, String, bool)>,
    agreed_from: String,
    agreed_to: String,
    active: usize,
    chips: Vec<Chip>,
    clear: String,
    is_filtered: bool,
    caption: String,
    heads: Heads,
    labels: Labels,
    rows: Vec<RowView>,
    show_confirmation_status: bool,
    has_acts: bool,
    /// Whether customers can be selected here, and the words of the button that takes all of the list.
    select_all: Option<String>,
    /// The list's parameters, for the forms of the page.
    parameters: Vec<(&'static str, String)>,
    prints: bool,
    print: String,
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

/// Everything the list's page is made of.
pub(super) struct Listed<'a> {
    pub(super) cx: &'a ActorContext,
    pub(super) list_query: &'a ListQuery,
    pub(super) ignored: Vec<&'static str>,
    pub(super) counts: &'a [Count],
    /// How many customers match, where the kept figures tell.
    pub(super) total: Option<i64>,
    /// The how manieth customer of the list is the first of the page, as the address says.
    pub(super) from: Option<u32>,
    pub(super) agents: &'a [Agent],
    pub(super) least: Option<NaiveDate>,
    /// The day the latest version was published.
    pub(super) latest: NaiveDate,
    /// Whether the page is made to be printed: many rows, and nothing to press.
    pub(super) prints: bool,
    pub(super) found: search::Page,
    /// The latest of the user's drafts, or all of them.
    pub(super) drafts: Vec<drafts::Listed>,
    pub(super) draft_count: i64,
    pub(super) cursor_broken: bool,
}

impl Listed<'_> {
    pub(super) fn template(&self, problems: &Problems) -> ListTemplate {
        let Self { cx, list_query, found, .. } = self;
        let (actor, context) = (&cx.actor, &cx.context);
        let (t, language) = (context.words(), context.language);
        let mut layout = PageLayout::new(context, fl!(t, "nav-customers")).entry(Section::Customers).errors(problems);
        if !problems.is_empty() {
            layout.return_to = list_query.href([]);
        }
        layout.has_search = false;
        layout.flash = match context.flash {
            Some((Flash::DraftDiscarded, _)) => Some(fl!(t, "ok-draft-discarded")),
            Some((Flash::NobodyBlocked, _)) => Some(fl!(t, "queue-nobody")),
            Some((Flash::QueueEnded, about)) => {
                let (confirmed, skipped) = Flash::read_figures(about);
                Some(fl!(t, "queue-ended", confirmed = confirmed, skipped = skipped))
            }
            _ => None,
        };
        let first = self.first();
        let link = |row: Option<&Row>, name, from: i64| {
            row.map(|row| {
                let place = place(&row.cursor(list_query.sort), !list_query.q.is_empty());
                let place = place.map(|place| format!(".{place}")).unwrap_or_default();
                let from = (from > 1).then(|| ("from", from.to_string()));
                list_query.href([(name, format!("{}{place}", row.id))].into_iter().chain(from))
            })
        };
        let mut notes = Vec::new();
        if found.cursor_lost || self.cursor_broken {
            notes.push(fl!(t, "list-cursor-lost"));
        }
        notes.extend(self.ignored.iter().map(|name| fl!(t, "filter-ignored", filter = self.filter_name(name))));
        if let Some(total) = self.total.filter(|_| self.prints && found.has_next) {
            let shown = i18n::number(found.rows.len(), language);
            notes.push(fl!(t, "list-printed-part", shown = shown, total = i18n::number(total, language)));
        }
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
                query: list_query.pairs(),
                separator: Separator::asked("", language).code(),
                columns: true,
            }),
            queue: self.queue(),
            drafts: self.drafts(),
            views: actor.account.agreements_apply().then(|| self.views()),
            q: list_query.q.clone(),
            statuses: STATUSES
                .map(|status| (status.code(), enum_labels::status_filter(status, t), list_query.status == Some(status)))
                .into(),
            sort: list_query.sort.map(Sort::code).unwrap_or_default().to_owned(),
            countries: country_choices(&self.countries(), list_query.country.as_deref(), t, language),
            agents: self.agent_choices(),
            channels: self.channel_choices(),
            agreed_from: self.day(list_query.agreed_from),
            agreed_to: self.day(list_query.agreed_to),
            active: self.chips().len(),
            chips: self.chips(),
            clear: ListQuery { sort: list_query.sort, ..ListQuery::default() }.href([]),
            is_filtered: self.is_filtered(),
            caption: self.caption(),
            heads: Heads {
                name: self.head(Sort::Name, Sort::NameDescending),
                agreed: self.head(Sort::Agreed, Sort::AgreedDescending),
            },
            labels: Labels::new(t),
            rows: self.rows(),
            show_confirmation_status: actor.account.agreements_apply(),
            has_acts: actor.role.may(Permission::PlaceOrders) && !self.prints,
            select_all: self.select_all(),
            parameters: list_query.pairs(),
            prints: self.prints,
            print: list_query.href([("print", "1".to_owned())]),
            notes,
            national_cloud: (!actor.account.agreements_apply())
                .then(|| fl!(t, "na-text", cloud = enum_labels::cloud(actor.account.cloud, t))),
            previous: link(found.rows.first().filter(|_| found.has_previous), "before", first - self.rows_on_page()),
            next: link(found.rows.last().filter(|_| found.has_next), "after", first + self.rows_on_page()),
            empty: found.rows.is_empty().then(|| self.empty()),
            position: self.position(),
        }
    }

    fn rows(&self) -> Vec<RowView> {
        let Self { cx, list_query, least, .. } = *self;
        let rows = Rows {
            account: &cx.actor.account,
            context: &cx.context,
            list_query,
            least,
            latest: self.latest,
            may_confirm: self.may_confirm(),
            may_order: cx.actor.role.may(Permission::PlaceOrders),
        };
        self.found.rows.iter().map(|row| rows.view(row)).collect()
    }

    /// The codes of the countries that customers have, each once.
    fn countries(&self) -> Vec<String> {
        let there = self.counts.iter().filter(|count| count.customers > 0);
        there.map(|count| count.country.clone()).collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn may_confirm(&self) -> bool {
        self.cx.actor.role.may(Permission::ConfirmAcceptance) && self.cx.actor.account.confirms()
    }

    fn views(&self) -> Vec<View> {
        let t = self.cx.context.words();
        let of = |wanted: Option<StatusFilter>| {
            ListQuery { status: wanted, ..ListQuery::default() }.count(self.counts, &self.cx.actor.account)
        };
        let named = STATUSES.map(|status| (Some(status), enum_labels::status_filter(status, t)));
        std::iter::once((None, fl!(t, "view-all")))
            .chain(named)
            .map(|(wanted, words)| View {
                words,
                count: i18n::number(of(wanted), self.cx.context.language),
                href: ListQuery { status: wanted, ..self.list_query.clone() }.href([]),
                current: self.list_query.status == wanted,
            })
            .collect()
    }

    /// Where one begins to confirm the customers of this list one after another.
    fn queue(&self) -> Option<String> {
        let is_of_blocked = match self.list_query.status {
            None => self.list_query.is_filtered(),
            Some(StatusFilter::Blocked | StatusFilter::NotConfirmed | StatusFilter::ReconfirmationDue) => true,
            Some(StatusFilter::Confirmed | StatusFilter::NotApplicable) => false,
        };
        (is_of_blocked && self.may_confirm() && !self.found.rows.is_empty())
            .then(|| paths::with_query(paths::QUEUE, self.list_query.pairs()))
    }

    /// The words of the button that takes everybody of the list who is blocked to be confirmed with one date; none where
    /// nobody can be selected.
    fn select_all(&self) -> Option<String> {
        let t = self.cx.context.words();
        self.queue().filter(|_| !self.prints)?;
        let blocked = match self.list_query.status {
            None => None,
            Some(_) => self.total,
        };
        Some(match blocked {
            Some(total) => fl!(t, "act-select-all-count", count = i18n::number(total, self.cx.context.language)),
            None => fl!(t, "act-select-all"),
        })
    }

    fn chips(&self) -> Vec<Chip> {
        let (t, list_query) = (self.cx.context.words(), self.list_query);
        let mut chips = Vec::new();
        if let Some(agent) = list_query.agent {
            let known = self.agents.iter().find(|one| one.id == agent);
            let name = known.map_or_else(|| agent.to_string(), |agent| agent.display_name.clone());
            let remove = ListQuery { agent: None, ..list_query.clone() }.href([]);
            chips.push(Chip { words: fl!(t, "chip-agent", name = name), remove });
        }
        if list_query.agreed_from.is_some() {
            let remove = ListQuery { agreed_from: None, ..list_query.clone() }.href([]);
            chips.push(Chip { words: fl!(t, "chip-agreed-from", day = self.day(list_query.agreed_from)), remove });
        }
        if list_query.agreed_to.is_some() {
            let remove = ListQuery { agreed_to: None, ..list_query.clone() }.href([]);
            chips.push(Chip { words: fl!(t, "chip-agreed-to", day = self.day(list_query.agreed_to)), remove });
        }
        if let Some(channel) = list_query.channel {
            let remove = ListQuery { channel: None, ..list_query.clone() }.href([]);
            chips.push(Chip { words: fl!(t, "recorded-via", channel = enum_labels::channel(channel, t)), remove });
        }
        chips
    }

    /// What the page calls a filter.
    fn filter_name(&self, name: &str) -> String {
        let t = self.cx.context.words();
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
        day.map(|day| i18n::date_short(day, self.cx.context.language)).unwrap_or_default()
    }

    /// The users to choose from; also the one who is asked for and recorded nothing that counts.
    fn agent_choices(&self) -> Vec<(String, String, bool)> {
        let chosen = self.list_query.agent;
        let choice = |agent: &Agent| (agent.id.to_string(), agent.display_name.clone(), Some(agent.id) == chosen);
        let unknown = chosen.filter(|id| self.agents.iter().all(|agent| agent.id != *id));
        let unknown = unknown.map(|id| (id.to_string(), id.to_string(), true));
        self.agents.iter().map(choice).chain(unknown).collect()
    }

    fn channel_choices(&self) -> Vec<(&'static str, String, bool)> {
        let t = self.cx.context.words();
        let choice = |channel: Channel| {
            (channel.code(), enum_labels::channel(channel, t), self.list_query.channel == Some(channel))
        };
        Channel::ALL.iter().map(|&channel| choice(channel)).collect()
    }

    fn head(&self, ascending: Sort, descending: Sort) -> Head {
        let by_default = self.list_query.sort.is_none() && self.list_query.q.is_empty() && ascending == Sort::Name;
        let (sorted, next) = match self.list_query.sort {
            Some(sort) if sort == descending => ("descending", ascending),
            Some(sort) if sort == ascending => ("ascending", descending),
            _ if by_default => ("ascending", descending),
            _ => ("", ascending),
        };
        Head { href: ListQuery { sort: Some(next), ..self.list_query.clone() }.href([]), sorted }
    }

    fn is_filtered(&self) -> bool {
        self.list_query.is_filtered()
    }

    fn rows_on_page(&self) -> i64 {
        let rows = if self.prints { PRINTED_MAX } else { search::PAGE };
        i64::try_from(rows).unwrap_or(i64::MAX)
    }

    /// The how manieth customer of the list is the first of the page.
    fn first(&self) -> i64 {
        if self.found.cursor_lost { 1 } else { self.from.unwrap_or(1).into() }
    }

    fn caption(&self) -> String {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let shown = self.found.rows.len();
        match self.total {
            Some(total) if !self.is_filtered() => {
                fl!(t, "list-caption-all", count = total, total = i18n::number(total, language))
            }
            Some(total) => fl!(t, "list-caption-found", count = total),
            None if self.found.has_next || self.found.has_previous => {
                fl!(t, "list-caption-more", shown = i18n::number(search::PAGE, language))
            }
            None => fl!(t, "list-caption-found", count = shown),
        }
    }

    /// For example *1–50 of 249*, where the place on the page is known.
    fn position(&self) -> String {
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
        let number = |number: i64| i18n::number(number, language);
        let shown = i64::try_from(self.found.rows.len()).unwrap_or(i64::MAX);
        let first = self.first();
        let last = first.saturating_add(shown) - 1;
        // On a page behind or before another the address tells the place, and the figures may have changed since.
        let knows_place = self.from.is_some() || !self.found.has_previous;
        match self.total {
            Some(total) if knows_place && last <= total => {
                fl!(t, "list-shown-of", first = number(first), last = number(last), total = number(total))
            }
            _ => fl!(t, "list-shown", shown = number(shown)),
        }
    }

    fn empty(&self) -> String {
        let t = self.cx.context.words();
        if !self.list_query.q.is_empty() {
            fl!(t, "list-no-match", q = self.list_query.q.clone())
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
        let t = self.cx.context.words();
        let name = if draft.company_name.is_empty() { fl!(t, "draft-unnamed") } else { draft.company_name.clone() };
        DraftView {
            name,
            changed: i18n::time(draft.changed_at, self.cx.actor.account.time_zone, self.cx.context.language),
            resume: paths::draft_review(draft.id),
            discard: paths::draft_discard(draft.id),
        }
    }
}
