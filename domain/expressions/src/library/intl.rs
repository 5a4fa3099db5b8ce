//! `Intl`: the formats of numbers and dates that are made once and used often.

use weft_value::Value;

use super::{Native, Table, arg, date, number_format};
use crate::special::{Formatter, Special, special, wrap};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

pub(super) static STATICS: &[Native] = &[
    Native { name: "NumberFormat", run: |_, args| Ok(made(Formatter::Number, args)) },
    Native { name: "DateTimeFormat", run: |_, args| Ok(made(Formatter::Date, args)) },
];

fn made(formatter: Formatter, args: &[Value]) -> Value {
    wrap(Special::Format(formatter, arg(args, 0).clone(), arg(args, 1).clone()))
}

pub(super) const METHODS: Table<Value> = &[("format", format)];

fn format(vm: &mut Vm<'_>, this: &Value, args: &[Value]) -> Outcome {
    match special(this) {
        Some(Special::Format(Formatter::Number, locale, options)) => {
            let number = vm.number(arg(args, 0))?;
            number_format::to_locale_string(vm, &number, &[locale.clone(), options.clone()])
        }
        Some(Special::Format(Formatter::Date, locale, options)) => {
            let millis = match arg(args, 0) {
                Value::Undefined => vm.scope.now().as_millisecond() as f64,
                given => vm.number(given)?,
            };
            date::to_intl_string(vm, millis, &[locale.clone(), options.clone()])
        }
        _ => Err(type_error("format is not a function")),
    }
}
