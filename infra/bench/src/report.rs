//! Printing figures with their targets, and writing them as JSON.

use std::path::Path;

use serde::Serialize;
use weft_trial::Machine;

/// Everything that one run measured.
#[derive(Debug, Serialize)]
pub struct Report {
    machine: Machine,
    /// What the measured server stands on: versions of PostgreSQL and of the code runner's engine.
    stands_on: Option<serde_json::Value>,
    figures: Vec<Figure>,
}

/// One measured figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// `P1`, `P2`, …
    pub id: &'static str,
    /// What was measured, `64 clients` for instance.
    pub what: String,
    /// The measured value.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
    /// What it should be.
    pub target: Target,
    /// Whatever else was seen: latencies, processor time, bytes.
    pub details: serde_json::Value,
}

/// What a figure should be.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum Target {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
    /// Printed for the record.
    None,
}

impl Target {
    fn is_met(self, value: f64) -> Option<bool> {
        match self {
            Self::AtLeast(least) => Some(value >= least),
            Self::AtMost(most) => Some(value <= most),
            Self::None => None,
        }
    }
}

impl Report {
    /// An empty report of this machine.
    pub fn new(machine: Machine) -> Self {
        println!("{}, {} GiB, Linux {}; {}", machine.processor, machine.memory_gib, machine.kernel, machine.weft);
        println!("{:<4} {:<44} {:>12} {:<14} {:<14} details", "id", "what", "value", "unit", "target");
        Self { machine, stands_on: None, figures: Vec::new() }
    }

    /// Prints and keeps what the measured server stands on.
    pub fn stands_on(&mut self, found: serde_json::Value) {
        println!("{found}");
        self.stands_on = Some(found);
    }

    /// Prints a figure and keeps it.
    pub fn add(&mut self, figure: Figure) {
        let target = match figure.target {
            Target::AtLeast(least) => format!("≥ {least}"),
            Target::AtMost(most) => format!("≤ {most}"),
            Target::None => String::new(),
        };
        let verdict = match figure.target.is_met(figure.value) {
            Some(true) => " ✓",
            Some(false) => " ✗",
            None => "",
        };
        println!(
            "{:<4} {:<44} {:>12.2} {:<14} {:<14} {}",
            figure.id,
            figure.what,
            figure.value,
            figure.unit,
            format!("{target}{verdict}"),
            figure.details
        );
        self.figures.push(figure);
    }

    /// Writes everything as JSON.
    pub fn write(&self, file: &Path) -> anyhow::Result<()> {
        std::fs::write(file, serde_json::to_vec_pretty(self)?)?;
        println!("written to {}", file.display());
        Ok(())
    }
}
