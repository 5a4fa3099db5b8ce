//! What the public contract needs of the rest of the house. `services/api` implements these traits over the log, the engine
//! and the catalogue; tests implement them in memory. Nothing in here knows GraphQL.

mod catalogue;
mod commands;
mod credentials;
mod executions;
mod reading;

use std::sync::Arc;

use weft_model::{NodeId, Position, StreamVersion};

pub use catalogue::{Catalogue, Problem, Severity, Webhook};
pub use commands::{
    AddMember, Commands, Converted, EditWorkflow, ImportEntry, ImportOutcome, ImportWorkflow, Imported, ImportedFile,
    ImportedVariables, NodeSettings, WorkflowEdit,
};
pub use credentials::{
    CredentialToTest, CredentialUpdate, Credentials, GivenField, NewCredential, SecretText, ShownField, TestCredential,
    TestedCredential,
};
pub use executions::{Execute, Executions, ExpressionBlock, Listening, Preview, Previewed};
pub use reading::{Chunk, Clock, Events, Freshness, Grown, LiveEvent, Parts, Payloads, People, Person};

/// Everything that [`crate::schema`] is given.
#[derive(Clone)]
pub struct Ports {
    /// Decisions.
    pub commands: Arc<dyn Commands>,
    /// Work.
    pub executions: Arc<dyn Executions>,
    /// Node kinds, and what is checked with them.
    pub catalogue: Arc<dyn Catalogue>,
    /// Names and addresses of people.
    pub people: Arc<dyn People>,
    /// The items that flowed.
    pub payloads: Arc<dyn Payloads>,
    /// What may be shown of credentials.
    pub credentials: Arc<dyn Credentials>,
    /// The tenant's log, as far as subscriptions read it.
    pub events: Arc<dyn Events>,
    /// How far the read side is.
    pub freshness: Arc<dyn Freshness>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Something failed on our side. It was logged where it happened; the message that a client sees names the correlation id alone.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database or a runner is away; trying again may help.
    #[error("The database cannot be reached right now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else.
    #[error("something failed on our side")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A command's effect and the position that a later query may wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done<T> {
    /// What it made or changed.
    pub value: T,
    /// The position of its last event.
    pub position: Position,
}

/// Why a command had no effect.
#[derive(Debug)]
pub enum Refusal {
    /// A rule of the domain refused it.
    Rejected(Rejected),
    /// Somebody else changed the same thing after `seen`.
    EditConflict {
        /// What was rejected.
        rejected: Rejected,
        /// The node that it is about.
        node: Option<NodeId>,
        /// The draft's version now.
        current: StreamVersion,
    },
    /// The draft cannot be published as it is.
    PublishRefused(Vec<Problem>),
    /// Too much work at once.
    Overloaded {
        /// When to try again, in milliseconds.
        retry_after_ms: u64,
    },
    /// It does not exist in this tenant.
    NotFound,
    /// Our failure, not the caller's.
    Fault(Fault),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A rule and the input that broke it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// A word for programs: `name_taken`, `unknown_node`, …
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The path of the input's field, `["input", "name"]`, where it is about one.
    pub field: Option<Vec<String>>,
}

/// What a command gives.
pub type Outcome<T> = Result<Done<T>, Refusal>;
