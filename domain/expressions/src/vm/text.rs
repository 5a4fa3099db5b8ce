//! Conversions that can fail or cost something: to strings, numbers and lists.

use std::borrow::Cow;

use weft_value::{Text, Value};

use super::Vm;
use crate::convert::{number_to_string, text_to_number};
use crate::library::collections;
use crate::library::date::date_to_string;
use crate::special::{Special, special};
use crate::stop::{Outcome, type_error};

impl Vm<'_> {
    /// `String(value)`.
    pub(crate) fn text(&mut self, value: &Value) -> Outcome<Text> {
        if let Value::String(text) = value {
            return Ok(text.clone());
        }
        let mut text = String::new();
        self.append(&mut text, value)?;
        self.budget.text(text.len())?;
        Ok(text.into())
    }

    /// Appends `piece`, paid for before it is copied.
    #[inline]
    pub(crate) fn push(&mut self, to: &mut String, piece: &str) -> Outcome<()> {
        self.budget.push(to.len(), piece.len())?;
        to.push_str(piece);
        Ok(())
    }

    /// Appends `String(value)`.
    pub(crate) fn append(&mut self, to: &mut String, value: &Value) -> Outcome<()> {
        match value {
            Value::Undefined => self.push(to, "undefined"),
            Value::Null => self.push(to, "null"),
            Value::Bool(truth) => self.push(to, if *truth { "true" } else { "false" }),
            Value::Number(number) => self.push(to, &number_to_string(*number)),
            Value::String(text) => self.push(to, text),
            Value::DateTime(moment) => self.push(to, &moment.to_iso()),
            Value::Object(_) => self.push(to, "[object Object]"),
            Value::Array(elements) => self.append_joined(to, elements, ","),
            Value::Opaque(_) => self.append_special(to, value),
        }
    }

    /// Appends `elements.join(separator)`.
    pub(crate) fn append_joined(&mut self, to: &mut String, elements: &[Value], separator: &str) -> Outcome<()> {
        self.budget.enter()?;
        for (index, element) in elements.iter().enumerate() {
            self.budget.step()?;
            if index > 0 {
                self.push(to, separator)?;
            }
            if !element.is_nullish() {
                self.append(to, element)?;
            }
        }
        self.budget.leave();
        Ok(())
    }

    fn append_special(&mut self, to: &mut String, value: &Value) -> Outcome<()> {
        match special(value) {
            Some(Special::Date(date)) => self.push(to, &date_to_string(date.millis(), self.scope.time_zone())),
            Some(Special::RegExp(regexp)) => self.push(to, &regexp.literal()),
            Some(Special::Matched { list, .. }) => self.append_joined(to, list, ","),
            Some(Special::Duration(duration)) => self.push(to, &duration.to_iso()),
            Some(Special::InvalidDateTime) => self.push(to, "Invalid DateTime"),
            Some(Special::Interval(start, end)) => self.push(to, &format!("[{} – {})", start.to_iso(), end.to_iso())),
            Some(Special::Set(_)) => self.push(to, "[object Set]"),
            Some(Special::Map(_)) => self.push(to, "[object Map]"),
            Some(Special::Error { name, message }) => {
                self.push(to, name)?;
                if message.is_empty() {
                    return Ok(());
                }
                self.push(to, ": ")?;
                self.push(to, message)
            }
            Some(other) if other.is_callable() => self.push(to, "function () { [code] }"),
            _ => self.push(to, "[object Object]"),
        }
    }

    /// `Number(value)`.
    pub(crate) fn number(&mut self, value: &Value) -> Outcome<f64> {
        Ok(match value {
            Value::Undefined | Value::Object(_) => f64::NAN,
            Value::Null => 0.0,
            Value::Bool(truth) => f64::from(u8::from(*truth)),
            Value::Number(number) => *number,
            Value::String(text) => {
                self.budget.scan(text.len())?;
                text_to_number(text)
            }
            Value::DateTime(moment) => moment.millis() as f64,
            Value::Array(_) | Value::Opaque(_) => match self.primitive_number(value)? {
                Value::Number(number) => number,
                other => {
                    let text = self.text(&other)?;
                    text_to_number(&text)
                }
            },
        })
    }

    /// `ToPrimitive` without a hint, as `+` and `==` do it: dates become strings, moments and durations numbers.
    pub(crate) fn primitive(&mut self, value: &Value) -> Outcome {
        match (value, special(value)) {
            (_, Some(Special::Date(_))) => Ok(Value::String(self.text(value)?)),
            _ => self.primitive_number(value),
        }
    }

    /// The same for the operands of `==`.
    pub(crate) fn primitive_default(&mut self, value: &Value) -> Outcome {
        self.primitive(value)
    }

    /// `ToPrimitive` with the hint "number".
    pub(crate) fn primitive_number(&mut self, value: &Value) -> Outcome {
        Ok(match value {
            Value::DateTime(moment) => Value::Number(moment.millis() as f64),
            Value::Array(_) | Value::Object(_) => Value::String(self.text(value)?),
            Value::Opaque(_) => match special(value) {
                Some(Special::Date(date)) => Value::Number(date.millis()),
                Some(Special::Duration(duration)) => Value::Number(duration.millis()),
                Some(Special::InvalidDateTime) => Value::Number(f64::NAN),
                _ => Value::String(self.text(value)?),
            },
            _ => value.clone(),
        })
    }

    /// What `...value` and `for … of` see.
    pub(crate) fn iterate<'v>(&mut self, value: &'v Value) -> Outcome<Cow<'v, [Value]>> {
        Ok(match value {
            Value::Array(elements) => Cow::Borrowed(elements.as_slice()),
            Value::String(text) => {
                self.budget.letters(text.len())?;
                Cow::Owned(text.chars().map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)).collect())
            }
            _ => match special(value) {
                Some(Special::Matched { list, .. }) => Cow::Borrowed(list.as_slice()),
                Some(Special::Set(_) | Special::Map(_)) => Cow::Owned(collections::iterated(self, value)?),
                _ => return Err(type_error("This is not iterable")),
            },
        })
    }
}

/// The text of a block among text: nothing for nothing, else what `join` makes of it.
pub(crate) fn joined(vm: &mut Vm<'_>, to: &mut String, value: &Value) -> Outcome<()> {
    match value {
        Value::Undefined | Value::Null => Ok(()),
        Value::Number(number) if number.is_nan() => Ok(()),
        _ => vm.append(to, value),
    }
}
