//! The log in memory: for tests and for `weft execute`. Nothing outlives the process.

mod companions;
mod seen;
mod slots;
mod tenant;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::broadcast;
use uuid::Uuid;
use weft_model::{HookId, PayloadId, Position, StreamId, StreamVersion, TenantId, TimerId, WorkerId, WorkflowId};

use crate::validate::{validate, validate_timer};
use crate::{
    AppendError, AppendRequest, Appended, Committed, DueTimer, Log, LogFault, Orphan, Payload, Recorded, RouteMatch,
    SlotRequest, StaticEntry, SystemLog, Timer,
};
use companions::Companions;
use tenant::TenantLog;

/// How many heads a receiver of [`Log::watch`] may lag behind before it must read on from its own last position.
pub(crate) const WATCH_CAPACITY: usize = 4096;

/// Gives the time; the database's clock of this log.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A log that forgets. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct MemoryLog {
    state: Arc<Mutex<State>>,
    commits: broadcast::Sender<Committed>,
    clock: Clock,
}

#[derive(Default)]
struct State {
    tenants: HashMap<TenantId, TenantLog>,
    workers: HashMap<WorkerId, Timestamp>,
}

impl Default for MemoryLog {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryLog {
    /// An empty log on the machine's clock.
    #[expect(clippy::disallowed_methods, reason = "this log is its own database, whose clock this is")]
    pub fn new() -> Self {
        Self::with_clock(Arc::new(Timestamp::now))
    }

    /// An empty log on another clock.
    pub fn with_clock(clock: Clock) -> Self {
        Self { state: Arc::default(), commits: broadcast::channel(WATCH_CAPACITY).0, clock }
    }

    /// Every change to the state is complete before anything can panic, so a poisoned lock holds a sound state.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of<T>(&self, tenant: TenantId, read: impl FnOnce(&TenantLog) -> T) -> T
    where
        T: Default,
    {
        self.state().tenants.get(&tenant).map(read).unwrap_or_default()
    }
}

/// PostgreSQL keeps microseconds; so that both logs give back the same.
pub(crate) fn to_microseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

#[async_trait]
impl Log for MemoryLog {
    async fn append(&self, request: AppendRequest) -> Result<Appended, AppendError> {
        validate(&request)?;
        let now = to_microseconds((self.clock)());
        let mut state = self.state();
        let log = state.tenants.entry(request.tenant).or_default();
        let tenant = request.tenant;
        let appended = log.append(request, now)?;
        // Sent under the lock, so that watchers see heads in order. There need not be any watcher.
        let _ = self.commits.send(Committed { tenant, head: appended.last });
        Ok(appended)
    }

    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<Vec<Recorded>, LogFault> {
        Ok(self.of(tenant, |log| log.read_stream(stream, after, limit)))
    }

    async fn read(&self, tenant: TenantId, after: Position, limit: usize) -> Result<Vec<Recorded>, LogFault> {
        Ok(self.of(tenant, |log| log.read(after, limit)))
    }

    async fn read_payload(&self, tenant: TenantId, payload: PayloadId) -> Result<Option<Payload>, LogFault> {
        Ok(self.of(tenant, |log| log.payload(payload)))
    }

    async fn head(&self, tenant: TenantId) -> Result<Position, LogFault> {
        Ok(self.of(tenant, TenantLog::head))
    }

    fn watch(&self) -> broadcast::Receiver<Committed> {
        self.commits.subscribe()
    }
}

#[async_trait]
impl SystemLog for MemoryLog {
    async fn due_timers(&self, now: Timestamp, lease: Duration, limit: usize) -> Result<Vec<DueTimer>, LogFault> {
        let mut state = self.state();
        let mut due: Vec<_> = state
            .tenants
            .iter_mut()
            .flat_map(|(tenant, log)| log.companions.due_timers(now).map(|held| (*tenant, held)))
            .collect();
        due.sort_by_key(|(tenant, held)| (held.timer.due_at, *tenant, held.timer.id));
        due.truncate(limit);
        let lease = SignedDuration::try_from(lease).unwrap_or(SignedDuration::MAX);
        for (_, held) in &mut due {
            held.claimed_until = now.saturating_add(lease).ok();
        }
        Ok(due.into_iter().map(|(tenant, held)| DueTimer { tenant, timer: held.timer.clone() }).collect())
    }

    async fn next_timer(&self) -> Result<Option<Timestamp>, LogFault> {
        Ok(self.state().tenants.values().filter_map(|log| log.companions.next_timer()).min())
    }

    async fn timers(&self, tenant: TenantId, stream: StreamId) -> Result<Vec<Timer>, LogFault> {
        Ok(self.of(tenant, |log| log.companions.timers_of(stream)))
    }

    async fn discard_timer(&self, tenant: TenantId, timer: TimerId, due_at: Timestamp) -> Result<bool, LogFault> {
        let mut state = self.state();
        Ok(state.tenants.get_mut(&tenant).is_some_and(|log| log.companions.discard_timer(timer, due_at)))
    }

    async fn hold_timer(
        &self,
        tenant: TenantId,
        timer: TimerId,
        due_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LogFault> {
        let mut state = self.state();
        Ok(state.tenants.get_mut(&tenant).is_some_and(|log| log.companions.hold_timer(timer, due_at, until)))
    }

    async fn move_timer(&self, tenant: TenantId, due_at: Timestamp, to: &Timer) -> Result<bool, LogFault> {
        validate_timer(to)?;
        let mut state = self.state();
        Ok(state.tenants.get_mut(&tenant).is_some_and(|log| log.companions.move_timer(due_at, to)))
    }

    async fn heartbeat(&self, worker: WorkerId) -> Result<(), LogFault> {
        let now = (self.clock)();
        self.state().workers.insert(worker, now);
        Ok(())
    }

    async fn retire(&self, worker: WorkerId) -> Result<(), LogFault> {
        self.state().workers.remove(&worker);
        Ok(())
    }

    async fn orphaned_executions(&self, silent_for: Duration, limit: usize) -> Result<Vec<Orphan>, LogFault> {
        let silent_for = SignedDuration::try_from(silent_for).unwrap_or(SignedDuration::MAX);
        let alive_since = (self.clock)().saturating_sub(silent_for).unwrap_or(Timestamp::MIN);
        let state = self.state();
        let is_dead = |worker: &WorkerId| state.workers.get(worker).is_none_or(|beat| *beat <= alive_since);
        let orphans = state.tenants.iter().flat_map(|(tenant, log)| {
            log.companions.open.values().map(|execution| Orphan { tenant: *tenant, execution: *execution })
        });
        Ok(orphans.filter(|orphan| is_dead(&orphan.execution.worker)).take(limit).collect())
    }

    async fn open_executions(&self, tenant: TenantId) -> Result<u64, LogFault> {
        Ok(self.of(tenant, |log| log.companions.open.len() as u64))
    }

    async fn trigger_routes(&self, tenant: TenantId, hook: HookId) -> Result<Vec<RouteMatch>, LogFault> {
        Ok(self.of(tenant, |log| log.companions.routes_of(hook)))
    }

    async fn name_owner(&self, tenant: TenantId, scope: &str, name: &str) -> Result<Option<Uuid>, LogFault> {
        Ok(self.of(tenant, |log| log.companions.name_owner(scope, name)))
    }

    async fn usage(&self, tenant: TenantId, counter: &str) -> Result<i64, LogFault> {
        Ok(self.of(tenant, |log| log.companions.usage(counter)))
    }

    async fn static_data(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Vec<StaticEntry>, LogFault> {
        Ok(self.of(tenant, |log| log.companions.static_data(workflow)))
    }

    async fn take_slot(&self, tenant: TenantId, asked: SlotRequest) -> Result<bool, LogFault> {
        let mut state = self.state();
        let Companions { slots, open, .. } = &mut state.tenants.entry(tenant).or_default().companions;
        Ok(slots.take(asked, |execution| open.contains_key(&execution)))
    }

    async fn ping(&self) -> Result<(), LogFault> {
        Ok(())
    }
}
