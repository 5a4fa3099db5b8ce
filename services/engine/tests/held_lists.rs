//! Lists that are recorded leave memory where there are too many of them, and are read back where somebody asks for them.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::time::Duration;

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
