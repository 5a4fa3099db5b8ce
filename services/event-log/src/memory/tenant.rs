//! One tenant's log in memory.

use std::collections::HashMap;

use jiff::Timestamp;
use weft_model::{PayloadId, Position, StreamId, StreamVersion};

use super::companions::Companions;
use crate::{AppendError, AppendRequest, Appended, Payload, Recorded};

#[derive(Default)]
pub(super) struct TenantLog {
    events: Vec<Recorded>,
    /// Places in `events`, in the stream's order.
    streams: HashMap<StreamId, Vec<usize>>,
    payloads: HashMap<PayloadId, Payload>,
    pub(super) companions: Companions,
}

impl TenantLog {
    pub(super) fn append(&mut self, request: AppendRequest, now: Timestamp) -> Result<Appended, AppendError> {
        let actual = self.version(request.stream);
        if !request.expected.admits(actual) {
            return Err(AppendError::Conflict { stream: request.stream, expected: request.expected, actual });
        }
        self.companions.check(&request.companions)?;
        let first = Position(self.head().0 + 1);
        self.companions.apply(&request.companions, request.stream, first);
        self.record(&request, now);
        if let Some(payload) = request.payload {
            self.payloads.insert(payload.id, Payload(payload.parts));
        }
        Ok(Appended { first, last: self.head(), version: self.version(request.stream) })
    }

    fn record(&mut self, request: &AppendRequest, now: Timestamp) {
        let payload = request.payload.as_ref().map(|payload| payload.id);
        let places = self.streams.entry(request.stream).or_default();
        for event in &request.events {
            places.push(self.events.len());
            self.events.push(Recorded {
                tenant: request.tenant,
                position: Position(self.events.len() as u64 + 1),
                stream: request.stream,
                version: StreamVersion(places.len() as u32),
                wire_type: event.wire_type.to_owned(),
                wire_version: event.wire_version,
                recorded_at: now,
                actor: request.actor,
                correlation: request.correlation,
                causation: request.causation,
                body: event.body.clone(),
                payload: payload.filter(|_| event.uses_payload),
            });
        }
    }

    pub(super) fn head(&self) -> Position {
        Position(self.events.len() as u64)
    }

    fn version(&self, stream: StreamId) -> StreamVersion {
        StreamVersion(self.streams.get(&stream).map_or(0, Vec::len) as u32)
    }

    pub(super) fn read(&self, after: Position, limit: usize) -> Vec<Recorded> {
        self.events.iter().skip(after.0 as usize).take(limit).cloned().collect()
    }

    pub(super) fn read_stream(&self, stream: StreamId, after: StreamVersion, limit: usize) -> Vec<Recorded> {
        let places = self.streams.get(&stream).map_or(&[][..], Vec::as_slice);
        places.iter().skip(after.0 as usize).take(limit).map(|place| self.events[*place].clone()).collect()
    }

    pub(super) fn payload(&self, id: PayloadId) -> Option<Payload> {
        self.payloads.get(&id).cloned()
    }
}
