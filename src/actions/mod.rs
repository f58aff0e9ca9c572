//! Every write there is, one use case per file: load, decide, write, record.
//!
//! Pages, programs and the command line call the same functions, so a rule is written once. Each takes the
//! locks in the order that `store` names, reads the clock after them, and commits with its event.

pub mod add_agreement_version;
pub mod change_quantity;
pub mod check_out_cart;
pub mod confirm_agreement;
pub mod create_customer;
pub mod edit_customer;
pub mod import;
pub mod import_catalogue;
pub mod import_customers;
pub mod import_indirect_resellers;
pub mod import_subscriptions;
pub mod place_order;
pub mod put_api_client;
pub mod put_partner_account;
pub mod put_user;
pub mod record_attempt;
pub mod remove_customer;
pub mod set_qualification;
pub mod sign_in;
pub mod switch_subscription;

use crate::store::{
    self, Change,
    submissions::{self, Submission, Use},
};

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Failure<R: std::fmt::Debug> {
    /// The account has no such customer.
    #[error("there is no such customer")]
    NoSuchCustomer,
    /// A rule refuses it.
    #[error("refused: {0:?}")]
    Refused(R),
    /// The form's token was used up with other fields.
    #[error("the form was sent before with other entries")]
    SentOtherwise,
    /// The database could not do it; nothing was kept.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl<R: std::fmt::Debug> Failure<R> {
    /// The same failure of a change that does more and has reasons of its own.
    pub fn because<S: std::fmt::Debug>(self, reason: impl FnOnce(R) -> S) -> Failure<S> {
        match self {
            Self::NoSuchCustomer => Failure::NoSuchCustomer,
            Self::Refused(refusal) => Failure::Refused(reason(refusal)),
            Self::SentOtherwise => Failure::SentOtherwise,
            Self::Store(error) => Failure::Store(error),
        }
    }
}

/// A write that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done<T> {
    /// Now.
    Now(T),
    /// When the same form was sent before; this came of it.
    Before(String),
}

impl<T> Done<T> {
    /// What the request came to: what was given to the action, or what came of the same request before.
    pub fn outcome(self, now: String) -> String {
        match self {
            Self::Now(_) => now,
            Self::Before(before) => before,
        }
    }
}

/// Uses a form's token up, first thing in a change. What came of the form if exactly it was sent before; else the change
/// goes on, and the same form will be answered with `outcome`.
async fn sent_before<R: std::fmt::Debug>(
    change: &mut Change,
    submission: &Submission,
    outcome: &str,
) -> Result<Option<String>, Failure<R>> {
    match submissions::spend(change, submission, outcome).await? {
        Use::First => Ok(None),
        Use::Again(outcome) => Ok(Some(outcome)),
        Use::Otherwise => Err(Failure::SentOtherwise),
    }
}
