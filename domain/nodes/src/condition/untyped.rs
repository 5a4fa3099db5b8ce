//! Values of any type, compared as the first If, Filter and Switch of n8n do: a text may stand beside a number, and nothing is
//! an error but a moment that is none.

use std::cmp::Ordering;

use jiff::tz::TimeZone;
use weft_value::{Text, Value};

use super::compare::{compare_texts, matches, ordered};
use super::operator::Operation;
use crate::NodeError;
use crate::coercion::{FieldType, as_number, is_truthy, shown_shortly, to_date_time, to_text};

/// Whether the operation holds.
pub(super) fn holds(
    kind: FieldType,
    operation: Operation,
    left: &Value,
    right: &Value,
    zone: &TimeZone,
) -> Result<bool, NodeError> {
    match operation {
        Operation::Empty => return Ok(is_empty(left)),
        Operation::NotEmpty => return Ok(!is_empty(left)),
        Operation::Regex => return matches(&text(left), &text(right)),
        Operation::NotRegex => return matches(&text(left), &text(right)).map(|found| !found),
        _ => {}
    }
    Ok(match kind {
        FieldType::DateTime => {
            let order = moment("left", left, zone)?.cmp(&moment("right", right, zone)?);
            ordered(operation, Some(order), order.is_eq())
        }
        FieldType::String if !matches!(operation, Operation::Equals | Operation::NotEquals) => {
            compare_texts(operation, &text(left), &text(right))
        }
        _ => ordered(operation, order(left, right), left == right),
    })
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(array) => array.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Number(number) => number.is_nan(),
        Value::Bool(_) | Value::DateTime(_) | Value::Opaque(_) => false,
    }
}

/// What is false in JavaScript is no text.
fn text(value: &Value) -> Text {
    if is_truthy(value) { to_text(value) } else { Text::from("") }
}

/// The order of two texts, else of what the two are as numbers; what is false is 0.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let number = |value: &Value| if is_truthy(value) { as_number(value) } else { Some(0.0) };
    match (left, right) {
        (Value::String(left), Value::String(right)) if !left.is_empty() && !right.is_empty() => {
            // By UTF-16 code units, as JavaScript does.
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        (left, right) => number(left)?.partial_cmp(&number(right)?),
    }
}

fn moment(side: &str, value: &Value, zone: &TimeZone) -> Result<i64, NodeError> {
    to_date_time(value, zone).map(|moment| moment.millis()).ok_or_else(|| {
        let message = format!("The {side} value, {}, is no date.", shown_shortly(value));
        NodeError::new("condition_type", message).describe("Write a date like 2026-01-31T10:00:00Z.")
    })
}
