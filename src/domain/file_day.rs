//! Days as files hold them: with a time behind, as a spreadsheet's number, in the order that some program chose.
//!
//! Nobody is there to ask, so a day is never read in an order that is only usual: the whole column has to show it.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{codes::codes, date_input::parse_day, fold::fold, invalid::Invalid, sheet::DateSystem};

codes! {
    /// Which of two numbers is the day.
    pub enum DateOrder {
        /// 31/12/2026.
        DayFirst = "day-first",
        /// 12/31/2026.
        MonthFirst = "month-first",
    }
}

/// What a cell with a day is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// The day in the zone.
    pub today: NaiveDate,
    /// In which a time with an offset falls on a day.
    pub zone: Tz,
    /// What a bare number means.
    pub system: DateSystem,
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileDay {
    /// One day.
    Day(NaiveDate),
    /// One day, as a spreadsheet numbers it.
    Serial(NaiveDate),
    /// A day that depends on the order.
    Ordered {
        /// The day in each order, where a calendar has it.
        day_first: Option<NaiveDate>,
        /// The same.
        month_first: Option<NaiveDate>,
    },
    /// A year of two digits.
    ShortYear,
    /// A day that depends on when somebody reads it.
    Relative,
    /// No day.
    Not(Invalid),
}

/// Why a cell that should hold a day cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayFault {
    /// The year has two digits.
    ShortYear,
    /// It says today or yesterday, and a file has no day of its own.
    Relative,
}

impl FileDay {
    /// The order that the cell fits only, if any.
    pub fn proves(self) -> Option<DateOrder> {
        match self {
            Self::Ordered { day_first: Some(_), month_first: None } => Some(DateOrder::DayFirst),
            Self::Ordered { day_first: None, month_first: Some(_) } => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// Whether the order decides which day it is.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Ordered { day_first: Some(one), month_first: Some(other) } if one != other)
    }
}

/// Reads a cell.
pub fn read(cell: &str, calendar: Calendar) -> FileDay {
    let folded = fold(&plain_signs(cell));
    if let Some(day) = serial(&folded, calendar.system) {
        return day;
    }
    let (date, time) = match split_time(&folded) {
        Some((date, time)) => (date, Some(time)),
        None => (folded.as_str(), None),
    };
    let not = || match parse_day(cell, calendar.today) {
        Err(invalid) => FileDay::Not(invalid),
        Ok(_) => FileDay::Not(Invalid::DateNotReal),
    };
    let Some(time) = time.map_or(Some(Time::default()), parse_time) else { return not() };
    if matches!(date, "today" | "yesterday" | "vandaag" | "gisteren" | "heute" | "gestern") {
        return FileDay::Relative;
    }
    let Some(parts) = parts(date) else { return not() };
    let day = |year: u16, month: u16, day: u16| {
        let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
        time.day_in(date, calendar.zone)
    };
    let one = |date: Option<NaiveDate>| date.map_or(FileDay::Not(Invalid::DateNotReal), FileDay::Day);
    match parts[..] {
        [Part::Year(y), Part::Short(m) | Part::Month(m), Part::Short(d)]
        | [Part::Short(d), Part::Month(m), Part::Year(y)]
        | [Part::Month(m), Part::Short(d), Part::Year(y)] => one(day(y, m, d)),
        [Part::Short(a), Part::Short(b), Part::Year(y)] => match (day(y, b, a), day(y, a, b)) {
            (None, None) => FileDay::Not(Invalid::DateNotReal),
            (day_first, month_first) => FileDay::Ordered { day_first, month_first },
        },
        [Part::Short(_), Part::Short(_) | Part::Month(_), Part::Short(_)]
        | [Part::Month(_), Part::Short(_), Part::Short(_)] => FileDay::ShortYear,
        _ => not(),
    }
}

/// The cell with the hyphens, dashes and counters of other scripts as plain ones.
fn plain_signs(cell: &str) -> String {
    let plain = |c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '年' | '月' => '-',
        '日' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => ' ',
        c => c,
    };
    cell.chars().map(plain).collect()
}

/// The day with a number, from 2000 on. The part behind the point is the time.
fn serial(folded: &str, system: DateSystem) -> Option<FileDay> {
    let (whole, part) = folded.split_once(['.', ',']).unwrap_or((folded, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || whole.len() != 5 {
        return None;
    }
    let first = match system {
        DateSystem::From1900 => NaiveDate::from_ymd_opt(1899, 12, 30)?,
        DateSystem::From1904 => NaiveDate::from_ymd_opt(1904, 1, 1)?,
    };
    let day = first.checked_add_signed(TimeDelta::try_days(whole.parse().ok()?)?)?;
    Some(if day.year() < 2000 { FileDay::Not(Invalid::DateTooEarly) } else { FileDay::Serial(day) })
}

/// A time of day, with its distance from UTC where it says one.
#[derive(Debug, Clone, Copy, Default)]
struct Time {
    of_day: NaiveTime,
    offset: Option<FixedOffset>,
}

impl Time {
    /// The day in a zone on which the time falls.
    fn day_in(self, date: NaiveDate, zone: Tz) -> Option<NaiveDate> {
        let Some(offset) = self.offset else { return Some(date) };
        let local = NaiveDateTime::new(date, self.of_day).checked_sub_offset(offset)?;
        Some(DateTime::<Utc>::from_naive_utc_and_offset(local, Utc).with_timezone(&zone).date_naive())
    }
}

/// What stands before a time of day, and the time.
fn split_time(folded: &str) -> Option<(&str, &str)> {
    let colon = folded.find(':')?;
    let start = folded[..colon].trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let date = &folded[..start];
    // The T of ISO 8601, or a space, with a comma before it in some languages.
    let date = match date.strip_suffix('t') {
        Some(rest) if rest.ends_with(|c: char| c.is_ascii_digit()) => rest,
        _ => date.strip_suffix(' ')?.trim_end_matches([' ', ',']),
    };
    Some((date, &folded[start..]))
}

fn parse_time(text: &str) -> Option<Time> {
    let clock_end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(text.len());
    let (clock, rest) = text.split_at(clock_end);
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let numbers: Vec<u32> = clock
        .split(':')
        .map(|part| if matches!(part.len(), 1 | 2) { part.parse().ok() } else { None })
        .collect::<Option<_>>()?;
    let (mut hour, minute, second) = match numbers[..] {
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let mut rest = rest.trim_start();
    for (word, half) in [("a.m.", 0), ("p.m.", 12), ("a. m.", 0), ("p. m.", 12), ("am", 0), ("pm", 12)] {
        if let Some(after) = rest.strip_prefix(word) {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + half;
            rest = after.trim_start();
            break;
        }
    }
    // A leap second belongs to the minute before.
    let of_day = NaiveTime::from_hms_opt(hour, minute, if second == 60 { 59 } else { second })?;
    Some(Time { of_day, offset: offset(rest)? })
}

/// A distance from UTC; nothing where none is said.
#[expect(clippy::option_option, reason = "no offset and a wrong one are different things")]
fn offset(text: &str) -> Option<Option<FixedOffset>> {
    let text = text
        .strip_prefix("utc")
        .or_else(|| text.strip_prefix("gmt"))
        .map_or(text, |rest| if rest.is_empty() { "z" } else { rest });
    let (sign, rest) = match text.chars().next() {
        None => return Some(None),
        Some('z') if text.len() == 1 => return Some(FixedOffset::east_opt(0)),
        Some('+') => (1, &text[1..]),
        Some('-') => (-1, &text[1..]),
        Some(_) => return None,
    };
    let digits: String = rest.chars().filter(|&c| c != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) || rest.len() - digits.len() > 1 {
        return None;
    }
    let (hours, minutes): (i32, i32) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    let fits = hours <= 14 && minutes < 60;
    if fits { FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)).map(Some) } else { None }
}

/// A part of a date, told apart by its looks.
#[derive(Debug, Clone, Copy)]
enum Part {
    Year(u16),
    Short(u16),
    Month(u16),
}

/// The parts in the order of the cell, without weekday, endings of numbers and words such as *de*.
fn parts(folded: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = folded;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after = if digits > 0 {
            let number = rest[..digits].parse().ok()?;
            parts.push(match digits {
                1 | 2 => Part::Short(number),
                4 => Part::Year(number),
                _ => return None,
            });
            let after = &rest[digits..];
            let ending = ["st", "nd", "rd", "th", "er", "ste", "de", "e", "º", "o"];
            let letters: usize = after.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
            if ending.contains(&&after[..letters]) { &after[letters..] } else { after }
        } else {
            let letters: usize = rest.chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
            let (word, after) = rest.split_at(letters);
            match month_named(word) {
                Some(month) => parts.push(Part::Month(month)),
                None if parts.is_empty() && is_weekday(word) => {}
                None if matches!(word, "de" | "del" | "of" | "den" | "der" | "the" | "le" | "d")
                    && !word.is_empty() => {}
                None => return None,
            }
            after.strip_prefix('.').unwrap_or(after)
        };
        let after = after.trim_start();
        rest = after.strip_prefix(['-', '/', '.', ',', '\'']).unwrap_or(after).trim_start();
    }
    Some(parts)
}

/// The names of the months, folded: English, Dutch, German, French, Spanish, Italian, Portuguese, Swedish, Danish and
/// Norwegian, Polish.
const MONTHS: [&str; 12] = [
    "january januari januar janvier enero gennaio janeiro styczen stycznia",
    "february februari februar fevrier febrero febbraio fevereiro luty lutego",
    "march maart marz mrz mrt mars marzo marco marts marzec marca",
    "april avril abril aprile kwiecien kwietnia",
    "may mei mai mayo maggio maio maj maja",
    "june juni juin junio giugno junho czerwiec czerwca",
    "july juli juillet julio luglio julho lipiec lipca",
    "august augustus aout agosto augusti sierpien sierpnia",
    "september septembre septiembre setiembre settembre setembro wrzesien wrzesnia",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika",
    "november novembre noviembre novembro listopad listopada",
    "december dezember decembre diciembre dicembre dezembro grudzien grudnia",
];

/// The number of the month with this name, or with an abbreviation that can mean no other.
fn month_named(word: &str) -> Option<u16> {
    if word.chars().count() < 3 {
        return None;
    }
    let mut named = (1..).zip(MONTHS).filter(|(_, names)| names.split(' ').any(|name| name.starts_with(word)));
    let (month, _) = named.next()?;
    if named.next().is_none() { Some(month) } else { None }
}

/// Whether a word names a day of the week, or abbreviates it, in English, Dutch, German, French, Spanish or Italian.
fn is_weekday(word: &str) -> bool {
    const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday maandag dinsdag woensdag donderdag vrijdag \
                            zaterdag zondag montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi \
                            jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo lunedi martedi \
                            mercoledi giovedi venerdi sabato domenica";
    word.len() >= 2 && WEEKDAYS.split_whitespace().any(|day| day.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn calendar(zone: Tz) -> Calendar {
        Calendar { today: date("2026-11-22"), zone, system: DateSystem::From1900 }
    }

    fn amsterdam(cell: &str) -> FileDay {
        read(cell, calendar(chrono_tz::Europe::Amsterdam))
    }

    #[test]
    fn cells_that_say_one_day_say_it_whatever_the_column_says() {
        for cell in [
            "2023-02-14",
            "2023/2/14",
            "2023.02.14",
            "2023-02-14 09:30:00",
            "2023-02-14T09:30:00Z",
            "2023-02-14T09:30",
            "2023-02-14T00:00:00.0000000Z",
            "2023-02-14T23:59:59",
            "2023-02-14 22:59 Z",
            "2023-02-14T23:30:00+01:00",
            "2023-02-14T00:30:00+0100",
            "14 Feb 2023",
            "Feb 14, 2023",
            "Tuesday, February 14, 2023",
            "14 février 2023",
            "14. Februar 2023",
            "14 febbraio 2023",
            "14 de febrero de 2023",
            "14 de fevereiro de 2023",
            "dinsdag 14 februari 2023",
            "14th February 2023",
            "14-feb-2023",
            "14 lutego 2023",
            "2023年2月14日",
            "２０２３－０２－１４",
            "14\u{a0}feb.\u{a0}2023 9:30",
            "Feb 14, 2023, 9:30 AM",
            "2023‑02‑14",
            "2023–02–14",
        ] {
            assert_eq!(amsterdam(cell), FileDay::Day(date("2023-02-14")), "{cell}");
        }
        assert_eq!(amsterdam("1er mars 2024"), FileDay::Day(date("2024-03-01")));
        assert_eq!(amsterdam("44971"), FileDay::Serial(date("2023-02-14")));
        assert_eq!(amsterdam("44971,395833"), FileDay::Serial(date("2023-02-14")));
        let old = Calendar { system: DateSystem::From1904, ..calendar(chrono_tz::UTC) };
        assert_eq!(read("43509", old), FileDay::Serial(date("2023-02-14")));
    }

    #[test]
    fn a_time_with_an_offset_falls_on_a_day_of_the_zone() {
        for (cell, zone, day) in [
            ("2023-02-14T23:30:00Z", chrono_tz::Europe::Amsterdam, "2023-02-15"),
            ("2023-02-14T23:30:00", chrono_tz::Europe::Amsterdam, "2023-02-14"),
            ("2023-02-14T00:00:00Z", chrono_tz::America::Los_Angeles, "2023-02-13"),
            ("2023-02-14T11:00:00Z", chrono_tz::Pacific::Kiritimati, "2023-02-15"),
            ("2023-02-14 23:30 +01:00", chrono_tz::UTC, "2023-02-14"),
            ("2023-02-14T00:30:00+14", chrono_tz::UTC, "2023-02-13"),
            ("2/14/2023 11:30:00 PM +00:00", chrono_tz::Europe::Amsterdam, "2023-02-15"),
        ] {
            let said = match read(cell, calendar(zone)) {
                FileDay::Day(day) => Some(day),
                FileDay::Ordered { month_first, .. } => month_first,
                _ => None,
            };
            assert_eq!(said, Some(date(day)), "{cell} {zone}");
        }
    }

    #[test]
    fn an_order_is_proved_by_what_fits_only_one() {
        for (cell, proves, open) in [
            ("14/02/2023 09:30", Some(DateOrder::DayFirst), false),
            ("14-2-2023 0:00", Some(DateOrder::DayFirst), false),
            ("14.02.2023", Some(DateOrder::DayFirst), false),
            ("2/14/2023", Some(DateOrder::MonthFirst), false),
            ("2/28/2027 12:00:00 AM", Some(DateOrder::MonthFirst), false),
            ("2/28/2027 12:00:00 a.m.", Some(DateOrder::MonthFirst), false),
            ("1/2/2023", None, true),
            ("1.2.2023", None, true),
            ("2/2/2023", None, false),
            ("31/2/2023", None, false),
            ("2023-02-01", None, false),
            ("yes", None, false),
        ] {
            let day = amsterdam(cell);
            assert_eq!((day.proves(), day.is_open()), (proves, open), "{cell}: {day:?}");
        }
    }

    #[test]
    fn what_is_no_day_says_why() {
        use crate::domain::invalid::DatePart;
        for (cell, expected) in [
            ("14/2/23", FileDay::ShortYear),
            ("14-feb-23", FileDay::ShortYear),
            ("01-02-03", FileDay::ShortYear),
            ("today", FileDay::Relative),
            ("Gisteren", FileDay::Relative),
            ("27-3", FileDay::Not(Invalid::DatePart(DatePart::Year))),
            ("31-2-2023", FileDay::Not(Invalid::DateNotReal)),
            ("13/13/2023", FileDay::Not(Invalid::DateNotReal)),
            ("2023-02-30", FileDay::Not(Invalid::DateNotReal)),
            ("2023-02-14 25:00", FileDay::Not(Invalid::DateNotReal)),
            ("2023-02-14 13:00 PM", FileDay::Not(Invalid::DateNotReal)),
            ("2023-02-14T09:30:00+99", FileDay::Not(Invalid::DateNotReal)),
            ("14 jui 2023", FileDay::Not(Invalid::DateNotReal)),
            ("20230214", FileDay::Not(Invalid::DateNotReal)),
            ("30000", FileDay::Not(Invalid::DateTooEarly)),
            ("perhaps", FileDay::Not(Invalid::DateNotReal)),
            ("4.4971E+04", FileDay::Not(Invalid::DateNotReal)),
            ("-", FileDay::Not(Invalid::DateNotReal)),
            (":", FileDay::Not(Invalid::DateNotReal)),
        ] {
            assert_eq!(amsterdam(cell), expected, "{cell}");
        }
        for c in '\0'..='\u{1ffff}' {
            let _ = amsterdam(&format!("27{c}3{c}2026 {c}9:30{c}"));
        }
    }

    #[test]
    fn every_day_is_read_back_as_written() {
        for day in date("2000-01-01").iter_days().take_while(|&day| day < date("2032-01-01")) {
            for form in ["%Y-%m-%d", "%d %B %Y", "%b %d, %Y", "%A, %B %-d, %Y", "%Y-%m-%dT10:00:00"] {
                let cell = day.format(form).to_string();
                assert_eq!(amsterdam(&cell), FileDay::Day(day), "{cell}");
            }
            for (form, day_first) in [("%-d-%-m-%Y", true), ("%d.%m.%Y", true), ("%-m/%-d/%Y %-I:%M:%S %p", false)] {
                let cell = day.and_hms_opt(0, 0, 0).unwrap().format(form).to_string();
                let FileDay::Ordered { day_first: one, month_first: other } = amsterdam(&cell) else {
                    panic!("{cell}")
                };
                assert_eq!(if day_first { one } else { other }, Some(day), "{cell}");
            }
            let number = (day - date("1899-12-30")).num_days();
            assert_eq!(amsterdam(&number.to_string()), FileDay::Serial(day));
        }
    }
}
