//! What the counts of the store add up to.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::list_query::Asked;
use crate::{
    domain::{
        agreement::{Channel, ConfirmationStatus, confirmation_status},
        country::Country,
        fold::fold,
        order::TermDuration,
        partner_account::PartnerAccount,
        status::{Progress, RENEWAL_WINDOWS, left_by_week},
    },
    i18n::Language,
    store::status::{AgreementCount, CustomerCount, RenewalCount, WeekCount},
};

/// How many customers have which confirmation status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StatusCounts {
    pub(super) not_confirmed: i64,
    pub(super) reconfirmation_due: i64,
    pub(super) confirmed: i64,
    pub(super) not_applicable: i64,
}

impl StatusCounts {
    fn add(&mut self, confirmation_status: ConfirmationStatus, customers: i64) {
        *match confirmation_status {
            ConfirmationStatus::NotConfirmed => &mut self.not_confirmed,
            ConfirmationStatus::ReconfirmationDue => &mut self.reconfirmation_due,
            ConfirmationStatus::Confirmed => &mut self.confirmed,
            ConfirmationStatus::NotApplicable => &mut self.not_applicable,
        } += customers;
    }

    pub(super) fn of(&self, confirmation_status: ConfirmationStatus) -> i64 {
        match confirmation_status {
            ConfirmationStatus::NotConfirmed => self.not_confirmed,
            ConfirmationStatus::ReconfirmationDue => self.reconfirmation_due,
            ConfirmationStatus::Confirmed => self.confirmed,
            ConfirmationStatus::NotApplicable => self.not_applicable,
        }
    }

    /// Customers whose gate is closed.
    pub(super) fn closed(&self) -> i64 {
        self.not_confirmed + self.reconfirmation_due
    }

    /// Customers to whom agreements apply.
    pub(super) fn applicable(&self) -> i64 {
        self.closed() + self.confirmed
    }

    pub(super) fn all(&self) -> i64 {
        self.applicable() + self.not_applicable
    }
}

impl std::ops::AddAssign for StatusCounts {
    fn add_assign(&mut self, other: Self) {
        for &status in ConfirmationStatus::ALL {
            self.add(status, other.of(status));
        }
    }
}

/// How many confirmations were recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Recorded {
    /// Of a person.
    pub(super) by_person: i64,
    /// Accepted directly with Microsoft.
    pub(super) directly: i64,
}

impl Recorded {
    fn add(&mut self, count: &AgreementCount) {
        *if count.accepted_directly { &mut self.directly } else { &mut self.by_person } += count.agreements;
    }

    pub(super) fn all(&self) -> i64 {
        self.by_person + self.directly
    }
}

/// The figures of a country.
pub(super) struct OfCountry {
    /// Its code; empty where none is known.
    pub(super) code: String,
    pub(super) status_counts: StatusCounts,
}

/// The figures of a user who records confirmations.
pub(super) struct OfAgent {
    /// Nil where the agent is no user.
    pub(super) id: Uuid,
    pub(super) name: Option<String>,
    /// Of the customers whose agreement that counts this user recorded.
    pub(super) status_counts: StatusCounts,
    pub(super) recorded: Recorded,
}

/// Everything on the page that is added up.
pub(super) struct Figures {
    pub(super) status_counts: StatusCounts,
    pub(super) countries: Vec<OfCountry>,
    pub(super) agents: Vec<OfAgent>,
    /// The weeks of the period, oldest first.
    pub(super) weeks: Vec<(NaiveDate, Recorded)>,
    /// Doors by their codes.
    pub(super) channels: Vec<(Channel, Recorded)>,
    /// How many renewals are at risk within each of [`RENEWAL_WINDOWS`].
    pub(super) at_risk: [i64; RENEWAL_WINDOWS.len()],
    /// How many more, or fewer, are blocked than at the end of last Sunday.
    pub(super) since_monday: i64,
    /// How many were left to confirm before the first of the weeks and at the end of each; the last is now.
    pub(super) left: Vec<i64>,
    /// Customers added in each of the weeks.
    pub(super) added: Vec<i64>,
    /// The ends of terms whose renewals come first, as many as a list of them needs.
    pub(super) first_ends: Vec<(NaiveDate, TermDuration)>,
}

/// What figures are made of.
pub(super) struct Counted<'a> {
    pub(super) account: &'a PartnerAccount,
    pub(super) asked: &'a Asked,
    pub(super) today: NaiveDate,
    /// The publication day that an agreement's version must have reached today.
    pub(super) least: Option<NaiveDate>,
    /// The same of the day that counts for what is left: the deadline, if there is one.
    pub(super) target: Option<NaiveDate>,
    pub(super) customers: &'a [CustomerCount],
    pub(super) agreements: &'a [AgreementCount],
    pub(super) progress: &'a [WeekCount],
    pub(super) renewals: &'a [RenewalCount],
}

impl Counted<'_> {
    /// How many of the customers asked for have no agreement whose version reaches a day.
    fn left(&self, required: Option<NaiveDate>) -> i64 {
        let here = self.customers.iter().filter(|count| self.asked.has(&count.country, count.agent_id));
        here.filter(|count| !is_enough(count.published_on, required)).map(|count| count.customers).sum()
    }

    /// What happened in each of the weeks to those who are left, where an agreement must reach a day.
    fn progress(&self, weeks: &BTreeMap<NaiveDate, Recorded>, required: Option<NaiveDate>) -> Vec<Progress> {
        let mut progress: BTreeMap<NaiveDate, Progress> =
            weeks.keys().map(|&week| (week, Progress::default())).collect();
        for count in self.progress {
            let Some(week) = progress.get_mut(&count.week) else { continue };
            if !count.effective {
                week.added += count.customers;
            } else if is_enough(count.published_on, required) {
                week.confirmed += count.customers;
            }
        }
        progress.into_values().collect()
    }
}

/// Whether an agreement of a version is enough where it must reach a day.
fn is_enough(published_on: Option<NaiveDate>, required: Option<NaiveDate>) -> bool {
    published_on.is_some_and(|day| required.is_none_or(|required| day >= required))
}

impl Figures {
    pub(super) fn of(counted: &Counted<'_>, language: Language) -> Self {
        let Counted { account, asked, today, least, customers, agreements, renewals, .. } = *counted;
        let mut status_counts = StatusCounts::default();
        let mut countries: BTreeMap<&str, StatusCounts> = BTreeMap::new();
        let mut agents: BTreeMap<Uuid, OfAgent> = BTreeMap::new();
        let agent = |id: Uuid, name: &Option<String>| OfAgent {
            id,
            name: name.clone(),
            status_counts: StatusCounts::default(),
            recorded: Recorded::default(),
        };
        for count in customers.iter().filter(|count| asked.has(&count.country, count.agent_id)) {
            let confirmation_status = confirmation_status(account, count.published_on, least);
            status_counts.add(confirmation_status, count.customers);
            countries.entry(&count.country).or_default().add(confirmation_status, count.customers);
            // Nobody recorded anything of those who are not confirmed.
            if count.published_on.is_some() {
                let of_agent = agents.entry(count.agent_id).or_insert_with(|| agent(count.agent_id, &count.agent_name));
                of_agent.status_counts.add(confirmation_status, count.customers);
            }
        }
        let mut weeks: BTreeMap<NaiveDate, Recorded> =
            asked.period.mondays(today).into_iter().map(|monday| (monday, Recorded::default())).collect();
        let mut channels: BTreeMap<Channel, Recorded> = BTreeMap::new();
        for count in agreements {
            // A clock that was put back leaves weeks that are yet to come.
            let Some(week) = weeks.get_mut(&count.week) else { continue };
            week.add(count);
            channels.entry(count.channel).or_default().add(count);
            let of_agent = agents.entry(count.agent_id).or_insert_with(|| agent(count.agent_id, &count.agent_name));
            of_agent.recorded.add(count);
        }

        let mut countries: Vec<OfCountry> = countries
            .into_iter()
            .map(|(code, status_counts)| OfCountry { code: code.to_owned(), status_counts })
            .collect();
        countries.sort_by_cached_key(|one| (-one.status_counts.closed(), fold(name_of(&one.code, language))));
        let mut agents: Vec<OfAgent> = agents.into_values().collect();
        agents.sort_by_cached_key(|one| {
            (-one.recorded.all(), -one.status_counts.all(), fold(one.name.as_deref().unwrap_or_default()))
        });
        let mut channels: Vec<(Channel, Recorded)> = channels.into_iter().collect();
        channels.sort_by_key(|(channel, recorded)| (-recorded.all(), channel.code()));

        let (at_risk, first_ends) = at_risk(renewals, today);
        let this_week = counted.progress(&weeks, least).last().copied().unwrap_or_default();
        let progress = counted.progress(&weeks, counted.target);
        Self {
            since_monday: this_week.added - this_week.confirmed,
            left: left_by_week(counted.left(counted.target), &progress),
            added: progress.iter().map(|week| week.added).collect(),
            status_counts,
            countries,
            agents,
            weeks: weeks.into_iter().collect(),
            channels,
            at_risk,
            first_ends,
        }
    }

    /// What was recorded in the period.
    pub(super) fn recorded(&self) -> Recorded {
        self.weeks.iter().fold(Recorded::default(), |sum, (_, week)| Recorded {
            by_person: sum.by_person + week.by_person,
            directly: sum.directly + week.directly,
        })
    }
}

/// Renewals that are read to find the customers who renew first: more than are shown, as one customer may have many.
const RENEWALS_READ: i64 = 60;

/// What countries are sorted by; the one that is not known comes last.
fn name_of(code: &str, language: Language) -> &str {
    Country::parse(code).map_or("\u{10ffff}", |country| country.name(language))
}

/// How many renewals come within each window, and the ends of terms of those that come first.
fn at_risk(
    renewals: &[RenewalCount],
    today: NaiveDate,
) -> ([i64; RENEWAL_WINDOWS.len()], Vec<(NaiveDate, TermDuration)>) {
    let mut windows = [0; RENEWAL_WINDOWS.len()];
    let mut ends = Vec::new();
    for count in renewals {
        let term = count.term_duration;
        let Some(day) = term.next_renewal(count.commitment_ends_on, today) else { continue };
        let ahead = (day - today).num_days();
        for (window, days) in windows.iter_mut().zip(RENEWAL_WINDOWS) {
            if ahead <= days {
                *window += count.subscriptions;
            }
        }
        ends.push((day, count.commitment_ends_on, term, count.subscriptions));
    }
    let last = RENEWAL_WINDOWS.iter().max().copied().expect("there are windows");
    ends.retain(|(day, ..)| (*day - today).num_days() <= last);
    ends.sort_unstable();
    let mut listed = 0;
    let first = ends.into_iter().take_while(|(.., subscriptions)| {
        let wanted = listed < RENEWALS_READ;
        listed += subscriptions;
        wanted
    });
    (windows, first.map(|(_, ends_on, term, _)| (ends_on, term)).collect())
}
