//! Steps that wait for something else than time: for a call, for another execution.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use support::probe::touched;
use support::{Drawing, House, TENANT, TestLog, WORKFLOW, body_of, live_on, node_id, settle, start_and_wait, start_at};
use uuid::Uuid;
use weft_engine::{Answer, Engine, Respond, SendSignal, SignalError, Started, Wait, WaitState};
use weft_event_log::SystemLog;
use weft_model::execution::{Awaited, ExecutedVersion, ExecutionEvent, ExecutionMode};
use weft_model::{Actor, Callers, ExecutionId, OnError, WorkflowId};
use weft_value::{Item, from_json};

const CHILD: WorkflowId = WorkflowId(Uuid::from_u128(3));

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

fn item(json: &str) -> Item {
    Item::new(from_json(json).unwrap())
}

fn sent(execution: ExecutionId, wait: &Wait, respond: Respond) -> SendSignal {
    let items = vec![item(r#"{"approved":true}"#)];
    SendSignal { tenant: TENANT, execution, signal: wait.signal, items, respond }
}

async fn last_output(house: &House, execution: ExecutionId, node: &str) -> String {
    house.log.outputs(execution).await[&(node_id(node), 0)][0].clone()
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

/// A workflow that executes `CHILD`, with these parameters beside its id.
fn parent(parameters: &str) -> Drawing {
    let node = format!(r#"{{"workflowId":"{CHILD}"{parameters}}}"#);
    Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Call", "executeWorkflow", &node)
        .node("End", "noOp", "{}")
        .edge("Start", "Call")
        .edge("Call", "End")
}

/// What is executed: it names what it got, and does `node` in between.
fn child(kind: &str, parameters: &str) -> Drawing {
    let assignments =
        r#"{"includeOtherFields":true,"assignments":{"assignments":[{"name":"seen","type":"boolean","value":true}]}}"#;
    Drawing::default()
        .node("Called", "executeWorkflowTrigger", "{}")
        .node("Middle", kind, parameters)
        .node("Last", "set", assignments)
        .edge("Called", "Middle")
        .edge("Middle", "Last")
}

fn family(parameters: &str, called: Drawing) -> House {
    let house = House::new(parent(parameters));
    house.definitions.add(TENANT, CHILD, "Café", called.graph);
    house
}

async fn executed(house: &House, items: &str) -> Started {
    let started = house.engine().start(start_and_wait("Start", items)).await.unwrap();
    settle().await;
    started
}

fn error_of(events: &[ExecutionEvent]) -> (String, String) {
    match events.last().unwrap() {
        ExecutionEvent::Failed { error, .. } => (error.code.clone(), error.message.clone()),
        other => panic!("it did not fail: {other:?}"),
    }
}

#[tokio::test]
async fn a_workflow_executes_another_one_with_all_items() {
    let house = family("", child("noOp", "{}"));
    let execution = executed(&house, r#"[{"a":1},{"a":2}]"#).await.execution;
    let [_, called] = house.log.executions().await[..] else { panic!("there are two executions") };
    assert_eq!(
        last_output(&house, execution, "Call").await,
        r#"[{"json":{"a":1,"seen":true},"pairedItem":{"item":0}},{"json":{"a":2,"seen":true},"pairedItem":{"item":1}}]"#
    );
    let queued = house.log.events(called).await.remove(0);
    let ExecutionEvent::Queued { parent: Some(parent), version, mode, .. } = queued else { panic!("{queued:?}") };
    assert_eq!((parent.execution, parent.node, parent.depth, parent.item), (execution, node_id("Call"), 1, None));
    assert_eq!((version, mode), (ExecutedVersion::Published(1), ExecutionMode::Production));
    // It was handed over in memory: the parent never waited, and no timer was needed.
    let names = house.log.names(execution).await;
    assert!(!names.iter().any(|name| name == "step_awaits"), "{names:?}");
    assert_eq!(house.log.next_timer().await.unwrap(), None);
    assert_eq!(house.log.appends(), 3, "the intent, the whole child, the end");
}

#[tokio::test]
async fn a_workflow_executes_another_one_for_each_item() {
    let house =
        family(r#","mode":"each","workflowInputs":[{"name":"b","value":"={{ $json.a * 10 }}"}]"#, child("noOp", "{}"));
    let execution = executed(&house, r#"[{"a":1},{"a":2},{"a":3}]"#).await.execution;
    assert_eq!(house.log.executions().await.len(), 4);
    assert_eq!(
        last_output(&house, execution, "Call").await,
        concat!(
            r#"[{"json":{"a":1,"b":10,"seen":true},"pairedItem":{"item":0}},"#,
            r#"{"json":{"a":2,"b":20,"seen":true},"pairedItem":{"item":1}},"#,
            r#"{"json":{"a":3,"b":30,"seen":true},"pairedItem":{"item":2}}]"#
        )
    );
}

#[tokio::test]
async fn what_nobody_waits_for_is_only_begun() {
    let house =
        family(r#","options":{"waitForSubWorkflow":false}"#, child("probe", r#"{"name":"alone","hangs":true}"#));
    let execution = executed(&house, r#"[{"a":1}]"#).await.execution;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(last_output(&house, execution, "Call").await, r#"[{"json":{"a":1},"pairedItem":{"item":0}}]"#);
    let called = house.log.executions().await[1];
    assert_eq!(house.log.names(called).await.last().unwrap(), "step_started");
}

#[tokio::test]
async fn a_child_that_fails_fails_the_step_that_asked_for_it() {
    let stops = r#"{"errorMessage":"no such customer"}"#;
    let house = family("", child("stopAndError", stops));
    let execution = executed(&house, "[{}]").await.execution;
    let (code, message) = error_of(&house.log.events(execution).await);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("sub_workflow_failed", "“Café” failed at “Middle”: no such customer")
    );
}

#[tokio::test]
async fn where_the_node_carries_on_only_the_items_fail_whose_child_did() {
    let odd = r#"{"conditions":{"conditions":[{"leftValue":"={{ $json.a }}","rightValue":2,"operator":{"type":"number","operation":"equals"}}]}}"#;
    let called = Drawing::default()
        .node("Called", "executeWorkflowTrigger", "{}")
        .node("If", "if", odd)
        .node("Stop", "stopAndError", r#"{"errorMessage":"two"}"#)
        .edge("Called", "If")
        .edge("If", "Stop");
    let mut house = family(r#","mode":"each""#, called);
    let mut drawing = parent(r#","mode":"each""#);
    drawing.graph.nodes[&node_id("Call")].on_error = OnError::Continue;
    house.definitions.add(TENANT, WORKFLOW, "Orders", drawing.graph);
    house.settings.running = 1;
    let execution = executed(&house, r#"[{"a":1},{"a":2},{"a":3}]"#).await.execution;
    assert_eq!(
        last_output(&house, execution, "Call").await,
        concat!(
            r#"[{"json":{"a":1},"pairedItem":{"item":0}},"#,
            r#"{"json":{"error":"“Café” failed at “Stop”: two"},"pairedItem":{"item":1}},"#,
            r#"{"json":{"a":3},"pairedItem":{"item":2}}]"#
        )
    );
}

#[tokio::test]
async fn what_cannot_be_executed_says_why() {
    let refused = |house: House| async move {
        let execution = executed(&house, "[{}]").await.execution;
        let (code, message) = error_of(&house.log.events(execution).await);
        (code, message)
    };
    let missing = House::new(parent(""));
    assert!(refused(missing).await.1.contains("does not exist"));
    let unpublished = family("", child("noOp", "{}"));
    unpublished.definitions.deactivate(TENANT, CHILD);
    assert!(refused(unpublished).await.1.contains("was never published"));
    let no_trigger = family("", Drawing::default().node("Start", "manualTrigger", "{}"));
    assert!(refused(no_trigger).await.1.contains("cannot be executed by another workflow"));
    for (callers, is_refused) in [
        (Callers::Nobody, true),
        (Callers::Only(vec![CHILD]), true),
        (Callers::Only(vec![WORKFLOW]), false),
        (Callers::Everyone, false),
    ] {
        let mut called = child("noOp", "{}");
        called.graph.settings.callers = callers.clone();
        let house = family("", called);
        let execution = executed(&house, "[{}]").await.execution;
        let last = house.log.events(execution).await.pop().unwrap();
        assert_eq!(matches!(last, ExecutionEvent::Failed { .. }), is_refused, "{callers:?}");
    }
    let typed = r#"{"inputSource":"workflowInputs","workflowInputs":[{"name":"n","type":"number"}]}"#;
    let house = family("", Drawing::default().node("Called", "executeWorkflowTrigger", typed));
    let execution = executed(&house, r#"[{"n":"many"}]"#).await.execution;
    let (code, message) = error_of(&house.log.events(execution).await);
    assert_eq!(code, "sub_workflow_input", "{message}");
    assert_eq!(house.log.executions().await.len(), 1, "nothing was begun");
}

#[tokio::test]
async fn a_workflow_that_executes_itself_ends() {
    let itself = format!(r#"{{"workflowId":"{CHILD}"}}"#);
    let called = Drawing::default()
        .node("Called", "executeWorkflowTrigger", "{}")
        .node("Again", "executeWorkflow", &itself)
        .edge("Called", "Again");
    let house = family("", called);
    let execution = executed(&house, "[{}]").await.execution;
    for _ in 0..20 {
        settle().await;
    }
    assert_eq!(house.log.executions().await.len(), 17);
    let (_, message) = error_of(&house.log.events(execution).await);
    assert!(message.contains("More than 16 workflows"), "{message}");
}

#[tokio::test]
async fn the_editor_executes_the_draft_and_does_not_pin_what_is_called() {
    let mut called = child("noOp", "{}");
    called.graph.pinned.insert(node_id("Middle"), vec![item(r#"{"pinned":true}"#)]);
    let house = family("", called);
    let start = weft_engine::StartExecution { mode: ExecutionMode::Manual, ..start_and_wait("Start", r#"[{"a":1}]"#) };
    let execution = house.engine().start(start).await.unwrap().execution;
    settle().await;
    let queued = house.log.events(house.log.executions().await[1]).await.remove(0);
    let ExecutionEvent::Queued { version, mode, .. } = queued else { panic!("{queued:?}") };
    assert_eq!((version, mode), (ExecutedVersion::Draft(1), ExecutionMode::Manual));
    assert_eq!(
        last_output(&house, execution, "Call").await,
        r#"[{"json":{"a":1,"seen":true},"pairedItem":{"item":0}}]"#
    );
}

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
