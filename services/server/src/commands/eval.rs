//! `weft eval`: expressions from standard input, answers on standard output, one JSON object a line.

use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use weft_expressions::{Budget, ItemsScope, Limits, compile};
use weft_value::{Item, Value};

/// Reads `{"id","expression","items","timezone"}`, writes `{"id","value"}`, `{"id","undefined":true}` or `{"id","error"}`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The dialect of the expressions.
    #[arg(long, value_enum, default_value_t = Format::Weft)]
    format: Format,
}

/// Whose expressions they are. Both begin with `=`; there is one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Ours.
    Weft,
    /// n8n's.
    N8n,
}

#[derive(Deserialize)]
struct Line {
    id: Json,
    expression: String,
    #[serde(default)]
    items: Vec<Value>,
    timezone: Option<String>,
}

/// Answers every line; a line that cannot be read is answered with an error.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    tracing::debug!(format = ?arguments.format, "Evaluating lines from standard input");
    let mut output = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.context("standard input could not be read")?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<Line>(&line) {
            Ok(line) => evaluate(line),
            Err(error) => json!({ "id": null, "error": format!("This line is not understood: {error}.") }),
        };
        writeln!(output, "{answer}")?;
        // Whoever pipes lines in may wait for each answer.
        output.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

fn evaluate(line: Line) -> Json {
    let Line { id, expression, items, timezone } = line;
    let failed = |error: String| json!({ "id": id, "error": error });
    let zone = match TimeZone::get(timezone.as_deref().unwrap_or("UTC")) {
        Ok(zone) => zone,
        Err(error) => return failed(error.to_string()),
    };
    let Some(source) = expression.strip_prefix('=') else { return json!({ "id": id, "value": expression }) };
    let template = match compile(source) {
        Ok(template) => template,
        Err(diagnostics) => return failed(diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")),
    };
    #[expect(clippy::disallowed_methods, reason = "a command line has the machine's clock")]
    let scope = ItemsScope::new(items.into_iter().map(Item::new).collect(), jiff::Timestamp::now(), zone);
    match template.evaluate(&scope, &mut Budget::new(Limits::default())) {
        Ok(Value::Undefined) => json!({ "id": id, "undefined": true }),
        Ok(value) => json!({ "id": id, "value": serde_json::to_value(&value).unwrap_or_default() }),
        Err(error) => failed(error.to_string()),
    }
}
