//! Connections: `{source: {main: [[{node, type, index}]]}}`, by the names of nodes.

use indexmap::IndexSet;
use weft_model::limits::MAX_PORTS;
use weft_model::{Edge, Endpoint, NodeId};
use weft_value::Value;

use super::Reader;
use crate::Outcome;

impl Reader<'_> {
    /// The edges in the order of the file, which is the order of branches in old workflows.
    pub(super) fn connections(&mut self, json: &Value) -> IndexSet<Edge> {
        let mut edges = IndexSet::new();
        for (source, by_type) in json.as_object().into_iter().flatten() {
            let Some(from) = self.id_of(source) else {
                self.tell(source, Outcome::LeftOut, "Connections of a node that is not in the file.");
                continue;
            };
            for (connection, outputs) in by_type.as_object().into_iter().flatten() {
                if connection.as_str() == "main" {
                    self.outputs(source, from, outputs, &mut edges);
                } else if self.keep_connections(source, connection, outputs) {
                    let message =
                        format!("The placeholder keeps connections of the type {connection}; only items flow here.");
                    self.tell(source, Outcome::Replaced, message);
                } else {
                    let message = format!("Connections of the type {connection}; only items flow here.");
                    self.tell(source, Outcome::LeftOut, message);
                }
            }
        }
        edges
    }

    fn outputs(&mut self, source: &str, from: NodeId, outputs: &Value, edges: &mut IndexSet<Edge>) {
        for (output, targets) in outputs.as_array().into_iter().flatten().enumerate() {
            // An output without connections may be `null`.
            for target in targets.as_array().into_iter().flatten() {
                if let Some(edge) = self.target(output, from, target) {
                    edges.insert(edge);
                    continue;
                }
                let name = target.get("node").as_str().unwrap_or("nothing");
                let message = format!("A connection from output {output} to “{name}”, which cannot be made.");
                self.tell(source, Outcome::LeftOut, message);
            }
        }
    }

    fn target(&self, output: usize, from: NodeId, target: &Value) -> Option<Edge> {
        let port = |number: usize| u16::try_from(number).ok().filter(|port| *port < MAX_PORTS);
        let to = self.id_of(target.get("node").as_str()?)?;
        let index = target.get("index").as_f64().unwrap_or(0.0);
        let is_main = target.get("type").as_str().is_none_or(|connection| connection == "main");
        if !is_main || index < 0.0 || index.fract() != 0.0 {
            return None;
        }
        let from = Endpoint { node: from, port: port(output)? };
        Some(Edge { from, to: Endpoint { node: to, port: port(index as usize)? } })
    }

    pub(super) fn id_of(&self, name: &str) -> Option<NodeId> {
        self.nodes.get(name).map(|node| node.id)
    }
}
