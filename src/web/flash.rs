//! What a page leaves for the next one to say, in a cookie.

use actix_web::HttpRequest;
use uuid::Uuid;

use crate::domain::codes::codes;

/// The cookie that carries a flash.
pub(super) const FLASH_COOKIE: &str = "countersign-flash";

codes! {
    /// What a page has to say after a form on the page before succeeded.
    pub enum Flash {
        /// A confirmation was recorded.
        ConfirmationRecorded = "confirmation-recorded",
        /// The company was saved.
        CompanySaved = "company-saved",
        /// The primary contact was saved.
        ContactSaved = "contact-saved",
        /// An order was placed.
        OrderPlaced = "order-placed",
        /// An order that was not placed was thrown away.
        OrderDiscarded = "order-discarded",
        /// The number of licences of a subscription was changed.
        SubscriptionChanged = "subscription-changed",
        /// A subscription was suspended.
        SubscriptionSuspended = "subscription-suspended",
        /// A subscription was reactivated.
        SubscriptionReactivated = "subscription-reactivated",
        /// A subscription renews by itself from now on.
        AutoRenewOn = "auto-renew-on",
        /// A subscription no longer renews by itself.
        AutoRenewOff = "auto-renew-off",
        /// A queue came to its end or was left. It is about two figures, not about a customer.
        QueueEnded = "queue-ended",
        /// Nobody in a list is blocked.
        NobodyBlocked = "nobody-blocked",
        /// A draft of a new customer was thrown away.
        DraftDiscarded = "draft-discarded",
        /// An API client was revoked.
        ApiClientRevoked = "api-client-revoked",
    }
}

impl Flash {
    /// Two figures in the place of the customer whom a flash is about.
    pub fn figures(confirmed: u32, skipped: u32) -> Uuid {
        Uuid::from_u64_pair(confirmed.into(), skipped.into())
    }

    /// The two figures that a flash is about.
    pub const fn read_figures(about: Uuid) -> (u64, u64) {
        about.as_u64_pair()
    }

    /// The flash that a request carries, with the customer it is about.
    pub fn of(request: &HttpRequest) -> Option<(Self, Uuid)> {
        let cookie = request.cookie(FLASH_COOKIE)?;
        let (code, customer) = cookie.value().split_once('.')?;
        Some((Self::from_code(code)?, Uuid::try_parse(customer).ok()?))
    }
}
