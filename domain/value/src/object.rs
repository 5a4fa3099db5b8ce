//! Objects whose keys come in JavaScript's order.

use indexmap::IndexMap;

use crate::{Text, Value};

/// A map from names to values. Keys that are array indexes (`"0"`, `"12"`) come first, in numeric order; all others follow
/// in the order in which they were first set (ECMA-262, `OrdinaryOwnPropertyKeys`).
#[derive(Clone, Debug)]
pub struct Object(Entries);

/// Up to this many keys are compared one after the other: that takes a third of the room of a table, and no more time.
const FEW: usize = 16;

/// The keys and values, in order; no key twice.
#[derive(Clone, Debug)]
enum Entries {
    /// At most [`FEW`]. Almost every object is one of these.
    Few(Vec<(Text, Value)>),
    /// More, or what was more once.
    Many(Box<IndexMap<Text, Value>>),
}

impl Object {
    /// An object without keys.
    pub fn new() -> Self {
        Self(Entries::Few(Vec::new()))
    }

    /// An object without keys that has room for `capacity` of them.
    pub fn with_capacity(capacity: usize) -> Self {
        if capacity > FEW {
            Self::of_many(IndexMap::with_capacity(capacity))
        } else {
            Self::of_few(Vec::with_capacity(capacity))
        }
    }

    fn of_few(few: Vec<(Text, Value)>) -> Self {
        Self(Entries::Few(few))
    }

    fn of_many(many: IndexMap<Text, Value>) -> Self {
        Self(Entries::Many(Box::new(many)))
    }

    /// The value of `key`, where it is set.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match &self.0 {
            Entries::Few(few) => few.iter().find(|(known, _)| known.as_str() == key).map(|(_, value)| value),
            Entries::Many(many) => many.get(key),
        }
    }

    /// The value of `key` to change in place, where it is set.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        match &mut self.0 {
            Entries::Few(few) => few.iter_mut().find(|(known, _)| known.as_str() == key).map(|(_, value)| value),
            Entries::Many(many) => many.get_mut(key),
        }
    }

    /// Whether `key` is set (be it to `undefined`).
    pub fn contains_key(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Sets `key`, which keeps its place when it was set before.
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        if let Some(slot) = self.get_mut(&key) {
            *slot = value;
            return;
        }
        let index = array_index(&key);
        let comes_before =
            |known: &Text| index.is_none_or(|index| array_index(known).is_some_and(|known| known < index));
        match &mut self.0 {
            Entries::Few(few) if few.len() < FEW => {
                if few.len() == few.capacity() {
                    // Most objects stay as they are made: room for one more is enough.
                    few.reserve_exact(1 + few.len() / 4);
                }
                let place =
                    if index.is_none() { few.len() } else { few.partition_point(|(known, _)| comes_before(known)) };
                few.insert(place, (key, value));
            }
            Entries::Few(few) => {
                let mut many: IndexMap<Text, Value> = std::mem::take(few).into_iter().collect();
                insert_among_many(&mut many, key, value, comes_before);
                *self = Self::of_many(many);
            }
            Entries::Many(many) => insert_among_many(many, key, value, comes_before),
        }
    }

    /// Removes `key` and gives back its value; the order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        match &mut self.0 {
            Entries::Few(few) => {
                let place = few.iter().position(|(known, _)| known.as_str() == key)?;
                Some(few.remove(place).1)
            }
            Entries::Many(many) => many.shift_remove(key),
        }
    }

    /// The number of keys.
    pub fn len(&self) -> usize {
        match &self.0 {
            Entries::Few(few) => few.len(),
            Entries::Many(many) => many.len(),
        }
    }

    /// Whether no key is set.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys and values, in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter(match &self.0 {
            Entries::Few(few) => InOrder::Few(few.iter()),
            Entries::Many(many) => InOrder::Many(many.iter()),
        })
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Text> + ExactSizeIterator + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator + Clone {
        self.iter().map(|(_, value)| value)
    }
}

fn insert_among_many(many: &mut IndexMap<Text, Value>, key: Text, value: Value, comes_before: impl Fn(&Text) -> bool) {
    if array_index(&key).is_none() {
        many.insert(key, value);
        return;
    }
    let place = many.partition_point(|known, _| comes_before(known));
    many.shift_insert(place, key, value);
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

/// Where a key belongs: indexes first, by number; a stable sort leaves all others as they are.
fn rank(key: &str) -> (bool, u32) {
    array_index(key).map_or((true, 0), |index| (false, index))
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

/// Equal are objects with the same keys and values, in whatever order.
impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

/// Sets many keys, in the order in which they came. Unlike one [`Object::insert`] after the other, which moves what comes behind
/// an index, this stays fast for any number of indexes in any order.
impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut entries = entries.into_iter().map(|(key, value)| (key.into(), value.into()));
        let mut few: Vec<(Text, Value)> = Vec::with_capacity(entries.size_hint().0.min(FEW));
        while let Some((key, value)) = entries.next() {
            // A key that is known keeps its place and takes the new value.
            if let Some((_, slot)) = few.iter_mut().find(|(known, _)| *known == key) {
                *slot = value;
            } else if few.len() < FEW {
                few.push((key, value));
            } else {
                let mut many: IndexMap<Text, Value> = few.into_iter().collect();
                many.insert(key, value);
                many.extend(entries);
                if !many.keys().is_sorted_by_key(|key| rank(key)) {
                    many.sort_by_cached_key(|key, _| rank(key));
                }
                return Self::of_many(many);
            }
        }
        if few.iter().any(|(key, _)| array_index(key).is_some()) {
            few.sort_by_key(|(key, _)| rank(key));
        }
        few.shrink_to_fit();
        Self::of_few(few)
    }
}

/// The keys and values of an object, in order.
#[derive(Clone, Debug)]
pub struct Iter<'a>(InOrder<std::slice::Iter<'a, (Text, Value)>, indexmap::map::Iter<'a, Text, Value>>);

/// The keys and values of an object that nobody needs any longer, in order.
#[derive(Debug)]
pub struct IntoIter(InOrder<std::vec::IntoIter<(Text, Value)>, indexmap::map::IntoIter<Text, Value>>);

#[derive(Clone, Debug)]
enum InOrder<F, M> {
    Few(F),
    Many(M),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a Text, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            InOrder::Few(few) => few.next().map(|(key, value)| (key, value)),
            InOrder::Many(many) => many.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            InOrder::Few(few) => few.size_hint(),
            InOrder::Many(many) => many.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            InOrder::Few(few) => few.next_back().map(|(key, value)| (key, value)),
            InOrder::Many(many) => many.next_back(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl Iterator for IntoIter {
    type Item = (Text, Value);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            InOrder::Few(few) => few.next(),
            InOrder::Many(many) => many.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            InOrder::Few(few) => few.size_hint(),
            InOrder::Many(many) => many.size_hint(),
        }
    }
}

impl DoubleEndedIterator for IntoIter {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            InOrder::Few(few) => few.next_back(),
            InOrder::Many(many) => many.next_back(),
        }
    }
}

impl ExactSizeIterator for IntoIter {}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a Text, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Object {
    type Item = (Text, Value);
    type IntoIter = IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        IntoIter(match self.0 {
            Entries::Few(few) => InOrder::Few(few.into_iter()),
            Entries::Many(many) => InOrder::Many(many.into_iter()),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However many keys there are and however they came, an object is the map that ECMA-262 describes.
        #[test]
        fn an_object_is_what_a_table_would_be(changes in prop::collection::vec(("[0-9]{1,2}|[a-d]{1,2}", any::<Option<u8>>()), 0..80)) {
            let (mut object, mut table) = (Object::new(), IndexMap::<String, Value>::new());
            for (key, value) in changes {
                if let Some(value) = value {
                    object.insert(key.as_str(), f64::from(value));
                    table.insert(key, Value::Number(f64::from(value)));
                } else {
                    prop_assert_eq!(object.remove(&key), table.shift_remove(&key));
                }
            }
            table.sort_by_cached_key(|key, _| rank(key));
            let expected: Vec<_> = table.iter().map(|(key, value)| (key.as_str(), value)).collect();
            prop_assert_eq!(object.iter().map(|(key, value)| (key.as_str(), value)).collect::<Vec<_>>(), expected.clone());
            prop_assert!(object.keys().rev().map(Text::as_str).eq(table.keys().rev().map(String::as_str)));
            prop_assert_eq!((object.len(), object.iter().len()), (table.len(), table.len()));
            prop_assert!(table.iter().all(|(key, value)| object.get(key) == Some(value)));
            let (collected, turned): (Object, Object) = (object.clone().into_iter().collect(), object.clone().into_iter().rev().collect());
            prop_assert!(collected.iter().eq(object.iter()));
            prop_assert_eq!(&turned, &object, "equal in whatever order");
        }
    }

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
