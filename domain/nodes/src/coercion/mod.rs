//! From one type to another, as n8n does it for the fields that people fill in.

mod relaxed;

use jiff::Zoned;
use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_expressions::dates;
use weft_value::{DateTime, Text, Value, from_json};

/// The type that a field is declared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldType {
    /// Text.
    #[default]
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A moment.
    DateTime,
    /// A list.
    Array,
    /// An object.
    Object,
    /// Whatever it is.
    Any,
}

impl FieldType {
    fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::DateTime => "dateTime",
            Self::Array => "array",
            Self::Object => "object",
            Self::Any => "any",
        }
    }

    /// What a message calls a value of it.
    pub(crate) fn with_article(self) -> &'static str {
        match self {
            Self::String => "a text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::DateTime => "a date",
            Self::Array => "a list",
            Self::Object => "an object",
            Self::Any => "any value",
        }
    }
}

/// `value` as the type `to`; nothing stays nothing. Without `strict`, text that reads as the type is taken. The error says
/// what `field` got instead.
pub fn coerce(field: &str, value: &Value, to: FieldType, strict: bool, zone: &TimeZone) -> Result<Value, String> {
    if value.is_nullish() || to == FieldType::Any {
        return Ok(value.clone());
    }
    let coerced = match to {
        FieldType::String if strict => value.as_str().map(|_| value.clone()),
        FieldType::String => Some(Value::String(to_text(value))),
        FieldType::Number if strict => value.as_f64().map(Value::Number),
        FieldType::Number => as_number(value).map(Value::Number),
        FieldType::Boolean if strict => value.as_bool().map(Value::Bool),
        FieldType::Boolean => to_boolean(value).map(Value::Bool),
        FieldType::DateTime => to_date_time(value, zone).map(Value::from),
        FieldType::Array if is_array(value) => Some(value.clone()),
        FieldType::Object if is_object(value) => Some(value.clone()),
        FieldType::Array | FieldType::Object if strict => None,
        FieldType::Array => value
            .as_str()
            .and_then(|text| from_json(text).or_else(|_| from_json(&text.replace('\'', "\""))).ok().filter(is_array)),
        FieldType::Object => value.as_str().and_then(read_object),
        FieldType::Any => Some(value.clone()),
    };
    coerced.ok_or_else(|| format!("'{field}' expects a {} but we got {}", to.name(), shown(value)))
}

fn is_array(value: &Value) -> bool {
    value.as_array().is_some()
}

fn is_object(value: &Value) -> bool {
    value.as_object().is_some()
}

/// The object that a text is: JSON, or as JavaScript writes it.
pub(crate) fn read_object(text: &str) -> Option<Value> {
    from_json(text).or_else(|_| from_json(&relaxed::to_json(text).unwrap_or_default())).ok().filter(is_object)
}

/// How a message shows a value.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Undefined => "undefined".into(),
        Value::Null => "null".into(),
        Value::Object(_) => "object".into(),
        Value::Array(_) => "array".into(),
        Value::String(text) => format!("'{text}'"),
        other => to_text(other).to_string(),
    }
}

/// The same, with its type and no longer than a message can be.
pub(crate) fn shown_shortly(value: &Value) -> String {
    const MOST: usize = 80;
    let text = match value {
        Value::String(text) => format!("the text “{text}”"),
        Value::Number(_) => format!("the number {}", to_text(value)),
        Value::Array(array) => format!("a list of {}", array.len()),
        Value::Object(_) => "an object".to_owned(),
        Value::DateTime(moment) => format!("the date {}", moment.to_iso()),
        Value::Undefined => "nothing".to_owned(),
        Value::Null | Value::Bool(_) | Value::Opaque(_) => shown(value),
    };
    if text.len() <= MOST { text } else { format!("{}…", &text[..text.floor_char_boundary(MOST)]) }
}

/// JavaScript's `String(value)`, but JSON for lists and objects and nothing for nothing.
pub(crate) fn to_text(value: &Value) -> Text {
    match value {
        Value::Undefined | Value::Null => "".into(),
        Value::Bool(truth) => if *truth { "true" } else { "false" }.into(),
        Value::Number(number) => number_text(*number).into(),
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) | Value::Opaque(_) => value.to_json().into(),
        Value::DateTime(moment) => moment.to_iso().into(),
    }
}

/// A number as JavaScript writes it, for the magnitudes that people use.
fn number_text(number: f64) -> String {
    if number.is_nan() {
        "NaN".into()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity".into() } else { "-Infinity".into() }
    } else if number == 0.0 {
        "0".into()
    } else if (1e-6..1e21).contains(&number.abs()) {
        format!("{number}")
    } else {
        // Rust writes 1e21, JavaScript 1e+21.
        let text = format!("{number:e}");
        if text.contains("e-") { text } else { text.replace('e', "e+") }
    }
}

/// JavaScript's `Number(value)`; `None` where that is NaN.
pub(crate) fn to_number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(0.0),
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        Value::Number(number) => Some(*number).filter(|n| !n.is_nan()),
        Value::String(text) => text_to_number(text.trim()),
        Value::DateTime(moment) => Some(moment.millis() as f64),
        Value::Undefined | Value::Array(_) | Value::Object(_) | Value::Opaque(_) => None,
    }
}

/// The same, with lists as JavaScript reads them: none is 0, one is its element.
pub(crate) fn as_number(value: &Value) -> Option<f64> {
    let mut value = value;
    while let Value::Array(array) = value {
        match array.as_slice() {
            [] => return Some(0.0),
            [Value::Bool(_)] => return None,
            [one] => value = one,
            _ => return None,
        }
    }
    to_number(value)
}

fn text_to_number(text: &str) -> Option<f64> {
    if text.is_empty() {
        return Some(0.0);
    }
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).ok().map(|n| n as f64);
        }
    }
    match text {
        "Infinity" | "+Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // Rust also reads "inf" and "nan", which JavaScript does not.
        _ if text.bytes().any(|b| b.is_ascii_alphabetic() && !matches!(b, b'e' | b'E')) => None,
        _ => text.parse().ok(),
    }
}

/// A switch's value: `true`, `"False"`, 0, `"1"`.
fn to_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Value::String(text) if text.trim().is_empty() => None,
        _ => match as_number(value)? {
            0.0 => Some(false),
            1.0 => Some(true),
            _ => None,
        },
    }
}

/// What JavaScript takes for true.
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) | Value::DateTime(_) | Value::Opaque(_) => true,
    }
}

/// A moment from a moment, from milliseconds since 1970, or from text: ISO 8601 (with `T` or a blank), RFC 2822, or what
/// JavaScript engines read besides. What names no zone is read in `zone`.
pub(crate) fn to_date_time(value: &Value, zone: &TimeZone) -> Option<DateTime> {
    match value {
        Value::DateTime(moment) => Some((**moment).clone()),
        Value::Number(millis) if millis.is_finite() => DateTime::from_millis(*millis as i64, zone.clone()),
        // A zone in brackets (RFC 9557) is kept.
        Value::String(text) => {
            let text = text.trim();
            let zoned = text.parse::<Zoned>().ok().map(DateTime::from);
            zoned.or_else(|| dates::read(text, zone)).or_else(|| dates::read_loosely(text, zone))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_no_moment() {
        for millis in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(to_date_time(&Value::Number(millis), &TimeZone::UTC).is_none());
        }
        assert!(to_date_time(&Value::Number(0.0), &TimeZone::UTC).is_some());
    }

    #[test]
    fn fields_are_coerced_as_n8n_does() {
        let json = |text: &str| from_json(text).unwrap();
        let zone = TimeZone::UTC;
        for (given, to, expected) in [
            ("12", FieldType::String, Some(r#""12""#)),
            (r#"{"a":1}"#, FieldType::String, Some(r#""{\"a\":1}""#)),
            (r#""1.5""#, FieldType::Number, Some("1.5")),
            (r#""""#, FieldType::Number, Some("0")),
            (r#""x""#, FieldType::Number, None),
            (r#""inf""#, FieldType::Number, None),
            (r#""TRUE""#, FieldType::Boolean, Some("true")),
            ("0", FieldType::Boolean, Some("false")),
            ("2", FieldType::Boolean, None),
            (r#""[1,2]""#, FieldType::Array, Some("[1,2]")),
            (r#""['a']""#, FieldType::Array, Some(r#"["a"]"#)),
            (r#"{"a":1}"#, FieldType::Array, None),
            (r#""{\"a\":1}""#, FieldType::Object, Some(r#"{"a":1}"#)),
            (r#""{a: 'b', 'c d': [1, 2,],}""#, FieldType::Object, Some(r#"{"a":"b","c d":[1,2]}"#)),
            (r#""[{a: 1}]""#, FieldType::Object, None),
            (r#""{a: b}""#, FieldType::Object, None),
            ("[]", FieldType::Number, Some("0")),
            (r#"["7"]"#, FieldType::Number, Some("7")),
            ("[1,2]", FieldType::Number, None),
            ("{}", FieldType::Number, None),
            (r#""000""#, FieldType::Boolean, Some("false")),
            (r#"" ""#, FieldType::Boolean, None),
            (r#""2026-01-31 10:00:00""#, FieldType::DateTime, Some(r#""2026-01-31T10:00:00.000Z""#)),
            (r#""2026-01-31T10:00+02:00""#, FieldType::DateTime, Some(r#""2026-01-31T08:00:00.000Z""#)),
            (r#""Sat, 31 Jan 2026 10:00:00 +0100""#, FieldType::DateTime, Some(r#""2026-01-31T09:00:00.000Z""#)),
            (r#""Jan 31, 2026""#, FieldType::DateTime, Some(r#""2026-01-31T00:00:00.000Z""#)),
            (r#""1769853600000""#, FieldType::DateTime, None),
            (r#""""#, FieldType::DateTime, None),
            ("[]", FieldType::DateTime, None),
            ("[1]", FieldType::Object, None),
            (r#""2026-01-31""#, FieldType::DateTime, Some(r#""2026-01-31T00:00:00.000Z""#)),
            (r#""never""#, FieldType::DateTime, None),
            ("null", FieldType::Number, Some("null")),
        ] {
            let coerced = coerce("f", &json(given), to, false, &zone).ok().map(|value| value.to_json());
            assert_eq!(coerced.as_deref(), expected, "{given} as {to:?}");
        }
    }

    #[test]
    fn strict_types_take_no_text_for_a_number() {
        let refused = coerce("age", &Value::from("7"), FieldType::Number, true, &TimeZone::UTC).unwrap_err();
        assert_eq!(refused, "'age' expects a number but we got '7'");
    }
}
