//! Figures that lead to the list that they counted, and their places in charts.

use crate::i18n::{self, Language};

/// A number, and the list that it counted.
pub(super) struct Counted {
    pub(super) number: String,
    pub(super) href: Option<String>,
}

impl Counted {
    /// A number of customers or entries with the list of them; nothing is listed of none.
    pub(super) fn new(number: i64, language: Language, href: impl FnOnce() -> Option<String>) -> Self {
        Self { number: i18n::number(number, language), href: if number == 0 { None } else { href() } }
    }
}

/// Hundredths as a decimal number, so that no float is written.
pub(super) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.abs();
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A part of a whole in percent.
pub(super) fn percent(part: i64, whole: i64) -> String {
    format!("{}%", decimal(part * 10_000 / whole.max(1)))
}
