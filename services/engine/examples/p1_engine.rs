//! How many executions a second the engine makes by itself: webhook → Set with two expressions → answer of the last node, over
//! a log in memory, by 64 callers. What the database costs is not in it.
//!
//! `cargo run --release -p weft-engine --example p1_engine`

#![allow(clippy::print_stdout, reason = "it is a program that prints")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::broadcast;
use uuid::Uuid;
use weft_engine::kinds::Kinds;
use weft_engine::testing::FixedDefinitions;
use weft_engine::{
    Engine, EngineParts, EngineSettings, HookCall, Services, StartExecution, SystemClock, SystemEntropy,
};
use weft_event_log::{
    AppendError, AppendRequest, Appended, Committed, DueTimer, Log, LogFault, MarkKind, Orphan, Payload, Recorded,
    RouteMatch, Seen, SeenBy, SeenDigest, SeenPlace, SlotRequest, StaticEntry, SystemLog, Timer,
};
use weft_model::execution::ExecutedVersion;
use weft_model::{
    Edge, Endpoint, Graph, HookId, Node, NodeId, OnError, PayloadId, Point, Position, StreamId, StreamVersion,
    TenantId, TimerId, WorkerId, WorkflowId,
};
use weft_value::from_json;

const BODY: &str = r#"{"name":"ada","items":[{"price":2,"qty":3},{"price":1.5,"qty":4}]}"#;
const CALLERS: usize = 64;
const LENGTH: Duration = Duration::from_secs(5);

/// A log that counts and forgets, so that memory does not grow while it is measured.
#[derive(Default)]
struct Forgetful {
    events: AtomicUsize,
    bytes: AtomicUsize,
}

#[async_trait]
impl Log for Forgetful {
    async fn append(&self, request: AppendRequest) -> Result<Appended, AppendError> {
        let count = request.events.len();
        let payload: usize = request.payload.iter().flat_map(|payload| &payload.parts).map(bytes::Bytes::len).sum();
        let bodies: usize = request.events.iter().map(|event| event.body.len()).sum();
        self.bytes.fetch_add(payload + bodies, Ordering::Relaxed);
        let first = self.events.fetch_add(count, Ordering::Relaxed) as u64 + 1;
        // One turn of the scheduler stands for the commit.
        tokio::task::yield_now().await;
        let last = Position(first + count as u64 - 1);
        Ok(Appended { first: Position(first), last, version: StreamVersion(count as u32) })
    }

    async fn read_stream(
        &self,
        _: TenantId,
        _: StreamId,
        _: StreamVersion,
        _: usize,
    ) -> Result<Vec<Recorded>, LogFault> {
        Ok(Vec::new())
    }

    async fn read(&self, _: TenantId, _: Position, _: usize) -> Result<Vec<Recorded>, LogFault> {
        Ok(Vec::new())
    }

    async fn read_payload(&self, _: TenantId, _: PayloadId) -> Result<Option<Payload>, LogFault> {
        Ok(None)
    }

    async fn head(&self, _: TenantId) -> Result<Position, LogFault> {
        Ok(Position(0))
    }

    fn watch(&self) -> broadcast::Receiver<Committed> {
        broadcast::channel(1).1
    }
}

#[async_trait]
impl SystemLog for Forgetful {
    async fn due_timers(&self, _: Timestamp, _: Duration, _: usize) -> Result<Vec<DueTimer>, LogFault> {
        Ok(Vec::new())
    }

    async fn next_timer(&self) -> Result<Option<Timestamp>, LogFault> {
        Ok(None)
    }

    async fn timers(&self, _: TenantId, _: StreamId) -> Result<Vec<Timer>, LogFault> {
        Ok(Vec::new())
    }

    async fn discard_timer(&self, _: TenantId, _: TimerId, _: Timestamp) -> Result<bool, LogFault> {
        Ok(false)
    }

    async fn hold_timer(&self, _: TenantId, _: TimerId, _: Timestamp, _: Timestamp) -> Result<bool, LogFault> {
        Ok(false)
    }

    async fn move_timer(&self, _: TenantId, _: Timestamp, _: &Timer) -> Result<bool, LogFault> {
        Ok(false)
    }

    async fn heartbeat(&self, _: WorkerId) -> Result<(), LogFault> {
        Ok(())
    }

    async fn retire(&self, _: WorkerId) -> Result<(), LogFault> {
        Ok(())
    }

    async fn orphaned_executions(&self, _: Duration, _: usize) -> Result<Vec<Orphan>, LogFault> {
        Ok(Vec::new())
    }

    async fn open_executions(&self, _: TenantId) -> Result<u64, LogFault> {
        Ok(0)
    }

    async fn trigger_routes(&self, _: TenantId, _: HookId) -> Result<Vec<RouteMatch>, LogFault> {
        Ok(Vec::new())
    }

    async fn name_owner(&self, _: TenantId, _: &str, _: &str) -> Result<Option<Uuid>, LogFault> {
        Ok(None)
    }

    async fn usage(&self, _: TenantId, _: &str) -> Result<i64, LogFault> {
        Ok(0)
    }

    async fn static_data(&self, _: TenantId, _: WorkflowId) -> Result<Vec<StaticEntry>, LogFault> {
        Ok(Vec::new())
    }

    async fn take_slot(&self, _: TenantId, _: SlotRequest) -> Result<bool, LogFault> {
        Ok(true)
    }

    async fn ping(&self) -> Result<(), LogFault> {
        Ok(())
    }
}

#[async_trait]
impl Seen for Forgetful {
    async fn see_values(
        &self,
        _: TenantId,
        _: SeenPlace,
        _: Option<SeenBy>,
        values: &[SeenDigest],
        _: u32,
    ) -> Result<Vec<bool>, LogFault> {
        Ok(vec![true; values.len()])
    }

    async fn see_mark(
        &self,
        _: TenantId,
        _: SeenPlace,
        _: Option<SeenBy>,
        _: (MarkKind, f64),
    ) -> Result<Option<f64>, LogFault> {
        Ok(None)
    }

    async fn forget_seen(&self, _: TenantId, _: SeenPlace) -> Result<(), LogFault> {
        Ok(())
    }
}

fn node(id: u128, name: &str, kind: &str, parameters: &str) -> anyhow::Result<Node> {
    Ok(Node {
        id: NodeId(Uuid::from_u128(id)),
        name: name.to_owned(),
        kind: kind.to_owned(),
        kind_version: 1,
        position: Point::default(),
        parameters: from_json(parameters)?,
        disabled: false,
        notes: None,
        on_error: OnError::Stop,
        retry: None,
        always_output_data: false,
        execute_once: false,
        timeout_seconds: None,
    })
}

fn graph() -> anyhow::Result<Graph> {
    let set = r#"{"assignments":{"assignments":[
        {"name":"greeting","type":"string","value":"={{ 'Hello ' + $json.body.name.toUpperCase() }}"},
        {"name":"total","type":"number","value":"={{ $json.body.items.reduce((s,i)=>s+i.price*i.qty,0) }}"}]}}"#;
    let mut graph = Graph::default();
    for node in [
        node(1, "Webhook", "webhook", r#"{"httpMethod":"POST","responseMode":"lastNode"}"#)?,
        node(2, "Set", "set", set)?,
    ] {
        graph.nodes.insert(node.id, node);
    }
    let end = |id| Endpoint { node: NodeId(Uuid::from_u128(id)), port: 0 };
    graph.edges.insert(Edge { from: end(1), to: end(2) });
    Ok(graph)
}

/// Processor time of this process so far in microseconds, from fields 14 and 15 of `proc_pid_stat(5)`, in ticks of 10 ms.
fn cpu_us() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let ticks: Vec<f64> =
        after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() * 10_000.0)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (tenant, workflow) = (TenantId(Uuid::from_u128(1)), WorkflowId(Uuid::from_u128(2)));
    let definitions = FixedDefinitions::default();
    definitions.add(tenant, workflow, "P1", graph()?);
    let log = Arc::new(Forgetful::default());
    let engine = Engine::new(EngineParts {
        log: Arc::<Forgetful>::clone(&log),
        definitions: Arc::new(definitions),
        services: Services::default(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        kinds: Kinds::default(),
        settings: EngineSettings::default(),
    });
    let begin = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let mut count = 0_usize;
                let mut answer = None;
                while begin.elapsed() < LENGTH {
                    let body = from_json(BODY)?;
                    let call = HookCall { method: "POST".into(), body, ..HookCall::default() };
                    let trigger = NodeId(Uuid::from_u128(1));
                    let request = StartExecution::new(tenant, workflow, ExecutedVersion::Published(1), trigger);
                    answer = engine.call_webhook(request, call).await?.answer;
                    count += 1;
                }
                anyhow::Ok((count, answer))
            })
        })
        .collect();
    let mut executions = 0;
    let mut answer = None;
    for caller in callers {
        let (count, last) = caller.await??;
        executions += count;
        answer = last.or(answer);
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("answer            {}", answer.map(|a| String::from_utf8_lossy(&a.body).into_owned()).unwrap_or_default());
    println!("executions/s      {:.0}", executions as f64 / seconds);
    println!("CPU µs/execution  {}", cpu_us().map_or("unknown".into(), |us| format!("{:.1}", us / executions as f64)));
    println!("events/execution  {:.1}", log.events.load(Ordering::Relaxed) as f64 / executions as f64);
    println!("bytes/execution   {:.0}", log.bytes.load(Ordering::Relaxed) as f64 / executions as f64);
    Ok(())
}
