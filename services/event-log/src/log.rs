//! The ports.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::broadcast;
use uuid::Uuid;
use weft_model::{HookId, PayloadId, Position, StreamId, StreamVersion, TenantId, TimerId, WorkerId, WorkflowId};

use crate::{
    AppendError, AppendRequest, Appended, Committed, LogFault, Orphan, Payload, Recorded, RouteMatch, Seen,
    SlotRequest, StaticEntry, Timer,
};

/// Each tenant's log.
#[async_trait]
pub trait Log: Send + Sync + 'static {
    /// Appends one caller's events. When this returns `Ok`, they are durable and so is everything before them.
    async fn append(&self, request: AppendRequest) -> Result<Appended, AppendError>;

    /// A stream's events after a version, oldest first.
    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<Vec<Recorded>, LogFault>;

    /// The tenant's events after a position, oldest first. Polling with the last position seen never misses one.
    async fn read(&self, tenant: TenantId, after: Position, limit: usize) -> Result<Vec<Recorded>, LogFault>;

    /// The items of one append; `None` once they have expired.
    async fn read_payload(&self, tenant: TenantId, payload: PayloadId) -> Result<Option<Payload>, LogFault>;

    /// The tenant's last position; 0 for a tenant without events.
    async fn head(&self, tenant: TenantId) -> Result<Position, LogFault>;

    /// Every growth of every log from now on, of this process and of others. Heads of one tenant may be skipped, never
    /// repeated and never out of order; a receiver that lags reads on from its own last position.
    fn watch(&self) -> broadcast::Receiver<Committed>;
}

/// What the platform asks across tenants, and what must be read with the log rather than from a projection.
#[async_trait]
pub trait SystemLog: Log + Seen {
    /// Timers that are due at `now`, earliest first. What was given out is not given out again for `lease`, so that several
    /// processes share the work; only [`FireTimer`](crate::Companion::FireTimer) decides who fires.
    async fn due_timers(&self, now: Timestamp, lease: Duration, limit: usize) -> Result<Vec<DueTimer>, LogFault>;

    /// When the next timer of any tenant is due.
    async fn next_timer(&self) -> Result<Option<Timestamp>, LogFault>;

    /// A stream's timers.
    async fn timers(&self, tenant: TenantId, stream: StreamId) -> Result<Vec<Timer>, LogFault>;

    /// Takes away a timer that nothing answers to any longer and tells whether it was still there at that moment: one that
    /// was fired, moved or cleared meanwhile stays as it is. No event says this, since nothing happened to the tenant.
    async fn discard_timer(&self, tenant: TenantId, timer: TimerId, due_at: Timestamp) -> Result<bool, LogFault>;

    /// Keeps a timer that was due from being given out until `until`, or gives it back at once with a moment that has passed. Tells
    /// whether it was still there and due at that moment. Nobody is kept from firing it.
    async fn hold_timer(
        &self,
        tenant: TenantId,
        timer: TimerId,
        due_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LogFault>;

    /// Moves a timer that was due at `due_at` to what `to` says, its data included, and tells whether it was still there at that
    /// moment: of two that move it, one does. No event says this, since nothing happened to the tenant. Its data is bounded as in
    /// an append, by [`MAX_TIMER_DATA`](crate::MAX_TIMER_DATA).
    async fn move_timer(&self, tenant: TenantId, due_at: Timestamp, to: &Timer) -> Result<bool, LogFault>;

    /// Says that a worker process is alive.
    async fn heartbeat(&self, worker: WorkerId) -> Result<(), LogFault>;

    /// Says that a worker process ends: what it still drives is an orphan at once.
    async fn retire(&self, worker: WorkerId) -> Result<(), LogFault>;

    /// Open executions whose worker has been silent for that long, by the database's clock. Whoever wants one appends its
    /// adoption with the stream's exact version and [`OpenExecution`](crate::Companion::OpenExecution).
    async fn orphaned_executions(&self, silent_for: Duration, limit: usize) -> Result<Vec<Orphan>, LogFault>;

    /// How many executions of a tenant are open.
    async fn open_executions(&self, tenant: TenantId) -> Result<u64, LogFault>;

    /// The routes of a hook, test routes included.
    async fn trigger_routes(&self, tenant: TenantId, hook: HookId) -> Result<Vec<RouteMatch>, LogFault>;

    /// Who holds a name.
    async fn name_owner(&self, tenant: TenantId, scope: &str, name: &str) -> Result<Option<Uuid>, LogFault>;

    /// What a counter holds.
    async fn usage(&self, tenant: TenantId, counter: &str) -> Result<i64, LogFault>;

    /// What the code of a workflow keeps for its next executions, in no order.
    async fn static_data(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Vec<StaticEntry>, LogFault>;

    /// Whether an execution may progress beside the others of its workflow and of its tenant; it asks again later otherwise. It holds the slot as
    /// long as it is open.
    async fn take_slot(&self, tenant: TenantId, asked: SlotRequest) -> Result<bool, LogFault>;

    /// Whether the log can take an append now.
    async fn ping(&self) -> Result<(), LogFault>;
}

/// A timer that is due, with its tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTimer {
    /// Whose timer.
    pub tenant: TenantId,
    /// The timer.
    pub timer: Timer,
}
