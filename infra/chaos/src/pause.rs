//! F2: a server is stopped for 30 s, another takes its executions over, and the first one wakes up again.

use std::time::Duration;

use weft_trial::{Server, workflows};

use crate::Outcome;
use crate::arena::{Arena, Setting, TENANT};
use crate::ledger::settle;
use crate::load::Load;

/// How long the process is stopped.
const PAUSE: Duration = Duration::from_secs(30);

/// One outcome.
pub async fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let arena = Arena::open(setting, &[]).await?;
    let zombie = Server::start(arena.options()).await?;
    let url = zombie.import(TENANT, &workflows::side_effect(&arena.counter.address)).await?;
    let load = Load::start(&url, setting.clients);
    load.reach(500).await?;
    zombie.signal("STOP").await?;
    tokio::time::sleep(PAUSE).await;
    zombie.signal("CONT").await?;
    let before = load.count();
    load.reach(before + 100).await?;
    let told = load.stop().await;
    let ledger = settle(&arena.server, Duration::from_secs(20)).await?;
    let verdict = ledger.judge(&arena.server, &told).await?;
    let twice = arena.counter.repeated();
    zombie.stop().await?;
    arena.server.stop().await?;
    Ok(Outcome {
        case: "F2 a zombie".into(),
        injected: format!("SIGSTOP for {} s with a second server beside, then SIGCONT", PAUSE.as_secs()),
        counted: format!(
            "{} acknowledged, {} adopted, {} uncertain, {} calls outside, {twice} of them twice",
            told.executions.len(),
            verdict.adopted,
            verdict.uncertain,
            arena.counter.different()
        ),
        lost: verdict.in_words(),
        passed: verdict.is_clean() && twice == 0 && verdict.adopted > 0,
    }
    .announce())
}
