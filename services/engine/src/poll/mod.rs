//! Triggers that look something up at their times and begin an execution when there is something new.
//!
//! What a trigger has seen is the data of its timer: the append that begins an execution with what is new uses the timer up and sets
//! it again with what is seen by then, so that nothing is handed on twice, whoever dies and however many processes look. To add such a
//! trigger, implement [`Poll`] in the file of its kind and give it as [`Trigger::Poll`](crate::Trigger::Poll).

mod memory;
mod times;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;
use weft_model::{CorrelationId, CredentialId, ExecutionId, NodeId, TenantId, WorkflowId};
use weft_nodes::NodeError;
use weft_value::Item;

use crate::action::Services;
use crate::clock::Clock;
use crate::credentials::{self, CredentialUse, Opened};
use crate::files::StepFiles;
use crate::remote;

pub(crate) use memory::{Memory, remembers};
pub use times::PollTimes;

/// A node of a kind that polls, compiled.
#[async_trait]
pub trait Poll: Send + Sync {
    /// When it looks.
    fn times(&self) -> &PollTimes;

    /// What it looks at. What was seen of one source says nothing about another one.
    fn source(&self) -> String;

    /// Looks once. It is given up after a minute, after half of one where somebody tries it out, and what it keeps in memory is bounded by its kind.
    async fn look(&self, at: &Look<'_>) -> Result<Found, NodeError>;

    /// Does what [`Found::owes`] said is to be done once an execution has begun, and gives what is remembered then. It may be asked
    /// for twice, and where it cannot be done now, the next look does it.
    async fn settle(&self, _at: &Look<'_>, memory: Json) -> Result<Json, NodeError> {
        Ok(memory)
    }
}

/// One look: for whom, when, and what is known already.
pub struct Look<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The workflow.
    pub workflow: WorkflowId,
    /// The trigger.
    pub node: NodeId,
    /// The execution that begins if there is something new.
    pub execution: ExecutionId,
    /// What caused the look.
    pub correlation: CorrelationId,
    /// When it began.
    pub now: Timestamp,
    /// The time zone of the workflow.
    pub zone: &'a TimeZone,
    /// What it acts through.
    pub services: &'a Services,
    /// What is known already.
    pub known: Known,
    pub(crate) clock: &'a dyn Clock,
}

/// What a trigger knows when it looks.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// Somebody tries it out: it gives the newest there is, and changes nothing.
    Trial,
    /// It has never looked since it was activated, which was then: what is older is nothing new.
    Since(Timestamp),
    /// What the look before this one remembered.
    Seen(Json),
}

/// What a look found.
#[derive(Debug, Default)]
pub struct Found {
    /// What is new; an execution begins with it, if there is anything.
    pub items: Vec<Item>,
    /// What the next look knows; a few kilobytes, and nothing that is secret.
    pub memory: Json,
    /// Something is to be done once the execution has begun.
    pub owes: bool,
}

impl Look<'_> {
    /// Opens a credential of the node. One that is not of the `types` that the kind can sign in with is refused.
    pub async fn credential(&self, credential: Option<CredentialId>, types: &[&str]) -> Result<Opened, NodeError> {
        let credential = remote::chosen(credential)?;
        let asked = CredentialUse {
            tenant: self.tenant,
            workflow: self.workflow,
            node: self.node,
            execution: self.execution,
            correlation: self.correlation,
            credential,
        };
        let opened = credentials::open(self.services, self.clock, asked, types).await;
        opened.map_err(|error| error.in_field("credential"))
    }

    /// The files of the tenant.
    pub fn files(&self) -> StepFiles {
        StepFiles::new(self.tenant, self.services.files.clone())
    }

    /// Whether somebody tries the trigger out.
    pub fn is_trial(&self) -> bool {
        self.known == Known::Trial
    }
}
