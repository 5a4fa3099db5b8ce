//! P3: events appended and durable per second through `append_events`, with 280-byte bodies, the chain and encryption on.
//!
//! Closed loop: every caller appends the four events of a short execution to a new stream, waits until they are durable and
//! goes on. PostgreSQL runs on the same machine with fsync on. Nothing here knows how figures are printed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use uuid::Uuid;
use weft_event_log::{
    AppendRequest, Expected, Log, MasterKey, NewEvent, PgLog, PgLogSettings, PgLogTuning, WriterCounts,
};
use weft_model::{Actor, CorrelationId, StreamId, TenantId};
use weft_postgres::{Cluster, ClusterSettings};
use weft_scope::{PoolLimits, Scope, SystemPool};

use crate::wal;

/// Callers that append at the same time, over all tenants.
const CALLERS: usize = 256;
const EVENTS_AN_APPEND: usize = 4;
const BODY_BYTES: usize = 280;
const WARM_UP: Duration = Duration::from_secs(2);

/// What one load gave.
#[derive(Clone, Copy, Debug)]
pub struct Measurement {
    /// How many tenants the callers belonged to.
    pub tenants: usize,
    /// How many callers there were.
    pub callers: usize,
    /// Events made durable per second.
    pub events_per_second: f64,
    /// Events in one commit, on average.
    pub rows_per_commit: f64,
    /// Bytes that one event added to the write-ahead log, on average.
    pub wal_bytes_per_event: f64,
    /// Processor time of one event in microseconds: in this process (callers, sealing, writers), in PostgreSQL's.
    pub cpu_us_per_event: [f64; 2],
    /// From the call to the answer, in milliseconds: median, 99th percentile, longest.
    pub latency_ms: [f64; 3],
}

/// Measures four tenants, one hot tenant, and one lone caller, each for that long, in a fresh cluster in that folder.
pub async fn measure(folder: &Path, each: Duration) -> anyhow::Result<Vec<Measurement>> {
    let cluster = Cluster::start(ClusterSettings::new(folder.join("postgres"))).await?;
    let admin = cluster.ensure_database("weft").await?;
    let urls = weft_migrations::migrate(&admin).await?;
    let limits = PoolLimits { connections: 8, ..PoolLimits::default() };
    let log = PgLog::open(PgLogSettings {
        scope: Scope::connect(&urls.app, limits).await?,
        system: SystemPool::connect(&urls.system, limits).await?,
        master_key: MasterKey::generate(),
        blob_folder: folder.join("blobs"),
        tuning: PgLogTuning::default(),
    })
    .await
    .context("the log cannot be opened")?;
    let mut measurements = Vec::new();
    for (tenants, callers) in [(4, CALLERS), (1, CALLERS), (1, 1)] {
        measurements.push(load(&log, (&admin, &cluster.data()), tenants, callers, each).await?);
    }
    cluster.leave().await?;
    Ok(measurements)
}

async fn load(
    log: &PgLog,
    (admin, data): (&str, &Path),
    tenants: usize,
    callers: usize,
    each: Duration,
) -> anyhow::Result<Measurement> {
    let first = rand_id();
    let tenants_ids: Vec<_> = (0..tenants as u128).map(|number| TenantId(Uuid::from_u128(first + number))).collect();
    let stop = Arc::new(AtomicBool::new(false));
    let measuring = Arc::new(AtomicBool::new(false));
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let (log, tenant) = (log.clone(), tenants_ids[caller % tenants]);
            tokio::spawn(call(log, tenant, stop.clone(), measuring.clone()))
        })
        .collect();
    tokio::time::sleep(WARM_UP).await;
    let wal_before = wal::position(admin).await?;
    measuring.store(true, Ordering::Relaxed);
    let (began, before, cpu_before) = (Instant::now(), log.writer_counts(), cpu_seconds(data));
    tokio::time::sleep(each).await;
    let (took, after, cpu_after) = (began.elapsed(), log.writer_counts(), cpu_seconds(data));
    let wal_bytes = wal::position(admin).await? - wal_before;
    stop.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let mut measured = measurement(tenants, callers, (before, after), took, wal_bytes, latencies);
    let events = (after.events - before.events).max(1) as f64;
    measured.cpu_us_per_event = [0, 1].map(|side| (cpu_after[side] - cpu_before[side]) * 1e6 / events);
    Ok(measured)
}

/// Processor seconds of this process and of all whose working folder is PostgreSQL's data folder: fields 14 and 15 of
/// `/proc/<id>/stat` (proc(5)), in ticks of 1/100 s. A backend that ends is no longer counted; writers live on.
fn cpu_seconds(data: &Path) -> [f64; 2] {
    let of = |process: &Path| {
        let stat = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        let ticks: f64 =
            after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
        ticks / 100.0
    };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.path());
    let is_server =
        |process: &std::path::PathBuf| std::fs::read_link(process.join("cwd")).is_ok_and(|folder| folder == data);
    [of(Path::new("/proc/self")), processes.filter(is_server).map(|process| of(&process)).sum()]
}

fn measurement(
    tenants: usize,
    callers: usize,
    (before, after): (WriterCounts, WriterCounts),
    took: Duration,
    wal_bytes: f64,
    mut latencies: Vec<Duration>,
) -> Measurement {
    latencies.sort_unstable();
    let at = |share: f64| {
        let place = ((latencies.len() as f64 * share) as usize).min(latencies.len().saturating_sub(1));
        latencies.get(place).map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
    };
    let events = (after.events - before.events) as f64;
    Measurement {
        tenants,
        callers,
        events_per_second: events / took.as_secs_f64(),
        rows_per_commit: events / (after.commits - before.commits).max(1) as f64,
        wal_bytes_per_event: wal_bytes / events.max(1.0),
        cpu_us_per_event: [0.0; 2],
        latency_ms: [at(0.5), at(0.99), at(1.0)],
    }
}

/// One caller's appends until it is told to stop; returns how long each took while it was measured.
async fn call(
    log: PgLog,
    tenant: TenantId,
    stop: Arc<AtomicBool>,
    measuring: Arc<AtomicBool>,
) -> anyhow::Result<Vec<Duration>> {
    let mut latencies = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        log.append(short_execution(tenant)).await?;
        if measuring.load(Ordering::Relaxed) {
            latencies.push(began.elapsed());
        }
    }
    Ok(latencies)
}

fn short_execution(tenant: TenantId) -> AppendRequest {
    let event = |number: usize| {
        let padding = "x".repeat(BODY_BYTES - r#"{"number":0,"padding":""}"#.len());
        let body = format!(r#"{{"number":{number},"padding":"{padding}"}}"#).into_bytes();
        NewEvent { wire_type: "execution.step_succeeded", wire_version: 1, body, uses_payload: false }
    };
    AppendRequest {
        tenant,
        stream: StreamId(Uuid::from_u128(rand_id())),
        expected: Expected::NoStream,
        actor: Actor::System,
        correlation: CorrelationId(Uuid::from_u128(rand_id())),
        causation: None,
        events: (0..EVENTS_AN_APPEND).map(event).collect(),
        payload: None,
        companions: Vec::new(),
    }
}

/// As the server makes ids: sortable by time.
#[expect(clippy::disallowed_methods, reason = "a benchmark is where its ids come from")]
fn rand_id() -> u128 {
    Uuid::now_v7().as_u128()
}
