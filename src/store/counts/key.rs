//! What is counted, and by how much that changes.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::domain::{agreement::Channel, country::Country, order::TermDuration};

/// What confirmations of all countries are counted under.
pub const ALL_COUNTRIES: &str = "*";

/// What something is counted under. Nobody, no version and no country are nil, nil and empty, so that no key holds NULL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
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
