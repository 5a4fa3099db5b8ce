//! A step asks for another execution.
//!
//! What the step intends is durable before the other execution begins, whose identity is made of the step's: whoever takes the
//! step over asks for the same one. For a moment the step stays in memory, since most executions are short; then it leaves, and
//! a timer that is written with the end of the other one brings it back.

use std::sync::Arc;

use weft_model::execution::{Awaited, ExecutionEvent};
use weft_nodes::NodeError;

use super::drive::{Drive, Next, timed_out};
use super::interruption::Interruption;
use super::parking::wait_timer;
use super::recorder::Lost;
use super::signal::{Call, CallEnd, CallState, Caller, end_signal};
use super::step::Waiting;

impl Drive {
    /// Asks for another execution and gives what came of it, or where the loop goes on instead.
    pub(super) async fn call(
        &mut self,
        step: Waiting<'_>,
        call: &Call,
        may_be_begun: bool,
    ) -> Result<Result<CallEnd, Next>, Lost> {
        self.flush().await?;
        self.send_answer();
        let key = step.this.key;
        let failures = self.failed.get(&(key.node, key.iteration)).copied().unwrap_or_default();
        let caller = Caller { info: Arc::clone(&self.info), step: key, failures, may_be_begun };
        let (calls, interruptions) = (Arc::clone(&self.calls), self.interruptions());
        // What is asked for needs a turn, and this one only waits.
        self.turn.give_back();
        let state = interruptions.unless_first(calls.call(&caller, call)).await;
        let child = caller.called(call.item);
        match state {
            Ok(Ok(CallState::Over(end))) => {
                self.turn.take().await;
                Ok(Ok(end))
            }
            Ok(Ok(CallState::UnderWay)) => {
                let parked = self.await_end(step, child).await;
                if matches!(parked, Err(Lost::Fenced)) {
                    calls.lost(&caller, child).await;
                }
                parked.map(Err)
            }
            Ok(Err(fault)) => {
                let error = NodeError::new("sub_workflow", "What became of the sub-workflow could not be read.");
                Ok(Ok(CallEnd::Failed(error.describe(fault.to_string()))))
            }
            Err(Interruption::Cancelled) => {
                calls.lost(&caller, child).await;
                Err(Lost::Fenced)
            }
            Err(Interruption::Stopping) => Err(Lost::Stopping),
            Err(Interruption::Late) => Ok(Err(Next::Fail(timed_out()))),
        }
    }

    /// Leaves memory until the other execution has ended.
    async fn await_end(&mut self, step: Waiting<'_>, child: weft_model::ExecutionId) -> Result<Next, Lost> {
        let signal = end_signal(child);
        let event = ExecutionEvent::StepAwaits {
            step: step.this.key,
            kind: step.node.kind.clone(),
            sources: step.task.sources(),
            signal,
            awaited: Awaited::Execution { execution: child },
            details: None,
            timer: wait_timer(self.info.execution, step.this.key),
            until: None,
            at: step.this.began,
        };
        self.park_for(event, signal).await
    }
}
