//! Collects an execution's events and items between the points at which they must be durable.

mod append;
mod items;
mod room;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use weft_event_log::{AppendError, Companion, Expected, FileKey, NewEvent, StaticEntry, SystemLog};
use weft_model::execution::{ExecutionEvent, Part};
use weft_model::{
    Actor, CorrelationId, Event, NodeId, PayloadId, Position, StreamId, StreamVersion, TenantId, WorkflowId,
};

use super::schedule::Items;
use super::writing::Writing;
use crate::clock::{Clock, Entropy, later};

use append::after;
pub(crate) use room::Full;
pub use room::Room;

/// How long an event may wait for company.
const MAX_AGE: Duration = Duration::from_millis(50);
/// How long the first events of a stream may: nobody was told of them yet.
const MAX_FIRST_AGE: Duration = Duration::from_millis(250);
/// How many events may wait.
const MAX_EVENTS: usize = 256;
/// How many bytes may wait.
const MAX_BYTES: usize = 1024 * 1024;
/// How many files may be named by what waits.
const MANY_FILES: usize = 1_000;

/// Where and for whom events are recorded.
pub(crate) struct Target {
    pub(crate) log: Arc<dyn SystemLog>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) tenant: TenantId,
    pub(crate) stream: StreamId,
    pub(crate) actor: Actor,
    pub(crate) correlation: CorrelationId,
    pub(crate) retention: Duration,
    /// The most bytes of items that the execution may make.
    pub(crate) max_bytes: usize,
    /// The most bytes of items that it may have in the store of files.
    pub(crate) max_stored: u64,
    /// The most bytes of a list that stays in memory.
    pub(crate) max_held: usize,
}

/// Events and items that are not durable yet.
pub(crate) struct Recorder {
    target: Target,
    expected: Expected,
    events: Vec<NewEvent>,
    parts: Vec<Bytes>,
    recent: Vec<(Items, Part)>,
    /// Lists that were recorded lately.
    durable: Vec<Durable>,
    /// The files that the parts name.
    files: BTreeSet<FileKey>,
    companions: Vec<Companion>,
    /// What code keeps for later executions, the last value of each entry.
    kept: BTreeMap<(WorkflowId, Option<NodeId>, String), Option<String>>,
    /// How the stream begins, without items, until it has begun.
    opening: Option<Box<Opening>>,
    bytes: usize,
    made: usize,
    /// How many bytes of items are in the store of files.
    stored: u64,
    oldest: Option<Timestamp>,
    position: Position,
    /// An append may have succeeded whose answer was lost.
    in_doubt: bool,
    writing: Writing,
    stop: CancellationToken,
}

/// Items that are recorded, and where.
#[derive(Clone, Debug)]
pub(crate) struct Durable {
    pub(crate) items: Items,
    pub(crate) payload: PayloadId,
    pub(crate) part: u32,
    /// How many bytes of JSON they are.
    pub(crate) bytes: usize,
}

struct Opening {
    events: Vec<ExecutionEvent>,
    companions: Vec<Companion>,
}

/// Why nothing can be recorded any longer.
#[derive(Debug, Error)]
pub(crate) enum Lost {
    /// Another worker owns the execution, or it was ended by a person.
    #[error("the execution belongs to somebody else")]
    Fenced,
    /// This process is stopping; another one will go on.
    #[error("the process ends")]
    Stopping,
    /// The log says no, and will say so again.
    #[error("the log refuses what the execution made")]
    Refused(#[source] AppendError),
}

impl Recorder {
    /// Records into a stream that stands at `expected`. `stop` ends the waiting for an absent database.
    pub(crate) fn new(target: Target, expected: Expected, stop: CancellationToken) -> Self {
        Self {
            target,
            expected,
            events: Vec::with_capacity(8),
            parts: Vec::with_capacity(4),
            recent: Vec::new(),
            durable: Vec::new(),
            files: BTreeSet::new(),
            companions: Vec::new(),
            kept: BTreeMap::new(),
            opening: None,
            bytes: 0,
            made: 0,
            stored: 0,
            oldest: None,
            position: Position(0),
            in_doubt: false,
            writing: Writing::default(),
            stop,
        }
    }

    /// Keeps the events that a stream begins with, and what must become true with them.
    pub(crate) fn begin(&mut self, events: Vec<ExecutionEvent>, companions: Vec<Companion>, now: Timestamp) {
        let mut small = events.clone();
        if let Some(ExecutionEvent::Queued { output, .. }) = small.first_mut() {
            output.clear();
        }
        self.opening = Some(Box::new(Opening { events: small, companions: companions.clone() }));
        for event in events {
            self.event(event, now);
        }
        self.companions.extend(companions);
    }

    /// After an append that was too large: what should have been in it is forgotten. A stream that has not begun begins without
    /// items, so that it has a beginning nevertheless.
    pub(crate) fn begin_again(&mut self, now: Timestamp) {
        self.events.clear();
        self.parts.clear();
        self.recent.clear();
        self.files.clear();
        self.companions.clear();
        self.kept.clear();
        (self.bytes, self.oldest) = (0, None);
        if let Some(opening) = self.opening.take() {
            self.begin(opening.events, opening.companions, now);
        }
    }

    /// Keeps an event.
    pub(crate) fn event(&mut self, event: ExecutionEvent, now: Timestamp) {
        let event = NewEvent::from(&Event::Execution(event));
        self.bytes += event.body.len();
        self.events.push(event);
        self.oldest.get_or_insert(now);
    }

    /// The lists that became durable since this was asked for last.
    pub(crate) fn take_durable(&mut self) -> Vec<Durable> {
        std::mem::take(&mut self.durable)
    }

    /// Keeps what must become true with the events.
    pub(crate) fn companion(&mut self, companion: Companion) {
        self.companions.push(companion);
    }

    /// Keeps what later executions of the workflow shall find.
    pub(crate) fn keep(&mut self, workflow: WorkflowId, entries: Vec<StaticEntry>) {
        for StaticEntry { node, key, value } in entries {
            self.bytes += key.len() + value.as_ref().map_or(0, String::len);
            self.kept.insert((workflow, node, key), value);
        }
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether something of this execution may be durable.
    pub(crate) fn may_have_begun(&self) -> bool {
        self.in_doubt || self.expected != Expected::NoStream
    }

    /// Whether what waits has waited enough.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.events.len() >= MAX_EVENTS
            || self.bytes >= MAX_BYTES
            || self.files.len() >= MANY_FILES
            || self.due_at().is_some_and(|due| due <= now)
    }

    /// When what waits has waited enough.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        let age = if self.expected == Expected::NoStream { MAX_FIRST_AGE } else { MAX_AGE };
        self.oldest.map(|oldest| later(oldest, age))
    }

    /// Since when an append is under way.
    pub(crate) fn writing(&self) -> Writing {
        self.writing.clone()
    }

    /// The position of the last durable event.
    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// The version of the stream after the last durable event.
    pub(crate) fn version(&self) -> StreamVersion {
        after(self.expected)
    }
}
