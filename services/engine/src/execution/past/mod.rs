//! What is recorded of an execution, read back.

mod fold;
mod given;
mod reader;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;
use weft_event_log::{Log, LogFault};
use weft_model::execution::{Awaited, ExecutedVersion, ExecutionMode, Parent, Partial, Source, StepError, StepKey};
use weft_model::{
    CorrelationId, DecodeError, Event, ExecutionId, NodeId, Position, SignalId, StreamVersion, TenantId, TimerId,
    WorkflowId,
};
use weft_nodes::NodeError;
use weft_value::Value;

use super::list::List;
use super::parking::retry_timer;
use super::recorded::Shelf;
use super::schedule::Items;

pub(crate) use given::given_items;
use reader::{Reader, Reading};

/// How many events are read at once.
const PAGE: usize = 1000;

/// An execution as its events tell it.
pub(crate) struct Past {
    pub(crate) execution: ExecutionId,
    pub(crate) workflow: WorkflowId,
    pub(crate) version: ExecutedVersion,
    pub(crate) mode: ExecutionMode,
    pub(crate) trigger: NodeId,
    /// `kind@version` of the node that started it.
    pub(crate) trigger_kind: String,
    pub(crate) retry_of: Option<ExecutionId>,
    pub(crate) output: Vec<List>,
    pub(crate) correlation: CorrelationId,
    pub(crate) stream: StreamVersion,
    pub(crate) position: Position,
    pub(crate) epoch: u32,
    pub(crate) seed: Option<u64>,
    pub(crate) started_at: Timestamp,
    pub(crate) ended: Option<End>,
    pub(crate) steps: HashMap<(NodeId, u32), PastStep>,
    /// How many attempts of a step have failed.
    pub(crate) failed: HashMap<(NodeId, u32), u32>,
    /// The step that asked for it.
    pub(crate) parent: Option<Parent>,
    /// How much of the graph it executes, where that is not all of it.
    pub(crate) partial: Option<Partial>,
    /// How many bytes of items were read back.
    pub(crate) bytes: usize,
    /// How many bytes of items are in the store of files.
    pub(crate) stored: u64,
    /// How often it was adopted since a step last had an outcome.
    pub(crate) adopted_in_vain: u32,
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Succeeded,
    Failed(StepError),
    Cancelled,
}

/// How far a step came.
#[derive(Debug)]
pub(crate) enum PastStep {
    /// It gave items.
    Succeeded(Box<PastRun>),
    /// It began to touch the world, and nobody knows how that ended.
    Started { attempt: u32, began: Timestamp },
    /// It waits.
    Waiting { attempt: u32, began: Timestamp, timer: TimerId, until: Timestamp },
    /// It waits for a signal.
    Awaiting(PastWait),
    /// The signal came and brought these items.
    Signalled { attempt: u32, began: Timestamp, items: Items },
    /// Its wait is over.
    Resumed { attempt: u32, began: Timestamp },
    /// It failed; the next attempt begins then.
    Failed { attempt: u32, message: String, retry_at: Option<Timestamp> },
    /// A person has to find out.
    Unknown,
}

/// What a step gave.
#[derive(Clone, Debug, Default)]
pub(crate) struct PastRun {
    pub(crate) outputs: Vec<List>,
    /// Where its items came from, one entry an input.
    pub(crate) sources: Vec<Option<Source>>,
    pub(crate) context: Option<Value>,
    /// What it carried on from.
    pub(crate) continued_after: Option<StepError>,
    /// The execution that executed it, where that is an earlier one.
    pub(crate) from: Option<ExecutionId>,
}

/// A wait for a signal.
#[derive(Clone, Debug)]
pub(crate) struct PastWait {
    pub(crate) attempt: u32,
    pub(crate) began: Timestamp,
    pub(crate) signal: SignalId,
    pub(crate) awaited: Awaited,
    /// The timer that stands for the wait.
    pub(crate) timer: TimerId,
    pub(crate) until: Option<Timestamp>,
    pub(crate) details: Value,
}

/// What is recorded cannot be read.
#[derive(Debug, Error)]
pub(crate) enum PastError {
    #[error("the execution's events could not be read")]
    Log(#[from] LogFault),
    #[error("an event of the execution could not be understood")]
    Decode(#[from] DecodeError),
    #[error("the items of event {0} of the execution are gone")]
    PayloadGone(u32),
    #[error("the items of event {0} of the execution could not be understood")]
    PayloadBroken(u32, #[source] serde_json::Error),
    #[error("items of the execution that are in the store of files cannot be had")]
    Stored(#[from] NodeError),
}

impl Past {
    /// Reads everything; `None` where nothing is recorded.
    pub(crate) async fn read(
        log: &dyn Log,
        tenant: TenantId,
        execution: ExecutionId,
    ) -> Result<Option<Self>, PastError> {
        Self::read_by(Reader::new(log, tenant, Reading::Everything), execution).await
    }

    /// Reads everything to go on with it: lists stay where they are recorded until somebody asks for them.
    pub(crate) async fn to_go_on(shelf: &Arc<Shelf>, execution: ExecutionId) -> Result<Option<Self>, PastError> {
        let reader = Reader::new(&*shelf.log, shelf.tenant, Reading::Everything);
        Self::read_by(reader.leaving_lists(shelf), execution).await
    }

    /// Reads everything but items, and what the step that waits told whoever sends its signal.
    pub(crate) async fn wait(
        log: &dyn Log,
        tenant: TenantId,
        execution: ExecutionId,
    ) -> Result<Option<Self>, PastError> {
        Self::read_by(Reader::new(log, tenant, Reading::Waits), execution).await
    }

    /// Reads everything but items: what the step that waits told whoever sends its signal, and what nodes keep.
    pub(crate) async fn pages(
        log: &dyn Log,
        tenant: TenantId,
        execution: ExecutionId,
    ) -> Result<Option<Self>, PastError> {
        Self::read_by(Reader::new(log, tenant, Reading::Pages), execution).await
    }

    /// Reads everything but items, which may be gone, and which need not be read to end an execution.
    pub(crate) async fn outline(
        log: &dyn Log,
        tenant: TenantId,
        execution: ExecutionId,
    ) -> Result<Option<Self>, PastError> {
        Self::read_by(Reader::new(log, tenant, Reading::Outline), execution).await
    }

    /// Reads only how it began.
    pub(crate) async fn beginning(
        log: &dyn Log,
        tenant: TenantId,
        execution: ExecutionId,
    ) -> Result<Option<Self>, PastError> {
        let first = log.read_stream(tenant, execution.into(), StreamVersion(0), 1).await?;
        let Some(recorded) = first.first() else { return Ok(None) };
        match Event::decode(&recorded.wire_type, recorded.wire_version, &recorded.body)? {
            Event::Execution(event) => {
                Self::begin(&mut Reader::new(log, tenant, Reading::Outline), recorded, event).await
            }
            _ => Ok(None),
        }
    }

    async fn read_by(mut reader: Reader<'_>, execution: ExecutionId) -> Result<Option<Self>, PastError> {
        let Reader { log, tenant, .. } = reader;
        let mut past: Option<Self> = None;
        let mut after = StreamVersion(0);
        loop {
            let page = log.read_stream(tenant, execution.into(), after, PAGE).await?;
            for recorded in &page {
                let Event::Execution(event) =
                    Event::decode(&recorded.wire_type, recorded.wire_version, &recorded.body)?
                else {
                    continue;
                };
                match &mut past {
                    None => past = Self::begin(&mut reader, recorded, event).await?,
                    Some(past) => past.apply(&mut reader, recorded, event).await?,
                }
            }
            match page.last() {
                Some(last) if page.len() == PAGE => after = last.version,
                _ => return Ok(past.map(|past| Self { bytes: reader.bytes, stored: reader.stored, ..past })),
            }
        }
    }

    /// The steps for which there may be a timer, each with it. One that waits for a signal may have two: the one that stands for
    /// the wait, and the one that tells of the signal.
    pub(crate) fn waits(&self) -> impl Iterator<Item = (StepKey, TimerId)> {
        self.steps.iter().flat_map(|((node, iteration), step)| {
            let key = |attempt: u32| StepKey { node: *node, iteration: *iteration, attempt };
            let timers = match step {
                PastStep::Waiting { attempt, timer, .. } => [Some((key(*attempt), *timer)), None],
                PastStep::Awaiting(PastWait { attempt, signal, timer, .. }) => {
                    [Some((key(*attempt), *timer)), Some((key(*attempt), signal.timer()))]
                }
                PastStep::Failed { attempt, retry_at: Some(_), .. } => {
                    [Some((key(*attempt), retry_timer(self.execution, key(*attempt)))), None]
                }
                PastStep::Succeeded(_)
                | PastStep::Started { .. }
                | PastStep::Signalled { .. }
                | PastStep::Resumed { .. }
                | PastStep::Failed { retry_at: None, .. }
                | PastStep::Unknown => [None, None],
            };
            timers.into_iter().flatten()
        })
    }

    /// The step that waits for a signal. An execution does one thing after the other, so that there is one of them at most.
    pub(crate) fn awaiting(&self) -> Option<(StepKey, &PastWait)> {
        self.steps.iter().find_map(|((node, iteration), step)| match step {
            PastStep::Awaiting(wait) => {
                Some((StepKey { node: *node, iteration: *iteration, attempt: wait.attempt }, wait))
            }
            _ => None,
        })
    }

    /// The execution that a step waits for.
    pub(crate) fn called(&self) -> Option<ExecutionId> {
        match self.awaiting()?.1.awaited {
            Awaited::Execution { execution } => Some(execution),
            Awaited::Call => None,
        }
    }
}
