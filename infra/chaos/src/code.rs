//! F10: code that abuses its isolate, through the real server, with well-behaved neighbours beside it.

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::net::TcpStream;
use weft_trial::{Server, exchange, prepare, workflows};

use crate::Outcome;
use crate::arena::{Arena, Setting, TENANT};
use crate::ledger::settle;
use crate::load::{Acknowledged, Load, execution_of};

/// The processor time that a code step may take by default, and the slack that ending it may need, in milliseconds.
const LIMIT_MS: u64 = 10_000;
const SLACK_MS: u64 = 100;
/// What it may take by the clock, beside neighbours that want the processor too.
const WALL: Duration = Duration::from_secs(30);
/// How long what is under way may go on at the end.
const SETTLING: Duration = Duration::from_secs(20);

const ABUSES: [(&str, &str); 11] = [
    ("endless loop", "for (;;) {}"),
    ("endless promises", "const f = () => Promise.resolve().then(f); await f(); await new Promise(() => {});"),
    ("heap bomb", "const a = []; for (;;) a.push(new Array(1e5).fill({}));"),
    ("ArrayBuffer bomb", "const a = []; for (;;) a.push(new ArrayBuffer(64 * 1024 * 1024));"),
    ("huge string", "let s = 'x'; for (;;) s += s + 'y';"),
    ("catastrophic regex", "return [{ json: { m: /^(a+)+$/.test('a'.repeat(60) + '!') } }];"),
    ("deep recursion", "const f = () => f() + 1; return f();"),
    ("prototype tricks", "this.constructor.constructor('return process')().exit();"),
    ("file", "return await import('node:fs');"),
    ("connection", "return await fetch('http://127.0.0.1:1/');"),
    ("process", "return new Deno.Command('/bin/true').outputSync();"),
];

/// One outcome for each abuse.
pub async fn run(setting: &Setting) -> anyhow::Result<Vec<Outcome>> {
    let arena = Arena::open(setting, &[]).await?;
    let neighbour = arena.publish(&workflows::code(1)).await?;
    let mut outcomes = Vec::new();
    let mut all = Acknowledged::default();
    for (name, code) in ABUSES {
        let hook = arena.publish(&workflows::code_of(name, code)).await?;
        let (address, request) = prepare(&hook, "{}")?;
        let load = Load::start(&neighbour, 2);
        load.reach(5).await?;
        let before = load.count();
        let mut stream = TcpStream::connect(address).await?;
        let mut answer = Vec::new();
        let began = Instant::now();
        let succeeded = exchange(&mut stream, &request, &mut answer).await?;
        let took = began.elapsed();
        let meanwhile = load.count() - before;
        load.reach(before + 20).await?;
        let told = load.stop().await;
        let spent = processor_ms(&arena.server, &answer).await?;
        outcomes.push(
            Outcome {
                case: format!("F10 {name}"),
                injected: code.to_owned(),
                counted: format!(
                    "ended after {:.2} s ({spent} ms of the processor); neighbours: {meanwhile} answered meanwhile, {} in all",
                    took.as_secs_f64(),
                    told.executions.len()
                ),
                lost: format!("{} calls of neighbours refused", told.refused),
                passed: !succeeded
                    && spent <= LIMIT_MS + SLACK_MS
                    && took <= WALL
                    && told.refused == 0
                    && (meanwhile > 0 || took < Duration::from_secs(1)),
            }
            .announce(),
        );
        all.add(told);
    }
    outcomes.push(afterwards(&arena, &all).await?);
    arena.server.stop().await?;
    Ok(outcomes)
}

/// What the log says when all of it is over.
async fn afterwards(arena: &Arena, told: &Acknowledged) -> anyhow::Result<Outcome> {
    let verdict = settle(&arena.server, SETTLING).await?.judge(&arena.server, told).await?;
    Ok(Outcome {
        case: "F10 afterwards".into(),
        injected: format!("{} abuses, one after the other", ABUSES.len()),
        counted: format!("{} acknowledged to neighbours, {} executions", told.executions.len(), verdict.executions),
        lost: verdict.in_words(),
        passed: verdict.is_clean(),
    }
    .announce())
}

/// How long the code of the execution that `answer` names ran, as its failed step says.
async fn processor_ms(server: &Server, answer: &[u8]) -> anyhow::Result<u64> {
    let execution = execution_of(answer).context("an answer that names no execution")?;
    let events = server.lines(&["log", "tail", "--tenant", TENANT, "--all"]).await?;
    let failed = events.iter().find(|event| event["type"] == "execution.step_failed" && event["stream"] == execution);
    Ok(failed.context("no step failed")?["data"]["codeMs"].as_u64().unwrap_or_default())
}
