//! A subscription's row.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    domain::order::{Billing, BillingCycle, SubscriptionStatus, TermDuration},
    store::{
        counts::key::{Key, country_code},
        customers::row::Customer,
        table::table,
    },
};

/// The condition that a subscription goes on only when somebody renews it, as the indexes of such have it.
pub const BY_HAND: &str =
    "status = 'active' AND NOT auto_renew AND billing = 'license' AND commitment_ends_on IS NOT NULL";

/// The condition that the licences of a subscription are in use.
pub const IN_USE: &str = "status = 'active' AND billing = 'license'";

table! {
    /// A row of `subscriptions`.
    #[derive(Debug, Clone)]
    pub struct SubscriptionRow: audited "subscriptions" {
        /// Its id.
        pub id: Uuid = key,
        pub(crate) customer_seq: i64,
        /// The order it came from; none for what was ordered elsewhere.
        pub order_id: Option<Uuid>,
        /// The offer's id.
        pub offer_id: String,
        /// The offer's name.
        pub offer_name: String,
        /// How it is charged.
        pub billing: Billing,
        /// Licences.
        pub quantity: i64,
        /// Whether it is in use.
        pub status: SubscriptionStatus,
        /// Whether it renews by itself.
        pub auto_renew: bool,
        /// How often it is charged.
        pub billing_cycle: BillingCycle,
        /// How long it binds.
        pub term_duration: TermDuration,
        /// The last day of its term; none for what is charged by use.
        pub commitment_ends_on: Option<NaiveDate>,
        /// What a program calls it; none for the offer's name.
        pub friendly_name: Option<String>,
        /// The MPN ID of the partner on record.
        pub partner_id: Option<String>,
        /// Counts its changes.
        pub etag: i64,
        /// When it began here, UTC.
        pub created_at: DateTime<Utc>,
        pub(crate) changed_at: DateTime<Utc>,
        pub(crate) event_id: Uuid,
        pub(crate) salt: Vec<u8>,
    }
}

impl SubscriptionRow {
    /// What it is counted under, of its customer: only what renews by hand is.
    pub(crate) fn counted(&self, customer: &Customer) -> Option<Key> {
        // As BY_HAND has it.
        let by_hand = self.is_in_use() && !self.auto_renew;
        let commitment_ends_on = self.commitment_ends_on.filter(|_| by_hand)?;
        Some(renewal(customer, commitment_ends_on, self.term_duration))
    }

    /// How many licences of it are in use.
    pub(crate) fn licences(&self) -> i64 {
        if self.is_in_use() { self.quantity } else { 0 }
    }

    /// As [`IN_USE`] has it.
    fn is_in_use(&self) -> bool {
        self.status == SubscriptionStatus::Active && self.billing == Billing::License
    }
}

/// What the subscriptions of a customer that renew by hand at the same time are counted under.
pub fn renewal(customer: &Customer, commitment_ends_on: NaiveDate, term_duration: TermDuration) -> Key {
    Key::Renewals {
        partner_account_id: customer.partner_account_id,
        commitment_ends_on,
        term_duration,
        country: country_code(customer.country),
        agreement_version_id: customer.agreement_version_id.unwrap_or_default(),
    }
}
