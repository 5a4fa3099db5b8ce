//! Benchmarks: the figures P1, P2, P3, P4, P5, P9 and P-items with their targets beside them.
//!
//! Programs, never timed tests: they print hardware, versions, latencies, throughput and processor time, and write the same as
//! JSON. To add one, add a module with `run` and one line in `main`.

mod evaluation;
mod items;
mod log_append;
mod log_load;
mod report;
mod start;
mod wal;
mod webhooks;

use std::path::PathBuf;

use clap::Parser;
use weft_trial::Machine;

use report::Report;

/// Measures a release build of Weft on this machine.
#[derive(Parser)]
struct Arguments {
    /// The figures to measure: P1, P2, P3, P4, P5, P9, P-items; all when left out.
    figures: Vec<String>,
    /// The program to measure.
    #[arg(long, default_value = "target/release/weft")]
    weft: PathBuf,
    /// How long each load lasts, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Where the figures are written as JSON.
    #[arg(long, default_value = "target/bench.json")]
    output: PathBuf,
    /// What the measurement of items executes in a process of its own.
    #[arg(long, hide = true)]
    items_case: Option<usize>,
}

/// The allocator of the server, since memory is measured, too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(number) = arguments.items_case {
        return items::case(number).await;
    }
    let wanted =
        |figure: &str| arguments.figures.is_empty() || arguments.figures.iter().any(|f| f.eq_ignore_ascii_case(figure));
    let mut report = Report::new(Machine::describe(&arguments.weft)?);
    if wanted("P1") || wanted("P2") || wanted("P5") {
        webhooks::run(&arguments.weft, arguments.seconds, &wanted, &mut report).await?;
    }
    if wanted("P3") {
        log_append::run(arguments.seconds, &mut report).await?;
    }
    if wanted("P4") {
        evaluation::run(&mut report)?;
    }
    if wanted("P-items") {
        items::run(&mut report).await?;
    }
    if wanted("P9") {
        start::run(&arguments.weft, &mut report).await?;
    }
    report.write(&arguments.output)
}
