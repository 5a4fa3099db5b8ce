//! Going on with an execution that is recorded: after its process died, or when its wait is over.
//!
//! The fence is the stream's version. Whoever takes over appends `ExecutionAdopted` at the version that it has read; of two only
//! one succeeds, and the next append of the old owner is a conflict, upon which that one drops the execution.

use std::sync::Arc;
use std::time::Duration;

use weft_event_log::{Companion, Expected, OpenExecution, Timer};
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
    #[error("the takeover could not be recorded: {0:?}")]
    Lost(Lost),
}

impl Engine {
    /// Takes an execution over; `wake` is the timer that asks for it. False where somebody else has it, or nothing is left to do.
    pub(super) async fn take_over(
        &self,
        tenant: TenantId,
        execution: ExecutionId,
        wake: Option<&Timer>,
    ) -> Result<bool, TakeOverError> {
        let inner = &self.0;
        let past = match Past::read(&*inner.log, tenant, execution).await {
            Ok(Some(past)) if past.ended.is_none() => past,
            Ok(_) => return Ok(false),
            Err(PastError::Log(fault)) => return Err(PastError::Log(fault).into()),
            Err(broken) => {
                tracing::error!(execution.id = %execution, error = %broken, "The execution cannot be read back.");
                return Err(broken.into());
            }
        };
        let settings = inner.definitions.tenant(tenant).await?;
        let plan = match inner.plan(tenant, past.workflow, past.version).await {
            Ok(plan) => Some(plan),
            Err(CompileError::Unknown) => None,
            Err(CompileError::Definition(fault)) => return Err(fault.into()),
        };
        match inner.adopt(past, tenant, execution, plan, &settings, wake).await {
            Ok(Some(mut drive)) => {
                if let Some(reply) = inner.parked().remove(&execution) {
                    drive.reply = reply;
                }
                self.progress(drive, inner.admission.admit_always());
                Ok(true)
            }
            Ok(None) => Ok(true),
            Err(Lost::Fenced) => Ok(false),
            Err(lost) => Err(TakeOverError::Lost(lost)),
        }
    }
}

impl Inner {
    /// Makes the execution ours and gives it back ready to go on; nothing where it ended by that.
    async fn adopt(
        &self,
        mut past: Past,
        tenant: TenantId,
        execution: ExecutionId,
        plan: Option<Arc<Plan>>,
        settings: &TenantSettings,
        wake: Option<&Timer>,
    ) -> Result<Option<Drive>, Lost> {
        let now = self.clock.now();
        let seed = past.seed.unwrap_or_else(|| self.entropy.bits());
        let zone = plan.as_ref().and_then(|plan| plan.time_zone.clone());
        let info = ExecutionInfo {
            tenant,
            execution,
            workflow: past.workflow,
            version: past.version,
            mode: past.mode,
            correlation: past.correlation,
            trigger: past.trigger,
            seed,
            time_zone: zone.unwrap_or_else(|| settings.time_zone.clone()),
            variables: settings.variables.clone(),
        };
        let expected = Expected::Exactly(past.stream);
        let mut recorder = self.recorder(&info, Actor::System, settings.retention, expected);
        let epoch = past.epoch + 1;
        recorder.event(self.ownership(&past, epoch, seed), now);
        if let Some(timer) = wake {
            resume(&mut recorder, &mut past, timer, now);
        }
        let trigger = plan.as_ref().and_then(|plan| plan.number_of(past.trigger));
        let (Some(plan), Some(trigger)) = (plan, trigger) else {
            recorder.event(ExecutionEvent::Failed { error: definition_gone(), at: now }, now);
            recorder.companion(Companion::CloseExecution { execution });
            recorder.flush().await?;
            return Ok(None);
        };
        let (workflow, worker) = (info.workflow, self.worker);
        recorder.companion(Companion::OpenExecution(OpenExecution { execution, workflow, worker, epoch }));
        recorder.flush().await?;
        tracing::info!(execution.id = %execution, tenant.id = %tenant, epoch, "This process goes on with the execution.");
        let schedule = Schedule::begin(&plan, trigger, past.output);
        let deadline = plan.timeout_seconds.map(|seconds| later(past.started_at, Duration::from_secs(seconds)));
        let drive = self.drive(info, plan, schedule, recorder);
        Ok(Some(Drive { past: past.steps, epoch, opened: true, deadline, ..drive }))
    }

    fn ownership(&self, past: &Past, epoch: u32, seed: u64) -> ExecutionEvent {
        let at = self.clock.now();
        match past.seed {
            Some(_) => ExecutionEvent::Adopted { worker: self.worker, epoch, at },
            None => ExecutionEvent::Started { worker: self.worker, epoch, seed, at },
        }
    }
}

/// The wait that `timer` ends is over; the timer is used up in the same append.
fn resume(recorder: &mut Recorder, past: &mut Past, timer: &Timer, now: jiff::Timestamp) {
    recorder.companion(Companion::FireTimer { id: timer.id, due_at: timer.due_at });
    if let Some(step) = past.waiting_for(timer.id) {
        recorder.event(ExecutionEvent::StepResumed { step, timer: timer.id, at: now }, now);
        past.steps.insert((step.node, step.iteration), PastStep::Resumed { attempt: step.attempt });
    }
}

fn definition_gone() -> StepError {
    StepError {
        code: "definition_gone".into(),
        message: "The version of the workflow that this execution began with does not exist any longer.".into(),
        description: None,
        node: None,
        item: None,
        field: None,
        causes: Vec::new(),
    }
}
