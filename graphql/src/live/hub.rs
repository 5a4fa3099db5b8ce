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
/// A lost wake-up costs no more than this. Followers are told as often how far the log was read, so that one who is behind
/// notices.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Events that were recorded one after the other; none of them where only the place in the log is told.
#[derive(Default)]
pub(crate) struct Batch {
    /// The position before the first.
    pub after: Position,
    /// The position of the last.
    pub end: Position,
    /// The events that this program can decode.
    pub events: Vec<Arc<Told>>,
    /// The executions that changed, looked up by the first subscriber that wants them.
    pub changed: OnceCell<Looked>,
}

impl Batch {
    pub(crate) fn new(after: Position, end: Position, events: Vec<Arc<LiveEvent>>) -> Self {
        Self { after, end, events: told(events), changed: OnceCell::new() }
    }

    /// That the log was read up to here: whoever is behind has missed something.
    fn place(at: Position) -> Self {
        Self { after: at, end: at, ..Self::default() }
    }
}

/// What became of looking up the executions of a batch.
#[derive(Clone)]
pub(crate) enum Looked {
    /// They are as new as the batch.
    Found(Arc<Vec<Changed>>),
    /// The read side is far behind; no subscriber of this batch waits for it again.
    Late,
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
fn told(events: Vec<Arc<LiveEvent>>) -> Vec<Arc<Told>> {
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
        let is_quiet = !wait_for_growth(&mut growth, tenant, cursor).await;
        if let Some(cursor) = cursor.filter(|_| is_quiet) {
            tell(&sender, Batch::place(cursor));
        }
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
        None => begin(events, tenant, cursor, sender).await?,
    };
    let (read, end) = events.read(tenant, after, BATCH).await?;
    *cursor = Some(end);
    if end <= after {
        return Ok(false);
    }
    let is_full = end.0 - after.0 >= BATCH as u64;
    tell(sender, Batch::new(after, end, read));
    Ok(is_full)
}

/// Begins with what comes after the head, and says so. Subscribers read the log themselves before they listen; what was recorded
/// after that and before the head was asked for would otherwise reach nobody.
async fn begin(
    events: &dyn Events,
    tenant: TenantId,
    cursor: &mut Option<Position>,
    sender: &broadcast::Sender<Arc<Batch>>,
) -> Result<Position, crate::ports::Fault> {
    let head = events.head(tenant).await?;
    *cursor = Some(head);
    tell(sender, Batch::place(head));
    Ok(head)
}

/// Nobody listening is noticed by the loop above.
fn tell(sender: &broadcast::Sender<Arc<Batch>>, batch: Batch) {
    let _ = sender.send(Arc::new(batch));
}

/// Whether the log grew, or may have; after a while of silence it did not.
async fn wait_for_growth(
    growth: &mut broadcast::Receiver<crate::ports::Grown>,
    tenant: TenantId,
    cursor: Option<Position>,
) -> bool {
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
    tokio::time::timeout(LOOK_AGAIN, grown).await.is_ok()
}
