//! One execution of a graph over a log in memory, for `weft execute`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::tz::TimeZone;
use tokio_util::sync::CancellationToken;
use weft_event_log::{Expected, LogFault, MemoryLog};
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode, StepError};
use weft_model::{Actor, CorrelationId, ExecutionId, Graph, NodeId, TenantId, WorkerId, WorkflowId};
use weft_nodes::NodeError;
use weft_value::{Item, Value};

use crate::clock::fresh_id;
use crate::engine::{poll_of, trial};
use crate::execution::{
    Call, CallEnd, CallState, Caller, Calls, Drive, DriveEnd, ExecutionInfo, Finished, Full, Holdings, Items, Kept,
    Ledger, Parking, Recorder, Reply, Run, Schedule, Shelf, Target, Turn, step_error,
};
use crate::kinds::Kinds;
use crate::plan::Plan;
use crate::poll::{Known, Look};
use crate::{Clock, EngineSettings, Entropy, Services, StepFiles, SystemClock, SystemEntropy};

/// What is to be executed.
pub struct RunOnce {
    /// The workflow's name.
    pub name: String,
    /// Its graph.
    pub graph: Graph,
    /// The node that starts it; the first trigger where none is named.
    pub trigger: Option<NodeId>,
    /// That node's items; one empty one where none are given.
    pub items: Vec<Item>,
    /// The time zone, where the workflow names none.
    pub time_zone: TimeZone,
    /// `$vars`.
    pub variables: Value,
    /// What actions act through.
    pub services: Services,
    /// The kinds that it may contain.
    pub kinds: Kinds,
    /// Waits longer than this end the report with [`OnceStatus::Waiting`].
    pub longest_wait: Duration,
}

/// What became of it.
#[derive(Clone)]
pub struct OnceReport {
    /// How it ended.
    pub status: OnceStatus,
    /// The error it ended with.
    pub error: Option<StepError>,
    /// Every node that was executed, in the graph's order.
    pub nodes: Vec<NodeReport>,
    /// The names of nodes in the order of their steps; a node that ran twice stands there twice.
    pub order: Vec<String>,
    /// The files that its items name.
    pub files: StepFiles,
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnceStatus {
    /// Every branch ended.
    Success,
    /// With an error.
    Error,
    /// It waits.
    Waiting,
}

/// A node's iterations.
#[derive(Clone, Debug)]
pub struct NodeReport {
    /// Its name.
    pub name: String,
    /// What each gave.
    pub runs: Vec<RunReport>,
}

/// One iteration.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// One list per output.
    pub outputs: Vec<Items>,
    /// The error it failed with, or carried on from.
    pub error: Option<String>,
}

/// Executes a graph once. `None` where it has no trigger, or not the one that was named.
pub async fn run_once(mut run: RunOnce) -> Option<OnceReport> {
    let plan = Arc::new(crate::compile(&run.kinds, &run.name, ExecutedVersion::Draft(0), &run.graph));
    let trigger = match run.trigger {
        Some(id) => plan.number_of(id)?,
        None => plan.nodes.iter().position(|node| node.is_trigger && !node.disabled)?,
    };
    let tenant = TenantId(fresh_id(&SystemClock, &SystemEntropy));
    let files = StepFiles::new(tenant, run.services.files.clone());
    let report = |status, error| Report { plan: &plan, files: files.clone(), status, error };
    if let Err(error) = look(&mut run, &plan, trigger, tenant).await {
        let error = step_error(&error, plan.nodes[trigger].id);
        return Some(report(OnceStatus::Error, Some(error)).of(&Schedule::default()).await);
    }
    let given = crate::engine::trigger_items(&plan, trigger, true, std::mem::take(&mut run.items));
    match files.settle(given).await {
        Ok(items) => run.items = Arc::unwrap_or_clone(items),
        Err(error) => {
            let error = StepError::of(error.code.clone(), error.message.clone());
            return Some(report(OnceStatus::Error, Some(error)).of(&Schedule::default()).await);
        }
    }
    let drive = match drive(run, Arc::clone(&plan), trigger, tenant) {
        Ok(drive) => drive,
        Err(full) => {
            let error = StepError::of("memory_limit", full.to_string());
            return Some(report(OnceStatus::Error, Some(error)).of(&Schedule::default()).await);
        }
    };
    let Finished { end, schedule, .. } = drive.run().await;
    let (status, error) = match end {
        DriveEnd::Succeeded => (OnceStatus::Success, None),
        DriveEnd::Parked(_) => (OnceStatus::Waiting, None),
        DriveEnd::Failed(error) => (OnceStatus::Error, Some(error)),
        DriveEnd::Lost | DriveEnd::Refused => (OnceStatus::Error, None),
    };
    Some(report(status, error).of(&schedule).await)
}

/// Where the trigger looks something up and nobody said what it is to begin with, looks once.
async fn look(run: &mut RunOnce, plan: &Plan, trigger: usize, tenant: TenantId) -> Result<(), NodeError> {
    let node = &plan.nodes[trigger];
    let Some(poll) = poll_of(Some(node)).filter(|_| run.items.is_empty() && node.pinned.is_none()) else {
        return Ok(());
    };
    let execution = ExecutionId(fresh_id(&SystemClock, &SystemEntropy));
    let look = Look {
        tenant,
        workflow: WorkflowId(execution.0),
        node: node.id,
        execution,
        correlation: CorrelationId(execution.0),
        now: SystemClock.now(),
        zone: plan.time_zone.as_ref().unwrap_or(&run.time_zone),
        services: &run.services,
        known: Known::Trial,
        clock: &SystemClock,
    };
    run.items = trial(&look, poll).await?;
    Ok(())
}

/// What a report is made of beside what was executed.
struct Report<'a> {
    plan: &'a Plan,
    files: StepFiles,
    status: OnceStatus,
    error: Option<StepError>,
}

impl Report<'_> {
    async fn of(self, schedule: &Schedule) -> OnceReport {
        let Self { plan, files, status, error } = self;
        let mut nodes: Vec<NodeReport> = Vec::new();
        for (number, node) in plan.nodes.iter().enumerate() {
            let mut runs = Vec::new();
            for run in schedule.runs(number) {
                runs.push(report_of(run, &files).await);
            }
            if let Some(error) = error.as_ref().filter(|error| error.node == Some(node.id)) {
                runs.push(RunReport { outputs: Vec::new(), error: Some(error.message.clone()) });
            }
            if !runs.is_empty() {
                nodes.push(NodeReport { name: node.name.clone(), runs });
            }
        }
        let mut order: Vec<String> = schedule.order().iter().map(|number| plan.nodes[*number].name.clone()).collect();
        let failed = error.as_ref().and_then(|error| error.node).and_then(|node| plan.node(node));
        order.extend(failed.map(|node| node.name.clone()));
        OnceReport { status, error, nodes, order, files }
    }
}

/// What an iteration gave; where items of it cannot be read, that is what it failed with.
async fn report_of(run: &Run, files: &StepFiles) -> RunReport {
    let mut report = RunReport { outputs: Vec::with_capacity(run.outputs.len()), error: run.error.clone() };
    for list in &run.outputs {
        let loaded = list.load(files, usize::MAX).await;
        report.outputs.push(loaded.unwrap_or_else(|error| {
            report.error = Some(error.message.clone());
            Items::default()
        }));
    }
    report
}

fn drive(run: RunOnce, plan: Arc<Plan>, trigger: usize, tenant: TenantId) -> Result<Drive, Full> {
    let (clock, entropy): (Arc<dyn Clock>, Arc<dyn Entropy>) = (Arc::new(SystemClock), Arc::new(SystemEntropy));
    let settings = EngineSettings::default();
    let fresh = || fresh_id(&*clock, &*entropy);
    let execution = ExecutionId(fresh());
    let info = ExecutionInfo {
        tenant,
        execution,
        workflow: WorkflowId(fresh()),
        version: plan.version,
        mode: ExecutionMode::Manual,
        correlation: CorrelationId(execution.0),
        trigger: plan.nodes[trigger].id,
        seed: entropy.bits(),
        time_zone: plan.time_zone.clone().unwrap_or(run.time_zone),
        variables: run.variables,
        environment: run.services.environment.clone().into(),
        parent: None,
        resume_url: None,
        form_url: None,
        error_workflow: None,
    };
    let stop = CancellationToken::new();
    let log = Arc::new(MemoryLog::new());
    let seen = run.services.seen.or_else(|| Some(Arc::clone(&log) as _));
    let shelf = Shelf { log: Arc::clone(&log) as _, clock: Arc::clone(&clock), tenant, stop: stop.clone() };
    let target = Target {
        log,
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        tenant: info.tenant,
        stream: execution.into(),
        actor: Actor::System,
        correlation: info.correlation,
        retention: Duration::from_hours(1),
        max_bytes: settings.max_bytes,
        max_stored: settings.max_stored,
        // What it gives is looked at as a whole.
        max_held: usize::MAX,
    };
    let mut recorder = Recorder::new(target, Expected::NoStream, stop.clone());
    let items = crate::engine::trigger_items(&plan, trigger, true, run.items);
    let worker = WorkerId(fresh());
    let now = clock.now();
    let output = vec![recorder.items(&items)?];
    let started = ExecutionEvent::Started { worker, epoch: 1, seed: info.seed, at: now };
    recorder.begin(vec![queued(&info, &plan, trigger, output, now), started], Vec::new(), now);
    // What it gives is looked at as a whole.
    let ledger = Ledger::new(Arc::new(shelf), Arc::new(Holdings::new(usize::MAX)), usize::MAX);
    Ok(Drive {
        ledger,
        portions: HashMap::new(),
        schedule: Arc::new(Schedule::begin(&plan, trigger, vec![items.into()])),
        info: Arc::new(info),
        recorder,
        past: HashMap::new(),
        reusable: HashMap::new(),
        failed: HashMap::new(),
        kept: Kept::default(),
        services: Services { seen, ..run.services },
        calls: Arc::new(NoCalls),
        worker,
        epoch: 1,
        opened: false,
        cancelled: CancellationToken::new(),
        stop,
        reply: Reply::default(),
        // Nobody would fire a timer.
        slot: None,
        failed_before: None,
        parking: Parking { waits: run.longest_wait, retries: Duration::MAX },
        turn: Turn::default(),
        max_steps: plan.max_steps.unwrap_or(settings.max_steps),
        deadline: None,
        waited_out: false,
        steps: 0,
        plan,
        clock,
    })
}

/// There is one workflow and no other.
struct NoCalls;

#[async_trait]
impl Calls for NoCalls {
    async fn call(&self, _: &Caller, _: &Call) -> Result<CallState, LogFault> {
        let error =
            NodeError::new("sub_workflow", "Only this workflow is here, so that it cannot execute another one.")
                .describe("Import both workflows into a server and execute this one there.")
                .finally();
        Ok(CallState::Over(CallEnd::Failed(error)))
    }

    async fn lost(&self, _: &Caller, _: ExecutionId) {}
}

fn queued(
    info: &ExecutionInfo,
    plan: &Plan,
    trigger: usize,
    output: Vec<weft_model::execution::Part>,
    at: jiff::Timestamp,
) -> ExecutionEvent {
    ExecutionEvent::Queued {
        workflow: info.workflow,
        workflow_name: plan.workflow_name.clone(),
        version: info.version,
        mode: info.mode,
        trigger: info.trigger,
        trigger_kind: plan.nodes[trigger].kind.clone(),
        output,
        retry_of: None,
        parent: None,
        partial: None,
        at,
    }
}
