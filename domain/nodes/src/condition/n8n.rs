//! From n8n's conditions to ours.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};
use weft_value::{Object, Value};

use super::operator::Operation;
use crate::Unsupported;
use crate::coercion::FieldType;

/// The filter objects of a node of n8n's second generation, as ours.
#[derive(Debug, Default)]
pub(crate) struct Lifted {
    /// They convert types.
    pub loose: bool,
    /// Capitals do not matter to them.
    pub ignore_case: bool,
    /// One filter for each of n8n's.
    pub filters: Vec<Value>,
    /// What the person should know.
    pub remarks: Vec<String>,
}

/// How one filter object reads values.
#[derive(Clone, Copy, PartialEq)]
struct Reading {
    loose: bool,
    ignore_case: bool,
    version: f64,
}

/// Takes the filter objects of a node with these parameters. n8n keeps in every filter object how it reads values, and decides
/// by that; here the node says it, unless its filters differ.
pub(crate) fn lift<'a>(node: &Value, filters: impl IntoIterator<Item = &'a Value>) -> Lifted {
    let filters: Vec<&Value> = filters.into_iter().collect();
    let readings: Vec<Reading> = filters.iter().map(|filter| reading(node, filter.get("options"))).collect();
    let common = readings.first().copied().unwrap_or_else(|| reading(node, &Value::Undefined));
    let mut lifted = Lifted { loose: common.loose, ignore_case: common.ignore_case, ..Lifted::default() };
    for (filter, reading) in filters.into_iter().zip(readings) {
        let list = filter.get("conditions").as_array().unwrap_or_default();
        let list: Vec<Value> = list.iter().map(|one| known(one, &mut lifted.remarks)).collect();
        let mut new: Object = [("conditions", Value::from(list))].into_iter().collect();
        new.insert("combinator", if filter.get("combinator").as_str() == Some("or") { "or" } else { "and" });
        let mut options: Object = [("version", Value::Number(reading.version))].into_iter().collect();
        if (reading.loose, reading.ignore_case) != (common.loose, common.ignore_case) {
            options.insert("typeValidation", if reading.loose { "loose" } else { "strict" });
            options.insert("caseSensitive", !reading.ignore_case);
        }
        new.insert("options", options);
        lifted.filters.push(new.into());
    }
    lifted
}

fn reading(node: &Value, options: &Value) -> Reading {
    let is_true = |value: &Value| value.as_bool() == Some(true);
    if options.as_object().is_none() {
        let on_node = node.get("options");
        let loose = is_true(node.get("looseTypeValidation")) || is_true(on_node.get("looseTypeValidation"));
        return Reading { loose, ignore_case: is_true(on_node.get("ignoreCase")), version: 1.0 };
    }
    let version = options.get("version").as_f64().filter(|version| [1.0, 2.0, 3.0].contains(version));
    Reading {
        loose: options.get("typeValidation").as_str() != Some("strict"),
        ignore_case: !is_true(options.get("caseSensitive")),
        version: version.unwrap_or(1.0),
    }
}

/// The condition; one whose operation its type does not have never holds in n8n.
fn known(condition: &Value, remarks: &mut Vec<String>) -> Value {
    let mut new = condition.as_object().cloned().unwrap_or_default();
    let operator = condition.get("operator");
    let kind: Option<FieldType> = named(operator.get("type"));
    let operation: Option<Operation> = named(operator.get("operation"));
    if let (Some(kind), Some(operation)) = (kind, operation)
        && operation.is_of(kind)
    {
        return new.into();
    }
    let called = |key: &str| operator.get(key).as_str().unwrap_or("?").to_owned();
    let (kind_name, operation_name) = (called("type"), called("operation"));
    remarks.push(remark(&kind_name, &operation_name));
    let kind_name = if kind.is_some() { kind_name } else { "any".to_owned() };
    let right = operator.get("rightType").clone();
    let mut never: Object = [("type", Value::from(kind_name)), ("operation", "never".into())].into_iter().collect();
    if named::<FieldType>(&right).is_some() {
        never.insert("rightType", right);
    }
    new.insert("operator", never);
    new.into()
}

/// What `name` names, where it is known.
fn named<T: DeserializeOwned>(name: &Value) -> Option<T> {
    let name: StrDeserializer<'_, Error> = name.as_str()?.into_deserializer();
    T::deserialize(name).ok()
}

/// What a person is told of a condition with an operation that n8n does not know.
fn remark(kind: &str, operation: &str) -> String {
    format!("A condition asks for “{operation}” of a value of type “{kind}”, which n8n does not know: it never holds.")
}

/// The filter of the first generation's conditions, each with its type: `value1`, `operation`, `value2`.
pub(crate) fn of_first_version<'a>(
    conditions: impl IntoIterator<Item = (&'a str, &'a Value)>,
    any: bool,
) -> Result<Value, Unsupported> {
    let list: Result<Vec<Value>, Unsupported> =
        conditions.into_iter().map(|(kind, old)| of_first_condition(kind, old)).collect();
    let options: Object = [("version", 0.0)].into_iter().collect();
    let conditions: Object = [
        ("conditions", Value::from(list?)),
        ("combinator", if any { "or" } else { "and" }.into()),
        ("options", options.into()),
    ]
    .into_iter()
    .collect();
    Ok(conditions.into())
}

fn of_first_condition(kind: &str, old: &Value) -> Result<Value, Unsupported> {
    let default = match kind {
        "number" => "smaller",
        "dateTime" => "after",
        _ => "equal",
    };
    let operation = match old.get("operation").as_str().unwrap_or(default) {
        "equal" => "equals",
        "notEqual" => "notEquals",
        "smaller" => "lt",
        "smallerEqual" => "lte",
        "larger" => "gt",
        "largerEqual" => "gte",
        "isEmpty" => "empty",
        "isNotEmpty" => "notEmpty",
        known @ ("contains" | "notContains" | "startsWith" | "notStartsWith" | "endsWith" | "notEndsWith" | "regex"
        | "notRegex" | "after" | "before") => known,
        other => {
            let message = format!("The condition “{other}” of this n8n node is not known.");
            return Err(Unsupported { message, field: Some(format!("conditions.{kind}")) });
        }
    };
    let nothing = match kind {
        "number" => Value::Number(0.0),
        "boolean" => Value::Bool(false),
        _ => Value::from(""),
    };
    let side = |name: &str| if old.get(name).is_undefined() { nothing.clone() } else { old.get(name).clone() };
    let operator: Object = [("type", kind), ("operation", operation)].into_iter().collect();
    let condition: Object =
        [("leftValue", side("value1")), ("rightValue", side("value2")), ("operator", operator.into())]
            .into_iter()
            .collect();
    Ok(condition.into())
}
