//! Reading and writing inside a value by a path: `user.emails[0].address`.

use std::sync::Arc;

use serde::Deserialize;
use weft_value::{Object, Value};

use crate::NodeError;

/// How the dots and brackets of a field's name are read; parameters say `disableDotNotation`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "bool")]
pub enum Dots {
    /// `user.name` is the field `name` of `user`.
    #[default]
    Reach,
    /// `user.name` is a field with a dot in its name.
    Literal,
}

impl From<bool> for Dots {
    fn from(disabled: bool) -> Self {
        if disabled { Self::Literal } else { Self::Reach }
    }
}

/// The most keys that a path has: every one is a level of nesting, and no data goes as deep.
const MAX_KEYS: usize = 64;

/// The name of a field, read once and used for every item. A name of more than [`MAX_KEYS`] keys is no path but the name of one
/// field, dots and all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// What was written. An object that has this very key means it, dots and all.
    name: String,
    keys: Vec<String>,
}

impl Path {
    /// The path that `name` writes.
    pub fn new(name: &str, dots: Dots) -> Self {
        let keys = match dots {
            Dots::Reach => keys(name).unwrap_or_else(|| vec![name.to_owned()]),
            Dots::Literal => vec![name.to_owned()],
        };
        Self { name: name.to_owned(), keys }
    }

    /// What was written.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What to say where no item has anything there.
    pub(crate) fn nowhere(&self) -> NodeError {
        let error = NodeError::new("field_missing", format!("None of the items has a field “{}”.", self.name));
        if self.keys.len() == 1 && self.name.contains('.') {
            return error.describe("To reach inside of objects with a dot, turn off the option for dots in names.");
        }
        error.describe("Check the name of the field against the data of the node before this one.")
    }

    /// What stands there; `undefined` where nothing does.
    pub fn get<'v>(&self, value: &'v Value) -> &'v Value {
        if let Some(found) = value.as_object().and_then(|object| object.get(&self.name)) {
            return found;
        }
        self.keys.iter().fold(value, |place, key| place.get(key))
    }

    /// Puts `new` there, making lists for numeric keys and objects for all others on the way.
    pub fn set(&self, object: &mut Object, new: impl Into<Value>) {
        let new = new.into();
        if self.keys.len() == 1 || object.contains_key(&self.name) {
            let key = if object.contains_key(&self.name) { &self.name } else { &self.keys[0] };
            object.insert(key.as_str(), new);
            return;
        }
        let mut root = Value::Object(Arc::new(std::mem::take(object)));
        set_in(&mut root, &self.keys, new);
        if let Value::Object(changed) = root {
            *object = Arc::unwrap_or_clone(changed);
        }
    }

    /// Removes what stands there. An entry of a list leaves a gap, so that the others keep their places.
    pub fn unset(&self, object: &mut Object) {
        if object.remove(&self.name).is_some() {
            return;
        }
        let Some((last, parents)) = self.keys.split_last() else { return };
        let Some((first, inner)) = parents.split_first() else {
            object.remove(last);
            return;
        };
        // Looking first spares the copy of what is shared where there is nothing to remove.
        let found = inner.iter().chain([last]).fold(object.get(first), |place, key| place.map(|place| place.get(key)));
        if found.is_none_or(Value::is_undefined) {
            return;
        }
        let Some(mut place) = object.get_mut(first) else { return };
        for key in inner {
            let Some(next) = child_mut(place, key) else { return };
            place = next;
        }
        match place {
            Value::Object(object) => {
                Arc::make_mut(object).remove(last);
            }
            Value::Array(_) => {
                if let Some(entry) = child_mut(place, last) {
                    *entry = Value::Undefined;
                }
            }
            _ => {}
        }
    }
}

/// What a node of n8n takes for one name, dots and all, as a path that means the same.
pub fn path_of_name(name: &Value) -> Value {
    match name.as_str() {
        Some(text) if text.contains('.') && !text.starts_with('=') && !text.contains(['[', ']', '\'', '"']) => {
            format!("['{text}']").into()
        }
        _ => name.clone(),
    }
}

/// The keys of a path, unless there are too many; `[0]` and `['a b']` are keys too.
fn keys(path: &str) -> Option<Vec<String>> {
    let mut keys = Vec::new();
    let mut key = String::new();
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        if keys.len() > MAX_KEYS {
            return None;
        }
        match c {
            '.' => keys.push(std::mem::take(&mut key)),
            '[' => {
                if !key.is_empty() {
                    keys.push(std::mem::take(&mut key));
                }
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                keys.push(inside.trim_matches(['\'', '"']).to_owned());
                // A dot after the bracket ends it and begins nothing of its own.
                let mut rest = chars.clone();
                match rest.next() {
                    Some('.') => chars = rest,
                    Some(_) => {}
                    None => return Some(keys).filter(|keys| keys.len() <= MAX_KEYS),
                }
            }
            c => key.push(c),
        }
    }
    if !key.is_empty() || keys.is_empty() || path.ends_with('.') {
        keys.push(key);
    }
    Some(keys).filter(|keys| keys.len() <= MAX_KEYS)
}

/// What stands at `path`; `undefined` where nothing does. A key that contains the whole path wins.
pub fn get_path(value: &Value, path: &str) -> Value {
    Path::new(path, Dots::Reach).get(value).clone()
}

/// Puts `new` at `path`, making lists for numeric keys and objects for all others on the way.
pub fn set_path(object: &mut Object, path: &str, new: Value) {
    Path::new(path, Dots::Reach).set(object, new);
}

/// Removes what stands at `path`.
pub fn unset_path(object: &mut Object, path: &str) {
    Path::new(path, Dots::Reach).unset(object);
}

/// The longest list that a path may make: `a[1000000]` is a mistake, not a million entries.
const MAX_INDEX: usize = 10_000;

fn set_in(place: &mut Value, keys: &[String], new: Value) {
    let Some((key, rest)) = keys.split_first() else {
        *place = new;
        return;
    };
    if !matches!(place, Value::Object(_) | Value::Array(_)) {
        *place = if index(key).is_some_and(|index| index <= MAX_INDEX) {
            Value::from(Vec::new())
        } else {
            Value::empty_object()
        };
    }
    match place {
        Value::Array(array) => {
            let Some(index) = index(key).filter(|index| *index < array.len().max(MAX_INDEX + 1)) else { return };
            let array = Arc::make_mut(array);
            if array.len() <= index {
                array.resize(index + 1, Value::Undefined);
            }
            set_in(&mut array[index], rest, new);
        }
        Value::Object(object) => {
            let object = Arc::make_mut(object);
            if !object.contains_key(key) {
                object.insert(key.as_str(), Value::Undefined);
            }
            if let Some(slot) = object.get_mut(key) {
                set_in(slot, rest, new);
            }
        }
        _ => {}
    }
}

/// The number that `key` writes where it is the place of an entry: no sign, no leading zero.
fn index(key: &str) -> Option<usize> {
    let is_canonical = key == "0" || (!key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit()));
    key.parse().ok().filter(|_| is_canonical)
}

fn child_mut<'a>(place: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    match place {
        Value::Object(object) => Arc::make_mut(object).get_mut(key),
        Value::Array(array) => Arc::make_mut(array).get_mut(index(key)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;

    #[test]
    fn paths_make_what_is_missing() {
        for (before, path, after) in [
            ("{}", "a", r#"{"a":1}"#),
            ("{}", "a.b", r#"{"a":{"b":1}}"#),
            ("{}", "a[1].b", r#"{"a":[null,{"b":1}]}"#),
            ("{}", "a.0", r#"{"a":[1]}"#),
            (r#"{"a":{"c":2}}"#, "a.b", r#"{"a":{"c":2,"b":1}}"#),
            (r#"{"a":5}"#, "a.b", r#"{"a":{"b":1}}"#),
            ("{}", "a['b c'].d", r#"{"a":{"b c":{"d":1}}}"#),
            (r#"{"a.b":0}"#, "a.b", r#"{"a.b":1}"#),
            ("{}", "a.01", r#"{"a":{"01":1}}"#),
            ("{}", "a.", r#"{"a":{"":1}}"#),
            ("{}", "a[1000000]", r#"{"a":{"1000000":1}}"#),
        ] {
            let mut object = from_json(before).unwrap().as_object().unwrap().clone();
            set_path(&mut object, path, Value::Number(1.0));
            assert_eq!(Value::from(object).to_json(), after, "{path}");
        }
    }

    #[test]
    fn paths_read_and_remove() {
        let value = from_json(r#"{"a":{"b":[1,{"c":2}]},"x.y":3}"#).unwrap();
        assert_eq!(get_path(&value, "a.b[1].c"), Value::Number(2.0));
        assert_eq!(get_path(&value, "x.y"), Value::Number(3.0));
        assert_eq!(get_path(&value, "a.q.r"), Value::Undefined);
        let mut object = value.as_object().unwrap().clone();
        unset_path(&mut object, "a.b[1].c");
        unset_path(&mut object, "x.y");
        assert_eq!(Value::from(object.clone()).to_json(), r#"{"a":{"b":[1,{}]}}"#);
        unset_path(&mut object, "a.b[0]");
        unset_path(&mut object, "a.nowhere.c");
        assert_eq!(Value::from(object.clone()).to_json(), r#"{"a":{"b":[null,{}]}}"#);
        unset_path(&mut object, "a");
        assert!(object.is_empty());
    }

    #[test]
    fn a_path_of_too_many_keys_is_the_name_of_one_field() {
        for name in ["a.".repeat(1_000_000), "[0]".repeat(1_000_000), ".".repeat(64), ["a"; 65].join(".")] {
            let mut object = Object::new();
            set_path(&mut object, &name, Value::Null);
            assert!(object.len() == 1 && object.contains_key(&name));
            assert_eq!(get_path(&object.clone().into(), &name), Value::Null);
            unset_path(&mut object, &name);
            assert!(object.is_empty());
        }
        let mut object = Object::new();
        set_path(&mut object, &["a"; 64].join("."), Value::Null);
        assert_eq!(Value::from(object).to_json().matches('{').count(), 64);
    }

    #[test]
    fn a_name_with_dots_is_written_as_a_path() {
        for (name, key) in [("a.b", "a.b"), ("a.", "a."), ("..", ".."), ("a", "a"), ("", "")] {
            let mut object = Object::new();
            set_path(&mut object, path_of_name(&name.into()).as_str().unwrap(), Value::Number(1.0));
            assert_eq!(object.keys().map(|key| &**key).collect::<Vec<_>>(), [key], "{name}");
        }
        for other in [Value::from("={{ $json.name }}"), Value::from("a['b.c']"), Value::Undefined, Value::Number(1.0)] {
            assert_eq!(path_of_name(&other), other);
        }
    }

    #[test]
    fn where_dots_are_letters_a_path_is_one_key() {
        let mut object = Object::new();
        let path = Path::new("a.b", Dots::Literal);
        path.set(&mut object, 1.0);
        assert_eq!(Value::from(object.clone()).to_json(), r#"{"a.b":1}"#);
        assert_eq!(path.get(&from_json(r#"{"a":{"b":1}}"#).unwrap()), &Value::Undefined);
        assert_eq!(path.get(&Value::from(object)), &Value::Number(1.0));
    }
}
