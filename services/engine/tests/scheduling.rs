//! In which order nodes are executed, what they wait for, and where failed items go.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use support::probe;
use support::{Drawing, House, given, node_id, retry, start_and_wait};
use weft_engine::{OnceReport, OnceStatus, Severity};
use weft_model::{ExecutionOrder, OnError, Point};
use weft_value::{ItemRef, Pairing};

async fn execute(drawing: Drawing, items: &str) -> OnceReport {
    support::execute(drawing, support::items(items)).await
}

fn set(value: &str) -> String {
    format!(
        r#"{{"includeOtherFields":true,"assignments":{{"assignments":[{{"name":"{value}","type":"string","value":"x"}}]}}}}"#
    )
}

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

fn v0(mut drawing: Drawing) -> Drawing {
    drawing.graph.settings.execution_order = ExecutionOrder::V0;
    drawing
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

fn condition(expression: &str) -> String {
    format!(
        r#"{{"conditions":{{"conditions":[{{"leftValue":"{expression}","rightValue":1,"operator":{{"type":"number","operation":"equals"}}}}]}}}}"#
    )
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

/// Fails for every item whose `n` is no number.
const NUMBER: &str = r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n }}"}]}}"#;

fn fails_for_some(on_error: OnError) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node_with("Set", "set", NUMBER, |node| node.on_error = on_error)
        .node("Fine", "noOp", "{}")
        .node("Failed", "noOp", "{}")
        .edge("Start", "Set")
        .edge_at("Set", 0, "Fine", 0)
        .edge_at("Set", u16::from(on_error == OnError::ErrorOutput), "Failed", 0)
}

const MIXED: &str = r#"[{"n":1},{"n":"x","k":7},{"n":3}]"#;

#[tokio::test]
async fn an_error_stops_the_execution() {
    let report = execute(fails_for_some(OnError::Stop), MIXED).await;
    let error = report.error.unwrap();
    assert_eq!((report.status, error.node, error.item), (OnceStatus::Error, Some(node_id("Set")), Some(1)));
    assert_eq!(report.order, ["Start", "Set"]);
}

#[tokio::test]
async fn failed_items_take_the_error_output() {
    let report = execute(fails_for_some(OnError::ErrorOutput), MIXED).await;
    assert_eq!(report.status, OnceStatus::Success);
    assert_eq!(given(&report, "Fine", 0, 0), r#"[{"n":1},{"n":3}]"#);
    let failed = given(&report, "Failed", 0, 0);
    assert!(failed.starts_with(r#"[{"n":"x","k":7,"error":"#), "{failed}");
}

#[tokio::test]
async fn items_that_tell_nothing_but_an_error_take_the_error_output() {
    const ANSWERS: &str = r#"[{"error":"gone"},{"error":"gone","id":1},{"error":{"code":4},"details":[]},{"error":""},
        {"error":null},{"message":"fine"},{"error":true,"message":"no"},{}]"#;
    let drawing = |on_error| {
        let drawing = Drawing::default().node("Start", "manualTrigger", "{}");
        drawing.node_with("Ask", "noOp", "{}", |node| node.on_error = on_error).edge("Start", "Ask")
    };
    let report = execute(drawing(OnError::ErrorOutput), ANSWERS).await;
    assert_eq!(
        given(&report, "Ask", 0, 0),
        r#"[{"error":"gone","id":1},{"error":""},{"error":null},{"message":"fine"},{}]"#
    );
    let failed = r#"[{"error":"gone"},{"error":{"code":4},"details":[]},{"error":true,"message":"no"}]"#;
    assert_eq!(given(&report, "Ask", 0, 1), failed);
    let report = execute(drawing(OnError::Continue), ANSWERS).await;
    assert_eq!(given(&report, "Ask", 0, 0), ANSWERS.replace("\n        ", ""));
}

#[tokio::test]
async fn an_item_that_tells_an_error_has_its_origin_back_at_the_error_output() {
    let only = r#"{"assignments":{"assignments":[{"name":"error","type":"string","value":"={{ $json.e }}"}]}}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node_with("Set", "set", only, |node| node.on_error = OnError::ErrorOutput)
        .edge("Start", "Set");
    let report = execute(drawing, r#"[{"e":"a"},{"e":""},{"e":"b","k":1}]"#).await;
    assert_eq!(given(&report, "Set", 0, 0), r#"[{"error":""}]"#);
    assert_eq!(given(&report, "Set", 0, 1), r#"[{"e":"a","error":"a"},{"e":"b","k":1,"error":"b"}]"#);
}

#[tokio::test]
async fn failed_items_stay_in_their_place_where_the_node_carries_on() {
    let report = execute(fails_for_some(OnError::Continue), MIXED).await;
    let items = given(&report, "Set", 0, 0);
    assert!(items.starts_with(r#"[{"n":1},{"error":"#) && items.ends_with(r#"{"n":3}]"#), "{items}");
}

#[tokio::test]
async fn settings_of_a_node_are_followed() {
    let nothing = r#"{"conditions":{"conditions":[{"leftValue":1,"rightValue":2,"operator":{"type":"number","operation":"equals"}}]}}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node_with("Off", "set", &set("never"), |node| (node.disabled, node.execute_once) = (true, true))
        .node_with("If", "if", nothing, |node| node.always_output_data = true)
        .node_with("Once", "set", &set("a"), |node| node.execute_once = true)
        .edge("Start", "Off")
        .edge("Off", "If")
        .edge("Off", "Once");
    let report = execute(drawing, r#"[{"n":1},{"n":2}]"#).await;
    assert_eq!(given(&report, "Off", 0, 0), r#"[{"n":1},{"n":2}]"#);
    assert_eq!(given(&report, "Once", 0, 0), r#"[{"n":1,"a":"x"}]"#);
    assert_eq!(given(&report, "If", 0, 0), "[{}]");
    let made = &report.nodes.iter().find(|node| node.name == "If").unwrap().runs[0].outputs[0];
    let every = [0, 1].map(|item| ItemRef { item, input: 0 }).to_vec();
    assert_eq!(made[0].pairing, Pairing::many(every), "it comes from everything that there was");
}

#[tokio::test]
async fn an_expression_knows_its_node_and_what_the_execution_is_marked_with() {
    let shown = "{ marked: $execution.customData.get('count'), all: $execution.customData.getAll(), version: $nodeVersion, id: $nodeId }";
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Mark", "probe", r#"{"name":"marks","retried":"pure","keeps":true}"#)
        .node("Show", "set", &format!(r#"{{"mode":"raw","jsonOutput":"={{{{ {shown} }}}}"}}"#))
        .edge("Start", "Mark")
        .edge("Mark", "Show");
    let id = node_id("Show");
    let expected = format!(r#"[{{"marked":1,"all":{{"count":1}},"version":1,"id":"{id}"}}]"#);
    assert_eq!(given(&execute(drawing, "[{}]").await, "Show", 0, 0), expected);
}

#[tokio::test]
async fn a_node_that_fails_for_every_item_is_tried_again() {
    for (items, attempts) in [(r#"[{"n":"x"},{"n":"y"}]"#, 2), (r#"[{"n":"x"},{"n":1}]"#, 0)] {
        let mut drawing = fails_for_some(OnError::Continue);
        drawing.graph.nodes[&node_id("Set")].retry = Some(retry(3, 0));
        let house = House::new(drawing);
        let started = house.engine().start(start_and_wait("Start", items)).await.unwrap();
        let names = house.log.names(started.execution).await;
        let failed = names.iter().filter(|name| name.as_str() == "step_failed").count();
        assert_eq!((failed, names.last().map(String::as_str)), (attempts, Some("succeeded")), "{items}: {names:?}");
    }
}

#[tokio::test]
async fn a_placeholder_stops_where_it_is_reached_and_may_be_pinned() {
    let drawing = || {
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node("Gone", "placeholder", r#"{"type":"vendor.sorter","typeVersion":2,"numberOutputs":2}"#)
            .node("End", "noOp", "{}")
            .edge("Start", "Gone")
            .edge_at("Gone", 1, "End", 0)
    };
    let error = execute(drawing(), "[{}]").await.error.unwrap();
    assert_eq!(error.node, Some(node_id("Gone")));
    assert!(error.message.starts_with("vendor.sorter (version 2) has no counterpart here"), "{}", error.message);
    let mut pinned = drawing();
    pinned.graph.pinned.insert(node_id("Gone"), weft_nodes::testing::items(r#"[{"stands":"in"}]"#));
    assert_eq!(execute(pinned, "[{}]").await.order, ["Start", "Gone"]);
    let (problems, _) = House::new(Drawing::default()).engine().check("Orders", &drawing().graph);
    let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.severity)).collect();
    assert_eq!(found, [("placeholder", Severity::Error)]);
    let mut disabled = drawing();
    disabled.graph.nodes[&node_id("Gone")].disabled = true;
    let (problems, _) = House::new(Drawing::default()).engine().check("Orders", &disabled.graph);
    assert_eq!(problems[0].severity, Severity::Warning, "it is not executed");
}

#[tokio::test]
async fn items_are_traced_through_the_nodes_that_made_them() {
    let look_back = r#"{"assignments":{"assignments":[
        {"name":"first","type":"number","value":"={{ $('Start').item.json.n }}"},
        {"name":"all","type":"number","value":"={{ $('Start').all().length }}"},
        {"name":"from","type":"string","value":"={{ $prevNode.name }}"}]}}"#;
    let big = r#"{"conditions":{"conditions":[{"leftValue":"={{ $json.n }}","rightValue":1,"operator":{"type":"number","operation":"gt"}}]}}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node(
            "Rename",
            "set",
            r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n }}"}]}}"#,
        )
        .node("Big", "if", big)
        .node("Look", "set", look_back)
        .edge("Start", "Rename")
        .edge("Rename", "Big")
        .edge("Big", "Look");
    let report = execute(drawing, r#"[{"n":1},{"n":2},{"n":3}]"#).await;
    assert_eq!(given(&report, "Look", 0, 0), r#"[{"first":2,"all":3,"from":"Big"},{"first":3,"all":3,"from":"Big"}]"#);
}

#[tokio::test]
async fn pinned_items_stand_in_for_a_node() {
    let mut drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", "probe", r#"{"name":"pinned"}"#)
        .node("End", "noOp", "{}")
        .edge("Start", "Act")
        .edge("Act", "End");
    drawing.graph.pinned.insert(node_id("Act"), weft_nodes::testing::items(r#"[{"pinned":true}]"#));
    let report = execute(drawing, "[{}]").await;
    assert_eq!(given(&report, "End", 0, 0), r#"[{"pinned":true}]"#);
    assert_eq!(probe::touched("pinned"), 0);
}

#[tokio::test]
async fn a_long_wait_is_reported_as_waiting() {
    let drawing =
        Drawing::default().node("Start", "manualTrigger", "{}").node("Wait", "wait", "{}").edge("Start", "Wait");
    assert_eq!(execute(drawing, "[{}]").await.status, OnceStatus::Waiting);
}

#[tokio::test]
async fn a_broken_node_fails_when_it_is_reached() {
    let drawing =
        Drawing::default().node("Start", "manualTrigger", "{}").node("Odd", "flyingCarpet", "{}").edge("Start", "Odd");
    let report = execute(drawing, "[{}]").await;
    let error = report.error.unwrap();
    assert_eq!((error.code.as_str(), error.node), ("unknown_kind", Some(node_id("Odd"))));
}

/// A start, a node beside, and three nodes that pair everything with everything; the last one asks for an item of `asked`.
fn tangle(asked: &str) -> Drawing {
    let ask = format!(
        r#"{{"assignments":{{"assignments":[{{"name":"a","type":"string","value":"={{{{ $('{asked}').item.json.n }}}}"}}]}}}}"#
    );
    let tangle = r#"{"tangle":5000}"#;
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node_with("Beside", "noOp", "{}", |node| node.position = Point { x: 0, y: -9 })
        .node("Code1", "probeTransform", tangle)
        .node("Code2", "probeTransform", tangle)
        .node("Code3", "probeTransform", tangle)
        .node_with("Ask", "set", &ask, |node| node.on_error = OnError::Continue)
        .edge("Start", "Beside")
        .edge("Start", "Code1")
        .edge("Code1", "Code2")
        .edge("Code2", "Code3")
        .edge("Code3", "Ask")
}

#[tokio::test]
async fn items_that_code_tangled_are_followed_back_in_no_time() {
    for (asked, items, answer) in [
        ("Start", r#"[{"n":1}]"#, r#"[{"a":"1"}]"#),
        ("Start", r#"[{"n":1},{"n":2},{"n":3}]"#, "Several items"),
        ("Beside", r#"[{"n":1},{"n":2},{"n":3}]"#, "It is not known"),
    ] {
        let report = execute(tangle(asked), items).await;
        let made = given(&report, "Ask", 0, 0);
        assert!(made.contains(answer), "{asked}: {made}");
    }
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
