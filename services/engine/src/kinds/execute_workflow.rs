//! **Execute sub-workflow**: executes another workflow and gives what its last node gave.
//!
//! before: `[{"id":1},{"id":2}]` · after, where the other one adds a name: `[{"id":1,"name":"Ada"},{"id":2,"name":"Bo"}]`

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_model::WorkflowId;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, choice, field, label, parameters, port,
};
use weft_value::{Item, Object, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::execution::{Call, CallEnd, CallUntil, Items, StepView, WaitFor, passed_on};

/// The kind.
pub struct ExecuteWorkflow;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "executeWorkflow",
    version: 1,
    label: label("Execute sub-workflow", "Exécuter un sous-workflow"),
    description: label(
        "Executes another workflow and gives what its last node gave.",
        "Exécute un autre workflow et donne ce que son dernier nœud a donné.",
    ),
    group: Group::Flow,
    icon: "workflow",
    color: "blue",
    subtitle: Some("{mode}"),
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Keyed,
    documentation: label(
        "The other workflow begins with an Execute sub-workflow trigger. Its published version is executed, \
         and its draft while you build.",
        "L’autre workflow commence par un Déclencheur de sous-workflow. Sa version publiée est exécutée, et \
         son brouillon pendant la construction.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Workflow, "workflowId", label("Workflow", "Workflow"))
            .help(
                "It must begin with an Execute sub-workflow trigger.",
                "Il doit commencer par un Déclencheur de sous-workflow.",
            )
            .required(),
        field(ParameterType::FixedCollection, "workflowInputs", label("Fields", "Champs"))
            .multiple()
            .fields([
                field(ParameterType::String, "name", label("Name", "Nom"))
                    .help(
                        "A field that the other workflow reads; one of that name in the item is replaced.",
                        "Un champ que l’autre workflow lit ; un champ du même nom dans l’élément est remplacé.",
                    )
                    .literal()
                    .required(),
                field(ParameterType::String, "value", label("Value", "Valeur")),
            ])
            .help(
                "They are set in every item that the other workflow gets.",
                "Ils sont définis dans chaque élément que l’autre workflow reçoit.",
            ),
        field(ParameterType::Options, "mode", label("Execute it", "L’exécuter"))
            .help(
                "How the items are handed to the other workflow.",
                "Comment les éléments sont remis à l’autre workflow.",
            )
            .or("once")
            .choices([
                choice("once", label("Once with all items", "Une fois avec tous les éléments"))
                    .help("One execution gets all the items.", "Une seule exécution reçoit tous les éléments."),
                choice("each", label("Once for each item", "Une fois par élément")).help(
                    "One execution after the other, each with one item.",
                    "Une exécution après l’autre, chacune avec un élément.",
                ),
            ]),
        field(ParameterType::Collection, "options", label("Options", "Options")).fields([field(
            ParameterType::Boolean,
            "waitForSubWorkflow",
            label("Wait for its end", "Attendre sa fin"),
        )
        .or(true)
        .help("Otherwise the items are passed on as they are.", "Sinon, les éléments sont transmis tels quels.")]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    workflow_id: Field,
    #[serde(default)]
    workflow_inputs: Vec<Input>,
    mode: Mode,
    #[serde(default)]
    options: Options,
}

#[derive(Deserialize)]
struct Input {
    name: String,
    #[serde(default)]
    value: Field,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Mode {
    Once,
    Each,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Options {
    wait_for_sub_workflow: Field,
}

impl Default for Options {
    fn default() -> Self {
        Self { wait_for_sub_workflow: Field::Constant(Value::Bool(true)) }
    }
}

impl NodeKind for ExecuteWorkflow {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.executeWorkflow"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        if let Some(other @ ("localFile" | "parameter" | "url")) = given.get("source").as_str() {
            let message = format!(
                "A sub-workflow from “{other}” is not executed here. Import it as a workflow of its own and \
                 execute that."
            );
            return Err(Unsupported { message, field: Some("source".into()) });
        }
        let mut ours = Object::new();
        let mut remarks = Vec::new();
        let id = given.get("workflowId");
        let id = if id.get("value").is_undefined() { id } else { id.get("value") };
        if let Some(expression) = id.as_str().filter(|id| id.starts_with('=')) {
            ours.insert("workflowId", expression);
            remarks.push("The sub-workflow is chosen by an expression: it must give the id of a workflow here.".into());
        } else if let Some(known) = id.as_str().and_then(|id| id.parse::<WorkflowId>().ok()) {
            ours.insert("workflowId", known.to_string());
        } else {
            let known_as = given.get("workflowId").get("cachedResultName").as_str();
            let name = known_as.map_or_else(|| id.to_json(), |name| format!("“{name}”"));
            remarks.push(format!("Choose the sub-workflow again: {name} has another id here."));
        }
        let inputs = inputs_of(given.get("workflowInputs"));
        if !inputs.is_empty() {
            ours.insert("workflowInputs", inputs);
        }
        for key in ["mode", "options"] {
            if !given.get(key).is_nullish() {
                ours.insert(key, given.get(key).clone());
            }
        }
        Ok(Imported { parameters: ours.into(), remarks })
    }
}

/// What n8n's mapping says, field by field. One that is taken out of the mapping is not handed on.
fn inputs_of(mapping: &Value) -> Vec<Value> {
    let input = |name: &str, value: Value| -> Value {
        [("name", Value::from(name)), ("value", value)].into_iter().collect::<Object>().into()
    };
    let removed = mapping
        .get("schema")
        .as_array()
        .unwrap_or_default()
        .iter()
        .filter(|field| field.get("removed").as_bool() == Some(true));
    let removed = removed.filter_map(|field| Some(input(field.get("id").as_str()?, Value::Null)));
    let set = mapping.get("value").as_object().into_iter().flatten();
    set.map(|(name, value)| input(name, value.clone())).chain(removed).collect()
}

impl ActionKind for ExecuteWorkflow {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    /// Whoever takes the step over asks for the same executions.
    fn retried(&self) -> Retried {
        Retried::Keyed
    }

    async fn run(&self, step: Arc<StepView>, _services: &Services) -> Result<Acted, ActFailure> {
        let next = step.calls.len();
        let count = if self.mode == Mode::Once { 1 } else { step.input(0).len() };
        if let (true, Some(CallEnd::Failed(error))) = (!step.carries_on() || self.mode == Mode::Once, step.calls.last())
        {
            return Err(self.failure(error, next - 1).into());
        }
        if next < count {
            return Ok(Acted::wait_for(WaitFor::Execution(self.call(&step, next))));
        }
        Ok(Acted::outputs(self.outputs(&step)))
    }
}

impl Parameters {
    fn failure(&self, error: &NodeError, index: usize) -> NodeError {
        if self.mode == Mode::Each { error.clone().at_item(index) } else { error.clone() }
    }

    fn until(&self, step: &dyn Step, item: usize) -> Result<CallUntil, NodeError> {
        let waits = &self.options.wait_for_sub_workflow;
        Ok(if waits.is_empty() || waits.truth(step, item)? { CallUntil::Ended } else { CallUntil::Begun })
    }

    /// What is asked for with item `index`, or with all of them.
    fn call(&self, step: &StepView, index: usize) -> Result<Call, NodeError> {
        let items = step.shared_input(0);
        let (item, items) = match self.mode {
            Mode::Once => (None, self.with_inputs(step, &items, 0)?),
            Mode::Each => (Some(index as u32), self.with_inputs(step, &items[index..=index], index)?),
        };
        Ok(Call { workflow: self.workflow(step, index)?, items, item, until: self.until(step, index)? })
    }

    fn workflow(&self, step: &dyn Step, item: usize) -> Result<WorkflowId, NodeError> {
        let given = self.workflow_id.text(step, item)?;
        given.trim().parse().map_err(|_| {
            NodeError::new("parameter", format!("“{given}” is not the id of a workflow. Choose one from the list."))
                .in_field("workflowId")
                .finally()
        })
    }

    /// Items with the fields that are set in each; `first` is the place of the first of them. A file goes with its item.
    fn with_inputs(&self, step: &dyn Step, items: &[Item], first: usize) -> Result<Items, NodeError> {
        let one = |(index, item): (usize, &Item)| {
            let mut json = item.json.as_object().cloned().unwrap_or_default();
            for Input { name, value } in &self.workflow_inputs {
                json.insert(name.as_str(), value.resolve(step, first + index)?);
            }
            Ok(Item { binary: item.binary.clone(), ..Item::new(json) })
        };
        items.iter().enumerate().map(one).collect::<Result<Vec<_>, NodeError>>().map(Arc::new)
    }

    fn outputs(&self, step: &StepView) -> Outputs {
        let only_begun = step.calls.iter().all(|end| matches!(end, CallEnd::Begun));
        match self.mode {
            _ if only_begun => Outputs { ports: vec![passed_on(&step.shared_input(0))], ..Outputs::default() },
            Mode::Once => Outputs { ports: vec![gathered(&step.calls)], ..Outputs::default() },
            Mode::Each => each(step.input(0), &step.calls),
        }
    }
}

/// The items of the only execution. Which item each was made from is known only where there is no choice; the engine finds that.
fn gathered(calls: &[CallEnd]) -> Items {
    let items = calls.iter().find_map(|end| match end {
        CallEnd::Gave(items) => Some(items),
        CallEnd::Begun | CallEnd::Failed(_) => None,
    });
    let unpaired = |item: &Item| Item { binary: item.binary.clone(), ..Item::new(item.json.clone()) };
    Arc::new(items.map_or_else(Vec::new, |items| items.iter().map(unpaired).collect()))
}

/// The items of every execution, each paired with the item that it was asked for with.
fn each(input: &[Item], calls: &[CallEnd]) -> Outputs {
    let (mut made, mut failed) = (Vec::new(), Vec::new());
    for (index, (item, end)) in input.iter().zip(calls).enumerate() {
        match end {
            CallEnd::Begun => made.push(item.clone().paired_with(index)),
            CallEnd::Gave(items) => made.extend(items.iter().map(|item| item.clone().paired_with(index))),
            CallEnd::Failed(error) => failed.push(error.clone().at_item(index).to_item(Some(item))),
        }
    }
    Outputs { failed, ..Outputs::one(made) }
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{import, items, json_of};
    use weft_value::Pairing;

    use super::*;

    #[test]
    fn what_came_of_each_item_is_paired_with_it() {
        let gave = |json: &str| CallEnd::Gave(Arc::new(items(json)));
        let calls = [gave(r#"[{"x":1},{"x":2}]"#), CallEnd::Failed(NodeError::new("e", "broken")), gave("[]")];
        let outputs = each(&items(r#"[{"a":1},{"a":2},{"a":3}]"#), &calls);
        assert_eq!(json_of(&outputs.ports[0]), r#"[{"x":1},{"x":2}]"#);
        assert_eq!(json_of(&outputs.failed), r#"[{"a":2,"error":"broken"}]"#);
        let origin = |item: &Item| match &item.pairing {
            Pairing::One(one) => Some(one.item),
            _ => None,
        };
        assert_eq!(
            outputs.ports[0].iter().chain(&outputs.failed).map(origin).collect::<Vec<_>>(),
            [Some(0), Some(0), Some(1)]
        );
    }

    #[test]
    fn versions_of_n8n_name_the_workflow_differently() {
        for (version, node, ours, remark) in [
            (1.0, r#"{"workflowId":"12"}"#, "{}", "Choose the sub-workflow again: \"12\" has"),
            (
                1.1,
                r#"{"workflowId":{"__rl":true,"mode":"list","value":"x1","cachedResultName":"Café"},"mode":"each"}"#,
                r#"{"mode":"each"}"#,
                "Choose the sub-workflow again: “Café” has",
            ),
            (
                1.2,
                r#"{"workflowId":{"__rl":true,"mode":"id","value":"={{ $json.id }}"},
                    "workflowInputs":{"mappingMode":"defineBelow","value":{"a":"={{ $json.b }}"},"schema":[{"id":"c","removed":true},{"id":"a"}]},
                    "options":{"waitForSubWorkflow":false}}"#,
                r#"{"workflowId":"={{ $json.id }}","workflowInputs":[{"name":"a","value":"={{ $json.b }}"},{"name":"c","value":null}],"options":{"waitForSubWorkflow":false}}"#,
                "The sub-workflow is chosen by an expression",
            ),
        ] {
            let imported = import(&ExecuteWorkflow, version, node).unwrap();
            assert_eq!(imported.parameters.to_json(), ours);
            assert!(imported.remarks[0].starts_with(remark), "{:?}", imported.remarks);
        }
        let known = r#"{"workflowId":"0190b5a0-0000-7000-8000-000000000001"}"#;
        let imported = import(&ExecuteWorkflow, 1.0, known).unwrap();
        assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (known, 0));
        for source in ["localFile", "url", "parameter"] {
            let refused = import(&ExecuteWorkflow, 1.0, &format!(r#"{{"source":"{source}"}}"#)).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some("source"));
        }
    }
}
