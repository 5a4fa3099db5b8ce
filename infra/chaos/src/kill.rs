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
/// Points at which executions are under way, so that somebody must take them over.
const UNDER_WAY: [&str; 3] = ["after_start", "after_side_effect", "after_append"];
/// The calls of the survivor's clients are numbered from here.
const SURVIVORS: u64 = 1 << 32;

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
    let survivor_url = url.replace(&format!(":{}/", doomed.port()?), &format!(":{}/", arena.server.port()?));
    let load = Load::start(&url, setting.clients);
    let beside = Load::numbered_from(SURVIVORS, &survivor_url, 2);
    doomed.ended(Duration::from_mins(1)).await?;
    #[expect(clippy::disallowed_methods, reason = "compared with the database's clock, which is this machine's")]
    let died = Timestamp::now();
    let mut told = load.stop().await;
    // The survivor takes over while it has work of its own.
    let before = beside.count();
    beside.reach(before + 100).await?;
    told.executions.extend(beside.stop().await.executions);
    let ledger = settle(&arena.server, Duration::from_secs(20)).await?;
    let took = ledger.last_adoption().map_or(0.0, |adopted| adopted.duration_since(died).as_secs_f64().max(0.0));
    let verdict = ledger.judge(&arena.server, &told).await?;
    let twice = arena.counter.repeated();
    let outcome = Outcome {
        case: format!("F1 {point}"),
        injected: format!(
            "the server killed itself at pass {PASS} under {} clients, 2 more at the survivor",
            setting.clients
        ),
        counted: format!(
            "{} acknowledged, {} executions, {} adopted within {took:.1} s, {} uncertain, {} calls outside, {twice} of them twice",
            told.executions.len(),
            verdict.executions,
            verdict.adopted,
            verdict.uncertain,
            arena.counter.different(),
        ),
        lost: verdict.in_words(),
        passed: verdict.is_clean()
            && twice == 0
            && took <= 5.0
            && !told.executions.is_empty()
            && (verdict.adopted > 0 || !UNDER_WAY.contains(&point)),
    };
    arena.server.stop().await?;
    Ok(outcome)
}
