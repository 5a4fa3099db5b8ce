//! Collects an execution's events and items between the points at which they must be durable.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;
use tokio_util::sync::CancellationToken;
use weft_event_log::{
    AppendError, AppendRequest, Appended, Companion, Expected, FileKey, NewEvent, NewPayload, StaticEntry, SystemLog,
};
use weft_model::execution::{ExecutionEvent, Part};
use weft_model::{
    Actor, CorrelationId, Event, NodeId, PayloadId, Position, StreamId, StreamVersion, TenantId, WorkflowId,
};
use weft_nodes::NodeError;

use super::list::List;
use super::patience::Patience;
use super::schedule::Items;
use super::writing::Writing;
use crate::clock::{Clock, Entropy, fresh_id, later};
use crate::fail_point::{self, Point};
use crate::files::named_files;

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

/// How many bytes of items an execution may still make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    left: usize,
    limit: usize,
}

impl Room {
    /// So many bytes less.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Full> {
        self.left = self.left.checked_sub(bytes).ok_or(self.full())?;
        Ok(())
    }

    /// How many bytes are left.
    pub(crate) fn left(self) -> usize {
        self.left
    }

    /// The most bytes there may be.
    pub(crate) fn limit(self) -> usize {
        self.limit
    }

    pub(crate) fn full(self) -> Full {
        Full { limit: self.limit }
    }
}

/// The execution made as many bytes of items as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("The execution made more than {} MiB of items. Work on fewer items at a time.", .limit / (1024 * 1024))]
pub(crate) struct Full {
    pub(crate) limit: usize,
}

impl From<Full> for NodeError {
    fn from(full: Full) -> Self {
        Self::new("memory_limit", full.to_string())
    }
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

    /// Keeps a list of items; a list that was just written is not written again.
    pub(crate) fn items(&mut self, items: &Items) -> Result<Part, Full> {
        if let Some((_, part)) = self.recent.iter().find(|(known, _)| Arc::ptr_eq(known, items)) {
            return Ok(*part);
        }
        let part = self.part(items.as_slice(), items.len())?;
        self.recent.push((Arc::clone(items), part));
        self.files.extend(named_files(items));
        Ok(part)
    }

    /// Keeps a list; of one that is in the store of files, where it is.
    pub(crate) fn list(&mut self, list: &List) -> Result<Part, Full> {
        match list {
            List::Held(items) => self.items(items),
            List::Stored(stored) => {
                let part = self.part(&**stored, stored.len())?;
                self.files.extend(stored.files());
                Ok(part)
            }
        }
    }

    /// Keeps several lists of items, or none of them.
    pub(crate) fn lists(&mut self, lists: &[List]) -> Result<Vec<Part>, Full> {
        let before = (self.parts.len(), self.recent.len(), self.bytes, self.made);
        let kept: Result<Vec<Part>, Full> = lists.iter().map(|list| self.list(list)).collect();
        if kept.is_err() {
            self.parts.truncate(before.0);
            self.recent.truncate(before.1);
            (self.bytes, self.made) = (before.2, before.3);
        }
        kept
    }

    /// Keeps anything that can be written as JSON. Writing stops where the execution has made as much as it may, so that what
    /// is far too large is never in memory twice.
    pub(crate) fn part<T: Serialize + ?Sized>(&mut self, value: &T, count: usize) -> Result<Part, Full> {
        let mut json = Bounded { text: Vec::with_capacity(256), room: self.room() };
        match serde_json::to_writer(&mut json, value) {
            Ok(()) => {}
            Err(error) if error.is_io() => return Err(json.room.full()),
            // Values and log lines have text for every key.
            Err(_) => json.text = b"null".to_vec(),
        }
        self.bytes += json.text.len();
        self.count(json.text.len());
        self.parts.push(json.text.into());
        Ok(Part { part: self.parts.len() as u32 - 1, count: count as u32 })
    }

    /// The execution has made so many bytes of items more.
    pub(crate) fn count(&mut self, bytes: usize) {
        self.made = self.made.saturating_add(bytes);
    }

    /// Counts what of a list is in the store of files, if there may be as much.
    pub(crate) fn count_list(&mut self, list: &List) -> Result<(), Full> {
        if let List::Stored(stored) = list {
            self.may_store(stored.bytes())?;
            self.count_stored(stored.bytes());
        }
        Ok(())
    }

    /// The execution has so many bytes of items more in the store of files.
    pub(crate) fn count_stored(&mut self, bytes: u64) {
        self.stored = self.stored.saturating_add(bytes);
    }

    /// Whether so many bytes of items more may be in the store of files.
    pub(crate) fn may_store(&self, bytes: u64) -> Result<(), Full> {
        let limit = self.target.max_stored;
        let is_within = self.stored.saturating_add(bytes) <= limit;
        if is_within { Ok(()) } else { Err(Full { limit: usize::try_from(limit).unwrap_or(usize::MAX) }) }
    }

    /// The most bytes of a list that stays in memory.
    pub(crate) fn max_held(&self) -> usize {
        self.target.max_held
    }

    /// How many bytes of items the execution may still make.
    pub(crate) fn room(&self) -> Room {
        Room { left: self.target.max_bytes.saturating_sub(self.made), limit: self.target.max_bytes }
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

    /// What earlier executions of the workflow kept; waits for a database that is away.
    pub(crate) async fn read_kept(&self, workflow: WorkflowId) -> Result<Vec<StaticEntry>, Lost> {
        let mut patience = Patience::begin(self.target.clock.now());
        loop {
            match self.target.log.static_data(self.target.tenant, workflow).await {
                Ok(entries) => return Ok(entries),
                Err(fault) if patience.bears(&fault, self.target.clock.now()) => {
                    tracing::warn!(
                        execution.id = %self.target.stream,
                        error = &fault as &dyn std::error::Error,
                        "Static data has to be read again."
                    );
                }
                Err(fault) => return Err(Lost::Refused(fault.into())),
            }
            patience.rest(&*self.target.clock, &self.stop).await?;
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

    /// Makes everything durable.
    pub(crate) async fn flush(&mut self) -> Result<(), Lost> {
        if self.events.is_empty() {
            return Ok(());
        }
        if self.expected == Expected::NoStream {
            fail_point::hit(Point::BeforeStart);
        }
        let request = self.request();
        let appended = self.append(request).await?;
        fail_point::hit(Point::AfterAppend);
        self.expected = Expected::Exactly(appended.version);
        self.position = appended.last;
        self.opening = None;
        self.bytes = 0;
        self.oldest = None;
        Ok(())
    }

    /// Makes events of another stream durable, at least once. Something of the execution must be durable already.
    pub(crate) async fn append_aside(&mut self, stream: StreamId, events: Vec<NewEvent>) -> Result<(), Lost> {
        let Target { tenant, actor, correlation, .. } = self.target;
        let request = AppendRequest {
            tenant,
            stream,
            expected: Expected::Any,
            actor,
            correlation,
            causation: None,
            events,
            payload: None,
            companions: Vec::new(),
        };
        self.append(request).await.map(drop)
    }

    fn request(&mut self) -> AppendRequest {
        let parts = std::mem::take(&mut self.parts);
        self.recent.clear();
        let files = std::mem::take(&mut self.files);
        let payload = (!parts.is_empty()).then(|| NewPayload {
            id: PayloadId(fresh_id(&*self.target.clock, &*self.target.entropy)),
            parts,
            expires_at: later(self.target.clock.now(), self.target.retention),
            files: files.into_iter().collect(),
        });
        let kept = std::mem::take(&mut self.kept).into_iter().map(|((workflow, node, key), value)| {
            Companion::KeepStaticData { workflow, entry: StaticEntry { node, key, value } }
        });
        AppendRequest {
            tenant: self.target.tenant,
            stream: self.target.stream,
            expected: self.expected,
            actor: self.target.actor,
            correlation: self.target.correlation,
            causation: None,
            events: std::mem::take(&mut self.events),
            payload,
            companions: std::mem::take(&mut self.companions).into_iter().chain(kept).collect(),
        }
    }

    /// Appends; where the database is not well, waits for it. The first append is not waited for: its caller is told instead,
    /// unless nobody knows whether it succeeded.
    async fn append(&mut self, request: AppendRequest) -> Result<Appended, Lost> {
        let now = self.target.clock.now();
        self.writing.begin(now);
        let appended = self.append_patiently(request, Patience::begin(now)).await;
        self.writing.end();
        appended
    }

    async fn append_patiently(&mut self, request: AppendRequest, mut patience: Patience) -> Result<Appended, Lost> {
        loop {
            // Events and parts are small or shared, so that a copy for a second try costs little; most appends succeed at once.
            let error = match self.target.log.append(request.clone()).await {
                Ok(appended) => {
                    self.in_doubt = false;
                    return Ok(appended);
                }
                Err(error) => error,
            };
            self.in_doubt |= matches!(error, AppendError::InDoubt);
            if !self.may_have_begun() || !patience.lasts(&error, self.target.clock.now()) {
                return self.refused(error, &request).await;
            }
            tracing::warn!(
                execution.id = %self.target.stream,
                error = &error as &dyn std::error::Error,
                "An append has to be repeated."
            );
            patience.rest(&*self.target.clock, &self.stop).await?;
        }
    }

    /// An append was refused for good. After one whose answer was lost, its own events may be the reason.
    async fn refused(&mut self, error: AppendError, request: &AppendRequest) -> Result<Appended, Lost> {
        if self.in_doubt {
            let found = self.find(request).await?;
            self.in_doubt = false;
            if let Some(appended) = found {
                return Ok(appended);
            }
        }
        Err(match error {
            AppendError::Conflict { .. } | AppendError::TimerGone { .. } => Lost::Fenced,
            other => Lost::Refused(other),
        })
    }

    /// After a commit whose answer was lost: our events, if they are in the stream.
    async fn find(&self, request: &AppendRequest) -> Result<Option<Appended>, Lost> {
        let count = request.events.len();
        let mut patience = Patience::begin(self.target.clock.now());
        let recorded = loop {
            let read = self.target.log.read_stream(request.tenant, request.stream, after(request.expected), count);
            match read.await {
                Ok(recorded) => break recorded,
                Err(fault) if patience.bears(&fault, self.target.clock.now()) => {
                    tracing::warn!(
                        execution.id = %self.target.stream,
                        error = &fault as &dyn std::error::Error,
                        "A stream has to be read again."
                    );
                }
                Err(fault) => return Err(Lost::Refused(fault.into())),
            }
            patience.rest(&*self.target.clock, &self.stop).await?;
        };
        let ours = recorded.len() == count && recorded.iter().zip(&request.events).all(|(r, e)| r.body == e.body);
        Ok(match (recorded.first(), recorded.last()) {
            (Some(first), Some(last)) if ours => {
                Some(Appended { first: first.position, last: last.position, version: last.version })
            }
            _ => None,
        })
    }
}

fn after(expected: Expected) -> StreamVersion {
    match expected {
        Expected::Exactly(version) => version,
        Expected::Any | Expected::NoStream => StreamVersion(0),
    }
}

/// Text that may grow only so long.
struct Bounded {
    text: Vec<u8>,
    room: Room,
}

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes).map(|()| bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.room.take(bytes.len()).map_err(|_| io::ErrorKind::StorageFull)?;
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
