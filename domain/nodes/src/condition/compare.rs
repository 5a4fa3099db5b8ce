//! Two values of known types, compared.

use std::cmp::Ordering;

use weft_expressions::Pattern;
use weft_value::{Text, Value};

use super::operator::Operation;
use crate::NodeError;
use crate::coercion::{FieldType, is_truthy, to_text};

/// Whether the operation holds for values that were read as its types.
pub(super) fn holds(
    kind: FieldType,
    operation: Operation,
    left: &Value,
    right: &Value,
    ignore_case: bool,
) -> Result<bool, NodeError> {
    match operation {
        Operation::Never => return Ok(false),
        Operation::Exists => return Ok(exists(left)),
        Operation::NotExists => return Ok(!exists(left)),
        Operation::Empty => return Ok(is_empty(kind, left)),
        Operation::NotEmpty => return Ok(!is_empty(kind, left)),
        _ => {}
    }
    Ok(match kind {
        FieldType::String => return text(operation, left, right, ignore_case),
        FieldType::Number => number(operation, left, right),
        FieldType::Boolean => boolean(operation, left, right),
        FieldType::DateTime => moment(operation, left, right),
        FieldType::Array => list(operation, left, right, ignore_case),
        FieldType::Object | FieldType::Any => false,
    })
}

fn exists(value: &Value) -> bool {
    !value.is_nullish() && !value.as_f64().is_some_and(f64::is_nan)
}

fn is_empty(kind: FieldType, value: &Value) -> bool {
    match (kind, value) {
        (FieldType::String, Value::String(text)) => text.is_empty(),
        (FieldType::Array, Value::Array(array)) => array.is_empty(),
        (FieldType::Object, Value::Object(object)) => object.is_empty(),
        _ => !exists(value),
    }
}

fn text(operation: Operation, left: &Value, right: &Value, ignore_case: bool) -> Result<bool, NodeError> {
    let folded = |value: &Value| -> Text {
        let text = to_text(value);
        if ignore_case { text.to_lowercase().into() } else { text }
    };
    if matches!(operation, Operation::Regex | Operation::NotRegex) {
        // The pattern stays as it is: in small letters `\S` would be `\s`.
        return Ok(matches(&folded(left), &to_text(right))? == (operation == Operation::Regex));
    }
    Ok(compare_texts(operation, &folded(left), &folded(right)))
}

pub(super) fn compare_texts(operation: Operation, left: &str, right: &str) -> bool {
    match operation {
        Operation::Equals => left == right,
        Operation::NotEquals => left != right,
        Operation::Contains => left.contains(right),
        Operation::NotContains => !left.contains(right),
        Operation::StartsWith => left.starts_with(right),
        Operation::NotStartsWith => !left.starts_with(right),
        Operation::EndsWith => left.ends_with(right),
        Operation::NotEndsWith => !left.ends_with(right),
        _ => false,
    }
}

/// Whether `pattern` (`^a`, or `/^a/i` with flags) is found in `text`.
pub(super) fn matches(text: &str, pattern: &str) -> Result<bool, NodeError> {
    let (source, flags) = match pattern.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) {
        Some((source, flags)) if flags.bytes().all(|flag| b"gimusy".contains(&flag)) => (source, flags),
        _ => (pattern, ""),
    };
    let pattern = Pattern::new(source, flags).map_err(|error| {
        NodeError::new("condition_pattern", error.to_string())
            .describe("Write a regular expression as JavaScript knows it: ^[a-z]+$, or with flags /^[a-z]+$/i.")
    })?;
    pattern.is_match(text).map_err(|error| NodeError::new("condition_pattern", error.to_string()).finally())
}

/// As in JavaScript, `null` is 0 beside `<` and `>`, and what is missing is neither smaller nor larger.
fn operand(value: &Value) -> f64 {
    match value {
        Value::Null => 0.0,
        value => value.as_f64().unwrap_or(f64::NAN),
    }
}

fn number(operation: Operation, left: &Value, right: &Value) -> bool {
    ordered(operation, operand(left).partial_cmp(&operand(right)), left == right)
}

/// What the order of two values says; `None` where they have none.
pub(super) fn ordered(operation: Operation, order: Option<Ordering>, same: bool) -> bool {
    match operation {
        Operation::Equals => same,
        Operation::NotEquals => !same,
        Operation::Gt | Operation::After => order.is_some_and(Ordering::is_gt),
        Operation::Lt | Operation::Before => order.is_some_and(Ordering::is_lt),
        Operation::Gte | Operation::AfterOrEquals => order.is_some_and(Ordering::is_ge),
        Operation::Lte | Operation::BeforeOrEquals => order.is_some_and(Ordering::is_le),
        _ => false,
    }
}

fn boolean(operation: Operation, left: &Value, right: &Value) -> bool {
    match operation {
        Operation::True => is_truthy(left),
        Operation::False => !is_truthy(left),
        Operation::Equals => left == right,
        Operation::NotEquals => left != right,
        _ => false,
    }
}

fn moment(operation: Operation, left: &Value, right: &Value) -> bool {
    // Where a moment is missing, nothing holds, `notEquals` included.
    let (Value::DateTime(left), Value::DateTime(right)) = (left, right) else { return false };
    let order = left.millis().cmp(&right.millis());
    ordered(operation, Some(order), order.is_eq())
}

fn list(operation: Operation, left: &Value, right: &Value, ignore_case: bool) -> bool {
    let list = left.as_array().unwrap_or_default();
    let length = list.len() as f64;
    let order = length.partial_cmp(&operand(right));
    let is_equal = right.as_f64() == Some(length);
    match operation {
        Operation::Contains => contains(list, right, ignore_case),
        Operation::NotContains => !contains(list, right, ignore_case),
        Operation::LengthEquals => is_equal,
        Operation::LengthNotEquals => !is_equal,
        Operation::LengthGt => order.is_some_and(Ordering::is_gt),
        Operation::LengthLt => order.is_some_and(Ordering::is_lt),
        Operation::LengthGte => order.is_some_and(Ordering::is_ge),
        Operation::LengthLte => order.is_some_and(Ordering::is_le),
        _ => false,
    }
}

fn contains(list: &[Value], wanted: &Value, ignore_case: bool) -> bool {
    match wanted {
        Value::String(wanted) if ignore_case => {
            let wanted = wanted.to_lowercase();
            list.iter().any(|entry| entry.as_str().is_some_and(|entry| entry.to_lowercase() == wanted))
        }
        Value::Number(wanted) if wanted.is_nan() => list.iter().any(|entry| entry.as_f64().is_some_and(f64::is_nan)),
        wanted => list.contains(wanted),
    }
}
