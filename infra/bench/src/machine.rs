//! What the figures were measured on.

use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde::Serialize;

/// A machine and the versions on it.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// The processor's name and how many cores of it there are.
    pub processor: String,
    /// Memory in GiB.
    pub memory_gib: u64,
    /// The kernel.
    pub kernel: String,
    /// The program's own version line.
    pub weft: String,
    /// What `weft doctor` says of the code runner and the database.
    pub doctor: serde_json::Value,
}

/// Describes this machine.
pub fn describe(weft: &Path) -> anyhow::Result<Machine> {
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name")).map_or("unknown", |l| l.trim_start_matches([' ', '\t', ':']));
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let memory_kib = read("/proc/meminfo").split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0);
    let version = Command::new(weft).arg("--version").output().with_context(|| format!("{} cannot be executed; run `make bench`", weft.display()))?;
    let folder = tempfile::tempdir()?;
    let doctor = Command::new(weft).args(["doctor", "--json"]).env("WEFT_DATA_DIR", folder.path()).output()?;
    Ok(Machine {
        processor: format!("{name}, {cores} cores"),
        memory_gib: memory_kib / (1024 * 1024),
        kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
        weft: String::from_utf8_lossy(&version.stdout).trim().to_owned(),
        doctor: serde_json::from_slice(&doctor.stdout).unwrap_or_default(),
    })
}
