//! Every write there is, one use case per file: load, decide, write, record.
//!
//! Pages, programs and the command line call the same functions, so a rule is written once. Each takes the
//! locks in the order that `store` names, reads the clock after them, and commits with its event.

pub mod add_agreement_version;
pub mod change_quantity;
pub mod check_out_cart;
pub mod confirm_agreement;
pub mod confirm_selection;
pub mod create_customer;
pub mod edit_customer;
pub mod import;
pub mod import_catalogue;
pub mod import_customers;
pub mod import_indirect_resellers;
pub mod import_subscriptions;
pub mod label_subscription;
pub mod manage_api_clients;
pub mod manage_partner_accounts;
pub mod manage_users;
pub mod place_order;
pub mod record_attempt;
pub mod record_verification;
pub mod remove_customer;
pub mod save_draft;
pub mod set_language;
pub mod set_qualification;
pub mod sign_in;
pub mod switch_subscription;
pub mod temporary_password;

use crate::store::{
    self, WriteTx,
    idempotency::{self, Claim, IdempotencyKey},
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
    IdempotencyMismatch,
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
            Self::IdempotencyMismatch => Failure::IdempotencyMismatch,
            Self::Store(error) => Failure::Store(error),
        }
    }
}

/// A write that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    /// Now.
    Done(T),
    /// When the same form was sent before; this came of it.
    Replayed(String),
}

impl<T> Outcome<T> {
    /// What the request came to: what was given to the action, or what came of the same request before.
    pub fn outcome(self, now: String) -> String {
        match self {
            Self::Done(_) => now,
            Self::Replayed(before) => before,
        }
    }
}

/// Uses a form's token up, first thing in a change. What came of the form if exactly it was sent before; else the change
/// goes on, and the same form will be answered with `outcome`.
async fn replayed<R: std::fmt::Debug>(
    tx: &mut WriteTx,
    submission: &IdempotencyKey,
    outcome: &str,
) -> Result<Option<String>, Failure<R>> {
    match idempotency::claim(tx, submission, outcome).await? {
        Claim::New => Ok(None),
        Claim::Replay(outcome) => Ok(Some(outcome)),
        Claim::Mismatch => Err(Failure::IdempotencyMismatch),
    }
}
