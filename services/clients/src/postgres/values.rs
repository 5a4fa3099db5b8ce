//! From the text of a value to what n8n gives for its type.
//!
//! Numbers of the types are those of the catalogue (`src/include/catalog/pg_type.dat`), which never change.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use weft_value::{Object, Value, from_json};

/// What becomes of numbers that may be larger or finer than a number of JavaScript.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LargeNumbers {
    /// Their text, so that nothing is lost.
    #[default]
    Text,
    /// The nearest number.
    Number,
}

/// Types of arrays and of what is in them.
const ARRAYS: [(u32, u32); 21] = [
    (199, 114),
    (1000, 16),
    (1001, 17),
    (1005, 21),
    (1007, 23),
    (1009, 25),
    (1014, 1042),
    (1015, 1043),
    (1016, 20),
    (1021, 700),
    (1022, 701),
    (1028, 26),
    (1041, 869),
    (1115, 1114),
    (1182, 1082),
    (1185, 1184),
    (1187, 1186),
    (1231, 1700),
    (1003, 19),
    (2951, 2950),
    (3807, 3802),
];

pub(super) fn value_of(oid: u32, text: &str, numbers: LargeNumbers) -> Value {
    if let Some((_, element)) = ARRAYS.iter().find(|(array, _)| *array == oid) {
        return array_of(*element, text, numbers).unwrap_or_else(|| text.into());
    }
    let number = || text.parse::<f64>().map_or_else(|_| text.into(), Value::Number);
    match oid {
        16 => Value::Bool(text == "t"),
        20 | 1700 if numbers == LargeNumbers::Text => text.into(),
        20 | 21 | 23 | 26 | 700 | 701 | 1700 => number(),
        114 | 3802 => from_json(text).unwrap_or_else(|_| text.into()),
        1082 => moment(&format!("{text} 00:00:00")).map_or_else(|| text.into(), Value::from),
        1114 | 1184 => moment(text).map_or_else(|| text.into(), Value::from),
        1186 => interval(text).map_or_else(|| text.into(), Value::from),
        _ => text.into(),
    }
}

/// A moment as JavaScript writes it in JSON; one without a zone is taken as UTC. Nothing for infinity and years before our era.
fn moment(text: &str) -> Option<String> {
    let timestamp = match text.parse::<Timestamp>() {
        Ok(timestamp) => timestamp,
        Err(_) => text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp(),
    };
    Some(format!("{timestamp:.3}"))
}

/// `1 year 2 mons 3 days -04:05:06.789` as an object of what is not zero.
fn interval(text: &str) -> Option<Object> {
    let mut parts = Object::new();
    let mut words = text.split(' ');
    while let Some(word) = words.next() {
        if word.contains(':') {
            clock(word, &mut parts)?;
            continue;
        }
        let count: f64 = word.parse().ok()?;
        let unit = match words.next()?.trim_end_matches('s') {
            "year" => "years",
            "mon" => "months",
            "day" => "days",
            _ => return None,
        };
        parts.insert(unit, count);
    }
    Some(parts)
}

fn clock(text: &str, parts: &mut Object) -> Option<()> {
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let mut numbers = text.trim_start_matches(['-', '+']).split(':');
    let (hours, minutes) = (numbers.next()?.parse::<f64>().ok()?, numbers.next()?.parse::<f64>().ok()?);
    let seconds = numbers.next()?.parse::<f64>().ok()?;
    let whole = seconds.trunc();
    let milliseconds = ((seconds - whole) * 1e6).round() / 1e3;
    let named = [("hours", hours), ("minutes", minutes), ("seconds", whole), ("milliseconds", milliseconds)];
    for (unit, count) in named.into_iter().filter(|(_, count)| *count != 0.0) {
        parts.insert(unit, sign * count);
    }
    Some(())
}

/// The text of an array (manual, section 8.15.6): `{1,NULL,"a \"b\"",{…}}`, perhaps with its bounds in front.
fn array_of(element: u32, text: &str, numbers: LargeNumbers) -> Option<Value> {
    let begin = text.find('{')?;
    let mut reader = ArrayReader { rest: &text[begin + 1..], element, numbers };
    let list = reader.list(0)?;
    reader.rest.is_empty().then_some(list)
}

struct ArrayReader<'a> {
    rest: &'a str,
    element: u32,
    numbers: LargeNumbers,
}

/// PostgreSQL's arrays have at most six dimensions.
const MOST_DIMENSIONS: usize = 6;

impl ArrayReader<'_> {
    /// What follows an opening brace, up to the closing one.
    fn list(&mut self, depth: usize) -> Option<Value> {
        if depth >= MOST_DIMENSIONS {
            return None;
        }
        let mut list = Vec::new();
        loop {
            match self.rest.chars().next()? {
                '}' => {
                    self.rest = &self.rest[1..];
                    return Some(list.into());
                }
                ',' => self.rest = &self.rest[1..],
                '{' => {
                    self.rest = &self.rest[1..];
                    list.push(self.list(depth + 1)?);
                }
                '"' => list.push(self.quoted()?),
                _ => list.push(self.plain()?),
            }
        }
    }

    fn quoted(&mut self) -> Option<Value> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices().skip(1);
        loop {
            match characters.next()? {
                (_, '\\') => text.push(characters.next()?.1),
                (at, '"') => {
                    self.rest = &self.rest[at + 1..];
                    return Some(value_of(self.element, &text, self.numbers));
                }
                (_, other) => text.push(other),
            }
        }
    }

    fn plain(&mut self) -> Option<Value> {
        let end = self.rest.find([',', '}'])?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(if text == "NULL" { Value::Null } else { value_of(self.element, text, self.numbers) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_becomes_what_n8n_gives() {
        for (oid, text, expected) in [
            (16, "t", "true"),
            (16, "f", "false"),
            (23, "-7", "-7"),
            (20, "9007199254740993", r#""9007199254740993""#),
            (1700, "1.10", r#""1.10""#),
            (701, "1.5", "1.5"),
            (25, "é", r#""é""#),
            (114, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (3802, "7", "7"),
            (1082, "2026-01-31", r#""2026-01-31T00:00:00.000Z""#),
            (1114, "2026-01-31 10:00:00.5", r#""2026-01-31T10:00:00.500Z""#),
            (1184, "2026-01-31 10:00:00.123456+00", r#""2026-01-31T10:00:00.123Z""#),
            (1184, "2026-01-31 10:00:00+05:30", r#""2026-01-31T04:30:00.000Z""#),
            (1184, "infinity", r#""infinity""#),
            (1114, "0044-03-15 00:00:00 BC", r#""0044-03-15 00:00:00 BC""#),
            (
                1186,
                "1 year 2 mons -3 days 04:05:06.789",
                r#"{"years":1,"months":2,"days":-3,"hours":4,"minutes":5,"seconds":6,"milliseconds":789}"#,
            ),
            (1186, "-00:00:01.5", r#"{"seconds":-1,"milliseconds":-500}"#),
            (1007, "{1,NULL,3}", "[1,null,3]"),
            (1009, r#"{a,"b \"c\"",NULL,"NULL",""}"#, r#"["a","b \"c\"",null,"NULL",""]"#),
            (1007, "{{1,2},{3,4}}", "[[1,2],[3,4]]"),
            (1007, "[0:1]={1,2}", "[1,2]"),
            (1007, "{}", "[]"),
            (3807, r#"{"{\"a\": 1}"}"#, r#"[{"a":1}]"#),
            (1007, "{1,", r#""{1,""#),
            (17, r"\xdeadbeef", r#""\\xdeadbeef""#),
            (2950, "0198f2a0-0000-7000-8000-000000000001", r#""0198f2a0-0000-7000-8000-000000000001""#),
        ] {
            assert_eq!(value_of(oid, text, LargeNumbers::Text).to_json(), expected, "{oid}: {text}");
        }
        assert_eq!(value_of(20, "7", LargeNumbers::Number).to_json(), "7");
        assert_eq!(value_of(1231, "{1.5}", LargeNumbers::Number).to_json(), "[1.5]");
    }
}
