//! How fast requests follow each other.

use std::time::Duration;

use serde::Deserialize;
use weft_nodes::{Field, NodeError, Step};

use crate::clock::later;
use crate::execution::StepView;

/// The longest pause, in milliseconds: an hour.
pub(super) const LONGEST: f64 = 3_600_000.0;

/// A pause after so many items.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Batching {
    batch_size: Option<f64>,
    batch_interval: Field,
}

impl Batching {
    /// How long is waited before item `index`.
    pub(super) fn pause(&self, step: &dyn Step, index: usize) -> Result<Duration, NodeError> {
        // n8n writes -1 for no batches at all, and takes 0 for 1.
        let Some(size) = self.batch_size.filter(|size| *size >= 0.0) else { return Ok(Duration::ZERO) };
        if index == 0 || !index.is_multiple_of((size as usize).max(1)) {
            return Ok(Duration::ZERO);
        }
        milliseconds(&self.batch_interval, (step, index), "batchInterval", 1000.0)
    }
}

/// A pause of a parameter; `or` where nothing is filled in.
pub(super) fn milliseconds(
    field: &Field,
    (step, index): (&dyn Step, usize),
    name: &str,
    or: f64,
) -> Result<Duration, NodeError> {
    let millis = if field.is_empty() { or } else { field.number(step, index, name)? };
    if !(0.0..=LONGEST).contains(&millis) {
        let message = format!("“{name}” must be between 0 and {LONGEST} milliseconds, but it is {millis}.");
        return Err(NodeError::new("parameter", message).in_field(name));
    }
    Ok(Duration::from_millis(millis as u64))
}

/// Waits by the clock of the engine. Whoever ends the execution ends this, too.
pub(super) async fn rest(step: &StepView, pause: Duration) {
    if !pause.is_zero() {
        step.clock.sleep_until(later(step.clock.now(), pause)).await;
    }
}
