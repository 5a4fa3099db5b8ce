//! The rules that every graph obeys, as sentences to who broke one.

use thiserror::Error;

use crate::NodeId;
use crate::limits::{
    MAX_EDGES, MAX_KEY, MAX_NODE, MAX_NODES, MAX_NOTES, MAX_PARAMETERS, MAX_PORTS, NameFault, PlainFault,
};

/// A rule that a graph must obey, and who broke it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GraphFault {
    /// A name that cannot be shown.
    #[error("The name of {what} {fault}.")]
    Name {
        /// `a node` or `the workflow`.
        what: &'static str,
        /// What is wrong.
        fault: NameFault,
    },
    /// Two nodes cannot be told apart.
    #[error("Another node is called “{name}” already. Choose another name, “{free}” for instance.")]
    NameTaken {
        /// The name.
        name: String,
        /// A name that is free.
        free: String,
    },
    /// An id is used twice.
    #[error("A node with the id {node} is or was there already. Give a new node an id of its own.")]
    NodeExists {
        /// The id.
        node: NodeId,
    },
    /// Not there, or no longer.
    #[error("There is no node with the id {node}. It may have been removed.")]
    NoSuchNode {
        /// The id.
        node: NodeId,
    },
    /// An edge begins or ends nowhere.
    #[error("An edge leads from or to a node with the id {node}, which is not there. Remove the edge or add the node.")]
    DanglingEdge {
        /// The id.
        node: NodeId,
    },
    /// No kind to execute.
    #[error("The kind of the node “{name}” is missing.")]
    KindEmpty {
        /// The node's name.
        name: String,
    },
    /// A port number that no node has.
    #[error("No node has a port {port}; ports count from 0 up to {}.", MAX_PORTS - 1)]
    Port {
        /// The number.
        port: u16,
    },
    /// Not an object.
    #[error("The parameters of the node “{name}” must be an object.")]
    ParametersNotObject {
        /// The node's name.
        name: String,
    },
    /// A value that cannot be kept.
    #[error("The parameter “{parameter}” of the node “{name}” {fault}.")]
    Parameter {
        /// The node's name.
        name: String,
        /// The parameter.
        parameter: String,
        /// What is wrong.
        fault: PlainFault,
    },
    /// Pinned items that cannot be kept.
    #[error("The list of pinned items of the node “{name}” {fault}.")]
    Pinned {
        /// The node's name.
        name: String,
        /// What is wrong.
        fault: PlainFault,
    },
    /// A pinned item that no node could emit.
    #[error("Every pinned item of the node “{name}” must hold an object.")]
    PinnedNotObject {
        /// The node's name.
        name: String,
    },
    /// Too long a remark.
    #[error("The notes of the node “{name}” must not be longer than {MAX_NOTES} characters.")]
    Notes {
        /// The node's name.
        name: String,
    },
    /// Retries that make no sense.
    #[error("The node “{name}” can be tried 1 to 100 times, with at most a day between two attempts.")]
    Retry {
        /// The node's name.
        name: String,
    },
    /// A limit under which no attempt could be at work.
    #[error("The longest time that the node “{name}” may be at work must be at least a second.")]
    Timeout {
        /// The node's name.
        name: String,
    },
    /// Not a time zone.
    #[error("“{timezone}” is not a time zone. Use a name such as Europe/Paris.")]
    Timezone {
        /// What was asked for.
        timezone: String,
    },
    /// A bound that nothing could run under.
    #[error("The most steps, the longest time and the number of executions at once must be at least 1.")]
    Bound,
    /// Items that would be kept for no time, or for ever.
    #[error("The items of executions can be kept for 1 to 3650 days.")]
    Retention,
    /// A key that is too long.
    #[error("A key of the settings has at most {MAX_KEY} bytes.")]
    Key,
    /// Too many nodes.
    #[error("A workflow has at most {MAX_NODES} nodes. Move a part of it into a workflow of its own.")]
    TooManyNodes,
    /// Too many edges.
    #[error("A workflow has at most {MAX_EDGES} edges. Move a part of it into a workflow of its own.")]
    TooManyEdges,
    /// Too much in one node.
    #[error("The parameters of the node “{name}” are larger than {MAX_NODE} bytes together.")]
    NodeTooLarge {
        /// The node's name.
        name: String,
    },
    /// Too many parameters.
    #[error("The node “{name}” has more than {MAX_PARAMETERS} parameters.")]
    TooManyParameters {
        /// The node's name.
        name: String,
    },
}

impl GraphFault {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name { fault, .. } => fault.code(),
            Self::NameTaken { .. } => "name_taken",
            Self::NodeExists { .. } => "node_exists",
            Self::NoSuchNode { .. } => "node_missing",
            Self::DanglingEdge { .. } => "dangling_edge",
            Self::KindEmpty { .. } => "kind_missing",
            Self::Port { .. } => "port_invalid",
            Self::ParametersNotObject { .. } => "parameters_invalid",
            Self::Parameter { fault, .. } | Self::Pinned { fault, .. } => fault.code(),
            Self::PinnedNotObject { .. } => "pinned_invalid",
            Self::Notes { .. } => "notes_too_long",
            Self::Retry { .. } => "retry_invalid",
            Self::Timeout { .. } => "timeout_invalid",
            Self::Timezone { .. } => "timezone_unknown",
            Self::Bound => "bound_invalid",
            Self::Retention => "retention_invalid",
            Self::Key => "key_too_long",
            Self::TooManyNodes => "too_many_nodes",
            Self::TooManyEdges => "too_many_edges",
            Self::TooManyParameters { .. } => "too_many_parameters",
            Self::NodeTooLarge { .. } => "node_too_large",
        }
    }

    /// The refused field of the edit.
    pub(super) fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Name { .. } | Self::NameTaken { .. } => "name",
            Self::NodeExists { .. } | Self::NoSuchNode { .. } => "nodeId",
            Self::KindEmpty { .. } => "kind",
            Self::ParametersNotObject { .. } | Self::TooManyParameters { .. } | Self::NodeTooLarge { .. } => {
                "parameters"
            }
            Self::Parameter { .. } => "value",
            Self::Pinned { .. } | Self::PinnedNotObject { .. } => "items",
            Self::Notes { .. } => "notes",
            Self::Retry { .. } => "retry",
            Self::Timeout { .. } => "timeoutSeconds",
            Self::Timezone { .. } | Self::Bound | Self::Retention | Self::Key => "settings",
            Self::DanglingEdge { .. } | Self::Port { .. } | Self::TooManyNodes | Self::TooManyEdges => return None,
        })
    }
}
