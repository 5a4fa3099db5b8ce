//! Conditions on values, joined by and/or: what If (and later Filter and Switch) decide by.

use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_value::Value;

use crate::coercion::{FieldType, coerce, is_truthy, to_text};
use crate::{Field, NodeError, Step};

/// A filter: conditions and how they are read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Conditions {
    #[serde(rename = "conditions")]
    list: Vec<Condition>,
    combinator: Combinator,
    options: Options,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Combinator {
    #[default]
    And,
    Or,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    case_sensitive: bool,
    type_validation: TypeValidation,
}

impl Default for Options {
    fn default() -> Self {
        Self { case_sensitive: true, type_validation: TypeValidation::Strict }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum TypeValidation {
    #[default]
    Strict,
    Loose,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Condition {
    #[serde(default)]
    left_value: Field,
    #[serde(default)]
    right_value: Field,
    operator: Operator,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operator {
    #[serde(rename = "type")]
    kind: FieldType,
    operation: Operation,
    #[serde(default)]
    right_type: Option<FieldType>,
}

/// What is asked of the left value; not every operation belongs to every type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Exists,
    NotExists,
    Empty,
    NotEmpty,
    Equals,
    NotEquals,
    Contains,
    NotContains,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
    Regex,
    NotRegex,
    Gt,
    Lt,
    Gte,
    Lte,
    After,
    Before,
    AfterOrEquals,
    BeforeOrEquals,
    True,
    False,
    LengthEquals,
    LengthNotEquals,
    LengthGt,
    LengthLt,
    LengthGte,
    LengthLte,
}

/// How the values are read, whatever the filter's own options say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// Convert types where that is possible.
    pub loose: bool,
    /// Capitals do not matter.
    pub ignore_case: bool,
}

impl Conditions {
    /// Whether item `item` fulfils them; no condition is always fulfilled.
    pub(crate) fn hold(&self, step: &dyn Step, item: usize, reading: Reading) -> Result<bool, NodeError> {
        let strict = !reading.loose && self.options.type_validation == TypeValidation::Strict;
        let ignore_case = reading.ignore_case || !self.options.case_sensitive;
        // Every condition is looked at, so that a wrong type never hides behind another condition.
        let mut all = true;
        let mut any = false;
        for (place, condition) in self.list.iter().enumerate() {
            let holds = condition
                .holds(step, item, strict, ignore_case)
                .map_err(|error| error.in_field(format!("conditions.conditions[{place}]")))?;
            all &= holds;
            any |= holds;
        }
        Ok(match self.combinator {
            Combinator::And => all,
            Combinator::Or => any || self.list.is_empty(),
        })
    }
}

impl Condition {
    fn holds(&self, step: &dyn Step, item: usize, strict: bool, ignore_case: bool) -> Result<bool, NodeError> {
        let zone = step.time_zone();
        let kind = self.operator.kind;
        let right_kind = self.operator.right_type.unwrap_or(match (kind, self.operator.operation) {
            (FieldType::Array, Operation::Contains | Operation::NotContains) | (FieldType::Object, _) => FieldType::Any,
            (FieldType::Array, _) => FieldType::Number,
            _ => kind,
        });
        let left = read(&self.left_value.resolve(step, item)?, kind, strict, zone)?;
        if let Some(answer) = existence(self.operator.operation, &left, kind) {
            return Ok(answer);
        }
        let right = read(&self.right_value.resolve(step, item)?, right_kind, strict, zone)?;
        match kind {
            FieldType::String => text(self.operator.operation, &left, &right, ignore_case),
            FieldType::Number => number(self.operator.operation, &left, &right),
            FieldType::Boolean => boolean(self.operator.operation, &left, &right),
            FieldType::DateTime => moment(self.operator.operation, &left, &right),
            FieldType::Array => list(self.operator.operation, &left, &right, ignore_case),
            FieldType::Object | FieldType::Any => Err(unknown(self.operator.operation, kind)),
        }
    }
}

/// The value as its operator's type.
fn read(value: &Value, kind: FieldType, strict: bool, zone: &TimeZone) -> Result<Value, NodeError> {
    if kind == FieldType::Boolean && !strict && !value.is_nullish() {
        // Loosely, everything is true or false.
        return Ok(coerce("", value, kind, false, zone).unwrap_or_else(|_| Value::Bool(is_truthy(value))));
    }
    if kind == FieldType::Number && value.as_f64().is_some_and(f64::is_nan) {
        return Ok(value.clone());
    }
    coerce("", value, kind, strict, zone).map_err(|message| {
        let error = NodeError::new("condition_type", format!("Wrong type:{}.", message.trim_start_matches("''")));
        if strict {
            error.describe("Choose an operation of the value's type, or “Convert types where required”.")
        } else {
            error
        }
    })
}

/// The operations that only ask whether there is something.
fn existence(operation: Operation, left: &Value, kind: FieldType) -> Option<bool> {
    let exists = !left.is_nullish() && !left.as_f64().is_some_and(f64::is_nan);
    let empty = match (kind, left) {
        (FieldType::String, Value::String(text)) => text.is_empty(),
        (FieldType::Array, Value::Array(array)) => array.is_empty(),
        (FieldType::Object, Value::Object(object)) => object.is_empty(),
        _ => !exists,
    };
    match operation {
        Operation::Exists => Some(exists),
        Operation::NotExists => Some(!exists),
        Operation::Empty => Some(empty),
        Operation::NotEmpty => Some(!empty),
        _ => None,
    }
}

fn unknown(operation: Operation, kind: FieldType) -> NodeError {
    NodeError::new("condition", format!("The operation {operation:?} is not known for values of type {kind:?}."))
        .finally()
}

fn text(operation: Operation, left: &Value, right: &Value, ignore_case: bool) -> Result<bool, NodeError> {
    let (left, right) = (to_text(left), to_text(right));
    if matches!(operation, Operation::Regex | Operation::NotRegex) {
        return Ok(matches(&left, &right, ignore_case)? == (operation == Operation::Regex));
    }
    if ignore_case {
        return compare_texts(operation, &left.to_lowercase(), &right.to_lowercase());
    }
    compare_texts(operation, &left, &right)
}

fn compare_texts(operation: Operation, left: &str, right: &str) -> Result<bool, NodeError> {
    match operation {
        Operation::Equals => Ok(left == right),
        Operation::NotEquals => Ok(left != right),
        Operation::Contains => Ok(left.contains(right)),
        Operation::NotContains => Ok(!left.contains(right)),
        Operation::StartsWith => Ok(left.starts_with(right)),
        Operation::NotStartsWith => Ok(!left.starts_with(right)),
        Operation::EndsWith => Ok(left.ends_with(right)),
        Operation::NotEndsWith => Ok(!left.ends_with(right)),
        other => Err(unknown(other, FieldType::String)),
    }
}

/// Whether `pattern` (`^a`, or `/^a/i` with flags) is found in `text`. The engine is linear in the text's length, so that no
/// pattern can hold up an execution.
fn matches(text: &str, pattern: &str, ignore_case: bool) -> Result<bool, NodeError> {
    let (body, flags) = match pattern.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) {
        Some((body, flags)) if flags.bytes().all(|b| b.is_ascii_alphabetic()) => (body, flags),
        _ => (pattern, ""),
    };
    regex::RegexBuilder::new(body)
        .case_insensitive(flags.contains('i') || (ignore_case && flags.is_empty()))
        .multi_line(flags.contains('m'))
        .dot_matches_new_line(flags.contains('s'))
        .size_limit(1 << 20)
        .build()
        .map(|regex| regex.is_match(text))
        .map_err(|error| {
            NodeError::new("condition_pattern", "This pattern cannot be understood.").describe(error.to_string())
        })
}

fn number(operation: Operation, left: &Value, right: &Value) -> Result<bool, NodeError> {
    // Nothing is neither smaller nor larger than a number, and equals only nothing.
    let (Some(left), Some(right)) = (left.as_f64(), right.as_f64()) else {
        return nothing_compared(operation, left, right, FieldType::Number);
    };
    match operation {
        Operation::Equals => Ok(left == right),
        Operation::NotEquals => Ok(left != right),
        Operation::Gt => Ok(left > right),
        Operation::Lt => Ok(left < right),
        Operation::Gte => Ok(left >= right),
        Operation::Lte => Ok(left <= right),
        other => Err(unknown(other, FieldType::Number)),
    }
}

fn nothing_compared(operation: Operation, left: &Value, right: &Value, kind: FieldType) -> Result<bool, NodeError> {
    match operation {
        Operation::Equals => Ok(left == right),
        Operation::NotEquals => Ok(left != right),
        Operation::Gt | Operation::Lt | Operation::Gte | Operation::Lte => Ok(false),
        other => Err(unknown(other, kind)),
    }
}

fn boolean(operation: Operation, left: &Value, right: &Value) -> Result<bool, NodeError> {
    match operation {
        Operation::True => Ok(is_truthy(left)),
        Operation::False => Ok(!is_truthy(left)),
        Operation::Equals => Ok(left == right),
        Operation::NotEquals => Ok(left != right),
        other => Err(unknown(other, FieldType::Boolean)),
    }
}

fn moment(operation: Operation, left: &Value, right: &Value) -> Result<bool, NodeError> {
    let (Value::DateTime(left), Value::DateTime(right)) = (left, right) else {
        return Ok(false);
    };
    let (left, right) = (left.millis(), right.millis());
    match operation {
        Operation::Equals => Ok(left == right),
        Operation::NotEquals => Ok(left != right),
        Operation::After => Ok(left > right),
        Operation::Before => Ok(left < right),
        Operation::AfterOrEquals => Ok(left >= right),
        Operation::BeforeOrEquals => Ok(left <= right),
        other => Err(unknown(other, FieldType::DateTime)),
    }
}

fn list(operation: Operation, left: &Value, right: &Value, ignore_case: bool) -> Result<bool, NodeError> {
    let left = left.as_array().unwrap_or_default();
    let length = left.len() as f64;
    let wanted = right.as_f64().unwrap_or(f64::NAN);
    match operation {
        Operation::Contains => Ok(contains(left, right, ignore_case)),
        Operation::NotContains => Ok(!contains(left, right, ignore_case)),
        Operation::LengthEquals => Ok(length == wanted),
        Operation::LengthNotEquals => Ok(length != wanted),
        Operation::LengthGt => Ok(length > wanted),
        Operation::LengthLt => Ok(length < wanted),
        Operation::LengthGte => Ok(length >= wanted),
        Operation::LengthLte => Ok(length <= wanted),
        other => Err(unknown(other, FieldType::Array)),
    }
}

fn contains(list: &[Value], wanted: &Value, ignore_case: bool) -> bool {
    list.iter().any(|entry| match (entry, wanted) {
        (Value::String(entry), Value::String(wanted)) if ignore_case => entry.to_lowercase() == wanted.to_lowercase(),
        (entry, wanted) => entry == wanted,
    })
}
