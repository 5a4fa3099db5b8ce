//! `weft log`: a tenant's log from the command line.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value as Json, json};
use weft_event_log::{HeadKey, Log, LogHead, Recorded, SignedHead, Verification};
use weft_model::{Position, TenantId};

use crate::commands::tenant::{find, list};
use crate::resources::Resources;
use crate::settings::Settings;

/// Events that are read at once.
const PAGE: usize = 1_000;

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Checks every hash from the first event to the head, and names everything that is wrong.
    Verify(Verify),
    /// Prints the newest events, or all of them.
    Tail(Tail),
    /// Prints the last position and hash, signed: whoever keeps it can tell later whether anything before it was changed.
    Head(Which),
}

/// Which tenants.
#[derive(Debug, Args)]
pub struct Which {
    /// The tenant's slug.
    #[arg(long, required_unless_present = "all")]
    tenant: Option<String>,
    /// Every tenant.
    #[arg(long, conflicts_with = "tenant")]
    all: bool,
}

/// What to verify.
#[derive(Debug, Args)]
pub struct Verify {
    #[command(flatten)]
    which: Which,
    /// A file with a head that `weft log head` printed earlier: the log must go on from it.
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    head: Option<PathBuf>,
}

/// Which events.
#[derive(Debug, Args)]
pub struct Tail {
    /// The tenant's slug.
    #[arg(long)]
    tenant: String,
    /// How many events.
    #[arg(short = 'n', long, default_value_t = 20)]
    lines: u64,
    /// Every event from the first one.
    #[arg(long)]
    all: bool,
}

/// Executes the command.
pub async fn run(settings: Settings, command: Command) -> anyhow::Result<ExitCode> {
    let resources = Resources::open(&settings).await?;
    let code = match command {
        Command::Verify(what) => verify(&resources, &settings, what).await,
        Command::Tail(tail) => print(&resources, &settings, tail).await,
        Command::Head(which) => head(&resources, which).await,
    };
    resources.close().await?;
    code
}

async fn tenants(resources: &Resources, which: Which) -> anyhow::Result<Vec<(String, TenantId)>> {
    match which.tenant {
        Some(slug) => Ok(vec![(slug.clone(), find(resources, &slug).await?)]),
        None => list(resources).await,
    }
}

async fn verify(resources: &Resources, settings: &Settings, what: Verify) -> anyhow::Result<ExitCode> {
    let kept = what.head.as_deref().map(|file| kept_head(resources, file)).transpose()?;
    let mut is_sound = true;
    for (slug, tenant) in tenants(resources, what.which).await? {
        let report = match kept {
            None => resources.log.verify(tenant).await?,
            Some((of, head)) if of == tenant => resources.log.verify_against(tenant, head).await?,
            Some(_) => bail!("the signed head belongs to another tenant than \"{slug}\""),
        };
        is_sound &= report.is_sound();
        show(settings, &slug, &report);
    }
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads a head that was printed earlier. Whatever else is in the file is left alone.
fn kept_head(resources: &Resources, file: &Path) -> anyhow::Result<(TenantId, LogHead)> {
    let text = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let signed: SignedHead = serde_json::from_slice(&text)
        .with_context(|| format!("{} does not hold one line of `weft log head`", file.display()))?;
    let head = HeadKey::of(&resources.master_key).check(&signed)?;
    Ok((signed.tenant_id, head))
}

fn show(settings: &Settings, slug: &str, report: &Verification) {
    if settings.json {
        println!(
            "{}",
            json!({
                "tenant": slug,
                "sound": report.is_sound(),
                "events": report.events,
                "expiredPayloads": report.expired_payloads,
                "findings": report.findings.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })
        );
    } else if report.is_sound() {
        println!(
            "{slug}: {} events, the chain is sound ({} payloads have expired)",
            report.events, report.expired_payloads
        );
    } else {
        println!("{slug}: {} events, and the chain is broken:", report.events);
        for finding in &report.findings {
            println!("  {finding}");
        }
    }
}

async fn head(resources: &Resources, which: Which) -> anyhow::Result<ExitCode> {
    let key = HeadKey::of(&resources.master_key);
    for (slug, tenant) in tenants(resources, which).await? {
        let signed = resources.log.log_head(tenant).await?.map(|head| key.sign(tenant, head));
        println!("{}", serde_json::to_string(&Head { tenant: slug, signed })?);
    }
    Ok(ExitCode::SUCCESS)
}

/// A tenant's head; of an empty log, its name alone.
#[derive(Serialize)]
struct Head {
    tenant: String,
    #[serde(flatten)]
    signed: Option<SignedHead>,
}

async fn print(resources: &Resources, settings: &Settings, tail: Tail) -> anyhow::Result<ExitCode> {
    let tenant = find(resources, &tail.tenant).await?;
    let head = resources.log.head(tenant).await?.0;
    let mut after = Position(if tail.all { 0 } else { head.saturating_sub(tail.lines) });
    let mut output = BufWriter::new(std::io::stdout().lock());
    loop {
        let events = resources.log.read(tenant, after, PAGE).await?;
        let Some(last) = events.last() else { return Ok(ExitCode::SUCCESS) };
        after = last.position;
        for event in &events {
            if settings.json {
                writeln!(output, "{}", described(event))?;
            } else {
                let body = String::from_utf8_lossy(&event.body);
                writeln!(output, "{:>8}  {}  {}  {body}", event.position.0, event.recorded_at, event.wire_type)?;
            }
        }
        output.flush()?;
    }
}

fn described(event: &Recorded) -> Json {
    json!({
        "position": event.position.0,
        "stream": event.stream.to_string(),
        "version": event.version.0,
        "type": event.wire_type,
        "typeVersion": event.wire_version,
        "at": event.recorded_at.to_string(),
        "actor": event.actor,
        "correlation": event.correlation.to_string(),
        "data": serde_json::from_slice::<Json>(&event.body).unwrap_or_default(),
    })
}
