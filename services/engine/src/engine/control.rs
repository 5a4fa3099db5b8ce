//! What people do with executions that exist: end them, repeat them.

use thiserror::Error;
use weft_event_log::{AppendError, AppendRequest, Companion, Expected, LogFault, NewEvent};
use weft_model::execution::{ExecutionEvent, ExecutionMode, StepError};
use weft_model::{Actor, Event, ExecutionId, Position, TenantId};

use super::{Engine, StartError, StartExecution, Started};
use crate::execution::{End, Past, PastError, PastStep};

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
        self.end(tenant, execution, actor, &event).await
    }

    /// Ends an execution that this process cannot go on with, and no other one could.
    pub(super) async fn abandon(&self, tenant: TenantId, execution: ExecutionId, reason: &str) {
        tracing::error!(execution.id = %execution, tenant.id = %tenant, reason, "An execution is given up.");
        let error = StepError {
            code: "fault".into(),
            message: reason.to_owned(),
            description: None,
            node: None,
            item: None,
            field: None,
            causes: Vec::new(),
        };
        let event = ExecutionEvent::Failed { error, at: self.0.clock.now() };
        match self.end(tenant, execution, Actor::System, &event).await {
            Ok(_) | Err(CancelError::NotFound | CancelError::Ended) => {}
            Err(fault) => {
                tracing::error!(execution.id = %execution, error = %fault, "It could not be recorded as failed.");
            }
        }
    }

    async fn end(
        &self,
        tenant: TenantId,
        execution: ExecutionId,
        actor: Actor,
        event: &ExecutionEvent,
    ) -> Result<Position, CancelError> {
        for _ in 0..RACES {
            let past =
                Past::read(&*self.0.log, tenant, execution).await.map_err(|e| CancelError::Unreadable(e.into()))?;
            let past = past.ok_or(CancelError::NotFound)?;
            if past.ended.is_some() {
                return Err(CancelError::Ended);
            }
            match self.0.log.append(ending(tenant, execution, actor, &past, event)).await {
                Ok(appended) => {
                    if let Some(token) = self.0.under_way().get(&execution) {
                        token.cancel();
                    }
                    self.0.parked().remove(&execution);
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
        if !matches!(past.ended, Some(End::Failed | End::Cancelled)) {
            return Err(RetryError::NotRetryable);
        }
        let items = past.output.first().map(|items| items.as_ref().clone()).unwrap_or_default();
        let request = StartExecution {
            mode: if past.mode == ExecutionMode::Test { ExecutionMode::Manual } else { past.mode },
            items,
            actor,
            retry_of: Some(execution),
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

/// The append that ends an execution with `event`, whatever it waits for.
fn ending(
    tenant: TenantId,
    execution: ExecutionId,
    actor: Actor,
    past: &Past,
    event: &ExecutionEvent,
) -> AppendRequest {
    let waits = past.steps.values().filter_map(|step| match step {
        PastStep::Waiting { timer, .. } => Some(Companion::ClearTimer { id: *timer }),
        _ => None,
    });
    AppendRequest {
        tenant,
        stream: execution.into(),
        expected: Expected::Exactly(past.stream),
        actor,
        correlation: past.correlation,
        causation: None,
        events: vec![NewEvent::from(&Event::Execution(event.clone()))],
        payload: None,
        companions: waits.chain([Companion::CloseExecution { execution }]).collect(),
    }
}
