//! The tokens of Moment.js (its manual, “Format” and “String + Format”), in English. Older workflows are written in them.

use jiff::tz::TimeZone;
use weft_expressions::dates;
use weft_value::DateTime;

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'a> {
    Token(&'a str),
    Literal(&'a str),
}

/// Every token; of those that begin alike the longest comes first.
const TOKENS: &[&str] = &[
    "Mo",
    "MMMM",
    "MMM",
    "MM",
    "M",
    "DDDo",
    "DDDD",
    "DDD",
    "Do",
    "DD",
    "D",
    "dddd",
    "ddd",
    "dd",
    "do",
    "d",
    "wo",
    "ww",
    "w",
    "Wo",
    "WW",
    "W",
    "Qo",
    "Q",
    "YYYYYY",
    "YYYYY",
    "YYYY",
    "YY",
    "Y",
    "gggg",
    "gg",
    "GGGG",
    "GG",
    "e",
    "E",
    "a",
    "A",
    "hh",
    "h",
    "HH",
    "H",
    "kk",
    "k",
    "mm",
    "m",
    "ss",
    "s",
    "SSSSSSSSS",
    "SSSSSSSS",
    "SSSSSSS",
    "SSSSSS",
    "SSSSS",
    "SSSS",
    "SSS",
    "SS",
    "S",
    "x",
    "X",
    "zz",
    "z",
    "ZZ",
    "Z",
    "LTS",
    "LT",
    "LLLL",
    "LLL",
    "LL",
    "L",
    "llll",
    "lll",
    "ll",
    "l",
];

fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let last_end = pattern.rfind(']');
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        // Looked for once: without it, a pattern of many brackets would be searched to its end for each.
        let inside = rest.strip_prefix('[').filter(|_| last_end.is_some_and(|end| end > pattern.len() - rest.len()));
        if let Some(inside) = inside
            && let Some(end) = inside.find(']')
        {
            pieces.push(Piece::Literal(&inside[..end]));
            rest = &inside[end + 1..];
        } else if let Some(token) = TOKENS.iter().find(|token| rest.starts_with(**token)) {
            pieces.push(Piece::Token(token));
            rest = &rest[token.len()..];
        } else {
            let (literal, behind) = rest.split_at(c.len_utf8());
            pieces.push(Piece::Literal(literal));
            rest = behind;
        }
    }
    pieces
}

/// `moment` by `pattern`.
pub(super) fn format(moment: &DateTime, pattern: &str) -> String {
    let mut out = String::new();
    for piece in pieces(pattern) {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Token(token) => match long_form(token) {
                Some(pattern) => out.push_str(&format(moment, pattern)),
                None => out.push_str(&shown(moment, token)),
            },
        }
    }
    out
}

/// The patterns behind the tokens that follow the locale, in American English.
fn long_form(token: &str) -> Option<&'static str> {
    Some(match token {
        "LT" => "h:mm A",
        "LTS" => "h:mm:ss A",
        "L" => "MM/DD/YYYY",
        "LL" => "MMMM D, YYYY",
        "LLL" => "MMMM D, YYYY h:mm A",
        "LLLL" => "dddd, MMMM D, YYYY h:mm A",
        "l" => "M/D/YYYY",
        "ll" => "MMM D, YYYY",
        "lll" => "MMM D, YYYY h:mm A",
        "llll" => "ddd, MMM D, YYYY h:mm A",
        _ => return None,
    })
}

fn shown(moment: &DateTime, token: &str) -> String {
    let luxon = |pattern: &str| dates::format(moment, pattern);
    let z = moment.zoned();
    let weekday = i64::from(z.weekday().to_sunday_zero_offset());
    match token {
        "Mo" => ordinal(z.month().into()),
        "D" => luxon("d"),
        "DD" => luxon("dd"),
        "Do" => ordinal(z.day().into()),
        "DDD" => luxon("o"),
        "DDDD" => luxon("ooo"),
        "DDDo" => ordinal(z.day_of_year().into()),
        "d" | "e" => weekday.to_string(),
        "do" => ordinal(weekday),
        "dd" => luxon("EEEE").chars().take(2).collect(),
        "ddd" => luxon("EEE"),
        "dddd" => luxon("EEEE"),
        "w" => american_week(moment).1.to_string(),
        "wo" => ordinal(american_week(moment).1),
        "ww" => format!("{:02}", american_week(moment).1),
        "gg" => format!("{:02}", american_week(moment).0.rem_euclid(100)),
        "gggg" => format!("{:04}", american_week(moment).0),
        "Wo" => ordinal(z.date().iso_week_date().week().into()),
        "GG" => luxon("kk"),
        "GGGG" => luxon("kkkk"),
        "Q" => luxon("q"),
        "Qo" => ordinal(i64::from((z.month() - 1) / 3 + 1)),
        "Y" => luxon("y"),
        "YY" => luxon("yy"),
        "YYYY" => luxon("yyyy"),
        "YYYYY" => format!("{:05}", z.year()),
        "YYYYYY" => format!("{:+07}", z.year()),
        "a" => luxon("a").to_lowercase(),
        "A" => luxon("a"),
        "k" => hour_to_24(z.hour()).to_string(),
        "kk" => format!("{:02}", hour_to_24(z.hour())),
        "z" | "zz" => luxon("ZZZZ"),
        "Z" => luxon("ZZ"),
        "ZZ" => luxon("ZZZ"),
        fraction if fraction.starts_with('S') => {
            let digits = format!("{:03}000000", z.millisecond());
            digits[..fraction.len()].to_owned()
        }
        // Months, ISO weeks, ISO weekdays, hours, minutes, seconds and timestamps have the same letters there.
        same => luxon(same),
    }
}

fn hour_to_24(hour: i8) -> i8 {
    if hour == 0 { 24 } else { hour }
}

/// 1st, 2nd, 3rd, 4th, 11th.
fn ordinal(number: i64) -> String {
    let suffix = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}

/// The year and the week where weeks begin on Sunday and the first one is that of the 1st of January.
fn american_week(moment: &DateTime) -> (i64, i64) {
    let z = moment.zoned();
    let year = i64::from(z.year());
    // The Saturday that ends the week decides: where it lies in the next year, the week is that year's first.
    let saturday = i64::from(z.day_of_year()) + 6 - i64::from(z.weekday().to_sunday_zero_offset());
    let days = i64::from(z.days_in_year());
    if saturday > days { (year + 1, 1) } else { (year, (saturday + 6) / 7) }
}

/// What a text says of a moment.
#[derive(Default)]
struct Fields {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    millis: Option<i64>,
    afternoon: Option<bool>,
    offset: Option<String>,
    epoch_millis: Option<f64>,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// `text` by `pattern`, as forgiving as Moment.js: signs between the parts may differ, and what follows the last part is not
/// looked at. What the text does not say is that of `now` for parts larger than those it says, and the first for smaller ones.
pub(super) fn parse(text: &str, pattern: &str, zone: &TimeZone, now: &DateTime) -> Option<DateTime> {
    let mut fields = Fields::default();
    let mut rest = text.trim();
    let expanded = pieces(pattern).into_iter().flat_map(|piece| match piece {
        Piece::Token(token) => long_form(token).map_or_else(|| vec![piece], pieces),
        Piece::Literal(_) => vec![piece],
    });
    for piece in expanded {
        match piece {
            Piece::Literal(literal) => {
                if let Some(behind) = rest.strip_prefix(literal) {
                    rest = behind;
                }
            }
            Piece::Token(token) => rest = fields.read(token, rest)?,
        }
    }
    fields.moment(zone, now)
}

/// The first number of at most `most` digits in `text`, its digits, and what follows it.
fn number(text: &str, most: usize) -> Option<(i64, &str, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let behind = &text[start..];
    let length = behind.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (digits, rest) = behind.split_at(length);
    Some((digits.parse().ok()?, digits, rest))
}

impl Fields {
    /// Reads one token and gives what follows; `None` where the text does not have it.
    fn read<'a>(&mut self, token: &str, text: &'a str) -> Option<&'a str> {
        let most = match token {
            "YYYY" | "GGGG" | "gggg" | "Y" => 4,
            "YYYYY" => 5,
            "YYYYYY" => 6,
            "DDD" | "DDDD" | "DDDo" => 3,
            fraction if fraction.starts_with('S') => 9,
            _ => 2,
        };
        let slot = match token {
            "YYYY" | "YYYYY" | "YYYYYY" | "Y" => &mut self.year,
            "M" | "MM" | "Mo" => &mut self.month,
            "D" | "DD" | "Do" => &mut self.day,
            "DDD" | "DDDD" | "DDDo" => &mut self.day_of_year,
            "H" | "HH" | "h" | "hh" | "k" | "kk" => &mut self.hour,
            "m" | "mm" => &mut self.minute,
            "s" | "ss" => &mut self.second,
            _ => return self.read_other(token, text, most),
        };
        let (value, _, rest) = number(text, most)?;
        *slot = Some(value);
        // The letters of 1st, 2nd and so on.
        Some(if token.ends_with('o') { rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()) } else { rest })
    }

    fn read_other<'a>(&mut self, token: &str, text: &'a str, most: usize) -> Option<&'a str> {
        match token {
            "YY" => {
                let (value, _, rest) = number(text, most)?;
                self.year = Some(value + if value > 68 { 1900 } else { 2000 });
                Some(rest)
            }
            "MMM" | "MMMM" => {
                let (word, rest) = word(text)?;
                let month = MONTHS.iter().position(|name| word.to_lowercase().starts_with(name))?;
                self.month = Some(month as i64 + 1);
                Some(rest)
            }
            "dd" | "ddd" | "dddd" => Some(word(text)?.1),
            "a" | "A" => {
                let (word, rest) = word(text)?;
                self.afternoon = Some(word.to_lowercase().starts_with('p'));
                Some(rest)
            }
            "Z" | "ZZ" => {
                let start = text.find(['+', '-', 'Z', 'z'])?;
                let tail = &text[start..];
                let end = tail.find(|c: char| !(c.is_ascii_digit() || "+-:Zz".contains(c))).unwrap_or(tail.len());
                self.offset = Some(tail[..end].to_uppercase());
                Some(&tail[end..])
            }
            "x" | "X" => {
                let start = text.find(|c: char| c.is_ascii_digit() || c == '-')?;
                let tail = &text[start..];
                let end = tail.find(|c: char| !(c.is_ascii_digit() || ".-".contains(c))).unwrap_or(tail.len());
                let value: f64 = tail[..end].parse().ok()?;
                self.epoch_millis = Some(if token == "X" { value * 1000.0 } else { value });
                Some(&tail[end..])
            }
            fraction if fraction.starts_with('S') => {
                let (_, digits, rest) = number(text, most)?;
                self.millis = format!("{digits:0<3}")[..3].parse().ok();
                Some(rest)
            }
            // Weeks, quarters and abbreviations of zones say nothing that is not said better by other parts.
            _ => Some(text),
        }
    }

    fn moment(&self, zone: &TimeZone, now: &DateTime) -> Option<DateTime> {
        if let Some(millis) = self.epoch_millis {
            return DateTime::from_millis(millis as i64, zone.clone());
        }
        let today = dates::in_zone(now, zone.clone());
        let today = today.zoned();
        let year = self.year.unwrap_or(today.year().into());
        let says_date = self.year.is_some() || self.month.is_some() || self.day.is_some();
        let (month, day) = match (self.month, self.day) {
            (None, None) if !says_date => (today.month().into(), today.day().into()),
            (None, Some(day)) if self.year.is_none() => (today.month().into(), day),
            (month, day) => (month.unwrap_or(1), day.unwrap_or(1)),
        };
        let hour = match (self.hour.unwrap_or(0), self.afternoon) {
            (12, Some(false)) => 0,
            (hour, Some(true)) if hour < 12 => hour + 12,
            (hour, _) => hour,
        };
        let date = match self.day_of_year {
            Some(day) => format!("{year:04}-{day:03}"),
            None => format!("{year:04}-{month:02}-{day:02}"),
        };
        let (minute, second, millis) = (self.minute.unwrap_or(0), self.second.unwrap_or(0), self.millis.unwrap_or(0));
        let offset = self.offset.as_deref().unwrap_or_default();
        dates::read(&format!("{date}T{hour:02}:{minute:02}:{second:02}.{millis:03}{offset}"), zone)
    }
}

/// The first word of `text` and what follows it.
fn word(text: &str) -> Option<(&str, &str)> {
    let start = text.find(char::is_alphabetic)?;
    let behind = &text[start..];
    Some(behind.split_at(behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len())))
}

/// An amount as Moment.js adds it: of units that are made of days or months, whole days or months.
pub(super) fn whole(amount: f64, unit: &str) -> (f64, &str) {
    match unit.trim_end_matches('s') {
        "week" => ((amount * 7.0).round(), "days"),
        "day" | "month" => (amount.round(), unit),
        "quarter" => ((amount * 3.0).round(), "months"),
        "year" => ((amount * 12.0).round(), "months"),
        _ => (amount, unit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(iso: &str) -> DateTime {
        dates::read(iso, &TimeZone::UTC).unwrap()
    }

    #[test]
    fn moments_are_written() {
        let moment = at("2024-02-03T00:05:09.042Z");
        for (pattern, expected) in [
            ("YYYY-MM-DD", "2024-02-03"),
            ("dddd, MMMM Do YYYY, h:mm:ss a", "Saturday, February 3rd 2024, 12:05:09 am"),
            ("[Today is] D/M/YY", "Today is 3/2/24"),
            ("kk HH hh A", "24 00 12 AM"),
            ("SSS S SSSSS", "042 0 04200"),
            ("X x", "1706918709 1706918709042"),
            ("Q Qo DDD DDDD w W E d", "1 1st 34 034 5 5 6 6"),
            ("LLLL", "Saturday, February 3, 2024 12:05 AM"),
            ("Z ZZ", "+00:00 +0000"),
            ("é[ü", "é[ü"),
            ("", ""),
        ] {
            assert_eq!(format(&moment, pattern), expected, "{pattern}");
        }
        assert_eq!(format(&at("2023-12-31T00:00Z"), "gggg ww"), "2024 01");
    }

    #[test]
    fn texts_are_read() {
        let now = at("2026-05-06T07:08:09Z");
        for (text, pattern, expected) in [
            ("2024-31-01", "YYYY-DD-MM", Some("2024-01-31T00:00:00.000Z")),
            ("31.1.2024 5:06 pm", "D/M/YYYY h:mm a", Some("2024-01-31T17:06:00.000Z")),
            ("March 1st, 99", "MMMM Do, YY", Some("1999-03-01T00:00:00.000Z")),
            ("20240131T101112", "YYYYMMDD[T]HHmmss", Some("2024-01-31T10:11:12.000Z")),
            ("1706918709042", "x", Some("2024-02-03T00:05:09.042Z")),
            ("10:30", "HH:mm", Some("2026-05-06T10:30:00.000Z")),
            ("2024-01-31 10:00 +02:00", "YYYY-MM-DD HH:mm Z", Some("2024-01-31T08:00:00.000Z")),
            ("2024-13-01", "YYYY-MM-DD", None),
            ("nothing", "YYYY", None),
            ("é", "MMM", None),
        ] {
            let read = parse(text, pattern, &TimeZone::UTC, &now).map(|moment| moment.to_iso());
            assert_eq!(read.as_deref(), expected, "{text} by {pattern}");
        }
    }
}
