//! From the value of a block to a result: only data leaves an evaluation.

use std::sync::Arc;

use weft_value::{Object, Value};

use super::Vm;
use crate::error::EvaluationError;
use crate::special::{Special, special};
use crate::stop::{Outcome, Stop};

impl Vm<'_> {
    /// `value` as data. Every element, text and key is counted as often as it would be written, since a value that shares
    /// its parts (`[a, a]`, again and again; a list of one long text) is small in memory and without bounds on paper.
    pub(crate) fn settle(&mut self, value: Value) -> Outcome {
        if special(&value).is_some_and(|special| !matches!(special, Special::Namespace(_)) && special.is_callable()) {
            return Err(Stop::Fail(Box::new(EvaluationError::Function)));
        }
        Ok(self.plain(&value)?.unwrap_or(value))
    }

    /// What stands for `value` as data, where it is not data already.
    fn plain(&mut self, value: &Value) -> Outcome<Option<Value>> {
        self.budget.step()?;
        self.budget.write(value.as_str().map_or(0, str::len))?;
        match value {
            Value::Array(elements) => {
                self.budget.enter()?;
                let mut settled: Option<Vec<Value>> = None;
                for (index, element) in elements.iter().enumerate() {
                    if let Some(plain) = self.plain(element)? {
                        settled.get_or_insert_with(|| elements.to_vec())[index] = plain;
                    }
                }
                self.budget.leave();
                Ok(settled.map(|elements| Value::Array(Arc::new(elements))))
            }
            Value::Object(object) => {
                self.budget.enter()?;
                let mut settled: Option<Object> = None;
                for (key, element) in object.iter() {
                    self.budget.write(key.len())?;
                    if let Some(plain) = self.plain(element)? {
                        settled.get_or_insert_with(|| Object::clone(object)).insert(key.clone(), plain);
                    }
                }
                self.budget.leave();
                Ok(settled.map(|object| Value::Object(Arc::new(object))))
            }
            Value::Opaque(opaque) => {
                let plain = match special(value) {
                    Some(Special::Node(_) | Special::Input | Special::NodeMap(_) | Special::LegacyNode(..)) => {
                        Value::empty_object()
                    }
                    _ => opaque.to_plain(),
                };
                // What it stands for is written too: a match holds whole texts.
                Ok(Some(self.plain(&plain)?.unwrap_or(plain)))
            }
            _ => Ok(None),
        }
    }
}
