//! F1: the server dies by its own hand at each point of the protocol, under load, while a second one runs beside it.

use std::time::Duration;

use jiff::Timestamp;
use weft_trial::{Server, workflows};

use crate::Outcome;
use crate::arena::{Arena, Setting};
use crate::ledger::settle;
use crate::load::Load;

/// The points, as the engine names them.
const POINTS: [&str; 5] = ["before_start", "after_start", "after_side_effect", "after_append", "before_answer"];
/// The process dies when it passes the point for the 300th time: in the middle of the load.
const PASS: u32 = 300;

/// One outcome for each point.
pub async fn run(setting: &Setting) -> anyhow::Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for point in POINTS {
        outcomes.push(at(setting, point).await?.announce());
    }
    Ok(outcomes)
}

async fn at(setting: &Setting, point: &str) -> anyhow::Result<Outcome> {
    let arena = Arena::open(setting, &[]).await?;
    let doomed = arena.options().with("WEFT_FAIL_POINT", format!("{point}:{PASS}"));
    let mut doomed = Server::start(doomed).await?;
    let url = doomed.import(crate::arena::TENANT, &workflows::side_effect(&arena.counter.address)).await?;
    let load = Load::start(&url, setting.clients);
    doomed.ended(Duration::from_mins(1)).await?;
    #[expect(clippy::disallowed_methods, reason = "compared with the database's clock, which is this machine's")]
    let died = Timestamp::now();
    let told = load.stop().await;
    let ledger = settle(&arena.server, Duration::from_secs(20)).await?;
    let took = ledger.last_adoption().map_or(0.0, |adopted| adopted.duration_since(died).as_secs_f64().max(0.0));
    let verdict = ledger.judge(&arena.server, &told).await?;
    let twice = arena.counter.repeated();
    let outcome = Outcome {
        case: format!("F1 {point}"),
        injected: format!("the server killed itself at pass {PASS} under {} clients", setting.clients),
        counted: format!(
            "{} acknowledged, {} executions, {} adopted within {took:.1} s, {} uncertain, {} calls outside, {twice} of them twice",
            told.executions.len(),
            verdict.executions,
            verdict.adopted,
            verdict.uncertain,
            arena.counter.different(),
        ),
        lost: format!(
            "{} lost, {} steps repeated, {} stuck, {} gaps",
            verdict.lost, verdict.repeated, verdict.stuck, verdict.gaps
        ),
        passed: verdict.is_clean() && twice == 0 && took <= 5.0 && !told.executions.is_empty(),
    };
    arena.server.stop().await?;
    Ok(outcome)
}
