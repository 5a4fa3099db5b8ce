//! The hash chain.
//!
//! `hash = SHA-256(previous hash ‖ link)`, where the link is PostgreSQL's binary form of a row: the number of fields as
//! int4, then for each field the type's oid as int4, the length as int4 (-1 for null) and the value in network byte order
//! (PostgreSQL source, `record_send`). Every field is length-prefixed, so no two events share a link.
//!
//! Three of the values are known only where the event is appended: its position, its stream's version and the time. So
//! an append sends the bytes between them ([`start`], [`of_stream`], [`of_type`], [`End::bytes`]), and `append_events`
//! (migrations/0064) puts the link together.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The hash before the first event.
pub(super) const GENESIS: [u8; 32] = [0; 32];
/// PostgreSQL counts time from 2000-01-01, in microseconds.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;
const FIELDS: u32 = 15;

/// PostgreSQL's numbers of the types of the fields (catalogue `pg_type`).
mod oid {
    pub const BYTEA: u32 = 17;
    pub const CHAR: u32 = 18;
    pub const INT8: u32 = 20;
    pub const INT2: u32 = 21;
    pub const INT4: u32 = 23;
    pub const TEXT: u32 = 25;
    pub const TIMESTAMPTZ: u32 = 1184;
    pub const UUID: u32 = 2950;
}

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
    pub(super) end: End,
}

/// The fields of a link after the time.
#[derive(Clone, Debug)]
pub(super) struct End {
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
        Sha256::new()
            .chain_update(previous)
            .chain_update(start(self.tenant))
            .chain_update(position.to_be_bytes())
            .chain_update(of_stream(self.stream))
            .chain_update(self.stream_version.to_be_bytes())
            .chain_update(of_type(&self.wire_type, self.type_version))
            .chain_update((self.recorded_at - POSTGRES_EPOCH).to_be_bytes())
            .chain_update(self.end.bytes())
            .finalize()
            .into()
    }
}

/// The bytes before the position.
pub(super) fn start(tenant: Uuid) -> Vec<u8> {
    let mut row = Row(FIELDS.to_be_bytes().to_vec());
    row.uuid(Some(tenant));
    row.head(oid::INT8, 8);
    row.0
}

/// The bytes between the position and the stream's version.
pub(super) fn of_stream(stream: Uuid) -> Vec<u8> {
    let mut row = Row(Vec::with_capacity(32));
    row.uuid(Some(stream));
    row.head(oid::INT4, 4);
    row.0
}

/// The bytes between the stream's version and the time.
pub(super) fn of_type(wire_type: &str, type_version: i16) -> Vec<u8> {
    let mut row = Row(Vec::with_capacity(64));
    row.field(oid::TEXT, Some(wire_type.as_bytes()));
    row.field(oid::INT2, Some(&type_version.to_be_bytes()));
    row.head(oid::TIMESTAMPTZ, 8);
    row.0
}

impl End {
    /// The bytes after the time.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut row = Row(Vec::with_capacity(208));
        row.field(oid::CHAR, Some(&self.actor_type.to_be_bytes()));
        row.uuid(self.actor);
        row.uuid(Some(self.correlation));
        row.field(oid::INT8, self.causation.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice));
        row.uuid(self.payload);
        row.field(oid::INT4, Some(&self.key.to_be_bytes()));
        row.field(oid::BYTEA, Some(&self.body_digest));
        row.field(oid::BYTEA, self.payload_digest.as_deref());
        row.0
    }
}

struct Row(Vec<u8>);

impl Row {
    fn head(&mut self, oid: u32, length: i32) {
        self.0.extend_from_slice(&oid.to_be_bytes());
        self.0.extend_from_slice(&length.to_be_bytes());
    }

    fn field(&mut self, oid: u32, value: Option<&[u8]>) {
        self.head(oid, value.map_or(-1, |value| value.len() as i32));
        self.0.extend_from_slice(value.unwrap_or_default());
    }

    fn uuid(&mut self, value: Option<Uuid>) {
        self.field(oid::UUID, value.as_ref().map(|value| value.as_bytes().as_slice()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with another program from the form that the module's comment describes: logs that exist depend on it.
    #[test]
    fn the_hash_of_an_event_never_changes() {
        let end = End {
            actor_type: b's' as i8,
            actor: None,
            correlation: Uuid::from_u128(3),
            causation: None,
            payload: Some(Uuid::from_u128(4)),
            key: 9,
            body_digest: [0x11; 32],
            payload_digest: Some(vec![0x22; 32]),
        };
        let link = Link {
            tenant: Uuid::from_u128(1),
            stream: Uuid::from_u128(2),
            stream_version: 5,
            wire_type: "execution.queued".into(),
            type_version: 1,
            recorded_at: 1_700_000_000_123_456,
            end,
        };
        let expected = "735f7efa62e89706638d4534845d20cd0a4dc8a25f753190cdc6bc76a8d52ecf";
        assert_eq!(hex::encode(link.hash(7, &GENESIS)), expected);
    }
}
