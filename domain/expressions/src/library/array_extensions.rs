//! What workflows can do with lists besides JavaScript.

use std::sync::Arc;

use weft_value::{Object, Text, Value};

use super::equality::Known;
use super::{Table, arg, json, math};
use crate::convert::to_integer;
use crate::stop::{Outcome, misuse};
use crate::vm::Vm;

type List = Arc<Vec<Value>>;

pub(super) const EXTENSIONS: Table<List> = &[
    ("first", |_, list, _| Ok(list.first().cloned().unwrap_or_default())),
    ("last", |_, list, _| Ok(list.last().cloned().unwrap_or_default())),
    ("isEmpty", |_, list, _| Ok(Value::Bool(list.is_empty()))),
    ("isNotEmpty", |_, list, _| Ok(Value::Bool(!list.is_empty()))),
    ("unique", unique),
    ("removeDuplicates", unique),
    ("pluck", pluck),
    ("randomItem", |vm, list, _| {
        let index = (vm.random() * list.len() as f64) as usize;
        Ok(list.get(index).cloned().unwrap_or_default())
    }),
    ("sum", |vm, list, _| Ok(Value::Number(numbers(vm, "sum", list)?.iter().sum()))),
    ("average", |vm, list, _| {
        let numbers = numbers(vm, "average", list)?;
        Ok(Value::Number(if numbers.is_empty() { 0.0 } else { numbers.iter().sum::<f64>() / numbers.len() as f64 }))
    }),
    ("min", |vm, list, _| {
        numbers(vm, "min", list)?;
        math::min(vm, list)
    }),
    ("max", |vm, list, _| {
        numbers(vm, "max", list)?;
        math::max(vm, list)
    }),
    ("compact", |vm, list, _| vm.compact(&Value::Array(Arc::clone(list)))),
    ("smartJoin", smart_join),
    ("chunk", chunk),
    ("renameKeys", rename_keys),
    ("merge", merge),
    ("mergeIntoObject", merge_into_object),
    ("union", |vm, list, args| {
        let mut all = list.to_vec();
        all.extend_from_slice(other(args, "union")?);
        distinct(vm, all)
    }),
    ("difference", |vm, list, args| by_membership(vm, list, args, Membership::Outside)),
    ("intersection", |vm, list, args| by_membership(vm, list, args, Membership::Inside)),
    ("append", |vm, list, args| {
        let mut all = list.to_vec();
        all.extend_from_slice(args);
        vm.list(all)
    }),
    ("toJsonString", |vm, list, _| json::stringify(vm, &Value::Array(Arc::clone(list)), "")),
    ("toInt", |_, _, _| Ok(Value::Undefined)),
    ("toFloat", |_, _, _| Ok(Value::Undefined)),
    ("toBoolean", |_, _, _| Ok(Value::Undefined)),
    ("toDateTime", |_, _, _| Ok(Value::Undefined)),
];

fn distinct(vm: &mut Vm<'_>, all: Vec<Value>) -> Outcome {
    let (mut known, mut kept) = (Known::default(), Vec::new());
    for value in all {
        if known.add(vm, &value)? {
            kept.push(value);
        }
    }
    vm.list(kept)
}

fn names(vm: &mut Vm<'_>, args: &[Value]) -> Outcome<Vec<Text>> {
    args.iter().map(|arg| vm.text(arg)).collect()
}

fn unique(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    if args.is_empty() {
        return distinct(vm, list.to_vec());
    }
    let names = names(vm, args)?;
    let (mut keys, mut kept) = (Known::default(), Vec::new());
    for element in list.iter() {
        let key = match element {
            Value::Object(_) => Value::from(names.iter().map(|name| element.get(name).clone()).collect::<Vec<_>>()),
            plain => plain.clone(),
        };
        if keys.add(vm, &key)? {
            kept.push(element.clone());
        }
    }
    vm.list(kept)
}

fn pluck(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let names = names(vm, args)?;
    if names.is_empty() {
        return Ok(Value::Array(Arc::clone(list)));
    }
    let mut out = Vec::new();
    for object in list.iter().filter_map(Value::as_object) {
        vm.budget.walk(object.len() * names.len())?;
        // The fields come in the order of the object.
        let fields =
            object.iter().flat_map(|(key, value)| names.iter().filter(move |name| *name == key).map(move |_| value));
        let mut picked: Vec<Value> = fields.cloned().collect();
        match picked.len() {
            0 => {}
            1 => out.append(&mut picked),
            _ => out.push(Value::from(picked)),
        }
    }
    vm.list(out)
}

fn numbers(vm: &mut Vm<'_>, name: &str, list: &[Value]) -> Outcome<Vec<f64>> {
    let mut numbers = Vec::with_capacity(list.len());
    for element in list {
        let Value::Number(number) = element else {
            return Err(misuse(format!("{name}() can only be called on a list of numbers.")));
        };
        numbers.push(*number);
    }
    vm.budget.walk(numbers.len())?;
    Ok(numbers)
}

fn smart_join(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let (Value::String(key), Value::String(value)) = (arg(args, 0), arg(args, 1)) else {
        return Err(misuse("smartJoin() needs the names of two fields."));
    };
    let mut joined = Object::new();
    for object in list.iter().filter_map(Value::as_object) {
        if let (Some(name), Some(value)) = (object.get(key.as_str()), object.get(value.as_str())) {
            let name = vm.text(name)?;
            vm.budget.entries(1)?;
            joined.insert(name, value.clone());
        }
    }
    Ok(Value::from(joined))
}

fn chunk(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let size = to_integer(vm.number(arg(args, 0))?);
    if size < 1.0 {
        return Err(misuse("chunk() needs a size above zero."));
    }
    vm.budget.pairs(list.len())?;
    vm.list(list.chunks(size.min(1e9) as usize).map(|chunk| Value::from(chunk.to_vec())).collect())
}

fn rename_keys(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let names = names(vm, args)?;
    if names.is_empty() || !names.len().is_multiple_of(2) {
        return Err(misuse("renameKeys() needs pairs of names: from, to, from, to …"));
    }
    let mut out = Vec::with_capacity(list.len());
    for element in list.iter() {
        out.push(match element {
            Value::Object(object) => {
                vm.budget.entries(object.len())?;
                let mut renamed = Object::clone(object);
                for pair in names.chunks(2) {
                    vm.budget.walk(renamed.len() / 16)?;
                    // The field goes to the end, or to the place of the one whose name it takes.
                    if let Some(value) = renamed.remove(&pair[0]) {
                        renamed.insert(pair[1].clone(), value);
                    }
                }
                Value::from(renamed)
            }
            other => other.clone(),
        });
    }
    vm.list(out)
}

/// One object of all objects, where the first value of a field stays; of two lists, one of the pairs of their objects, where the values
/// of the later pairs stay.
fn merge(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let mut merged = Object::new();
    if arg(args, 0).is_undefined() {
        for element in list.iter() {
            add_fields(vm, &mut merged, element)?;
        }
        return Ok(Value::from(merged));
    }
    for (element, other) in list.iter().zip(other(args, "merge")?) {
        if let (Value::Object(_) | Value::Null, Value::Object(_)) = (element, other) {
            let mut pair = Object::new();
            add_fields(vm, &mut pair, element)?;
            add_fields(vm, &mut pair, other)?;
            for (key, value) in &pair {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    Ok(Value::from(merged))
}

/// One object of all objects of both lists, where the last value of a field stays.
fn merge_into_object(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let more = if arg(args, 0).is_undefined() { &[][..] } else { other(args, "mergeIntoObject")? };
    let mut merged = Object::new();
    for (key, value) in list.iter().chain(more).filter_map(Value::as_object).flatten() {
        vm.budget.entries(1)?;
        merged.insert(key.clone(), value.clone());
    }
    Ok(Value::from(merged))
}

/// Adds the fields of `element` that are not there yet.
fn add_fields(vm: &mut Vm<'_>, merged: &mut Object, element: &Value) -> Outcome<()> {
    for (key, value) in element.as_object().into_iter().flatten() {
        vm.budget.step()?;
        if !merged.contains_key(key) {
            vm.budget.entries(1)?;
            merged.insert(key.clone(), value.clone());
        }
    }
    Ok(())
}

fn other<'a>(args: &'a [Value], name: &str) -> Outcome<&'a [Value]> {
    arg(args, 0).as_array().ok_or_else(|| misuse(format!("{name}() needs a list.")))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Membership {
    Inside,
    Outside,
}

fn by_membership(vm: &mut Vm<'_>, list: &List, args: &[Value], wanted: Membership) -> Outcome {
    let other = other(args, if wanted == Membership::Inside { "intersection" } else { "difference" })?;
    let (mut others, mut known, mut kept) = (Known::default(), Known::default(), Vec::new());
    for element in other {
        others.add(vm, element)?;
    }
    for element in list.iter() {
        let inside = others.contains(vm, element)?;
        if inside == (wanted == Membership::Inside) && known.add(vm, element)? {
            kept.push(element.clone());
        }
    }
    vm.list(kept)
}
