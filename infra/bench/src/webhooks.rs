//! P1, P2 and P5: webhooks under load, as a client sees them.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use weft_postgres::{Cluster, ClusterSettings};
use weft_trial::{Seen, Server, ServerOptions, closed_loop, cpu_seconds, prepare, workflows};

use crate::report::{Figure, Report, Target};
use crate::wal;

/// Measures the webhooks that are wanted.
pub async fn run(
    program: &Path,
    seconds: u64,
    wanted: &dyn Fn(&str) -> bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(ServerOptions::new(program, folder.path())).await?;
    // Joins the cluster that the server has started, to read what it writes.
    let cluster = Cluster::start(ClusterSettings::new(folder.path().canonicalize()?)).await?;
    let database = cluster.url("weft");
    server.command(&["tenant", "create", "--slug", "bench", "--name", "Bench"]).await?;
    let doctor = server.command(&["doctor"]).await?;
    let (postgres, engine) = (&doctor["database"]["version"], &doctor["codeRunner"]["engine"]);
    let engine_version = &doctor["codeRunner"]["version"];
    report.stands_on(json!({ "postgres": postgres, "codeRunner": engine, "codeRunnerVersion": engine_version }));
    let on_v8 = *engine == "v8";
    let mut load = Load { server: &server, database: &database, duration: Duration::from_secs(seconds), report };
    if wanted("P1") {
        let url = server.import("bench", &workflows::set()).await?;
        load.measure("P1", &url, 64, Limits { per_second: Some(5_000.0), ..Limits::NONE }).await?;
        load.measure("P1", &url, 16, Limits { p99_ms: Some(10.0), ..Limits::NONE }).await?;
        load.measure("P1", &url, 1, Limits { p50_ms: Some(1.0), ..Limits::NONE }).await?;
    }
    if wanted("P2") {
        let url = server.import("bench", &workflows::code(1)).await?;
        let least = if on_v8 { 1_000.0 } else { 250.0 };
        load.measure("P2", &url, 64, Limits { per_second: Some(least), ..Limits::NONE }).await?;
        load.measure("P2", &url, 1, Limits { p50_ms: Some(3.0), ..Limits::NONE }).await?;
    }
    if wanted("P5") {
        let url = server.import("bench", &workflows::code(40)).await?;
        // The reference is for V8; on QuickJS the figure is printed for the record.
        let p50_ms = on_v8.then_some(100.0);
        load.measure("P5", &url, 1, Limits { p50_ms, ..Limits::NONE }).await?;
    }
    cluster.leave().await?;
    server.stop().await
}

struct Load<'a> {
    server: &'a Server,
    database: &'a str,
    duration: Duration,
    report: &'a mut Report,
}

/// What a load should reach.
struct Limits {
    per_second: Option<f64>,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
}

impl Limits {
    const NONE: Self = Self { per_second: None, p50_ms: None, p99_ms: None };
}

impl Load<'_> {
    async fn measure(&mut self, id: &'static str, url: &str, clients: usize, limits: Limits) -> anyhow::Result<()> {
        let (address, request) = prepare(url, workflows::SET_BODY)?;
        closed_loop(&address, &request, clients, Duration::from_secs(2)).await?;
        let (before, wal_before) = (cpu_seconds(self.server.id()), wal::position(self.database).await?);
        let seen = closed_loop(&address, &request, clients, self.duration).await?;
        let spent = cpu_seconds(self.server.id()) - before;
        let written = wal::position(self.database).await? - wal_before;
        let executions = seen.latencies.len() as f64;
        let mut details = seen.details();
        details["serverCpuSecondsPer1000"] = json!((spent / executions * 1e6).round() / 1000.0);
        details["walBytesPerExecution"] = json!((written / executions).round());
        self.report.add(Figure {
            id,
            what: format!("webhook, clients: {clients}, throughput"),
            value: seen.per_second(),
            unit: "executions/s",
            target: limits.per_second.map_or(Target::None, Target::AtLeast),
            details,
        });
        self.latency(id, clients, &seen, ("p50", 0.5, limits.p50_ms));
        self.latency(id, clients, &seen, ("p99", 0.99, limits.p99_ms));
        Ok(())
    }

    fn latency(&mut self, id: &'static str, clients: usize, seen: &Seen, limit: (&str, f64, Option<f64>)) {
        let (name, quantile, Some(most)) = limit else { return };
        self.report.add(Figure {
            id,
            what: format!("webhook, clients: {clients}, {name}"),
            value: seen.quantile_ms(quantile),
            unit: "ms",
            target: Target::AtMost(most),
            details: Value::Null,
        });
    }
}
