//! What every import has in common: the lines of a file, and what each comes to.

use std::collections::BTreeMap;

use crate::domain::list_file;

/// What a line of a file comes to, where parts `P` of a row can change and reasons `W` refuse it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowOutcome<P, W> {
    /// What it names is added.
    New,
    /// Everything is known already.
    Unchanged,
    /// Something the file says differs: these parts.
    Changed(Vec<P>),
    /// The line cannot be used.
    Refused(Vec<W>),
}

/// A line of a file with its fate.
#[derive(Debug, Clone)]
pub struct PlannedRow<P, W> {
    /// The line's number in the file.
    pub number: u64,
    /// What a person recognises it by.
    pub shown: String,
    /// What it comes to.
    pub fate: RowOutcome<P, W>,
}

impl<P, W> PlannedRow<P, W> {
    /// A line that has been judged.
    pub fn of<C, T>(line: &list_file::Line<C, T>, fate: RowOutcome<P, W>) -> Self {
        Self { number: line.number, shown: line.shown.clone(), fate }
    }
}

impl<P, W> RowOutcome<P, W> {
    /// A short word for figures.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Changed(_) => "changed",
            Self::Refused(_) => "refused",
        }
    }
}

/// How many lines came to what, by the fate's code; none where no line did.
pub fn counts<P, W>(planned: &[PlannedRow<P, W>]) -> BTreeMap<&'static str, usize> {
    planned.iter().fold(BTreeMap::new(), |mut counts, line| {
        *counts.entry(line.fate.code()).or_default() += 1;
        counts
    })
}
