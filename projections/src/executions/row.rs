//! One execution as the list shows it.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode, Part, StepError};
use weft_model::{ExecutionId, NodeId, PayloadId, Position, WorkflowId};

use crate::Fact;

/// How an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExecutionStatus {
    /// Accepted, not yet begun.
    Queued,
    /// A worker is at it.
    Running,
    /// A step waits for a moment or a signal.
    Waiting,
    /// Every branch ended.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// A person ended it.
    Cancelled,
}

impl ExecutionStatus {
    /// Every status.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Waiting, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// Its number in the column `status`.
    pub(crate) fn code(self) -> i16 {
        match self {
            Self::Queued => 0,
            Self::Running => 1,
            Self::Waiting => 2,
            Self::Succeeded => 3,
            Self::Failed => 4,
            Self::Cancelled => 5,
        }
    }

    pub(crate) fn of_code(code: i16) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether nothing will happen to it any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }
}

/// Every mode, in the order of their numbers in the column `mode`.
pub const MODES: [ExecutionMode; 3] = [ExecutionMode::Manual, ExecutionMode::Test, ExecutionMode::Production];

pub(crate) fn mode_code(mode: ExecutionMode) -> i16 {
    match mode {
        ExecutionMode::Manual => 0,
        ExecutionMode::Test => 1,
        ExecutionMode::Production => 2,
    }
}

pub(crate) fn mode_of_code(code: i16) -> Option<ExecutionMode> {
    MODES.into_iter().find(|mode| mode_code(*mode) == code)
}

/// One execution: positions and a summary, no items.
#[derive(Clone, Debug, PartialEq)]
pub struct ExecutionRow {
    /// The execution.
    pub id: ExecutionId,
    /// Its workflow.
    pub workflow: WorkflowId,
    /// The workflow's name when it was queued.
    pub workflow_name: String,
    /// What was executed.
    pub version: ExecutedVersion,
    /// Who asked for it.
    pub mode: ExecutionMode,
    /// How it stands.
    pub status: ExecutionStatus,
    /// The node that started it.
    pub trigger: NodeId,
    /// That node's kind and version, `webhook@1`.
    pub trigger_kind: String,
    /// The trigger's items.
    pub trigger_output: Vec<Part>,
    /// The payload that holds them.
    pub payload: Option<PayloadId>,
    /// The execution that this one repeats.
    pub retry_of: Option<ExecutionId>,
    /// When it was accepted.
    pub queued_at: Timestamp,
    /// When a worker began it.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// All items that its steps gave, the trigger's included.
    pub item_count: u64,
    /// Why it failed.
    pub error: Option<StepError>,
    /// How many of its steps wait.
    pub(crate) open_waits: u32,
    /// The newest of its events.
    pub position: Position,
}

impl ExecutionRow {
    /// How long it took or has taken, in milliseconds; `None` before its end.
    pub fn duration_ms(&self) -> Option<i64> {
        let (from, to) = (self.started_at.unwrap_or(self.queued_at), self.finished_at?);
        Some(to.duration_since(from).as_millis() as i64)
    }

    /// The day (UTC) on which it is counted.
    pub(crate) fn day(&self) -> Date {
        self.queued_at.to_zoned(TimeZone::UTC).date()
    }

    /// The row that a `Queued` event makes; `None` for every other event.
    pub(crate) fn queued(fact: &Fact, event: &ExecutionEvent) -> Option<Self> {
        let ExecutionEvent::Queued {
            workflow,
            workflow_name,
            version,
            mode,
            trigger,
            trigger_kind,
            output,
            retry_of,
            parent: _,
            partial: _,
            at,
        } = event
        else {
            return None;
        };
        Some(Self {
            id: ExecutionId(fact.stream.0),
            workflow: *workflow,
            workflow_name: workflow_name.clone(),
            version: *version,
            mode: *mode,
            status: ExecutionStatus::Queued,
            trigger: *trigger,
            trigger_kind: trigger_kind.clone(),
            trigger_output: output.clone(),
            payload: fact.payload,
            retry_of: *retry_of,
            queued_at: microseconds(*at),
            started_at: None,
            finished_at: None,
            item_count: items(output),
            error: None,
            open_waits: 0,
            position: fact.position,
        })
    }

    /// What a later event makes of the row. Total: an execution's stream was checked when it was written.
    pub(crate) fn evolve(&mut self, position: Position, event: &ExecutionEvent) {
        self.position = position;
        match event {
            ExecutionEvent::Queued { .. } => {}
            ExecutionEvent::Started { at, .. } => {
                self.started_at = Some(microseconds(*at));
                self.status = ExecutionStatus::Running;
            }
            ExecutionEvent::Adopted { .. }
            | ExecutionEvent::StepStarted { .. }
            | ExecutionEvent::StepFailed { .. }
            | ExecutionEvent::StepOutcomeUnknown { .. } => self.goes_on(),
            ExecutionEvent::StepSucceeded { output, .. } | ExecutionEvent::StepReused { output, .. } => {
                self.item_count += items(output);
                self.goes_on();
            }
            ExecutionEvent::StepWaiting { .. } | ExecutionEvent::StepAwaits { .. } => {
                self.open_waits += 1;
                self.goes_on();
            }
            ExecutionEvent::StepResumed { .. } | ExecutionEvent::StepSignalled { .. } => {
                self.open_waits = self.open_waits.saturating_sub(1);
                self.goes_on();
            }
            ExecutionEvent::Succeeded { at } => self.ends(ExecutionStatus::Succeeded, *at),
            ExecutionEvent::Failed { error, at } => {
                self.error = Some(error.clone());
                self.ends(ExecutionStatus::Failed, *at);
            }
            ExecutionEvent::Cancelled { at } => self.ends(ExecutionStatus::Cancelled, *at),
        }
    }

    fn goes_on(&mut self) {
        self.status = if self.open_waits > 0 { ExecutionStatus::Waiting } else { ExecutionStatus::Running };
    }

    fn ends(&mut self, status: ExecutionStatus, at: Timestamp) {
        self.status = status;
        self.finished_at = Some(microseconds(at));
        self.open_waits = 0;
    }
}

fn items(output: &[Part]) -> u64 {
    output.iter().map(|part| u64::from(part.count)).sum()
}

/// Cut to what a `timestamptz` keeps, so that a row in memory equals the row that was stored.
fn microseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
