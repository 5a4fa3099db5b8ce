//! Steps: what each step event says, and the steps that follow from them.
//!
//! One row a step event, never changed again: cheap to write, the same however events are cut into batches. A reader folds an
//! execution's rows, in order of position, into its steps.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use weft_model::execution::{Awaited, ExecutionEvent, Part, Source, StepError, StepKey};
use weft_model::{ExecutionId, NodeId, PayloadId, Position};

use super::row::ExecutionRow;
use crate::Fact;

/// What one event says about one step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepChange {
    pub execution: ExecutionId,
    pub position: Position,
    pub step: StepKey,
    pub payload: Option<PayloadId>,
    pub detail: Detail,
}

/// The part of an event that the read side keeps. Stored as JSON in `execution_steps.detail`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub(crate) enum Detail {
    Started {
        kind: String,
        sources: Vec<Option<Source>>,
        at: Timestamp,
    },
    Waiting {
        kind: String,
        sources: Vec<Option<Source>>,
        at: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        awaited: Option<Awaited>,
    },
    Resumed,
    Unknown {
        at: Timestamp,
    },
    Ended(Box<Ended>),
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ended {
    kind: String,
    sources: Vec<Option<Source>>,
    started_at: Timestamp,
    duration_us: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    output: Vec<Part>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log: Option<Part>,
    failed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<StepError>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reused_from: Option<ExecutionId>,
}

impl StepChange {
    /// What `event` says about a step; `None` when it is about the whole execution.
    pub(crate) fn of(fact: &Fact, event: &ExecutionEvent) -> Option<Self> {
        let (step, detail) = match event {
            ExecutionEvent::StepStarted { step, kind, sources, at } => {
                (step, Detail::Started { kind: kind.clone(), sources: sources.clone(), at: *at })
            }
            ExecutionEvent::StepWaiting { step, kind, sources, at, until, timer: _ } => {
                let (kind, sources) = (kind.clone(), sources.clone());
                (step, Detail::Waiting { kind, sources, at: *at, until: Some(*until), awaited: None })
            }
            ExecutionEvent::StepAwaits { step, kind, sources, at, until, awaited, signal: _, details: _, timer: _ } => {
                let (kind, sources) = (kind.clone(), sources.clone());
                (step, Detail::Waiting { kind, sources, at: *at, until: *until, awaited: Some(*awaited) })
            }
            ExecutionEvent::StepResumed { step, .. } | ExecutionEvent::StepSignalled { step, .. } => {
                (step, Detail::Resumed)
            }
            ExecutionEvent::StepOutcomeUnknown { step, at } => (step, Detail::Unknown { at: *at }),
            ExecutionEvent::StepSucceeded { step, .. }
            | ExecutionEvent::StepReused { step, .. }
            | ExecutionEvent::StepFailed { step, .. } => (step, ended(event)?),
            ExecutionEvent::Queued { .. }
            | ExecutionEvent::Started { .. }
            | ExecutionEvent::Adopted { .. }
            | ExecutionEvent::Succeeded { .. }
            | ExecutionEvent::Failed { .. }
            | ExecutionEvent::Cancelled { .. } => return None,
        };
        let execution = ExecutionId(fact.stream.0);
        Some(Self { execution, position: fact.position, step: *step, payload: fact.payload, detail })
    }
}

fn ended(event: &ExecutionEvent) -> Option<Detail> {
    let ended = match event {
        ExecutionEvent::StepSucceeded {
            kind,
            sources,
            output,
            started_at,
            duration_us,
            code_ms,
            log,
            continued_after,
            step: _,
            context: _,
        } => Ended {
            kind: kind.clone(),
            sources: sources.clone(),
            started_at: *started_at,
            duration_us: *duration_us,
            code_ms: *code_ms,
            output: output.clone(),
            log: *log,
            failed: false,
            error: continued_after.clone(),
            retry_at: None,
            reused_from: None,
        },
        ExecutionEvent::StepReused { kind, sources, output, continued_after, from, at, step: _, context: _ } => Ended {
            kind: kind.clone(),
            sources: sources.clone(),
            started_at: *at,
            duration_us: 0,
            code_ms: None,
            output: output.clone(),
            log: None,
            failed: false,
            error: continued_after.clone(),
            retry_at: None,
            reused_from: Some(*from),
        },
        ExecutionEvent::StepFailed {
            kind,
            sources,
            error,
            started_at,
            duration_us,
            code_ms,
            log,
            retry_at,
            step: _,
        } => Ended {
            kind: kind.clone(),
            sources: sources.clone(),
            started_at: *started_at,
            duration_us: *duration_us,
            code_ms: *code_ms,
            output: Vec::new(),
            log: *log,
            failed: true,
            error: Some(error.clone()),
            retry_at: *retry_at,
            reused_from: None,
        },
        _ => return None,
    };
    Some(Detail::Ended(Box::new(ended)))
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepStatus {
    /// It is at work.
    Running,
    /// It waits for a moment or a signal.
    Waiting,
    /// It gave items.
    Succeeded,
    /// It gave an error.
    Failed,
    /// The execution was ended before it ended.
    Cancelled,
    /// Its process died; nobody knows how it ended.
    Unknown,
}

/// One attempt of one iteration of one node, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    /// Which step.
    pub step: StepKey,
    /// The node's kind and version, `set@1`.
    pub kind: String,
    /// How it stands.
    pub status: StepStatus,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// How long it took, in microseconds.
    pub duration_us: Option<u64>,
    /// How long code of the tenant ran, in milliseconds.
    pub code_ms: Option<u64>,
    /// Where its items came from, one entry an input.
    pub sources: Vec<Option<Source>>,
    /// How many items came in on each input.
    pub input_counts: Vec<u32>,
    /// Its items, one list per output.
    pub output: Vec<Part>,
    /// What its code printed: a list of lines.
    pub log: Option<Part>,
    /// The payload that holds `output` and `log`.
    pub payload: Option<PayloadId>,
    /// What went wrong: in it, or before it carried on.
    pub error: Option<StepError>,
    /// When the wait ends, or the next attempt begins.
    pub until: Option<Timestamp>,
    /// Who sends the signal that it waits for.
    pub awaited: Option<Awaited>,
    /// The earlier execution that executed it, where it was not executed again.
    pub reused_from: Option<ExecutionId>,
    /// The newest of its events.
    pub position: Position,
}

impl StepRow {
    fn begun(step: StepKey, kind: String, sources: Vec<Option<Source>>) -> Self {
        Self {
            step,
            kind,
            status: StepStatus::Running,
            started_at: None,
            finished_at: None,
            duration_us: None,
            code_ms: None,
            input_counts: Vec::new(),
            sources,
            output: Vec::new(),
            log: None,
            payload: None,
            error: None,
            until: None,
            awaited: None,
            reused_from: None,
            position: Position::default(),
        }
    }

    /// The step of the trigger, whose items came with the execution.
    fn of_trigger(execution: &ExecutionRow) -> Self {
        let step = StepKey { node: execution.trigger, iteration: 0, attempt: 1 };
        Self {
            status: StepStatus::Succeeded,
            started_at: Some(execution.queued_at),
            finished_at: Some(execution.queued_at),
            duration_us: Some(0),
            output: execution.trigger_output.clone(),
            payload: execution.payload,
            ..Self::begun(step, execution.trigger_kind.clone(), Vec::new())
        }
    }

    fn evolve(&mut self, change: StepChange) {
        self.position = change.position;
        match change.detail {
            Detail::Started { at, .. } => {
                self.status = StepStatus::Running;
                self.started_at = Some(at);
            }
            Detail::Waiting { at, until, awaited, .. } => {
                self.status = StepStatus::Waiting;
                self.started_at.get_or_insert(at);
                self.until = until;
                self.awaited = awaited;
            }
            Detail::Resumed => {
                self.status = StepStatus::Running;
                self.awaited = None;
            }
            Detail::Unknown { at } => {
                self.status = StepStatus::Unknown;
                self.finished_at = Some(at);
            }
            Detail::Ended(ended) => self.end(*ended, change.payload),
        }
    }

    fn end(&mut self, ended: Ended, payload: Option<PayloadId>) {
        self.status = if ended.failed { StepStatus::Failed } else { StepStatus::Succeeded };
        self.started_at = Some(ended.started_at);
        let length = jiff::SignedDuration::from_micros(i64::try_from(ended.duration_us).unwrap_or(i64::MAX));
        self.finished_at = ended.started_at.checked_add(length).ok();
        self.duration_us = Some(ended.duration_us);
        self.code_ms = ended.code_ms;
        self.sources = ended.sources;
        self.output = ended.output;
        self.log = ended.log;
        self.payload = payload;
        self.error = ended.error;
        self.until = ended.retry_at;
        self.reused_from = ended.reused_from;
    }
}

impl Detail {
    fn begins(&self) -> Option<(&str, &[Option<Source>])> {
        match self {
            Self::Started { kind, sources, .. } | Self::Waiting { kind, sources, .. } => Some((kind, sources)),
            Self::Ended(ended) => Some((&ended.kind, &ended.sources)),
            Self::Resumed | Self::Unknown { .. } => None,
        }
    }
}

/// The steps of `execution`, the trigger's first, each where it began.
pub(super) fn steps_of(execution: &ExecutionRow, changes: Vec<StepChange>) -> Vec<StepRow> {
    let trigger = StepRow::of_trigger(execution);
    let mut steps = IndexMap::from([(trigger.step, trigger)]);
    for change in changes {
        let (kind, sources) = change.detail.begins().unwrap_or_default();
        steps
            .entry(change.step)
            .or_insert_with(|| StepRow::begun(change.step, kind.to_owned(), sources.to_vec()))
            .evolve(change);
    }
    let mut steps: Vec<_> = steps.into_values().collect();
    count_inputs(&mut steps);
    if execution.status.is_final() {
        cancel_open(&mut steps, execution);
    }
    steps
}

/// Events name where items came from; how many they were stands with the step that gave them.
fn count_inputs(steps: &mut [StepRow]) {
    let given: HashMap<(NodeId, u32), Vec<Part>> = steps
        .iter()
        .filter(|step| step.status == StepStatus::Succeeded)
        .map(|step| ((step.step.node, step.step.iteration), step.output.clone()))
        .collect();
    let count = |source: &Source| {
        let output = given.get(&(source.node, source.iteration))?;
        output.get(usize::from(source.port)).map(|part| part.count)
    };
    for step in steps {
        step.input_counts =
            step.sources.iter().map(|source| source.as_ref().and_then(count).unwrap_or_default()).collect();
    }
}

/// Steps that were under way when the execution was ended ended with it.
fn cancel_open(steps: &mut [StepRow], execution: &ExecutionRow) {
    for step in steps {
        if matches!(step.status, StepStatus::Running | StepStatus::Waiting) {
            step.status = StepStatus::Cancelled;
            step.finished_at = execution.finished_at;
        }
    }
}
