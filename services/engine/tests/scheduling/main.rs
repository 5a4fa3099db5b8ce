//! In which order nodes are executed, what they wait for, and where failed items go.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod inputs;
mod items;
mod order;
mod outcomes;
#[path = "../support/mod.rs"]
mod support;

use support::Drawing;
use weft_engine::OnceReport;
use weft_model::{ExecutionOrder, Point};

async fn execute(drawing: Drawing, items: &str) -> OnceReport {
    support::execute(drawing, support::items(items)).await
}

fn set(value: &str) -> String {
    format!(
        r#"{{"includeOtherFields":true,"assignments":{{"assignments":[{{"name":"{value}","type":"string","value":"x"}}]}}}}"#
    )
}

fn v0(mut drawing: Drawing) -> Drawing {
    drawing.graph.settings.execution_order = ExecutionOrder::V0;
    drawing
}

fn condition(expression: &str) -> String {
    format!(
        r#"{{"conditions":{{"conditions":[{{"leftValue":"{expression}","rightValue":1,"operator":{{"type":"number","operation":"equals"}}}}]}}}}"#
    )
}

/// A condition whose outputs lead straight to the two inputs of a merge.
fn fork_into_merge() -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("If", "if", &condition("={{ $json.n }}"))
        .node("Merge", "merge", "{}")
        .node_with("Late", "noOp", "{}", |node| node.position = Point { x: 0, y: 9_999 })
        .edge("Start", "If")
        .edge("Start", "Late")
        .edge_at("If", 0, "Merge", 0)
        .edge_at("If", 1, "Merge", 1)
}
