//! What the page reads, of one moment.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::{
    figures::{Counted, Figures},
    list_query::Asked,
};
use crate::{
    domain::{agreement::AgreementVersions, status::RENEWAL_WINDOWS},
    store::{
        self, agreements, offers,
        order_drafts::BLOCKED_DAYS as KEPT_DAYS,
        status::{self, AtRisk, Blocked, CustomerCount, LISTED, Waiting},
    },
    web::{cx::ActorContext, offers::Typed},
};

/// How many days back blocked attempts are counted, today included.
pub(super) const BLOCKED_DAYS: i64 = 30;

/// Everything the page is made of, of one moment.
pub(super) struct Read {
    pub(super) figures: Figures,
    pub(super) customers: Vec<CustomerCount>,
    pub(super) versions: AgreementVersions,
    /// Orders that wait, more than are shown as such.
    pub(super) waiting: Vec<Waiting>,
    /// The names of the offers in them, by id.
    pub(super) offers: BTreeMap<String, String>,
    /// Orders and licence changes that were blocked.
    pub(super) blocked: (i64, i64),
    /// Customers with something that expires soon.
    pub(super) at_risk: Vec<AtRisk>,
    /// Customers with the most licences.
    pub(super) most_licences: Vec<Blocked>,
}

impl Read {
    pub(super) async fn of(conn: &mut dyn store::Read, cx: &ActorContext, asked: &Asked) -> Result<Self, store::Error> {
        let (account, filter, today) = (&cx.actor.account, asked.filter(), cx.today);
        let customers = status::customers(conn, account.id).await?;
        let versions = agreements::versions(conn).await?;
        let least = versions.required_version_date(today);
        let applies = account.agreements_apply();
        let from = asked.period.mondays(today).first().copied().expect("a period has weeks");
        let window = RENEWAL_WINDOWS.iter().max().copied().expect("there are windows");
        let (mut recorded, mut renewals, mut progress) = (Vec::new(), Vec::new(), Vec::new());
        if applies {
            recorded = status::agreements(conn, account.id, from, filter).await?;
            progress = status::progress(conn, account.id, from, filter).await?;
            renewals = status::renewals(conn, account.id, today + TimeDelta::days(window), least, filter).await?;
        }
        let counted = Counted {
            account,
            asked,
            today,
            least,
            target: versions.next_mandatory(today).map(|(version, _)| version.published_on).or(least),
            customers: &customers,
            agreements: &recorded,
            progress: &progress,
            renewals: &renewals,
        };
        let mut read = Self {
            figures: Figures::of(&counted, cx.context.language),
            customers,
            versions,
            waiting: Vec::new(),
            offers: BTreeMap::new(),
            blocked: (0, 0),
            at_risk: Vec::new(),
            most_licences: Vec::new(),
        };
        if applies {
            read.read_blocked(conn, cx, asked, least).await?;
        }
        Ok(read)
    }

    async fn read_blocked(
        &mut self,
        conn: &mut dyn store::Read,
        cx: &ActorContext,
        asked: &Asked,
        least: Option<NaiveDate>,
    ) -> Result<(), store::Error> {
        let (account, filter, today) = (&cx.actor.account, asked.filter(), cx.today);
        let begin = |days: i64| {
            let day = today - TimeDelta::days(days - 1);
            account.begin_of(day).unwrap_or(cx.context.now - TimeDelta::days(days))
        };
        self.waiting = status::waiting(conn, account.id, least, filter, begin(KEPT_DAYS)).await?;
        self.offers = offer_names(conn, &self.waiting).await?;
        self.blocked = status::blocked(conn, account.id, begin(BLOCKED_DAYS), filter).await?;
        // Whoever waits is listed already.
        let most = 3 * LISTED;
        self.at_risk = status::at_risk(conn, account.id, &self.figures.first_ends, least, filter, most).await?;
        // No index leads from a user to the customers with the most licences.
        if filter.agent.is_none() {
            let outdated = self.versions.iter().filter(|one| least.is_some_and(|least| one.published_on < least));
            let outdated: Vec<_> = outdated.map(|version| version.id).collect();
            self.most_licences = status::most_licences(conn, account.id, &outdated, filter, 2 * most).await?;
        }
        Ok(())
    }
}

/// The names of the offers in kept orders, by id.
async fn offer_names(
    conn: &mut dyn store::Read,
    waiting: &[Waiting],
) -> Result<BTreeMap<String, String>, store::Error> {
    let mut ids: Vec<String> =
        waiting.iter().flat_map(|one| Typed::of(&one.entries).wanted()).map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let items = offers::named(conn, &ids).await?;
    Ok(items.into_iter().map(|item| (item.offer.id, item.offer.name)).collect())
}

/// The first day on which blocked attempts are counted.
pub(super) fn blocked_from(today: NaiveDate) -> NaiveDate {
    today - TimeDelta::days(BLOCKED_DAYS - 1)
}
