//! **Stop and error**: ends the execution with an error of one's own.
//!
//! before: `[{"a":1}]`
//! with: `{"errorMessage":"No order has a price"}`
//! after: fails with “No order has a price”

use std::sync::LazyLock;

use serde::Deserialize;
use weft_value::{Text, Value, from_json};

use crate::descriptor::{choice, field};
use crate::{
    Descriptor, Field, Group, NodeError, NodeKind, Outputs, ParameterType, Problem, Retried, Step, Transform,
    TransformKind, label, parameters, port,
};

/// The kind.
pub struct StopAndError;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "stopAndError",
    version: 1,
    label: label("Stop and error", "Arrêter avec une erreur"),
    description: label(
        "Ends the execution with an error message of your own.",
        "Termine l’exécution avec votre propre message d’erreur.",
    ),
    group: Group::Flow,
    icon: "octagon-x",
    color: "red",
    subtitle: Some("{errorMessage}"),
    inputs: vec![port("main")],
    outputs: Vec::new(),
    parameters: vec![
        field(ParameterType::Options, "errorType", label("Error", "Erreur")).or("errorMessage").choices([
            choice("errorMessage", label("Message", "Message")),
            choice("errorObject", label("Object", "Objet")),
        ]),
        field(ParameterType::String, "errorMessage", label("Message", "Message"))
            .help("What people see of the failed execution.", "Ce que l’on voit de l’exécution échouée.")
            .required()
            .example("No order has a price")
            .when("errorType", ["errorMessage"]),
        field(ParameterType::Json, "errorObject", label("Object", "Objet"))
            .help("A JSON object; its message is what people see.", "Un objet JSON ; son message est ce que l’on voit.")
            .required()
            .example(r#"{"code": 404, "message": "Not there"}"#)
            .when("errorType", ["errorObject"]),
    ],
    retried: Retried::Pure,
    documentation: label(
        "Put it behind an If to make an execution fail when its data is not what you expect.",
        "Placez-le derrière un Si pour faire échouer une exécution dont les données ne sont pas celles attendues.",
    ),
});

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(rename = "errorType")]
    form: ErrorType,
    #[serde(default, rename = "errorMessage")]
    message: Field,
    #[serde(default, rename = "errorObject")]
    object: Field,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum ErrorType {
    ErrorMessage,
    ErrorObject,
}

impl NodeKind for StopAndError {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.stopAndError"]
    }
}

impl TransformKind for StopAndError {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Transform>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

impl Transform for Parameters {
    fn run(&self, step: &dyn Step) -> Result<Outputs, NodeError> {
        let message = match self.form {
            ErrorType::ErrorMessage => self.message.text(step, 0)?,
            ErrorType::ErrorObject => message_of(&self.object.resolve(step, 0)?),
        };
        Err(NodeError::new("stopped", message.as_str()).at_item(0).finally())
    }
}

/// The sentence in an error object: its message, description or error, else all of it.
fn message_of(object: &Value) -> Text {
    let parsed = object.as_str().and_then(|text| from_json(text).ok());
    let object = parsed.as_ref().unwrap_or(object);
    let sentence = ["message", "description", "error"].into_iter().find_map(|key| object.get(key).as_str());
    sentence.map_or_else(|| object.to_json().into(), Text::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestStep, prepare, run};

    #[test]
    fn it_fails_with_the_given_error() {
        let step = TestStep::new(&[r#"[{"a":1}]"#]);
        for (parameters, message) in [
            (r#"{"errorMessage":"No price"}"#, "No price"),
            (r#"{"errorType":"errorObject","errorObject":"{\"code\":404,\"message\":\"Gone\"}"}"#, "Gone"),
            (r#"{"errorType":"errorObject","errorObject":{"code":404}}"#, r#"{"code":404}"#),
        ] {
            assert_eq!(run(&StopAndError, parameters, &step).unwrap_err().message, message);
        }
    }

    #[test]
    fn a_message_is_required() {
        let problems = prepare(&StopAndError, "{}").err().unwrap();
        assert_eq!((problems[0].code, problems[0].field.as_deref()), ("parameter_required", Some("errorMessage")));
    }
}
