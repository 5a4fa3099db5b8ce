//! F3: PostgreSQL is restarted under load, the fast and the immediate way.

use std::time::{Duration, Instant};

use weft_postgres::{Cluster, ClusterSettings, StopMode};
use weft_trial::{Server, workflows};

use crate::Outcome;
use crate::arena::{Arena, Setting, TENANT};
use crate::ledger::{Ledger, settle};
use crate::load::Load;

/// How long a schedule may take to go on.
const PATIENCE: Duration = Duration::from_secs(20);

/// One outcome for each way.
pub async fn run(setting: &Setting) -> anyhow::Result<Vec<Outcome>> {
    let fast = restart(setting, StopMode::Fast, "fast").await?;
    let immediate = restart(setting, StopMode::Immediate, "immediate").await?;
    Ok(vec![fast, immediate])
}

async fn restart(setting: &Setting, mode: StopMode, name: &str) -> anyhow::Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let cluster = Cluster::start(ClusterSettings::new(folder.path())).await?;
    let url = cluster.ensure_database("weft").await?;
    let mut arena = Arena::open(setting, &[("DATABASE_URL", url)]).await?;
    let hook = arena.publish(&workflows::set_number()).await?;
    let schedule = arena.server.import_silent(TENANT, &workflows::every_second()).await?;
    let began = Instant::now();
    let load = Load::start(&hook, setting.clients);
    for round in 1..=3 {
        load.reach(round * 500).await?;
        cluster.restart(mode).await?;
    }
    let ticks_before = Ledger::read(&arena.server).await?.executions_of(&schedule);
    let before = load.count();
    load.reach(before + 500).await?;
    let ticks = ticks_after(&arena.server, &schedule, ticks_before).await?;
    // A tick that was missed is made up for once, so there is never more than one a second.
    let seconds = began.elapsed().as_secs() as usize + 1;
    let told = load.stop().await;
    let alive = arena.server.is_alive()?;
    let ledger = settle(&arena.server, Duration::from_secs(20)).await?;
    // The schedule goes on as long as the server does, and read models are compared with a log that rests.
    arena.server.signal("TERM").await?;
    arena.server.ended(PATIENCE).await?;
    let verdict = ledger.judge(&arena.server, &told).await?;
    let outcome = Outcome {
        case: format!("F3 restart, {name}"),
        injected: format!("PostgreSQL restarted 3 times ({name}) under {} clients", setting.clients),
        counted: format!(
            "{} acknowledged, {} refused and tried again, {} executions, {ticks} ticks of a schedule in {seconds} s",
            told.executions.len(),
            told.refused,
            verdict.executions
        ),
        lost: verdict.in_words(),
        passed: verdict.is_clean() && alive && ticks > ticks_before && ticks <= seconds,
    };
    cluster.leave().await?;
    Ok(outcome.announce())
}

/// How often the schedule has fired, once it fires again after the last restart; what it was before when it does not.
async fn ticks_after(server: &Server, schedule: &str, before: usize) -> anyhow::Result<usize> {
    let until = Instant::now() + PATIENCE;
    loop {
        let ticks = Ledger::read(server).await?.executions_of(schedule);
        if ticks > before || Instant::now() > until {
            return Ok(ticks);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
