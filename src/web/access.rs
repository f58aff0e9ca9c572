//! Guards: the first parameter of every handler says who may call it.
//!
//! [`May<P>`] hands out the [`Actor`] that every action demands, to users whose role includes `P`; handlers take it as
//! part of [`Cx<P>`](super::cx::Cx). [`SignedIn`]
//! is for pages of every user, [`Anyone`] for the short list of open pages. A handler that begins with none of
//! them does not compile into the route table.

use std::{marker::PhantomData, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{Method, StatusCode},
};

use super::{
    error::{Error, SignInPage},
    form::{KEPT_LIMIT, LIMIT, read_body},
    form_origin, paths,
    request_context::RequestContext,
    session::State,
    session_end::SessionEnd,
};
use crate::domain::{actor::Actor, role::Permission};

/// Who may call a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Anyone,
    /// Every signed-in user.
    SignedIn,
    /// Signed-in users whose role includes this.
    May(Permission),
}

/// A parameter that guards a handler.
pub trait Guard: FromRequest {
    /// Who passes.
    const ACCESS: Access;
}

/// Parameters of a handler whose first is a guard.
pub trait Guarded {
    /// Who passes the guard.
    const ACCESS: Access;
}

macro_rules! guarded {
    ($($rest:ident)*) => {
        impl<G: Guard, $($rest),*> Guarded for (G, $($rest,)*) {
            const ACCESS: Access = G::ACCESS;
        }
    };
}
guarded!();
guarded!(A);
guarded!(A B);
guarded!(A B C);
guarded!(A B C D);
guarded!(A B C D E);

/// Lets everybody pass.
pub struct Anyone;

impl Guard for Anyone {
    const ACCESS: Access = Access::Anyone;
}

impl FromRequest for Anyone {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self))
    }
}

/// Lets every signed-in user pass.
pub struct SignedIn(pub Actor);

impl Guard for SignedIn {
    const ACCESS: Access = Access::SignedIn;
}

impl FromRequest for SignedIn {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admitted = admit(request, payload);
        Box::pin(async { Ok(Self(admitted.await?)) })
    }
}

/// A permission as a type.
pub trait Permit: 'static {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! permits {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("[`Permission::", stringify!($name), "`] as a type.")]
        pub struct $name;
        impl Permit for $name {
            const PERMISSION: Permission = Permission::$name;
        }
    )+};
}
permits!(ViewCustomers, EditCustomers, ConfirmAcceptance, PlaceOrders, Administer);

/// Lets users pass whose role in the current account includes the permission.
pub struct May<P>(Actor, PhantomData<P>);

impl<P> May<P> {
    /// Who passed.
    pub fn into_actor(self) -> Actor {
        self.0
    }
}

impl<P: Permit> Guard for May<P> {
    const ACCESS: Access = Access::May(P::PERMISSION);
}

impl<P: Permit> FromRequest for May<P> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admitted = admit(request, payload);
        let context = RequestContext::of(request);
        let may = context.session.session().is_none_or(|session| session.actor.role.may(P::PERMISSION));
        let form = (!may && *request.method() == Method::POST && form_origin::is_form(request))
            .then(|| (payload.take(), paths::page_of_form(request.path())));
        Box::pin(async move {
            let actor = admitted.await?;
            if actor.role.may(P::PERMISSION) {
                return Ok(Self(actor, PhantomData));
            }
            // Somebody may do more in another account, for which the form was opened.
            if let Some((payload, page)) = form
                && let Ok(mut form) = read_body(payload, LIMIT).await
            {
                form_origin::fix_days(&mut form, &context);
                form_origin::refuse_other_account(&form, page, StatusCode::FORBIDDEN, &context)?;
            }
            Err(Error::Forbidden(P::PERMISSION))
        })
    }
}

/// The signed-in user, or the way to the sign-in page: a redirect for a page, and for a form the sign-in page
/// itself with everything that was typed.
fn admit(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Actor, Error>> + 'static {
    let context = RequestContext::of(request);
    let ended = match &context.session {
        State::SignedIn(session) => Ok(session.actor.clone()),
        State::SessionEnd(ended) => Err(Some(*ended)),
        State::None => Err(None),
    };
    let is_form = *request.method() == Method::POST;
    let form_page = is_form.then(|| paths::form_page(request.path())).flatten();
    let payload = if ended.is_err() && form_page.is_some() { payload.take() } else { Payload::None };
    async move {
        match ended {
            Ok(actor) => Ok(actor),
            Err(Some(SessionEnd::Unavailable)) => Err(Error::Unavailable),
            Err(ended) if !is_form => Err(Error::SignIn { next: context.path_and_query.clone(), ended }),
            Err(ended) => {
                let fields = match form_page {
                    Some(_) => read_body(payload, KEPT_LIMIT).await.map_or_else(
                        |_| Vec::new(),
                        |mut form| {
                            form_origin::fix_days(&mut form, &context);
                            form_origin::typed(&form)
                        },
                    ),
                    None => Vec::new(),
                };
                let next = form_page.unwrap_or_else(|| paths::CUSTOMERS.to_owned());
                Err(Error::SignInAgain(Box::new(SignInPage { next, fields, ended })))
            }
        }
    }
}
