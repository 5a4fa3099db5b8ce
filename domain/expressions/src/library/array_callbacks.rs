//! Methods of lists that call a function for every element.

use std::sync::Arc;

use weft_value::{Object, Value};

use super::array::flatten;
use super::array_sort::sort;
use super::{Table, arg};
use crate::convert::truthy;
use crate::special::{Special, special};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

type List = Arc<Vec<Value>>;

pub(super) const METHODS: Table<List> = &[
    ("map", map),
    ("filter", filter),
    ("forEach", |vm, list, args| each(vm, list, args, |_, _, _| Ok(true)).map(|()| Value::Undefined)),
    ("find", |vm, list, args| Ok(first(vm, list, args)?.map_or(Value::Undefined, |index| list[index].clone()))),
    ("findIndex", |vm, list, args| Ok(place(first(vm, list, args)?))),
    ("findLast", |vm, list, args| Ok(last(vm, list, args)?.map_or(Value::Undefined, |index| list[index].clone()))),
    ("findLastIndex", |vm, list, args| Ok(place(last(vm, list, args)?))),
    ("some", |vm, list, args| Ok(Value::Bool(first(vm, list, args)?.is_some()))),
    ("every", |vm, list, args| {
        let mut all = true;
        each(vm, list, args, |_, _, value| {
            all = truthy(&value);
            Ok(all)
        })?;
        Ok(Value::Bool(all))
    }),
    ("reduce", |vm, list, args| reduce(vm, list, args, Direction::Forward)),
    ("reduceRight", |vm, list, args| reduce(vm, list, args, Direction::Backward)),
    ("flatMap", |vm, list, args| {
        let Value::Array(mapped) = map(vm, list, args)? else { return Ok(Value::Undefined) };
        let mut out = Vec::new();
        flatten(vm, &mapped, 1.0, &mut out)?;
        vm.list(out)
    }),
    ("sort", sort),
    ("toSorted", sort),
];

fn place(index: Option<usize>) -> Value {
    Value::Number(index.map_or(-1.0, |index| index as f64))
}

pub(super) fn function(args: &[Value]) -> Outcome<&Value> {
    let function = arg(args, 0);
    if special(function).is_some_and(Special::is_callable) {
        Ok(function)
    } else {
        Err(type_error("The argument is not a function"))
    }
}

/// Calls the function for every element, until `then` says that it is enough.
fn each(
    vm: &mut Vm<'_>,
    list: &List,
    args: &[Value],
    mut then: impl FnMut(&mut Vm<'_>, usize, Value) -> Outcome<bool>,
) -> Outcome<()> {
    let function = function(args)?;
    let whole = Value::Array(Arc::clone(list));
    for (index, element) in list.iter().enumerate() {
        let value = vm.call(function, &[element.clone(), Value::Number(index as f64), whole.clone()])?;
        if !then(vm, index, value)? {
            break;
        }
    }
    Ok(())
}

fn map(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    vm.budget.elements(list.len())?;
    let mut mapped = Vec::with_capacity(list.len());
    each(vm, list, args, |_, _, value| {
        mapped.push(value);
        Ok(true)
    })?;
    Ok(Value::from(mapped))
}

fn filter(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let mut kept = Vec::new();
    each(vm, list, args, |_, index, value| {
        if truthy(&value) {
            kept.push(list[index].clone());
        }
        Ok(true)
    })?;
    vm.list(kept)
}

fn first(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome<Option<usize>> {
    let mut found = None;
    each(vm, list, args, |_, index, value| {
        if truthy(&value) {
            found = Some(index);
        }
        Ok(found.is_none())
    })?;
    Ok(found)
}

fn last(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome<Option<usize>> {
    let function = function(args)?;
    for (index, element) in list.iter().enumerate().rev() {
        if truthy(&vm.call(function, &[element.clone(), Value::Number(index as f64)])?) {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

#[derive(Clone, Copy)]
enum Direction {
    Forward,
    Backward,
}

/// How often the depth of what a reduction gathers is looked at, and how deep it may be. What nests without bounds would
/// overflow the stack when it is dropped; within one round nothing can nest deeper than the function's own text.
const DEPTH_CHECK: usize = 8;
const DEEPEST: u32 = 300;

fn reduce(vm: &mut Vm<'_>, list: &List, args: &[Value], direction: Direction) -> Outcome {
    let function = function(args)?;
    let whole = Value::Array(Arc::clone(list));
    let count = list.len();
    let order = |round: usize| match direction {
        Direction::Forward => round,
        Direction::Backward => count - 1 - round,
    };
    let (mut gathered, start) = match (args.get(1), count) {
        (Some(initial), _) => (initial.clone(), 0),
        (None, 0) => return Err(type_error("Reduce of empty array with no initial value")),
        (None, _) => (list[order(0)].clone(), 1),
    };
    for round in start..count {
        let index = order(round);
        let mut args = [gathered, list[index].clone(), Value::Number(index as f64), whole.clone()];
        let before = place_of(&args[0]);
        gathered = vm.call_taking(function, &mut args)?;
        // What was changed in place was looked at when it was changed.
        let is_new = before.is_none() || place_of(&gathered) != before;
        if is_new && round % DEPTH_CHECK == DEPTH_CHECK - 1 {
            check_depth(vm, &gathered, 0)?;
        }
    }
    Ok(gathered)
}

/// Where a list or an object lies in memory.
fn place_of(value: &Value) -> Option<*const ()> {
    match value {
        Value::Array(list) => Some(Arc::as_ptr(list).cast()),
        Value::Object(object) => Some(Arc::as_ptr(object).cast()),
        _ => None,
    }
}

/// Fails where `value` nests too deeply to be dropped.
pub(crate) fn check_depth(vm: &mut Vm<'_>, value: &Value, depth: u32) -> Outcome<()> {
    if depth > DEEPEST {
        return Err(crate::Exhausted::Depth.into());
    }
    vm.budget.walk(1)?;
    match value {
        Value::Array(elements) => {
            elements.iter().filter(|e| is_container(e)).try_for_each(|e| check_depth(vm, e, depth + 1))
        }
        Value::Object(object) => {
            object.values().filter(|e| is_container(e)).try_for_each(|e| check_depth(vm, e, depth + 1))
        }
        Value::Opaque(_) => match special(value) {
            Some(Special::Closure(_, captures)) => captures.iter().try_for_each(|e| check_depth(vm, e, depth + 1)),
            Some(Special::Method(this, _)) => check_depth(vm, this, depth + 1),
            Some(Special::Bound(function, given)) => {
                check_depth(vm, function, depth + 1)?;
                given.iter().try_for_each(|e| check_depth(vm, e, depth + 1))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

fn is_container(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_) | Value::Opaque(_))
}

/// `Object.groupBy(list, function)`.
pub(super) fn group_by(vm: &mut Vm<'_>, args: &[Value]) -> Outcome {
    let elements = vm.iterate(arg(args, 0))?.into_owned();
    let mut groups: indexmap::IndexMap<weft_value::Text, Vec<Value>> = indexmap::IndexMap::new();
    for (index, element) in elements.into_iter().enumerate() {
        let key = vm.call(arg(args, 1), &[element.clone(), Value::Number(index as f64)])?;
        let key = vm.text(&key)?;
        if !groups.contains_key(&key) {
            vm.budget.entries(1)?;
        }
        vm.budget.element(0, std::mem::size_of::<Value>())?;
        groups.entry(key).or_default().push(element);
    }
    Ok(Value::from(groups.into_iter().collect::<Object>()))
}
