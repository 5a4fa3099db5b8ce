//! In which order nodes are executed.

use crate::fork_into_merge;
use crate::support::{Drawing, given, node_id};
use crate::{condition, execute, set, v0};
use weft_engine::OnceStatus;
use weft_model::{ExecutionOrder, Point};

/// A start and two branches of two nodes each.
fn two_branches(order: ExecutionOrder) -> Drawing {
    let mut drawing = Drawing::default().node("Start", "manualTrigger", "{}");
    for (name, x, y) in [("Upper1", 1, 0), ("Lower1", 1, 9), ("Upper2", 2, 0), ("Lower2", 2, 9)] {
        drawing = drawing.node_with(name, "noOp", "{}", |node| node.position = Point { x, y });
    }
    drawing.graph.settings.execution_order = order;
    drawing.edge("Start", "Upper1").edge("Start", "Lower1").edge("Upper1", "Upper2").edge("Lower1", "Lower2")
}

#[tokio::test]
async fn version_1_finishes_the_upper_branch_first() {
    let report = execute(two_branches(ExecutionOrder::V1), "[{}]").await;
    assert_eq!(report.order, ["Start", "Upper1", "Upper2", "Lower1", "Lower2"]);
    assert_eq!(report.status, OnceStatus::Success);
}

#[tokio::test]
async fn version_0_goes_breadth_first() {
    let report = execute(two_branches(ExecutionOrder::V0), "[{}]").await;
    assert_eq!(report.order, ["Start", "Upper1", "Lower1", "Upper2", "Lower2"]);
}

#[tokio::test]
async fn version_0_follows_the_order_in_which_edges_were_drawn() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("A", "noOp", "{}")
        .node("B", "noOp", "{}")
        .edge("Start", "B")
        .edge("Start", "A");
    assert_eq!(execute(v0(drawing), "[{}]").await.order, ["Start", "B", "A"]);
}

/// A condition that sends the items to “Yes” or “No”; both are merged.
fn fork_and_merge() -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("If", "if", &condition("={{ $json.n }}"))
        .node("Yes", "set", &set("yes"))
        .node("No", "set", &set("no"))
        .node("Merge", "merge", "{}")
        .edge("Start", "If")
        .edge_at("If", 0, "Yes", 0)
        .edge_at("If", 1, "No", 0)
        .edge_at("Yes", 0, "Merge", 0)
        .edge_at("No", 0, "Merge", 1)
}

#[tokio::test]
async fn version_0_starts_a_branch_that_came_to_a_halt_with_an_empty_item() {
    let report = execute(v0(fork_and_merge()), r#"[{"n":1}]"#).await;
    assert_eq!(report.order, ["Start", "If", "Yes", "No", "Merge"]);
    assert_eq!(given(&report, "Merge", 0, 0), r#"[{"n":1,"yes":"x"},{"no":"x"}]"#);
    // The branch is longer, and its beginning is what is started.
    let longer =
        fork_and_merge().node("More", "set", &set("more")).edge_at("No", 0, "More", 0).edge_at("More", 0, "Merge", 1);
    let report = execute(v0(longer), r#"[{"n":1}]"#).await;
    assert_eq!(report.order[..4], ["Start", "If", "Yes", "No"]);
    assert_eq!(given(&report, "More", 0, 0), r#"[{"no":"x","more":"x"}]"#);
}

#[tokio::test]
async fn version_0_does_not_execute_a_node_whose_first_input_stays_empty() {
    assert_eq!(execute(v0(fork_into_merge()), r#"[{"n":2}]"#).await.order, ["Start", "If", "Late"]);
    let mut always = v0(fork_into_merge());
    always.graph.nodes[&node_id("Merge")].always_output_data = true;
    let report = execute(always, r#"[{"n":2}]"#).await;
    assert_eq!(report.order, ["Start", "If", "Late", "Merge"]);
    assert_eq!(given(&report, "Merge", 0, 0), "[{}]");
}

#[tokio::test]
async fn version_0_lets_a_loop_come_back_by_another_input() {
    let once = r#"{"conditions":{"conditions":[{"leftValue":"={{ $runIndex }}","rightValue":2,
        "operator":{"type":"number","operation":"lt"}}]}}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Merge", "merge", "{}")
        .node(
            "Seen",
            "set",
            r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n + 1 }}"}]}}"#,
        )
        .node("Again", "if", once)
        .edge_at("Start", 0, "Merge", 0)
        .edge("Merge", "Seen")
        .edge("Seen", "Again")
        .edge_at("Again", 0, "Merge", 1);
    let report = execute(v0(drawing), r#"[{"n":1}]"#).await;
    let round = ["Merge", "Seen", "Again"];
    assert_eq!(report.order, [&["Start"][..], &round, &round, &round].concat());
    assert_eq!(given(&report, "Seen", 2, 0), r#"[{"n":4}]"#);
}

#[tokio::test]
async fn a_loop_without_end_is_ended_by_the_step_limit() {
    let mut drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("A", "noOp", "{}")
        .node("B", "noOp", "{}")
        .edge("Start", "A")
        .edge("A", "B")
        .edge("B", "A");
    drawing.graph.settings.max_steps = Some(50);
    let report = execute(drawing, "[{}]").await;
    assert_eq!((report.status, report.error.unwrap().code.as_str()), (OnceStatus::Error, "step_limit"));
    assert_eq!(report.order.len(), 51);
}

#[tokio::test]
async fn a_loop_ends_when_its_condition_says_so() {
    let count = r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $runIndex + 1 }}"}]}}"#;
    let less = r#"{"conditions":{"conditions":[{"leftValue":"={{ $json.n }}","rightValue":3,"operator":{"type":"number","operation":"lt"}}]}}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Count", "set", count)
        .node("Again", "if", less)
        .node("End", "noOp", "{}")
        .edge("Start", "Count")
        .edge("Count", "Again")
        .edge_at("Again", 0, "Count", 0)
        .edge_at("Again", 1, "End", 0);
    let report = execute(drawing, "[{}]").await;
    assert_eq!(report.order, ["Start", "Count", "Again", "Count", "Again", "Count", "Again", "End"]);
    assert_eq!(given(&report, "End", 0, 0), r#"[{"n":3}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_transform_of_many_items_keeps_nobody_from_progressing() {
    let many = format!("[{}]", vec!["{}"; 1_001].join(","));
    let heavy = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Heavy", "probeTransform", r#"{"waitsFor":"beside the heavy one"}"#)
        .edge("Start", "Heavy");
    let light = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", "probe", r#"{"name":"beside the heavy one"}"#)
        .edge("Start", "Act");
    let heavy = tokio::spawn(async move { execute(heavy, &many).await.status });
    let light = tokio::spawn(async move { execute(light, "[{}]").await.status });
    assert_eq!((heavy.await.unwrap(), light.await.unwrap()), (OnceStatus::Success, OnceStatus::Success));
}
