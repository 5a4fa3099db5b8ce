//! The right to progress now. There are only so many; whoever merely waits gives its own back.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// An execution's turn; the default one may always progress.
#[derive(Default)]
pub(crate) struct Turn {
    turns: Option<Arc<Semaphore>>,
    held: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// One of `turns`, not taken yet.
    pub(crate) fn of(turns: Arc<Semaphore>) -> Self {
        Self { turns: Some(turns), held: None }
    }

    /// Waits until it is this one's turn.
    pub(crate) async fn take(&mut self) {
        if let (Some(turns), None) = (&self.turns, &self.held) {
            // Closed only when the process ends.
            self.held = Arc::clone(turns).acquire_owned().await.ok();
        }
    }

    /// Somebody else may progress.
    pub(crate) fn give_back(&mut self) {
        self.held = None;
    }
}
