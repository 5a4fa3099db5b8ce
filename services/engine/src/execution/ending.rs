//! How an execution ends, and who is told.

use std::sync::Arc;

use tokio::sync::oneshot;
use weft_event_log::Companion;
use weft_model::execution::{ExecutionEvent, StepError};

use super::drive::{Drive, DriveEnd};
use super::list::joined;
use super::parking::{tells_failure, tells_parent};
use super::patience::is_ordinary;
use super::recorder::Lost;
use super::schedule::Items;
use super::signal::Handover;
use crate::fail_point::{self, Point};
use crate::{Answer, Respond, StartError, Started};

/// Who waits for what.
#[derive(Default)]
pub(crate) struct Reply {
    pub(crate) sender: Option<oneshot::Sender<Result<Started, StartError>>>,
    pub(crate) respond: Option<Respond>,
    /// The answer, until what it rests on is durable.
    pub(crate) answer: Option<Answer>,
    /// The step that asked for the execution, as long as it waits in this process.
    pub(crate) handover: Option<Arc<Handover>>,
}

impl Drive {
    pub(super) async fn succeed(&mut self) -> Result<DriveEnd, Lost> {
        let now = self.clock.now();
        self.recorder.event(ExecutionEvent::Succeeded { at: now }, now);
        self.end().await?;
        if self.reply.handover.is_some() {
            let given = self.called_items().await;
            self.hand_over(given);
        }
        if let Some(Respond::LastNode(last)) = &self.reply.respond {
            let (files, most) = (self.lists(), self.recorder.room().limit());
            self.reply.answer = Some(match self.schedule.last_list().load(&files, most).await {
                Ok(items) => last.answer(&items, &files).await,
                Err(error) => Answer::message(500, &error.message),
            });
        }
        self.send_answer_or(|| Answer::message(200, "The workflow ended without answering."));
        Ok(DriveEnd::Succeeded)
    }

    pub(super) async fn fail(&mut self, error: StepError) -> Result<DriveEnd, Lost> {
        let now = self.clock.now();
        self.recorder.event(ExecutionEvent::Failed { error: error.clone(), at: now }, now);
        let last = error.node.or_else(|| self.schedule.order().last().map(|node| self.plan.nodes[*node].id));
        if let Some(told) = tells_failure(self.info.error_workflow, self.info.execution, last, now) {
            self.recorder.companion(told);
        }
        self.end().await?;
        self.hand_over(Err(Box::new(error.clone())));
        self.send_answer_or(|| Answer::message(500, "Error in workflow"));
        Ok(DriveEnd::Failed(error))
    }

    async fn end(&mut self) -> Result<(), Lost> {
        if self.opened {
            self.recorder.companion(Companion::CloseExecution { execution: self.info.execution });
        }
        let is_told_here = self.reply.handover.as_ref().is_some_and(|handover| handover.begin());
        let told = tells_parent(self.info.parent.as_ref(), self.clock.now()).filter(|_| !is_told_here);
        if let Some(told) = told {
            self.recorder.companion(told);
        }
        self.recorder.flush().await
    }

    /// The end is durable: the step that asked for the execution gets what it gave.
    fn hand_over(&self, end: Result<Items, Box<StepError>>) {
        if let Some(handover) = &self.reply.handover {
            handover.give(end);
        }
    }

    /// What the execution gives whoever called it.
    async fn called_items(&mut self) -> Result<Items, Box<StepError>> {
        let lists = self.schedule.given_lists(self.plan.returns(self.info.trigger));
        let given = joined(lists, &self.lists(), self.recorder.room().limit()).await;
        given.map_err(|error| Box::new(StepError::of(error.code.clone(), error.message.clone())))
    }

    /// An append is larger than the log takes: what must be recorded is that.
    pub(super) async fn end_too_large(&mut self, what: &str, size: usize, limit: usize) -> Result<DriveEnd, Lost> {
        self.recorder.begin_again(self.clock.now());
        // What the answer rests on is not recorded.
        self.reply.answer = None;
        let message =
            format!("The items of this execution cannot be recorded: {what} has {size} bytes of {limit} allowed.");
        self.fail(StepError::of("too_large", message)).await
    }

    fn started(&self, answer: Option<Answer>) -> Started {
        Started { execution: self.info.execution, position: self.recorder.position(), answer }
    }

    /// Tells that the execution is recorded.
    pub(super) fn accept(&mut self) {
        let answer = self.reply.respond.take().and_then(Respond::at_once);
        self.tell(answer);
    }

    fn tell(&mut self, answer: Option<Answer>) {
        if let Some(sender) = self.reply.sender.take() {
            fail_point::hit(Point::BeforeAnswer);
            // The caller may have gone away; the execution goes on all the same.
            let _ = sender.send(Ok(self.started(answer)));
        }
    }

    /// Tells the answer that a step gave, now that the step is durable.
    pub(super) fn send_answer(&mut self) {
        if self.recorder.is_empty()
            && let Some(answer) = self.reply.answer.take()
        {
            self.tell(Some(answer));
        }
    }

    fn send_answer_or(&mut self, otherwise: impl FnOnce() -> Answer) {
        // Who wants to be answered at once and was not is waiting, too.
        let waits = matches!(self.reply.respond, Some(Respond::LastNode(_) | Respond::Node | Respond::AtOnce(_)));
        let answer = self.reply.answer.take().or_else(|| waits.then(otherwise));
        self.tell(answer);
    }

    /// The execution is not ours any longer: whoever waits is told, and the log of this process.
    pub(super) fn give_up(&mut self, lost: &Lost) -> DriveEnd {
        let execution = self.info.execution;
        let has_begun = self.recorder.may_have_begun();
        match lost {
            Lost::Fenced => {
                tracing::info!(execution.id = %execution, "The execution belongs to somebody else; it is dropped here.");
            }
            Lost::Stopping => {
                tracing::info!(execution.id = %execution, "The process ends; another one goes on with the execution.");
            }
            Lost::Refused(error) if !has_begun && is_ordinary(error) => {
                tracing::debug!(execution.id = %execution, error = error as &dyn std::error::Error, "Nothing was begun.");
            }
            Lost::Refused(error) => {
                tracing::error!(
                    execution.id = %execution,
                    error = error as &dyn std::error::Error,
                    "The execution cannot be recorded."
                );
            }
        }
        if let Some(sender) = self.reply.sender.take() {
            let _ = sender.send(Err(StartError::of(lost, has_begun)));
        }
        if has_begun && matches!(lost, Lost::Refused(_)) { DriveEnd::Refused } else { DriveEnd::Lost }
    }
}

impl Reply {
    /// Whether the caller waits for no more than the record.
    pub(super) fn wants_acceptance(&self) -> bool {
        self.sender.is_some() && matches!(self.respond, None | Some(Respond::Nothing | Respond::AtOnce(_)))
    }
}
