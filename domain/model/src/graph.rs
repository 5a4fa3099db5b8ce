//! The definition of a workflow: nodes joined by edges.

use indexmap::{IndexMap, IndexSet};
use serde::{Deserialize, Serialize};
use weft_value::{Item, Value};

use crate::{NodeId, WorkflowId};

/// Nodes and edges, in the order in which they were added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    /// Every node by its id.
    pub nodes: IndexMap<NodeId, Node>,
    /// Every edge once. Their order is the order of branches under [`ExecutionOrder::V0`].
    pub edges: IndexSet<Edge>,
    /// How executions of this workflow behave.
    #[serde(default)]
    pub settings: Settings,
    /// Items that stand in for a node's output in manual executions.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub pinned: IndexMap<NodeId, Vec<Item>>,
}

/// One node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Its identity.
    pub id: NodeId,
    /// Its name, unique in the graph; expressions refer to it.
    pub name: String,
    /// Its node kind, `set` for instance.
    pub kind: String,
    /// The version of the node kind.
    pub kind_version: u32,
    /// Where it lies on the canvas, in pixels.
    pub position: Point,
    /// What the person filled in; always an object. Strings that begin with `=` are expressions.
    pub parameters: Value,
    /// A disabled node passes its first input on.
    #[serde(default)]
    pub disabled: bool,
    /// A remark for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// What happens when it fails.
    #[serde(default)]
    pub on_error: OnError,
    /// Whether and how a failed attempt is repeated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// Emit one empty item where it would emit none.
    #[serde(default)]
    pub always_output_data: bool,
    /// Look at the first item only.
    #[serde(default)]
    pub execute_once: bool,
    /// The longest one attempt may be at work, in seconds; no limit when missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
}

/// A place on the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Downwards.
    pub y: i32,
}

/// From an output port to an input port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Edge {
    /// The output.
    pub from: Endpoint,
    /// The input.
    pub to: Endpoint,
}

/// One port of a node, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    /// The node.
    pub node: NodeId,
    /// Which input or output of it.
    pub port: u16,
}

/// What happens when a node fails after its last attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnError {
    /// The execution fails.
    #[default]
    Stop,
    /// The error becomes an item on the first output.
    Continue,
    /// Failed items go to an extra last output.
    ErrorOutput,
}

/// Attempts after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// All attempts, the first included.
    pub max_attempts: u32,
    /// Milliseconds before the second attempt; doubled before each one after.
    pub wait_ms: u64,
}

/// In which order branches are executed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ExecutionOrder {
    /// Depth first, by position on the canvas.
    #[default]
    V1,
    /// Breadth first, in the order of the edges: what old n8n workflows expect.
    V0,
}

/// How executions of a workflow behave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The time zone (IANA name) of date-times; the tenant's when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// The order of branches.
    pub execution_order: ExecutionOrder,
    /// The most steps one execution may take; the installation's when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_steps: Option<u32>,
    /// The longest an execution may take, in seconds; no limit when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
    /// The longest an execution may be queued, or wait for something, in seconds; no limit when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_wait_seconds: Option<u64>,
    /// How long the items of an execution are kept, in days from 1 to 3650; as long as the tenant says when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u16>,
    /// Who goes first where executions wait for their turn.
    #[serde(skip_serializing_if = "Priority::is_normal")]
    pub priority: Priority,
    /// How many executions of a published version progress at once; the others are queued.
    #[serde(skip_serializing_if = "AtOnce::is_default")]
    pub at_once: AtOnce,
    /// An expression over the first item that an execution begins with: of calls and forms for which it gives the same within a
    /// day, one begins an execution. No key, or one that gives nothing, tells all of them apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub once_key: Option<String>,
    /// Which workflows of the tenant may execute this one.
    #[serde(skip_serializing_if = "Callers::is_default")]
    pub callers: Callers,
    /// Which workflow is told when an execution fails.
    #[serde(skip_serializing_if = "ErrorWorkflow::is_default")]
    pub error_workflow: ErrorWorkflow,
}

impl Settings {
    /// The names of all settings, as they are written.
    pub const NAMES: [&str; 11] = [
        "timezone",
        "executionOrder",
        "maxSteps",
        "timeoutSeconds",
        "maxWaitSeconds",
        "retentionDays",
        "priority",
        "atOnce",
        "onceKey",
        "callers",
        "errorWorkflow",
    ];
}

/// How many executions of a workflow progress at once. One that waits for a timer or a signal outside of memory does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AtOnce {
    /// The most of all of them; no limit when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<u32>,
    /// An expression over the first item that an execution begins with; it gives the key. Where it gives nothing, there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The most of those with the same key; one when missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_per_key: Option<u32>,
}

impl AtOnce {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Which workflow is executed when an execution of a published version fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "which", content = "workflow")]
pub enum ErrorWorkflow {
    /// The workflow itself where it has a trigger for that, else the tenant's.
    #[default]
    Default,
    /// None.
    Nothing,
    /// This one.
    Workflow(WorkflowId),
}

impl ErrorWorkflow {
    fn is_default(&self) -> bool {
        *self == Self::Default
    }
}

/// How soon an execution gets its turn where more of them wait than can progress. A low one waits longer, never for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Priority {
    /// Before the others.
    High,
    /// As most are.
    #[default]
    Normal,
    /// After the others.
    Low,
}

impl Priority {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    fn is_normal(&self) -> bool {
        *self == Self::Normal
    }
}

/// Which workflows may execute another one as a sub-workflow. It always may itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "who", content = "workflows")]
pub enum Callers {
    /// Every workflow of the tenant.
    #[default]
    Everyone,
    /// No other workflow.
    Nobody,
    /// These.
    Only(Vec<WorkflowId>),
}

impl Callers {
    fn is_default(&self) -> bool {
        *self == Self::Everyone
    }

    /// Whether `caller` may execute `this` workflow, whose setting it is.
    pub fn admit(&self, caller: WorkflowId, this: WorkflowId) -> bool {
        caller == this
            || match self {
                Self::Everyone => true,
                Self::Nobody => false,
                Self::Only(callers) => callers.contains(&caller),
            }
    }
}

impl Node {
    /// A node with the defaults of everything else.
    pub fn new(id: NodeId, name: impl Into<String>, kind: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            kind: kind.into(),
            kind_version: 1,
            position: Point::default(),
            parameters: Value::empty_object(),
            disabled: false,
            notes: None,
            on_error: OnError::Stop,
            retry: None,
            always_output_data: false,
            execute_once: false,
            timeout_seconds: None,
        }
    }
}

impl Graph {
    /// The node with this name.
    pub fn node_named(&self, name: &str) -> Option<&Node> {
        self.nodes.values().find(|node| node.name == name)
    }

    /// The edges that leave output `port` of `node`, in order.
    pub fn edges_from(&self, node: NodeId, port: u16) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.from == Endpoint { node, port })
    }

    /// The edges that reach `node`, on any input.
    pub fn edges_to(&self, node: NodeId) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(move |edge| edge.to.node == node)
    }
}
