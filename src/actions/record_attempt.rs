//! What writes no business row and is kept in the log all the same: attempts that came to nothing, and exports.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    domain::{
        actor::Actor,
        agreement::Standing,
        audit::{Action, Event},
        role::Permission,
    },
    store::{
        self, Db,
        submissions::{self, Submission, Use},
    },
};

/// Records that a customer's standing held something up: an order or a change of licences. What programs send again
/// by themselves is recorded `once`.
pub async fn record_blocked(
    db: &Db,
    actor: &Actor,
    customer_id: Uuid,
    action: Action,
    standing: Standing,
    once: Option<&Submission>,
) -> Result<(), store::Error> {
    let mut change = db.change().await?;
    if let Some(submission) = once
        && submissions::spend(&mut change, submission, "").await? != Use::First
    {
        return Ok(());
    }
    let event = Event::by(actor, change.clock.id(), change.clock.now(), action)
        .about(customer_id)
        .with(json!({ "standing": standing }));
    change.commit(event).await
}

/// Records that somebody was refused what their role does not include.
pub async fn record_denial(db: &Db, actor: &Actor, permission: Permission) -> Result<(), store::Error> {
    let change = db.change().await?;
    let event = Event::by(actor, change.clock.id(), change.clock.now(), Action::Denied)
        .with(json!({ "permission": permission }));
    change.commit(event).await
}

/// Records that a list is exported, before its first row goes out: `what` names the list, the kind of file and what
/// was filtered by, an object.
pub async fn record_export(db: &Db, actor: &Actor, what: Value) -> Result<(), store::Error> {
    let change = db.change().await?;
    let event = Event::by(actor, change.clock.id(), change.clock.now(), Action::Exported).with(what);
    change.commit(event).await
}
