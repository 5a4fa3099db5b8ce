//! An execution: one run of a workflow's graph, from its trigger to its end.
//!
//! The engine appends natively and keeps the state in memory; what it appends must be what [`Execution`] would decide, and
//! after a crash it goes on from the fold of the recorded events.

mod command;
mod event;
mod progress;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::*;
pub use progress::*;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{Decider, NodeId, SignalId, WorkerId};

/// An execution as its decisions see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Execution {
    /// Nothing happened yet.
    #[default]
    Absent,
    /// It was accepted and nobody began it.
    Queued(Box<Progress>),
    /// A worker owns it.
    Running(Box<Progress>, Owner),
    /// It ended and nothing can happen to it any longer.
    Ended(Box<Progress>, Outcome),
}

/// Who makes an execution progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The worker.
    pub worker: WorkerId,
    /// Grows with every owner; 1 is the first.
    pub epoch: u32,
    /// The seed of all randomness in the execution.
    pub seed: u64,
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every branch ended.
    Succeeded,
    /// With an error.
    Failed(StepError),
    /// By a person.
    Cancelled,
}

/// What people see of an execution's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionStatus {
    /// Accepted, not begun.
    Queued,
    /// A worker is at it.
    Running,
    /// A step waits for a moment or a signal, and nothing else is to be done.
    Waiting,
    /// Every branch ended.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// A person ended it.
    Cancelled,
}

/// Why an execution says no.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExecutionRejection {
    /// It was accepted before.
    #[error("This execution exists already.")]
    Exists,
    /// It was never accepted.
    #[error("There is no such execution.")]
    Missing,
    /// Nobody began it.
    #[error("This execution has not begun yet.")]
    NotStarted,
    /// Somebody began it before.
    #[error("This execution has begun already.")]
    Started,
    /// Nothing can happen to it any longer.
    #[error("This execution ended before; nothing was changed.")]
    Ended,
    /// Only what ended badly is repeated.
    #[error("Only an execution that failed or was cancelled can be retried. Execute the workflow again instead.")]
    NotRetryable,
    /// Another worker took it over.
    #[error("The report is of epoch {epoch} and another worker owns the execution since epoch {current}.")]
    StaleOwner {
        /// The reporter's.
        epoch: u32,
        /// The owner's.
        current: u32,
    },
    /// The attempt is not the one that is open.
    #[error(
        "The report on attempt {} of iteration {} of node {} comes too late, or before its time.",
        .step.attempt, .step.iteration, .step.node
    )]
    LateReport {
        /// What was reported on.
        step: StepKey,
    },
    /// The step does not wait for it.
    #[error("Nobody waits for the signal {signal}: it was given before, its time is over, or it is not its time yet.")]
    LateSignal {
        /// The signal.
        signal: SignalId,
    },
    /// A step has no outcome yet.
    #[error("Node {node} has not ended yet, so the execution has not succeeded.")]
    Unfinished {
        /// The node.
        node: NodeId,
    },
    /// Only what a worker does is reported.
    #[error("The event {wire_name} is not a worker's to report.")]
    NotAReport {
        /// What was reported.
        wire_name: &'static str,
    },
}

impl ExecutionRejection {
    /// A word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Exists => "execution_exists",
            Self::Missing => "execution_missing",
            Self::NotStarted => "execution_not_started",
            Self::Started => "execution_started",
            Self::Ended => "execution_ended",
            Self::NotRetryable => "execution_not_retryable",
            Self::StaleOwner { .. } => "stale_owner",
            Self::LateReport { .. } => "late_report",
            Self::LateSignal { .. } => "late_signal",
            Self::Unfinished { .. } => "execution_unfinished",
            Self::NotAReport { .. } => "not_a_report",
        }
    }
}

impl Execution {
    /// What people see; `None` where nothing happened yet.
    pub fn status(&self) -> Option<ExecutionStatus> {
        Some(match self {
            Self::Absent => return None,
            Self::Queued(_) => ExecutionStatus::Queued,
            Self::Running(progress, _) if progress.only_waits() => ExecutionStatus::Waiting,
            Self::Running(..) => ExecutionStatus::Running,
            Self::Ended(_, Outcome::Succeeded) => ExecutionStatus::Succeeded,
            Self::Ended(_, Outcome::Failed(_)) => ExecutionStatus::Failed,
            Self::Ended(_, Outcome::Cancelled) => ExecutionStatus::Cancelled,
        })
    }

    /// What is recorded of it; `None` where nothing happened yet.
    pub fn progress(&self) -> Option<&Progress> {
        match self {
            Self::Absent => None,
            Self::Queued(progress) | Self::Running(progress, _) | Self::Ended(progress, _) => Some(progress),
        }
    }

    /// What a retry of it executes: the same version from the same trigger with the same items (which stand in the payload of
    /// this execution's first event). Only what failed or was cancelled is retried.
    pub fn retry(&self) -> Result<&QueueExecution, ExecutionRejection> {
        match self {
            Self::Absent => Err(ExecutionRejection::Missing),
            Self::Ended(progress, Outcome::Failed(_) | Outcome::Cancelled) => Ok(progress.queued()),
            Self::Queued(_) | Self::Running(..) | Self::Ended(_, Outcome::Succeeded) => {
                Err(ExecutionRejection::NotRetryable)
            }
        }
    }

    /// Whether the worker that owned it in `epoch` may record `event` now.
    pub fn admit(&self, epoch: u32, event: &ExecutionEvent) -> Result<(), ExecutionRejection> {
        match self {
            Self::Absent => Err(ExecutionRejection::Missing),
            Self::Queued(_) => Err(ExecutionRejection::NotStarted),
            Self::Ended(..) => Err(ExecutionRejection::Ended),
            Self::Running(_, owner) if owner.epoch != epoch => {
                Err(ExecutionRejection::StaleOwner { epoch, current: owner.epoch })
            }
            Self::Running(progress, _) => progress.admit(event),
        }
    }
}

impl Decider for Execution {
    type Command = ExecutionCommand;
    type Event = ExecutionEvent;
    type Rejection = ExecutionRejection;

    const NAME: &'static str = "execution";

    fn decide(&self, command: ExecutionCommand) -> Result<Vec<ExecutionEvent>, ExecutionRejection> {
        match (self, command) {
            (Self::Absent, ExecutionCommand::Queue(queue)) => Ok(vec![queue.into()]),
            (_, ExecutionCommand::Queue(_)) => Err(ExecutionRejection::Exists),
            (_, ExecutionCommand::Report { epoch, event }) => self.admit(epoch, &event).map(|()| vec![*event]),
            (Self::Absent, _) => Err(ExecutionRejection::Missing),
            (Self::Ended(..), _) => Err(ExecutionRejection::Ended),
            (Self::Queued(_), ExecutionCommand::Start { worker, seed, at }) => {
                Ok(vec![ExecutionEvent::Started { worker, epoch: 1, seed, at }])
            }
            (Self::Running(..), ExecutionCommand::Start { .. }) => Err(ExecutionRejection::Started),
            (Self::Queued(_), ExecutionCommand::Adopt { .. } | ExecutionCommand::Signal { .. }) => {
                Err(ExecutionRejection::NotStarted)
            }
            (Self::Running(_, owner), ExecutionCommand::Adopt { worker, at }) => {
                Ok(vec![ExecutionEvent::Adopted { worker, epoch: owner.epoch.saturating_add(1), at }])
            }
            (Self::Running(progress, _), ExecutionCommand::Signal { step, signal, output, at }) => {
                progress.admit_signal(&step, signal)?;
                Ok(vec![ExecutionEvent::StepSignalled { step, signal, output, at }])
            }
            (Self::Queued(_) | Self::Running(..), ExecutionCommand::Cancel { at }) => {
                Ok(vec![ExecutionEvent::Cancelled { at }])
            }
        }
    }

    fn evolve(&mut self, event: &ExecutionEvent) {
        *self = std::mem::take(self).after(event);
    }
}

impl Execution {
    fn after(self, event: &ExecutionEvent) -> Self {
        match self {
            Self::Absent => match Progress::begin(event) {
                Some(progress) => Self::Queued(Box::new(progress)),
                None => Self::Absent,
            },
            // What ended stays as it is: a zombie's event behind the end changes nothing.
            Self::Ended(mut progress, outcome) => {
                progress.count_event();
                Self::Ended(progress, outcome)
            }
            Self::Queued(mut progress) => {
                progress.evolve(event);
                match (Outcome::of(event), Owner::of(event, None)) {
                    (Some(outcome), _) => Self::Ended(progress, outcome),
                    (None, Some(owner)) => Self::Running(progress, owner),
                    (None, None) => Self::Queued(progress),
                }
            }
            Self::Running(mut progress, owner) => {
                progress.evolve(event);
                match Outcome::of(event) {
                    Some(outcome) => Self::Ended(progress, outcome),
                    None => Self::Running(progress, Owner::of(event, Some(owner)).unwrap_or(owner)),
                }
            }
        }
    }
}

impl Outcome {
    fn of(event: &ExecutionEvent) -> Option<Self> {
        match event {
            ExecutionEvent::Succeeded { .. } => Some(Self::Succeeded),
            ExecutionEvent::Failed { error, .. } => Some(Self::Failed(error.clone())),
            ExecutionEvent::Cancelled { .. } => Some(Self::Cancelled),
            ExecutionEvent::Queued { .. }
            | ExecutionEvent::Started { .. }
            | ExecutionEvent::Adopted { .. }
            | ExecutionEvent::StepStarted { .. }
            | ExecutionEvent::StepSucceeded { .. }
            | ExecutionEvent::StepReused { .. }
            | ExecutionEvent::StepFailed { .. }
            | ExecutionEvent::StepOutcomeUnknown { .. }
            | ExecutionEvent::StepWaiting { .. }
            | ExecutionEvent::StepAwaits { .. }
            | ExecutionEvent::StepSignalled { .. }
            | ExecutionEvent::StepResumed { .. } => None,
        }
    }
}

impl Owner {
    /// Who owns it after `event`, where the event says so.
    fn of(event: &ExecutionEvent, before: Option<Self>) -> Option<Self> {
        match *event {
            ExecutionEvent::Started { worker, epoch, seed, .. } => Some(Self { worker, epoch, seed }),
            ExecutionEvent::Adopted { worker, epoch, .. } => before.map(|owner| Self { worker, epoch, ..owner }),
            _ => None,
        }
    }
}

impl From<QueueExecution> for ExecutionEvent {
    fn from(queue: QueueExecution) -> Self {
        let QueueExecution {
            workflow,
            workflow_name,
            version,
            mode,
            trigger,
            trigger_kind,
            output,
            retry_of,
            parent,
            partial,
            at,
        } = queue;
        Self::Queued {
            workflow,
            workflow_name,
            version,
            mode,
            trigger,
            trigger_kind,
            output,
            retry_of,
            parent,
            partial,
            at,
        }
    }
}
