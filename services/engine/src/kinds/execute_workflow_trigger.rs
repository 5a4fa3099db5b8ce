//! **Execute sub-workflow trigger**: starts the workflow when another one executes it.
//!
//! asked for with `[{"id":"7","secret":1}]`, and it takes a number `id` and a text `name` · after: `[{"id":7,"name":null}]`

use std::sync::{Arc, LazyLock};

use jiff::tz::TimeZone;
use serde::Deserialize;
use weft_nodes::{
    Descriptor, FieldType, Group, Imported, N8nNode, NodeError, NodeKind, Parameter, ParameterType, Problem, Retried,
    Unsupported, choice, coerce, field, label, parameters, port,
};
use weft_value::{Item, Object, Value, from_json};

use crate::action::{Trigger, TriggerKind};
use crate::{Items, Returns};

/// The kind.
pub struct ExecuteWorkflowTrigger;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "executeWorkflowTrigger",
    version: 1,
    label: label("Execute sub-workflow trigger", "Déclencheur de sous-workflow"),
    description: label(
        "Starts the workflow when another one executes it.",
        "Démarre le workflow quand un autre l’exécute.",
    ),
    group: Group::Trigger,
    icon: "workflow",
    color: "violet",
    subtitle: Some("{inputSource}"),
    inputs: Vec::new(),
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "The items of the node that is executed last are given back to the other workflow.",
        "Les éléments du dernier nœud exécuté sont rendus à l’autre workflow.",
    ),
});

fn form() -> Vec<Parameter> {
    let type_of = |name: &'static str, en: &'static str, fr: &'static str| choice(name, label(en, fr));
    vec![
        field(ParameterType::Options, "inputSource", label("Input", "Entrée"))
            .help(
                "What this workflow takes from the one that executes it.",
                "Ce que ce workflow prend de celui qui l’exécute.",
            )
            .or("passthrough")
            .choices([
                choice("passthrough", label("All data as it comes", "Toutes les données telles quelles")),
                choice("workflowInputs", label("Named fields", "Champs nommés")).help(
                    "Only these fields of every item, each of its type.",
                    "Seulement ces champs de chaque élément, chacun de son type.",
                ),
                choice("jsonExample", label("Fields of an example", "Champs d’un exemple")).help(
                    "The fields that the example has, each of the type of its value.",
                    "Les champs de l’exemple, chacun du type de sa valeur.",
                ),
            ]),
        field(ParameterType::FixedCollection, "workflowInputs", label("Fields", "Champs"))
            .multiple()
            .literal()
            .when("inputSource", ["workflowInputs"])
            .fields([
                field(ParameterType::String, "name", label("Name", "Nom")).literal().required(),
                field(ParameterType::Options, "type", label("Type", "Type"))
                    .help(
                        "A value of another type is converted; where that cannot be done, the call fails.",
                        "Une valeur d’un autre type est convertie ; si c’est impossible, l’appel échoue.",
                    )
                    .or("string")
                    .choices([
                        type_of("any", "Anything", "N’importe quoi"),
                        type_of("string", "Text", "Texte"),
                        type_of("number", "Number", "Nombre"),
                        type_of("boolean", "True or false", "Vrai ou faux"),
                        type_of("array", "List", "Liste"),
                        type_of("object", "Object", "Objet"),
                    ]),
            ])
            .help(
                "A field that is missing is null, one that is not named here is left out.",
                "Un champ manquant vaut null, un champ qui n’est pas nommé ici est omis.",
            ),
        field(ParameterType::Json, "jsonExample", label("Example", "Exemple"))
            .help(
                "An object that has every field, with a value of the right type.",
                "Un objet qui a tous les champs, avec une valeur du bon type.",
            )
            .literal()
            .or("{}")
            .rows(5)
            .example(r#"{ "id": 7, "name": "Ada" }"#)
            .when("inputSource", ["jsonExample"]),
        field(ParameterType::Options, "returnOutput", label("Give back", "Rendre"))
            .help(
                "Of a last node that was executed several times, which items the caller gets.",
                "Si le dernier nœud a été exécuté plusieurs fois, quels éléments l’appelant reçoit.",
            )
            .or("allRuns")
            .choices([
                choice("allRuns", label("Every run of the last node", "Chaque passage du dernier nœud")),
                choice("lastRunOnly", label("Its last run", "Son dernier passage")),
            ]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    input_source: InputSource,
    #[serde(default)]
    workflow_inputs: Vec<Input>,
    #[serde(default)]
    json_example: Value,
    return_output: Returns,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum InputSource {
    Passthrough,
    WorkflowInputs,
    JsonExample,
}

/// A field that the workflow takes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Input {
    name: String,
    #[serde(rename = "type", default)]
    kind: FieldType,
}

/// What another workflow may hand to this one, and what it gets.
#[derive(Debug)]
pub struct Called {
    /// Nothing where everything is taken as it comes.
    inputs: Option<Vec<Input>>,
    returns: Returns,
}

impl Called {
    /// What is given back.
    pub(crate) fn returns(&self) -> Returns {
        self.returns
    }

    /// The items as the workflow takes them: the fields that it names, each of its type.
    pub(crate) fn accept(&self, given: &Items, zone: &TimeZone) -> Result<Items, NodeError> {
        let Some(inputs) = &self.inputs else { return Ok(Arc::clone(given)) };
        let one = |(index, item): (usize, &Item)| {
            let json = taken(inputs, &item.json, zone).map_err(|message| {
                NodeError::new("sub_workflow_input", format!("The sub-workflow does not take this: {message}."))
                    .describe("The types stand in its Execute sub-workflow trigger.")
                    .finally()
                    .at_item(index)
            })?;
            Ok(Item { json: json.into(), ..item.clone() })
        };
        given.iter().enumerate().map(one).collect::<Result<Vec<_>, NodeError>>().map(Arc::new)
    }
}

fn taken(inputs: &[Input], json: &Value, zone: &TimeZone) -> Result<Object, String> {
    let mut taken = Object::with_capacity(inputs.len());
    for Input { name, kind } in inputs {
        let given = json.get(name);
        let value = if given.is_nullish() { Value::Null } else { coerce(name, given, *kind, false, zone)? };
        taken.insert(name.as_str(), value);
    }
    Ok(taken)
}

impl NodeKind for ExecuteWorkflowTrigger {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.executeWorkflowTrigger"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        // The first version took everything, the next one names what it takes.
        let default = if node.version < 1.1 { "passthrough" } else { "workflowInputs" };
        let source = given.get("inputSource").as_str().unwrap_or(default);
        let mut ours: Object = [("inputSource", Value::from(source))].into_iter().collect();
        match source {
            "workflowInputs" => {
                let fields = given.get("workflowInputs").get("values").as_array().unwrap_or_default();
                ours.insert("workflowInputs", fields.to_vec());
            }
            "jsonExample" => ours.insert("jsonExample", given.get("jsonExample").clone()),
            _ => {}
        }
        let returned = if node.version < 1.2 { "lastRunOnly" } else { "allRuns" };
        ours.insert("returnOutput", given.get("returnOutput").as_str().unwrap_or(returned));
        Ok(Value::from(ours).into())
    }
}

impl TriggerKind for ExecuteWorkflowTrigger {
    fn prepare(&self, given: &Value) -> Result<Trigger, Vec<Problem>> {
        let Parameters { input_source, workflow_inputs, json_example, return_output } = parameters(&DESCRIPTOR, given)?;
        let inputs = match input_source {
            InputSource::Passthrough => None,
            InputSource::WorkflowInputs => Some(workflow_inputs),
            InputSource::JsonExample => Some(inputs_of(&json_example)?),
        };
        Ok(Trigger::Called(Box::new(Called { inputs, returns: return_output })))
    }
}

/// The fields of an example, each with the type of its value.
fn inputs_of(example: &Value) -> Result<Vec<Input>, Vec<Problem>> {
    let read = match example.as_str() {
        Some(text) => from_json(text).ok(),
        None => Some(example.clone()),
    };
    let Some(Value::Object(object)) = &read else {
        let message = "The example must be an object in JSON, { \"id\": 7 } for instance.";
        return Err(vec![Problem::error("parameter_invalid", message, "jsonExample")]);
    };
    Ok(object.iter().map(|(name, value)| Input { name: name.to_string(), kind: type_of(value) }).collect())
}

fn type_of(value: &Value) -> FieldType {
    match value {
        Value::String(_) => FieldType::String,
        Value::Number(_) => FieldType::Number,
        Value::Bool(_) => FieldType::Boolean,
        Value::Array(_) => FieldType::Array,
        Value::Object(_) => FieldType::Object,
        _ => FieldType::Any,
    }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{import, items, json_of};

    use super::*;

    fn called(node: &str) -> Result<Called, Vec<Problem>> {
        match ExecuteWorkflowTrigger.prepare(&from_json(node).unwrap())? {
            Trigger::Called(called) => Ok(*called),
            Trigger::Manual
            | Trigger::Webhook(_)
            | Trigger::Schedule(_)
            | Trigger::Failure
            | Trigger::Form(_)
            | Trigger::Poll(_) => {
                panic!("it is asked for by workflows")
            }
        }
    }

    fn accept(node: &str, given: &str) -> Result<String, String> {
        let accepted = called(node).unwrap().accept(&Arc::new(items(given)), &TimeZone::UTC);
        accepted.map(|items| json_of(&items)).map_err(|error| format!("{}: {}", error.item.unwrap(), error.message))
    }

    #[test]
    fn it_takes_what_it_names() {
        let typed = r#"{"inputSource":"workflowInputs","workflowInputs":[
            {"name":"id","type":"number"},{"name":"name"},{"name":"tags","type":"array"},{"name":"rest","type":"any"}]}"#;
        for (node, given, taken) in [
            ("{}", r#"[{"a":1},{"b":"é"}]"#, r#"[{"a":1},{"b":"é"}]"#),
            (typed, r#"[{"id":"7","secret":1}]"#, r#"[{"id":7,"name":null,"tags":null,"rest":null}]"#),
            (
                typed,
                r#"[{"id":null,"name":5,"tags":"[1]","rest":{"a":1}}]"#,
                r#"[{"id":null,"name":"5","tags":[1],"rest":{"a":1}}]"#,
            ),
            (typed, "[]", "[]"),
            (
                r#"{"inputSource":"jsonExample","jsonExample":"{\"n\":1,\"o\":{},\"x\":null}"}"#,
                r#"[{"n":"2","o":"{\"a\":1}","x":[1],"y":1}]"#,
                r#"[{"n":2,"o":{"a":1},"x":[1]}]"#,
            ),
            (r#"{"inputSource":"workflowInputs"}"#, r#"[{"a":1}]"#, "[{}]"),
        ] {
            assert_eq!(accept(node, given).as_deref(), Ok(taken), "{node}");
        }
    }

    #[test]
    fn what_is_of_another_type_is_refused_by_name() {
        let node = r#"{"inputSource":"workflowInputs","workflowInputs":[{"name":"id","type":"number"}]}"#;
        let refused = accept(node, r#"[{"id":1},{"id":"seven"}]"#).unwrap_err();
        assert!(refused.starts_with("1: ") && refused.contains("'id' expects a number"), "{refused}");
    }

    #[test]
    fn an_example_is_an_object() {
        for example in ["[]", "\"{\"", "7", "\"text\""] {
            let node = format!(r#"{{"inputSource":"jsonExample","jsonExample":{example}}}"#);
            assert_eq!(called(&node).unwrap_err()[0].field.as_deref(), Some("jsonExample"), "{example}");
        }
    }

    #[test]
    fn versions_of_n8n_differ_in_what_they_take_and_give_back() {
        for (version, node, ours) in [
            (1.0, "{}", r#"{"inputSource":"passthrough","returnOutput":"lastRunOnly"}"#),
            (
                1.1,
                r#"{"workflowInputs":{"values":[{"name":"a"}]}}"#,
                r#"{"inputSource":"workflowInputs","workflowInputs":[{"name":"a"}],"returnOutput":"lastRunOnly"}"#,
            ),
            (
                1.2,
                r#"{"inputSource":"jsonExample","jsonExample":"{}"}"#,
                r#"{"inputSource":"jsonExample","jsonExample":"{}","returnOutput":"allRuns"}"#,
            ),
        ] {
            assert_eq!(import(&ExecuteWorkflowTrigger, version, node).unwrap().parameters.to_json(), ours);
        }
    }
}
