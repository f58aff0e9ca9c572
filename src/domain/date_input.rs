//! Dates as people type and paste them.

use super::{
    fold::fold,
    invalid::{DatePart, Invalid},
    text,
};
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Reads a date of acceptance; `today` is the date in the partner account's time zone.
///
/// Understands ISO dates, `27-3-2026`, `27/3/2026`, `27.3.2026`, `27 mrt 2026`, `27 March 2026`, `27th of March 2026`,
/// `vrijdag 27 maart 2026`, and today and yesterday, in English and Dutch and any case. The day comes before the month,
/// always; a year of two digits is one of this century.
///
/// # Errors
///
/// [`Invalid::Missing`] when empty, [`Invalid::DatePart`] when a part is missing,
/// [`Invalid::DateNotReal`] for what is no date, [`Invalid::MonthFirst`] for a day that only another order makes one,
/// [`Invalid::WrongWeekday`] for a weekday that is not that of the date, [`Invalid::DateTooEarly`] before
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
    let folded = fold(text::trimmed(typed));
    let date = match (folded.as_str(), named_day(&folded, today)) {
        ("", _) => return Err(Invalid::Missing),
        (_, Some(day)) => day,
        (folded, None) => Typed::of(folded)?.date()?,
    };
    if date.year() < 2000 { Err(Invalid::DateTooEarly) } else { Ok(date) }
}

/// A day that means another one when it is read on another day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelativeDay {
    /// Today or yesterday.
    Day(NaiveDate),
    /// The latest day with the day and the name of a month that were typed without a year.
    WithoutYear(NaiveDate),
}

/// What a relative day meant on the day on which it was typed; `None` for whatever is not one.
pub fn relative_day(typed: &str, typed_on: NaiveDate) -> Option<RelativeDay> {
    use Part::{Month, Short};

    let folded = fold(text::trimmed(typed));
    if let Some(day) = named_day(&folded, typed_on) {
        return Some(RelativeDay::Day(day));
    }
    let Typed { weekday, parts } = Typed::of(&folded).ok()?;
    // Two numbers alone may be anything.
    let ([Short(day), Month(month)] | [Month(month), Short(day)]) = *parts else { return None };
    // A leap day is at most eight years away.
    let years = (typed_on.year() - 8..=typed_on.year()).rev();
    let mut days = years.filter_map(|year| NaiveDate::from_ymd_opt(year, month.into(), day.into()));
    days.find(|day| *day <= typed_on)
        .filter(|day| weekday.is_none_or(|weekday| weekday == day.weekday()))
        .map(RelativeDay::WithoutYear)
}

/// The day that a folded word means.
fn named_day(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word {
        "today" | "vandaag" => Some(today),
        "yesterday" | "gisteren" => today.checked_sub_days(Days::new(1)),
        _ => None,
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

/// What a typed date consists of.
struct Typed {
    weekday: Option<Weekday>,
    /// The parts in the order typed.
    parts: Vec<Part>,
}

impl Typed {
    /// Takes folded text apart, with at most one sign between its parts.
    fn of(folded: &str) -> Result<Self, Invalid> {
        let (mut weekday, mut parts) = (None, Vec::new());
        let mut rest = folded;
        while !rest.is_empty() {
            let (digits, after) = split_run(rest, |c| c.is_ascii_digit());
            let after = if digits.is_empty() {
                let (letters, after) = split_run(rest, char::is_alphabetic);
                match (weekday_named(letters), month_named(letters)) {
                    // `ma`, `di`: only where a weekday stands.
                    (Some(day), _) if weekday.is_none() && parts.is_empty() => weekday = Some(day),
                    (_, Some(month)) => parts.push(Part::Month(month)),
                    // `27th of March`
                    _ if letters == "of" && matches!(*parts, [Part::Short(_)]) => {}
                    _ => return Err(Invalid::DateNotReal),
                }
                after.strip_prefix('.').unwrap_or(after)
            } else {
                let number = digits.parse().map_err(|_| Invalid::DateNotReal)?;
                parts.push(match digits.len() {
                    1 | 2 => Part::Short(number),
                    4 => Part::Year(number),
                    _ => return Err(Invalid::DateNotReal),
                });
                after_ordinal(after, digits.len())
            };
            let after = after.trim_start();
            rest = after.strip_prefix(['/', '.', ',', '\'']).or_else(|| after.strip_prefix(is_dash)).unwrap_or(after);
            rest = rest.trim_start();
        }
        Ok(Self { weekday, parts })
    }

    /// The date that is meant.
    fn date(&self) -> Result<NaiveDate, Invalid> {
        let (year, month, day) = year_month_day(&self.parts)?;
        let date = |month: u16, day: u16| NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
        let Some(read) = date(month, day) else {
            // `11/20/2026`: with the day first there is no such date.
            let is_day_first = matches!(*self.parts, [Part::Short(_), Part::Short(_), _]);
            let swapped = date(day, month).filter(|_| is_day_first);
            return Err(swapped.map_or(Invalid::DateNotReal, |date| Invalid::MonthFirst { date }));
        };
        if self.weekday.is_some_and(|weekday| weekday != read.weekday()) {
            return Err(Invalid::WrongWeekday { date: read });
        }
        Ok(read)
    }
}

/// What follows a number of `digits`, without the ending that makes a short one an ordinal: `20th`, `1e`, `1ste`.
fn after_ordinal(after: &str, digits: usize) -> &str {
    let (letters, rest) = split_run(after, char::is_alphabetic);
    let is_ending = matches!(letters, "st" | "nd" | "rd" | "th" | "e" | "de" | "ste");
    // `1e3` is a number.
    let ends = is_ending && !rest.starts_with(|c: char| c.is_ascii_digit());
    if digits <= 2 && ends { rest } else { after }
}

/// Whether the character is one of the lines that programs put where a hyphen was typed.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// The weekday with this name or abbreviation, English or Dutch, folded.
fn weekday_named(word: &str) -> Option<Weekday> {
    const DAYS: [(Weekday, &str); 7] = [
        (Weekday::Mon, "monday mon maandag maa ma"),
        (Weekday::Tue, "tuesday tues tue dinsdag din di"),
        (Weekday::Wed, "wednesday wed woensdag woe wo"),
        (Weekday::Thu, "thursday thurs thur thu donderdag don do"),
        (Weekday::Fri, "friday fri vrijdag vrij vri vr"),
        (Weekday::Sat, "saturday sat zaterdag zat za"),
        (Weekday::Sun, "sunday sun zondag zon zo"),
    ];
    DAYS.iter().find_map(|(day, names)| names.split(' ').any(|name| name == word).then_some(*day))
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
        for typed in ["3/27/2026", "03-27-2026", "3.27.26", "3–27–2026", "Friday 3/27/2026"] {
            assert_eq!(read(typed), Err(Invalid::MonthFirst { date: date(2026, 3, 27) }), "{typed}");
        }
        for typed in ["13/13/2026", "32/1/2026", "2/30/2026", "0/20/2026", "2026-27-03"] {
            assert_eq!(read(typed), Err(Invalid::DateNotReal), "{typed}");
        }
    }

    #[test]
    fn a_date_is_read_as_mail_programs_and_word_processors_show_it() {
        for typed in [
            "vrijdag 20 november 2026",
            "Vrijdag, 20 november 2026",
            "vr 20 nov. 2026",
            "vr. 20-11-2026",
            "Friday, November 20, 2026",
            "Fri, 20 Nov 2026",
            "Fri. Nov 20, 2026",
            "FRIDAY 20 NOVEMBER 2026",
            "Friday, 20th of November, 2026",
            "20th November 2026",
            "20th of November 2026",
            "November 20th, 2026",
            "20e november 2026",
            "20ste nov 2026",
            "20–11–2026",
            "20—11—2026",
            "20‑11‑2026",
            "20‐11‐2026",
            "20−11−2026",
            "20 – 11 – 2026",
            "20, november, 2026",
            "2026–11–20",
            "vrijdag\u{a0}20\u{202f}november\u{a0}2026",
        ] {
            assert_eq!(read(typed), Ok(date(2026, 11, 20)), "{typed:?}");
        }
        for (typed, day) in [
            ("1st March 2026", date(2026, 3, 1)),
            ("2nd March 2026", date(2026, 3, 2)),
            ("3rd March 2026", date(2026, 3, 3)),
            ("1e maart 2026", date(2026, 3, 1)),
            ("1ste maart 2026", date(2026, 3, 1)),
            ("zo 1 mrt 2026", date(2026, 3, 1)),
            ("ma 2 mrt 2026", date(2026, 3, 2)),
            ("di 3 mrt 2026", date(2026, 3, 3)),
            ("wo 4 mrt 2026", date(2026, 3, 4)),
            ("do 5 mrt 2026", date(2026, 3, 5)),
            ("za 7 mrt 2026", date(2026, 3, 7)),
        ] {
            assert_eq!(read(typed), Ok(day), "{typed:?}");
        }
    }

    #[test]
    fn a_weekday_that_is_not_that_of_the_date_is_refused() {
        for typed in ["donderdag 20 november 2026", "Thursday, November 20, 2026", "ma 20-11-2026"] {
            assert_eq!(read(typed), Err(Invalid::WrongWeekday { date: date(2026, 11, 20) }), "{typed}");
        }
        for typed in ["20 vrijdag november 2026", "vrijdag", "vrijdag vrijdag 20 november 2026", "fr 20 nov 2026"] {
            assert!(read(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_relative_day_is_that_of_the_day_on_which_it_was_typed() {
        use RelativeDay::{Day, WithoutYear};
        let friday = date(2026, 12, 4);
        for (typed, day) in [
            ("today", Some(Day(friday))),
            (" VANDAAG ", Some(Day(friday))),
            ("Yesterday", Some(Day(date(2026, 12, 3)))),
            ("gisteren", Some(Day(date(2026, 12, 3)))),
            ("20 nov", Some(WithoutYear(date(2026, 11, 20)))),
            ("20th November", Some(WithoutYear(date(2026, 11, 20)))),
            ("November 20", Some(WithoutYear(date(2026, 11, 20)))),
            ("20–11", None),
            ("1/2", None),
            ("vrijdag 20 november", Some(WithoutYear(date(2026, 11, 20)))),
            ("4 dec", Some(WithoutYear(friday))),
            ("5 dec", Some(WithoutYear(date(2025, 12, 5)))),
            ("29 feb", Some(WithoutYear(date(2024, 2, 29)))),
            ("donderdag 20 november", None),
            ("31-2", None),
            ("20 nov 2026", None),
            ("20-11-26", None),
            ("november 2026", None),
            ("tomorrow", None),
            ("", None),
            ("20", None),
        ] {
            assert_eq!(relative_day(typed, friday), day, "{typed:?}");
        }
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
            "27-3-226",
            "27-3-20260",
            "20260327",
            "27//3//2026",
            "1e3",
            "1e3-2026",
            "20th3-2026",
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
