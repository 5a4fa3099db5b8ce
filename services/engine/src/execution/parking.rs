//! Steps that wait: in memory where that is short, otherwise by a timer that wakes the execution wherever it then is.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use weft_event_log::{Companion, Timer, TimerKind};
use weft_model::execution::{ExecutionEvent, Parent, StepError, StepKey};
use weft_model::{ExecutionId, NodeId, SignalId, TimerId, WorkflowId};
use weft_nodes::NodeError;

use super::drive::{Drive, Next, Parked};
use super::outcome::step_error;
use super::recorder::Lost;
use super::signal::{SignalWait, wait_signal};
use super::step::{Attempt, Waiting};
use crate::action::ActFailure;
use crate::clock::{derived_id, later};
use crate::plan::PlanNode;

/// The timer that ends the wait of one attempt.
pub(super) fn wait_timer(execution: ExecutionId, step: StepKey) -> TimerId {
    timer("wait", execution, step)
}

/// The timer that begins the attempt after this one. No event names it, so that it has to be found from what events say.
pub(super) fn retry_timer(execution: ExecutionId, step: StepKey) -> TimerId {
    timer("retry", execution, step)
}

fn timer(purpose: &str, execution: ExecutionId, step: StepKey) -> TimerId {
    let StepKey { node, iteration, attempt } = step;
    let salt = [iteration.to_be_bytes(), attempt.to_be_bytes()].concat();
    TimerId(derived_id(purpose, &[execution.0.as_bytes(), node.0.as_bytes(), &salt]))
}

/// What tells the step that asked for an execution that it has ended; nothing where nobody waits for that.
pub(crate) fn tells_parent(parent: Option<&Parent>, now: Timestamp) -> Option<Companion> {
    let Parent { execution, node, iteration, signal, .. } = parent?;
    Some(Companion::SetTimer(Timer {
        id: (*signal)?.timer(),
        stream: (*execution).into(),
        kind: TimerKind::Signal,
        due_at: now,
        data: serde_json::json!({ "node": node, "iteration": iteration }),
    }))
}

/// What lets the workflow that is told of it know that an execution failed; `last` is the node that was executed last.
pub(crate) fn tells_failure(
    told: Option<WorkflowId>,
    failed: ExecutionId,
    last: Option<NodeId>,
    now: Timestamp,
) -> Option<Companion> {
    let told = told?;
    Some(Companion::SetTimer(Timer {
        id: TimerId(derived_id("failure", &[failed.0.as_bytes()])),
        stream: failed.into(),
        kind: TimerKind::Failure,
        due_at: now,
        data: serde_json::json!({ "workflow": told, "lastNode": last }),
    }))
}

impl Drive {
    /// A step asks to go on at `until`.
    pub(super) async fn wait(&mut self, step: Waiting<'_>, until: Timestamp) -> Result<Next, Lost> {
        let Waiting { node, task, this } = step;
        let id = wait_timer(self.info.execution, this.key);
        let event = ExecutionEvent::StepWaiting {
            step: this.key,
            kind: node.kind.clone(),
            sources: task.sources(),
            timer: id,
            until,
            at: this.began,
        };
        self.recorder.event(event, self.clock.now());
        if !self.is_within(self.parking.waits, until) {
            return self.park(TimerKind::Wait, id, until).await;
        }
        if let Err(late) = self.pause(node, until).await? {
            let failure = ActFailure::ending(NodeError::new(late.code.clone(), late.message.clone()));
            self.record_failure(node, task, this, &failure, None);
            return Ok(Next::Fail(late));
        }
        self.resume(this.key, id);
        Ok(Next::Step)
    }

    /// A step waits for a signal. The execution leaves memory: who knows when it comes.
    pub(super) async fn await_signal(&mut self, step: Waiting<'_>, wait: SignalWait) -> Result<Next, Lost> {
        let Waiting { node, task, this } = step;
        let signal = wait_signal(self.info.execution, this.key);
        let details = match self.recorder.part(&wait.details, 1) {
            Ok(part) => Some(part),
            Err(full) => {
                let failure = ActFailure::ending(full.into());
                self.record_failure(node, task, this, &failure, None);
                return Ok(Next::Fail(step_error(&failure.error, node.id)));
            }
        };
        let event = ExecutionEvent::StepAwaits {
            step: this.key,
            kind: node.kind.clone(),
            sources: task.sources(),
            signal,
            awaited: wait.awaited,
            details,
            timer: wait_timer(self.info.execution, this.key),
            until: wait.until,
            at: this.began,
        };
        self.park_for(event, signal).await
    }

    /// Records that a step waits for a signal and leaves memory. The timer of a wait without an end is due at the end of time:
    /// it says that the items of the execution are still needed.
    pub(super) async fn park_for(&mut self, event: ExecutionEvent, signal: SignalId) -> Result<Next, Lost> {
        let ExecutionEvent::StepAwaits { timer, until, .. } = event else { return Ok(Next::Step) };
        self.recorder.event(event, self.clock.now());
        let next = self.park(TimerKind::Wait, timer, until.unwrap_or(Timestamp::MAX)).await?;
        Ok(match next {
            Next::Park(parked) => Next::Park(Parked { signal: Some(signal), ..parked }),
            other => other,
        })
    }

    /// The attempt `this` failed, and the next one begins at `retry_at`.
    pub(super) async fn wait_for_retry(
        &mut self,
        node: &PlanNode,
        this: &Attempt,
        retry_at: Timestamp,
    ) -> Result<Next, Lost> {
        if !self.is_within(self.parking.retries, retry_at) {
            let id = retry_timer(self.info.execution, this.key);
            return self.park(TimerKind::Retry, id, retry_at).await;
        }
        Ok(match self.pause(node, retry_at).await? {
            Ok(()) => Next::Step,
            Err(late) => Next::Fail(late),
        })
    }

    /// The wait of a step is over.
    pub(super) fn resume(&mut self, step: StepKey, timer: TimerId) {
        let now = self.clock.now();
        self.recorder.event(ExecutionEvent::StepResumed { step, timer, at: now }, now);
    }

    fn is_within(&self, length: Duration, moment: Timestamp) -> bool {
        self.in_time(moment) <= later(self.clock.now(), length)
    }

    /// `moment`, or the end of the time that the execution may take or wait.
    fn in_time(&self, moment: Timestamp) -> Timestamp {
        self.end_of_wait().map_or(moment, |end| moment.min(end))
    }

    /// Hands the execution to a timer. Whoever wakes it at its deadline finds that it is late.
    async fn park(&mut self, kind: TimerKind, id: TimerId, moment: Timestamp) -> Result<Next, Lost> {
        let execution = self.info.execution;
        let due_at = self.in_time(moment);
        let data = serde_json::json!({ "workflow": self.info.workflow });
        self.recorder.companion(Companion::SetTimer(Timer { id, stream: execution.into(), kind, due_at, data }));
        if self.opened {
            self.recorder.companion(Companion::CloseExecution { execution });
        }
        self.recorder.flush().await?;
        self.send_answer();
        Ok(Next::Park(Parked { until: due_at, signal: None }))
    }

    /// Nothing happens until `moment`, or until the execution has taken too long; what waits to be recorded does not wait that
    /// long, and another execution progresses meanwhile.
    pub(super) async fn pause(&mut self, node: &PlanNode, moment: Timestamp) -> Result<Result<(), StepError>, Lost> {
        if moment <= self.clock.now() {
            return Ok(Ok(()));
        }
        self.flush().await?;
        self.send_answer();
        let (clock, end) = (Arc::clone(&self.clock), self.in_time(moment));
        self.turn.give_back();
        tokio::select! {
            () = async {
                clock.sleep_until(end).await;
                self.turn.take().await;
            } => {}
            () = self.cancelled.cancelled() => return Err(Lost::Fenced),
            () = self.stop.cancelled() => return Err(Lost::Stopping),
        }
        let late = end < moment;
        Ok(if late { Err(StepError { node: Some(node.id), ..self.late(Some(end)) }) } else { Ok(()) })
    }
}

/// Ends at `moment`, never where there is none.
pub(super) async fn until(clock: &dyn crate::Clock, moment: Option<Timestamp>) {
    match moment {
        Some(moment) => clock.sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
