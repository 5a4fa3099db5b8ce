//! Since when an execution waits for the log, for whoever waits for the execution.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// Shared by the recorder, which sets it, and a caller, who looks at it. Microseconds since 1970; 0 while nothing is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writing(Arc<AtomicI64>);

impl Writing {
    /// An append begins.
    pub(super) fn begin(&self, now: Timestamp) {
        self.0.store(now.as_microsecond().max(1), Ordering::Relaxed);
    }

    /// It was answered.
    pub(super) fn end(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Whether an append has been under way for that long.
    pub(crate) fn lasts(&self, patience: Duration, now: Timestamp) -> bool {
        let since = self.0.load(Ordering::Relaxed);
        let waited = u64::try_from(now.as_microsecond().saturating_sub(since)).unwrap_or_default();
        since != 0 && Duration::from_micros(waited) >= patience
    }
}
