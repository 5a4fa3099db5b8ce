//! Functions that belong to nothing.

use weft_value::{Object, Text, Value};

use super::{Native, arg, datetime, math, uri};
use crate::convert::{decimal_prefix, integer, is_space, to_int32, truthy};
use crate::special::{Special, wrap};
use crate::stop::{Outcome, misuse, throw};
use crate::vm::Vm;

pub(super) static GLOBALS: &[Native] = &[
    Native { name: "parseInt", run: parse_int },
    Native { name: "parseFloat", run: parse_float },
    Native { name: "isNaN", run: |vm, args| Ok(Value::Bool(vm.number(arg(args, 0))?.is_nan())) },
    Native { name: "isFinite", run: |vm, args| Ok(Value::Bool(vm.number(arg(args, 0))?.is_finite())) },
    Native {
        name: "encodeURIComponent",
        run: |vm, args| {
            let text = vm.text(arg(args, 0))?;
            vm.string(uri::encode(&text, uri::COMPONENT))
        },
    },
    Native {
        name: "encodeURI",
        run: |vm, args| {
            let text = vm.text(arg(args, 0))?;
            vm.string(uri::encode(&text, uri::WHOLE))
        },
    },
    Native { name: "decodeURIComponent", run: |vm, args| decode(vm, args, "") },
    Native { name: "decodeURI", run: |vm, args| decode(vm, args, ";/?:@&=+$,#") },
    Native {
        name: "$if",
        run: |_, args| {
            Ok(if truthy(arg(args, 0)) {
                arg(args, 1).clone()
            } else {
                args.get(2).cloned().unwrap_or(Value::Bool(false))
            })
        },
    },
    Native { name: "$ifEmpty", run: if_empty },
    Native { name: "$min", run: math::min },
    Native { name: "$max", run: math::max },
    Native { name: "$average", run: average },
    Native { name: "$not", run: |_, args| Ok(Value::Bool(!truthy(arg(args, 0)))) },
    Native { name: "min", run: math::min },
    Native { name: "max", run: math::max },
    Native { name: "average", run: average },
    Native { name: "not", run: |_, args| Ok(Value::Bool(!truthy(arg(args, 0)))) },
    Native { name: "numberList", run: number_list },
    Native { name: "zip", run: zip },
    Native { name: "$items", run: items },
    Native { name: "$json", run: json },
    Native { name: "$jmespath", run: super::jmespath::search },
    Native { name: "$jmesPath", run: super::jmespath::search },
    Native { name: "$evaluateExpression", run: evaluate_expression },
    Native { name: "$dateFormat", run: date_format },
    Native { name: "$fromAI", run: from_ai },
    Native { name: "$fromAi", run: from_ai },
    Native { name: "$fromai", run: from_ai },
    Native {
        name: "$item",
        run: |vm, args| {
            let index = vm.number(arg(args, 0))?;
            Ok(wrap(Special::ItemAt(if index >= 0.0 { index as usize } else { 0 })))
        },
    },
];

pub(super) fn parse_int(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let text = vm.text(arg(args, 0))?;
    let mut radix = to_int32(vm.number(arg(args, 1))?);
    let text = text.trim_start_matches(is_space);
    let (sign, mut digits) = match text.as_bytes().first() {
        Some(b'-') => (-1.0, &text[1..]),
        Some(b'+') => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    if radix == 0 || radix == 16 {
        if let Some(hexadecimal) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            digits = hexadecimal;
            radix = 16;
        } else if radix == 0 {
            radix = 10;
        }
    }
    if !(2..=36).contains(&radix) {
        return Ok(Value::Number(f64::NAN));
    }
    Ok(Value::Number(integer(digits, radix as u32).map_or(f64::NAN, |(number, _)| sign * number)))
}

pub(super) fn parse_float(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let text = vm.text(arg(args, 0))?;
    let number = decimal_prefix(text.trim_start_matches(is_space)).map_or(f64::NAN, |(number, _)| number);
    Ok(Value::Number(number))
}

fn decode(vm: &mut Vm<'_>, args: &[Value], keep: &str) -> Outcome {
    let text = vm.text(arg(args, 0))?;
    match uri::decode(&text, keep) {
        Some(decoded) => vm.string(decoded),
        None => Err(throw("URIError", "URI malformed")),
    }
}

fn if_empty(_: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let [value, default] = args else {
        return Err(misuse("$ifEmpty() needs a value and what to take where it is empty."));
    };
    let empty = match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::DateTime(_) | Value::Opaque(_) => false,
    };
    Ok(if empty { default.clone() } else { value.clone() })
}

fn average(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    if args.iter().any(|arg| !matches!(arg, Value::Number(_))) {
        return Err(misuse("average() needs numbers."));
    }
    let numbers = math::numbers(vm, args)?;
    Ok(Value::Number(if numbers.is_empty() { 0.0 } else { numbers.iter().sum::<f64>() / numbers.len() as f64 }))
}

fn number_list(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let (start, end) = (vm.number(arg(args, 0))?, vm.number(arg(args, 1))?);
    if !start.is_finite() || !end.is_finite() {
        return Err(misuse("numberList() needs two numbers."));
    }
    let count = (end - start).abs().floor() + 1.0;
    vm.budget.elements(if count < 1e15 { count as usize } else { usize::MAX })?;
    let step = if end < start { -1.0 } else { 1.0 };
    Ok(Value::from((0..count as usize).map(|index| Value::Number(start + step * index as f64)).collect::<Vec<_>>()))
}

fn zip(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let (Value::Array(keys), Value::Array(values)) = (arg(args, 0), arg(args, 1)) else {
        return Err(misuse("zip() needs two lists."));
    };
    if keys.len() != values.len() {
        return Err(misuse("zip() needs two lists of the same length."));
    }
    vm.budget.entries(keys.len())?;
    let mut object = Object::with_capacity(keys.len());
    for (key, value) in keys.iter().zip(values.iter()) {
        let key = vm.text(key)?;
        object.insert(key, value.clone());
    }
    Ok(Value::from(object))
}

/// `$evaluateExpression(source, item?)`: with or without a leading `=`, at this item or another one.
fn evaluate_expression(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let source = vm.text(arg(args, 0))?;
    let source = source.strip_prefix('=').unwrap_or(&source);
    let item = match arg(args, 1) {
        Value::Number(index) if *index >= 0.0 => *index as usize,
        _ => vm.item,
    };
    vm.evaluate_source(source, item)
}

/// `$json(query?)`: the data of the current item, or what a query of `JMESPath` finds in it.
fn json(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let data = vm.scope.items().get(vm.item).map(|item| item.json.clone()).unwrap_or_default();
    match args.first() {
        None | Some(Value::Undefined) => Ok(data),
        Some(Value::String(_)) => super::jmespath::search(vm, &[data, args[0].clone()]),
        Some(_) => Err(misuse("$json() takes what is looked for in the data: $json('customer.name').")),
    }
}

/// `$dateFormat(date, format?, zone?)`.
fn date_format(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let Some(moment) = datetime::moment_of(vm, arg(args, 0)) else {
        return Err(misuse("$dateFormat() needs a date: $dateFormat($now, 'dd.MM.yyyy')."));
    };
    let moment = match arg(args, 2) {
        Value::Undefined => moment,
        name => {
            let name = vm.text(name)?;
            let zone = datetime::zone_named(&name)
                .ok_or_else(|| misuse(format!("There is no time zone named \"{name}\".")))?;
            datetime::in_zone(&moment, zone)
        }
    };
    super::datetime_methods::to_format(vm, &moment, args.get(1..2).unwrap_or(&[]))
}

/// `$fromAI(key, description?, type?, default?)`: what a model filled in for `key`, where the scope has it.
fn from_ai(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let key = vm.text(arg(args, 0))?;
    if key.is_empty() {
        return Err(misuse("$fromAI() needs a key: $fromAI('city', 'The name of a city')."));
    }
    let filled = vm.scope.global("$fromAI").unwrap_or_default();
    match (filled.get(&key), arg(args, 3)) {
        (Value::Undefined, Value::Undefined) => Err(misuse(format!(
            "No model has filled in \"{key}\". $fromAI() works where the node is a tool of an agent."
        ))),
        (Value::Undefined, default) => Ok(default.clone()),
        (value, _) => Ok(value.clone()),
    }
}

/// `$items(node?, output?, run?)`; without a node, those of the node before.
fn items(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let scope = vm.scope;
    let number = |value: &Value| value.as_f64().filter(|number| *number >= 0.0).map(|number| number as usize);
    match arg(args, 0) {
        Value::Undefined => vm.items_value(scope.items()),
        node => {
            let node: Text = vm.text(node)?;
            let items = scope.node_items(&node, number(arg(args, 1)), number(arg(args, 2)))?;
            vm.items_value(&items)
        }
    }
}
