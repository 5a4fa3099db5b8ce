//! Reading a property of any value.

use weft_value::{Text, Value};

use super::{Frame, Vm};
use crate::compile::is_refused;
use crate::ir::Expr;
use crate::library::{self, datetime_fields, text};
use crate::special::{Special, special, wrap};
use crate::stop::{Outcome, Stop, nothing_to_read, refused, type_error};

impl Vm<'_> {
    /// `base[key]` with a computed key.
    pub(super) fn index(&mut self, base: &Expr, key: &Expr, optional: bool, frame: Frame<'_>) -> Outcome {
        let base = self.eval(base, frame)?;
        if base.is_nullish() {
            return Err(if optional { Stop::Chain } else { type_error("Cannot read properties of undefined") });
        }
        let key = self.eval(key, frame)?;
        if let (Value::Array(array), Value::Number(index)) = (&base, &key)
            && *index >= 0.0
            && index.fract() == 0.0
        {
            return Ok(array.get(*index as usize).cloned().unwrap_or_default());
        }
        let key = self.text(&key)?;
        self.property(&base, &key)
    }

    /// The property `name` of `value`, which must not be nothing.
    pub(crate) fn property(&mut self, value: &Value, name: &Text) -> Outcome {
        if let Value::Object(object) = value
            && let Some(own) = object.get(name)
        {
            return Ok(own.clone());
        }
        if is_refused(name) {
            return Err(refused(name));
        }
        let own = match value {
            Value::Undefined | Value::Null => {
                return Err(nothing_to_read(value, name));
            }
            Value::Array(array) if name.as_str() == "length" => Some(Value::Number(array.len() as f64)),
            Value::Array(array) => index(name).and_then(|index| array.get(index).cloned()),
            Value::String(text) if name.as_str() == "length" => {
                self.budget.scan(text.len())?;
                Some(Value::Number(text.utf16_len() as f64))
            }
            Value::String(text) => match index(name) {
                Some(index) => {
                    self.budget.scan(text.len())?;
                    text::unit(text, index).map(Value::from)
                }
                None => None,
            },
            Value::DateTime(moment) => datetime_fields::getter(moment, name),
            Value::Opaque(_) => self.special_property(value, name)?,
            Value::Object(_) | Value::Number(_) | Value::Bool(_) => None,
        };
        Ok(own.unwrap_or_else(|| method(value, name)))
    }

    fn error_property(&mut self, class: &'static str, message: &Text, name: &str) -> Outcome<Option<Value>> {
        Ok(match name {
            "name" => Some(Value::from(class)),
            "message" => Some(Value::String(message.clone())),
            "stack" => Some(self.string(format!("{class}: {message}"))?),
            _ => None,
        })
    }

    fn special_property(&mut self, value: &Value, name: &Text) -> Outcome<Option<Value>> {
        let Some(special) = special(value) else { return Ok(None) };
        Ok(match special {
            Special::RegExp(regexp) => {
                self.budget.text(regexp.source().len())?;
                regexp.property(name)
            }
            Special::Matched { list, index, input, groups } => match name.as_str() {
                "index" => Some(Value::Number(*index)),
                "input" => Some(Value::String(input.clone())),
                "groups" => Some(groups.clone()),
                _ => Some(self.property(&Value::Array(std::sync::Arc::clone(list)), name)?),
            },
            Special::Error { name: class, message } => self.error_property(class, message, name)?,
            Special::Set(this) | Special::Map(this) if name.as_str() == "size" => {
                Some(Value::Number(self.collections.get(*this).len() as f64))
            }
            Special::Duration(duration) => duration.property(name),
            Special::Interval(start, end) => library::interval::property(start, end, name),
            Special::InvalidDateTime => datetime_fields::invalid_getter(name),
            Special::Namespace(namespace) => library::constant(*namespace, name)
                .or_else(|| library::static_method(*namespace, name).map(|native| wrap(Special::Native(native)))),
            Special::Closure(function, _) if name.as_str() == "length" => {
                Some(Value::Number(function.params.len() as f64))
            }
            Special::Input => self.input_property(name)?,
            Special::Node(node) => self.node_property(node, name)?,
            Special::NodeMap(item) => Some(wrap(Special::LegacyNode(name.clone(), *item))),
            Special::LegacyNode(node, item) => self.legacy_node_property(node, *item, name)?,
            Special::ItemAt(index) => self.item_at_property(*index, name),
            Special::CustomData(data) => Some(data.get(name).clone()).filter(|value| !value.is_undefined()),
            Special::Closure(..)
            | Special::Native(_)
            | Special::Method(..)
            | Special::Bound(..)
            | Special::Date(_)
            | Special::Set(_)
            | Special::Map(_)
            | Special::Format(..) => None,
        })
    }
}

fn index(name: &str) -> Option<usize> {
    if name.len() > 1 && name.starts_with('0') { None } else { name.parse().ok() }
}

/// A method that is read without being called.
fn method(value: &Value, name: &str) -> Value {
    match library::method_set(name) {
        Some(set) if library::has_native(set, value) => wrap(Special::Method(value.clone(), set)),
        _ => Value::Undefined,
    }
}
