//! Counting everything again, to see whether the figures that are kept are right.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    key::{Counts, Key},
    weeks::{count_agreements, count_customers},
};
use crate::{
    domain::{agreement::Channel, order::TermDuration},
    store::{
        Error, Read,
        row::record,
        subscriptions::row::{BY_HAND, IN_USE},
    },
};

/// A figure that is not what counting gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What is counted, and under what.
    pub what: String,
    /// The figure that is kept.
    pub kept: i64,
    /// What counting gives.
    pub counted: i64,
}

/// Counts everything again: how many figures are kept, and which of them are wrong.
pub async fn differences(conn: &mut dyn Read) -> Result<(usize, Vec<Difference>), Error> {
    let (kept, counted) = (kept(conn).await?, counted(conn).await?);
    let figures = kept.0.values().filter(|count| **count != 0).count();
    let mut both: BTreeMap<Key, (i64, i64)> = kept.0.into_iter().map(|(key, kept)| (key, (kept, 0))).collect();
    for (key, counted) in counted.0 {
        both.entry(key).or_default().1 = counted;
    }
    let wrong = both.into_iter().filter(|(_, (kept, counted))| kept != counted);
    let wrong = wrong.map(|(key, (kept, counted))| Difference { what: format!("{key:?}"), kept, counted });
    Ok((figures, wrong.collect()))
}

async fn kept(conn: &mut dyn Read) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    let customers: Vec<CustomersOfKey> = conn
        .query("SELECT partner_account_id, country, agent_id, agreement_version_id, customers AS count FROM customer_counts")
        .all()
        .await?;
    for row in customers {
        row.count(&mut counts);
    }
    let weeks: Vec<(Uuid, String, NaiveDate, Uuid, Channel, bool, i64)> = conn
        .query(
            "SELECT partner_account_id, country, week, agent_id, channel, accepted_directly, agreements FROM agreement_counts",
        )
        .all()
        .await?;
    for (partner_account_id, country, week, agent_id, channel, accepted_directly, by) in weeks {
        counts.add([Key::Agreements { partner_account_id, country, week, agent_id, channel, accepted_directly }], by);
    }
    let weeks: Vec<CustomersOfWeek> = conn
        .query(
            "SELECT partner_account_id, country, week, effective, agent_id, agreement_version_id, added_week, \
             customers AS count FROM customer_week_counts",
        )
        .all()
        .await?;
    for row in weeks {
        let key = Key::CustomerWeeks {
            partner_account_id: row.partner_account_id,
            country: row.country,
            week: row.week,
            effective: row.effective,
            agent_id: row.agent_id,
            agreement_version_id: row.agreement_version_id,
            added_week: row.added_week,
        };
        counts.add([key], row.count);
    }
    let licences: Vec<(i64, i64)> =
        conn.query("SELECT seq, licences FROM customers WHERE licences <> 0 AND removed_at IS NULL").all().await?;
    for (customer_seq, by) in licences {
        counts.add([Key::Licences { customer_seq }], by);
    }
    let renewals: Vec<RenewalsOfKey> = conn
        .query(
            "SELECT partner_account_id, commitment_ends_on, term_duration, country, agreement_version_id, \
             subscriptions AS count FROM renewal_counts",
        )
        .all()
        .await?;
    for row in renewals {
        row.count(&mut counts);
    }
    Ok(counts)
}

async fn counted(conn: &mut dyn Read) -> Result<Counts, Error> {
    let mut counts = count_agreements(conn, None).await?;
    count_customers(conn, None, &mut counts).await?;
    let licences: Vec<(i64, i64)> = conn
        .assembled(format!(
            "SELECT c.seq, CAST(SUM(s.quantity) AS BIGINT) FROM subscriptions s JOIN customers c ON c.seq = s.customer_seq \
             WHERE c.removed_at IS NULL AND {IN_USE} GROUP BY c.seq"
        ))
        .all()
        .await?;
    for (customer_seq, by) in licences {
        counts.add([Key::Licences { customer_seq }], by);
    }
    let customers: Vec<CustomersOfKey> = conn
        .query(
            "SELECT partner_account_id, country, agent_id, agreement_version_id, count(*) AS count FROM customers \
             WHERE removed_at IS NULL GROUP BY partner_account_id, country, agent_id, agreement_version_id",
        )
        .all()
        .await?;
    for row in customers {
        row.count(&mut counts);
    }
    let renewals: Vec<RenewalsOfKey> = conn
        .assembled(format!(
            "SELECT c.partner_account_id, s.commitment_ends_on, s.term_duration, c.country, c.agreement_version_id, \
             count(*) AS count FROM subscriptions s JOIN customers c ON c.seq = s.customer_seq \
             WHERE c.removed_at IS NULL AND {BY_HAND} \
             GROUP BY c.partner_account_id, s.commitment_ends_on, s.term_duration, c.country, c.agreement_version_id"
        ))
        .all()
        .await?;
    for row in renewals {
        row.count(&mut counts);
    }
    Ok(counts)
}

record! {
    struct CustomersOfWeek {
        partner_account_id: Uuid,
        country: String,
        week: NaiveDate,
        effective: bool,
        agent_id: Uuid,
        agreement_version_id: Uuid,
        added_week: NaiveDate,
        count: i64,
    }
}

record! {
    struct CustomersOfKey {
        partner_account_id: Uuid,
        country: Option<String>,
        agent_id: Option<Uuid>,
        agreement_version_id: Option<Uuid>,
        count: i64,
    }
}

impl CustomersOfKey {
    fn count(self, counts: &mut Counts) {
        let key = Key::Customers {
            partner_account_id: self.partner_account_id,
            country: self.country.unwrap_or_default(),
            agent_id: self.agent_id.unwrap_or_default(),
            agreement_version_id: self.agreement_version_id.unwrap_or_default(),
        };
        counts.add([key], self.count);
    }
}

record! {
    struct RenewalsOfKey {
        partner_account_id: Uuid,
        commitment_ends_on: NaiveDate,
        term_duration: TermDuration,
        country: Option<String>,
        agreement_version_id: Option<Uuid>,
        count: i64,
    }
}

impl RenewalsOfKey {
    fn count(self, counts: &mut Counts) {
        let key = Key::Renewals {
            partner_account_id: self.partner_account_id,
            commitment_ends_on: self.commitment_ends_on,
            term_duration: self.term_duration,
            country: self.country.unwrap_or_default(),
            agreement_version_id: self.agreement_version_id.unwrap_or_default(),
        };
        counts.add([key], self.count);
    }
}
