//! Orders of a customer that are not placed yet, with the ways on: to continue one, or to discard it.

use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{cx::ActorContext, offers::Typed, paths};
use crate::{
    domain::{
        order::{Billing, Offer},
        role::Permission,
    },
    i18n,
    store::{
        self, Read, offers,
        order_drafts::{self, Kept},
    },
};

/// The kept orders of a customer.
pub struct KeptOrders {
    /// What they are.
    pub heading: String,
    /// Each of them.
    pub orders: Vec<KeptOrder>,
}

/// A kept order.
pub struct KeptOrder {
    /// The draft that keeps it.
    pub id: Uuid,
    /// Quantities and offers.
    pub lines: Vec<String>,
    /// For how long it has been blocked, if it is.
    pub blocked: Option<String>,
    /// When it was saved last, and by whom.
    pub saved: String,
    /// Where it is continued, by those who may.
    pub continues: Option<String>,
    /// Where it is discarded, by those who may.
    pub discards: Option<String>,
}

impl KeptOrders {
    /// The kept orders of a customer that hold at least one line; `is_blocked` where the gate is closed.
    pub async fn of(
        conn: &mut dyn Read,
        cx: &ActorContext,
        customer_id: Uuid,
        is_blocked: bool,
    ) -> Result<Option<Self>, store::Error> {
        let kept = order_drafts::of_customer(conn, cx.actor.account.id, customer_id, cx.context.now).await?;
        if kept.is_empty() {
            return Ok(None);
        }
        let mut ids: Vec<String> =
            kept.iter().flat_map(|one| Typed::of(&one.entries).wanted()).map(|(id, _)| id).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let items = offers::named(conn, &ids).await?;
        let offers: Vec<Offer> = items.into_iter().map(|item| item.offer).collect();
        let view = |one: &Kept| KeptOrder::of(cx, customer_id, one, &offers, is_blocked);
        let orders: Vec<KeptOrder> = kept.iter().map(view).filter(|one| !one.lines.is_empty()).collect();
        let heading = fl!(cx.context.words(), "kept-orders", count = orders.len());
        Ok((!orders.is_empty()).then_some(Self { heading, orders }))
    }

    /// Whether the order of a draft is among them.
    pub fn has(&self, draft: Option<Uuid>) -> bool {
        self.orders.iter().any(|one| Some(one.id) == draft)
    }

    /// The same in front of a form that continues the order of a draft itself.
    #[must_use]
    pub fn continued(mut self, draft: Option<Uuid>) -> Self {
        for one in self.orders.iter_mut().filter(|one| Some(one.id) == draft) {
            one.continues = None;
        }
        self
    }
}

impl KeptOrder {
    fn of(cx: &ActorContext, customer_id: Uuid, kept: &Kept, offers: &[Offer], is_blocked: bool) -> Self {
        let (t, language, account) = (cx.context.words(), cx.context.language, &cx.actor.account);
        let line = |(id, quantity): (String, String)| {
            let offer = offers.iter().find(|offer| offer.id == id);
            let name = offer.map_or(id, |offer| offer.name.clone());
            match offer.map(|offer| offer.billing) {
                Some(Billing::Usage) => name,
                _ => fl!(t, "kept-line", quantity = quantity, offer = name),
            }
        };
        let blocked = kept.blocked_at.filter(|_| is_blocked).map(|since| {
            let days = (cx.today - account.today(since)).num_days().max(0);
            let age = fl!(t, "status-age", days = days, shown = i18n::number(days, language));
            fl!(t, "kept-blocked", age = age)
        });
        let time = i18n::time(kept.changed_at, account.time_zone, language);
        let may_order = cx.actor.role.may(Permission::PlaceOrders);
        Self {
            id: kept.id,
            lines: Typed::of(&kept.entries).wanted().into_iter().map(line).collect(),
            blocked,
            saved: fl!(t, "kept-saved", time = time, agent = kept.agent.clone()),
            continues: may_order.then(|| paths::kept_order(customer_id, kept.id)),
            discards: may_order.then(|| paths::order_draft_discard(customer_id, kept.id)),
        }
    }
}
