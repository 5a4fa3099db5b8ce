//! What of a draft can change on its own: the unit of conflicts and of undo.

use super::{Change, NodeSetting};
use crate::{Edge, GroupId, NodeId, StreamVersion};

/// One thing that has one value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    /// The workflow's name.
    WorkflowName,
    /// The workflow's settings.
    Settings,
    /// Whether a node is there.
    Node(NodeId),
    /// Where a node lies.
    Position(NodeId),
    /// A node's name.
    NodeName(NodeId),
    /// One parameter of a node.
    Parameter(NodeId, String),
    /// One setting of a node.
    Setting(NodeId, &'static str),
    /// A node's pinned items.
    Pinned(NodeId),
    /// Whether an edge is there.
    Edge(Edge),
}

impl Field {
    /// What `change` changes.
    pub fn of(change: &Change) -> Self {
        match change {
            Change::NodeAdded { node, .. } => Self::Node(node.id),
            Change::NodeRemoved { node } => Self::Node(*node),
            Change::NodeMoved { node, .. } => Self::Position(*node),
            Change::NodeRenamed { node, .. } => Self::NodeName(*node),
            Change::ParameterSet { node, name, .. } | Change::ParameterRemoved { node, name } => {
                Self::Parameter(*node, name.clone())
            }
            Change::NodeSettingChanged { node, setting } => Self::Setting(*node, setting.name()),
            Change::EdgeAdded { edge, .. } | Change::EdgeRemoved { edge } => Self::Edge(*edge),
            Change::ItemsPinned { node, .. } | Change::ItemsUnpinned { node } => Self::Pinned(*node),
            Change::WorkflowRenamed { .. } => Self::WorkflowName,
            Change::SettingsChanged { .. } => Self::Settings,
        }
    }

    /// Whether what somebody wrote would be lost with the node. Where it lies is no loss.
    pub fn is_content_of(&self, removed: NodeId) -> bool {
        match self {
            Self::NodeName(node) | Self::Parameter(node, _) | Self::Setting(node, _) | Self::Pinned(node) => {
                *node == removed
            }
            Self::WorkflowName | Self::Settings | Self::Node(_) | Self::Position(_) | Self::Edge(_) => false,
        }
    }

    /// The node that it is of.
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Node(node)
            | Self::Position(node)
            | Self::NodeName(node)
            | Self::Parameter(node, _)
            | Self::Setting(node, _)
            | Self::Pinned(node) => Some(*node),
            Self::Edge(edge) => Some(edge.to.node),
            Self::WorkflowName | Self::Settings => None,
        }
    }

    /// What people call it.
    pub fn label(&self) -> String {
        match self {
            Self::WorkflowName => "name of the workflow".into(),
            Self::Settings => "settings of the workflow".into(),
            Self::Node(_) => "node".into(),
            Self::Position(_) => "position".into(),
            Self::NodeName(_) => "name".into(),
            Self::Parameter(_, name) => format!("parameter “{name}”"),
            Self::Setting(_, name) => format!("setting “{name}”"),
            Self::Pinned(_) => "pinned items".into(),
            Self::Edge(_) => "edge".into(),
        }
    }
}

impl NodeSetting {
    /// Its name, as in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Disabled(_) => "disabled",
            Self::Notes(_) => "notes",
            Self::OnError(_) => "onError",
            Self::Retry(_) => "retry",
            Self::AlwaysOutputData(_) => "alwaysOutputData",
            Self::ExecuteOnce(_) => "executeOnce",
            Self::TimeoutSeconds(_) => "timeoutSeconds",
        }
    }
}

/// Who touched a field last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Touch {
    /// The version of the stream that did.
    pub version: StreamVersion,
    /// What gave it the value it has. Undo gives it back to the owner before.
    pub owner: Option<Owner>,
}

/// The group of edits that a field has its value from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    /// The group.
    pub group: GroupId,
    /// When the group gave it, or gave it again.
    pub since: StreamVersion,
}
