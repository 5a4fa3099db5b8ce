//! P3: how many events a second the log makes durable.

use std::time::Duration;

use serde_json::json;

use crate::log_load;
use crate::report::{Figure, Report, Target};

/// Measures four tenants, a hot one and a lone caller, each for that many seconds.
pub async fn run(seconds: u64, report: &mut Report) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    for measured in log_load::measure(folder.path(), Duration::from_secs(seconds)).await? {
        let target = match (measured.tenants, measured.callers) {
            (_, 1) => Target::None,
            (1, _) => Target::AtLeast(40_000.0),
            _ => Target::AtLeast(60_000.0),
        };
        let [median, p99, longest] = measured.latency_ms;
        let [own, postgres] = measured.cpu_us_per_event;
        report.add(Figure {
            id: "P3",
            what: format!("{} tenants, {} callers", measured.tenants, measured.callers),
            value: measured.events_per_second,
            unit: "events/s",
            target,
            details: json!({
                "rowsPerCommit": measured.rows_per_commit,
                "walBytesPerEvent": measured.wal_bytes_per_event,
                "cpuMicrosecondsPerEvent": { "log": own, "postgres": postgres },
                "latencyMs": { "p50": median, "p99": p99, "max": longest },
            }),
        });
    }
    Ok(())
}
