//! Methods of sets and maps (ECMA-262, sections 24.1 and 24.2). Both are shared by all of their names, so that a change is
//! made where they are.

use weft_value::Value;

use super::{Native, Table, arg, check_depth};
use crate::collection::{Collection, Handle};
use crate::special::{Special, special, wrap};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

/// Bytes of one entry and of what finds it, with room to grow.
const ENTRY: usize = 192;

pub(super) const SET_METHODS: Table<Handle> = &[
    ("has", has),
    ("keys", keys),
    ("values", keys),
    ("entries", |vm, set, _| {
        let pairs = elements(vm, *set).into_iter().map(|element| (element.clone(), element)).collect();
        pair_list(vm, pairs)
    }),
    ("forEach", |vm, set, args| {
        for_each(vm, *set, |vm, element, _| vm.call(arg(args, 0), &[element.clone(), element]))
    }),
    ("add", |vm, set, args| {
        put(vm, *set, arg(args, 0).clone(), Value::Undefined)?;
        Ok(wrap(Special::Set(*set)))
    }),
    ("delete", delete),
    ("clear", clear),
    ("union", |vm, set, args| {
        let other = other(arg(args, 0))?;
        let mut all = elements(vm, *set);
        all.extend(elements(vm, other));
        set_of(vm, all)
    }),
    ("intersection", |vm, set, args| {
        let other = other(arg(args, 0))?;
        let common = among(vm, *set, other)?;
        set_of(vm, common)
    }),
    ("difference", |vm, set, args| {
        let other = other(arg(args, 0))?;
        let kept = lacking(vm, *set, other)?;
        set_of(vm, kept)
    }),
    ("symmetricDifference", |vm, set, args| {
        let other = other(arg(args, 0))?;
        let mut kept = lacking(vm, *set, other)?;
        kept.extend(lacking(vm, other, *set)?);
        set_of(vm, kept)
    }),
    ("isSubsetOf", |vm, set, args| {
        let other = other(arg(args, 0))?;
        Ok(Value::Bool(lacking(vm, *set, other)?.is_empty()))
    }),
    ("isSupersetOf", |vm, set, args| {
        let other = other(arg(args, 0))?;
        Ok(Value::Bool(lacking(vm, other, *set)?.is_empty()))
    }),
    ("isDisjointFrom", |vm, set, args| {
        let other = other(arg(args, 0))?;
        Ok(Value::Bool(among(vm, *set, other)?.is_empty()))
    }),
    ("toString", |vm, _, _| vm.string("[object Set]")),
];

pub(super) const MAP_METHODS: Table<Handle> = &[
    ("has", has),
    ("get", |vm, map, args| {
        pay_to_find(vm, arg(args, 0))?;
        Ok(vm.collections.get(*map).get(arg(args, 0)).cloned().unwrap_or_default())
    }),
    ("keys", keys),
    ("values", |vm, map, _| {
        let values = vm.collections.get(*map).iter().map(|(_, value)| value.clone()).collect();
        vm.list(values)
    }),
    ("entries", |vm, map, _| {
        let pairs = entries(vm, *map);
        pair_list(vm, pairs)
    }),
    ("forEach", |vm, map, args| for_each(vm, *map, |vm, key, value| vm.call(arg(args, 0), &[value, key]))),
    ("set", |vm, map, args| {
        put(vm, *map, arg(args, 0).clone(), arg(args, 1).clone())?;
        Ok(wrap(Special::Map(*map)))
    }),
    ("delete", delete),
    ("clear", clear),
    ("toString", |vm, _, _| vm.string("[object Map]")),
];

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature of a table of methods")]
fn has(vm: &mut Vm<'_>, this: &Handle, args: &[Value]) -> Outcome {
    pay_to_find(vm, arg(args, 0))?;
    Ok(Value::Bool(vm.collections.get(*this).contains(arg(args, 0))))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature of a table of methods")]
fn keys(vm: &mut Vm<'_>, this: &Handle, _: &[Value]) -> Outcome {
    let keys = elements(vm, *this);
    vm.list(keys)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature of a table of methods")]
fn delete(vm: &mut Vm<'_>, this: &Handle, args: &[Value]) -> Outcome {
    pay_to_find(vm, arg(args, 0))?;
    Ok(Value::Bool(vm.collections.get_mut(*this).remove(arg(args, 0))))
}

#[expect(clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, reason = "the signature of a table of methods")]
fn clear(vm: &mut Vm<'_>, this: &Handle, _: &[Value]) -> Outcome {
    vm.collections.get_mut(*this).clear();
    Ok(Value::Undefined)
}

/// Calls a function for every entry, those among them that it adds.
fn for_each(vm: &mut Vm<'_>, this: Handle, mut call: impl FnMut(&mut Vm<'_>, Value, Value) -> Outcome) -> Outcome {
    vm.collections.get_mut(this).begin_walk();
    let mut done = Ok(Value::Undefined);
    while let Some((key, value)) = vm.collections.get_mut(this).step() {
        if let Err(stop) = call(vm, key, value) {
            done = Err(stop);
            break;
        }
    }
    vm.collections.get_mut(this).end_walk();
    done
}

/// Sets `key`, paid for. A key that is text is read to its end.
fn put(vm: &mut Vm<'_>, this: Handle, key: Value, value: Value) -> Outcome<()> {
    // What nests without bounds would overflow the stack when it is dropped.
    check_depth(vm, &key, 0)?;
    check_depth(vm, &value, 0)?;
    pay_to_find(vm, &key)?;
    let collection = vm.collections.get_mut(this);
    if !collection.contains(&key) {
        vm.budget.element(collection.len(), ENTRY)?;
    }
    collection.insert(key, value);
    Ok(())
}

fn pay_to_find(vm: &mut Vm<'_>, key: &Value) -> Outcome<()> {
    Ok(vm.budget.walk(1 + key.as_str().map_or(0, |text| text.len() / 64))?)
}

fn elements(vm: &Vm<'_>, this: Handle) -> Vec<Value> {
    vm.collections.get(this).iter().map(|(key, _)| key.clone()).collect()
}

fn entries(vm: &Vm<'_>, this: Handle) -> Vec<(Value, Value)> {
    vm.collections.get(this).iter().cloned().collect()
}

fn pair_list(vm: &mut Vm<'_>, pairs: Vec<(Value, Value)>) -> Outcome {
    vm.budget.pairs(pairs.len())?;
    Ok(Value::from(pairs.into_iter().map(|(key, value)| Value::from(vec![key, value])).collect::<Vec<_>>()))
}

/// The other set of an operation on two; a map stands for its keys.
fn other(value: &Value) -> Outcome<Handle> {
    match special(value) {
        Some(Special::Set(other) | Special::Map(other)) => Ok(*other),
        _ => Err(type_error("The argument is not a set")),
    }
}

/// The elements of `this` that are in `other` too.
fn among(vm: &mut Vm<'_>, this: Handle, other: Handle) -> Outcome<Vec<Value>> {
    let elements = pay_to_find_all(vm, this)?;
    let other = vm.collections.get(other);
    Ok(elements.into_iter().filter(|element| other.contains(element)).collect())
}

/// The elements of `this` that are not in `other`.
fn lacking(vm: &mut Vm<'_>, this: Handle, other: Handle) -> Outcome<Vec<Value>> {
    let elements = pay_to_find_all(vm, this)?;
    let other = vm.collections.get(other);
    Ok(elements.into_iter().filter(|element| !other.contains(element)).collect())
}

fn pay_to_find_all(vm: &mut Vm<'_>, this: Handle) -> Outcome<Vec<Value>> {
    let elements = elements(vm, this);
    elements.iter().try_for_each(|element| pay_to_find(vm, element))?;
    Ok(elements)
}

fn collection(vm: &mut Vm<'_>, entries: impl IntoIterator<Item = (Value, Value)>) -> Outcome<Handle> {
    vm.budget.heavy(1)?;
    let made = vm.collections.add(Collection::default());
    for (key, value) in entries {
        put(vm, made, key, value)?;
    }
    Ok(made)
}

fn set_of(vm: &mut Vm<'_>, elements: Vec<Value>) -> Outcome {
    let set = collection(vm, elements.into_iter().map(|element| (element, Value::Undefined)))?;
    Ok(wrap(Special::Set(set)))
}

/// What `...value` and `for … of` see of a set or a map.
pub(crate) fn iterated(vm: &mut Vm<'_>, value: &Value) -> Outcome<Vec<Value>> {
    match special(value) {
        Some(Special::Set(set)) => {
            vm.budget.elements(vm.collections.get(*set).len())?;
            Ok(elements(vm, *set))
        }
        Some(Special::Map(map)) => {
            vm.budget.pairs(vm.collections.get(*map).len())?;
            Ok(entries(vm, *map).into_iter().map(|(key, value)| Value::from(vec![key, value])).collect())
        }
        _ => Err(type_error("This is not iterable")),
    }
}

pub(super) static NEW_SET: Native = Native {
    name: "Set",
    run: |vm, args| {
        let elements = match arg(args, 0) {
            Value::Undefined | Value::Null => Vec::new(),
            given => vm.iterate(given)?.into_owned(),
        };
        set_of(vm, elements)
    },
};

pub(super) static NEW_MAP: Native = Native {
    name: "Map",
    run: |vm, args| {
        let pairs = match arg(args, 0) {
            Value::Undefined | Value::Null => Vec::new(),
            given => vm.iterate(given)?.into_owned(),
        };
        let mut entries = Vec::with_capacity(pairs.len());
        for pair in &pairs {
            let pair = vm.iterate(pair)?;
            entries.push((arg(&pair, 0).clone(), arg(&pair, 1).clone()));
        }
        Ok(wrap(Special::Map(collection(vm, entries)?)))
    },
};
