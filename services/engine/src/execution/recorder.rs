//! Collects an execution's events and items between the points at which they must be durable.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use weft_event_log::{AppendError, AppendRequest, Appended, Companion, Expected, NewEvent, NewPayload, SystemLog};
use weft_model::execution::{ExecutionEvent, Part};
use weft_model::{Actor, CorrelationId, Event, PayloadId, Position, StreamId, StreamVersion, TenantId};

use super::schedule::Items;

use crate::clock::{Clock, Entropy, fresh_id, later};
use crate::fail_point::{self, Point};

/// How long an event may wait for company.
pub(crate) const MAX_AGE: Duration = Duration::from_millis(50);
/// How many events may wait.
const MAX_EVENTS: usize = 256;
/// How many bytes may wait.
const MAX_BYTES: usize = 1024 * 1024;

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
}

/// Events and items that are not durable yet.
pub(crate) struct Recorder {
    target: Target,
    expected: Expected,
    events: Vec<NewEvent>,
    parts: Vec<Bytes>,
    recent: Vec<(Items, Part)>,
    companions: Vec<Companion>,
    bytes: usize,
    total_bytes: usize,
    oldest: Option<Timestamp>,
    position: Position,
    stop: CancellationToken,
}

/// Why nothing can be recorded any longer.
#[derive(Debug)]
pub(crate) enum Lost {
    /// Another worker owns the execution, or it was ended by a person.
    Fenced,
    /// This process is stopping; another one will go on.
    Stopping,
    /// The log says no, and will say so again.
    Refused(AppendError),
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
            companions: Vec::new(),
            bytes: 0,
            total_bytes: 0,
            oldest: None,
            position: Position(0),
            stop,
        }
    }

    /// Keeps a list of items; a list that was just written is not written again.
    pub(crate) fn items(&mut self, items: &Items) -> Part {
        if let Some((_, part)) = self.recent.iter().find(|(known, _)| Arc::ptr_eq(known, items)) {
            return *part;
        }
        let part = self.part(items.as_slice(), items.len());
        self.recent.push((Arc::clone(items), part));
        part
    }

    /// Keeps anything that can be written as JSON.
    pub(crate) fn part<T: Serialize + ?Sized>(&mut self, value: &T, count: usize) -> Part {
        let mut json = Vec::with_capacity(256);
        // Values and log lines have text for every key, and writing to memory cannot fail.
        if serde_json::to_writer(&mut json, value).is_err() {
            json = b"null".to_vec();
        }
        self.bytes += json.len();
        self.total_bytes += json.len();
        self.parts.push(json.into());
        Part { part: self.parts.len() as u32 - 1, count: count as u32 }
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

    /// How many bytes of items this execution has recorded here.
    pub(crate) fn total_bytes(&self) -> usize {
        self.total_bytes
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether anything of this execution is durable.
    pub(crate) fn has_begun(&self) -> bool {
        self.expected != Expected::NoStream
    }

    /// Whether what waits has waited enough.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.events.len() >= MAX_EVENTS || self.bytes >= MAX_BYTES || self.due_at().is_some_and(|due| due <= now)
    }

    /// When what waits has waited enough.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        self.oldest.map(|oldest| later(oldest, MAX_AGE))
    }

    /// The position of the last durable event.
    pub(crate) fn position(&self) -> Position {
        self.position
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
        let payload = (!parts.is_empty()).then(|| NewPayload {
            id: PayloadId(fresh_id(&*self.target.clock, &*self.target.entropy)),
            parts,
            expires_at: later(self.target.clock.now(), self.target.retention),
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
            companions: std::mem::take(&mut self.companions),
        }
    }

    /// Appends; where the database is away, waits for it. The first append is not waited for: its caller is told instead.
    async fn append(&mut self, request: AppendRequest) -> Result<Appended, Lost> {
        let mut in_doubt = false;
        let mut pause = Duration::from_millis(20);
        loop {
            // Events and parts are small or shared, so that a copy for a second try costs little; most appends succeed at once.
            let again = (request.events.clone(), request.payload.clone(), request.companions.clone());
            let (events, payload, companions) = again;
            let attempt = AppendRequest { events, payload, companions, ..request };
            match self.target.log.append(attempt).await {
                Ok(appended) => return Ok(appended),
                Err(AppendError::Conflict { .. } | AppendError::TimerGone { .. }) => {
                    return if in_doubt { self.find(&request).await } else { Err(Lost::Fenced) };
                }
                Err(error) if !is_passing(&error) => return Err(Lost::Refused(error)),
                Err(error @ (AppendError::Unavailable(_) | AppendError::Overloaded)) if !self.has_begun() => {
                    return Err(Lost::Refused(error));
                }
                Err(error) => {
                    in_doubt |= matches!(error, AppendError::InDoubt);
                    tracing::warn!(execution.id = %self.target.stream, error = %error, "An append has to be repeated.");
                }
            }
            let wake = later(self.target.clock.now(), pause);
            tokio::select! {
                () = self.target.clock.sleep_until(wake) => {}
                () = self.stop.cancelled() => return Err(Lost::Stopping),
            }
            pause = (pause * 2).min(Duration::from_secs(1));
        }
    }

    /// After a commit whose answer was lost: our events are in the stream, or somebody else's are.
    async fn find(&self, request: &AppendRequest) -> Result<Appended, Lost> {
        let after = match self.expected {
            Expected::Exactly(version) => version,
            Expected::Any | Expected::NoStream => StreamVersion(0),
        };
        let count = request.events.len();
        let recorded = self.target.log.read_stream(self.target.tenant, self.target.stream, after, count).await;
        let recorded = recorded.map_err(|fault| Lost::Refused(fault.into()))?;
        let ours = recorded.len() == count && recorded.iter().zip(&request.events).all(|(r, e)| r.body == e.body);
        match (recorded.first(), recorded.last()) {
            (Some(first), Some(last)) if ours => {
                Ok(Appended { first: first.position, last: last.position, version: last.version })
            }
            _ => Err(Lost::Fenced),
        }
    }
}

/// Whether the same append may succeed later.
fn is_passing(error: &AppendError) -> bool {
    match error {
        AppendError::Unavailable(_) | AppendError::InDoubt | AppendError::Overloaded => true,
        AppendError::Fault(fault) => fault.is_unavailable(),
        AppendError::Conflict { .. }
        | AppendError::NameTaken { .. }
        | AppendError::Duplicate { .. }
        | AppendError::TimerGone { .. }
        | AppendError::QuotaExceeded { .. }
        | AppendError::TooLarge { .. }
        | AppendError::Malformed(_) => false,
    }
}
