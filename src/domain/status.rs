//! What the page of the confirmation status counts by.

use chrono::{Datelike as _, Days, NaiveDate};

use super::codes::codes;

/// The Monday on or before a day, with which its week begins, as ISO 8601 has it.
pub fn week_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(day.weekday().num_days_from_monday().into())
}

codes! {
    /// How far back confirmations are counted, in weeks. The last one is not over.
    pub enum Period {
        /// Four weeks.
        FourWeeks = "4w",
        /// A quarter of a year.
        Quarter = "13w",
        /// Half a year.
        HalfYear = "26w",
        /// A year.
        Year = "52w",
    }
}

impl Period {
    /// How many weeks.
    pub const fn weeks(self) -> u32 {
        match self {
            Self::FourWeeks => 4,
            Self::Quarter => 13,
            Self::HalfYear => 26,
            Self::Year => 52,
        }
    }

    /// The Mondays of its weeks up to that of `today`, oldest first.
    pub fn mondays(self, today: NaiveDate) -> Vec<NaiveDate> {
        let last = week_of(today);
        let back = |weeks: u32| last.checked_sub_days(Days::new(u64::from(weeks) * 7));
        (0..self.weeks()).rev().filter_map(back).collect()
    }
}

/// Days ahead within which a renewal is near.
pub const RENEWAL_WINDOWS: [i64; 3] = [30, 60, 90];

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_begins_on_monday() {
        for (of, monday) in [
            ("2026-11-23", "2026-11-23"),
            ("2026-11-27", "2026-11-23"),
            ("2026-11-29", "2026-11-23"),
            ("2027-01-01", "2026-12-28"),
        ] {
            assert_eq!(week_of(day(of)), day(monday), "{of}");
        }
    }

    #[test]
    fn every_period_ends_with_this_week_and_has_as_many_weeks_as_it_says() {
        for period in Period::ALL {
            let mondays = period.mondays(day("2026-11-29"));
            assert_eq!(mondays.last(), Some(&day("2026-11-23")));
            assert_eq!(period.code(), format!("{}w", mondays.len()));
        }
    }
}
