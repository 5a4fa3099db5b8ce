//! What workflows can do with numbers besides JavaScript.

#![expect(clippy::trivially_copy_pass_by_ref, reason = "the tables of all types have one shape")]

use weft_value::{Text, Value};

use super::{Table, arg, datetime};
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

pub(super) const EXTENSIONS: Table<f64> = &[
    ("ceil", |_, number, _| Ok(Value::Number(number.ceil()))),
    ("floor", |_, number, _| Ok(Value::Number(number.floor()))),
    ("round", round),
    ("abs", |_, number, _| Ok(Value::Number(number.abs()))),
    ("isInteger", |_, number, _| Ok(Value::Bool(number.fract() == 0.0))),
    ("isEmpty", |_, number, _| Ok(Value::Bool(*number == 0.0 || number.is_nan()))),
    ("isNotEmpty", |_, number, _| Ok(Value::Bool(*number != 0.0 && !number.is_nan()))),
    ("isEven", |_, number, _| Ok(Value::Bool(whole("isEven", *number)? % 2.0 == 0.0))),
    ("isOdd", |_, number, _| Ok(Value::Bool(whole("isOdd", *number)?.abs() % 2.0 == 1.0))),
    ("format", super::number_format::to_locale_string),
    ("toBoolean", |_, number, _| Ok(Value::Bool(*number != 0.0))),
    ("toInt", |vm, number, _| round(vm, number, &[])),
    ("toFloat", |_, number, _| Ok(Value::Number(*number))),
    ("toNumber", |_, number, _| Ok(Value::Number(*number))),
    ("toDateTime", to_date_time),
];

fn whole(name: &str, number: f64) -> Outcome<f64> {
    if number.fract() == 0.0 {
        Ok(number)
    } else {
        Err(misuse(format!("{name}() can only be called on a whole number.")))
    }
}

fn round(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    let places = match arg(args, 0) {
        Value::Undefined => 0.0,
        other => vm.number(other)?,
    };
    let text = super::number::fixed(*number, places.clamp(0.0, 100.0) as usize);
    Ok(Value::Number(crate::convert::text_to_number(&text)))
}

pub(super) fn to_date_time(vm: &mut Vm<'_>, number: &f64, args: &[Value]) -> Outcome {
    let format = if arg(args, 0).is_undefined() { Text::from("ms") } else { vm.text(arg(args, 0))? };
    let millis = match format.as_str() {
        "ms" => *number,
        "s" => number * 1000.0,
        "us" => (number / 1000.0).trunc(),
        // Days since 1899-12-30; day 60 is the leap day of 1900 that never was.
        "excel" => ((number - 25569.0) * 86_400_000.0).round(),
        other => {
            return Err(misuse(format!("toDateTime() knows \"ms\", \"s\", \"us\" and \"excel\", not \"{other}\".")));
        }
    };
    Ok(datetime::from_millis(vm, millis))
}
