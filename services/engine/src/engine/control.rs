//! What people do with executions that exist: end them, repeat them.

use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;
use weft_event_log::{AppendError, AppendRequest, Companion, Expected, LogFault, NewEvent, Timer, TimerKind};
use weft_model::execution::{ExecutionEvent, ExecutionMode, StepError};
use weft_model::{Actor, Event, ExecutionId, Position, TenantId, TimerId};

use super::{Engine, StartError, StartExecution, Started};
use crate::StepFiles;
use crate::clock::derived_id;
use crate::execution::{End, Past, PastError, tells_failure, tells_parent};

/// How often a race with the execution's own progress is run.
const RACES: usize = 50;

/// Why an execution was not cancelled.
#[derive(Debug, Error)]
pub enum CancelError {
    /// There is none.
    #[error("There is no such execution.")]
    NotFound,
    /// It is over.
    #[error("This execution ended before; nothing was changed.")]
    Ended,
    /// It progresses faster than it can be ended.
    #[error("The execution could not be cancelled now. Try again.")]
    Busy,
    /// Its events cannot be had.
    #[error("the execution could not be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The log says no.
    #[error("the cancellation could not be recorded")]
    Append(#[source] Box<AppendError>),
}

/// Why an execution was not repeated.
#[derive(Debug, Error)]
pub enum RetryError {
    /// There is none.
    #[error("There is no such execution.")]
    NotFound,
    /// It did not end badly.
    #[error("Only an execution that failed or was cancelled can be retried. Execute the workflow again instead.")]
    NotRetryable,
    /// Its events cannot be had.
    #[error("the execution could not be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The new execution was not begun.
    #[error(transparent)]
    Start(#[from] StartError),
}

impl Engine {
    /// Ends an execution, wherever it is under way. Its owner notices at its next append, or at once in this process.
    pub async fn cancel(
        &self,
        tenant: TenantId,
        execution: ExecutionId,
        actor: Actor,
    ) -> Result<Position, CancelError> {
        let event = ExecutionEvent::Cancelled { at: self.0.clock.now() };
        self.end(Ending { tenant, execution, actor, epoch: None, timer: None, event }).await
    }

    /// Ends an execution that was asked for by one that was cancelled; `timer` is what told it so. Where that cannot be
    /// recorded now, the timer tells it again.
    pub(super) async fn cancel_called(&self, tenant: TenantId, execution: ExecutionId, timer: Option<&Timer>) {
        let event = ExecutionEvent::Cancelled { at: self.0.clock.now() };
        let id = timer.map(|timer| timer.id);
        match self.end(Ending { tenant, execution, actor: Actor::System, epoch: None, timer: id, event }).await {
            Ok(_) => {}
            Err(CancelError::NotFound | CancelError::Ended) => {
                if let Some(timer) = timer {
                    self.0.discard(tenant, timer).await;
                }
            }
            Err(fault) => tracing::warn!(
                execution.id = %execution,
                error = &fault as &dyn std::error::Error,
                "A sub-workflow of a cancelled execution could not be cancelled."
            ),
        }
    }

    /// Ends an execution that this process cannot go on with, and no other one could. Where that cannot be recorded now,
    /// housekeeping tries again: nobody else would, since this process is alive.
    pub(super) async fn abandon(&self, abandoned: Abandoned) {
        let Abandoned { tenant, execution, reason, .. } = abandoned;
        tracing::error!(execution.id = %execution, tenant.id = %tenant, reason, "An execution is given up.");
        if !self.record_abandoned(abandoned).await {
            self.0.abandoned().insert(execution, abandoned);
        }
    }

    /// Tries again to record what was given up. Ends at the first that fails: what is wrong with it is wrong with all.
    pub(super) async fn abandon_again(&self) {
        let kept: Vec<Abandoned> = self.0.abandoned().values().copied().collect();
        for abandoned in kept {
            if !self.record_abandoned(abandoned).await {
                return;
            }
            self.0.abandoned().remove(&abandoned.execution);
        }
    }

    async fn record_abandoned(&self, abandoned: Abandoned) -> bool {
        let Abandoned { tenant, execution, epoch, reason } = abandoned;
        let event = ExecutionEvent::Failed { error: StepError::of("fault", reason), at: self.0.clock.now() };
        let ending = Ending { tenant, execution, actor: Actor::System, epoch: Some(epoch), timer: None, event };
        match self.end(ending).await {
            Ok(_) | Err(CancelError::NotFound | CancelError::Ended) => true,
            Err(fault) => {
                tracing::warn!(
                    execution.id = %execution,
                    error = &fault as &dyn std::error::Error,
                    "An execution could not be recorded as given up; it is tried again."
                );
                false
            }
        }
    }

    async fn end(&self, ending: Ending) -> Result<Position, CancelError> {
        let Ending { tenant, execution, .. } = ending;
        for _ in 0..RACES {
            let past = Past::outline(&*self.0.log, tenant, execution).await;
            let past = past.map_err(|error| CancelError::Unreadable(error.into()))?.ok_or(CancelError::NotFound)?;
            // Whoever gives an execution up has no say about what another one goes on with.
            if past.ended.is_some() || ending.epoch.is_some_and(|epoch| epoch != past.epoch) {
                return Err(CancelError::Ended);
            }
            let told = match ending.event {
                ExecutionEvent::Failed { at, .. } => {
                    let workflow =
                        self.0.told_of(tenant, &past).await.map_err(|fault| CancelError::Unreadable(fault.into()))?;
                    tells_failure(workflow, execution, None, at)
                }
                _ => None,
            };
            let mut request = ending.request(&past);
            request.companions.extend(told);
            match self.0.log.append(request).await {
                Ok(appended) => {
                    if let Some(charge) = self.0.under_way().get(&execution) {
                        charge.cancelled.cancel();
                    }
                    self.0.waiting.take(execution);
                    // Whatever asked for it, or was asked for by it, is told by a timer that is due.
                    self.0.wake_at(self.0.clock.now());
                    return Ok(appended.last);
                }
                Err(AppendError::Conflict { .. }) => tokio::task::yield_now().await,
                Err(error) => return Err(CancelError::Append(Box::new(error))),
            }
        }
        Err(CancelError::Busy)
    }

    /// Begins a new execution with what one that ended badly began with: the same version, trigger and items.
    pub async fn retry(&self, tenant: TenantId, execution: ExecutionId, actor: Actor) -> Result<Started, RetryError> {
        let past =
            Past::read(&*self.0.log, tenant, execution).await.map_err(unreadable)?.ok_or(RetryError::NotFound)?;
        // Of an execution that was too large to be recorded, there are no items to repeat it with.
        let output = past.output.iter().position(|list| !list.is_empty()).unwrap_or_default();
        let items = past.output.get(output).filter(|_| matches!(past.ended, Some(End::Failed(_) | End::Cancelled)));
        let files = StepFiles::new(tenant, self.0.services.files.clone());
        let items = items.ok_or(RetryError::NotRetryable)?.load(&files, self.0.settings.max_bytes).await;
        let items = Arc::unwrap_or_clone(items.map_err(|error| unreadable(error.into()))?);
        let request = StartExecution {
            mode: if past.mode == ExecutionMode::Test { ExecutionMode::Manual } else { past.mode },
            items,
            output,
            actor,
            retry_of: Some(execution),
            partial: past.partial,
            ..StartExecution::new(tenant, past.workflow, past.version, past.trigger)
        };
        Ok(self.start(request).await?)
    }
}

fn unreadable(error: PastError) -> RetryError {
    RetryError::Unreadable(Box::new(error))
}

impl From<LogFault> for CancelError {
    fn from(fault: LogFault) -> Self {
        Self::Unreadable(Box::new(fault))
    }
}

/// What cancels an execution that was asked for by one that is cancelled.
fn cancels(called: ExecutionId, at: Timestamp) -> Companion {
    let id = TimerId(derived_id("cancel", &[called.0.as_bytes()]));
    let data = serde_json::Value::Null;
    Companion::SetTimer(Timer { id, stream: called.into(), kind: TimerKind::Cancel, due_at: at, data })
}

/// An execution that this process cannot go on with.
#[derive(Clone, Copy)]
pub(super) struct Abandoned {
    pub(super) tenant: TenantId,
    pub(super) execution: ExecutionId,
    /// In which epoch this process had it.
    pub(super) epoch: u32,
    pub(super) reason: &'static str,
}

/// The end of an execution, from outside.
struct Ending {
    tenant: TenantId,
    execution: ExecutionId,
    actor: Actor,
    /// It must be somebody's own, in this epoch.
    epoch: Option<u32>,
    /// The timer that asks for it.
    timer: Option<TimerId>,
    event: ExecutionEvent,
}

impl Ending {
    /// The append, whatever the execution waits for.
    fn request(&self, past: &Past) -> AppendRequest {
        let waits = past.waits().map(|(_, id)| id).chain(self.timer).map(|id| Companion::ClearTimer { id });
        let at = self.at();
        let told = tells_parent(past.parent.as_ref(), at);
        let is_cancelled = matches!(self.event, ExecutionEvent::Cancelled { .. });
        let called = past.called().filter(|_| is_cancelled).map(|called| cancels(called, at));
        AppendRequest {
            tenant: self.tenant,
            stream: self.execution.into(),
            expected: Expected::Exactly(past.stream),
            actor: self.actor,
            correlation: past.correlation,
            causation: None,
            events: vec![NewEvent::from(&Event::Execution(self.event.clone()))],
            payload: None,
            companions: waits
                .chain([Companion::CloseExecution { execution: self.execution }])
                .chain(told)
                .chain(called)
                .collect(),
        }
    }

    fn at(&self) -> Timestamp {
        match self.event {
            ExecutionEvent::Cancelled { at } | ExecutionEvent::Failed { at, .. } => at,
            _ => Timestamp::UNIX_EPOCH,
        }
    }
}
