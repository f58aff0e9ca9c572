//! Why a typed value is refused.
//!
//! The reasons carry no words: a page and the API each choose theirs, in two languages.

use chrono::NaiveDate;

/// The reason a value is refused at its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// Nothing was entered where something is required.
    Missing,
    /// More Unicode scalar values than the field holds, counted after normalising.
    TooLong {
        /// The most the field holds.
        max: usize,
    },
    /// Control, bidi-control or other characters that leave no mark on the page.
    Unprintable,
    /// Not an email address a message could reach.
    NotAnEmail,
    /// Fewer than 5 or more than 20 digits in a phone number.
    PhoneDigits,
    /// A date that lacks one of its parts.
    DatePart(DatePart),
    /// Not a date at all, or one that no calendar has, such as 31 February.
    DateNotReal,
    /// Before 1 January 2000.
    DateTooEarly,
    /// After today in the partner account's time zone.
    DateInFuture {
        /// The last date that would have been accepted.
        today: NaiveDate,
    },
    /// Not a GUID in any of its usual forms, or the one of only zeros.
    NotAGuid,
    /// Not the name of an internet domain.
    NotADomain,
    /// Not a country the agreement is offered in.
    UnknownCountry,
    /// Not a state or province of the chosen country.
    UnknownState,
    /// Not a language the portal or the agreement knows.
    UnknownLanguage,
}

/// The part that is missing from a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// The day of the month.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}
