//! Values that are equal through all their parts, and how one of many is found.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use weft_value::Value;

use crate::convert::same;
use crate::special::{Special, special};
use crate::stop::Outcome;
use crate::vm::Vm;

/// Bytes of one known value and of what finds it, with room to grow.
const KNOWN: usize = 96;

/// Whether two values are equal through all their parts.
pub(super) fn deeply_equal(vm: &mut Vm<'_>, a: &Value, b: &Value) -> Outcome<bool> {
    vm.budget.enter()?;
    let equal = match (a, b) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && all_equal(vm, a.iter().zip(b.iter()))?,
        (Value::Object(a), Value::Object(b)) => {
            let same_keys = a.len() == b.len() && a.keys().all(|key| b.contains_key(key));
            same_keys && all_equal(vm, a.iter().map(|(key, value)| (value, b.get(key).unwrap_or(&Value::Undefined))))?
        }
        (Value::DateTime(a), Value::DateTime(b)) => a.millis() == b.millis(),
        (Value::String(a), Value::String(b)) => {
            vm.budget.scan(a.len().min(b.len()))?;
            a == b
        }
        _ => match (special(a), special(b)) {
            (Some(Special::Date(a)), Some(Special::Date(b))) => a.millis().total_cmp(&b.millis()).is_eq(),
            _ => same(a, b),
        },
    };
    vm.budget.leave();
    Ok(equal)
}

fn all_equal<'v>(vm: &mut Vm<'_>, mut pairs: impl Iterator<Item = (&'v Value, &'v Value)>) -> Outcome<bool> {
    pairs.try_fold(true, |equal, (a, b)| if equal { deeply_equal(vm, a, b) } else { Ok(false) })
}

/// Values among which one is found without looking at all of them.
#[derive(Default)]
pub(super) struct Known {
    /// Where the newest value with a digest is.
    newest: HashMap<u64, usize>,
    /// The values, each with the place of the one before it that has the same digest.
    values: Vec<(Value, Option<usize>)>,
}

impl Known {
    /// Adds a value unless an equal one is there, and tells whether it did. What equals nothing is always new.
    pub(super) fn add(&mut self, vm: &mut Vm<'_>, value: &Value) -> Outcome<bool> {
        let Some(digest) = digest(vm, value)? else { return Ok(true) };
        if self.finds(vm, digest, value)? {
            return Ok(false);
        }
        vm.budget.element(self.values.len(), KNOWN)?;
        let before = self.newest.insert(digest, self.values.len());
        self.values.push((value.clone(), before));
        Ok(true)
    }

    /// Whether an equal value is there.
    pub(super) fn contains(&self, vm: &mut Vm<'_>, value: &Value) -> Outcome<bool> {
        match digest(vm, value)? {
            Some(digest) => self.finds(vm, digest, value),
            None => Ok(false),
        }
    }

    fn finds(&self, vm: &mut Vm<'_>, digest: u64, value: &Value) -> Outcome<bool> {
        let mut next = self.newest.get(&digest).copied();
        while let Some(place) = next {
            let (known, before) = &self.values[place];
            if deeply_equal(vm, known, value)? {
                return Ok(true);
            }
            next = *before;
        }
        Ok(false)
    }
}

/// A number that equal values have in common; nothing for a value that equals none, not even itself, since it has a `NaN` in it.
fn digest(vm: &mut Vm<'_>, value: &Value) -> Outcome<Option<u64>> {
    vm.budget.enter()?;
    let mut hasher = DefaultHasher::new();
    std::mem::discriminant(value).hash(&mut hasher);
    match value {
        // What is not data is one kind of thing; there is rarely more than one of it in a list.
        Value::Undefined | Value::Null | Value::Opaque(_) => {}
        Value::Bool(truth) => truth.hash(&mut hasher),
        Value::Number(number) if number.is_nan() => {
            vm.budget.leave();
            return Ok(None);
        }
        // Zero has two signs.
        Value::Number(number) => (number + 0.0).to_bits().hash(&mut hasher),
        Value::String(text) => {
            vm.budget.scan(text.len())?;
            text.hash(&mut hasher);
        }
        Value::DateTime(moment) => moment.millis().hash(&mut hasher),
        Value::Array(array) => {
            for element in array.iter() {
                let Some(digest) = digest(vm, element)? else {
                    vm.budget.leave();
                    return Ok(None);
                };
                hasher.write_u64(digest);
            }
        }
        Value::Object(object) => {
            // The order in which the fields were set does not count.
            let mut fields = 0_u64;
            for (key, value) in object.iter() {
                let Some(digest) = digest(vm, value)? else {
                    vm.budget.leave();
                    return Ok(None);
                };
                let mut field = DefaultHasher::new();
                vm.budget.scan(key.len())?;
                (key.as_str(), digest).hash(&mut field);
                fields = fields.wrapping_add(field.finish());
            }
            hasher.write_u64(fields);
        }
    }
    vm.budget.leave();
    Ok(Some(hasher.finish()))
}
