//! One reader of each tenant's log for all of the tenant's subscribers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, broadcast};
use tracing::warn;
use weft_model::{Position, TenantId};
use weft_projections::executions::ExecutionRow;

use super::ExecutionEvent;
use crate::ports::{Events, LiveEvent};

/// How many batches a subscriber may be behind before it reads the log itself again.
const BEHIND: usize = 256;
/// Events in one batch.
pub(crate) const BATCH: usize = 500;
/// A lost wake-up costs no more than this.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Events that were recorded one after the other.
#[derive(Default)]
pub(crate) struct Batch {
    /// The position before the first.
    pub after: Position,
    /// The position of the last.
    pub end: Position,
    /// The events that this program can decode.
    pub events: Vec<Arc<Told>>,
    /// The executions that changed, looked up by the first subscriber that wants them.
    pub changed: OnceCell<Arc<Vec<Changed>>>,
}

/// An event, and what clients see of it: made once, by the first subscriber that is told of it.
pub(crate) struct Told {
    pub live: Arc<LiveEvent>,
    seen: OnceLock<Option<Arc<ExecutionEvent>>>,
}

impl Told {
    /// The event as an execution's subscribers see it; nothing where it is of no execution.
    pub(crate) fn execution_event(&self) -> Option<Arc<ExecutionEvent>> {
        self.seen.get_or_init(|| ExecutionEvent::of(&self.live).map(Arc::new)).clone()
    }
}

impl From<Arc<LiveEvent>> for Told {
    fn from(live: Arc<LiveEvent>) -> Self {
        Self { live, seen: OnceLock::new() }
    }
}

/// Each event of a page, ready to be told.
pub(crate) fn told(events: Vec<Arc<LiveEvent>>) -> Vec<Arc<Told>> {
    events.into_iter().map(|event| Arc::new(Told::from(event))).collect()
}

/// An execution that changed.
pub(crate) struct Changed {
    /// The newest of its events in the batch.
    pub position: Position,
    /// Its row, at least as new.
    pub row: ExecutionRow,
}

/// The tenants that are being watched.
#[derive(Default)]
pub(crate) struct Hubs {
    tenants: Mutex<HashMap<TenantId, broadcast::Sender<Arc<Batch>>>>,
}

impl Hubs {
    /// Everything that is recorded from about now on. Whoever subscribes first and reads the log after that has no gap.
    pub(crate) fn subscribe(
        self: &Arc<Self>,
        events: &Arc<dyn Events>,
        tenant: TenantId,
    ) -> broadcast::Receiver<Arc<Batch>> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = tenants.get(&tenant) {
            return sender.subscribe();
        }
        let (sender, receiver) = broadcast::channel(BEHIND);
        tenants.insert(tenant, sender.clone());
        tokio::spawn(watch(Arc::clone(self), Arc::clone(events), tenant, sender));
        receiver
    }

    /// Ends the watch when nobody listens. Under the lock, so that nobody subscribes to a watch that ends.
    fn end_unless_watched(&self, tenant: TenantId, sender: &broadcast::Sender<Arc<Batch>>) -> bool {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = sender.receiver_count() == 0;
        if is_over {
            tenants.remove(&tenant);
        }
        is_over
    }
}

/// Reads the tenant's log as it grows, as long as anybody listens.
async fn watch(hubs: Arc<Hubs>, events: Arc<dyn Events>, tenant: TenantId, sender: broadcast::Sender<Arc<Batch>>) {
    let mut growth = events.growth();
    let mut cursor = None;
    loop {
        if hubs.end_unless_watched(tenant, &sender) {
            return;
        }
        match advance(&*events, tenant, &mut cursor, &sender).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(fault) => {
                warn!(tenant.id = %tenant, error = &fault as &dyn std::error::Error, "Subscribers wait: the log cannot be read");
            }
        }
        wait_for_growth(&mut growth, tenant, cursor).await;
    }
}

/// Reads and sends one batch. Whether there may be more.
async fn advance(
    events: &dyn Events,
    tenant: TenantId,
    cursor: &mut Option<Position>,
    sender: &broadcast::Sender<Arc<Batch>>,
) -> Result<bool, crate::ports::Fault> {
    let after = match *cursor {
        Some(after) => after,
        None => events.head(tenant).await?,
    };
    let (read, end) = events.read(tenant, after, BATCH).await?;
    *cursor = Some(end);
    if end <= after {
        return Ok(false);
    }
    let is_full = end.0 - after.0 >= BATCH as u64;
    // Nobody listening is noticed by the caller.
    let _ = sender.send(Arc::new(Batch { after, end, events: told(read), changed: OnceCell::new() }));
    Ok(is_full)
}

async fn wait_for_growth(
    growth: &mut broadcast::Receiver<crate::ports::Grown>,
    tenant: TenantId,
    cursor: Option<Position>,
) {
    let grown = async {
        loop {
            match growth.recv().await {
                Ok(grown) if grown.tenant == tenant && cursor.is_none_or(|cursor| grown.head > cursor) => return,
                Ok(_) => {}
                // Something may have been about this tenant.
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    };
    let _ = tokio::time::timeout(LOOK_AGAIN, grown).await;
}
