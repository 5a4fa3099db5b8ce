//! When something is recorded, and for how long.

use std::time::Duration;

use crate::support::{Drawing, House, TENANT, node_id, retry, settle, start_and_wait, start_at};
use crate::through;
use uuid::Uuid;
use weft_engine::{Respond, Services, StartExecution};
use weft_event_log::{Log, SystemLog};
use weft_model::access::{AccessEvent, RefusalReason, access_stream};
use weft_model::execution::ExecutionEvent;
use weft_model::{Actor, Event, ExecutionId, OnError, StreamVersion};

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
