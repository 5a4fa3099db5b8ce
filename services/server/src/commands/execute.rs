//! `weft execute`: a workflow file, once, in memory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use clap::{Args, ValueEnum};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use weft_engine::kinds::Kinds;
use weft_engine::{OnceReport, OnceStatus, RunOnce, RunReport, Services, StepFiles, prettify, run_once};
use weft_event_log::MemoryFiles;
use weft_import::{Import, read_env};
use weft_model::Graph;
use weft_value::{BinaryRef, Item, Object, Value, mend_lone_halves};

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
    /// A `.env` file whose variables expressions find in `$vars`.
    #[arg(long, value_name = "FILE")]
    variables: Option<PathBuf>,
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
    let mut imports = parse(arguments.format, &arguments.file, &text, kinds.catalogue())?;
    let Some(Import { mut definition, .. }) = imports.pop().filter(|_| imports.is_empty()) else {
        bail!("{} holds {} workflows; one can be executed", arguments.file.display(), imports.len() + 1)
    };
    let start = arguments.trigger.as_deref().map(start).transpose()?.unwrap_or_default();
    let variables = arguments.variables.as_deref().map(variables).transpose()?;
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
        time_zone: time_zone(&arguments.timezone)?,
        variables: variables.unwrap_or_else(Value::empty_object),
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

/// Where to start, and with what, according to a file.
fn start(file: &Path) -> anyhow::Result<Start> {
    let mut text = read(file)?.into_bytes();
    mend_lone_halves(&mut text);
    let file = file.display();
    let said: Json = serde_json::from_slice(&text).with_context(|| format!("{file} is not JSON"))?;
    if !said.is_object() {
        bail!("{file} is no object; write {{\"node\":\"Webhook\",\"items\":[{{\"json\":{{}}}}]}}, for instance");
    }
    let items = said.get("items").and_then(Json::as_array);
    let is_item = |item: &Json| item.is_object() && item["json"].is_object();
    if let Some(place) = items.and_then(|items| items.iter().position(|item| !is_item(item))) {
        bail!("{file}: item {place} is no item; write {{\"json\":{{\"id\":1}}}}, for instance");
    }
    serde_json::from_value(said).with_context(|| format!("{file} is not understood"))
}

/// The variables of a `.env` file.
fn variables(file: &Path) -> anyhow::Result<Value> {
    let set = read_env(&read(file)?).map_err(|fault| anyhow!("{}: {fault}", file.display()))?;
    let set: Object = set.into_iter().map(|variable| (variable.name, Value::from(variable.value))).collect();
    Ok(set.into())
}

/// The time zone of this name; where there is none, the error names those that may be meant.
fn time_zone(name: &str) -> anyhow::Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        let place = |name: &str| name.rsplit('/').next().unwrap_or(name).to_lowercase().replace(' ', "_");
        let zones = TimeZoneDatabase::bundled();
        let known = zones.available().map(|known| known.to_string());
        let alike: Vec<_> = known.filter(|known| place(known) == place(name)).take(3).collect();
        let meant =
            if alike.is_empty() { "UTC, Europe/Paris or America/New_York".to_owned() } else { alike.join(" or ") };
        anyhow!("there is no time zone \"{name}\"; write a name of the IANA database, such as {meant}")
    })
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
        json["binary"][name] = file_json(file, files).await;
    }
    Ok(json)
}

async fn file_json(file: &BinaryRef, files: &StepFiles) -> Json {
    let mut json = json!({ "mimeType": file.mime_type, "fileSize": prettify(file.size) });
    // One file that cannot be read says so in its place; everything else is printed all the same.
    match files.read(file, MOST_PRINTED).await {
        Ok(bytes) => json["data"] = BASE64.encode(bytes).into(),
        Err(error) => json["error"] = error.message.as_str().into(),
    }
    let texts =
        [("fileType", file.file_type()), ("fileName", file.file_name.as_deref()), ("fileExtension", file.extension())];
    for (key, text) in texts {
        if let Some(text) = text {
            json[key] = text.into();
        }
    }
    json
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of a file that holds this.
    fn of<T>(text: &str, read: fn(&Path) -> anyhow::Result<T>) -> Result<T, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("given");
        std::fs::write(&file, text).unwrap();
        read(&file).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_start_is_an_object_with_items_that_are_items() {
        let read = of("\u{feff}{\"node\":\"A\",\"items\":[{\"json\":{\"t\":\"\\ud83d\"}}]}", start).unwrap();
        assert_eq!(read.node.as_deref(), Some("A"));
        assert_eq!(read.items[0].json.to_json(), "{\"t\":\"\u{fffd}\"}");
        assert!(of("{}", start).unwrap().items.is_empty());
        for (text, said) in [
            ("", "given is not JSON"),
            ("[]", "given is no object"),
            ("null", "given is no object"),
            (r#"{"items":[{"json":{}},{"json":[]}]}"#, "item 1 is no item"),
            (r#"{"items":[{}]}"#, "item 0 is no item"),
            (r#"{"items":[[{}]]}"#, "item 0 is no item"),
            (r#"{"items":{}}"#, "given is not understood"),
            (r#"{"node":1}"#, "given is not understood"),
        ] {
            let error = of(text, start).err().unwrap();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn variables_come_from_a_file() {
        let read = of("HOST=example.com\nexport N=\"1\"\n", variables).unwrap();
        assert_eq!(read.to_json(), r#"{"HOST":"example.com","N":"1"}"#);
        let error = of("HOST\n", variables).unwrap_err();
        assert!(error.contains("given: Line 1"), "{error}");
    }

    #[test]
    fn a_time_zone_that_is_not_known_is_answered_with_one_that_is() {
        assert_eq!(time_zone("Europe/Paris").unwrap().iana_name(), Some("Europe/Paris"));
        for (name, said) in [("Mars/X", "Europe/Paris"), ("Paris", "Europe/Paris"), ("US/new york", "America/New_York")]
        {
            let error = time_zone(name).unwrap_err().to_string();
            assert!(error.contains(&format!("\"{name}\"")) && error.contains(said), "{error}");
        }
    }
}
