//! Waits that somebody ends.

use crate::item;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::last_output;
use crate::support::{Drawing, House, TENANT, TestLog, body_of, node_id, settle, start_and_wait, start_at};
use uuid::Uuid;
use weft_engine::{Answer, Engine, Respond, SendSignal, SignalError, Wait, WaitState};
use weft_event_log::SystemLog;
use weft_model::ExecutionId;
use weft_model::execution::Awaited;

/// A workflow whose second node waits for a call.
fn on_call(wait: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Wait", "wait", wait)
        .node("End", "noOp", "{}")
        .edge("Start", "Wait")
        .edge("Wait", "End")
}

async fn waits(engine: &Engine, execution: ExecutionId) -> Box<Wait> {
    match engine.awaited(TENANT, execution).await.unwrap() {
        WaitState::Waits(wait) => wait,
        other => panic!("it does not wait: {other:?}"),
    }
}

fn sent(execution: ExecutionId, wait: &Wait, respond: Respond) -> SendSignal {
    let items = vec![item(r#"{"approved":true}"#)];
    SendSignal { tenant: TENANT, execution, signal: wait.signal, items, respond }
}

#[tokio::test]
async fn a_signal_lets_an_execution_go_on_in_another_process() {
    let house = House::new(on_call(r#"{"resume":"webhook"}"#));
    let execution = house.engine().start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.open_executions(TENANT).await.unwrap(), 0, "nobody holds it");
    let other = house.engine();
    let wait = waits(&other, execution).await;
    assert_eq!((wait.awaited, wait.step.node), (Awaited::Call, node_id("Wait")));
    let answer = Respond::AtOnce(Answer::empty(204));
    let started = other.signal(sent(execution, &wait, answer)).await.unwrap();
    assert_eq!(started.answer, Some(Answer::empty(204)));
    settle().await;
    let names = house.log.names(execution).await;
    assert_eq!(
        names[2..],
        ["step_awaits", "adopted", "step_signalled", "step_succeeded", "step_succeeded", "succeeded"]
    );
    assert_eq!(last_output(&house, execution, "End").await, r#"[{"json":{"approved":true},"pairedItem":{"item":0}}]"#);
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn a_doubled_a_late_and_a_strange_signal_are_refused() {
    let house = House::new(on_call(r#"{"resume":"webhook"}"#));
    let engine = house.engine();
    let nobody = ExecutionId(Uuid::from_u128(404));
    assert!(matches!(engine.awaited(TENANT, nobody).await.unwrap(), WaitState::Unknown));
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let wait = waits(&engine, execution).await;
    let elsewhere = sent(nobody, &wait, Respond::Nothing);
    assert!(matches!(engine.signal(elsewhere).await, Err(SignalError::NotFound)));
    let mut strange = sent(execution, &wait, Respond::Nothing);
    strange.signal = weft_model::SignalId(Uuid::from_u128(1));
    assert!(matches!(engine.signal(strange).await, Err(SignalError::Late)));
    // Two at once, from two processes: one wins.
    let other = house.engine();
    let (first, second) = tokio::join!(
        engine.signal(sent(execution, &wait, Respond::Nothing)),
        other.signal(sent(execution, &wait, Respond::Nothing)),
    );
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
    settle().await;
    assert!(matches!(engine.signal(sent(execution, &wait, Respond::Nothing)).await, Err(SignalError::Ended)));
    assert!(matches!(engine.awaited(TENANT, execution).await.unwrap(), WaitState::Ended));
    let signalled = house.log.names(execution).await.iter().filter(|name| *name == "step_signalled").count();
    assert_eq!(signalled, 1);
}

#[tokio::test]
async fn of_a_signal_and_its_deadline_one_wins() {
    let limited = r#"{"resume":"webhook","limitWaitTime":true,"resumeAmount":1,"resumeUnit":"minutes"}"#;
    let house = House::new(on_call(limited));
    let (engine, other) = (house.engine(), house.engine());
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let wait = waits(&other, execution).await;
    house.clock.advance(Duration::from_mins(1));
    let (fired, taken) =
        tokio::join!(engine.fire_due_timers(), other.signal(sent(execution, &wait, Respond::Nothing)),);
    fired.unwrap();
    settle().await;
    let names = house.log.names(execution).await;
    let count = |wanted: &str| names.iter().filter(|name| *name == wanted).count();
    assert_eq!(
        (count("step_signalled"), count("step_resumed")),
        if taken.is_ok() { (1, 0) } else { (0, 1) },
        "{names:?}"
    );
    assert_eq!((count("succeeded"), names.last().unwrap().as_str()), (1, "succeeded"));
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}

#[tokio::test]
async fn a_wait_that_nobody_answers_ends_at_its_deadline() {
    let limited = r#"{"resume":"webhook","limitWaitTime":true,"resumeAmount":1,"resumeUnit":"minutes"}"#;
    let house = House::new(on_call(limited));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let wait = waits(&engine, execution).await;
    house.clock.advance(Duration::from_mins(1));
    engine.fire_due_timers().await.unwrap();
    settle().await;
    assert_eq!(last_output(&house, execution, "End").await, r#"[{"json":{},"pairedItem":{"item":0}}]"#);
    assert!(matches!(engine.signal(sent(execution, &wait, Respond::Nothing)).await, Err(SignalError::Ended)));
}

#[tokio::test]
async fn a_process_that_dies_with_a_signal_in_its_hands_loses_nothing() {
    let house = House::new(on_call(r#"{"resume":"webhook"}"#));
    let execution = house.engine().start(start_at("Start")).await.unwrap().execution;
    settle().await;
    // Its second append never comes.
    let dying = TestLog { cut: std::sync::Arc::default(), appends: std::sync::Arc::default(), ..house.log.clone() };
    dying.cut.store(1, Ordering::SeqCst);
    let dead = house.engine_over(&dying);
    let wait = waits(&dead, execution).await;
    dead.signal(sent(execution, &wait, Respond::Nothing)).await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "step_signalled");
    house.clock.advance(Duration::from_mins(1));
    let living = house.engine();
    house.log.heartbeat(living.worker()).await.unwrap();
    living.adopt_orphans().await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(last_output(&house, execution, "Wait").await, r#"[{"json":{"approved":true},"pairedItem":{"item":0}}]"#);
}

#[tokio::test]
async fn a_call_that_comes_before_the_wait_is_held() {
    let house = House::new(
        on_call(r#"{"resume":"webhook"}"#)
            .node("Pause", "wait", r#"{"amount":1,"unit":"seconds"}"#)
            .node("Begin", "manualTrigger", "{}")
            .edge("Begin", "Pause")
            .edge("Pause", "Wait"),
    );
    let engine = house.engine();
    let execution = engine.start(start_at("Begin")).await.unwrap().execution;
    settle().await;
    assert!(matches!(engine.awaited(TENANT, execution).await.unwrap(), WaitState::Busy));
    let asking = tokio::spawn({
        let engine = engine.clone();
        async move { engine.awaited_soon(TENANT, execution, Duration::from_secs(5)).await.unwrap() }
    });
    settle().await;
    house.clock.advance(Duration::from_secs(1));
    settle().await;
    assert!(matches!(asking.await.unwrap(), WaitState::Waits(_)));
    let late = tokio::spawn({
        let engine = house.engine();
        async move { engine.awaited_soon(TENANT, ExecutionId(Uuid::from_u128(9)), Duration::from_secs(5)).await }
    });
    assert!(matches!(late.await.unwrap(), Ok(WaitState::Unknown)));
}

#[tokio::test]
async fn the_call_that_lets_an_execution_go_on_gets_its_answer() {
    let house = House::new(on_call(r#"{"resume":"webhook"}"#));
    let engine = house.engine();
    let calling = tokio::spawn({
        let engine = engine.clone();
        async move { engine.start(start_and_wait("Start", "[{}]")).await }
    });
    settle().await;
    let execution = house.log.executions().await[0];
    let wait = waits(&engine, execution).await;
    let last = weft_engine::LastNode { status: 201, ..weft_engine::LastNode::default() };
    let answered = engine.signal(sent(execution, &wait, Respond::LastNode(last))).await.unwrap();
    assert_eq!((answered.answer.as_ref().unwrap().status, body_of(&answered).as_str()), (201, r#"{"approved":true}"#));
    assert_eq!(calling.await.unwrap().unwrap().answer.unwrap().status, 202, "who waited before is told");
}

#[tokio::test]
async fn the_address_to_call_is_known_before() {
    let address =
        r#"{"assignments":{"assignments":[{"name":"url","type":"string","value":"={{ $execution.resumeUrl }}/yes"}]}}"#;
    let house = House::new(
        Drawing::default().node("Start", "manualTrigger", "{}").node("Tell", "set", address).edge("Start", "Tell"),
    );
    let execution = house.engine().start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let told = last_output(&house, execution, "Tell").await;
    let token = told.split("http://acme.test/hooks/waiting/").nth(1).unwrap().split('/').next().unwrap();
    let address = weft_engine::ResumeAddress::new("http://acme.test/hooks", [7; 32]);
    assert_eq!(address.read(token), Some(execution));
}
