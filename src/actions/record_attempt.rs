//! What writes no business row and is kept in the log all the same: attempts that came to nothing, and exports.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    domain::{
        actor::Actor,
        agreement::ConfirmationStatus,
        audit::{Action, Event},
        role::Permission,
    },
    store::{
        self, Db, agreements,
        idempotency::{self, Claim, IdempotencyKey},
        order_drafts,
    },
};

/// Records that a customer's confirmation status held something up: an order or a change of licences. What programs send again
/// by themselves is recorded `once`.
pub async fn record_blocked(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    action: Action,
    confirmation_status: ConfirmationStatus,
    once: Option<&IdempotencyKey>,
) -> Result<(), store::Error> {
    let mut tx = db.write().await?;
    if let Some(submission) = once
        && idempotency::claim(&mut tx, submission, "").await? != Claim::New
    {
        return Ok(());
    }
    let event = Event::by(actor, tx.clock.id(), tx.clock.now(), action)
        .about(customer_id)
        .with(json!({ "confirmation_status": confirmation_status }));
    tx.commit(event).await
}

/// Records that somebody was refused what their role does not include.
pub async fn record_denial(db: &Db, actor: &Actor, permission: Permission) -> Result<(), store::Error> {
    let tx = db.write().await?;
    let event =
        Event::by(actor, tx.clock.id(), tx.clock.now(), Action::Denied).with(json!({ "permission": permission }));
    tx.commit(event).await
}

/// An order that stays with the portal as a draft.
#[derive(Debug, Clone, Copy)]
pub struct KeptOrder {
    /// The draft.
    pub draft_id: Uuid,
    /// How many licences are to be ordered.
    pub licences: i64,
}

/// Records that a customer's confirmation status held an order up, which is kept: it counts as blocked from now on.
pub async fn record_blocked_order(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    confirmation_status: ConfirmationStatus,
    order: KeptOrder,
) -> Result<(), store::Error> {
    let mut tx = db.write().await?;
    let now = tx.clock.now();
    let versions = agreements::versions(&mut tx).await?;
    let key = order_drafts::Key { partner_account_id: actor.account.id, customer_id, id: order.draft_id };
    let required = versions.required_version_date(actor.account.today(now));
    order_drafts::set_blocked(&mut tx, key, order.licences, required, now).await?;
    let event = Event::by(actor, tx.clock.id(), now, Action::OrderBlocked)
        .about(customer_id)
        .with(json!({ "confirmation_status": confirmation_status }));
    tx.commit(event).await
}

/// Records that a list is exported, before its first row goes out: `what` names the list, the kind of file and what
/// was filtered by, an object.
pub async fn record_export(db: &Db, actor: &Actor, what: Value) -> Result<(), store::Error> {
    let tx = db.write().await?;
    let event = Event::by(actor, tx.clock.id(), tx.clock.now(), Action::Exported).with(what);
    tx.commit(event).await
}
