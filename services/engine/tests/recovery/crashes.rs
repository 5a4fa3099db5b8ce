//! A crash at any append.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::probe::touched;
use crate::support::{Drawing, House, TestLog, live_on, retry, settle, start_at};
use crate::{follows_the_model, probe, set};
use weft_engine::StartExecution;
use weft_event_log::SystemLog;
use weft_model::{ExecutionId, NodeId};

/// Pure steps, idempotent actions, a retry, a condition and a wait, one after the other.
fn long_way(prefix: &str) -> Drawing {
    let condition = r#"{"conditions":{"conditions":[{"leftValue":1,"rightValue":1,"operator":{"type":"number","operation":"equals"}}]}}"#;
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("A", "set", &set("a"))
        .node("Act1", "probe", &probe(prefix, "1", r#","retried":"idempotent""#))
        .node("If", "if", condition)
        .node_with("Act2", "probe", &probe(prefix, "2", r#","retried":"idempotent","failures":2"#), |node| {
            node.retry = Some(retry(3, 1000));
        })
        .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
        .node("B", "set", &set("b"))
        .node("Act3", "probe", &probe(prefix, "3", r#","retried":"idempotent""#))
        .node("End", "noOp", "{}")
        .edge("Start", "A")
        .edge("A", "Act1")
        .edge("Act1", "If")
        .edge("If", "Act2")
        .edge("Act2", "Wait")
        .edge("Wait", "B")
        .edge("B", "Act3")
        .edge("Act3", "End")
}

/// A loop over three items with an act in it, and what came back behind it.
fn looped(prefix: &str) -> Drawing {
    let items = r#"{"mode":"raw","jsonOutput":"={{ { n: $('Start').item.json.n } }}"}"#;
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Loop", "loop", "{}")
        .node("Act", "probe", &probe(prefix, "1", r#","retried":"idempotent""#))
        .node("End", "set", items)
        .edge("Start", "Loop")
        .edge_at("Loop", 1, "Act", 0)
        .edge("Act", "Loop")
        .edge_at("Loop", 0, "End", 0)
}

/// A loop over items that are long enough to be let go, which are looked at again behind it.
fn thick(prefix: &str) -> Drawing {
    let thick = r#"{"includeOtherFields":true,"assignments":{"assignments":[
        {"name":"text","type":"string","value":"={{ 'é'.repeat(3000) }}"}]}}"#;
    let last = r#"{"assignments":{"assignments":[
        {"name":"own","type":"number","value":"={{ $('Thick').item.json.n }}"},
        {"name":"last","type":"number","value":"={{ $('Act').last().json.n + $('Thick').all().length }}"}]}}"#;
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Thick", "set", thick)
        .node("Loop", "loop", "{}")
        .node("Act", "probe", &probe(prefix, "1", r#","retried":"idempotent""#))
        .node("End", "set", last)
        .edge("Start", "Thick")
        .edge("Thick", "Loop")
        .edge_at("Loop", 1, "Act", 0)
        .edge("Act", "Loop")
        .edge_at("Loop", 0, "End", 0)
}

/// A loop over two items whose body counts in what the execution and what the node keep, and one more that counts behind it.
fn counting(prefix: &str) -> Drawing {
    let keeps = |name: &str| probe(prefix, name, r#","retried":"pure","keeps":true"#);
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Loop", "loop", "{}")
        .node("Count", "probe", &keeps("count"))
        .node("Act", "probe", &probe(prefix, "1", r#","retried":"idempotent""#))
        .node("Last", "probe", &keeps("last"))
        .edge("Start", "Loop")
        .edge_at("Loop", 1, "Count", 0)
        .edge("Count", "Act")
        .edge("Act", "Loop")
        .edge_at("Loop", 0, "Last", 0)
}

async fn outcome(house: &House, execution: ExecutionId) -> (HashMap<(NodeId, u32), Vec<String>>, String) {
    (house.log.outputs(execution).await, house.log.names(execution).await.last().unwrap().clone())
}

/// What a drawing is expected to do.
struct Way {
    /// With this prefix for the names of its probes.
    draw: fn(&str) -> Drawing,
    /// What it starts with.
    items: &'static str,
    steps: usize,
    /// The names of its probes, and how often they touch the world.
    probes: &'static [&'static str],
    touches: u32,
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing() {
    let way = Way { draw: long_way, items: "[{}]", steps: 8, probes: &["1", "2", "3"], touches: 5 };
    crash_everywhere("way", way).await;
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing_of_a_loop() {
    // Three iterations with an act, one more that finds nothing left, and the end.
    let way = Way { draw: looped, items: r#"[{"n":1},{"n":2},{"n":3}]"#, steps: 8, probes: &["1"], touches: 3 };
    crash_everywhere("loop", way).await;
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing_of_what_is_let_go() {
    let way = Way { draw: thick, items: r#"[{"n":1},{"n":2},{"n":3}]"#, steps: 9, probes: &["1"], touches: 3 };
    crash_everywhere("thick", way).await;
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing_of_what_code_keeps() {
    // Three times round the loop, twice through its body, and the end.
    let way = Way { draw: counting, items: "[{},{}]", steps: 8, probes: &["1"], touches: 2 };
    crash_everywhere("kept", way).await;
}

async fn crash_everywhere(name: &str, way: Way) {
    let Way { draw, items, steps, probes, touches: once } = way;
    let start = || {
        let items = crate::support::items(items);
        StartExecution { items, ..start_at("Start") }
    };
    let house = House::new(draw(&format!("{name}-whole-")));
    let engine = house.engine();
    let started = engine.start(start()).await.unwrap();
    live_on(&house, &engine).await;
    let (expected, end) = outcome(&house, started.execution).await;
    assert_eq!((expected.len(), end.as_str()), (steps, "succeeded"));
    let appends = house.log.appends();
    assert!(appends > once as usize, "the way has {appends} appends");

    for cut in 1..appends {
        let prefix = format!("{name}-cut{cut}-");
        let mut house = House::new(draw(&prefix));
        // What may leave memory does, too.
        house.settings.held_by_one = 0;
        let mortal = TestLog { appends: Arc::default(), cut: Arc::default(), ..house.log.clone() };
        mortal.cut.store(cut, Ordering::SeqCst);
        let first = house.engine_over(&mortal);
        house.log.heartbeat(first.worker()).await.unwrap();
        let execution = first.start(start()).await.unwrap().execution;
        // The first process lives until it dies in the middle of its next append.
        for _ in 0..6 {
            settle().await;
            house.clock.advance(Duration::from_secs(2));
        }
        let recorded = house.log.outputs(execution).await;
        let second = house.engine();
        live_on(&house, &second).await;

        let (outputs, end) = outcome(&house, execution).await;
        follows_the_model(&house, execution).await;
        assert_eq!((&outputs, end.as_str()), (&expected, "succeeded"), "after a crash at append {cut}");
        for (step, output) in recorded {
            assert_eq!(outputs.get(&step), Some(&output), "recorded before the crash at {cut}");
        }
        // The world may be touched once more by the step during which the process died, and by no other.
        let touches: u32 = probes.iter().map(|name| touched(&format!("{prefix}{name}"))).sum();
        assert!((once..=once + 1).contains(&touches), "{touches} touches after a crash at append {cut}");
    }
}
