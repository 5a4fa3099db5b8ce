//! P9: from the start of the program to its line of readiness.

use std::path::Path;
use std::time::Instant;

use serde_json::json;
use weft_trial::{Server, ServerOptions};

use crate::report::{Figure, Report, Target};

/// Measures starts with the private cluster stopped, and beside a server that keeps it running.
pub async fn run(program: &Path, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let options = ServerOptions::new(program, folder.path());
    Server::start(options.clone()).await?.stop().await?;
    let stopped = median_of_five(&options).await?;
    add(report, "start, private PostgreSQL stopped", stopped, 3.0);
    let beside = Server::start(options.clone()).await?;
    let running = median_of_five(&options).await?;
    add(report, "start, PostgreSQL running", running, 0.5);
    beside.stop().await
}

async fn median_of_five(options: &ServerOptions) -> anyhow::Result<(f64, Vec<f64>)> {
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let server = Server::start(options.clone()).await?;
        seconds.push(began.elapsed().as_secs_f64());
        server.stop().await?;
    }
    seconds.sort_by(f64::total_cmp);
    Ok((seconds[2], seconds))
}

fn add(report: &mut Report, what: &str, (value, all): (f64, Vec<f64>), most: f64) {
    report.add(Figure {
        id: "P9",
        what: format!("{what} (median of 5)"),
        value,
        unit: "s",
        target: Target::AtMost(most),
        details: json!({ "all": all }),
    });
}
