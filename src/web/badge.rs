//! Confirmation statuses as pages show them.

use i18n_embed_fl::fl;

use crate::{domain::agreement::ConfirmationStatus, i18n::Words};

/// A confirmation status as pages show it: icon, word and colour together.
pub struct Badge {
    /// The class that colours it.
    pub class: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// The word.
    pub word: String,
}

impl Badge {
    /// The badge of a confirmation status.
    pub fn of(confirmation_status: ConfirmationStatus, t: &Words) -> Self {
        let (class, icon, word) = match confirmation_status {
            ConfirmationStatus::Confirmed => ("ok", "ok", fl!(t, "st-confirmed")),
            ConfirmationStatus::NotConfirmed => ("warn", "warn", fl!(t, "st-not-confirmed")),
            ConfirmationStatus::ReconfirmationDue => ("warn", "again", fl!(t, "st-reconfirmation-due")),
            ConfirmationStatus::NotApplicable => ("na", "na", fl!(t, "st-not-applicable")),
        };
        Self { class, icon, word }
    }
}
