//! What a projection is given.

use jiff::Timestamp;
use weft_model::{Actor, CorrelationId, Event, PayloadId, Position, StreamId, StreamVersion};

/// One recorded event of one tenant, decoded.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its place in the tenant's log.
    pub position: Position,
    /// The aggregate that it belongs to.
    pub stream: StreamId,
    /// Its place in that stream.
    pub version: StreamVersion,
    /// When it was recorded, by the database's clock.
    pub recorded_at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
    /// What one request or firing caused, across streams.
    pub correlation: CorrelationId,
    /// The payload of its append, where it has one.
    pub payload: Option<PayloadId>,
    /// The event.
    pub event: Event,
}
