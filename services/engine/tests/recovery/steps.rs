//! What becomes of a step in whose middle a process dies.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::probe::touched;
use crate::support::{Drawing, House, TENANT, TestLog, WORKFLOW, live_on, node_id, retry, settle, start_at};
use crate::{act, follows_the_model, probe};
use weft_event_log::{Companion, OpenExecution, SystemLog};
use weft_model::execution::ExecutionEvent;
use weft_model::{Node, OnError};

/// What a node reads, in another process, that counts after one that counted and then did what `change` makes of it.
async fn counts_behind(name: &str, rest: &str, change: impl FnOnce(&mut Node)) -> String {
    let keeps = |rest: &str| probe(name, "count", &format!(r#","retried":"pure","keeps":true{rest}"#));
    let mut house = House::new(
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node_with("Count", "probe", &keeps(rest), change)
            .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
            .node("Last", "probe", &keeps(""))
            .edge("Start", "Count")
            .edge("Count", "Wait")
            .edge("Wait", "Last"),
    );
    house.settings.wait_in_memory = Duration::from_secs(5);
    let first = house.engine();
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    for _ in 0..4 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
    }
    assert_eq!(house.log.names(execution).await.last().unwrap(), "step_waiting");
    live_on(&house, &house.engine()).await;
    house.log.outputs(execution).await[&(node_id("Last"), 0)][0].clone()
}

#[tokio::test]
async fn what_a_failed_attempt_kept_is_recorded_with_the_next_success() {
    let counts = counts_behind("kept-retry-", r#","failures":1"#, |node| node.retry = Some(retry(2, 1000))).await;
    assert!(counts.contains(r#"{"all":3,"own":1,"marked":3}"#), "{counts}");
}

#[tokio::test]
async fn what_a_step_kept_that_failed_and_was_carried_on_after_is_recorded() {
    let counts = counts_behind("kept-carry-", r#","failures":1"#, |node| node.on_error = OnError::Continue).await;
    assert!(counts.contains(r#"{"all":2,"own":1,"marked":2}"#), "{counts}");
}

#[tokio::test]
async fn a_step_that_is_repeated_after_a_crash_sees_the_moment_at_which_it_first_began() {
    let house = House::new(act("moment-", r#","retried":"idempotent","stamps":true"#));
    let log = TestLog { appends: Arc::default(), cut: Arc::default(), ..house.log.clone() };
    // Each process records that the step started, and dies in the append that says how it ended.
    log.cut.store(2, Ordering::SeqCst);
    let first = house.engine_over(&log);
    house.log.heartbeat(first.worker()).await.unwrap();
    let began = weft_engine::Clock::now(&house.clock);
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "step_started");
    let log = TestLog { appends: Arc::default(), cut: Arc::default(), ..house.log.clone() };
    log.cut.store(2, Ordering::SeqCst);
    house.clock.advance(Duration::from_secs(30));
    house.engine_over(&log).adopt_orphans().await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await[3..], ["adopted", "step_started"]);
    live_on(&house, &house.engine()).await;
    let given = &house.log.outputs(execution).await[&(node_id("Act"), 0)][0];
    assert!(given.contains(&began.to_string()), "{given}");
    assert_eq!(touched("moment-act"), 3);
}

#[tokio::test]
async fn a_step_whose_outcome_nobody_knows_is_not_repeated() {
    let house = House::new(act("unknown-", r#","hangs":true"#));
    let first = house.engine();
    house.log.heartbeat(first.worker()).await.unwrap();
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "step_started");
    let second = house.engine();
    live_on(&house, &second).await;
    settle().await;
    let names = house.log.names(execution).await;
    assert_eq!(names[3..], ["adopted", "step_outcome_unknown", "failed"]);
    assert_eq!(touched("unknown-act"), 1);
}

#[tokio::test]
async fn a_step_that_touches_nothing_is_simply_executed_again_though_it_was_told_to_be_at_work() {
    let house = House::new(act("long-", r#","retried":"pure","hangsAtFirst":true"#));
    let first = house.engine();
    house.log.heartbeat(first.worker()).await.unwrap();
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    house.clock.advance(Duration::from_secs(1));
    settle().await;
    assert_eq!(house.log.names(execution).await[2..], ["step_started"]);
    live_on(&house, &house.engine()).await;
    let names = house.log.names(execution).await;
    assert_eq!(names[3..], ["adopted", "step_succeeded", "step_succeeded", "succeeded"]);
    assert_eq!(touched("long-act"), 2);
    follows_the_model(&house, execution).await;
}

#[tokio::test]
async fn a_retry_pause_is_recorded_and_doubles() {
    let mut drawing = act("pause-", r#","retried":"idempotent","failures":2"#);
    drawing.graph.nodes[&node_id("Act")].retry = Some(retry(3, 1000));
    let mut house = House::new(drawing);
    house.settings.wait_in_memory = Duration::from_secs(5);
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    for _ in 0..10 {
        settle().await;
        house.clock.advance(Duration::from_secs(1));
    }
    settle().await;
    let pauses: Vec<i64> = house
        .log
        .events(execution)
        .await
        .iter()
        .filter_map(|event| match event {
            ExecutionEvent::StepFailed { retry_at: Some(at), started_at, .. } => {
                Some(at.duration_since(*started_at).as_millis() as i64)
            }
            _ => None,
        })
        .collect();
    assert_eq!(pauses.len(), 2);
    assert!((1000..1100).contains(&pauses[0]) && (2000..2200).contains(&pauses[1]), "{pauses:?}");
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
}

#[tokio::test]
async fn a_step_that_waited_is_recorded_as_of_when_it_began() {
    // In memory, by a timer, and by a process that finds the wait over.
    for (in_memory, adopted) in [(2, false), (0, false), (0, true)] {
        let mut house = House::new(
            Drawing::default()
                .node("Start", "manualTrigger", "{}")
                .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
                .edge("Start", "Wait"),
        );
        house.settings.wait_in_memory = Duration::from_hours(in_memory);
        let (engine, second) = (house.engine(), house.engine());
        let execution = engine.start(start_at("Start")).await.unwrap().execution;
        settle().await;
        house.clock.advance(Duration::from_hours(1));
        if adopted {
            let open = OpenExecution { execution, workflow: WORKFLOW, worker: engine.worker(), epoch: 1 };
            house.log.beside(TENANT, vec![Companion::OpenExecution(open)]).await;
            second.adopt_orphans().await.unwrap();
        } else {
            second.fire_due_timers().await.unwrap();
        }
        settle().await;
        let events = house.log.events(execution).await;
        let waited = events.iter().find_map(|event| match event {
            ExecutionEvent::StepWaiting { at, .. } => Some(*at),
            _ => None,
        });
        let ended = events.iter().find_map(|event| match event {
            ExecutionEvent::StepSucceeded { started_at, duration_us, .. } => Some((*started_at, *duration_us)),
            _ => None,
        });
        assert_eq!(ended, waited.map(|at| (at, 3_600_000_000)), "{in_memory} {adopted}");
    }
}

#[tokio::test]
async fn an_adopter_ends_a_wait_that_is_due_and_clears_its_timer() {
    let house = House::new(
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
            .edge("Start", "Wait"),
    );
    let (first, second) = (house.engine(), house.engine());
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let open = OpenExecution { execution, workflow: WORKFLOW, worker: first.worker(), epoch: 1 };
    house.log.beside(TENANT, vec![Companion::OpenExecution(open)]).await;
    house.clock.advance(Duration::from_hours(1));
    second.adopt_orphans().await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}
