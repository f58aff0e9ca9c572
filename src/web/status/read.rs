//! What the page reads, of one moment.

use chrono::{NaiveDate, TimeDelta};

use super::{figures::Figures, list_query::Asked};
use crate::{
    domain::status::RENEWAL_WINDOWS,
    store::{
        self,
        status::{self, AtRisk, CustomerCount, Unconfirmed, Waiting},
    },
    web::cx::ActorContext,
};

/// How many days back blocked attempts are counted, today included.
pub(super) const BLOCKED_DAYS: i64 = 30;

/// Everything the page is made of, of one moment.
pub(super) struct Read {
    pub(super) figures: Figures,
    pub(super) customers: Vec<CustomerCount>,
    pub(super) least: Option<NaiveDate>,
    pub(super) waiting: Vec<Waiting>,
    /// Orders and licence changes that were blocked.
    pub(super) blocked: (i64, i64),
    pub(super) oldest: Vec<Unconfirmed>,
    pub(super) at_risk: Vec<AtRisk>,
}

impl Read {
    pub(super) async fn of(conn: &mut dyn store::Read, cx: &ActorContext, asked: &Asked) -> Result<Self, store::Error> {
        let (account, filter) = (&cx.actor.account, asked.filter());
        let today = cx.today;
        let customers = status::customers(conn, account.id, today).await?;
        let least = customers.first().and_then(|count| count.required_version_date);
        let applies = account.agreements_apply();
        let from = asked.period.mondays(today).first().copied().expect("a period has weeks");
        let window = RENEWAL_WINDOWS.iter().max().copied().expect("there are windows");
        let until = today + TimeDelta::days(window);
        let (mut agreements, mut renewals) = (Vec::new(), Vec::new());
        if applies {
            agreements = status::agreements(conn, account.id, from, filter).await?;
            renewals = status::renewals(conn, account.id, until, least, filter).await?;
        }
        let figures = Figures::of(account, asked, today, cx.context.language, &customers, &agreements, &renewals);
        let mut read = Self {
            figures,
            customers,
            least,
            waiting: Vec::new(),
            blocked: (0, 0),
            oldest: Vec::new(),
            at_risk: Vec::new(),
        };
        if applies {
            read.waiting = status::waiting(conn, account.id, least, filter).await?;
            let since = account.begin_of(blocked_from(today)).unwrap_or(cx.context.now - TimeDelta::days(BLOCKED_DAYS));
            read.blocked = status::blocked(conn, account.id, since, filter).await?;
            // Nobody recorded anything of these, so that no user has any.
            if asked.agent.is_none() {
                read.oldest = status::oldest_unconfirmed(conn, account.id, filter).await?;
            }
            read.at_risk = status::at_risk(conn, account.id, &read.figures.first_ends, least, filter).await?;
        }
        Ok(read)
    }
}

/// The first day on which blocked attempts are counted.
pub(super) fn blocked_from(today: NaiveDate) -> NaiveDate {
    today - TimeDelta::days(BLOCKED_DAYS - 1)
}
