//! What is too large, and a log that fails for a while: nothing acknowledged is lost, nothing is left without a trace.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use support::probe::touched;
use support::{Drawing, House, TENANT, call, disk, settle, start_and_wait, start_at};
use weft_engine::{Care, CredentialUse, Credentials, NotOpened, Opened, StartError};
use weft_event_log::{AppendError, SystemLog};
use weft_model::Actor;
use weft_model::execution::{ExecutionEvent, StepError};

fn then(kind: &str, parameters: &str) -> Drawing {
    Drawing::default().node("Start", "manualTrigger", "{}").node("Act", kind, parameters).edge("Start", "Act")
}

/// A Set that makes one item of so many characters.
fn long_text(length: usize) -> String {
    format!(
        r#"{{"assignments":{{"assignments":[{{"name":"text","type":"string","value":"={{{{ 'x'.repeat({length}) }}}}"}}]}}}}"#
    )
}

async fn error_of(house: &House) -> StepError {
    let execution = house.log.executions().await[0];
    let failed = house.log.events(execution).await.into_iter().find_map(|event| match event {
        ExecutionEvent::Failed { error, .. } => Some(error),
        _ => None,
    });
    failed.unwrap()
}

fn too_large() -> AppendError {
    AppendError::TooLarge { what: "a payload", size: 2, limit: 1 }
}

/// A door whose database is away for so many tries.
struct Away(AtomicUsize);

#[async_trait]
impl Credentials for Away {
    async fn open(&self, _asked: CredentialUse) -> Result<Opened, NotOpened> {
        let is_away = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if is_away {
            return Err(NotOpened::Unavailable("the database is away".into()));
        }
        Ok(Opened { kind: "basic".into(), fields: BTreeMap::new() })
    }
}

fn signing_in(name: &str, tries: usize) -> House {
    let probe = format!(r#"{{"name":"{name}","retried":"idempotent","signsIn":true}}"#);
    let mut drawing = then("probe", &probe);
    drawing.graph.settings.timeout_seconds = Some(60);
    let mut house = House::new(drawing);
    house.services.credentials = Some(Arc::new(Away(AtomicUsize::new(tries))));
    house
}

#[tokio::test]
async fn a_step_waits_for_a_database_that_would_open_its_credential() {
    let house = signing_in("signs-in", 7);
    let execution = house.engine().start(start_at("Start")).await.unwrap().execution;
    // Pauses of 20 ms and more, each twice as long as the one before.
    for wait in [0, 20, 40, 80, 160, 320, 640] {
        house.clock.advance(Duration::from_millis(wait));
        settle().await;
        assert_eq!(house.log.names(execution).await.last().unwrap(), "step_started", "after {wait} ms");
    }
    house.clock.advance(Duration::from_secs(1));
    settle().await;
    house.clock.advance(Duration::from_secs(1));
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(touched("signs-in"), 1);
}

#[tokio::test]
async fn a_step_that_waits_for_its_credential_is_cancelled_and_is_late_like_any_other() {
    let house = signing_in("never-signs-in", usize::MAX);
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    engine.cancel(TENANT, execution, Actor::System).await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "cancelled");
    assert_eq!((engine.state().admitted, touched("never-signs-in")), (0, 0));

    let late = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_secs(61));
    settle().await;
    assert_eq!(house.log.names(late).await.last().unwrap(), "failed");
}

#[tokio::test]
async fn a_long_error_message_is_cut_and_recorded() {
    let house = House::new(then("stopAndError", r#"{"errorMessage":"={{ 'é'.repeat(1000000) }}"}"#));
    let execution = house.engine().start(start_and_wait("Start", "[{}]")).await.unwrap().execution;
    assert_eq!(house.log.names(execution).await, ["queued", "started", "step_failed", "failed"]);
    let message = error_of(&house).await.message;
    assert!(message.len() < 17 * 1024 && message.starts_with("éé"), "{} bytes", message.len());
    assert!(message.ends_with("… (2000000 bytes in all)"), "{}", &message[message.len() - 40..]);
}

#[tokio::test]
async fn what_is_too_large_for_its_first_append_begins_with_being_queued_and_says_so_to_its_caller() {
    let drawing = Drawing::default()
        .node("Webhook", "webhook", r#"{"responseMode":"lastNode"}"#)
        .node("End", "noOp", "{}")
        .edge("Webhook", "End");
    let house = House::new(drawing);
    house.log.fail_with([too_large()]);
    let started = call(&house.engine(), "Webhook", "7").await.unwrap();
    assert_eq!(started.answer.unwrap().status, 500);
    assert_eq!(house.log.names(started.execution).await, ["queued", "started", "failed"]);
    assert_eq!(error_of(&house).await.code, "too_large");
    assert_eq!(house.log.open_executions(TENANT).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_too_large_between_two_steps_leaves_a_trace() {
    // More than a mebibyte waits to be recorded, so that it is recorded before the next step.
    let house = House::new(then("set", &long_text(1_100_000)).node("End", "noOp", "{}").edge("Act", "End"));
    house.log.fail_with([too_large()]);
    let execution = house.engine().start(start_and_wait("Start", "[{}]")).await.unwrap().execution;
    assert_eq!(house.log.names(execution).await, ["queued", "started", "failed"]);
}

#[tokio::test]
async fn a_timer_is_used_up_by_an_execution_that_was_too_large_too() {
    let house = House::new(then("noOp", "{}"));
    house.log.fail_with([too_large()]);
    let with_key = || weft_engine::StartExecution { idempotency_key: Some("1".into()), ..start_at("Start") };
    let engine = house.engine();
    engine.start(with_key()).await.unwrap();
    assert!(matches!(engine.start(with_key()).await, Err(StartError::Duplicate { .. })));
}

#[tokio::test]
async fn a_passing_fault_of_the_database_fails_nothing_that_has_begun() {
    let house = House::new(then("wait", r#"{"amount":1,"unit":"seconds"}"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.log.fail_with([AppendError::Fault(disk()), AppendError::Fault(disk())]);
    for _ in 0..4 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
    }
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
}

#[tokio::test]
async fn a_caller_in_doubt_is_not_told_that_nothing_was_begun() {
    let house = House::new(then("noOp", "{}"));
    let engine = house.engine();
    house.log.fail_with([AppendError::InDoubt, AppendError::Unavailable(None), AppendError::Fault(disk())]);
    house.log.read_faults.store(2, Ordering::SeqCst);
    let starting = tokio::spawn(async move { engine.start(start_at("Start")).await });
    for _ in 0..8 {
        settle().await;
        house.clock.advance(Duration::from_millis(500));
    }
    let execution = starting.await.unwrap().unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(house.log.executions().await, [execution]);
}

#[tokio::test]
async fn what_was_in_doubt_and_is_not_there_is_recorded_again() {
    let house = House::new(then("noOp", "{}"));
    let engine = house.engine();
    house.log.loses_doubtful.store(true, Ordering::SeqCst);
    house.log.fail_with([AppendError::InDoubt, AppendError::Unavailable(None)]);
    let starting = tokio::spawn(async move { engine.start(start_at("Start")).await });
    for _ in 0..3 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
    }
    let execution = starting.await.unwrap().unwrap().execution;
    assert_eq!(house.log.executions().await, [execution]);
}

#[tokio::test]
async fn a_caller_is_told_before_long_that_the_log_does_not_answer_and_the_execution_goes_on() {
    let house = House::new(then("noOp", "{}"));
    let engine = house.engine();
    let away = std::iter::repeat_with(|| AppendError::Unavailable(None)).take(8);
    house.log.fail_with(std::iter::once(AppendError::InDoubt).chain(away));
    let starting = tokio::spawn(async move { engine.start(start_at("Start")).await });
    for second in 1..=5 {
        settle().await;
        assert!(!starting.is_finished(), "after {second} s");
        house.clock.advance(Duration::from_secs(1));
    }
    assert!(matches!(starting.await.unwrap(), Err(StartError::InDoubt)));
    for _ in 0..6 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
    }
    settle().await;
    assert_eq!(house.log.executions().await.len(), 1, "what may have begun is not left half-way");
}

#[tokio::test]
async fn an_execution_that_was_not_begun_is_not_looked_for() {
    let house = House::new(then("noOp", "{}"));
    let engine = house.engine();
    for fault in [AppendError::Unavailable(None), AppendError::Overloaded, AppendError::Fault(disk())] {
        house.log.fail_with([fault]);
        let refused = engine.start(start_at("Start")).await.unwrap_err();
        assert!(matches!(refused, StartError::Unavailable | StartError::Overloaded { .. }), "{refused:?}");
    }
    settle().await;
    assert_eq!((house.log.reads.load(Ordering::SeqCst), engine.state().admitted), (0, 0));
}

#[tokio::test]
async fn what_could_not_be_given_up_is_given_up_later() {
    let house = House::new(then("probe", r#"{"name":"give up","panics":true}"#));
    let engine = house.engine();
    house.log.read_faults.store(2, Ordering::SeqCst);
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    engine.keep_house(Care::Every);
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "step_started");
    for _ in 0..3 {
        house.clock.advance(Duration::from_millis(500));
        settle().await;
    }
    assert_eq!(house.log.names(execution).await.last().unwrap(), "failed");
    assert_eq!(house.log.open_executions(TENANT).await.unwrap(), 0);
}

#[tokio::test]
async fn an_execution_that_makes_too_many_items_fails_before_they_are_written() {
    let mut house = House::new(then("set", &long_text(10_000)).node("End", "noOp", "{}").edge("Act", "End"));
    house.settings.max_bytes = 5_000;
    let execution = house.engine().start(start_and_wait("Start", "[{}]")).await.unwrap().execution;
    assert_eq!(house.log.names(execution).await, ["queued", "started", "step_failed", "failed"]);
    assert_eq!(error_of(&house).await.code, "memory_limit");
}

#[tokio::test]
async fn what_could_not_be_read_again_is_not_recorded() {
    let name = ["a"; 60].join(".");
    let nest = |name: &str| {
        let value = r"={{ $json }}";
        format!(r#"{{"assignments":{{"assignments":[{{"name":"{name}","type":"object","value":"{value}"}}]}}}}"#)
    };
    let house = House::new(then("set", &nest(&name)).node("Again", "set", &nest(&name)).edge("Act", "Again"));
    let execution = house.engine().start(start_and_wait("Start", "[{}]")).await.unwrap().execution;
    let names = ["queued", "started", "step_succeeded", "step_failed", "failed"];
    assert_eq!(house.log.names(execution).await, names);
    assert_eq!(error_of(&house).await.code, "too_deep");

    let deep = format!(r#"[{{"a":{}1{}}}]"#, "[".repeat(101), "]".repeat(101));
    let refused = house.engine().start(start_and_wait("Start", &deep)).await;
    assert!(matches!(refused, Err(StartError::TooDeep)));
}

#[tokio::test]
async fn what_an_execution_made_before_it_was_taken_over_counts() {
    let drawing =
        then("set", &long_text(3_000)).node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#).edge("Act", "Wait");
    let mut house = House::new(drawing);
    house.settings.max_bytes = 5_000;
    let engine = house.engine();
    engine.start(start_at("Start")).await.unwrap();
    settle().await;
    house.clock.advance(Duration::from_hours(1));
    engine.fire_due_timers().await.unwrap();
    settle().await;
    assert_eq!(error_of(&house).await.code, "memory_limit");
}
