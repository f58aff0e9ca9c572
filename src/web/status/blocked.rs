//! What waits for a confirmation now, and whom to ask next.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    list_query::Asked,
    read::{BLOCKED_DAYS, Read, blocked_from},
};
use crate::{
    domain::{agreement::confirmation_status, audit::Action, role::Permission, status::RENEWAL_WINDOWS},
    i18n::{self, Words},
    store::status::{AtRisk, BLOCKED_MAX, Waiting},
    web::{badge::Badge, cx::ActorContext, offers::Typed, paths},
};

/// Rows of each list, as many as the store reads.
pub(super) const LISTED: usize = 10;

pub(super) struct BlockedNow {
    /// How many wait now, and for how many licences.
    pub(super) lead: String,
    pub(super) licences: Option<String>,
    pub(super) rows: Vec<WaitingView>,
    pub(super) since: String,
    pub(super) attempts: [(String, Option<String>); 2],
}

pub(super) struct WaitingView {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) what: String,
    /// Where it is continued, or where its lines are shown.
    pub(super) order: String,
    pub(super) licences: String,
    pub(super) age: String,
    pub(super) agent: String,
}

pub(super) struct Urgent {
    /// Whether something waits, which is listed before.
    pub(super) is_after: bool,
    pub(super) rows: Vec<UrgentView>,
    /// The list of all who are blocked, and its words.
    pub(super) all: Option<(String, String)>,
    /// How many renewals are at risk within some days.
    pub(super) windows: Vec<String>,
}

pub(super) struct UrgentView {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) why: String,
    pub(super) licences: String,
    pub(super) badge: Badge,
}

/// A customer that is urgent, and why.
pub(super) struct Reason<'a> {
    customer_id: Uuid,
    pub(super) name: &'a str,
    pub(super) licences: i64,
    published_on: Option<NaiveDate>,
    pub(super) why: String,
}

/// What of the page says what is blocked.
pub(super) struct Shown<'a> {
    pub(super) cx: &'a ActorContext,
    pub(super) asked: &'a Asked,
    pub(super) read: &'a Read,
}

impl Shown<'_> {
    fn words(&self) -> &'static Words {
        self.cx.context.words()
    }

    fn number(&self, number: i64) -> String {
        i18n::number(number, self.cx.context.language)
    }

    /// For how many days something has lasted, in words.
    fn age(&self, since: DateTime<Utc>) -> String {
        let days = (self.cx.today - self.cx.actor.account.today(since)).num_days().max(0);
        fl!(self.words(), "status-age", days = days, shown = self.number(days))
    }

    /// What waits now.
    pub(super) fn blocked_now(&self) -> BlockedNow {
        let (t, read) = (self.words(), self.read);
        let from = blocked_from(self.cx.today);
        let attempts = |number: i64, action: Action, words: fn(&Words, String, i64) -> String| {
            let shown = if number > BLOCKED_MAX {
                fl!(t, "status-more-than", number = self.number(BLOCKED_MAX))
            } else {
                self.number(number)
            };
            let href = if number == 0 { None } else { self.asked.trail(action, from, None) };
            (words(t, shown, number), href)
        };
        let (waiting, licences) = read.waiting.first().map_or((0, 0), |first| (first.all, first.all_licences));
        BlockedNow {
            lead: fl!(t, "status-waiting", count = waiting, shown = self.number(waiting)),
            licences: (licences > 0).then(|| fl!(t, "licences-total", count = licences, shown = self.number(licences))),
            rows: read.waiting.iter().take(LISTED).map(|one| self.waiting(one)).collect(),
            since: fl!(t, "status-held-up", days = BLOCKED_DAYS),
            attempts: [
                attempts(read.blocked.0, Action::OrderBlocked, |t, shown, count| {
                    fl!(t, "status-held-up-orders", count = count, shown = shown)
                }),
                attempts(read.blocked.1, Action::QuantityBlocked, |t, shown, count| {
                    fl!(t, "status-held-up-licences", count = count, shown = shown)
                }),
            ],
        }
    }

    fn waiting(&self, one: &Waiting) -> WaitingView {
        let t = self.words();
        let wanted = Typed::of(&one.entries).wanted();
        let what = wanted.first().map_or_else(String::new, |(id, _)| {
            let offer = self.read.offers.get(id).unwrap_or(id).clone();
            match wanted.len() - 1 {
                0 => offer,
                more => fl!(t, "order-and-more", offer = offer, more = more),
            }
        });
        let continues = self.cx.actor.role.may(Permission::PlaceOrders);
        WaitingView {
            name: one.company_name.clone(),
            account: paths::account(one.customer_id),
            what: fl!(t, "status-order-waits", what = what),
            order: if continues { paths::kept_order(one.customer_id, one.id) } else { paths::orders(one.customer_id) },
            licences: self.number(one.licences),
            age: self.age(one.since),
            agent: one.agent.clone(),
        }
    }

    /// Whom to ask next: those with further blocked orders, then by the next renewal, then by licences.
    pub(super) fn urgent(&self) -> Urgent {
        let (t, read) = (self.words(), self.read);
        let blocked = read.figures.status_counts.closed();
        Urgent {
            is_after: !read.waiting.is_empty(),
            rows: self.urgent_reasons().map(|one| self.row(one)).collect(),
            all: (blocked > 0)
                .then(|| (self.asked.blocked_customers(), fl!(t, "status-see-all", count = self.number(blocked)))),
            windows: RENEWAL_WINDOWS
                .iter()
                .zip(read.figures.at_risk)
                .map(|(&days, count)| fl!(t, "status-renewals-within", days = days, count = self.number(count)))
                .collect(),
        }
    }

    /// Whom to ask next and why: nobody twice, and nobody who stands in the list of what waits.
    pub(super) fn urgent_reasons(&self) -> impl Iterator<Item = Reason<'_>> {
        let waiting = self.read.waiting.iter().take(LISTED).map(|one| one.customer_id);
        let mut listed_before: BTreeSet<Uuid> = waiting.collect();
        let all = self.blocked_orders().chain(self.renewals()).chain(self.licences());
        all.filter(move |one| listed_before.insert(one.customer_id)).take(LISTED)
    }

    fn row(&self, one: Reason<'_>) -> UrgentView {
        let least = self.read.versions.required_version_date(self.cx.today);
        let status = confirmation_status(&self.cx.actor.account, one.published_on, least);
        UrgentView {
            name: one.name.to_owned(),
            href: paths::account(one.customer_id),
            why: one.why,
            licences: self.number(one.licences),
            badge: Badge::of(status, self.words()),
        }
    }

    fn blocked_orders(&self) -> impl Iterator<Item = Reason<'_>> {
        self.read.waiting.iter().skip(LISTED).map(|one| Reason {
            customer_id: one.customer_id,
            name: &one.company_name,
            licences: one.customer_licences,
            published_on: one.agreement_published_on,
            why: fl!(self.words(), "why-order", age = self.age(one.since)),
        })
    }

    fn renewals(&self) -> impl Iterator<Item = Reason<'_>> {
        let mut rows: Vec<(NaiveDate, &AtRisk)> = self
            .read
            .at_risk
            .iter()
            .filter_map(|one| Some((one.term_duration.next_renewal(one.commitment_ends_on, self.cx.today)?, one)))
            .collect();
        rows.sort_by_key(|(day, one)| (*day, -one.licences));
        rows.into_iter().map(|(day, one)| {
            let day = i18n::date_short(day, self.cx.context.language);
            Reason {
                customer_id: one.customer_id,
                name: &one.company_name,
                licences: one.licences,
                published_on: one.agreement_published_on,
                why: fl!(self.words(), "why-renewal", offer = one.offer_name.clone(), day = day),
            }
        })
    }

    fn licences(&self) -> impl Iterator<Item = Reason<'_>> {
        self.read.most_licences.iter().map(|one| Reason {
            customer_id: one.id,
            name: &one.company_name,
            licences: one.licences,
            published_on: one.agreement_published_on,
            why: if one.licences > 0 {
                fl!(self.words(), "licences-total", count = one.licences, shown = self.number(one.licences))
            } else if one.agreement_published_on.is_none() {
                fl!(self.words(), "why-no-licences-since", age = self.age(one.created_at))
            } else {
                fl!(self.words(), "why-no-licences")
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::LISTED;
    use crate::store::status;

    #[test]
    fn as_many_rows_are_shown_as_are_read() {
        assert_eq!(i64::try_from(LISTED), Ok(status::LISTED));
    }
}
