//! **Remove seen items**: keeps items whose value no execution has seen before, and gives the others on its second output.
//!
//! before: `[{"id":7},{"id":8}]`, of which no earlier execution has seen any
//! with: `{"value":"={{ $json.id }}"}`
//! after: kept `[{"id":7},{"id":8}]`, discarded `[]`; the other way round in the next execution

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_event_log::{MAX_SEEN, MarkKind, Seen, SeenBy, SeenDigest, SeenPlace};
use weft_model::execution::ExecutionMode;
use weft_nodes::{
    Descriptor, Field, FieldType, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType,
    Port, Problem, Retried, Step, Unsupported, choice, coerce, field, for_each_item, label, parameters, port,
};
use weft_value::{Item, Object, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, Services};
use crate::clock::derived_id;
use crate::execution::{StepView, passed_on};

/// The kind.
pub struct RemoveSeen;

const DEFAULT_HISTORY: u32 = 10_000;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "removeSeen",
    version: 1,
    label: label("Remove seen items", "Écarter le déjà-vu"),
    description: label(
        "Keeps items that no earlier execution has seen.",
        "Garde les éléments qu’aucune exécution précédente n’a vus.",
    ),
    group: Group::Transform,
    icon: "copy-minus",
    color: "blue",
    subtitle: Some("{logic}"),
    inputs: vec![port("main")],
    outputs: vec![
        Port { name: "kept".into(), label: Some(label("kept", "gardés")) },
        Port { name: "discarded".into(), label: Some(label("discarded", "écartés")) },
    ],
    parameters: form(),
    retried: Retried::Idempotent,
    documentation: label(
        "Of two executions at once, one keeps a value. Items of one step that have the same new value are all kept. 1 and \"1\" are \
         the same. Executions in the editor compare and remember nothing, so that trying out takes nothing away.",
        "De deux exécutions simultanées, une seule garde une valeur. Les éléments d’une même étape qui ont la même nouvelle valeur \
         sont tous gardés. 1 et \"1\" sont identiques. Les exécutions dans l’éditeur comparent et ne retiennent rien : un essai \
         n’enlève rien.",
    ),
});

fn form() -> Vec<Parameter> {
    vec![
        field(ParameterType::Options, "operation", label("Operation", "Opération")).or("removeSeen").choices([
            choice("removeSeen", label("Remove seen items", "Écarter le déjà-vu")),
            choice("forget", label("Forget what was seen", "Oublier ce qui a été vu"))
                .help("From now on, every value is new again.", "Désormais, toute valeur est de nouveau nouvelle."),
        ]),
        field(ParameterType::Options, "logic", label("Keep items whose", "Garder les éléments dont"))
            .help("How an item is known as new.", "À quoi se reconnaît un élément nouveau.")
            .or("newValue")
            .choices([
                choice("newValue", label("value is new", "la valeur est nouvelle"))
                    .help("It is none of those that are remembered.", "Elle n’est aucune de celles qui sont retenues."),
                choice(
                    "higherNumber",
                    label("number is higher than any before", "le nombre dépasse tous les précédents"),
                ),
                choice("laterDate", label("date is later than any before", "la date suit toutes les précédentes")),
            ])
            .when("operation", ["removeSeen"]),
        field(ParameterType::String, "value", label("Value", "Valeur"))
            .help("What is compared, for each item.", "Ce qui est comparé, pour chaque élément.")
            .example("={{ $json.id }}")
            .required()
            .when("operation", ["removeSeen"]),
        field(ParameterType::Options, "scope", label("Remembered for", "Retenu pour"))
            .help("Who shares what was seen.", "Qui partage ce qui a été vu.")
            .or("node")
            .choices([
                choice("node", label("This node", "Ce nœud")),
                choice(
                    "workflow",
                    label("All nodes of this workflow that say so", "Tous les nœuds du workflow ainsi réglés"),
                ),
            ]),
        field(ParameterType::Number, "historySize", label("Values to remember", "Valeurs à retenir"))
            .help("The oldest are forgotten first.", "Les plus anciennes sont oubliées d’abord.")
            .literal()
            .or(DEFAULT_HISTORY)
            .between(1.0, f64::from(MAX_SEEN))
            .when("operation", ["removeSeen"])
            .when("logic", ["newValue"]),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    operation: Operation,
    #[serde(default)]
    logic: Logic,
    #[serde(default)]
    value: Field,
    scope: Scope,
    #[serde(default = "default_history")]
    history_size: u32,
}

fn default_history() -> u32 {
    DEFAULT_HISTORY
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    RemoveSeen,
    Forget,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Logic {
    #[default]
    NewValue,
    HigherNumber,
    LaterDate,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Scope {
    Node,
    Workflow,
}

impl NodeKind for RemoveSeen {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.removeDuplicates"]
    }

    /// What removes duplicates among the items of one input is another kind's.
    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let given = node.parameters;
        let operation = match given.get("operation").as_str() {
            Some("removeItemsSeenInPreviousExecutions") => "removeSeen",
            Some("clearDeduplicationHistory") => "forget",
            _ => return Err(Unsupported::elsewhere()),
        };
        let (logic, value) = match given.get("logic").as_str() {
            Some("removeItemsUpToStoredIncrementalKey") => ("higherNumber", "incrementalDedupeValue"),
            Some("removeItemsUpToStoredDate") => ("laterDate", "dateDedupeValue"),
            _ => ("newValue", "dedupeValue"),
        };
        let options = given.get("options");
        let scope = options.get("scope").as_str().filter(|scope| *scope == "workflow").unwrap_or("node");
        let mut new: Object = [("operation", operation), ("scope", scope)].into_iter().collect();
        let mut remarks = Vec::new();
        if operation == "removeSeen" {
            new.insert("logic", logic);
            new.insert("value", given.get(value).clone());
            let (size, is_other) = history(options.get("historySize"));
            new.insert("historySize", f64::from(size));
            remarks.push(
                "What this node has seen in n8n does not come along: here it begins with nothing seen.".to_owned(),
            );
            if is_other {
                remarks.push(format!("The history of this node is a number from 1 to {MAX_SEEN}. It is {size} now."));
            }
        }
        Ok(Imported { parameters: new.into(), remarks })
    }
}

/// The history that a node asks for, and whether it gets another one.
fn history(asked: &Value) -> (u32, bool) {
    match asked {
        Value::Undefined | Value::Null => (DEFAULT_HISTORY, false),
        Value::Number(asked) => {
            let size = asked.clamp(1.0, f64::from(MAX_SEEN)) as u32;
            (size, (f64::from(size) - asked).abs() > 0.0)
        }
        _ => (DEFAULT_HISTORY, true),
    }
}

impl ActionKind for RemoveSeen {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        let read: Parameters = parameters(&DESCRIPTOR, given)?;
        if !(1..=MAX_SEEN).contains(&read.history_size) {
            let message = format!("“historySize” must be a whole number from 1 to {MAX_SEEN}.");
            return Err(vec![Problem::error("parameter", message, "historySize".to_owned())]);
        }
        Ok(Box::new(read))
    }
}

#[async_trait]
impl Action for Parameters {
    /// What a step has claimed stays its own, however often it is repeated. It must have begun before it claims anything: what an
    /// execution claimed that nobody goes on with would be lost.
    fn retried(&self) -> Retried {
        Retried::Idempotent
    }

    async fn run(&self, step: Arc<StepView>, services: &Services) -> Result<Acted, ActFailure> {
        let Some(seen) = &services.seen else {
            return Err(NodeError::new("seen", "Nothing is remembered here from one execution to the next.").into());
        };
        let asks = Asking { seen: seen.as_ref(), step: &step, place: self.place(&step), by: by(&step) };
        let outputs = match self.operation {
            Operation::Forget => {
                step.patiently(|| asks.seen.forget_seen(step.info.tenant, asks.place)).await?;
                Outputs { ports: vec![passed_on(&step.shared_input(0)), Arc::default()], ..Outputs::default() }
            }
            Operation::RemoveSeen => match self.logic {
                Logic::NewValue => self.new_values(&asks).await?,
                Logic::HigherNumber => self.above_mark(&asks, MarkKind::Number).await?,
                Logic::LaterDate => self.above_mark(&asks, MarkKind::Date).await?,
            },
        };
        Ok(Acted::outputs(outputs))
    }
}

/// Who asks, and where.
struct Asking<'a> {
    seen: &'a dyn Seen,
    step: &'a StepView,
    place: SeenPlace,
    by: Option<SeenBy>,
}

/// The step, the same for all of its attempts; nobody where it only looks.
fn by(step: &StepView) -> Option<SeenBy> {
    let execution = step.info.execution;
    let parts: [&[u8]; 3] = [execution.0.as_bytes(), step.node().id.0.as_bytes(), &step.iteration.to_be_bytes()];
    let claims = step.info.mode == ExecutionMode::Production;
    claims.then(|| SeenBy { execution, step: derived_id("seen", &parts) })
}

impl Parameters {
    fn place(&self, step: &StepView) -> SeenPlace {
        let node = (self.scope == Scope::Node).then(|| step.node().id);
        SeenPlace { workflow: step.info.workflow, node }
    }

    async fn new_values(&self, asks: &Asking<'_>) -> Result<Outputs, NodeError> {
        let Asking { seen, step, place, by } = *asks;
        let read = read(step, |index| Ok(place.digest(&self.value.text(step, index)?)))?;
        let mut known = HashSet::new();
        let distinct: Vec<SeenDigest> =
            read.values.iter().map(|(_, digest)| *digest).filter(|digest| known.insert(*digest)).collect();
        if distinct.len() > self.history_size as usize {
            return Err(too_many(distinct.len(), self.history_size));
        }
        let mut answers = Vec::new();
        if !distinct.is_empty() {
            let ask = || seen.see_values(step.info.tenant, place, by, &distinct, self.history_size);
            answers = step.patiently(ask).await?;
        }
        let new: HashMap<SeenDigest, bool> = distinct.into_iter().zip(answers).collect();
        Ok(read.parted(step, |digest| new.get(digest).copied().unwrap_or_default()))
    }

    async fn above_mark(&self, asks: &Asking<'_>, kind: MarkKind) -> Result<Outputs, NodeError> {
        let Asking { seen, step, place, by } = *asks;
        let read = read(step, |index| match kind {
            MarkKind::Number => self.value.number(step, index, "value"),
            MarkKind::Date => date(step, &self.value.resolve(step, index)?),
        })?;
        let Some(highest) = read.values.iter().map(|(_, value)| *value).reduce(f64::max) else {
            return Ok(read.parted(step, |_| false));
        };
        let ask = || seen.see_mark(step.info.tenant, place, by, (kind, highest));
        let before = step.patiently(ask).await?;
        Ok(read.parted(step, |value| before.is_none_or(|before| *value > before)))
    }
}

/// What is compared of each item, with its place, and the items that have nothing that can be.
struct Read<T> {
    values: Vec<(usize, T)>,
    failed: Vec<Item>,
}

fn read<T>(step: &StepView, value: impl Fn(usize) -> Result<T, NodeError>) -> Result<Read<T>, NodeError> {
    let mut values = Vec::with_capacity(step.input(0).len());
    let failed = for_each_item(step, |index, _| {
        values.push((index, value(index).map_err(|error| error.in_field("value"))?));
        Ok(())
    })?;
    Ok(Read { values, failed })
}

impl<T> Read<T> {
    /// The items that are kept on the first output, the others on the second.
    fn parted(self, step: &StepView, is_kept: impl Fn(&T) -> bool) -> Outputs {
        let (mut kept, mut discarded) = (Vec::new(), Vec::new());
        for (index, value) in &self.values {
            let item = step.input(0)[*index].clone().paired_with(*index);
            if is_kept(value) { kept.push(item) } else { discarded.push(item) }
        }
        Outputs { failed: self.failed, ..Outputs::many([kept, discarded]) }
    }
}

/// Milliseconds since 1970.
fn date(step: &StepView, value: &Value) -> Result<f64, NodeError> {
    match coerce("value", value, FieldType::DateTime, false, step.time_zone()) {
        Ok(Value::DateTime(date)) => Ok(date.millis() as f64),
        Ok(_) => Err(NodeError::new("date", "The item has no date.")),
        Err(message) => Err(NodeError::new("date", message)),
    }
}

fn too_many(count: usize, size: u32) -> NodeError {
    NodeError::new("history", format!("The items have {count} values, and the node remembers {size} of them."))
        .describe("Let it remember more values, or work on fewer items at a time.")
        .in_field("historySize")
        .finally()
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::import;
    use weft_value::from_json;

    use super::*;

    #[test]
    fn a_form_that_lacks_something_is_refused_by_its_field() {
        let prepare = |json: &str| RemoveSeen.prepare(&from_json(json).unwrap()).err();
        for (json, field) in [
            ("{}", "value"),
            (r#"{"value":"x","historySize":0}"#, "historySize"),
            (r#"{"value":"x","historySize":100001}"#, "historySize"),
        ] {
            assert_eq!(prepare(json).unwrap()[0].field.as_deref(), Some(field), "{json}");
        }
        for json in [r#"{"value":"x"}"#, r#"{"operation":"forget"}"#, r#"{"value":"x","logic":"laterDate"}"#] {
            assert!(prepare(json).is_none(), "{json}");
        }
    }

    #[test]
    fn n8ns_operations_across_executions_are_imported() {
        for (json, parameters, remarks) in [
            (
                r#"{"operation":"removeItemsSeenInPreviousExecutions","dedupeValue":"={{ $json.id }}"}"#,
                r#"{"operation":"removeSeen","scope":"node","logic":"newValue","value":"={{ $json.id }}","historySize":10000}"#,
                1,
            ),
            (
                r#"{"operation":"removeItemsSeenInPreviousExecutions","logic":"removeItemsUpToStoredIncrementalKey","incrementalDedupeValue":"={{ $json.n }}","options":{"scope":"workflow"}}"#,
                r#"{"operation":"removeSeen","scope":"workflow","logic":"higherNumber","value":"={{ $json.n }}","historySize":10000}"#,
                1,
            ),
            (
                r#"{"operation":"removeItemsSeenInPreviousExecutions","logic":"removeItemsUpToStoredDate","dateDedupeValue":"={{ $json.at }}","options":{"historySize":500000}}"#,
                r#"{"operation":"removeSeen","scope":"node","logic":"laterDate","value":"={{ $json.at }}","historySize":100000}"#,
                2,
            ),
            (
                r#"{"operation":"clearDeduplicationHistory","options":{"scope":"workflow"}}"#,
                r#"{"operation":"forget","scope":"workflow"}"#,
                0,
            ),
        ] {
            let imported = import(&RemoveSeen, 2.0, json).unwrap();
            assert_eq!(imported.parameters.to_json(), parameters);
            assert_eq!(imported.remarks.len(), remarks, "{json}: {:?}", imported.remarks);
            assert!(RemoveSeen.prepare(&imported.parameters).is_ok(), "{json}");
        }
        for json in ["{}", r#"{"operation":"removeDuplicateInputItems"}"#] {
            assert!(import(&RemoveSeen, 2.0, json).is_err(), "{json}");
        }
    }
}
