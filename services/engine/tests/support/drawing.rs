//! Draws graphs by names.

use uuid::Uuid;
use weft_model::{Edge, Endpoint, Graph, Node, NodeId, OnError, Point, Retry};
use weft_value::from_json;

/// Builds a graph by names.
#[derive(Default)]
pub struct Drawing {
    pub graph: Graph,
}

impl Drawing {
    pub fn node(self, name: &str, kind: &str, parameters: &str) -> Self {
        self.node_with(name, kind, parameters, |_| {})
    }

    pub fn node_with(mut self, name: &str, kind: &str, parameters: &str, change: impl FnOnce(&mut Node)) -> Self {
        let id = node_id(name);
        let y = self.graph.nodes.len() as i32 * 100;
        let mut node = Node {
            id,
            name: name.to_owned(),
            kind: kind.to_owned(),
            kind_version: 1,
            position: Point { x: 0, y },
            parameters: from_json(parameters).unwrap(),
            disabled: false,
            notes: None,
            on_error: OnError::Stop,
            retry: None,
            always_output_data: false,
            execute_once: false,
            timeout_seconds: None,
        };
        change(&mut node);
        self.graph.nodes.insert(id, node);
        self
    }

    pub fn edge(self, from: &str, to: &str) -> Self {
        self.edge_at(from, 0, to, 0)
    }

    pub fn edge_at(mut self, from: &str, output: u16, to: &str, input: u16) -> Self {
        let from = Endpoint { node: node_id(from), port: output };
        self.graph.edges.insert(Edge { from, to: Endpoint { node: node_id(to), port: input } });
        self
    }
}

/// A node's id, made of its name.
pub fn node_id(name: &str) -> NodeId {
    let mut bytes = [0; 16];
    for (place, byte) in name.bytes().enumerate() {
        bytes[place % 16] ^= byte.wrapping_mul(place as u8 + 1);
    }
    NodeId(Uuid::from_bytes(bytes))
}

pub fn retry(max_attempts: u32, wait_ms: u64) -> Retry {
    Retry { max_attempts, wait_ms }
}
