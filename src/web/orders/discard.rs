//! Throwing away an order that is not placed.

use actix_web::HttpResponse;

use super::draft::draft_key;
use crate::{
    actions::save_draft,
    web::{
        access::PlaceOrders,
        cx::Cx,
        error::Error,
        flash::Flash,
        form::Form,
        path_id::{CustomerId, DraftId},
        paths, respond,
    },
};

/// Discards an order that is not placed, whoever of the account kept it.
pub async fn discard(
    cx: Cx<PlaceOrders>,
    CustomerId(customer): CustomerId,
    DraftId(draft): DraftId,
    _: Form,
) -> Result<HttpResponse, Error> {
    if !save_draft::discard_order(&cx.state.db, draft_key(&cx, customer, draft)).await? {
        return Err(Error::NotFound);
    }
    Ok(respond::see_other(&cx.state, &paths::orders(customer), Some((Flash::OrderDiscarded, customer))))
}
