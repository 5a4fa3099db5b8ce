//! A parameter's value, compiled: a constant, an expression, or a tree of both.

use serde::{Deserialize, Deserializer};
use weft_expressions::{Template, compile};
use weft_value::{Object, Text, Value};

use crate::{Dots, NodeError, Path, Problem, Step};

/// A parameter that may hold expressions. Its constant parts are shared, never copied.
#[derive(Debug)]
pub enum Field {
    /// The same for every item.
    Constant(Value),
    /// An expression: a string that begins with `=`.
    Expression(Box<Template>),
    /// A list with an expression somewhere inside.
    Array(Vec<Field>),
    /// An object with an expression somewhere inside.
    Object(Vec<(Text, Field)>),
}

impl Default for Field {
    fn default() -> Self {
        Self::Constant(Value::Undefined)
    }
}

impl Field {
    /// Compiles every expression inside `value`. `path` names the parameter in problems.
    pub fn compile(value: &Value, path: &str) -> Result<Self, Vec<Problem>> {
        match value {
            Value::String(text) if text.starts_with('=') => match compile(&text[1..]) {
                Ok(template) => Ok(Self::Expression(Box::new(template))),
                Err(diagnostics) => Err(diagnostics.into_iter().map(|d| Problem::of_expression(d, path)).collect()),
            },
            Value::Array(array) => Self::compile_array(value, array, path),
            Value::Object(object) => Self::compile_object(value, object, path),
            _ => Ok(Self::Constant(value.clone())),
        }
    }

    fn compile_array(value: &Value, array: &[Value], path: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut fields = Vec::with_capacity(array.len());
        for (index, entry) in array.iter().enumerate() {
            match Self::compile(entry, &format!("{path}[{index}]")) {
                Ok(field) => fields.push(field),
                Err(more) => problems.extend(more),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let constant = fields.iter().all(Self::is_constant);
        Ok(if constant { Self::Constant(value.clone()) } else { Self::Array(fields) })
    }

    fn compile_object(value: &Value, object: &Object, path: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut fields = Vec::with_capacity(object.len());
        for (key, entry) in object {
            match Self::compile(entry, &join(path, key)) {
                Ok(field) => fields.push((key.clone(), field)),
                Err(more) => problems.extend(more),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let constant = fields.iter().all(|(_, field)| field.is_constant());
        Ok(if constant { Self::Constant(value.clone()) } else { Self::Object(fields) })
    }

    /// The same, where the text around the blocks of an expression is JSON (see [`Template::writing_json`]).
    #[must_use]
    pub fn writing_json(self) -> Self {
        match self {
            Self::Expression(template) => Self::Expression(Box::new(template.writing_json())),
            other => other,
        }
    }

    /// Whether it is the same for every item.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }

    /// Why only a step has its value, which can ask a code runner ([`Template::needs_code_runner`]).
    pub fn needs_code_runner(&self) -> Option<&str> {
        match self {
            Self::Expression(template) => template.needs_code_runner(),
            Self::Array(fields) => fields.iter().find_map(Self::needs_code_runner),
            Self::Object(fields) => fields.iter().find_map(|(_, field)| field.needs_code_runner()),
            Self::Constant(_) => None,
        }
    }

    /// Whether nothing was filled in.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Constant(value) => value.is_nullish() || value.as_str() == Some(""),
            _ => false,
        }
    }

    /// Its value for item `item` of input 0.
    pub fn resolve(&self, step: &dyn Step, item: usize) -> Result<Value, NodeError> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Expression(template) => step.evaluate(template, item).map_err(|error| error.at_item(item)),
            Self::Array(fields) => {
                let values: Result<Vec<Value>, _> = fields.iter().map(|field| field.resolve(step, item)).collect();
                Ok(values?.into())
            }
            Self::Object(fields) => {
                let mut object = Object::with_capacity(fields.len());
                for (key, field) in fields {
                    object.insert(key.clone(), field.resolve(step, item)?);
                }
                Ok(object.into())
            }
        }
    }

    /// Its value as text: nothing is the empty string, lists and objects are JSON.
    pub fn text(&self, step: &dyn Step, item: usize) -> Result<Text, NodeError> {
        Ok(crate::coercion::to_text(&self.resolve(step, item)?))
    }

    /// Its value as names of fields: a list, or text with commas between them. Empty ones are left out.
    pub fn names(&self, step: &dyn Step, item: usize) -> Result<Vec<Text>, NodeError> {
        let trimmed = |name: &str| Some(name.trim()).filter(|name| !name.is_empty()).map(Text::from);
        Ok(match self.resolve(step, item)? {
            Value::Array(list) => list.iter().filter_map(|name| trimmed(&crate::coercion::to_text(name))).collect(),
            text => crate::coercion::to_text(&text).split(',').filter_map(trimmed).collect(),
        })
    }

    /// The same as paths, their dots read as `dots` says.
    pub fn paths(&self, step: &dyn Step, item: usize, dots: Dots) -> Result<Vec<Path>, NodeError> {
        Ok(self.names(step, item)?.iter().map(|name| Path::new(name, dots)).collect())
    }

    /// Its value as a number; `name` is the parameter for the message.
    pub fn number(&self, step: &dyn Step, item: usize, name: &str) -> Result<f64, NodeError> {
        let value = self.resolve(step, item)?;
        crate::coercion::to_number(&value).ok_or_else(|| {
            NodeError::new(
                "parameter",
                format!("“{name}” must be a number, but it is {}.", crate::coercion::shown(&value)),
            )
            .in_field(name)
        })
    }

    /// Its value as a truth value: nothing, `false`, 0 and the empty string are false.
    pub fn truth(&self, step: &dyn Step, item: usize) -> Result<bool, NodeError> {
        Ok(crate::coercion::is_truthy(&self.resolve(step, item)?))
    }
}

/// `path.key`.
pub(crate) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl<'de> Deserialize<'de> for Field {
    /// Parameters are checked as a whole before they are read into a kind's struct, so that a broken expression has been
    /// reported with its place by then.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::compile(&value, "").map_err(|problems| {
            serde::de::Error::custom(problems.into_iter().next().map_or_else(String::new, |problem| problem.message))
        })
    }
}
