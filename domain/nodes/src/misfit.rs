//! Which parameters hold something else than their field in the form writes. It is asked after parameters could not be read, to
//! say why in the words of the form instead of those of the reader.

use weft_value::{Object, Value};

use crate::coercion::shown_shortly;
use crate::field::join;
use crate::problem::{is_collection, is_shown};
use crate::{Parameter, ParameterType, Problem};

/// What does not fit, in the order of the form. `unread` is the parameter that the reader stopped at.
pub(crate) fn misfits(descriptors: &[Parameter], parameters: &Object, unread: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    Search { unread, found: &mut found }.among(descriptors, parameters, "");
    found
}

struct Search<'a> {
    unread: &'a str,
    found: &'a mut Vec<Problem>,
}

impl Search<'_> {
    fn among(&mut self, descriptors: &[Parameter], parameters: &Object, path: &str) {
        for descriptor in descriptors {
            let path = join(path, descriptor.name);
            // What is hidden is read all the same.
            let matters = path == self.unread || is_shown(descriptor, parameters);
            let value = parameters.get(descriptor.name).filter(|value| matters && !value.is_nullish());
            if let Some(value) = value {
                self.inside(descriptor, value, &path);
            }
        }
    }

    fn inside(&mut self, descriptor: &Parameter, value: &Value, path: &str) {
        let is_list = descriptor.kind == ParameterType::FixedCollection && descriptor.multiple;
        let is_group = is_collection(descriptor);
        match value {
            Value::Object(object) if is_group && !is_list => self.among(&descriptor.fields, object, path),
            Value::Array(entries) if is_list => {
                for (index, entry) in entries.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    match entry.as_object() {
                        Some(object) => self.among(&descriptor.fields, object, &path),
                        None => self.blame(descriptor, "an object", entry, path),
                    }
                }
            }
            _ if is_list => self.blame(descriptor, "a list of objects", value, path),
            _ if is_group => self.blame(descriptor, "an object", value, path),
            _ if path == self.unread || !descriptor.accepts_expression || has_own_shape(descriptor) => {
                if let Some(expected) = expected(descriptor, value, path == self.unread) {
                    self.blame(descriptor, &expected, value, path);
                }
            }
            _ => {}
        }
    }

    fn blame(&mut self, descriptor: &Parameter, expected: &str, value: &Value, path: impl Into<String>) {
        let (label, path): (_, String) = (descriptor.label.en, path.into());
        // Of two fields of one name, one is shown.
        if self.found.iter().any(|problem| problem.field.as_deref() == Some(path.as_str())) {
            return;
        }
        let message = format!("“{label}” is {}, but must be {expected}.", shown_shortly(value));
        self.found.push(Problem::error("parameter_invalid", message, path));
    }
}

/// Whether it is an object that is never an expression as a whole.
fn has_own_shape(descriptor: &Parameter) -> bool {
    matches!(descriptor.kind, ParameterType::Assignments | ParameterType::Conditions)
}

/// What should stand there, where that is something else. Whether a number has to be whole is known of the `unread` one alone.
fn expected(descriptor: &Parameter, value: &Value, unread: bool) -> Option<String> {
    let is_text = value.as_str().is_some();
    let plain = match descriptor.kind {
        ParameterType::Number => return number(descriptor, value, unread),
        ParameterType::Boolean => (!matches!(value, Value::Bool(_))).then_some("true or false"),
        ParameterType::String | ParameterType::Code | ParameterType::DateTime => (!is_text).then_some("text"),
        ParameterType::MultiOptions => value.as_array().is_none().then_some("a list"),
        ParameterType::Assignments | ParameterType::Conditions => value.as_object().is_none().then_some("an object"),
        ParameterType::Credential => (unread || !is_text).then_some("the id of a credential"),
        ParameterType::Workflow => (unread || !is_text).then_some("the id of a workflow"),
        ParameterType::Options
        | ParameterType::Json
        | ParameterType::Collection
        | ParameterType::FixedCollection
        | ParameterType::Notice => None,
    };
    plain.map(str::to_owned)
}

fn number(descriptor: &Parameter, value: &Value, unread: bool) -> Option<String> {
    let whole = if unread && value.as_f64().is_some() { "a whole number" } else { "a number" };
    let given = value.as_f64().filter(|_| !unread);
    let is_within =
        |number: f64| descriptor.min.is_none_or(|min| number >= min) && descriptor.max.is_none_or(|max| number <= max);
    if given.is_some_and(is_within) {
        return None;
    }
    Some(match (descriptor.min, descriptor.max) {
        (Some(min), Some(max)) => format!("{whole} between {min} and {max}"),
        (Some(min), None) => format!("{whole} of at least {min}"),
        _ => whole.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use weft_value::from_json;

    use super::*;
    use crate::descriptor::{choice, field};
    use crate::label;

    fn form() -> Vec<Parameter> {
        let named = |kind, name| field(kind, name, label("Name", "Nom")).literal();
        vec![
            named(ParameterType::Options, "mode").choices([choice("a", label("A", "A")), choice("b", label("B", "B"))]),
            named(ParameterType::Number, "digits").between(1.0, 9.0),
            named(ParameterType::Boolean, "flag"),
            named(ParameterType::String, "text").when("mode", ["a"]),
            named(ParameterType::Credential, "credential"),
            named(ParameterType::FixedCollection, "rules").multiple().fields([
                named(ParameterType::Number, "depth").at_least(0.0),
                field(ParameterType::String, "any", label("Any", "Tout")),
            ]),
        ]
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_would() {
        for (given, unread, field, message) in [
            (r#"{"digits":"six"}"#, "", "digits", "“Name” is the text “six”, but must be a number between 1 and 9."),
            (
                r#"{"digits":5.5}"#,
                "digits",
                "digits",
                "“Name” is the number 5.5, but must be a whole number between 1 and 9.",
            ),
            (r#"{"flag":"yes"}"#, "", "flag", "“Name” is the text “yes”, but must be true or false."),
            (r#"{"mode":"a","text":[1]}"#, "", "text", "“Name” is a list of 1, but must be text."),
            (
                r#"{"credential":"mine"}"#,
                "credential",
                "credential",
                "“Name” is the text “mine”, but must be the id of a credential.",
            ),
            (r#"{"rules":{}}"#, "", "rules", "“Name” is an object, but must be a list of objects."),
            (r#"{"rules":[{"depth":1},7]}"#, "", "rules[1]", "“Name” is the number 7, but must be an object."),
            (
                r#"{"rules":[{"depth":[]}]}"#,
                "",
                "rules[0].depth",
                "“Name” is a list of 0, but must be a number of at least 0.",
            ),
        ] {
            let given = from_json(given).unwrap();
            let problems = misfits(&form(), given.as_object().unwrap(), unread);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert_eq!((problems[0].field.as_deref(), problems[0].message.as_str()), (Some(field), message));
        }
    }

    #[test]
    fn what_fits_what_is_hidden_and_what_may_be_anything_is_not_blamed() {
        for given in [
            r#"{"mode":"b","text":[1]}"#,
            r#"{"digits":5.5,"flag":false,"credential":"mine","rules":[{"depth":0,"any":[1]}]}"#,
            r#"{"digits":null,"unknown":{}}"#,
        ] {
            let given = from_json(given).unwrap();
            assert_eq!(misfits(&form(), given.as_object().unwrap(), "mode"), [], "{}", given.to_json());
        }
    }
}
