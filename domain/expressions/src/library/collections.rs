//! Methods of sets, maps, functions and errors.

use weft_value::{Text, Value};

use super::{Native, Table, arg};
use crate::convert::same_value_zero;
use crate::special::{Special, special, wrap};
use crate::stop::{Outcome, type_error};
use crate::vm::Vm;

pub(super) const METHODS: Table<Value> = &[
    ("has", |vm, this, args| {
        vm.budget.walk(keys(this).len())?;
        Ok(Value::Bool(keys(this).iter().any(|key| same_value_zero(key, arg(args, 0)))))
    }),
    ("get", |vm, this, args| match special(this) {
        Some(Special::Map(entries)) => {
            vm.budget.walk(entries.len())?;
            let found = entries.iter().find(|(key, _)| same_value_zero(key, arg(args, 0)));
            Ok(found.map(|(_, value)| value.clone()).unwrap_or_default())
        }
        Some(Special::CustomData(data)) => {
            let name = vm.text(arg(args, 0))?;
            Ok(data.get(&name).clone())
        }
        _ => Err(type_error("get is not a function")),
    }),
    ("getAll", |_, this, _| match special(this) {
        Some(Special::CustomData(data)) => Ok(data.clone()),
        _ => Err(type_error("getAll is not a function")),
    }),
    ("keys", |vm, this, _| vm.list(keys(this))),
    ("values", |vm, this, _| match special(this) {
        Some(Special::Map(entries)) => vm.list(entries.iter().map(|(_, value)| value.clone()).collect()),
        _ => vm.list(keys(this)),
    }),
    ("entries", |vm, this, _| {
        let all = vm.iterate(this)?.into_owned();
        vm.list(all)
    }),
    ("forEach", |vm, this, args| {
        for element in vm.iterate(this)?.into_owned() {
            match (special(this), element.as_array()) {
                (Some(Special::Map(_)), Some([key, value])) => vm.call(arg(args, 0), &[value.clone(), key.clone()])?,
                _ => vm.call(arg(args, 0), &[element.clone(), element])?,
            };
        }
        Ok(Value::Undefined)
    }),
    ("add", |vm, this, args| {
        let mut elements = keys(this);
        elements.push(arg(args, 0).clone());
        set_of(vm, elements)
    }),
    ("set", |vm, this, args| match special(this) {
        Some(Special::Map(entries)) => {
            let mut entries = entries.clone();
            entries.push((arg(args, 0).clone(), arg(args, 1).clone()));
            map_of(vm, entries)
        }
        _ => Err(type_error("set is not a function")),
    }),
    ("delete", |vm, this, args| {
        vm.budget.walk(keys(this).len())?;
        Ok(Value::Bool(keys(this).iter().any(|key| same_value_zero(key, arg(args, 0)))))
    }),
    ("clear", |_, _, _| Ok(Value::Undefined)),
    ("union", |vm, this, args| {
        let mut elements = keys(this);
        elements.extend(keys(arg(args, 0)));
        set_of(vm, elements)
    }),
    ("symmetricDifference", |vm, this, args| {
        let (mine, theirs) = (keys(this), keys(arg(args, 0)));
        vm.budget.walk(mine.len().saturating_mul(theirs.len()))?;
        let lacks = |set: &[Value], key: &Value| !set.iter().any(|other| same_value_zero(key, other));
        let mut elements: Vec<Value> = mine.iter().filter(|key| lacks(&theirs, key)).cloned().collect();
        elements.extend(theirs.iter().filter(|key| lacks(&mine, key)).cloned());
        set_of(vm, elements)
    }),
    ("isSubsetOf", |vm, this, args| within(vm, &keys(this), &keys(arg(args, 0))).map(Value::Bool)),
    ("isSupersetOf", |vm, this, args| within(vm, &keys(arg(args, 0)), &keys(this)).map(Value::Bool)),
    ("isDisjointFrom", |vm, this, args| {
        let (mine, theirs) = (keys(this), keys(arg(args, 0)));
        vm.budget.walk(mine.len().saturating_mul(theirs.len()))?;
        Ok(Value::Bool(!mine.iter().any(|key| theirs.iter().any(|other| same_value_zero(key, other)))))
    }),
    ("intersection", |vm, this, args| filtered(vm, this, args, true)),
    ("difference", |vm, this, args| filtered(vm, this, args, false)),
    ("call", |vm, this, args| vm.call(this, args.get(1..).unwrap_or(&[]))),
    ("apply", |vm, this, args| {
        let given = vm.iterate(arg(args, 1))?.into_owned();
        vm.call(this, &given)
    }),
    ("bind", |_, this, _| Ok(this.clone())),
    ("toString", |vm, this, _| Ok(Value::String(vm.text(this)?))),
];

fn keys(value: &Value) -> Vec<Value> {
    match special(value) {
        Some(Special::Set(elements)) => elements.clone(),
        Some(Special::Map(entries)) => entries.iter().map(|(key, _)| key.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Whether every one of `few` is among `many`.
fn within(vm: &mut Vm<'_>, few: &[Value], many: &[Value]) -> Outcome<bool> {
    vm.budget.walk(few.len().saturating_mul(many.len()))?;
    Ok(few.iter().all(|key| many.iter().any(|other| same_value_zero(key, other))))
}

fn filtered(vm: &mut Vm<'_>, this: &Value, args: &[Value], inside: bool) -> Outcome {
    let (mine, theirs) = (keys(this), keys(arg(args, 0)));
    vm.budget.walk(mine.len().saturating_mul(theirs.len()))?;
    set_of(
        vm,
        mine.into_iter().filter(|key| theirs.iter().any(|other| same_value_zero(key, other)) == inside).collect(),
    )
}

/// A key by which equal elements are found without comparing all.
#[derive(PartialEq, Eq, Hash)]
enum Found {
    Text(Text),
    Number(u64),
}

fn found(value: &Value) -> Option<Found> {
    match value {
        Value::String(text) => Some(Found::Text(text.clone())),
        Value::Number(number) if number.is_nan() => Some(Found::Number(f64::NAN.to_bits())),
        Value::Number(number) => Some(Found::Number((number + 0.0).to_bits())),
        _ => None,
    }
}

fn set_of(vm: &mut Vm<'_>, elements: Vec<Value>) -> Outcome {
    vm.budget.pairs(elements.len())?;
    let mut seen = std::collections::HashSet::new();
    let mut others: Vec<Value> = Vec::new();
    let mut kept = Vec::new();
    for element in elements {
        let is_new = if let Some(key) = found(&element) {
            seen.insert(key)
        } else {
            vm.budget.walk(others.len())?;
            let known = others.iter().any(|other| same_value_zero(other, &element));
            if !known {
                others.push(element.clone());
            }
            !known
        };
        if is_new {
            kept.push(element);
        }
    }
    Ok(wrap(Special::Set(kept)))
}

fn map_of(vm: &mut Vm<'_>, entries: Vec<(Value, Value)>) -> Outcome {
    vm.budget.entries(entries.len())?;
    let mut kept: Vec<(Value, Value)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for (key, value) in entries {
        let place = if let Some(found) = found(&key) {
            *places.entry(found).or_insert(kept.len())
        } else {
            vm.budget.walk(kept.len())?;
            kept.iter().position(|(known, _)| same_value_zero(known, &key)).unwrap_or(kept.len())
        };
        match kept.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => kept.push((key, value)),
        }
    }
    Ok(wrap(Special::Map(kept)))
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
        let mut entries = Vec::new();
        if !arg(args, 0).is_nullish() {
            for pair in vm.iterate(arg(args, 0))?.into_owned() {
                let pair = vm.iterate(&pair)?.into_owned();
                entries.push((arg(&pair, 0).clone(), arg(&pair, 1).clone()));
            }
        }
        map_of(vm, entries)
    },
};
