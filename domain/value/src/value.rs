//! One value.

use std::sync::Arc;

use crate::{DateTime, Object, OpaqueRef, Text};

/// A value as an expression sees it. Cloning is cheap: what is large is shared.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Not there: a missing property, or no answer. Left out when an object is written as JSON.
    #[default]
    Undefined,
    /// JSON's `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A double; `NaN` and the infinities are written as `null` in JSON.
    Number(f64),
    /// A string.
    String(Text),
    /// A list.
    Array(Arc<Vec<Value>>),
    /// A map of names to values.
    Object(Arc<Object>),
    /// A moment with its time zone; written as an ISO 8601 string in JSON.
    DateTime(Arc<DateTime>),
    /// Something that lives only while an expression is evaluated (a function, a regular expression). Results of an
    /// evaluation and items never hold one; where one is written as JSON all the same, its plain form is.
    Opaque(OpaqueRef),
}

/// How deep lists and objects may be nested in what is recorded. What was recorded is read again with `serde_json`, which goes 128
/// levels deep; some of them are for the lists and objects around an item's data.
pub const MAX_DEPTH: usize = 100;

impl Value {
    /// An empty object.
    pub fn empty_object() -> Self {
        Self::Object(Arc::default())
    }

    /// Whether this is `undefined`.
    pub fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// Whether this is `undefined` or `null`.
    pub fn is_nullish(&self) -> bool {
        matches!(self, Self::Undefined | Self::Null)
    }

    /// Whether lists and objects are nested more than `levels` deep. It looks no deeper than that.
    pub fn is_deeper_than(&self, levels: usize) -> bool {
        let inner = |levels: usize| move |value: &Self| value.is_deeper_than(levels);
        match (self, levels.checked_sub(1)) {
            (Self::Array(_) | Self::Object(_), None) => true,
            (Self::Array(array), Some(levels)) => array.iter().any(inner(levels)),
            (Self::Object(object), Some(levels)) => object.values().any(inner(levels)),
            _ => false,
        }
    }

    /// The object, where this is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The list, where this is one.
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Self::Array(array) = self { Some(array) } else { None }
    }

    /// The string, where this is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The number, where this is one.
    pub fn as_f64(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The truth value, where this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The own property `key`; `undefined` where there is none or this has no properties.
    pub fn get(&self, key: &str) -> &Value {
        const NONE: &Value = &Value::Undefined;
        match self {
            Self::Object(object) => object.get(key).unwrap_or(NONE),
            Self::Array(array) => key.parse::<usize>().ok().and_then(|i| array.get(i)).unwrap_or(NONE),
            _ => NONE,
        }
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(array: Vec<Value>) -> Self {
        Self::Array(Arc::new(array))
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(Arc::new(object))
    }
}

impl From<OpaqueRef> for Value {
    fn from(opaque: OpaqueRef) -> Self {
        Self::Opaque(opaque)
    }
}

impl From<DateTime> for Value {
    fn from(moment: DateTime) -> Self {
        Self::DateTime(Arc::new(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_depth_of_a_value_counts_lists_and_objects() {
        let nested = |levels: usize| {
            (0..levels).fold(Value::Null, |inner, level| match level % 2 {
                0 => vec![Value::Null, inner].into(),
                _ => [("a", inner)].into_iter().collect::<Object>().into(),
            })
        };
        for levels in [0, 1, 2, MAX_DEPTH] {
            assert!(!nested(levels).is_deeper_than(levels), "{levels}");
            assert!(nested(levels + 1).is_deeper_than(levels), "{levels}");
        }
        assert!(crate::from_json(&nested(MAX_DEPTH).to_json()).is_ok());
    }
}
