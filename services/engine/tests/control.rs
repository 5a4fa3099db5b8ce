//! Waits, schedules, cancelling, repeating, refusing and draining.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use support::{Drawing, House, TENANT, WORKFLOW, node_id, retry, settle, start_and_wait, start_at};
use uuid::Uuid;
use weft_engine::{CancelError, Engine, Respond, RetryError, Services, StartError, StartExecution};
use weft_event_log::{Log, SystemLog};
use weft_model::access::{AccessEvent, RefusalReason, access_stream};
use weft_model::execution::{ExecutedVersion, ExecutionEvent};
use weft_model::{Actor, Event, ExecutionId, HookId, OnError, Priority, StreamVersion};

fn through(kind: &str, parameters: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", kind, parameters)
        .node("End", "noOp", "{}")
        .edge("Start", "Act")
        .edge("Act", "End")
}

#[tokio::test]
async fn a_long_wait_leaves_memory_and_ends_with_its_timer() {
    let house = House::new(through("wait", r#"{"amount":1,"unit":"hours"}"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(execution).await, ["queued", "started", "step_waiting"]);
    assert_eq!((engine.state().admitted, house.log.open_executions(TENANT).await.unwrap()), (0, 0));
    house.clock.advance(Duration::from_secs(3599));
    assert_eq!(engine.fire_due_timers().await.unwrap(), 0);
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(engine.fire_due_timers().await.unwrap(), 1);
    settle().await;
    let names = house.log.names(execution).await;
    assert_eq!(names[3..], ["adopted", "step_resumed", "step_succeeded", "step_succeeded", "succeeded"]);
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn two_processes_end_a_wait_once() {
    let house = House::new(through("wait", r#"{"amount":1,"unit":"hours"}"#));
    let (first, second) = (house.engine(), house.engine());
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_hours(1));
    // Both are given the timer, so that nothing but the fence keeps them apart.
    house.log.without_leases.store(true, Ordering::SeqCst);
    let fired = tokio::join!(first.fire_due_timers(), second.fire_due_timers());
    assert_eq!((fired.0.unwrap(), fired.1.unwrap()), (1, 1));
    settle().await;
    let names = house.log.names(execution).await;
    assert_eq!(names[3..], ["adopted", "step_resumed", "step_succeeded", "step_succeeded", "succeeded"]);
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn a_caller_is_answered_after_a_wait() {
    let house = House::new(
        Drawing::default()
            .node("Webhook", "webhook", r#"{"responseMode":"lastNode"}"#)
            .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
            .edge("Webhook", "Wait"),
    );
    let engine = house.engine();
    let calling = {
        let engine = engine.clone();
        tokio::spawn(async move { support::call(&engine, "Webhook", "7").await })
    };
    settle().await;
    house.clock.advance(Duration::from_hours(1));
    engine.fire_due_timers().await.unwrap();
    let started = calling.await.unwrap().unwrap();
    assert!(support::body_of(&started).contains(r#""body":7"#));
}

#[tokio::test]
async fn a_short_wait_stays_in_memory() {
    let house = House::new(through("wait", r#"{"amount":1,"unit":"seconds"}"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.next_timer().await.unwrap(), None);
    house.clock.advance(Duration::from_secs(1));
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
}

const PUBLISHED: ExecutedVersion = ExecutedVersion::Published(1);

fn every_minute() -> Drawing {
    Drawing::default()
        .node("Schedule", "scheduleTrigger", r#"{"rule":{"interval":[{"field":"minutes","minutesInterval":1}]}}"#)
        .node("End", "noOp", "{}")
        .edge("Schedule", "End")
}

/// Records what a publication records: the rows that make the workflow start by itself.
async fn activate(house: &House, engine: &Engine) {
    let plan = engine.plan(TENANT, WORKFLOW, PUBLISHED).await.unwrap();
    let now = weft_engine::Clock::now(&house.clock);
    let hook = |_| HookId(Uuid::from_u128(77));
    let companions = plan.activation(WORKFLOW, 1, now, &jiff::tz::TimeZone::UTC, hook, []);
    house.log.beside(TENANT, companions).await;
}

#[tokio::test]
async fn two_processes_fire_a_schedule_once_a_tick() {
    let house = House::new(every_minute());
    let (first, second) = (house.engine(), house.engine());
    activate(&house, &first).await;
    house.log.without_leases.store(true, Ordering::SeqCst);
    for tick in 1..=3 {
        house.clock.advance(Duration::from_mins(1));
        let fired = tokio::join!(first.fire_due_timers(), second.fire_due_timers());
        assert_eq!((fired.0.unwrap(), fired.1.unwrap()), (1, 1));
        settle().await;
        assert_eq!(house.log.executions().await.len(), tick);
    }
}

#[tokio::test]
async fn missed_ticks_are_made_up_for_once() {
    let house = House::new(every_minute());
    let engine = house.engine();
    activate(&house, &engine).await;
    house.clock.advance(Duration::from_secs(3630));
    engine.fire_due_timers().await.unwrap();
    settle().await;
    let executions = house.log.executions().await;
    assert_eq!(executions.len(), 1);
    // The next time is computed from the schedule, not from the late firing.
    assert_eq!(house.log.next_timer().await.unwrap(), Some("2026-01-31T11:01:00Z".parse().unwrap()));
}

#[tokio::test]
async fn activating_sets_routes_and_ends_the_timers_of_what_was_active_before() {
    let house =
        House::new(every_minute().node("Webhook", "webhook", r#"{"path":"/orders/:id/"}"#).edge("Webhook", "End"));
    let engine = house.engine();
    activate(&house, &engine).await;
    let hook = HookId(Uuid::from_u128(77));
    let routes = house.log.trigger_routes(TENANT, hook).await.unwrap();
    assert_eq!(
        (routes.len(), routes[0].route.path.as_str(), routes[0].route.method.as_str()),
        (1, "orders/:id", "GET")
    );
    let by_hand = Drawing::default().node("Start", "manualTrigger", "{}");
    let plan = weft_engine::compile(&house.kinds, "Orders", PUBLISHED, &by_hand.graph);
    let now = weft_engine::Clock::now(&house.clock);
    let before = [node_id("Schedule")];
    let companions = plan.activation(WORKFLOW, 2, now, &jiff::tz::TimeZone::UTC, |_| hook, before);
    house.log.beside(TENANT, companions).await;
    assert_eq!(house.log.next_timer().await.unwrap(), None);
    assert!(house.log.trigger_routes(TENANT, hook).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_running_execution_can_be_cancelled() {
    let house = House::new(through("probe", r#"{"name":"cancel","hangs":true}"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    engine.cancel(TENANT, execution, Actor::System).await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "cancelled");
    assert_eq!((engine.state().admitted, house.log.open_executions(TENANT).await.unwrap()), (0, 0));
    assert!(matches!(engine.cancel(TENANT, execution, Actor::System).await, Err(CancelError::Ended)));
    let unknown = weft_model::ExecutionId(Uuid::from_u128(404));
    assert!(matches!(engine.cancel(TENANT, unknown, Actor::System).await, Err(CancelError::NotFound)));
}

#[tokio::test]
async fn a_waiting_execution_can_be_cancelled_and_its_timer_with_it() {
    let house = House::new(through("wait", r#"{"amount":1,"unit":"hours"}"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    // Another process may do it, too.
    house.engine().cancel(TENANT, execution, Actor::System).await.unwrap();
    assert_eq!(house.log.next_timer().await.unwrap(), None);
    house.clock.advance(Duration::from_hours(2));
    assert_eq!(engine.fire_due_timers().await.unwrap(), 0);
}

#[tokio::test]
async fn what_failed_can_be_retried_with_the_same_items() {
    let house = House::new(through("stopAndError", r#"{"errorMessage":"={{ 'No ' + $json.what }}"}"#));
    let engine = house.engine();
    let first = engine.start(start_and_wait("Start", r#"[{"what":"luck"}]"#)).await.unwrap();
    assert_eq!(first.answer.unwrap().status, 500);
    let second = engine.retry(TENANT, first.execution, Actor::System).await.unwrap();
    settle().await;
    let events = house.log.events(second.execution).await;
    let message = events.iter().find_map(|event| match event {
        weft_model::execution::ExecutionEvent::Failed { error, .. } => Some(error.message.clone()),
        _ => None,
    });
    assert_eq!(message.as_deref(), Some("No luck"));
    assert!(
        matches!(&events[0], weft_model::execution::ExecutionEvent::Queued { retry_of: Some(of), .. } if *of == first.execution)
    );
}

#[tokio::test]
async fn what_succeeded_is_not_retried() {
    let house = House::new(through("noOp", "{}"));
    let engine = house.engine();
    let started = engine.start(start_and_wait("Start", "[{}]")).await.unwrap();
    assert!(matches!(engine.retry(TENANT, started.execution, Actor::System).await, Err(RetryError::NotRetryable)));
}

#[tokio::test]
async fn a_full_engine_refuses_and_recovers() {
    let mut house = House::new(through("probe", r#"{"name":"full","hangs":true}"#));
    (house.settings.running, house.settings.queued) = (1, 1);
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    let second = {
        let engine = engine.clone();
        tokio::spawn(async move { engine.start(start_at("Start")).await })
    };
    settle().await;
    match engine.start(start_at("Start")).await {
        Err(StartError::Overloaded { retry_after }) => assert_eq!(retry_after, Duration::from_secs(1)),
        other => panic!("{other:?}"),
    }
    assert_eq!(engine.state().admitted, 2);
    engine.cancel(TENANT, execution, Actor::System).await.unwrap();
    let waited = second.await.unwrap().unwrap().execution;
    assert_ne!(waited, execution);
}

#[tokio::test]
async fn draining_finishes_what_is_quick_and_hands_over_the_rest() {
    let house = House::new(through("probe", r#"{"name":"drain","retried":"idempotent","hangs":true}"#));
    let (first, second) = (house.engine(), house.engine());
    house.log.heartbeat(first.worker()).await.unwrap();
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let draining = {
        let first = first.clone();
        tokio::spawn(async move { first.drain(Duration::from_secs(5)).await })
    };
    settle().await;
    assert!(matches!(first.start(start_at("Start")).await, Err(StartError::Stopping)));
    house.clock.advance(Duration::from_secs(5));
    draining.await.unwrap();
    // Nobody waits for the dead one's silence: it said that it ends.
    assert_eq!(second.adopt_orphans().await.unwrap(), 1);
    settle().await;
    assert!(house.log.names(execution).await.contains(&"adopted".to_owned()));
}

#[tokio::test]
async fn an_execution_that_takes_too_long_fails() {
    let mut drawing = through("probe", r#"{"name":"slow","hangs":true}"#);
    drawing.graph.settings.timeout_seconds = Some(10);
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_secs(10));
    settle().await;
    assert_eq!(house.log.names(execution).await[2..], ["step_started", "step_failed", "failed"]);
}

#[tokio::test]
async fn what_waits_to_be_recorded_waits_fifty_milliseconds() {
    let house = House::new(
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node("Quick", "noOp", "{}")
            .node("Slow", "probe", r#"{"name":"slow pure","retried":"pure","hangs":true}"#)
            .edge("Start", "Quick")
            .edge("Quick", "Slow"),
    );
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(execution).await, ["queued", "started"]);
    house.clock.advance(Duration::from_millis(50));
    settle().await;
    assert_eq!(house.log.names(execution).await, ["queued", "started", "step_succeeded"]);
}

#[tokio::test]
async fn a_step_that_touches_nothing_is_told_to_be_at_work_after_a_second() {
    let house = House::new(through("probe", r#"{"name":"long pure","retried":"pure","hangs":true}"#));
    let engine = house.engine();
    let began = weft_engine::Clock::now(&house.clock);
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let appends = house.log.appends();
    house.clock.advance(Duration::from_millis(999));
    settle().await;
    assert_eq!(house.log.names(execution).await, ["queued", "started"]);
    house.clock.advance(Duration::from_millis(1));
    settle().await;
    // Once, however long it goes on.
    house.clock.advance(Duration::from_mins(1));
    settle().await;
    assert_eq!(house.log.names(execution).await, ["queued", "started", "step_started"]);
    assert_eq!(house.log.appends(), appends + 1);
    let events = house.log.events(execution).await;
    assert!(matches!(&events[2], ExecutionEvent::StepStarted { at, kind, sources, .. }
        if *at == began && kind == "probe@1" && sources.len() == 1));
    engine.cancel(TENANT, execution, Actor::System).await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await[3..], ["cancelled"]);
    assert_eq!((engine.state().admitted, house.log.open_executions(TENANT).await.unwrap()), (0, 0));
}

#[tokio::test]
async fn every_attempt_that_takes_long_is_told_to_be_at_work() {
    let mut drawing = through("probe", r#"{"name":"late pure","retried":"pure","hangsAtFirst":true}"#);
    let act = &mut drawing.graph.nodes[&node_id("Act")];
    (act.timeout_seconds, act.retry) = (Some(10), Some(retry(2, 1000)));
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    for _ in 0..13 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
    }
    settle().await;
    let names = house.log.names(execution).await;
    // The second attempt is quick.
    assert_eq!(names[2..], ["step_started", "step_failed", "step_succeeded", "step_succeeded", "succeeded"]);
}

#[tokio::test]
async fn an_execution_that_nobody_was_told_of_may_be_recorded_later() {
    let house = House::new(through("probe", r#"{"name":"slow pure","retried":"pure","hangs":true}"#));
    let engine = house.engine();
    let execution = ExecutionId(Uuid::from_u128(12));
    let start = StartExecution { respond: Respond::Node, execution: Some(execution), ..start_at("Start") };
    let told = tokio::spawn(async move { engine.start(start).await });
    settle().await;
    house.clock.advance(Duration::from_millis(249));
    settle().await;
    assert!(house.log.names(execution).await.is_empty());
    house.clock.advance(Duration::from_millis(1));
    settle().await;
    assert_eq!(house.log.names(execution).await, ["queued", "started"]);
    assert!(!told.is_finished());
}

#[tokio::test]
async fn a_fault_in_a_step_ends_its_execution_and_no_other() {
    let house = House::new(through("probe", r#"{"name":"panic","panics":true}"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(execution).await[2..], ["step_started", "failed"]);
    assert_eq!((engine.state().admitted, house.log.open_executions(TENANT).await.unwrap()), (0, 0));
    engine.start(start_at("Start")).await.unwrap();
}

#[tokio::test]
async fn what_may_not_be_reached_is_told_to_the_audit_even_where_the_workflow_carries_on() {
    let mut drawing = Drawing::default().node("Start", "manualTrigger", "{}").edge("Start", "Act");
    let request = r#"{"url":"={{ $json.url }}"}"#;
    drawing = drawing.node_with("Act", "httpRequest", request, |node| node.on_error = OnError::Continue);
    let mut house = House::new(drawing);
    house.services = Services::guarded(None);
    let urls = r#"[{"url":"http://127.0.0.1:1/a"},{"url":"http://127.0.0.1:1/b"},{"url":"http://169.254.169.254/"}]"#;
    let execution = house.engine().start(start_and_wait("Start", urls)).await.unwrap().execution;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    let told = house.log.read_stream(TENANT, access_stream(TENANT), StreamVersion(0), 10).await.unwrap();
    let hosts = told.iter().map(|r| match Event::decode(&r.wire_type, r.wire_version, &r.body).unwrap() {
        Event::Access(AccessEvent::Refused { reason: RefusalReason::Egress, subject: Some(host), .. }) => host,
        other => panic!("{other:?}"),
    });
    assert_eq!(hosts.collect::<Vec<_>>(), ["127.0.0.1", "169.254.169.254"]);
}

#[tokio::test]
async fn a_trigger_that_is_none_starts_nothing() {
    let house = House::new(through("noOp", "{}"));
    let engine = house.engine();
    assert!(matches!(engine.start(start_at("End")).await, Err(StartError::UnknownTrigger)));
    assert!(matches!(support::call(&engine, "Start", "1").await, Err(StartError::UnknownTrigger)));
    let other =
        weft_engine::StartExecution { workflow: weft_model::WorkflowId(Uuid::from_u128(9)), ..start_at("Start") };
    assert!(matches!(engine.start(other).await, Err(StartError::UnknownWorkflow)));
    assert!(node_id("Start") != node_id("End"));
}

#[tokio::test]
async fn a_test_listener_hears_one_call() {
    let house = House::new(Drawing::default());
    let engine = house.engine();
    let hook = HookId(Uuid::from_u128(8));
    let until = "2026-01-31T10:02:00Z".parse().unwrap();
    let listener =
        weft_engine::TestListener { tenant: TENANT, hook, workflow: WORKFLOW, node: node_id("A"), draft: 3, until };
    engine.listen(listener.clone());
    assert_eq!(engine.take_listener(TENANT, hook), Some(listener.clone()));
    assert_eq!(engine.take_listener(TENANT, hook), None);
    engine.listen(listener);
    house.clock.advance(Duration::from_mins(2));
    assert_eq!(engine.take_listener(TENANT, hook), None);
}

#[tokio::test]
async fn a_node_that_hangs_fails_after_its_own_time_and_may_be_tried_again() {
    let slow = |name: &str, retried: bool| {
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node_with("Act", "probe", &format!(r#"{{"name":"{name}","hangs":true}}"#), |node| {
                node.timeout_seconds = Some(5);
                node.on_error = OnError::Continue;
                node.retry = retried.then(|| support::retry(2, 1000));
            })
            .node("End", "noOp", "{}")
            .edge("Start", "Act")
            .edge("Act", "End")
    };
    for (name, retried, attempts) in [("own time once", false, 1), ("own time twice", true, 2)] {
        let house = House::new(slow(name, retried));
        let engine = house.engine();
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_millis(4900));
        settle().await;
        assert_eq!(house.log.names(execution).await.last().unwrap(), "step_started", "{name}");
        for _ in 0..4 {
            house.clock.advance(Duration::from_secs(5));
            settle().await;
        }
        assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded", "{name}");
        assert_eq!(support::probe::touched(name), attempts);
        let given = house.log.outputs(execution).await[&(node_id("End"), 0)][0].clone();
        assert!(given.contains("longer than the 5 s"), "{given}");
    }
}

/// A hanging probe that holds the only turn, in a house where others wait for it.
async fn busy(name: &str, change: impl FnOnce(&mut weft_model::Settings)) -> (House, Engine, ExecutionId) {
    let mut drawing = through("probe", &format!(r#"{{"name":"{name}","hangs":true}}"#));
    change(&mut drawing.graph.settings);
    let mut house = House::new(drawing);
    house.settings.running = 1;
    let engine = house.engine();
    let first = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    (house, engine, first)
}

#[tokio::test]
async fn an_execution_that_is_queued_for_too_long_is_ended() {
    let (house, engine, first) = busy("queued", |settings| settings.max_wait_seconds = Some(30)).await;
    let waiting = tokio::spawn({
        let engine = engine.clone();
        async move { engine.start(start_and_wait("Start", "[{}]")).await }
    });
    settle().await;
    house.clock.advance(Duration::from_secs(29));
    settle().await;
    assert!(!waiting.is_finished());
    house.clock.advance(Duration::from_secs(1));
    let second = waiting.await.unwrap().unwrap().execution;
    assert_eq!(house.log.names(second).await, ["queued", "started", "failed"]);
    assert_eq!(failure(&house, second).await, "waited_too_long");
    // What is at work is not waiting.
    assert_eq!(house.log.names(first).await.last().unwrap(), "step_started");
    assert_eq!(support::probe::touched("queued"), 1);
}

async fn failure(house: &House, execution: ExecutionId) -> String {
    match house.log.events(execution).await.pop().unwrap() {
        weft_model::execution::ExecutionEvent::Failed { error, .. } => error.code,
        other => panic!("it did not fail: {other:?}"),
    }
}

#[tokio::test]
async fn an_execution_that_waits_for_too_long_is_ended_wherever_it_waits() {
    // In memory, and handed to a timer.
    for in_memory in [Duration::from_hours(2), Duration::ZERO] {
        let mut drawing = through("wait", r#"{"amount":1,"unit":"hours"}"#);
        drawing.graph.settings.max_wait_seconds = Some(60);
        let mut house = House::new(drawing);
        house.settings.wait_in_memory = in_memory;
        let engine = house.engine();
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_secs(59));
        engine.fire_due_timers().await.unwrap();
        settle().await;
        assert_eq!(house.log.names(execution).await.last().unwrap(), "step_waiting");
        house.clock.advance(Duration::from_secs(1));
        engine.fire_due_timers().await.unwrap();
        settle().await;
        assert_eq!(failure(&house, execution).await, "waited_too_long");
        assert_eq!(house.log.next_timer().await.unwrap(), None);
    }
}

#[tokio::test]
async fn whoever_has_a_higher_priority_gets_the_turn_first() {
    let (house, engine, first) = busy("priorities", |_| {}).await;
    let mut others = Vec::new();
    for (number, priority) in [(11, Priority::Low), (12, Priority::Normal), (13, Priority::High)] {
        let workflow = weft_model::WorkflowId(Uuid::from_u128(number));
        let mut drawing = through("noOp", "{}");
        drawing.graph.settings.priority = priority;
        house.definitions.add(TENANT, workflow, "Other", drawing.graph);
        let start = StartExecution { workflow, ..start_and_wait("Start", "[{}]") };
        let engine = engine.clone();
        others.push(tokio::spawn(async move { engine.start(start).await.unwrap().position }));
        settle().await;
    }
    engine.cancel(TENANT, first, Actor::System).await.unwrap();
    let mut ended = Vec::new();
    for other in others {
        ended.push(other.await.unwrap());
    }
    assert!(ended[2] < ended[1] && ended[1] < ended[0], "low, normal, high ended at {ended:?}");
}

#[tokio::test]
async fn items_are_kept_as_long_as_the_workflow_says_also_by_whoever_goes_on_with_it() {
    for (days, hours) in [(None, 90 * 24), (Some(7), 7 * 24)] {
        let mut drawing = through("wait", r#"{"amount":1,"unit":"hours"}"#);
        drawing.graph.settings.retention_days = days;
        let house = House::new(drawing);
        let engine = house.engine();
        let began = weft_engine::Clock::now(&house.clock);
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_hours(1));
        engine.fire_due_timers().await.unwrap();
        settle().await;
        assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
        let kept = house.log.kept_until.lock().unwrap().clone();
        let after = |hour: u64| began + Duration::from_hours(hours + hour);
        assert_eq!((kept.first(), kept.last()), (Some(&after(0)), Some(&after(1))));
    }
}
