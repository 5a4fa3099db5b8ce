//! `weft execute`: a workflow file, once, in memory.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use weft_engine::kinds::Kinds;
use weft_engine::{OnceReport, OnceStatus, RunOnce, RunReport, Services, StepFiles, prettify, run_once};
use weft_event_log::MemoryFiles;
use weft_import::Import;
use weft_model::Graph;
use weft_value::{BinaryRef, Item, Value};

use crate::commands::given::{Given, credentials};
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
    /// A file that says where to start and with what: `{"node":"Webhook","items":[{"json":{}}]}`. Its `credentials` are what nodes
    /// sign in with, by the node's name: `{"Ask":{"type":"bearer","fields":{"token":"…"}}}`; they are kept nowhere.
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
    credentials: BTreeMap<String, Given>,
}

/// Executes the command.
pub async fn run(settings: Settings, arguments: Arguments) -> anyhow::Result<ExitCode> {
    let kinds = Kinds::default();
    let text = read(&arguments.file)?;
    let mut imports = parse(arguments.format, &text, kinds.catalogue())?;
    let Some(Import { mut definition, .. }) = imports.pop().filter(|_| imports.is_empty()) else {
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
    let credentials = credentials(start.credentials, &kinds, &mut definition.graph)?;
    let names = definition.graph.clone();
    let report = run_once(RunOnce {
        name: definition.name,
        graph: definition.graph,
        trigger,
        items: start.items,
        time_zone: TimeZone::get(&arguments.timezone).map_err(|error| anyhow!("{error}"))?,
        variables: Value::empty_object(),
        services: Services { credentials, files: Some(Arc::new(MemoryFiles::default())), ..services(&settings)? },
        kinds,
        longest_wait: Duration::from_secs(arguments.longest_wait),
    })
    .await;
    let Some(report) = report else { bail!("nothing starts this workflow: add a trigger, or name one with --trigger") };
    match arguments.output {
        Output::Json => println!("{}", as_json(&report).await?),
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

/// The largest file that is printed.
const MOST_PRINTED: usize = 64 << 20;

async fn as_json(report: &OnceReport) -> anyhow::Result<Json> {
    let mut nodes = Map::new();
    for node in &report.nodes {
        let mut runs = Vec::with_capacity(node.runs.len());
        for run in &node.runs {
            runs.push(run_json(run, &report.files).await?);
        }
        nodes.insert(node.name.clone(), json!({ "runs": runs }));
    }
    Ok(json!({ "status": word(report.status), "nodes": nodes, "order": report.order, "error": report.error }))
}

async fn run_json(run: &RunReport, files: &StepFiles) -> anyhow::Result<Json> {
    let mut outputs = Vec::with_capacity(run.outputs.len());
    for items in &run.outputs {
        let mut printed = Vec::with_capacity(items.len());
        for item in items.iter() {
            printed.push(item_json(item, files).await?);
        }
        outputs.push(printed);
    }
    Ok(json!({ "outputs": outputs, "error": run.error }))
}

/// An item as n8n shows it, with the bytes of its files.
async fn item_json(item: &Item, files: &StepFiles) -> anyhow::Result<Json> {
    let mut json = serde_json::to_value(item)?;
    for (name, file) in item.binary.iter().flat_map(|files| files.iter()) {
        json["binary"][name] = file_json(file, files).await?;
    }
    Ok(json)
}

async fn file_json(file: &BinaryRef, files: &StepFiles) -> anyhow::Result<Json> {
    let data = BASE64.encode(files.read(file, MOST_PRINTED).await?);
    let mut json = json!({ "mimeType": file.mime_type, "data": data, "fileSize": prettify(file.size) });
    let texts =
        [("fileType", file.file_type()), ("fileName", file.file_name.as_deref()), ("fileExtension", file.extension())];
    for (key, text) in texts {
        if let Some(text) = text {
            json[key] = text.into();
        }
    }
    Ok(json)
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
