//! The lines of orders in words.

use i18n_embed_fl::fl;
use uuid::Uuid;

use crate::{
    domain::{actor::Actor, order::Billing, role::Permission},
    i18n,
    web::{paths, request_context::RequestContext},
};

/// A line of an order.
pub(super) struct LineView {
    pub(super) offer: String,
    pub(super) quantity: String,
    pub(super) term: String,
    pub(super) cycle: String,
}

/// A number of licences; of what is charged by use that it is.
pub(super) fn quantity_words(billing: Billing, quantity: i64, context: &RequestContext) -> String {
    match billing {
        Billing::Usage => fl!(context.words(), "by-use"),
        Billing::License => i18n::number(quantity, context.language),
    }
}

/// Where a new order is placed, for users with `PlaceOrders`.
pub(super) fn may_order(actor: &Actor, customer: Uuid) -> Option<String> {
    actor.role.may(Permission::PlaceOrders).then(|| paths::new_order(customer))
}
