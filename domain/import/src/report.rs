//! What an import did, for the person who looks it over.

use serde::Serialize;

/// One thing that the person should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The node, by the name that it has now; nothing where it is about the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// What was done.
    pub outcome: Outcome,
    /// A sentence.
    pub message: String,
}

/// What was done with a part of a foreign workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// It has a counterpart that does the same.
    Mapped,
    /// It has none, and ours does what it does by default.
    Defaulted,
    /// Something else stands in its place.
    Replaced,
    /// It is not in the imported workflow.
    LeftOut,
}

impl Entry {
    pub(crate) fn of_workflow(outcome: Outcome, message: impl Into<String>) -> Self {
        Self { node: None, outcome, message: message.into() }
    }

    pub(crate) fn of_node(node: &str, outcome: Outcome, message: impl Into<String>) -> Self {
        Self { node: Some(node.to_owned()), outcome, message: message.into() }
    }
}
