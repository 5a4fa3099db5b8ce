//! Conditions on values, joined by and/or: what If, Filter and Switch decide by.
//!
//! The shape and the meaning are those of n8n's filter object, in each of its versions (see [`Version`]).

mod compare;
mod n8n;
mod operator;
mod single;
#[cfg(test)]
mod tests;
mod untyped;

use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_value::Value;

use crate::coercion::{FieldType, coerce, is_truthy, shown_shortly, to_text};
use crate::descriptor::field;
use crate::{Field, NodeError, Parameter, ParameterType, Step, label};

pub(crate) use n8n::{Lifted, lift, of_first_version};
use operator::Operator;
pub(crate) use single::{Parted, SingleFilter, form, import_single};

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

/// What one filter reads differently from its node.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    case_sensitive: Option<bool>,
    type_validation: Option<TypeValidation>,
    version: Version,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum TypeValidation {
    Strict,
    Loose,
}

/// How values are read. Imported nodes keep the version that they were made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "u8")]
pub(crate) enum Version {
    /// The first If, Filter and Switch of n8n: values are compared as JavaScript compares them, whatever their types.
    Untyped,
    /// Loosely, every text but the empty one is true.
    V1,
    /// Loosely, `"false"` and `"0"` are false.
    V2,
    /// Besides, a blank text and the empty list are no number, where they were 0 (or of the wrong type).
    #[default]
    V3,
}

impl TryFrom<u8> for Version {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        match number {
            0 => Ok(Self::Untyped),
            1 => Ok(Self::V1),
            2 => Ok(Self::V2),
            3 => Ok(Self::V3),
            other => Err(format!("conditions have the versions 0 to 3, but not {other}")),
        }
    }
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

/// How a node reads the values of its conditions.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reading {
    /// Convert types where that is possible.
    pub loose: bool,
    /// Capitals do not matter.
    pub ignore_case: bool,
}

/// The same, for one filter.
#[derive(Clone, Copy)]
struct Manner<'a> {
    strict: bool,
    ignore_case: bool,
    version: Version,
    zone: &'a TimeZone,
}

/// The form's switch for [`Reading::loose`].
pub(crate) fn loose_field() -> Parameter {
    field(
        ParameterType::Boolean,
        "looseTypeValidation",
        label("Convert types where required", "Convertir les types si besoin"),
    )
    .literal()
    .or(false)
    .help("The text “12” is then a number, too.", "Le texte « 12 » est alors aussi un nombre.")
}

/// The form's switch for [`Reading::ignore_case`], among the options.
pub(crate) fn ignore_case_field() -> Parameter {
    field(ParameterType::Boolean, "ignoreCase", label("Ignore case", "Ignorer la casse")).literal().or(true).help(
        "Texts are compared in small letters. A regular expression sees the text in small letters.",
        "Les textes sont comparés en minuscules. Une expression régulière voit le texte en minuscules.",
    )
}

impl Conditions {
    /// Whether item `item` fulfils them. As many conditions are looked at as it takes to know: one that asks whether a field
    /// exists guards the one that compares it.
    pub(crate) fn hold(&self, step: &dyn Step, item: usize, reading: Reading) -> Result<bool, NodeError> {
        let manner = self.manner(step, reading);
        // All of none hold, but not any of none.
        let decisive = matches!(self.combinator, Combinator::Or);
        for (place, condition) in self.list.iter().enumerate() {
            let holds = condition
                .holds(step, item, manner)
                .map_err(|error| error.in_field(format!("conditions.conditions[{place}]")))?;
            if holds == decisive {
                return Ok(decisive);
            }
        }
        Ok(!decisive)
    }

    fn manner<'a>(&self, step: &'a dyn Step, reading: Reading) -> Manner<'a> {
        Manner {
            strict: self.options.type_validation.map_or(!reading.loose, |own| own == TypeValidation::Strict),
            ignore_case: self.options.case_sensitive.map_or(reading.ignore_case, |own| !own),
            version: self.options.version,
            zone: step.time_zone(),
        }
    }
}

impl Condition {
    fn holds(&self, step: &dyn Step, item: usize, manner: Manner<'_>) -> Result<bool, NodeError> {
        let Operator { kind, operation, right: right_kind } = self.operator;
        let left = self.left_value.resolve(step, item)?;
        // The form hides the right value of these; whatever is left in it does not count.
        let right = if operation.is_unary() { Value::Undefined } else { self.right_value.resolve(step, item)? };
        if manner.version == Version::Untyped {
            return untyped::holds(kind, operation, &left, &right, manner.zone);
        }
        let left = read(&left, kind, manner).ok_or_else(|| wrong_type("left", &left, kind, manner))?;
        let right = read(&right, right_kind, manner).ok_or_else(|| wrong_type("right", &right, right_kind, manner))?;
        compare::holds(kind, operation, &left, &right, manner.ignore_case)
    }
}

/// The value as its operator's type; nothing stays nothing, and `None` is what cannot be read so.
fn read(value: &Value, kind: FieldType, manner: Manner<'_>) -> Option<Value> {
    let is_nan = value.as_f64().is_some_and(f64::is_nan);
    let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    let is_empty = is_blank || value.as_array().is_some_and(<[Value]>::is_empty);
    match kind {
        // A moment reaches a node of n8n as its text, whatever is asked of it.
        FieldType::String if matches!(value, Value::DateTime(_)) => Some(to_text(value).into()),
        FieldType::Number if is_nan => Some(value.clone()),
        FieldType::Number if is_empty && manner.version >= Version::V3 => Some(Value::Null),
        FieldType::Object if !manner.strict && value.as_str().is_some_and(|text| text.trim() == "null") => {
            Some(Value::Null)
        }
        FieldType::Boolean if !manner.strict && !value.is_nullish() => {
            // Loosely, everything is true or false.
            let read = if manner.version == Version::V1 { None } else { coerced(value, kind, manner) };
            Some(read.unwrap_or_else(|| Value::Bool(is_truthy(value))))
        }
        _ => coerced(value, kind, manner),
    }
}

fn coerced(value: &Value, kind: FieldType, manner: Manner<'_>) -> Option<Value> {
    coerce("", value, kind, manner.strict, manner.zone).ok()
}

fn wrong_type(side: &str, value: &Value, kind: FieldType, manner: Manner<'_>) -> NodeError {
    let (found, wanted) = (shown_shortly(value), kind.with_article());
    if manner.strict {
        let message = format!("The {side} value is {found}, but {wanted} is expected.");
        NodeError::new("condition_type", message)
            .describe("Choose an operation of the value's type, or “Convert types where required”.")
    } else {
        NodeError::new("condition_type", format!("The {side} value, {found}, cannot be read as {wanted}."))
            .describe("Choose an operation of the value's type, or change the value before it comes here.")
    }
}
