//! What is wrong with a node's parameters, found before anything is executed.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use weft_expressions::Diagnostic;
use weft_value::{Object, Value};

use crate::field::join;
use crate::misfit::misfits;
use crate::{Descriptor, Field, Parameter, ParameterType};

/// Whether a problem stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// The workflow cannot be published.
    Error,
    /// It can, but somebody should look.
    Warning,
}

/// Something wrong with one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stands in the way.
    pub severity: Severity,
    /// A word for programs: `expression`, `parameter_required`, `parameter_invalid`, …
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
    /// The parameter: `assignments.assignments[0].value`.
    pub field: Option<String>,
    /// The line in the expression, from 1.
    pub line: Option<u32>,
    /// The column in the line, from 1.
    pub column: Option<u32>,
    /// What may have been meant.
    pub hint: Option<String>,
}

/// The bytes of a message that people still read: it may quote a value as long as a file.
const MOST_MESSAGE: usize = 4000;

/// A message without what is too long of it.
fn readable(mut message: String) -> String {
    if message.len() > MOST_MESSAGE {
        message.truncate(message.floor_char_boundary(MOST_MESSAGE));
        message.push('…');
    }
    message
}

impl Problem {
    /// An error in `field`.
    pub fn error(code: &'static str, message: impl Into<String>, field: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: readable(message.into()),
            field: Some(field.into()),
            line: None,
            column: None,
            hint: None,
        }
    }

    /// What the expression language says about `field`.
    pub fn of_expression(diagnostic: Diagnostic, field: &str) -> Self {
        Self {
            severity: Severity::Error,
            code: "expression",
            message: diagnostic.message,
            field: Some(field.to_owned()),
            line: Some(diagnostic.line),
            column: Some(diagnostic.column),
            hint: diagnostic.hint,
        }
    }
}

/// The typed parameters of a node: defaults filled in, required ones present, every expression compiled.
pub fn parameters<T: DeserializeOwned>(descriptor: &Descriptor, given: &Value) -> Result<T, Vec<Problem>> {
    parameters_with(descriptor, given, |_| {})
}

/// The same; `amend` may change the filled-in object before it is read.
pub fn parameters_with<T: DeserializeOwned>(
    descriptor: &Descriptor,
    given: &Value,
    amend: impl FnOnce(&mut Object),
) -> Result<T, Vec<Problem>> {
    let mut filled = given.as_object().cloned().unwrap_or_default();
    drop_emptied(&descriptor.parameters, &mut filled);
    fill(&descriptor.parameters, &mut filled);
    let mut problems = Vec::new();
    check(&descriptor.parameters, &filled, "", &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    amend(&mut filled);
    // Compiling a plan happens once per version, so the detour through serde_json's tree costs nothing that matters.
    let json = serde_json::to_value(&filled).map_err(|error| vec![invalid(&error.to_string(), "")])?;
    serde_path_to_error::deserialize(json).map_err(|error| {
        let path = error.path().to_string();
        let problems = misfits(&descriptor.parameters, &filled, &path);
        if problems.is_empty() { vec![invalid(&error.into_inner().to_string(), &path)] } else { problems }
    })
}

fn invalid(reason: &str, field: &str) -> Problem {
    let message = format!("The parameter “{field}” cannot be read: {reason}.");
    Problem { field: (field != ".").then(|| field.to_owned()), ..Problem::error("parameter_invalid", message, field) }
}

/// Takes out what a person emptied in the form, which keeps `null` there: it has its default again. Where an expression may
/// stand, `null` is a value like others.
fn drop_emptied(descriptors: &[Parameter], parameters: &mut Object) {
    for descriptor in descriptors {
        match parameters.get_mut(descriptor.name) {
            Some(Value::Null) if !descriptor.accepts_expression || is_collection(descriptor) => {
                parameters.remove(descriptor.name);
            }
            Some(Value::Object(object)) if is_collection(descriptor) => {
                drop_emptied(&descriptor.fields, Arc::make_mut(object));
            }
            Some(Value::Array(array)) if is_collection(descriptor) => {
                for entry in Arc::make_mut(array) {
                    if let Value::Object(object) = entry {
                        drop_emptied(&descriptor.fields, Arc::make_mut(object));
                    }
                }
            }
            _ => {}
        }
    }
}

pub(crate) fn is_collection(descriptor: &Parameter) -> bool {
    matches!(descriptor.kind, ParameterType::Collection | ParameterType::FixedCollection)
}

/// Sets every default of what is not set.
pub(crate) fn fill(descriptors: &[Parameter], parameters: &mut Object) {
    for descriptor in descriptors {
        let Some(default) = &descriptor.default else { continue };
        let missing = parameters.get(descriptor.name).is_none_or(Value::is_undefined);
        if missing && is_shown(descriptor, parameters) {
            parameters.insert(descriptor.name, from_plain_json(default));
        }
    }
}

/// Whether every condition on a sibling holds.
pub(crate) fn is_shown(descriptor: &Parameter, parameters: &Object) -> bool {
    descriptor.show_when.iter().all(|condition| {
        let value = parameters.get(condition.parameter).unwrap_or(&Value::Undefined);
        condition.values.iter().any(|wanted| &from_plain_json(wanted) == value)
    })
}

fn check(descriptors: &[Parameter], parameters: &Object, path: &str, problems: &mut Vec<Problem>) {
    for descriptor in descriptors.iter().filter(|descriptor| is_shown(descriptor, parameters)) {
        let value = parameters.get(descriptor.name).unwrap_or(&Value::Undefined);
        let path = join(path, descriptor.name);
        if descriptor.required && (value.is_nullish() || value.as_str().is_some_and(str::is_empty)) {
            let message = format!("“{}” must be filled in.", descriptor.label.en);
            problems.push(Problem::error("parameter_required", message, path));
            continue;
        }
        check_value(descriptor, value, &path, problems);
    }
}

fn check_value(descriptor: &Parameter, value: &Value, path: &str, problems: &mut Vec<Problem>) {
    let is_collection = is_collection(descriptor);
    match value {
        Value::Object(object) if is_collection => {
            let given = object_of_present(&descriptor.fields, object);
            check(&given, object, path, problems);
        }
        Value::Array(array) if is_collection => {
            for (index, entry) in array.iter().enumerate() {
                if let Some(object) = entry.as_object() {
                    check(&descriptor.fields, object, &format!("{path}[{index}]"), problems);
                }
            }
        }
        _ if descriptor.accepts_expression => {
            if let Err(more) = Field::compile(value, path) {
                problems.extend(more);
            }
        }
        _ => check_literal(descriptor, value, path, problems),
    }
}

/// The fields of a collection that are set: the others are optional by nature.
fn object_of_present(fields: &[Parameter], object: &Object) -> Vec<Parameter> {
    fields.iter().filter(|field| object.contains_key(field.name)).cloned().collect()
}

fn check_literal(descriptor: &Parameter, value: &Value, path: &str, problems: &mut Vec<Problem>) {
    if descriptor.kind == ParameterType::Code {
        return;
    }
    if value.as_str().is_some_and(|text| text.starts_with('=')) {
        let message =
            format!("“{}” is the same for every item: an expression cannot stand there.", descriptor.label.en);
        problems.push(Problem::error("expression_refused", message, path));
    } else if !value.is_nullish() && !descriptor.options.is_empty() {
        let chosen = match value {
            Value::Array(several) if descriptor.kind == ParameterType::MultiOptions => several.as_slice(),
            one => std::slice::from_ref(one),
        };
        let is_known = |value: &Value| descriptor.options.iter().any(|option| &from_plain_json(&option.value) == value);
        for unknown in chosen.iter().filter(|value| !is_known(value)) {
            let message = format!("“{}” has no choice {}.", descriptor.label.en, unknown.to_json());
            problems.push(Problem::error("parameter_invalid", message, path));
        }
    }
}

/// A descriptor's JSON as a value.
pub(crate) fn from_plain_json(json: &Json) -> Value {
    // Reading one tree into the other cannot fail: each has a place for everything in JSON.
    serde_json::from_value(json.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_quotes_a_file_ends_where_people_stop_reading() {
        let message = |text: &str| Problem::error("test", text, "field").message;
        assert_eq!(message("There is no field “a”."), "There is no field “a”.");
        let long = message(&"é".repeat(3_000));
        assert_eq!(long, format!("{}…", "é".repeat(2_000)));
    }
}
