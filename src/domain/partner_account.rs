//! The partner account: the reselling company as the portal knows it.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{codes::codes, country::Country};

codes! {
    /// How the partner does business with Microsoft.
    pub enum PartnerType {
        /// Buys from Microsoft, sells to the customer.
        DirectBillPartner = "direct_bill_partner",
        /// Buys from Microsoft, sells through indirect resellers.
        IndirectProvider = "indirect_provider",
        /// Sells what an indirect provider buys; its provider confirms acceptances.
        IndirectReseller = "indirect_reseller",
    }
}

codes! {
    /// The cloud the account sells. Agreements exist in the public cloud only.
    pub enum Cloud {
        /// Microsoft public cloud.
        Public = "public",
        /// Operated by 21Vianet in China.
        Vianet = "21vianet",
        /// Microsoft Cloud Germany.
        Germany = "germany",
        /// Microsoft Cloud for US Government.
        UsGovernment = "us_government",
    }
}

codes! {
    /// Whether the account's customers are real.
    pub enum Environment {
        /// Real customers.
        Production = "production",
        /// A place to try things; marked on every page.
        Sandbox = "sandbox",
    }
}

/// One partner account. Data of two accounts never mix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerAccount {
    /// The portal's own id.
    pub id: Uuid,
    /// The company's name, unique in the installation.
    pub name: String,
    /// Decides who confirms.
    pub partner_type: PartnerType,
    /// Decides whether agreements apply at all.
    pub cloud: Cloud,
    /// Production or sandbox.
    pub environment: Environment,
    /// The market country.
    pub country: Country,
    /// Decides what *today* is and how times are shown.
    pub time_zone: Tz,
    /// The Microsoft ID of the partner's own tenant, where it is known: programs may name the account by it, and
    /// invitations of customers do.
    pub tenant_id: Option<Uuid>,
}

impl PartnerAccount {
    /// Whether customers of this account need a confirmation at all (the public cloud only).
    pub fn agreements_apply(&self) -> bool {
        self.cloud == Cloud::Public
    }

    /// Whether this account's staff records confirmations: not in a national cloud, and not for an
    /// indirect reseller, whose indirect provider does it.
    pub fn confirms(&self) -> bool {
        self.agreements_apply() && self.partner_type != PartnerType::IndirectReseller
    }

    /// The calendar day in the account's time zone at `now`.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.time_zone).date_naive()
    }

    /// When a calendar day begins in the account's time zone: at midnight, or where the clocks skip it, when they go
    /// on. None beyond what a time can hold.
    pub fn begin_of(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        // Samoa skipped a whole day in 2011.
        (0..=48).find_map(|half_hours| {
            let local = day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(30 * half_hours))?;
            Some(local.and_local_timezone(self.time_zone).earliest()?.to_utc())
        })
    }
}
