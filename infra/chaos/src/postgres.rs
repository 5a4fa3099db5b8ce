//! F3: PostgreSQL is restarted under load, the fast and the immediate way.

use std::time::Duration;

use weft_postgres::{Cluster, ClusterSettings, StopMode};
use weft_trial::workflows;

use crate::Outcome;
use crate::arena::{Arena, Setting};
use crate::ledger::settle;
use crate::load::Load;

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
    let load = Load::start(&hook, setting.clients);
    for round in 1..=3 {
        load.reach(round * 500).await;
        cluster.restart(mode).await?;
    }
    let before = load.count();
    load.reach(before + 500).await;
    let told = load.stop().await;
    let alive = arena.server.is_alive()?;
    let ledger = settle(&arena.server, Duration::from_secs(20)).await?;
    let verdict = ledger.judge(&arena.server, &told).await?;
    let outcome = Outcome {
        case: format!("F3 restart, {name}"),
        injected: format!("PostgreSQL restarted 3 times ({name}) under {} clients", setting.clients),
        counted: format!(
            "{} acknowledged, {} refused and tried again, {} executions",
            told.executions.len(),
            told.refused,
            verdict.executions
        ),
        lost: format!(
            "{} lost, {} steps repeated, {} stuck, {} gaps",
            verdict.lost, verdict.repeated, verdict.stuck, verdict.gaps
        ),
        passed: verdict.is_clean() && alive,
    };
    arena.server.stop().await?;
    cluster.leave().await?;
    Ok(outcome.announce())
}
