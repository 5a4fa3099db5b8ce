//! A published workflow whose trigger looks something up, and what begins it.

use std::time::Duration;

use uuid::Uuid;
use weft_engine::{Clock, Engine};
use weft_event_log::{SystemLog, Timer};
use weft_model::execution::{ExecutedVersion, ExecutionEvent, StepError};
use weft_model::{ExecutionId, HookId};

use super::{House, TENANT, WORKFLOW, node_id};

/// What its trigger is called; the node behind it is `End`.
pub const TRIGGER: &str = "Trigger";

/// What a publication records.
pub async fn publish(house: &House, engine: &Engine) {
    let plan = engine.plan(TENANT, WORKFLOW, ExecutedVersion::Published(1)).await.unwrap();
    let hook = |_| HookId(Uuid::from_u128(77));
    let zone = jiff::tz::TimeZone::UTC;
    let companions = plan.activation(WORKFLOW, 1, house.clock.now(), &zone, hook, [node_id(TRIGGER)]);
    house.log.beside(TENANT, companions).await;
}

pub async fn timer(house: &House) -> Option<Timer> {
    let timers = house.log.timers(TENANT, WORKFLOW.into()).await.unwrap();
    timers.into_iter().find(|timer| timer.data["node"] == serde_json::json!(node_id(TRIGGER)))
}

/// A look of `engine`, until its timer has moved on.
pub async fn look(house: &House, engine: &Engine) {
    let due = timer(house).await.unwrap().due_at;
    assert!(due <= house.clock.now(), "it is not due");
    engine.fire_due_timers().await.unwrap();
    until(async || timer(house).await.is_some_and(|timer| timer.due_at != due)).await;
}

/// A minute later.
pub async fn look_again(house: &House, engine: &Engine) {
    house.clock.advance(Duration::from_mins(1));
    look(house, engine).await;
}

pub async fn until(is_so: impl AsyncFn() -> bool) {
    let so = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), so).await.unwrap();
}

/// What began each execution: the titles of the items that its second node was given, once all have ended.
pub async fn began(house: &House) -> Vec<String> {
    until(async || house.log.open_executions(TENANT).await.unwrap() == 0).await;
    let mut all = Vec::new();
    for execution in house.log.executions().await {
        let outputs = house.log.outputs(execution).await;
        all.extend(outputs.get(&(node_id("End"), 0)).map(|lists| lists.concat()));
    }
    all
}

pub async fn failures(house: &House) -> Vec<(ExecutionId, StepError)> {
    let mut failures = Vec::new();
    for execution in house.log.executions().await {
        let events = house.log.events(execution).await;
        failures.extend(events.into_iter().find_map(|event| match event {
            ExecutionEvent::Failed { error, .. } => Some((execution, error)),
            _ => None,
        }));
    }
    failures
}
