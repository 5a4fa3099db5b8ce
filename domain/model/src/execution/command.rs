//! What may be asked of an execution.

use jiff::Timestamp;

use super::{ExecutedVersion, ExecutionEvent, ExecutionMode, Parent, Part, Partial, StepKey};
use crate::{ExecutionId, NodeId, SignalId, WorkerId, WorkflowId};

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub enum ExecutionCommand {
    /// Accept it.
    Queue(QueueExecution),
    /// Begin it.
    Start {
        /// The worker that owns it from now on.
        worker: WorkerId,
        /// The seed of all randomness in it.
        seed: u64,
        /// When.
        at: Timestamp,
    },
    /// Take it over from a dead worker.
    Adopt {
        /// The worker that owns it from now on.
        worker: WorkerId,
        /// When.
        at: Timestamp,
    },
    /// Record what its worker did. Names step and attempt, so that a late one is rejected.
    Report {
        /// The epoch in which the worker owned it.
        epoch: u32,
        /// What happened.
        event: Box<ExecutionEvent>,
    },
    /// Let a step go on with what a signal brings. Whoever sends it does not own the execution.
    Signal {
        /// The step that waits for it.
        step: StepKey,
        /// The signal.
        signal: SignalId,
        /// What it brings.
        output: Vec<Part>,
        /// When.
        at: Timestamp,
    },
    /// End it now.
    Cancel {
        /// When.
        at: Timestamp,
    },
}

/// What an execution is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueExecution {
    /// The workflow.
    pub workflow: WorkflowId,
    /// Its name now.
    pub workflow_name: String,
    /// What exactly is executed.
    pub version: ExecutedVersion,
    /// Who asked for it.
    pub mode: ExecutionMode,
    /// The node that starts it.
    pub trigger: NodeId,
    /// That node's kind and version, `webhook@1`.
    pub trigger_kind: String,
    /// The trigger's items, one list per output.
    pub output: Vec<Part>,
    /// The execution that it repeats.
    pub retry_of: Option<ExecutionId>,
    /// The step that asked for it.
    pub parent: Option<Parent>,
    /// How much of the graph is executed, where that is not all of it.
    pub partial: Option<Partial>,
    /// When it was asked for.
    pub at: Timestamp,
}
