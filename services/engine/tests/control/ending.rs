//! Cancelling, repeating, and what ends by itself.

use std::time::Duration;

use crate::support::probe::touched;
use crate::support::{Drawing, House, TENANT, node_id, retry, settle, start_and_wait, start_at};
use crate::through;
use uuid::Uuid;
use weft_engine::{CancelError, RetryError};
use weft_event_log::SystemLog;
use weft_model::{Actor, OnError};

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
async fn a_node_that_hangs_fails_after_its_own_time_and_may_be_tried_again() {
    let slow = |name: &str, retried: bool| {
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node_with("Act", "probe", &format!(r#"{{"name":"{name}","hangs":true}}"#), |node| {
                node.timeout_seconds = Some(5);
                node.on_error = OnError::Continue;
                node.retry = retried.then(|| retry(2, 1000));
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
        assert_eq!(touched(name), attempts);
        let given = house.log.outputs(execution).await[&(node_id("End"), 0)][0].clone();
        assert!(given.contains("longer than the 5 s"), "{given}");
    }
}
