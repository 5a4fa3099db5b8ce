//! What a log gives back.

use bytes::Bytes;
use jiff::Timestamp;
use weft_model::{Actor, CorrelationId, DecodeError, Event, PayloadId, Position, StreamId, StreamVersion, TenantId};

/// An event with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Whose log.
    pub tenant: TenantId,
    /// The place in the tenant's log.
    pub position: Position,
    /// The stream.
    pub stream: StreamId,
    /// The place in the stream.
    pub version: StreamVersion,
    /// Frozen name without the version, `execution.queued`.
    pub wire_type: String,
    /// Version of the body's shape.
    pub wire_version: i16,
    /// When it became durable, by the database's clock.
    pub recorded_at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// The request or firing that caused it.
    pub correlation: CorrelationId,
    /// The event of the same log that caused it.
    pub causation: Option<Position>,
    /// JSON of the event's fields.
    pub body: Vec<u8>,
    /// The payload that holds its parts.
    pub payload: Option<PayloadId>,
}

impl Recorded {
    /// What happened; an old shape is upcast.
    pub fn event(&self) -> Result<Event, DecodeError> {
        Event::decode(&self.wire_type, self.wire_version, &self.body)
    }
}

/// The parts of one append's payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload(pub Vec<Bytes>);

impl Payload {
    /// The part at that place, from 0.
    pub fn part(&self, part: u32) -> Option<&Bytes> {
        self.0.get(part as usize)
    }
}

/// A tenant's log has grown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Whose log.
    pub tenant: TenantId,
    /// Its last position.
    pub head: Position,
}

/// The end of a tenant's log: whoever keeps it can later tell whether anything before it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHead {
    /// The last position.
    pub position: Position,
    /// The last event's hash, which covers every event before it.
    pub hash: [u8; 32],
}
