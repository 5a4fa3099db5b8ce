//! How many executions are taken on: so many progress, so many wait for their turn, the next one is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use weft_model::Priority;

use crate::execution::{Turn, Turns};

pub(super) struct Admission {
    admitted: AtomicUsize,
    limit: usize,
    turns: Arc<Turns>,
}

/// The right to be in memory; given back when dropped.
pub(super) struct Ticket(Arc<Admission>);

impl Admission {
    pub(super) fn new(running: usize, queued: usize) -> Self {
        Self { admitted: AtomicUsize::new(0), limit: running + queued, turns: Arc::new(Turns::new(running)) }
    }

    pub(super) fn admitted(&self) -> usize {
        self.admitted.load(Ordering::Relaxed)
    }

    /// A place, or nothing when all are taken.
    pub(super) fn admit(self: &Arc<Self>) -> Option<Ticket> {
        let taken = self.admitted.fetch_add(1, Ordering::Relaxed);
        let ticket = Ticket(Arc::clone(self));
        (taken < self.limit).then_some(ticket)
    }

    /// A place even when all are taken: for what is durable already and must go on.
    pub(super) fn admit_always(self: &Arc<Self>) -> Ticket {
        self.admitted.fetch_add(1, Ordering::Relaxed);
        Ticket(Arc::clone(self))
    }
}

impl Ticket {
    /// A turn to be waited for.
    pub(super) fn turn(&self, priority: Priority) -> Turn {
        Turn::of(Arc::clone(&self.0.turns), priority)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.0.admitted.fetch_sub(1, Ordering::Relaxed);
    }
}
