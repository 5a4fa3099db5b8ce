//! Why a workflow says no.

use thiserror::Error;

use super::GraphFault;
use crate::limits::{MAX_EDITS, MAX_EVENT};
use crate::{NodeId, StreamVersion};

/// A refusal; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WorkflowRejection {
    /// It was made before.
    #[error("This workflow exists already.")]
    Exists,
    /// It was never made.
    #[error("There is no such workflow.")]
    Missing,
    /// It was put away.
    #[error("This workflow is archived. Copy it to go on with it.")]
    Archived,
    /// Another person changed the same field.
    #[error("The {what}{of} was changed after you last saw it. Look at it as it is now and make your change again.")]
    Conflict {
        /// What was changed.
        what: String,
        /// ` of “Name”`, where it is of a node.
        of: String,
        /// The node that it is of.
        node: Option<NodeId>,
        /// The version of the draft now: the `seen` of the next try.
        current: StreamVersion,
        /// Which of the edits.
        edit: usize,
    },
    /// One of the edits breaks a rule.
    #[error("{fault}")]
    Edit {
        /// Which, from 0.
        edit: usize,
        /// The rule.
        fault: GraphFault,
    },
    /// What it shall begin with breaks a rule.
    #[error("{fault}")]
    Definition {
        /// The rule.
        fault: GraphFault,
    },
    /// `seen` is ahead of the workflow.
    #[error("You saw version {seen} of the draft, and there are only {current}. Load the workflow again.")]
    NeverSeen {
        /// What was said.
        seen: u32,
        /// What there is.
        current: u32,
    },
    /// Another group was begun since.
    #[error("This group of edits was ended by another one. Give these edits an id of their own.")]
    GroupEnded,
    /// Too many edits.
    #[error("One command makes at most {MAX_EDITS} edits. Send the others in a second one.")]
    TooManyEdits,
    /// Too large an event.
    #[error(
        "This is more than {MAX_EVENT} bytes at once. Send it in smaller parts, or keep large data out of the workflow."
    )]
    TooLarge,
    /// There is nothing (more) to take back.
    #[error("There is nothing to undo.")]
    NothingToUndo,
    /// There is nothing (more) to make again.
    #[error("There is nothing to redo.")]
    NothingToRedo,
    /// Others built on everything that could be taken back.
    #[error(
        "The {what}{of} was changed by somebody else since, so that your edit can no longer be taken back or made again."
    )]
    Superseded {
        /// What was changed.
        what: String,
        /// ` of “Name”`, where it is of a node.
        of: String,
        /// The node that it is of.
        node: Option<NodeId>,
        /// The version of the draft now.
        current: StreamVersion,
    },
    /// The draft that was compiled is no longer the draft.
    #[error("The draft was changed while it was checked. Look at it and publish again.")]
    DraftChanged {
        /// The version of the draft now.
        current: StreamVersion,
    },
    /// No version to execute.
    #[error("This workflow was never published. Publish it first.")]
    NotPublished,
}

impl WorkflowRejection {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exists => "workflow_exists",
            Self::Missing => "workflow_missing",
            Self::Archived => "workflow_archived",
            Self::Conflict { .. } => "edit_conflict",
            Self::Edit { fault, .. } | Self::Definition { fault } => fault.code(),
            Self::NeverSeen { .. } => "version_unknown",
            Self::GroupEnded => "group_ended",
            Self::TooManyEdits => "too_many_edits",
            Self::TooLarge => "too_large",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NothingToRedo => "nothing_to_redo",
            Self::Superseded { .. } => "superseded",
            Self::DraftChanged { .. } => "draft_changed",
            Self::NotPublished => "not_published",
        }
    }

    /// The path to the refused field.
    pub fn field(&self) -> Vec<String> {
        match self {
            Self::Edit { edit, fault } => {
                let part = fault.field().map(str::to_owned);
                ["edits".to_owned(), edit.to_string()].into_iter().chain(part).collect()
            }
            Self::Conflict { edit, .. } => vec!["edits".into(), edit.to_string()],
            Self::Definition { fault } => fault.field().map(str::to_owned).into_iter().collect(),
            Self::NeverSeen { .. } => vec!["seen".into()],
            Self::GroupEnded => vec!["groupId".into()],
            Self::TooManyEdits | Self::TooLarge => vec!["edits".into()],
            Self::DraftChanged { .. } => vec!["draftVersion".into()],
            Self::Exists
            | Self::Missing
            | Self::Archived
            | Self::NothingToUndo
            | Self::NothingToRedo
            | Self::Superseded { .. }
            | Self::NotPublished => vec![],
        }
    }

    /// The version of the draft now and the node in question, where this is a lost race with another person.
    pub fn conflict(&self) -> Option<(StreamVersion, Option<NodeId>)> {
        match self {
            Self::Conflict { current, node, .. } | Self::Superseded { current, node, .. } => Some((*current, *node)),
            Self::DraftChanged { current } => Some((*current, None)),
            _ => None,
        }
    }
}
