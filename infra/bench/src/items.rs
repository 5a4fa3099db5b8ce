//! P-items: how much memory a million items take on their way through a workflow, and how long that takes.
//!
//! The engine, the log and the store of files are the real ones; PostgreSQL is a process of its own and does not count. Every case
//! has a process of its own, so that what one leaves behind is not in the figure of the next: what is measured is the most
//! memory that the process ever had (`VmHWM` of `proc_pid_status(5)`), the million items that it begins with included.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;
use weft_engine::kinds::Kinds;
use weft_engine::testing::FixedDefinitions;
use weft_engine::{Engine, EngineParts, EngineSettings, Respond, Services, StartExecution, SystemClock, SystemEntropy};
use weft_event_log::{Log, MasterKey, PgLog, PgLogSettings, PgLogTuning};
use weft_model::execution::{ExecutedVersion, ExecutionEvent};
use weft_model::{Edge, Endpoint, Event, Graph, Node, NodeId, StreamVersion, TenantId, WorkflowId};
use weft_postgres::{Cluster, ClusterSettings};
use weft_scope::{PoolLimits, Scope, SystemPool};
use weft_value::{Item, Object, Value, from_json};

use crate::report::{Figure, Report, Target};

/// How many items an execution begins with.
const ITEMS: u32 = 1_000_000;
/// The most memory it may take.
const MOST_MIB: f64 = 512.0;

const SET: &str = r#"{"includeOtherFields":true,"assignments":{"assignments":[
    {"name":"name","type":"string","value":"={{ $json.name.toUpperCase() }}"}]}}"#;
const IF: &str = r#"{"conditions":{"conditions":[
    {"leftValue":"={{ $json.id }}","rightValue":500000,"operator":{"type":"number","operation":"lt"}}]}}"#;
const SORT: &str = r#"{"sortFieldsUi":{"sortField":[{"fieldName":"id","order":"descending"}]}}"#;
const BACK: &str = r#"{"includeOtherFields":true,"assignments":{"assignments":[
    {"name":"before","type":"string","value":"={{ $('Start').item.json.name }}"}]}}"#;

const GATHER: &str = r#"{"aggregate":"aggregateAllItemData"}"#;
const SPLIT: &str = r#"{"fieldToSplitOut":"data"}"#;
const LIMIT: &str = r#"{"maxItems":900000}"#;
const LOOP: &str = r#"{"batchSize":50000}"#;

/// The nodes behind the trigger: kind and parameters. What follows a loop is what it repeats.
type Line = &'static [(&'static str, &'static str)];

/// What is measured. Sort, Limit and Aggregate need all items at once; a Set looks back at what an earlier node gave.
const CASES: &[(&str, Line)] = &[
    ("Set, If, No operation", &[("set", SET), ("if", IF), ("noOp", "{}")]),
    ("Set, Sort", &[("set", SET), ("sort", SORT)]),
    ("Set, Set that looks back", &[("set", SET), ("set", BACK)]),
    ("Filter, Limit", &[("filter", IF), ("limit", LIMIT)]),
    ("Set, Limit", &[("set", SET), ("limit", LIMIT)]),
    ("Aggregate, Split out", &[("aggregate", GATHER), ("splitOut", SPLIT)]),
    ("Loop over items, Set", &[("loop", LOOP), ("set", SET)]),
];

/// What one case gave.
#[derive(Debug, Deserialize, Serialize)]
struct Measured {
    seconds: f64,
    peak_mib: f64,
    /// After the items were made that the execution begins with.
    begin_mib: f64,
    /// In the store of files and large payloads.
    stored_mib: f64,
}

/// Measures every case in a process of its own.
pub async fn run(report: &mut Report) -> anyhow::Result<()> {
    for (number, (what, _)) in CASES.iter().enumerate() {
        let number = number.to_string();
        let case = tokio::process::Command::new(std::env::current_exe()?)
            .args(["--items-case", number.as_str()])
            .stdout(Stdio::piped())
            .output()
            .await?;
        if !case.status.success() {
            bail!("the case “{what}” failed: {}", String::from_utf8_lossy(&case.stderr));
        }
        let measured: Measured = serde_json::from_slice(&case.stdout).context("what the case printed")?;
        report.add(Figure {
            id: "P-items",
            what: format!("{ITEMS} items: {what}"),
            value: measured.peak_mib,
            unit: "MiB at most",
            target: Target::AtMost(MOST_MIB),
            details: json!({
                "seconds": measured.seconds,
                "mibWithTheFirstItems": measured.begin_mib,
                "mibStored": measured.stored_mib,
            }),
        });
    }
    Ok(())
}

/// Executes one case in this process and prints what it gave.
pub async fn case(number: usize) -> anyhow::Result<()> {
    let (_, line) = CASES.get(number).context("there is no such case")?;
    let folder = tempfile::tempdir()?;
    let cluster = Cluster::start(ClusterSettings::new(folder.path().join("postgres"))).await?;
    let admin = cluster.ensure_database("weft").await?;
    let urls = weft_migrations::migrate(&admin).await?;
    let limits = PoolLimits { connections: 8, ..PoolLimits::default() };
    let blobs = folder.path().join("blobs");
    let log = PgLog::open(PgLogSettings {
        scope: Scope::connect(&urls.app, limits).await?,
        system: SystemPool::connect(&urls.system, limits).await?,
        master_key: MasterKey::generate(),
        blob_folder: blobs.clone(),
        tuning: PgLogTuning::default(),
    })
    .await
    .context("the log cannot be opened")?;
    let measured = measure(Arc::new(log), line, &blobs).await?;
    println!("{}", serde_json::to_string(&measured)?);
    cluster.leave().await?;
    Ok(())
}

async fn measure(log: Arc<PgLog>, line: Line, blobs: &Path) -> anyhow::Result<Measured> {
    let (tenant, workflow) = (TenantId(Uuid::from_u128(1)), WorkflowId(Uuid::from_u128(2)));
    let definitions = FixedDefinitions::default();
    definitions.add(tenant, workflow, "Items", graph(line)?);
    let engine = Engine::new(EngineParts {
        log: Arc::clone(&log) as _,
        definitions: Arc::new(definitions),
        services: Services { files: Some(Arc::clone(&log) as _), ..Services::default() },
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        kinds: Kinds::default(),
        settings: EngineSettings::default(),
    });
    let item = |id: u32| {
        let fields = [("id", Value::from(id)), ("name", Value::from(format!("item {id:07}")))];
        Item::new(fields.into_iter().collect::<Object>())
    };
    let request = StartExecution {
        items: (0..ITEMS).map(item).collect(),
        respond: Respond::Node,
        ..StartExecution::new(tenant, workflow, ExecutedVersion::Published(1), id(0))
    };
    let (begin_mib, begin) = (status_mib("VmRSS")?, Instant::now());
    let started = engine.start(request).await?;
    let seconds = begin.elapsed().as_secs_f64();
    let events = log.read_stream(tenant, started.execution.into(), StreamVersion(0), 100).await?;
    let last = events.last().context("nothing is recorded")?.event()?;
    if !matches!(last, Event::Execution(ExecutionEvent::Succeeded { .. })) {
        bail!("the execution did not succeed: {last:?}");
    }
    Ok(Measured { seconds, peak_mib: status_mib("VmHWM")?, begin_mib, stored_mib: size(blobs)? as f64 / 1_048_576.0 })
}

fn id(number: usize) -> NodeId {
    NodeId(Uuid::from_u128(number as u128 + 10))
}

fn graph(line: Line) -> anyhow::Result<Graph> {
    let end = |number| Endpoint { node: id(number), port: 0 };
    let mut graph = Graph::default();
    let trigger = ("manualTrigger", "{}");
    for (number, (kind, parameters)) in std::iter::once(&trigger).chain(line).enumerate() {
        let name = if number == 0 { "Start".to_owned() } else { format!("Step {number}") };
        let node = Node { parameters: from_json(parameters)?, ..Node::new(id(number), name, *kind) };
        graph.nodes.insert(node.id, node);
        if let Some(before) = number.checked_sub(1) {
            let port = u16::from(before > 0 && line[before - 1].0 == "loop");
            graph.edges.insert(Edge { from: Endpoint { node: id(before), port }, to: end(number) });
        }
    }
    // What a loop repeats leads back to it.
    if let Some(place) = line.iter().position(|(kind, _)| *kind == "loop") {
        graph.edges.insert(Edge { from: end(line.len()), to: end(place + 1) });
    }
    Ok(graph)
}

/// A field of `/proc/self/status`, which is in KiB.
fn status_mib(field: &str) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kib: f64 = line.and_then(|line| line.trim().strip_suffix("kB")).context("no such field")?.trim().parse()?;
    Ok(kib / 1024.0)
}

fn size(folder: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(sum)
}
