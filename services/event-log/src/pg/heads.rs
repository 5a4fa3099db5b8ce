//! The heads that this process knows, and who wants to hear of them.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast;
use weft_model::{Position, TenantId};

use crate::Committed;
use crate::memory::WATCH_CAPACITY;

pub(super) struct Heads {
    known: Mutex<HashMap<TenantId, Position>>,
    watchers: broadcast::Sender<Committed>,
}

impl Heads {
    pub(super) fn new() -> Self {
        Self { known: Mutex::default(), watchers: broadcast::channel(WATCH_CAPACITY).0 }
    }

    /// Tells watchers, unless they know: the same head arrives from the writer, from the bus and from the poll.
    pub(super) fn advance(&self, committed: Committed) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let head = known.entry(committed.tenant).or_default();
        if committed.head > *head {
            *head = committed.head;
            // Sent under the lock, so that a tenant's heads arrive in order. There need not be any watcher.
            let _ = self.watchers.send(committed);
        }
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Committed> {
        self.watchers.subscribe()
    }
}
