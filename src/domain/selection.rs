//! A selection of customers who are confirmed with one date, each by its primary contact.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{agreement::Refusal, codes::codes};

/// The most customers of a selection.
pub const MAX: usize = 500;

/// A selected customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selected {
    /// The Microsoft ID.
    pub customer: Uuid,
    /// The primary contact as it was shown; none for a customer who was not found.
    pub contact_etag: Option<i64>,
}

codes! {
    /// Why a customer of a selection is not confirmed.
    pub enum NotConfirmed {
        /// The primary contact lacks a name or an email address.
        NoContact = "no-contact",
        /// The primary contact was changed after it was shown.
        ContactChanged = "contact-changed",
        /// The customer is confirmed already.
        AlreadyRecorded = "already-recorded",
        /// The date cannot be that of this acceptance.
        DateRefused = "date-refused",
        /// Another version is the latest now.
        VersionChanged = "version-changed",
        /// The account has no such customer any more.
        NotFound = "not-found",
    }
}

impl NotConfirmed {
    /// The reason in a selection for what the rule of confirmations refuses; none for what concerns the whole account.
    pub const fn of(refusal: &Refusal) -> Option<Self> {
        match refusal {
            Refusal::NotApplicable | Refusal::ProviderConfirms => None,
            Refusal::UnknownVersion | Refusal::StaleVersion { .. } => Some(Self::VersionChanged),
            Refusal::InTheFuture { .. } | Refusal::OlderThanVersion { .. } => Some(Self::DateRefused),
            Refusal::SameAgain { .. } => Some(Self::AlreadyRecorded),
        }
    }
}

/// What came of a selected customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The Microsoft ID.
    pub customer: Uuid,
    /// Why it was not confirmed; none when it was.
    pub refusal: Option<NotConfirmed>,
}
