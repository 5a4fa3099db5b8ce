//! Waits, schedules, cancelling, repeating, refusing and draining.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod ending;
mod recording;
mod schedules;
#[path = "../support/mod.rs"]
mod support;
mod turns;
mod waits;

use support::{Drawing, House};
use weft_model::ExecutionId;

fn through(kind: &str, parameters: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", kind, parameters)
        .node("End", "noOp", "{}")
        .edge("Start", "Act")
        .edge("Act", "End")
}

async fn failure(house: &House, execution: ExecutionId) -> String {
    match house.log.events(execution).await.pop().unwrap() {
        weft_model::execution::ExecutionEvent::Failed { error, .. } => error.code,
        other => panic!("it did not fail: {other:?}"),
    }
}
