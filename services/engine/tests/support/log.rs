//! A log in memory that counts, that can be cut off after so many appends, and that can fail.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::broadcast;
use uuid::Uuid;
use weft_engine::testing::FakeClock;
use weft_event_log::{
    AppendError, AppendRequest, Appended, Committed, Companion, DueTimer, Expected, Log, LogFault, MarkKind, MemoryLog,
    NewEvent, Orphan, Payload, Recorded, RouteMatch, Seen, SeenBy, SeenDigest, SeenPlace, SlotRequest, StaticEntry,
    SystemLog, Timer,
};
use weft_model::execution::ExecutionEvent;
use weft_model::workflow::WorkflowEvent;
use weft_model::{
    Actor, CorrelationId, Event, ExecutionId, HookId, NodeId, PayloadId, Position, StreamId, StreamVersion, TenantId,
    TimerId, WorkerId, WorkflowId,
};

use super::{TENANT, WORKFLOW};

/// A log in memory that counts, that can be cut off after so many appends, and that can fail.
#[derive(Clone)]
pub struct TestLog {
    pub inner: MemoryLog,
    pub appends: Arc<AtomicUsize>,
    pub payloads: Arc<AtomicUsize>,
    /// How many bytes of events and items were recorded.
    pub bytes: Arc<AtomicUsize>,
    /// After so many appends, the log is gone for whoever uses this handle.
    pub cut: Arc<AtomicUsize>,
    /// What the next appends fail with. One that is in doubt is recorded nevertheless, unless that is lost too.
    pub faults: Arc<Mutex<VecDeque<AppendError>>>,
    pub loses_doubtful: Arc<AtomicBool>,
    /// So many reads of streams fail.
    pub read_faults: Arc<AtomicUsize>,
    /// How often streams were read.
    pub reads: Arc<AtomicUsize>,
    /// How often payloads were read.
    pub payload_reads: Arc<AtomicUsize>,
    /// Payloads cannot be read: the database is away for whoever wants one.
    pub payloads_away: Arc<AtomicBool>,
    /// Until when each payload is kept.
    pub kept_until: Arc<Mutex<Vec<Timestamp>>>,
    /// How often a process said that it is alive.
    pub beats: Arc<AtomicUsize>,
    /// Nobody is ever told of orphans.
    pub orphans_hang: Arc<AtomicBool>,
    /// Nobody is ever told of due timers.
    pub timers_hang: Arc<AtomicBool>,
    /// Due timers are given to whoever asks, as if every lease had just ended.
    pub without_leases: Arc<AtomicBool>,
}

impl TestLog {
    pub fn new(clock: &FakeClock) -> Self {
        let clock = clock.clone();
        let inner = MemoryLog::with_clock(Arc::new(move || weft_engine::Clock::now(&clock)));
        Self::over(inner)
    }

    pub fn over(inner: MemoryLog) -> Self {
        Self {
            inner,
            appends: Arc::default(),
            payloads: Arc::default(),
            bytes: Arc::default(),
            cut: Arc::new(AtomicUsize::new(usize::MAX)),
            faults: Arc::default(),
            loses_doubtful: Arc::default(),
            read_faults: Arc::default(),
            reads: Arc::default(),
            payload_reads: Arc::default(),
            payloads_away: Arc::default(),
            kept_until: Arc::default(),
            beats: Arc::default(),
            orphans_hang: Arc::default(),
            timers_hang: Arc::default(),
            without_leases: Arc::default(),
        }
    }

    /// The next appends fail, one after the other.
    pub fn fail_with(&self, faults: impl IntoIterator<Item = AppendError>) {
        self.faults.lock().unwrap().extend(faults);
    }

    pub fn appends(&self) -> usize {
        self.appends.load(Ordering::SeqCst)
    }

    pub async fn events(&self, execution: ExecutionId) -> Vec<ExecutionEvent> {
        let recorded = self.inner.read_stream(TENANT, execution.into(), StreamVersion(0), 10_000).await.unwrap();
        let decode = |r: &Recorded| match Event::decode(&r.wire_type, r.wire_version, &r.body).unwrap() {
            Event::Execution(event) => event,
            other => panic!("not an execution's event: {other:?}"),
        };
        recorded.iter().map(decode).collect()
    }

    /// The short names of an execution's events.
    pub async fn names(&self, execution: ExecutionId) -> Vec<String> {
        let short = |event: &ExecutionEvent| {
            let name = event.wire_name().trim_start_matches("execution.");
            name.rsplit_once(".v").map_or(name, |(name, _)| name).to_owned()
        };
        self.events(execution).await.iter().map(short).collect()
    }

    /// Makes something true beside the stream of any execution.
    pub async fn beside(&self, tenant: TenantId, companions: Vec<Companion>) {
        let event = Event::Workflow(WorkflowEvent::Activated { number: 1 });
        let request = AppendRequest {
            tenant,
            stream: WORKFLOW.into(),
            expected: Expected::Any,
            actor: Actor::System,
            correlation: CorrelationId(Uuid::from_u128(5)),
            causation: None,
            events: vec![NewEvent::from(&event)],
            payload: None,
            companions,
        };
        self.inner.append(request).await.unwrap();
    }

    /// Every execution in the log.
    pub async fn executions(&self) -> Vec<ExecutionId> {
        let all = self.inner.read(TENANT, Position(0), 100_000).await.unwrap();
        let queued = all.iter().filter(|r| r.wire_type == "execution.queued");
        queued.map(|r| ExecutionId(r.stream.0)).collect()
    }

    /// What every step gave, as JSON, by (node, iteration).
    pub async fn outputs(&self, execution: ExecutionId) -> HashMap<(NodeId, u32), Vec<String>> {
        let recorded = self.inner.read_stream(TENANT, execution.into(), StreamVersion(0), 10_000).await.unwrap();
        let mut outputs = HashMap::new();
        for r in recorded {
            let Event::Execution(
                ExecutionEvent::StepSucceeded { step, output, .. } | ExecutionEvent::StepReused { step, output, .. },
            ) = Event::decode(&r.wire_type, r.wire_version, &r.body).unwrap()
            else {
                continue;
            };
            let payload = self.inner.read_payload(TENANT, r.payload.unwrap()).await.unwrap().unwrap();
            let text = |part: u32| String::from_utf8(payload.part(part).unwrap().to_vec()).unwrap();
            let lists = output.iter().map(|part| text(part.part)).collect();
            let before = outputs.insert((step.node, step.iteration), lists);
            assert!(before.is_none(), "a recorded step was executed again: {step:?}");
        }
        outputs
    }
}

#[async_trait]
impl Log for TestLog {
    async fn append(&self, request: AppendRequest) -> Result<Appended, AppendError> {
        let fault = self.faults.lock().unwrap().pop_front();
        if let Some(fault) = fault {
            if matches!(fault, AppendError::InDoubt) && !self.loses_doubtful.load(Ordering::SeqCst) {
                self.inner.append(request).await?;
            }
            return Err(fault);
        }
        if self.appends.fetch_add(1, Ordering::SeqCst) >= self.cut.load(Ordering::SeqCst) {
            // The process that used this handle is dead; nothing that it does counts any longer.
            std::future::pending::<()>().await;
        }
        if let Some(payload) = &request.payload {
            self.payloads.fetch_add(1, Ordering::SeqCst);
            self.kept_until.lock().unwrap().push(payload.expires_at);
        }
        let parts = request.payload.iter().flat_map(|payload| &payload.parts).map(bytes::Bytes::len);
        let bodies = request.events.iter().map(|event| event.body.len());
        self.bytes.fetch_add(parts.chain(bodies).sum(), Ordering::SeqCst);
        self.inner.append(request).await
    }

    async fn read_stream(
        &self,
        tenant: TenantId,
        stream: StreamId,
        after: StreamVersion,
        limit: usize,
    ) -> Result<Vec<Recorded>, LogFault> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        if self.read_faults.load(Ordering::SeqCst) > 0 {
            self.read_faults.fetch_sub(1, Ordering::SeqCst);
            return Err(disk());
        }
        let recorded = self.inner.read_stream(tenant, stream, after, limit).await;
        if self.without_leases.load(Ordering::SeqCst) {
            // Whoever else was given the timer reads the same before anybody appends.
            tokio::task::yield_now().await;
        }
        recorded
    }

    async fn read(&self, tenant: TenantId, after: Position, limit: usize) -> Result<Vec<Recorded>, LogFault> {
        self.inner.read(tenant, after, limit).await
    }

    async fn read_payload(&self, tenant: TenantId, payload: PayloadId) -> Result<Option<Payload>, LogFault> {
        self.payload_reads.fetch_add(1, Ordering::SeqCst);
        if self.payloads_away.load(Ordering::SeqCst) {
            return Err(LogFault::Unavailable(sqlx::Error::PoolTimedOut.into()));
        }
        self.inner.read_payload(tenant, payload).await
    }

    async fn head(&self, tenant: TenantId) -> Result<Position, LogFault> {
        self.inner.head(tenant).await
    }

    fn watch(&self) -> broadcast::Receiver<Committed> {
        self.inner.watch()
    }
}

#[async_trait]
impl SystemLog for TestLog {
    async fn due_timers(&self, now: Timestamp, lease: Duration, limit: usize) -> Result<Vec<DueTimer>, LogFault> {
        if self.timers_hang.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if !self.without_leases.load(Ordering::SeqCst) {
            return self.inner.due_timers(now, lease, limit).await;
        }
        let due = self.inner.due_timers(now, Duration::ZERO, limit).await?;
        // Whoever else asks is given the same before anybody acts on it.
        tokio::task::yield_now().await;
        Ok(due)
    }

    async fn next_timer(&self) -> Result<Option<Timestamp>, LogFault> {
        self.inner.next_timer().await
    }

    async fn timers(&self, tenant: TenantId, stream: StreamId) -> Result<Vec<Timer>, LogFault> {
        self.inner.timers(tenant, stream).await
    }

    async fn discard_timer(&self, tenant: TenantId, timer: TimerId, due_at: Timestamp) -> Result<bool, LogFault> {
        self.inner.discard_timer(tenant, timer, due_at).await
    }

    async fn hold_timer(
        &self,
        tenant: TenantId,
        timer: TimerId,
        due_at: Timestamp,
        until: Timestamp,
    ) -> Result<bool, LogFault> {
        if self.without_leases.load(Ordering::SeqCst) {
            let known = self.inner.due_timers(until, Duration::ZERO, usize::MAX).await?;
            return Ok(known.iter().any(|due| due.timer.id == timer && due.timer.due_at == due_at));
        }
        self.inner.hold_timer(tenant, timer, due_at, until).await
    }

    async fn move_timer(&self, tenant: TenantId, due_at: Timestamp, to: &Timer) -> Result<bool, LogFault> {
        self.inner.move_timer(tenant, due_at, to).await
    }

    async fn heartbeat(&self, worker: WorkerId) -> Result<(), LogFault> {
        self.beats.fetch_add(1, Ordering::SeqCst);
        self.inner.heartbeat(worker).await
    }

    async fn retire(&self, worker: WorkerId) -> Result<(), LogFault> {
        self.inner.retire(worker).await
    }

    async fn orphaned_executions(&self, silent_for: Duration, limit: usize) -> Result<Vec<Orphan>, LogFault> {
        if self.orphans_hang.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        self.inner.orphaned_executions(silent_for, limit).await
    }

    async fn open_executions(&self, tenant: TenantId) -> Result<u64, LogFault> {
        self.inner.open_executions(tenant).await
    }

    async fn trigger_routes(&self, tenant: TenantId, hook: HookId) -> Result<Vec<RouteMatch>, LogFault> {
        self.inner.trigger_routes(tenant, hook).await
    }

    async fn name_owner(&self, tenant: TenantId, scope: &str, name: &str) -> Result<Option<Uuid>, LogFault> {
        self.inner.name_owner(tenant, scope, name).await
    }

    async fn usage(&self, tenant: TenantId, counter: &str) -> Result<i64, LogFault> {
        self.inner.usage(tenant, counter).await
    }

    async fn static_data(&self, tenant: TenantId, workflow: WorkflowId) -> Result<Vec<StaticEntry>, LogFault> {
        if self.read_faults.load(Ordering::SeqCst) > 0 {
            self.read_faults.fetch_sub(1, Ordering::SeqCst);
            return Err(disk());
        }
        self.inner.static_data(tenant, workflow).await
    }

    async fn take_slot(&self, tenant: TenantId, asked: SlotRequest) -> Result<bool, LogFault> {
        self.inner.take_slot(tenant, asked).await
    }

    async fn ping(&self) -> Result<(), LogFault> {
        self.inner.ping().await
    }
}

#[async_trait]
impl Seen for TestLog {
    async fn see_values(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        values: &[SeenDigest],
        history: u32,
    ) -> Result<Vec<bool>, LogFault> {
        if self.read_faults.load(Ordering::SeqCst) > 0 {
            self.read_faults.fetch_sub(1, Ordering::SeqCst);
            return Err(disk());
        }
        self.inner.see_values(tenant, place, by, values, history).await
    }

    async fn see_mark(
        &self,
        tenant: TenantId,
        place: SeenPlace,
        by: Option<SeenBy>,
        mark: (MarkKind, f64),
    ) -> Result<Option<f64>, LogFault> {
        self.inner.see_mark(tenant, place, by, mark).await
    }

    async fn forget_seen(&self, tenant: TenantId, place: SeenPlace) -> Result<(), LogFault> {
        self.inner.forget_seen(tenant, place).await
    }
}

/// What a database or a disk says that is not well for a while.
pub fn disk() -> LogFault {
    LogFault::Blob("the disk is full".into())
}
