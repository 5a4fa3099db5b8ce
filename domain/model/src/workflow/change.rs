//! One change of a draft, and what it does to it.

use serde::{Deserialize, Serialize};
use weft_value::{Item, Value};

use crate::{Edge, Graph, Node, NodeId, OnError, Point, Retry, Settings};

/// What a workflow is: its name and its graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Its nodes, edges, settings and pinned items.
    pub graph: Graph,
}

/// A change of a draft. Each one says what is true after it and needs nothing else to be applied: removing a node stands
/// after the removal of its edges and pinned items, renaming one before the rewritten parameters of the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// A node was added.
    NodeAdded {
        /// The whole node.
        node: Node,
        /// Its place among the nodes, from 0; the last one when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<u32>,
    },
    /// A node was removed.
    NodeRemoved {
        /// Which.
        node: NodeId,
    },
    /// A node lies elsewhere.
    NodeMoved {
        /// Which.
        node: NodeId,
        /// Where.
        position: Point,
    },
    /// A node has another name.
    NodeRenamed {
        /// Which.
        node: NodeId,
        /// Its new name.
        name: String,
    },
    /// A parameter has another value.
    ParameterSet {
        /// Of which node.
        node: NodeId,
        /// The parameter's name.
        name: String,
        /// Its value.
        value: Value,
    },
    /// A parameter is no longer set.
    ParameterRemoved {
        /// Of which node.
        node: NodeId,
        /// The parameter's name.
        name: String,
    },
    /// A setting of a node has another value.
    NodeSettingChanged {
        /// Which.
        node: NodeId,
        /// The setting with its value.
        setting: NodeSetting,
    },
    /// An edge was added.
    EdgeAdded {
        /// Which.
        edge: Edge,
        /// Its place among the edges, from 0; the last one when missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<u32>,
    },
    /// An edge was removed.
    EdgeRemoved {
        /// Which.
        edge: Edge,
    },
    /// Items stand in for a node's output.
    ItemsPinned {
        /// Which node.
        node: NodeId,
        /// The items.
        items: Vec<Item>,
    },
    /// Nothing stands in for a node's output any longer.
    ItemsUnpinned {
        /// Which node.
        node: NodeId,
    },
    /// The workflow has another name.
    WorkflowRenamed {
        /// Its new name.
        name: String,
    },
    /// Its executions behave differently.
    SettingsChanged {
        /// How they behave now.
        settings: Settings,
    },
}

/// One setting of a node with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeSetting {
    /// Whether it only passes its first input on.
    Disabled(bool),
    /// A remark for people.
    Notes(Option<String>),
    /// What happens when it fails.
    OnError(OnError),
    /// Whether and how a failed attempt is repeated.
    Retry(Option<Retry>),
    /// Whether it emits one empty item where it would emit none.
    AlwaysOutputData(bool),
    /// Whether it looks at the first item only.
    ExecuteOnce(bool),
    /// The longest one attempt may be at work, in seconds.
    TimeoutSeconds(Option<u64>),
}

impl Definition {
    /// Makes one change. Total: what is about a node that is not there changes nothing.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::WorkflowRenamed { name } => self.name.clone_from(name),
            Change::SettingsChanged { settings } => self.graph.settings.clone_from(settings),
            Change::NodeAdded { node, place } => {
                self.graph.nodes.shift_remove(&node.id);
                let place = insertion_place(*place, self.graph.nodes.len());
                self.graph.nodes.shift_insert(place, node.id, node.clone());
            }
            Change::NodeRemoved { node } => {
                self.graph.nodes.shift_remove(node);
            }
            Change::EdgeAdded { edge, place } => {
                self.graph.edges.shift_remove(edge);
                let place = insertion_place(*place, self.graph.edges.len());
                self.graph.edges.shift_insert(place, *edge);
            }
            Change::EdgeRemoved { edge } => {
                self.graph.edges.shift_remove(edge);
            }
            Change::ItemsPinned { node, items } => {
                self.graph.pinned.insert(*node, items.clone());
            }
            Change::ItemsUnpinned { node } => {
                self.graph.pinned.shift_remove(node);
            }
            Change::NodeMoved { node, .. }
            | Change::NodeRenamed { node, .. }
            | Change::ParameterSet { node, .. }
            | Change::ParameterRemoved { node, .. }
            | Change::NodeSettingChanged { node, .. } => {
                if let Some(node) = self.graph.nodes.get_mut(node) {
                    node.apply(change);
                }
            }
        }
    }

    /// Gives a node another name, in every expression too.
    pub fn rename_node(&mut self, node: NodeId, name: &str) {
        for change in super::rename::rename(&self.graph, node, name) {
            self.apply(&change);
        }
    }

    /// The definition after all of `changes`.
    #[must_use]
    pub fn with(mut self, changes: &[Change]) -> Self {
        for change in changes {
            self.apply(change);
        }
        self
    }
}

fn insertion_place(place: Option<u32>, len: usize) -> usize {
    place.map_or(len, |place| place as usize).min(len)
}

impl Node {
    fn apply(&mut self, change: &Change) {
        match change {
            Change::NodeMoved { position, .. } => self.position = *position,
            Change::NodeRenamed { name, .. } => self.name.clone_from(name),
            Change::ParameterSet { name, value, .. } => {
                let mut parameters = self.parameters.as_object().cloned().unwrap_or_default();
                parameters.insert(name.as_str(), value.clone());
                self.parameters = parameters.into();
            }
            Change::ParameterRemoved { name, .. } => {
                let mut parameters = self.parameters.as_object().cloned().unwrap_or_default();
                parameters.remove(name);
                self.parameters = parameters.into();
            }
            Change::NodeSettingChanged { setting, .. } => self.set(setting),
            Change::NodeAdded { .. }
            | Change::NodeRemoved { .. }
            | Change::EdgeAdded { .. }
            | Change::EdgeRemoved { .. }
            | Change::ItemsPinned { .. }
            | Change::ItemsUnpinned { .. }
            | Change::WorkflowRenamed { .. }
            | Change::SettingsChanged { .. } => {}
        }
    }

    fn set(&mut self, setting: &NodeSetting) {
        match setting {
            NodeSetting::Disabled(disabled) => self.disabled = *disabled,
            NodeSetting::Notes(notes) => self.notes.clone_from(notes),
            NodeSetting::OnError(on_error) => self.on_error = *on_error,
            NodeSetting::Retry(retry) => self.retry = *retry,
            NodeSetting::AlwaysOutputData(always) => self.always_output_data = *always,
            NodeSetting::ExecuteOnce(once) => self.execute_once = *once,
            NodeSetting::TimeoutSeconds(timeout) => self.timeout_seconds = *timeout,
        }
    }
}

impl Definition {
    /// The draft after `events`, which begin with the workflow's first: what was published, tested or seen at a version is the
    /// fold of the events up to it. `None` where the first event is not there.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a super::WorkflowEvent>) -> Option<Self> {
        let mut definition: Option<Self> = None;
        for event in events {
            match (event, &mut definition) {
                (super::WorkflowEvent::Created { definition: first }, _) => definition = Some((**first).clone()),
                (super::WorkflowEvent::Edited { changes, .. }, Some(definition)) => {
                    for change in changes {
                        definition.apply(change);
                    }
                }
                _ => {}
            }
        }
        definition
    }
}

impl Node {
    /// The setting of the same name as it is now.
    pub(super) fn setting(&self, like: &NodeSetting) -> NodeSetting {
        match like {
            NodeSetting::Disabled(_) => NodeSetting::Disabled(self.disabled),
            NodeSetting::Notes(_) => NodeSetting::Notes(self.notes.clone()),
            NodeSetting::OnError(_) => NodeSetting::OnError(self.on_error),
            NodeSetting::Retry(_) => NodeSetting::Retry(self.retry),
            NodeSetting::AlwaysOutputData(_) => NodeSetting::AlwaysOutputData(self.always_output_data),
            NodeSetting::ExecuteOnce(_) => NodeSetting::ExecuteOnce(self.execute_once),
            NodeSetting::TimeoutSeconds(_) => NodeSetting::TimeoutSeconds(self.timeout_seconds),
        }
    }
}
