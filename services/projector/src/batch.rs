//! What one pass reads of a tenant's log.

use std::collections::HashMap;

use jiff::Timestamp;
use weft_event_log::{Log, LogFault, Recorded};
use weft_model::{Position, TenantId};
use weft_projections::{Fact, Projection};

/// Events of one tenant, decoded, in order of position.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    facts: Vec<Fact>,
    undecodable: Vec<Undecodable>,
    /// The position of the last event, or the position after which was read when there is none.
    pub end: Position,
    /// Whether the log probably goes on.
    pub is_full: bool,
    /// When the last event was recorded.
    pub recorded_at: Option<Timestamp>,
}

/// An event that this program cannot read.
#[derive(Clone, Debug)]
pub(crate) struct Undecodable {
    pub position: Position,
    pub wire_type: String,
    pub reason: String,
}

impl Batch {
    /// The events after `after`, at most `limit`.
    pub(crate) async fn read(log: &dyn Log, tenant: TenantId, after: Position, limit: usize) -> Result<Self, LogFault> {
        let recorded = log.read(tenant, after, limit).await?;
        let mut batch = Self { end: after, is_full: recorded.len() >= limit, ..Self::default() };
        for recorded in recorded {
            tokio::task::consume_budget().await;
            batch.push(recorded);
        }
        Ok(batch)
    }

    fn push(&mut self, recorded: Recorded) {
        self.end = recorded.position;
        self.recorded_at = Some(recorded.recorded_at);
        match recorded.event() {
            Ok(event) => self.facts.push(Fact {
                position: recorded.position,
                stream: recorded.stream,
                version: recorded.version,
                recorded_at: recorded.recorded_at,
                actor: recorded.actor,
                correlation: recorded.correlation,
                payload: recorded.payload,
                event,
            }),
            Err(error) => self.undecodable.push(Undecodable {
                position: recorded.position,
                wire_type: recorded.wire_type,
                reason: error.to_string(),
            }),
        }
    }

    /// What `projection` has to fold beyond `after`, up to the first event that it would read and that cannot be decoded.
    pub(crate) fn beyond(&self, after: Position, projection: &dyn Projection) -> (&[Fact], Option<&Undecodable>) {
        let stop = self.undecodable.iter().find(|event| event.position > after && projection.reads(&event.wire_type));
        let from = self.facts.partition_point(|fact| fact.position <= after);
        let to = stop.map_or(self.facts.len(), |stop| self.facts.partition_point(|fact| fact.position < stop.position));
        (&self.facts[from..to.max(from)], stop)
    }

    /// How many events of each type that this program can read.
    pub(crate) fn types(&self) -> HashMap<&'static str, u64> {
        let mut types = HashMap::new();
        for fact in &self.facts {
            *types.entry(fact.event.wire_type()).or_default() += 1;
        }
        types
    }

    pub(crate) fn len(&self) -> usize {
        self.facts.len() + self.undecodable.len()
    }
}
