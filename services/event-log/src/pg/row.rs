//! A row of `events`.

use jiff::Timestamp;
use uuid::Uuid;
use weft_model::{Actor, CorrelationId, IdentityId, MemberId, PayloadId, Position, StreamId, StreamVersion, TenantId};

use crate::{LogFault, Recorded};

/// The columns that a reader needs, in the order of [`EventRow`]'s fields.
#[derive(sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) position: i64,
    pub(super) stream_id: Uuid,
    pub(super) stream_version: i32,
    #[sqlx(rename = "type")]
    pub(super) wire_type: String,
    pub(super) type_version: i16,
    pub(super) recorded_at: jiff_sqlx::Timestamp,
    pub(super) actor_type: i8,
    pub(super) actor_id: Option<Uuid>,
    pub(super) correlation_id: Uuid,
    pub(super) causation: Option<i64>,
    pub(super) body: Vec<u8>,
    pub(super) payload_id: Option<Uuid>,
    pub(super) key_id: i32,
}

impl EventRow {
    /// The event with its opened body.
    pub(super) fn recorded(self, tenant: TenantId, body: Vec<u8>) -> Result<Recorded, LogFault> {
        Ok(Recorded {
            tenant,
            position: Position(self.position as u64),
            stream: StreamId(self.stream_id),
            version: StreamVersion(self.stream_version as u32),
            wire_type: self.wire_type,
            wire_version: self.type_version,
            recorded_at: Timestamp::from(self.recorded_at),
            actor: actor(self.actor_type, self.actor_id)?,
            correlation: CorrelationId(self.correlation_id),
            causation: self.causation.map(|position| Position(position as u64)),
            body,
            payload: self.payload_id.map(PayloadId),
        })
    }
}

fn actor(actor_type: i8, id: Option<Uuid>) -> Result<Actor, LogFault> {
    match (actor_type as u8, id) {
        (b'm', Some(id)) => Ok(Actor::Member(MemberId(id))),
        (b'i', Some(id)) => Ok(Actor::Identity(IdentityId(id))),
        (b's', None) => Ok(Actor::System),
        _ => Err(LogFault::Malformed("an event's actor")),
    }
}
