//! `Date.parse`: the format of ECMA-262, section 21.4.1.32, and where a text is not of it the loose one that V8 has for all others.

mod loose;

use jiff::tz::TimeZone;

use super::date::assemble;
use loose::Loose;

/// Milliseconds of a text, `NaN` where it is no date. A day alone in the standard's format is in UTC; else without an offset it is local.
pub(super) fn parse(text: &str, zone: &TimeZone) -> f64 {
    read(text).map_or(f64::NAN, |read| read.millis(zone))
}

/// What a text says: the fields as `assemble` takes them, and how far from UTC they are.
struct Read {
    fields: [f64; 7],
    offset_minutes: Option<i64>,
}

impl Read {
    fn millis(&self, zone: &TimeZone) -> f64 {
        match self.offset_minutes {
            Some(minutes) => assemble(&self.fields, &TimeZone::UTC) - minutes as f64 * 60_000.0,
            None => assemble(&self.fields, zone),
        }
    }
}

fn read(text: &str) -> Option<Read> {
    let text = text.trim();
    match standard(text) {
        Standard::Read(read) => Some(read),
        Standard::Wrong => None,
        Standard::Other => Loose::read(text),
    }
}

/// What a text is to the standard's format.
enum Standard {
    Read(Read),
    /// It begins with a day and a `T` and goes on wrongly: no date at all.
    Wrong,
    /// Not of that format.
    Other,
}

/// `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, each with a time `THH:mm`, `THH:mm:ss` or `THH:mm:ss.sss`, and that with `Z` or an offset. A year
/// of six digits has a sign.
fn standard(text: &str) -> Standard {
    let Some((year, rest)) = year(text) else { return Standard::Other };
    let (month, day, rest) = match after(rest, '-') {
        None => (1, 1, rest),
        Some((month, rest)) => after(rest, '-').map_or((month, 1, rest), |(day, rest)| (month, day, rest)),
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Standard::Other;
    }
    let date = [year as f64, month as f64 - 1.0, day as f64];
    if rest.is_empty() {
        return Standard::Read(Read {
            fields: [date[0], date[1], date[2], 0.0, 0.0, 0.0, 0.0],
            offset_minutes: Some(0),
        });
    }
    let Some(time) = rest.strip_prefix(['T', 't']) else { return Standard::Other };
    match clock(time) {
        Some(([hour, minute, second, milli], offset_minutes)) => {
            Standard::Read(Read { fields: [date[0], date[1], date[2], hour, minute, second, milli], offset_minutes })
        }
        None => Standard::Wrong,
    }
}

/// The year at the beginning, and what follows it.
fn year(text: &str) -> Option<(i64, &str)> {
    let (sign, digits, length) = match text.strip_prefix(['+', '-']) {
        Some(rest) => (if text.starts_with('-') { -1 } else { 1 }, rest, 6),
        None => (1, text, 4),
    };
    let (year, rest) = fixed(digits, length)?;
    (!(sign < 0 && year == 0)).then_some((sign * year, rest))
}

/// A number of just so many digits.
fn fixed(text: &str, length: usize) -> Option<(i64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (digits == length).then(|| text.split_at(length)).and_then(|(number, rest)| Some((number.parse().ok()?, rest)))
}

/// A number of two digits behind a sign.
fn after(text: &str, sign: char) -> Option<(i64, &str)> {
    fixed(text.strip_prefix(sign)?, 2)
}

/// The time of day of the standard's format, up to the end; and the offset, if there is one.
fn clock(text: &str) -> Option<([f64; 4], Option<i64>)> {
    let (hour, rest) = fixed(text, 2)?;
    let (minute, mut rest) = after(rest, ':')?;
    let (mut second, mut milli) = (0, 0);
    if rest.starts_with(':') {
        (second, rest) = after(rest, ':')?;
        if let Some(fraction) = rest.strip_prefix('.') {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            milli = millis(&fraction[..digits])?;
            rest = &fraction[digits..];
        }
    }
    is_time([hour, minute, second, milli]).then_some(())?;
    let offset = match rest.chars().next() {
        None => None,
        Some('Z' | 'z') => (rest.len() == 1).then_some(Some(0))?,
        Some(sign @ ('+' | '-')) => Some(if sign == '-' { -offset(&rest[1..])? } else { offset(&rest[1..])? }),
        Some(_) => return None,
    };
    Some(([hour as f64, minute as f64, second as f64, milli as f64], offset))
}

/// Minutes of `HH:mm` or `HHmm`.
fn offset(text: &str) -> Option<i64> {
    let (hours, minutes) = if let Some((both, "")) = fixed(text, 4) {
        (both / 100, both % 100)
    } else {
        let (hours, rest) = fixed(text, 2)?;
        let (minutes, rest) = after(rest, ':')?;
        (rest.is_empty().then_some(hours)?, minutes)
    };
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// The first three digits of a fraction of a second.
fn millis(digits: &str) -> Option<i64> {
    let three = digits.get(..3.min(digits.len())).filter(|digits| !digits.is_empty())?;
    Some(three.parse::<i64>().ok()? * 10_i64.pow(3 - three.len() as u32))
}

/// Whether there is such a time of day; midnight may be written as the end of the day.
fn is_time([hour, minute, second, milli]: [i64; 4]) -> bool {
    let is_end = hour == 24 && minute == 0 && second == 0 && milli == 0;
    is_end || (hour < 24 && minute < 60 && second < 60 && milli < 1000)
}
