//! What code keeps for later executions: durable with the step, entry by entry, and only of what is published.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::atomic::Ordering;

use support::probe::touched;
use support::{Drawing, House, TENANT, TestLog, WORKFLOW, live_on, node_id, settle, start_at};
use weft_engine::StartExecution;
use weft_event_log::{Companion, StaticEntry, SystemLog};
use weft_model::execution::{ExecutedVersion, ExecutionMode};

fn keeping(name: &str, rest: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Keep", "probe", &format!(r#"{{"name":"{name}","keeps":true{rest}}}"#))
        .edge("Start", "Keep")
}

async fn counted(house: &House, request: StartExecution) -> String {
    let engine = house.engine();
    let execution = engine.start(request).await.unwrap().execution;
    live_on(house, &engine).await;
    house.log.outputs(execution).await.remove(&(node_id("Keep"), 0)).map_or_else(String::new, |lists| lists[0].clone())
}

async fn kept(log: &TestLog) -> Vec<String> {
    let entries = log.static_data(TENANT, WORKFLOW).await.unwrap();
    let own = |entry: &StaticEntry| if entry.node.is_some() { "node" } else { "global" };
    let mut kept: Vec<_> = entries
        .iter()
        .map(|entry| format!("{}.{} = {}", own(entry), entry.key, entry.value.as_ref().unwrap()))
        .collect();
    kept.sort();
    kept
}

#[tokio::test]
async fn the_next_execution_finds_what_the_one_before_kept() {
    let house = House::new(keeping("static-next", r#","retried":"pure""#));
    assert!(counted(&house, start_at("Start")).await.contains(r#"{"all":1,"own":1,"marked":1}"#));
    assert_eq!(kept(&house.log).await, ["global.count = 1", "node.count = 1"]);
    assert!(counted(&house, start_at("Start")).await.contains(r#"{"all":2,"own":2,"marked":1}"#), "no custom data");
    assert_eq!(kept(&house.log).await, ["global.count = 2", "node.count = 2"]);
}

#[tokio::test]
async fn a_manual_execution_reads_and_writes_nothing() {
    let house = House::new(keeping("static-manual", r#","retried":"pure""#));
    counted(&house, start_at("Start")).await;
    let manual =
        StartExecution { mode: ExecutionMode::Manual, version: ExecutedVersion::Draft(1), ..start_at("Start") };
    assert!(counted(&house, manual).await.contains(r#"{"all":2,"own":2,"marked":1}"#));
    assert_eq!(kept(&house.log).await, ["global.count = 1", "node.count = 1"]);
}

#[tokio::test]
async fn two_executions_at_once_keep_what_each_of_them_changed() {
    let drawing = keeping("static-two", r#","retried":"pure""#)
        .node("Wait", "wait", r#"{"amount":1,"unit":"seconds"}"#)
        .node("Again", "probe", r#"{"name":"static-two-again","keeps":true,"retried":"pure"}"#)
        .edge("Keep", "Wait")
        .edge("Wait", "Again");
    let house = House::new(drawing);
    let engine = house.engine();
    engine.start(start_at("Start")).await.unwrap();
    settle().await;
    assert_eq!(touched("static-two"), 1, "it waits behind the first of the two");
    let entry = StaticEntry { node: None, key: "theirs".to_owned(), value: Some("[1]".to_owned()) };
    house.log.beside(TENANT, vec![Companion::KeepStaticData { workflow: WORKFLOW, entry }]).await;
    live_on(&house, &engine).await;
    assert_eq!(kept(&house.log).await, ["global.count = 2", "global.theirs = [1]", "node.count = 1", "node.count = 1"]);
}

#[tokio::test]
async fn what_code_kept_before_it_failed_lasts() {
    let house = House::new(keeping("static-failing", r#","retried":"pure","failures":9"#));
    counted(&house, start_at("Start")).await;
    assert_eq!(kept(&house.log).await, ["global.count = 1", "node.count = 1"]);
}

#[tokio::test]
async fn what_nobody_recorded_nobody_finds() {
    // The first process dies before each of its appends in turn; another one takes its place.
    for cut in 0..3 {
        let house = House::new(keeping(&format!("static-crash-{cut}"), r#","retried":"idempotent""#));
        let dying = TestLog { cut: std::sync::Arc::new(cut.into()), ..house.log.clone() };
        let first = house.engine_over(&dying);
        let starting = tokio::spawn(async move { first.start(start_at("Start")).await.is_ok() });
        settle().await;
        starting.abort();
        let other = house.engine();
        live_on(&house, &other).await;
        let begun = house.log.executions().await.len();
        let times = touched(&format!("static-crash-{cut}"));
        let expected = format!("global.count = {begun}");
        let found = kept(&house.log).await;
        assert!((begun == 0 && found.is_empty()) || found[0] == expected, "{cut}: {times} times, {found:?}");
    }
}

#[tokio::test]
async fn a_database_that_is_away_for_a_moment_is_waited_for() {
    let house = House::new(keeping("static-away", r#","retried":"pure""#));
    counted(&house, start_at("Start")).await;
    let engine = house.engine();
    house.log.read_faults.store(2, Ordering::SeqCst);
    engine.start(start_at("Start")).await.unwrap();
    live_on(&house, &engine).await;
    assert_eq!(kept(&house.log).await, ["global.count = 2", "node.count = 2"]);
}
