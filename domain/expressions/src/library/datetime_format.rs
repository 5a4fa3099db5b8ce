//! Moments for people, by Luxon's tokens (its manual, "Table of tokens").

use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use weft_value::DateTime;

use super::datetime_fields::is_fixed;
use super::datetime_intl::{self, Fields, Width};
use super::datetime_localized::of_token;
use super::locale::{self, Locale};

pub(super) const MONTHS: [&str; 12] = [
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
pub(super) const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Splits a pattern into runs of one letter and quoted or other text (true).
pub(super) fn tokens(pattern: &str) -> Vec<(bool, String)> {
    let mut out: Vec<(bool, String)> = Vec::new();
    let mut quoted = false;
    for c in pattern.chars() {
        if c == '\'' {
            quoted = !quoted;
            continue;
        }
        let literal = quoted || !c.is_ascii_alphabetic();
        match out.last_mut() {
            Some((is_literal, text)) if *is_literal == literal && (literal || text.starts_with(c)) => text.push(c),
            _ => out.push((literal, c.to_string())),
        }
    }
    out
}

/// `moment` by `pattern`, in the language of the moment.
pub(super) fn format(moment: &DateTime, pattern: &str) -> String {
    format_in(moment, &locale::of(moment), pattern)
}

/// `moment` by `pattern`, in the language of `locale`.
pub(super) fn format_in(moment: &DateTime, locale: &Locale, pattern: &str) -> String {
    let mut out = String::new();
    for (literal, token) in tokens(pattern) {
        if literal {
            out.push_str(&token);
        } else {
            self::token(moment, locale, &token, &mut out);
        }
    }
    out
}

fn pad(number: i64, width: usize) -> String {
    if number < 0 { format!("-{:0width$}", -number) } else { format!("{number:0width$}") }
}

pub(super) fn offset(zoned: &Zoned, separator: &str, short: bool) -> String {
    let seconds = zoned.offset().seconds();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    if short {
        let rest = if minutes % 60 == 0 { String::new() } else { format!(":{:02}", minutes % 60) };
        return format!("{sign}{}{rest}", minutes / 60);
    }
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

/// The name of the zone, `America/New_York` for instance.
pub(super) fn zone_name(zoned: &Zoned) -> String {
    if zoned.time_zone() == &TimeZone::UTC {
        return "UTC".to_owned();
    }
    match zoned.time_zone().iana_name() {
        Some(name) => name.to_owned(),
        None => format!("UTC{}", offset(zoned, ":", true)),
    }
}

fn token(moment: &DateTime, locale: &Locale, token: &str, out: &mut String) {
    let z = moment.zoned();
    if let Some(text) = zone_token(z, locale, token) {
        out.push_str(&text);
    } else if let Some(text) =
        time_token(z, locale, token).or_else(|| day_token(z, locale, token)).or_else(|| year_token(z, locale, token))
    {
        match locale.digits() {
            Some(digits) => out.extend(text.chars().map(|c| c.to_digit(10).map_or(c, |digit| digits[digit as usize]))),
            None => out.push_str(&text),
        }
    } else if let Some(fields) = of_token(token) {
        out.push_str(&datetime_intl::written_by_luxon(z, &locale.icu, fields));
    } else {
        out.push_str(token);
    }
}

/// The tokens of zones.
fn zone_token(z: &Zoned, locale: &Locale, token: &str) -> Option<String> {
    Some(match token {
        "Z" => offset(z, ":", true),
        "ZZ" => offset(z, ":", false),
        "ZZZ" => offset(z, "", false),
        "ZZZZ" | "ZZZZZ" if is_fixed(z) => zone_name(z),
        "ZZZZ" => zone(z, locale, Width::Short),
        "ZZZZZ" => zone(z, locale, Width::Long),
        "z" => zone_name(z),
        _ => return None,
    })
}

/// The tokens of the time of the day, and of moments as a number.
fn time_token(z: &Zoned, locale: &Locale, token: &str) -> Option<String> {
    let hour12 = (i64::from(z.hour()) + 11) % 12 + 1;
    Some(match token {
        "S" => z.millisecond().to_string(),
        "u" | "SSS" => pad(z.millisecond().into(), 3),
        "uu" => pad((z.millisecond() / 10).into(), 2),
        "uuu" => (z.millisecond() / 100).to_string(),
        "s" => z.second().to_string(),
        "ss" => pad(z.second().into(), 2),
        "m" => z.minute().to_string(),
        "mm" => pad(z.minute().into(), 2),
        "h" => hour12.to_string(),
        "hh" => pad(hour12, 2),
        "H" => z.hour().to_string(),
        "HH" => pad(z.hour().into(), 2),
        "a" => locale.half(z.hour() >= 12).to_owned(),
        "X" => z.timestamp().as_second().to_string(),
        "x" => z.timestamp().as_millisecond().to_string(),
        _ => return None,
    })
}

/// The tokens of days and months.
fn day_token(z: &Zoned, locale: &Locale, token: &str) -> Option<String> {
    let (month, day) = (z.month() as usize - 1, z.weekday().to_monday_zero_offset() as usize);
    Some(match token {
        "d" => z.day().to_string(),
        "dd" => pad(z.day().into(), 2),
        "c" | "E" => z.weekday().to_monday_one_offset().to_string(),
        "ccc" | "EEE" | "cccc" | "EEEE" | "ccccc" | "EEEEE" => locale.day(token, day).to_owned(),
        "L" | "M" => z.month().to_string(),
        "LL" | "MM" => pad(z.month().into(), 2),
        "LLL" | "MMM" | "LLLL" | "MMMM" | "LLLLL" | "MMMMM" => locale.month(token, month).to_owned(),
        _ => return None,
    })
}

/// The tokens of years, and of what is counted within them.
fn year_token(z: &Zoned, locale: &Locale, token: &str) -> Option<String> {
    let week = z.date().iso_week_date();
    Some(match token {
        "y" => z.year().to_string(),
        "yy" => pad((z.year() % 100).into(), 2),
        "yyyy" => pad(z.year().into(), 4),
        "yyyyyy" => pad(z.year().into(), 6),
        "G" | "GG" | "GGGGG" => locale.era(token, z.year() > 0).to_owned(),
        "n" => local_week(z).1.to_string(),
        "nn" => pad(local_week(z).1, 2),
        "ii" => pad(local_week(z).0 % 100, 2),
        "iiii" => pad(local_week(z).0, 4),
        "kk" => pad((week.year() % 100).into(), 2),
        "kkkk" => pad(week.year().into(), 4),
        "W" => week.week().to_string(),
        "WW" => pad(week.week().into(), 2),
        "o" => z.day_of_year().to_string(),
        "ooo" => pad(z.day_of_year().into(), 3),
        "q" => quarter(z).to_string(),
        "qq" => pad(quarter(z), 2),
        _ => return None,
    })
}

/// The year and the number of the week as Americans count: weeks begin on Sunday, the first one holds the 1st of January.
fn local_week(z: &Zoned) -> (i64, i64) {
    let saturday = z.date().saturating_add((6 - i64::from(z.weekday().to_sunday_zero_offset())).days());
    (saturday.year().into(), i64::from(saturday.day_of_year() - 1) / 7 + 1)
}

/// The name of the zone in American English, `Eastern Standard Time` for instance.
pub(super) fn long_zone(zoned: &Zoned) -> String {
    zone(zoned, &locale::english(), Width::Long)
}

/// The name of the zone in the language of `locale`.
fn zone(zoned: &Zoned, locale: &Locale, width: Width) -> String {
    datetime_intl::written(zoned, &locale.icu, Fields { zone: Some(width), ..Fields::default() })
}

pub(super) fn quarter(zoned: &Zoned) -> i64 {
    i64::from((zoned.month() - 1) / 3 + 1)
}
