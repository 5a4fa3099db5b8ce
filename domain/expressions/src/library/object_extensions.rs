//! What workflows can do with objects besides JavaScript.

use std::sync::Arc;

use weft_value::{Object, Text, Value};

use super::{Table, arg, json, object, uri};
use crate::stop::{Outcome, misuse, refused};
use crate::vm::Vm;

pub(super) const EXTENSIONS: Table<Arc<Object>> = &[
    ("isEmpty", |_, object, _| Ok(Value::Bool(object.is_empty()))),
    ("isNotEmpty", |_, object, _| Ok(Value::Bool(!object.is_empty()))),
    ("hasField", |vm, object, args| {
        let name = vm.text(arg(args, 0))?;
        Ok(Value::Bool(object.contains_key(&name)))
    }),
    ("removeField", |vm, object, args| {
        let name = vm.text(arg(args, 0))?;
        keep(vm, object, |key, _| *key != name)
    }),
    ("removeFieldsContaining", |vm, object, args| {
        let part = part(args, "removeFieldsContaining")?;
        keep(vm, object, |_, value| !value.as_str().is_some_and(|text| text.contains(part.as_str())))
    }),
    ("keepFieldsContaining", |vm, object, args| {
        let part = part(args, "keepFieldsContaining")?;
        keep(vm, object, |_, value| value.as_str().is_some_and(|text| text.contains(part.as_str())))
    }),
    ("compact", |vm, object, _| vm.compact(&Value::Object(Arc::clone(object)))),
    ("urlEncode", |vm, object, _| {
        let mut text = String::new();
        for (key, value) in object.iter() {
            let value = vm.text(value)?;
            let separator = if text.is_empty() { "" } else { "&" };
            for piece in [separator, &uri::form(key), "=", &uri::form(&value)] {
                vm.push(&mut text, piece)?;
            }
        }
        vm.string(text)
    }),
    ("keys", |vm, this, _| object_list(vm, this, |key, _| Value::String(key))),
    ("values", |vm, this, _| object_list(vm, this, |_, value| value)),
    ("toJsonString", |vm, object, _| json::stringify(vm, &Value::Object(Arc::clone(object)), "")),
    ("toInt", |_, _, _| Ok(Value::Undefined)),
    ("toFloat", |_, _, _| Ok(Value::Undefined)),
    ("toBoolean", |_, _, _| Ok(Value::Undefined)),
    ("toDateTime", |_, _, _| Ok(Value::Undefined)),
];

fn object_list(vm: &mut Vm<'_>, this: &Arc<Object>, make: fn(Text, Value) -> Value) -> Outcome {
    let entries = object::entries(vm, &Value::Object(Arc::clone(this)))?;
    vm.list(entries.into_iter().map(|(key, value)| make(key, value)).collect())
}

fn part(args: &[Value], name: &str) -> Outcome<Text> {
    match arg(args, 0) {
        Value::String(text) if !text.is_empty() => Ok(text.clone()),
        _ => Err(misuse(format!("{name}() needs the text to look for."))),
    }
}

fn keep(vm: &mut Vm<'_>, object: &Object, mut keeps: impl FnMut(&Text, &Value) -> bool) -> Outcome {
    vm.budget.entries(object.len())?;
    let kept = object.iter().filter(|(key, value)| keeps(key, value)).map(|(key, value)| (key.clone(), value.clone()));
    Ok(Value::from(kept.collect::<Object>()))
}

/// Whether `compact()` leaves `value` out. What only becomes empty by it stays.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => true,
        Value::String(text) => matches!(text.as_str(), "" | "nil"),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::DateTime(_) | Value::Opaque(_) => false,
    }
}

impl Vm<'_> {
    /// `value` without its empty elements and fields, through all its parts.
    pub(super) fn compact(&mut self, value: &Value) -> Outcome {
        self.budget.enter()?;
        let compacted = match value {
            Value::Array(list) => {
                let mut kept = Vec::new();
                for element in list.iter().filter(|element| !is_empty(element)) {
                    kept.push(self.compact(element)?);
                }
                self.list(kept)?
            }
            Value::Object(object) => {
                let mut kept = Object::new();
                for (key, element) in object.iter() {
                    if crate::compile::is_refused(key) {
                        return Err(refused(key));
                    }
                    if !is_empty(element) {
                        kept.insert(key.clone(), self.compact(element)?);
                    }
                }
                self.budget.entries(kept.len())?;
                Value::from(kept)
            }
            other => other.clone(),
        };
        self.budget.leave();
        Ok(compacted)
    }
}
