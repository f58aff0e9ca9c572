//! Attempts that came to nothing, which the log keeps too.

use serde_json::json;

use crate::{
    domain::{
        actor::Actor,
        audit::{Action, Event},
        role::Permission,
    },
    store::{self, Db},
};

/// Records that somebody was refused what their role does not include.
pub async fn record_denial(db: &Db, actor: &Actor, permission: Permission) -> Result<(), store::Error> {
    let change = db.change().await?;
    let event = Event::by(actor, change.clock.id(), change.clock.now(), Action::Denied)
        .with(json!({ "permission": permission }));
    change.commit(event).await
}
