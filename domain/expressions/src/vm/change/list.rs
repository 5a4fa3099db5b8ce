//! Changes of lists.

use std::sync::Arc;

use weft_value::{Text, Value};

use super::super::Vm;
use super::place::Place;
use super::{VALUE, index};
use crate::ir::Invocation;
use crate::library::{self, check_depth};
use crate::special::{Special, special};
use crate::stop::{Outcome, misuse, type_error};

/// The list that `value` is: what a pattern found is one too.
pub(super) fn list(value: &Value) -> Option<&Arc<Vec<Value>>> {
    match (value, special(value)) {
        (Value::Array(list), _) | (_, Some(Special::Matched { list, .. })) => Some(list),
        _ => None,
    }
}

pub(super) fn is_list(value: &Value) -> bool {
    list(value).is_some()
}

impl Vm<'_> {
    /// `place.name(args)`, where a list stands at `place`.
    pub(super) fn change_list(&mut self, call: &Invocation, place: &Place, args: Vec<Value>) -> Outcome {
        for arg in &args {
            check_depth(self, arg, 0)?;
        }
        self.refuse_other_names(place, &args)?;
        match call.name.as_str() {
            "push" => self.in_list(place, |vm, list| {
                vm.pay_for_more(list, &args)?;
                let list = vm.own_list(list)?;
                list.extend(args);
                Ok(Value::Number(list.len() as f64))
            }),
            "unshift" => self.in_list(place, |vm, list| {
                vm.pay_for_more(list, &args)?;
                vm.budget.walk(list.len() / 64)?;
                let list = vm.own_list(list)?;
                list.splice(0..0, args);
                Ok(Value::Number(list.len() as f64))
            }),
            "pop" => self.in_list(place, |vm, list| Ok(vm.own_list(list)?.pop().unwrap_or_default())),
            "shift" => self.in_list(place, |vm, list| {
                vm.budget.walk(list.len() / 64)?;
                let list = vm.own_list(list)?;
                Ok(if list.is_empty() { Value::Undefined } else { list.remove(0) })
            }),
            _ => self.replace(call, place, &args),
        }
    }

    fn pay_for_more(&mut self, list: &[Value], more: &[Value]) -> Outcome<()> {
        for _ in more {
            self.budget.element(list.len() + more.len(), VALUE)?;
        }
        Ok(())
    }

    /// The methods that make a new list of the old one.
    fn replace(&mut self, call: &Invocation, place: &Place, args: &[Value]) -> Outcome {
        let Some(set) = call.set else { return Err(type_error(format!("{} is not a function", call.name))) };
        let before = self.read(place)?;
        let answer = library::call_method(self, set, &before, args)?;
        let after = match (call.name.as_str(), library::method_set("toSpliced")) {
            ("splice", Some(spliced)) => library::call_method(self, spliced, &before, args)?,
            _ => answer.clone(),
        };
        drop(before);
        // A comparison may have been called meanwhile.
        self.within(place, &[], |_, holder| {
            *holder = after;
            Ok(())
        })?;
        Ok(answer)
    }

    fn in_list(&mut self, place: &Place, then: impl FnOnce(&mut Self, &mut Arc<Vec<Value>>) -> Outcome) -> Outcome {
        self.inside(place, |vm, holder| {
            if let Some(found) = special(holder).and_then(|_| list(holder)) {
                *holder = Value::Array(Arc::clone(found));
            }
            match holder {
                Value::Array(list) => then(vm, list),
                _ => Err(type_error("This is not a list")),
            }
        })
    }

    /// `list[name] = value`.
    pub(super) fn set_element(&mut self, list: &mut Arc<Vec<Value>>, name: &Text, value: Value) -> Outcome<()> {
        let length = list.len();
        if let ("length", Value::Number(wanted)) = (name.as_str(), &value)
            && *wanted >= 0.0
            && wanted.fract() == 0.0
        {
            let wanted = wanted.min(1e15) as usize;
            self.budget.elements(wanted.saturating_sub(length))?;
            self.budget.counted(wanted)?;
            self.own_list(list)?.resize(wanted, Value::Undefined);
            return Ok(());
        }
        let at = index(name).ok_or_else(|| misuse("A list has elements at places 0, 1, 2 … only."))?;
        if at >= length {
            self.budget.elements(at.saturating_add(1).saturating_sub(length))?;
            self.budget.counted(at.saturating_add(1) / 64)?;
            if at >= self.budget.limits().elements {
                return Err(crate::Exhausted::Elements.into());
            }
            self.own_list(list)?.resize(at + 1, Value::Undefined);
        }
        if let Some(element) = self.own_list(list)?.get_mut(at) {
            *element = value;
        }
        Ok(())
    }
}
