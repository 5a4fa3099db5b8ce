//! Pulls events, feeds projections, keeps checkpoints, rebuilds.
//!
//! A *pass* takes what one tenant's log holds beyond the tenant's checkpoints, folds it into every projection and moves the
//! checkpoints, all in one transaction: killed at any moment, nothing is lost and nothing is folded twice. The row lock on the
//! checkpoint keeps other processes out. Wake-ups come from [`Log::watch`](weft_event_log::Log::watch); a slow poll makes a
//! lost one cost only latency. Tenants take turns; a pass is bounded, so that none holds the others up.
//!
//! This crate must not know what the projections read or write, GraphQL, or the engine. A new projection is a folder of
//! `projections/` and a line of its `all()`; nothing changes here.

mod batch;
mod checkpoint;
mod fault;
mod pass;
mod queue;
mod rebuild;
mod run;
mod waiting;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use weft_event_log::Log;
use weft_projections::Projection;
use weft_scope::{Scope, SystemPool};

pub use fault::ProjectorFault;
pub use pass::Pass;
pub use rebuild::{Rebuild, Rebuilt};
pub use waiting::folded_in;

use queue::Queue;
use waiting::Progress;

/// How the projector works.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The most events in one pass.
    pub batch: usize,
    /// How long a tenant rests between two passes, so that a busy log is folded in few large batches.
    pub pause: Duration,
    /// How often lost wake-ups are looked for.
    pub poll: Duration,
    /// How many tenants are folded at once.
    pub workers: usize,
    /// The longest that [`Projector::at_least`] waits.
    pub patience: Duration,
    /// How long a retired generation stays for readers that are still at it.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            batch: 4096,
            pause: Duration::from_millis(50),
            poll: Duration::from_secs(5),
            workers: 2,
            patience: Duration::from_millis(1500),
            grace: Duration::from_secs(2),
        }
    }
}

/// Feeds every projection of every tenant. Cheap to clone.
#[derive(Clone)]
pub struct Projector {
    inner: Arc<Inner>,
}

struct Inner {
    log: Arc<dyn Log>,
    scope: Scope,
    system: Option<SystemPool>,
    projections: Vec<Box<dyn Projection>>,
    options: Options,
    queue: Queue,
    progress: Progress,
}

impl Projector {
    /// A projector over every projection. Without a `system` pool lost wake-ups are not looked for (a log in memory loses none).
    pub fn new(log: Arc<dyn Log>, scope: Scope, system: Option<SystemPool>, options: Options) -> Self {
        Self::with(log, scope, system, options, weft_projections::all())
    }

    /// A projector over these projections alone.
    pub fn with(
        log: Arc<dyn Log>,
        scope: Scope,
        system: Option<SystemPool>,
        options: Options,
        projections: Vec<Box<dyn Projection>>,
    ) -> Self {
        let (queue, progress) = (Queue::default(), Progress::default());
        Self { inner: Arc::new(Inner { log, scope, system, projections, options, queue, progress }) }
    }
}
