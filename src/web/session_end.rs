//! How sessions end.

use serde::{Deserialize, Serialize};

/// Why a session no longer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SessionEnd {
    /// No request for half an hour.
    IdleTimeout,
    /// Twelve hours are over.
    AbsoluteTimeout,
    /// The user was disabled, or has no account left.
    Revoked,
    /// The database could not tell.
    Unavailable,
}
