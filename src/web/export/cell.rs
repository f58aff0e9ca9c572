//! The cells of a row.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SubsecRound as _, Utc};
use chrono_tz::Tz;

/// What stands in one place of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text as it is; no spreadsheet takes it for a formula.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A whole number.
    Number(i64),
    /// A time, UTC; written in the zone of the file, which [`zoned`](super::zoned) names in the header.
    Time(DateTime<Utc>),
}

impl Cell {
    /// Text, if there is any.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A day, if it is known.
    pub fn date(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }

    /// A time, if it is known.
    pub fn time(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::Empty, Self::Time)
    }
}

/// A time as the clocks of a zone show it, to the second.
pub(super) fn local(at: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local().trunc_subsecs(0)
}
