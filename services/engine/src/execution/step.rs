//! One step of an execution: its attempts, its record, its outcome.

use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::runtime::{Handle, RuntimeFlavor};
use weft_event_log::Companion;
use weft_model::ExecutionOrder;
use weft_model::execution::{ExecutionEvent, StepError, StepKey};
use weft_nodes::{NodeError, Outputs, Retried, Step, reason_of};
use weft_value::MAX_DEPTH;

use super::acting::{Acting, TOLD_AFTER};
use super::blocks::Blocks;
use super::drive::{Drive, Next};
use super::holdings::address;
use super::list::List;
use super::lists::Lists;
use super::outcome::{passed_on, step_error};
use super::parking::retry_timer;
use super::past::{PastStep, PastWait};
use super::ready::Comes;
use super::recorder::Lost;
use super::schedule::{Task, is_deep};
use super::signal::{CallEnd, Resumed, WaitFor};
use super::view::StepView;
use crate::action::{ActFailure, Acted};
use crate::clock::{later, mixed};
use crate::fail_point::{self, Point};
use crate::plan::{Plan, PlanNode, PlanStep};

/// So many items may take longer than other tasks should wait.
const MANY_ITEMS: usize = 1_000;

/// Where a step begins.
struct Entry {
    attempt: u32,
    /// How its wait ended.
    resumed: Resumed,
    /// It may have asked for other executions before.
    is_again: bool,
    /// The recorded moment at which it began, where it did not fail since: what it does again, it does as of then.
    began: Option<Timestamp>,
}

impl Entry {
    /// An attempt that nobody has begun.
    fn first(attempt: u32) -> Self {
        Self { attempt, resumed: Resumed::No, is_again: false, began: None }
    }

    fn again(attempt: u32, resumed: Resumed, began: Timestamp) -> Self {
        Self { attempt, resumed, is_again: true, began: Some(began) }
    }
}

/// How far an attempt came.
pub(super) struct Going {
    attempt: u32,
    resumed: Resumed,
    calls: Arc<Vec<CallEnd>>,
    is_again: bool,
    began: Option<Timestamp>,
}

impl Going {
    fn next(attempt: u32) -> Self {
        Self { attempt, resumed: Resumed::No, calls: Arc::default(), is_again: false, began: None }
    }
}

/// A step that has to wait.
#[derive(Clone, Copy)]
pub(super) struct Waiting<'a> {
    pub(super) node: &'a PlanNode,
    pub(super) task: &'a Task,
    pub(super) this: &'a Attempt,
}

/// One attempt that is under way.
pub(super) struct Attempt {
    pub(super) key: StepKey,
    /// When it began; also its `$now`.
    pub(super) began: Timestamp,
}

impl Drive {
    /// Executes one step, or takes what is recorded of it.
    pub(super) async fn step(&mut self, task: Task) -> Result<Next, Lost> {
        for delivery in task.inputs.iter().flatten() {
            if let List::Held(items) = &delivery.items {
                self.ledger.uses(address(items));
            }
        }
        let plan = Arc::clone(&self.plan);
        let node = &plan.nodes[task.node];
        let iteration = self.schedule.iteration(task.node);
        let key = StepKey { node: node.id, iteration, attempt: 1 };
        let past = if self.past.is_empty() { None } else { self.past.remove(&(node.id, iteration)) };
        let entry = match past {
            None => match self.take_reusable(&task, key) {
                Some((from, run)) => return Ok(self.reuse(&plan, &task, key, (from, *run))),
                None => Entry::first(1),
            },
            Some(PastStep::Succeeded(run)) => {
                self.take(&plan, &task, *run);
                return Ok(Next::Step);
            }
            Some(past) => match self.enter_again(node, key, past).await? {
                Ok(entry) => entry,
                Err(next) => return Ok(next),
            },
        };
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
            PastStep::Started { attempt, began } if may_repeat(node) => {
                Ok(Entry::again(attempt + 1, Resumed::No, began))
            }
            PastStep::Started { attempt, .. } => {
                let now = self.clock.now();
                let step = StepKey { attempt, ..key };
                self.recorder.event(ExecutionEvent::StepOutcomeUnknown { step, at: now }, now);
                Err(Next::Fail(outcome_unknown(node)))
            }
            PastStep::Unknown => Err(Next::Fail(outcome_unknown(node))),
            PastStep::Resumed { attempt, began } => Ok(Entry::again(attempt, Resumed::Timer, began)),
            PastStep::Signalled { attempt, began, items } => Ok(Entry::again(attempt, Resumed::Signal(items), began)),
            PastStep::Awaiting(PastWait { attempt, began, .. }) => Ok(Entry::again(attempt, Resumed::No, began)),
            PastStep::Waiting { attempt, began, timer, until } => match self.pause(node, until).await? {
                Ok(()) => {
                    self.resume(StepKey { attempt, ..key }, timer);
                    // It is due, and it would wake the execution once more.
                    self.recorder.companion(Companion::ClearTimer { id: timer });
                    Ok(Entry::again(attempt, Resumed::Timer, began))
                }
                Err(late) => Err(Next::Fail(late)),
            },
            PastStep::Failed { attempt, retry_at: Some(retry_at), .. } => match self.pause(node, retry_at).await? {
                Ok(()) => {
                    let id = retry_timer(self.info.execution, StepKey { attempt, ..key });
                    self.recorder.companion(Companion::ClearTimer { id });
                    Ok(Entry::first(attempt + 1))
                }
                Err(late) => Err(Next::Fail(late)),
            },
            PastStep::Failed { message, retry_at: None, .. } => {
                Err(Next::Fail(step_error(&NodeError::new("failed", message), node.id)))
            }
            PastStep::Succeeded(_) => Ok(Entry::first(1)),
        })
    }

    async fn attempts(&mut self, plan: &Plan, task: Task, key: StepKey, entry: Entry) -> Result<Next, Lost> {
        let node = &plan.nodes[task.node];
        let Entry { attempt, resumed, is_again, began } = entry;
        let mut at = Going { attempt, resumed, calls: Arc::default(), is_again, began };
        let (task, comes) = match self.ready_task(node, task).await? {
            Ok(ready) => ready,
            Err((task, failure)) => {
                let this = Attempt { key: StepKey { attempt: at.attempt, ..key }, began: self.clock.now() };
                return self.fail_step(plan, &task, &this, &ActFailure::ending(failure.error)).await;
            }
        };
        loop {
            let began = at.began.take().unwrap_or_else(|| self.clock.now());
            let this = Attempt { key: StepKey { attempt: at.attempt, ..key }, began };
            let acted = match &comes {
                Comes::InChunks(list) => self.attempt_in_chunks(plan, list, (&task, &this, &at)).await?,
                Comes::Whole => self.attempt_at_once(node, task.clone(), (&this, &at)).await?,
                Comes::InPortions(first) => self.attempt_at_once(node, first.clone(), (&this, &at)).await?,
            };
            let step = Waiting { node, task: &task, this: &this };
            match self.after_attempt(plan, step, at, acted).await? {
                ControlFlow::Continue(again) => at = again,
                ControlFlow::Break(next) => return Ok(next),
            }
        }
    }

    /// What follows an attempt: it goes on where it waited, another one begins, or the execution goes on elsewhere.
    async fn after_attempt(
        &mut self,
        plan: &Plan,
        step: Waiting<'_>,
        mut at: Going,
        acted: Result<Acted, ActFailure>,
    ) -> Result<ControlFlow<Next, Going>, Lost> {
        let Waiting { node, task, this } = step;
        let failure = match acted {
            Ok(Acted { wait_for: Some(what), .. }) => {
                let next = self.wait_for(step, &mut at, what).await?;
                at.began = Some(this.began);
                return Ok(next.or_on(at));
            }
            Ok(acted) => match self.failed_throughout(node, at.attempt, &acted) {
                None => return Ok(ControlFlow::Break(self.succeed_step(plan, task, this, acted).await)),
                Some(failure) => failure,
            },
            Err(failure) => failure,
        };
        let Some(retry_at) = self.retry_at(node, &failure.error, at.attempt) else {
            return self.fail_step(plan, task, this, &failure).await.map(ControlFlow::Break);
        };
        self.record_failure(node, task, this, &failure, Some(retry_at));
        let next = self.wait_for_retry(node, this, retry_at).await?;
        Ok(next.or_on(Going::next(at.attempt + 1)))
    }

    /// One attempt that gets all that came, or the first item, and takes the rest in portions. Those are of earlier iterations, too,
    /// whatever came now.
    async fn attempt_at_once(
        &mut self,
        node: &PlanNode,
        task: Task,
        at: (&Attempt, &Going),
    ) -> Result<Result<Acted, ActFailure>, Lost> {
        if !node.takes_portions || node.disabled {
            let lists = Lists::new(self.lists(), self.interruptions());
            return self.attempt_with(node, task, at, &lists).await;
        }
        let lists = self.lists_of_portions(task.node);
        let acted = self.attempt_with(node, task, at, &lists).await;
        for address in lists.forget() {
            self.ledger.uses(address);
        }
        acted
    }

    /// One attempt that finds what is not in memory in `lists`. One that an interruption kept from seeing something does not count:
    /// whoever goes on with the execution attempts it again.
    async fn attempt_with(
        &mut self,
        node: &PlanNode,
        task: Task,
        at: (&Attempt, &Going),
        lists: &Lists,
    ) -> Result<Result<Acted, ActFailure>, Lost> {
        let view = match self.view(task, at, lists.clone()) {
            Ok(view) => view,
            Err(error) => return Ok(Err(ActFailure::ending(error))),
        };
        let acted = self.attempt(node, view, at.0).await?;
        match lists.interruption() {
            Some(interruption) => self.interrupted(interruption).await.map(Err),
            None => Ok(acted.and_then(readable)),
        }
    }

    /// Something has to happen before the step goes on.
    async fn wait_for(&mut self, step: Waiting<'_>, at: &mut Going, what: WaitFor) -> Result<Next, Lost> {
        match what {
            WaitFor::Moment(until) => {
                at.resumed = Resumed::Timer;
                self.wait(step, until).await
            }
            WaitFor::Signal(wait) => self.await_signal(step, wait).await,
            WaitFor::Execution(Err(error)) => {
                Arc::make_mut(&mut at.calls).push(CallEnd::Failed(error));
                Ok(Next::Step)
            }
            WaitFor::Execution(Ok(call)) => {
                let next = match self.call(step, &call, at.is_again).await? {
                    Ok(end) => {
                        Arc::make_mut(&mut at.calls).push(end);
                        Next::Step
                    }
                    Err(next) => next,
                };
                Ok(next)
            }
        }
    }

    /// A node that carries on and failed for every item has failed: it is tried again, as one is that gave nothing, as long as
    /// attempts are left. Where some items succeeded it is not, since what it did for them would be done twice.
    fn failed_throughout(&self, node: &PlanNode, attempt: u32, acted: &Acted) -> Option<ActFailure> {
        let Outputs { ports, failed, .. } = &acted.outputs;
        let first = failed.first().filter(|_| ports.iter().all(|items| items.is_empty()))?;
        let error = NodeError::new("items_failed", reason_of(first).unwrap_or("Every item failed."));
        self.retry_at(node, &error, attempt)?;
        Some(ActFailure { code_ms: acted.code_ms, log: acted.log.clone(), ..error.into() })
    }

    /// What the step sees, whose inputs have been loaded.
    pub(super) fn view(&self, task: Task, (this, at): (&Attempt, &Going), lists: Lists) -> Result<StepView, NodeError> {
        let StepKey { iteration, attempt, .. } = this.key;
        let salt = ((task.node as u64) << 32) | u64::from(iteration);
        Ok(StepView {
            inputs: task.loaded()?,
            info: Arc::clone(&self.info),
            plan: Arc::clone(&self.plan),
            schedule: Arc::clone(&self.schedule),
            task,
            iteration,
            attempt,
            now: this.began,
            seed: mixed(self.info.seed, salt),
            room: self.recorder.room(),
            kept: self.kept.clone(),
            clock: Arc::clone(&self.clock),
            resumed: at.resumed.clone(),
            calls: Arc::clone(&at.calls),
            before: 0,
            lists,
            blocks: Blocks::new(self.services.runner.clone()),
        })
    }

    async fn attempt(
        &mut self,
        node: &PlanNode,
        view: StepView,
        this: &Attempt,
    ) -> Result<Result<Acted, ActFailure>, Lost> {
        if node.disabled {
            return Ok(Ok(Acted::outputs(pass_on(&view))));
        }
        if let Some(pinned) = node.pinned.as_ref().filter(|_| self.info.uses_pinned()) {
            let settled = view.files(&self.services).settle(Arc::clone(pinned)).await;
            let outputs = settled.map(|items| Outputs { ports: vec![items], ..Outputs::default() });
            return Ok(outputs.map(Acted::outputs).map_err(ActFailure::from));
        }
        // Reached only where data is asked for nevertheless.
        if self.plan.order == ExecutionOrder::V0 && node.inputs > 0 && view.task.lacks_items(&self.plan) {
            return Ok(Ok(Acted::outputs(Outputs::default())));
        }
        match &node.step {
            PlanStep::Transform(transform) => {
                let items = view.task.inputs.iter().flatten().map(|delivery| delivery.items.len()).sum();
                let outputs = unhurried(items, || transform.run(&view));
                Ok(outputs.map(Acted::outputs).map_err(ActFailure::from))
            }
            PlanStep::Trigger(_) => Ok(Ok(Acted::outputs(pass_on(&view)))),
            PlanStep::Broken(error) => Ok(Err(error.clone().into())),
            PlanStep::Action(action) => {
                // Whoever goes on with a step that waited has recorded before that it begins.
                let is_begun = view.resumed.is_over() || !view.calls.is_empty();
                let is_pure = action.retried() == Retried::Pure;
                let touches = !is_pure && !is_begun;
                if touches {
                    self.record_start(node, &view.task, this).await?;
                }
                let tell_at = (is_pure && !is_begun).then(|| later(self.clock.now(), TOLD_AFTER));
                if action.keeps() && !self.kept.is_read() {
                    let entries = self.recorder.read_kept(self.info.workflow).await?;
                    self.kept.read(entries);
                }
                let result = self.act(action.as_ref(), view, Acting { node, this, tell_at }).await?;
                if touches {
                    fail_point::hit(Point::AfterSideEffect);
                }
                self.audit(&result).await?;
                Ok(result)
            }
        }
    }
}

/// Does work that may take long, without keeping others from progressing: among the tasks that would have to wait is the one
/// that says that this process is alive.
pub(super) fn unhurried<T>(items: usize, work: impl FnOnce() -> T) -> T {
    let has_other_threads = Handle::try_current().is_ok_and(|h| h.runtime_flavor() == RuntimeFlavor::MultiThread);
    if items > MANY_ITEMS && has_other_threads { tokio::task::block_in_place(work) } else { work() }
}

/// What a step gave, unless it is nested so deeply that what is recorded of it could not be read again.
pub(super) fn readable(acted: Acted) -> Result<Acted, ActFailure> {
    let Outputs { ports, failed, context } = &acted.outputs;
    let count = ports.iter().map(|items| items.len()).sum();
    let is_too_deep = unhurried(count, || {
        ports.iter().any(|items| is_deep(items))
            || is_deep(failed)
            || context.iter().any(|c| c.is_deeper_than(MAX_DEPTH))
    });
    if !is_too_deep {
        return Ok(acted);
    }
    let error =
        NodeError::new("too_deep", format!("The node made data that is nested more than {MAX_DEPTH} levels deep."))
            .describe("Make it flatter, or keep the part that matters.")
            .finally();
    Err(ActFailure { code_ms: acted.code_ms, log: acted.log, refused: acted.refused, ..error.into() })
}

/// The first input on the first output.
pub(super) fn pass_on(view: &StepView) -> Outputs {
    Outputs { ports: vec![passed_on(&view.shared_input(0))], ..Outputs::default() }
}

fn may_repeat(node: &PlanNode) -> bool {
    // One that is disabled passes on what came, whatever it would do otherwise.
    if node.disabled {
        return true;
    }
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
