//! `weft execute`: a workflow file, once, in memory.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use weft_engine::kinds::Kinds;
use weft_engine::{OnceReport, OnceStatus, RunOnce, RunReport, run_once};
use weft_import::Import;
use weft_model::Graph;
use weft_value::{Item, Value};

use crate::commands::import::{Format, parse, read};
use crate::operator::services;
use crate::settings::Settings;

/// What to execute.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The workflow file.
    file: PathBuf,
    /// Its format.
    #[arg(long, value_enum, default_value_t = Format::Weft)]
    format: Format,
    /// A file that says where to start and with what: `{"node":"Webhook","items":[{"json":{}}]}`.
    #[arg(long)]
    trigger: Option<PathBuf>,
    /// The time zone of a workflow that names none.
    #[arg(long, default_value = "UTC")]
    timezone: String,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t = Output::Json)]
    output: Output,
    /// The longest wait that is spent here, in seconds; longer ones end the execution as waiting.
    #[arg(long, default_value_t = 120)]
    longest_wait: u64,
}

/// How a result looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    /// One JSON object.
    Json,
    /// A line for each step.
    Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Start {
    node: Option<String>,
    items: Vec<Item>,
}

/// Executes the command.
pub async fn run(settings: Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let kinds = Kinds::default();
    let text = read(&arguments.file)?;
    let mut imports = parse(arguments.format, &text, kinds.catalogue())?;
    let Some(Import { definition, .. }) = imports.pop().filter(|_| imports.is_empty()) else {
        bail!("the file holds {} workflows; one can be executed", imports.len() + 1)
    };
    let start: Start = match &arguments.trigger {
        Some(file) => {
            serde_json::from_str(&read(file)?).with_context(|| format!("{} is not understood", file.display()))?
        }
        None => Start::default(),
    };
    let trigger = match &start.node {
        Some(name) => {
            Some(definition.graph.node_named(name).with_context(|| format!("there is no node \"{name}\""))?.id)
        }
        None => None,
    };
    let names = definition.graph.clone();
    let report = run_once(RunOnce {
        name: definition.name,
        graph: definition.graph,
        trigger,
        items: start.items,
        time_zone: TimeZone::get(&arguments.timezone).map_err(|error| anyhow!("{error}"))?,
        variables: Value::empty_object(),
        services: services(&settings)?,
        kinds,
        longest_wait: Duration::from_secs(arguments.longest_wait),
    })
    .await;
    let Some(report) = report else { bail!("nothing starts this workflow: add a trigger, or name one with --trigger") };
    match arguments.output {
        Output::Json => println!("{}", as_json(&report)),
        Output::Text => print_text(&report, &names),
    }
    Ok(ExitCode::SUCCESS)
}

fn word(status: OnceStatus) -> &'static str {
    match status {
        OnceStatus::Success => "success",
        OnceStatus::Error => "error",
        OnceStatus::Waiting => "waiting",
    }
}

fn as_json(report: &OnceReport) -> Json {
    let nodes: Map<String, Json> = report
        .nodes
        .iter()
        .map(|node| (node.name.clone(), json!({ "runs": node.runs.iter().map(run_json).collect::<Vec<_>>() })))
        .collect();
    json!({ "status": word(report.status), "nodes": nodes, "order": report.order, "error": report.error })
}

fn run_json(run: &RunReport) -> Json {
    let outputs: Vec<Vec<Json>> = run
        .outputs
        .iter()
        .map(|items| items.iter().map(|item| serde_json::to_value(item).unwrap_or_default()).collect())
        .collect();
    json!({ "outputs": outputs, "error": run.error })
}

fn print_text(report: &OnceReport, graph: &Graph) {
    for name in &report.order {
        let kind = graph.node_named(name).map_or("", |node| node.kind.as_str());
        println!("{name} ({kind})");
    }
    println!("{}", word(report.status));
    if let Some(error) = &report.error {
        println!("{}", error.message);
    }
}
