//! What variables hold, and how it changes.
//!
//! Values are shared and never change where two can see them. A list or an object that one variable alone holds is changed
//! in place, which nobody can tell from JavaScript. What data outside of the expression holds too is copied first, so that
//! the data stays as it is. Only where another variable of the expression holds it would a copy mean something else than in
//! JavaScript; there the evaluation fails and says what to do. What one and the same expression has read before it changes a
//! variable (`[list, list.pop()]`) stays as it was read.

use std::sync::Arc;

use weft_value::{Object, Text, Value};

use super::{Frame, Vm};
use crate::budget::Budget;
use crate::collection::Handle;
use crate::compile::is_refused;
use crate::convert::truthy;
use crate::ir::{Assign, AssignOp, Change, LogicalOp, Target, TargetKey, Update, Variable};
use crate::library::{self, check_depth};
use crate::special::{Special, special};
use crate::stop::{Outcome, misuse, refused, type_error};

/// Bytes of one element of a list.
const VALUE: usize = size_of::<Value>();

impl Vm<'_> {
    /// Makes a place for a variable that may change; gives what stands in its slot.
    pub(super) fn new_cell(&mut self, value: Value) -> Outcome {
        self.budget.element(self.cells.len(), VALUE)?;
        self.cells.push(value);
        Ok(Value::Number((self.cells.len() - 1) as f64))
    }

    fn cell(&self, variable: Variable, frame: Frame<'_>) -> usize {
        let held = match variable {
            Variable::Local(slot) => self.stack.get(frame.base + slot as usize),
            Variable::Capture(index) => frame.captures.get(index as usize),
        };
        match held {
            Some(Value::Number(place)) => *place as usize,
            // A variable that is read before it was declared.
            _ => usize::MAX,
        }
    }

    /// The value of a variable.
    pub(super) fn variable(&self, variable: Variable, frame: Frame<'_>) -> Value {
        self.cells.get(self.cell(variable, frame)).cloned().unwrap_or_default()
    }

    fn target_keys(&mut self, target: &Target, frame: Frame<'_>) -> Outcome<Vec<Text>> {
        let mut keys = Vec::with_capacity(target.keys.len());
        for key in &target.keys {
            keys.push(match key {
                TargetKey::Named(name) => name.clone(),
                TargetKey::Computed(expr) => {
                    let key = self.eval(expr, frame)?;
                    let key = self.text(&key)?;
                    if is_refused(&key) {
                        return Err(refused(&key));
                    }
                    key
                }
            });
        }
        Ok(keys)
    }

    fn read(&mut self, place: usize, keys: &[Text]) -> Outcome {
        let mut value = self.cells.get(place).cloned().unwrap_or_default();
        for key in keys {
            value = self.property(&value, key)?;
        }
        Ok(value)
    }

    pub(super) fn assign(&mut self, assign: &Assign, frame: Frame<'_>) -> Outcome {
        let place = self.cell(assign.target.variable, frame);
        let keys = self.target_keys(&assign.target, frame)?;
        let value = match assign.op {
            AssignOp::Set => self.eval(&assign.value, frame)?,
            AssignOp::Binary(op) => {
                let before = self.read(place, &keys)?;
                let value = self.eval(&assign.value, frame)?;
                self.binary(op, &before, &value)?
            }
            AssignOp::Logical(op) => {
                let before = self.read(place, &keys)?;
                let decided = match op {
                    LogicalOp::Or => truthy(&before),
                    LogicalOp::And => !truthy(&before),
                    LogicalOp::Coalesce => !before.is_nullish(),
                };
                if decided {
                    return Ok(before);
                }
                self.eval(&assign.value, frame)?
            }
        };
        self.write(place, &keys, value.clone())?;
        Ok(value)
    }

    pub(super) fn update(&mut self, update: &Update, frame: Frame<'_>) -> Outcome {
        let place = self.cell(update.target.variable, frame);
        let keys = self.target_keys(&update.target, frame)?;
        let before = self.read(place, &keys)?;
        let before = self.number(&before)?;
        let after = before + update.delta;
        self.write(place, &keys, Value::Number(after))?;
        Ok(Value::Number(if update.prefix { after } else { before }))
    }

    pub(super) fn delete(&mut self, target: &Target, frame: Frame<'_>) -> Outcome {
        let place = self.cell(target.variable, frame);
        let keys = self.target_keys(target, frame)?;
        let Some((last, path)) = keys.split_last() else { return Ok(Value::Bool(false)) };
        self.within(place, path, |vm, holder| {
            match holder {
                Value::Object(object) => {
                    vm.budget.walk(object.len() / 16)?;
                    vm.own_object(object)?.remove(last);
                }
                Value::Array(elements) => {
                    let elements = vm.own_list(elements)?;
                    if let Some(element) = index(last).and_then(|at| elements.get_mut(at)) {
                        *element = Value::Undefined;
                    }
                }
                _ => return Err(type_error("Cannot convert undefined or null to object")),
            }
            Ok(Value::Bool(true))
        })
    }

    fn write(&mut self, place: usize, keys: &[Text], value: Value) -> Outcome<()> {
        // What nests without bounds would overflow the stack when it is dropped.
        check_depth(self, &value, 0)?;
        let Some((last, path)) = keys.split_last() else {
            if let Some(cell) = self.cells.get_mut(place) {
                *cell = value;
            }
            return Ok(());
        };
        self.within(place, path, |vm, holder| vm.set_property(holder, last, value))
    }

    fn set_property(&mut self, holder: &mut Value, name: &Text, value: Value) -> Outcome<()> {
        match holder {
            Value::Object(object) => {
                if !object.contains_key(name) {
                    self.budget.entries(1)?;
                    self.budget.text(name.len())?;
                    if name.as_bytes().first().is_some_and(u8::is_ascii_digit) {
                        // A key that is an index looks for its place among the others.
                        self.budget.walk(object.len() / 16)?;
                    }
                    self.budget.counted(object.len() / 64)?;
                }
                self.own_object(object)?.insert(name.clone(), value);
                Ok(())
            }
            Value::Array(list) => {
                let length = list.len();
                let at = match (name.as_str(), &value) {
                    ("length", Value::Number(wanted)) if *wanted >= 0.0 && wanted.fract() == 0.0 => {
                        let wanted = wanted.min(1e15) as usize;
                        self.budget.elements(wanted.saturating_sub(length))?;
                        self.budget.counted(wanted)?;
                        self.own_list(list)?.resize(wanted, Value::Undefined);
                        return Ok(());
                    }
                    _ => index(name).ok_or_else(|| misuse("A list has elements at places 0, 1, 2 … only."))?,
                };
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
            Value::Undefined | Value::Null => {
                Err(type_error(format!("Cannot set properties of undefined (setting '{name}')")))
            }
            _ => Err(misuse(format!("The field \"{name}\" of this value cannot be set."))),
        }
    }

    /// Does something with what `path` leads to from the variable at `place`. The variable is empty meanwhile, so that what it
    /// holds counts as held once.
    fn within<R>(
        &mut self,
        place: usize,
        path: &[Text],
        then: impl FnOnce(&mut Self, &mut Value) -> Outcome<R>,
    ) -> Outcome<R> {
        let Some(cell) = self.cells.get_mut(place) else {
            return Err(type_error("Cannot access a variable before its declaration"));
        };
        let mut root = std::mem::take(cell);
        let done = self.descend(&mut root, path, then);
        if let Some(cell) = self.cells.get_mut(place) {
            *cell = root;
        }
        done
    }

    fn descend<R>(
        &mut self,
        root: &mut Value,
        path: &[Text],
        then: impl FnOnce(&mut Self, &mut Value) -> Outcome<R>,
    ) -> Outcome<R> {
        let mut value = root;
        for key in path {
            self.budget.step()?;
            let inner = match value {
                Value::Object(object) if object.contains_key(key) => self.own_object(object)?.get_mut(key),
                Value::Array(list) => match index(key) {
                    Some(at) if at < list.len() => self.own_list(list)?.get_mut(at),
                    _ => None,
                },
                _ => None,
            };
            value = inner.ok_or_else(|| type_error(format!("Cannot read properties of undefined (at '{key}')")))?;
        }
        then(self, value)
    }

    /// The object, to be changed.
    fn own_object<'o>(&mut self, object: &'o mut Arc<Object>) -> Outcome<&'o mut Object> {
        if Arc::get_mut(object).is_none() {
            self.refuse_other_names(Arc::as_ptr(object).cast())?;
            self.budget.entries(object.len())?;
        }
        Ok(Arc::make_mut(object))
    }

    /// The list, to be changed.
    fn own_list<'l>(&mut self, list: &'l mut Arc<Vec<Value>>) -> Outcome<&'l mut Vec<Value>> {
        if Arc::get_mut(list).is_none() {
            self.refuse_other_names(Arc::as_ptr(list).cast())?;
            self.budget.elements(list.len())?;
        }
        Ok(Arc::make_mut(list))
    }

    /// Fails where a variable of the expression holds the list or object at `pointer`.
    fn refuse_other_names(&mut self, pointer: *const ()) -> Outcome<()> {
        let Self { budget, stack, cells, collections, .. } = self;
        let mut search = Search { budget: &mut *budget, pointer, found: false, collections: Vec::new() };
        for held in stack.iter().chain(cells.iter()) {
            search.look_into(held)?;
        }
        let mut at = 0;
        while let Some(handle) = search.collections.get(at).copied() {
            at += 1;
            for (key, value) in collections.get(handle).iter() {
                search.look_into(key)?;
                search.look_into(value)?;
            }
        }
        if search.found {
            return Err(misuse(
                "This changes a value that another variable holds too. Copy it first ([...list], { ...object }), or \
                 change it by the name that it was made under; a Code node can do it as it is.",
            ));
        }
        Ok(())
    }

    /// A method that changes what it is called on.
    pub(super) fn change(&mut self, change: &Change, frame: Frame<'_>) -> Outcome {
        let place = self.cell(change.target.variable, frame);
        let keys = self.target_keys(&change.target, frame)?;
        let args = self.elements(&change.args, frame)?;
        for arg in &args {
            check_depth(self, arg, 0)?;
        }
        let holder = self.read(place, &keys)?;
        match (&holder, special(&holder)) {
            (Value::Array(_), _) => {
                drop(holder);
                self.change_list(change, place, &keys, args)
            }
            (Value::Object(object), _) if object.contains_key(&change.name) => {
                let own = self.property(&holder, &change.name)?;
                self.call(&own, &args)
            }
            _ => library::call_method(self, change.set, &holder, &args),
        }
    }

    fn change_list(&mut self, change: &Change, place: usize, keys: &[Text], args: Vec<Value>) -> Outcome {
        match change.name.as_str() {
            "push" | "unshift" => {
                let at_end = change.name.as_str() == "push";
                self.within(place, keys, |vm, holder| {
                    let Value::Array(list) = holder else { return Ok(Value::Undefined) };
                    for _ in &args {
                        vm.budget.element(list.len() + args.len(), VALUE)?;
                    }
                    vm.budget.walk(if at_end { 0 } else { list.len() / 64 })?;
                    let list = vm.own_list(list)?;
                    if at_end {
                        list.extend(args);
                    } else {
                        list.splice(0..0, args);
                    }
                    Ok(Value::Number(list.len() as f64))
                })
            }
            "pop" => self.within(place, keys, |vm, holder| {
                let Value::Array(list) = holder else { return Ok(Value::Undefined) };
                Ok(vm.own_list(list)?.pop().unwrap_or_default())
            }),
            "shift" => self.within(place, keys, |vm, holder| {
                let Value::Array(list) = holder else { return Ok(Value::Undefined) };
                vm.budget.walk(list.len() / 64)?;
                let list = vm.own_list(list)?;
                Ok(if list.is_empty() { Value::Undefined } else { list.remove(0) })
            }),
            name => {
                let holder = self.read(place, keys)?;
                let answer = library::call_method(self, change.set, &holder, &args)?;
                let after = match (name, library::method_set("toSpliced")) {
                    ("splice", Some(spliced)) => library::call_method(self, spliced, &holder, &args)?,
                    _ => answer.clone(),
                };
                let (Value::Array(before), Value::Array(after)) = (&holder, after) else { return Ok(answer) };
                let pointer = Arc::as_ptr(before).cast();
                drop(holder);
                self.within(place, keys, |vm, holder| {
                    if let Value::Array(list) = holder
                        && Arc::get_mut(list).is_none()
                    {
                        vm.refuse_other_names(pointer)?;
                    }
                    *holder = Value::Array(after);
                    Ok(())
                })?;
                Ok(answer)
            }
        }
    }
}

/// Looks for a list or an object in what variables hold.
struct Search<'b> {
    budget: &'b mut Budget,
    pointer: *const (),
    found: bool,
    /// The sets and maps that variables hold: each is looked into once.
    collections: Vec<Handle>,
}

impl Search<'_> {
    fn look_into(&mut self, value: &Value) -> Outcome<()> {
        self.budget.step()?;
        match value {
            Value::Array(list) => {
                self.found |= std::ptr::eq(Arc::as_ptr(list).cast(), self.pointer);
                list.iter().try_for_each(|value| self.look_into(value))
            }
            Value::Object(object) => {
                self.found |= std::ptr::eq(Arc::as_ptr(object).cast(), self.pointer);
                object.values().try_for_each(|value| self.look_into(value))
            }
            Value::Opaque(_) => match special(value) {
                Some(Special::Closure(_, captures)) => captures.iter().try_for_each(|value| self.look_into(value)),
                Some(Special::Set(handle) | Special::Map(handle)) => {
                    self.budget.walk(self.collections.len() / 64)?;
                    if !self.collections.contains(handle) {
                        self.collections.push(*handle);
                    }
                    Ok(())
                }
                Some(Special::Method(this, _)) => self.look_into(this),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

fn index(name: &str) -> Option<usize> {
    if name.len() > 1 && name.starts_with('0') { None } else { name.parse().ok() }
}
