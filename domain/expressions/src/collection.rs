//! What sets and maps hold.
//!
//! JavaScript shares a set or a map by every name that it has. So a value only names its collection ([`Handle`]) and the
//! evaluation keeps what is in it ([`Collections`]) until it ends: a change is seen by whoever holds the value, a collection
//! that holds itself does no harm, and nothing nests when it is dropped.

use std::collections::HashMap;
use std::sync::Arc;

use weft_value::{Text, Value};

use crate::library::Namespace;
use crate::special::{Special, special};

/// The name of a collection within its evaluation. Only [`Collections::add`] makes one, and no value that is more than data
/// leaves its evaluation; so there always is such a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Handle(usize);

/// The collections of one evaluation.
#[derive(Debug, Default)]
pub(crate) struct Collections(Vec<Collection>);

impl Collections {
    pub(crate) fn add(&mut self, collection: Collection) -> Handle {
        self.0.push(collection);
        Handle(self.0.len() - 1)
    }

    pub(crate) fn get(&self, handle: Handle) -> &Collection {
        &self.0[handle.0]
    }

    pub(crate) fn get_mut(&mut self, handle: Handle) -> &mut Collection {
        &mut self.0[handle.0]
    }
}

/// Keys and values in the order in which they came; a set has keys only.
#[derive(Debug, Default)]
pub(crate) struct Collection {
    /// What was taken out leaves a gap, until there are more gaps than entries.
    entries: Vec<Option<(Value, Value)>>,
    places: HashMap<Key, usize>,
    /// Where the walks under way stand, the innermost last.
    walks: Vec<usize>,
}

/// By what a value is found again (`SameValueZero`): data by what it says, all else by where it lies. It lies there for as
/// long as the collection holds it.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Undefined,
    Null,
    Bool(bool),
    Number(u64),
    Text(Text),
    Namespace(Namespace),
    Collection(Handle),
    Address(usize),
}

impl Key {
    fn of(value: &Value) -> Self {
        match value {
            Value::Undefined => Self::Undefined,
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(*truth),
            Value::Number(number) if number.is_nan() => Self::Number(f64::NAN.to_bits()),
            // Zero and minus zero are one key.
            Value::Number(number) => Self::Number((number + 0.0).to_bits()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(list) => Self::Address(Arc::as_ptr(list).addr()),
            Value::Object(object) => Self::Address(Arc::as_ptr(object).addr()),
            Value::DateTime(moment) => Self::Address(Arc::as_ptr(moment).addr()),
            // Each mention of a name makes its own value.
            Value::Opaque(_) => match special(value) {
                Some(Special::Namespace(namespace)) => Self::Namespace(*namespace),
                Some(Special::Set(handle) | Special::Map(handle)) => Self::Collection(*handle),
                Some(Special::Native(native)) => Self::Address(std::ptr::from_ref(*native).addr()),
                Some(other) => Self::Address(std::ptr::from_ref(other).addr()),
                None => Self::Undefined,
            },
        }
    }
}

impl Collection {
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    pub(crate) fn contains(&self, key: &Value) -> bool {
        self.places.contains_key(&Key::of(key))
    }

    pub(crate) fn get(&self, key: &Value) -> Option<&Value> {
        let place = *self.places.get(&Key::of(key))?;
        self.entries.get(place)?.as_ref().map(|(_, value)| value)
    }

    pub(crate) fn get_mut(&mut self, key: &Value) -> Option<&mut Value> {
        let place = *self.places.get(&Key::of(key))?;
        self.entries.get_mut(place)?.as_mut().map(|(_, value)| value)
    }

    /// Sets `key`, which keeps its place when it was set before.
    pub(crate) fn insert(&mut self, key: Value, value: Value) {
        if let Some(known) = self.get_mut(&key) {
            *known = value;
            return;
        }
        // `-0` is kept as `0`.
        let key = if key == Value::Number(0.0) { Value::Number(0.0) } else { key };
        self.places.insert(Key::of(&key), self.entries.len());
        self.entries.push(Some((key, value)));
    }

    /// Takes `key` out; says whether it was there.
    pub(crate) fn remove(&mut self, key: &Value) -> bool {
        let Some(place) = self.places.remove(&Key::of(key)) else { return false };
        if let Some(entry) = self.entries.get_mut(place) {
            *entry = None;
        }
        // Now and then, so that taking out one after the other stays cheap.
        if self.entries.len() > 16 && self.entries.len() > self.places.len() * 2 {
            self.close_gaps();
        }
        true
    }

    fn close_gaps(&mut self) {
        for walk in &mut self.walks {
            let behind = self.entries.get(..*walk).unwrap_or(&self.entries);
            *walk = behind.iter().flatten().count();
        }
        self.entries.retain(Option::is_some);
        for (place, (key, _)) in self.entries.iter().flatten().enumerate() {
            if let Some(known) = self.places.get_mut(&Key::of(key)) {
                *known = place;
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.places.clear();
        self.walks.fill(0);
    }

    /// The entries, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Value, Value)> {
        self.entries.iter().flatten()
    }

    /// Begins a walk that sees what is added on the way; each is ended by [`Collection::end_walk`], the last one first.
    pub(crate) fn begin_walk(&mut self) {
        self.walks.push(0);
    }

    /// The next entry of the innermost walk.
    pub(crate) fn step(&mut self) -> Option<(Value, Value)> {
        let walk = self.walks.last_mut()?;
        loop {
            let entry = self.entries.get(*walk)?;
            *walk += 1;
            if let Some(entry) = entry {
                return Some(entry.clone());
            }
        }
    }

    pub(crate) fn end_walk(&mut self) {
        self.walks.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(collection: &Collection) -> Vec<f64> {
        collection.iter().filter_map(|(key, _)| key.as_f64()).collect()
    }

    #[test]
    fn what_is_taken_out_leaves_the_others_in_order() {
        let mut collection = Collection::default();
        for n in 0..100 {
            collection.insert(Value::from(n), Value::Undefined);
        }
        for n in (0..100).filter(|n| n % 10 != 0) {
            assert!(collection.remove(&Value::from(n)));
        }
        assert!(!collection.remove(&Value::from(1)));
        collection.insert(Value::from(1), Value::Undefined);
        assert_eq!(numbers(&collection), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 1.0]);
        assert!(collection.contains(&Value::from(90)) && collection.len() == 11);
    }

    #[test]
    fn a_walk_sees_each_entry_once_whatever_happens_to_the_others() {
        let mut collection = Collection::default();
        for n in 0..40 {
            collection.insert(Value::from(n), Value::Undefined);
        }
        collection.begin_walk();
        let mut seen = Vec::new();
        while let Some((key, _)) = collection.step() {
            collection.remove(&key);
            seen.extend(key.as_f64());
            if seen.len() == 40 {
                collection.insert(Value::from(99), Value::Undefined);
            }
        }
        collection.end_walk();
        assert_eq!(seen.len(), 41);
        assert!(seen.is_sorted(), "{seen:?}");
    }
}
