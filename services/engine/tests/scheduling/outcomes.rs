//! Where failed items go, and what the settings of a node make of it.

use crate::support::{Drawing, House, given, node_id, retry, start_and_wait};
use crate::{execute, set};
use weft_engine::OnceStatus;
use weft_model::OnError;
use weft_value::{ItemRef, Pairing};

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
async fn a_broken_node_fails_when_it_is_reached() {
    let drawing =
        Drawing::default().node("Start", "manualTrigger", "{}").node("Odd", "flyingCarpet", "{}").edge("Start", "Odd");
    let report = execute(drawing, "[{}]").await;
    let error = report.error.unwrap();
    assert_eq!((error.code.as_str(), error.node), ("unknown_kind", Some(node_id("Odd"))));
}
