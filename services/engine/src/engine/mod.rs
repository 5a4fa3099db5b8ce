//! The engine of one process: what it is asked, and what it keeps while executions are under way.

mod admission;
mod calls;
mod control;
mod failures;
mod forms;
mod housekeeping;
mod launch;
mod listeners;
mod polls;
mod reuse;
mod signals;
mod start;
mod takeover;
mod timers;
mod waiting;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use moka::future::Cache;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use weft_event_log::SystemLog;
use weft_model::execution::ExecutedVersion;
use weft_model::{ExecutionId, TenantId, TimerId, WorkerId, WorkflowId};

use crate::action::Services;
use crate::clock::{Clock, Entropy, fresh_id};
use crate::execution::{Calls, Holdings, Queues};
use crate::kinds::Kinds;
use crate::plan::Plan;
use crate::{Definitions, Problem};

use admission::Admission;
use control::Abandoned;
use launch::Charge;
use listeners::Listeners;
use polls::Looks;
use waiting::Waiting;

pub use control::{CancelError, RetryError};
pub use forms::{AnsweredPage, AskedPage, FormState, FormVisit};
pub use housekeeping::Care;
pub(crate) use launch::trigger_items;
pub use listeners::TestListener;
pub(crate) use polls::{poll_of, trial};
pub use signals::{SendSignal, SignalError, Wait, WaitState};
pub use start::{CompileError, StartError, StartExecution, Started};

/// Makes executions progress. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

/// What an engine is made from.
pub struct EngineParts {
    /// Where events go.
    pub log: Arc<dyn SystemLog>,
    /// Where graphs come from.
    pub definitions: Arc<dyn Definitions>,
    /// What actions act through.
    pub services: Services,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
    /// The kinds that workflows may contain.
    pub kinds: Kinds,
    /// How much, how long.
    pub settings: EngineSettings,
}

/// How much an engine takes on and how long it waits.
#[derive(Clone, Copy, Debug)]
pub struct EngineSettings {
    /// Executions that progress at the same time.
    pub running: usize,
    /// Executions that wait for their turn; more are refused.
    pub queued: usize,
    /// The most executions of a tenant that progress at once, in all processes together; no limit when missing. A tenant may name
    /// fewer.
    pub of_tenant: Option<u32>,
    /// What a refused caller is told to wait.
    pub retry_after: Duration,
    /// The most steps of one execution; its workflow may name fewer.
    pub max_steps: u32,
    /// The most bytes of items that one execution may make, without those of long lists; a long list that a node needs as a whole
    /// may have as many.
    pub max_bytes: usize,
    /// The most bytes of items in long lists that one execution may make. They are in the store of files.
    pub max_stored: u64,
    /// A list of more bytes than these is a long one.
    pub max_held: usize,
    /// The most bytes of other lists that one execution has in memory between its steps, as far as they are recorded.
    pub held_by_one: usize,
    /// The most bytes that all executions of this process have so.
    pub held_by_all: usize,
    /// Waits, and pauses before another attempt, up to this long are spent in memory; longer ones leave it to a timer.
    pub wait_in_memory: Duration,
    /// How often this process says that it is alive.
    pub heartbeat: Duration,
    /// How long a process must be silent until its executions are taken over.
    pub silent_for: Duration,
    /// How often timers are looked for.
    pub timer_poll: Duration,
    /// How many nodes all cached plans may have together.
    pub cached_nodes: u64,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self {
            running: 512,
            queued: 4096,
            of_tenant: None,
            retry_after: Duration::from_secs(1),
            max_steps: 100_000,
            max_bytes: 256 * 1024 * 1024,
            max_stored: 4 * 1024 * 1024 * 1024,
            max_held: 16 * 1024 * 1024,
            held_by_one: 32 * 1024 * 1024,
            held_by_all: 128 * 1024 * 1024,
            wait_in_memory: Duration::from_secs(2),
            heartbeat: Duration::from_millis(500),
            silent_for: Duration::from_secs(3),
            timer_poll: Duration::from_secs(1),
            cached_nodes: 50_000,
        }
    }
}

/// What an engine is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EngineState {
    /// Executions that were admitted and have not left memory.
    pub admitted: usize,
    /// Whether new ones are taken.
    pub is_admitting: bool,
    /// How many bytes of recorded items executions have in memory.
    pub held: usize,
}

type PlanKey = (TenantId, WorkflowId, bool, u32);

pub(crate) struct Inner {
    pub(crate) log: Arc<dyn SystemLog>,
    pub(crate) definitions: Arc<dyn Definitions>,
    pub(crate) services: Services,
    pub(crate) calls: Arc<dyn Calls>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) kinds: Kinds,
    pub(crate) settings: EngineSettings,
    pub(crate) worker: WorkerId,
    plans: Cache<PlanKey, Arc<Plan>>,
    admission: Arc<Admission>,
    queues: Queues,
    /// What executions have in memory.
    holdings: Arc<Holdings>,
    /// Executions under way, with what ends them.
    under_way: Mutex<HashMap<ExecutionId, Charge>>,
    /// Callers of executions that wait for a timer.
    waiting: Waiting,
    /// Executions that could not be recorded as given up yet.
    abandoned: Mutex<HashMap<ExecutionId, Abandoned>>,
    /// Timers of schedules whose executions begin just now.
    firing: Mutex<HashSet<TimerId>>,
    looks: Mutex<Looks>,
    listeners: Listeners,
    /// Moments at which timers of this process are due, so that they need not wait for the next look.
    near: Mutex<BTreeSet<Timestamp>>,
    wake: Notify,
    tasks: TaskTracker,
    runtime: tokio::runtime::Handle,
    /// New work and housekeeping end.
    closing: CancellationToken,
    /// Everything ends.
    stop: CancellationToken,
}

impl Engine {
    /// An engine that progresses executions on the current Tokio runtime. Call [`Engine::keep_house`] to make it take over, fire
    /// timers and say that it is alive.
    pub fn new(parts: EngineParts) -> Self {
        let EngineParts { log, definitions, services, clock, entropy, kinds, settings } = parts;
        let services = Services { seen: services.seen.or_else(|| Some(Arc::clone(&log) as _)), ..services };
        let worker = WorkerId(fresh_id(&*clock, &*entropy));
        let plans = Cache::builder()
            .max_capacity(settings.cached_nodes)
            .weigher(|_, plan: &Arc<Plan>| plan.nodes.len() as u32 + 1)
            .build();
        Self(Arc::new_cyclic(|inner| Inner {
            calls: Arc::new(calls::EngineCalls(inner.clone())),
            log,
            definitions,
            services,
            clock,
            entropy,
            kinds,
            settings,
            worker,
            plans,
            queues: Queues::default(),
            holdings: Arc::new(Holdings::new(settings.held_by_all)),
            admission: Arc::new(Admission::new(settings.running, settings.queued)),
            under_way: Mutex::default(),
            waiting: Waiting::default(),
            abandoned: Mutex::default(),
            firing: Mutex::default(),
            looks: Mutex::default(),
            listeners: Listeners::default(),
            near: Mutex::default(),
            wake: Notify::new(),
            tasks: TaskTracker::new(),
            runtime: tokio::runtime::Handle::current(),
            closing: CancellationToken::new(),
            stop: CancellationToken::new(),
        }))
    }

    /// The identity of this process among workers.
    pub fn worker(&self) -> WorkerId {
        self.0.worker
    }

    /// The kinds that workflows may contain.
    pub fn kinds(&self) -> &Kinds {
        &self.0.kinds
    }

    /// What it is at.
    pub fn state(&self) -> EngineState {
        EngineState {
            admitted: self.0.admission.admitted(),
            is_admitting: !self.0.closing.is_cancelled(),
            held: self.0.holdings.held(),
        }
    }

    /// A version of a workflow, compiled; from memory where it was compiled before.
    pub async fn plan(
        &self,
        tenant: TenantId,
        workflow: WorkflowId,
        version: ExecutedVersion,
    ) -> Result<Arc<Plan>, CompileError> {
        self.0.plan(tenant, workflow, version).await
    }

    /// What stands in the way of publishing a graph, without keeping anything.
    pub fn check(&self, name: &str, graph: &weft_model::Graph) -> (Vec<Problem>, String) {
        let plan = crate::compile(&self.0.kinds, name, ExecutedVersion::Draft(0), graph);
        (plan.problems, plan.digest)
    }
}

impl Inner {
    pub(crate) async fn plan(
        &self,
        tenant: TenantId,
        workflow: WorkflowId,
        version: ExecutedVersion,
    ) -> Result<Arc<Plan>, CompileError> {
        let key = match version {
            ExecutedVersion::Published(number) => (tenant, workflow, true, number),
            ExecutedVersion::Draft(number) => (tenant, workflow, false, number),
        };
        if let Some(plan) = self.plans.get(&key).await {
            return Ok(plan);
        }
        let definition = self.definitions.definition(tenant, workflow, version).await?.ok_or(CompileError::Unknown)?;
        let plan = Arc::new(crate::compile(&self.kinds, &definition.name, version, &definition.graph));
        self.plans.insert(key, Arc::clone(&plan)).await;
        Ok(plan)
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<ExecutionId, Charge>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn abandoned(&self) -> MutexGuard<'_, HashMap<ExecutionId, Abandoned>> {
        self.abandoned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn firing(&self) -> MutexGuard<'_, HashSet<TimerId>> {
        self.firing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn near(&self) -> MutexGuard<'_, BTreeSet<Timestamp>> {
        self.near.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
