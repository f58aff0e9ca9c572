//! What reports and errors of an import say.

use crate::{
    actions::import::RowOutcome,
    domain::{
        csv_file::{self, FileProblem, LineFault},
        invalid::Invalid,
    },
};

/// What a report calls things.
pub(super) struct Words<P, W> {
    /// What a line is about.
    pub(super) noun: &'static str,
    /// A part that changes.
    pub(super) part: fn(P) -> &'static str,
    /// A reason for which a line cannot be used.
    pub(super) reason: fn(&W) -> String,
}

impl<P: Copy, W> Words<P, W> {
    pub(super) fn why(&self, fate: &RowOutcome<P, W>) -> String {
        match fate {
            RowOutcome::New | RowOutcome::Unchanged => String::new(),
            RowOutcome::Changed(parts) => parts.iter().copied().map(self.part).collect::<Vec<_>>().join(", "),
            RowOutcome::Refused(reasons) => reasons.iter().map(self.reason).collect::<Vec<_>>().join("; "),
        }
    }
}

/// A column with the name that it has in messages.
pub(super) trait Column: csv_file::Column {
    /// The one that tells lines apart.
    const ID: Self;

    fn words(self) -> &'static str;

    /// What is said of a cell that should hold a date and holds none.
    fn not_a_date(self) -> &'static str {
        "not a date"
    }
}

pub(super) fn fault_words<C: Column>(fault: LineFault<C>) -> String {
    match fault {
        LineFault::Cell { column, invalid } => format!("{}: {}", column.words(), invalid_words(column, invalid)),
        LineFault::CellCount { expected, found } => format!("{found} cells where {expected} were expected"),
        LineFault::Repeats { earlier } => format!("the same as line {earlier}"),
        LineFault::SameId { earlier } => format!("the {} of line {earlier}, with other details", C::ID.words()),
    }
}

fn invalid_words<C: Column>(column: C, invalid: Invalid) -> String {
    match invalid {
        Invalid::Missing => "empty".to_owned(),
        Invalid::TooLong { max } => format!("more than {max} characters"),
        Invalid::Unprintable => "contains characters that cannot be shown".to_owned(),
        Invalid::NotAGuid => "not a GUID".to_owned(),
        Invalid::NotADomain => "not a domain name".to_owned(),
        Invalid::NotAnMpnId => "not 1 to 20 digits".to_owned(),
        Invalid::NotYesOrNo => "neither yes nor no".to_owned(),
        Invalid::DatePart(_) | Invalid::DateNotReal => column.not_a_date().to_owned(),
        Invalid::DateTooEarly => "before the year 2000".to_owned(),
        Invalid::DateInFuture { today } => format!("after today, {today}"),
        Invalid::NotAnOfferId => "not letters, digits and signs without a space".to_owned(),
        Invalid::NotOneOf { codes } => format!("not one of {}", codes.join(", ")),
        Invalid::UnknownCountry => "not * or the codes of countries".to_owned(),
        Invalid::PrerequisiteMissing => "not another offer of the file or the catalogue".to_owned(),
        Invalid::NotAQuantity => "not a whole number of 1 or more".to_owned(),
        Invalid::QuantityLimits { min, max } if min == max => format!("not {min}"),
        Invalid::QuantityLimits { min, max } => format!("not between {min} and {max}"),
        Invalid::NotAnEmail
        | Invalid::PhoneDigits
        | Invalid::UnknownState
        | Invalid::UnknownLanguage
        | Invalid::NotADomainPrefix
        | Invalid::DomainTaken
        | Invalid::NotARegistrationNumber { .. }
        | Invalid::NotTaken
        | Invalid::UnknownReseller
        | Invalid::SameQuantity => "not understood".to_owned(),
    }
}

pub(super) fn problem<C: Column>(problem: FileProblem<C>) -> anyhow::Error {
    match problem {
        FileProblem::Empty => anyhow::anyhow!("the file is empty"),
        FileProblem::NotText => anyhow::anyhow!("the file is not text; export or save it as CSV"),
        FileProblem::NoHeader => {
            let columns = C::NEEDED.iter().map(|column| column.words()).collect::<Vec<_>>().join(", ");
            anyhow::anyhow!("the first line must name the columns: {columns}")
        }
        FileProblem::MissingColumn(column) => anyhow::anyhow!("the file has no column {}", column.words()),
        FileProblem::TooManyRows { max } => anyhow::anyhow!("the file has more than {max} lines; split it"),
    }
}
