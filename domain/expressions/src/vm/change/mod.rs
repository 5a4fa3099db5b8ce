//! What variables hold, and how it changes.
//!
//! Lists and objects are shared and never change where two can see them. One that one variable alone holds is changed in
//! place, which nobody can tell from JavaScript. What data outside of the expression holds too is copied first, so that the
//! data stays as it is. Only where another variable of the expression holds it would a copy mean something else than in
//! JavaScript; there the evaluation fails and says what to do. What one and the same expression has read before it changes a
//! variable (`[list, list.pop()]`) stays as it was read. Sets, maps and dates are not meant here: they change where they are.

mod list;
mod names;
mod place;

use weft_value::{Object, Text, Value};

use self::place::Place;
use super::{Frame, Vm};
use crate::convert::truthy;
use crate::ir::{Assign, AssignOp, BinaryOp, Change, LogicalOp, Receiver, Target, Unpack, Update, Variable};
use crate::library::check_depth;
use crate::special::{Special, special};
use crate::stop::{Outcome, misuse, type_error};

/// Bytes of one element of a list.
const VALUE: usize = size_of::<Value>();

impl Vm<'_> {
    /// Makes a place for a variable that may change; gives what stands in its slot.
    pub(super) fn new_cell(&mut self, value: Value) -> Outcome {
        self.budget.element(self.cells.len(), VALUE)?;
        self.cells.push(value);
        Ok(Value::Number((self.cells.len() - 1) as f64))
    }

    pub(super) fn cell(&self, variable: Variable, frame: Frame<'_>) -> usize {
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

    pub(super) fn assign(&mut self, assign: &Assign, frame: Frame<'_>) -> Outcome {
        if assign.op == AssignOp::Set
            && assign.target.keys.is_empty()
            && let Some(value) = self.added_to(assign.target.variable, &assign.value, frame)?
        {
            return Ok(value);
        }
        let place = self.place(&assign.target, frame)?;
        self.assign_at(&place, assign, frame)
    }

    fn assign_at(&mut self, place: &Place, assign: &Assign, frame: Frame<'_>) -> Outcome {
        let value = match assign.op {
            AssignOp::Set => self.eval(&assign.value, frame)?,
            AssignOp::Binary(op) => {
                let before = self.read(place)?;
                let value = self.eval(&assign.value, frame)?;
                match before {
                    Value::String(text) if op == BinaryOp::Add && assign.target.keys.is_empty() => {
                        let value = self.primitive(&value)?;
                        let more = self.text(&value)?;
                        let cell = self.cell(assign.target.variable, frame);
                        return self.extend_cell(cell, text, &more);
                    }
                    before => self.binary(op, &before, &value)?,
                }
            }
            AssignOp::Logical(op) => {
                let before = self.read(place)?;
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
        self.write(place, value.clone())?;
        Ok(value)
    }

    /// `[a, b] = value`; gives the value.
    pub(super) fn unpack(&mut self, unpack: &Unpack, frame: Frame<'_>) -> Outcome {
        let value = self.eval(&unpack.value, frame)?;
        self.bind(&unpack.pattern, value.clone(), frame)?;
        for part in &unpack.parts {
            self.assign(part, frame)?;
        }
        Ok(value)
    }

    pub(super) fn update(&mut self, update: &Update, frame: Frame<'_>) -> Outcome {
        let place = self.place(&update.target, frame)?;
        let before = self.read(&place)?;
        let before = self.number(&before)?;
        let after = before + update.delta;
        self.write(&place, Value::Number(after))?;
        Ok(Value::Number(if update.prefix { after } else { before }))
    }

    pub(super) fn delete(&mut self, target: &Target, frame: Frame<'_>) -> Outcome {
        let place = self.place(target, frame)?;
        let Some((holder, last)) = place.split_last() else { return Ok(Value::Bool(false)) };
        self.within(&holder, &[], |vm, holder| {
            match holder {
                Value::Object(object) => {
                    vm.budget.walk(object.len() / 16)?;
                    vm.own_object(object)?.remove(&last);
                }
                Value::Array(elements) => {
                    let elements = vm.own_list(elements)?;
                    if let Some(element) = index(&last).and_then(|at| elements.get_mut(at)) {
                        *element = Value::Undefined;
                    }
                }
                _ => return Err(type_error("Cannot convert undefined or null to object")),
            }
            Ok(Value::Bool(true))
        })
    }

    fn write(&mut self, place: &Place, value: Value) -> Outcome<()> {
        // What nests without bounds would overflow the stack when it is dropped.
        check_depth(self, &value, 0)?;
        match place.split_last() {
            None => {
                if let Some(root) = self.root_mut(place) {
                    *root = value;
                }
                Ok(())
            }
            Some((holder, last)) => {
                let given = [value];
                self.refuse_other_names(&holder, &given)?;
                let [value] = given;
                self.inside(&holder, |vm, holder| vm.set_property(holder, &last, value))
            }
        }
    }

    fn set_property(&mut self, holder: &mut Value, name: &Text, value: Value) -> Outcome<()> {
        match holder {
            Value::Object(object) => {
                if !object.contains_key(name) {
                    self.budget.entry(object.len())?;
                    self.budget.text(name.len())?;
                    if is_between(object, name) {
                        // A key that is an index looks for its place among the others, which move.
                        self.budget.walk(object.len() / 16)?;
                    }
                }
                self.own_object(object)?.insert(name.clone(), value);
                Ok(())
            }
            Value::Array(list) => self.set_element(list, name, value),
            Value::Undefined | Value::Null => {
                Err(type_error(format!("Cannot set properties of undefined (setting '{name}')")))
            }
            _ => {
                if let (Some(Special::RegExp(regexp)), "lastIndex") = (special(holder), name.as_str()) {
                    let index = self.number(&value)?;
                    regexp.set_last(if index >= 0.0 { index as usize } else { 0 });
                    return Ok(());
                }
                Err(misuse(format!("The field \"{name}\" of this value cannot be set.")))
            }
        }
    }

    /// A method that changes the list that it is called on.
    pub(super) fn change(&mut self, change: &Change, frame: Frame<'_>) -> Outcome {
        self.changed(change, frame).map(|(value, _)| value)
    }

    /// The same; gives the place of the list too, where there is one.
    fn changed(&mut self, change: &Change, frame: Frame<'_>) -> Outcome<(Value, Option<Place>)> {
        let (receiver, place) = match &change.receiver {
            Receiver::Target(target) => {
                let place = self.place(target, frame)?;
                (self.read(&place)?, Some(place))
            }
            Receiver::Assigned(assign) => {
                let place = self.place(&assign.target, frame)?;
                (self.assign_at(&place, assign, frame)?, Some(place))
            }
            Receiver::Changed(inner) => self.changed(inner, frame)?,
            Receiver::Value(expr) => (self.eval(expr, frame)?, None),
        };
        if !list::is_list(&receiver) {
            return Ok((self.invoke(&receiver, &change.call, frame)?, None));
        }
        let Some(place) = place.filter(|place| !place.is_detached()) else {
            self.refuse_any_name(&receiver)?;
            return Ok((self.invoke(&receiver, &change.call, frame)?, None));
        };
        drop(receiver);
        let args = self.elements(&change.call.args, frame)?;
        let value = self.change_list(&change.call, &place, args)?;
        Ok((value, Some(place)))
    }
}

/// Whether the index `name` would come before a key that is there already.
fn is_between(object: &Object, name: &str) -> bool {
    let Some(at) = index(name) else { return false };
    object.keys().next_back().is_some_and(|last| index(last).is_none_or(|last| at < last))
}

fn index(name: &str) -> Option<usize> {
    if name.len() > 1 && name.starts_with('0') { None } else { name.parse().ok() }
}
