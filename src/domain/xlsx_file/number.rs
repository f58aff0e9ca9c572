//! Numbers, and the days and times that some of them are.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::domain::sheet::DateSystem;

/// What a number is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// A number.
    Number,
    /// A whole number with zeros before it, so many digits in all.
    Digits(u8),
    /// A day, perhaps with a time.
    Day,
    /// A time of day.
    Time,
}

/// The last day that Excel knows, 31 December 9999, as it is counted from 1900.
const LAST_DAY: f64 = 2_958_465.0;

/// From here on a number holds more digits than a spreadsheet keeps.
const FIRST_ROUNDED: f64 = 1e15;

impl Format {
    /// One of those that workbooks do not write out.
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            14..=17 | 22 | 27..=31 | 36 | 50..=58 => Self::Day,
            18..=21 | 32..=35 | 45..=47 => Self::Time,
            _ => Self::Number,
        }
    }

    /// One that is written out, such as `dd/mm/yyyy`.
    pub(super) fn of_code(code: &str) -> Self {
        let mut is_literal = false;
        let mut letters = String::new();
        let mut signs = code.split(';').next().unwrap_or_default().chars();
        // The first section is that of positive numbers; a semicolon in quotes ends it early, which changes no letter of it.
        while let Some(sign) = signs.next() {
            match sign {
                '"' => is_literal = !is_literal,
                _ if is_literal => {}
                // Written as it is, skipped by its width, or repeated: the next sign says nothing.
                '\\' | '_' | '*' => {
                    signs.next();
                }
                '[' => {
                    let inside: String = signs.by_ref().take_while(|sign| *sign != ']').collect();
                    let inside = inside.to_ascii_lowercase();
                    // Hours, minutes or seconds that are not cut at a day; all else is a colour or a language.
                    if inside.chars().all(|sign| matches!(sign, 'h' | 'm' | 's')) {
                        letters.push_str(&inside);
                    }
                }
                sign => letters.push(sign.to_ascii_lowercase()),
            }
        }
        if letters == "general" {
            return Self::Number;
        }
        if !letters.is_empty() && letters.bytes().all(|byte| byte == b'0') {
            return u8::try_from(letters.len()).map_or(Self::Number, Self::Digits);
        }
        let has = |wanted: &[char]| letters.contains(wanted);
        let is_number = has(&['0', '#', '?']) && !has(&['y', 'd', 'h', 's']);
        if is_number || letters.contains('@') {
            Self::Number
        } else if has(&['y', 'd']) || letters.contains("mmm") || (has(&['m']) && !has(&['h', 's'])) {
            Self::Day
        } else if has(&['h', 's']) {
            Self::Time
        } else {
            Self::Number
        }
    }

    /// A number as text. What is no number stays as it is.
    pub(super) fn text(self, value: &str, date_system: DateSystem) -> String {
        let Some(number) = value.trim().parse::<f64>().ok().filter(|number| number.is_finite()) else {
            return value.to_owned();
        };
        match self {
            Self::Day | Self::Time => moment(number, date_system, self).unwrap_or_else(|| plain(number)),
            Self::Digits(width) if (0.0..FIRST_ROUNDED).contains(&number) && number.fract() == 0.0 => {
                format!("{number:0width$}", width = usize::from(width))
            }
            Self::Digits(_) | Self::Number => plain(number),
        }
    }
}

/// The digits as far as a spreadsheet keeps them: 15.
fn plain(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded.abs() >= FIRST_ROUNDED || (rounded != 0.0 && rounded.abs() < 1e-9) {
        // As a spreadsheet shows it, so that it is not taken for a number of which every digit is known.
        let text = format!("{rounded:E}");
        return match text.split_once('E') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}E+{exponent}"),
            _ => text,
        };
    }
    // Zero has no sign.
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A day, a time of day or both in ISO 8601; none for a number that is no day of the calendar.
fn moment(number: f64, date_system: DateSystem, format: Format) -> Option<String> {
    if !(0.0..LAST_DAY + 1.0).contains(&number) {
        return None;
    }
    // To the second: a day has 86,400 of them, and no more days than fit.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 2,958,466 days")]
    let seconds = (number * 86_400.0).round() as u64;
    let (days, second) = (seconds / 86_400, u32::try_from(seconds % 86_400).ok()?);
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second, 0)?;
    if format == Format::Time && days == 0 {
        return Some(time.to_string());
    }
    let day = match date_system {
        DateSystem::From1904 => NaiveDate::from_ymd_opt(1904, 1, 1)?.checked_add_days(Days::new(days))?,
        DateSystem::From1900 => match days {
            // Day 0 is none, and day 60 is a 29 February that was not.
            0 | 60 => return None,
            1..60 => NaiveDate::from_ymd_opt(1899, 12, 31)?.checked_add_days(Days::new(days))?,
            _ => NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?,
        },
    };
    Some(if second == 0 { day.to_string() } else { format!("{day} {time}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_tell_days_times_and_numbers_apart() {
        for (code, format) in [
            ("General", Format::Number),
            ("0", Format::Digits(1)),
            ("0000000000", Format::Digits(10)),
            ("0.00", Format::Number),
            ("#,##0.00 €", Format::Number),
            ("0.00E+00", Format::Number),
            ("[Red]0.0;[Blue]-0.0", Format::Number),
            ("\"dy\" 0", Format::Number),
            ("@", Format::Number),
            ("yyyy-mm-dd", Format::Day),
            ("yyyy\\-mm\\-dd", Format::Day),
            ("d/m/yy", Format::Day),
            ("DD-MM-YYYY", Format::Day),
            ("[$-413]d mmmm yyyy;@", Format::Day),
            ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", Format::Day),
            ("m/d/yyyy h:mm", Format::Day),
            ("mmm", Format::Day),
            ("h:mm", Format::Time),
            ("[h]:mm:ss", Format::Time),
            ("mm:ss.0", Format::Time),
            ("h:mm AM/PM", Format::Time),
            ("", Format::Number),
            ("[", Format::Number),
            ("\"", Format::Number),
            ("\\", Format::Number),
        ] {
            assert_eq!(Format::of_code(code), format, "{code}");
        }
    }

    #[test]
    fn days_are_counted_from_1900_or_1904() {
        let day = |value: &str, date_system| Format::Day.text(value, date_system);
        for (value, from_1900, from_1904) in [
            ("44971", "2023-02-14", "2027-02-15"),
            ("44971.5", "2023-02-14 12:00:00", "2027-02-15 12:00:00"),
            ("44971.39583333333", "2023-02-14 09:30:00", "2027-02-15 09:30:00"),
            ("44971.9999999", "2023-02-15", "2027-02-16"),
            ("1", "1900-01-01", "1904-01-02"),
            ("59", "1900-02-28", "1904-02-29"),
            ("61", "1900-03-01", "1904-03-02"),
            ("60", "60", "1904-03-01"),
            ("0", "0", "1904-01-01"),
            ("-1", "-1", "-1"),
            ("2958465", "9999-12-31", "10004-01-01"),
            ("2958466", "2958466", "2958466"),
            ("1e300", "1E+300", "1E+300"),
            ("NaN", "NaN", "NaN"),
            ("inf", "inf", "inf"),
            ("14-2-2023", "14-2-2023", "14-2-2023"),
        ] {
            let later = if from_1904.starts_with("10004") { "+10004-01-01" } else { from_1904 };
            assert_eq!(
                (day(value, DateSystem::From1900), day(value, DateSystem::From1904)),
                (from_1900.into(), later.into()),
                "{value}"
            );
        }
        assert_eq!(Format::Time.text("0.5", DateSystem::From1900), "12:00:00");
        assert_eq!(Format::Time.text("44971.25", DateSystem::From1900), "2023-02-14 06:00:00");
    }

    #[test]
    fn numbers_keep_the_digits_that_a_spreadsheet_keeps() {
        for (value, text) in [
            ("31612345678", "31612345678"),
            ("3.1612345678E10", "31612345678"),
            ("447900900123", "447900900123"),
            ("0.1", "0.1"),
            ("0.30000000000000004", "0.3"),
            ("25.000000000000004", "25"),
            ("-5", "-5"),
            ("-0", "0"),
            ("999999999999999", "999999999999999"),
            ("12345678901234567890", "1.23456789012346E+19"),
            ("1E-10", "1E-10"),
            ("TRUE", "TRUE"),
            ("", ""),
        ] {
            assert_eq!(Format::Number.text(value, DateSystem::From1900), text, "{value}");
        }
        assert_eq!(Format::Digits(10).text("612345678", DateSystem::From1900), "0612345678");
        assert_eq!(Format::Digits(2).text("-5", DateSystem::From1900), "-5");
        assert_eq!(Format::Digits(3).text("1.5", DateSystem::From1900), "1.5");
    }
}
