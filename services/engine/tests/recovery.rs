//! A process dies at any moment, and another one goes on: nothing recorded is executed again, and the outcome is the same.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use support::probe::touched;
use support::{Drawing, House, TENANT, TestLog, live_on, node_id, retry, settle, start_at};
use weft_engine::StartExecution;
use weft_event_log::{AppendError, Companion, OpenExecution, SystemLog, Timer, TimerKind};
use weft_model::execution::{Execution, ExecutionEvent, ExecutionStatus};
use weft_model::{Actor, Decider, ExecutionId, Node, NodeId, OnError, TimerId};

fn set(name: &str) -> String {
    format!(
        r#"{{"includeOtherFields":true,"assignments":{{"assignments":[{{"name":"{name}","type":"string","value":"x"}}]}}}}"#
    )
}

fn probe(prefix: &str, name: &str, rest: &str) -> String {
    format!(r#"{{"name":"{prefix}{name}"{rest}}}"#)
}

/// Pure steps, idempotent actions, a retry, a condition and a wait, one after the other.
fn long_way(prefix: &str) -> Drawing {
    let condition = r#"{"conditions":{"conditions":[{"leftValue":1,"rightValue":1,"operator":{"type":"number","operation":"equals"}}]}}"#;
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("A", "set", &set("a"))
        .node("Act1", "probe", &probe(prefix, "1", r#","retried":"idempotent""#))
        .node("If", "if", condition)
        .node_with("Act2", "probe", &probe(prefix, "2", r#","retried":"idempotent","failures":2"#), |node| {
            node.retry = Some(retry(3, 1000));
        })
        .node("Wait", "wait", r#"{"amount":1,"unit":"hours"}"#)
        .node("B", "set", &set("b"))
        .node("Act3", "probe", &probe(prefix, "3", r#","retried":"idempotent""#))
        .node("End", "noOp", "{}")
        .edge("Start", "A")
        .edge("A", "Act1")
        .edge("Act1", "If")
        .edge("If", "Act2")
        .edge("Act2", "Wait")
        .edge("Wait", "B")
        .edge("B", "Act3")
        .edge("Act3", "End")
}

/// A loop over three items with an act in it, and what came back behind it.
fn looped(prefix: &str) -> Drawing {
    let items = r#"{"mode":"raw","jsonOutput":"={{ { n: $('Start').item.json.n } }}"}"#;
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Loop", "loop", "{}")
        .node("Act", "probe", &probe(prefix, "1", r#","retried":"idempotent""#))
        .node("End", "set", items)
        .edge("Start", "Loop")
        .edge_at("Loop", 1, "Act", 0)
        .edge("Act", "Loop")
        .edge_at("Loop", 0, "End", 0)
}

/// A loop over two items whose body counts in what the execution and what the node keep, and one more that counts behind it.
fn counting(prefix: &str) -> Drawing {
    let keeps = |name: &str| probe(prefix, name, r#","retried":"pure","keeps":true"#);
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Loop", "loop", "{}")
        .node("Count", "probe", &keeps("count"))
        .node("Act", "probe", &probe(prefix, "1", r#","retried":"idempotent""#))
        .node("Last", "probe", &keeps("last"))
        .edge("Start", "Loop")
        .edge_at("Loop", 1, "Count", 0)
        .edge("Count", "Act")
        .edge("Act", "Loop")
        .edge_at("Loop", 0, "Last", 0)
}

/// Whether the model would have decided what the engine recorded.
async fn follows_the_model(house: &House, execution: ExecutionId) {
    let (mut state, mut epoch) = (Execution::default(), 0);
    for event in house.log.events(execution).await {
        match &event {
            ExecutionEvent::Started { epoch: first, .. } => epoch = *first,
            ExecutionEvent::Adopted { epoch: next, .. } => {
                assert_eq!(*next, epoch + 1);
                epoch = *next;
            }
            ExecutionEvent::Queued { .. } | ExecutionEvent::Cancelled { .. } => {}
            report => state.admit(epoch, report).unwrap(),
        }
        state.evolve(&event);
    }
    assert_eq!(state.status(), Some(ExecutionStatus::Succeeded));
}

async fn outcome(house: &House, execution: ExecutionId) -> (HashMap<(NodeId, u32), Vec<String>>, String) {
    (house.log.outputs(execution).await, house.log.names(execution).await.last().unwrap().clone())
}

/// What a drawing is expected to do.
struct Way {
    /// With this prefix for the names of its probes.
    draw: fn(&str) -> Drawing,
    /// What it starts with.
    items: &'static str,
    steps: usize,
    /// The names of its probes, and how often they touch the world.
    probes: &'static [&'static str],
    touches: u32,
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing() {
    let way = Way { draw: long_way, items: "[{}]", steps: 8, probes: &["1", "2", "3"], touches: 5 };
    crash_everywhere("way", way).await;
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing_of_a_loop() {
    // Three iterations with an act, one more that finds nothing left, and the end.
    let way = Way { draw: looped, items: r#"[{"n":1},{"n":2},{"n":3}]"#, steps: 8, probes: &["1"], touches: 3 };
    crash_everywhere("loop", way).await;
}

#[tokio::test]
async fn a_crash_at_any_append_changes_nothing_of_what_code_keeps() {
    // Three times round the loop, twice through its body, and the end.
    let way = Way { draw: counting, items: "[{},{}]", steps: 8, probes: &["1"], touches: 2 };
    crash_everywhere("kept", way).await;
}

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

async fn crash_everywhere(name: &str, way: Way) {
    let Way { draw, items, steps, probes, touches: once } = way;
    let start = || {
        let items = support::items(items);
        StartExecution { items, ..start_at("Start") }
    };
    let house = House::new(draw(&format!("{name}-whole-")));
    let engine = house.engine();
    let started = engine.start(start()).await.unwrap();
    live_on(&house, &engine).await;
    let (expected, end) = outcome(&house, started.execution).await;
    assert_eq!((expected.len(), end.as_str()), (steps, "succeeded"));
    let appends = house.log.appends();
    assert!(appends > once as usize, "the way has {appends} appends");

    for cut in 1..appends {
        let prefix = format!("{name}-cut{cut}-");
        let house = House::new(draw(&prefix));
        let mortal = TestLog { appends: Arc::default(), cut: Arc::default(), ..house.log.clone() };
        mortal.cut.store(cut, Ordering::SeqCst);
        let first = house.engine_over(&mortal);
        house.log.heartbeat(first.worker()).await.unwrap();
        let execution = first.start(start()).await.unwrap().execution;
        // The first process lives until it dies in the middle of its next append.
        for _ in 0..6 {
            settle().await;
            house.clock.advance(Duration::from_secs(2));
        }
        let recorded = house.log.outputs(execution).await;
        let second = house.engine();
        live_on(&house, &second).await;

        let (outputs, end) = outcome(&house, execution).await;
        follows_the_model(&house, execution).await;
        assert_eq!((&outputs, end.as_str()), (&expected, "succeeded"), "after a crash at append {cut}");
        for (step, output) in recorded {
            assert_eq!(outputs.get(&step), Some(&output), "recorded before the crash at {cut}");
        }
        // The world may be touched once more by the step during which the process died, and by no other.
        let touches: u32 = probes.iter().map(|name| touched(&format!("{prefix}{name}"))).sum();
        assert!((once..=once + 1).contains(&touches), "{touches} touches after a crash at append {cut}");
    }
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

fn act(prefix: &str, rest: &str) -> Drawing {
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Act", "probe", &probe(prefix, "act", rest))
        .node("End", "noOp", "{}")
        .edge("Start", "Act")
        .edge("Act", "End")
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
async fn a_zombie_is_fenced_and_drops_the_execution() {
    let mut house = House::new(act("zombie-", r#","retried":"idempotent","failures":1"#));
    house.settings.wait_in_memory = Duration::from_mins(1);
    let mut drawing = act("zombie-", r#","retried":"idempotent","failures":1"#);
    drawing.graph.nodes[&node_id("Act")].retry = Some(retry(2, 20_000));
    house.definitions.add(TENANT, support::WORKFLOW, "Orders", drawing.graph);
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
    let workflow = support::WORKFLOW;
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
            let open = OpenExecution { execution, workflow: support::WORKFLOW, worker: engine.worker(), epoch: 1 };
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
    let open = OpenExecution { execution, workflow: support::WORKFLOW, worker: first.worker(), epoch: 1 };
    house.log.beside(TENANT, vec![Companion::OpenExecution(open)]).await;
    house.clock.advance(Duration::from_hours(1));
    second.adopt_orphans().await.unwrap();
    settle().await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(house.log.next_timer().await.unwrap(), None);
}
