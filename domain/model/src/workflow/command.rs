//! What may be asked of a workflow.

use weft_value::{Item, Value};

use super::{Definition, NodeSetting};
use crate::{Actor, Edge, GroupId, NodeId, Point, Settings, StreamVersion};

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkflowCommand {
    /// Make it.
    Create {
        /// What it begins with.
        definition: Box<Definition>,
    },
    /// Change its draft.
    Edit(EditWorkflow),
    /// Take back the newest group of edits of a person that still can be taken back. A group cannot while somebody else's
    /// later change of the same field stands on it; older groups still can.
    Undo {
        /// Whose.
        by: Actor,
    },
    /// Make the newest group again that the person took back, unless the person edited since.
    Redo {
        /// Whose.
        by: Actor,
    },
    /// Fix the draft as the next version and execute it from now on. The engine has compiled it.
    Publish {
        /// The version of the stream whose draft was compiled.
        draft: StreamVersion,
        /// What identifies the checked graph.
        digest: String,
    },
    /// Let its triggers start it again.
    Activate,
    /// Let its triggers start nothing for now.
    Deactivate,
    /// Put it away for good.
    Archive,
}

/// Edits that are made together or not at all, and undone together.
#[derive(Clone, Debug, PartialEq)]
pub struct EditWorkflow {
    /// Who edits.
    pub by: Actor,
    /// The version of the draft that the person saw.
    pub seen: StreamVersion,
    /// What undoes together; several commands in a row may continue one group.
    pub group: GroupId,
    /// The edits, in order; each sees the ones before it.
    pub edits: Vec<Edit>,
}

/// One edit, as the editor asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Add a node.
    AddNode {
        /// Its id, made by the editor.
        node: NodeId,
        /// Its name.
        name: String,
        /// Its kind.
        kind: String,
        /// The version of the kind.
        kind_version: u32,
        /// Where it lies.
        position: Point,
        /// Its parameters; an object.
        parameters: Value,
    },
    /// Remove a node with its edges and pinned items.
    RemoveNode {
        /// Which.
        node: NodeId,
    },
    /// Lay a node elsewhere.
    MoveNode {
        /// Which.
        node: NodeId,
        /// Where.
        position: Point,
    },
    /// Give a node another name, in every expression too.
    RenameNode {
        /// Which.
        node: NodeId,
        /// The new name.
        name: String,
    },
    /// Set one top-level parameter of a node, or take it away.
    SetParameter {
        /// Of which node.
        node: NodeId,
        /// The parameter's name.
        name: String,
        /// Its value; nothing takes it away.
        value: Option<Value>,
    },
    /// Change settings of a node.
    SetNodeSettings {
        /// Which.
        node: NodeId,
        /// The settings that change, each with its new value.
        settings: Vec<NodeSetting>,
    },
    /// Join two nodes.
    AddEdge(Edge),
    /// Part two nodes.
    RemoveEdge(Edge),
    /// Give the workflow another name.
    RenameWorkflow {
        /// The new name.
        name: String,
    },
    /// Change how executions behave.
    SetSettings {
        /// How they shall behave.
        settings: Settings,
    },
    /// Let items stand in for a node's output, or let none.
    SetPinnedData {
        /// Which node.
        node: NodeId,
        /// The items; nothing takes them away.
        items: Option<Vec<Item>>,
    },
}
