//! Figures that lead to the list that they counted.

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
