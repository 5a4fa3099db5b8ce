//! What a step leaves behind: its record, and what its successors get.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use weft_model::execution::{ExecutionEvent, ExecutionMode, Part, StepError};
use weft_model::{NodeId, OnError};
use weft_nodes::{NodeError, reason_of};
use weft_value::Value;

use super::drive::{Drive, Next};
use super::list::List;
use super::outcome::{after_error, settled, step_error, without_errors};
use super::recorder::Lost;
use super::schedule::{Run, Task};
use super::step::{Attempt, unhurried};
use crate::Respond;
use crate::action::{ActFailure, Acted, LogLine};
use crate::clock::{later, mixed};
use crate::plan::{Plan, PlanNode};

/// Where the doubling of the pause between two attempts ends: at the longest pause that a node's settings may ask for.
const MAX_PAUSE: Duration = Duration::from_hours(24);

impl Drive {
    pub(super) async fn succeed_step(&mut self, plan: &Plan, task: &Task, this: &Attempt, acted: Acted) -> Next {
        let node = &plan.nodes[task.node];
        let Acted { mut outputs, lists, code_ms, log, answer, wait_for: _, refused: _ } = acted;
        let context = outputs.context.take();
        let failed = outputs.failed.first().cloned();
        let ports = if let Some(lists) = lists {
            lists
        } else {
            let is_pinned = node.pinned.is_some() && self.info.uses_pinned();
            let outputs = if is_pinned { outputs } else { without_errors(node, outputs) };
            let ports = if node.disabled { Ok(outputs.ports) } else { settled(node, task, outputs) };
            let kept = match ports {
                Ok(ports) => self.keep(ports).await,
                Err(error) => Err(error),
            };
            match kept {
                Ok(lists) => lists,
                Err(error) => return self.fail_unkept(node, task, this, error),
            }
        };
        let error = failed.and_then(|item| reason_of(&item).map(str::to_owned));
        let settlement = Settlement { ports, context, error, continued_after: None, code_ms, log: &log };
        if let Err(error) = self.record_success(plan, task, this, settlement) {
            return self.fail_unkept(node, task, this, error);
        }
        // The first answer counts, be it told already or not.
        if self.reply.sender.is_some() && !matches!(self.reply.respond, Some(Respond::End)) {
            self.reply.answer = self.reply.answer.take().or(answer);
        }
        Next::Step
    }

    pub(super) async fn fail_step(
        &mut self,
        plan: &Plan,
        task: &Task,
        this: &Attempt,
        failure: &ActFailure,
    ) -> Result<Next, Lost> {
        let node = &plan.nodes[task.node];
        let error = step_error(&failure.error, node.id);
        if node.on_error == OnError::Stop || failure.ends_execution {
            // As in n8n, what code kept before it failed lasts.
            if failure.code_ms.is_some() {
                self.take_kept(node.id);
            }
            self.record_failure(node, task, this, failure, None);
            return Ok(Next::Fail(error));
        }
        // What takes the place of its items is made of what came in.
        let ports = match self.loaded(task.clone()).await? {
            Ok(loaded) => match after_error(node, &loaded, &failure.error) {
                Ok(ports) => self.keep(ports).await,
                Err(error) => Err(error),
            },
            Err(failure) => Err(failure.error),
        };
        let ports = match ports {
            Ok(lists) => lists,
            Err(error) => return Ok(self.fail_unkept(node, task, this, error)),
        };
        let settlement = Settlement {
            ports,
            context: None,
            error: Some(error.message.clone()),
            continued_after: Some(error),
            code_ms: failure.code_ms,
            log: &failure.log,
        };
        Ok(match self.record_success(plan, task, this, settlement) {
            Ok(()) => Next::Step,
            Err(error) => self.fail_unkept(node, task, this, error),
        })
    }

    /// What the step gave cannot be kept: the execution has made as many items as it may, or the store of files fails.
    fn fail_unkept(&mut self, node: &PlanNode, task: &Task, this: &Attempt, error: NodeError) -> Next {
        let failure = ActFailure::ending(error);
        self.record_failure(node, task, this, &failure, None);
        Next::Fail(step_error(&failure.error, node.id))
    }

    fn record_success(
        &mut self,
        plan: &Plan,
        task: &Task,
        this: &Attempt,
        settlement: Settlement<'_>,
    ) -> Result<(), NodeError> {
        let now = self.clock.now();
        let Settlement { ports, context, error, continued_after, code_ms, log } = settlement;
        // Code may keep things and fail nevertheless. A node that keeps nothing keeps what it said itself, a loop its place.
        let context = context.or_else(|| self.take_kept(this.key.node));
        let count = ports.iter().filter_map(List::held).map(|items| items.len()).sum();
        let output = unhurried(count, || self.recorder.lists(&ports))?;
        for items in ports.iter().filter_map(List::held) {
            self.ledger.makes(items);
        }
        let context_part = context.as_ref().map(|value| self.recorder.part(value, 1)).transpose()?;
        let log = self.record_log(log);
        let sources = task.sources();
        let event = ExecutionEvent::StepSucceeded {
            step: this.key,
            kind: plan.nodes[task.node].kind.clone(),
            sources: sources.clone(),
            output,
            started_at: this.began,
            duration_us: elapsed_us(this.began, now),
            code_ms,
            log,
            continued_after,
            context: context_part,
        };
        self.recorder.event(event, now);
        self.complete(plan, task.node, Run { outputs: ports, sources, context, error });
        Ok(())
    }

    /// What code changed of what it keeps. What must last becomes so together with the step; manual executions leave no trace.
    fn take_kept(&mut self, node: NodeId) -> Option<Value> {
        let changed = self.kept.take_changed(node)?;
        if self.info.mode == ExecutionMode::Production {
            self.recorder.keep(self.info.workflow, changed.lasting);
        }
        Some(changed.recorded)
    }

    /// What code printed, as long as there is room for it.
    fn record_log(&mut self, log: &[LogLine]) -> Option<Part> {
        if log.is_empty() { None } else { self.recorder.part(log, log.len()).ok() }
    }

    pub(super) fn record_failure(
        &mut self,
        node: &PlanNode,
        task: &Task,
        this: &Attempt,
        failure: &ActFailure,
        retry_at: Option<Timestamp>,
    ) {
        let now = self.clock.now();
        *self.failed.entry((this.key.node, this.key.iteration)).or_default() += 1;
        let log = self.record_log(&failure.log);
        let event = ExecutionEvent::StepFailed {
            step: this.key,
            kind: node.kind.clone(),
            sources: task.sources(),
            error: step_error(&failure.error, node.id),
            started_at: this.began,
            duration_us: elapsed_us(this.began, now),
            code_ms: failure.code_ms,
            log,
            retry_at,
        };
        self.recorder.event(event, now);
    }

    pub(super) fn complete(&mut self, plan: &Plan, node: usize, run: Run) {
        Arc::make_mut(&mut self.schedule).complete(plan, node, run);
    }

    /// When the next attempt begins: the wait doubles each time, and everybody's retries are spread a little.
    pub(super) fn retry_at(&self, node: &PlanNode, error: &NodeError, attempt: u32) -> Option<Timestamp> {
        let retry = node.retry.filter(|retry| attempt < retry.max_attempts && !error.is_final)?;
        let doubled = Duration::from_millis(retry.wait_ms).saturating_mul(1 << (attempt - 1).min(16));
        let pause = doubled.min(MAX_PAUSE);
        let spread = mixed(self.info.seed, u64::from(attempt)) % 100;
        Some(later(self.clock.now(), pause + pause / 1000 * spread as u32))
    }
}

/// What is recorded of a step that ended well.
struct Settlement<'a> {
    ports: Vec<List>,
    context: Option<Value>,
    error: Option<String>,
    continued_after: Option<StepError>,
    code_ms: Option<u64>,
    log: &'a [LogLine],
}

fn elapsed_us(began: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.duration_since(began).as_micros()).unwrap_or_default()
}
