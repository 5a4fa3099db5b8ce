//! What stands in the way of publishing, with the node it is about.

use weft_model::NodeId;
pub use weft_nodes::Severity;

/// Something wrong with a workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whether it stands in the way.
    pub severity: Severity,
    /// A word for programs: `unknown_kind`, `dangling_edge`, `duplicate_name`, `expression`, …
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
    /// The node.
    pub node: Option<NodeId>,
    /// The node's name.
    pub node_name: Option<String>,
    /// The parameter, `assignments.assignments[0].value`; or what else of the node: `name`, `kind`, `edges`.
    pub field: Option<String>,
    /// The line in an expression, from 1.
    pub line: Option<u32>,
    /// The column in the line, from 1.
    pub column: Option<u32>,
    /// What may have been meant.
    pub hint: Option<String>,
}

impl Problem {
    /// An error about the whole workflow.
    pub(crate) fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            node: None,
            node_name: None,
            field: None,
            line: None,
            column: None,
            hint: None,
        }
    }

    /// An error about a node, in this field of it.
    pub(crate) fn at(
        code: &'static str,
        message: impl Into<String>,
        (node, name): (NodeId, &str),
        field: &str,
    ) -> Self {
        let (node, node_name, field) = (Some(node), Some(name.to_owned()), Some(field.to_owned()));
        Self { node, node_name, field, ..Self::error(code, message) }
    }

    /// It does not stand in the way.
    pub(crate) fn into_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// What a kind says about its parameters.
    pub(crate) fn of_parameters(problem: weft_nodes::Problem, node: NodeId, name: &str) -> Self {
        let weft_nodes::Problem { severity, code, message, field, line, column, hint } = problem;
        let (node, node_name) = (Some(node), Some(name.to_owned()));
        Self { severity, code, message, node, node_name, field, line, column, hint }
    }
}
