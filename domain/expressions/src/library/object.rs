//! Methods of objects, and the static functions of `Object`.

use std::sync::Arc;

use weft_value::{Object, Text, Value};

use super::{Native, Table, arg, array_callbacks};
use crate::convert::same;
use crate::special::{Special, special};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

fn is_object(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_) | Value::DateTime(_) | Value::Opaque(_))
}

pub(super) const METHODS: Table<Arc<Object>> = &[
    ("toString", |_, _, _| Ok(Value::from("[object Object]"))),
    ("toLocaleString", |_, _, _| Ok(Value::from("[object Object]"))),
    ("valueOf", |_, object, _| Ok(Value::Object(Arc::clone(object)))),
    ("hasOwnProperty", has_own),
    ("propertyIsEnumerable", has_own),
];

fn has_own(vm: &mut Vm<'_>, object: &Arc<Object>, args: &[Value]) -> Outcome {
    let key = vm.text(arg(args, 0))?;
    Ok(Value::Bool(object.contains_key(&key)))
}

pub(super) static STATICS: &[Native] = &[
    Native { name: "keys", run: |vm, args| each(vm, args, |key, _| Value::String(key)) },
    Native { name: "getOwnPropertyNames", run: |vm, args| each(vm, args, |key, _| Value::String(key)) },
    Native { name: "values", run: |vm, args| each(vm, args, |_, value| value) },
    Native {
        name: "entries",
        run: |vm, args| each(vm, args, |key, value| Value::from(vec![Value::String(key), value])),
    },
    Native { name: "assign", run: assign },
    Native { name: "fromEntries", run: from_entries },
    Native { name: "groupBy", run: array_callbacks::group_by },
    Native { name: "freeze", run: |_, args| Ok(arg(args, 0).clone()) },
    Native { name: "seal", run: |_, args| Ok(arg(args, 0).clone()) },
    Native { name: "preventExtensions", run: |_, args| Ok(arg(args, 0).clone()) },
    Native { name: "isFrozen", run: |_, args| Ok(Value::Bool(!is_object(arg(args, 0)))) },
    Native { name: "isSealed", run: |_, args| Ok(Value::Bool(!is_object(arg(args, 0)))) },
    Native { name: "isExtensible", run: |_, args| Ok(Value::Bool(is_object(arg(args, 0)))) },
    Native {
        name: "is",
        run: |_, args| {
            let (a, b) = (arg(args, 0), arg(args, 1));
            Ok(Value::Bool(match (a, b) {
                (Value::Number(a), Value::Number(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
                _ => same(a, b),
            }))
        },
    },
    Native {
        name: "hasOwn",
        run: |vm, args| {
            let key = vm.text(arg(args, 1))?;
            let entries = entries(vm, arg(args, 0))?;
            Ok(Value::Bool(entries.iter().any(|(name, _)| *name == key)))
        },
    },
];

/// The own properties of any value.
pub(super) fn entries(vm: &mut Vm<'_>, value: &Value) -> Outcome<Vec<(Text, Value)>> {
    let indexed = |list: &[Value]| {
        list.iter().enumerate().map(|(i, v)| (Text::from(i.to_string()), v.clone())).collect::<Vec<_>>()
    };
    let entries = match (value, special(value)) {
        (Value::Undefined | Value::Null, _) => return Err(type_error("Cannot convert undefined or null to object")),
        (Value::Object(object), _) => object.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        (Value::Array(list), _) | (_, Some(Special::Matched { list, .. })) => indexed(list),
        (Value::String(text), _) => {
            vm.budget.letters(text.len())?;
            indexed(&text.chars().map(|c| Value::from(c.to_string())).collect::<Vec<_>>())
        }
        _ => Vec::new(),
    };
    // Names of places are made here; a pair is what `Object.entries` makes of it.
    vm.budget.pairs(entries.len())?;
    Ok(entries)
}

/// The names of the fields of any value.
pub(crate) fn keys(vm: &mut Vm<'_>, value: &Value) -> Outcome<Vec<Value>> {
    Ok(entries(vm, value)?.into_iter().map(|(key, _)| Value::String(key)).collect())
}

fn each(vm: &mut Vm<'_>, args: &[Value], make: fn(Text, Value) -> Value) -> Outcome {
    let entries = entries(vm, arg(args, 0))?;
    vm.list(entries.into_iter().map(|(key, value)| make(key, value)).collect())
}

fn assign(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    if let Value::Array(list) = arg(args, 0) {
        return assign_to_list(vm, list, &args[1..]);
    }
    let mut merged = Object::new();
    for arg in args {
        vm.spread_into(&mut merged, arg)?;
    }
    Ok(Value::from(merged))
}

/// `Object.assign` onto a list: what stands at an index takes the place of the element there.
fn assign_to_list(vm: &mut Vm<'_>, list: &[Value], sources: &[Value]) -> Outcome {
    let mut merged = list.to_vec();
    for source in sources.iter().filter(|source| !source.is_nullish()) {
        for (key, value) in entries(vm, source)? {
            let Ok(index) = key.parse::<u32>() else { continue };
            let index = index as usize;
            if index >= merged.len() {
                vm.budget.entries(index - merged.len() + 1)?;
                merged.resize(index + 1, Value::Undefined);
            }
            merged[index] = value;
        }
    }
    vm.list(merged)
}

fn from_entries(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let pairs = vm.iterate(arg(args, 0))?.into_owned();
    vm.budget.entries(pairs.len())?;
    let mut object = Object::with_capacity(pairs.len());
    for pair in pairs {
        let pair = vm.iterate(&pair)?.into_owned();
        let key = vm.text(arg(&pair, 0))?;
        object.insert(key, arg(&pair, 1).clone());
    }
    Ok(Value::from(object))
}
