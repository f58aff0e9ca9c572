//! A customer's confirmation status, and what it blocks.

use i18n_embed_fl::fl;
use uuid::Uuid;

use crate::{
    domain::{actor::Actor, agreement::ConfirmationStatus},
    i18n::Words,
    store::{Read, agreements, customers::Customer},
    web::{cx::ActorContext, error::Error},
};

/// Why the number of licences cannot change.
pub(super) fn closed_words(actor: &Actor, t: &Words) -> String {
    if actor.account.confirms() { fl!(t, "block-licences") } else { fl!(t, "reseller-text") }
}

/// A customer of the account, and where it stands.
pub(super) async fn customer_status(
    conn: &mut dyn Read,
    cx: &ActorContext,
    id: Uuid,
) -> Result<(Customer, ConfirmationStatus), Error> {
    let today = cx.today;
    let info = agreements::account_info(conn, cx.actor.account.id, id, today).await?.ok_or(Error::NotFound)?;
    let confirmation_status = info.confirmation_status(&cx.actor.account);
    Ok((info.customer, confirmation_status))
}
