//! **Execution data**: marks the execution with names and values that later steps read as `$execution.customData`.
//!
//! before: `[{"order":7}]`
//! with: `{"dataToSave":{"values":[{"key":"order","value":"={{ $json.order }}"}]}}`
//! after: `[{"order":7}]`, and later steps find 7 at “$execution.customData.get('order')”

use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use serde::Deserialize;
use weft_code_runner_client::Keepsake;
use weft_nodes::{
    Descriptor, Field, Group, Imported, N8nNode, NodeError, NodeKind, Outputs, Parameter, ParameterType, Problem,
    Retried, Step, Unsupported, field, for_each_item, label, parameters, port,
};
use weft_value::{Item, Object, Value};

use crate::action::{ActFailure, Acted, Action, ActionKind, LogLine, Services};
use crate::execution::StepView;

/// The kind.
pub struct ExecutionData;

/// How much an execution is marked with; the code runner holds code to the same.
const MOST_ENTRIES: usize = 10;
const LONGEST_KEY: usize = 50;
/// In UTF-16 code units, as JavaScript counts.
const LONGEST_VALUE: usize = 512;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    kind: "executionData",
    version: 1,
    label: label("Execution data", "Données de l’exécution"),
    description: label(
        "Marks the execution with names and values.",
        "Marque l’exécution avec des noms et des valeurs.",
    ),
    group: Group::Flow,
    icon: "sticky-note",
    color: "purple",
    subtitle: None,
    inputs: vec![port("main")],
    outputs: vec![port("main")],
    parameters: form(),
    retried: Retried::Pure,
    documentation: label(
        "Later steps and code read it as `$execution.customData`; what it was set to is shown with this step. Up to 10 entries, whose \
         values are cut after 512 characters. Of several items, the last one counts.",
        "Les étapes suivantes et le code le lisent comme `$execution.customData` ; ce qui a été noté est affiché avec cette étape. \
         Jusqu’à 10 entrées, dont les valeurs sont coupées après 512 caractères. De plusieurs éléments, le dernier compte.",
    ),
});

fn form() -> Vec<Parameter> {
    let text = |name, said| field(ParameterType::String, name, said);
    vec![
        field(ParameterType::FixedCollection, "dataToSave", label("Entries", "Entrées"))
            .help(
                "Names and values that this execution is marked with.",
                "Noms et valeurs dont cette exécution est marquée.",
            )
            .fields([field(ParameterType::FixedCollection, "values", label("Entry", "Entrée")).multiple().fields([
                text("key", label("Name", "Nom"))
                    .help("At most 50 letters, digits and underscores.", "50 lettres, chiffres et soulignés au plus.")
                    .example("customer")
                    .required(),
                text("value", label("Value", "Valeur"))
                    .help("Cut after 512 characters.", "Coupée après 512 caractères.")
                    .example("={{ $json.customer }}"),
            ])]),
    ]
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parameters {
    data_to_save: Entries,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entries {
    values: Vec<Entry>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    key: Field,
    value: Field,
}

impl NodeKind for ExecutionData {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn n8n_types(&self) -> &'static [&'static str] {
        &["n8n-nodes-base.executionData"]
    }

    fn import_n8n(&self, node: &N8nNode<'_>) -> Result<Imported, Unsupported> {
        let mut new = node.parameters.as_object().cloned().unwrap_or_default();
        new.remove("operation");
        Ok(Imported { parameters: new.into(), remarks: Vec::new() })
    }
}

impl ActionKind for ExecutionData {
    fn prepare(&self, given: &Value) -> Result<Box<dyn Action>, Vec<Problem>> {
        Ok(Box::new(parameters::<Parameters>(&DESCRIPTOR, given)?))
    }
}

#[async_trait]
impl Action for Parameters {
    fn retried(&self) -> Retried {
        Retried::Pure
    }

    async fn run(&self, step: Arc<StepView>, _: &Services) -> Result<Acted, ActFailure> {
        let node = step.node().id;
        let before = step.kept.get(Keepsake::CustomData, node).as_object().cloned().unwrap_or_default();
        let Marked { outputs, entries, log } = self.mark(step.as_ref(), before)?;
        if !log.is_empty() {
            step.kept.set(Keepsake::CustomData, node, entries.into());
        }
        Ok(Acted { log, ..Acted::outputs(outputs) })
    }
}

/// What the step gives, and what the execution is marked with from now on.
struct Marked {
    outputs: Outputs,
    entries: Object,
    log: Vec<LogLine>,
}

impl Parameters {
    fn mark(&self, step: &dyn Step, mut entries: Object) -> Result<Marked, NodeError> {
        let (mut set, mut passed) = (Object::new(), Vec::with_capacity(step.input(0).len()));
        let failed = for_each_item(step, |index, item| {
            let mut own = Vec::with_capacity(self.data_to_save.values.len());
            for entry in &self.data_to_save.values {
                own.push(entry.read(step, index)?);
            }
            for (key, value) in own {
                if entries.get(&key).is_none() && entries.len() >= MOST_ENTRIES {
                    return Err(too_many(&key));
                }
                entries.insert(key.as_str(), value.clone());
                set.insert(key.as_str(), value);
            }
            passed.push(Item::clone(item).paired_with(index));
            Ok(())
        })?;
        let line = |(key, value): (_, &Value)| {
            let text = format!("{key} = {}", value.as_str().unwrap_or_default());
            LogLine { level: "info".to_owned(), text }
        };
        let log = set.iter().map(line).collect();
        Ok(Marked { outputs: Outputs { failed, ..Outputs::one(passed) }, entries, log })
    }
}

impl Entry {
    fn read(&self, step: &dyn Step, index: usize) -> Result<(String, Value), NodeError> {
        let key = self.key.text(step, index)?.to_string();
        // Letters of every script, as n8n has it.
        let is_name = key.chars().all(|char| char.is_alphanumeric() || char == '_');
        if key.is_empty() || key.encode_utf16().count() > LONGEST_KEY || !is_name {
            let shown: String = key.chars().take(LONGEST_KEY).collect();
            let message =
                format!("A name has up to {LONGEST_KEY} letters, digits and underscores; “{shown}” does not.");
            return Err(NodeError::new("custom_data", message).in_field("dataToSave"));
        }
        let value = self.value.text(step, index)?;
        Ok((key, Value::from(cut(&value))))
    }
}

/// The beginning of a text, as long as a value may be; no character is cut in two.
fn cut(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, char)| {
        units += char.len_utf16();
        units > LONGEST_VALUE
    });
    end.map_or(text, |(end, _)| &text[..end])
}

fn too_many(key: &str) -> NodeError {
    let message = format!("An execution is marked with up to {MOST_ENTRIES} entries; “{key}” would be one more.");
    NodeError::new("custom_data", message).in_field("dataToSave")
}

#[cfg(test)]
mod tests {
    use weft_nodes::testing::{TestStep, import, json_of};
    use weft_value::from_json;

    use super::*;

    fn mark(entries: &[(&str, &str)], items: &str, before: &str) -> Result<Marked, NodeError> {
        let values: Vec<_> =
            entries.iter().map(|(key, value)| serde_json::json!({ "key": key, "value": value })).collect();
        let json = serde_json::json!({ "dataToSave": { "values": values } }).to_string();
        let node: Parameters = parameters(&DESCRIPTOR, &from_json(&json).unwrap()).unwrap();
        let before = from_json(before).unwrap().as_object().cloned().unwrap();
        node.mark(&TestStep::new(&[items]), before)
    }

    #[test]
    fn entries_are_texts_and_the_last_item_counts() {
        let long = "é".repeat(600);
        for (entries, items, before, after) in [
            (&[("n", "={{ $json.n }}")][..], r#"[{"n":1},{"n":2}]"#, "{}", r#"{"n":"2"}"#.to_owned()),
            (
                &[("a", "x"), ("b_2", "={{ $json.none }}")],
                "[{}]",
                r#"{"old":"1"}"#,
                r#"{"old":"1","a":"x","b_2":""}"#.to_owned(),
            ),
            (&[("o", "={{ $json }}")], r#"[{"k":[1]}]"#, "{}", r#"{"o":"{\"k\":[1]}"}"#.to_owned()),
            (&[("l", long.as_str())], "[{}]", "{}", format!(r#"{{"l":"{}"}}"#, "é".repeat(512))),
            (&[("a", "x")], "[]", r#"{"old":"1"}"#, r#"{"old":"1"}"#.to_owned()),
            (&[("clé_1", "x"), ("名前", "y")], "[{}]", "{}", r#"{"clé_1":"x","名前":"y"}"#.to_owned()),
        ] {
            let marked = mark(entries, items, before).unwrap();
            assert_eq!(Value::from(marked.entries).to_json(), after);
            assert_eq!(json_of(&marked.outputs.ports[0]), items);
        }
        let marked = mark(&[("a", "1"), ("b", "2")], "[{},{}]", "{}").unwrap();
        let lines: Vec<&str> = marked.log.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines, ["a = 1", "b = 2"]);
    }

    #[test]
    fn a_character_of_two_units_is_not_cut_in_two() {
        let text = format!("x{}", "🦀".repeat(300));
        assert_eq!(cut(&text).encode_utf16().count(), 511);
        assert_eq!(cut("short"), "short");
    }

    #[test]
    fn what_is_no_name_and_what_is_too_much_is_refused() {
        let full: Vec<String> = (0..10).map(|n| format!(r#""k{n}":"""#)).collect();
        let full = format!("{{{}}}", full.join(","));
        let long = "k".repeat(51);
        for (key, before) in
            [("={{ '' }}", "{}"), ("a b", "{}"), ("a-é", "{}"), (long.as_str(), "{}"), ("one_more", full.as_str())]
        {
            let error = mark(&[(key, "1")], "[{}]", before).err().unwrap();
            assert_eq!((&*error.code, error.field.as_deref()), ("custom_data", Some("dataToSave")), "{key}");
        }
        assert!(mark(&[("k3", "1")], "[{}]", &full).is_ok(), "what is there is replaced");
    }

    #[test]
    fn many_items_are_marked_at_once() {
        let items: Vec<Item> =
            (0..100_000_u32).map(|n| Item::new([("n", Value::from(n))].into_iter().collect::<Object>())).collect();
        let json = r#"{"dataToSave":{"values":[{"key":"batch","value":"large"}]}}"#;
        let node: Parameters = parameters(&DESCRIPTOR, &from_json(json).unwrap()).unwrap();
        let marked = node.mark(&TestStep::of_items(items), Object::new()).unwrap();
        assert_eq!(marked.entries.get("batch").and_then(Value::as_str), Some("large"));
        assert_eq!(marked.outputs.ports[0].len(), 100_000);
    }

    #[test]
    fn an_n8n_node_is_imported_as_it_is() {
        for version in [1.0, 1.1] {
            let json = r#"{"operation":"save","dataToSave":{"values":[{"key":"a","value":"={{ 1 }}"}]}}"#;
            let imported = import(&ExecutionData, version, json).unwrap();
            assert_eq!(imported.parameters.to_json(), r#"{"dataToSave":{"values":[{"key":"a","value":"={{ 1 }}"}]}}"#);
            assert!(ExecutionData.prepare(&imported.parameters).is_ok());
        }
    }
}
