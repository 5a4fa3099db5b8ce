//! What is recorded of an execution's steps.

use indexmap::IndexMap;
use jiff::Timestamp;

use super::{Awaited, ExecutionEvent, ExecutionRejection, Part, QueueExecution, Source, StepError, StepKey};
use crate::{NodeId, SignalId, StreamVersion, TimerId};

/// The recorded steps of an execution, in the order in which each was first heard of.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    queued: QueueExecution,
    version: StreamVersion,
    steps: IndexMap<(NodeId, u32), Step>,
}

/// One iteration of a node: its newest attempt and how far that came.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The newest attempt, from 1.
    pub attempt: u32,
    /// The node's kind and version.
    pub kind: String,
    /// Where its items come from, one entry an input.
    pub sources: Vec<Option<Source>>,
    /// How far the attempt came.
    pub state: StepState,
}

/// How far the newest attempt of a step came.
#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// It may have touched the outside world.
    Started {
        /// When it began; `$now` of the step.
        at: Timestamp,
    },
    /// It waits for a timer.
    Waiting {
        /// The timer.
        timer: TimerId,
        /// When the wait ends.
        until: Timestamp,
    },
    /// It waits for a signal.
    Awaiting {
        /// The signal.
        signal: SignalId,
        /// Who sends it.
        awaited: Awaited,
        /// The timer that ends the wait.
        timer: TimerId,
        /// When the wait ends without it.
        until: Option<Timestamp>,
    },
    /// The signal came and its outcome is not recorded yet.
    Signalled {
        /// The version of the event whose payload holds what it brought.
        recorded: StreamVersion,
        /// What it brought.
        output: Vec<Part>,
    },
    /// Its wait ended and its outcome is not recorded yet.
    Resumed,
    /// It gave items.
    Succeeded {
        /// The version of the event whose payload holds the items.
        recorded: StreamVersion,
        /// The items, one list per output.
        output: Vec<Part>,
        /// What the node keeps for its next iteration.
        context: Option<Part>,
    },
    /// It gave an error.
    Failed {
        /// Which.
        error: StepError,
        /// When the next attempt begins, where there is one.
        retry_at: Option<Timestamp>,
    },
    /// Nobody knows how it ended.
    Unknown,
}

impl StepState {
    /// Whether an outcome is still to come from this attempt.
    fn is_open(&self) -> bool {
        match self {
            Self::Started { .. }
            | Self::Waiting { .. }
            | Self::Awaiting { .. }
            | Self::Signalled { .. }
            | Self::Resumed => true,
            Self::Succeeded { .. } | Self::Failed { .. } | Self::Unknown => false,
        }
    }

    /// Whether nothing happens until its timer fires or its signal comes.
    fn is_waiting(&self) -> bool {
        matches!(self, Self::Waiting { .. } | Self::Awaiting { .. })
    }

    /// Whether another attempt may follow this one: it failed and will be retried, or its process died on the way.
    fn allows_another(&self) -> bool {
        matches!(self, Self::Started { .. } | Self::Unknown | Self::Failed { retry_at: Some(_), .. })
    }

    /// Whether the execution may succeed with a step in this state.
    fn is_settled(&self) -> bool {
        matches!(self, Self::Succeeded { .. })
    }
}

impl Progress {
    /// What was asked for.
    pub fn queued(&self) -> &QueueExecution {
        &self.queued
    }

    /// The version of the stream.
    pub fn version(&self) -> StreamVersion {
        self.version
    }

    /// Every step, in the order in which each was first heard of.
    pub fn steps(&self) -> impl Iterator<Item = (NodeId, u32, &Step)> {
        self.steps.iter().map(|((node, iteration), step)| (*node, *iteration, step))
    }

    /// One iteration of one node.
    pub fn step(&self, node: NodeId, iteration: u32) -> Option<&Step> {
        self.steps.get(&(node, iteration))
    }

    /// Whether some step waits for a timer or a signal and no other one is open.
    pub(super) fn only_waits(&self) -> bool {
        let mut open = self.steps.values().filter(|step| step.state.is_open()).peekable();
        open.peek().is_some() && open.all(|step| step.state.is_waiting())
    }

    pub(super) fn begin(event: &ExecutionEvent) -> Option<Self> {
        let ExecutionEvent::Queued {
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
        } = event
        else {
            return None;
        };
        let queued = QueueExecution {
            workflow: *workflow,
            workflow_name: workflow_name.clone(),
            version: *version,
            mode: *mode,
            trigger: *trigger,
            trigger_kind: trigger_kind.clone(),
            output: output.clone(),
            retry_of: *retry_of,
            parent: *parent,
            partial: *partial,
            at: *at,
        };
        Some(Self { queued, version: StreamVersion(1), steps: IndexMap::new() })
    }

    pub(super) fn count_event(&mut self) {
        self.version.0 += 1;
    }

    pub(super) fn evolve(&mut self, event: &ExecutionEvent) {
        self.count_event();
        let recorded = self.version;
        match event {
            ExecutionEvent::StepStarted { step, kind, sources, at } => {
                self.put(*step, kind, sources, StepState::Started { at: *at });
            }
            ExecutionEvent::StepWaiting { step, kind, sources, timer, until, at: _ } => {
                self.put(*step, kind, sources, StepState::Waiting { timer: *timer, until: *until });
            }
            ExecutionEvent::StepAwaits { step, kind, sources, signal, awaited, timer, until, .. } => {
                let (signal, awaited, timer, until) = (*signal, *awaited, *timer, *until);
                let state = StepState::Awaiting { signal, awaited, timer, until };
                self.put(*step, kind, sources, state);
            }
            ExecutionEvent::StepSignalled { step, output, .. } => {
                self.set(*step, StepState::Signalled { recorded, output: output.clone() });
            }
            ExecutionEvent::StepSucceeded { step, kind, sources, output, context, .. }
            | ExecutionEvent::StepReused { step, kind, sources, output, context, .. } => {
                let state = StepState::Succeeded { recorded, output: output.clone(), context: *context };
                self.put(*step, kind, sources, state);
            }
            ExecutionEvent::StepFailed { step, kind, sources, error, retry_at, .. } => {
                self.put(*step, kind, sources, StepState::Failed { error: error.clone(), retry_at: *retry_at });
            }
            ExecutionEvent::StepResumed { step, .. } => self.set(*step, StepState::Resumed),
            ExecutionEvent::StepOutcomeUnknown { step, .. } => self.set(*step, StepState::Unknown),
            ExecutionEvent::Queued { .. }
            | ExecutionEvent::Started { .. }
            | ExecutionEvent::Adopted { .. }
            | ExecutionEvent::Succeeded { .. }
            | ExecutionEvent::Failed { .. }
            | ExecutionEvent::Cancelled { .. } => {}
        }
    }

    fn put(&mut self, key: StepKey, kind: &str, sources: &[Option<Source>], state: StepState) {
        let step = Step { attempt: key.attempt, kind: kind.to_owned(), sources: sources.to_vec(), state };
        self.steps.insert((key.node, key.iteration), step);
    }

    fn set(&mut self, key: StepKey, state: StepState) {
        if let Some(step) = self.steps.get_mut(&(key.node, key.iteration)) {
            step.state = state;
        }
    }

    /// Whether the owner may record `event` now.
    pub(super) fn admit(&self, event: &ExecutionEvent) -> Result<(), ExecutionRejection> {
        let (step, allowed) = match event {
            ExecutionEvent::StepStarted { step, .. } => (step, self.is_next(step)),
            ExecutionEvent::StepReused { step, .. } => (step, self.is_unheard_of(step)),
            ExecutionEvent::StepSucceeded { step, .. }
            | ExecutionEvent::StepFailed { step, .. }
            | ExecutionEvent::StepWaiting { step, .. }
            | ExecutionEvent::StepAwaits { step, .. } => (step, self.is_open(step) || self.is_next(step)),
            ExecutionEvent::StepOutcomeUnknown { step, .. } => (step, self.is_open(step)),
            ExecutionEvent::StepResumed { step, timer, .. } => (step, self.waits_for(step, *timer)),
            ExecutionEvent::StepSignalled { step, signal, .. } => return self.admit_signal(step, *signal),
            ExecutionEvent::Succeeded { .. } => return self.all_settled(),
            ExecutionEvent::Failed { .. } => return Ok(()),
            ExecutionEvent::Queued { .. }
            | ExecutionEvent::Started { .. }
            | ExecutionEvent::Adopted { .. }
            | ExecutionEvent::Cancelled { .. } => {
                return Err(ExecutionRejection::NotAReport { wire_name: event.wire_name() });
            }
        };
        if allowed { Ok(()) } else { Err(ExecutionRejection::LateReport { step: *step }) }
    }

    /// Whether this attempt is the one that is open.
    fn is_open(&self, key: &StepKey) -> bool {
        self.step(key.node, key.iteration).is_some_and(|step| step.attempt == key.attempt && step.state.is_open())
    }

    /// Whether this attempt is the one that may begin now. A step that touches nothing outside has a start of its own only if it
    /// takes long, so its outcome may be the first that is heard of it.
    fn is_next(&self, key: &StepKey) -> bool {
        match self.step(key.node, key.iteration) {
            None => key.attempt == 1,
            Some(step) => step.state.allows_another() && Some(key.attempt) == step.attempt.checked_add(1),
        }
    }

    /// Whether nothing is recorded of the step: only then may what an earlier execution recorded stand for it.
    fn is_unheard_of(&self, key: &StepKey) -> bool {
        key.attempt == 1 && self.step(key.node, key.iteration).is_none()
    }

    fn waits_for(&self, key: &StepKey, timer: TimerId) -> bool {
        self.step(key.node, key.iteration).is_some_and(|step| {
            step.attempt == key.attempt
                && match step.state {
                    StepState::Waiting { timer: awaited, .. } => awaited == timer,
                    StepState::Awaiting { timer: awaited, until, .. } => until.is_some() && awaited == timer,
                    _ => false,
                }
        })
    }

    /// Whether the step waits for this signal: a second one, one after the deadline and one before its time are refused.
    pub(super) fn admit_signal(&self, key: &StepKey, signal: SignalId) -> Result<(), ExecutionRejection> {
        let waits = self.step(key.node, key.iteration).is_some_and(|step| {
            step.attempt == key.attempt
                && matches!(step.state, StepState::Awaiting { signal: awaited, .. } if awaited == signal)
        });
        if waits { Ok(()) } else { Err(ExecutionRejection::LateSignal { signal }) }
    }

    fn all_settled(&self) -> Result<(), ExecutionRejection> {
        let unfinished = self.steps.iter().find(|(_, step)| !step.state.is_settled());
        unfinished.map_or(Ok(()), |((node, _), _)| Err(ExecutionRejection::Unfinished { node: *node }))
    }
}
