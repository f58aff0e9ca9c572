//! What a verification of the log can find.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::domain::{audit::Hash, kept_hash::KeptHash};

/// What the verifier found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything fits.
    Sound {
        /// Entries of the log.
        entries: i64,
        /// Business rows checked.
        rows: usize,
        /// The hash of the last entry.
        head: Hash,
    },
    /// Something was altered outside Countersign.
    Wrong(Finding),
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// An entry has another hash than it had: it, or one before it, was written anew, and the hashes with it.
    Rewritten(i64, Witness),
    /// An entry that was there is gone, and all after it, or those there are now are others.
    Gone(i64, Witness),
    /// An entry is missing, or one too many: this number was expected.
    Gap(i64),
    /// An entry does not fit the hash before it, its leaf or its own hash.
    Entry(i64),
    /// The log does not end where its head says.
    Head(i64),
    /// A row is not what the log says of it: table and key.
    Row(&'static str, String),
    /// A row that the log says was written is gone: table and key.
    Missing(String, String),
}

/// What the log is contradicted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Witness {
    /// What an earlier verification kept, and when it did.
    Verification(DateTime<Utc>),
    /// What the caller kept.
    Expected(KeptHash),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rewritten(seq, witness) => write!(f, "entry {seq} of the log has another hash than {witness}"),
            Self::Gone(seq, Witness::Verification(at)) => {
                write!(f, "entry {seq} of the log is gone, which was verified {}", time(*at))
            }
            Self::Gone(seq, Witness::Expected(kept)) => {
                write!(f, "entry {seq} of the log is gone, which was expected: {kept}")
            }
            Self::Gap(seq) => write!(f, "entry {seq} of the log is missing"),
            Self::Entry(seq) => write!(f, "entry {seq} of the log was changed, or one before it"),
            Self::Head(seq) => write!(f, "the log does not end with entry {seq}, as its head says"),
            Self::Row(table, key) => write!(f, "a row of {table} is not what the log says (key {key})"),
            Self::Missing(table, key) => write!(f, "a row of {table} is gone (key {key})"),
        }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Verification(at) => write!(f, "when it was verified {}", time(*at)),
            Self::Expected(kept) => write!(f, "the one expected, {kept}"),
        }
    }
}

fn time(at: DateTime<Utc>) -> impl fmt::Display {
    at.format("on %Y-%m-%d at %H:%M UTC")
}
