//! One-time tokens of forms: each is made for one user, account and form, and serves once.

use uuid::Uuid;

use super::{cx::ActorContext, form::Form};
use crate::{
    domain::{actor::Actor, field::Field, token::token_hash},
    secret::FormScope,
    store::idempotency::IdempotencyKey,
};

impl Form {
    /// The form's token and fields as hashes, when the token was made for this user, account and form.
    pub fn submission(&self, cx: &ActorContext, form: &str) -> Option<IdempotencyKey> {
        let token = self.get(Field::IdempotencyKey);
        cx.state
            .secret
            .verify_form_token(token, bound(&cx.actor, form), cx.context.now)
            .then(|| IdempotencyKey { token_hash: token_hash(token), fields_hash: self.hash() })
    }

    /// The same where one page has a form about each of several objects, all with the page's token: it serves each
    /// object once.
    pub fn submission_about(&self, cx: &ActorContext, page: &str, object: Uuid) -> Option<IdempotencyKey> {
        Some(self.submission(cx, page)?.about(object))
    }
}

/// A fresh token for a form that an actor is shown.
pub fn fresh_token(cx: &ActorContext, form: &str) -> String {
    cx.state.secret.token(bound(&cx.actor, form), cx.context.now)
}

fn bound<'a>(actor: &Actor, form: &'a str) -> FormScope<'a> {
    FormScope { user: actor.who.id.expect("only users are shown forms"), partner_account: actor.account.id, form }
}
