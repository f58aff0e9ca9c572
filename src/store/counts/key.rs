//! What is counted, and by how much that changes.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::domain::{
    agreement::Channel, country::Country, order::TermDuration, partner_account::PartnerAccount, status::week_of,
};

/// What confirmations of all countries are counted under.
pub const ALL_COUNTRIES: &str = "*";

/// What something is counted under. Nobody, no version and no country are nil, nil and empty, so that no key holds NULL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Licences in use, in the row of a customer that the change has locked.
    Licences {
        customer_seq: i64,
    },
    Customers {
        partner_account_id: Uuid,
        country: String,
        agent_id: Uuid,
        agreement_version_id: Uuid,
    },
    /// For each country, and for all of them.
    Agreements {
        partner_account_id: Uuid,
        country: String,
        week: NaiveDate,
        agent_id: Uuid,
        channel: Channel,
        accepted_directly: bool,
    },
    /// For each country, and for all of them: customers by the week in which they were added, and those whose agreement
    /// counts by the week in which it was recorded.
    CustomerWeeks {
        partner_account_id: Uuid,
        country: String,
        week: NaiveDate,
        effective: bool,
        agent_id: Uuid,
        agreement_version_id: Uuid,
        added_week: NaiveDate,
    },
    Renewals {
        partner_account_id: Uuid,
        commitment_ends_on: NaiveDate,
        term_duration: TermDuration,
        country: String,
        agreement_version_id: Uuid,
    },
}

/// A country as the keys have it.
pub fn country_code(country: Option<Country>) -> String {
    country.map_or("", Country::code).to_owned()
}

/// By how much counts change, or what they are.
#[derive(Debug, Default)]
pub struct Counts(pub BTreeMap<Key, i64>);

impl Counts {
    /// Counts what has these keys, or takes it off with -1.
    pub fn add(&mut self, keys: impl IntoIterator<Item = Key>, by: i64) {
        for key in keys {
            *self.0.entry(key).or_default() += by;
        }
    }
}

/// What a customer is counted by the week of.
#[derive(Debug, Clone)]
pub struct Weeks {
    pub partner_account_id: Uuid,
    pub country: String,
    pub agent_id: Option<Uuid>,
    pub agreement_version_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    /// When the agreement that counts was recorded.
    pub recorded_at: Option<DateTime<Utc>>,
}

/// What a customer is counted under by the weeks of its account.
pub fn weeks_of(account: &PartnerAccount, of: Weeks) -> impl Iterator<Item = Key> {
    let week = |at| week_of(account.today(at));
    let added_week = week(of.created_at);
    let added = (added_week, false, Uuid::nil(), Uuid::nil());
    let recorded = of.recorded_at.map(|at| {
        let (agent_id, version_id) = (of.agent_id.unwrap_or_default(), of.agreement_version_id.unwrap_or_default());
        (week(at), true, agent_id, version_id)
    });
    std::iter::once(added).chain(recorded).flat_map(move |(week, effective, agent_id, agreement_version_id)| {
        [of.country.clone(), ALL_COUNTRIES.to_owned()].map(|country| Key::CustomerWeeks {
            partner_account_id: of.partner_account_id,
            country,
            week,
            effective,
            agent_id,
            agreement_version_id,
            added_week,
        })
    })
}
