//! Whose an execution is, and who wakes it.

use std::time::Duration;

use crate::act;
use crate::support::probe::touched;
use crate::support::{Drawing, House, TENANT, WORKFLOW, node_id, retry, settle, start_at};
use weft_engine::StartExecution;
use weft_event_log::{AppendError, Companion, OpenExecution, SystemLog, Timer, TimerKind};
use weft_model::execution::ExecutionEvent;
use weft_model::{Actor, TimerId};

#[tokio::test]
async fn a_zombie_is_fenced_and_drops_the_execution() {
    let mut house = House::new(act("zombie-", r#","retried":"idempotent","failures":1"#));
    house.settings.wait_in_memory = Duration::from_mins(1);
    let mut drawing = act("zombie-", r#","retried":"idempotent","failures":1"#);
    drawing.graph.nodes[&node_id("Act")].retry = Some(retry(2, 20_000));
    house.definitions.add(TENANT, WORKFLOW, "Orders", drawing.graph);
    let (first, second) = (house.engine(), house.engine());
    house.log.heartbeat(first.worker()).await.unwrap();
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    // The first process pauses before its second attempt, and stops saying that it is alive.
    house.clock.advance(Duration::from_secs(5));
    house.log.heartbeat(second.worker()).await.unwrap();
    assert_eq!(second.adopt_orphans().await.unwrap(), 1);
    settle().await;
    // Both want to go on now; only one may.
    house.clock.advance(Duration::from_mins(1));
    settle().await;
    let names = house.log.names(execution).await;
    assert_eq!(names.iter().filter(|name| *name == "adopted").count(), 1);
    assert_eq!(names.iter().filter(|name| *name == "succeeded").count(), 1);
    assert_eq!(house.log.outputs(execution).await.len(), 2);
    assert_eq!(first.state().admitted, 0, "the zombie has dropped it");
}

#[tokio::test]
async fn a_living_worker_keeps_its_executions() {
    let house = House::new(act("alive-", r#","retried":"idempotent","hangs":true"#));
    let (first, second) = (house.engine(), house.engine());
    house.log.heartbeat(first.worker()).await.unwrap();
    first.start(start_at("Start")).await.unwrap();
    settle().await;
    house.clock.advance(Duration::from_secs(2));
    house.log.heartbeat(first.worker()).await.unwrap();
    house.clock.advance(Duration::from_secs(2));
    assert_eq!(second.adopt_orphans().await.unwrap(), 0);
}

#[tokio::test]
async fn an_append_whose_answer_was_lost_is_found_again() {
    let house = House::new(act("doubt-", r#","retried":"idempotent""#));
    let engine = house.engine();
    house.log.fail_with([AppendError::InDoubt]);
    let starting = tokio::spawn(async move { engine.start(start_at("Start")).await });
    settle().await;
    house.clock.advance(Duration::from_secs(1));
    let execution = starting.await.unwrap().unwrap().execution;
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(house.log.executions().await.len(), 1);
}

#[tokio::test]
async fn an_idempotency_key_makes_one_execution() {
    let house = House::new(act("key-", ""));
    let engine = house.engine();
    let with_key = || StartExecution { idempotency_key: Some("call 1".into()), ..start_at("Start") };
    let first = engine.start(with_key()).await.unwrap();
    match engine.start(with_key()).await {
        Err(weft_engine::StartError::Duplicate { execution }) => assert_eq!(execution, first.execution),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_execution_whose_processes_all_die_is_not_taken_over_for_ever() {
    let house = House::new(act("poison-", r#","retried":"idempotent","hangs":true"#));
    let first = house.engine();
    house.log.heartbeat(first.worker()).await.unwrap();
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    for _ in 0..6 {
        settle().await;
        house.clock.advance(Duration::from_secs(10));
        assert_eq!(house.engine().adopt_orphans().await.unwrap(), 1);
    }
    settle().await;
    let events = house.log.events(execution).await;
    let Some(ExecutionEvent::Failed { error, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!((error.code.as_str(), touched("poison-act")), ("crash_loop", 6));
    assert_eq!(house.log.open_executions(TENANT).await.unwrap(), 0);
}

#[tokio::test]
async fn an_execution_that_waits_is_left_to_its_timer() {
    let house = House::new(
        Drawing::default()
            .node("Start", "manualTrigger", "{}")
            .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
            .edge("Start", "Wait"),
    );
    // The first process parks the execution while it is taken for dead: somebody has read that it is an orphan.
    let (first, second) = (house.engine(), house.engine());
    let execution = first.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let workflow = WORKFLOW;
    let open = OpenExecution { execution, workflow, worker: first.worker(), epoch: 1 };
    house.log.beside(TENANT, vec![Companion::OpenExecution(open)]).await;
    house.clock.advance(Duration::from_secs(10));
    assert_eq!(second.adopt_orphans().await.unwrap(), 1);
    settle().await;
    assert_eq!(house.log.names(execution).await, ["queued", "started", "step_waiting"]);
}

#[tokio::test]
async fn a_timer_that_no_step_waits_for_is_discarded_and_wakes_nobody() {
    let house = House::new(act("unasked-", r#","retried":"idempotent","hangs":true"#));
    let engine = house.engine();
    let execution = engine.start(start_at("Start")).await.unwrap().execution;
    settle().await;
    let due_at = weft_engine::Clock::now(&house.clock);
    let id = TimerId(execution.0);
    let timer = Timer { id, stream: execution.into(), kind: TimerKind::Wait, due_at, data: serde_json::Value::Null };
    house.log.beside(TENANT, vec![Companion::SetTimer(timer.clone())]).await;
    assert_eq!(engine.fire_due_timers().await.unwrap(), 1);
    assert_eq!(house.log.names(execution).await, ["queued", "started", "step_started"]);
    assert_eq!(house.log.next_timer().await.unwrap(), None);

    engine.cancel(TENANT, execution, Actor::System).await.unwrap();
    house.log.beside(TENANT, vec![Companion::SetTimer(timer)]).await;
    assert_eq!(engine.fire_due_timers().await.unwrap(), 1);
    assert_eq!(house.log.names(execution).await.last().unwrap(), "cancelled");
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}
