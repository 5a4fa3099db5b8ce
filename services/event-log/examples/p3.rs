//! Measures P3 alone: `cargo run --release -p weft-event-log --example p3`.

#[path = "../../../infra/bench/src/p3.rs"]
mod p3;

use std::time::Duration;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    for measured in p3::measure(folder.path(), Duration::from_secs(10)).await? {
        println!(
            "{} tenants, {} callers: {:.0} events/s, {:.0} rows a commit, {:.0} bytes of WAL an event, {:.1} + {:.1} µs of CPU an event, \
             p50 {:.2} ms, p99 {:.2} ms, max {:.1} ms",
            measured.tenants,
            measured.callers,
            measured.events_per_second,
            measured.rows_per_commit,
            measured.wal_bytes_per_event,
            measured.cpu_us_per_event[0],
            measured.cpu_us_per_event[1],
            measured.latency_ms[0],
            measured.latency_ms[1],
            measured.latency_ms[2],
        );
    }
    Ok(())
}
