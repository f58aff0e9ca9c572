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
        status::RENEWAL_WINDOWS,
    },
    i18n::Language,
    store::status::{self, AgreementCount, CustomerCount, RenewalCount},
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

    pub(super) fn all(&self) -> i64 {
        self.closed() + self.confirmed + self.not_applicable
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
    /// The ends of terms whose renewals come first, as many as a list of them needs.
    pub(super) first_ends: Vec<(NaiveDate, TermDuration)>,
}

impl Figures {
    pub(super) fn of(
        account: &PartnerAccount,
        asked: &Asked,
        today: NaiveDate,
        language: Language,
        customers: &[CustomerCount],
        agreements: &[AgreementCount],
        renewals: &[RenewalCount],
    ) -> Self {
        let least = customers.first().and_then(|count| count.required_version_date);
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
        Self { status_counts, countries, agents, weeks: weeks.into_iter().collect(), channels, at_risk, first_ends }
    }

    /// What was recorded in the period.
    pub(super) fn recorded(&self) -> Recorded {
        self.weeks.iter().fold(Recorded::default(), |sum, (_, week)| Recorded {
            by_person: sum.by_person + week.by_person,
            directly: sum.directly + week.directly,
        })
    }
}

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
        let wanted = listed < status::LISTED;
        listed += subscriptions;
        wanted
    });
    (windows, first.map(|(_, ends_on, term, _)| (ends_on, term)).collect())
}
