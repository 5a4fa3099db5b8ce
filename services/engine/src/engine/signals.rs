//! Signals: what lets a waiting execution go on, sent by somebody who does not own it.
//!
//! The signal and the takeover are one append at the version of the stream that was read: of two signals, or of a signal and the
//! deadline, one wins and the other is told so. Nothing is lost between two processes, since whoever sends the signal goes on
//! with the execution itself.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{broadcast, oneshot};
use weft_event_log::{AppendError, Committed};
use weft_model::execution::{Awaited, StepKey};
use weft_model::{ExecutionId, Position, SignalId, TenantId, WorkflowId};
use weft_value::{Item, Value};

use super::takeover::{Cause, Delivered, TakeOverError};
use super::{Engine, StartError, Started};
use crate::clock::later;
use crate::execution::{Lost, Past, PastError, Reply};
use crate::{Answer, Respond, Webhook};

/// What an execution waits for.
#[derive(Clone, Debug)]
pub struct Wait {
    /// The workflow that it executes.
    pub workflow: WorkflowId,
    /// The step that waits.
    pub step: StepKey,
    /// The signal that it waits for.
    pub signal: SignalId,
    /// Who sends it.
    pub awaited: Awaited,
    /// What the step told whoever sends it.
    pub details: Value,
}

/// Whether an execution can be sent a signal.
#[derive(Clone, Debug)]
pub enum WaitState {
    /// There is no such execution.
    Unknown,
    /// It has ended.
    Ended,
    /// It does not wait for a signal: not yet, or not any longer.
    Busy,
    /// It waits.
    Waits(Box<Wait>),
}

/// A signal on its way to a waiting step.
#[derive(Debug)]
pub struct SendSignal {
    /// The tenant.
    pub tenant: TenantId,
    /// The execution.
    pub execution: ExecutionId,
    /// The signal, as [`Engine::awaited`] gave it.
    pub signal: SignalId,
    /// What it brings.
    pub items: Vec<Item>,
    /// When and how the sender is answered.
    pub respond: Respond,
}

/// Why a signal was not taken.
#[derive(Debug, Error)]
pub enum SignalError {
    /// There is none.
    #[error("There is no such execution.")]
    NotFound,
    /// Nothing can happen to it any longer.
    #[error("This execution has ended.")]
    Ended,
    /// Nobody waits for it.
    #[error("The execution does not wait for this any longer: it was given before, or its time is over.")]
    Late,
    /// What it brings is more than the execution may make.
    #[error("This brings more items than the execution may make.")]
    TooLarge,
    /// Its events cannot be had.
    #[error("the execution could not be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It could not go on, for what would keep an execution from beginning.
    #[error(transparent)]
    Start(#[from] StartError),
}

impl Engine {
    /// What an execution waits for.
    pub async fn awaited(&self, tenant: TenantId, execution: ExecutionId) -> Result<WaitState, SignalError> {
        let past = Past::wait(&*self.0.log, tenant, execution).await.map_err(unreadable)?;
        let Some(past) = past else { return Ok(WaitState::Unknown) };
        if past.ended.is_some() {
            return Ok(WaitState::Ended);
        }
        Ok(past.awaiting().map_or(WaitState::Busy, |(step, wait)| {
            WaitState::Waits(Box::new(Wait {
                workflow: past.workflow,
                step,
                signal: wait.signal,
                awaited: wait.awaited,
                details: wait.details.clone(),
            }))
        }))
    }

    /// The same; where the execution is at work, it is waited for so long to come to its wait.
    pub async fn awaited_soon(
        &self,
        tenant: TenantId,
        execution: ExecutionId,
        patience: Duration,
    ) -> Result<WaitState, SignalError> {
        let deadline = later(self.0.clock.now(), patience);
        let mut growth = self.0.log.watch();
        loop {
            match self.awaited(tenant, execution).await? {
                WaitState::Busy if self.0.clock.now() < deadline => {}
                state => return Ok(state),
            }
            tokio::select! {
                () = grown(&mut growth, tenant) => {}
                () = self.0.clock.sleep_until(deadline) => {}
            }
        }
    }

    /// Whether a waiting step goes on with this call, by the condition that its node sets.
    pub async fn wants(&self, tenant: TenantId, webhook: &Webhook, item: &Item) -> Result<bool, SignalError> {
        let settings = self.0.definitions.tenant(tenant).await.map_err(StartError::from)?;
        Ok(webhook.wants(item, self.0.clock.now(), &settings.time_zone))
    }

    /// Lets a waiting step go on in this process. Comes back when what the sender waits for is durable: that the signal is
    /// recorded, or the answer.
    pub async fn signal(&self, send: SendSignal) -> Result<Started, SignalError> {
        if self.0.closing.is_cancelled() {
            return Err(StartError::Stopping.into());
        }
        let retry_after = self.0.settings.retry_after;
        let ticket = self.0.admission.admit(send.tenant).ok_or(StartError::Overloaded { retry_after })?;
        let SendSignal { tenant, execution, signal, items, respond } = send;
        let past = Past::to_go_on(&self.0.shelf(tenant), execution).await.map_err(unreadable)?;
        let past = past.ok_or(SignalError::NotFound)?;
        if past.ended.is_some() {
            return Err(SignalError::Ended);
        }
        let awaiting = past.awaiting().filter(|(_, wait)| wait.signal == signal);
        let (step, _) = awaiting.ok_or(SignalError::Late)?;
        let takeover = self.takeover(tenant, &past, Cause::Signal(Delivered { step, items: Arc::new(items) })).await;
        let takeover = takeover.map_err(not_taken)?;
        let position = past.position;
        let drive = self.0.adopt(past, takeover).await.map_err(not_taken)?;
        // The version that it began with is gone: it failed.
        let mut drive = drive.ok_or(SignalError::Ended)?;
        let before = self.0.waiting.take(execution).map(|caller| caller.reply);
        if let Respond::Nothing | Respond::AtOnce(_) = &respond {
            drive.reply = before.unwrap_or_default();
            let position = drive.recorder.position();
            self.progress(drive, ticket);
            return Ok(Started { execution, position, answer: respond.at_once() });
        }
        release(before, execution, position);
        let (sender, receiver) = oneshot::channel();
        drive.reply = Reply { sender: Some(sender), respond: Some(respond), ..Reply::default() };
        let writing = drive.recorder.writing();
        self.progress(drive, ticket);
        Ok(self.told(receiver, &writing).await?)
    }
}

/// Ends when the tenant's log has grown, or may have.
async fn grown(growth: &mut broadcast::Receiver<Committed>, tenant: TenantId) {
    loop {
        match growth.recv().await {
            Ok(committed) if committed.tenant != tenant => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return,
            // Nobody tells any longer.
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// Whoever has waited for an answer until now does not get it: the call that lets the execution go on does. A step of another
/// execution that waited looks into the log.
fn release(before: Option<Reply>, execution: ExecutionId, position: Position) {
    let Some(Reply { sender: Some(sender), handover: None, .. }) = before else { return };
    let answer = Answer::message(202, "The workflow waits for another call, which gets its answer.");
    // It may have gone away.
    let _ = sender.send(Ok(Started { execution, position, answer: Some(answer) }));
}

fn not_taken(error: TakeOverError) -> SignalError {
    match error {
        TakeOverError::Lost(Lost::Fenced) => SignalError::Late,
        TakeOverError::Lost(Lost::Refused(AppendError::TooLarge { .. })) | TakeOverError::Full(_) => {
            SignalError::TooLarge
        }
        TakeOverError::Lost(lost) => SignalError::Start(StartError::of(&lost, false)),
        TakeOverError::Definition(fault) => SignalError::Start(fault.into()),
        other => SignalError::Unreadable(Box::new(other)),
    }
}

fn unreadable(error: PastError) -> SignalError {
    SignalError::Unreadable(Box::new(error))
}
