//! Executions that end at a node, and what they take from earlier ones.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use support::probe::touched;
use support::{Drawing, House, TENANT, TestLog, WORKFLOW, items, live_on, node_id, settle, start_at};
use uuid::Uuid;
use weft_engine::{Engine, Respond, StartError, StartExecution};
use weft_event_log::SystemLog;
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode, Partial};
use weft_model::{ExecutionId, NodeId};

/// Start → First → Second → Last, and Start → Aside. `test` keeps the probes of tests that run beside each other apart.
fn chain(test: &str, second: &str) -> Drawing {
    let probe = |name: &str, more: &str| format!(r#"{{"name":"{test} {name}","retried":"idempotent"{more}}}"#);
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("First", "probe", &probe("first", ""))
        .node("Second", "probe", &probe("second", second))
        .node("Last", "probe", &probe("last", ""))
        .node("Aside", "probe", &probe("aside", ""))
        .edge("Start", "First")
        .edge("First", "Second")
        .edge("Second", "Last")
        .edge("Start", "Aside")
}

fn counts(test: &str) -> [u32; 4] {
    ["first", "second", "last", "aside"].map(|name| touched(&format!("{test} {name}")))
}

fn house(test: &str) -> House {
    House::new(chain(test, ""))
}

fn by_hand(draft: u32, until: &str, reuses: Option<ExecutionId>) -> StartExecution {
    StartExecution {
        version: ExecutedVersion::Draft(draft),
        mode: ExecutionMode::Manual,
        respond: Respond::Node,
        partial: Some(Partial { until: node_id(until), reuses }),
        ..start_at("Start")
    }
}

fn whole(draft: u32) -> StartExecution {
    StartExecution { partial: None, items: items(r#"[{"n":1},{"n":2}]"#), ..by_hand(draft, "Start", None) }
}

async fn done(engine: &Engine, request: StartExecution) -> ExecutionId {
    engine.start(request).await.unwrap().execution
}

/// The nodes of an execution's steps, each with the execution that executed it where that is another one.
async fn steps(house: &House, execution: ExecutionId) -> Vec<(NodeId, Option<ExecutionId>)> {
    let step = |event| match event {
        ExecutionEvent::StepSucceeded { step, .. } => Some((step.node, None)),
        ExecutionEvent::StepReused { step, from, .. } => Some((step.node, Some(from))),
        _ => None,
    };
    house.log.events(execution).await.into_iter().filter_map(step).collect()
}

/// The items that the step of `node` gave, executed or reused, as JSON.
async fn given(house: &House, execution: ExecutionId, node: &str) -> String {
    house.log.outputs(execution).await[&(node_id(node), 0)][0].clone()
}

#[tokio::test]
async fn only_what_leads_to_the_node_is_executed() {
    let house = house("lead");
    let engine = house.engine();
    let execution = done(&engine, by_hand(1, "Second", None)).await;
    assert_eq!(counts("lead"), [1, 1, 0, 0]);
    assert_eq!(steps(&house, execution).await, [(node_id("First"), None), (node_id("Second"), None)]);
    // A trigger leads to itself.
    let execution = done(&engine, by_hand(1, "Start", None)).await;
    assert_eq!((counts("lead"), steps(&house, execution).await), ([1, 1, 0, 0], Vec::new()));
}

#[tokio::test]
async fn a_node_is_executed_with_what_an_earlier_execution_recorded() {
    let house = house("reuse");
    let engine = house.engine();
    let first = done(&engine, whole(1)).await;
    assert_eq!(counts("reuse"), [1, 1, 1, 1]);
    let second = done(&engine, by_hand(1, "Last", Some(first))).await;
    assert_eq!(counts("reuse"), [1, 1, 2, 1]);
    let from = Some(first);
    let expected = [(node_id("First"), from), (node_id("Second"), from), (node_id("Last"), None)];
    assert_eq!(steps(&house, second).await, expected);
    assert_eq!(given(&house, second, "Last").await, given(&house, first, "Last").await);
    assert_eq!(given(&house, second, "First").await, given(&house, first, "First").await);
    // What was reused once names the execution that executed it.
    let third = done(&engine, by_hand(1, "Last", Some(second))).await;
    assert_eq!((steps(&house, third).await, counts("reuse")), (expected.to_vec(), [1, 1, 3, 1]));
}

#[tokio::test]
async fn what_changed_is_executed_and_all_that_comes_after_it() {
    let house = house("dirty");
    house.definitions.add_draft(TENANT, WORKFLOW, 2, chain("dirty", r#","new":1"#).graph);
    let engine = house.engine();
    let first = done(&engine, whole(1)).await;
    let second = done(&engine, by_hand(2, "Last", Some(first))).await;
    let expected = [(node_id("First"), Some(first)), (node_id("Second"), None), (node_id("Last"), None)];
    assert_eq!((steps(&house, second).await, counts("dirty")), (expected.to_vec(), [1, 2, 2, 1]));
    // Another trigger item makes everything new.
    let third = StartExecution { items: items("[{}]"), ..by_hand(2, "Last", Some(second)) };
    assert!(steps(&house, done(&engine, third).await).await.iter().all(|(_, from)| from.is_none()));
}

#[tokio::test]
async fn a_changed_trigger_leaves_nothing_to_reuse() {
    let house = house("trigger");
    let mut graph = chain("trigger", "").graph;
    graph.pinned.insert(node_id("Start"), items(r#"[{"pinned":true}]"#));
    house.definitions.add_draft(TENANT, WORKFLOW, 2, graph);
    let engine = house.engine();
    let first = done(&engine, whole(1)).await;
    let second = done(&engine, by_hand(2, "First", Some(first))).await;
    assert_eq!(steps(&house, second).await, [(node_id("First"), None)]);
    assert!(given(&house, second, "First").await.contains(r#""pinned":true"#));
}

#[tokio::test]
async fn what_failed_is_executed_again_with_what_came_before_it() {
    let house = House::new(chain("fail", r#","failures":1"#));
    let engine = house.engine();
    let first = done(&engine, whole(1)).await;
    assert_eq!(*house.log.names(first).await.last().unwrap(), "failed");
    let second = done(&engine, by_hand(1, "Second", Some(first))).await;
    assert_eq!(steps(&house, second).await, [(node_id("First"), Some(first))]);
    assert_eq!(counts("fail")[..2], [1, 2]);
}

#[tokio::test]
async fn a_loop_is_left_where_the_execution_ends() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Loop", "loop", r#"{"batchSize":1}"#)
        .node("Body", "probe", r#"{"name":"loop body","retried":"idempotent"}"#)
        .edge("Start", "Loop")
        .edge_at("Loop", 1, "Body", 0)
        .edge("Body", "Loop");
    let house = House::new(drawing);
    let engine = house.engine();
    let first = done(&engine, whole(1)).await;
    assert_eq!(touched("loop body"), 2);
    let second = done(&engine, by_hand(1, "Body", Some(first))).await;
    assert_eq!(touched("loop body"), 3);
    assert_eq!(steps(&house, second).await, [(node_id("Loop"), Some(first)), (node_id("Body"), None)]);
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let house = house("refused");
    let engine = house.engine();
    let unknown = ExecutionId(Uuid::from_u128(99));
    let start = |until: &str, reuses| engine.start(by_hand(1, until, reuses));
    assert!(matches!(start("Last", Some(unknown)).await, Err(StartError::NotReusable)));
    assert!(matches!(start("Nowhere", None).await, Err(StartError::NoPath)));
    let aside = StartExecution { trigger: node_id("Aside"), ..by_hand(1, "Last", None) };
    assert!(matches!(engine.start(aside).await, Err(StartError::NoPath)));
    assert_eq!(counts("refused"), [0; 4]);
    let plan = engine.plan(TENANT, WORKFLOW, ExecutedVersion::Draft(1)).await.unwrap();
    assert_eq!(plan.triggers_of(node_id("Last")), [node_id("Start")]);
    assert_eq!(plan.triggers_of(node_id("Nowhere")), []);
}

#[tokio::test]
async fn whoever_takes_over_reuses_what_the_dead_process_would_have() {
    let house = house("adopted");
    let first = done(&house.engine(), whole(1)).await;
    // The process dies before it has recorded what it reuses.
    let mortal = TestLog { appends: Arc::default(), cut: Arc::default(), ..house.log.clone() };
    mortal.cut.store(1, Ordering::SeqCst);
    let dying = house.engine_over(&mortal);
    house.log.heartbeat(dying.worker()).await.unwrap();
    let request = StartExecution { respond: Respond::Nothing, ..by_hand(1, "Last", Some(first)) };
    let second = done(&dying, request).await;
    settle().await;
    assert_eq!(house.log.names(second).await, ["queued", "started"]);
    live_on(&house, &house.engine()).await;
    let from = Some(first);
    let expected = [(node_id("First"), from), (node_id("Second"), from), (node_id("Last"), None)];
    assert_eq!((steps(&house, second).await, counts("adopted")), (expected.to_vec(), [1, 1, 2, 1]));
}
