//! Going on with an execution that is recorded: after its process died, or when its wait is over.
//!
//! The fence is the stream's version. Whoever takes over appends `ExecutionAdopted` at the version that it has read; of two only
//! one succeeds, and the next append of the old owner is a conflict, upon which that one drops the execution.

use std::sync::Arc;
use std::time::Duration;

use weft_event_log::{Companion, Expected, LogFault, OpenExecution, Timer};
use weft_model::execution::{ExecutionEvent, StepError};
use weft_model::{Actor, ExecutionId, TenantId};

use super::{CompileError, Engine, Inner};
use crate::clock::later;
use crate::execution::{Drive, ExecutionInfo, Lost, Past, PastError, PastStep, Recorder, Schedule};
use crate::plan::Plan;
use crate::{DefinitionFault, TenantSettings};

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
        let settings = inner.definitions.tenant(tenant).await?;
        let plan = match inner.plan(tenant, past.workflow, past.version).await {
            Ok(plan) => Some(plan),
            Err(CompileError::Unknown) => None,
            Err(CompileError::Definition(fault)) => return Err(fault.into()),
        };
        // Taken before the stream moves on, so that nobody takes this for a takeover by another process.
        let caller = inner.waiting.take(execution);
        match inner.adopt(past, Takeover { tenant, plan, settings: &settings, wake }).await {
            Ok(Some(mut drive)) => {
                drive.reply = caller.map(|caller| caller.reply).unwrap_or_default();
                self.progress(drive, inner.admission.admit_always());
                Ok(true)
            }
            Ok(None) => Ok(true),
            Err(Lost::Fenced) => Ok(false),
            Err(lost) => {
                inner.waiting.put_back(execution, caller);
                Err(TakeOverError::Lost(lost))
            }
        }
    }
}

/// What an execution is taken over with.
struct Takeover<'a> {
    tenant: TenantId,
    /// The version that it began with, if that still exists.
    plan: Option<Arc<Plan>>,
    settings: &'a TenantSettings,
    /// The timer that asks for it.
    wake: Option<&'a Timer>,
}

impl Inner {
    /// An execution that has not ended.
    async fn read_past(&self, tenant: TenantId, execution: ExecutionId) -> Result<Option<Past>, PastError> {
        let read = Past::read(&*self.log, tenant, execution).await.inspect_err(|error| {
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
            self.discard(tenant, timer).await;
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
    async fn adopt(&self, mut past: Past, takeover: Takeover<'_>) -> Result<Option<Drive>, Lost> {
        let (now, execution, epoch) = (self.clock.now(), past.execution, past.epoch + 1);
        let info = self.info(&past, &takeover);
        let expected = Expected::Exactly(past.stream);
        let mut recorder = self.recorder(&info, Actor::System, takeover.settings.retention, expected);
        recorder.count(past.bytes);
        recorder.event(self.ownership(&past, epoch, info.seed), now);
        if let Some(timer) = takeover.wake {
            resume(&mut recorder, &mut past, timer, now);
        }
        let begun = takeover.plan.and_then(|plan| plan.number_of(past.trigger).map(|trigger| (plan, trigger)));
        let (plan, trigger) = match begun {
            Some(begun) if past.adopted_in_vain < MOST_IN_VAIN => begun,
            other => {
                let error = if other.is_some() { crash_loop() } else { definition_gone() };
                recorder.event(ExecutionEvent::Failed { error, at: now }, now);
                recorder.companion(Companion::CloseExecution { execution });
                recorder.flush().await?;
                return Ok(None);
            }
        };
        let (workflow, worker) = (info.workflow, self.worker);
        recorder.companion(Companion::OpenExecution(OpenExecution { execution, workflow, worker, epoch }));
        recorder.flush().await?;
        tracing::info!(
            execution.id = %execution,
            tenant.id = %takeover.tenant,
            epoch,
            "This process goes on with the execution."
        );
        let schedule = Schedule::begin(&plan, trigger, past.output);
        let deadline = plan.timeout_seconds.map(|seconds| later(past.started_at, Duration::from_secs(seconds)));
        let drive = self.drive(info, plan, schedule, recorder);
        Ok(Some(Drive { past: past.steps, epoch, opened: true, deadline, ..drive }))
    }

    fn info(&self, past: &Past, takeover: &Takeover<'_>) -> ExecutionInfo {
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
fn resume(recorder: &mut Recorder, past: &mut Past, timer: &Timer, now: jiff::Timestamp) {
    recorder.companion(Companion::FireTimer { id: timer.id, due_at: timer.due_at });
    let Some((step, _)) = past.waits().find(|(_, awaited)| *awaited == timer.id) else { return };
    let state = past.steps.get_mut(&(step.node, step.iteration));
    if let Some(state @ PastStep::Waiting { .. }) = state
        && let PastStep::Waiting { until, began, .. } = *state
        && timer.due_at.as_microsecond() >= until.as_microsecond()
    {
        recorder.event(ExecutionEvent::StepResumed { step, timer: timer.id, at: now }, now);
        *state = PastStep::Resumed { attempt: step.attempt, began };
    }
}

fn crash_loop() -> StepError {
    let message = format!(
        "The server stopped {MOST_IN_VAIN} times in a row while it executed the same step. Does it work on too much at once?"
    );
    StepError::of("crash_loop", message)
}

fn definition_gone() -> StepError {
    let message = "The version of the workflow that this execution began with does not exist any longer.";
    StepError::of("definition_gone", message)
}
