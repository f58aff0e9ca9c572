//! Dates as people type and paste them.

use super::{
    fold::fold,
    invalid::{DatePart, Invalid},
    text,
};
use chrono::{Datelike, Days, NaiveDate};

/// Reads a date of acceptance; `today` is the date in the partner account's time zone.
///
/// Understands ISO dates, `27-3-2026`, `27/3/2026`, `27.3.2026`, `27 mrt 2026`, `27 March 2026`,
/// and today and yesterday, in English and Dutch and any case. The day comes before the month,
/// always; a year of two digits is one of this century.
///
/// # Errors
///
/// [`Invalid::Missing`] when empty, [`Invalid::DatePart`] when a part is missing,
/// [`Invalid::DateNotReal`] for what is no date, [`Invalid::DateTooEarly`] before
/// 1 January 2000 and [`Invalid::DateInFuture`] after `today`.
pub fn parse_date(typed: &str, today: NaiveDate) -> Result<NaiveDate, Invalid> {
    match parse_day(typed, today)? {
        date if date > today => Err(Invalid::DateInFuture { today }),
        date => Ok(date),
    }
}

/// Reads a date as [`parse_date`] does, also one after `today`.
///
/// # Errors
///
/// Those of [`parse_date`] but [`Invalid::DateInFuture`].
pub fn parse_day(typed: &str, today: NaiveDate) -> Result<NaiveDate, Invalid> {
    text::refuse_lost(typed)?;
    let date = match fold(text::trimmed(typed)).as_str() {
        "" => return Err(Invalid::Missing),
        "today" | "vandaag" => Some(today),
        "yesterday" | "gisteren" => today.checked_sub_days(Days::new(1)),
        folded => {
            let (year, month, day) = year_month_day(&parts(folded)?)?;
            NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
        }
    };
    match date {
        None => Err(Invalid::DateNotReal),
        Some(date) if date.year() < 2000 => Err(Invalid::DateTooEarly),
        Some(date) => Ok(date),
    }
}

/// A part of a typed date, told apart by its looks.
enum Part {
    /// Four digits.
    Year(u16),
    /// One or two digits: a day, a month, or a year of this century.
    Short(u16),
    /// The name of a month.
    Month(u16),
}

/// The parts in the order typed, with at most one sign between them.
fn parts(folded: &str) -> Result<Vec<Part>, Invalid> {
    let mut parts = Vec::new();
    let mut rest = folded;
    while !rest.is_empty() {
        let (digits, after) = split_run(rest, |c| c.is_ascii_digit());
        let (part, after) = if digits.is_empty() {
            let (letters, after) = split_run(rest, char::is_alphabetic);
            let month = month_named(letters).ok_or(Invalid::DateNotReal)?;
            (Part::Month(month), after.strip_prefix('.').unwrap_or(after))
        } else {
            let number = digits.parse().map_err(|_| Invalid::DateNotReal)?;
            let part = match digits.len() {
                1 | 2 => Part::Short(number),
                4 => Part::Year(number),
                _ => return Err(Invalid::DateNotReal),
            };
            (part, after)
        };
        parts.push(part);
        let after = after.trim_start();
        rest = after.strip_prefix(['-', '/', '.', ',', '\'']).unwrap_or(after).trim_start();
    }
    Ok(parts)
}

/// The leading characters of one kind, and what follows them.
fn split_run(text: &str, kind: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !kind(c)).unwrap_or(text.len()))
}

/// The number of the month with this name or abbreviation, English or Dutch, folded.
fn month_named(word: &str) -> Option<u16> {
    const MONTHS: [[&str; 2]; 12] = [
        ["january", "januari"],
        ["february", "februari"],
        ["march", "maart"],
        ["april", "april"],
        ["may", "mei"],
        ["june", "juni"],
        ["july", "juli"],
        ["august", "augustus"],
        ["september", "september"],
        ["october", "oktober"],
        ["november", "november"],
        ["december", "december"],
    ];
    let word = if word == "mrt" { "maart" } else { word };
    let is_meant = |name: &&str| word.len() >= 3 && name.starts_with(word);
    (1..).zip(MONTHS).find_map(|(number, names)| names.iter().any(is_meant).then_some(number))
}

/// Which part is which, or which one is missing.
fn year_month_day(parts: &[Part]) -> Result<(u16, u16, u16), Invalid> {
    use Part::{Month, Short, Year};
    let missing = |part| Err(Invalid::DatePart(part));
    match *parts {
        [Year(year), Short(month) | Month(month), Short(day)]
        | [Short(day), Short(month) | Month(month), Year(year)]
        | [Month(month), Short(day), Year(year)] => Ok((year, month, day)),
        [Short(day), Short(month) | Month(month), Short(year)] | [Month(month), Short(day), Short(year)] => {
            Ok((2000 + year, month, day))
        }
        [Short(_), Short(_) | Month(_)] | [Month(_), Short(_)] => missing(DatePart::Year),
        [Year(_), Short(13..)] | [Short(13..), Year(_)] | [Short(_)] => missing(DatePart::Month),
        [Year(_), Short(_) | Month(_)] | [Short(_) | Month(_), Year(_)] | [Year(_) | Month(_)] => {
            missing(DatePart::Day)
        }
        _ => Err(Invalid::DateNotReal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn read(typed: &str) -> Result<NaiveDate, Invalid> {
        parse_date(typed, date(2026, 11, 22))
    }

    #[test]
    fn every_usual_way_to_write_a_date_is_understood() {
        for typed in [
            "2026-03-27",
            "2026-3-27",
            "2026/03/27",
            "27-3-2026",
            "27-03-2026",
            "27/3/2026",
            "27.3.2026",
            "27. 3. 2026",
            "27 - 3 - 2026",
            "27 3 2026",
            "27-3-26",
            "27 mrt 2026",
            "27 mrt. 2026",
            "27 maart 2026",
            "27 Mar 2026",
            "27 March 2026",
            "27 Mar. 2026",
            "27 MARCH 2026",
            "27-mrt-2026",
            "27-Mar-26",
            "27mrt2026",
            "27 mrt. '26",
            "March 27, 2026",
            "2026 maart 27",
            "  27\u{a0}maart   2026 ",
            "２７－３－２０２６",
        ] {
            assert_eq!(read(typed), Ok(date(2026, 3, 27)), "{typed:?}");
        }
    }

    #[test]
    fn the_day_comes_before_the_month() {
        assert_eq!(read("03/04/2026"), Ok(date(2026, 4, 3)));
        assert_eq!(read("01-02-03"), Ok(date(2003, 2, 1)));
        assert_eq!(read("3/27/2026"), Err(Invalid::DateNotReal));
    }

    #[test]
    fn months_are_known_by_name_and_abbreviation_in_both_languages() {
        for (month, names) in [
            (1, "jan januari january"),
            (2, "feb febr februari february"),
            (3, "mrt maart mar march Mrt."),
            (4, "apr april"),
            (5, "mei may"),
            (6, "jun juni june"),
            (7, "jul juli july"),
            (8, "aug augustus august"),
            (9, "sep sept september Sept."),
            (10, "okt oktober oct october"),
            (11, "nov november"),
            (12, "dec december"),
        ] {
            for name in names.split(' ') {
                assert_eq!(read(&format!("9 {name} 2025")), Ok(date(2025, month, 9)), "{name}");
            }
        }
    }

    #[test]
    fn today_and_yesterday_are_words_in_both_languages() {
        for typed in ["today", "Today", " VANDAAG "] {
            assert_eq!(read(typed), Ok(date(2026, 11, 22)), "{typed}");
        }
        for typed in ["yesterday", "Gisteren"] {
            assert_eq!(read(typed), Ok(date(2026, 11, 21)), "{typed}");
        }
        assert_eq!(parse_date("yesterday", NaiveDate::MIN), Err(Invalid::DateNotReal));
    }

    #[test]
    fn a_missing_part_is_named() {
        for (typed, part) in [
            ("27-3", DatePart::Year),
            ("27-3-", DatePart::Year),
            ("27 maart", DatePart::Year),
            ("March 27", DatePart::Year),
            ("maart 2026", DatePart::Day),
            ("2026 maart", DatePart::Day),
            ("2026-03", DatePart::Day),
            ("3-2026", DatePart::Day),
            ("2026", DatePart::Day),
            ("maart", DatePart::Day),
            ("27 2026", DatePart::Month),
            ("2026 27", DatePart::Month),
            ("27", DatePart::Month),
        ] {
            assert_eq!(read(typed), Err(Invalid::DatePart(part)), "{typed}");
        }
        assert_eq!(read(" \t"), Err(Invalid::Missing));
    }

    #[test]
    fn a_date_that_no_calendar_has_is_refused() {
        for typed in [
            "31-2-2026",
            "31 feb 2026",
            "29-2-2025",
            "0-1-2026",
            "1-0-2026",
            "1-13-2026",
            "27-3-226",
            "27-3-20260",
            "20260327",
            "27//3//2026",
            "-27-3-2026",
            "27-3-2026-1",
            "27 ma 2026",
            "27 marchy 2026",
            "tomorrow",
            "soon",
            "-",
            "27-3-2026 10:00",
            "mrt mrt mrt",
        ] {
            assert_eq!(read(typed), Err(Invalid::DateNotReal), "{typed}");
        }
        assert_eq!(read("29-2-2024"), Ok(date(2024, 2, 29)));
    }

    #[test]
    fn a_date_before_2000_is_refused() {
        for typed in ["31-12-1999", "1999-12-31", "1-1-0000"] {
            assert_eq!(read(typed), Err(Invalid::DateTooEarly), "{typed}");
        }
        assert_eq!(read("1-1-2000"), Ok(date(2000, 1, 1)));
        assert_eq!(read("1-1-00"), Ok(date(2000, 1, 1)));
    }

    #[test]
    fn a_future_date_is_refused() {
        let today = date(2026, 11, 22);
        for typed in ["23-11-2026", "2027-01-01", "1-1-99", "31-12-9999"] {
            assert_eq!(read(typed), Err(Invalid::DateInFuture { today }), "{typed}");
        }
        assert_eq!(read("22-11-2026"), Ok(today));
    }

    #[test]
    fn every_real_date_is_read_back_as_written() {
        let today = date(2026, 11, 22);
        for day in date(2000, 1, 1).iter_days().take_while(|&day| day <= today) {
            for form in ["%Y-%m-%d", "%d-%m-%Y", "%-d/%-m/%y", "%d %B %Y", "%b %d, %Y"] {
                let typed = day.format(form).to_string();
                assert_eq!(parse_date(&typed, today), Ok(day), "{typed}");
            }
        }
    }

    #[test]
    fn no_text_makes_reading_panic() {
        let digits = "9".repeat(5000);
        for hostile in [
            digits.as_str(),
            "٢٧-٣-٢٠٢٦",
            "२७ ३ २०२६",
            "📅",
            "27-📅-2026",
            "é",
            "27 m\u{301}rt 2026",
            "\0",
            "27\u{202e}-3-2026",
            "99-99-9999",
            "''''",
            "....",
            "--",
            "1-1-1-1-1-1-1",
        ] {
            assert!(read(hostile).is_err() || hostile.contains('\u{301}'), "{hostile:?}");
        }
        for c in '\0'..='\u{1ffff}' {
            let _ = read(&format!("27{c}3{c}2026"));
        }
    }
}
