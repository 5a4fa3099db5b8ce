//! P1, P2 and P5: webhooks under load, as a client sees them.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};

use crate::load::{Seen, closed_loop};
use crate::report::{Figure, Report, Target};
use crate::server::Server;

const BODY: &str = r#"{"name":"ada","items":[{"price":2,"qty":3},{"price":1.5,"qty":4}]}"#;

/// Measures the webhooks that are wanted.
pub async fn run(program: &Path, seconds: u64, wanted: &dyn Fn(&str) -> bool, report: &mut Report) -> anyhow::Result<()> {
    let server = Server::start(program).await?;
    server.command(&["tenant", "create", "--slug", "bench", "--name", "Bench"]).await?;
    let v8 = report_engine(&server).await? == "v8";
    let duration = Duration::from_secs(seconds);
    if wanted("P1") {
        let url = server.import("bench", &set_workflow()).await?;
        let load = Load { server: &server, url, duration, report };
        load.clients("P1", 64, Some(5_000.0), None, None).await?.clients("P1", 16, None, None, Some(10.0)).await?
            .clients("P1", 1, None, Some(1.0), None).await?;
    }
    if wanted("P2") {
        let url = server.import("bench", &code_workflow(1)).await?;
        let load = Load { server: &server, url, duration, report };
        load.clients("P2", 64, Some(if v8 { 1_000.0 } else { 250.0 }), None, None).await?
            .clients("P2", 1, None, Some(3.0), None).await?;
    }
    if wanted("P5") {
        let url = server.import("bench", &code_workflow(40)).await?;
        Load { server: &server, url, duration, report }.forty_steps(v8).await?;
    }
    server.stop().await?;
    Ok(())
}

async fn report_engine(server: &Server) -> anyhow::Result<String> {
    let doctor = server.command(&["doctor"]).await?;
    Ok(doctor["codeRunner"]["engine"].as_str().unwrap_or_default().to_owned())
}

struct Load<'a> {
    server: &'a Server,
    url: String,
    duration: Duration,
    report: &'a mut Report,
}

impl Load<'_> {
    async fn clients(
        self,
        id: &'static str,
        clients: usize,
        per_second: Option<f64>,
        p50_ms: Option<f64>,
        p99_ms: Option<f64>,
    ) -> anyhow::Result<Self> {
        let (address, request) = prepare(&self.url)?;
        closed_loop(&address, &request, clients, Duration::from_secs(2)).await?;
        let before = Spent::now(self.server.id());
        let seen = closed_loop(&address, &request, clients, self.duration).await?;
        let mut details = seen.details();
        details["cpuSecondsPer1000"] = json!(before.since(self.server.id()) / (seen.latencies.len() as f64 / 1000.0));
        let plural = if clients == 1 { "client" } else { "clients" };
        self.report.add(Figure {
            id,
            what: format!("webhook, {clients} {plural}, throughput"),
            value: seen.per_second(),
            unit: "executions/s",
            target: per_second.map_or(Target::None, Target::AtLeast),
            details,
        });
        self.latency(id, clients, &seen, "p50", 0.5, p50_ms);
        self.latency(id, clients, &seen, "p99", 0.99, p99_ms);
        Ok(self)
    }

    fn latency(&mut self, id: &'static str, clients: usize, seen: &Seen, name: &str, quantile: f64, most: Option<f64>) {
        let Some(most) = most else { return };
        self.report.add(Figure {
            id,
            what: format!("webhook, {clients} at once, {name}"),
            value: seen.quantile_ms(quantile),
            unit: "ms",
            target: Target::AtMost(most),
            details: Value::Null,
        });
    }

    async fn forty_steps(self, v8: bool) -> anyhow::Result<()> {
        let (address, request) = prepare(&self.url)?;
        closed_loop(&address, &request, 1, Duration::from_secs(1)).await?;
        let seen = closed_loop(&address, &request, 1, self.duration).await?;
        self.report.add(Figure {
            id: "P5",
            what: "40 code steps in one execution, p50".into(),
            value: seen.quantile_ms(0.5) / 1000.0,
            unit: "s",
            target: if v8 { Target::AtMost(0.1) } else { Target::None },
            details: seen.details(),
        });
        Ok(())
    }
}

/// Processor seconds of the server's own process.
struct Spent(f64);

impl Spent {
    fn now(id: u32) -> Self {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // Fields 14 and 15 of proc(5), counted after the name in parentheses, in ticks of 1/100 s.
        let fields: Vec<f64> =
            stat.rsplit(')').next().unwrap_or("").split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect();
        Self((fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0)) / 100.0)
    }

    fn since(&self, id: u32) -> f64 {
        Self::now(id).0 - self.0
    }
}

/// The address to connect to and the bytes to send.
fn prepare(url: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let rest = url.strip_prefix("http://").context("a webhook that is not plain HTTP")?;
    let (host, path) = rest.split_once('/').context("a webhook without a path")?;
    let port = host.rsplit_once(':').map_or("80", |(_, port)| port);
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    Ok((format!("127.0.0.1:{port}"), request.into_bytes()))
}

/// Webhook → Set with two expressions → answer of the last node.
fn set_workflow() -> Value {
    let assignment = |name: &str, kind: &str, value: &str| json!({ "id": name, "name": name, "type": kind, "value": value });
    workflow(
        "Set",
        vec![json!({
            "id": "0a0ac9a4-46ea-4b2c-9d5d-3e0cf0f0a002", "name": "Set", "type": "n8n-nodes-base.set", "typeVersion": 3.4,
            "position": [300, 0],
            "parameters": { "assignments": { "assignments": [
                assignment("greeting", "string", "={{ 'Hello ' + $json.body.name.toUpperCase() }}"),
                assignment("total", "number", "={{ $json.body.items.reduce((s,i)=>s+i.price*i.qty,0) }}"),
            ] }, "options": {} }
        })],
    )
}

/// Webhook → so many JavaScript code nodes → answer of the last node.
fn code_workflow(nodes: u32) -> Value {
    let code = "return $input.all().map(item => ({ json: { n: (item.json.n ?? 0) + 1 } }));";
    workflow(
        "Code",
        (1..=nodes)
            .map(|number| {
                json!({
                    "id": format!("0a0ac9a4-46ea-4b2c-9d5d-3e0cf0f0b{number:03}"), "name": format!("Code {number}"),
                    "type": "n8n-nodes-base.code", "typeVersion": 2, "position": [300 * number, 0],
                    "parameters": { "jsCode": code }
                })
            })
            .collect(),
    )
}

fn workflow(name: &str, nodes: Vec<Value>) -> Value {
    let webhook = json!({
        "id": "0a0ac9a4-46ea-4b2c-9d5d-3e0cf0f0a001", "name": "Webhook", "type": "n8n-nodes-base.webhook", "typeVersion": 2,
        "position": [0, 0], "webhookId": "bench",
        "parameters": { "httpMethod": "POST", "path": "bench", "responseMode": "lastNode", "options": {} }
    });
    let all: Vec<Value> = std::iter::once(webhook).chain(nodes).collect();
    let mut connections = serde_json::Map::new();
    for pair in all.windows(2) {
        let edge = json!({ "main": [[{ "node": pair[1]["name"], "type": "main", "index": 0 }]] });
        connections.insert(pair[0]["name"].as_str().unwrap_or_default().to_owned(), edge);
    }
    json!({ "name": format!("Bench {name} {}", all.len()), "nodes": all, "connections": connections, "settings": { "executionOrder": "v1" } })
}
