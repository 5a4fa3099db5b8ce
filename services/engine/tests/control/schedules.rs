//! What starts by itself.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::{Drawing, House, TENANT, WORKFLOW, call, node_id, settle, start_at};
use crate::through;
use uuid::Uuid;
use weft_engine::{Engine, StartError};
use weft_event_log::SystemLog;
use weft_model::HookId;
use weft_model::execution::ExecutedVersion;

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
async fn a_trigger_that_is_none_starts_nothing() {
    let house = House::new(through("noOp", "{}"));
    let engine = house.engine();
    assert!(matches!(engine.start(start_at("End")).await, Err(StartError::UnknownTrigger)));
    assert!(matches!(call(&engine, "Start", "1").await, Err(StartError::UnknownTrigger)));
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
