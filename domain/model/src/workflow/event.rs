//! What can happen to a workflow.

use serde::{Deserialize, Serialize};

use super::{Change, Definition};
use crate::wire::wire_names;
use crate::{Actor, GroupId, StreamVersion};

/// A fact about one workflow. The draft of a version is the fold of all changes up to it ([`Definition::apply`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum WorkflowEvent {
    /// It exists.
    #[serde(rename = "workflow.created.v1")]
    Created {
        /// What it begins with.
        definition: Box<Definition>,
    },
    /// Its draft changed, by one group of edits or a part of it.
    #[serde(rename = "workflow.edited.v1")]
    Edited {
        /// What undoes together.
        group: GroupId,
        /// Whose history of undo it belongs to.
        by: Actor,
        /// Whether it was made, unmade or made again.
        cause: EditCause,
        /// What changed, in order.
        changes: Vec<Change>,
    },
    /// A version of it was fixed and is executed from now on.
    #[serde(rename = "workflow.published.v1")]
    Published {
        /// The number of the version, from 1.
        number: u32,
        /// The version of this stream whose draft was published.
        draft: StreamVersion,
        /// What identifies the checked graph.
        digest: String,
    },
    /// Its triggers start it again.
    #[serde(rename = "workflow.activated.v1")]
    Activated {
        /// The published version that is executed.
        number: u32,
    },
    /// Its triggers start nothing for now.
    #[serde(rename = "workflow.deactivated.v1")]
    Deactivated {},
    /// It was put away: it is neither executed nor edited.
    #[serde(rename = "workflow.archived.v1")]
    Archived {},
}

wire_names!(WorkflowEvent {
    Created => "workflow.created.v1",
    Edited => "workflow.edited.v1",
    Published => "workflow.published.v1",
    Activated => "workflow.activated.v1",
    Deactivated => "workflow.deactivated.v1",
    Archived => "workflow.archived.v1",
});

/// Why a draft changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditCause {
    /// Somebody edited it.
    Edit,
    /// Somebody took the group back.
    Undo,
    /// Somebody made the group again.
    Redo,
}
