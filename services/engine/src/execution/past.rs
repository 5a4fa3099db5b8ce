//! What is recorded of an execution, read back.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;
use weft_event_log::{Log, LogFault, Payload, Recorded};
use weft_model::execution::{
    Awaited, ExecutedVersion, ExecutionEvent, ExecutionMode, Parent, Part, Partial, Source, StepError, StepKey,
};
use weft_model::{
    CorrelationId, DecodeError, Event, ExecutionId, NodeId, PayloadId, Position, SignalId, StreamVersion, TenantId,
    TimerId, WorkflowId,
};
use weft_nodes::NodeError;
use weft_value::Value;

use super::list::{List, StoredList, joined};
use super::parking::retry_timer;
use super::schedule::{Items, Returns};
use crate::files::StepFiles;

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

    async fn begin(
        reader: &mut Reader<'_>,
        recorded: &Recorded,
        event: ExecutionEvent,
    ) -> Result<Option<Self>, PastError> {
        let ExecutionEvent::Queued {
            workflow,
            version,
            mode,
            trigger,
            trigger_kind,
            output,
            retry_of,
            parent,
            partial,
            at,
            ..
        } = event
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            execution: ExecutionId(recorded.stream.0),
            workflow,
            version,
            mode,
            trigger,
            trigger_kind,
            retry_of,
            output: reader.lists(recorded, &output).await?,
            correlation: recorded.correlation,
            stream: recorded.version,
            position: recorded.position,
            epoch: 0,
            seed: None,
            started_at: at,
            ended: None,
            steps: HashMap::new(),
            failed: HashMap::new(),
            parent,
            partial,
            bytes: 0,
            stored: 0,
            adopted_in_vain: 0,
        }))
    }

    async fn apply(
        &mut self,
        reader: &mut Reader<'_>,
        recorded: &Recorded,
        event: ExecutionEvent,
    ) -> Result<(), PastError> {
        (self.stream, self.position) = (recorded.version, recorded.position);
        match event {
            ExecutionEvent::Queued { .. } => {}
            // Its time runs from when it was queued, whoever drives it: `started_at` stays.
            ExecutionEvent::Started { epoch, seed, .. } => {
                (self.epoch, self.seed) = (epoch, Some(seed));
            }
            ExecutionEvent::Adopted { epoch, .. } => {
                self.epoch = epoch;
                self.adopted_in_vain += 1;
            }
            ExecutionEvent::StepStarted { step, at: began, .. } => {
                self.put(step, PastStep::Started { attempt: step.attempt, began });
            }
            ExecutionEvent::StepSucceeded { step, sources, output, context, continued_after, .. } => {
                let run = PastRun { sources, continued_after, ..PastRun::default() };
                self.succeed(reader, recorded, step, (run, &output, context)).await?;
            }
            ExecutionEvent::StepReused { step, sources, output, context, continued_after, from, .. } => {
                let run = PastRun { sources, continued_after, from: Some(from), ..PastRun::default() };
                self.succeed(reader, recorded, step, (run, &output, context)).await?;
            }
            ExecutionEvent::StepFailed { step, error, retry_at, .. } => {
                *self.failed.entry((step.node, step.iteration)).or_default() += 1;
                self.put(step, PastStep::Failed { attempt: step.attempt, message: error.message, retry_at });
            }
            ExecutionEvent::StepOutcomeUnknown { step, .. } => self.put(step, PastStep::Unknown),
            ExecutionEvent::StepWaiting { step, timer, until, at: began, .. } => {
                self.put(step, PastStep::Waiting { attempt: step.attempt, began, timer, until });
            }
            ExecutionEvent::StepResumed { step, at, .. } => {
                let began = self.began(step).unwrap_or(at);
                self.put(step, PastStep::Resumed { attempt: step.attempt, began });
            }
            ExecutionEvent::StepAwaits { step, signal, awaited, details, timer, until, at: began, .. } => {
                let details = match details.filter(|_| reader.reading != Reading::Outline) {
                    Some(part) => reader.part::<Value>(recorded, part).await?,
                    None => Value::Undefined,
                };
                let attempt = step.attempt;
                self.put(step, PastStep::Awaiting(PastWait { attempt, began, signal, awaited, timer, until, details }));
            }
            ExecutionEvent::StepSignalled { step, output, at, .. } => {
                // What a signal brings is never long.
                let items = reader.lists(recorded, &output).await?.first().map(|list| Arc::clone(list.held()));
                let items = items.unwrap_or_default();
                let began = self.began(step).unwrap_or(at);
                self.put(step, PastStep::Signalled { attempt: step.attempt, began, items });
            }
            ExecutionEvent::Succeeded { .. } => self.ended = Some(End::Succeeded),
            ExecutionEvent::Failed { error, .. } => self.ended = Some(End::Failed(error)),
            ExecutionEvent::Cancelled { .. } => self.ended = Some(End::Cancelled),
        }
        Ok(())
    }

    /// A step that gave items, with those of its parts that are read.
    async fn succeed(
        &mut self,
        reader: &mut Reader<'_>,
        recorded: &Recorded,
        step: StepKey,
        (run, output, context): (PastRun, &[Part], Option<Part>),
    ) -> Result<(), PastError> {
        let outputs = reader.lists(recorded, output).await?;
        let context = match context.filter(|_| matches!(reader.reading, Reading::Everything | Reading::Pages)) {
            Some(part) => Some(reader.part::<Value>(recorded, part).await?),
            None => None,
        };
        self.put(step, PastStep::Succeeded(Box::new(PastRun { outputs, context, ..run })));
        Ok(())
    }

    /// When the wait of this step was begun.
    fn began(&self, step: StepKey) -> Option<Timestamp> {
        match self.steps.get(&(step.node, step.iteration))? {
            PastStep::Waiting { began, .. } => Some(*began),
            PastStep::Awaiting(wait) => Some(wait.began),
            PastStep::Succeeded(_)
            | PastStep::Started { .. }
            | PastStep::Signalled { .. }
            | PastStep::Resumed { .. }
            | PastStep::Failed { .. }
            | PastStep::Unknown => None,
        }
    }

    fn put(&mut self, step: StepKey, state: PastStep) {
        if !matches!(state, PastStep::Started { .. } | PastStep::Resumed { .. } | PastStep::Signalled { .. }) {
            self.adopted_in_vain = 0;
        }
        self.steps.insert((step.node, step.iteration), state);
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

struct Reader<'a> {
    log: &'a dyn Log,
    tenant: TenantId,
    payloads: HashMap<PayloadId, Payload>,
    reading: Reading,
    bytes: usize,
    stored: u64,
}

/// How much of an execution is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Everything,
    /// No items.
    Pages,
    /// No items, which may be gone, and not what nodes keep.
    Waits,
    /// Neither.
    Outline,
}

impl<'a> Reader<'a> {
    fn new(log: &'a dyn Log, tenant: TenantId, reading: Reading) -> Self {
        Self { log, tenant, payloads: HashMap::new(), reading, bytes: 0, stored: 0 }
    }

    async fn lists(&mut self, recorded: &Recorded, parts: &[Part]) -> Result<Vec<List>, PastError> {
        if self.reading != Reading::Everything {
            return Ok(Vec::new());
        }
        let mut lists = Vec::with_capacity(parts.len());
        for part in parts {
            lists.push(self.list(recorded, *part).await?);
        }
        Ok(lists)
    }

    /// A list; of one that is in the store of files, where it is.
    async fn list(&mut self, recorded: &Recorded, part: Part) -> Result<List, PastError> {
        let bytes = self.bytes(recorded, part).await?;
        if let Some(stored) = StoredList::recorded(&bytes) {
            self.stored += stored.bytes();
            return Ok(List::Stored(Arc::new(stored)));
        }
        Ok(List::Held(Arc::new(parsed(recorded, &bytes)?)))
    }

    async fn part<T: serde::de::DeserializeOwned>(&mut self, recorded: &Recorded, part: Part) -> Result<T, PastError> {
        let bytes = self.bytes(recorded, part).await?;
        parsed(recorded, &bytes)
    }

    async fn bytes(&mut self, recorded: &Recorded, part: Part) -> Result<Bytes, PastError> {
        let version = recorded.version.0;
        let gone = || PastError::PayloadGone(version);
        let id = recorded.payload.ok_or_else(gone)?;
        if !self.payloads.contains_key(&id) {
            let payload = self.log.read_payload(self.tenant, id).await?.ok_or_else(gone)?;
            // A part that several steps share was made once.
            self.bytes += payload.0.iter().map(bytes::Bytes::len).sum::<usize>();
            self.payloads.insert(id, payload);
        }
        self.payloads.get(&id).and_then(|payload| payload.0.get(part.part as usize).cloned()).ok_or_else(gone)
    }
}

fn parsed<T: serde::de::DeserializeOwned>(recorded: &Recorded, bytes: &[u8]) -> Result<T, PastError> {
    serde_json::from_slice(bytes).map_err(|error| PastError::PayloadBroken(recorded.version.0, error))
}

/// What an execution that has ended gave whoever called it, as [`Schedule::given_items`](super::Schedule::given_items) says,
/// without reading any other items.
pub(crate) async fn given_items(
    log: &dyn Log,
    tenant: TenantId,
    execution: ExecutionId,
    returns: Returns,
    (files, most): (&StepFiles, usize),
) -> Result<Items, PastError> {
    let mut given: Vec<(NodeId, Recorded, Vec<Part>)> = Vec::new();
    let mut after = StreamVersion(0);
    loop {
        let page = log.read_stream(tenant, execution.into(), after, PAGE).await?;
        let is_last = page.len() < PAGE;
        after = page.last().map_or(after, |last| last.version);
        for recorded in page {
            match Event::decode(&recorded.wire_type, recorded.wire_version, &recorded.body)? {
                Event::Execution(ExecutionEvent::Queued { trigger, output, .. }) => {
                    given.push((trigger, recorded, output));
                }
                Event::Execution(
                    ExecutionEvent::StepSucceeded { step, output, .. }
                    | ExecutionEvent::StepReused { step, output, .. },
                ) => {
                    given.push((step.node, recorded, output));
                }
                _ => {}
            }
        }
        if is_last {
            break;
        }
    }
    let last = given.last().map(|(node, ..)| *node);
    let skipped = if returns == Returns::LastRun { given.len().saturating_sub(1) } else { 0 };
    let mut reader = Reader::new(log, tenant, Reading::Everything);
    let mut lists = Vec::new();
    for (node, recorded, output) in given.iter().skip(skipped) {
        let part = output.iter().find(|part| part.count > 0).filter(|_| Some(*node) == last);
        if let Some(part) = part {
            lists.push(reader.list(recorded, *part).await?);
        }
    }
    Ok(joined(lists, files, most).await?)
}
