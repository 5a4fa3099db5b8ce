//! Expected refusals: a rule said no, nothing was changed, and the sentence says what to do.

use thiserror::Error;

use crate::credential::CredentialRejection;
use crate::execution::ExecutionRejection;
use crate::limits::{NameFault, PlainFault};
use crate::member::MemberRejection;
use crate::tenant::TenantRejection;
use crate::variable::VariableRejection;
use crate::workflow::WorkflowRejection;

/// A refusal by whichever aggregate. Its text is for people, [`code`](Self::code) for programs, [`field`](Self::field) for
/// the form that was filled in.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Rejection {
    /// By a tenant.
    #[error(transparent)]
    Tenant(#[from] TenantRejection),
    /// By a member.
    #[error(transparent)]
    Member(#[from] MemberRejection),
    /// By a workflow.
    #[error(transparent)]
    Workflow(#[from] WorkflowRejection),
    /// By an execution.
    #[error(transparent)]
    Execution(#[from] ExecutionRejection),
    /// By a variable.
    #[error(transparent)]
    Variable(#[from] VariableRejection),
    /// By a credential.
    #[error(transparent)]
    Credential(#[from] CredentialRejection),
}

impl Rejection {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Tenant(rejection) => rejection.code(),
            Self::Member(rejection) => rejection.code(),
            Self::Workflow(rejection) => rejection.code(),
            Self::Execution(rejection) => rejection.code(),
            Self::Variable(rejection) => rejection.code(),
            Self::Credential(rejection) => rejection.code(),
        }
    }

    /// The path to the field of the command that was refused; empty where it is the command as a whole.
    pub fn field(&self) -> Vec<String> {
        match self {
            Self::Tenant(rejection) => rejection.field(),
            Self::Workflow(rejection) => rejection.field(),
            Self::Variable(rejection) => rejection.field(),
            Self::Credential(rejection) => rejection.field(),
            Self::Member(_) | Self::Execution(_) => Vec::new(),
        }
    }
}

impl NameFault {
    /// A word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "name_empty",
            Self::TooLong { .. } => "name_too_long",
            Self::Control | Self::Direction => "name_invalid",
        }
    }
}

impl PlainFault {
    /// A word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "value_too_large",
            Self::TooDeep => "value_too_deep",
            Self::NotJson => "value_not_json",
        }
    }
}
