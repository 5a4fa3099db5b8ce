//! What a node with several inputs waits for.

use crate::fork_into_merge;
use crate::support::{Drawing, given};
use crate::{condition, execute, set, v0};
use weft_engine::OnceStatus;

/// A branch is chosen of three, the third of which brings nothing.
fn third_brings_nothing(wait: &str) -> Drawing {
    let merge = format!(r#"{{"mode":"chooseBranch","chooseBranchMode":"{wait}","numberInputs":3,"useDataOfInput":2}}"#);
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("A", "noOp", "{}")
        .node("If", "if", &condition("={{ $json.n }}"))
        .node("Merge", "merge", &merge)
        .edge("Start", "A")
        .edge("Start", "If")
        .edge_at("A", 0, "Merge", 0)
        .edge_at("If", 0, "Merge", 1)
        .edge_at("If", 1, "Merge", 2)
}

#[tokio::test]
async fn a_merge_waits_for_as_many_of_its_inputs_as_it_is_told() {
    for (wait, items, executes) in [
        ("waitForAll", r#"[{"n":1},{"n":2}]"#, true),
        ("waitForAll", r#"[{"n":1}]"#, false),
        ("waitForFirstTwo", r#"[{"n":1}]"#, true),
        ("waitForFirstTwo", r#"[{"n":2}]"#, false),
        ("waitForAny", r#"[{"n":2}]"#, true),
    ] {
        let report = execute(third_brings_nothing(wait), items).await;
        assert_eq!(report.order.last().unwrap() == "Merge", executes, "{wait} {items}: {:?}", report.order);
        assert_eq!(report.status, OnceStatus::Success);
    }
}

#[tokio::test]
async fn an_empty_list_completes_a_second_input_in_version_0_alone() {
    let behind = |drawing: Drawing| drawing.node("Behind", "noOp", "{}").edge("Late", "Behind");
    let items = r#"[{"n":1}]"#;
    assert_eq!(execute(v0(behind(fork_into_merge())), items).await.order, ["Start", "If", "Late", "Merge", "Behind"]);
    assert_eq!(execute(behind(fork_into_merge()), items).await.order, ["Start", "If", "Late", "Behind", "Merge"]);
}

fn merged(mode: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("A", "set", &set("a"))
        .node("B", "set", &set("b"))
        .node("Merge", "merge", mode)
        .node("End", "noOp", "{}")
        .edge("Start", "A")
        .edge("Start", "B")
        .edge_at("A", 0, "Merge", 0)
        .edge_at("B", 0, "Merge", 1)
        .edge("Merge", "End")
}

#[tokio::test]
async fn merge_waits_for_both_branches() {
    let report = execute(merged("{}"), r#"[{"n":1}]"#).await;
    assert_eq!(report.order, ["Start", "A", "B", "Merge", "End"]);
    assert_eq!(given(&report, "Merge", 0, 0), r#"[{"n":1,"a":"x"},{"n":1,"b":"x"}]"#);
    let report = execute(merged(r#"{"mode":"combine"}"#), r#"[{"n":1}]"#).await;
    assert_eq!(given(&report, "End", 0, 0), r#"[{"n":1,"a":"x","b":"x"}]"#);
}

#[tokio::test]
async fn merge_goes_on_with_what_there_is_when_a_branch_gives_nothing() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("If", "if", &condition("={{ $json.n }}"))
        .node("Yes", "noOp", "{}")
        .node("No", "noOp", "{}")
        .node("Merge", "merge", "{}")
        .edge("Start", "If")
        .edge_at("If", 0, "Yes", 0)
        .edge_at("If", 1, "No", 0)
        .edge_at("Yes", 0, "Merge", 0)
        .edge_at("No", 0, "Merge", 1);
    let report = execute(drawing, r#"[{"n":1}]"#).await;
    assert_eq!(report.order, ["Start", "If", "Yes", "Merge"]);
    assert_eq!(given(&report, "Merge", 0, 0), r#"[{"n":1}]"#);
}

#[tokio::test]
async fn several_required_inputs_are_the_first_ones() {
    // What comes to the three inputs: both outputs of a condition, of which one gives nothing, and the items themselves.
    let into = |inputs: [u16; 3]| {
        let choose =
            r#"{"mode":"chooseBranch","numberInputs":3,"chooseBranchMode":"waitForFirstTwo","output":"empty"}"#;
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node("If", "if", &condition("={{ $json.n }}"))
            .node("A", "noOp", "{}")
            .node("Merge", "merge", choose)
            .edge("Start", "If")
            .edge("Start", "A")
            .edge_at("If", 0, "Merge", inputs[0])
            .edge_at("If", 1, "Merge", inputs[1])
            .edge_at("A", 0, "Merge", inputs[2])
    };
    for (inputs, runs) in [([0, 2, 1], true), ([0, 1, 2], false), ([2, 0, 1], false)] {
        let report = execute(into(inputs), r#"[{"n":1}]"#).await;
        assert_eq!(report.order.iter().any(|name| name == "Merge"), runs, "{inputs:?}");
    }
}

#[tokio::test]
async fn one_input_hit_twice_runs_the_node_twice() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("A", "noOp", "{}")
        .node("B", "noOp", "{}")
        .node("End", "noOp", "{}")
        .edge("Start", "A")
        .edge("Start", "B")
        .edge("A", "End")
        .edge("B", "End");
    let report = execute(drawing, "[{}]").await;
    assert_eq!(report.nodes.iter().find(|node| node.name == "End").unwrap().runs.len(), 2);
}
