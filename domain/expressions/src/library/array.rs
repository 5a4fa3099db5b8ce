//! Methods of lists without callbacks (ECMA-262, section 23.1.3).

use std::sync::Arc;

use weft_value::Value;

use super::text::relative;
use super::{Table, arg};
use crate::convert::{same, same_value_zero, to_integer};
use crate::special::{Special, special};
use crate::stop::{Outcome, range_error};
use crate::vm::Vm;

type List = Arc<Vec<Value>>;

/// Methods that change the list that they are called on.
pub(super) const CHANGING: &[&str] =
    &["push", "pop", "shift", "unshift", "splice", "sort", "reverse", "fill", "copyWithin"];

pub(super) const METHODS: Table<List> = &[
    ("join", join),
    ("toString", |vm, list, _| join(vm, list, &[])),
    ("toLocaleString", |vm, list, _| join(vm, list, &[])),
    ("includes", |vm, list, args| find(vm, list, args, same_value_zero).map(|index| Value::Bool(index.is_some()))),
    ("indexOf", |vm, list, args| find(vm, list, args, same).map(place)),
    ("lastIndexOf", |vm, list, args| {
        vm.budget.walk(list.len())?;
        Ok(place(list.iter().rposition(|element| same(element, arg(args, 0)))))
    }),
    ("slice", slice),
    ("concat", concat),
    ("at", at),
    ("reverse", reverse),
    ("toReversed", reverse),
    ("flat", flat),
    ("fill", fill),
    ("copyWithin", |vm, list, args| {
        let target = relative(vm, arg(args, 0), list.len(), 0)?;
        let start = relative(vm, arg(args, 1), list.len(), 0)?;
        let end = relative(vm, arg(args, 2), list.len(), list.len())?;
        let mut copied = list.to_vec();
        for (place, element) in copied.iter_mut().skip(target).zip(list.get(start..end).unwrap_or(&[])) {
            *place = element.clone();
        }
        vm.list(copied)
    }),
    ("with", with),
    ("keys", |vm, list, _| vm.list((0..list.len()).map(|index| Value::Number(index as f64)).collect())),
    ("values", |_, list, _| Ok(Value::Array(Arc::clone(list)))),
    ("entries", entries),
    ("valueOf", |_, list, _| Ok(Value::Array(Arc::clone(list)))),
    // What changes a list gives its answer here. The change itself is made where a variable holds the list.
    ("push", |_, list, args| Ok(Value::Number((list.len() + args.len()) as f64))),
    ("unshift", |_, list, args| Ok(Value::Number((list.len() + args.len()) as f64))),
    ("pop", |_, list, _| Ok(list.last().cloned().unwrap_or_default())),
    ("shift", |_, list, _| Ok(list.first().cloned().unwrap_or_default())),
    ("splice", |vm, list, args| {
        let (start, count) = cut(vm, list, args)?;
        vm.list(list[start..start + count].to_vec())
    }),
    ("toSpliced", |vm, list, args| {
        let (start, count) = cut(vm, list, args)?;
        let mut kept = list[..start].to_vec();
        kept.extend(args.iter().skip(2).cloned());
        kept.extend_from_slice(&list[start + count..]);
        vm.list(kept)
    }),
    ("hasOwnProperty", |vm, list, args| {
        let key = vm.text(arg(args, 0))?;
        Ok(Value::Bool(key.as_str() == "length" || key.parse::<usize>().is_ok_and(|index| index < list.len())))
    }),
];

fn place(index: Option<usize>) -> Value {
    Value::Number(index.map_or(-1.0, |index| index as f64))
}

pub(super) fn join(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let mut text = String::new();
    match arg(args, 0) {
        Value::Undefined => vm.append_joined(&mut text, list, ",")?,
        separator => {
            let separator = vm.text(separator)?;
            vm.append_joined(&mut text, list, &separator)?;
        }
    }
    vm.string(text)
}

fn find(vm: &mut Vm<'_>, list: &List, args: &[Value], equal: fn(&Value, &Value) -> bool) -> Outcome<Option<usize>> {
    // An element that is as long as what is looked for is compared to its end.
    let length = arg(args, 0).as_str().map_or(0, str::len);
    vm.budget.walk(list.len().saturating_mul(1 + length / 64))?;
    let from = relative(vm, arg(args, 1), list.len(), 0)?;
    Ok(list.iter().skip(from).position(|element| equal(element, arg(args, 0))).map(|index| index + from))
}

fn slice(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let start = relative(vm, arg(args, 0), list.len(), 0)?;
    let end = relative(vm, arg(args, 1), list.len(), list.len())?;
    vm.list(list.get(start..end).unwrap_or(&[]).to_vec())
}

fn concat(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let mut all = list.to_vec();
    for arg in args {
        match (arg, special(arg)) {
            (Value::Array(more), _) | (_, Some(Special::Matched { list: more, .. })) => {
                vm.budget.elements(all.len() + more.len())?;
                all.extend(more.iter().cloned());
            }
            (other, _) => all.push(other.clone()),
        }
    }
    vm.list(all)
}

fn at(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let mut index = to_integer(vm.number(arg(args, 0))?);
    if index < 0.0 {
        index += list.len() as f64;
    }
    Ok(if index < 0.0 { Value::Undefined } else { list.get(index as usize).cloned().unwrap_or_default() })
}

fn reverse(vm: &mut Vm<'_>, list: &List, _: &[Value]) -> Outcome {
    vm.list(list.iter().rev().cloned().collect())
}

fn flat(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let depth = match arg(args, 0) {
        Value::Undefined => 1.0,
        other => to_integer(vm.number(other)?),
    };
    let mut out = Vec::new();
    flatten(vm, list, depth, &mut out)?;
    vm.list(out)
}

pub(super) fn flatten(vm: &mut Vm<'_>, list: &[Value], depth: f64, out: &mut Vec<Value>) -> Outcome<()> {
    vm.budget.enter()?;
    for element in list {
        vm.budget.step()?;
        match element {
            Value::Array(inner) if depth >= 1.0 => flatten(vm, inner, depth - 1.0, out)?,
            other => {
                out.push(other.clone());
                if out.len() > vm.budget.limits().elements {
                    return Err(crate::Exhausted::Elements.into());
                }
            }
        }
    }
    vm.budget.leave();
    Ok(())
}

fn fill(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let start = relative(vm, arg(args, 1), list.len(), 0)?;
    let end = relative(vm, arg(args, 2), list.len(), list.len())?;
    let mut filled = list.to_vec();
    for element in filled.iter_mut().take(end).skip(start) {
        *element = arg(args, 0).clone();
    }
    vm.list(filled)
}

fn with(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome {
    let mut index = to_integer(vm.number(arg(args, 0))?);
    if index < 0.0 {
        index += list.len() as f64;
    }
    let mut changed = list.to_vec();
    match changed.get_mut(index as usize).filter(|_| index >= 0.0) {
        Some(place) => *place = arg(args, 1).clone(),
        None => return Err(range_error("Invalid index")),
    }
    vm.list(changed)
}

fn entries(vm: &mut Vm<'_>, list: &List, _: &[Value]) -> Outcome {
    vm.budget.pairs(list.len())?;
    let pair = |(index, element): (usize, &Value)| Value::from(vec![Value::Number(index as f64), element.clone()]);
    Ok(Value::from(list.iter().enumerate().map(pair).collect::<Vec<_>>()))
}

/// Where `splice` begins, and how much it takes out.
fn cut(vm: &mut Vm<'_>, list: &List, args: &[Value]) -> Outcome<(usize, usize)> {
    let start = relative(vm, arg(args, 0), list.len(), 0)?;
    let rest = list.len() - start;
    let count = match args.len() {
        0 => 0,
        1 => rest,
        _ => to_integer(vm.number(arg(args, 1))?).clamp(0.0, rest as f64) as usize,
    };
    Ok((start, count))
}
