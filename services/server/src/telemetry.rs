//! Logs and metrics: a readable sentence with fields; never payloads, tokens or addresses.

use std::time::Duration;

use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogFormat, Settings};

/// The upper bounds of the buckets of everything that is timed, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// How often what was timed is folded.
const TIDY: Duration = Duration::from_secs(5);

/// Sends log lines to standard error, so that standard output holds answers alone.
pub fn start_log(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log).with_context(|| {
        format!("WEFT_LOG=\"{}\" is no log filter; try \"info\" or \"weft_engine=debug,warn\"", settings.log)
    })?;
    // A directive could be outdone by one that is more specific, and this crate writes down what it sends, passwords included.
    let silent = filter_fn(|about| !about.target().starts_with("async_imap"));
    let registry = tracing_subscriber::registry().with(filter).with(silent);
    let lines = fmt::layer().with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => registry.with(lines.with_target(false)).init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).init(),
    }
    Ok(())
}

/// Collects metrics for `/metrics`.
pub fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new().set_buckets(&SECONDS).context("metrics could not be started")?;
    builder.install_recorder().context("metrics could not be started")
}

/// Folds what was timed into its buckets until `stop`: otherwise every single value is kept until somebody asks for them.
pub async fn tidy_metrics(metrics: PrometheusHandle, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TIDY) => metrics.run_upkeep(),
        }
    }
}
