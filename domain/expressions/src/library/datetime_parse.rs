//! Moments from text.

use jiff::civil::{Date, ISOWeekDate, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use weft_value::DateTime;

use super::datetime::zone_named;
use super::datetime_format::{MONTHS, WEEKDAYS, tokens};
use super::datetime_intl;
use super::datetime_localized::of_token;
use super::datetime_pattern::in_luxons_letters;
use super::locale::Locale;

/// The fields of a moment as they were read.
#[derive(Debug, Default)]
struct Fields {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    ordinal: Option<i16>,
    week: Option<(i16, i8, i8)>,
    hour: i8,
    minute: i8,
    second: i8,
    millis: i32,
    afternoon: Option<bool>,
    offset: Option<i32>,
    zone: Option<TimeZone>,
    epoch_millis: Option<i64>,
}

impl Fields {
    /// The moment; a wall clock is read in `zone`, and what was read with an offset is shown in `zone`.
    fn moment(&self, zone: &TimeZone) -> Option<DateTime> {
        if let Some(millis) = self.epoch_millis {
            return DateTime::from_millis(millis, zone.clone());
        }
        let year = self.year.unwrap_or(1970);
        let date = match (self.week, self.ordinal) {
            (Some((year, week, day)), _) => {
                ISOWeekDate::new(year, week, Weekday::from_monday_one_offset(day).ok()?).ok()?.date()
            }
            (None, Some(ordinal)) => {
                let first = Date::new(year, 1, 1).ok()?;
                first.with().day_of_year(ordinal).build().ok()?
            }
            (None, None) => Date::new(year, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?,
        };
        let hour = match self.afternoon {
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
            None => self.hour,
        };
        // 24:00 is the midnight that ends the day.
        let next_day = hour == 24 && self.minute == 0 && self.second == 0;
        let time =
            Time::new(if next_day { 0 } else { hour }, self.minute, self.second, self.millis * 1_000_000).ok()?;
        let date = if next_day { date.tomorrow().ok()? } else { date };
        let wall = date.to_datetime(time);
        let zoned = match (self.offset, &self.zone) {
            (Some(seconds), _) => {
                let fixed = TimeZone::fixed(Offset::from_seconds(seconds).ok()?);
                wall.to_zoned(fixed).ok()?.with_time_zone(zone.clone())
            }
            (None, Some(own)) => wall.to_zoned(own.clone()).ok()?.with_time_zone(zone.clone()),
            (None, None) => wall.to_zoned(zone.clone()).ok()?,
        };
        Some(DateTime::from(zoned))
    }
}

/// A reader of digits and signs.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    /// A number of `least` to `most` digits.
    fn digits(&mut self, least: usize, most: usize) -> Option<i64> {
        let count = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        digits.parse().ok()
    }

    fn sign(&mut self, sign: char) -> bool {
        match self.0.strip_prefix(sign) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// The first of `names` that comes next, whole or (where `short`) by its first three letters.
    fn name(&mut self, names: &[&str], short: bool) -> Option<usize> {
        let index = names.iter().position(|name| self.word(if short { &name[..3] } else { name }))?;
        Some(index)
    }

    /// The month of one of the forms that comes next.
    fn month(&mut self, locale: &Locale, forms: [&str; 2]) -> Option<usize> {
        self.longest((0..12).flat_map(|month| forms.map(|form| (month, locale.month(form, month)))))
    }

    /// The number of the longest of `names` that comes next; the dot of an abbreviation may be missing.
    fn longest<'n>(&mut self, names: impl Iterator<Item = (usize, &'n str)>) -> Option<usize> {
        let text = self.0;
        let comes =
            |name: &str| text.get(..name.len()).is_some_and(|start| start.to_lowercase() == name.to_lowercase());
        let found = names
            .flat_map(|(number, name)| [(number, name), (number, name.trim_end_matches('.'))])
            .filter(|(_, name)| comes(name))
            .max_by_key(|(_, name)| name.len())?;
        self.0 = &text[found.1.len()..];
        Some(found.0)
    }

    fn word(&mut self, word: &str) -> bool {
        let matches = self.0.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if matches {
            self.0 = &self.0[word.len()..];
        }
        matches
    }

    /// `Z`, `+01:00`, `+0100` or `+01`, in seconds.
    fn offset(&mut self) -> Option<i32> {
        if self.sign('Z') || self.sign('z') {
            return Some(0);
        }
        let negative = if self.sign('-') {
            true
        } else if self.sign('+') {
            false
        } else {
            return None;
        };
        let hours = self.digits(1, 2)?;
        self.sign(':');
        let minutes = self.digits(2, 2).unwrap_or(0);
        let seconds = (hours * 3600 + minutes * 60) as i32;
        Some(if negative { -seconds } else { seconds })
    }

    fn spaces(&mut self) {
        self.0 = self.0.trim_start_matches([' ', ',']);
    }

    /// `text`, in which all spaces are alike.
    fn literal(&mut self, text: &str) -> Option<()> {
        let mut rest = self.0.chars();
        for c in text.chars() {
            let next = rest.next()?;
            if next != c && !(is_space(next) && is_space(c)) {
                return None;
            }
        }
        self.0 = rest.as_str();
        Some(())
    }
}

/// Whether it is a space that people cannot tell from others.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

/// `HH:mm:ss.SSS` with what may be left out.
fn time(reader: &mut Reader<'_>, fields: &mut Fields) -> Option<()> {
    fields.hour = reader.digits(1, 2)? as i8;
    let colon = reader.sign(':');
    let Some(minute) = reader.digits(2, 2) else { return if colon { None } else { Some(()) } };
    fields.minute = minute as i8;
    let colon = reader.sign(':');
    let Some(second) = reader.digits(2, 2) else { return if colon { None } else { Some(()) } };
    fields.second = second as i8;
    if reader.sign('.') || reader.sign(',') {
        let digits: String = reader.0.chars().take_while(char::is_ascii_digit).take(30).collect();
        reader.0 = &reader.0[digits.len()..];
        fields.millis = format!("{digits:0<3}")[..3].parse().ok()?;
    }
    Some(())
}

/// An ISO 8601 date with or without a time and an offset, also as a week date or an ordinal date.
pub(super) fn iso(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let mut reader = Reader(text.trim());
    let mut fields = Fields::default();
    let negative = reader.sign('-');
    let extended = !negative && reader.sign('+');
    let year = if negative || extended { reader.digits(6, 6)? } else { reader.digits(4, 4)? };
    let year = i16::try_from(year).ok()?;
    fields.year = Some(if negative { -year } else { year });
    iso_date(&mut reader, &mut fields, year)?;
    if reader.sign('T') || reader.sign('t') || (!reader.0.is_empty() && reader.sign(' ')) {
        time(&mut reader, &mut fields)?;
        fields.offset = reader.offset();
        if let Some(name) = reader.0.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            fields.zone = Some(zone_named(name)?);
            reader.0 = "";
        }
    }
    reader.0.is_empty().then(|| fields.moment(zone))?
}

fn iso_date(reader: &mut Reader<'_>, fields: &mut Fields, year: i16) -> Option<()> {
    if reader.0.is_empty() {
        return Some(());
    }
    let dashed = reader.sign('-');
    if reader.sign('W') {
        let week = reader.digits(2, 2)? as i8;
        reader.sign('-');
        fields.week = Some((year, week, reader.digits(1, 1).unwrap_or(1) as i8));
        return Some(());
    }
    let digits = reader.0.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 3 {
        fields.ordinal = Some(reader.digits(3, 3)? as i16);
        return Some(());
    }
    fields.month = Some(reader.digits(2, 2)? as i8);
    if dashed && reader.sign('-') || (!dashed && digits == 4) {
        fields.day = Some(reader.digits(2, 2)? as i8);
    }
    Some(())
}

/// Whether `text` is a moment as `Date` writes itself: `2026-01-31T10:00:00.000Z`.
pub(super) fn is_as_dates_write_it(text: &str) -> bool {
    text.len() == 24 && text.as_bytes()[10] == b'T' && text.ends_with('Z') && iso(text, &TimeZone::UTC).is_some()
}

/// `Tue, 15 Nov 1994 12:45:26 GMT` (RFC 2822 and RFC 9110).
pub(super) fn rfc(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let mut reader = Reader(text.trim());
    let mut fields = Fields::default();
    if reader.name(&WEEKDAYS, false).or_else(|| reader.name(&WEEKDAYS, true)).is_some() {
        reader.spaces();
    }
    fields.day = Some(reader.digits(1, 2)? as i8);
    reader.spaces();
    fields.month = Some(reader.name(&MONTHS, false).or_else(|| reader.name(&MONTHS, true))? as i8 + 1);
    reader.spaces();
    fields.year = Some(reader.digits(4, 4)? as i16);
    reader.spaces();
    time(&mut reader, &mut fields)?;
    reader.spaces();
    fields.offset = match reader.0.to_uppercase().as_str() {
        "GMT" | "UT" | "UTC" | "" => Some(0),
        "EST" | "CDT" => Some(-5 * 3600),
        "EDT" => Some(-4 * 3600),
        "CST" | "MDT" => Some(-6 * 3600),
        "MST" | "PDT" => Some(-7 * 3600),
        "PST" => Some(-8 * 3600),
        _ => Some(reader.offset()?),
    };
    fields.moment(zone)
}

/// `2024-03-30 18:49:00` (SQL).
pub(super) fn sql(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let text = text.trim();
    let (date, rest) = text.split_once(' ')?;
    let (time, offset) = rest.split_once(' ').unwrap_or((rest, ""));
    match zone_named(offset) {
        Some(own) if !offset.is_empty() && !offset.starts_with(['+', '-']) => {
            let moment = iso(&format!("{date}T{time}"), &own)?;
            Some(DateTime::from(moment.zoned().with_time_zone(zone.clone())))
        }
        _ => iso(&format!("{date}T{time}{offset}"), zone),
    }
}

/// Any of the forms above.
pub(super) fn any(text: &str, zone: &TimeZone) -> Option<DateTime> {
    iso(text, zone).or_else(|| sql(text, zone)).or_else(|| rfc(text, zone))
}

/// `text` by `pattern`, in Luxon's tokens, with the names of `locale`.
pub(super) fn with_format(given: &str, pattern: &str, locale: &Locale, zone: &TimeZone) -> Option<DateTime> {
    let text = locale.digits().map(|digits| in_latin_digits(given, digits));
    let mut reader = Reader(text.as_deref().unwrap_or(given).trim());
    let mut fields = Fields::default();
    by_pattern(&mut reader, &mut fields, locale, pattern)?;
    reader.0.is_empty().then(|| fields.moment(zone))?
}

fn in_latin_digits(text: &str, digits: &[char; 10]) -> String {
    let latin =
        |c: char| digits.iter().position(|digit| *digit == c).and_then(|digit| char::from_digit(digit as u32, 10));
    text.chars().map(|c| latin(c).unwrap_or(c)).collect()
}

fn by_pattern(reader: &mut Reader<'_>, fields: &mut Fields, locale: &Locale, pattern: &str) -> Option<()> {
    for (literal, token) in tokens(pattern) {
        if literal {
            reader.literal(&token)?;
        } else if let Some(localized) = of_token(&token) {
            let localized = datetime_intl::pattern(&locale.icu, localized);
            by_pattern(reader, fields, locale, &in_luxons_letters(&localized))?;
        } else {
            field(reader, fields, locale, &token)?;
        }
    }
    Some(())
}

fn field(reader: &mut Reader<'_>, fields: &mut Fields, locale: &Locale, token: &str) -> Option<()> {
    match token {
        "H" | "h" | "HH" | "hh" | "m" | "mm" | "s" | "ss" | "S" | "SSS" | "u" | "uu" | "uuu" | "a" => {
            time_field(reader, fields, locale, token)
        }
        "Z" | "ZZ" | "ZZZ" | "z" | "X" | "x" => zone_field(reader, fields, token),
        _ => date_field(reader, fields, locale, token),
    }
}

fn date_field(reader: &mut Reader<'_>, fields: &mut Fields, locale: &Locale, token: &str) -> Option<()> {
    match token {
        "y" => fields.year = Some(i16::try_from(reader.digits(1, 6)?).ok()?),
        "yy" => {
            let year = reader.digits(2, 2)? as i16;
            fields.year = Some(if year > 60 { 1900 + year } else { 2000 + year });
        }
        "yyyy" => fields.year = Some(reader.digits(4, 4)? as i16),
        "M" | "L" => fields.month = Some(reader.digits(1, 2)? as i8),
        "MM" | "LL" => fields.month = Some(reader.digits(2, 2)? as i8),
        "MMM" | "LLL" => fields.month = Some(reader.month(locale, ["MMM", "LLL"])? as i8 + 1),
        "MMMM" | "LLLL" => fields.month = Some(reader.month(locale, ["MMMM", "LLLL"])? as i8 + 1),
        "d" => fields.day = Some(reader.digits(1, 2)? as i8),
        "dd" => fields.day = Some(reader.digits(2, 2)? as i8),
        "o" | "ooo" => fields.ordinal = Some(reader.digits(1, 3)? as i16),
        "EEE" | "ccc" => {
            reader.longest((0..7).flat_map(|day| ["EEE", "ccc"].map(|form| (day, locale.day(form, day)))))?;
        }
        "EEEE" | "cccc" => {
            reader.longest((0..7).flat_map(|day| ["EEEE", "cccc"].map(|form| (day, locale.day(form, day)))))?;
        }
        _ => return None,
    }
    Some(())
}

fn time_field(reader: &mut Reader<'_>, fields: &mut Fields, locale: &Locale, token: &str) -> Option<()> {
    match token {
        "H" | "h" => fields.hour = reader.digits(1, 2)? as i8,
        "HH" | "hh" => fields.hour = reader.digits(2, 2)? as i8,
        "m" => fields.minute = reader.digits(1, 2)? as i8,
        "mm" => fields.minute = reader.digits(2, 2)? as i8,
        "s" => fields.second = reader.digits(1, 2)? as i8,
        "ss" => fields.second = reader.digits(2, 2)? as i8,
        "S" => fields.millis = reader.digits(1, 3)? as i32,
        "SSS" => fields.millis = reader.digits(3, 3)? as i32,
        "u" | "uu" | "uuu" => {
            let digits: String = reader.0.chars().take_while(char::is_ascii_digit).take(9).collect();
            reader.0 = &reader.0[digits.len()..];
            fields.millis = format!("{digits:0<3}")[..3].parse().ok()?;
        }
        "a" => {
            let half =
                reader.longest([(0, "AM"), (1, "PM"), (0, locale.half(false)), (1, locale.half(true))].into_iter())?;
            fields.afternoon = Some(half == 1);
        }
        _ => return None,
    }
    Some(())
}

fn zone_field(reader: &mut Reader<'_>, fields: &mut Fields, token: &str) -> Option<()> {
    match token {
        "Z" | "ZZ" | "ZZZ" => fields.offset = Some(reader.offset()?),
        "z" => {
            let end =
                reader.0.find(|c: char| !(c.is_ascii_alphanumeric() || "/_+-".contains(c))).unwrap_or(reader.0.len());
            fields.zone = Some(zone_named(&reader.0[..end])?);
            reader.0 = &reader.0[end..];
        }
        "X" => fields.epoch_millis = Some(reader.digits(1, 12)? * 1000),
        "x" => fields.epoch_millis = Some(reader.digits(1, 15)?),
        _ => return None,
    }
    Some(())
}

/// An ISO 8601 duration such as `P1DT2H`, as amounts in the order of [`UNITS`](super::datetime_units::UNITS).
pub(super) fn iso_duration(text: &str) -> Option<[f64; 9]> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut reader = Reader(rest.strip_prefix('P')?);
    let mut amounts = [0.0; 9];
    let mut in_time = false;
    while !reader.0.is_empty() {
        if reader.sign('T') {
            in_time = true;
            continue;
        }
        let (amount, rest) = crate::convert::decimal_prefix(reader.0)?;
        let unit = rest.chars().next()?;
        reader.0 = &rest[unit.len_utf8()..];
        let place = match (unit, in_time) {
            ('Y', false) => 0,
            ('M', false) => 2,
            ('W', false) => 3,
            ('D', false) => 4,
            ('H', true) => 5,
            ('M', true) => 6,
            ('S', true) => 7,
            _ => return None,
        };
        let amount = if negative { -amount } else { amount };
        // Parts of a second are milliseconds of their own.
        let (whole, part) = if unit == 'S' { (amount.trunc(), amount.fract() * 1000.0) } else { (amount, 0.0) };
        amounts[place] += whole;
        amounts[8] += part.trunc();
    }
    Some(amounts)
}
