//! What was measured on, and what it spent.

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
}

impl Machine {
    /// Describes this machine and the program `weft`.
    pub fn describe(weft: &Path) -> anyhow::Result<Self> {
        let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
        let cpu = read("/proc/cpuinfo");
        let name = cpu.lines().find_map(|line| line.strip_prefix("model name"));
        let name = name.map_or("unknown processor", |line| line.trim_start_matches([' ', '\t', ':']));
        let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
        let memory_kib = read("/proc/meminfo").split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
        let version = Command::new(weft).arg("--version").output();
        let version = version.with_context(|| format!("{} cannot be executed", weft.display()))?;
        Ok(Self {
            processor: format!("{name}, {cores} cores"),
            memory_gib: memory_kib.unwrap_or(0) / (1024 * 1024),
            kernel: read("/proc/sys/kernel/osrelease").trim().to_owned(),
            weft: String::from_utf8_lossy(&version.stdout).trim().to_owned(),
        })
    }
}

/// Processor seconds that a process has spent: fields 14 and 15 of `/proc/<id>/stat` (proc(5)), in ticks of 1/100 s.
pub fn cpu_seconds(id: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    // The name in parentheses may hold spaces, so fields are counted after it.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<f64> = after_name.split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect();
    (fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0)) / 100.0
}
