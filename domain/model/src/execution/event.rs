//! What can happen to an execution.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::wire::wire_names;
use crate::{ExecutionId, NodeId, SignalId, TimerId, WorkerId, WorkflowId};

/// A fact about one execution. Items are in the payload of the append; an event holds their [`Part`] and counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all_fields = "camelCase")]
pub enum ExecutionEvent {
    /// It was accepted: from now on it will end, whatever happens.
    #[serde(rename = "execution.queued.v2")]
    Queued {
        /// The workflow.
        workflow: WorkflowId,
        /// The workflow's name at that time.
        workflow_name: String,
        /// What exactly is executed.
        version: ExecutedVersion,
        /// Who asked for it.
        mode: ExecutionMode,
        /// The node that starts it.
        trigger: NodeId,
        /// That node's kind and version, `webhook@1`.
        trigger_kind: String,
        /// The trigger's items, one list per output.
        output: Vec<Part>,
        /// The execution that this one repeats.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_of: Option<ExecutionId>,
        /// The step of another execution that asked for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<Parent>,
        /// How much of the graph is executed, where that is not all of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        partial: Option<Partial>,
        /// When it was queued, by the clock of the process that accepted it.
        at: Timestamp,
    },
    /// A worker began it.
    #[serde(rename = "execution.started.v1")]
    Started {
        /// The worker.
        worker: WorkerId,
        /// Grows with every owner; 1 is the first.
        epoch: u32,
        /// What `$now` is for the whole execution's first step and the seed of all randomness in it.
        seed: u64,
        /// When.
        at: Timestamp,
    },
    /// Another worker took it over from a dead one.
    #[serde(rename = "execution.adopted.v1")]
    Adopted {
        /// The new worker.
        worker: WorkerId,
        /// One more than the last epoch.
        epoch: u32,
        /// When.
        at: Timestamp,
    },
    /// The intent to touch the outside world; durable before it is touched.
    #[serde(rename = "execution.step_started.v1")]
    StepStarted {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The node's kind and version, `httpRequest@1`.
        kind: String,
        /// Where its items come from.
        sources: Vec<Option<Source>>,
        /// When; also `$now` of the step.
        at: Timestamp,
    },
    /// It gave its items.
    #[serde(rename = "execution.step_succeeded.v1")]
    StepSucceeded {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The node's kind and version.
        kind: String,
        /// Where its items came from, one entry an input.
        sources: Vec<Option<Source>>,
        /// Its items, one list per output.
        output: Vec<Part>,
        /// When it began; also `$now` of the step.
        started_at: Timestamp,
        /// How long it took, in microseconds.
        duration_us: u64,
        /// How long code of the tenant ran in it, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code_ms: Option<u64>,
        /// What its code printed: a part that holds a list of lines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<Part>,
        /// The error that it carried on from, where its settings say so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        continued_after: Option<StepError>,
        /// State that the node keeps for its next iteration: a part that holds one value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        context: Option<Part>,
    },
    /// It was not executed: what an earlier execution recorded of it stands for it.
    #[serde(rename = "execution.step_reused.v1")]
    StepReused {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The node's kind and version.
        kind: String,
        /// Where its items came from, one entry an input.
        sources: Vec<Option<Source>>,
        /// Its items, one list per output, written once more: they last as long as this execution.
        output: Vec<Part>,
        /// The error that it carried on from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        continued_after: Option<StepError>,
        /// State that the node keeps for its next iteration.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        context: Option<Part>,
        /// The execution that executed it.
        from: ExecutionId,
        /// When it was taken over.
        at: Timestamp,
    },
    /// It gave an error.
    #[serde(rename = "execution.step_failed.v1")]
    StepFailed {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The node's kind and version.
        kind: String,
        /// Where its items came from.
        sources: Vec<Option<Source>>,
        /// What went wrong.
        error: StepError,
        /// When it began.
        started_at: Timestamp,
        /// How long it took, in microseconds.
        duration_us: u64,
        /// How long code of the tenant ran in it, in milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code_ms: Option<u64>,
        /// What its code printed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<Part>,
        /// When the next attempt begins, where there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_at: Option<Timestamp>,
    },
    /// It touched the outside world and its process died: nobody knows how it ended. A person decides.
    #[serde(rename = "execution.step_outcome_unknown.v1")]
    StepOutcomeUnknown {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// When this was found.
        at: Timestamp,
    },
    /// It waits for a moment.
    #[serde(rename = "execution.step_waiting.v1")]
    StepWaiting {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The node's kind and version.
        kind: String,
        /// Where its items come from.
        sources: Vec<Option<Source>>,
        /// The timer that ends the wait.
        timer: TimerId,
        /// When the wait ends.
        until: Timestamp,
        /// When it began.
        at: Timestamp,
    },
    /// It waits for a signal: for something else than a moment.
    #[serde(rename = "execution.step_awaits.v1")]
    StepAwaits {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The node's kind and version.
        kind: String,
        /// Where its items come from.
        sources: Vec<Option<Source>>,
        /// The signal.
        signal: SignalId,
        /// Who sends it.
        awaited: Awaited,
        /// What whoever sends it has to know: a part that holds one value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        details: Option<Part>,
        /// The timer that stands for the wait, and ends it at `until`.
        timer: TimerId,
        /// When the wait ends without a signal.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// When it began.
        at: Timestamp,
    },
    /// The signal came; the step goes on with what it brought.
    #[serde(rename = "execution.step_signalled.v1")]
    StepSignalled {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The signal.
        signal: SignalId,
        /// What it brought, one list of items; none where the sender keeps them, as an execution that has ended does.
        output: Vec<Part>,
        /// When.
        at: Timestamp,
    },
    /// The wait ended by its timer; the step goes on.
    #[serde(rename = "execution.step_resumed.v1")]
    StepResumed {
        /// Which step.
        #[serde(flatten)]
        step: StepKey,
        /// The timer that ended the wait.
        timer: TimerId,
        /// When.
        at: Timestamp,
    },
    /// Every branch ended.
    #[serde(rename = "execution.succeeded.v1")]
    Succeeded {
        /// When.
        at: Timestamp,
    },
    /// It ended with an error.
    #[serde(rename = "execution.failed.v1")]
    Failed {
        /// What went wrong.
        error: StepError,
        /// When.
        at: Timestamp,
    },
    /// A person ended it.
    #[serde(rename = "execution.cancelled.v1")]
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

wire_names!(ExecutionEvent {
    Queued => "execution.queued.v2",
    Started => "execution.started.v1",
    Adopted => "execution.adopted.v1",
    StepStarted => "execution.step_started.v1",
    StepSucceeded => "execution.step_succeeded.v1",
    StepReused => "execution.step_reused.v1",
    StepFailed => "execution.step_failed.v1",
    StepOutcomeUnknown => "execution.step_outcome_unknown.v1",
    StepWaiting => "execution.step_waiting.v1",
    StepAwaits => "execution.step_awaits.v1",
    StepSignalled => "execution.step_signalled.v1",
    StepResumed => "execution.step_resumed.v1",
    Succeeded => "execution.succeeded.v1",
    Failed => "execution.failed.v1",
    Cancelled => "execution.cancelled.v1",
});

/// One attempt of one iteration of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepKey {
    /// The node.
    pub node: NodeId,
    /// Which time the node runs in this execution, from 0 (`$runIndex`).
    pub iteration: u32,
    /// From 1.
    pub attempt: u32,
}

/// Who sends the signal that a step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Awaited {
    /// Another execution, by its end.
    Execution {
        /// Which.
        execution: ExecutionId,
    },
    /// Whoever calls the address of the execution.
    Call,
}

/// The step that asked for an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Parent {
    /// Its execution.
    pub execution: ExecutionId,
    /// Its node.
    pub node: NodeId,
    /// Which time the node ran.
    pub iteration: u32,
    /// The item that it asked for it with; nothing where it asked once for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The signal that the end of the execution is; nothing where nobody waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<SignalId>,
    /// How many executions are above: 1 under one that a trigger began.
    pub depth: u32,
}

/// How much of its graph an execution executes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Partial {
    /// The node at which it ends: only what leads to it is executed.
    pub until: NodeId,
    /// The execution of the same workflow whose steps stand for those that nothing has changed for since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reuses: Option<ExecutionId>,
}

/// The graph that an execution executes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "number")]
pub enum ExecutedVersion {
    /// A published version, by its number.
    Published(u32),
    /// The draft, as of this version of the workflow's stream.
    Draft(u32),
}

/// Who asked for an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionMode {
    /// A person in the editor.
    Manual,
    /// One call of a test address while the editor listens.
    Test,
    /// A trigger of the published version.
    Production,
}

/// A list in the payload of the same append.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its place in the payload, from 0.
    pub part: u32,
    /// How many items it has.
    pub count: u32,
}

/// The output that an input's items came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The node.
    pub node: NodeId,
    /// Which iteration of it.
    pub iteration: u32,
    /// Which output of it.
    pub port: u16,
}

/// What went wrong in a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepError {
    /// A word for programs: `expression`, `http_status`, `memory_limit`, …
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// What else is known, what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The node it happened in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// The item it happened at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<u32>,
    /// The parameter it happened in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What caused it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
}

impl StepError {
    /// An error that is tied to no node.
    pub fn of(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            description: None,
            node: None,
            item: None,
            field: None,
            causes: Vec::new(),
        }
    }
}
