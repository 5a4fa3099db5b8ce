//! What earlier executions have seen: claimed once, found again by whoever repeats the step, and only by what is published.

#![allow(clippy::unwrap_used, reason = "these are tests, their helpers too")]

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use support::{Drawing, House, TestLog, items, live_on, node_id, settle, start_at};
use weft_engine::{Engine, StartExecution};
use weft_event_log::SystemLog;
use weft_model::execution::{ExecutedVersion, ExecutionMode};
use weft_model::{ExecutionId, OnError};

fn removing(parameters: &str) -> Drawing {
    Drawing::default().node("Start", "manualTrigger", "{}").node("Seen", "removeSeen", parameters).edge("Start", "Seen")
}

const BY_ID: &str = r#"{"value":"={{ $json.id }}"}"#;

fn with_items(json: &str) -> StartExecution {
    StartExecution { items: items(json), ..start_at("Start") }
}

/// What the step kept and discarded, as the data of items.
async fn parted(log: &TestLog, execution: ExecutionId, node: &str) -> [String; 2] {
    let lists = log.outputs(execution).await.remove(&(node_id(node), 0)).unwrap();
    let data = |list: &String| {
        let list = weft_value::from_json(list).unwrap();
        let json = list.as_array().unwrap().iter().map(|item| item.get("json").clone()).collect::<Vec<_>>();
        weft_value::Value::from(json).to_json()
    };
    [data(&lists[0]), data(&lists[1])]
}

async fn execute(house: &House, engine: &Engine, request: StartExecution) -> [String; 2] {
    let execution = engine.start(request).await.unwrap().execution;
    live_on(house, engine).await;
    parted(&house.log, execution, "Seen").await
}

#[tokio::test]
async fn each_logic_keeps_what_no_earlier_execution_has_seen() {
    let of = |kept: &str, discarded: &str| [kept.to_owned(), discarded.to_owned()];
    for (parameters, first, second, expected) in [
        (
            BY_ID,
            r#"[{"id":1},{"id":"é"}]"#,
            r#"[{"id":"1"},{"id":2},{"id":2}]"#,
            of(r#"[{"id":2},{"id":2}]"#, r#"[{"id":"1"}]"#),
        ),
        (
            r#"{"logic":"higherNumber","value":"={{ $json.n }}"}"#,
            r#"[{"n":3},{"n":1}]"#,
            r#"[{"n":"2.5"},{"n":3},{"n":3.5}]"#,
            of(r#"[{"n":3.5}]"#, r#"[{"n":"2.5"},{"n":3}]"#),
        ),
        (
            r#"{"logic":"laterDate","value":"={{ $json.at }}"}"#,
            r#"[{"at":"2026-01-02T00:00:00Z"}]"#,
            r#"[{"at":"2026-01-02T01:00:00+01:00"},{"at":"2026-01-02T00:00:00.001Z"}]"#,
            of(r#"[{"at":"2026-01-02T00:00:00.001Z"}]"#, r#"[{"at":"2026-01-02T01:00:00+01:00"}]"#),
        ),
        (BY_ID, "[{}]", "[]", of("[]", "[]")),
    ] {
        let house = House::new(removing(parameters));
        let engine = house.engine();
        assert_eq!(execute(&house, &engine, with_items(first)).await[1], "[]", "{parameters}");
        if second == "[]" {
            continue;
        }
        assert_eq!(execute(&house, &engine, with_items(second)).await, expected, "{parameters}");
    }
}

#[tokio::test]
async fn items_stay_paired_and_one_without_a_date_fails_alone() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node_with("Seen", "removeSeen", r#"{"logic":"laterDate","value":"={{ $json.at }}"}"#, |node| {
            node.on_error = OnError::ErrorOutput;
        })
        .edge("Start", "Seen");
    let house = House::new(drawing);
    let engine = house.engine();
    let request = with_items(r#"[{"at":"soon"},{"at":"2026-01-02"}]"#);
    let execution = engine.start(request).await.unwrap().execution;
    live_on(&house, &engine).await;
    let lists = house.log.outputs(execution).await.remove(&(node_id("Seen"), 0)).unwrap();
    assert!(lists[0].contains(r#""item":1"#) && !lists[0].contains("soon"), "{lists:?}");
    assert!(lists.last().unwrap().contains("soon"), "{lists:?}");
}

#[tokio::test]
async fn a_manual_execution_compares_and_remembers_nothing() {
    let house = House::new(removing(BY_ID));
    let engine = house.engine();
    let manual =
        |json| StartExecution { mode: ExecutionMode::Manual, version: ExecutedVersion::Draft(1), ..with_items(json) };
    assert_eq!(execute(&house, &engine, manual(r#"[{"id":1}]"#)).await[0], r#"[{"id":1}]"#);
    assert_eq!(execute(&house, &engine, with_items(r#"[{"id":1}]"#)).await[0], r#"[{"id":1}]"#);
    assert_eq!(execute(&house, &engine, manual(r#"[{"id":1},{"id":2}]"#)).await, [r#"[{"id":2}]"#, r#"[{"id":1}]"#]);
}

#[tokio::test]
async fn nodes_of_one_workflow_may_share_what_they_have_seen_and_forget_it() {
    let shared = r#"{"value":"={{ $json.id }}","scope":"workflow"}"#;
    let drawing = removing(shared)
        .node("Other", "removeSeen", shared)
        .node("Own", "removeSeen", BY_ID)
        .node("Forget", "removeSeen", r#"{"operation":"forget","scope":"workflow"}"#)
        .node("After", "removeSeen", shared)
        .edge("Seen", "Other")
        .edge("Seen", "Own")
        .edge_at("Other", 1, "Forget", 0)
        .edge("Forget", "After");
    let house = House::new(drawing);
    let engine = house.engine();
    let execution = engine.start(with_items(r#"[{"id":1}]"#)).await.unwrap().execution;
    live_on(&house, &engine).await;
    let one = r#"[{"id":1}]"#;
    for (node, expected) in
        [("Seen", [one, "[]"]), ("Other", ["[]", one]), ("Own", [one, "[]"]), ("After", [one, "[]"])]
    {
        assert_eq!(parted(&house.log, execution, node).await, expected, "{node}");
    }
}

#[tokio::test]
async fn more_values_than_are_remembered_are_refused_and_the_oldest_forgotten() {
    let house = House::new(removing(r#"{"value":"={{ $json.id }}","historySize":2}"#));
    let engine = house.engine();
    let execution = engine.start(with_items(r#"[{"id":1},{"id":2},{"id":3}]"#)).await.unwrap().execution;
    live_on(&house, &engine).await;
    assert!(house.log.names(execution).await.contains(&"failed".to_owned()));
    for id in 1..=3 {
        execute(&house, &engine, with_items(&format!(r#"[{{"id":{id}}}]"#))).await;
    }
    assert_eq!(
        execute(&house, &engine, with_items(r#"[{"id":3},{"id":1}]"#)).await,
        [r#"[{"id":1}]"#, r#"[{"id":3}]"#]
    );
}

#[tokio::test]
async fn whoever_goes_on_after_a_crash_keeps_what_the_step_claimed() {
    for logic in ["newValue", "higherNumber"] {
        // The process dies before its first append, before the one that follows the claim, or not at all.
        for cut in 0..3 {
            let house = House::new(removing(&format!(r#"{{"logic":"{logic}","value":"={{{{ $json.id }}}}"}}"#)));
            let dying = TestLog { cut: Arc::new(cut.into()), ..house.log.clone() };
            let first = house.engine_over(&dying);
            let starting = tokio::spawn(async move { first.start(with_items(r#"[{"id":5}]"#)).await.is_ok() });
            settle().await;
            starting.abort();
            let other = house.engine();
            live_on(&house, &other).await;
            let begun = house.log.executions().await;
            for execution in &begun {
                assert_eq!(parted(&house.log, *execution, "Seen").await, [r#"[{"id":5}]"#, "[]"], "{logic} {cut}");
            }
            // Whoever was told nothing sends it again.
            let again = execute(&house, &other, with_items(r#"[{"id":5}]"#)).await;
            assert_eq!(again[0] == "[]", !begun.is_empty(), "{logic} {cut}: {again:?}");
        }
    }
}

#[tokio::test]
async fn a_database_that_is_away_for_a_moment_is_waited_for() {
    let house = House::new(removing(BY_ID));
    let engine = house.engine();
    house.log.read_faults.store(2, Ordering::SeqCst);
    assert_eq!(execute(&house, &engine, with_items(r#"[{"id":1}]"#)).await[0], r#"[{"id":1}]"#);
    assert_eq!(house.log.open_executions(support::TENANT).await.unwrap(), 0);
}

#[tokio::test]
async fn many_values_take_one_claim() {
    let house = House::new(removing(r#"{"value":"={{ $json.id }}","historySize":100000}"#));
    let engine = house.engine();
    let many: Vec<String> = (0..100_000).map(|n| format!(r#"{{"id":{n}}}"#)).collect();
    let [kept, discarded] = execute(&house, &engine, with_items(&format!("[{}]", many.join(",")))).await;
    assert_eq!((kept.matches("id").count(), discarded.as_str()), (100_000, "[]"));
}

#[tokio::test]
async fn what_an_execution_is_marked_with_is_there_for_later_steps_and_after_a_crash() {
    let drawing = Drawing::default()
        .node("Start", "manualTrigger", "{}")
        .node("Mark", "executionData", r#"{"dataToSave":{"values":[{"key":"order","value":"={{ $json.id }}"}]}}"#)
        .node("Act", "probe", r#"{"name":"marked","retried":"idempotent"}"#)
        .node("Read", "set", r#"{"mode":"raw","jsonOutput":"={{ { order: $execution.customData.get('order') } }}"}"#)
        .edge("Start", "Mark")
        .edge("Mark", "Act")
        .edge("Act", "Read");
    for cut in [1, usize::MAX] {
        let house = House::new(drawing_of(&drawing));
        let dying = TestLog { cut: Arc::new(cut.into()), ..house.log.clone() };
        let first = house.engine_over(&dying);
        let starting = tokio::spawn(async move { first.start(with_items(r#"[{"id":"Zoë"}]"#)).await.is_ok() });
        settle().await;
        starting.abort();
        live_on(&house, &house.engine()).await;
        let execution = house.log.executions().await[0];
        let given = house.log.outputs(execution).await.remove(&(node_id("Read"), 0)).unwrap();
        assert!(given[0].contains(r#"{"order":"Zoë"}"#), "{cut}: {given:?}");
    }
}

fn drawing_of(drawing: &Drawing) -> Drawing {
    Drawing { graph: drawing.graph.clone() }
}
