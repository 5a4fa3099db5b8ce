//! What may interrupt an execution that waits.

use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use weft_nodes::NodeError;

use super::drive::{Drive, timed_out};
use super::parking::until;
use super::recorder::Lost;
use crate::action::ActFailure;
use crate::clock::Clock;

/// Why an execution does not wait any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// Somebody ended it.
    Cancelled,
    /// The process ends.
    Stopping,
    /// It took longer than it may.
    Late,
}

/// What may interrupt an execution.
#[derive(Clone)]
pub(crate) struct Interruptions {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cancelled: CancellationToken,
    pub(super) stop: CancellationToken,
    pub(super) deadline: Option<Timestamp>,
}

impl Interruptions {
    /// What comes of `work`, unless the execution is interrupted before.
    pub(super) async fn unless_first<T>(&self, work: impl Future<Output = T>) -> Result<T, Interruption> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.cancelled.cancelled() => Err(Interruption::Cancelled),
            () = self.stop.cancelled() => Err(Interruption::Stopping),
            () = until(&*self.clock, self.deadline) => Err(Interruption::Late),
        }
    }

    /// What is read back, unless the execution is interrupted before. Who reads hears, too, that the process ends, and may be the
    /// first to: that is nothing that a step fails with.
    pub(super) async fn read<T>(
        &self,
        reading: impl Future<Output = Result<T, NodeError>>,
    ) -> Result<Result<T, NodeError>, Interruption> {
        let read = self.unless_first(reading).await?;
        if read.is_err() && self.stop.is_cancelled() { Err(Interruption::Stopping) } else { Ok(read) }
    }
}

impl Drive {
    /// What may interrupt it.
    pub(super) fn interruptions(&self) -> Interruptions {
        Interruptions {
            clock: Arc::clone(&self.clock),
            cancelled: self.cancelled.clone(),
            stop: self.stop.clone(),
            deadline: self.deadline,
        }
    }

    /// What is read back of earlier steps, unless the execution is interrupted before.
    pub(super) async fn read<T>(
        &mut self,
        reading: impl Future<Output = Result<T, NodeError>>,
    ) -> Result<Result<T, ActFailure>, Lost> {
        match self.interruptions().read(reading).await {
            Ok(read) => Ok(read.map_err(ActFailure::from)),
            Err(interruption) => self.interrupted(interruption).await.map(Err),
        }
    }

    /// What a step that was interrupted failed with, if the execution is still ours.
    pub(super) async fn interrupted(&mut self, by: Interruption) -> Result<ActFailure, Lost> {
        match by {
            Interruption::Cancelled => Err(Lost::Fenced),
            Interruption::Stopping => {
                self.flush().await?;
                Err(Lost::Stopping)
            }
            Interruption::Late => {
                let error = timed_out();
                Ok(ActFailure::ending(NodeError::new(error.code, error.message)))
            }
        }
    }
}

#[cfg(test)]
impl Interruptions {
    /// Nothing interrupts.
    pub(super) fn none() -> Self {
        Self {
            clock: Arc::new(crate::SystemClock),
            cancelled: CancellationToken::new(),
            stop: CancellationToken::new(),
            deadline: None,
        }
    }
}
