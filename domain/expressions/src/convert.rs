//! JavaScript's conversions between types that need no evaluation (ECMA-262, section 7.1).

use weft_value::Value;

use crate::special::{Special, special};

/// `Boolean(value)`.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) | Value::DateTime(_) | Value::Opaque(_) => true,
    }
}

/// `typeof value`.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Undefined => "undefined",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Opaque(_) if special(value).is_some_and(Special::is_callable) => "function",
        Value::Null | Value::Array(_) | Value::Object(_) | Value::DateTime(_) | Value::Opaque(_) => "object",
    }
}

/// Whether JavaScript counts `c` as white space.
pub(crate) fn is_space(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

/// `Number(text)`.
pub(crate) fn text_to_number(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return 0.0;
    }
    if let Some((radix, digits)) = radix_prefix(text) {
        return integer(digits, radix).filter(|(_, rest)| rest.is_empty()).map_or(f64::NAN, |(number, _)| number);
    }
    match decimal_prefix(text) {
        Some((number, "")) => number,
        _ => f64::NAN,
    }
}

fn radix_prefix(text: &str) -> Option<(u32, &str)> {
    let radix = match text.get(..2)? {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    Some((radix, &text[2..]))
}

/// The whole number that `text` begins with, and what follows it.
pub(crate) fn integer(text: &str, radix: u32) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_digit(radix)).unwrap_or(text.len());
    if end == 0 {
        return None;
    }
    if radix == 10 {
        return Some((text[..end].parse().unwrap_or(f64::NAN), &text[end..]));
    }
    let digits = text[..end].chars().filter_map(|c| c.to_digit(radix));
    Some((digits.fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit)), &text[end..]))
}

/// The decimal number that `text` begins with (`parseFloat`), and what follows it.
pub(crate) fn decimal_prefix(text: &str) -> Option<(f64, &str)> {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if let Some(rest) = text[at..].strip_prefix("Infinity") {
        return Some((if bytes[0] == b'-' { f64::NEG_INFINITY } else { f64::INFINITY }, rest));
    }
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(at);
    at += whole;
    let mut fraction = 0;
    if bytes.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        if whole + fraction > 0 {
            at += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = bytes.get(at + 1 + sign..).map_or(0, |_| digits(at + 1 + sign));
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    Some((text[..at].parse().unwrap_or(f64::NAN), &text[at..]))
}

/// `String(number)` (ECMA-262, `Number::toString` with radix 10).
pub(crate) fn number_to_string(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return (number as i64).to_string();
    }
    // Rust writes the shortest digits that read back as the same number, as JavaScript asks for.
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", place_point(&digits, point))
}

fn place_point(digits: &str, point: i32) -> String {
    let count = digits.len() as i32;
    if count <= point && point <= 21 {
        return format!("{digits}{}", "0".repeat((point - count) as usize));
    }
    if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(point as usize);
        return format!("{whole}.{fraction}");
    }
    if -6 < point && point <= 0 {
        return format!("0.{}{digits}", "0".repeat(-point as usize));
    }
    let (first, rest) = digits.split_at(1);
    let point_and_rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
    format!("{first}{point_and_rest}e{}{}", if point > 0 { '+' } else { '-' }, (point - 1).abs())
}

/// `ToInt32`.
pub(crate) fn to_int32(number: f64) -> i32 {
    to_uint32(number) as i32
}

/// `ToUint32`.
pub(crate) fn to_uint32(number: f64) -> u32 {
    if !number.is_finite() {
        return 0;
    }
    number.trunc().rem_euclid(4_294_967_296.0) as u32
}

/// `ToIntegerOrInfinity`, as an `f64`.
pub(crate) fn to_integer(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number.trunc() }
}

/// `===`.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => std::sync::Arc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => std::sync::Arc::ptr_eq(a, b),
        (Value::DateTime(a), Value::DateTime(b)) => std::sync::Arc::ptr_eq(a, b),
        (Value::Opaque(x), Value::Opaque(y)) => x == y || same_special(a, b),
        _ => false,
    }
}

/// `Date === Date`, though each mention makes its own value; and a set or a map by whatever value names it.
fn same_special(a: &Value, b: &Value) -> bool {
    match (special(a), special(b)) {
        (Some(Special::Namespace(a)), Some(Special::Namespace(b))) => a == b,
        (Some(Special::Set(a) | Special::Map(a)), Some(Special::Set(b) | Special::Map(b))) => a == b,
        (Some(Special::Native(a)), Some(Special::Native(b))) => std::ptr::eq(*a, *b),
        _ => false,
    }
}

/// `SameValueZero`, by which lists and sets look for elements.
pub(crate) fn same_value_zero(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || (a.is_nan() && b.is_nan()),
        _ => same(a, b),
    }
}
