//! The list's page.

use std::collections::BTreeSet;

use askama::Template;
use chrono::NaiveDate;
use i18n_embed_fl::fl;

use super::{
    list_query::Asked,
    row_view::{AcceptedBy, Labels, RowView, Rows},
};
use crate::{
    domain::{
        agreement::{Channel, ConfirmationStatus, confirmation_status},
        country::Country,
        role::Permission,
    },
    i18n::{self, Words},
    store::{
        customers::{Agent, Count},
        drafts,
        search::{self, MIDDLE_MAX, Row, Sort},
    },
    web::{
        badge::Badge,
        country_filter::country_choices,
        cx::ActorContext,
        enum_labels,
        export::{ExportView, Separator},
        flash::Flash,
        layout::{PageLayout, Section},
        paths,
    },
};

/// Drafts that the list shows: the page stays light. It leads on to all of them.
pub(super) const DRAFTS_SHOWN: i64 = 10;

#[derive(Template)]
#[template(path = "customers.html")]
pub(super) struct ListTemplate {
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
    pub(super) asked: &'a Asked,
    pub(super) ignored: Vec<&'static str>,
    pub(super) counts: &'a [Count],
    pub(super) agents: &'a [Agent],
    pub(super) least: Option<NaiveDate>,
    pub(super) found: search::Page,
    /// The latest of the user's drafts, or all of them.
    pub(super) drafts: Vec<drafts::Listed>,
    pub(super) draft_count: i64,
    pub(super) cursor_broken: bool,
    /// Whose confirmation the page before recorded, on the way through this list.
    pub(super) confirmed: Option<String>,
}

impl Listed<'_> {
    pub(super) fn template(&self) -> ListTemplate {
        let Self { cx, asked, found, .. } = self;
        let (actor, context) = (&cx.actor, &cx.context);
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
            rows: self.rows(),
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

    fn rows(&self) -> Vec<RowView> {
        let Self { cx, asked, agents, least, .. } = *self;
        let rows = Rows {
            account: &cx.actor.account,
            context: &cx.context,
            asked,
            agents,
            least,
            may_confirm: self.may_confirm(),
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

    fn total(&self) -> i64 {
        self.counts.iter().map(|count| count.customers).sum()
    }

    fn views(&self) -> Vec<View> {
        let t = self.cx.context.words();
        let of = |wanted: Option<ConfirmationStatus>| -> i64 {
            let status_of = |count: &Count| confirmation_status(&self.cx.actor.account, count.published_on, self.least);
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
            count: i18n::number(of(wanted), self.cx.context.language),
            href: Asked { confirmation_status: wanted, ..self.asked.clone() }.href(None),
            current: self.asked.confirmation_status == wanted,
        })
        .collect()
    }

    fn chips(&self) -> Vec<Chip> {
        let (t, asked) = (self.cx.context.words(), self.asked);
        let mut chips = Vec::new();
        if !asked.q.is_empty() {
            let remove = Asked { q: String::new(), ..asked.clone() }.href(None);
            chips.push(Chip { words: fl!(t, "chip-search", q = asked.q.clone()), remove });
        }
        if let Some(code) = &asked.country {
            let name = Country::parse(code)
                .map_or_else(|| fl!(t, "not-provided"), |country| country.name(self.cx.context.language).to_owned());
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
        let chosen = self.asked.agent;
        let choice = |agent: &Agent| (agent.id.to_string(), agent.display_name.clone(), Some(agent.id) == chosen);
        let unknown = chosen.filter(|id| self.agents.iter().all(|agent| agent.id != *id));
        let unknown = unknown.map(|id| (id.to_string(), id.to_string(), true));
        self.agents.iter().map(choice).chain(unknown).collect()
    }

    fn door_choices(&self) -> Vec<(&'static str, String, bool)> {
        let t = self.cx.context.words();
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
        let (t, language) = (self.cx.context.words(), self.cx.context.language);
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
        let t = self.cx.context.words();
        let shown = i18n::number(self.found.rows.len(), self.cx.context.language);
        if self.is_filtered() {
            fl!(t, "list-shown", shown = shown)
        } else {
            fl!(t, "list-shown-of", shown = shown, total = i18n::number(self.total(), self.cx.context.language))
        }
    }

    fn empty(&self) -> String {
        let t = self.cx.context.words();
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
