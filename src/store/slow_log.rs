//! Statements that take long, in the log.

use std::{
    borrow::Cow,
    time::{Duration, Instant},
};

/// From how long on a statement is logged.
const SLOW: Duration = Duration::from_millis(100);

/// Measures a statement from its making to its drop, and logs its text when that took long. The text is put together
/// from literals: it holds no values.
pub(super) struct Timer {
    sql: Cow<'static, str>,
    began: Instant,
}

impl Timer {
    /// Starts measuring.
    pub(super) fn start(sql: Cow<'static, str>) -> Self {
        Self { sql, began: Instant::now() }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        if took >= SLOW {
            let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(millis, sql = %self.sql, "slow statement");
        }
    }
}
