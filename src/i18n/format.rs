//! Dates, times and numbers as people of each language write them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Language;

const ENGLISH_SHORT: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"];
const ENGLISH_LONG: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DUTCH_SHORT: [&str; 12] = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
const DUTCH_LONG: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

fn date(date: NaiveDate, months: &[&str; 12]) -> String {
    format!("{} {} {}", date.day(), months[date.month0() as usize], date.year())
}

/// A day for tables: 22 Nov 2026, 22 nov 2026.
pub fn date_short(day: NaiveDate, language: Language) -> String {
    date(
        day,
        match language {
            Language::English => &ENGLISH_SHORT,
            Language::Dutch => &DUTCH_SHORT,
        },
    )
}

/// A day for text: 22 November 2026, 22 november 2026.
pub fn date_long(day: NaiveDate, language: Language) -> String {
    date(
        day,
        match language {
            Language::English => &ENGLISH_LONG,
            Language::Dutch => &DUTCH_LONG,
        },
    )
}

/// A time of day with its zone: 10:05 CET.
pub fn time_of_day(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%H:%M %Z").to_string()
}

/// A time with its zone: 22 November 2026 10:05 CET.
pub fn time(at: DateTime<Utc>, zone: Tz, language: Language) -> String {
    format!("{} {}", date_long(at.with_timezone(&zone).date_naive(), language), time_of_day(at, zone))
}

/// A whole number with its thousands apart: 1,234 and 1.234.
pub fn number<N: TryInto<i64, Error: std::fmt::Debug>>(number: N, language: Language) -> String {
    let number: i64 = number.try_into().expect("what is counted fits");
    let separator = match language {
        Language::English => ',',
        Language::Dutch => '.',
    };
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_always_a_word() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 12).unwrap();
        assert_eq!(date_short(day, Language::English), "12 Mar 2026");
        assert_eq!(date_short(day, Language::Dutch), "12 mrt 2026");
        assert_eq!(date_long(day, Language::English), "12 March 2026");
        assert_eq!(date_long(day, Language::Dutch), "12 maart 2026");
    }

    #[test]
    fn a_time_names_its_zone() {
        let at = "2026-11-22T09:05:00Z".parse().unwrap();
        assert_eq!(time(at, chrono_tz::Europe::Amsterdam, Language::English), "22 November 2026 10:05 CET");
    }

    #[test]
    fn thousands_stand_apart_as_each_language_writes_them() {
        for (value, english, dutch) in
            [(0, "0", "0"), (999, "999", "999"), (1284, "1,284", "1.284"), (-1_000_000, "-1,000,000", "-1.000.000")]
        {
            assert_eq!(number(value, Language::English), english);
            assert_eq!(number(value, Language::Dutch), dutch);
        }
    }
}
