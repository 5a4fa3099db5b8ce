//! `weft projection`: read models from the command line.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;
use weft_model::TenantId;
use weft_projector::{Rebuild, Rebuilt};
use weft_scope::OwnerConnection;

use crate::commands::tenant::{find, list};
use crate::operator::Operator;
use crate::settings::Settings;

/// What to do with read models.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Replays the log into a new generation beside the live one, then switches.
    Rebuild(Which),
    /// Rebuilds, and says whether the rows are the same as before.
    Verify(Which),
}

/// Which read models of which tenants.
#[derive(Debug, Args)]
pub struct Which {
    /// A projection (workflows, executions, usage, members, variables, tenant, audit); all when left out.
    projections: Vec<String>,
    /// The tenant's slug.
    #[arg(long, required_unless_present = "all")]
    tenant: Option<String>,
    /// Every tenant.
    #[arg(long, conflicts_with = "tenant")]
    all: bool,
}

/// Executes the command.
pub async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let operator = Operator::open(&settings).await?;
    let code = match command {
        Command::Rebuild(which) => rebuild(&operator, &settings, which).await,
        Command::Verify(which) => verify(&operator, &settings, which).await,
    };
    operator.close().await?;
    code
}

async fn tenants(operator: &Operator, which: &Which) -> anyhow::Result<Vec<TenantId>> {
    match &which.tenant {
        Some(slug) => Ok(vec![find(&operator.resources, slug).await?]),
        None => Ok(list(&operator.resources).await?.into_iter().map(|(_, tenant)| tenant).collect()),
    }
}

async fn replay(operator: &Operator, projections: Vec<String>, tenants: Vec<TenantId>) -> anyhow::Result<Rebuilt> {
    let mut owner = OwnerConnection::connect(&operator.resources.database.urls.owner).await?;
    let rebuilt = operator.projector.rebuild(&mut owner, &Rebuild { projections, tenants }).await?;
    owner.close().await?;
    Ok(rebuilt)
}

async fn rebuild(operator: &Operator, settings: &Settings, which: Which) -> anyhow::Result<ExitCode> {
    let tenants = tenants(operator, &which).await?;
    let rebuilt = replay(operator, which.projections, tenants).await?;
    let per_second = rebuilt.events as f64 / rebuilt.took.as_secs_f64().max(1e-9);
    if settings.json {
        println!(
            "{}",
            json!({
                "generation": rebuilt.generation, "projections": rebuilt.projections, "tenants": rebuilt.tenants,
                "events": rebuilt.events, "seconds": rebuilt.took.as_secs_f64(), "eventsPerSecond": per_second,
            })
        );
    } else {
        println!(
            "{} events of {} tenants folded in {:.1} s ({per_second:.0}/s); generation {} is live.",
            rebuilt.events,
            rebuilt.tenants,
            rebuilt.took.as_secs_f64(),
            rebuilt.generation
        );
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify(operator: &Operator, settings: &Settings, which: Which) -> anyhow::Result<ExitCode> {
    let tenants = tenants(operator, &which).await?;
    let tables = tables(operator).await?;
    let mut different = Vec::new();
    for tenant in tenants {
        operator.projector.catch_up(tenant).await?;
        let before = digests(operator, tenant, &tables).await?;
        replay(operator, which.projections.clone(), vec![tenant]).await?;
        let after = digests(operator, tenant, &tables).await?;
        different
            .extend(before.iter().filter(|(table, rows)| after.get(*table) != Some(*rows)).map(|(t, _)| t.clone()));
    }
    if settings.json {
        println!("{}", json!({ "equal": different.is_empty(), "different": different }));
    } else if different.is_empty() {
        println!("Every read model equals a fold of the log.");
    } else {
        println!("These tables differed from a fold of the log and were replaced: {}", different.join(", "));
    }
    Ok(if different.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The tables of the read side; which there are is the owner's to know.
async fn tables(operator: &Operator) -> anyhow::Result<Vec<String>> {
    let mut owner = OwnerConnection::connect(&operator.resources.database.urls.owner).await?;
    let tables = sqlx::query_scalar("select distinct table_name from weft.projection_tables")
        .fetch_all(&mut *owner)
        .await
        .context("the read side's tables could not be listed")?;
    owner.close().await?;
    Ok(tables)
}

/// A digest of the tenant's rows in each of the tables.
async fn digests(operator: &Operator, tenant: TenantId, tables: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut reading = weft_projections::reading(&operator.resources.scope, tenant).await?;
    let mut digests = BTreeMap::new();
    for table in tables {
        let digest = weft_projections::digest(&mut reading, tenant, table).await?;
        digests.insert(table.clone(), digest);
    }
    Ok(digests)
}
