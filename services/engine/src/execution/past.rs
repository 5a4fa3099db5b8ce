//! What is recorded of an execution, read back.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use thiserror::Error;
use weft_event_log::{Log, LogFault, Payload, Recorded};
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode, Part, StepKey};
use weft_model::{
    CorrelationId, DecodeError, Event, ExecutionId, NodeId, PayloadId, Position, StreamVersion, TenantId, TimerId,
    WorkflowId,
};
use weft_value::{Item, Value};

use super::parking::retry_timer;
use super::schedule::Items;

/// How many events are read at once.
const PAGE: usize = 1000;

/// An execution as its events tell it.
pub(crate) struct Past {
    pub(crate) execution: ExecutionId,
    pub(crate) workflow: WorkflowId,
    pub(crate) version: ExecutedVersion,
    pub(crate) mode: ExecutionMode,
    pub(crate) trigger: NodeId,
    pub(crate) output: Vec<Items>,
    pub(crate) correlation: CorrelationId,
    pub(crate) stream: StreamVersion,
    pub(crate) position: Position,
    pub(crate) epoch: u32,
    pub(crate) seed: Option<u64>,
    pub(crate) started_at: Timestamp,
    pub(crate) ended: Option<End>,
    pub(crate) steps: HashMap<(NodeId, u32), PastStep>,
    /// How many bytes of items were read back.
    pub(crate) bytes: usize,
    /// How often it was adopted since a step last had an outcome.
    pub(crate) adopted_in_vain: u32,
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Succeeded,
    Failed,
    Cancelled,
}

/// How far a step came.
#[derive(Debug)]
pub(crate) enum PastStep {
    /// It gave items.
    Succeeded { outputs: Vec<Items>, context: Option<Value>, error: Option<String> },
    /// It began to touch the world, and nobody knows how that ended.
    Started { attempt: u32, began: Timestamp },
    /// It waits.
    Waiting { attempt: u32, began: Timestamp, timer: TimerId, until: Timestamp },
    /// Its wait is over.
    Resumed { attempt: u32, began: Timestamp },
    /// It failed; the next attempt begins then.
    Failed { attempt: u32, message: String, retry_at: Option<Timestamp> },
    /// A person has to find out.
    Unknown,
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
}

impl Past {
    /// Reads everything; `None` where nothing is recorded.
    pub(crate) async fn read(
        log: &dyn Log,
        tenant: TenantId,
        execution: ExecutionId,
    ) -> Result<Option<Self>, PastError> {
        Self::read_by(Reader { log, tenant, payloads: HashMap::new(), reads_items: true, bytes: 0 }, execution).await
    }

    /// Reads everything but items, which may be gone, and which need not be read to end an execution.
    pub(crate) async fn outline(
        log: &dyn Log,
        tenant: TenantId,
        execution: ExecutionId,
    ) -> Result<Option<Self>, PastError> {
        Self::read_by(Reader { log, tenant, payloads: HashMap::new(), reads_items: false, bytes: 0 }, execution).await
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
                _ => return Ok(past.map(|past| Self { bytes: reader.bytes, ..past })),
            }
        }
    }

    async fn begin(
        reader: &mut Reader<'_>,
        recorded: &Recorded,
        event: ExecutionEvent,
    ) -> Result<Option<Self>, PastError> {
        let ExecutionEvent::Queued { workflow, version, mode, trigger, output, at, .. } = event else {
            return Ok(None);
        };
        Ok(Some(Self {
            execution: ExecutionId(recorded.stream.0),
            workflow,
            version,
            mode,
            trigger,
            output: reader.lists(recorded, &output).await?,
            correlation: recorded.correlation,
            stream: recorded.version,
            position: recorded.position,
            epoch: 0,
            seed: None,
            started_at: at,
            ended: None,
            steps: HashMap::new(),
            bytes: 0,
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
            ExecutionEvent::Started { epoch, seed, at, .. } => {
                (self.epoch, self.seed, self.started_at) = (epoch, Some(seed), at);
            }
            ExecutionEvent::Adopted { epoch, .. } => {
                self.epoch = epoch;
                self.adopted_in_vain += 1;
            }
            ExecutionEvent::StepStarted { step, at: began, .. } => {
                self.put(step, PastStep::Started { attempt: step.attempt, began });
            }
            ExecutionEvent::StepSucceeded { step, output, context, continued_after, .. } => {
                let outputs = reader.lists(recorded, &output).await?;
                let context = match context.filter(|_| reader.reads_items) {
                    Some(part) => Some(reader.part::<Value>(recorded, part).await?),
                    None => None,
                };
                let error = continued_after.map(|error| error.message);
                self.put(step, PastStep::Succeeded { outputs, context, error });
            }
            ExecutionEvent::StepFailed { step, error, retry_at, .. } => {
                self.put(step, PastStep::Failed { attempt: step.attempt, message: error.message, retry_at });
            }
            ExecutionEvent::StepOutcomeUnknown { step, .. } => self.put(step, PastStep::Unknown),
            ExecutionEvent::StepWaiting { step, timer, until, at: began, .. } => {
                self.put(step, PastStep::Waiting { attempt: step.attempt, began, timer, until });
            }
            ExecutionEvent::StepResumed { step, at, .. } => {
                let began = match self.steps.get(&(step.node, step.iteration)) {
                    Some(PastStep::Waiting { began, .. }) => *began,
                    _ => at,
                };
                self.put(step, PastStep::Resumed { attempt: step.attempt, began });
            }
            ExecutionEvent::Succeeded { .. } => self.ended = Some(End::Succeeded),
            ExecutionEvent::Failed { .. } => self.ended = Some(End::Failed),
            ExecutionEvent::Cancelled { .. } => self.ended = Some(End::Cancelled),
        }
        Ok(())
    }

    fn put(&mut self, step: StepKey, state: PastStep) {
        if !matches!(state, PastStep::Started { .. } | PastStep::Resumed { .. }) {
            self.adopted_in_vain = 0;
        }
        self.steps.insert((step.node, step.iteration), state);
    }

    /// The steps for which there may be a timer, each with it.
    pub(crate) fn waits(&self) -> impl Iterator<Item = (StepKey, TimerId)> {
        self.steps.iter().filter_map(|((node, iteration), step)| {
            let key = |attempt: u32| StepKey { node: *node, iteration: *iteration, attempt };
            match step {
                PastStep::Waiting { attempt, timer, .. } => Some((key(*attempt), *timer)),
                PastStep::Failed { attempt, retry_at: Some(_), .. } => {
                    Some((key(*attempt), retry_timer(self.execution, key(*attempt))))
                }
                PastStep::Succeeded { .. }
                | PastStep::Started { .. }
                | PastStep::Resumed { .. }
                | PastStep::Failed { retry_at: None, .. }
                | PastStep::Unknown => None,
            }
        })
    }
}

struct Reader<'a> {
    log: &'a dyn Log,
    tenant: TenantId,
    payloads: HashMap<PayloadId, Payload>,
    reads_items: bool,
    bytes: usize,
}

impl Reader<'_> {
    async fn lists(&mut self, recorded: &Recorded, parts: &[Part]) -> Result<Vec<Items>, PastError> {
        if !self.reads_items {
            return Ok(Vec::new());
        }
        let mut lists = Vec::with_capacity(parts.len());
        for part in parts {
            lists.push(Arc::new(self.part::<Vec<Item>>(recorded, *part).await?));
        }
        Ok(lists)
    }

    async fn part<T: serde::de::DeserializeOwned>(&mut self, recorded: &Recorded, part: Part) -> Result<T, PastError> {
        let version = recorded.version.0;
        let gone = || PastError::PayloadGone(version);
        let id = recorded.payload.ok_or_else(gone)?;
        if !self.payloads.contains_key(&id) {
            let payload = self.log.read_payload(self.tenant, id).await?.ok_or_else(gone)?;
            // A part that several steps share was made once.
            self.bytes += payload.0.iter().map(bytes::Bytes::len).sum::<usize>();
            self.payloads.insert(id, payload);
        }
        let bytes = self.payloads.get(&id).and_then(|payload| payload.part(part.part)).ok_or_else(gone)?;
        serde_json::from_slice(bytes).map_err(|error| PastError::PayloadBroken(version, error))
    }
}
