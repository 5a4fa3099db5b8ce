//! How many executions of a workflow progress at once, and calls that come twice.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use support::probe::touched;
use support::{Drawing, House, TENANT, TestLog, items, live_on, node_id, settle, start_at};
use uuid::Uuid;
use weft_engine::{Clock as _, StartError, StartExecution};
use weft_model::execution::{ExecutedVersion, ExecutionEvent, ExecutionMode};
use weft_model::{Actor, AtOnce, WorkflowId};

fn limited(probe: &str, at_once: AtOnce) -> Drawing {
    let mut drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", "probe", &format!(r#"{{"name":"{probe}","retried":"idempotent"}}"#))
        .node("Wait", "wait", r#"{"amount":1,"unit":"seconds"}"#)
        .edge("Start", "Act")
        .edge("Act", "Wait");
    drawing.graph.settings.at_once = at_once;
    drawing
}

fn most(most: u32) -> AtOnce {
    AtOnce { most: Some(most), ..AtOnce::default() }
}

fn by_key(most: Option<u32>) -> AtOnce {
    AtOnce { most, key: Some("={{ $json.customer }}".to_owned()), most_per_key: None }
}

fn of(customer: &str) -> StartExecution {
    StartExecution { items: items(&format!(r#"[{{"customer":"{customer}"}}]"#)), ..start_at("Start") }
}

#[tokio::test]
async fn what_is_too_much_is_recorded_and_waits_for_those_before_it() {
    let house = House::new(limited("slots-order", most(2)));
    let engine = house.engine();
    let mut all = Vec::new();
    for _ in 0..5 {
        // Each is accepted although it cannot progress yet.
        all.push(engine.start(start_at("Start")).await.unwrap().execution);
    }
    settle().await;
    assert_eq!(touched("slots-order"), 2);
    live_on(&house, &engine).await;
    assert_eq!(touched("slots-order"), 5);
    let mut ends = Vec::new();
    for execution in all {
        let events = house.log.events(execution).await;
        let Some(ExecutionEvent::Succeeded { at }) = events.last() else { panic!("{events:?}") };
        ends.push(*at);
    }
    assert!(ends.is_sorted() && ends[1] < ends[2] && ends[3] < ends[4], "{ends:?}");
}

#[tokio::test]
async fn keys_do_not_wait_for_each_other() {
    let house = House::new(limited("slots-keys", by_key(None)));
    let engine = house.engine();
    for customer in ["a", "a", "a", "é", ""] {
        engine.start(of(customer)).await.unwrap();
    }
    engine.start(of("")).await.unwrap();
    settle().await;
    assert_eq!(touched("slots-keys"), 4, "one of a, one of é, and two without a key");
    live_on(&house, &engine).await;
    assert_eq!(touched("slots-keys"), 6);
}

#[tokio::test]
async fn keys_share_the_limit_of_their_workflow() {
    let house = House::new(limited("slots-both", by_key(Some(2))));
    let engine = house.engine();
    for customer in ["a", "b", "c", "a"] {
        engine.start(of(customer)).await.unwrap();
    }
    settle().await;
    assert_eq!(touched("slots-both"), 2);
    live_on(&house, &engine).await;
    assert_eq!(touched("slots-both"), 4);
}

#[tokio::test]
async fn what_people_execute_waits_for_nobody() {
    let house = House::new(limited("slots-manual", most(1)));
    let engine = house.engine();
    for _ in 0..2 {
        let version = ExecutedVersion::Draft(1);
        let manual = StartExecution { mode: ExecutionMode::Manual, version, ..start_at("Start") };
        engine.start(manual).await.unwrap();
    }
    settle().await;
    assert_eq!(touched("slots-manual"), 2);
}

#[tokio::test]
async fn one_that_waits_outside_of_memory_lets_the_next_one_pass() {
    let mut drawing = limited("slots-parked", most(1));
    drawing = drawing.node("Long", "wait", r#"{"amount":1,"unit":"hours"}"#).edge("Wait", "Long");
    let house = House::new(drawing);
    let engine = house.engine();
    engine.start(start_at("Start")).await.unwrap();
    engine.start(start_at("Start")).await.unwrap();
    for _ in 0..8 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
    }
    settle().await;
    assert_eq!(touched("slots-parked"), 2, "the first one waits for an hour");
    live_on(&house, &engine).await;
    for execution in house.log.executions().await {
        assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    }
}

#[tokio::test]
async fn those_that_wait_for_each_other_leave_places_for_others() {
    let mut house = House::new(limited("slots-crowd", most(1)));
    house.settings.queued = 16;
    let engine = house.engine();
    for _ in 0..4 {
        engine.start(start_at("Start")).await.unwrap();
    }
    assert!(matches!(engine.start(start_at("Start")).await, Err(StartError::Overloaded { .. })));
    live_on(&house, &engine).await;
    assert_eq!(touched("slots-crowd"), 4);
    engine.start(start_at("Start")).await.unwrap();
}

#[tokio::test]
async fn who_is_queued_for_longer_than_it_may_is_ended() {
    let mut drawing = limited("slots-late", most(1));
    drawing.graph.settings.max_wait_seconds = Some(1);
    drawing = drawing.node("Hang", "probe", r#"{"name":"slots-late-hang","hangs":true}"#).edge("Act", "Hang");
    let house = House::new(drawing);
    let engine = house.engine();
    engine.start(start_at("Start")).await.unwrap();
    let second = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_secs(2));
    settle().await;
    let events = house.log.events(second).await;
    let Some(ExecutionEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!(error.code, "waited_too_long");
    assert_eq!(touched("slots-late"), 1);
}

#[tokio::test]
async fn the_time_of_one_that_was_queued_runs_from_then_whoever_drives_it() {
    for (name, of_workflow, of_tenant) in [("workflow", most(1), None), ("tenant", AtOnce::default(), Some(1))] {
        let probe = format!("slots-time-{name}");
        let hang = format!(r#"{{"name":"{probe}","retried":"idempotent","hangs":true}}"#);
        let drawing = Drawing::default().node("Start", "manualTrigger", "{}").node("Hang", "probe", &hang);
        let mut drawing = drawing.edge("Start", "Hang");
        drawing.graph.settings.at_once = of_workflow;
        drawing.graph.settings.timeout_seconds = Some(100);
        let mut house = House::new(drawing);
        house.settings.of_tenant = of_tenant;
        let engine = house.engine();
        let first = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        let queued_at = house.clock.now();
        let second = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_mins(1));
        engine.cancel(TENANT, first, Actor::System).await.unwrap();
        for _ in 0..20 {
            settle().await;
            house.clock.advance(Duration::from_secs(1));
        }
        assert_eq!(
            (touched(&probe), house.log.names(second).await.as_slice()),
            (2, BEGUN.map(str::to_owned).as_slice())
        );

        engine.drain(Duration::ZERO).await;
        let other = house.engine();
        other.adopt_orphans().await.unwrap();
        settle().await;
        assert_eq!(touched(&probe), 3, "{name}: another process drives it");
        house.clock.advance(Duration::from_secs(19));
        settle().await;
        assert_eq!(house.log.names(second).await.last().unwrap(), "step_started", "{name}: after 99 seconds");
        house.clock.advance(Duration::from_secs(1));
        settle().await;
        let events = house.log.events(second).await;
        let Some(ExecutionEvent::Failed { error, at, .. }) = events.last() else { panic!("{events:?}") };
        assert_eq!((error.code.as_str(), *at), ("timeout", queued_at + SignedDuration::from_secs(100)), "{name}");
    }
}

/// What is recorded of an execution that was queued and hangs.
const BEGUN: [&str; 3] = ["queued", "started", "step_started"];

#[tokio::test]
async fn another_process_goes_on_with_those_that_are_queued() {
    for cut in 1..6 {
        let probe = format!("slots-crash-{cut}");
        let house = House::new(limited(&probe, most(1)));
        let dying = TestLog { cut: Arc::new(cut.into()), ..house.log.clone() };
        let first = house.engine_over(&dying);
        let starting = tokio::spawn(async move {
            for _ in 0..3 {
                first.start(start_at("Start")).await.unwrap();
            }
        });
        settle().await;
        starting.abort();
        let other = house.engine();
        live_on(&house, &other).await;
        let begun = house.log.executions().await;
        assert!(!begun.is_empty());
        for execution in begun {
            assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded", "{cut}");
        }
        assert_eq!(weft_event_log::SystemLog::open_executions(&house.log, TENANT).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn of_calls_with_one_key_one_begins() {
    let mut drawing = limited("slots-once", AtOnce::default());
    drawing.graph.settings.once_key = Some("={{ $json.customer }}".to_owned());
    let house = House::new(drawing);
    let engine = house.engine();
    let first = engine.start(of("a")).await.unwrap().execution;
    match engine.start(of("a")).await {
        Err(StartError::Duplicate { execution }) => assert_eq!(execution, first),
        other => panic!("{other:?}"),
    }
    engine.start(of("b")).await.unwrap();
    // What has no key is never the same.
    engine.start(start_at("Start")).await.unwrap();
    engine.start(start_at("Start")).await.unwrap();
    let manual = StartExecution { mode: ExecutionMode::Manual, version: ExecutedVersion::Draft(1), ..of("a") };
    engine.start(manual).await.unwrap();
    assert_eq!(house.log.executions().await.len(), 5);
}

/// Another workflow of the tenant.
const OTHER: WorkflowId = WorkflowId(Uuid::from_u128(77));

fn start_other() -> StartExecution {
    StartExecution::new(TENANT, OTHER, ExecutedVersion::Published(1), node_id("Start"))
}

#[tokio::test]
async fn the_workflows_of_a_tenant_share_what_progresses_at_once() {
    // What the installation permits, and what the tenant chose: the smaller one holds.
    for (name, permitted, chosen) in [("given", Some(2), None), ("chosen", Some(9), Some(2)), ("own", None, Some(2))] {
        let probe = format!("slots-tenant-{name}");
        let mut house = House::new(limited(&probe, AtOnce::default()));
        house.definitions.add(TENANT, OTHER, "Other", limited(&probe, AtOnce::default()).graph);
        house.settings.of_tenant = permitted;
        if let Some(chosen) = chosen {
            house.definitions.let_progress(chosen);
        }
        let engine = house.engine();
        for _ in 0..3 {
            engine.start(start_at("Start")).await.unwrap();
        }
        engine.start(start_other()).await.unwrap();
        settle().await;
        assert_eq!(touched(&probe), 2, "{name}");
        live_on(&house, &engine).await;
        assert_eq!(touched(&probe), 4, "{name}");
    }
}

#[tokio::test]
async fn one_workflow_with_many_queued_does_not_keep_another_one_from_its_tenants_slots() {
    let mut house = House::new(limited("slots-fair-many", AtOnce::default()));
    house.definitions.add(TENANT, OTHER, "Other", limited("slots-fair-one", AtOnce::default()).graph);
    house.settings.of_tenant = Some(1);
    let engine = house.engine();
    for _ in 0..40 {
        engine.start(start_at("Start")).await.unwrap();
    }
    engine.start(start_other()).await.unwrap();
    for _ in 0..60 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
        if touched("slots-fair-one") == 1 {
            break;
        }
    }
    assert_eq!(touched("slots-fair-one"), 1);
    assert!(touched("slots-fair-many") < 40, "it came before the last of the others");
    live_on(&house, &engine).await;
    assert_eq!(touched("slots-fair-many"), 40);
}

#[tokio::test]
async fn who_is_queued_is_recorded_as_such_until_it_begins() {
    let house = House::new(limited("slots-status", most(1)));
    let engine = house.engine();
    let first = engine.start(start_at("Start")).await.unwrap().execution;
    let second = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(first).await[..2], ["queued", "started"]);
    assert_eq!(house.log.names(second).await, ["queued"]);
    live_on(&house, &engine).await;
    assert_eq!(house.log.names(second).await[..2], ["queued", "started"]);
    assert_eq!(house.log.names(second).await.last().unwrap(), "succeeded");
}

#[tokio::test]
async fn an_execution_that_another_one_waits_for_needs_no_slot_of_their_tenant() {
    let call = format!(r#"{{"workflowId":"{}"}}"#, OTHER.0);
    let calling = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Call", "executeWorkflow", &call)
        .edge("Start", "Call");
    let called = Drawing::default()
        .node("Called", "executeWorkflowTrigger", "{}")
        .node("Act", "probe", r#"{"name":"slots-called"}"#)
        .edge("Called", "Act");
    let mut house = House::new(calling);
    house.definitions.add(TENANT, OTHER, "Other", called.graph);
    house.settings.of_tenant = Some(1);
    let engine = house.engine();
    let asking = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(touched("slots-called"), 1);
    live_on(&house, &engine).await;
    assert_eq!(house.log.names(asking).await.last().unwrap(), "succeeded");
}
