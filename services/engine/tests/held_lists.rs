//! Lists that are recorded leave memory where there are too many of them, and are read back where somebody asks for them.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use support::probe::touched;
use support::{Drawing, House, settle, start_at};
use weft_engine::{Engine, StartExecution};
use weft_model::ExecutionId;
use weft_model::execution::ExecutionEvent;
use weft_value::{Item, Object, Value};

/// A step's list has about so many bytes: far less than a long one. Three of them are more than waits to be recorded.
const LIST: usize = 400_000;
/// So many steps give one.
const STEPS: usize = 20;

/// Makes other items of them.
const NEXT: &str = r#"{"includeOtherFields":true,"assignments":{"assignments":[
    {"name":"m","type":"number","value":"={{ $json.n + 1 }}"}]}}"#;
const BACK: &str = r#"{"assignments":{"assignments":[
    {"name":"n","type":"number","value":"={{ $('Start').item.json.n + $('Step 3').last().json.n }}"},
    {"name":"all","type":"number","value":"={{ $('Step 7').all().length }}"}]}}"#;

fn items() -> Vec<Item> {
    let item =
        |n: usize| [("n", Value::from(n as u32)), ("text", "x".repeat(350).into())].into_iter().collect::<Object>();
    (0..LIST / 400).map(|n| Item::new(item(n))).collect()
}

/// Many steps, one that hangs or waits, and one that looks back.
fn row(stop: (&str, &str)) -> Drawing {
    let mut drawing = Drawing::default().node("Start", "manualTrigger", "{}").node("Stop", stop.0, stop.1);
    let mut before = "Start".to_owned();
    for number in 0..STEPS {
        let name = format!("Step {number}");
        drawing = drawing.node(&name, "set", NEXT).edge(&before, &name);
        before = name;
    }
    drawing.node("Back", "set", BACK).edge(&before, "Stop").edge("Stop", "Back")
}

async fn start(engine: &Engine) -> ExecutionId {
    engine.start(StartExecution { items: items(), ..start_at("Start") }).await.unwrap().execution
}

/// Lets what waits to be recorded be recorded.
async fn record(house: &House) {
    for _ in 0..5 {
        settle().await;
        house.clock.advance(Duration::from_millis(60));
    }
    settle().await;
}

#[tokio::test]
async fn an_execution_holds_no_more_than_its_share() {
    let hang = |name: &str| format!(r#"{{"name":"{name}","hangs":true}}"#);
    let mut house = House::new(row(("probe", &hang("held-one"))));
    let engine = house.engine();
    start(&engine).await;
    record(&house).await;
    assert_eq!(touched("held-one"), 1);
    assert!(engine.state().held > (STEPS - 4) * LIST, "all of them have room: {}", engine.state().held);
    house.settings.held_by_one = 5 * LIST;
    let engine = house.engine();
    let execution = start(&engine).await;
    record(&house).await;
    assert_eq!(touched("held-one"), 2);
    let held = engine.state().held;
    assert!((LIST..=6 * LIST).contains(&held), "{held}");
    engine.cancel(support::TENANT, execution, weft_model::Actor::System).await.unwrap();
    settle().await;
    assert_eq!(engine.state().held, 0);
}

#[tokio::test]
async fn all_executions_together_hold_no_more_than_there_is_room_for() {
    let mut house = House::new(row(("probe", r#"{"name":"held-all","hangs":true}"#)));
    house.settings.held_by_all = 10 * LIST;
    let engine = house.engine();
    for begun in 1..=12 {
        start(&engine).await;
        record(&house).await;
        assert_eq!(touched("held-all"), begun);
        let held = engine.state().held;
        assert!(held <= 11 * LIST, "{begun}: {held}");
    }
    assert!(engine.state().held > 5 * LIST, "the room is made use of");
}

#[tokio::test]
async fn what_was_let_go_is_there_for_whoever_asks() {
    let wait = r#"{"amount":1,"unit":"hours"}"#;
    let mut given = Vec::new();
    for (share, dies) in [(usize::MAX, false), (5 * LIST, false), (0, false), (5 * LIST, true)] {
        let mut house = House::new(row(if dies { ("wait", wait) } else { ("noOp", "{}") }));
        house.settings.held_by_one = share;
        let engine = house.engine();
        let execution = start(&engine).await;
        record(&house).await;
        if dies {
            // Another process goes on with it, and reads nothing before it is asked for.
            drop(engine);
            house.clock.advance(Duration::from_hours(1));
            let other = house.engine();
            other.fire_due_timers().await.unwrap();
            record(&house).await;
        }
        let events = house.log.events(execution).await;
        assert!(matches!(events.last(), Some(ExecutionEvent::Succeeded { .. })), "{share}: {:?}", events.last());
        let outputs = house.log.outputs(execution).await;
        given.push(outputs[&(support::node_id("Back"), 0)].clone());
    }
    assert!(given[0][0].contains(r#"{"json":{"n":1998,"all":1000}"#), "{}", given[0][0]);
    assert!(given.iter().all(|other| *other == given[0]));
}

#[tokio::test]
async fn what_the_next_step_works_on_is_not_read_back() {
    let mut house = House::new(row(("probe", r#"{"name":"held-next","hangs":true}"#)));
    house.settings.held_by_all = 1;
    let engine = house.engine();
    start(&engine).await;
    record(&house).await;
    assert_eq!((touched("held-next"), house.log.payload_reads.load(Ordering::SeqCst)), (1, 0));
    assert!(engine.state().held < 5 * LIST, "the others are let go: {}", engine.state().held);
}

/// What a loop takes its batches of is needed by every iteration, and what the iterations gave is not.
#[tokio::test]
async fn a_loop_does_not_let_go_of_what_it_goes_through() {
    let body = r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n }}"}]}}"#;
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Loop", "loop", r#"{"batchSize":20}"#)
        .node("Side", "set", NEXT)
        .node("Other side", "set", NEXT)
        .node("Body", "set", body)
        .edge("Start", "Loop")
        .edge_at("Loop", 1, "Body", 0)
        .edge("Body", "Loop")
        .edge_at("Loop", 1, "Side", 0)
        .edge_at("Loop", 1, "Other side", 0);
    let mut house = House::new(drawing);
    // A flush brings more than fits beside the list that the loop goes through; half of it is room for that.
    house.settings.held_by_one = 9 * LIST / 4;
    let engine = house.engine();
    let execution = start(&engine).await;
    record(&house).await;
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
    assert_eq!(house.log.payload_reads.load(Ordering::SeqCst), 0);
}

/// Looks at one item of a list that was let go, or takes all of it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reads {
    /// An expression, which keeps its thread.
    Item,
    /// The step's input.
    Input,
}

/// A wait of a second, and then a node that needs what was let go meanwhile.
fn waits_then(reads: Reads) -> Drawing {
    let one = r#"{"assignments":{"assignments":[{"name":"n","type":"number","value":"={{ $json.n }}"}]}}"#;
    let last = one.replace("$json.n", "$('Start').last().json.n");
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node_with("One", "set", one, |node| node.execute_once = true)
        .node("Hold", "wait", r#"{"amount":1,"unit":"seconds"}"#)
        .edge("Start", "One")
        .edge("One", "Hold");
    match reads {
        Reads::Item => drawing.node("Back", "set", &last).edge("Hold", "Back"),
        Reads::Input => drawing
            .node("Both", "merge", r#"{"mode":"append"}"#)
            .edge_at("Start", 0, "Both", 0)
            .edge_at("Hold", 0, "Both", 1),
    }
}

/// Lets time pass, no more than `most`, until it is as it shall be.
async fn comes_true<F: Future<Output = bool>>(house: &House, most: Duration, mut is_so: impl FnMut() -> F) -> bool {
    let (patience, step) = (Instant::now() + Duration::from_secs(20), Duration::from_millis(100));
    let mut passed = Duration::ZERO;
    while Instant::now() < patience {
        if is_so().await {
            return true;
        }
        if passed < most {
            house.clock.advance(step);
            passed += step;
        }
        settle().await;
    }
    false
}

/// An execution that looks for a list in a database that is away.
async fn looks_in_vain(reads: Reads, change: fn(&mut Drawing)) -> (House, Engine, ExecutionId) {
    let mut drawing = waits_then(reads);
    change(&mut drawing);
    let mut house = House::new(drawing);
    house.settings.held_by_one = 0;
    let engine = house.engine();
    let execution = start(&engine).await;
    let waits = || async { house.log.names(execution).await.last().is_some_and(|last| last == "step_waiting") };
    assert!(comes_true(&house, Duration::ZERO, waits).await, "{:?}", house.log.names(execution).await);
    house.log.payloads_away.store(true, Ordering::SeqCst);
    let before = house.log.payload_reads.load(Ordering::SeqCst);
    let looks = || async { house.log.payload_reads.load(Ordering::SeqCst) > before };
    assert!(comes_true(&house, Duration::from_millis(1_100), looks).await, "{reads:?}");
    (house, engine, execution)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expression_keeps_its_thread_for_seconds_and_a_step_waits_for_its_input() {
    let (house, engine, execution) = looks_in_vain(Reads::Item, |_| {}).await;
    let ended = || async { engine.state().admitted == 0 };
    assert!(comes_true(&house, Duration::from_mins(1), ended).await, "{:?}", house.log.names(execution).await);
    let events = house.log.events(execution).await;
    let Some(ExecutionEvent::Failed { error, .. }) = events.last() else { panic!("{:?}", events.last()) };
    assert!(error.message.contains("Try again later"), "{error:?}");

    let (house, engine, execution) = looks_in_vain(Reads::Input, |_| {}).await;
    let before = house.log.payload_reads.load(Ordering::SeqCst);
    let tried = || async { house.log.payload_reads.load(Ordering::SeqCst) > before + 20 };
    assert!(comes_true(&house, Duration::MAX, tried).await);
    house.log.payloads_away.store(false, Ordering::SeqCst);
    let ended = || async { engine.state().admitted == 0 };
    assert!(comes_true(&house, Duration::MAX, ended).await);
    assert_eq!(house.log.names(execution).await.last().unwrap(), "succeeded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_that_looks_for_a_list_in_vain_hears_who_ends_it() {
    for reads in [Reads::Item, Reads::Input] {
        let (house, engine, execution) = looks_in_vain(reads, |_| {}).await;
        let drained = tokio::time::timeout(Duration::from_secs(20), engine.drain(Duration::ZERO)).await;
        assert!(drained.is_ok(), "{reads:?}: the process ends");
        let names = house.log.names(execution).await;
        assert!(!names.iter().any(|name| name.contains("failed")), "{reads:?}: somebody else goes on: {names:?}");

        let (house, engine, execution) = looks_in_vain(reads, |_| {}).await;
        engine.cancel(support::TENANT, execution, weft_model::Actor::System).await.unwrap();
        let ended = || async { engine.state().admitted == 0 };
        assert!(comes_true(&house, Duration::ZERO, ended).await, "{reads:?}: somebody cancels");

        let (house, engine, execution) =
            looks_in_vain(reads, |drawing| drawing.graph.settings.timeout_seconds = Some(3)).await;
        let ended = || async { engine.state().admitted == 0 };
        assert!(comes_true(&house, Duration::from_secs(3), ended).await, "{reads:?}: it has taken too long");
        let events = house.log.events(execution).await;
        let Some(ExecutionEvent::Failed { error, .. }) = events.last() else { panic!("{:?}", events.last()) };
        assert_eq!(error.code, "timeout", "{reads:?}");
    }
}
