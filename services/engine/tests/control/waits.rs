//! Waits, and how long they may last.

use crate::failure;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::{Drawing, House, TENANT, body_of, call, settle, start_at};
use crate::through;
use weft_event_log::SystemLog;

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
        tokio::spawn(async move { call(&engine, "Webhook", "7").await })
    };
    settle().await;
    house.clock.advance(Duration::from_hours(1));
    engine.fire_due_timers().await.unwrap();
    let started = calling.await.unwrap().unwrap();
    assert!(body_of(&started).contains(r#""body":7"#));
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
