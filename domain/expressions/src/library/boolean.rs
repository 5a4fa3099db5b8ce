//! Methods of `true` and `false`.

use weft_value::Value;

use super::Table;

pub(super) const METHODS: Table<bool> = &[
    ("toString", |_, truth, _| Ok(Value::from(if *truth { "true" } else { "false" }))),
    ("valueOf", |_, truth, _| Ok(Value::Bool(*truth))),
];

pub(super) const EXTENSIONS: Table<bool> = &[
    ("isEmpty", |_, truth, _| Ok(Value::Bool(!*truth))),
    ("isNotEmpty", |_, truth, _| Ok(Value::Bool(*truth))),
    ("toBoolean", |_, truth, _| Ok(Value::Bool(*truth))),
    ("toInt", |_, truth, _| Ok(number(*truth))),
    ("toFloat", |_, truth, _| Ok(number(*truth))),
    ("toNumber", |_, truth, _| Ok(number(*truth))),
    ("toDateTime", |_, _, _| Ok(Value::Undefined)),
];

fn number(truth: bool) -> Value {
    Value::Number(f64::from(u8::from(truth)))
}
