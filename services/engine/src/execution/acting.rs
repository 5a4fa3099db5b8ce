//! A step at work: what is recorded of it before it ends, and what ends it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use weft_event_log::NewEvent;
use weft_model::Event;
use weft_model::access::{AccessEvent, RefusalReason, access_stream};
use weft_model::execution::ExecutionEvent;
use weft_nodes::NodeError;

use super::drive::{Drive, timed_out};
use super::parking::until;
use super::recorder::Lost;
use super::schedule::Task;
use super::step::Attempt;
use super::view::StepView;
use crate::action::{ActFailure, Acted, Action};
use crate::clock::later;
use crate::fail_point::{self, Point};
use crate::plan::PlanNode;

/// How long a step that touches nothing outside is at work before it is recorded that it began. Most take less than the append
/// would; after a second, people who look at the canvas want to see which node is at work, and one append is little beside that.
pub(super) const TOLD_AFTER: Duration = Duration::from_secs(1);

/// What a step does, in the words of permissions.
const EXECUTE: &str = "workflow:execute";
/// How many refused hosts of one step are told to the audit, one event each.
const MOST_AUDITED: usize = 100;

/// An action that is at work.
#[derive(Clone, Copy)]
pub(super) struct Acting<'a> {
    pub(super) node: &'a PlanNode,
    pub(super) this: &'a Attempt,
    /// When it is recorded that it began, where nothing says so yet.
    pub(super) tell_at: Option<Timestamp>,
}

impl Drive {
    /// Records that a step began. The second promise: the intent is durable before anything is touched.
    pub(super) async fn record_start(&mut self, node: &PlanNode, task: &Task, this: &Attempt) -> Result<(), Lost> {
        let Attempt { key: step, began: at } = *this;
        let event = ExecutionEvent::StepStarted { step, kind: node.kind.clone(), sources: task.sources(), at };
        self.recorder.event(event, at);
        self.flush().await?;
        self.send_answer();
        fail_point::hit(Point::AfterStart);
        Ok(())
    }

    /// Tells the audit what the action was not permitted to reach, whatever the workflow makes of the refusal.
    pub(super) async fn audit(&mut self, result: &Result<Acted, ActFailure>) -> Result<(), Lost> {
        let refused = match result {
            Ok(acted) => &acted.refused,
            Err(failure) => &failure.refused,
        };
        if refused.is_empty() {
            return Ok(());
        }
        let event = |host: &String| {
            NewEvent::from(&Event::Access(AccessEvent::Refused {
                reason: RefusalReason::Egress,
                action: EXECUTE.to_owned(),
                subject: Some(host.clone()),
                identity: None,
            }))
        };
        let stream = access_stream(self.info.tenant);
        self.recorder.append_aside(stream, refused.iter().take(MOST_AUDITED).map(event).collect()).await
    }

    /// Runs an action. While it lasts, what waits to be recorded is recorded in time, and whoever ends the execution is obeyed.
    pub(super) async fn act(
        &mut self,
        action: &dyn Action,
        view: StepView,
        acting: Acting<'_>,
    ) -> Result<Result<Acted, ActFailure>, Lost> {
        let Acting { node, this, mut tell_at } = acting;
        let services = self.services.clone();
        let (clock, cancelled, stop) = (Arc::clone(&self.clock), self.cancelled.clone(), self.stop.clone());
        let deadline = self.deadline;
        let limit = node.timeout;
        let node_deadline = limit.map(|limit| later(clock.now(), limit));
        let view = Arc::new(view);
        let acting = action.run(Arc::clone(&view), &services);
        tokio::pin!(acting);
        loop {
            let due = self.recorder.due_at();
            tokio::select! {
                biased;
                result = &mut acting => return Ok(result),
                () = cancelled.cancelled() => return Err(Lost::Fenced),
                () = stop.cancelled() => {
                    self.flush().await?;
                    return Err(Lost::Stopping);
                }
                () = until(&*clock, due) => {
                    self.flush().await?;
                    self.send_answer();
                }
                () = until(&*clock, tell_at) => {
                    tell_at = None;
                    self.record_start(node, &view.task, this).await?;
                }
                () = until(&*clock, deadline) => {
                    let error = timed_out();
                    return Ok(Err(ActFailure::ending(NodeError::new(error.code, error.message))));
                }
                () = until(&*clock, node_deadline) => {
                    let seconds = limit.unwrap_or_default().as_secs();
                    let message = format!("The node was at work for longer than the {seconds} s that its settings allow.");
                    return Ok(Err(NodeError::new("node_timeout", message).into()));
                }
            }
        }
    }
}
