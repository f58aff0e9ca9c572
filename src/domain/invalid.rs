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
    /// U+FFFD, which programs write for a character that they could not read.
    CharacterLost,
    /// What a spreadsheet writes where a formula came to nothing, such as `#N/A`.
    SpreadsheetError,
    /// First and last name without a letter or digit.
    NameWithoutLetter,
    /// Not an email address a message could reach.
    NotAnEmail,
    /// Fewer than 5 or more than 20 digits in a phone number.
    PhoneDigits,
    /// A phone number of which a spreadsheet kept a rounded number only, such as `3.16E+10`.
    PhoneRounded,
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
    /// A date with the month before the day.
    MonthFirst {
        /// The date that it would be.
        date: NaiveDate,
    },
    /// A date with a weekday that is not its own.
    WrongWeekday {
        /// The date without the weekday.
        date: NaiveDate,
    },
    /// Not a GUID in any of its usual forms, or the one of only zeros.
    NotAGuid,
    /// Not the name of an internet domain.
    NotADomain,
    /// Not the number of a partner: 1 to 20 digits.
    NotAnMpnId,
    /// Neither yes nor no where only these are understood.
    NotYesOrNo,
    /// Not the id of an offer: letters, digits and signs of ASCII without a space.
    NotAnOfferId,
    /// None of the words that are understood.
    NotOneOf {
        /// Their codes.
        codes: &'static [&'static str],
    },
    /// Not a country the agreement is offered in.
    UnknownCountry,
    /// Not a state or province of the chosen country.
    UnknownState,
    /// Not a language the portal or the agreement knows.
    UnknownLanguage,
    /// Not what stands before `.onmicrosoft.com`: letters and digits, at most 27.
    NotADomainPrefix,
    /// A domain that another customer has.
    DomainTaken,
    /// A registration number that is too short or too long for its country.
    NotARegistrationNumber {
        /// One as the country writes them, where that is known.
        sample: Option<&'static str>,
    },
    /// A language that the chosen country is not offered.
    LanguageNotOffered,
    /// Not an indirect reseller of the account.
    UnknownReseller,
    /// An add-on without the offer that it belongs to.
    PrerequisiteMissing,
    /// Not a whole number of 1 or more.
    NotAQuantity,
    /// The number of licences that there is already.
    SameQuantity,
    /// A number outside the offer's limits.
    QuantityLimits {
        /// The fewest.
        min: i64,
        /// The most.
        max: i64,
    },
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
