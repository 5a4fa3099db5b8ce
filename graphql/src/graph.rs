//! Graphs.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use serde_json::{Map, Value};
use weft_model::workflow::Definition;
use weft_tenants::Action;

use crate::guard::may;
use crate::id::plain;
use crate::scalars::Json;
use std::sync::Arc;

/// A graph.
pub(crate) struct Graph(pub Arc<Definition>);

/// Nodes joined by edges.
#[Object]
impl Graph {
    async fn nodes(&self) -> Vec<GraphNode> {
        self.0.graph.nodes.values().map(GraphNode::from).collect()
    }

    async fn edges(&self) -> Vec<GraphEdge> {
        self.0.graph.edges.iter().map(Into::into).collect()
    }

    async fn settings(&self) -> Result<Json> {
        Ok(Json(serde_json::to_value(&self.0.graph.settings)?))
    }

    /// Items that stand in for a node's output, by the node's id; empty for those who may not see items.
    async fn pinned_data(&self, context: &Context<'_>) -> Result<Json> {
        if !may(context, Action::ReadItems) {
            return Ok(Json(Value::Object(Map::new())));
        }
        Ok(Json(serde_json::to_value(&self.0.graph.pinned)?))
    }
}

/// One node of a graph.
#[derive(SimpleObject)]
struct GraphNode {
    id: ID,
    name: String,
    kind: String,
    kind_version: i32,
    position: Point,
    parameters: Json,
    disabled: bool,
    notes: Option<String>,
    on_error: OnError,
    retry: Option<Retry>,
    always_output_data: bool,
    execute_once: bool,
    /// The longest one attempt may be at work, in seconds.
    timeout_seconds: Option<i32>,
}

impl From<&weft_model::Node> for GraphNode {
    fn from(node: &weft_model::Node) -> Self {
        Self {
            id: plain(node.id),
            name: node.name.clone(),
            kind: node.kind.clone(),
            kind_version: node.kind_version as i32,
            position: Point { x: node.position.x, y: node.position.y },
            parameters: Json(serde_json::to_value(&node.parameters).unwrap_or_default()),
            disabled: node.disabled,
            notes: node.notes.clone(),
            on_error: node.on_error.into(),
            retry: node.retry.map(|retry| Retry {
                max_attempts: retry.max_attempts as i32,
                wait_ms: i32::try_from(retry.wait_ms).unwrap_or(i32::MAX),
            }),
            always_output_data: node.always_output_data,
            execute_once: node.execute_once,
            timeout_seconds: node.timeout_seconds.map(|seconds| i32::try_from(seconds).unwrap_or(i32::MAX)),
        }
    }
}

/// A place on the canvas, in pixels.
#[derive(SimpleObject)]
struct Point {
    x: i32,
    y: i32,
}

/// What happens when a node fails after its last attempt.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "weft_model::OnError")]
pub(crate) enum OnError {
    /// The execution fails.
    Stop,
    /// The error becomes an item on the first output.
    Continue,
    /// Failed items go to an extra last output.
    ErrorOutput,
}

/// Attempts after a failure.
#[derive(SimpleObject)]
struct Retry {
    /// All attempts, the first included.
    max_attempts: i32,
    /// Milliseconds before the second attempt.
    wait_ms: i32,
}

/// An edge from an output port to an input port; ports count from 0.
#[derive(SimpleObject)]
struct GraphEdge {
    from: Endpoint,
    to: Endpoint,
}

impl From<&weft_model::Edge> for GraphEdge {
    fn from(edge: &weft_model::Edge) -> Self {
        let endpoint = |end: weft_model::Endpoint| Endpoint { node_id: plain(end.node), port: i32::from(end.port) };
        Self { from: endpoint(edge.from), to: endpoint(edge.to) }
    }
}

/// One port of a node.
#[derive(SimpleObject)]
struct Endpoint {
    node_id: ID,
    port: i32,
}
