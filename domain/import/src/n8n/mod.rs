//! n8n's workflow JSON: an export, a copy from its canvas, or one workflow out of its API.

mod connections;
mod names;
mod node;
mod pinned;
mod settings;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use indexmap::IndexMap;
use uuid::Uuid;
use weft_model::workflow::Definition;
use weft_model::{Graph, NodeId, WorkflowId};
use weft_nodes::Catalogue;
use weft_value::Value;

use crate::{Entry, Import, ImportError, NamedCredential, Outcome};

/// The name of a workflow that comes without one.
const UNNAMED: &str = "Imported workflow";
/// The most workflows in one file.
const MOST_WORKFLOWS: usize = 200;

/// Reads every workflow of the file. Node kinds come from `catalogue`; every workflow and every node gets one of the `fresh` ids,
/// since an import is a copy. Where one workflow names another of the file, it names the copy.
pub(crate) fn import(
    file: &Value,
    catalogue: &Catalogue,
    fresh: &mut dyn FnMut() -> Uuid,
) -> Result<Vec<Import>, ImportError> {
    let workflows: Vec<_> = workflows(file)?.into_iter().map(|workflow| (WorkflowId(fresh()), workflow)).collect();
    let siblings = siblings(&workflows);
    let count = workflows.len();
    let mut imports = Vec::with_capacity(count);
    for (index, (id, workflow)) in workflows.into_iter().enumerate() {
        let reader = Reader {
            catalogue,
            fresh: &mut *fresh,
            siblings: &siblings,
            nodes: IndexMap::new(),
            report: Vec::new(),
            credentials: Vec::new(),
        };
        let import = reader.read(id, workflow).map_err(|error| match count {
            1 => error,
            _ => ImportError::OneOfSeveral { number: index + 1, count, source: Box::new(error) },
        })?;
        imports.push(import);
    }
    Ok(imports)
}

/// Our ids of the workflows of a file, by n8n's. An id that two of them have means none of them.
fn siblings(workflows: &[(WorkflowId, &Value)]) -> HashMap<String, WorkflowId> {
    let mut siblings = HashMap::new();
    let mut ambiguous = Vec::new();
    for (ours, workflow) in workflows {
        let Some(id) = foreign_id(workflow.get("id")) else { continue };
        if siblings.insert(id.clone(), *ours).is_some() {
            ambiguous.push(id);
        }
    }
    for id in ambiguous {
        siblings.remove(&id);
    }
    siblings
}

/// What n8n knows a workflow by: a text today, a number in old files.
fn foreign_id(json: &Value) -> Option<String> {
    match json {
        Value::String(id) if !id.is_empty() => Some(id.to_string()),
        Value::Number(_) => Some(json.to_json()),
        _ => None,
    }
}

/// The workflows that the file holds, however they are wrapped: one, a list of them, or an answer of n8n's API (`data`) or of its
/// template library (`workflow`).
fn workflows(file: &Value) -> Result<Vec<&Value>, ImportError> {
    match file {
        Value::Array(list) if list.len() > MOST_WORKFLOWS => Err(ImportError::TooMany { count: list.len() }),
        Value::Array(list) if !list.is_empty() => list.iter().map(the_workflow).collect(),
        Value::Object(object) if matches!(object.get("data"), Some(Value::Array(_))) => workflows(file.get("data")),
        _ => the_workflow(file).map(|workflow| vec![workflow]),
    }
}

fn the_workflow(json: &Value) -> Result<&Value, ImportError> {
    if !json.get("nodes").is_undefined() {
        return Ok(json);
    }
    let inner = json.get("workflow");
    if inner.get("nodes").is_undefined() { Err(ImportError::NotN8n) } else { Ok(inner) }
}

/// Whether there is something in what n8n keeps: by node, or for all of them.
fn keeps_something(kept: &Value) -> bool {
    match kept {
        Value::String(json) => weft_value::from_json(json).is_ok_and(|kept| keeps_something(&kept)),
        Value::Object(kept) => kept.values().any(|of_node| of_node.as_object().is_some_and(|kept| !kept.is_empty())),
        _ => false,
    }
}

/// An import on its way.
struct Reader<'a> {
    catalogue: &'a Catalogue,
    fresh: &'a mut dyn FnMut() -> Uuid,
    /// Our ids of the workflows of the file, by n8n's.
    siblings: &'a HashMap<String, WorkflowId>,
    /// The nodes under the names that the file uses, of which the first one counts.
    nodes: IndexMap<String, weft_model::Node>,
    report: Vec<Entry>,
    credentials: Vec<NamedCredential>,
}

impl Reader<'_> {
    fn read(mut self, id: WorkflowId, workflow: &Value) -> Result<Import, ImportError> {
        let list = workflow.get("nodes").as_array().ok_or(ImportError::NotN8n)?;
        for (index, node) in list.iter().enumerate() {
            self.node(index, node)?;
        }
        Ok(self.finish(id, workflow)?)
    }

    /// Our id of another workflow of the file.
    fn sibling(&self, id: &Value) -> Option<WorkflowId> {
        self.siblings.get(&foreign_id(id)?).copied()
    }

    fn node_id(&mut self) -> NodeId {
        NodeId((self.fresh)())
    }

    fn finish(mut self, id: WorkflowId, workflow: &Value) -> Result<Import, weft_model::workflow::GraphFault> {
        let settings = self.settings(workflow.get("settings"), workflow.get("id"));
        let edges = self.connections(workflow.get("connections"));
        self.open_placeholders(&edges);
        let pinned = self.pinned(workflow.get("pinData"));
        let nodes = self.nodes.into_values().map(|node| (node.id, node)).collect();
        let name = names::readable(workflow.get("name").as_str().unwrap_or_default(), UNNAMED);
        let mut definition = Definition { name, graph: Graph { nodes, edges, settings, pinned } };
        let mut report = self.report;
        names::make_readable(&mut definition, &mut report);
        if keeps_something(workflow.get("staticData")) {
            report.push(Entry::of_workflow(
                Outcome::LeftOut,
                "What n8n keeps of this workflow from one execution to the next (its static data) does not come along.",
            ));
        }
        if workflow.get("active").as_bool() == Some(true) {
            report.push(Entry::of_workflow(
                Outcome::Defaulted,
                "The workflow was active. Publish it to make it so here.",
            ));
        }
        definition.check()?;
        Ok(Import { workflow: id, definition, report, credentials: self.credentials })
    }

    fn tell(&mut self, node: &str, outcome: Outcome, message: impl Into<String>) {
        self.report.push(Entry::of_node(node, outcome, message));
    }
}
