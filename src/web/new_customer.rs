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

use actix_web::{HttpResponse, web};
use uuid::Uuid;

use super::{
    AppState,
    access::{EditCustomers, May},
    error::Error,
    flash::Flash,
    form::Form,
    path_id::guid,
    paths, respond,
};
use crate::store::drafts::{self, Owner};

/// Throws a draft away.
pub async fn discard(
    may: May<EditCustomers>,
    state: AppState,
    path: web::Path<String>,
    _: Form,
) -> Result<HttpResponse, Error> {
    let mut tx = state.db.maintenance().await?;
    if !drafts::discard(&mut tx, Owner::of(&may.0), guid(&path)?).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(respond::see_other(&state, paths::CUSTOMERS, Some((Flash::DraftDiscarded, Uuid::nil()))))
}
