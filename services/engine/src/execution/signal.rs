//! What a step may wait for, and how it goes on: the words between actions and whoever drives them.

use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use weft_event_log::LogFault;
use weft_model::execution::{Awaited, StepError, StepKey};
use weft_model::{ExecutionId, SignalId, WorkflowId};
use weft_nodes::NodeError;
use weft_value::Value;

use super::schedule::Items;
use super::view::ExecutionInfo;
use crate::clock::derived_id;

/// What a step waits for before it goes on. The action is then executed again, and finds what came of it in its
/// [`StepView`](super::StepView).
#[derive(Debug)]
pub enum WaitFor {
    /// A moment.
    Moment(Timestamp),
    /// A signal that somebody else sends with [`Engine::signal`](crate::Engine::signal).
    Signal(SignalWait),
    /// The end, or only the beginning, of another execution; what cannot even be asked for has failed.
    Execution(Result<Call, NodeError>),
}

/// A signal that a step waits for. The execution leaves memory at once.
#[derive(Debug)]
pub struct SignalWait {
    /// Who sends it.
    pub awaited: Awaited,
    /// What whoever sends it has to know; recorded like items.
    pub details: Value,
    /// When the wait ends without it.
    pub until: Option<Timestamp>,
}

/// Another execution that a step asks for.
#[derive(Clone, Debug)]
pub struct Call {
    /// The workflow, of the same tenant.
    pub workflow: WorkflowId,
    /// What it begins with.
    pub items: Items,
    /// The item that it is asked for with; nothing where it is asked for once.
    pub item: Option<u32>,
    /// How long the step waits.
    pub until: CallUntil,
}

/// How long a step waits for the execution that it asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallUntil {
    /// Until it is recorded.
    Begun,
    /// Until it has ended.
    Ended,
}

/// What came of an execution that a step asked for.
#[derive(Clone, Debug)]
pub enum CallEnd {
    /// It was begun, and nobody waits for more.
    Begun,
    /// It gave these items.
    Gave(Items),
    /// It failed, or could not be begun.
    Failed(NodeError),
}

/// How a step goes on that waited.
#[derive(Clone, Debug, Default)]
pub enum Resumed {
    /// It did not wait.
    #[default]
    No,
    /// The wait ended by its timer.
    Timer,
    /// The signal came and brought these items.
    Signal(Items),
}

impl Resumed {
    /// Whether there was a wait, and it is over.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::No)
    }
}

/// Who asks for another execution.
pub(crate) struct Caller {
    pub(crate) info: Arc<ExecutionInfo>,
    pub(crate) step: StepKey,
    /// How many attempts of the step have failed: what the next one asks for is something new.
    pub(crate) failures: u32,
    /// Somebody may have asked for the same before, and died.
    pub(crate) may_be_begun: bool,
}

impl Caller {
    /// The identity of what it asks for: whoever asks for the same again gets the same execution.
    pub(crate) fn called(&self, item: Option<u32>) -> ExecutionId {
        let StepKey { node, iteration, .. } = self.step;
        let item = item.map_or(u64::MAX, u64::from);
        let place = [u64::from(iteration), item, u64::from(self.failures)].map(u64::to_be_bytes).concat();
        ExecutionId(derived_id("call", &[self.info.execution.0.as_bytes(), node.0.as_bytes(), &place]))
    }
}

/// The signal that the end of `called` is to the step that asked for it.
pub(crate) fn end_signal(called: ExecutionId) -> SignalId {
    SignalId(derived_id("end", &[called.0.as_bytes()]))
}

/// The signal that one wait of one attempt waits for.
pub(crate) fn wait_signal(execution: ExecutionId, step: StepKey) -> SignalId {
    let StepKey { node, iteration, attempt } = step;
    let place = [iteration.to_be_bytes(), attempt.to_be_bytes()].concat();
    SignalId(derived_id("signal", &[execution.0.as_bytes(), node.0.as_bytes(), &place]))
}

/// How far an execution is that a step asked for.
pub(crate) enum CallState {
    /// Nothing is to be waited for any longer.
    Over(CallEnd),
    /// It is durable that it will end, and its end will be told by a timer.
    UnderWay,
}

/// Where steps ask for other executions.
#[async_trait]
pub(crate) trait Calls: Send + Sync {
    /// Begins what is asked for, unless that was done before, and waits for a moment for its end. Comes back without a fault of
    /// the log that passes: those are waited for.
    async fn call(&self, caller: &Caller, call: &Call) -> Result<CallState, LogFault>;

    /// The execution of `caller` is not ours any longer. What it asked for ends if it was cancelled.
    async fn lost(&self, caller: &Caller, called: ExecutionId);
}

/// What an execution gave, on its way to the step that asked for it and holds its breath in the same process.
#[derive(Debug, Default)]
pub(crate) struct Handover(Mutex<Hands>);

#[derive(Debug, Default)]
enum Hands {
    /// The step waits in memory.
    #[default]
    Open,
    /// The execution ends: the step stays where it is until it is told.
    Ending,
    /// It ended like this.
    Given(Result<Items, Box<StepError>>),
    /// The step has left memory: a timer tells it.
    Closed,
}

impl Handover {
    fn hands(&self) -> MutexGuard<'_, Hands> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The execution is about to record its end. Whether the step will be told here, so that no timer has to.
    pub(crate) fn begin(&self) -> bool {
        let mut hands = self.hands();
        if matches!(*hands, Hands::Open) {
            *hands = Hands::Ending;
        }
        !matches!(*hands, Hands::Closed)
    }

    /// The end is durable.
    pub(crate) fn give(&self, end: Result<Items, Box<StepError>>) {
        *self.hands() = Hands::Given(end);
    }

    /// The step leaves memory; not while the execution is about to tell it.
    pub(crate) fn close(&self) -> bool {
        let mut hands = self.hands();
        if matches!(*hands, Hands::Open) {
            *hands = Hands::Closed;
        }
        matches!(*hands, Hands::Closed)
    }

    /// What was given.
    pub(crate) fn take(&self) -> Option<Result<Items, Box<StepError>>> {
        match std::mem::take(&mut *self.hands()) {
            Hands::Given(end) => Some(end),
            Hands::Open | Hands::Ending | Hands::Closed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_in_memory_or_by_a_timer_and_never_by_neither() {
        let told = Handover::default();
        assert!(told.begin(), "the step is there");
        assert!(!told.close(), "and stays");
        told.give(Ok(Items::default()));
        assert!(!told.close());
        assert!(told.take().is_some());

        let gone = Handover::default();
        assert!(gone.close());
        assert!(!gone.begin(), "a timer has to tell it");
        assert!(gone.take().is_none());
    }
}
