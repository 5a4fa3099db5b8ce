//! What stands in for a node, and where items come from.

use crate::execute;
use crate::support::{Drawing, House, given, node_id, probe};
use weft_engine::{OnceStatus, Severity};
use weft_model::{OnError, Point};

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
