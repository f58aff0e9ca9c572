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

/// Full weeks whose confirmations tell the pace.
pub const PACE_WEEKS: i64 = 4;

/// A share in whole percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Some, but less than half a percent.
    AlmostNone,
    /// Rounded, half a percent up.
    Percent(i64),
    /// Not all, but more than 99.5 percent.
    AlmostAll,
}

impl Share {
    /// The share of a part; none of nothing.
    pub fn of(part: i64, whole: i64) -> Option<Self> {
        if whole <= 0 {
            return None;
        }
        let rounded = (part * 200 + whole) / (whole * 2);
        Some(match rounded {
            0 if part > 0 => Self::AlmostNone,
            100 if part < whole => Self::AlmostAll,
            percent => Self::Percent(percent),
        })
    }
}

/// What happened in a week to what is left to confirm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Customers added in it.
    pub added: i64,
    /// Customers whose effective confirmation, one that is enough, was recorded in it.
    pub confirmed: i64,
}

/// How many customers were left to confirm before the first of some weeks and at the end of each, given how many are
/// left now, in the last of them. The rules of today apply to every week.
pub fn left_by_week(now: i64, weeks: &[Progress]) -> Vec<i64> {
    let mut left = now;
    let mut backwards = vec![now];
    for week in weeks.iter().rev() {
        left += week.confirmed - week.added;
        backwards.push(left);
    }
    backwards.reverse();
    backwards
}

/// What it takes to have nobody left by a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Days until then.
    pub days: i64,
    /// Whole weeks until then.
    pub weeks: i64,
    /// Confirmations needed a week, rounded up; all of them where no whole week is left.
    pub needed: i64,
}

impl Pace {
    /// The pace for a day that lies ahead.
    pub fn needed(left: i64, today: NaiveDate, deadline: NaiveDate) -> Self {
        let days = (deadline - today).num_days();
        let weeks = days / 7;
        Self { days, weeks, needed: if weeks < 1 { left } else { (left + weeks - 1) / weeks } }
    }
}

/// The day on which nobody is left, when as many are recorded a week as in the last [`PACE_WEEKS`]; none when none
/// were, or when the day is out of reach of the calendar.
pub fn done_on(left: i64, recorded: i64, today: NaiveDate) -> Option<NaiveDate> {
    if left <= 0 {
        return Some(today);
    }
    let days = (recorded > 0).then(|| (left * PACE_WEEKS * 7 + recorded - 1) / recorded)?;
    today.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

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
    fn a_share_is_rounded_and_never_says_none_or_all_of_some() {
        for (part, whole, share) in [
            (0, 0, None),
            (0, 7, Some(Share::Percent(0))),
            (78, 249, Some(Share::Percent(31))),
            (1, 200, Some(Share::Percent(1))),
            (1, 201, Some(Share::AlmostNone)),
            (1, 8, Some(Share::Percent(13))),
            (7, 7, Some(Share::Percent(100))),
            (199, 200, Some(Share::AlmostAll)),
            (198, 200, Some(Share::Percent(99))),
        ] {
            assert_eq!(Share::of(part, whole), share, "{part} of {whole}");
        }
    }

    #[test]
    fn what_was_left_follows_backwards_from_what_is_left_now() {
        let week = |added, confirmed| Progress { added, confirmed };
        assert_eq!(left_by_week(5, &[]), [5]);
        assert_eq!(left_by_week(5, &[week(2, 9), week(0, 4), week(1, 1)]), [16, 9, 5, 5]);
    }

    #[test]
    fn the_pace_is_rounded_up_over_the_whole_weeks_that_are_left() {
        let today = day("2026-12-01");
        for (left, deadline, weeks, needed) in [
            (78, "2027-01-29", 8, 10),
            (80, "2027-01-29", 8, 10),
            (81, "2027-01-29", 8, 11),
            (0, "2027-01-29", 8, 0),
            (5, "2026-12-08", 1, 5),
            (5, "2026-12-07", 0, 5),
            (5, "2026-12-02", 0, 5),
        ] {
            let pace = Pace::needed(left, today, day(deadline));
            assert_eq!((pace.weeks, pace.needed), (weeks, needed), "{left} by {deadline}");
        }
    }

    #[test]
    fn the_last_day_follows_from_the_pace_of_the_last_weeks() {
        let today = day("2026-12-01");
        for (left, recorded, done) in [
            (78, 54, Some("2027-01-11")),
            (0, 0, Some("2026-12-01")),
            (3, 0, None),
            (1, 28, Some("2026-12-02")),
            (i64::from(i32::MAX), 1, None),
        ] {
            assert_eq!(done_on(left, recorded, today), done.map(day), "{left} at {recorded}");
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
