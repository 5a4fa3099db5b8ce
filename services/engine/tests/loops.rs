//! Loops: what goes round, what comes out, and which item belongs to which.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::atomic::Ordering;

use support::{Drawing, House, execute, given, node_id, start_and_wait};
use weft_engine::{OnceReport, OnceStatus, StartExecution};
use weft_model::ExecutionOrder;
use weft_value::{Item, Object, Value};

/// Items `{a: 0}`, `{a: 1}`, …
fn items(count: u32) -> Vec<Item> {
    (0..count).map(|a| Item::new([("a", a)].into_iter().collect::<Object>())).collect()
}

fn json(report: &OnceReport, node: &str, run: usize) -> String {
    given(report, node, run, 0)
}

fn set(name: &str, expression: &str) -> String {
    format!(
        r#"{{"assignments":{{"assignments":[{{"name":"{name}","type":"any","value":"={{{{ {expression} }}}}"}}]}}}}"#
    )
}

/// Start → Loop → Body → Loop; what is done goes to End.
fn looped(parameters: &str, body: &str, end: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Loop", "loop", parameters)
        .node("Body", "set", body)
        .node("End", "set", end)
        .edge("Start", "Loop")
        .edge_at("Loop", 1, "Body", 0)
        .edge("Body", "Loop")
        .edge_at("Loop", 0, "End", 0)
}

#[tokio::test]
async fn items_keep_their_origin_in_the_loop_and_behind_it() {
    for order in [ExecutionOrder::V0, ExecutionOrder::V1] {
        let body = set("b", "[$json.a, $('Start').item.json.a, $('Loop').context.currentRunIndex]");
        let end = set("c", "[$json.b, $('Body').item.json.b[0], $('Start').item.json.a]");
        let mut drawing = looped(r#"{"batchSize":2}"#, &body, &end);
        drawing.graph.settings.execution_order = order;
        let report = execute(drawing, items(3)).await;
        assert_eq!(report.status, OnceStatus::Success, "{:?}", report.error);
        assert_eq!(report.order, ["Start", "Loop", "Body", "Loop", "Body", "Loop", "End"]);
        assert_eq!(json(&report, "Body", 0), r#"[{"b":[0,0,0]},{"b":[1,1,0]}]"#);
        assert_eq!(json(&report, "Body", 1), r#"[{"b":[2,2,1]}]"#);
        let expected = r#"[{"c":[[0,0,0],0,0]},{"c":[[1,1,0],1,1]},{"c":[[2,2,1],2,2]}]"#;
        assert_eq!(json(&report, "End", 0), expected, "{order:?}");
    }
}

#[tokio::test]
async fn a_loop_in_a_loop_starts_again_for_every_batch() {
    let reset = r#"{"batchSize":1,"options":{"reset":"={{ $prevNode.name === 'Outer' }}"}}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Outer", "loop", r#"{"batchSize":2}"#)
        .node("Inner", "loop", reset)
        .node("Body", "set", &set("b", "$('Start').item.json.a * 10"))
        .node("End", "set", &set("c", "$json.b + $('Start').item.json.a"))
        .edge("Start", "Outer")
        .edge_at("Outer", 1, "Inner", 0)
        .edge_at("Inner", 1, "Body", 0)
        .edge("Body", "Inner")
        .edge_at("Inner", 0, "Outer", 0)
        .edge_at("Outer", 0, "End", 0);
    let report = execute(drawing, items(4)).await;
    assert_eq!(report.status, OnceStatus::Success, "{:?}", report.error);
    assert_eq!(json(&report, "End", 0), r#"[{"c":0},{"c":11},{"c":22},{"c":33}]"#);
}

/// A loop that adds 1 to every item by itself and compares the sum with what went in.
fn long_loop() -> Drawing {
    let end = set("c", "$json.b - $('Start').item.json.a");
    looped("{}", &set("b", "$('Start').item.json.a + 1"), &end)
}

/// The processor time of this thread, which neighbours do not lengthen (proc(5), schedstat, first field, in nanoseconds).
fn processor_time() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_ascii_whitespace().next().unwrap().parse().unwrap()
}

/// Were anything copied in every iteration that grows with them, ten times the iterations would take ten times as long each.
#[tokio::test]
async fn a_long_loop_takes_as_long_for_every_iteration() {
    let mut each = Vec::new();
    for count in [2_000, 20_000] {
        let before = processor_time();
        let report = execute(long_loop(), items(count)).await;
        each.push((processor_time() - before) / u64::from(count));
        assert_eq!(report.status, OnceStatus::Success, "{:?}", report.error);
        let end = report.nodes.iter().find(|node| node.name == "End").unwrap();
        let items = &end.runs[0].outputs[0];
        assert_eq!(items.len(), count as usize);
        assert!(items.iter().all(|item| item.json.get("c") == &Value::Number(1.0)));
    }
    assert!(each[1] < each[0] * 4, "nanoseconds for an iteration of a short and a long loop: {each:?}");
}

/// What each iteration records must not hold what earlier ones did.
#[tokio::test]
async fn a_long_loop_records_as_much_for_every_iteration() {
    let mut each = Vec::new();
    for count in [100, 1_000] {
        let house = House::new(long_loop());
        let engine = house.engine();
        let start = StartExecution { items: items(count), ..start_and_wait("Start", "[]") };
        engine.start(start).await.unwrap();
        each.push(house.log.bytes.load(Ordering::SeqCst) / count as usize);
    }
    assert!(each[1] < each[0] * 2, "bytes for an iteration of a short and a long loop: {each:?}");
}

#[tokio::test]
async fn a_failed_iteration_that_carries_on_does_not_begin_the_loop_anew() {
    // The second batch has no size.
    let size = r#"{"batchSize":"={{ $runIndex === 1 ? 0 : 1 }}"}"#;
    let mut drawing = looped(size, &set("b", "$json.a"), &set("c", "$json.b"));
    drawing.graph.settings.max_steps = Some(20);
    let looping = drawing.graph.nodes.get_mut(&node_id("Loop")).unwrap();
    looping.on_error = weft_model::OnError::ErrorOutput;
    let report = execute(drawing.edge_at("Loop", 2, "Loop", 0), items(2)).await;
    assert_eq!(report.status, OnceStatus::Success, "{:?}", report.error);
    assert_eq!(json(&report, "Body", 1), r#"[{"b":1}]"#);
    assert_eq!(json(&report, "End", 0), r#"[{"c":0},{"c":0},{"c":1}]"#);
}
