//! n8n's workflow JSON: an export, a copy from its canvas, or one workflow out of its API.

mod connections;
mod names;
mod node;
mod pinned;
mod settings;
#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use weft_model::workflow::Definition;
use weft_model::{Graph, NodeId};
use weft_nodes::Catalogue;
use weft_value::{Value, from_json};

use crate::{Entry, Import, ImportError, Outcome};

/// The name of a workflow that comes without one.
const UNNAMED: &str = "Imported workflow";

/// Reads the n8n workflow in `text`. Node kinds come from `catalogue`; every node gets one of the `fresh` ids, since an
/// import is a copy.
pub fn import_n8n(text: &str, catalogue: &Catalogue, mut fresh: impl FnMut() -> NodeId) -> Result<Import, ImportError> {
    let file = from_json(text)?;
    let workflow = the_workflow(&file)?;
    let mut reader = Reader { catalogue, fresh: &mut fresh, nodes: IndexMap::new(), report: Vec::new() };
    let list = workflow.get("nodes").as_array().ok_or(ImportError::NotN8n)?;
    for (index, node) in list.iter().enumerate() {
        reader.node(index, node)?;
    }
    Ok(reader.finish(workflow)?)
}

/// The one workflow that the file holds, however it is wrapped.
fn the_workflow(file: &Value) -> Result<&Value, ImportError> {
    match file {
        Value::Array(list) if list.len() == 1 => the_workflow(&list[0]),
        Value::Array(list) if !list.is_empty() => Err(ImportError::Several { count: list.len() }),
        Value::Object(object) if object.contains_key("nodes") => Ok(file),
        Value::Object(object) => match object.get("workflow") {
            Some(inner @ Value::Object(_)) => the_workflow(inner),
            _ => Err(ImportError::NotN8n),
        },
        _ => Err(ImportError::NotN8n),
    }
}

/// An import on its way.
struct Reader<'a> {
    catalogue: &'a Catalogue,
    fresh: &'a mut dyn FnMut() -> NodeId,
    /// The nodes under the names that the file uses, of which the first one counts.
    nodes: IndexMap<String, weft_model::Node>,
    report: Vec<Entry>,
}

impl Reader<'_> {
    fn finish(mut self, workflow: &Value) -> Result<Import, weft_model::workflow::GraphFault> {
        let settings = self.settings(workflow.get("settings"));
        let edges = self.connections(workflow.get("connections"));
        self.open_placeholders(&edges);
        let pinned = self.pinned(workflow.get("pinData"));
        let nodes = self.nodes.into_values().map(|node| (node.id, node)).collect();
        let name = names::readable(workflow.get("name").as_str().unwrap_or_default(), UNNAMED);
        let mut definition = Definition { name, graph: Graph { nodes, edges, settings, pinned } };
        let mut report = self.report;
        names::make_readable(&mut definition, &mut report);
        if workflow.get("active").as_bool() == Some(true) {
            report.push(Entry::of_workflow(
                Outcome::Defaulted,
                "The workflow was active. Publish it to make it so here.",
            ));
        }
        definition.check()?;
        Ok(Import { definition, report })
    }

    fn tell(&mut self, node: &str, outcome: Outcome, message: impl Into<String>) {
        self.report.push(Entry::of_node(node, outcome, message));
    }
}
