//! A graph builder, a counting log and a house with one or two engines, for the tests of the engine.
#![allow(dead_code, unused_imports, reason = "every test file uses a part of it")]

mod drawing;
mod log;
pub mod polls;
pub mod probe;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use uuid::Uuid;
use weft_engine::kinds::Kinds;
use weft_engine::testing::{CountedEntropy, FakeClock, FixedDefinitions};
use weft_engine::{
    Engine, EngineParts, EngineSettings, HookCall, OnceReport, Respond, RunOnce, Services, StartError, StartExecution,
    Started, run_once,
};
use weft_event_log::SystemLog;
use weft_model::execution::ExecutedVersion;
use weft_model::{TenantId, WorkflowId};
use weft_value::{Item, Value, from_json};

pub use drawing::{Drawing, node_id, retry};
pub use log::{TestLog, disk};

pub const TENANT: TenantId = TenantId(Uuid::from_u128(1));
pub const WORKFLOW: WorkflowId = WorkflowId(Uuid::from_u128(2));
/// Items of these objects: a list as JSON.
pub fn items(json: &str) -> Vec<Item> {
    from_json(json).unwrap().as_array().unwrap().iter().cloned().map(Item::new).collect()
}

/// Executes a drawing once, without a log, from its node `Start`.
pub async fn execute(drawing: Drawing, items: Vec<Item>) -> OnceReport {
    let run = RunOnce {
        name: "Test".into(),
        graph: drawing.graph,
        trigger: Some(node_id("Start")),
        items,
        time_zone: TimeZone::UTC,
        variables: Value::empty_object(),
        services: Services::default(),
        kinds: probe::kinds(),
        longest_wait: Duration::ZERO,
    };
    run_once(run).await.unwrap()
}

/// What iteration `run` of a node gave on an output, as JSON.
pub fn given(report: &OnceReport, node: &str, run: usize, output: usize) -> String {
    let node = report.nodes.iter().find(|report| report.name == node).unwrap_or_else(|| panic!("{node} did not run"));
    weft_nodes::testing::json_of(&node.runs[run].outputs[output])
}

/// One log, one clock, one workflow, and as many engines as a test wants.
pub struct House {
    pub clock: FakeClock,
    pub log: TestLog,
    pub definitions: FixedDefinitions,
    pub settings: EngineSettings,
    pub kinds: Kinds,
    pub services: Services,
    engines: AtomicUsize,
}

impl House {
    pub fn new(drawing: Drawing) -> Self {
        let clock = FakeClock::at("2026-01-31T10:00:00Z".parse().unwrap());
        let definitions = FixedDefinitions::default();
        definitions.add(TENANT, WORKFLOW, "Orders", drawing.graph);
        Self {
            log: TestLog::new(&clock),
            clock,
            definitions,
            settings: EngineSettings::default(),
            kinds: probe::kinds(),
            services: Services::default(),
            engines: AtomicUsize::new(0),
        }
    }

    /// A process.
    pub fn engine(&self) -> Engine {
        self.engine_over(&self.log)
    }

    /// A process with its own handle on the log.
    pub fn engine_over(&self, log: &TestLog) -> Engine {
        let number = self.engines.fetch_add(1, Ordering::SeqCst) as u64;
        Engine::new(EngineParts {
            log: Arc::new(log.clone()),
            definitions: Arc::new(self.definitions.clone()),
            services: self.services.clone(),
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(CountedEntropy::from(number << 32)),
            kinds: self.kinds.clone(),
            settings: self.settings,
        })
    }
}

/// A request to start at the node `trigger`.
pub fn start_at(trigger: &str) -> StartExecution {
    StartExecution::new(TENANT, WORKFLOW, ExecutedVersion::Published(1), node_id(trigger))
}

/// A request that is answered when everything ended.
pub fn start_and_wait(trigger: &str, items: &str) -> StartExecution {
    let items = self::items(items);
    StartExecution { items, respond: Respond::Node, ..start_at(trigger) }
}

/// Calls the webhook node `trigger` with a JSON body.
pub async fn call(engine: &Engine, trigger: &str, body: &str) -> Result<Started, StartError> {
    let call = HookCall { method: "POST".into(), body: from_json(body).unwrap(), ..HookCall::default() };
    engine.call_webhook(start_at(trigger), call).await
}

/// Lets time pass until everything has ended, with the housekeeping of `engine`.
pub async fn live_on(house: &House, engine: &Engine) {
    for _ in 0..400 {
        settle().await;
        let ended =
            house.log.open_executions(TENANT).await.unwrap() == 0 && house.log.next_timer().await.unwrap().is_none();
        if ended {
            return;
        }
        house.clock.advance(Duration::from_secs(30));
        house.log.heartbeat(engine.worker()).await.unwrap();
        engine.adopt_orphans().await.unwrap();
        engine.fire_due_timers().await.unwrap();
    }
    panic!("it never ended");
}

/// Lets every task that can go on go on.
pub async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

pub fn body_of(started: &Started) -> String {
    String::from_utf8(started.answer.as_ref().unwrap().body.to_vec()).unwrap()
}
