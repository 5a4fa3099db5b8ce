//! A process dies at any moment, and another one goes on: nothing recorded is executed again, and the outcome is the same.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod crashes;
mod owners;
mod steps;
#[path = "../support/mod.rs"]
mod support;

use support::{Drawing, House};
use weft_model::execution::{Execution, ExecutionEvent, ExecutionStatus};
use weft_model::{Decider, ExecutionId};

fn set(name: &str) -> String {
    format!(
        r#"{{"includeOtherFields":true,"assignments":{{"assignments":[{{"name":"{name}","type":"string","value":"x"}}]}}}}"#
    )
}

fn probe(prefix: &str, name: &str, rest: &str) -> String {
    format!(r#"{{"name":"{prefix}{name}"{rest}}}"#)
}

/// Whether the model would have decided what the engine recorded.
async fn follows_the_model(house: &House, execution: ExecutionId) {
    let (mut state, mut epoch) = (Execution::default(), 0);
    for event in house.log.events(execution).await {
        match &event {
            ExecutionEvent::Started { epoch: first, .. } => epoch = *first,
            ExecutionEvent::Adopted { epoch: next, .. } => {
                assert_eq!(*next, epoch + 1);
                epoch = *next;
            }
            ExecutionEvent::Queued { .. } | ExecutionEvent::Cancelled { .. } => {}
            report => state.admit(epoch, report).unwrap(),
        }
        state.evolve(&event);
    }
    assert_eq!(state.status(), Some(ExecutionStatus::Succeeded));
}

fn act(prefix: &str, rest: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", "probe", &probe(prefix, "act", rest))
        .node("End", "noOp", "{}")
        .edge("Start", "Act")
        .edge("Act", "End")
}
