//! Going on with an execution that is recorded: after its process died, or when its wait is over.
//!
//! The fence is the stream's version. Whoever takes over appends `ExecutionAdopted` at the version that it has read; of two only
//! one succeeds, and the next append of the old owner is a conflict, upon which that one drops the execution.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use weft_event_log::{Companion, Expected, LogFault, OpenExecution, Timer, TimerKind};
use weft_model::execution::{ExecutionEvent, Partial, StepError, StepKey};
use weft_model::{Actor, ExecutionId, NodeId, TenantId};

use super::failures::{Failing, told_of};
use super::reuse::{ReuseError, Reusing};
use super::{CompileError, Engine, Inner};
use crate::clock::later;
use crate::execution::{
    Drive, ExecutionInfo, Full, Items, Lost, Past, PastError, PastStep, Recorder, Reusable, Schedule, tells_failure,
    tells_parent,
};
use crate::plan::{Beginning, Plan};
use crate::{DefinitionFault, StepFiles, TenantSettings};

/// Why an execution could not be taken over now.
#[derive(Debug, thiserror::Error)]
pub(super) enum TakeOverError {
    #[error(transparent)]
    Past(#[from] PastError),
    #[error(transparent)]
    Definition(#[from] DefinitionFault),
    #[error("it could not be asked what the execution waits for")]
    Timers(#[source] LogFault),
    #[error("the takeover could not be recorded")]
    Lost(#[source] Lost),
    #[error(transparent)]
    Full(#[from] Full),
}

/// So often an execution is adopted without a step having had an outcome meanwhile. Then it is taken for the reason why its
/// processes died, so that it does not end every process in turn.
const MOST_IN_VAIN: u32 = 5;

impl Engine {
    /// Takes an execution over; `wake` is the timer that asks for it. False where somebody else has it, or nothing is left to do.
    pub(super) async fn take_over(
        &self,
        tenant: TenantId,
        execution: ExecutionId,
        wake: Option<&Timer>,
    ) -> Result<bool, TakeOverError> {
        let inner = &self.0;
        let past = inner.read_past(tenant, execution).await?;
        let Some(past) = inner.wanted(past, tenant, wake).await? else { return Ok(false) };
        let cause = wake.map_or(Cause::Orphan, |timer| Cause::Timer(timer.clone()));
        let takeover = self.takeover(tenant, &past, cause).await?;
        // Taken before the stream moves on, so that nobody takes this for a takeover by another process.
        let caller = inner.waiting.take(execution);
        match inner.adopt(past, takeover).await {
            Ok(Some(mut drive)) => {
                drive.reply = caller.map(|caller| caller.reply).unwrap_or_default();
                self.progress(drive, inner.admission.admit_always(tenant));
                Ok(true)
            }
            Ok(None) => Ok(true),
            Err(TakeOverError::Lost(Lost::Fenced)) => Ok(false),
            Err(error) => {
                inner.waiting.put_back(execution, caller);
                Err(error)
            }
        }
    }

    /// What an execution is taken over with.
    pub(super) async fn takeover(
        &self,
        tenant: TenantId,
        past: &Past,
        cause: Cause,
    ) -> Result<Takeover, TakeOverError> {
        let settings = self.0.definitions.tenant(tenant).await?;
        let plan = match self.0.plan(tenant, past.workflow, past.version).await {
            Ok(plan) => Some(plan),
            Err(CompileError::Unknown) => None,
            Err(CompileError::Definition(fault)) => return Err(fault.into()),
        };
        let reusable = self.0.still_reusable(tenant, past).await?;
        Ok(Takeover { tenant, plan, settings, cause, reusable })
    }
}

/// What an execution is taken over with.
pub(super) struct Takeover {
    tenant: TenantId,
    /// The version that it began with, if that still exists.
    plan: Option<Arc<Plan>>,
    settings: Arc<TenantSettings>,
    cause: Cause,
    /// What an earlier execution stands for; nothing where that is gone.
    reusable: Option<Reusable>,
}

/// Why an execution is taken over.
pub(super) enum Cause {
    /// Its process is dead.
    Orphan,
    /// A timer asks for it.
    Timer(Timer),
    /// A signal came.
    Signal(Delivered),
}

/// A signal for a step that waits for it.
pub(super) struct Delivered {
    pub(super) step: StepKey,
    pub(super) items: Items,
}

impl Inner {
    /// An execution that has not ended.
    async fn read_past(&self, tenant: TenantId, execution: ExecutionId) -> Result<Option<Past>, PastError> {
        let read = Past::to_go_on(&self.shelf(tenant), execution).await.inspect_err(|error| {
            if !matches!(error, PastError::Log(_)) {
                tracing::error!(
                    execution.id = %execution,
                    error = error as &dyn std::error::Error,
                    "The execution cannot be read back."
                );
            }
        });
        Ok(read?.filter(|past| past.ended.is_none()))
    }

    /// Whether there is a reason to take the execution over. A timer that nobody waits for is discarded by this, so that it does
    /// not ask again; an execution that waits for a timer is left to it.
    async fn wanted(
        &self,
        past: Option<Past>,
        tenant: TenantId,
        wake: Option<&Timer>,
    ) -> Result<Option<Past>, TakeOverError> {
        if let Some(timer) = wake {
            if past.as_ref().is_some_and(|past| past.waits().any(|(_, awaited)| awaited == timer.id)) {
                return Ok(past);
            }
            // A step that is still at work may leave memory in a moment and wait for this.
            if !past.is_some_and(|past| is_to_come(&past, timer)) {
                self.discard(tenant, timer).await;
            }
            return Ok(None);
        }
        let Some(past) = past else { return Ok(None) };
        let now = self.clock.now();
        if past.waits().next().is_some() {
            let timers = self.log.timers(tenant, past.execution.into()).await.map_err(TakeOverError::Timers)?;
            let is_ahead = |id| timers.iter().any(|timer| timer.id == id && timer.due_at > now);
            if past.waits().any(|(_, id)| is_ahead(id)) {
                return Ok(None);
            }
        }
        Ok(Some(past))
    }

    /// Makes the execution ours and gives it back ready to go on; nothing where it ended by that.
    pub(super) async fn adopt(&self, mut past: Past, takeover: Takeover) -> Result<Option<Drive>, TakeOverError> {
        let (now, execution, epoch) = (self.clock.now(), past.execution, past.epoch + 1);
        let info = self.info(&past, &takeover);
        let expected = Expected::Exactly(past.stream);
        let of_workflow = takeover.plan.as_ref().and_then(|plan| plan.retention);
        let retention = of_workflow.unwrap_or(takeover.settings.retention);
        let mut recorder = self.recorder(&info, Actor::System, retention, expected);
        recorder.count(past.bytes);
        recorder.count_stored(past.stored);
        recorder.event(self.ownership(&past, epoch, info.seed), now);
        let waited_out = matches!(&takeover.cause, Cause::Timer(timer) if is_early(&past, timer));
        match &takeover.cause {
            Cause::Orphan => {}
            Cause::Timer(timer) => resume(&mut recorder, &mut past, timer, now),
            Cause::Signal(delivered) => deliver(&mut recorder, &mut past, delivered, now)?,
        }
        let begun = takeover.plan.and_then(|plan| plan.number_of(past.trigger).map(|trigger| (plan, trigger)));
        let (plan, trigger) = match begun {
            Some(begun) if past.adopted_in_vain < MOST_IN_VAIN && takeover.reusable.is_some() => begun,
            other => {
                let error = match other {
                    None => definition_gone(),
                    Some(_) if takeover.reusable.is_none() => reused_gone(),
                    Some(_) => crash_loop(),
                };
                recorder.event(ExecutionEvent::Failed { error, at: now }, now);
                recorder.companion(Companion::CloseExecution { execution });
                let failure = tells_failure(info.error_workflow, execution, None, now);
                for told in tells_parent(past.parent.as_ref(), now).into_iter().chain(failure) {
                    recorder.companion(told);
                }
                recorder.flush().await.map_err(TakeOverError::Lost)?;
                return Ok(None);
            }
        };
        let (workflow, worker) = (info.workflow, self.worker);
        recorder.companion(Companion::OpenExecution(OpenExecution { execution, workflow, worker, epoch }));
        recorder.flush().await.map_err(TakeOverError::Lost)?;
        tracing::info!(
            execution.id = %execution,
            tenant.id = %takeover.tenant,
            epoch,
            "This process goes on with the execution."
        );
        let until = past.partial.and_then(|partial| plan.number_of(partial.until));
        let files = StepFiles::new(takeover.tenant, self.services.files.clone());
        let first = match past.output.first() {
            Some(list) => list.first(&files).await.map_err(PastError::from)?,
            None => Items::default(),
        };
        let begins = Beginning { workflow, items: &first, now: past.started_at, zone: &info.time_zone };
        let slot = self.slot(&info, &plan, begins, &takeover.settings);
        let schedule = Schedule::begin_until(&plan, trigger, past.output, until);
        let reusable = takeover.reusable.unwrap_or_default();
        let deadline = plan.timeout_seconds.map(|seconds| later(past.started_at, Duration::from_secs(seconds)));
        let drive = self.drive(info, plan, schedule, recorder);
        Ok(Some(Drive {
            past: past.steps,
            reusable,
            failed: past.failed,
            epoch,
            opened: true,
            deadline,
            waited_out,
            slot,
            ..drive
        }))
    }

    /// What an earlier execution stands for in one that was begun before; nothing where that is gone.
    async fn still_reusable(&self, tenant: TenantId, past: &Past) -> Result<Option<Reusable>, TakeOverError> {
        let Some(Partial { until, reuses: Some(from) }) = past.partial else { return Ok(Some(Reusable::new())) };
        let (workflow, version, trigger) = (past.workflow, past.version, past.trigger);
        match self.reused(Reusing { tenant, workflow, version, trigger, until, from }).await {
            Ok(reused) => Ok(Some(reused.steps)),
            Err(ReuseError::Gone) => Ok(None),
            Err(ReuseError::Past(error)) => Err(error.into()),
            Err(ReuseError::Definition(fault)) => Err(fault.into()),
        }
    }

    fn info(&self, past: &Past, takeover: &Takeover) -> ExecutionInfo {
        let zone = takeover.plan.as_ref().and_then(|plan| plan.time_zone.clone());
        ExecutionInfo {
            tenant: takeover.tenant,
            execution: past.execution,
            workflow: past.workflow,
            version: past.version,
            mode: past.mode,
            correlation: past.correlation,
            trigger: past.trigger,
            seed: past.seed.unwrap_or_else(|| self.entropy.bits()),
            time_zone: zone.unwrap_or_else(|| takeover.settings.time_zone.clone()),
            variables: takeover.settings.variables.clone(),
            environment: self.services.environment.clone().into(),
            parent: past.parent,
            resume_url: takeover.settings.resume_url(past.execution),
            form_url: takeover.settings.form_url(past.execution),
            error_workflow: told_of(takeover.plan.as_deref(), &Failing::of(past), &takeover.settings),
        }
    }

    fn ownership(&self, past: &Past, epoch: u32, seed: u64) -> ExecutionEvent {
        let at = self.clock.now();
        match past.seed {
            Some(_) => ExecutionEvent::Adopted { worker: self.worker, epoch, at },
            None => ExecutionEvent::Started { worker: self.worker, epoch, seed, at },
        }
    }
}

/// The timer is used up in the same append, and the wait that it ends is over. It does not end one for which the execution has
/// no time any longer; an attempt that it begins has no event of its own.
fn resume(recorder: &mut Recorder, past: &mut Past, timer: &Timer, now: Timestamp) {
    recorder.companion(Companion::FireTimer { id: timer.id, due_at: timer.due_at });
    let Some((step, _)) = past.waits().find(|(_, awaited)| *awaited == timer.id) else { return };
    let Some(state) = past.steps.get_mut(&(step.node, step.iteration)) else { return };
    let is_over = |until: Timestamp| timer.due_at.as_microsecond() >= until.as_microsecond();
    let began = match state {
        PastStep::Waiting { until, began, .. } if is_over(*until) => *began,
        PastStep::Awaiting(wait) if timer.id == wait.signal.timer() => {
            recorder.companion(Companion::ClearTimer { id: wait.timer });
            // What it gave is with the one that sent it.
            recorder
                .event(ExecutionEvent::StepSignalled { step, signal: wait.signal, output: Vec::new(), at: now }, now);
            *state = PastStep::Signalled { attempt: step.attempt, began: wait.began, items: Items::default() };
            return;
        }
        PastStep::Awaiting(wait) if wait.until.is_some_and(is_over) => wait.began,
        _ => return,
    };
    recorder.event(ExecutionEvent::StepResumed { step, timer: timer.id, at: now }, now);
    *state = PastStep::Resumed { attempt: step.attempt, began };
}

/// Whether the timer is due before what the step waits for: the wait is as long as the execution may wait.
fn is_early(past: &Past, timer: &Timer) -> bool {
    let is_ahead = |until: Timestamp| timer.due_at.as_microsecond() < until.as_microsecond();
    let step = past.waits().find(|(_, awaited)| *awaited == timer.id).map(|(step, _)| (step.node, step.iteration));
    match step.and_then(|step| past.steps.get(&step)) {
        Some(PastStep::Waiting { until, .. }) => is_ahead(*until),
        Some(PastStep::Awaiting(wait)) => timer.id != wait.signal.timer() && wait.until.is_none_or(is_ahead),
        Some(PastStep::Failed { retry_at: Some(retry_at), .. }) => is_ahead(*retry_at),
        _ => false,
    }
}

/// The step goes on with what the signal brings, and its timer has nothing to wake any longer.
fn deliver(recorder: &mut Recorder, past: &mut Past, delivered: &Delivered, now: Timestamp) -> Result<(), Full> {
    let Delivered { step, items } = delivered;
    let Some(PastStep::Awaiting(wait)) = past.steps.get(&(step.node, step.iteration)) else { return Ok(()) };
    let output = vec![recorder.items(items)?];
    recorder.event(ExecutionEvent::StepSignalled { step: *step, signal: wait.signal, output, at: now }, now);
    recorder.companion(Companion::ClearTimer { id: wait.timer });
    let state = PastStep::Signalled { attempt: step.attempt, began: wait.began, items: Arc::clone(items) };
    past.steps.insert((step.node, step.iteration), state);
    Ok(())
}

/// Whether the step that `timer` is for has not come to wait for it yet.
fn is_to_come(past: &Past, timer: &Timer) -> bool {
    let at = |name: &str| timer.data.get(name);
    let node = at("node").and_then(|node| node.as_str()?.parse::<NodeId>().ok());
    let iteration = at("iteration").and_then(serde_json::Value::as_u64);
    let step = node.zip(iteration).and_then(|(node, iteration)| past.steps.get(&(node, iteration as u32)));
    match step {
        Some(PastStep::Started { .. } | PastStep::Resumed { .. } | PastStep::Signalled { .. }) => {
            timer.kind == TimerKind::Signal
        }
        Some(
            PastStep::Awaiting(_)
            | PastStep::Waiting { .. }
            | PastStep::Succeeded(_)
            | PastStep::Failed { .. }
            | PastStep::Unknown,
        )
        | None => false,
    }
}

fn crash_loop() -> StepError {
    let message = format!(
        "The server stopped {MOST_IN_VAIN} times in a row while it executed the same step. Does it work on too much at once?"
    );
    StepError::of("crash_loop", message)
}

fn reused_gone() -> StepError {
    let message = "The execution whose items should be used again is not there any longer. Execute the workflow from its trigger.";
    StepError::of("reused_gone", message)
}

fn definition_gone() -> StepError {
    let message = "The version of the workflow that this execution began with does not exist any longer.";
    StepError::of("definition_gone", message)
}
