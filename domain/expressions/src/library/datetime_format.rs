//! Moments for people, by Luxon's tokens (its manual, "Table of tokens").

use jiff::Zoned;
use jiff::tz::TimeZone;
use weft_value::{DateTime, Value};

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

/// `moment` by `pattern`.
pub(super) fn format(moment: &DateTime, pattern: &str) -> String {
    let mut out = String::new();
    for (literal, token) in tokens(pattern) {
        if literal {
            out.push_str(&token);
        } else {
            self::token(moment, &token, &mut out);
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

fn abbreviation(zoned: &Zoned) -> String {
    let name = zoned.strftime("%Z").to_string();
    if name.starts_with(['+', '-']) { format!("GMT{}", offset(zoned, ":", true)) } else { name }
}

/// The abbreviation written out, for the zones that people write out.
fn long_zone(zoned: &Zoned) -> String {
    let name = match abbreviation(zoned).as_str() {
        "EST" => "Eastern Standard Time",
        "EDT" => "Eastern Daylight Time",
        "CST" => "Central Standard Time",
        "CDT" => "Central Daylight Time",
        "MST" => "Mountain Standard Time",
        "MDT" => "Mountain Daylight Time",
        "PST" => "Pacific Standard Time",
        "PDT" => "Pacific Daylight Time",
        "GMT" => "Greenwich Mean Time",
        "BST" => "British Summer Time",
        "CET" => "Central European Standard Time",
        "CEST" => "Central European Summer Time",
        "UTC" => "Coordinated Universal Time",
        other => return other.to_owned(),
    };
    name.to_owned()
}

fn token(moment: &DateTime, token: &str, out: &mut String) {
    let zoned = moment.zoned();
    match time_token(zoned, token).or_else(|| day_token(zoned, token)).or_else(|| year_token(zoned, token)) {
        Some(text) => out.push_str(&text),
        None => match localized_token(token) {
            Some(pattern) => out.push_str(&format(moment, pattern)),
            None => out.push_str(token),
        },
    }
}

/// The tokens of the time of the day, of zones, and of moments as a number.
fn time_token(z: &Zoned, token: &str) -> Option<String> {
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
        "Z" => offset(z, ":", true),
        "ZZ" => offset(z, ":", false),
        "ZZZ" => offset(z, "", false),
        "ZZZZ" => long_or_short_zone(z, false),
        "ZZZZZ" => long_or_short_zone(z, true),
        "z" => zone_name(z),
        "a" => if z.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        "X" => z.timestamp().as_second().to_string(),
        "x" => z.timestamp().as_millisecond().to_string(),
        _ => return None,
    })
}

/// The tokens of days and months.
fn day_token(z: &Zoned, token: &str) -> Option<String> {
    let month = MONTHS[z.month() as usize - 1];
    let weekday = WEEKDAYS[z.weekday().to_monday_zero_offset() as usize];
    Some(match token {
        "d" => z.day().to_string(),
        "dd" => pad(z.day().into(), 2),
        "c" | "E" => z.weekday().to_monday_one_offset().to_string(),
        "ccc" | "EEE" => weekday[..3].to_owned(),
        "cccc" | "EEEE" => weekday.to_owned(),
        "ccccc" | "EEEEE" => weekday[..1].to_owned(),
        "L" | "M" => z.month().to_string(),
        "LL" | "MM" => pad(z.month().into(), 2),
        "LLL" | "MMM" => month[..3].to_owned(),
        "LLLL" | "MMMM" => month.to_owned(),
        "LLLLL" | "MMMMM" => month[..1].to_owned(),
        _ => return None,
    })
}

/// The tokens of years, and of what is counted within them.
fn year_token(z: &Zoned, token: &str) -> Option<String> {
    let week = z.date().iso_week_date();
    Some(match token {
        "y" => z.year().to_string(),
        "yy" => pad((z.year() % 100).into(), 2),
        "yyyy" => pad(z.year().into(), 4),
        "yyyyyy" => pad(z.year().into(), 6),
        "G" => if z.year() > 0 { "AD" } else { "BC" }.to_owned(),
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

fn long_or_short_zone(zoned: &Zoned, long: bool) -> String {
    if long { long_zone(zoned) } else { abbreviation(zoned) }
}

pub(super) fn quarter(zoned: &Zoned) -> i64 {
    i64::from((zoned.month() - 1) / 3 + 1)
}

/// The patterns behind the tokens that follow the locale, in American English.
fn localized_token(token: &str) -> Option<&'static str> {
    Some(match token {
        "D" => "M/d/yyyy",
        "DD" => "MMM d, yyyy",
        "DDD" => "MMMM d, yyyy",
        "DDDD" => "EEEE, MMMM d, yyyy",
        "t" => "h:mm a",
        "tt" => "h:mm:ss a",
        "ttt" => "h:mm:ss a ZZZZ",
        "tttt" => "h:mm:ss a ZZZZZ",
        "T" => "HH:mm",
        "TT" => "HH:mm:ss",
        "TTT" => "HH:mm:ss ZZZZ",
        "TTTT" => "HH:mm:ss ZZZZZ",
        "f" => "M/d/yyyy, h:mm a",
        "ff" => "MMM d, yyyy, h:mm a",
        "fff" => "MMMM d, yyyy 'at' h:mm a ZZZZ",
        "ffff" => "EEEE, MMMM d, yyyy 'at' h:mm a ZZZZZ",
        "F" => "M/d/yyyy, h:mm:ss a",
        "FF" => "MMM d, yyyy, h:mm:ss a",
        "FFF" => "MMMM d, yyyy 'at' h:mm:ss a ZZZZ",
        "FFFF" => "EEEE, MMMM d, yyyy 'at' h:mm:ss a ZZZZZ",
        _ => return None,
    })
}

/// Which part of a moment is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Date,
    Time,
    Both,
}

/// `toLocaleString` and its kin: the order and the signs of the locale, month and weekday names in English.
pub(super) fn localized(moment: &DateTime, locale: &str, options: &Value, style: Style) -> String {
    let option = |name: &str| options.get(name).as_str().map(str::to_owned);
    let named: Vec<_> = ["weekday", "year", "month", "day", "hour", "minute", "second"]
        .into_iter()
        .filter(|name| option(name).is_some())
        .collect();
    if !named.is_empty() {
        return by_options(moment, &option, options);
    }
    let by_style = |style: Option<String>, date: bool| -> Option<&'static str> {
        Some(match (style?.as_str(), date) {
            ("full", true) => "EEEE, MMMM d, yyyy",
            ("long", true) => "MMMM d, yyyy",
            ("medium", true) => "MMM d, yyyy",
            (_, true) => "M/d/yy",
            ("full" | "long", false) => "h:mm:ss a ZZZZ",
            ("medium", false) => "h:mm:ss a",
            (_, false) => "h:mm a",
        })
    };
    let (date, time) = locale_patterns(locale);
    match (by_style(option("dateStyle"), true), by_style(option("timeStyle"), false), style) {
        (Some(date), Some(time), _) => format(moment, &format!("{date}, {time}")),
        (Some(date), None, _) => format(moment, date),
        (None, Some(time), _) => format(moment, time),
        (None, None, Style::Date) => format(moment, date),
        (None, None, Style::Time) => format(moment, time),
        (None, None, Style::Both) => format(moment, &format!("{date}, {time}")),
    }
}

fn locale_patterns(locale: &str) -> (&'static str, &'static str) {
    match (locale.split('-').next().unwrap_or("en"), locale) {
        (_, "en-GB" | "en-AU" | "en-NZ" | "en-IE") => ("dd/MM/yyyy", "HH:mm:ss"),
        (_, "en-CA" | "fr-CA") | ("sv", _) => ("yyyy-MM-dd", "HH:mm:ss"),
        ("de", _) => ("d.M.yyyy", "HH:mm:ss"),
        ("fr" | "pt", _) => ("dd/MM/yyyy", "HH:mm:ss"),
        ("es" | "it", _) => ("d/M/yyyy", "H:mm:ss"),
        ("nl", _) => ("d-M-yyyy", "HH:mm:ss"),
        ("ru" | "tr" | "pl" | "uk", _) => ("dd.MM.yyyy", "HH:mm:ss"),
        ("ja" | "zh", _) => ("yyyy/M/d", "H:mm:ss"),
        _ => ("M/d/yyyy", "h:mm:ss a"),
    }
}

fn by_options(moment: &DateTime, option: &dyn Fn(&str) -> Option<String>, options: &Value) -> String {
    let pick = |name: &str, long: &'static str, short: &'static str, two: &'static str, plain: &'static str| {
        option(name).map(|style| match style.as_str() {
            "long" => long,
            "short" => short,
            "2-digit" => two,
            _ => plain,
        })
    };
    let month = pick("month", "MMMM", "MMM", "MM", "M");
    let day = pick("day", "d", "d", "dd", "d");
    let year = pick("year", "yyyy", "yyyy", "yy", "yyyy");
    let weekday = pick("weekday", "EEEE", "EEE", "EEE", "EEE");
    let words = month.is_some_and(|month| month.len() > 2);
    let parts: Vec<&str> = [month, day, year].into_iter().flatten().collect();
    let date = if words {
        let month_day = [month, day].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let separator = if day.is_some() { ", " } else { " " };
        [Some(month_day), year.map(str::to_owned)].into_iter().flatten().collect::<Vec<_>>().join(separator)
    } else {
        parts.join("/")
    };
    let military = options.get("hour12").as_bool() == Some(false);
    let hour = pick("hour", "h", "h", if military { "HH" } else { "hh" }, if military { "HH" } else { "h" });
    let time: Vec<&str> =
        [hour, option("minute").map(|_| "mm"), option("second").map(|_| "ss")].into_iter().flatten().collect();
    let mut time = time.join(":");
    if hour.is_some() && !military {
        time.push_str(" a");
    }
    let pattern: Vec<String> = [weekday.map(str::to_owned), Some(date), Some(time)]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    format(moment, &pattern.join(", "))
}
