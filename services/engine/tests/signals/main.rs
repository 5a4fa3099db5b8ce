//! Steps that wait for something else than time: for a call, for another execution.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod children;
mod families;
#[path = "../support/mod.rs"]
mod support;
mod waits;

use support::{Drawing, House, TENANT, node_id, settle, start_and_wait};
use uuid::Uuid;
use weft_engine::Started;
use weft_model::execution::ExecutionEvent;
use weft_model::{ExecutionId, WorkflowId};
use weft_value::{Item, from_json};

const CHILD: WorkflowId = WorkflowId(Uuid::from_u128(3));

async fn last_output(house: &House, execution: ExecutionId, node: &str) -> String {
    house.log.outputs(execution).await[&(node_id(node), 0)][0].clone()
}

/// A workflow that executes `CHILD`, with these parameters beside its id.
fn parent(parameters: &str) -> Drawing {
    let node = format!(r#"{{"workflowId":"{CHILD}"{parameters}}}"#);
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Call", "executeWorkflow", &node)
        .node("End", "noOp", "{}")
        .edge("Start", "Call")
        .edge("Call", "End")
}

/// What is executed: it names what it got, and does `node` in between.
fn child(kind: &str, parameters: &str) -> Drawing {
    let assignments =
        r#"{"includeOtherFields":true,"assignments":{"assignments":[{"name":"seen","type":"boolean","value":true}]}}"#;
    Drawing::default()
        .node("Called", "executeWorkflowTrigger", "{}")
        .node("Middle", kind, parameters)
        .node("Last", "set", assignments)
        .edge("Called", "Middle")
        .edge("Middle", "Last")
}

fn family(parameters: &str, called: Drawing) -> House {
    let house = House::new(parent(parameters));
    house.definitions.add(TENANT, CHILD, "Café", called.graph);
    house
}

async fn executed(house: &House, items: &str) -> Started {
    let started = house.engine().start(start_and_wait("Start", items)).await.unwrap();
    settle().await;
    started
}

fn error_of(events: &[ExecutionEvent]) -> (String, String) {
    match events.last().unwrap() {
        ExecutionEvent::Failed { error, .. } => (error.code.clone(), error.message.clone()),
        other => panic!("it did not fail: {other:?}"),
    }
}

fn item(json: &str) -> Item {
    Item::new(from_json(json).unwrap())
}
