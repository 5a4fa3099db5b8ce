//! Who in the expression holds a list or an object.

use std::sync::Arc;

use weft_value::Value;

use super::super::Vm;
use super::place::Place;
use crate::budget::Budget;
use crate::collection::Handle;
use crate::special::{Special, special};
use crate::stop::{Outcome, Stop, needs_code_runner};

impl Vm<'_> {
    /// Fails where something on the way to `place` has another name in the expression, or is held by what is `given`.
    pub(super) fn refuse_other_names(&mut self, place: &Place, given: &[Value]) -> Outcome<()> {
        // What is held once is held by the way itself.
        let shared: Vec<_> = self.on_the_way(place).filter(|value| is_shared(value)).filter_map(address).collect();
        if shared.is_empty() || self.names(&shared, given)?.iter().all(|count| *count < 2) {
            Ok(())
        } else {
            Err(refusal())
        }
    }

    /// Fails where a variable of the expression holds `value`, which is to be changed without being copied back.
    pub(in crate::vm) fn refuse_any_name(&mut self, value: &Value) -> Outcome<()> {
        let Some(address) = address(value).filter(|_| is_shared(value)) else { return Ok(()) };
        if self.names(&[address], &[])?.iter().any(|count| *count > 0) { Err(refusal()) } else { Ok(()) }
    }

    /// How often what lies at each of `wanted` is held by variables, by what they hold, and by what is `given`.
    fn names(&mut self, wanted: &[*const ()], given: &[Value]) -> Outcome<Vec<usize>> {
        let Self { budget, stack, cells, collections, .. } = self;
        let found = vec![0; wanted.len()];
        let mut search = Search { budget, wanted, found, collections: Vec::new() };
        for held in stack.iter().chain(cells.iter()).chain(given) {
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
        Ok(search.found)
    }
}

#[cold]
fn refusal() -> Stop {
    needs_code_runner(
        "This changes a value that another variable holds too. Copy it first ([...list], { ...object }), or change it by \
         the name that it was made under; a Code node can do it as it is.",
    )
}

/// Whether more than one holds the list or the object.
fn is_shared(value: &Value) -> bool {
    match value {
        Value::Array(list) => Arc::strong_count(list) > 1,
        Value::Object(object) => Arc::strong_count(object) > 1,
        // A match may have many names, each of which holds its one list.
        Value::Opaque(_) => true,
        _ => false,
    }
}

fn address(value: &Value) -> Option<*const ()> {
    match value {
        Value::Object(object) => Some(Arc::as_ptr(object).cast()),
        _ => super::list::list(value).map(|list| Arc::as_ptr(list).cast()),
    }
}

/// Looks for lists and objects in what variables hold.
struct Search<'b> {
    budget: &'b mut Budget,
    wanted: &'b [*const ()],
    /// How often each was found.
    found: Vec<usize>,
    /// The sets and maps that variables hold: each is looked into once.
    collections: Vec<Handle>,
}

impl Search<'_> {
    fn look_into(&mut self, value: &Value) -> Outcome<()> {
        self.budget.step()?;
        if let Some(address) = address(value) {
            for (wanted, found) in self.wanted.iter().zip(&mut self.found) {
                *found += usize::from(std::ptr::eq(*wanted, address));
            }
        }
        match value {
            Value::Array(list) => list.iter().try_for_each(|value| self.look_into(value)),
            Value::Object(object) => object.values().try_for_each(|value| self.look_into(value)),
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
                Some(Special::Bound(function, given)) => {
                    self.look_into(function)?;
                    given.iter().try_for_each(|value| self.look_into(value))
                }
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
