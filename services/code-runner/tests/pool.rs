//! Which process serves whom, and for how long.

#![cfg(any(feature = "v8", feature = "quickjs"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use support::{json, pool, request, settings};
use tokio::time::{sleep, timeout};
use uuid::Uuid;
use weft_code_runner_client::{CodeErrorKind, CodeRequest, PoolState, Runner, RunnerSettings};

fn of(tenant: u128, code: &str) -> CodeRequest {
    CodeRequest { tenant: Uuid::from_u128(tenant), ..request(code) }
}

/// Waits until the pool's state is as wanted.
async fn until(pool: &Runner, wanted: impl Fn(PoolState) -> bool) {
    let reached = timeout(Duration::from_secs(10), async {
        while !wanted(pool.state()) {
            sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(reached.await.is_ok(), "the pool stays at {:?}", pool.state());
}

#[tokio::test]
async fn a_spare_is_ready_before_anybody_asks_and_is_replaced() {
    let pool = pool();
    until(&pool, |state| state.spares == 1).await;
    json(&pool.execute(request("return []")).await);
    until(&pool, |state| state.spares == 1 && state.idle == 1).await;
}

#[tokio::test]
async fn a_process_serves_its_tenant_again_and_no_other() {
    let pool = pool();
    for _ in 0..3 {
        json(&pool.execute(of(1, "return []")).await);
    }
    assert_eq!(pool.state().idle, 1);
    json(&pool.execute(of(2, "return []")).await);
    assert_eq!(pool.state().idle, 2);
    // There is room for two: the one that waited longest makes place.
    json(&pool.execute(of(3, "return []")).await);
    assert_eq!(pool.state().idle, 2);
}

#[tokio::test]
async fn timers_left_behind_cost_the_process() {
    let pool = pool();
    json(&pool.execute(request("setTimeout(() => {}, 1e6); return []")).await);
    assert_eq!(pool.state().idle, 0);
    json(&pool.execute(request("return []")).await);
    assert_eq!(pool.state().idle, 1);
}

#[tokio::test]
async fn a_process_is_replaced_after_its_steps_and_when_idle() {
    let pool = Runner::new(RunnerSettings { steps: 2, idle: Duration::from_millis(100), ..settings() }).unwrap();
    json(&pool.execute(request("return []")).await);
    assert_eq!(pool.state().idle, 1);
    json(&pool.execute(request("return []")).await);
    assert_eq!(pool.state().idle, 0);
    json(&pool.execute(request("return []")).await);
    until(&pool, |state| state.idle == 0).await;
}

#[tokio::test]
async fn more_steps_than_processes_wait_and_more_than_the_queue_are_refused() {
    let pool = Runner::new(RunnerSettings { processes: 1, queue: 1, ..settings() }).unwrap();
    let slow = "await new Promise((resolve) => setTimeout(resolve, 300)); return []";
    let first = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(request(slow)).await }
    });
    until(&pool, |state| state.busy == 1).await;
    let second = tokio::spawn({
        let pool = pool.clone();
        async move { pool.execute(request("return []")).await }
    });
    until(&pool, |state| state.waiting == 1).await;
    let third = pool.execute(request("return []")).await;
    assert_eq!(third.unwrap_err().kind, CodeErrorKind::Busy);
    assert!(first.await.unwrap().is_ok());
    assert!(second.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_step_that_nobody_waits_for_is_ended() {
    let pool = pool();
    assert!(timeout(Duration::from_millis(200), pool.execute(request("for (;;) {}"))).await.is_err());
    until(&pool, |state| state.busy == 0 && state.idle == 0).await;
    json(&pool.execute(request("return []")).await);
}

#[tokio::test]
async fn a_missing_program_is_named() {
    let pool = Runner::new(RunnerSettings { program: "/nowhere/weft-code-runner".into(), ..settings() }).unwrap();
    let error = pool.execute(request("return []")).await.unwrap_err();
    assert_eq!(error.kind, CodeErrorKind::Unavailable);
    assert!(error.message.contains("weft-code-runner"), "{error}");
}

#[tokio::test]
async fn the_runner_reports_its_engine() {
    let report = pool().check().await.unwrap();
    assert_eq!(report.engine, if cfg!(feature = "v8") { "v8" } else { "quickjs" });
    assert!(report.layers.iter().any(|layer| layer.name == "seccomp" && layer.active), "{report:?}");
}
