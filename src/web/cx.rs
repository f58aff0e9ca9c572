//! What a handler is called with: who asks, in which language, when, and what the portal is made of.

use std::{marker::PhantomData, ops::Deref};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::NaiveDate;

use super::{
    AppState,
    access::{Access, Guard, May, Permit},
    error::Error,
    request_context::RequestContext,
};
use crate::{domain::actor::Actor, i18n::Words};

/// A request of a signed-in user, without the proof of a permission: what the parts of a handler share.
pub struct ActorContext {
    /// The user in the current account.
    pub actor: Actor,
    /// What every handler may use.
    pub state: AppState,
    /// The request.
    pub context: RequestContext,
    /// The day on which the request came, in the account's time zone.
    pub today: NaiveDate,
}

impl ActorContext {
    /// The words of the user's language.
    pub fn words(&self) -> &'static Words {
        self.context.words()
    }
}

/// The first parameter of a handler: guards it like [`May<P>`], and carries what nearly all of them need.
pub struct Cx<P> {
    parts: ActorContext,
    permission: PhantomData<P>,
}

impl<P> Deref for Cx<P> {
    type Target = ActorContext;
    fn deref(&self) -> &ActorContext {
        &self.parts
    }
}

impl<P: Permit> Guard for Cx<P> {
    const ACCESS: Access = May::<P>::ACCESS;
}

impl<P: Permit> FromRequest for Cx<P> {
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admitted = May::<P>::from_request(request, payload);
        let context = RequestContext::of(request);
        let state = AppState::of(request);
        Box::pin(async move {
            let actor = admitted.await?.into_actor();
            let today = actor.account.today(context.now);
            let parts = ActorContext { actor, state: state?, context, today };
            Ok(Self { parts, permission: PhantomData })
        })
    }
}
