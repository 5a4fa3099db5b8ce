//! Property chains: the four evaluations out of five that need nothing else.

use std::borrow::Cow;

use weft_value::{Text, Value};

use super::{Frame, Vm};
use crate::ir::{Key, Path, Root, Which};
use crate::scope::Nth;
use crate::special::{Special, wrap};
use crate::stop::{Outcome, Stop, nothing_to_read, type_error};

/// Follows `keys` from `start` through plain data, without a clone on the way. Gives how far it came and what stands there,
/// when something is in the way that is not plain data.
pub(crate) fn walk<'v>(start: &'v Value, keys: &[Key]) -> Result<&'v Value, (usize, &'v Value)> {
    const NONE: &Value = &Value::Undefined;
    let mut value = start;
    for (at, key) in keys.iter().enumerate() {
        value = match (value, key.index) {
            (Value::Object(object), _) => match object.get(&key.name) {
                Some(found) => found,
                // The last word is with the methods that every object has, when the method itself is read.
                None if at + 1 == keys.len() && crate::library::is_object_method(&key.name) => return Err((at, value)),
                None => NONE,
            },
            (Value::Array(array), Some(index)) => array.get(index as usize).unwrap_or(NONE),
            _ => return Err((at, value)),
        };
    }
    Ok(value)
}

impl Vm<'_> {
    pub(crate) fn path(&mut self, path: &Path, frame: Frame<'_>) -> Outcome {
        let scope = self.scope;
        if matches!(path.root, Root::Json) {
            let json = scope.items().get(self.item).map_or(&Value::Undefined, |item| &item.json);
            return self.follow(json, &path.keys);
        }
        if let Root::Expr(crate::ir::Expr::Local(slot)) = &path.root {
            let at = frame.base + *slot as usize;
            if let Some(Ok(found)) = self.stack.get(at).map(|start| walk(start, &path.keys)) {
                return Ok(found.clone());
            }
        }
        let root = self.root(&path.root, frame)?;
        self.follow(&root, &path.keys)
    }

    fn follow(&mut self, start: &Value, keys: &[Key]) -> Outcome {
        let (mut at, mut value) = match walk(start, keys) {
            Ok(found) => return Ok(found.clone()),
            Err((at, value)) => (at, Cow::Borrowed(value)),
        };
        while let Some(key) = keys.get(at) {
            if value.is_nullish() {
                if key.optional {
                    return Err(Stop::Chain);
                }
                return Err(nothing_to_read(&value, &key.name));
            }
            let next = self.property(&value, &key.name)?;
            at += 1;
            value = match walk(&next, &keys[at..]) {
                Ok(found) => return Ok(found.clone()),
                Err((further, found)) => {
                    at += further;
                    Cow::Owned(found.clone())
                }
            };
        }
        Ok(value.into_owned())
    }

    fn root(&mut self, root: &Root, frame: Frame<'_>) -> Outcome {
        match root {
            Root::Json => Ok(self.scope.items().get(self.item).map(|item| item.json.clone()).unwrap_or_default()),
            Root::Binary => Ok(self.scope.items().get(self.item).map(super::globals::binary).unwrap_or_default()),
            Root::Input => Ok(wrap(Special::Input)),
            Root::Node(name) => self.node(name),
            Root::LegacyNode(name) => Ok(wrap(Special::LegacyNode(name.clone(), self.item_place()))),
            Root::NodeJson(name, which) => self.node_json(name, *which),
            Root::Global(name) => Ok(self.named_global(*name)),
            Root::Other(name) => Ok(self.scope.global(name).unwrap_or_default()),
            Root::Expr(expr) => self.eval(expr, frame),
        }
    }

    /// The json of an item of another node, without making the item.
    fn node_json(&mut self, name: &Text, which: Which) -> Outcome {
        let nth = match which {
            Which::Linked => return Ok(self.scope.linked_item(name, self.item_place())?.json),
            Which::First => Nth::First,
            Which::Last => Nth::Last,
            Which::SameIndex => Nth::At(self.item_place()),
        };
        match self.scope.node_item(name, None, None, nth)? {
            Some(item) => Ok(item.json),
            // `.first()` of nothing is undefined, and reading `.json` of that is what JavaScript throws at.
            None => Err(type_error("Cannot read properties of undefined (reading 'json')")),
        }
    }
}
