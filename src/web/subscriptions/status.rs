//! A customer's confirmation status, and what it holds up.

use i18n_embed_fl::fl;
use uuid::Uuid;

use crate::{
    domain::{actor::Actor, agreement::ConfirmationStatus},
    i18n::Words,
    store::{
        Snapshot,
        customers::{self, Customer},
    },
    web::{error::Error, request_context::RequestContext},
};

/// Why the number of licences cannot change.
pub(super) fn closed_words(actor: &Actor, t: &Words) -> String {
    if actor.account.confirms() { fl!(t, "block-licences") } else { fl!(t, "reseller-text") }
}

/// A customer of the account, and where it stands.
pub(super) async fn customer_status(
    conn: &mut Snapshot,
    actor: &Actor,
    context: &RequestContext,
    id: Uuid,
) -> Result<(Customer, ConfirmationStatus), Error> {
    let today = actor.account.today(context.now);
    let info = customers::account_info(conn, actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let confirmation_status = info.confirmation_status(&actor.account);
    Ok((info.customer, confirmation_status))
}
