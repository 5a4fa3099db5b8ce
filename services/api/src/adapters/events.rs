//! The log as subscriptions, item pages and freshness see it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::broadcast;
use weft_engine::{StepFiles, StoredChunk};
use weft_event_log::{Files, Log, Recorded};
use weft_graphql::ports::{Chunk, Events, Fault, Freshness, Grown, LiveEvent, Parts, Payloads};
use weft_model::{PayloadId, Position, StreamId, StreamVersion, TenantId};
use weft_projector::Projector;
use weft_tenants::RequestContext;

use super::faults;

/// How many wake-ups a slow subscriber may be behind; it reads on from its own position, so nothing is lost.
const WAKE_UPS: usize = 1_024;
/// How many of a tenant's newest events are kept decoded, so that many subscribers read one event once.
const RECENT: usize = 4_096;

/// Events of the log, decoded once for all subscribers.
pub struct LogEvents {
    log: Arc<dyn Log>,
    growth: broadcast::Sender<Grown>,
    recent: Mutex<Recent>,
}

/// The newest events of the tenant that was read last: subscribers of one busy tenant share them.
#[derive(Default)]
struct Recent {
    tenant: Option<TenantId>,
    events: VecDeque<Arc<LiveEvent>>,
    /// The positions that the window covers: everything after `after` up to `end`.
    after: Position,
    end: Position,
}

impl LogEvents {
    /// Follows `log` for as long as this value lives.
    pub fn follow(log: Arc<dyn Log>) -> Arc<Self> {
        let (growth, _) = broadcast::channel(WAKE_UPS);
        let events = Arc::new(Self { log, growth: growth.clone(), recent: Mutex::default() });
        let mut commits = events.log.watch();
        let alive = Arc::downgrade(&events);
        tokio::spawn(async move {
            loop {
                match commits.recv().await {
                    // Nobody listening is not an error.
                    Ok(commit) => drop(growth.send(Grown { tenant: commit.tenant, head: commit.head })),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return,
                }
                if alive.strong_count() == 0 {
                    return;
                }
            }
        });
        events
    }

    fn recently_read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Option<(Vec<Arc<LiveEvent>>, Position)> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.tenant != Some(tenant) || after < recent.after || after >= recent.end {
            return None;
        }
        let start = recent.events.partition_point(|event| event.position <= after);
        let events: Vec<_> = recent.events.iter().skip(start).take(limit).cloned().collect();
        let read_to = if events.len() == limit { events.last().map_or(recent.end, |e| e.position) } else { recent.end };
        Some((events, read_to))
    }

    fn remember(&self, tenant: TenantId, after: Position, read_to: Position, events: &[Arc<LiveEvent>]) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.tenant == Some(tenant) && read_to <= recent.end {
            recent.begin_earlier(after, read_to, events);
            return;
        }
        if recent.tenant != Some(tenant) || recent.end != after {
            *recent = Recent { tenant: Some(tenant), after, end: after, events: VecDeque::new() };
        }
        recent.events.extend(events.iter().cloned());
        recent.end = read_to;
        recent.forget_oldest();
    }
}

impl Recent {
    /// Keeps what lies right before the window as well: clients that come back after a restart all begin there. A read of what is
    /// long past leaves the window as it is, or one slow subscriber would take the newest events from all others.
    fn begin_earlier(&mut self, after: Position, read_to: Position, events: &[Arc<LiveEvent>]) {
        if after >= self.after || read_to < self.after {
            return;
        }
        for event in events.iter().rev().filter(|event| event.position <= self.after) {
            self.events.push_front(Arc::clone(event));
        }
        self.after = after;
        self.forget_oldest();
    }

    fn forget_oldest(&mut self) {
        while self.events.len() > RECENT {
            if let Some(gone) = self.events.pop_front() {
                self.after = gone.position;
            }
        }
    }
}

/// The event, where this program knows its shape.
fn decoded(recorded: &Recorded) -> Option<Arc<LiveEvent>> {
    let event = match recorded.event() {
        Ok(event) => event,
        Err(error) => {
            tracing::error!(
                tenant.id = %recorded.tenant, log.position = recorded.position.0, %error,
                "An event cannot be decoded; subscribers do not see it."
            );
            return None;
        }
    };
    Some(Arc::new(LiveEvent {
        position: recorded.position,
        stream: recorded.stream,
        version: recorded.version,
        at: recorded.recorded_at,
        actor: recorded.actor,
        event,
    }))
}

#[async_trait]
impl Events for LogEvents {
    async fn read(
        &self,
        tenant: TenantId,
        after: Position,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, Position), Fault> {
        if let Some(known) = self.recently_read(tenant, after, limit) {
            return Ok(known);
        }
        let recorded = self.log.read(tenant, after, limit).await.map_err(faults::log)?;
        let read_to = recorded.last().map_or(after, |last| last.position);
        let events: Vec<_> = recorded.iter().filter_map(decoded).collect();
        self.remember(tenant, after, read_to, &events);
        Ok((events, read_to))
    }

    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<(Vec<Arc<LiveEvent>>, StreamVersion), Fault> {
        let recorded = self.log.read_stream(tenant, stream, after, limit).await.map_err(faults::log)?;
        let read_to = recorded.last().map_or(after, |last| last.version);
        Ok((recorded.iter().filter_map(decoded).collect(), read_to))
    }

    async fn head(&self, tenant: TenantId) -> Result<Position, Fault> {
        self.log.head(tenant).await.map_err(faults::log)
    }

    fn growth(&self) -> broadcast::Receiver<Grown> {
        self.growth.subscribe()
    }
}

/// The items that flowed, from the log's payloads.
pub struct LogPayloads {
    /// Where payloads are.
    pub log: Arc<dyn Log>,
    /// Where long lists are.
    pub files: Arc<dyn Files>,
}

#[async_trait]
impl Payloads for LogPayloads {
    async fn payload(&self, context: &RequestContext, payload: PayloadId) -> Result<Option<Parts>, Fault> {
        let payload = self.log.read_payload(context.tenant, payload).await.map_err(faults::log)?;
        Ok(payload.map(|payload| Arc::new(payload.0)))
    }

    async fn chunk(&self, context: &RequestContext, chunk: &Chunk) -> Result<Option<Bytes>, Fault> {
        let Chunk { key, count, bytes } = chunk.clone();
        let files = StepFiles::new(context.tenant, Some(Arc::clone(&self.files)));
        match files.chunk(&StoredChunk { key, count, bytes }).await {
            Ok(json) => Ok(Some(json.into())),
            Err(error) if error.code == "items_gone" => Ok(None),
            Err(error) => Err(Fault::Internal(Box::new(error))),
        }
    }
}

/// How far the projector is.
pub struct ProjectorFreshness(pub Projector);

#[async_trait]
impl Freshness for ProjectorFreshness {
    async fn at_least(&self, tenant: TenantId, position: Position) -> Result<bool, Fault> {
        self.0.at_least(tenant, position).await.map_err(|fault| Fault::Internal(Box::new(fault)))
    }
}

#[cfg(test)]
mod tests {
    use weft_event_log::MemoryLog;
    use weft_model::workflow::WorkflowEvent;
    use weft_model::{Actor, Event};

    use super::*;

    fn events(positions: std::ops::RangeInclusive<u64>) -> Vec<Arc<LiveEvent>> {
        let event = |position| LiveEvent {
            position: Position(position),
            stream: StreamId(uuid::Uuid::nil()),
            version: StreamVersion(1),
            at: jiff::Timestamp::UNIX_EPOCH,
            actor: Actor::System,
            event: Event::Workflow(WorkflowEvent::Archived {}),
        };
        positions.map(|position| Arc::new(event(position))).collect()
    }

    #[tokio::test]
    async fn the_window_of_newest_events_grows_to_both_sides_and_is_not_taken_by_old_ones() {
        let log = LogEvents::follow(Arc::new(MemoryLog::default()));
        let tenant = TenantId(uuid::Uuid::nil());
        let known = |after| log.recently_read(tenant, Position(after), 100).map(|(events, end)| (events.len(), end.0));
        log.remember(tenant, Position(100), Position(110), &events(101..=110));
        log.remember(tenant, Position(110), Position(115), &events(111..=115));
        assert_eq!((known(99), known(104), known(115)), (None, Some((11, 115)), None));
        log.remember(tenant, Position(10), Position(20), &events(11..=20));
        assert_eq!((known(15), known(104)), (None, Some((11, 115))));
        log.remember(tenant, Position(90), Position(115), &events(91..=115));
        assert_eq!((known(90), known(104)), (Some((25, 115)), Some((11, 115))));
    }
}
