//! One step of an execution: its attempts, its record, its outcome.

use std::sync::Arc;

use jiff::Timestamp;
use weft_event_log::{Companion, NewEvent, Timer, TimerKind};
use weft_model::access::{AccessEvent, RefusalReason, access_stream};
use weft_model::execution::{ExecutionEvent, ExecutionMode, StepError, StepKey};
use weft_model::{Event, TimerId};
use weft_nodes::{NodeError, Outputs, Retried, Step};

use super::drive::{Drive, Next, timed_out};
use super::outcome::{passed_on, step_error};
use super::past::PastStep;
use super::recorder::Lost;
use super::schedule::{Delivery, Run, Task};
use super::view::StepView;
use crate::action::{ActFailure, Acted, Action};
use crate::clock::{derived_id, later, mixed};
use crate::fail_point::{self, Point};
use crate::plan::{Plan, PlanNode, PlanStep};

/// What a step does, in the words of permissions.
const EXECUTE: &str = "workflow:execute";
/// How many refused hosts of one step are told to the audit, one event each.
const MOST_AUDITED: usize = 100;

/// Where a step begins.
struct Entry {
    attempt: u32,
    /// Its wait is over.
    resumed: bool,
}

/// One attempt that is under way.
pub(super) struct Attempt {
    pub(super) key: StepKey,
    pub(super) began: Timestamp,
}

impl Drive {
    /// Executes one step, or takes what is recorded of it.
    pub(super) async fn step(&mut self, task: Task) -> Result<Next, Lost> {
        let plan = Arc::clone(&self.plan);
        let node = &plan.nodes[task.node];
        let iteration = self.schedule.iteration(task.node);
        let key = StepKey { node: node.id, iteration, attempt: 1 };
        let past = if self.past.is_empty() { None } else { self.past.remove(&(node.id, iteration)) };
        let entry = match past {
            None => Entry { attempt: 1, resumed: false },
            Some(PastStep::Succeeded { outputs, context, error }) => {
                let run = Run { outputs, sources: task.sources(), context, error };
                self.complete(&plan, task.node, run);
                return Ok(Next::Step);
            }
            Some(past) => match self.enter_again(node, key, past).await? {
                Ok(entry) => entry,
                Err(next) => return Ok(next),
            },
        };
        let task = if node.execute_once { first_items(task) } else { task };
        self.attempts(&plan, task, key, entry).await
    }

    /// A step that had begun before this process took over.
    async fn enter_again(
        &mut self,
        node: &PlanNode,
        key: StepKey,
        past: PastStep,
    ) -> Result<Result<Entry, Next>, Lost> {
        Ok(match past {
            PastStep::Started { attempt } if may_repeat(node) => Ok(Entry { attempt: attempt + 1, resumed: false }),
            PastStep::Started { attempt } => {
                let now = self.clock.now();
                let step = StepKey { attempt, ..key };
                self.recorder.event(ExecutionEvent::StepOutcomeUnknown { step, at: now }, now);
                Err(Next::Fail(outcome_unknown(node)))
            }
            PastStep::Unknown => Err(Next::Fail(outcome_unknown(node))),
            PastStep::Resumed { attempt } => Ok(Entry { attempt, resumed: true }),
            PastStep::Waiting { attempt, timer, until } => {
                self.pause(until).await?;
                let now = self.clock.now();
                let step = StepKey { attempt, ..key };
                self.recorder.event(ExecutionEvent::StepResumed { step, timer, at: now }, now);
                Ok(Entry { attempt, resumed: true })
            }
            PastStep::Failed { attempt, retry_at: Some(retry_at), .. } => {
                self.pause(retry_at).await?;
                Ok(Entry { attempt: attempt + 1, resumed: false })
            }
            PastStep::Failed { message, retry_at: None, .. } => {
                Err(Next::Fail(step_error(&NodeError::new("failed", message), node.id)))
            }
            PastStep::Succeeded { .. } => Ok(Entry { attempt: 1, resumed: false }),
        })
    }

    async fn attempts(&mut self, plan: &Plan, task: Task, key: StepKey, entry: Entry) -> Result<Next, Lost> {
        let node = &plan.nodes[task.node];
        let Entry { mut attempt, mut resumed } = entry;
        loop {
            let began = self.clock.now();
            let this = Attempt { key: StepKey { attempt, ..key }, began };
            let view = self.view(task.clone(), &this);
            let result = self.attempt(node, view, &this, resumed).await?;
            let failure = match result {
                Ok(acted) => match acted.wait_until.filter(|_| !resumed) {
                    None => return Ok(self.succeed_step(plan, &task, &this, acted)),
                    Some(until) => match self.wait(node, &task, &this, until).await? {
                        Next::Step => {
                            resumed = true;
                            continue;
                        }
                        other => return Ok(other),
                    },
                },
                Err(failure) => failure,
            };
            let retry_at = self.retry_at(node, &failure.error, attempt);
            match retry_at {
                Some(retry_at) => {
                    self.record_failure(node, &task, &this, &failure, Some(retry_at));
                    self.pause(retry_at).await?;
                    (attempt, resumed) = (attempt + 1, false);
                }
                None => return Ok(self.fail_step(plan, &task, &this, &failure)),
            }
        }
    }

    fn view(&self, task: Task, this: &Attempt) -> StepView {
        let StepKey { iteration, attempt, .. } = this.key;
        let salt = ((task.node as u64) << 32) | u64::from(iteration);
        StepView {
            info: Arc::clone(&self.info),
            plan: Arc::clone(&self.plan),
            schedule: Arc::clone(&self.schedule),
            task,
            iteration,
            attempt,
            now: this.began,
            seed: mixed(self.info.seed, salt),
        }
    }

    async fn attempt(
        &mut self,
        node: &PlanNode,
        view: StepView,
        this: &Attempt,
        resumed: bool,
    ) -> Result<Result<Acted, ActFailure>, Lost> {
        if node.disabled {
            return Ok(Ok(Acted::outputs(pass_on(&view))));
        }
        if let Some(pinned) = node.pinned.as_ref().filter(|_| self.info.mode == ExecutionMode::Manual) {
            return Ok(Ok(Acted::outputs(Outputs { ports: vec![Arc::clone(pinned)], ..Outputs::default() })));
        }
        match &node.step {
            PlanStep::Transform(transform) => Ok(transform.run(&view).map(Acted::outputs).map_err(ActFailure::from)),
            PlanStep::Trigger(_) => Ok(Ok(Acted::outputs(pass_on(&view)))),
            PlanStep::Broken(error) => Ok(Err(error.clone().into())),
            PlanStep::Action(action) => {
                let touches = action.retried() != Retried::Pure && !resumed;
                if touches {
                    self.record_start(node, &view.task, this).await?;
                }
                let result = self.act(action.as_ref(), view).await?;
                if touches {
                    fail_point::hit(Point::AfterSideEffect);
                }
                self.audit(&result).await?;
                Ok(result)
            }
        }
    }

    /// The second promise: the intent is durable before anything is touched.
    async fn record_start(&mut self, node: &PlanNode, task: &Task, this: &Attempt) -> Result<(), Lost> {
        let Attempt { key: step, began: at } = *this;
        let event = ExecutionEvent::StepStarted { step, kind: node.kind.clone(), sources: task.sources(), at };
        self.recorder.event(event, at);
        self.flush().await?;
        self.send_answer();
        fail_point::hit(Point::AfterStart);
        Ok(())
    }

    /// Tells the audit what the action was not permitted to reach, whatever the workflow makes of the refusal.
    async fn audit(&mut self, result: &Result<Acted, ActFailure>) -> Result<(), Lost> {
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
    async fn act(&mut self, action: &dyn Action, view: StepView) -> Result<Result<Acted, ActFailure>, Lost> {
        let services = self.services.clone();
        let (clock, cancelled, stop) = (Arc::clone(&self.clock), self.cancelled.clone(), self.stop.clone());
        let deadline = self.deadline;
        let acting = action.run(Arc::new(view), &services);
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
                () = until(&*clock, deadline) => {
                    let error = timed_out();
                    return Ok(Err(NodeError::new(error.code, error.message).finally().into()));
                }
            }
        }
    }

    /// Waits in memory where that is short; otherwise hands the execution to a timer.
    async fn wait(&mut self, node: &PlanNode, task: &Task, this: &Attempt, until: Timestamp) -> Result<Next, Lost> {
        let now = self.clock.now();
        let execution = self.info.execution;
        let StepKey { iteration, attempt, .. } = this.key;
        let salt = [iteration.to_be_bytes(), attempt.to_be_bytes()].concat();
        let timer = TimerId(derived_id("wait", &[execution.0.as_bytes(), node.id.0.as_bytes(), &salt]));
        let event = ExecutionEvent::StepWaiting {
            step: this.key,
            kind: node.kind.clone(),
            sources: task.sources(),
            timer,
            until,
            at: this.began,
        };
        self.recorder.event(event, now);
        if until <= later(now, self.parking.in_memory) {
            self.pause(until).await?;
            let now = self.clock.now();
            self.recorder.event(ExecutionEvent::StepResumed { step: this.key, timer, at: now }, now);
            return Ok(Next::Step);
        }
        let stream = execution.into();
        let data = serde_json::json!({ "workflow": self.info.workflow });
        self.recorder.companion(Companion::SetTimer(Timer {
            id: timer,
            stream,
            kind: TimerKind::Wait,
            due_at: until,
            data,
        }));
        if self.opened {
            self.recorder.companion(Companion::CloseExecution { execution });
        }
        self.recorder.flush().await?;
        self.send_answer();
        Ok(Next::Park(until))
    }

    /// Nothing happens until `moment`; what waits to be recorded does not wait that long.
    async fn pause(&mut self, moment: Timestamp) -> Result<(), Lost> {
        if moment <= self.clock.now() {
            return Ok(());
        }
        self.flush().await?;
        self.send_answer();
        let clock = Arc::clone(&self.clock);
        tokio::select! {
            () = clock.sleep_until(moment) => Ok(()),
            () = self.cancelled.cancelled() => Err(Lost::Fenced),
            () = self.stop.cancelled() => Err(Lost::Stopping),
        }
    }
}

/// The first input on the first output.
fn pass_on(view: &StepView) -> Outputs {
    Outputs { ports: vec![passed_on(&view.shared_input(0))], ..Outputs::default() }
}

fn may_repeat(node: &PlanNode) -> bool {
    match &node.step {
        PlanStep::Action(action) => match action.retried() {
            Retried::Pure | Retried::Idempotent | Retried::Keyed => true,
            Retried::AtMostOnce => false,
        },
        PlanStep::Trigger(_) | PlanStep::Transform(_) | PlanStep::Broken(_) => true,
    }
}

fn outcome_unknown(node: &PlanNode) -> StepError {
    let message =
        format!("“{}” was at work when its server stopped, and nobody knows whether it did what it should.", node.name);
    let error = NodeError::new("outcome_unknown", message)
        .describe("Look in the other system whether it happened. Then retry the execution, or leave it.");
    step_error(&error, node.id)
}

fn first_items(mut task: Task) -> Task {
    for delivery in task.inputs.iter_mut().flatten() {
        if delivery.items.len() > 1 {
            *delivery = Delivery { items: Arc::new(delivery.items[..1].to_vec()), source: delivery.source };
        }
    }
    task
}

/// Ends at `moment`, never where there is none.
async fn until(clock: &dyn crate::Clock, moment: Option<Timestamp>) {
    match moment {
        Some(moment) => clock.sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
