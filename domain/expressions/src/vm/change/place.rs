//! Where a target leads.

use std::sync::Arc;

use weft_value::{Object, Text, Value};

use super::super::{Frame, Vm};
use super::index;
use crate::collection::Handle;
use crate::compile::is_refused;
use crate::ir::{Target, TargetKey, TargetStep};
use crate::library;
use crate::special::{Special, special};
use crate::stop::{Outcome, Stop, misuse, refused, type_error};

/// The place that a target means: the names of properties, and what they lead on from.
#[derive(Clone, Debug)]
pub(super) struct Place {
    root: Root,
    path: Vec<Text>,
}

#[derive(Clone, Debug)]
enum Root {
    /// A variable.
    Cell(usize),
    /// The entry of a map.
    Entry(Handle, Value),
    /// A value that no place leads to.
    Detached(Value),
}

impl Place {
    /// The place of what has the property that this is the place of, and the name of that.
    pub(super) fn split_last(&self) -> Option<(Self, Text)> {
        let (last, path) = self.path.split_last()?;
        Some((Self { root: self.root.clone(), path: path.to_vec() }, last.clone()))
    }

    /// Whether a change of what stands here would be seen by nobody.
    pub(super) fn is_detached(&self) -> bool {
        matches!(self.root, Root::Detached(_))
    }
}

impl Vm<'_> {
    /// The place of `target`, whose keys are evaluated once.
    pub(super) fn place(&mut self, target: &Target, frame: Frame<'_>) -> Outcome<Place> {
        let root = Root::Cell(self.cell(target.variable, frame));
        let mut place = Place { root, path: Vec::with_capacity(target.keys.len()) };
        for TargetKey { step, optional } in &target.keys {
            if *optional && self.read(&place)?.is_nullish() {
                return Err(Stop::Chain);
            }
            match step {
                TargetStep::Named(name) => place.path.push(name.clone()),
                TargetStep::Computed(expr) => {
                    let key = self.eval(expr, frame)?;
                    let key = self.text(&key)?;
                    if is_refused(&key) {
                        return Err(refused(&key));
                    }
                    place.path.push(key);
                }
                TargetStep::Get(key) => {
                    let holder = self.read(&place)?;
                    let key = self.eval(key, frame)?;
                    place = Place { root: self.got(&holder, key)?, path: Vec::new() };
                }
            }
        }
        Ok(place)
    }

    /// What `holder.get(key)` leads to.
    fn got(&mut self, holder: &Value, key: Value) -> Outcome<Root> {
        if let Some(Special::Map(map)) = special(holder) {
            return Ok(Root::Entry(*map, key));
        }
        let own = holder.as_object().and_then(|object| object.get("get"));
        let value = match (own, library::method_set("get")) {
            (Some(own), _) => self.call(&own.clone(), &[key])?,
            (None, Some(set)) => library::call_method(self, set, holder, &[key])?,
            (None, None) => return Err(type_error("get is not a function")),
        };
        Ok(Root::Detached(value))
    }

    /// What stands at `place`.
    pub(super) fn read(&mut self, place: &Place) -> Outcome {
        let mut value = match &place.root {
            Root::Cell(cell) => self.cells.get(*cell).cloned().unwrap_or_default(),
            Root::Entry(map, key) => self.collections.get(*map).get(key).cloned().unwrap_or_default(),
            Root::Detached(value) => value.clone(),
        };
        for key in &place.path {
            value = self.property(&value, key)?;
        }
        Ok(value)
    }

    /// What the path of `place` begins with, to be changed.
    pub(super) fn root_mut(&mut self, place: &Place) -> Option<&mut Value> {
        match &place.root {
            Root::Cell(cell) => self.cells.get_mut(*cell),
            Root::Entry(map, key) => self.collections.get_mut(*map).get_mut(key),
            Root::Detached(_) => None,
        }
    }

    /// Does something with what stands at `place`, which gets to hold what is `given`, where nothing else in the expression
    /// holds it.
    pub(super) fn within<R>(
        &mut self,
        place: &Place,
        given: &[Value],
        then: impl FnOnce(&mut Self, &mut Value) -> Outcome<R>,
    ) -> Outcome<R> {
        self.refuse_other_names(place, given)?;
        self.inside(place, then)
    }

    /// The same, where that was seen to already. The root is empty meanwhile.
    pub(super) fn inside<R>(
        &mut self,
        place: &Place,
        then: impl FnOnce(&mut Self, &mut Value) -> Outcome<R>,
    ) -> Outcome<R> {
        if place.is_detached() {
            return Err(misuse(
                "This changes a value that no variable of the expression holds. Put it into one first.",
            ));
        }
        let Some(root) = self.root_mut(place) else {
            return Err(type_error("Cannot access a variable before its declaration"));
        };
        let mut value = std::mem::take(root);
        let done = self.descend(&mut value, &place.path, then);
        if let Some(root) = self.root_mut(place) {
            *root = value;
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

    /// The values on the way to what stands at `place`, and that, as far as the path leads.
    pub(super) fn on_the_way<'v>(&'v self, place: &'v Place) -> impl Iterator<Item = &'v Value> {
        let root = match &place.root {
            Root::Cell(cell) => self.cells.get(*cell),
            Root::Entry(map, key) => self.collections.get(*map).get(key),
            Root::Detached(_) => None,
        };
        let mut path = place.path.iter();
        std::iter::successors(root, move |value| match (value, path.next()?) {
            (Value::Object(object), key) => object.get(key),
            (Value::Array(list), key) => index(key).and_then(|at| list.get(at)),
            _ => None,
        })
    }

    /// The object, to be changed; paid for where it has to be copied.
    pub(super) fn own_object<'o>(&mut self, object: &'o mut Arc<Object>) -> Outcome<&'o mut Object> {
        if Arc::get_mut(object).is_none() {
            self.budget.entries(object.len())?;
        }
        Ok(Arc::make_mut(object))
    }

    /// The list, to be changed; paid for where it has to be copied.
    pub(super) fn own_list<'l>(&mut self, list: &'l mut Arc<Vec<Value>>) -> Outcome<&'l mut Vec<Value>> {
        if Arc::get_mut(list).is_none() {
            self.budget.elements(list.len())?;
        }
        Ok(Arc::make_mut(list))
    }
}
