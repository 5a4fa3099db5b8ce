//! The bounded pool of processes.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{sync::Semaphore, time};
use tracing::warn;
use uuid::Uuid;
use weft_code_runner_protocol::Report;

use crate::{
    CodeError, CodeErrorKind, CodeLimits, CodeOutcome, CodeRequest, RunnerSettings, SqlRequest,
    process::{Ground, Process, StartError},
    step::{self, Conversation},
};

/// The pool. Clones share it; when the last one is dropped its processes end.
#[derive(Clone, Debug)]
pub struct Runner(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    settings: RunnerSettings,
    ground: Arc<Ground>,
    /// One permit for each process that may execute.
    permits: Semaphore,
    waiting: AtomicUsize,
    shelves: Mutex<Shelves>,
}

#[derive(Debug, Default)]
struct Shelves {
    /// Processes that wait for their tenant's next step, the one used last at the end.
    idle: Vec<Idle>,
    /// Processes that no tenant has used.
    spares: Vec<Process>,
    /// Spares being started.
    starting: usize,
    /// Processes that execute now.
    busy: usize,
}

#[derive(Debug)]
struct Idle {
    process: Process,
    tenant: Uuid,
    since: Instant,
}

/// What the pool holds at a moment, for metrics and `weft doctor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolState {
    /// Processes that execute a step.
    pub busy: usize,
    /// Processes that wait for their tenant's next step.
    pub idle: usize,
    /// Processes that no tenant has used.
    pub spares: usize,
    /// Steps that wait for a process.
    pub waiting: usize,
    /// Resident memory of the idle and spare processes, in bytes.
    pub resident_bytes: usize,
}

impl Runner {
    /// A pool that starts its spare processes in the background. Needs a tokio runtime.
    pub fn new(settings: RunnerSettings) -> Result<Self, CodeError> {
        let ground = Ground::new(&settings).map_err(|error| {
            warn!(error = &error as &dyn std::error::Error, "The code runner's pool cannot start its threads.");
            CodeError::new(CodeErrorKind::Unavailable, "The code runner's pool cannot start its threads.")
        })?;
        let permits = Semaphore::new(settings.processes.max(1));
        let idle_after = settings.idle;
        let (waiting, shelves) = (AtomicUsize::new(0), Mutex::default());
        let pool = Arc::new(Pool { settings, ground: Arc::new(ground), permits, waiting, shelves });
        refill(&pool);
        tokio::spawn(end_idle(Arc::downgrade(&pool), idle_after));
        Ok(Self(pool))
    }

    /// Executes one step. Dropping the future kills the step's process.
    pub async fn execute(&self, request: CodeRequest) -> Result<CodeOutcome, CodeError> {
        self.converse(request.tenant, &request.limits, &step::Code(&request)).await
    }

    /// Executes one query; gives an item for each row. Dropping the future kills its process.
    pub async fn query(&self, request: SqlRequest) -> Result<CodeOutcome, CodeError> {
        self.converse(request.tenant, &request.limits, &request).await
    }

    async fn converse(
        &self,
        tenant: Uuid,
        limits: &CodeLimits,
        conversation: &impl Conversation,
    ) -> Result<CodeOutcome, CodeError> {
        let pool = &self.0;
        let _permit = pool.wait_for_permit().await?;
        let busy = Busy::new(pool);
        let process = pool.take(tenant).await.map_err(|error| unavailable(&error))?;
        refill(pool);
        let ended = step::execute(process, limits, conversation, pool.settings.resident_bytes).await;
        drop(busy);
        if let Some(process) = ended.process {
            pool.put_back(process, tenant);
        }
        ended.result
    }

    /// Starts a process, has it say which engine it runs and which layers of the sandbox are active, and ends it.
    pub async fn check(&self) -> Result<Report, CodeError> {
        let process = Process::start(&self.0.ground, &self.0.settings).await.map_err(|error| unavailable(&error))?;
        Ok(process.report.clone())
    }

    /// What the pool holds now.
    pub fn state(&self) -> PoolState {
        let shelves = self.0.shelves();
        let kept = shelves.idle.iter().map(|idle| &idle.process).chain(&shelves.spares);
        PoolState {
            busy: shelves.busy,
            idle: shelves.idle.len(),
            spares: shelves.spares.len(),
            waiting: self.0.waiting.load(Ordering::Relaxed),
            resident_bytes: kept.filter_map(|process| process.meter.resident()).sum(),
        }
    }
}

fn unavailable(error: &StartError) -> CodeError {
    warn!(error = error as &dyn std::error::Error, "A code runner could not be started.");
    CodeError::new(CodeErrorKind::Unavailable, error.to_string())
}

impl Pool {
    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        // Nothing panics while it holds the lock; were it so, the shelves would still be whole.
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait_for_permit(&self) -> Result<tokio::sync::SemaphorePermit<'_>, CodeError> {
        if let Ok(permit) = self.permits.try_acquire() {
            return Ok(permit);
        }
        let busy = || CodeError::new(CodeErrorKind::Busy, "All code runners are busy; try again in a moment.");
        let place = Waiting::new(&self.waiting);
        if place.ahead >= self.settings.queue {
            return Err(busy());
        }
        self.permits.acquire().await.map_err(|_| busy())
    }

    /// A process for `tenant`: its own, else a spare, else a new one.
    async fn take(&self, tenant: Uuid) -> Result<Process, StartError> {
        let (found, surplus) = self.shelves().take(tenant, self.settings.processes);
        drop(surplus);
        match found {
            Some(process) => Ok(process),
            None => Process::start(&self.ground, &self.settings).await,
        }
    }

    /// Keeps a process for its tenant's next step, unless it is worn out.
    fn put_back(&self, mut process: Process, tenant: Uuid) {
        let resident = process.meter.resident().unwrap_or(0);
        let first = *process.first_resident.get_or_insert(resident);
        let grown = resident.saturating_sub(first) > self.settings.growth_bytes;
        if process.steps < self.settings.steps && !grown {
            self.shelves().idle.push(Idle { process, tenant, since: Instant::now() });
        }
    }
}

impl Shelves {
    /// A process for `tenant`, and one to end where there would be more than `most`.
    fn take(&mut self, tenant: Uuid, most: usize) -> (Option<Process>, Option<Process>) {
        // A process may have ended since its last step; one that speaks without being asked is not trusted either.
        self.idle.retain(|idle| idle.tenant != tenant || idle.process.is_quiet());
        if let Some(place) = self.idle.iter().rposition(|idle| idle.tenant == tenant) {
            return (Some(self.idle.remove(place).process), None);
        }
        let full = self.busy + self.idle.len() > most;
        let surplus = if full && !self.idle.is_empty() { Some(self.idle.remove(0).process) } else { None };
        self.spares.retain(Process::is_quiet);
        (self.spares.pop(), surplus)
    }
}

/// Starts the spares that are missing, in the background.
fn refill(pool: &Arc<Pool>) {
    let missing = {
        let mut shelves = pool.shelves();
        let missing = pool.settings.spares.saturating_sub(shelves.spares.len() + shelves.starting);
        shelves.starting += missing;
        missing
    };
    for _ in 0..missing {
        let pool = Arc::downgrade(pool);
        tokio::spawn(start_spare(pool));
    }
}

async fn start_spare(pool: Weak<Pool>) {
    let Some(pool) = pool.upgrade() else { return };
    let started = Process::start(&pool.ground, &pool.settings).await;
    let mut shelves = pool.shelves();
    shelves.starting -= 1;
    match started {
        Ok(process) => shelves.spares.push(process),
        Err(error) => warn!(error = &error as &dyn std::error::Error, "A spare code runner could not be started."),
    }
}

/// Ends processes that nobody has used for `after`, until the pool is gone.
async fn end_idle(pool: Weak<Pool>, after: Duration) {
    let mut ticks = time::interval((after / 4).max(Duration::from_millis(10)));
    loop {
        ticks.tick().await;
        let Some(pool) = pool.upgrade() else { return };
        let mut shelves = pool.shelves();
        let idle = std::mem::take(&mut shelves.idle);
        let (over, kept) = idle.into_iter().partition::<Vec<_>, _>(|idle| idle.since.elapsed() >= after);
        shelves.idle = kept;
        drop(shelves);
        drop(over);
    }
}

/// Counts a step that waits, also when its future is dropped.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    ahead: usize,
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        Self { count, ahead: count.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Counts a process that executes, also when its future is dropped.
struct Busy<'a>(&'a Pool);

impl<'a> Busy<'a> {
    fn new(pool: &'a Pool) -> Self {
        pool.shelves().busy += 1;
        Self(pool)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.shelves().busy -= 1;
    }
}
