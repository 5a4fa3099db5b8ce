//! A parent, its child, and what becomes of one when something happens to the other.

use crate::item;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::probe::touched;
use crate::support::{TENANT, TestLog, live_on, settle, start_at};
use crate::{child, error_of, family, last_output};
use weft_engine::WaitState;
use weft_event_log::SystemLog;
use weft_model::Actor;
use weft_model::execution::Awaited;

#[tokio::test]
async fn a_parent_leaves_memory_while_its_child_takes_long() {
    let house = family("", child("wait", r#"{"amount":1,"unit":"hours"}"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_secs(3));
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "step_awaits");
    assert_eq!((engine.state().admitted, house.log.open_executions(TENANT).await.unwrap()), (0, 0));
    let called = house.log.executions().await[1];
    assert!(matches!(
        engine.awaited(TENANT, execution).await.unwrap(),
        WaitState::Waits(wait) if wait.awaited == (Awaited::Execution { execution: called })
    ));
    // Another process ends the wait of the child, and goes on with the parent.
    let other = house.engine();
    live_on(&house, &other).await;
    let names = house.log.names(execution).await;
    assert_eq!(names[4..], ["adopted", "step_signalled", "step_succeeded", "step_succeeded", "succeeded"], "{names:?}");
    assert_eq!(last_output(&house, execution, "Call").await, r#"[{"json":{"seen":true},"pairedItem":{"item":0}}]"#);
}

#[tokio::test]
async fn a_crash_at_any_append_begins_the_child_once_and_ends_the_parent() {
    for (kind, parameters) in [("wait", r#"{"amount":1,"unit":"hours"}"#), ("noOp", "{}")] {
        let mut cut = 0;
        loop {
            let name = format!("once {kind} {cut}");
            let called = child(kind, parameters)
                .node("Act", "probe", &format!(r#"{{"name":"{name}","retried":"idempotent"}}"#))
                .edge("Last", "Act");
            let house = family(r#","mode":"each""#, called);
            let dying = TestLog::over(house.log.inner.clone());
            dying.cut.store(cut, Ordering::SeqCst);
            let dead = house.engine_over(&dying);
            let items = vec![item(r#"{"a":1}"#), item(r#"{"a":2}"#)];
            let start = weft_engine::StartExecution { items, ..start_at("Start") };
            let starting = tokio::spawn(async move { dead.start(start).await });
            settle().await;
            house.clock.advance(Duration::from_secs(3));
            settle().await;
            let living = house.engine();
            if cut == 0 {
                assert!(!starting.is_finished(), "nothing was acknowledged");
                cut += 1;
                continue;
            }
            live_on(&house, &living).await;
            let executions = house.log.executions().await;
            assert_eq!(executions.len(), 3, "{kind} {cut}");
            for execution in &executions {
                assert_eq!(house.log.names(*execution).await.last().unwrap(), "succeeded", "{kind} {cut}");
            }
            let output = last_output(&house, executions[0], "Call").await;
            assert_eq!(output.matches("seen").count(), 2, "{kind} {cut}: {output}");
            assert!(touched(&name) <= 3, "{kind} {cut}");
            if dying.appends() < cut {
                break;
            }
            cut += 1;
        }
        assert!(cut > 4, "{kind}");
    }
}

#[tokio::test]
async fn a_child_that_ended_while_everybody_was_dead_is_found() {
    let house = family("", child("wait", r#"{"amount":1,"unit":"hours"}"#));
    let execution = house.engine().start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_secs(3));
    settle().await;
    // The child ends in a process that dies with its last append.
    house.clock.advance(Duration::from_hours(1));
    let dying = TestLog::over(house.log.inner.clone());
    dying.cut.store(2, Ordering::SeqCst);
    house.engine_over(&dying).fire_due_timers().await.unwrap();
    settle().await;
    let called = house.log.executions().await[1];
    assert_eq!(house.log.names(called).await.last().unwrap(), "succeeded");
    assert_eq!(house.log.names(execution).await.last().unwrap(), "step_awaits");
    live_on(&house, &house.engine()).await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
}

#[tokio::test]
async fn who_is_cancelled_takes_what_it_waits_for_along() {
    for seconds in [0, 3] {
        let house = family("", child("wait", r#"{"amount":1,"unit":"hours"}"#));
        let engine = house.engine();
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_secs(seconds));
        settle().await;
        engine.cancel(TENANT, execution, Actor::System).await.unwrap();
        settle().await;
        engine.fire_due_timers().await.unwrap();
        settle().await;
        for execution in house.log.executions().await {
            assert_eq!(house.log.names(execution).await.last().unwrap(), "cancelled", "after {seconds} s");
        }
        live_on(&house, &engine).await;
    }
}

#[tokio::test]
async fn a_cancelled_child_fails_its_parent() {
    for seconds in [0, 3] {
        let house = family("", child("wait", r#"{"amount":1,"unit":"hours"}"#));
        let engine = house.engine();
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_secs(seconds));
        settle().await;
        let called = house.log.executions().await[1];
        engine.cancel(TENANT, called, Actor::System).await.unwrap();
        live_on(&house, &engine).await;
        let (code, message) = error_of(&house.log.events(execution).await);
        assert_eq!(code, "sub_workflow_cancelled", "after {seconds} s: {message}");
    }
}
