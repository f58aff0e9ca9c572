//! The wizard for a new customer: Account info, Subscriptions, Review, Confirmation.
//!
//! A draft is a row that holds each step as typed. A step is saved before it is judged, so that nothing typed is ever
//! lost, and judged again each time somebody goes on, so that no step can be skipped by its address. Saving is
//! idempotent: the first step's draft gets its id from the form's one-time token.

mod account;
mod account_fields;
mod created;
mod password;
mod review;
mod subscriptions;
mod wizard;

pub use account::{check_domain, save, save_new, show, show_new};
pub use created::show as show_created;
pub use review::{create, show as show_review};
pub use subscriptions::{save as save_subscriptions, show as show_subscriptions};

use actix_web::HttpResponse;
use uuid::Uuid;

use super::{access::EditCustomers, cx::Cx, error::Error, flash::Flash, form::Form, path_id::DraftId, paths, respond};
use crate::{actions::save_draft, store::drafts::Owner};

/// Throws a draft away.
pub async fn discard(cx: Cx<EditCustomers>, DraftId(draft): DraftId, _: Form) -> Result<HttpResponse, Error> {
    if !save_draft::discard(&cx.state.db, Owner::of(&cx.actor), draft).await? {
        return Err(Error::NotFound);
    }
    Ok(respond::see_other(&cx.state, paths::CUSTOMERS, Some((Flash::DraftDiscarded, Uuid::nil()))))
}
