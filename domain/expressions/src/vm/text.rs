//! Conversions that can fail or cost something: to strings, numbers and lists.

use std::borrow::Cow;

use weft_value::{Text, Value};

use super::Vm;
use crate::convert::{number_to_string, text_to_number};
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

    /// Appends `String(value)`.
    pub(crate) fn append(&mut self, to: &mut String, value: &Value) -> Outcome<()> {
        match value {
            Value::Undefined => to.push_str("undefined"),
            Value::Null => to.push_str("null"),
            Value::Bool(truth) => to.push_str(if *truth { "true" } else { "false" }),
            Value::Number(number) => to.push_str(&number_to_string(*number)),
            Value::String(text) => {
                self.budget.text(to.len() + text.len())?;
                to.push_str(text);
            }
            Value::DateTime(moment) => to.push_str(&moment.to_iso()),
            Value::Object(_) => to.push_str("[object Object]"),
            Value::Array(elements) => self.append_joined(to, elements, ",")?,
            Value::Opaque(_) => self.append_special(to, value)?,
        }
        Ok(())
    }

    /// Appends `elements.join(separator)`.
    pub(crate) fn append_joined(&mut self, to: &mut String, elements: &[Value], separator: &str) -> Outcome<()> {
        self.budget.enter()?;
        for (index, element) in elements.iter().enumerate() {
            self.budget.step()?;
            if index > 0 {
                to.push_str(separator);
            }
            if !element.is_nullish() {
                self.append(to, element)?;
            }
            if to.len() > self.budget.limits().text {
                return Err(crate::Exhausted::Text.into());
            }
        }
        self.budget.leave();
        Ok(())
    }

    fn append_special(&mut self, to: &mut String, value: &Value) -> Outcome<()> {
        match special(value) {
            Some(Special::Date(millis)) => to.push_str(&date_to_string(*millis, self.scope.time_zone())),
            Some(Special::RegExp(regexp)) => to.push_str(&regexp.literal()),
            Some(Special::Matched { list, .. }) => return self.append_joined(to, list, ","),
            Some(Special::Duration(duration)) => to.push_str(&duration.to_iso()),
            Some(Special::InvalidDateTime) => to.push_str("Invalid DateTime"),
            Some(Special::Interval(start, end)) => to.extend(["[", &start.to_iso(), " – ", &end.to_iso(), ")"]),
            Some(Special::Set(_)) => to.push_str("[object Set]"),
            Some(Special::Map(_)) => to.push_str("[object Map]"),
            Some(Special::Error { name, message }) => {
                to.push_str(name);
                if !message.is_empty() {
                    to.push_str(": ");
                    to.push_str(message);
                }
            }
            Some(other) if other.is_callable() => to.push_str("function () { [code] }"),
            _ => to.push_str("[object Object]"),
        }
        Ok(())
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
                Some(Special::Date(millis)) => Value::Number(*millis),
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
                self.budget.elements(text.len())?;
                Cow::Owned(text.chars().map(|c| Value::from(c.encode_utf8(&mut [0; 4]) as &str)).collect())
            }
            _ => match special(value) {
                Some(Special::Set(elements)) => Cow::Borrowed(elements.as_slice()),
                Some(Special::Matched { list, .. }) => Cow::Borrowed(list.as_slice()),
                Some(Special::Map(entries)) => {
                    self.budget.elements(entries.len() * 3)?;
                    Cow::Owned(
                        entries.iter().map(|(key, value)| Value::from(vec![key.clone(), value.clone()])).collect(),
                    )
                }
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
