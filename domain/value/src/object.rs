//! Objects whose keys come in JavaScript's order.

use indexmap::IndexMap;

use crate::{Text, Value};

/// A map from names to values. Keys that are array indexes (`"0"`, `"12"`) come first, in numeric order; all others follow
/// in the order in which they were first set (ECMA-262, `OrdinaryOwnPropertyKeys`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    entries: IndexMap<Text, Value>,
    /// How many of the first entries have an index for a key.
    indexes: usize,
}

impl Object {
    /// An object without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// An object without keys that has room for `capacity` of them.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { entries: IndexMap::with_capacity(capacity), indexes: 0 }
    }

    /// The value of `key`, where it is set.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)
    }

    /// The value of `key` to change in place, where it is set.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.entries.get_mut(key)
    }

    /// Whether `key` is set (be it to `undefined`).
    pub fn contains_key(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Sets `key`, which keeps its place when it was set before.
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        if let Some(slot) = self.entries.get_mut(&key) {
            *slot = value;
            return;
        }
        let Some(index) = array_index(&key) else {
            self.entries.insert(key, value);
            return;
        };
        let place = self.entries.partition_point(|key, _| array_index(key).is_some_and(|known| known < index));
        self.entries.shift_insert(place, key, value);
        self.indexes += 1;
    }

    /// Sets many keys, in the order in which they came. Unlike one [`Object::insert`] after the other, which moves what comes
    /// behind an index, this stays fast for any number of indexes in any order.
    fn insert_all(&mut self, entries: impl Iterator<Item = (Text, Value)>) {
        for (key, value) in entries {
            // A key that is known keeps its place and takes the new value.
            self.entries.insert(key, value);
        }
        let indexes = self.entries.keys().filter(|key| array_index(key).is_some()).count();
        if indexes != self.indexes || !self.entries.keys().take(indexes).is_sorted_by_key(|key| array_index(key)) {
            self.entries.sort_by_cached_key(|key, _| array_index(key).map_or((true, 0), |index| (false, index)));
        }
        self.indexes = indexes;
    }

    /// Removes `key` and gives back its value; the order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let (index, _, value) = self.entries.shift_remove_full(key)?;
        if index < self.indexes {
            self.indexes -= 1;
        }
        Some(value)
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no key is set.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The keys and values, in order.
    pub fn iter(&self) -> indexmap::map::Iter<'_, Text, Value> {
        self.entries.iter()
    }

    /// The keys, in order.
    pub fn keys(&self) -> indexmap::map::Keys<'_, Text, Value> {
        self.entries.keys()
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> indexmap::map::Values<'_, Text, Value> {
        self.entries.values()
    }
}

/// The number that `key` writes, where it is a canonical array index (below 2³² − 1, no leading zero).
fn array_index(key: &str) -> Option<u32> {
    let bytes = key.as_bytes();
    let canonical = matches!(bytes, [b'0'] | [b'1'..=b'9', ..]) && bytes.len() <= 10;
    if !canonical || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    key.parse().ok().filter(|index| *index < u32::MAX)
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut object = Self::new();
        object.insert_all(entries.into_iter().map(|(key, value)| (key.into(), value.into())));
        object
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a Text, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, Text, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl IntoIterator for Object {
    type Item = (Text, Value);
    type IntoIter = indexmap::map::IntoIter<Text, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_keys_come_first_in_numeric_order() {
        let mut object: Object = [("b", 1.0), ("10", 2.0), ("a", 3.0), ("2", 4.0), ("01", 5.0)].into_iter().collect();
        let keys = |o: &Object| o.keys().map(|k| k.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(keys(&object), ["2", "10", "b", "a", "01"]);
        object.remove("2");
        object.insert("3", 0.0);
        object.insert("b", 9.0);
        assert_eq!(keys(&object), ["3", "10", "b", "a", "01"]);
    }

    #[test]
    fn many_indexes_in_falling_order_are_put_in_order_at_once() {
        // One by one, each would move all that came before it: minutes instead of a moment.
        let object: Object = (0..300_000_u32).rev().map(|n| (n.to_string(), f64::from(n))).collect();
        assert!(object.values().zip(0..300_000_u32).all(|(value, n)| *value == Value::Number(f64::from(n))));
        assert_eq!(object.get("7"), Some(&Value::Number(7.0)));
    }
}
