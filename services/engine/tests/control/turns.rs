//! Whose turn it is, refusing and draining.

use crate::failure;
use std::time::Duration;
use weft_event_log::SystemLog;

use crate::support::probe::touched;
use crate::support::{House, TENANT, settle, start_and_wait, start_at};
use crate::through;
use uuid::Uuid;
use weft_engine::{Engine, StartError, StartExecution};
use weft_model::{Actor, ExecutionId, Priority};

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
    assert_eq!(touched("queued"), 1);
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
