//! `weft eval`: expressions from standard input, answers on standard output, one JSON object a line.

use std::io::{BufRead, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use weft_expressions::evaluate_line;

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

/// Answers every line; a line that cannot be read is answered with an error.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    tracing::debug!(format = ?arguments.format, "Evaluating lines from standard input");
    let mut output = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let line = line.context("standard input could not be read")?;
        if line.trim().is_empty() {
            continue;
        }
        #[expect(clippy::disallowed_methods, reason = "a command line has the machine's clock")]
        let answer = evaluate_line(&line, jiff::Timestamp::now());
        writeln!(output, "{answer}")?;
        // Whoever pipes lines in may wait for each answer.
        output.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}
