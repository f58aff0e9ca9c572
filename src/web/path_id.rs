//! Ids in addresses. What is no id is not found.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use uuid::Uuid;

use super::error::Error;

macro_rules! path_ids {
    ($($(#[$doc:meta])* $name:ident = $part:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub Uuid);

        impl FromRequest for $name {
            type Error = Error;
            type Future = Ready<Result<Self, Error>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(guid(request.match_info().query($part)).map(Self))
            }
        }
    )+};
}
path_ids! {
    /// A customer.
    CustomerId = "customer",
    /// A draft of a new customer, or of an order.
    DraftId = "draft",
    /// A confirmation of a customer.
    AgreementId = "agreement",
    /// A subscription of a customer.
    SubscriptionId = "subscription",
    /// An order of a customer.
    OrderId = "order",
    /// An API client.
    ClientId = "client",
}

/// A GUID, written as addresses have it.
fn guid(part: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(part).ok().filter(|id| part.len() == 36 && !id.is_nil()).ok_or(Error::NotFound)
}
