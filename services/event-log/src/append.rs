//! What a caller hands to [`Log::append`](crate::Log::append) and gets back.

use bytes::Bytes;
use jiff::Timestamp;
use weft_model::execution::ExecutionEvent;
use weft_model::{Actor, CorrelationId, Event, PayloadId, Position, StreamId, StreamVersion, TenantId};

use crate::{Companion, FileKey};

/// One caller's events for one stream, with everything that must become true at the same moment.
#[derive(Clone, Debug)]
pub struct AppendRequest {
    /// Whose log.
    pub tenant: TenantId,
    /// The stream that all events belong to.
    pub stream: StreamId,
    /// Where the caller believes the stream to be.
    pub expected: Expected,
    /// Who caused the events.
    pub actor: Actor,
    /// The request or firing that caused them.
    pub correlation: CorrelationId,
    /// The event of the same log that caused them.
    pub causation: Option<Position>,
    /// The events, in order; at least one.
    pub events: Vec<NewEvent>,
    /// The items that flowed, shared by the events that say `uses_payload`.
    pub payload: Option<NewPayload>,
    /// What else becomes true with the events, checked and applied in this order.
    pub companions: Vec<Companion>,
}

/// The state of the stream that an append insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// Whatever it is.
    Any,
    /// The stream has no event yet.
    NoStream,
    /// The stream's last event has exactly this version.
    Exactly(StreamVersion),
}

impl Expected {
    /// Whether a stream at this version is what the caller expects.
    pub fn admits(self, actual: StreamVersion) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual == StreamVersion(0),
            Self::Exactly(version) => version == actual,
        }
    }
}

/// An event before it has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// Frozen name without the version, `execution.queued`.
    pub wire_type: &'static str,
    /// Version of the body's shape, from 1.
    pub wire_version: i16,
    /// JSON of the event's fields.
    pub body: Vec<u8>,
    /// Whether its parts are in the payload of this append.
    pub uses_payload: bool,
}

/// The items of one append, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPayload {
    /// A fresh id, made by the caller.
    pub id: PayloadId,
    /// The parts, usually JSON text of a list of items each; an event names a part by its place, from 0.
    pub parts: Vec<Bytes>,
    /// When the payload may be dropped: the tenant's retention, counted from now.
    pub expires_at: Timestamp,
    /// The files that its parts name: durable before, and kept as long as the payload.
    pub files: Vec<FileKey>,
}

/// The places that the events got; they are durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Position of the first event.
    pub first: Position,
    /// Position of the last event.
    pub last: Position,
    /// Version of the stream after the last event.
    pub version: StreamVersion,
}

impl From<&Event> for NewEvent {
    fn from(event: &Event) -> Self {
        Self {
            wire_type: event.wire_type(),
            wire_version: event.wire_version(),
            body: event.encode(),
            uses_payload: has_parts(event),
        }
    }
}

/// Whether an event names parts of its append's payload.
fn has_parts(event: &Event) -> bool {
    let Event::Execution(event) = event else { return false };
    match event {
        ExecutionEvent::Queued { output, .. } | ExecutionEvent::StepSignalled { output, .. } => !output.is_empty(),
        ExecutionEvent::StepSucceeded { output, log, context, .. } => {
            !output.is_empty() || log.is_some() || context.is_some()
        }
        ExecutionEvent::StepReused { output, context, .. } => !output.is_empty() || context.is_some(),
        ExecutionEvent::StepFailed { log, .. } => log.is_some(),
        ExecutionEvent::StepAwaits { details, .. } => details.is_some(),
        ExecutionEvent::Started { .. }
        | ExecutionEvent::Adopted { .. }
        | ExecutionEvent::StepStarted { .. }
        | ExecutionEvent::StepOutcomeUnknown { .. }
        | ExecutionEvent::StepWaiting { .. }
        | ExecutionEvent::StepResumed { .. }
        | ExecutionEvent::Succeeded { .. }
        | ExecutionEvent::Failed { .. }
        | ExecutionEvent::Cancelled { .. } => false,
    }
}
