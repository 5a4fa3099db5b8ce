//! Reading and writing inside a value by a path: `user.emails[0].address`.

use std::sync::Arc;

use weft_value::{Object, Value};

/// The keys of a path; `[0]` and `['a b']` are keys too.
fn keys(path: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut key = String::new();
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
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
                    None => return keys,
                }
            }
            c => key.push(c),
        }
    }
    if !key.is_empty() || keys.is_empty() {
        keys.push(key);
    }
    keys
}

/// What stands at `path`; `undefined` where nothing does. A key that contains the whole path wins.
pub fn get_path(value: &Value, path: &str) -> Value {
    if let Some(found) = value.as_object().and_then(|object| object.get(path)) {
        return found.clone();
    }
    let mut current = value;
    for key in keys(path) {
        current = current.get(&key);
    }
    current.clone()
}

/// Puts `new` at `path`, making lists for numeric keys and objects for all others on the way.
pub fn set_path(object: &mut Object, path: &str, new: Value) {
    let keys = keys(path);
    let mut root = Value::Object(Arc::new(std::mem::take(object)));
    set_in(&mut root, &keys, new);
    if let Value::Object(changed) = root {
        *object = Arc::unwrap_or_clone(changed);
    }
}

/// The longest list that a path may make: `a[1000000]` is a mistake, not a million entries.
const MAX_INDEX: usize = 10_000;

fn set_in(place: &mut Value, keys: &[String], new: Value) {
    let Some((key, rest)) = keys.split_first() else {
        *place = new;
        return;
    };
    if !matches!(place, Value::Object(_) | Value::Array(_)) {
        *place = if index(key).is_some() { Value::from(Vec::new()) } else { Value::empty_object() };
    }
    match place {
        Value::Array(array) => {
            let Some(index) = index(key) else { return };
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

fn index(key: &str) -> Option<usize> {
    key.parse().ok().filter(|index| *index <= MAX_INDEX)
}

/// Removes what stands at `path`.
pub fn unset_path(object: &mut Object, path: &str) {
    if object.remove(path).is_some() {
        return;
    }
    let keys = keys(path);
    let Some((last, parents)) = keys.split_last() else { return };
    let Some((first, inner)) = parents.split_first() else { return };
    let Some(mut place) = object.get_mut(first) else { return };
    for key in inner {
        let Some(next) = child_mut(place, key) else { return };
        place = next;
    }
    if let Value::Object(object) = place {
        Arc::make_mut(object).remove(last);
    }
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
        assert_eq!(Value::from(object).to_json(), r#"{"a":{"b":[1,{}]}}"#);
    }
}
