//! Executions that wait: what they leave free meanwhile, how long they may, and who is told.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use support::{Drawing, House, TENANT, TestLog, WORKFLOW, node_id, retry, settle, start_at};
use uuid::Uuid;
use weft_engine::{Care, Engine, StartError};
use weft_event_log::SystemLog;
use weft_model::execution::{ExecutedVersion, ExecutionEvent};
use weft_model::{ExecutionId, HookId};

fn through(kind: &str, parameters: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", kind, parameters)
        .node("End", "noOp", "{}")
        .edge("Start", "Act")
        .edge("Act", "End")
}

async fn activate(house: &House, engine: &Engine) {
    let plan = engine.plan(TENANT, WORKFLOW, ExecutedVersion::Published(1)).await.unwrap();
    let now = weft_engine::Clock::now(&house.clock);
    let hook = |_| HookId(Uuid::from_u128(77));
    house.log.beside(TENANT, plan.activation(WORKFLOW, 1, now, &jiff::tz::TimeZone::UTC, hook, [])).await;
}

async fn last_error(house: &House, execution: ExecutionId) -> String {
    match house.log.events(execution).await.pop().unwrap() {
        ExecutionEvent::Failed { error, .. } => error.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_busy_adopter_does_not_look_dead() {
    let house = House::new(through("noOp", "{}"));
    house.log.orphans_hang.store(true, Ordering::SeqCst);
    house.engine().keep_house(Care::Every);
    for _ in 0..5 {
        settle().await;
        house.clock.advance(Duration::from_millis(500));
    }
    settle().await;
    assert_eq!(house.log.beats.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn a_full_engine_still_ends_waits() {
    let mut house = House::new(
        through("wait", r#"{"amount":2,"unit":"minutes"}"#)
            .node("Schedule", "scheduleTrigger", r#"{"rule":{"interval":[{"field":"minutes","minutesInterval":1}]}}"#)
            .node("Hang", "probe", r#"{"name":"full engine","hangs":true}"#)
            .edge("Schedule", "Hang"),
    );
    house.settings.running = 1;
    let engine = house.engine();
    let waiting = engine.start(start_at("Start")).await.unwrap().execution;
    activate(&house, &engine).await;
    // The first tick takes the only place for ever; the second one waits for it.
    house.clock.advance(Duration::from_mins(1));
    engine.fire_due_timers().await.unwrap();
    settle().await;
    house.clock.advance(Duration::from_mins(1));
    let firing = tokio::spawn(async move { engine.fire_due_timers().await });
    settle().await;
    assert!(firing.is_finished(), "the timers wait for a place");
    assert_eq!(house.log.names(waiting).await[3..], ["adopted", "step_resumed"]);
}

#[tokio::test]
async fn who_pauses_in_memory_lets_others_progress() {
    let mut house = House::new(
        through("wait", r#"{"amount":1,"unit":"seconds"}"#)
            .node("Other", "manualTrigger", "{}")
            .node("Quick", "noOp", "{}")
            .edge("Other", "Quick"),
    );
    house.settings.running = 1;
    let engine = house.engine();
    let pausing = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let quick = tokio::spawn(async move { engine.start(start_at("Other")).await });
    settle().await;
    let quick = quick.await.unwrap().unwrap().execution;
    assert_eq!(house.log.names(quick).await.last().unwrap(), "succeeded");
    assert_eq!(house.log.names(pausing).await.last().unwrap(), "step_waiting");
    house.clock.advance(Duration::from_secs(1));
    settle().await;
    assert_eq!(house.log.names(pausing).await.last().unwrap(), "succeeded");
}

#[tokio::test]
async fn a_long_pause_before_another_attempt_leaves_memory() {
    let mut drawing = through("probe", r#"{"name":"long pause","retried":"idempotent","failures":1}"#);
    drawing.graph.nodes[&node_id("Act")].retry = Some(retry(2, 60 * 60 * 1000));
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!((engine.state().admitted, house.log.open_executions(TENANT).await.unwrap()), (0, 0));
    house.clock.advance(Duration::from_mins(59));
    assert_eq!(engine.fire_due_timers().await.unwrap(), 0);
    house.clock.advance(Duration::from_mins(10));
    assert_eq!(house.engine().fire_due_timers().await.unwrap(), 1);
    settle().await;
    let names = house.log.names(execution).await;
    assert_eq!(
        names[2..],
        ["step_started", "step_failed", "adopted", "step_started", "step_succeeded", "step_succeeded", "succeeded"]
    );
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn cancelling_ends_the_pause_before_another_attempt() {
    let mut drawing = through("probe", r#"{"name":"cancelled pause","retried":"idempotent","failures":1}"#);
    drawing.graph.nodes[&node_id("Act")].retry = Some(retry(2, 60 * 60 * 1000));
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert!(house.log.next_timer().await.unwrap().is_some());
    engine.cancel(TENANT, execution, weft_model::Actor::System).await.unwrap();
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn a_wait_ends_with_the_time_that_the_execution_may_take() {
    for (length, seconds) in [(r#"{"amount":1,"unit":"hours"}"#, 10), (r#"{"amount":2,"unit":"seconds"}"#, 1)] {
        let mut drawing = through("wait", length);
        drawing.graph.settings.timeout_seconds = Some(seconds);
        let house = House::new(drawing);
        let engine = house.engine();
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        assert_eq!(house.log.names(execution).await.last().unwrap(), "step_waiting");
        house.clock.advance(Duration::from_secs(seconds));
        engine.fire_due_timers().await.unwrap();
        settle().await;
        assert_eq!(last_error(&house, execution).await, "timeout", "{length}");
        assert_eq!(house.log.next_timer().await.unwrap(), None);
        assert_eq!(engine.state().admitted, 0);
    }
}

#[tokio::test]
async fn a_pause_before_another_attempt_ends_with_the_time_that_the_execution_may_take() {
    for wait_ms in [1500, 60_000] {
        let mut drawing = through("probe", r#"{"name":"late pause","retried":"idempotent","failures":9}"#);
        drawing.graph.nodes[&node_id("Act")].retry = Some(retry(2, wait_ms));
        drawing.graph.settings.timeout_seconds = Some(1);
        let house = House::new(drawing);
        let engine = house.engine();
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_secs(1));
        engine.fire_due_timers().await.unwrap();
        settle().await;
        assert_eq!(last_error(&house, execution).await, "timeout", "{wait_ms} ms");
    }
}

#[tokio::test]
async fn a_timer_of_a_workflow_that_is_not_active_is_used_up() {
    let house = House::new(through("noOp", "{}").node(
        "Schedule",
        "scheduleTrigger",
        r#"{"rule":{"interval":[{"field":"minutes","minutesInterval":1}]}}"#,
    ));
    let engine = house.engine();
    activate(&house, &engine).await;
    house.definitions.deactivate(TENANT, WORKFLOW);
    house.clock.advance(Duration::from_mins(1));
    // It may belong to an activation that was not heard of yet.
    engine.fire_due_timers().await.unwrap();
    settle().await;
    assert!(house.log.next_timer().await.unwrap().is_some());
    house.clock.advance(Duration::from_secs(10));
    engine.fire_due_timers().await.unwrap();
    settle().await;
    assert_eq!(house.log.next_timer().await.unwrap(), None);
    assert!(house.log.executions().await.is_empty());
}

#[tokio::test]
async fn a_timer_of_a_node_that_is_no_schedule_any_more_is_used_up() {
    let house = House::new(through("noOp", "{}").node(
        "Schedule",
        "scheduleTrigger",
        r#"{"rule":{"interval":[{"field":"minutes","minutesInterval":1}]}}"#,
    ));
    activate(&house, &house.engine()).await;
    house.definitions.add(TENANT, WORKFLOW, "Orders", through("noOp", "{}").graph);
    house.clock.advance(Duration::from_secs(70));
    house.engine().fire_due_timers().await.unwrap();
    settle().await;
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn a_caller_whose_execution_went_on_elsewhere_is_told() {
    let house = House::new(
        Drawing::default()
            .node("Webhook", "webhook", r#"{"responseMode":"lastNode"}"#)
            .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
            .edge("Webhook", "Wait"),
    );
    let slow = TestLog { timers_hang: Arc::new(AtomicBool::new(true)), ..house.log.clone() };
    let (first, second) = (house.engine_over(&slow), house.engine());
    first.keep_house(Care::Every);
    let calling = tokio::spawn({
        let first = first.clone();
        async move { support::call(&first, "Webhook", "7").await }
    });
    settle().await;
    house.clock.advance(Duration::from_hours(1));
    // It is alive, so that the first one does not take the execution back.
    house.log.heartbeat(second.worker()).await.unwrap();
    second.fire_due_timers().await.unwrap();
    settle().await;
    house.clock.advance(Duration::from_secs(3));
    settle().await;
    assert!(matches!(calling.await.unwrap(), Err(StartError::Lost)));
}

#[tokio::test]
async fn a_caller_whose_process_ends_is_told() {
    let house = House::new(
        Drawing::default()
            .node("Webhook", "webhook", r#"{"responseMode":"lastNode"}"#)
            .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
            .edge("Webhook", "Wait"),
    );
    let engine = house.engine();
    let calling = tokio::spawn({
        let engine = engine.clone();
        async move { support::call(&engine, "Webhook", "7").await }
    });
    settle().await;
    engine.drain(Duration::ZERO).await;
    settle().await;
    assert!(matches!(calling.await.unwrap(), Err(StartError::Lost)));
}
