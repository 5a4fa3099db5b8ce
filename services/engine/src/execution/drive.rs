//! The loop that makes one execution progress.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use weft_event_log::{AppendError, Companion, OpenExecution};
use weft_model::execution::{Parent, StepError};
use weft_model::{NodeId, SignalId, StreamVersion, WorkerId};

use super::ending::Reply;
use super::holdings::Ledger;
use super::kept::Kept;
use super::lists::Lists;
use super::parking::until;
use super::past::PastStep;
use super::recorder::{Lost, Recorder};
use super::reuse::Reusable;
use super::schedule::Schedule;
use super::signal::Calls;
use super::slot::Slot;
use super::turn::Turn;
use super::view::ExecutionInfo;
use crate::action::Services;
use crate::clock::{Clock, later};
use crate::plan::Plan;

/// One execution under way.
pub(crate) struct Drive {
    pub(crate) plan: Arc<Plan>,
    pub(crate) info: Arc<ExecutionInfo>,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) recorder: Recorder,
    /// Which lists it has in memory.
    pub(crate) ledger: Ledger,
    /// Where nodes that take portions of lists will find the next one, by their numbers.
    pub(crate) portions: HashMap<usize, Lists>,
    /// What is recorded of steps that the schedule has not come to yet.
    pub(crate) past: HashMap<(NodeId, u32), PastStep>,
    /// What an earlier execution recorded of steps that nothing has changed for since.
    pub(crate) reusable: Reusable,
    /// How many attempts of a step have failed.
    pub(crate) failed: HashMap<(NodeId, u32), u32>,
    pub(crate) kept: Kept,
    pub(crate) services: Services,
    /// Where steps ask for other executions.
    pub(crate) calls: Arc<dyn Calls>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) worker: WorkerId,
    pub(crate) epoch: u32,
    /// Whether the row that says who drives this execution is written.
    pub(crate) opened: bool,
    /// Somebody ended the execution.
    pub(crate) cancelled: CancellationToken,
    /// The process ends.
    pub(crate) stop: CancellationToken,
    pub(crate) reply: Reply,
    pub(crate) parking: Parking,
    /// What it needs beside its turn, where its workflow names how many executions there may be at once.
    pub(crate) slot: Option<Arc<Slot>>,
    pub(crate) turn: Turn,
    /// What its trigger failed with: it ends by that before it progresses.
    pub(crate) failed_before: Option<StepError>,
    pub(crate) max_steps: u32,
    pub(crate) deadline: Option<Timestamp>,
    /// What it was woken by is not what it waited for: it has waited for as long as it may.
    pub(crate) waited_out: bool,
    pub(crate) steps: u32,
}

/// What happens with an execution that waits for long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parking {
    /// Waits up to this long are spent in memory.
    pub(crate) waits: Duration,
    /// Pauses between two attempts up to this long are spent in memory.
    pub(crate) retries: Duration,
}

/// How a drive ended.
#[derive(Debug)]
pub(crate) enum DriveEnd {
    /// Every branch ended.
    Succeeded,
    /// With an error.
    Failed(StepError),
    /// It waits, and nobody holds it.
    Parked(Parked),
    /// It is not ours any longer, or not now.
    Lost,
    /// The log does not take what it made.
    Refused,
}

/// What an execution waits for that nobody holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parked {
    /// When it is woken at the latest.
    pub(crate) until: Timestamp,
    /// What may wake it before.
    pub(crate) signal: Option<SignalId>,
}

/// What is left of a drive.
pub(crate) struct Finished {
    pub(crate) end: DriveEnd,
    pub(crate) schedule: Arc<Schedule>,
    pub(crate) reply: Reply,
    /// The version of the stream when it left us.
    pub(crate) version: StreamVersion,
    /// The step that asked for the execution.
    pub(crate) parent: Option<Parent>,
}

/// Where the loop goes on.
pub(super) enum Next {
    /// With the next step.
    Step,
    /// Nowhere: it failed.
    Fail(StepError),
    /// Nowhere for now.
    Park(Parked),
}

impl Next {
    /// What goes on where the loop goes on with a step; otherwise, where that goes on.
    pub(super) fn or_on<T>(self, step: T) -> ControlFlow<Self, T> {
        match self {
            Self::Step => ControlFlow::Continue(step),
            Self::Fail(_) | Self::Park(_) => ControlFlow::Break(self),
        }
    }
}

impl Drive {
    /// Makes the execution progress until it ends, waits, or is lost.
    pub(crate) async fn run(mut self) -> Finished {
        let end = match self.begin().await {
            Err(Lost::Refused(AppendError::TooLarge { what, size, limit })) => {
                self.end_too_large(what, size, limit).await
            }
            other => other,
        };
        let end = end.unwrap_or_else(|lost| self.give_up(&lost));
        let (version, parent) = (self.recorder.version(), self.info.parent);
        Finished { end, version, schedule: self.schedule, reply: self.reply, parent }
    }

    /// Progresses as soon as the execution may, if it may in time.
    async fn begin(&mut self) -> Result<DriveEnd, Lost> {
        if let Some(error) = self.failed_before.take() {
            return self.fail(error).await;
        }
        let mut begun = self.take_slot().await?;
        if begun.is_ok() {
            begun = self.take_turn().await;
        }
        match begun {
            Ok(()) => self.progress().await,
            Err(late) => self.fail(late).await,
        }
    }

    /// Waits for the execution's turn, as long as it may.
    async fn take_turn(&mut self) -> Result<(), StepError> {
        let (clock, end) = (Arc::clone(&self.clock), self.end_of_wait());
        tokio::select! {
            biased;
            () = self.turn.take() => Ok(()),
            () = until(&*clock, end) => Err(self.late(end)),
        }
    }

    /// When a wait that begins now ends at the latest.
    pub(super) fn end_of_wait(&self) -> Option<Timestamp> {
        let waited = self.plan.max_wait.map(|longest| later(self.clock.now(), longest));
        [self.deadline, waited].into_iter().flatten().min()
    }

    /// Why a wait ended at `end`, before what it was for.
    pub(super) fn late(&self, end: Option<Timestamp>) -> StepError {
        let is_deadline = self.deadline.is_some_and(|deadline| end.is_some_and(|end| deadline <= end));
        if is_deadline { timed_out() } else { waited_too_long() }
    }

    async fn progress(&mut self) -> Result<DriveEnd, Lost> {
        if self.reply.wants_acceptance() {
            self.flush().await?;
            self.accept();
        }
        loop {
            self.check_life().await?;
            let Some(task) = Arc::make_mut(&mut self.schedule).next(&self.plan) else {
                return self.succeed().await;
            };
            let next = match self.over_budget() {
                Some(error) => Next::Fail(error),
                None => self.step(task).await?,
            };
            match next {
                Next::Step => {}
                Next::Fail(error) => return self.fail(error).await,
                Next::Park(parked) => return Ok(DriveEnd::Parked(parked)),
            }
        }
    }

    /// Between two steps: what waited long enough becomes durable, and whoever ended the execution is obeyed.
    pub(super) async fn check_life(&mut self) -> Result<(), Lost> {
        if self.cancelled.is_cancelled() {
            return Err(Lost::Fenced);
        }
        if self.stop.is_cancelled() {
            self.flush().await?;
            return Err(Lost::Stopping);
        }
        if self.recorder.is_due(self.clock.now()) {
            self.flush().await?;
            self.send_answer();
        }
        self.let_go();
        Ok(())
    }

    /// Lists that are recorded leave memory where there are too many of them.
    fn let_go(&mut self) {
        self.ledger.hold(self.recorder.take_durable());
        self.ledger.hold_beside(self.portions.values().map(Lists::bytes).sum());
        if !self.ledger.is_over() {
            return;
        }
        let gone = self.ledger.let_go(&self.schedule.needed());
        if !gone.is_empty() {
            Arc::make_mut(&mut self.schedule).let_go(&gone);
        }
        if self.ledger.is_over() {
            self.portions.clear();
            self.ledger.hold_beside(0);
        }
    }

    fn over_budget(&mut self) -> Option<StepError> {
        self.steps += 1;
        if self.steps > self.max_steps {
            let message = format!("The execution took more than {} steps. Does a loop never end?", self.max_steps);
            return Some(StepError::of("step_limit", message));
        }
        let is_late = self.deadline.is_some_and(|deadline| deadline <= self.clock.now());
        if is_late { Some(timed_out()) } else { self.waited_out.then(waited_too_long) }
    }

    /// Makes everything durable, with the row that says who drives the execution where it has none yet.
    pub(super) async fn flush(&mut self) -> Result<(), Lost> {
        if self.recorder.is_empty() {
            return Ok(());
        }
        if !std::mem::replace(&mut self.opened, true) {
            let (execution, workflow) = (self.info.execution, self.info.workflow);
            let (worker, epoch) = (self.worker, self.epoch);
            self.recorder.companion(Companion::OpenExecution(OpenExecution { execution, workflow, worker, epoch }));
        }
        self.recorder.flush().await
    }
}

fn waited_too_long() -> StepError {
    StepError::of("waited_too_long", "The execution was queued or waited for longer than its settings allow.")
}

pub(super) fn timed_out() -> StepError {
    StepError::of("timeout", "The execution took longer than its settings allow.")
}
