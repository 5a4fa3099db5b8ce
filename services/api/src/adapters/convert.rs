//! Between the public contract's shapes and the domain's.

use serde_json::Value as Json;
use weft_graphql::ports;
use weft_model::workflow::{Edit, NodeSetting};
use weft_value::{Item, Value};

/// JSON that is not what a field takes.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Misfit {
    /// What is wrong and what to do.
    message: String,
    /// The path of the input's field.
    field: Vec<String>,
}

impl From<Misfit> for ports::Refusal {
    fn from(misfit: Misfit) -> Self {
        Self::Rejected(ports::Rejected {
            code: "invalid_input".into(),
            message: misfit.message,
            field: Some(misfit.field),
        })
    }
}

/// What became of a part of an imported file.
pub fn import_entry(entry: weft_import::Entry) -> ports::ImportEntry {
    let outcome = match entry.outcome {
        weft_import::Outcome::Mapped => ports::ImportOutcome::Mapped,
        weft_import::Outcome::Defaulted => ports::ImportOutcome::Defaulted,
        weft_import::Outcome::Replaced => ports::ImportOutcome::Replaced,
        weft_import::Outcome::LeftOut => ports::ImportOutcome::LeftOut,
    };
    ports::ImportEntry { node: entry.node, outcome, message: entry.message }
}

/// A JSON value as the domain's.
pub fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Value::from(text),
        Json::Array(array) => Value::from(array.into_iter().map(value).collect::<Vec<_>>()),
        Json::Object(object) => {
            let object: weft_value::Object = object.into_iter().map(|(name, json)| (name, value(json))).collect();
            Value::from(object)
        }
    }
}

/// A JSON list as items: each element is an item with a field `json`, or the data of one itself.
pub fn items(json: Json, field: &[&str]) -> Result<Vec<Item>, Misfit> {
    let misfit = |message: String| Misfit { message, field: field.iter().map(|part| (*part).to_owned()).collect() };
    let Json::Array(list) = json else { return Err(misfit("Items are a list of objects.".into())) };
    let mut items = Vec::with_capacity(list.len());
    for (index, element) in list.into_iter().enumerate() {
        let Json::Object(object) = &element else {
            return Err(misfit(format!("Item {index} is not an object.")));
        };
        if object.get("json").is_some_and(Json::is_object) {
            let item = serde_json::from_value(element);
            items.push(item.map_err(|error| misfit(format!("Item {index} cannot be read: {error}.")))?);
        } else {
            items.push(Item::new(value(element)));
        }
    }
    Ok(items)
}

/// An edit. A kind without a version gets the newest that `newest` knows.
pub fn edit(edit: ports::WorkflowEdit, newest: impl Fn(&str) -> Option<u32>) -> Result<Edit, Misfit> {
    use ports::WorkflowEdit as Asked;
    Ok(match edit {
        Asked::AddNode { node, name, kind, kind_version, position, parameters } => {
            let kind_version = kind_version.or_else(|| newest(&kind)).unwrap_or(1);
            Edit::AddNode { node, name, kind, kind_version, position, parameters: value(parameters) }
        }
        Asked::RemoveNode(node) => Edit::RemoveNode { node },
        Asked::MoveNode(node, position) => Edit::MoveNode { node, position },
        Asked::RenameNode(node, name) => Edit::RenameNode { node, name },
        Asked::SetParameter { node, name, value: json } => Edit::SetParameter { node, name, value: json.map(value) },
        Asked::SetNodeSettings { node, settings } => Edit::SetNodeSettings { node, settings: node_settings(settings) },
        Asked::AddEdge(edge) => Edit::AddEdge(edge),
        Asked::RemoveEdge(edge) => Edit::RemoveEdge(edge),
        Asked::RenameWorkflow(name) => Edit::RenameWorkflow { name },
        Asked::SetSettings(settings) => Edit::SetSettings { settings },
        Asked::SetPinnedData { node, items: json } => {
            let items = json.map(|json| items(json, &["edits", "setPinnedData", "items"])).transpose()?;
            Edit::SetPinnedData { node, items }
        }
    })
}

fn node_settings(asked: ports::NodeSettings) -> Vec<NodeSetting> {
    let ports::NodeSettings { disabled, notes, on_error, retry, always_output_data, execute_once, timeout_seconds } =
        asked;
    [
        disabled.map(NodeSetting::Disabled),
        notes.map(NodeSetting::Notes),
        on_error.map(NodeSetting::OnError),
        retry.map(NodeSetting::Retry),
        always_output_data.map(NodeSetting::AlwaysOutputData),
        execute_once.map(NodeSetting::ExecuteOnce),
        timeout_seconds.map(NodeSetting::TimeoutSeconds),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The engine's word for a problem in the contract's.
pub fn problem(problem: weft_engine::Problem) -> ports::Problem {
    ports::Problem {
        severity: match problem.severity {
            weft_engine::Severity::Error => ports::Severity::Error,
            weft_engine::Severity::Warning => ports::Severity::Warning,
        },
        code: problem.code.to_owned(),
        message: problem.message,
        node: problem.node,
        node_name: problem.node_name,
        field: problem.field,
        line: problem.line,
        column: problem.column,
        hint: problem.hint,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn items_are_taken_with_and_without_their_wrapping() {
        let items = items(json!([{"a": 1}, {"json": {"b": 2}, "pairedItem": {"item": 3}}]), &["items"]).unwrap();
        assert_eq!(items[0].json.to_json(), r#"{"a":1}"#);
        assert_eq!(items[1].json.to_json(), r#"{"b":2}"#);
        assert!(!items[1].pairing.is_unknown());
    }

    #[test]
    fn what_is_no_item_is_named() {
        let error = items(json!([{}, 1]), &["items"]).unwrap_err();
        assert_eq!(error.to_string(), "Item 1 is not an object.");
        assert!(items(json!({}), &["items"]).is_err());
    }
}
