//! The hash chain as `append_events` makes it (`event_link` in migrations/0023).
//!
//! `hash = SHA-256(previous hash ‖ link)`, where the link is PostgreSQL's binary form of a row: the number of fields as
//! int4, then for each field the type's oid as int4, the length as int4 (-1 for null) and the value in network byte order
//! (PostgreSQL source, `record_send`). Every field is length-prefixed, so no two events share a link.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The hash before the first event.
pub(super) const GENESIS: [u8; 32] = [0; 32];
/// PostgreSQL counts time from 2000-01-01, in microseconds.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;
const FIELDS: u32 = 15;

/// What a link is made of.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) tenant: Uuid,
    pub(super) stream: Uuid,
    pub(super) stream_version: i32,
    pub(super) wire_type: String,
    pub(super) type_version: i16,
    /// Microseconds since 1970.
    pub(super) recorded_at: i64,
    pub(super) actor_type: i8,
    pub(super) actor: Option<Uuid>,
    pub(super) correlation: Uuid,
    pub(super) causation: Option<i64>,
    pub(super) payload: Option<Uuid>,
    pub(super) key: i32,
    pub(super) body_digest: [u8; 32],
    pub(super) payload_digest: Option<Vec<u8>>,
}

impl Link {
    /// The hash of this event at that position, after an event of that hash.
    pub(super) fn hash(&self, position: i64, previous: &[u8; 32]) -> [u8; 32] {
        let mut row = Row(Sha256::new());
        row.0.update(previous);
        row.0.update(FIELDS.to_be_bytes());
        row.uuid(Some(self.tenant));
        row.int8(Some(position));
        row.uuid(Some(self.stream));
        row.field(23, Some(&self.stream_version.to_be_bytes()));
        row.field(25, Some(self.wire_type.as_bytes()));
        row.field(21, Some(&self.type_version.to_be_bytes()));
        row.field(1184, Some(&(self.recorded_at - POSTGRES_EPOCH).to_be_bytes()));
        row.field(18, Some(&self.actor_type.to_be_bytes()));
        row.uuid(self.actor);
        row.uuid(Some(self.correlation));
        row.int8(self.causation);
        row.uuid(self.payload);
        row.field(23, Some(&self.key.to_be_bytes()));
        row.field(17, Some(&self.body_digest));
        row.field(17, self.payload_digest.as_deref());
        row.0.finalize().into()
    }
}

struct Row(Sha256);

impl Row {
    fn field(&mut self, oid: u32, value: Option<&[u8]>) {
        self.0.update(oid.to_be_bytes());
        self.0.update(value.map_or(-1, |value| value.len() as i32).to_be_bytes());
        self.0.update(value.unwrap_or_default());
    }

    fn uuid(&mut self, value: Option<Uuid>) {
        self.field(2950, value.as_ref().map(|value| value.as_bytes().as_slice()));
    }

    fn int8(&mut self, value: Option<i64>) {
        self.field(20, value.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
    }
}
