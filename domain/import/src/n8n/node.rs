//! One node: its kind, and everything that all nodes have.

use std::collections::HashMap;

use indexmap::IndexSet;
use weft_model::limits::MAX_NOTES;
use weft_model::{Edge, Node, NodeId, OnError, Point, Retry};
use weft_nodes::N8nNode;
use weft_nodes::credential::of_n8n_type;
use weft_value::{Object, Value};

use super::{Reader, names};
use crate::{ImportError, NamedCredential, Outcome, PLACEHOLDER};

/// What n8n's nodes have that no other place is for, and that whoever replaces a placeholder may want to know.
const BESIDES: [&str; 4] = ["credentials", "webhookId", "extendsCredential", "notesInFlow"];

const WEBHOOK: &str = "n8n-nodes-base.webhook";
const EXECUTE_WORKFLOW: &str = "n8n-nodes-base.executeWorkflow";
/// The parameters of HTTP nodes that name the type of the credential that is in use: others stay in the file.
const CHOSEN_TYPES: [&str; 2] = ["genericAuthType", "nodeCredentialType"];

impl Reader<'_> {
    pub(super) fn node(&mut self, index: usize, json: &Value) -> Result<(), ImportError> {
        let name = json.get("name").as_str().ok_or(ImportError::Node { index, missing: "name" })?;
        let node_type = json.get("type").as_str().ok_or(ImportError::Node { index, missing: "type" })?;
        let key = names::unique(name, |name| self.nodes.contains_key(name));
        if key != name {
            let message = format!("Another node is called “{name}” too; references and connections mean that one.");
            self.tell(&key, Outcome::Replaced, message);
        }
        let (kind, kind_version, parameters) = self.kind(&key, node_type, json);
        let id = self.node_id();
        // A placeholder signs in nowhere, so that there is nothing to choose for it.
        if kind != PLACEHOLDER {
            self.credentials((id, &key), json);
        }
        let node = Node {
            kind_version,
            position: position(json.get("position"), index),
            parameters,
            disabled: json.get("disabled").as_bool() == Some(true),
            notes: self.notes(&key, json.get("notes")),
            on_error: on_error(json),
            retry: retry(json),
            always_output_data: json.get("alwaysOutputData").as_bool() == Some(true),
            execute_once: json.get("executeOnce").as_bool() == Some(true),
            timeout_seconds: None,
            ..Node::new(id, key.clone(), kind)
        };
        self.nodes.insert(key, node);
        Ok(())
    }

    /// Our kind, its version and its parameters; a placeholder where there is none or it cannot do what is asked.
    fn kind(&mut self, name: &str, node_type: &str, json: &Value) -> (String, u32, Value) {
        let version = json.get("typeVersion").as_f64().unwrap_or(1.0);
        let parameters = self.parameters(node_type, json);
        let node = N8nNode { node_type, version, parameters: &parameters };
        match self.catalogue.import_n8n(&node) {
            Some(Ok((kind, imported))) => {
                let descriptor = kind.descriptor();
                let message = format!("{node_type} {version} became {} {}.", descriptor.kind, descriptor.version);
                self.tell(name, Outcome::Mapped, message);
                for remark in imported.remarks {
                    self.tell(name, Outcome::Defaulted, remark);
                }
                (descriptor.kind.to_owned(), descriptor.version, imported.parameters)
            }
            Some(Err(unsupported)) => {
                let field = unsupported.field.as_ref().map_or(String::new(), |field| format!(" (parameter “{field}”)"));
                let message = format!("{unsupported}{field} A placeholder keeps its parameters.");
                self.tell(name, Outcome::Replaced, message);
                placeholder(node_type, version, json)
            }
            None => {
                let message = format!(
                    "{node_type} has no counterpart here yet. A placeholder keeps its parameters; replace it before you publish."
                );
                self.tell(name, Outcome::Replaced, message);
                placeholder(node_type, version, json)
            }
        }
    }

    /// Gives every placeholder the ports that its edges need. A trigger has no inputs.
    pub(super) fn open_placeholders(&mut self, edges: &IndexSet<Edge>) {
        let (mut needed_inputs, mut needed_outputs) = (HashMap::new(), HashMap::new());
        for edge in edges {
            for (needed, end) in [(&mut needed_inputs, edge.to), (&mut needed_outputs, edge.from)] {
                let most: &mut u16 = needed.entry(end.node).or_default();
                *most = (*most).max(end.port + 1);
            }
        }
        let needed = |by_node: &HashMap<NodeId, u16>, node: &Node| by_node.get(&node.id).copied().unwrap_or_default();
        for node in self.nodes.values_mut().filter(|node| node.kind == PLACEHOLDER) {
            let is_trigger = node.parameters.get("type").as_str().is_some_and(|foreign| foreign.ends_with("Trigger"));
            let inputs = needed(&needed_inputs, node).max(u16::from(!is_trigger));
            // The output for errors is the last one, and comes with the node's settings.
            let errors = u16::from(node.on_error == OnError::ErrorOutput);
            let outputs = needed(&needed_outputs, node).saturating_sub(errors).max(1);
            let mut parameters = node.parameters.as_object().cloned().unwrap_or_default();
            for (name, count) in [("numberInputs", inputs), ("numberOutputs", outputs)] {
                if count != 1 {
                    parameters.insert(name, f64::from(count));
                }
            }
            node.parameters = parameters.into();
        }
    }

    fn notes(&mut self, name: &str, notes: &Value) -> Option<String> {
        let notes = notes.as_str().filter(|notes| !notes.is_empty())?;
        if notes.chars().count() > MAX_NOTES {
            self.tell(name, Outcome::Replaced, format!("The notes were cut after {MAX_NOTES} characters."));
        }
        Some(notes.chars().take(MAX_NOTES).collect())
    }

    fn credentials(&mut self, (node, name): (NodeId, &str), json: &Value) {
        let chosen = CHOSEN_TYPES.into_iter().find_map(|key| json.get("parameters").get(key).as_str());
        for (foreign, credential) in json.get("credentials").as_object().into_iter().flatten() {
            let called = credential.get("name").as_str().or(credential.as_str()).unwrap_or("unnamed");
            if chosen.is_some_and(|chosen| chosen != foreign.as_str()) {
                let message = format!("The credential “{called}” ({foreign}), which the node did not sign in with.");
                self.tell(name, Outcome::LeftOut, message);
                continue;
            }
            if let Some(known) = of_n8n_type(foreign) {
                let (name, entry) = (called.to_owned(), self.report.len());
                self.credentials.push(NamedCredential { node, kind: known.kind, name, entry });
            }
            let message =
                format!("The credential “{called}” ({foreign}) is not in the file. Choose one for this node.");
            self.tell(name, Outcome::LeftOut, message);
        }
    }

    /// The parameters as n8n's version of the node sees them. A webhook without a path listens at its id, and a sub-workflow out of
    /// the same file has the id that it gets here.
    fn parameters(&self, node_type: &str, json: &Value) -> Value {
        let mut parameters = json.get("parameters").as_object().cloned().unwrap_or_default();
        match node_type {
            WEBHOOK => {
                let has_path = parameters.get("path").and_then(Value::as_str).is_some_and(|path| !path.is_empty());
                if let (false, Some(id)) = (has_path, json.get("webhookId").as_str()) {
                    parameters.insert("path", id);
                }
            }
            EXECUTE_WORKFLOW => {
                let chosen = json.get("parameters").get("workflowId");
                let id = if chosen.get("value").is_undefined() { chosen } else { chosen.get("value") };
                if let Some(sibling) = self.sibling(id) {
                    parameters.insert("workflowId", sibling.to_string());
                }
            }
            _ => {}
        }
        parameters.into()
    }
}

fn placeholder(node_type: &str, version: f64, json: &Value) -> (String, u32, Value) {
    let kept = match json.get("parameters") {
        Value::Object(parameters) => Value::Object(parameters.clone()),
        _ => Value::empty_object(),
    };
    let mut parameters: Object =
        [("type", Value::from(node_type)), ("typeVersion", version.into()), ("parameters", kept)].into_iter().collect();
    let besides = BESIDES.into_iter().filter(|name| !json.get(name).is_nullish());
    let besides: Object = besides.map(|name| (name, json.get(name).clone())).collect();
    if !besides.is_empty() {
        parameters.insert("kept", besides);
    }
    (PLACEHOLDER.to_owned(), 1, parameters.into())
}

impl Reader<'_> {
    /// Keeps connections of a node that carry no items in its placeholder. Whether there is one.
    pub(super) fn keep_connections(&mut self, name: &str, connection: &str, outputs: &Value) -> bool {
        let Some(node) = self.nodes.get_mut(name).filter(|node| node.kind == PLACEHOLDER) else { return false };
        let mut parameters = node.parameters.as_object().cloned().unwrap_or_default();
        let mut kept = parameters.get("kept").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut connections = kept.get("connections").and_then(Value::as_object).cloned().unwrap_or_default();
        connections.insert(connection, outputs.clone());
        kept.insert("connections", connections);
        parameters.insert("kept", kept);
        node.parameters = parameters.into();
        true
    }
}

/// `[x, y]`, in old files `{x, y}`; to the right of the others where it is missing.
fn position(json: &Value, index: usize) -> Point {
    let coordinate = |index: &str, key: &str| json.get(index).as_f64().or(json.get(key).as_f64());
    match (coordinate("0", "x"), coordinate("1", "y")) {
        // A cast of a float to an integer stops at the largest one.
        (Some(x), Some(y)) => Point { x: x.round() as i32, y: y.round() as i32 },
        _ => Point { x: i32::try_from(index).unwrap_or(0).saturating_mul(240), y: 0 },
    }
}

/// `onError`, else what `continueOnFail` meant before there was one.
fn on_error(json: &Value) -> OnError {
    match json.get("onError").as_str() {
        Some("continueRegularOutput") => OnError::Continue,
        Some("continueErrorOutput") => OnError::ErrorOutput,
        None if json.get("continueOnFail").as_bool() == Some(true) => OnError::Continue,
        Some(_) | None => OnError::Stop,
    }
}

/// `retryOnFail` with `maxTries` (2 to 5, else 3) and `waitBetweenTries` (0 to 5000 ms, else 1000).
fn retry(json: &Value) -> Option<Retry> {
    if json.get("retryOnFail").as_bool() != Some(true) {
        return None;
    }
    let number = |key: &str, default: f64, low: f64, high: f64| {
        json.get(key).as_f64().filter(|number| number.is_finite()).unwrap_or(default).clamp(low, high)
    };
    let max_attempts = number("maxTries", 3.0, 2.0, 5.0) as u32;
    Some(Retry { max_attempts, wait_ms: number("waitBetweenTries", 1000.0, 0.0, 5000.0) as u64 })
}
