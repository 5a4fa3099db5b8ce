//! What is wrong with a draft, and where.

use async_graphql::{Enum, ID, SimpleObject};

use crate::id::plain;
use crate::ports;

/// How bad a problem is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Severity {
    /// It stands in the way of publishing.
    Error,
    /// It does not.
    Warning,
}

/// What is wrong with a draft, and where.
#[derive(SimpleObject)]
pub(crate) struct Problem {
    severity: Severity,
    code: String,
    message: String,
    node_id: Option<ID>,
    node_name: Option<String>,
    field: Option<String>,
    line: Option<i32>,
    column: Option<i32>,
    hint: Option<String>,
}

impl From<ports::Problem> for Problem {
    fn from(problem: ports::Problem) -> Self {
        Self {
            severity: match problem.severity {
                ports::Severity::Error => Severity::Error,
                ports::Severity::Warning => Severity::Warning,
            },
            code: problem.code,
            message: problem.message,
            node_id: problem.node.map(plain),
            node_name: problem.node_name,
            field: problem.field,
            line: problem.line.map(|line| line as i32),
            column: problem.column.map(|column| column as i32),
            hint: problem.hint,
        }
    }
}
