//! Moments for people, by Luxon's tokens (its manual, "Table of tokens").

use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use weft_value::DateTime;

use super::datetime_fields::is_fixed;
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
    format_in(moment, locale::of(moment), pattern)
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

/// The abbreviations that Americans know; all others are written as a distance to Greenwich.
fn abbreviation(zoned: &Zoned) -> String {
    let name = zoned.strftime("%Z").to_string();
    let hours = zoned.offset().seconds() / 3600;
    let known = match name.as_str() {
        "EST" | "CDT" => hours == -5,
        "EDT" => hours == -4,
        "CST" | "MDT" => hours == -6,
        "MST" | "PDT" => hours == -7,
        "PST" | "AKDT" => hours == -8,
        "AKST" => hours == -9,
        "HST" => hours == -10,
        "GMT" | "UTC" => true,
        _ => false,
    };
    match (known, zoned.offset().seconds()) {
        (true, _) => name,
        (false, 0) => "GMT".to_owned(),
        (false, _) => format!("GMT{}", offset(zoned, ":", true)),
    }
}

/// The name of the zone written out, for the zones that people write out.
fn long_zone(zoned: &Zoned) -> String {
    let name = match (zoned.strftime("%Z").to_string().as_str(), zoned.offset().seconds() / 60) {
        ("EST", -300) => "Eastern Standard Time",
        ("EDT", -240) => "Eastern Daylight Time",
        ("CST", -360) => "Central Standard Time",
        ("CDT", -300) => "Central Daylight Time",
        ("MST", -420) => "Mountain Standard Time",
        ("MDT", -360) => "Mountain Daylight Time",
        ("PST", -480) => "Pacific Standard Time",
        ("PDT", -420) => "Pacific Daylight Time",
        ("GMT", 0) => "Greenwich Mean Time",
        ("BST", 60) => "British Summer Time",
        ("WET", 0) => "Western European Standard Time",
        ("WEST", 60) => "Western European Summer Time",
        ("CET", 60) => "Central European Standard Time",
        ("CEST", 120) => "Central European Summer Time",
        ("EET", 120) => "Eastern European Standard Time",
        ("EEST", 180) => "Eastern European Summer Time",
        ("MSK", 180) => "Moscow Standard Time",
        ("IST", 330) => "India Standard Time",
        ("CST", 480) => "China Standard Time",
        ("JST", 540) => "Japan Standard Time",
        ("KST", 540) => "Korean Standard Time",
        ("AEST", 600) => "Australian Eastern Standard Time",
        ("AEDT", 660) => "Australian Eastern Daylight Time",
        ("UTC", 0) => "Coordinated Universal Time",
        (_, 0) => return "GMT".to_owned(),
        _ => return format!("GMT{}", offset(zoned, ":", false)),
    };
    name.to_owned()
}

fn token(moment: &DateTime, locale: &Locale, token: &str, out: &mut String) {
    let z = moment.zoned();
    match time_token(z, locale, token).or_else(|| day_token(z, locale, token)).or_else(|| year_token(z, token)) {
        Some(text) => out.push_str(&text),
        None => match localized_token(locale, token) {
            Some(pattern) => out.push_str(&format_in(moment, locale, &pattern)),
            None => out.push_str(token),
        },
    }
}

/// The tokens of the time of the day, of zones, and of moments as a number.
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
        "Z" => offset(z, ":", true),
        "ZZ" => offset(z, ":", false),
        "ZZZ" => offset(z, "", false),
        "ZZZZ" | "ZZZZZ" if is_fixed(z) => zone_name(z),
        "ZZZZ" => long_or_short_zone(z, false),
        "ZZZZZ" => long_or_short_zone(z, true),
        "z" => zone_name(z),
        "a" => locale.half(z.hour() >= 12).to_owned(),
        "X" => z.timestamp().as_second().to_string(),
        "x" => z.timestamp().as_millisecond().to_string(),
        _ => return None,
    })
}

/// The tokens of days and months.
fn day_token(z: &Zoned, locale: &Locale, token: &str) -> Option<String> {
    let (month, day) = (z.month() as usize - 1, z.weekday().to_monday_zero_offset() as usize);
    let initial = |name: &str| name.chars().take(1).flat_map(char::to_uppercase).collect();
    Some(match token {
        "d" => z.day().to_string(),
        "dd" => pad(z.day().into(), 2),
        "c" | "E" => z.weekday().to_monday_one_offset().to_string(),
        "ccc" | "EEE" | "cccc" | "EEEE" => locale.day(token, day).to_owned(),
        "ccccc" | "EEEEE" => initial(locale.day("cccc", day)),
        "L" | "M" => z.month().to_string(),
        "LL" | "MM" => pad(z.month().into(), 2),
        "LLL" | "MMM" | "LLLL" | "MMMM" => locale.month(token, month).to_owned(),
        "LLLLL" | "MMMMM" => initial(locale.month("LLLL", month)),
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
        "GG" => if z.year() > 0 { "Anno Domini" } else { "Before Christ" }.to_owned(),
        "GGGGG" => if z.year() > 0 { "A" } else { "B" }.to_owned(),
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

fn long_or_short_zone(zoned: &Zoned, long: bool) -> String {
    if long { long_zone(zoned) } else { abbreviation(zoned) }
}

pub(super) fn quarter(zoned: &Zoned) -> i64 {
    i64::from((zoned.month() - 1) / 3 + 1)
}

/// The pattern behind a token that follows the language, such as `DDD` or `ff`.
fn localized_token(locale: &Locale, token: &str) -> Option<String> {
    let length = token.len();
    if length > 4 || !token.starts_with(['D', 't', 'T', 'f', 'F']) {
        return None;
    }
    let date = locale.pattern(["numeric", "medium", "long", "full"][length - 1]);
    let zone = ["", "", " ZZZZ", " ZZZZZ"][length - 1];
    let brief = locale.pattern("time");
    let glue = locale.pattern(if length > 2 { "long_glue" } else { "glue" });
    Some(match token.as_bytes()[0] {
        b'D' => date.to_owned(),
        b't' if length == 1 => brief.to_owned(),
        b't' => with_seconds(brief) + zone,
        b'T' if length == 1 => "HH:mm".to_owned(),
        b'T' => format!("HH:mm:ss{zone}"),
        b'f' => format!("{date}{glue}{brief}{zone}"),
        _ => format!("{date}{glue}{}{zone}", with_seconds(brief)),
    })
}

/// A pattern of hours and minutes with the seconds after them.
pub(super) fn with_seconds(time: &str) -> String {
    let separator = time.find("mm").and_then(|at| time[..at].chars().next_back()).unwrap_or(':');
    time.replace("mm", &format!("mm{separator}ss"))
}
