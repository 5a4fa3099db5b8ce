//! When two values are the same. Values are compared as JSON would write them, so that the answer is the same for a step
//! that is repeated from its record.

use std::borrow::Cow;
use std::fmt::Write;

use weft_value::{Object, Text, Value, from_json};

use crate::coercion::to_text;

/// How values are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Comparison {
    /// Type and value must be the same.
    #[default]
    Exact,
    /// Small differences of type do not matter: 3 and `"3"`, `true` and 1, nothing and `""`, an object and its JSON.
    Fuzzy,
    /// The same, and null is the same as 0 too.
    FuzzyWithZero,
}

impl Comparison {
    /// Whether two values are the same.
    pub(crate) fn is_same(self, left: &Value, right: &Value) -> bool {
        match self {
            Self::Exact => is_same(left, right),
            Self::Fuzzy | Self::FuzzyWithZero => self.is_alike(&plain(left), &plain(right)),
        }
    }

    fn is_alike(self, left: &Value, right: &Value) -> bool {
        use Value::{Bool, Number, String};
        if type_of(left).is_some_and(|kind| Some(kind) == type_of(right)) {
            return is_same(left, right);
        }
        let null_and_zero = |left: &Value, right: &Value| *left == Value::Null && is_zero(right);
        if self == Self::FuzzyWithZero && (null_and_zero(left, right) || null_and_zero(right, left)) {
            return true;
        }
        if is_nothing(left) && is_nothing(right) {
            return true;
        }
        match (left, right) {
            (number @ Number(_), String(text)) | (String(text), number @ Number(_)) => to_text(number) == *text,
            (Bool(truth), String(text)) | (String(text), Bool(truth)) => truth_of(text) == Some(*truth),
            (Bool(truth), Number(number)) | (Number(number), Bool(truth)) => *number == f64::from(u8::from(*truth)),
            (container @ (Value::Array(_) | Value::Object(_)), String(text))
            | (String(text), container @ (Value::Array(_) | Value::Object(_))) => {
                container_in(text).is_some_and(|read| is_same(&read, container))
            }
            _ => is_same(left, right),
        }
    }

    /// Appends a key to `out` that is equal for values that are the same. For fuzzy comparisons, values that are not the
    /// same may share a key.
    pub(crate) fn write_key(self, value: &Value, out: &mut String) {
        match self {
            Self::Exact => write_exact(value, out),
            Self::Fuzzy | Self::FuzzyWithZero => write_fuzzy(value, out),
        }
    }
}

/// Whether JSON would write both alike, whatever the order of the keys.
fn is_same(left: &Value, right: &Value) -> bool {
    let (left, right) = (plain(left), plain(right));
    match (&*left, &*right) {
        (Value::Array(left), Value::Array(right)) => {
            // In a list, nothing is written as null.
            let entry = |left: &Value, right: &Value| (left.is_nullish() && right.is_nullish()) || is_same(left, right);
            left.len() == right.len() && left.iter().zip(right.iter()).all(|(left, right)| entry(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let present = |object: &Object| object.values().filter(|value| !value.is_undefined()).count();
            let has_same = |(key, value): (&Text, &Value)| {
                value.is_undefined() || right.get(key).is_some_and(|other| is_same(value, other))
            };
            present(left) == present(right) && left.iter().all(has_same)
        }
        (left, right) => left == right,
    }
}

/// What JSON would write for what is not JSON itself.
fn plain(value: &Value) -> Cow<'_, Value> {
    match value {
        Value::DateTime(moment) => Cow::Owned(moment.to_iso().into()),
        Value::Opaque(opaque) => Cow::Owned(opaque.to_plain()),
        Value::Number(number) if !number.is_finite() => Cow::Owned(Value::Null),
        other => Cow::Borrowed(other),
    }
}

/// The type for comparisons between types: lists are objects, as in JavaScript; null has none.
fn type_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Undefined => Some("undefined"),
        Value::Null => None,
        Value::Bool(_) => Some("boolean"),
        Value::Number(_) => Some("number"),
        Value::String(_) | Value::DateTime(_) => Some("string"),
        Value::Array(_) | Value::Object(_) | Value::Opaque(_) => Some("object"),
    }
}

/// Missing, null, an empty text, an empty list.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn is_zero(value: &Value) -> bool {
    value.as_f64() == Some(0.0) || value.as_str() == Some("0")
}

fn truth_of(text: &str) -> Option<bool> {
    if text == "1" || text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text == "0" || text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// The list or object that a text is the JSON of.
fn container_in(text: &str) -> Option<Value> {
    // Most texts are none: they are not even tried.
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    from_json(text).ok()
}

/// A key that two values share when they are the same and only then. Texts carry their length, so that no value can look
/// like two.
fn write_exact(value: &Value, out: &mut String) {
    match &*plain(value) {
        Value::Undefined => out.push('u'),
        Value::Null => out.push('n'),
        Value::Bool(truth) => out.push(if *truth { 't' } else { 'f' }),
        Value::Number(number) => write_number(*number, out),
        Value::String(text) => write_text(text, out),
        Value::Array(list) => {
            out.push('[');
            for entry in list.iter() {
                write_exact(if entry.is_undefined() { &Value::Null } else { entry }, out);
            }
            out.push(']');
        }
        Value::Object(object) => {
            let mut entries: Vec<_> = object.iter().filter(|(_, value)| !value.is_undefined()).collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.push('{');
            for (key, value) in entries {
                write_text(key, out);
                write_exact(value, out);
            }
            out.push('}');
        }
        // `plain` leaves none of these.
        Value::DateTime(_) | Value::Opaque(_) => {}
    }
}

/// The exact key of what stands for all values that may be the same as `value`: every kind of nothing, zero and false share
/// one, one and true another, a number and its text, an object and its JSON.
fn write_fuzzy(value: &Value, out: &mut String) {
    let value = plain(value);
    match &*value {
        _ if is_nothing(&value) || is_zero(&value) => out.push('0'),
        Value::Bool(truth) => out.push(if *truth { '1' } else { '0' }),
        Value::Number(1.0) => out.push('1'),
        number @ Value::Number(_) => write_text(&to_text(number), out),
        Value::String(text) => match (truth_of(text), container_in(text)) {
            (Some(truth), _) => out.push(if truth { '1' } else { '0' }),
            (None, Some(container)) if is_nothing(&container) => out.push('0'),
            (None, Some(container)) => write_exact(&container, out),
            (None, None) => write_text(text, out),
        },
        container => write_exact(container, out),
    }
}

fn write_number(number: f64, out: &mut String) {
    // Zero and minus zero are the same number with different bits.
    let bits = if number == 0.0 { 0 } else { number.to_bits() };
    // Writing into a string cannot fail.
    let _ = write!(out, "#{bits:x};");
}

fn write_text(text: &str, out: &mut String) {
    let _ = write!(out, "\"{}:", text.len());
    out.push_str(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(comparison: Comparison, value: &Value) -> String {
        let mut key = String::new();
        comparison.write_key(value, &mut key);
        key
    }

    /// Every value with every other: the comparisons agree with their keys.
    #[test]
    fn values_are_compared_by_what_json_would_write() {
        use Comparison::{Exact, Fuzzy, FuzzyWithZero};
        for (left, right, exact, fuzzy, with_zero) in [
            ("1", "1", true, true, true),
            ("1", "1.0", true, true, true),
            ("0", "-0", true, true, true),
            ("1", r#""1""#, false, true, true),
            ("0.1", r#""0.10""#, false, false, false),
            ("1e21", r#""1e+21""#, false, true, true),
            (r#""TRUE""#, "true", false, true, true),
            (r#""TRUE""#, r#""true""#, false, false, false),
            ("true", "1", false, true, true),
            ("false", r#""0""#, false, true, true),
            ("true", "2", false, false, false),
            ("null", r#""""#, false, true, true),
            ("null", "[]", false, true, true),
            ("[]", r#""""#, false, true, true),
            ("[]", r#"" [ ]""#, false, true, true),
            ("null", "0", false, false, true),
            (r#""0""#, "null", false, false, true),
            ("null", "false", false, false, false),
            ("{}", "null", false, false, false),
            (r#"{"a":1,"b":[2,{}]}"#, r#"{"b":[2,{}],"a":1}"#, true, true, true),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false, false, false),
            (r#"{"a":1}"#, r#"{"a":"1"}"#, false, false, false),
            (r#"{"a":[1]}"#, r#""{ \"a\": [1] }""#, false, true, true),
            ("[1,2]", "[2,1]", false, false, false),
            (r#"["ab"]"#, r#"["a","b"]"#, false, false, false),
            ("[1]", r#"{"0":1}"#, false, false, false),
            (r#""é""#, r#""e""#, false, false, false),
        ] {
            let (one, other) = (from_json(left).unwrap(), from_json(right).unwrap());
            for (comparison, expected) in [(Exact, exact), (Fuzzy, fuzzy), (FuzzyWithZero, with_zero)] {
                assert_eq!(comparison.is_same(&one, &other), expected, "{left} {comparison:?} {right}");
                assert_eq!(comparison.is_same(&other, &one), expected, "{right} {comparison:?} {left}");
                let shares_key = key(comparison, &one) == key(comparison, &other);
                assert!(shares_key || !expected, "{left} and {right} need the same key");
                assert!(comparison != Exact || shares_key == expected, "the exact key of {left} and {right}");
            }
        }
    }

    #[test]
    fn what_is_missing_is_nothing_but_not_null() {
        let object: Object = [("a", Value::Undefined), ("b", Value::Number(1.0))].into_iter().collect();
        assert!(is_same(&object.into(), &from_json(r#"{"b":1}"#).unwrap()));
        assert!(is_same(&vec![Value::Undefined].into(), &vec![Value::Null].into()));
        assert!(!is_same(&Value::Undefined, &Value::Null));
        assert!(Comparison::Fuzzy.is_same(&Value::Undefined, &Value::Null));
        assert!(is_same(&Value::Number(f64::NAN), &Value::Null));
    }
}
